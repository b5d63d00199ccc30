//! Who waits, and how long, when arrivals and durations are random?
//!
//! ```text
//! offered        a = arrivals x duration,   load = a / slots
//! Erlang B       B(0) = 1,  B(n) = a B(n-1) / (n + a B(n-1))            share turned away where nobody may wait
//! Erlang C       C = B / (1 - load (1 - B))                            share who wait
//! list           Lq = C load / (1 - load),   Wq = Lq / arrivals,   W = Wq + duration,   L = arrivals W
//! longer than t  P(wait > t) = C exp(-(slots / duration - arrivals) t)
//! ```
//!
//! Arrivals are Poisson, durations exponential, first come first served, nobody gives up (Erlang 1917; Kleinrock
//! 1975).

use crate::error::{Problem, Result};
use crate::queueing::given::{Given, MOST_SLOTS, stable};

/// A queue in the long run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Steady {
    /// Share of the slots in use.
    pub load: f64,
    /// Chance that nobody is there.
    pub p_empty: f64,
    /// Share who wait.
    pub p_wait: f64,
    /// People waiting on average, Lq.
    pub waiting: f64,
    /// People waiting or in a slot on average, L.
    pub present: f64,
    /// Mean wait of everybody, those who do not wait included, Wq.
    pub wait: f64,
    /// Mean time from arrival to the end, W.
    pub time: f64,
}

/// Share turned away when `offered` (arrivals x duration) comes to `slots` and nobody may wait.
///
/// ```
/// // Two slots and one Erlang: (1/2) / (1 + 1 + 1/2) = 1/5.
/// let turned_away = skillmix::queueing::erlang::erlang_b(2, 1.0)?;
/// assert!((turned_away - 0.2).abs() < 1e-15);
/// # Ok::<(), skillmix::error::Error>(())
/// ```
///
/// # Errors
/// [`crate::error::Error::Scenario`] if a number is out of its range.
pub fn erlang_b(slots: usize, offered: f64) -> Result<f64> {
    Given::new()
        .slots("slots", slots)
        .at_least_zero("offered", offered)
        .done()?;
    Ok(blocked(slots, offered))
}

fn blocked(slots: usize, offered: f64) -> f64 {
    (1..=slots).fold(1.0, |blocked, n| next_blocked(blocked, n, offered))
}

fn next_blocked(blocked: f64, slots: usize, offered: f64) -> f64 {
    offered * blocked / (slots as f64 + offered * blocked)
}

/// Share who wait, from the share who would be turned away.
fn delayed(blocked: f64, load: f64) -> f64 {
    blocked / (1.0 - load * (1.0 - blocked))
}

/// The queue in the long run: `arrivals` a unit of time, a mean `duration`, so many `slots`.
///
/// ```
/// // One slot at a load of 0.8: L = 0.8 / (1 - 0.8) = 4.
/// let queue = skillmix::queueing::erlang::erlang_c(0.8, 1.0, 1)?;
/// assert!((queue.present - 4.0).abs() < 1e-12);
/// # Ok::<(), skillmix::error::Error>(())
/// ```
///
/// # Errors
/// [`crate::error::Error::Scenario`] if a number is out of its range, or the load is 1 or more.
pub fn erlang_c(arrivals: f64, duration: f64, slots: usize) -> Result<Steady> {
    let (load, p_wait) = load_and_delayed(arrivals, duration, slots)?;
    let waiting = p_wait * load / (1.0 - load);
    let wait = waiting / arrivals;
    let time = wait + duration;
    Ok(Steady {
        load,
        p_empty: p_empty(arrivals * duration, slots),
        p_wait,
        waiting,
        present: arrivals * time,
        wait,
        time,
    })
}

fn load_and_delayed(arrivals: f64, duration: f64, slots: usize) -> Result<(f64, f64)> {
    Given::new()
        .positive("arrivals", arrivals)
        .positive("duration", duration)
        .slots("slots", slots)
        .done()?;
    let offered = arrivals * duration;
    let load = stable("arrivals", arrivals, offered / slots as f64)?;
    Ok((load, delayed(blocked(slots, offered), load)))
}

/// `1 / (sum over n < c of a^n / n! + a^c / c! / (1 - a / c))`, scaled on the way so that no sum overflows.
fn p_empty(offered: f64, slots: usize) -> f64 {
    const SCALE: f64 = 1e-200;
    let (mut term, mut sum, mut scaled) = (1.0, 1.0, 0);
    for n in 1..=slots {
        term *= offered / n as f64;
        sum += if n < slots {
            term
        } else {
            term / (1.0 - offered / slots as f64)
        };
        if sum > 1.0 / SCALE {
            (term, sum, scaled) = (term * SCALE, sum * SCALE, scaled + 1);
        }
    }
    (0..scaled).fold(1.0 / sum, |p, _| p * SCALE)
}

/// Share who wait longer than `time`.
///
/// # Errors
/// [`crate::error::Error::Scenario`] if a number is out of its range, or the load is 1 or more.
pub fn waits_longer(arrivals: f64, duration: f64, slots: usize, time: f64) -> Result<f64> {
    Given::new().at_least_zero("time", time).done()?;
    let (_, p_wait) = load_and_delayed(arrivals, duration, slots)?;
    Ok(p_wait * (-(slots as f64 / duration - arrivals) * time).exp())
}

/// Time within which a `share` of people start.
///
/// # Errors
/// [`crate::error::Error::Scenario`] if a number is out of its range, or the load is 1 or more.
pub fn wait_of_share(arrivals: f64, duration: f64, slots: usize, share: f64) -> Result<f64> {
    Given::new().share_below_one("share", share).done()?;
    let (_, p_wait) = load_and_delayed(arrivals, duration, slots)?;
    let spare = slots as f64 / duration - arrivals;
    Ok(((p_wait / (1.0 - share)).ln() / spare).max(0.0))
}

/// Fewest slots with which a `share` of people wait no longer than `time`.
///
/// ```
/// // 5.9 a week, a week each: six slots start 48 % within 6 weeks, seven start 75 % and more.
/// let slots = skillmix::queueing::erlang::slots_for(5.9, 1.0, 6.0, 0.75)?;
/// assert_eq!(slots, 7);
/// # Ok::<(), skillmix::error::Error>(())
/// ```
///
/// # Errors
/// [`crate::error::Error::Scenario`] if a number is out of its range, or [`MOST_SLOTS`] are too few.
pub fn slots_for(arrivals: f64, duration: f64, time: f64, share: f64) -> Result<usize> {
    Given::new()
        .positive("arrivals", arrivals)
        .positive("duration", duration)
        .at_least_zero("time", time)
        .share_below_one("share", share)
        .done()?;
    let offered = arrivals * duration;
    let mut blocked = 1.0;
    for slots in 1..=MOST_SLOTS {
        blocked = next_blocked(blocked, slots, offered);
        let load = offered / slots as f64;
        let spare = slots as f64 / duration - arrivals;
        if load < 1.0 && delayed(blocked, load) * (-spare * time).exp() <= 1.0 - share {
            return Ok(slots);
        }
    }
    let sentence = format!("{offered} slots would be in use at once, more than this looks for");
    let allowed = format!("arrivals x duration well below {MOST_SLOTS}");
    let problem = Problem::told("arrivals", arrivals, &sentence, allowed);
    Err(problem.of_kind(crate::error::ProblemKind::Limit).into())
}
