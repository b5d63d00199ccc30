//! What do the spread of durations and urgency do to a wait?
//!
//! ```text
//! one slot (Pollaczek and Khinchine)   Wq = arrivals E[S^2] / (2 (1 - load)),  E[S^2] = mean^2 + sd^2
//! classes by priority (Cobham 1954)    Wq(k) = W0 / ((1 - s(k-1)) (1 - s(k))),  s(k) = load of classes 1 to k
//!                                      W0 = sum of arrivals E[S^2] / 2          one slot, durations of any spread
//!                                      W0 = C / (slots / duration)             several slots, exponential durations
//! ```
//!
//! Arrivals are Poisson. Within a class first come first served; nobody in a slot is interrupted.

use crate::error::{Problem, Result};
use crate::queueing::erlang::{Steady, erlang_c};
use crate::queueing::given::{Given, stable};

/// Durations by mean and standard deviation; an sd of 0 is a fixed length, an sd of the mean exponential.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Durations {
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub sd: f64,
}

impl Durations {
    /// Half the mean square: the time that is left of the course in progress, per arrival.
    fn residual(self) -> f64 {
        f64::midpoint(self.mean.powi(2), self.sd.powi(2))
    }
}

/// One slot in the long run, with durations of any spread (M/G/1; M/D/1 where the sd is 0).
///
/// ```
/// use skillmix::queueing::single::{Durations, one_slot};
/// // Fixed lengths halve the wait of exponential ones: 4 weeks at a load of 0.8 become 2.
/// let queue = one_slot(0.8, Durations { mean: 1.0, sd: 0.0 })?;
/// assert!((queue.wait - 2.0).abs() < 1e-12);
/// # Ok::<(), skillmix::error::Error>(())
/// ```
///
/// # Errors
/// [`crate::error::Error::Scenario`] if a number is out of its range, or the load is 1 or more.
pub fn one_slot(arrivals: f64, durations: Durations) -> Result<Steady> {
    Given::new()
        .positive("arrivals", arrivals)
        .positive("duration", durations.mean)
        .at_least_zero("sd", durations.sd)
        .done()?;
    let load = stable("arrivals", arrivals, arrivals * durations.mean)?;
    let wait = arrivals * durations.residual() / (1.0 - load);
    let time = wait + durations.mean;
    Ok(Steady {
        load,
        p_empty: 1.0 - load,
        p_wait: load,
        waiting: arrivals * wait,
        present: arrivals * time,
        wait,
        time,
    })
}

/// A class of people in the long run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Class {
    /// People of the class who wait on average.
    pub waiting: f64,
    /// People of the class who wait or are in a slot on average.
    pub present: f64,
    /// Mean wait.
    pub wait: f64,
    /// Mean time from arrival to the end.
    pub time: f64,
}

/// Classes in order of priority at one slot, each with its arrivals and durations.
///
/// # Errors
/// [`crate::error::Error::Scenario`] if there is no class, a number is out of its range, or the load is 1 or more.
pub fn priority(classes: &[(f64, Durations)]) -> Result<Vec<Class>> {
    let mut given = some_class(classes.len());
    for (place, (arrivals, durations)) in classes.iter().enumerate() {
        given = given
            .positive(&format!("arrivals[{place}]"), *arrivals)
            .positive(&format!("duration[{place}]"), durations.mean)
            .at_least_zero(&format!("sd[{place}]"), durations.sd);
    }
    given.done()?;
    let in_progress = classes.iter().map(|(arrivals, d)| arrivals * d.residual());
    let means = classes.iter().map(|(arrivals, d)| (*arrivals, d.mean));
    by_class(&means.collect::<Vec<_>>(), 1.0, in_progress.sum())
}

/// Classes in order of priority at several slots, with the same exponential durations.
///
/// # Errors
/// [`crate::error::Error::Scenario`] if there is no class, a number is out of its range, or the load is 1 or more.
pub fn priority_at_slots(arrivals: &[f64], duration: f64, slots: usize) -> Result<Vec<Class>> {
    let mut given = some_class(arrivals.len());
    for (place, &arrivals) in arrivals.iter().enumerate() {
        given = given.positive(&format!("arrivals[{place}]"), arrivals);
    }
    given
        .positive("duration", duration)
        .slots("slots", slots)
        .done()?;
    let all = erlang_c(arrivals.iter().sum(), duration, slots)?;
    let places = slots as f64;
    let classes: Vec<_> = arrivals.iter().map(|&rate| (rate, duration)).collect();
    by_class(&classes, places, all.p_wait * duration / places)
}

fn some_class(classes: usize) -> Given {
    Given::new().unless(classes > 0, || {
        Problem::told("arrivals", "[]", "no class is given", "one class or more")
    })
}

/// Waits by class, from the time until a slot is free with nobody ahead.
fn by_class(classes: &[(f64, f64)], places: f64, until_free: f64) -> Result<Vec<Class>> {
    let load: f64 = classes.iter().map(|(rate, mean)| rate * mean).sum();
    let arrivals = classes.iter().map(|(rate, _)| rate).sum();
    stable("arrivals", arrivals, load / places)?;
    let mut ahead = 0.0;
    let of = |&(arrivals, duration): &(f64, f64)| {
        let with = ahead + arrivals * duration / places;
        let wait = until_free / ((1.0 - ahead) * (1.0 - with));
        ahead = with;
        let time = wait + duration;
        Class {
            waiting: arrivals * wait,
            present: arrivals * time,
            wait,
            time,
        }
    };
    Ok(classes.iter().map(of).collect())
}
