//! What may a planner write, and what is said of a mistake?
//!
//! `round_trip`: what is saved is what is read. `problems`: every problem at once, with path, value, bounds
//! and a guess. `leaves`: any one leaf of a preset corrupted. `texts`: texts and files that are not
//! scenarios. `money`: budgets,
//! payers, lines and pay points. `series`: a planner's own file of referrals. `spreads`: numbers that are not known.
//! `one_by_one`: what only a run patient by patient uses. `schema`:
//! the exported schema is that of the code. `training`: courses, intakes and places
//! that do not fit.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
#![allow(clippy::float_cmp)] // what is read is what was written

mod common;

#[path = "scenario/leaves.rs"]
mod leaves;
#[path = "scenario/money.rs"]
mod money;
#[path = "scenario/one_by_one.rs"]
mod one_by_one;
#[path = "scenario/people.rs"]
mod people;
#[path = "scenario/problems.rs"]
mod problems;
#[path = "scenario/round_trip.rs"]
mod round_trip;
#[path = "scenario/schema.rs"]
mod schema;
#[path = "scenario/segments.rs"]
mod segments;
#[path = "scenario/series.rs"]
mod series;
#[path = "scenario/spreads.rs"]
mod spreads;
#[path = "scenario/texts.rs"]
mod texts;
#[path = "scenario/training.rs"]
mod training;
