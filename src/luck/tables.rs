//! How are many counts of small groups drawn quickly, with exactly the answers of
//! [`binomial_quantile`](super::binomial_quantile)?
//!
//! The uniform number of a decision is one of 2^52, `u = (v + 1/2) / 2^52` with a whole v. So `P(X <= k) >= u` where v is
//! below a whole number, the bound of k, and comparing whole numbers gives the same answer as comparing sums:
//!
//! ```text
//! bound(k) = whole numbers v with (v + 1/2) / 2^52 <= P(X <= k)        answer = smallest k with v < bound(k)
//! ```
//!
//! A table of one group size and probability has 64 cells, one for each 64th part of the numbers v. Most cells hold one
//! bound, or none: the answer is k below it and k + 1 from it on, one comparison without a branch (a guide table, Chen
//! and Asau 1974, whose search has at most one step). From a cell with more the row of bounds is searched.

use super::binomial::{Sums, binomial_quantile};
use super::uniform;
use crate::stream::GOLDEN;
use crate::unit::Lanes;

/// Binomial counts with tables of small groups, which are built when the same group size and probability come
/// again; the answers are those of [`binomial_quantile`](super::binomial_quantile). The tables take at most about 5 MB.
#[derive(Debug, Clone)]
pub struct Binomials {
    /// Probabilities, each at its home or next to it; as many as a power of 2.
    shares: Vec<Share>,
    /// How many there are.
    known: usize,
    /// Of a probability that is asked for often, by group size: how often it was asked for, or from
    /// [`WORTH_A_TABLE`] on the number of its table.
    rows: Vec<[u32; SIZES]>,
    tables: Vec<[u64; CELLS]>,
    bounds: Vec<u64>,
}

/// A probability; 0 if the home is free.
#[derive(Debug, Clone, Copy, Default)]
struct Share {
    p: f64,
    asked: u32,
    /// Number of its row from 1 on; 0 without one.
    row: u32,
}

/// Group sizes that have tables: 0 to 255.
const SIZES: usize = 256;

/// Cells of a table.
const CELLS: usize = 64;

/// Random bits that are lost in a uniform number: it is one of 2^52.
const LOST: u32 = 12;

/// A bound that no number reaches.
const NEVER: u64 = 1 << (64 - LOST);

/// The upper bits of a cell hold its bound, or where the row of bounds goes on if there are several; the lower ones
/// the answer below it, and whether there are.
const UPPER: u32 = LOST - 1;
const SEVERAL: u64 = 1 << (UPPER - 1);

/// A probability has a row from so many questions on.
const WORTH_A_ROW: u32 = 64;

/// A table is built when it is asked for so often.
const WORTH_A_TABLE: u32 = 3;

