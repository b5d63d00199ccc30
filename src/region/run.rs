//! What happens in every service, week by week, and what does it come to together?

use rayon::prelude::*;

use super::allocation::Allotted;
use super::{Region, read, tables, words};
use crate::error::Result;
use crate::project::roll_up::RollUp;
use crate::project::{Horizon, Projection, project as project_one};
use crate::table::{Table, known_name};
use crate::threads;

/// Names of the tables of a region's projection.
pub const TABLES: [&str; 13] = [
    "summary",
    "services",
    "groups",
    "monthly",
    "quarterly",
    "yearly",
    "staff",
    "cost",
    "budget",
    "places",
    "allocation",
    "waiting",
    "rules",
];

/// A finished run of all services of a region.
#[derive(Debug, Clone)]
pub struct RegionProjection {
    region: Region,
    allotted: Vec<Allotted>,
    runs: Vec<Projection>,
    together: Option<RollUp>,
}

/// Runs every service with its share of the places. The services run side by side and are added up in the
/// order of their names, so that the number of threads changes no figure.
pub fn project(region: &Region, horizon: Horizon) -> Result<RegionProjection> {
    let allotted = region.allot()?;
    let scenarios = read::with_trainees(region, &allotted)?;
    let one = |scenario| project_one(scenario, horizon);
    let runs: Vec<Result<Projection>> =
        threads::install(|| scenarios.par_iter().map(one).collect());
    let runs = runs.into_iter().collect::<Result<Vec<_>>>()?;
    let together = RollUp::of(&runs.iter().collect::<Vec<_>>());
    Ok(RegionProjection {
        region: region.clone(),
        allotted,
        runs,
        together,
    })
}

impl RegionProjection {
    /// The region that was run.
    #[must_use]
    pub const fn region(&self) -> &Region {
        &self.region
    }

    /// Who got which places.
    #[must_use]
    pub fn allotted(&self) -> &[Allotted] {
        &self.allotted
    }

    /// The run of each service, in order of their names.
    pub fn runs(&self) -> impl ExactSizeIterator<Item = (&str, &Projection)> {
        (self.region.services())
            .zip(&self.runs)
            .map(|((name, _), run)| (name, run))
    }

    /// Weeks of the run.
    #[must_use]
    pub fn weeks(&self) -> usize {
        self.runs.first().map_or(0, |run| run.timetable().weeks())
    }

    /// Names of the tables.
    #[must_use]
    pub fn tables(&self) -> Vec<&'static str> {
        let has_groups = !self.region.spec().groups.is_empty();
        TABLES
            .into_iter()
            .filter(|&name| has_groups || name != "groups")
            .collect()
    }

    /// A table by its name.
    ///
    /// # Errors
    /// [`crate::error::Error::Unknown`] with the names there are.
    pub fn table(&self, name: &str) -> Result<Table> {
        match known_name(name, &self.tables())? {
            "summary" => tables::summary(self),
            "services" => tables::services(self),
            "groups" => tables::groups(self),
            "staff" => tables::staff(self),
            "cost" => tables::cost(self),
            "budget" => tables::budget(self),
            "places" => Ok(tables::places(&self.region, &self.allotted)),
            "allocation" => Ok(tables::allocation(&self.region, &self.allotted)),
            "rules" => tables::rules(self),
            name => match &self.together {
                Some(together) => together.table(name),
                None => Ok(Table::new(name)),
            },
        }
    }

    /// The answer in sentences; the first is the headline.
    ///
    /// # Errors
    /// As [`Self::table`].
    pub fn words(&self) -> Result<Vec<String>> {
        words::words(self)
    }
}
