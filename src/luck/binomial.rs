//! How many of a group go when each goes with the same probability?
//!
//! `P(k) = C(n, k) p^k (1 - p)^(n - k)`, inverted exactly: the smallest k with `P(X <= k) >= u`. Above one half
//! those who stay are counted instead. Small groups sum the probabilities from 0 on,
//! `P(k+1) / P(k) = (n - k) / (k + 1) x p / (1 - p)`; [`Binomials`] keeps those sums in guide tables.

use super::expansion::Shape;
use super::inverse::{Count, Uniform, binomial_probability, quantile};
use crate::stream::GOLDEN;

/// Largest group whose sums are kept in a table.
const SMALL: u64 = 255;

/// Expected number up to which probabilities are summed from 0 on, whatever the size of the group.
const FEW: f64 = 10.0;

/// Largest group; a larger one counts as this.
const MOST: u64 = 1 << 50;

/// A group of n people.
pub(super) struct Binomial {
    n: f64,
    p: f64,
    q: f64,
}

impl Binomial {
    pub const fn new(n: f64, p: f64) -> Self {
        Self { n, p, q: 1.0 - p }
    }
}

impl Count for Binomial {
    fn bounds(&self) -> (f64, f64) {
        (0.0, self.n)
    }

    fn moments(&self) -> (f64, f64) {
        let mean = self.n * self.p;
        (mean, (mean * self.q).sqrt())
    }

    fn shape(&self) -> Option<Shape> {
        let mean = self.n * self.p;
        Some(Shape {
            mean,
            variance: mean * self.q,
            lean: self.q - self.p,
            pq: self.p * self.q,
        })
    }

    fn probability(&self, k: f64) -> f64 {
        binomial_probability(k, self.n, self.p, self.q)
    }

    fn down(&self, k: f64) -> f64 {
        k * self.q / ((self.n - k + 1.0) * self.p)
    }

    fn up(&self, k: f64) -> f64 {
        (self.n - k) * self.p / ((k + 1.0) * self.q)
    }
}

/// Smallest k with `P(Binomial(n, p) <= k) >= u`; it never falls as `u` rises. A `p` outside 0 to 1 counts as the
/// nearest end.
///
/// ```
/// use skillmix::luck::binomial_quantile;
///
/// // two people, each with probability 1/2: nobody 1/4, one 1/2, both 1/4
/// assert_eq!([0.24, 0.26, 0.74, 0.76].map(|u| binomial_quantile(2, 0.5, u)), [0, 1, 1, 2]);
/// ```
#[must_use]
pub fn binomial_quantile(n: u64, p: f64, u: f64) -> u64 {
    match sides(n, p, u) {
        Sides::All => n,
        Sides::Nobody => 0,
        Sides::Go { p, u } => direct(n, p, u),
        Sides::Stay { p, u } => n - direct(n, p, u),
    }
}

/// Which side is the rarer one: only it is counted.
enum Sides {
    Nobody,
    All,
    Go { p: f64, u: Uniform },
    Stay { p: f64, u: Uniform },
}

#[inline]
fn sides(n: u64, p: f64, u: f64) -> Sides {
    if n == 0 || p.is_nan() || p <= 0.0 {
        Sides::Nobody
    } else if p >= 1.0 {
        Sides::All
    } else if p <= 0.5 {
        let u = Uniform::new(u);
        Sides::Go { p, u }
    } else {
        let u = Uniform::new(u).mirrored();
        Sides::Stay { p: 1.0 - p, u }
    }
}

/// Smallest k that holds the uniform number, p at most one half.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a whole number from 0 to n
fn direct(n: u64, p: f64, u: Uniform) -> u64 {
    let size = n.min(MOST) as f64;
    if n > SMALL && size * p > FEW {
        return quantile(&Binomial::new(size, p), u) as u64;
    }
    let mut sums = Sums::new(size, p);
    while !u.within(sums.sum) && sums.step() {}
    sums.k
}

/// Sums of the probabilities from 0 on, until nothing more is added.
struct Sums {
    k: u64,
    n: f64,
    odds: f64,
    term: f64,
    sum: f64,
}

impl Sums {
    fn new(n: f64, p: f64) -> Self {
        let nobody = (n * (-p).ln_1p()).exp();
        Self {
            k: 0,
            n,
            odds: p / (1.0 - p),
            term: nobody,
            sum: nobody,
        }
    }

    /// Adds the next probability; false if that changes nothing any more.
    #[inline]
    fn step(&mut self) -> bool {
        let k = self.k as f64;
        self.term *= (self.n - k) / (k + 1.0) * self.odds;
        let sum = self.sum + self.term;
        if sum == self.sum {
            return false;
        }
        self.sum = sum;
        self.k += 1;
        true
    }
}

