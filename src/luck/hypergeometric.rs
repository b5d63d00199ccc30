//! Of people drawn at random out of a group, how many are among the marked?
//!
//! `P(k) = C(marked, k) C(all - marked, taken - k) / C(all, taken)`, inverted exactly.

use super::inverse::{Count, Uniform, binomial_probability, quantile};

struct Hypergeometric {
    all: f64,
    marked: f64,
    taken: f64,
}

impl Count for Hypergeometric {
    fn bounds(&self) -> (f64, f64) {
        let least = (self.marked + self.taken - self.all).max(0.0);
        (least, self.marked.min(self.taken))
    }

    fn moments(&self) -> (f64, f64) {
        let (all, share) = (self.all, self.marked / self.all);
        let mean = self.taken * share;
        let variance = mean * (1.0 - share) * (all - self.taken) / (all - 1.0).max(1.0);
        (mean, variance.sqrt())
    }

    /// By three binomial probabilities with the same share, which cancels (Loader 2000).
    fn probability(&self, k: f64) -> f64 {
        let p = self.taken / self.all;
        let q = (self.all - self.taken) / self.all;
        binomial_probability(k, self.marked, p, q)
            * binomial_probability(self.taken - k, self.all - self.marked, p, q)
            / binomial_probability(self.taken, self.all, p, q)
    }

    fn down(&self, k: f64) -> f64 {
        k * (self.all - self.marked - self.taken + k)
            / ((self.marked - k + 1.0) * (self.taken - k + 1.0))
    }

    fn up(&self, k: f64) -> f64 {
        1.0 / self.down(k + 1.0)
    }
}

/// Smallest k with `P(X <= k) >= u`, where X of the `taken` out of `all` are among the `marked`; it never falls
/// as `u` rises. More marked or taken than there are count as all of them.
///
/// ```
/// // one of two people is taken: it is the marked one half of the time
/// assert_eq!(skillmix::luck::hypergeometric_quantile(2, 1, 1, 0.49), 0);
/// assert_eq!(skillmix::luck::hypergeometric_quantile(2, 1, 1, 0.51), 1);
/// ```
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a whole number from 0
pub fn hypergeometric_quantile(all: u64, marked: u64, taken: u64, u: f64) -> u64 {
    let (marked, taken) = (marked.min(all), taken.min(all));
    if marked == 0 || taken == 0 {
        return 0;
    }
    if marked == all || taken == all {
        return marked.min(taken);
    }
    let group = Hypergeometric {
        all: all as f64,
        marked: marked as f64,
        taken: taken as f64,
    };
    quantile(&group, Uniform::new(u)) as u64
}
