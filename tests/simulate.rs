//! The service patient by patient.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "simulate/caseloads.rs"]
mod caseloads;
#[path = "simulate/conservation.rs"]
mod conservation;
#[path = "simulate/growing.rs"]
mod growing;
#[path = "simulate/more_staff.rs"]
mod more_staff;
#[path = "simulate/same.rs"]
mod same;
#[path = "simulate/segments.rs"]
mod segments;
#[path = "simulate/stopped.rs"]
mod stopped;
#[path = "simulate/textbook.rs"]
mod textbook;
