//! What does a planner ask for, and does it fit the scenario?

mod keys;
mod reader;

use std::collections::BTreeMap;

use jiff::civil::Date;
use toml::Table;

use crate::error::{Error, Problem, Result};
use crate::scenario::Scenario;
use crate::targets::goals::Goal;

use reader::Reader;

pub use keys::KEYS;

/// What may close the gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Levers {
    /// Training places.
    pub training: bool,
    /// Recruitment beyond the posts that there are.
    pub recruitment: bool,
}

/// Targets that fit a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Targets {
    pub(super) goals: Vec<Goal>,
    pub(super) levers: Levers,
    pub(super) starts: Vec<Date>,
    /// Autumns asked for that the calendar is too short for.
    pub(super) beyond: usize,
    pub(super) internal_share: Option<f64>,
    pub(super) most_places: BTreeMap<String, f64>,
    pub(super) most_recruits: f64,
    pub(super) budget: Option<f64>,
    pub(super) conditions: bool,
    /// Month from which the targets are kept, by index.
    pub(super) by: usize,
    /// Last month of the window, by index.
    pub(super) until: usize,
    pub(super) access_rate: Option<f64>,
    stated: Table,
}

impl Targets {
    /// Reads targets for a scenario from a tree such as `{step3_wait_weeks = 12, by = "2026-10"}`.
    ///
    /// # Errors
    /// [`Error::Scenario`] with all problems, each with its path, such as `to.step3_wait_weeks`.
    pub fn read(scenario: &Scenario, stated: &Table) -> Result<Self> {
        let mut reader = Reader::new(scenario, stated);
        let targets = reader.targets();
        let mut told: Vec<Problem> = Vec::new();
        for problem in reader.problems.drain(..) {
            if !told.contains(&problem) {
                told.push(problem);
            }
        }
        reader.problems = told;
        if reader.problems.is_empty() {
            Ok(targets)
        } else {
            Err(Error::Scenario(reader.problems))
        }
    }

    /// The same from TOML text.
    ///
    /// # Errors
    /// [`Error::Scenario`] with all problems.
    pub fn from_toml(scenario: &Scenario, text: &str) -> Result<Self> {
        Self::read(scenario, &crate::scenario::read::toml_tree(text)?)
    }

    /// What was asked, as it was stated.
    #[must_use]
    pub const fn stated(&self) -> &Table {
        &self.stated
    }

    /// What was asked, in words.
    #[must_use]
    pub fn asked(&self) -> String {
        let asked: Vec<String> = self.goals.iter().map(Goal::asked).collect();
        asked.join(" and ")
    }
}
