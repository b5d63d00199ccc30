//! How is a number spread: over what we do not know (`unsure`), or between people (`varies`)?
//!
//! `unsure` families are bounded, so that no draw can leave the range of its field. A draw is the
//! inverse of the distribution function at a uniform number, so that equal luck gives equal draws.

mod lasting;

use schemars::JsonSchema;
use serde::Deserialize;
use statrs::distribution::{Beta, ContinuousCDF, DiscreteCDF, Gamma, LogNormal, Poisson};

pub use lasting::{LASTING_WEEKS, Lasting, LastingFamily, VariesInTime};

/// What is not known about the world: one value is drawn for each world.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Unsure {
    /// Spread over what is not known: one family by name, with its numbers in order.
    pub unsure: Family,
}

/// A bounded family of distributions; exactly one is named.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Family {
    /// Any value between low and high is equally likely: `[low, high]`.
    Uniform([f64; 2]),
    /// A triangle: `[low, most likely, high]`.
    Triangular([f64; 3]),
    /// A smooth hump with most weight near the middle, `(high + low + 4 mode) / 6` on average:
    /// `[low, most likely, high]`.
    Pert([f64; 3]),
}

impl Family {
    /// Names of the families, for messages.
    pub const NAMES: [&'static str; 3] = ["uniform", "triangular", "pert"];

    /// Lowest and highest value that can be drawn.
    #[must_use]
    pub const fn bounds(&self) -> (f64, f64) {
        match *self {
            Self::Uniform([low, high])
            | Self::Triangular([low, _, high])
            | Self::Pert([low, _, high]) => (low, high),
        }
    }

    /// True if the numbers are finite and in rising order.
    #[must_use]
    pub fn is_ordered(&self) -> bool {
        let numbers: &[f64] = match self {
            Self::Uniform(numbers) => numbers,
            Self::Triangular(numbers) | Self::Pert(numbers) => numbers,
        };
        numbers.iter().all(|x| x.is_finite()) && numbers.windows(2).all(|pair| pair[0] <= pair[1])
    }

    /// The mean: `(l+h)/2`, `(l+m+h)/3`, `(l+4m+h)/6`.
    #[must_use]
    pub fn mean(&self) -> f64 {
        match *self {
            Self::Uniform([low, high]) => f64::midpoint(low, high),
            Self::Triangular([low, mode, high]) => (low + mode + high) / 3.0,
            Self::Pert([low, mode, high]) => (low + 4.0 * mode + high) / 6.0,
        }
    }

    /// The variance, with `d = h - l`: uniform `d^2/12`; triangular `(l^2 + m^2 + h^2 - l m - l h - m h) / 18`;
    /// pert `(mean - l)(h - mean) / 7`.
    ///
    /// ```
    /// use skillmix::distribution::Family;
    ///
    /// // l = 0, m = 3, h = 3: (0 + 9 + 9 - 0 - 0 - 9) / 18
    /// assert_eq!(Family::Triangular([0.0, 3.0, 3.0]).variance(), 0.5);
    /// ```
    #[must_use]
    pub fn variance(&self) -> f64 {
        match *self {
            Self::Uniform([low, high]) => (high - low).powi(2) / 12.0,
            Self::Triangular([low, mode, high]) => {
                let (rise, fall) = (mode - low, high - mode);
                (rise * rise + rise * fall + fall * fall) / 18.0
            }
            Self::Pert([low, _, high]) => (self.mean() - low) * (high - self.mean()) / 7.0,
        }
    }

    /// The value below which a share `u` of the draws lies; `u` between 0 and 1.
    #[must_use]
    pub fn quantile(&self, u: f64) -> f64 {
        let (low, high) = self.bounds();
        if high <= low {
            return low;
        }
        match *self {
            Self::Uniform(_) => low + u * (high - low),
            Self::Triangular([_, mode, _]) => {
                let rising = (mode - low) / (high - low);
                if u <= rising {
                    low + (u * (high - low) * (mode - low)).sqrt()
                } else {
                    high - ((1.0 - u) * (high - low) * (high - mode)).sqrt()
                }
            }
            Self::Pert([_, mode, _]) => {
                let alpha = 1.0 + 4.0 * (mode - low) / (high - low);
                let beta = 1.0 + 4.0 * (high - mode) / (high - low);
                Beta::new(alpha, beta).map_or(low, |b| low + (high - low) * b.inverse_cdf(u))
            }
        }
    }
}

/// The planned number of sessions of a course: one number, or a spread between people.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Varies {
    /// Spread between people.
    pub varies: Between,
}

