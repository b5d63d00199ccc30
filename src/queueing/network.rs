//! What do steps do together when people move between them?
//!
//! A Jackson network: people come to each step at random, hold a slot for an exponential time, and then move to
//! another step by fixed shares or leave. In the long run the steps are as if each stood alone,
//!
//! ```text
//! arrivals(j) = from outside(j) + sum over i of arrivals(i) x share(i to j)        traffic equations
//! each step    Erlang C at its arrivals;    time in the service per person = people present / arrivals from outside
//! ```
//!
//! (Jackson 1957).

use crate::error::{Problem, Result};
use crate::linear::solve;
use crate::queueing::erlang::{Steady, erlang_c};
use crate::queueing::given::Given;

/// A step of care.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Name, for messages.
    pub name: String,
    /// People who come from outside in a unit of time.
    pub from_outside: f64,
    /// Mean time that a person holds a slot.
    pub duration: f64,
    /// Places for people at the same time.
    pub slots: usize,
    /// Shares of those who end here who move to each step, in the order of the steps; the rest leave.
    pub moves: Vec<f64>,
}

/// Most steps of a network.
pub const MOST_STEPS: usize = 100;

/// A network in the long run.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// Arrivals at each step, from outside and from other steps.
    pub arrivals: Vec<f64>,
    /// Each step as a queue.
    pub steps: Vec<Steady>,
    /// People waiting or in a slot at any step.
    pub present: f64,
    /// Mean time from coming to leaving, all steps and waits together.
    pub time: f64,
}

/// The network in the long run.
///
/// # Errors
/// [`crate::error::Error::Scenario`] if there is no step, a number is out of its range, nobody can leave, or a step
/// has a load of 1 or more.
pub fn stepped_care(steps: &[Step]) -> Result<Network> {
    check(steps)?;
    let size = steps.len();
    let matrix = (0..size).map(|to| {
        let of = |from: usize| f64::from(u8::from(from == to)) - steps[from].moves[to];
        (0..size).map(of).collect()
    });
    let outside = steps.iter().map(|step| vec![step.from_outside]).collect();
    let arrivals: Vec<f64> = solve(matrix.collect(), outside)
        .map(|solved| solved.into_iter().map(|row| row[0].max(0.0)).collect())
        .filter(|arrivals: &Vec<f64>| arrivals.iter().all(|rate| rate.is_finite()))
        .ok_or_else(|| {
            let sentence = "some people move between steps for ever and never leave";
            Problem::told("moves", "shares that sum to 1", sentence, "sums below 1")
        })?;
    let mut problems = Vec::new();
    let mut queues = Vec::new();
    for (step, &rate) in steps.iter().zip(&arrivals) {
        if rate <= 0.0 {
            queues.push(EMPTY);
            continue;
        }
        match erlang_c(rate, step.duration, step.slots) {
            Ok(queue) => queues.push(queue),
            Err(crate::error::Error::Scenario(found)) => {
                problems.extend(
                    found
                        .into_iter()
                        .map(|problem| of_step(&step.name, problem)),
                );
            }
            Err(other) => return Err(other),
        }
    }
    if !problems.is_empty() {
        return Err(crate::error::Error::Scenario(problems));
    }
    let present = queues.iter().map(|queue| queue.present).sum();
    let outside: f64 = steps.iter().map(|step| step.from_outside).sum();
    Ok(Network {
        arrivals,
        steps: queues,
        present,
        time: present / outside,
    })
}

/// A step to which nobody comes.
const EMPTY: Steady = Steady {
    load: 0.0,
    p_empty: 1.0,
    p_wait: 0.0,
    waiting: 0.0,
    present: 0.0,
    wait: 0.0,
    time: 0.0,
};

fn of_step(name: &str, problem: Problem) -> Problem {
    let path = format!("{name}.{}", problem.path);
    let message = problem.message.replacen(&problem.path, &path, 1);
    Problem {
        path,
        message,
        ..problem
    }
}

fn check(steps: &[Step]) -> Result<()> {
    let mut given = Given::new().slots_up_to("steps", steps.len(), MOST_STEPS);
    for step in steps {
        let path = |field: &str| format!("{}.{field}", step.name);
        given = given
            .at_least_zero(&path("arrivals"), step.from_outside)
            .positive(&path("duration"), step.duration)
            .slots(&path("slots"), step.slots)
            .unless(step.moves.len() == steps.len(), || {
                let allowed = format!("{} shares, one for each step", steps.len());
                Problem::new(&path("moves"), step.moves.len(), allowed)
            });
        for (share, to) in step.moves.iter().zip(steps) {
            given = given.share(&path(&format!("moves.{}", to.name)), *share);
        }
        let sum: f64 = step.moves.iter().sum();
        given = given.unless(sum.is_nan() || sum <= 1.0 + 1e-9, || {
            Problem::told(
                &path("moves"),
                sum,
                "shares sum to more than 1",
                "a sum of at most 1",
            )
        });
    }
    let outside: f64 = steps.iter().map(|step| step.from_outside).sum();
    given
        .unless(
            steps.is_empty() || outside.is_nan() || outside > 0.0,
            || {
                Problem::told(
                    "arrivals",
                    outside,
                    "nobody comes to any step",
                    "more than 0 at a step",
                )
            },
        )
        .done()
}