/// Binomial counts with tables of small groups, which are built when the same group size and probability come
/// again; the answers are those of [`binomial_quantile`]. The tables take at most about 4 MB.
#[derive(Debug, Clone)]
pub struct Binomials {
    /// Where the table of a group size and probability is, found by a hash of both.
    slots: Vec<Slot>,
    /// Of each table the sums of probabilities; the last is infinite, so that a search ends.
    sums: Vec<f64>,
    /// Of each table the smallest possible answer for each part of the uniform number.
    starts: Vec<u8>,
    /// How often no slot was free.
    crowded: usize,
}

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    /// Bits of the probability; 0 if the slot is free.
    p: u64,
    n: u8,
    /// How often it was asked for before its table was built.
    asked: u8,
    sums: u32,
    starts: u32,
}

const SLOTS_LOG2: u32 = 13;
const MOST_SUMS: usize = 400_000;
const PROBES: usize = 4;
/// A table is built when it is asked for so often.
const WORTH_A_TABLE: u8 = 3;

impl Default for Binomials {
    fn default() -> Self {
        Self::new()
    }
}

impl Binomials {
    /// No tables yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            slots: vec![Slot::default(); 1 << SLOTS_LOG2],
            sums: Vec::new(),
            starts: Vec::new(),
            crowded: 0,
        }
    }

    /// Smallest k with `P(Binomial(n, p) <= k) >= u`, as [`binomial_quantile`].
    #[inline]
    pub fn quantile(&mut self, n: u64, p: f64, u: f64) -> u64 {
        match sides(n, p, u) {
            Sides::All => n,
            Sides::Nobody => 0,
            Sides::Go { p, u } => self.kept(n, p, u),
            Sides::Stay { p, u } => n - self.kept(n, p, u),
        }
    }

    #[inline]
    fn kept(&mut self, n: u64, p: f64, u: Uniform) -> u64 {
        let Ok(small) = u8::try_from(n) else {
            return direct(n, p, u);
        };
        let bits = p.to_bits();
        let home = (bits ^ n).wrapping_mul(GOLDEN) >> (64 - SLOTS_LOG2);
        #[allow(clippy::cast_possible_truncation)] // below 2^SLOTS_LOG2
        let home = home as usize;
        let slot = self.slots[home];
        if slot.p == bits && slot.n == small && slot.asked == WORTH_A_TABLE {
            return self.look_up(slot, u);
        }
        self.elsewhere(home, bits, small, u)
    }

    /// The answer from a table.
    #[inline]
    fn look_up(&self, slot: Slot, u: Uniform) -> u64 {
        let parts = parts(slot.n);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to parts
        let part = (u.below * parts as f64) as usize;
        let mut k = usize::from(self.starts[slot.starts as usize + part]);
        while !u.within(self.sums[slot.sums as usize + k]) {
            k += 1;
        }
        k as u64
    }

    /// Not at home: in a neighbouring slot, or not yet in a table.
    fn elsewhere(&mut self, home: usize, bits: u64, n: u8, u: Uniform) -> u64 {
        let p = f64::from_bits(bits);
        for probe in 0..PROBES {
            let at = (home + probe) & ((1 << SLOTS_LOG2) - 1);
            let slot = &mut self.slots[at];
            if slot.p == 0 {
                (slot.p, slot.n, slot.asked) = (bits, n, 1);
                return direct(u64::from(n), p, u);
            }
            if slot.p == bits && slot.n == n {
                if slot.asked < WORTH_A_TABLE {
                    slot.asked += 1;
                    if slot.asked < WORTH_A_TABLE {
                        return direct(u64::from(n), p, u);
                    }
                    self.build(at, n, p);
                }
                let slot = self.slots[at];
                return self.look_up(slot, u);
            }
        }
        self.crowded += 1;
        if self.crowded > 1 << SLOTS_LOG2 {
            self.clear();
        }
        direct(u64::from(n), p, u)
    }

    fn build(&mut self, at: usize, n: u8, p: f64) {
        if self.sums.len() > MOST_SUMS {
            let slot = self.slots[at];
            self.clear();
            self.slots[at] = slot;
        }
        let first = self.sums.len();
        let mut sums = Sums::new(f64::from(n), p);
        self.sums.push(sums.sum);
        while sums.step() {
            self.sums.push(sums.sum);
        }
        if let Some(last) = self.sums.last_mut() {
            *last = f64::INFINITY;
        }
        #[allow(clippy::cast_possible_truncation)] // at most about MOST_SUMS and twice as many
        let (sums, starts) = (first as u32, self.starts.len() as u32);
        (self.slots[at].sums, self.slots[at].starts) = (sums, starts);
        let table = &self.sums[first..];
        let parts = parts(n);
        let mut k = 0;
        for part in 0..=parts {
            while table[usize::from(k)] < part as f64 / parts as f64 {
                k += 1;
            }
            self.starts.push(k);
        }
    }

    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        let slots = self.slots.capacity() * size_of::<Slot>();
        slots + self.sums.capacity() * 8 + self.starts.capacity()
    }

    fn clear(&mut self) {
        self.slots.fill(Slot::default());
        self.sums.clear();
        self.starts.clear();
        self.crowded = 0;
    }
}

/// Parts of the uniform number in a table: a power of 2, so that scaling is exact, and some for small groups too,
/// so that most searches end where they start.
#[inline]
const fn parts(n: u8) -> usize {
    if n < 64 {
        64
    } else {
        (n as usize + 1).next_power_of_two()
    }
}
