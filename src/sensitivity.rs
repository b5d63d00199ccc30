//! What matters? Which of the unsure numbers move an outcome, and which is worth finding out.
//!
//! [`value`] says what it is worth to know an unsure number before one decides between options.

pub mod basis;
pub mod regression;
pub mod value;

pub use value::{Partial, Perfect, evpi, evppi};
