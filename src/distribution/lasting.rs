//! How long does something last, when that differs between people? By family, mean and standard deviation.
//!
//! ```text
//! exponential   -mean ln(1 - u)                                          sd = mean
//! gamma         shape (mean / sd)^2, rate mean / sd^2
//! lognormal     exp(m + s z(u)),  s^2 = ln(1 + (sd / mean)^2),  m = ln mean - s^2 / 2
//! fixed         mean
//! ```

use schemars::JsonSchema;
use serde::Deserialize;
use statrs::distribution::{ContinuousCDF, Gamma, Normal};

/// A time that differs between people.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VariesInTime {
    /// Spread between people.
    pub varies: Lasting,
}

/// Shortest and longest mean \[weeks\].
pub const LASTING_WEEKS: [f64; 2] = [0.001, 520.0];

/// A spread of times between people, by family, mean and standard deviation.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lasting {
    /// Family of the spread.
    pub family: LastingFamily,
    /// Mean of the spread.
    #[schemars(range(min = 0.001, max = 520.0), extend("x-unit" = "weeks"))]
    pub mean: f64,
    /// Standard deviation, for gamma and lognormal; 0 means that all have the mean.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 520.0), extend("x-unit" = "weeks"))]
    pub sd: Option<f64>,
}

/// Families for a time that differs between people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LastingFamily {
    /// Without memory: the time that is left does not depend on the time that has passed; no sd.
    Exponential,
    /// Skewed to the right; by mean and sd.
    Gamma,
    /// Skewed to the right, heavier tail; by mean and sd.
    Lognormal,
    /// The same for all; no sd.
    Fixed,
}

impl LastingFamily {
    /// True if it is told by its mean and a standard deviation.
    #[must_use]
    pub const fn has_sd(self) -> bool {
        matches!(self, Self::Gamma | Self::Lognormal)
    }
}

impl Lasting {
    /// The same for all.
    #[must_use]
    pub const fn fixed(weeks: f64) -> Self {
        Self {
            family: LastingFamily::Fixed,
            mean: weeks,
            sd: None,
        }
    }

    /// Standard deviation \[weeks\].
    #[must_use]
    pub fn sd(&self) -> f64 {
        match self.family {
            LastingFamily::Exponential => self.mean,
            LastingFamily::Gamma | LastingFamily::Lognormal => self.sd.unwrap_or(0.0),
            LastingFamily::Fixed => 0.0,
        }
    }

    /// The time below which a share `u` of the people lies \[weeks\]; `u` from 0 to below 1.
    #[must_use]
    pub fn quantile(&self, u: f64) -> f64 {
        let u = u.clamp(0.0, 1.0 - f64::EPSILON / 2.0);
        let (mean, sd) = (self.mean, self.sd());
        match self.family {
            LastingFamily::Exponential => -mean * (-u).ln_1p(),
            LastingFamily::Gamma if sd > 0.0 => {
                let shape = (mean / sd).powi(2);
                Gamma::new(shape, 1.0).map_or(mean, |g| g.inverse_cdf(u) * mean / shape)
            }
            LastingFamily::Lognormal if sd > 0.0 => {
                let variance = (sd / mean).powi(2).ln_1p();
                let z = Normal::standard().inverse_cdf(u);
                variance.sqrt().mul_add(z, mean.ln() - variance / 2.0).exp()
            }
            _ => mean,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Lasting, LastingFamily};

    fn of(family: LastingFamily, mean: f64, sd: Option<f64>) -> Lasting {
        Lasting { family, mean, sd }
    }

    fn close(ours: f64, theirs: f64, tolerance: f64) {
        assert!(
            (ours / theirs - 1.0).abs() < tolerance,
            "{ours} for {theirs}"
        );
    }

    /// Median of an exponential: mean x ln 2. Of a gamma with shape 1 the same; with shape 2 and rate 1 it
    /// solves exp(-x) (1 + x) = 1/2: 1.678 346 990. Of a lognormal it is mean / sqrt(1 + (sd / mean)^2).
    #[test]
    fn medians_are_those_of_the_books() {
        use LastingFamily::{Exponential, Gamma, Lognormal};
        let median = |family, mean, sd| of(family, mean, sd).quantile(0.5);
        close(
            median(Exponential, 3.0, None),
            3.0 * std::f64::consts::LN_2,
            1e-14,
        );
        close(
            median(Gamma, 3.0, Some(3.0)),
            3.0 * std::f64::consts::LN_2,
            1e-9,
        );
        close(
            median(Gamma, 2.0, Some(2.0_f64.sqrt())),
            1.678_346_990,
            1e-9,
        );
        close(
            median(Lognormal, 5.0, Some(5.0)),
            5.0 / 2.0_f64.sqrt(),
            1e-9,
        );
    }

    /// The mean of the quantiles at 200,000 middles is the mean; what the cut leaves out of the tail of an
    /// exponential is below 1e-5 of it, and the standard deviation comes back to 0.1 %.
    #[test]
    fn mean_and_sd_come_back() {
        for (family, sd) in [
            (LastingFamily::Exponential, None),
            (LastingFamily::Gamma, Some(3.0)),
            (LastingFamily::Lognormal, Some(3.0)),
        ] {
            let spread = of(family, 6.0, sd);
            let number = 200_000;
            let draws: Vec<f64> = (0..number)
                .map(|i| spread.quantile((f64::from(i) + 0.5) / f64::from(number)))
                .collect();
            let mean = draws.iter().sum::<f64>() / f64::from(number);
            close(mean, 6.0, 1e-4);
            let squares: f64 = draws.iter().map(|x| (x - mean).powi(2)).sum();
            close((squares / f64::from(number)).sqrt(), spread.sd(), 2e-3);
        }
    }

    #[test]
    fn without_spread_all_last_the_mean() {
        for spread in [
            Lasting::fixed(4.5),
            of(LastingFamily::Gamma, 4.5, Some(0.0)),
            of(LastingFamily::Lognormal, 4.5, Some(0.0)),
        ] {
            for u in [0.0, 0.3, 1.0] {
                assert_eq!(spread.quantile(u).to_bits(), 4.5_f64.to_bits());
            }
        }
    }

    /// To the tolerance to which the inverse of a gamma is found.
    #[test]
    fn later_quantiles_are_no_shorter_and_all_are_finite() {
        for family in [
            LastingFamily::Exponential,
            LastingFamily::Gamma,
            LastingFamily::Lognormal,
        ] {
            for sd in [0.05, 1.0, 6.0] {
                let spread = of(family, 2.0, Some(sd));
                let mut before = 0.0;
                for step in 0..=1000 {
                    let now = spread.quantile(f64::from(step) / 1000.0);
                    assert!(
                        now.is_finite() && now >= before - 1e-8,
                        "{spread:?} at {step}: {now} after {before}"
                    );
                    before = now;
                }
            }
        }
    }
}
