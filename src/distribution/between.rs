//! How many sessions are planned, when that differs between people? By family, mean and standard deviation.

use schemars::JsonSchema;
use serde::Deserialize;
use statrs::distribution::{ContinuousCDF, DiscreteCDF, Gamma, LogNormal, Poisson};

use crate::distribution::lognormal;
use crate::unit::{Draw, Quantity, SessionCount};

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
    pub mean: Quantity<SessionCount>,
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

impl Between {
    /// Shares of people who are planned 1, 2, ... sessions, in one drawn world. Continuous families are rounded to the
    /// nearest whole number, at least 1 and at most [`MOST_SESSIONS`]; a tail of less than one in a
    /// million is folded into the last share.
    #[must_use]
    pub fn shares(&self, draw: Draw) -> Vec<f64> {
        let sd = self.sd.unwrap_or(0.0);
        let mean = self.mean.at(draw);
        let below: Box<dyn Fn(f64) -> f64> = match self.family {
            BetweenFamily::Poisson => match Poisson::new(mean - 1.0) {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 59
                Ok(spread) => Box::new(move |x: f64| spread.cdf((x - 1.0).max(0.0) as u64)),
                Err(_) => return fixed_sessions(mean),
            },
            BetweenFamily::Lognormal => {
                let (mu, sigma) = lognormal(mean, sd);
                match LogNormal::new(mu, sigma) {
                    Ok(spread) if sd > 0.0 => Box::new(move |x| spread.cdf(x + 0.5)),
                    _ => return fixed_sessions(mean),
                }
            }
            BetweenFamily::Gamma => match Gamma::new((mean / sd).powi(2), mean / sd.powi(2)) {
                Ok(spread) if sd > 0.0 => Box::new(move |x| spread.cdf(x + 0.5)),
                _ => return fixed_sessions(mean),
            },
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
