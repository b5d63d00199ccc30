//! How far may an estimate be off, and how many replications make it good enough?

use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::luck::normal_quantile;

/// Degrees of freedom from which the expansion around the normal quantile is used: its error is below 1e-14 there.
const MANY: f64 = 1000.0;

/// Quantile of Student's t distribution: the value below which a share `below` of it lies. Not a number
/// without degrees of freedom or outside 0 to 1.
///
/// ```
/// // Tables: 2.262 for 97.5 % with 9 degrees of freedom.
/// assert!((skillmix::statistics::t_quantile(0.975, 9.0) - 2.262_157_162_8).abs() < 1e-9);
/// ```
#[must_use]
pub fn t_quantile(below: f64, freedom: f64) -> f64 {
    if !(below > 0.0 && below < 1.0 && freedom > 0.0) {
        return f64::NAN;
    }
    if freedom <= MANY {
        return StudentsT::new(0.0, 1.0, freedom).map_or(f64::NAN, |t| t.inverse_cdf(below));
    }
    // Abramowitz and Stegun 1964, 26.7.5.
    let z = normal_quantile(below, 1.0 - below);
    let s = z * z;
    let first = z * (s + 1.0) / 4.0;
    let second = z * ((5.0 * s + 16.0) * s + 3.0) / 96.0;
    let third = z * (((3.0 * s + 19.0) * s + 17.0) * s - 15.0) / 384.0;
    z + (first + (second + third / freedom) / freedom) / freedom
}

/// Half width of the t interval of a mean, `t_(1+level)/2, n-1 x sd / sqrt(n)`; infinite for fewer than two numbers.
#[must_use]
pub fn half_width(sd: f64, count: u64, level: f64) -> f64 {
    if count < 2 {
        return f64::INFINITY;
    }
    if sd == 0.0 {
        return 0.0;
    }
    let t = t_quantile(f64::midpoint(1.0, level), (count - 1) as f64);
    t * sd / (count as f64).sqrt()
}

/// Interval that holds the true mean with probability `level`, for `count` independent and nearly normal numbers
/// (Law, Simulation Modeling and Analysis): `(low, high)`.
#[must_use]
pub fn t_interval(mean: f64, sd: f64, count: u64, level: f64) -> (f64, f64) {
    let half = half_width(sd, count, level);
    (mean - half, mean + half)
}

/// Replications that give a half width of at most `half`, judged from `pilot` replications with standard
/// deviation `sd`: `n = max(pilot, (t_(1+level)/2, pilot-1 x sd / half)^2)`, rounded up (Stein 1945).
///
/// The t quantile stays that of the pilot, because its standard deviation is all that is known: so the level is
/// kept whatever the true spread. For a relative precision give the share of the mean. The largest number there
/// is for fewer than two pilot runs or a half width that is not above 0.
///
/// ```
/// // Ten runs with mean 41.17 and sd 1.70036: 1 % is 0.4117; (2.262157 x 1.70036 / 0.4117)^2 = 87.3.
/// assert_eq!(skillmix::statistics::replications_for(1.70036, 10, 0.4117, 0.95), 88);
/// ```
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // saturates, and is not below 0
pub fn replications_for(sd: f64, pilot: u64, half: f64, level: f64) -> u64 {
    if pilot < 2 || half.is_nan() || half <= 0.0 {
        return u64::MAX;
    }
    if sd == 0.0 {
        return pilot;
    }
    let t = t_quantile(f64::midpoint(1.0, level), (pilot - 1) as f64);
    let wanted = (t * sd / half).powi(2);
    if wanted.is_nan() {
        return u64::MAX;
    }
    // A whole number may come out a rounding error higher.
    ((wanted * (1.0 - 1e-12)).ceil() as u64).max(pilot)
}

/// Interval of a share, by the score test (Wilson 1927): `(low, high)`, within 0 and 1 also for no or only successes.
///
/// ```text
/// centre = (s + z^2/2) / (n + z^2)      half = z sqrt(s (n - s) / n + z^2/4) / (n + z^2)
/// ```
///
/// Everything from 0 to 1 if nothing was tried.
#[must_use]
pub fn wilson(successes: u64, tried: u64, level: f64) -> (f64, f64) {
    wilson_of(
        successes.min(tried) as f64 / tried as f64,
        tried as f64,
        level,
    )
}

/// The same of a share of so many independent tries, which need not be whole numbers.
#[must_use]
pub fn wilson_of(share: f64, tried: f64, level: f64) -> (f64, f64) {
    if tried.is_nan() || tried <= 0.0 || share.is_nan() {
        return (0.0, 1.0);
    }
    let (s, n) = (share * tried, tried);
    let z = normal_quantile(f64::midpoint(1.0, level), (1.0 - level) / 2.0);
    let square = z * z;
    let centre = (s + square / 2.0) / (n + square);
    let half = z * (s * (n - s) / n + square / 4.0).sqrt() / (n + square);
    let low = if share <= 0.0 { 0.0 } else { centre - half };
    let high = if share >= 1.0 { 1.0 } else { centre + half };
    (low, high)
}
