//! Where between 0 and 1 do the draws of an unsure number lie?
//!
//! A draw is the value of a family at a uniform number; a design says which uniform numbers are used.
//! A random design takes place `i` of the stream of the field's path: it depends on the seed, the path and
//! the number of the world alone, so that more worlds leave the first ones as they were.

use crate::stream::Stream;

/// A way to spread draws over what is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Design {
    /// Each draw by itself.
    #[default]
    Random,
}

impl Design {
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
