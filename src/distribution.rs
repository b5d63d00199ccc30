//! How is a number spread: over what we do not know (`unsure`), or between people (`varies`)?
//!
//! A draw is the inverse of the distribution function at a uniform number, so that equal luck gives equal
//! draws. A [`Spread`] is a [`Family`] that may be cut off on either side, so that no draw can leave the range
//! of its field.

mod between;
mod family;
mod fitted;
mod lasting;
mod listed;
mod root;
mod schema;
mod spread;

pub use between::{Between, BetweenFamily, MOST_SESSIONS, Varies, fixed_sessions};
pub use family::Family;
pub use fitted::{BETAS, SHAPES, by_mean_and_sd, by_quantiles};
pub use lasting::{LASTING_WEEKS, Lasting, LastingFamily, VariesInTime};
pub use listed::MOST_COUNTS;
pub use schema::Unsure;
pub use spread::{OUTSIDE, Spread};

/// Mean and standard deviation of the logarithm of a lognormal number with this mean and standard deviation:
/// `sigma^2 = ln(1 + (sd / mean)^2)`, `mu = ln(mean) - sigma^2 / 2`.
#[must_use]
pub fn lognormal(mean: f64, sd: f64) -> (f64, f64) {
    let variance = (sd / mean).powi(2).ln_1p();
    (mean.ln() - variance / 2.0, variance.sqrt())
}

#[cfg(test)]
mod tests;
