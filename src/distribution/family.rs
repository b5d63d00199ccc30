//! Which families of distributions are there, and what are their moments and quantiles?
//!
//! ```text
//! uniform            mean (l + h) / 2           variance (h - l)^2 / 12
//! triangular         (l + m + h) / 3            (l^2 + m^2 + h^2 - l m - l h - m h) / 18
//! pert, weight w     (l + w m + h) / (w + 2)    (mean - l) (h - mean) / (w + 3)
//! normal             mean                       sd^2
//! lognormal          exp(mu + s^2 / 2)          (exp(s^2) - 1) mean^2
//! beta               a / (a + b)                a b / ((a + b)^2 (a + b + 1))
//! gamma              shape scale                shape scale^2
//! poisson            mean                       mean
//! negative binomial  mean                       mean + mean^2 / size
//! ```
//!
//! A pert is a beta with `1 + w (m - l) / (h - l)` and `1 + w (h - m) / (h - l)`, stretched from l to h.

use statrs::distribution::{Beta, Continuous, ContinuousCDF, Gamma, LogNormal, Normal};
use statrs::function::erf::erfc;

use super::listed::{Listed, counts};
use super::root;

/// A family of distributions with its numbers.
#[derive(Debug, Clone, PartialEq)]
pub enum Family {
    /// Always the same.
    Fixed(f64),
    /// Any value between low and high is equally likely: `[low, high]`.
    Uniform([f64; 2]),
    /// A triangle: `[low, most likely, high]`.
    Triangular([f64; 3]),
    /// A smooth hump, `[low, most likely, high]`, and the weight of the most likely value (usually 4).
    Pert([f64; 3], f64),
    /// The bell.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        sd: f64,
    },
    /// Skewed to the right: its logarithm is normal.
    Lognormal {
        /// Mean of the logarithm.
        mu: f64,
        /// Standard deviation of the logarithm.
        sigma: f64,
    },
    /// A share between 0 and 1.
    Beta {
        /// First parameter.
        alpha: f64,
        /// Second parameter.
        beta: f64,
    },
    /// Skewed to the right, lighter tail.
    Gamma {
        /// Shape.
        shape: f64,
        /// Scale.
        scale: f64,
    },
    /// A count whose variance is its mean.
    Poisson {
        /// Mean.
        mean: f64,
    },
    /// A count whose variance is above its mean.
    NegativeBinomial {
        /// Mean.
        mean: f64,
        /// Size: the smaller, the wider.
        size: f64,
    },
    /// One of the values that were seen: `(value, weight)`.
    Empirical(Vec<(f64, f64)>),
}

impl Family {
    /// Names of the families, for messages.
    pub const NAMES: [&'static str; 11] = [
        "fixed",
        "uniform",
        "triangular",
        "pert",
        "normal",
        "lognormal",
        "beta",
        "gamma",
        "poisson",
        "negative_binomial",
        "empirical",
    ];

