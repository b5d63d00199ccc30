//! What do closed forms say of a waiting list?
//!
//! Here: fluid lists (people flow in and out at constant rates) and the waiting-list arithmetic of Fong et al.
//! (2022), with the names of the R package `NHSRwaitinglist`. Below: queues in which arrivals and durations are
//! random. A *slot* is a place for one person at a time, a *duration* the time that a person holds it; all times
//! are in one unit, such as weeks, and all rates are per that unit.
//!
//! | module | queue | answers |
//! |---|---|---|
//! | [`erlang`] | Erlang B and C: random arrivals, exponential durations, several slots | who waits, how long, how many slots a standard needs |
//! | [`giving_up`] | Erlang A: the same, and people stop waiting | who gives up |
//! | [`single`] | one slot, durations of any spread; classes by priority | what spread and urgency do to a wait |
//! | [`caseload`] | a place for everybody (M/G/inf), from empty | how open cases build up |
//! | [`clinic`] | a clinic once a week with so many slots (bulk service) | the list before and after it |
//! | [`network`] | steps with step-ups (a Jackson network) | each step and the whole |
//!
//! What people write is checked by [`given`](mod@given): these functions give an error, not a number that is none.
//! The functions of this file take what they are given.

pub mod caseload;
pub mod clinic;
pub mod erlang;
pub mod given;
pub mod giving_up;
pub mod network;
pub mod single;

use crate::error::{Problem, Result};
use given::Given;

/// People waiting after `time` when `arrivals` join and at most `capacity` leave in each unit of time:
/// `max(0, q0 + (arrivals - capacity) t)`.
#[must_use]
pub fn fluid_list(opening: f64, arrivals: f64, capacity: f64, time: f64) -> f64 {
    (opening + (arrivals - capacity) * time).max(0.0)
}

/// Wait of somebody who joins at `time`: the list before them over capacity.
#[must_use]
pub fn fluid_wait(opening: f64, arrivals: f64, capacity: f64, time: f64) -> f64 {
    fluid_list(opening, arrivals, capacity, time) / capacity
}

/// People waiting after `time` when a share `give_up` of the list leaves in each unit of time, all in
/// continuous time: `q = q_end + (q0 - q_end) exp(-give_up t)` with `q_end = (arrivals - capacity) / give_up`,
/// written without a division of small numbers. A weekly run uses `(1 - give_up)` a step instead of the
/// exponential. Valid while the list is not empty; where nobody gives up it is [`fluid_list`].
#[must_use]
pub fn fluid_list_with_giving_up(
    opening: f64,
    arrivals: f64,
    capacity: f64,
    give_up: f64,
    time: f64,
) -> f64 {
    let left = -(-give_up * time).exp_m1();
    let grows_for = if give_up > 0.0 { left / give_up } else { time };
    (opening * (1.0 - left) + (arrivals - capacity) * grows_for).max(0.0)
}

/// People waiting at the end of each period when each has its own capacity:
/// `q(t+1) = max(0, q(t) + arrivals - capacity(t))` (Lindley).
#[must_use]
pub fn list_by_period(opening: f64, arrivals: f64, capacity: &[f64]) -> Vec<f64> {
    let step = |list: &mut f64, capacity: &f64| {
        *list = (*list + arrivals - capacity).max(0.0);
        Some(*list)
    };
    capacity.iter().scan(opening, step).collect()
}

/// Waiting-list load: demand over capacity; above 1 the list grows for ever.
#[must_use]
pub fn load(demand: f64, capacity: f64) -> f64 {
    demand / capacity
}

/// Mean wait at which only one in e^factor waits beyond the target: target / factor. The factor 4 is the
/// usual one (1.8 % beyond the target).
#[must_use]
pub fn target_mean_wait(target_wait: f64, factor: f64) -> f64 {
    target_wait / factor
}

/// List at which the target is met: demand x target mean wait (Little's law).
#[must_use]
pub fn target_list(demand: f64, target_wait: f64, factor: f64) -> f64 {
    demand * target_mean_wait(target_wait, factor)
}

/// Capacity that brings the list down to `target_list` in `time`: demand + (list - target list) / time.
#[must_use]
pub fn relief_capacity(demand: f64, list: f64, target_list: f64, time: f64) -> f64 {
    demand + (list - target_list) / time
}

/// Pressure: twice the mean wait over the target wait, as the R package defines it; below 1 is well.
#[must_use]
pub fn pressure(mean_wait: f64, target_wait: f64) -> f64 {
    2.0 * mean_wait / target_wait
}

/// Capacity at which the mean wait is target / factor: `demand + (cv_d^2 + cv_c^2) / 2 x factor / target`, where the
/// `cv` are the standard deviations over the means of the time between referrals and between treatments; 1 is random.
#[must_use]
pub fn target_capacity(
    demand: f64,
    target_wait: f64,
    factor: f64,
    cv_demand: f64,
    cv_capacity: f64,
) -> f64 {
    demand + f64::midpoint(cv_demand.powi(2), cv_capacity.powi(2)) * factor / target_wait
}

/// Little's law: people there on average = rate at which they come x mean time that they stay. It holds for a list, for
/// open cases and for a whole service.
#[must_use]
pub fn littles_law(arrivals: f64, time: f64) -> f64 {
    arrivals * time
}

/// Little's law for the one of three that is not stated.
///
/// # Errors
/// [`crate::error::Error::Scenario`] if a number is out of its range, or not just two are stated.
pub fn little(arrivals: Option<f64>, time: Option<f64>, people: Option<f64>) -> Result<f64> {
    match (arrivals, time, people) {
        (Some(arrivals), Some(time), None) => {
            let given = Given::new().at_least_zero("arrivals", arrivals);
            given.at_least_zero("time", time).done()?;
            Ok(littles_law(arrivals, time))
        }
        (Some(per), None, Some(people)) | (None, Some(per), Some(people)) => {
            let path = if time.is_none() { "arrivals" } else { "time" };
            let given = Given::new().positive(path, per);
            given.at_least_zero("people", people).done()?;
            Ok(people / per)
        }
        _ => {
            let stated = [arrivals, time, people].iter().flatten().count();
            let two = "two of arrivals, time and people; the third is the answer";
            Err(Problem::new("littles_law", format!("{stated} numbers"), two).into())
        }
    }
}
