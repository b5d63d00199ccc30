//! What is thought of a number that is not known? A family, cut off where no draw may lie.
//!
//! ```text
//! quantile(u) = Q(F(low) + u (F(high) - F(low)))
//! mean        = integral of Q(Phi(z)) phi(z) dz / (F(high) - F(low)) from Phi^-1(F(low)) to Phi^-1(F(high))
//! ```
//!
//! Q and F are those of the whole family, Phi and phi of the standard normal; the variance likewise. The
//! integrals are sums of Gauss and Legendre with ten points on each of 24 panels. Of a lognormal the moments
//! are worked out in closed form where its tail is heavy.

use std::sync::Arc;

use statrs::distribution::{Continuous, ContinuousCDF, Normal};

use super::family::Family;
use super::listed::Listed;

/// Largest share of the draws that may lie outside the range of a field without being said.
pub const OUTSIDE: f64 = 1e-6;

/// Smallest share of a family that a cut may leave.
const LEAST_INSIDE: f64 = 1e-3;

/// A family of distributions, cut off where no draw may lie.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    family: Family,
    within: Option<[f64; 2]>,
    /// Share of the whole family below the cut.
    below: f64,
    /// Share of the whole family inside.
    inside: f64,
    /// Values with their shares, if there are only some values.
    listed: Option<Arc<Listed>>,
    mean: f64,
    variance: f64,
}

impl Spread {
    /// The whole of a family. None if it is a count that is spread too widely.
    #[must_use]
    pub fn whole(family: Family) -> Option<Self> {
        let listed = if family.is_listed() {
            let list = family.listed(f64::NEG_INFINITY, f64::INFINITY)?;
            Some(Arc::new(list))
        } else {
            None
        };
        Some(Self {
            mean: family.mean(),
            variance: family.variance(),
            within: None,
            below: 0.0,
            inside: 1.0,
            listed,
            family,
        })
    }

    /// What lies between `low` and `high`. None if that is less than one in a thousand.
    ///
    /// ```
    /// use skillmix::distribution::{Family, Spread};
    ///
    /// // The upper half of a standard normal: mean sqrt(2 / pi), variance 1 - 2 / pi.
    /// let half = Spread::whole(Family::Normal { mean: 0.0, sd: 1.0 });
    /// let half = half.and_then(|all| all.cut(0.0, 1e6)).expect("half of it is left");
    /// assert!((half.mean() - 0.797_884_560_802_865_4).abs() < 1e-9);
    /// assert!((half.variance() - 0.363_380_227_632_418_6).abs() < 1e-9);
    /// ```
    #[must_use]
    pub fn cut(self, low: f64, high: f64) -> Option<Self> {
        let (least, most) = self.bounds();
        if low <= least && most <= high {
            return Some(self);
        }
        if self.share_outside(low, high) > 1.0 - LEAST_INSIDE {
            return None;
        }
        let within = Some([low, high]);
        if self.listed.is_some() {
            let list = self.family.listed(low, high)?;
            let (mean, variance) = list.moments();
            return Some(Self {
                within,
                mean,
                variance,
                listed: Some(Arc::new(list)),
                ..self
            });
        }
        let below = self.family.cdf(low);
        let inside = self.family.cdf(high) - below;
        let mut cut = Self {
            within,
            below,
            inside,
            ..self
        };
        (cut.mean, cut.variance) = cut.moments();
        Some(cut)
    }

    /// The family.
    #[must_use]
    pub const fn family(&self) -> &Family {
        &self.family
    }

    /// Where it is cut off, if it is.
    #[must_use]
    pub const fn within(&self) -> Option<[f64; 2]> {
        self.within
    }

    /// Lowest and highest value that can be drawn; infinite where there is no end.
    #[must_use]
    pub fn bounds(&self) -> (f64, f64) {
        if let Some(list) = &self.listed {
            return list.bounds();
        }
        let (low, high) = self.family.bounds();
        let [from, to] = self.within.unwrap_or([low, high]);
        (low.max(from), high.min(to))
    }

    /// The mean of what is drawn.
    #[must_use]
    pub const fn mean(&self) -> f64 {
        self.mean
    }

