//! What matters? Which of the unsure numbers move an outcome, and which is worth finding out before deciding.
//!
//! [`mod@tornado`] moves one number at a time. [`study`] runs options in the same worlds and says what it would be
//! worth to know more ([`value`]), in the light of an [`objective`]. Designs and indices of Morris and Sobol come
//! from elsewhere: [`Worlds::given`](crate::scenario::worlds::Worlds::given) takes any design, and
//! [`evaluate`](crate::outcome::evaluate) runs it.

pub mod basis;
pub mod objective;
pub mod regression;
pub mod study;
pub mod tornado;
pub mod value;

pub use objective::Objective;
pub use study::{Question, Study, value_of_information};
pub use tornado::tornado;
pub use value::{Partial, Perfect, evpi, evppi};
