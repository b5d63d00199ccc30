//! Who gives up when people wait only so long?
//!
//! Erlang A: arrivals are Poisson, durations and patience exponential; the number present is a birth-death chain,
//!
//! ```text
//! up      n -> n + 1   at   arrivals
//! down    n -> n - 1   at   min(n, slots) / duration + max(n - slots, 0) give_up
//! give up = give_up x people waiting,    in the long run at any load
//! ```
//!
//! (Palm 1957; Mandelbaum and Zeltyn). The chain is summed outwards from its most likely number, so that neither many
//! slots nor a long list loses digits.

use crate::error::{Problem, ProblemKind, Result};
use crate::queueing::erlang::erlang_c;
use crate::queueing::given::{Given, LARGEST};

/// A queue in the long run from which people give up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WithGivingUp {
    /// Arrivals x duration over slots; may be above 1.
    pub load: f64,
    /// Share of the slots in use.
    pub utilisation: f64,
    /// Share who wait.
    pub p_wait: f64,
    /// Share who give up.
    pub p_give_up: f64,
    /// People waiting on average.
    pub waiting: f64,
    /// People waiting or in a slot on average.
    pub present: f64,
    /// Mean wait of everybody, those who give up and those who do not wait included.
    pub wait: f64,
    /// People who start in a unit of time.
    pub started: f64,
}

/// Numbers of people that the sum may go through.
const MOST_STATES: f64 = 1e8;

/// The queue in the long run, when each of those waiting gives up at the rate `give_up` (one over the mean patience).
///
/// ```
/// // One slot, and patience as long as a duration: the number present is Poisson with mean 1, so 1 - 1/e wait.
/// let queue = skillmix::queueing::giving_up::erlang_a(1.0, 1.0, 1, 1.0)?;
/// assert!((queue.p_wait - (1.0 - (-1.0_f64).exp())).abs() < 1e-12);
/// # Ok::<(), skillmix::error::Error>(())
/// ```
///
/// # Errors
/// [`crate::error::Error::Scenario`] if a number is out of its range, or the load is 1 or more and nobody gives up.
pub fn erlang_a(arrivals: f64, duration: f64, slots: usize, give_up: f64) -> Result<WithGivingUp> {
    let states = 10.0 * (arrivals / give_up).sqrt();
    Given::new()
        .positive("arrivals", arrivals)
        .positive("duration", duration)
        .slots("slots", slots)
        .at_least_zero("give_up", give_up)
        .unless(
            give_up <= 0.0 || states.is_nan() || states <= MOST_STATES,
            || {
                let allowed = format!("{:e} or more, or 0", arrivals * 100.0 / MOST_STATES.powi(2));
                Problem::new("give_up", give_up, allowed).of_kind(ProblemKind::Limit)
            },
        )
        .done()?;
    let places = slots as f64;
    let load = arrivals * duration / places;
    if give_up < 1.0 / LARGEST.powi(2) {
        let queue = erlang_c(arrivals, duration, slots)?;
        return Ok(WithGivingUp {
            load,
            utilisation: load,
            p_wait: queue.p_wait,
            p_give_up: 0.0,
            waiting: queue.waiting,
            present: queue.present,
            wait: queue.wait,
            started: arrivals,
        });
    }
    let down = |n: f64| n.min(places) / duration + (n - places).max(0.0) * give_up;
    let mode = if load < 1.0 {
        (arrivals * duration).floor()
    } else {
        places + ((arrivals - places / duration) / give_up).floor()
    };
    let mut sums = Sums::default();
    let (mut n, mut weight) = (mode, 1.0);
    loop {
        sums.add(n, weight, places);
        let negligible = weight * (n - places) <= 1e-18 * sums.waiting;
        if weight <= 0.0 || (n > places && n > mode && negligible) {
            break;
        }
        n += 1.0;
        weight *= arrivals / down(n);
    }
    (n, weight) = (mode, 1.0);
    while n > 0.0 && weight > 1e-20 * sums.all {
        weight *= down(n) / arrivals;
        n -= 1.0;
        sums.add(n, weight, places);
    }
    let waiting = sums.waiting / sums.all;
    let in_slots = sums.in_slots / sums.all;
    let p_give_up = give_up * waiting / arrivals;
    Ok(WithGivingUp {
        load,
        utilisation: in_slots / places,
        p_wait: sums.full / sums.all,
        p_give_up,
        waiting,
        present: waiting + in_slots,
        wait: waiting / arrivals,
        started: in_slots / duration,
    })
}

/// Sums over the numbers of people present, by their weights.
#[derive(Default)]
struct Sums {
    all: f64,
    full: f64,
    waiting: f64,
    in_slots: f64,
}

impl Sums {
    fn add(&mut self, n: f64, weight: f64, places: f64) {
        self.all += weight;
        self.in_slots += weight * n.min(places);
        if n >= places {
            self.full += weight;
            self.waiting += weight * (n - places);
        }
    }
}
