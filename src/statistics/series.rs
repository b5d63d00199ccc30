//! What does a series in time say: where does the warm-up end, how does each value follow the one before, and
//! what comes next?

use super::Running;

/// Numbers in a batch of the MSER-5 rule.
const BATCH: usize = 5;

/// Where the warm-up ends: the number of values at the start that are better left out, by MSER-5 (White, Cobb
/// and Spratt 2000).
///
/// The series is cut into means of five. Leaving out the first d of n means has the marginal standard error
/// `sum of squares around their mean / (n - d)^2`; the smallest one wins, the first of equals. Only the first half
/// is searched: if the best is at its end, the series is still on its way and the answer is `None`. So it is for
/// fewer than four batches. Values at the end that do not fill a batch are not used.
///
/// ```
/// // Ten high values, then 90 that only swing: the first ten are left out.
/// let series: Vec<f64> = (0..100)
///     .map(|i| if i < 10 { 50.0 } else { f64::from(i % 2) })
///     .collect();
/// assert_eq!(skillmix::statistics::warm_up(&series), Some(10));
/// ```
#[must_use]
pub fn warm_up(series: &[f64]) -> Option<usize> {
    let batches = series.chunks_exact(BATCH);
    let means: Vec<f64> = batches
        .map(|b| b.iter().sum::<f64>() / BATCH as f64)
        .collect();
    if means.len() < 4 || means.iter().any(|mean| !mean.is_finite()) {
        return None;
    }
    let half = means.len() / 2;
    let mut kept = Running::new();
    let mut best = (f64::INFINITY, 0);
    for (left_out, &mean) in means.iter().enumerate().rev() {
        kept.push(mean);
        let n = kept.count() as f64;
        let error = kept.variance() * (n - 1.0) / (n * n);
        if left_out <= half && error <= best.0 {
            best = (error, left_out);
        }
    }
    (best.1 < half).then_some(best.1 * BATCH)
}

/// Correlation of each value with the next: `sum (x_i - m)(x_i+1 - m) / sum (x_i - m)^2`. Not a number for a series
/// that does not vary.
#[must_use]
pub fn lag1_autocorrelation(series: &[f64]) -> f64 {
    let all: Running = series.iter().copied().collect();
    let mean = all.mean();
    let pairs = series.windows(2);
    let together: f64 = pairs.map(|pair| (pair[0] - mean) * (pair[1] - mean)).sum();
    let alone: f64 = series.iter().map(|x| (x - mean).powi(2)).sum();
    together / alone
}

/// Forecasts by simple exponential smoothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Smoothed {
    /// For each period what was forecast for it one period before.
    pub fitted: Vec<f64>,
    /// Forecast of the period after the last.
    pub next: f64,
}

/// Simple exponential smoothing (Brown 1956): `level = alpha x value + (1 - alpha) x level`, from the first value on;
/// the level is the forecast of the next period. `alpha` is between 0 (never learns) and 1 (the last value).
///
/// ```
/// let smoothed = skillmix::statistics::exponential_smoothing(&[12.0, 16.0], 0.25);
/// assert_eq!((smoothed.fitted, smoothed.next), (vec![12.0, 12.0], 13.0));
/// ```
#[must_use]
pub fn exponential_smoothing(values: &[f64], alpha: f64) -> Smoothed {
    let mut level = values.first().copied().unwrap_or(f64::NAN);
    let forecast = |&value: &f64| {
        let before = level;
        level = alpha * value + (1.0 - alpha) * level;
        before
    };
    Smoothed {
        fitted: values.iter().map(forecast).collect(),
        next: level,
    }
}
