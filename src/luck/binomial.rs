//! How many of a group go when each goes with the same probability?
//!
//! `P(k) = C(n, k) p^k (1 - p)^(n - k)`, inverted exactly: the smallest k with `P(X <= k) >= u`. Above one half
//! those who stay are counted instead. Small groups sum the probabilities from 0 on,
//! `P(k+1) / P(k) = (n - k) / (k + 1) x p / (1 - p)`; [`Binomials`](super::Binomials) keeps those sums in guide tables.

use super::expansion::Shape;
use super::inverse::{Count, Uniform, binomial_probability, quantile};

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
pub(super) struct Sums {
    k: u64,
    n: f64,
    odds: f64,
    term: f64,
    /// P(X <= k).
    pub sum: f64,
}

impl Sums {
    pub fn new(n: f64, p: f64) -> Self {
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
    pub fn step(&mut self) -> bool {
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
