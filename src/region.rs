//! Which services share training places and a budget, and what do they come to together?
//!
//! A [`Region`] holds scenarios by name and says what they share. Its places become intakes of the services by
//! a stated rule ([`allocation`]); every service then runs by itself, all of them side by side, and their
//! figures are added up: counts and pounds as sums, waits and shares worked out again from the sums, never as
//! means of means.
//!
//! ```text
//! region = sum over services, to the penny;      places = allocated to services + left over
//! ```

mod allocation;
mod check;
mod plan;
mod read;
mod run;
mod spec;
mod sums;
mod tables;
mod words;

use std::path::Path;
use std::sync::Arc;

use toml::{Table, Value};

use crate::error::Result;
use crate::project::Horizon;
use crate::scenario::Scenario;
use crate::scenario::read::{json_tree, text_of_file, text_to_dates, toml_tree};
use crate::scenario::training::Intake;

pub use allocation::{Allotted, share_places};
pub use plan::{PLAN_TABLES, RegionPlan};
pub use run::{RegionProjection, TABLES};
pub use spec::{
    Allocation, AllocationRule, Budget, BudgetPayer, Places, RegionSpec, Weight, schema_for_files,
};

/// Services that share places and money. It cannot be changed.
#[derive(Debug, Clone)]
pub struct Region {
    spec: Arc<RegionSpec>,
    /// In order of their names.
    services: Vec<(String, Scenario)>,
    /// What was stated, services as tables.
    stated: Table,
}

impl PartialEq for Region {
    fn eq(&self, other: &Self) -> bool {
        self.stated == other.stated
    }
}

impl Region {
    /// Reads a `.toml` or `.json` file; services that it names are read beside it.
    ///
    /// # Errors
    /// [`crate::error::Error::File`] if the file cannot be read, [`crate::error::Error::Scenario`] with all
    /// problems of the region and of its services.
    pub fn load(path: &Path) -> Result<Self> {
        let text = text_of_file(path)?;
        let is_json = path
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
        let tree = if is_json {
            json_tree(&text)?
        } else {
            toml_tree(&text)?
        };
        read::region(
            tree,
            Some(path.parent().unwrap_or(Path::new(""))),
            Vec::new(),
        )
    }

    /// Reads TOML text; its services are tables, since there is nothing that files could lie beside.
    ///
    /// # Errors
    /// [`crate::error::Error::Scenario`] with all problems.
    pub fn from_toml(text: &str) -> Result<Self> {
        read::region(toml_tree(text)?, None, Vec::new())
    }

    /// Reads JSON text; its services are tables.
    ///
    /// # Errors
    /// [`crate::error::Error::Scenario`] with all problems.
    pub fn from_json(text: &str) -> Result<Self> {
        read::region(json_tree(text)?, None, Vec::new())
    }

    /// A region of scenarios that are there already; `tree` says the rest.
    ///
    /// # Errors
    /// [`crate::error::Error::Scenario`] with all problems.
    pub fn of(services: Vec<(String, Scenario)>, tree: Table) -> Result<Self> {
        read::region(tree, None, services)
    }

    /// What the region says.
    #[must_use]
    pub fn spec(&self) -> &RegionSpec {
        &self.spec
    }

    /// Services in order of their names.
    pub fn services(&self) -> impl ExactSizeIterator<Item = (&str, &Scenario)> {
        let services = self.services.iter();
        services.map(|(name, scenario)| (name.as_str(), scenario))
    }

    /// Group of a service; empty if it is in none.
    #[must_use]
    pub fn group_of(&self, service: &str) -> &str {
        let mut groups = self.spec.groups.iter();
        groups
            .find(|(_, members)| members.iter().any(|member| member == service))
            .map_or("", |(group, _)| group)
    }

    /// Whether a service may send trainees to places, both by index.
    #[must_use]
    pub fn may_send(&self, places: usize, service: usize) -> bool {
        let places = &self.spec.places[places];
        let (name, scenario) = &self.services[service];
        let listed = places.services.is_empty() || places.services.contains(name);
        listed
            && scenario
                .spec()
                .training
                .courses
                .contains_key(&places.course)
    }

    /// The places that an intake of a service takes, by index, where intakes are stated: the first that fit.
    #[must_use]
    pub fn row_of(&self, service: usize, intake: &Intake) -> Option<usize> {
        if self.spec.allocation.rule != AllocationRule::Stated {
            return None;
        }
        let mut rows = 0..self.spec.places.len();
        rows.find(|&row| {
            self.may_send(row, service) && allocation::fits(intake, &self.spec.places[row])
        })
    }

    /// Trainees whom a service states for places \[heads\]; both by index.
    #[must_use]
    pub fn stated_on(&self, places: usize, service: usize) -> f64 {
        let intakes = self.services[service].1.spec().training.intakes.iter();
        intakes
            .filter(|intake| self.row_of(service, intake) == Some(places))
            .map(|intake| intake.trainees.mean())
            .sum()
    }

    /// Who gets which places; earlier starts first, then services in order of their names.
    ///
    /// # Errors
    /// As [`crate::plan()`].
    pub fn allot(&self) -> Result<Vec<Allotted>> {
        allocation::allot(self)
    }

    /// The services with the trainees whom the region gives them, in order of their names.
    ///
    /// # Errors
    /// [`crate::error::Error::Scenario`] if the trainees do not fit a service.
    pub fn with_trainees(&self) -> Result<Vec<Scenario>> {
        read::with_trainees(self, &self.allot()?)
    }

    /// Who is needed in each service, and what that asks of the places.
    ///
    /// # Errors
    /// As [`crate::plan()`].
    pub fn plan(&self) -> Result<RegionPlan> {
        plan::plan(self)
    }

    /// Every service week by week with its share of the places, side by side.
    ///
    /// # Errors
    /// As [`crate::project()`].
    pub fn project(&self, horizon: Horizon) -> Result<RegionProjection> {
        run::project(self, horizon)
    }

    /// Everything, services as tables, as TOML; reading it gives the same region.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let table = text_to_dates(&Value::Table(self.stated.clone()));
        toml::to_string_pretty(&table).unwrap_or_default()
    }

    /// Everything, services as tables, as JSON; reading it gives the same region.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(&self.stated).unwrap_or_default()
    }

    /// Everything that is stated, services as tables.
    #[must_use]
    pub const fn stated(&self) -> &Table {
        &self.stated
    }
}
