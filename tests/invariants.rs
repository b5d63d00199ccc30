//! What must hold of every run, whatever its numbers?
//!
//! `conservation`: nobody and no hour is lost. `scaling`: twice the service has twice the flow; order and
//! threads change nothing. `hours`: job plans, the trainee's year, 42 weeks. `money`: pay to the penny. `finance`: full-year effect, payers,
//! budgets, lines, purchases. `staffing`: who leaves, is away and is recruited, by hand.
//! `waits`: Little's law and what staff do to a wait. `months`: a monthly series comes back.
//! `supervision`: every hour is given once. `training`: the gate, the award, clauses and short courses by
//! hand. `moving`: who moves when fewer are there than are asked for. `whole_staff`: staff as whole people.
//! `whole_people`: patients too. `outcomes`: the single numbers of a run are those of its tables.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
#![allow(clippy::float_cmp)] // some figures must agree to the last bit

mod common;

#[path = "oracles/case.rs"]
mod case;
#[path = "invariants/conservation.rs"]
mod conservation;
#[path = "invariants/finance.rs"]
mod finance;
#[path = "invariants/hours.rs"]
mod hours;
#[path = "invariants/money.rs"]
mod money;
#[path = "invariants/months.rs"]
mod months;
#[path = "invariants/moving.rs"]
mod moving;
#[path = "invariants/outcomes.rs"]
mod outcomes;
#[path = "invariants/scaling.rs"]
mod scaling;
#[path = "invariants/services.rs"]
mod services;
#[path = "invariants/simulated.rs"]
mod simulated;
#[path = "invariants/staffing.rs"]
mod staffing;
#[path = "invariants/supervision.rs"]
mod supervision;
#[path = "invariants/training.rs"]
mod training;
#[path = "invariants/unsure.rs"]
mod unsure;
#[path = "invariants/waits.rs"]
mod waits;
#[path = "invariants/whole_people.rs"]
mod whole_people;
#[path = "invariants/whole_staff.rs"]
mod whole_staff;
