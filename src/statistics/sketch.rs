//! What are the quantiles of a stream, when the numbers themselves are not kept?
//!
//! Counts in bins whose bounds grow by the same ratio (`DDSketch`; Masson, Rim and Lee 2019), so that a quantile is
//! known to the same relative error everywhere. Counts are whole numbers: the order in which streams are merged
//! changes nothing.

/// Relative error of a quantile.
const ERROR: f64 = 0.005;

/// Logarithm of the ratio between the bounds of neighbouring bins, `ln((1 + error) / (1 - error))`.
const LOG_RATIO: f64 = 0.010_000_083_334_583_356;

/// Numbers nearer to 0 than this are counted as 0.
const SMALLEST: f64 = 1e-9;

/// Numbers further from 0 than this are counted as this.
const LARGEST: f64 = 1e18;

/// Quantiles of numbers that come one by one, to half a per cent of their value.
///
/// Bin i holds what is above `g^(i-1)` and up to `g^i` with `g = 1.005 / 0.995`, and stands for `2 g^i / (g + 1)`, which
/// is within 0.5 % of all of it. Zeros and infinite numbers are counted apart and come out exactly, as do the
/// smallest and the largest number. What is not a number is not counted. Only the bins between the smallest and
/// the largest number take memory: 4 bytes each, 461 of them where the largest is a hundred times the smallest.
///
/// ```
/// let mut sketch = skillmix::statistics::Sketch::new();
/// (1..=1000).for_each(|x| sketch.push(f64::from(x)));
/// let median = sketch.quantile(0.5);
/// assert!((median / 500.0 - 1.0).abs() <= 0.005);
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sketch {
    count: u64,
    zeros: u64,
    infinite: [u64; 2],
    negative: Bins,
    positive: Bins,
    bounds: Option<(f64, f64)>,
}

/// Counts of neighbouring bins.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Bins {
    /// Number of the first bin.
    first: i32,
    /// A count stops at the largest number that it can hold.
    counts: Vec<u32>,
}

impl Bins {
    /// Makes room for the bins from `first` to `last`.
    fn cover(&mut self, first: i32, last: i32) {
        if self.counts.is_empty() {
            self.first = first;
        }
        let before = usize::try_from(self.first - first).unwrap_or(0);
        if before > 0 {
            self.counts.reserve_exact(before);
            self.counts.splice(..0, std::iter::repeat_n(0, before));
            self.first = first;
        }
        let length = usize::try_from(last - self.first + 1).unwrap_or(0);
        if length > self.counts.len() {
            self.counts.reserve_exact(length - self.counts.len());
            self.counts.resize(length, 0);
        }
    }

    #[inline]
    fn add(&mut self, bin: i32) {
        let place = usize::try_from(bin.wrapping_sub(self.first)).unwrap_or(usize::MAX);
        if let Some(count) = self.counts.get_mut(place) {
            *count = count.saturating_add(1);
        } else {
            self.cover(bin, bin);
            self.add(bin);
        }
    }

    fn merge(&mut self, other: &Self) {
        let Ok(length) = i32::try_from(other.counts.len()) else {
            return;
        };
        if length == 0 {
            return;
        }
        self.cover(other.first, other.first + length - 1);
        let skip = usize::try_from(other.first - self.first).unwrap_or(0);
        for (ours, theirs) in self.counts[skip..].iter_mut().zip(&other.counts) {
            *ours = ours.saturating_add(*theirs);
        }
    }

    /// The bins and their counts, in rising order.
    fn each(&self) -> impl DoubleEndedIterator<Item = (i32, u64)> + ExactSizeIterator {
        let counts = self.counts.iter().enumerate();
        #[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)] // some thousands
        counts.map(|(place, &count)| (self.first + place as i32, u64::from(count)))
    }
}

impl Sketch {
    /// Relative error of a quantile: 0.5 %.
    pub const RELATIVE_ERROR: f64 = ERROR;

    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts one number.
    #[inline]
    pub fn push(&mut self, x: f64) {
        if x.is_nan() {
            return;
        }
        self.count += 1;
        if x.is_infinite() {
            self.infinite[usize::from(x > 0.0)] += 1;
            return;
        }
        self.bounds = Some(
            self.bounds
                .map_or((x, x), |(min, max)| (min.min(x), max.max(x))),
        );
        let size = x.abs();
        if size < SMALLEST {
            self.zeros += 1;
        } else if x > 0.0 {
            self.positive.add(bin(size));
        } else {
            self.negative.add(bin(size));
        }
    }

    /// Counts all that `other` counted.
    pub fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.zeros += other.zeros;
        self.infinite[0] += other.infinite[0];
        self.infinite[1] += other.infinite[1];
        self.negative.merge(&other.negative);
        self.positive.merge(&other.positive);
        self.bounds = match (self.bounds, other.bounds) {
            (Some(ours), Some(theirs)) => Some((ours.0.min(theirs.0), ours.1.max(theirs.1))),
            (ours, theirs) => ours.or(theirs),
        };
    }

    /// How many numbers were counted.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The smallest number that at least a share `q` of all do not exceed, to 0.5 % of its value; not a number if
    /// nothing was counted.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 1 to count
    pub fn quantile(&self, q: f64) -> f64 {
        if self.count == 0 || q.is_nan() {
            return f64::NAN;
        }
        // A product such as 0.95 x 20 may come out a rounding error above the whole number.
        let rank = (q.clamp(0.0, 1.0) * self.count as f64 * (1.0 - 1e-15)).ceil();
        let rank = (rank as u64).clamp(1, self.count);
        let below = std::iter::once((f64::NEG_INFINITY, self.infinite[0]));
        let negative = self.negative.each().rev();
        let positive = self.positive.each();
        let finite = negative
            .map(|(bin, count)| (-middle(bin), count))
            .chain(std::iter::once((0.0, self.zeros)))
            .chain(positive.map(|(bin, count)| (middle(bin), count)));
        let within = |value: f64| match self.bounds {
            Some((min, max)) if value.is_finite() => value.max(min).min(max),
            _ => value,
        };
        let mut up_to = 0;
        for (value, count) in below.chain(finite) {
            up_to += count;
            if up_to >= rank {
                return within(value);
            }
        }
        f64::INFINITY
    }
}

/// The bin of a size.
#[inline]
#[allow(clippy::cast_possible_truncation)] // a few thousand at most
fn bin(size: f64) -> i32 {
    let bound = size.min(LARGEST).ln() / LOG_RATIO;
    // Rounded up by a cast, not by ceil(): that is a call where the processor is an old one.
    let whole = bound as i32;
    whole + i32::from(bound > f64::from(whole))
}

/// The size that stands for a bin.
fn middle(bin: i32) -> f64 {
    (f64::from(bin) * LOG_RATIO).exp() * (1.0 - ERROR)
}