    /// Name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        Self::NAMES[match self {
            Self::Fixed(_) => 0,
            Self::Uniform(_) => 1,
            Self::Triangular(_) => 2,
            Self::Pert(..) => 3,
            Self::Normal { .. } => 4,
            Self::Lognormal { .. } => 5,
            Self::Beta { .. } => 6,
            Self::Gamma { .. } => 7,
            Self::Poisson { .. } => 8,
            Self::NegativeBinomial { .. } => 9,
            Self::Empirical(_) => 10,
        }]
    }

    /// Its numbers, as a planner may write them.
    #[must_use]
    pub fn parameters(&self) -> String {
        match self {
            Self::Fixed(value) => format!("{value}"),
            Self::Uniform([low, high]) => format!("low {low}, high {high}"),
            Self::Triangular([low, mode, high]) => format!("low {low}, mode {mode}, high {high}"),
            Self::Pert([low, mode, high], weight) if *weight == 4.0 => {
                format!("low {low}, mode {mode}, high {high}")
            }
            Self::Pert([low, mode, high], weight) => {
                format!("low {low}, mode {mode}, high {high}, weight {weight}")
            }
            Self::Normal { mean, sd } => format!("mean {mean}, sd {sd}"),
            Self::Lognormal { mu, sigma } => format!("mu {mu}, sigma {sigma}"),
            Self::Beta { alpha, beta } => format!("alpha {alpha}, beta {beta}"),
            Self::Gamma { shape, scale } => format!("shape {shape}, scale {scale}"),
            Self::Poisson { mean } => format!("mean {mean}"),
            Self::NegativeBinomial { mean, size } => format!("mean {mean}, size {size}"),
            Self::Empirical(pairs) => format!("{} values", pairs.len()),
        }
    }

    /// Lowest and highest value that can be drawn; infinite where there is no end.
    #[must_use]
    pub fn bounds(&self) -> (f64, f64) {
        match self {
            Self::Fixed(value) => (*value, *value),
            Self::Uniform([low, high])
            | Self::Triangular([low, _, high])
            | Self::Pert([low, _, high], _) => (*low, *high),
            Self::Normal { .. } => (f64::NEG_INFINITY, f64::INFINITY),
            Self::Beta { .. } => (0.0, 1.0),
            Self::Lognormal { .. }
            | Self::Gamma { .. }
            | Self::Poisson { .. }
            | Self::NegativeBinomial { .. } => (0.0, f64::INFINITY),
            Self::Empirical(pairs) => pairs.iter().filter(|pair| pair.1 > 0.0).fold(
                (f64::INFINITY, f64::NEG_INFINITY),
                |(low, high), (value, _)| (low.min(*value), high.max(*value)),
            ),
        }
    }

    /// True if its ends are the planner's own: then they must lie in the range of the field.
    #[must_use]
    pub const fn has_stated_ends(&self) -> bool {
        matches!(
            self,
            Self::Fixed(_)
                | Self::Uniform(_)
                | Self::Triangular(_)
                | Self::Pert(..)
                | Self::Empirical(_)
        )
    }

    /// The mean.
    ///
    /// ```
    /// use skillmix::distribution::Family;
    ///
    /// // (2 + 4 x 5 + 14) / 6, and with twice the weight (2 + 8 x 5 + 14) / 10
    /// assert_eq!(Family::Pert([2.0, 5.0, 14.0], 4.0).mean(), 6.0);
    /// assert_eq!(Family::Pert([2.0, 5.0, 14.0], 8.0).mean(), 5.6);
    /// ```
    #[must_use]
    pub fn mean(&self) -> f64 {
        match self {
            Self::Fixed(value) => *value,
            Self::Uniform([low, high]) => f64::midpoint(*low, *high),
            Self::Triangular([low, mode, high]) => (low + mode + high) / 3.0,
            Self::Pert([low, mode, high], weight) => {
                ((low + weight * mode + high) / (weight + 2.0)).clamp(*low, *high)
            }
            Self::Lognormal { mu, sigma } => (mu + sigma * sigma / 2.0).exp(),
            Self::Beta { alpha, beta } => alpha / (alpha + beta),
            Self::Gamma { shape, scale } => shape * scale,
            Self::Normal { mean, .. }
            | Self::Poisson { mean }
            | Self::NegativeBinomial { mean, .. } => *mean,
            Self::Empirical(_) => self.moments_of_list().0,
        }
    }

    /// The variance.
    ///
    /// ```
    /// use skillmix::distribution::Family;
    ///
    /// // l = 0, m = 3, h = 3: (0 + 9 + 9 - 0 - 0 - 9) / 18
    /// assert_eq!(Family::Triangular([0.0, 3.0, 3.0]).variance(), 0.5);
    /// ```
    #[must_use]
    pub fn variance(&self) -> f64 {
        match self {
            Self::Fixed(_) => 0.0,
            Self::Uniform([low, high]) => (high - low).powi(2) / 12.0,
            Self::Triangular([low, mode, high]) => {
                let (rise, fall) = (mode - low, high - mode);
                (rise * rise + rise * fall + fall * fall) / 18.0
            }
            Self::Pert([low, _, high], weight) => {
                (self.mean() - low) * (high - self.mean()) / (weight + 3.0)
            }
            Self::Normal { sd, .. } => sd * sd,
            Self::Lognormal { sigma, .. } => (sigma * sigma).exp_m1() * self.mean().powi(2),
            Self::Beta { alpha, beta } => {
                let sum = alpha + beta;
                alpha * beta / (sum * sum * (sum + 1.0))
            }
            Self::Gamma { shape, scale } => shape * scale * scale,
            Self::Poisson { mean } => *mean,
            Self::NegativeBinomial { mean, size } => mean + mean * mean / size,
            Self::Empirical(_) => self.moments_of_list().1,
        }
    }

    fn moments_of_list(&self) -> (f64, f64) {
        let list = self.listed(f64::NEG_INFINITY, f64::INFINITY);
        list.map_or((f64::NAN, f64::NAN), |list| list.moments())
    }

    /// The values and their shares between `low` and `high`, if there are only some values.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // counts up to MOST_COUNTS
    pub(super) fn listed(&self, low: f64, high: f64) -> Option<Listed> {
        let pairs = match self {
            Self::Poisson { mean } => counts(*mean as u64, |n| mean / n)?,
            Self::NegativeBinomial { mean, size } => {
                let odds = mean / (mean + size);
                let mode = ((size - 1.0) / size * mean).max(0.0);
                counts(mode as u64, |n| (n - 1.0 + size) / n * odds)?
            }
            Self::Empirical(pairs) => pairs.clone(),
            _ => return None,
        };
        Listed::new(pairs, low, high)
    }

    /// Whether only some values can be drawn.
    pub(super) const fn is_listed(&self) -> bool {
        matches!(
            self,
            Self::Poisson { .. } | Self::NegativeBinomial { .. } | Self::Empirical(_)
        )
    }

    /// Share of draws at or below `x`, for the families that can have any value.
    #[must_use]
    pub(super) fn cdf(&self, x: f64) -> f64 {
        let (low, high) = self.bounds();
        if x < low {
            return 0.0;
        }
        if x >= high {
            return 1.0;
        }
        match self {
            Self::Uniform(_) => (x - low) / (high - low),
            Self::Triangular([_, mode, _]) if x < *mode => {
                (x - low).powi(2) / ((high - low) * (mode - low))
            }
            Self::Triangular([_, mode, _]) => {
                1.0 - (high - x).powi(2) / ((high - low) * (high - mode))
            }
            Self::Pert([_, mode, _], weight) => {
                let (alpha, beta) = beta_of_pert(low, *mode, high, *weight);
                Beta::new(alpha, beta).map_or(0.0, |b| b.cdf((x - low) / (high - low)))
            }
            Self::Normal { mean, sd } => 0.5 * erfc((mean - x) / sd / std::f64::consts::SQRT_2),
            Self::Lognormal { mu, sigma } => {
                LogNormal::new(*mu, *sigma).map_or(0.0, |spread| spread.cdf(x))
            }
            Self::Beta { alpha, beta } => Beta::new(*alpha, *beta).map_or(0.0, |b| b.cdf(x)),
            Self::Gamma { shape, scale } => {
                Gamma::new(*shape, 1.0).map_or(0.0, |g| g.cdf(x / scale))
            }
            _ => self.listed(low, high).map_or(0.0, |list| list.cdf(x)),
        }
    }

    /// The value below which a share `u` of the draws lies; `u` between 0 and 1.
    #[must_use]
    pub fn quantile(&self, u: f64) -> f64 {
        let (low, high) = self.bounds();
        if high <= low {
            return low;
        }
        let inner = u.clamp(LEAST_SHARE, 1.0 - f64::EPSILON / 2.0);
        match self {
            Self::Fixed(value) => *value,
            Self::Uniform(_) => (low + u * (high - low)).clamp(low, high),
            Self::Triangular([_, mode, _]) => {
                let rising = (mode - low) / (high - low);
                let x = if u <= rising {
                    low + (u * (high - low) * (mode - low)).sqrt()
                } else {
                    high - ((1.0 - u) * (high - low) * (high - mode)).sqrt()
                };
                x.clamp(low, high)
            }
            Self::Pert([_, mode, _], weight) => {
                let (alpha, beta) = beta_of_pert(low, *mode, high, *weight);
                // The library's inverse, where it is known to hold; it gives up on steeper humps.
                let usual = *weight == 4.0 && (1e-9..=1.0 - 1e-9).contains(&u);
                let share = match Beta::new(alpha, beta) {
                    Ok(spread) if usual => spread.inverse_cdf(u),
                    _ => quantile_of_beta(alpha, beta, inner),
                };
                (low + (high - low) * share).clamp(low, high)
            }
            Self::Normal { mean, sd } => sd.mul_add(Normal::standard().inverse_cdf(inner), *mean),
            Self::Lognormal { mu, sigma } => sigma
                .mul_add(Normal::standard().inverse_cdf(inner), *mu)
                .exp(),
            Self::Beta { alpha, beta } => quantile_of_beta(*alpha, *beta, inner),
            Self::Gamma { shape, scale } => quantile_of_gamma(*shape, inner) * scale,
            _ => self.listed(low, high).map_or(low, |list| list.quantile(u)),
        }
    }
}