    /// The variance of what is drawn.
    #[must_use]
    pub const fn variance(&self) -> f64 {
        self.variance
    }

    /// The standard deviation of what is drawn.
    #[must_use]
    pub fn sd(&self) -> f64 {
        self.variance.sqrt()
    }

    /// Share of the draws that lie below `low` or above `high`.
    #[must_use]
    pub fn share_outside(&self, low: f64, high: f64) -> f64 {
        if let Some(list) = &self.listed {
            return list.cdf(low.next_down()) + 1.0 - list.cdf(high);
        }
        let share = |x: f64| ((self.family.cdf(x) - self.below) / self.inside).clamp(0.0, 1.0);
        share(low) + 1.0 - share(high)
    }

    /// The value below which a share `u` of the draws lies; `u` between 0 and 1.
    #[must_use]
    pub fn quantile(&self, u: f64) -> f64 {
        if let Some(list) = &self.listed {
            return list.quantile(u);
        }
        match self.within {
            None => self.family.quantile(u),
            Some([low, high]) => {
                let drawn = self.family.quantile(self.below + u * self.inside);
                drawn.clamp(low, high)
            }
        }
    }

    /// Mean and variance of a cut family that can have any value.
    fn moments(&self) -> (f64, f64) {
        let standard = Normal::standard();
        let place = |share: f64| standard.inverse_cdf(share.clamp(1e-16, 1.0 - 1e-16));
        let (from, to) = (place(self.below), place(self.below + self.inside));
        if let Family::Lognormal { mu, sigma } = self.family
            && sigma > 0.5
        {
            let [low, high] = self.within.unwrap_or([0.0, f64::INFINITY]);
            let place = |x: f64| {
                if x > 0.0 {
                    (x.ln() - mu) / sigma
                } else {
                    f64::NEG_INFINITY
                }
            };
            // E[X^r] = exp(r mu + r^2 s^2 / 2) (Phi(b - r s) - Phi(a - r s))
            let moment = |r: f64| {
                let shift = r * sigma;
                let share = standard.cdf(place(high) - shift) - standard.cdf(place(low) - shift);
                (r * mu + shift * shift / 2.0).exp() * share / self.inside
            };
            let mean = moment(1.0);
            return (mean, moment(2.0) - mean * mean);
        }
        // A triangle has a corner at its most likely value.
        let corner = if let Family::Triangular([_, mode, _]) = self.family {
            place(self.family.cdf(mode)).clamp(from, to)
        } else {
            from.midpoint(to)
        };
        let middle = self.quantile(0.5);
        let (mut weight, mut first, mut second) = (0.0, 0.0, 0.0);
        let mut add = |z: f64, part: f64| {
            let share = part * standard.pdf(z);
            let away = self.family.quantile(standard.cdf(z)) - middle;
            weight += share;
            first += share * away;
            second += share * away * away;
        };
        for (low, high) in [(from, corner), (corner, to)] {
            gauss(low, high, 12, &mut add);
        }
        let mean = first / weight;
        (middle + mean, (second / weight - mean * mean).max(0.0))
    }
}

/// Places and weights of Gauss and Legendre's rule with ten points on so many panels from `low` to `high`.
fn gauss(low: f64, high: f64, panels: u32, add: &mut impl FnMut(f64, f64)) {
    // Abramowitz and Stegun, table 25.4, n = 10.
    #[allow(clippy::excessive_precision)] // as printed
    const RULE: [(f64, f64); 5] = [
        (0.148_874_338_981_631_21, 0.295_524_224_714_752_87),
        (0.433_395_394_129_247_19, 0.269_266_719_309_996_36),
        (0.679_409_568_299_024_4, 0.219_086_362_515_982_04),
        (0.865_063_366_688_984_5, 0.149_451_349_150_580_6),
        (0.973_906_528_517_171_7, 0.066_671_344_308_688_14),
    ];
    let half = (high - low) / f64::from(panels) / 2.0;
    for panel in 0..panels {
        let middle = low + half * f64::from(2 * panel + 1);
        for (place, weight) in RULE {
            add(middle - half * place, half * weight);
            add(middle + half * place, half * weight);
        }
    }
}
