//! Who is needed in each service of a region, and what does that ask of the places?

use rayon::prelude::*;

use super::allocation::Allotted;
use super::sums::{added, stacked};
use super::{Region, tables};
use crate::error::Result;
use crate::measures::{number, whole};
use crate::plan::{Plan, plan as plan_one};
use crate::table::{Table, known_name};
use crate::threads;

/// Names of the tables of a region's plan.
pub const PLAN_TABLES: [&str; 7] = [
    "summary",
    "staff",
    "flow",
    "cost",
    "places",
    "allocation",
    "rules",
];

/// Plans of all services of a region, each for itself.
#[derive(Debug, Clone)]
pub struct RegionPlan {
    region: Region,
    allotted: Vec<Allotted>,
    plans: Vec<Plan>,
}

/// Plans every service, and shares the places.
pub fn plan(region: &Region) -> Result<RegionPlan> {
    let allotted = region.allot()?;
    let scenarios: Vec<_> = region.services().map(|(_, scenario)| scenario).collect();
    let plans: Vec<Result<Plan>> =
        threads::install(|| scenarios.par_iter().map(|one| plan_one(one)).collect());
    Ok(RegionPlan {
        region: region.clone(),
        allotted,
        plans: plans.into_iter().collect::<Result<_>>()?,
    })
}

impl RegionPlan {
    /// The region that was planned.
    #[must_use]
    pub const fn region(&self) -> &Region {
        &self.region
    }

    /// The plan of each service, in order of their names.
    pub fn plans(&self) -> impl ExactSizeIterator<Item = (&str, &Plan)> {
        (self.region.services())
            .zip(&self.plans)
            .map(|((name, _), plan)| (name, plan))
    }

    /// Names of the tables.
    #[must_use]
    pub fn tables(&self) -> Vec<&'static str> {
        PLAN_TABLES.to_vec()
    }

    /// A table by its name.
    ///
    /// # Errors
    /// [`crate::error::Error::Unknown`] with the names there are.
    pub fn table(&self, name: &str) -> Result<Table> {
        let parts = |name: &str| -> Result<Vec<(&str, Table)>> {
            let plans = self.plans();
            plans
                .map(|(service, plan)| Ok((service, plan.table(name)?)))
                .collect()
        };
        let of_all = |name: &str| -> Result<Vec<Table>> {
            Ok(parts(name)?.into_iter().map(|(_, table)| table).collect())
        };
        let service = ("service", "Service");
        Ok(match known_name(name, &PLAN_TABLES)? {
            "staff" => stacked("staff", service, &parts("staff")?),
            "rules" => stacked("rules", service, &parts("rules")?),
            "flow" => added("flow", &["denominator"], &of_all("flow")?),
            "cost" => added("cost", &["line", "payer", "recurrent"], &of_all("cost")?),
            "places" => tables::places(&self.region, &self.allotted),
            "allocation" => tables::allocation(&self.region, &self.allotted),
            _ => self.summary(),
        })
    }

    /// A row a service.
    fn summary(&self) -> Table {
        let asked = |service: usize, of: fn(&Allotted) -> f64| -> f64 {
            let rows = self.allotted.iter().filter(|one| one.service == service);
            rows.map(of).sum()
        };
        let rows: Vec<_> = self.plans().enumerate().collect();
        Table::of_rows("summary", &rows)
            .text("service", "Service", |row| row.1.0)
            .text(
                "group",
                "Group of the service; empty if it is in none",
                |row| self.region.group_of(row.1.0),
            )
            .number(
                "referrals",
                "people a year",
                "People referred in a year",
                |row| row.1.1.needs().demand.referrals,
            )
            .number("in_post", "WTE", "Qualified staff in post", |row| {
                row.1
                    .1
                    .needs()
                    .qualified(row.1.1.timetable(), |role| role.in_post)
            })
            .number(
                "needed",
                "WTE",
                "Qualified staff needed for the demand",
                |row| {
                    row.1
                        .1
                        .needs()
                        .qualified(row.1.1.timetable(), |role| role.needed)
                },
            )
            .number(
                "allocated",
                "heads",
                "Places of the region, over all its starts",
                |row| asked(row.0, |one| one.allocated),
            )
            .table()
    }

    /// The answer in sentences; the first is the headline.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let summary = self.summary();
        let sum = |name: &str| summary.numbers(name).iter().sum::<f64>();
        let (needed, in_post) = (sum("needed"), sum("in_post"));
        let services = self.plans.len();
        let mut said = vec![format!(
            "To serve {} referrals a year, {services} {} {} WTE of qualified staff; {} are in post.",
            whole(sum("referrals")),
            if services == 1 {
                "service needs"
            } else {
                "services need"
            },
            number(needed),
            number(in_post)
        )];
        said.extend(super::words::places(&self.region, &self.allotted));
        said
    }
}
