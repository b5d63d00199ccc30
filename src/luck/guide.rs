//! How is the same distribution of whole numbers drawn from often, in constant time?
//!
//! A guide table (Chen and Asau 1974): for each of g equal parts of the uniform number, the smallest answer
//! that is possible in it; from there the distribution function is searched upwards, less than one step on
//! average. The answer is the smallest k with `P(X <= k) >= u`, so it never falls as `u` rises, which an alias
//! table cannot promise.

/// A guide table over the whole numbers from 0.
#[derive(Debug, Clone)]
pub struct Guide {
    /// P(X <= k) for each k; the last is infinite, so that a search ends.
    up_to: Vec<f64>,
    /// For each part of the uniform number the smallest possible k.
    starts: Vec<u32>,
    parts: f64,
    only: Option<usize>,
}

impl Guide {
    /// The table of weights of 0, 1, 2, ...; they need not sum to 1. Weights that are not above 0 count as 0;
    /// without any weight the answer is always 0.
    #[must_use]
    pub fn new(weights: &[f64]) -> Self {
        let used = weights.iter().rposition(|&w| w > 0.0).map_or(1, |k| k + 1);
        let mut up_to = Vec::with_capacity(used);
        let mut sum = 0.0;
        for &weight in weights.iter().take(used) {
            sum += if weight > 0.0 { weight } else { 0.0 };
            up_to.push(sum);
        }
        for share in &mut up_to {
            *share /= sum;
        }
        up_to.resize(used, 0.0);
        up_to[used - 1] = f64::INFINITY;
        let parts = used.next_power_of_two();
        let mut k = 0;
        let starts = (0..=parts).map(|part| {
            while up_to[k] < part as f64 / parts as f64 {
                k += 1;
            }
            u32::try_from(k).unwrap_or(u32::MAX)
        });
        let starts = starts.collect();
        let last = used - 1;
        // The sum before the last answer is exactly 0 if there is no other.
        let only = last == 0 || up_to[last - 1] <= 0.0;
        Self {
            starts,
            up_to,
            parts: parts as f64,
            only: only.then_some(last),
        }
    }

    /// Smallest k with `P(X <= k) >= u`.
    #[must_use]
    #[inline]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to the number of parts
    pub fn quantile(&self, u: f64) -> usize {
        let part = ((u * self.parts) as usize).min(self.starts.len() - 1);
        let mut k = self.starts[part] as usize;
        while self.up_to[k] < u {
            k += 1;
        }
        k
    }

    /// The only answer there is, if there is only one.
    #[must_use]
    #[inline]
    pub const fn only(&self) -> Option<usize> {
        self.only
    }

    /// P(X <= k).
    #[must_use]
    pub fn at_most(&self, k: usize) -> f64 {
        self.up_to.get(k).map_or(1.0, |share| share.min(1.0))
    }
}

/// Counts of people who arrive: Poisson, or negative binomial where their variance is larger than their mean.
///
/// With `phi` = variance / mean, successive probabilities follow `P(k+1) / P(k) = (mean / phi + (1 - 1/phi) k) /
/// (k + 1)` (Panjer 1981), from the most likely count outwards, and are scaled to sum 1. Counts whose weight is
/// below 1e-22 of the largest, about ten standard deviations away, are left out: less than 1e-15 of all.
#[derive(Debug, Clone)]
pub struct CountTable {
    first: u64,
    guide: Guide,
}

/// Weight, relative to the largest, below which a count is left out.
const NEVER: f64 = 1e-22;

/// Most counts on either side of the most likely one.
const MOST_COUNTS: usize = 1 << 22;

impl CountTable {
    /// The table of counts with this mean and ratio of variance to mean. A mean that is not above 0 gives 0
    /// always; a ratio below 1 counts as 1 (Poisson).
    ///
    /// ```
    /// use skillmix::luck::CountTable;
    ///
    /// // Poisson(1): P(0) = P(1) = exp(-1) = 0.368
    /// let table = CountTable::new(1.0, 1.0);
    /// assert!((table.at_most(0) - (-1.0f64).exp()).abs() < 1e-15);
    /// assert_eq!([0.3, 0.4, 0.73, 0.74].map(|u| table.quantile(u)), [0, 1, 1, 2]);
    /// ```
    #[must_use]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // whole numbers from 0
    pub fn new(mean: f64, phi: f64) -> Self {
        if !(mean > 0.0 && mean.is_finite()) {
            return Self {
                first: 0,
                guide: Guide::new(&[1.0]),
            };
        }
        let phi = if phi > 1.0 { phi } else { 1.0 };
        let (alone, follows) = (mean / phi, 1.0 - 1.0 / phi);
        let up = |k: f64| (alone + follows * k) / (k + 1.0);
        let mode = (mean - phi + 1.0).max(0.0).floor();
        let mut weights = Vec::new();
        let (mut k, mut weight) = (mode, 1.0);
        while k > 0.0 && weights.len() < MOST_COUNTS {
            weight /= up(k - 1.0);
            if weight < NEVER {
                break;
            }
            weights.push(weight);
            k -= 1.0;
        }
        let first = mode as u64 - weights.len() as u64;
        weights.reverse();
        (k, weight) = (mode, 1.0);
        let below = weights.len();
        while weight >= NEVER && weights.len() < below + MOST_COUNTS {
            weights.push(weight);
            weight *= up(k);
            k += 1.0;
        }
        Self {
            first,
            guide: Guide::new(&weights),
        }
    }

    /// Smallest count k with `P(X <= k) >= u`.
    #[must_use]
    #[inline]
    pub fn quantile(&self, u: f64) -> u64 {
        self.first + self.guide.quantile(u) as u64
    }

    /// P(X <= k).
    #[must_use]
    pub fn at_most(&self, k: u64) -> f64 {
        match k.checked_sub(self.first) {
            Some(k) => self.guide.at_most(usize::try_from(k).unwrap_or(usize::MAX)),
            None => 0.0,
        }
    }
}
