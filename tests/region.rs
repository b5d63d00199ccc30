//! Do services that share places and money come to what they come to by themselves?
//!
//! `sharing`: places by hand sums. `adding`: the region is the sum of its services, to the penny. `files`:
//! what a region file may say, and what is said of a mistake.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
#![allow(clippy::float_cmp)] // what is added up in the same order is the same

mod common;

#[path = "region/adding.rs"]
mod adding;
#[path = "region/files.rs"]
mod files;
#[path = "region/sharing.rs"]
mod sharing;
