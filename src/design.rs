//! Where between 0 and 1 do the draws of an unsure number lie?
//!
//! A draw is the value of a family at a uniform number; a design says which uniform numbers are used.
//! A random design takes place `i` of the stream of the field's path: it depends on the seed, the path and
//! the number of the world alone, so that more worlds leave the first ones as they were.

use crate::error::{Problem, Result, nearest};
use crate::stream::Stream;

/// A way to spread draws over what is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Design {
    /// Each draw by itself.
    #[default]
    Random,
}

impl Design {
    /// The names there are.
    pub const NAMES: [&'static str; 1] = ["random"];

    /// Reads a name.
    ///
    /// # Errors
    /// [`crate::error::Error::Scenario`] with the names there are.
    pub fn parse(name: &str) -> Result<Self> {
        match name {
            "random" => Ok(Self::Random),
            other => {
                let problem = Problem::new("design", format!("{other:?}"), Self::NAMES.join(", "));
                Err(problem.suggest(nearest(other, Self::NAMES)).into())
            }
        }
    }

    /// The name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Random => "random",
        }
    }

    /// Uniform numbers of the field at `path` in the first `number` worlds, each between 0 and 1, both
    /// excluded.
    #[must_use]
    pub fn uniforms(self, path: &str, number: usize, seed: u64) -> Vec<f64> {
        let stream = Stream::named(seed, path);
        match self {
            Self::Random => (0..number as u64)
                .map(|place| stream.uniform(place))
                .collect(),
        }
    }
}
