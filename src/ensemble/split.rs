//! How much of the spread is luck, and how much is what we do not know? Worlds that are each run several times.
//!
//! ```text
//! within    s_w^2 = mean over worlds of the variance of their runs
//! between   s_b^2 = variance of the means of the worlds - s_w^2 / n
//! ```
//!
//! with `n` runs a world: the unbiased one-way estimate (Searle 1971). The share of what is not known is
//! `s_b^2 / (s_b^2 + s_w^2)`; with `F = n x variance of means / s_w^2` its 95 % interval runs from
//! `(F / F_high - 1) / (n + F / F_high - 1)` to the same with `F_low`, with quantiles of the F distribution: exact
//! for normal numbers.

use statrs::distribution::{ContinuousCDF, FisherSnedecor};

use crate::statistics::Running;

/// Means and variances of the worlds of one number.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct OneWay {
    means: Running,
    variances: Running,
}

/// What the variance of a number is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parts {
    /// Standard deviation of what is not known; 0 where the estimate of its square is below 0.
    pub between: f64,
    /// Standard deviation of luck.
    pub within: f64,
    /// Estimate of the square of `between` and its standard error, for normal numbers.
    pub between_variance: f64,
    /// Standard error of it.
    pub between_se: f64,
    /// Share of what is not known, and its 95 % interval.
    pub share: [f64; 3],
}

impl OneWay {
    /// Adds the runs of one world.
    pub fn push(&mut self, runs: &Running) {
        if runs.count() > 1 && runs.variance().is_finite() {
            self.means.push(runs.mean());
            self.variances.push(runs.variance());
        }
    }

    /// Adds worlds that come after these.
    pub fn merge(&mut self, others: &Self) {
        self.means.merge(&others.means);
        self.variances.merge(&others.variances);
    }

    /// The two parts, of `replications` runs a world; not a number for fewer than two worlds.
    #[must_use]
    pub fn parts(&self, replications: usize) -> Parts {
        let (worlds, n) = (self.means.count() as f64, replications as f64);
        let within = self.variances.mean();
        let of_means = self.means.variance();
        let between = of_means - within / n;
        let freedom = [worlds - 1.0, worlds * (n - 1.0)];
        let se =
            (2.0 * of_means.powi(2) / freedom[0] + 2.0 * (within / n).powi(2) / freedom[1]).sqrt();
        let share = |f: f64| (f - 1.0) / (n + f - 1.0);
        let share_of = |ratio: f64| match ratio {
            ratio if ratio.is_nan() => f64::NAN,
            ratio if ratio.is_infinite() => 1.0,
            ratio => share(ratio).clamp(0.0, 1.0),
        };
        // Without any spread at all there is nothing to share out.
        let ratio = if within == 0.0 && of_means == 0.0 {
            f64::NAN
        } else {
            n * of_means / within
        };
        let spread = FisherSnedecor::new(freedom[0], freedom[1]);
        let quantile = |below: f64| spread.as_ref().map_or(f64::NAN, |f| f.inverse_cdf(below));
        Parts {
            between: between.max(0.0).sqrt(),
            within: within.sqrt(),
            between_variance: between,
            between_se: se,
            share: [
                share_of(ratio),
                share_of(ratio / quantile(0.975)),
                share_of(ratio / quantile(0.025)),
            ],
        }
    }
}

/// The parts of every number by period, then of every outcome.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Split {
    /// By number in the order of the periods, then outcomes.
    pub numbers: Vec<OneWay>,
}

impl Split {
    /// Adds worlds that come after these.
    pub fn merge(&mut self, others: &Self) {
        if self.numbers.is_empty() {
            self.clone_from(others);
            return;
        }
        for (ours, theirs) in self.numbers.iter_mut().zip(&others.numbers) {
            ours.merge(theirs);
        }
    }
}
