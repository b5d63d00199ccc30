//! skillmix plans the staff of a stepped-care psychological therapy service: who is needed, when trainees
//! start to help, what the waiting lists do until then, and what each year costs.
//!
//! # The model on a page
//!
//! A [`Scenario`] is all that a planner writes down. It starts from a named, dated reference pack and states
//! only what differs; every value can show its source. It cannot be changed: `with` derives another one.
//! A number that is not known is marked `unsure` and drawn again in each world. A scenario is compiled once
//! to weekly arrays ([`timetable`]), which all runs and all draws share:
//!
//! | run | what it is | what it answers |
//! |---|---|---|
//! | [`fn@plan`] | closed form, a year in the long run | who is needed for this demand, and what do the staff in post deliver? |
//! | [`fn@project`] | week by week, the flow of expectations | when do trainees arrive, when does the backlog clear, which month breaks a rule, what does each year cost? |
//! | [`fn@simulate`] | patient by patient, with chance | how long do people wait, and how likely is each standard to be met? |
//! | [`fn@ensemble`] | many worlds, with or without luck | how sure are we, and how likely is each standard to be met? |
//! | [`fn@compare`] | options in the same worlds with the same luck | which is better, and how sure is that? |
//! | [`skill_mix`] | the same service at other shares of PWPs | which mix, at the same budget, WTE or demand? |
//! | [`mix::mix_sweep`] | every share, by demand, in many drawn worlds | where does 40:60 stop being right, and how sure is that? |
//!
//! Patients go from referral through screening and opting in to the assessment queue; the assessed are routed
//! to treatments of Step 2 and Step 3, each with a queue of its own; courses end in completion, dropping out
//! or a move to another step. Staff have one job plan a role, which sums to 37.5 hours:
//!
//! ```text
//! bookable hours = WTE x hours with patients x ramp of trainees x share of days worked
//!                  - supervision given beyond job plans
//! ```
//!
//! A week spends them in this order: sessions due in open courses, then assessments from the minutes kept for
//! them, then new courses, oldest first. The ten steps of a week stand in [`mod@project`], where they are run.
//!
//! # An example
//!
//! A PWP has 22 bookable hours in each of 42 weeks, so 924 a year; the pack has 11,736 referrals a year.
//!
//! ```
//! let scenario = skillmix::Scenario::preset("talking-therapies-2025")?.with("staff.pwp.posts", 24.0)?;
//!
//! let staff = skillmix::plan(&scenario)?.table("staff")?;
//! let pwp = staff.texts("role").iter().position(|role| role == "pwp");
//! let hours = pwp.map(|row| staff.numbers("bookable_hours_per_wte")[row]);
//! assert_eq!(hours, Some(22.0 * 42.0));
//!
//! let run = skillmix::project(&scenario, skillmix::Horizon::years(5))?;
//! let referrals: f64 = run.table("monthly")?.numbers("referrals")[..12].iter().sum();
//! println!("{referrals:.0} people are referred in the first year");
//! assert!((referrals - 11_736.0).abs() < 1e-6);
//!
//! let monthly = run.table("monthly")?;
//! if let Some(waiting) = monthly.column("waiting_step3").and_then(|column| column.last()) {
//!     println!("{waiting:.0} people wait for Step 3 at the end");
//! }
//! # Ok::<(), skillmix::error::Error>(())
//! ```
//!
//! # The floors of the house
//!
//! A module uses what is listed above its own floor, and nothing below it.
//!
//! 1. What everything stands on: [`error`] says what went wrong and what to do, [`mod@unit`] which quantities
//!    there are within which bounds, [`calendar`] which days are worked, [`stream`] where luck comes from,
//!    [`distribution`] how a number is spread, [`design`] where its draws lie, [`luck`] how one uniform number decides one thing,
//!    [`statistics`] what many replications say, [`linear`] solves equations, [`threads`] who computes.
//! 2. [`mod@reference`]: the published facts, each with its source.
//! 3. [`scenario`]: what the planner says, read and checked.
//! 4. Formulas, none of which knows another: [`demand`] (who is referred), [`pathway`] (what a course is in
//!    the long run), [`workforce`] (who is in post and who leaves), [`supervision`] (who owes it to whom),
//!    [`capacity`] (how much time there is), [`cost`] (who pays what), [`queueing`] (what closed forms say of
//!    a list), [`measures`] (which denominator, and how a standard is judged).
//! 5. Runs: [`table`] is the shape of every result, [`timetable`] the scenario compiled, [`record`] what a run
//!    writes down and shows, [`hours`] and [`opening`] what every run starts a week and itself with, [`intake`] how
//!    many trainees can start, [`mod@plan`] the closed form, [`mod@project`] the weeks, [`mod@simulate`] patients
//!    and clinicians one by one, [`mod@outcome`] the single numbers of a run that decide.
//! 6. [`mod@ensemble`]: many worlds of a scenario; [`mod@compare`]: options in the same worlds; [`mix`]: runs of the
//!    same service beside each other; [`mod@targets`]: the smallest plan that meets targets; [`region`]: services that
//!    share places and money; [`sensitivity`]: which unknown matters, and what finding it out is worth.
//! 7. `binding`, the only one that knows Python.
#![forbid(unsafe_code)]

pub mod calendar;
pub mod capacity;
pub mod compare;
pub mod cost;
pub mod demand;
pub mod design;
pub mod distribution;
pub mod ensemble;
pub mod error;
pub mod hours;
pub mod intake;
pub mod linear;
pub mod luck;
pub mod manpower;
pub mod measures;
pub mod mix;
pub mod opening;
pub mod outcome;
pub mod pathway;
pub mod plan;
pub mod project;
pub mod queueing;
pub mod record;
pub mod reference;
pub mod region;
pub mod scenario;
pub mod sensitivity;
pub mod simulate;
pub mod statistics;
pub mod stream;
pub mod supervision;
pub mod table;
pub mod targets;
pub mod threads;
pub mod timetable;
pub mod unit;
pub mod workforce;

#[cfg(feature = "python")]
mod binding;

pub use compare::compare;
pub use ensemble::ensemble;
pub use intake::largest_intake;
pub use mix::skill_mix;
pub use plan::plan;
pub use project::{Horizon, project};
pub use region::Region;
pub use scenario::Scenario;
pub use simulate::simulate;
pub use targets::plan_to;

/// The Rust lines of the README compile and run: they are a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
