//! Do the pure functions and small scenarios give what others have worked out?
//!
//! `cases` compares with `tests/data/oracles.json`, case by case; `published` reproduces published plans
//! and outturns. `tests/data/README.md` lists the cases that are not aimed at, with the reason.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
#![allow(clippy::float_cmp)] // whole numbers must come out whole

mod common;

#[path = "oracles/case.rs"]
mod case;
#[path = "oracles/cases.rs"]
mod cases;
#[path = "oracles/distributions.rs"]
mod distributions;
#[path = "oracles/manpower.rs"]
mod manpower;
#[path = "oracles/published.rs"]
mod published;
#[path = "oracles/queueing.rs"]
mod queueing;
#[path = "oracles/queues_simulated.rs"]
mod queues_simulated;
#[path = "oracles/statistics.rs"]
mod statistics;
#[path = "oracles/supervision.rs"]
mod supervision;
#[path = "oracles/value.rs"]
mod value;
