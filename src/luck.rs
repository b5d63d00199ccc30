//! How does luck enter a run? One uniform number decides one thing: it is keyed by what the thing is, never
//! by the order in which things are asked, and goes through a quantile function that rises with it.
//!
//! So the same seed gives the same bits for any number of threads, and a change in one place leaves the luck
//! of everybody else as it was (common random numbers). The workforce and the runs are generic over [`Luck`]:
//! [`Expected`] moves shares of people, [`Chance`] moves whole people.
//!
//! ```text
//! uniform of a decision = hash(key of (seed, replicate), place)      place = (purpose, who, week, cell)
//! people who go         = smallest k with P(Binomial(people, share) <= k) >= uniform
//! ```

mod beta_binomial;
mod binomial;
mod expansion;
mod guide;
mod hypergeometric;
mod inverse;
mod poisson;
mod referrals;
mod tables;

use crate::stream::{GOLDEN, mix};
use crate::unit::{Lanes, each};

pub use beta_binomial::beta_binomial_shares;
pub use binomial::binomial_quantile;
pub use guide::{CountTable, Guide};
pub use hypergeometric::hypergeometric_quantile;
pub(crate) use inverse::normal_quantile;
pub use poisson::poisson_quantile;
pub use referrals::{Month, split};
pub use tables::Binomials;

/// A random number for decision `counter` under `key`: 64 bits that look unrelated to those of any other
/// key or counter.
#[must_use]
#[inline]
pub const fn hash(key: u64, counter: u64) -> u64 {
    mix(key ^ mix(counter.wrapping_mul(GOLDEN).wrapping_add(GOLDEN)))
}

/// The number between 0 and 1, both excluded, that 64 random bits stand for: the middle of one of 2^52
/// equal intervals.
///
/// ```
/// assert_eq!(skillmix::luck::uniform(0), 0.5f64.powi(53));
/// assert_eq!(skillmix::luck::uniform(u64::MAX), 1.0 - 0.5f64.powi(53));
/// ```
#[must_use]
#[inline]
pub const fn uniform(hash: u64) -> f64 {
    ((hash >> 12) as f64 + 0.5) / 4_503_599_627_370_496.0
}

/// The key of one replicate under the user's seed.
#[must_use]
pub const fn replicate_key(seed: u64, replicate: u64) -> u64 {
    hash(mix(seed.wrapping_add(GOLDEN)), replicate)
}

/// A number for a name, by its bytes.
#[must_use]
pub const fn name_key(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let mut key = GOLDEN;
    let mut at = 0;
    while at < bytes.len() {
        key = mix(key.wrapping_add(GOLDEN) ^ bytes[at] as u64);
        at += 1;
    }
    key
}

/// Which decision: what for, about whom, when, and which of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place(u64);

impl Place {
    /// The decision for `purpose` about `who` (the key of a name, never a position) in `week`, in `cell`
    /// (an age, a session, the week of a cohort's start; below 2^32).
    #[must_use]
    #[inline]
    pub const fn new(purpose: u64, who: u64, week: usize, cell: usize) -> Self {
        let about = mix(mix(purpose.wrapping_mul(GOLDEN).wrapping_add(GOLDEN)) ^ who);
        Self(mix(
            about ^ ((week as u64) << 32 ^ cell as u64).wrapping_mul(GOLDEN)
        ))
    }

    /// Another decision about the same thing, where one uniform number is not enough.
    #[must_use]
    #[inline]
    pub const fn next(self) -> Self {
        Self(mix(self.0.wrapping_add(GOLDEN)))
    }
}

/// Whether shares of people are expectations or whole people who are lucky or not. `L` worlds go side by side.
pub trait Luck<const L: usize> {
    /// True if people come and go whole.
    const WHOLE: bool;

    /// Of `amount`, which consists of whole `unit`s and at most one part of a unit (a part-timer), what goes
    /// when each goes with probability `share`. Expected: `amount x share`. Chance: `Binomial(whole units,
    /// share)` units, and the part goes whole or not at all.
    fn take(&mut self, lane: usize, amount: f64, unit: f64, share: f64, place: Place) -> f64;

    /// Of whole `people`, how many go when each goes with probability `share`: the same as [`Luck::take`] with
    /// a unit of 1.
    fn people(&mut self, lane: usize, people: f64, share: f64, place: Place) -> f64;

    /// The same in each lane, of as many whole people as are there. What is decided has one place in all lanes.
    fn people_each(&mut self, people: &Lanes<L>, share: &Lanes<L>, place: Place) -> Lanes<L>;

    /// Of `taken` people drawn at random out of `all`, how many are among the `marked`. Expected: in
    /// proportion. Chance: hypergeometric, of whole people.
    fn among(&mut self, lane: usize, marked: f64, all: f64, taken: f64, place: Place) -> f64;

    /// A whole number next to `amount` with that mean. Expected: the amount itself.
    fn whole(&mut self, lane: usize, amount: f64, place: Place) -> f64;

    /// Where to begin, between 0 and 1, when every so many people of a row are counted. Expected: in the middle.
    fn begin(&mut self, lane: usize, place: Place) -> f64;
}

/// Expectations: nothing is random, people are divisible.
#[derive(Debug, Clone, Copy, Default)]
pub struct Expected;

impl<const L: usize> Luck<L> for Expected {
    const WHOLE: bool = false;

    #[inline]
    fn take(&mut self, _: usize, amount: f64, _: f64, share: f64, _: Place) -> f64 {
        amount * share
    }

    #[inline]
    fn people(&mut self, _: usize, people: f64, share: f64, _: Place) -> f64 {
        people * share
    }

