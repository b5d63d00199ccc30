//! How many come when `mean` are expected and nobody knows of anybody else?
//!
//! `P(k) = exp(-mean) mean^k / k!`, inverted exactly. Where the same mean is drawn often,
//! [`CountTable`](super::CountTable) is faster.

use super::expansion::Shape;
use super::inverse::{Count, Uniform, poisson_probability, quantile};

/// Mean up to which probabilities are summed from 0 on.
const FEW: f64 = 10.0;

/// Largest mean; a larger one counts as this.
const MOST: f64 = 1e12;

struct Poisson {
    mean: f64,
}

impl Count for Poisson {
    fn bounds(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }

    fn moments(&self) -> (f64, f64) {
        (self.mean, self.mean.sqrt())
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape {
            mean: self.mean,
            variance: self.mean,
            lean: 1.0,
            pq: 0.0,
        })
    }

    fn probability(&self, k: f64) -> f64 {
        poisson_probability(k, self.mean)
    }

    fn down(&self, k: f64) -> f64 {
        k / self.mean
    }

    fn up(&self, k: f64) -> f64 {
        self.mean / (k + 1.0)
    }
}

/// Smallest k with `P(Poisson(mean) <= k) >= u`; it never falls as `u` rises. A mean that is not above 0 gives 0.
///
/// ```
/// // P(0) = exp(-2) = 0.135, P(0 or 1) = 3 exp(-2) = 0.406
/// assert_eq!(skillmix::luck::poisson_quantile(2.0, 0.13), 0);
/// assert_eq!(skillmix::luck::poisson_quantile(2.0, 0.40), 1);
/// assert_eq!(skillmix::luck::poisson_quantile(2.0, 0.41), 2);
/// ```
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a whole number from 0
pub fn poisson_quantile(mean: f64, u: f64) -> u64 {
    let u = Uniform::new(u);
    if mean.is_nan() || mean <= 0.0 {
        return 0;
    }
    if mean > FEW {
        let mean = mean.min(MOST);
        return quantile(&Poisson { mean }, u) as u64;
    }
    let mut term = (-mean).exp();
    let mut sum = term;
    let mut k = 0;
    while !u.within(sum) {
        term *= mean / (k + 1) as f64;
        if sum + term == sum {
            break;
        }
        sum += term;
        k += 1;
    }
    k
}
