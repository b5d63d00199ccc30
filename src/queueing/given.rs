//! Which numbers may a closed form be given?

use crate::error::{Problem, ProblemKind, Result};

/// Largest rate, time or count that a closed form takes; one over it is the smallest that is more than nothing.
pub const LARGEST: f64 = 1e9;

/// Most slots of a queue.
pub const MOST_SLOTS: usize = 1_000_000;

/// Checks of what was given; all problems are collected.
#[derive(Debug, Default)]
#[must_use]
pub struct Given {
    problems: Vec<Problem>,
}

impl Given {
    /// Nothing checked yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A rate, time or count that is more than nothing.
    pub fn positive(self, path: &str, value: f64) -> Self {
        let allowed = "more than 0 (1e-9 at least), up to 1e9";
        self.within(path, value, 1.0 / LARGEST, LARGEST, allowed)
    }

    /// A rate, time or count that may be nothing.
    pub fn at_least_zero(self, path: &str, value: f64) -> Self {
        self.within(path, value, 0.0, LARGEST, "0 to 1e9")
    }

    /// A number of either sign, such as a list that is to grow.
    pub fn finite(self, path: &str, value: f64) -> Self {
        self.within(path, value, -LARGEST, LARGEST, "-1e9 to 1e9")
    }

    /// A share of a whole.
    pub fn share(self, path: &str, value: f64) -> Self {
        self.within(path, value, 0.0, 1.0, "0 to 1")
    }

    /// A share that less than everybody can have.
    pub fn share_below_one(mut self, path: &str, value: f64) -> Self {
        if !(0.0..1.0).contains(&value) {
            let allowed = "0 or more, less than 1";
            self.problems.push(Problem::new(path, value, allowed));
        }
        self
    }

    /// A number of slots, at least one.
    pub fn slots(self, path: &str, slots: usize) -> Self {
        self.slots_up_to(path, slots, MOST_SLOTS)
    }

    /// A number of slots, at least one and at most `most`.
    pub fn slots_up_to(mut self, path: &str, slots: usize, most: usize) -> Self {
        if slots == 0 || slots > most {
            let problem = Problem::new(path, slots, format!("a whole number, 1 to {most}"));
            self.problems.push(if slots == 0 {
                problem
            } else {
                problem.of_kind(ProblemKind::Limit)
            });
        }
        self
    }

    /// Anything else that is wrong.
    pub fn unless(mut self, fine: bool, problem: impl FnOnce() -> Problem) -> Self {
        if !fine {
            self.problems.push(problem());
        }
        self
    }

    /// Nothing, or all problems.
    ///
    /// # Errors
    /// [`crate::error::Error::Scenario`] if anything is out of its range.
    pub fn done(self) -> Result<()> {
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(crate::error::Error::Scenario(self.problems))
        }
    }

    fn within(mut self, path: &str, value: f64, low: f64, high: f64, allowed: &str) -> Self {
        if !(low..=high).contains(&value) {
            self.problems.push(Problem::new(path, value, allowed));
        }
        self
    }
}

/// The load, if it is below 1.
///
/// # Errors
/// [`crate::error::Error::Scenario`] if the slots are full for ever: who arrives is never all served.
pub fn stable(path: &str, arrivals: f64, load: f64) -> Result<f64> {
    if load < 1.0 {
        return Ok(load);
    }
    let sentence = format!(
        "a load of {load:.4} is 1 or more, so the list grows for ever and has no long run; take fewer arrivals, \
         shorter durations or more slots, or let people give up waiting (Erlang A)"
    );
    let most = format!("less than {:.6}", arrivals / load);
    Err(Problem::told(path, arrivals, &sentence, most).into())
}