    #[inline]
    fn people_each(&mut self, people: &Lanes<L>, share: &Lanes<L>, _: Place) -> Lanes<L> {
        each(|lane| people[lane] * share[lane])
    }

    #[inline]
    fn among(&mut self, _: usize, marked: f64, all: f64, taken: f64, _: Place) -> f64 {
        if all > 0.0 {
            taken * (marked / all)
        } else {
            0.0
        }
    }

    #[inline]
    fn whole(&mut self, _: usize, amount: f64, _: Place) -> f64 {
        amount
    }

    #[inline]
    fn begin(&mut self, _: usize, _: Place) -> f64 {
        0.5
    }
}

/// Whole people, lucky or not: a pure function of seed, replicate and place. The tables that it keeps make it
/// fast and change no result.
#[derive(Debug, Clone)]
pub struct Chance<const L: usize> {
    keys: [u64; L],
    binomials: Binomials,
}

impl<const L: usize> Chance<L> {
    /// The luck of these replicates, one a lane.
    #[must_use]
    pub fn new(seed: u64, replicates: [u64; L]) -> Self {
        Self {
            keys: replicates.map(|replicate| replicate_key(seed, replicate)),
            binomials: Binomials::new(),
        }
    }

    /// Goes on with other replicates of the seed and keeps the tables.
    pub fn restart(&mut self, seed: u64, replicates: [u64; L]) {
        self.keys = replicates.map(|replicate| replicate_key(seed, replicate));
    }

    /// The uniform number of a decision.
    #[must_use]
    #[inline]
    pub const fn uniform(&self, lane: usize, place: Place) -> f64 {
        uniform(self.bits(lane, place))
    }

    /// The random bits of a decision: a key for what follows from it.
    #[must_use]
    #[inline]
    pub const fn bits(&self, lane: usize, place: Place) -> u64 {
        mix(self.keys[lane] ^ place.0)
    }

    /// How many of `people` go when each goes with probability `share`.
    #[inline]
    pub fn binomial(&mut self, lane: usize, people: u64, share: f64, place: Place) -> u64 {
        let bits = self.bits(lane, place);
        self.binomials.quantile(people, share, bits)
    }

    /// The tables, for draws with a key of one's own.
    pub const fn binomials(&mut self) -> &mut Binomials {
        &mut self.binomials
    }
}

/// Part of a unit below which sums of units are taken for whole.
const WHOLE_ENOUGH: f64 = 1e-6;

/// Whole people as a whole number: the last bits of the sum with 2^52, which is what the processor rounds to. A cast
/// that keeps within bounds takes several times as long.
#[inline]
#[allow(clippy::cast_possible_truncation)] // the last bits
fn heads(people: f64) -> u32 {
    const MOST: f64 = u32::MAX as f64;
    const ZERO: f64 = 4_503_599_627_370_496.0;
    ((if people < MOST { people } else { MOST }) + ZERO).to_bits() as u32
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // rounded and not below 0
fn people(amount: f64) -> u64 {
    amount.round().max(0.0) as u64
}

impl<const L: usize> Luck<L> for Chance<L> {
    const WHOLE: bool = true;

    fn take(&mut self, lane: usize, amount: f64, unit: f64, share: f64, place: Place) -> f64 {
        if !(amount > 0.0 && unit > 0.0 && share > 0.0) {
            return 0.0;
        }
        if share >= 1.0 {
            return amount;
        }
        let units = amount / unit;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // above 0
        let people = (units + WHOLE_ENOUGH) as u64;
        let gone = self.binomial(lane, people, share, place) as f64;
        let whole = people as f64;
        if units - whole <= WHOLE_ENOUGH {
            return if gone == whole { amount } else { gone * unit };
        }
        let part_stays = self.binomial(lane, 1, share, place.next()) == 0;
        match (part_stays, gone == whole) {
            (true, _) => gone * unit,
            (false, true) => amount,
            (false, false) => gone * unit + (amount - whole * unit),
        }
    }

    #[inline]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // whole and not below 0
    fn people(&mut self, lane: usize, people: f64, share: f64, place: Place) -> f64 {
        self.binomial(lane, (people + WHOLE_ENOUGH) as u64, share, place) as f64
    }

    /// Where all lanes have the same probability, as they have unless worlds are drawn, its tables are found once.
    #[inline]
    fn people_each(&mut self, people: &Lanes<L>, share: &Lanes<L>, place: Place) -> Lanes<L> {
        let p = share[0];
        let alike = share.iter().all(|&share| share == p);
        if alike && p <= 0.0 {
            [0.0; L]
        } else if alike && p >= 1.0 {
            *people
        } else if alike {
            let bits = self.keys.map(|key| mix(key ^ place.0));
            self.binomials.quantiles(&people.map(heads), p, &bits)
        } else {
            each(|lane| Luck::<L>::people(self, lane, people[lane], share[lane], place))
        }
    }

    fn among(&mut self, lane: usize, marked: f64, all: f64, taken: f64, place: Place) -> f64 {
        let u = self.uniform(lane, place);
        let found = hypergeometric_quantile(people(all), people(marked), people(taken), u);
        (found as f64).min(marked).min(taken)
    }

    fn whole(&mut self, lane: usize, amount: f64, place: Place) -> f64 {
        let floor = amount.floor();
        let up = self.uniform(lane, place) > 1.0 - (amount - floor);
        floor + f64::from(u8::from(up))
    }

    fn begin(&mut self, lane: usize, place: Place) -> f64 {
        self.uniform(lane, place)
    }
}

#[cfg(test)]
mod tests;
