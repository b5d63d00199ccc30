//! What do closed forms say of a waiting list?
//!
//! Fluid lists (people flow in and out at constant rates) and the waiting-list arithmetic of Fong et al.
//! (2022), with the names of the R package `NHSRwaitinglist`.

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
/// continuous time: `q = q_end + (q0 - q_end) exp(-give_up t)` with `q_end = (arrivals - capacity) / give_up`.
/// A weekly run uses `(1 - give_up)` a step instead of the exponential. Valid while the list is not empty.
#[must_use]
pub fn fluid_list_with_giving_up(
    opening: f64,
    arrivals: f64,
    capacity: f64,
    give_up: f64,
    time: f64,
) -> f64 {
    let end = (arrivals - capacity) / give_up;
    (end + (opening - end) * (-give_up * time).exp()).max(0.0)
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
