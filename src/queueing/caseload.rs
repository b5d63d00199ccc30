//! How do open cases build up from none?
//!
//! With a place for everybody and random starts, the number open after a time `t` is Poisson (M/G/inf):
//!
//! ```text
//! mean = variance = starts x E[min(S, t)],   in the long run starts x E[S]
//!
//! exponential   m (1 - exp(-t / m))                       fixed   min(t, m)
//! gamma         m P(k + 1, t / s) + t (1 - P(k, t / s))        k = (m / sd)^2, s = sd^2 / m
//! lognormal     m F((ln t - mu) / sigma - sigma) + t (1 - F((ln t - mu) / sigma))
//! ```
//!
//! with P the regularised incomplete gamma function and F the normal distribution function.

use statrs::distribution::{ContinuousCDF, Normal};
use statrs::function::gamma::checked_gamma_lr;

use crate::error::{Problem, Result};
use crate::queueing::given::Given;

/// How long courses last.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Length {
    /// Exponential, by its mean.
    Exponential(f64),
    /// All the same.
    Fixed(f64),
    /// Gamma, by mean and standard deviation.
    Gamma(f64, f64),
    /// Lognormal, by mean and standard deviation.
    Lognormal(f64, f64),
}

/// Names of the families, for messages.
pub const FAMILIES: [&str; 4] = ["exponential", "fixed", "gamma", "lognormal"];

impl Length {
    /// By the name of the family; gamma and lognormal need a standard deviation, the others have none.
    ///
    /// # Errors
    /// [`crate::error::Error::Scenario`] if there is no such family, or a number is missing or out of its range.
    pub fn named(family: &str, mean: f64, sd: Option<f64>) -> Result<Self> {
        let spread = matches!(family, "gamma" | "lognormal");
        let known = FAMILIES.contains(&family);
        let length = match (family, sd) {
            ("gamma", Some(sd)) => Self::Gamma(mean, sd),
            ("lognormal", Some(sd)) => Self::Lognormal(mean, sd),
            ("fixed", _) => Self::Fixed(mean),
            _ => Self::Exponential(mean),
        };
        length
            .check()
            .unless(known, || {
                Problem::new("family", format!("{family:?}"), FAMILIES.join(", "))
                    .suggest(crate::error::nearest(family, FAMILIES))
            })
            .unless(!spread || sd.is_some(), || {
                let sentence = format!("a duration that is {family} needs a standard deviation");
                Problem::told("sd", "nothing", &sentence, "more than 0")
            })
            .unless(spread || sd.is_none() || !known, || {
                let sentence = format!("a duration that is {family} has no standard deviation");
                Problem::told("sd", sd.unwrap_or_default(), &sentence, "left out")
            })
            .done()?;
        Ok(length)
    }

    /// Mean length.
    #[must_use]
    pub const fn mean(self) -> f64 {
        match self {
            Self::Exponential(mean)
            | Self::Fixed(mean)
            | Self::Gamma(mean, _)
            | Self::Lognormal(mean, _) => mean,
        }
    }

    /// Mean of the length so far after `time`, E[min(S, time)].
    fn up_to(self, time: f64) -> f64 {
        if time <= 0.0 {
            return 0.0;
        }
        match self {
            Self::Exponential(mean) => -mean * (-time / mean).exp_m1(),
            Self::Fixed(mean) => mean.min(time),
            Self::Gamma(mean, sd) => {
                let (shape, scale) = ((mean / sd).powi(2), sd * sd / mean);
                let below = |shape: f64| checked_gamma_lr(shape, time / scale).unwrap_or(0.0);
                mean * below(shape + 1.0) + time * (1.0 - below(shape))
            }
            Self::Lognormal(mean, sd) => {
                let sigma = (sd / mean).powi(2).ln_1p().sqrt();
                let mu = mean.ln() - sigma * sigma / 2.0;
                let z = (time.ln() - mu) / sigma;
                let normal = Normal::standard();
                mean * normal.cdf(z - sigma) + time * normal.cdf(-z)
            }
        }
    }

    fn check(self) -> Given {
        let mean = self.mean();
        let given = Given::new().positive("duration", mean);
        match self {
            Self::Gamma(_, sd) | Self::Lognormal(_, sd) => {
                given.unless(sd >= 1e-3 * mean && sd <= 1e3 * mean, || {
                    let allowed = "0.001 to 1,000 times the mean; without spread, the family fixed";
                    Problem::new("sd", sd, allowed)
                })
            }
            Self::Exponential(_) | Self::Fixed(_) => given,
        }
    }
}

/// Open cases after a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OpenCases {
    /// Mean number open.
    pub mean: f64,
    /// Variance of the number open; equal to the mean, since the number is Poisson.
    pub variance: f64,
    /// Mean number open in the long run: starts x mean length.
    pub settled: f64,
}

/// Cases open `time` after the first could start, with `starts` a unit of time at random.
///
/// ```
/// use skillmix::queueing::caseload::{Length, open_cases};
/// // 40 starts a week, six weeks each: 80 after two weeks, 240 from the sixth on.
/// assert_eq!(open_cases(40.0, Length::Fixed(6.0), 2.0)?.mean, 80.0);
/// assert_eq!(open_cases(40.0, Length::Fixed(6.0), 20.0)?.mean, 240.0);
/// # Ok::<(), skillmix::error::Error>(())
/// ```
///
/// # Errors
/// [`crate::error::Error::Scenario`] if a number is out of its range.
pub fn open_cases(starts: f64, length: Length, time: f64) -> Result<OpenCases> {
    length
        .check()
        .at_least_zero("starts", starts)
        .at_least_zero("time", time)
        .done()?;
    let mean = starts * length.up_to(time);
    Ok(OpenCases {
        mean,
        variance: mean,
        settled: starts * length.mean(),
    })
}
