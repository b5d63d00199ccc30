//! skillmix plans the staff of a stepped-care psychological therapy service.
#![forbid(unsafe_code)]

pub mod calendar;
pub mod capacity;
pub mod cost;
pub mod demand;
pub mod distribution;
pub mod error;
pub mod measures;
pub mod mix;
pub mod pathway;
pub mod plan;
pub mod project;
pub mod queueing;
pub mod reference;
pub mod scenario;
pub mod stream;
pub mod supervision;
pub mod table;
pub mod timetable;
pub mod unit;
pub mod workforce;

#[cfg(feature = "python")]
mod binding;