/// A spread of whole numbers between people, by family, mean and standard deviation.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Between {
    /// Family of the spread.
    pub family: BetweenFamily,
    /// Mean of the spread before rounding.
    #[schemars(range(min = 1.0, max = 60.0), extend("x-unit" = "sessions"))]
    pub mean: f64,
    /// Standard deviation before rounding; 0 means that all have the mean.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 60.0), extend("x-unit" = "sessions"))]
    pub sd: Option<f64>,
}

/// Families for a spread between people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BetweenFamily {
    /// Skewed to the right; by mean and sd.
    Lognormal,
    /// Skewed to the right, lighter tail; by mean and sd.
    Gamma,
    /// One session plus a Poisson number with mean - 1; no sd.
    Poisson,
}

/// Most sessions that a course can have; longer plans are counted here.
pub const MOST_SESSIONS: usize = 60;

/// Shares of people who are planned 1, 2, ... sessions, when all are planned `sessions`: a fraction
/// is a mixture of the two whole numbers beside it, so that the mean is kept.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // sessions lie in 1..=60
pub fn fixed_sessions(sessions: f64) -> Vec<f64> {
    let whole = sessions.floor();
    let part = sessions - whole;
    let mut shares = vec![0.0; whole as usize + usize::from(part > 0.0)];
    shares[whole as usize - 1] = 1.0 - part;
    if part > 0.0 {
        shares[whole as usize] = part;
    }
    shares
}

/// Mean and standard deviation of the logarithm of a lognormal number with this mean and standard deviation:
/// `sigma^2 = ln(1 + (sd / mean)^2)`, `mu = ln(mean) - sigma^2 / 2`.
#[must_use]
pub fn lognormal(mean: f64, sd: f64) -> (f64, f64) {
    let variance = (sd / mean).powi(2).ln_1p();
    (mean.ln() - variance / 2.0, variance.sqrt())
}

impl Between {
    /// Shares of people who are planned 1, 2, ... sessions. Continuous families are rounded to the
    /// nearest whole number, at least 1 and at most [`MOST_SESSIONS`]; a tail of less than one in a
    /// million is folded into the last share.
    #[must_use]
    pub fn shares(&self) -> Vec<f64> {
        let sd = self.sd.unwrap_or(0.0);
        let below: Box<dyn Fn(f64) -> f64> = match self.family {
            BetweenFamily::Poisson => match Poisson::new(self.mean - 1.0) {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 59
                Ok(spread) => Box::new(move |x: f64| spread.cdf((x - 1.0).max(0.0) as u64)),
                Err(_) => return fixed_sessions(self.mean),
            },
            BetweenFamily::Lognormal => {
                let (mu, sigma) = lognormal(self.mean, sd);
                match LogNormal::new(mu, sigma) {
                    Ok(spread) if sd > 0.0 => Box::new(move |x| spread.cdf(x + 0.5)),
                    _ => return fixed_sessions(self.mean),
                }
            }
            BetweenFamily::Gamma => {
                match Gamma::new((self.mean / sd).powi(2), self.mean / sd.powi(2)) {
                    Ok(spread) if sd > 0.0 => Box::new(move |x| spread.cdf(x + 0.5)),
                    _ => return fixed_sessions(self.mean),
                }
            }
        };
        let mut shares = Vec::new();
        let mut before = 0.0;
        for sessions in 1..=MOST_SESSIONS {
            let now = if sessions == MOST_SESSIONS {
                1.0
            } else {
                below(sessions as f64)
            };
            if 1.0 - now < 1e-6 {
                shares.push(1.0 - before);
                break;
            }
            shares.push(now - before);
            before = now;
        }
        shares
    }
}
