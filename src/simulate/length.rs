//! How long does a course last that has a length in place of sessions? A quantile, fast enough for millions.

use crate::distribution::{Lasting, LastingFamily};
use crate::simulate::person::{Time, WEEK};

/// Parts of the table of a quantile that takes long to work out.
const PARTS: usize = 4096;

/// A length that differs between people.
#[derive(Debug, Clone)]
pub struct Length {
    said: Lasting,
    /// Quantiles at 1/parts, 2/parts, ...; between them they are interpolated, in the tails worked out.
    knots: Vec<f64>,
}

impl Length {
    /// The length that a scenario says.
    #[must_use]
    pub fn new(said: Lasting) -> Self {
        let slow = said.family == LastingFamily::Gamma && said.sd() > 0.0;
        let knots = if slow {
            (0..=PARTS)
                .map(|part| said.quantile(part as f64 / PARTS as f64))
                .collect()
        } else {
            Vec::new()
        };
        Self { said, knots }
    }

    /// Ticks below which a share `u` of the courses ends.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // at most the longest run
    pub fn quantile(&self, u: f64) -> Time {
        let part = u * PARTS as f64;
        let below = part as usize;
        let weeks = if self.knots.is_empty() || below == 0 || below + 1 >= PARTS {
            self.said.quantile(u)
        } else {
            let (low, high) = (self.knots[below], self.knots[below + 1]);
            low + (high - low) * (part - below as f64)
        };
        (weeks * f64::from(WEEK))
            .round()
            .min(f64::from(Time::MAX / 2)) as Time
    }
}
