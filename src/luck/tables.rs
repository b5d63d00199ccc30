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
//! A table of one group size and probability has 64 cells, one for each 64th part of the numbers v (a guide table, Chen
//! and Asau 1974). Nearly all cells hold one bound, or none: the answer is k below it and k + 1 from it on, without a
//! search or a branch. A cell is short, so it knows the first 22 bits of its bound inside the 64th part: where these do
//! not decide, or a cell has more bounds, the row of bounds is searched.

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
    /// Of a probability that is asked for often the number of the table by group size; the first table knows nothing,
    /// and the last group size stands for all larger ones.
    rows: Vec<[u16; SIZES + 1]>,
    /// How often each was asked for before its table was built.
    asked: Vec<[u8; SIZES]>,
    tables: Vec<[u32; CELLS]>,
    /// Bounds of each table.
    bounds: Vec<Bounds>,
}

/// The bounds of a table.
#[derive(Debug, Clone, Default)]
struct Bounds {
    /// Smallest answer: so many go below the first bound.
    least: u32,
    /// In rising order, without that of the largest answer.
    rising: Box<[u64]>,
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

/// Random bits that say which cell it is.
const CELL_BITS: u32 = 6;

/// Random bits that are lost in a uniform number: it is one of 2^52.
const LOST: u32 = 12;

/// One more than the largest v.
const ALL: u64 = 1 << (64 - LOST);

/// First bits of a bound inside its cell, with which the upper bits of the cell are filled; a number v whose bits are
/// larger is above the bound. The lower bits of the cell hold the answer below it.
const FIRST_BITS: u32 = 22;
const UPPER: u32 = 32 - FIRST_BITS;

/// Where no bound is in the cell.
const NO_BOUND: u32 = u32::MAX << UPPER;

/// Where a cell does not know the answer.
const UNSURE: u32 = 1 << (UPPER - 1);

/// The table that knows nothing.
const NO_TABLE: u16 = 0;

/// A probability has a row from so many questions on.
const WORTH_A_ROW: u32 = 64;

/// A table is built when it is asked for so often.
const WORTH_A_TABLE: u8 = 3;

const FIRST_SHARES: usize = 64;
const MOST_SHARES: usize = 1 << 12;
const MOST_ROWS: usize = 1 << 10;
const MOST_TABLES: usize = 1 << 12;

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
            asked: Vec::new(),
            tables: vec![[UNSURE; CELLS]],
            bounds: vec![Bounds::default()],
        }
    }

    /// Smallest k with `P(Binomial(n, p) <= k) >= u`, where u is the [`uniform`] number of the random `bits`; as
    /// [`binomial_quantile`](super::binomial_quantile).
    pub fn quantile(&mut self, n: u64, p: f64, bits: u64) -> u64 {
        let Ok(small) = u8::try_from(n) else {
            return binomial_quantile(n, p, uniform(bits));
        };
        if !(p > 0.0 && p < 1.0) {
            return if p >= 1.0 { n } else { 0 };
        }
        if let Some(row) = self.row_of(p) {
            let table = self.rows[row][usize::from(small)];
            if table != NO_TABLE {
                return u64::from(self.bounds[usize::from(table)].answer(bits));
            }
        }
        self.not_yet(small, p, bits)
    }

    /// The same of each lane's whole `people`, all with probability `p` between 0 and 1.
    #[inline]
    #[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)] // bits are cut off on purpose
    pub fn quantiles<const L: usize>(
        &mut self,
        people: &[u32; L],
        p: f64,
        bits: &[u64; L],
    ) -> Lanes<L> {
        let (mut gone, mut unsure) = ([0.0; L], [true; L]);
        if let Some(row) = self.row_of(p) {
            let row = &self.rows[row];
            for lane in 0..L {
                let table = row[(people[lane] as usize).min(SIZES)];
                let cell =
                    self.tables[usize::from(table)][(bits[lane] >> (64 - CELL_BITS)) as usize];
                let first = (bits[lane] << CELL_BITS >> (64 - FIRST_BITS)) as u32;
                let bound = cell >> UPPER;
                let k = (cell & (UNSURE - 1)) + u32::from(first > bound);
                gone[lane] = f64::from(k as i32);
                unsure[lane] = cell & UNSURE != 0 || first == bound;
            }
        }
        if unsure.contains(&true) {
            for lane in (0..L).filter(|&lane| unsure[lane]) {
                gone[lane] = self.quantile(u64::from(people[lane]), p, bits[lane]) as f64;
            }
        }
        gone
    }

    /// The row of a probability, if it has one.
    #[inline]
    fn row_of(&self, p: f64) -> Option<usize> {
        let row = self.shares[self.home(p)].row as usize;
        row.checked_sub(1)
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
            let asked = &mut self.asked[row][usize::from(n)];
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
            self.rows.push([NO_TABLE; SIZES + 1]);
            self.asked.push([0; SIZES]);
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
        if self.tables.len() >= MOST_TABLES {
            *self = Self::new();
            return;
        }
        let bounds = Bounds::new(n, p);
        self.rows[row][usize::from(n)] = u16::try_from(self.tables.len()).unwrap_or(NO_TABLE);
        self.tables.push(bounds.table());
        self.bounds.push(bounds);
    }

    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        let of_bounds = |bounds: &Bounds| size_of::<Bounds>() + 8 * bounds.rising.len();
        self.shares.capacity() * size_of::<Share>()
            + self.rows.capacity() * size_of::<[u16; SIZES + 1]>()
            + self.asked.capacity() * size_of::<[u8; SIZES]>()
            + self.tables.capacity() * size_of::<[u32; CELLS]>()
            + self.bounds.iter().map(of_bounds).sum::<usize>()
    }
}

