//! Target first: who must be in post by when, how many training places must be commissioned for the next
//! autumns, and what does it cost?
//!
//! ```text
//! standing WTE = what the arrivals need in the long run, as in a plan
//! extra WTE    = (list - list at the target) x hours a start / (weeks to the date x hours a week of one WTE)
//! shortfall    = standing + extra until the date - staff in post, leavers, moves and planned intakes counted
//! places       = shortfall when a cohort has qualified / those who complete, in whole people
//! ```
//!
//! Queues, ramps and supervision make the closed form a first guess. The plan is run week by week, and the
//! extra is scaled until the targets are met from their date to the end of the window, which is the quarter
//! after the last planned cohort qualifies. In the end no single place can be left out.

pub mod ask;
mod cost;
mod evaluate;
mod goals;
mod levels;
mod search;
mod tables;
mod words;

use std::sync::atomic::AtomicBool;

use crate::error::{Error, Result};
use crate::project::Projection;
use crate::scenario::Scenario;
use crate::table::{Table, known_name};

pub use ask::Targets;
pub use levels::extra_wte;
pub use search::Commission;

/// Names of the tables of a plan to targets.
pub const TABLES: [&str; 10] = [
    "summary",
    "places",
    "path",
    "trajectory",
    "targets",
    "supervision",
    "staff",
    "cost",
    "rules",
    "changes",
];

/// A plan that leads to targets, or to the best that can be had.
#[derive(Debug, Clone)]
pub struct TargetPlan {
    targets: Targets,
    before: Projection,
    run: Projection,
    found: search::Found,
}

/// A plan, and why it misses its targets if it does.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The plan: the smallest that meets the targets, or the best that can be had.
    pub plan: TargetPlan,
    /// What was asked, the best that can be had and the rule that binds.
    pub missed: Option<Error>,
}

/// The smallest plan that meets the targets.
///
/// # Errors
/// [`Error::Infeasible`] with the best that can be had and the rule that binds; [`Error::Scenario`] if the
/// targets do not fit the scenario.
pub fn plan_to(scenario: &Scenario, targets: &Targets) -> Result<TargetPlan> {
    let attempt = attempt(scenario, targets)?;
    attempt.missed.map_or(Ok(attempt.plan), Err)
}

/// The smallest plan that meets the targets, or the best that can be had and why.
///
/// # Errors
/// [`Error::Scenario`] if the targets do not fit the scenario.
pub fn attempt(scenario: &Scenario, targets: &Targets) -> Result<Attempt> {
    attempt_until(scenario, targets, &AtomicBool::new(false))
}

/// The same; setting `stop` ends the search within a run or two.
///
/// # Errors
/// As [`attempt`], and [`Error::Infeasible`] if it was stopped.
pub fn attempt_until(scenario: &Scenario, targets: &Targets, stop: &AtomicBool) -> Result<Attempt> {
    search::attempt(scenario, targets, stop)
}

impl TargetPlan {
    /// The scenario with the places, the moves and the posts of the plan.
    #[must_use]
    pub const fn scenario(&self) -> &Scenario {
        self.run.scenario()
    }

    /// What was asked.
    #[must_use]
    pub const fn targets(&self) -> &Targets {
        &self.targets
    }

    /// The run of the scenario with the plan.
    #[must_use]
    pub const fn run(&self) -> &Projection {
        &self.run
    }

    /// The run of the scenario as it is.
    #[must_use]
    pub const fn before(&self) -> &Projection {
        &self.before
    }

    /// Whether all targets are met.
    #[must_use]
    pub const fn met(&self) -> bool {
        self.found.met
    }

    /// The training places, by autumn and course.
    #[must_use]
    pub fn places(&self) -> &[Commission] {
        &self.found.commissions
    }

    /// Posts to be advertised beside those that the scenario has, by role \[WTE\].
    #[must_use]
    pub fn recruits(&self) -> &[(String, f64)] {
        &self.found.recruits
    }

    /// Number of runs that were made to find it.
    #[must_use]
    pub const fn runs(&self) -> usize {
        self.found.runs
    }

    /// Names of the tables.
    #[must_use]
    pub fn tables(&self) -> Vec<&'static str> {
        TABLES.to_vec()
    }

    /// A table by its name.
    ///
    /// # Errors
    /// [`Error::Unknown`] with the names there are.
    pub fn table(&self, name: &str) -> Result<Table> {
        Ok(match known_name(name, &TABLES)? {
            "places" => tables::places(self),
            "path" => tables::path(self),
            "trajectory" => tables::trajectory(self)?,
            "targets" => tables::targets(self)?,
            "supervision" => tables::supervision(self)?,
            "cost" => cost::table(self)?,
            "changes" => tables::changes(self),
            name @ ("staff" | "rules") => self.run.table(name)?,
            _ => tables::summary(self)?,
        })
    }

    /// The answer in sentences; the first is the headline.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        words::words(self)
    }
}