const FIRST_SHARES: usize = 64;
const MOST_SHARES: usize = 1 << 12;
const MOST_ROWS: usize = 1 << 10;
const MOST_TABLES: usize = 1 << 12;
const MOST_BOUNDS: usize = 1 << 18;

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
            shares: vec![Share::default(); FIRST_SHARES],
            known: 0,
            rows: Vec::new(),
            tables: Vec::new(),
            bounds: Vec::new(),
        }
    }

    /// Smallest k with `P(Binomial(n, p) <= k) >= u`, where u is the [`uniform`] number of the random `bits`; as
    /// [`binomial_quantile`](super::binomial_quantile).
    #[inline]
    pub fn quantile(&mut self, n: u64, p: f64, bits: u64) -> u64 {
        let Ok(small) = u8::try_from(n) else {
            return binomial_quantile(n, p, uniform(bits));
        };
        if !(p > 0.0 && p < 1.0) {
            return if p >= 1.0 { n } else { 0 };
        }
        let row = self.row_of(p);
        row.and_then(|row| self.look_up(row, small, bits))
            .map_or_else(|| self.not_yet(small, p, bits), u64::from)
    }

    /// The same of each lane's whole `people`, all with probability `p` between 0 and 1.
    #[inline]
    pub fn quantiles<const L: usize>(
        &mut self,
        people: &[u32; L],
        p: f64,
        bits: impl Fn(usize) -> u64,
    ) -> Lanes<L> {
        /// Stands for an answer that is in no table.
        const UNKNOWN: u32 = u32::MAX;
        let mut gone = [UNKNOWN; L];
        if let Some(row) = self.row_of(p) {
            for lane in 0..L {
                if let Ok(n) = u8::try_from(people[lane]) {
                    gone[lane] = self.look_up(row, n, bits(lane)).unwrap_or(UNKNOWN);
                }
            }
        }
        let mut lanes = gone.map(f64::from);
        for lane in (0..L).filter(|&lane| gone[lane] == UNKNOWN) {
            lanes[lane] = self.quantile(u64::from(people[lane]), p, bits(lane)) as f64;
        }
        lanes
    }

    /// The answer from a table, if there is one.
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // k is at most 255
    fn look_up(&self, row: &[u32; SIZES], n: u8, bits: u64) -> Option<u32> {
        let table = row[usize::from(n)].checked_sub(WORTH_A_TABLE)?;
        let cell = self.tables[table as usize][(bits >> 58) as usize];
        let (v, k) = (bits >> LOST, (cell & (SEVERAL - 1)) as u32);
        if cell & SEVERAL == 0 {
            return Some(k + u32::from(v >= cell >> UPPER));
        }
        Some(k + self.passed(cell >> UPPER, v))
    }

    /// How many bounds a number has passed from a place in the list on.
    #[inline(never)]
    #[allow(clippy::cast_possible_truncation)] // a place in a list, and at most 255
    fn passed(&self, begin: u64, v: u64) -> u32 {
        let bounds = &self.bounds[begin as usize..];
        bounds.iter().take_while(|&&bound| v >= bound).count() as u32
    }

    /// The row of a probability, if it has one.
    #[inline]
    fn row_of(&self, p: f64) -> Option<&[u32; SIZES]> {
        let row = self.shares[self.home(p)].row as usize;
        self.rows.get(row.wrapping_sub(1))
    }

    /// Where a probability is, or a free home if it is not known.
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // upper bits are mixed best
    fn home(&self, p: f64) -> usize {
        let last = self.shares.len() - 1;
        let mut at = (p.to_bits().wrapping_mul(GOLDEN) >> 32) as usize & last;
        while self.shares[at].p != p && self.shares[at].p != 0.0 {
            at = (at + 1) & last;
        }
        at
    }

    /// The answer where there is no table yet.
    fn not_yet(&mut self, n: u8, p: f64, bits: u64) -> u64 {
        if let Some(row) = self.ask(p) {
            let asked = &mut self.rows[row][usize::from(n)];
            *asked += 1;
            if *asked == WORTH_A_TABLE {
                self.build(row, n, p);
            }
        }
        binomial_quantile(u64::from(n), p, uniform(bits))
    }

    /// Counts a question about a probability; its row, if it is worth one.
    fn ask(&mut self, p: f64) -> Option<usize> {
        let mut at = self.home(p);
        if self.shares[at].p == 0.0 {
            if self.known == MOST_SHARES {
                // Those that were asked for seldom are forgotten.
                self.rehouse(MOST_SHARES / 2, |share| share.row > 0);
            }
            if 2 * self.known >= self.shares.len() {
                self.rehouse(2 * self.shares.len(), |share| share.p != 0.0);
            }
            at = self.home(p);
            self.shares[at].p = p;
            self.known += 1;
        }
        let share = &mut self.shares[at];
        share.asked += 1;
        if share.asked == WORTH_A_ROW {
            if self.rows.len() == MOST_ROWS {
                *self = Self::new();
                return None;
            }
            self.rows.push([0; SIZES]);
            self.shares[at].row = u32::try_from(self.rows.len()).unwrap_or(0);
        }
        (self.shares[at].row as usize).checked_sub(1)
    }

    /// So many homes, for the probabilities that are kept.
    fn rehouse(&mut self, homes: usize, keep: impl Fn(&Share) -> bool) {
        self.known = 0;
        for share in std::mem::replace(&mut self.shares, vec![Share::default(); homes]) {
            if keep(&share) {
                let at = self.home(share.p);
                self.shares[at] = share;
                self.known += 1;
            }
        }
    }

    fn build(&mut self, row: usize, n: u8, p: f64) {
        if self.tables.len() >= MOST_TABLES || self.bounds.len() + SIZES >= MOST_BOUNDS {
            *self = Self::new();
            return;
        }
        let begin = self.bounds.len();
        let least = self.write_bounds(n, p);
        let bounds = &self.bounds[begin..];
        let (mut passed, mut table) = (0, [0; CELLS]);
        for (part, cell) in (0..).zip(&mut table) {
            let from: u64 = part << (64 - LOST - 6);
            let to = (part + 1) << (64 - LOST - 6);
            while bounds[passed] <= from {
                passed += 1;
            }
            let (k, next) = (least + passed as u64, begin + passed);
            let inside = bounds[passed..].iter().take_while(|&&bound| bound < to);
            *cell = k | match inside.count() {
                0 => NEVER << UPPER,
                1 => bounds[passed] << UPPER,
                _ => SEVERAL | (next as u64) << UPPER,
            };
        }
        let number = u32::try_from(self.tables.len()).unwrap_or(0);
        self.rows[row][usize::from(n)] = number + WORTH_A_TABLE;
        self.tables.push(table);
    }

    /// Writes down the bounds of all answers but the largest, and one that no number reaches; returns the smallest answer.
    fn write_bounds(&mut self, n: u8, p: f64) -> u64 {
        let begin = self.bounds.len();
        let stay = p > 0.5;
        let mut sums = Sums::new(f64::from(n), if stay { 1.0 - p } else { p });
        let mut sum = sums.sum;
        while sums.step() {
            self.bounds.push(bound(sum, stay));
            sum = sums.sum;
        }
        let mut least = 0;
        if stay {
            // More than k of n stay where fewer than n - k go.
            self.bounds[begin..].reverse();
            least = u64::from(n) - (self.bounds.len() - begin) as u64;
        }
        self.bounds.push(NEVER);
        least
    }

    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.shares.capacity() * size_of::<Share>()
            + self.rows.capacity() * size_of::<[u32; SIZES]>()
            + self.tables.capacity() * size_of::<[u64; CELLS]>()
            + self.bounds.capacity() * size_of::<u64>()
    }
}

/// How many whole v have `(v + 1/2) / 2^52` up to `sum`; or, seen from the other end, at most 1 - `sum`.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 2^52
fn bound(sum: f64, other_end: bool) -> u64 {
    let all = (sum * NEVER as f64).min(NEVER as f64);
    let whole = all.floor();
    let rest = all - whole;
    if other_end {
        NEVER - (whole as u64 + u64::from(rest > 0.5))
    } else {
        whole as u64 + u64::from(rest >= 0.5)
    }
}