/// The quantile of a beta, looked for from the end near which most of it lies.
fn quantile_of_beta(alpha: f64, beta: f64, u: f64) -> f64 {
    if alpha > beta {
        return 1.0 - quantile_of_beta(beta, alpha, 1.0 - u);
    }
    let Ok(spread) = Beta::new(alpha, beta) else {
        return 0.0;
    };
    let density = |x: f64| if x < 1.0 { spread.pdf(x) } else { 0.0 };
    let guess = alpha / (alpha + beta);
    root::quantile(u, guess, |x| spread.cdf(x), |x| spread.sf(x), density).min(1.0)
}

/// The quantile of a gamma with scale 1.
fn quantile_of_gamma(shape: f64, u: f64) -> f64 {
    let Ok(spread) = Gamma::new(shape, 1.0) else {
        return 0.0;
    };
    // Wilson and Hilferty: the cube root is nearly normal.
    let ninth = 1.0 / (9.0 * shape);
    let start = shape * (1.0 - ninth + Normal::standard().inverse_cdf(u) * ninth.sqrt()).powi(3);
    root::quantile(
        u,
        start,
        |x| spread.cdf(x),
        |x| spread.sf(x),
        |x| spread.pdf(x),
    )
}

/// Share of the draws below the smallest value that a family without an end can have; no design comes near.
const LEAST_SHARE: f64 = 1e-30;

/// Both parameters of the beta that a pert is.
fn beta_of_pert(low: f64, mode: f64, high: f64, weight: f64) -> (f64, f64) {
    (
        1.0 + weight * (mode - low) / (high - low),
        1.0 + weight * (high - mode) / (high - low),
    )
}
