//! What do many replications say, and how surely?
//!
//! Means and variances that are merged block by block ([`Running`]), intervals ([`t_interval`], [`wilson`]), the
//! number of replications that a precision needs ([`replications_for`]), the end of the warm-up ([`warm_up`]),
//! exact quantiles ([`quantiles()`]) and those of a stream ([`Sketch`]) and a simple forecast ([`exponential_smoothing`]). Blocks of fixed size
//! that are merged in their order give the same bits for any number of threads.

mod intervals;
mod quantiles;
mod series;
mod sketch;

pub use intervals::{half_width, replications_for, t_interval, t_quantile, wilson, wilson_of};
pub use quantiles::quantiles;
pub use series::{Smoothed, exponential_smoothing, lag1_autocorrelation, warm_up};
pub use sketch::Sketch;

/// Mean and variance of numbers that come one by one (Welford 1962), merged in pairs (Chan, Golub and `LeVeque`
/// 1983).
///
/// ```text
/// push    d = x - mean;  mean += d / n;  m2 += d (x - mean)
/// merge   d = mean_b - mean_a;  m2 = m2_a + m2_b + d^2 n_a n_b / n;  mean = mean_a + d n_b / n
/// ```
///
/// All is kept as the distance from the first number, so that a small spread far from 0 loses nothing. What is
/// not a number (nothing over nothing) is not counted; an infinite number makes the mean infinite.
///
/// ```
/// use skillmix::statistics::Running;
///
/// let all: Running = [2.0, 4.0, 9.0].into_iter().collect();
/// // mean 5; squares of -3, -1 and 4 sum to 26; 26 / 2 = 13
/// assert_eq!((all.mean(), all.variance()), (5.0, 13.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Running {
    count: u64,
    /// The first number.
    origin: f64,
    /// Mean distance from the first number.
    shift: f64,
    /// Sum of squared distances from the mean.
    m2: f64,
    min: f64,
    max: f64,
    /// Sum of the numbers that are infinite; 0 without any.
    infinite: f64,
}

impl Default for Running {
    fn default() -> Self {
        Self::new()
    }
}

impl Running {
    /// Nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            count: 0,
            origin: 0.0,
            shift: 0.0,
            m2: 0.0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            infinite: 0.0,
        }
    }

    /// Counts one number.
    #[inline]
    pub fn push(&mut self, x: f64) {
        if x.is_nan() {
            return;
        }
        self.count += 1;
        self.min = self.min.min(x);
        self.max = self.max.max(x);
        if x.is_infinite() {
            self.infinite += x;
            return;
        }
        if self.min == self.max || self.count == 1 {
            (self.origin, self.shift) = (x, 0.0);
            return;
        }
        let away = x - self.origin;
        let distance = away - self.shift;
        self.shift += distance / self.count as f64;
        self.m2 += distance * (away - self.shift);
    }

    /// Counts all that `other` counted.
    pub fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = *other;
            return;
        }
        let (ours, theirs) = (self.count as f64, other.count as f64);
        let part = theirs / (ours + theirs);
        let distance = (other.origin - self.origin) + (other.shift - self.shift);
        self.shift += distance * part;
        self.m2 += other.m2 + distance * distance * ours * part;
        self.count += other.count;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.infinite += other.infinite;
    }

    /// How many numbers were counted.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Mean; not a number if nothing was counted.
    #[must_use]
    pub fn mean(&self) -> f64 {
        if self.count == 0 {
            f64::NAN
        } else if self.infinite != 0.0 {
            self.infinite
        } else {
            self.origin + self.shift
        }
    }

    /// Sample variance, `m2 / (n - 1)`; not a number for fewer than two numbers or infinite ones.
    #[must_use]
    pub fn variance(&self) -> f64 {
        if self.count < 2 || self.infinite != 0.0 {
            f64::NAN
        } else {
            self.m2 / (self.count - 1) as f64
        }
    }

    /// Sample standard deviation.
    #[must_use]
    pub fn sd(&self) -> f64 {
        self.variance().sqrt()
    }

    /// Standard error of the mean, `sd / sqrt(n)`.
    #[must_use]
    pub fn se(&self) -> f64 {
        self.sd() / (self.count as f64).sqrt()
    }

    /// Smallest number; not a number if nothing was counted.
    #[must_use]
    pub fn min(&self) -> f64 {
        if self.count == 0 { f64::NAN } else { self.min }
    }

    /// Largest number; not a number if nothing was counted.
    #[must_use]
    pub fn max(&self) -> f64 {
        if self.count == 0 { f64::NAN } else { self.max }
    }
}

impl Extend<f64> for Running {
    fn extend<I: IntoIterator<Item = f64>>(&mut self, numbers: I) {
        for x in numbers {
            self.push(x);
        }
    }
}

impl FromIterator<f64> for Running {
    fn from_iter<I: IntoIterator<Item = f64>>(numbers: I) -> Self {
        let mut all = Self::new();
        all.extend(numbers);
        all
    }
}

#[cfg(test)]
mod tests;