impl Bounds {
    fn new(n: u8, p: f64) -> Self {
        let stay = p > 0.5;
        let mut rising = Vec::new();
        let mut sums = Sums::new(f64::from(n), if stay { 1.0 - p } else { p });
        let mut sum = sums.sum;
        while sums.step() {
            rising.push(bound(sum, stay));
            sum = sums.sum;
        }
        let mut least = 0;
        if stay {
            // At most k of n stay where at least n - k go.
            rising.reverse();
            least = u32::from(n) - u32::try_from(rising.len()).unwrap_or(0);
        }
        Self {
            least,
            rising: rising.into(),
        }
    }

    /// Smallest k with v below its bound.
    #[allow(clippy::cast_possible_truncation)] // at most 255
    fn answer(&self, bits: u64) -> u32 {
        let v = bits >> LOST;
        self.least + self.rising.partition_point(|&bound| bound <= v) as u32
    }

    /// The cells.
    #[allow(clippy::cast_possible_truncation)] // first bits of a bound are cut off on purpose
    fn table(&self) -> [u32; CELLS] {
        let size = ALL / CELLS as u64;
        let cell = |part: usize| {
            let (from, to) = (part as u64 * size, (part as u64 + 1) * size);
            let k = self.answer(from << LOST);
            let above = &self.rising[(k - self.least) as usize..];
            let inside = above.partition_point(|&bound| bound < to);
            let first =
                |bound: u64| ((bound - from) << CELL_BITS >> (64 - LOST - FIRST_BITS)) as u32;
            k | match inside {
                0 => NO_BOUND,
                1 => first(above[0]) << UPPER,
                _ => UNSURE,
            }
        };
        std::array::from_fn(cell)
    }
}

/// How many whole v have `(v + 1/2) / 2^52` up to `sum`; or, seen from the other end, at most 1 - `sum`.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 2^52
fn bound(sum: f64, other_end: bool) -> u64 {
    let all = (sum * ALL as f64).min(ALL as f64);
    let whole = all.floor();
    let rest = all - whole;
    if other_end {
        ALL - (whole as u64 + u64::from(rest > 0.5))
    } else {
        whole as u64 + u64::from(rest >= 0.5)
    }
}
