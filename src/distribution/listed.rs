//! How is a number spread that can only have some values: a count, or one of those that were seen?
//!
//! ```text
//! poisson            p(n) = p(n-1) mean / n
//! negative binomial  p(n) = p(n-1) (n - 1 + size) / n x mean / (mean + size)
//! ```
//!
//! The shares are worked out from the most likely value to both sides, until less than one in 10^18 of the
//! largest is left.

/// Most values that a count may have with any weight.
pub const MOST_COUNTS: usize = 1_000_000;

/// Values in rising order with the share of draws at or below each.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    values: Vec<f64>,
    cumulative: Vec<f64>,
}

impl Listed {
    /// Values with weights, which need not be sorted; values between `low` and `high` alone are kept. None if
    /// none of them has any weight.
    pub fn new(mut pairs: Vec<(f64, f64)>, low: f64, high: f64) -> Option<Self> {
        pairs.retain(|(value, weight)| *value >= low && *value <= high && *weight > 0.0);
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let total: f64 = pairs.iter().map(|pair| pair.1).sum();
        let mut sum = 0.0;
        let mut cumulative = Vec::with_capacity(pairs.len());
        for pair in &pairs {
            sum += pair.1;
            cumulative.push(sum / total);
        }
        *cumulative.last_mut()? = 1.0;
        let values = pairs.into_iter().map(|pair| pair.0).collect();
        Some(Self { values, cumulative })
    }

    /// The smallest value with a share of at least `u` at or below it.
    pub fn quantile(&self, u: f64) -> f64 {
        let place = self.cumulative.partition_point(|&share| share < u);
        self.values[place.min(self.values.len() - 1)]
    }

    /// Mean and variance.
    pub fn moments(&self) -> (f64, f64) {
        let origin = self.quantile(0.5);
        let mut before = 0.0;
        let (mut first, mut second) = (0.0, 0.0);
        for (value, share) in self.values.iter().zip(&self.cumulative) {
            let (away, weight) = (value - origin, share - before);
            first += weight * away;
            second += weight * away * away;
            before = *share;
        }
        (origin + first, (second - first * first).max(0.0))
    }

    /// Share of draws at or below `x`.
    pub fn cdf(&self, x: f64) -> f64 {
        let place = self.values.partition_point(|&value| value <= x);
        place
            .checked_sub(1)
            .map_or(0.0, |last| self.cumulative[last])
    }

    /// Lowest and highest value.
    pub fn bounds(&self) -> (f64, f64) {
        (self.values[0], self.values[self.values.len() - 1])
    }
}

/// Counts with weights, of which the largest is 1; `ratio(n)` is p(n) / p(n-1). None if too many counts have
/// any weight.
pub fn counts(most_likely: u64, ratio: impl Fn(f64) -> f64) -> Option<Vec<(f64, f64)>> {
    const LEAST: f64 = 1e-18;
    let mut pairs = vec![(most_likely as f64, 1.0)];
    let (mut n, mut weight) = (most_likely, 1.0);
    while n > 0 && weight > LEAST {
        weight /= ratio(n as f64);
        n -= 1;
        pairs.push((n as f64, weight));
        if pairs.len() > MOST_COUNTS {
            return None;
        }
    }
    (n, weight) = (most_likely, 1.0);
    while weight > LEAST {
        n += 1;
        weight *= ratio(n as f64);
        pairs.push((n as f64, weight));
        if pairs.len() > MOST_COUNTS {
            return None;
        }
    }
    Some(pairs)
}

#[cfg(test)]
mod tests {
    use super::{Listed, counts};

    /// Shares of a Poisson number with mean 2: exp(-2) (1 + 2 + 2) at or below 2; mean and variance are 2.
    #[test]
    fn counts_have_the_shares_of_the_formula() {
        let pairs = counts(2, |n| 2.0 / n).unwrap();
        let poisson = Listed::new(pairs, 0.0, f64::INFINITY).unwrap();
        assert!((poisson.cdf(2.0) - 5.0 * (-2.0_f64).exp()).abs() < 1e-15);
        assert!((poisson.cdf(2.9) - 5.0 * (-2.0_f64).exp()).abs() < 1e-15);
        let (mean, variance) = poisson.moments();
        assert!((mean - 2.0).abs() < 1e-14 && (variance - 2.0).abs() < 1e-13);
        assert_eq!(poisson.quantile(0.676), 2.0);
        assert_eq!(poisson.quantile(0.677), 3.0);
    }

    /// 1, 2 and 6 with weights 1, 2 and 1: mean 11/4, variance (1 + 8 + 36)/4 - 121/16 = 59/16.
    #[test]
    fn values_that_were_seen() {
        let seen = vec![(6.0, 1.0), (1.0, 1.0), (2.0, 2.0), (99.0, 0.0)];
        let seen = Listed::new(seen, 0.0, 100.0).unwrap();
        assert_eq!(seen.bounds(), (1.0, 6.0));
        assert_eq!(seen.moments(), (11.0 / 4.0, 59.0 / 16.0));
        let at = [0.0, 0.25, 0.26, 0.75, 0.76, 1.0].map(|u| seen.quantile(u));
        assert_eq!(at, [1.0, 1.0, 2.0, 2.0, 6.0, 6.0]);
        assert_eq!(Listed::new(vec![(1.0, 1.0)], 2.0, 3.0), None);
    }
}
