//! Where between 0 and 1 do the draws of unsure numbers lie?
//!
//! A draw is the value of a family at a uniform number; a design says which uniform numbers are used.
//!
//! ```text
//! random           u(world) = the place `world` in the stream of the field's path
//! Latin hypercube  u(world) = (place of the world in a permutation + the number of random) / worlds
//! Sobol            u(world) = point `world` of the sequence, scrambled; the field is the dimension
//! ```
//!
//! A random design depends on the seed, the path and the number of the world alone: more worlds, and more
//! fields, leave the others as they were. More worlds of a Sobol design leave the first ones as they were, more
//! fields do not; of a Latin hypercube neither does, since every world is one of so many strata. Sobol designs
//! are best with a power of two of worlds.

mod copula;
mod sobol;

use crate::error::{Problem, Result, nearest};
use crate::stream::Stream;

pub use copula::{Copula, NotPositive};
pub use sobol::DIMENSIONS;

/// A way to spread draws over what is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Design {
    /// Each draw by itself.
    #[default]
    Random,
    /// One draw in each of as many strata of equal probability as there are worlds.
    LatinHypercube,
    /// Points of the Sobol sequence, scrambled after Owen.
    Sobol,
}

impl Design {
    /// All designs.
    pub const ALL: [Self; 3] = [Self::Random, Self::LatinHypercube, Self::Sobol];

    /// Names of all designs.
    pub const NAMES: [&'static str; 3] = ["random", "latin_hypercube", "sobol"];

    /// Reads a name.
    ///
    /// # Errors
    /// [`crate::error::Error::Scenario`] with the names there are.
    pub fn parse(name: &str) -> Result<Self> {
        let known = Self::ALL.into_iter().find(|design| design.name() == name);
        known.ok_or_else(|| {
            let problem = Problem::new("design", format!("{name:?}"), Self::NAMES.join(", "));
            problem.suggest(nearest(name, Self::NAMES)).into()
        })
    }

    /// Name, as a planner writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// Most fields that the design can draw.
    #[must_use]
    pub const fn most_fields(self) -> usize {
        match self {
            Self::Sobol => DIMENSIONS,
            _ => usize::MAX,
        }
    }

    /// Uniform numbers of the field at `path`, the `dimension`th of all, in the first `number` worlds, each
    /// between 0 and 1, both excluded.
    #[must_use]
    pub fn uniforms(self, path: &str, dimension: usize, number: usize, seed: u64) -> Vec<f64> {
        let stream = Stream::named(seed, path);
        let worlds = 0..number as u64;
        match self {
            Self::Random => worlds.map(|place| stream.uniform(place)).collect(),
            Self::LatinHypercube => {
                let order = permutation(Stream::named(seed, &format!("{path} strata")), number);
                let strata = order.into_iter().zip(worlds);
                strata
                    .map(|(stratum, place)| {
                        (f64::from(stratum) + stream.uniform(place)) / number as f64
                    })
                    .collect()
            }
            Self::Sobol => {
                let key = Stream::named(seed, &format!("{path} scrambled")).bits();
                (0..u32::try_from(number).unwrap_or(u32::MAX))
                    .map(|index| sobol::scrambled(dimension, index, key))
                    .collect()
            }
        }
    }
}

/// The numbers from 0 to below `number` in an order of chance (Fisher and Yates).
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // places in the list
fn permutation(stream: Stream, number: usize) -> Vec<u32> {
    let mut order: Vec<u32> = (0..u32::try_from(number).unwrap_or(u32::MAX)).collect();
    for last in (1..order.len()).rev() {
        let place = (stream.uniform(last as u64) * (last + 1) as f64) as usize;
        order.swap(last, place.min(last));
    }
    order
}

#[cfg(test)]
mod tests;
