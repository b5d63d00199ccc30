//! Who is needed for this demand, and what do the staff in post deliver? The closed form: a year in the
//! long run, nothing random, nobody giving up.
//!
//! ```text
//! accepted     = referrals (1 - rejected) opt-in            assessed = accepted x assessed share
//! starts       = assessed x routes + completers stepped here        (solved together)
//! minutes      = referrals x screening + assessed x minutes an assessment + starts x minutes a start
//! needed WTE   = (minutes / 60 + supervision beyond job plans - hours of seniors and leads in post)
//!                / (bookable hours x weeks available)
//! places       = leavers a year of the needed staff, since each must be replaced
//! ```

mod cost;
mod intakes;
pub mod needs;
mod rules;
mod tables;
mod trace;
mod units;
mod words;

use std::sync::Arc;

use crate::error::{Error, Result};
use crate::scenario::{Scenario, check};
use crate::table::{Table, known_name};
use crate::timetable::{Timetable, World};

pub use needs::{Needs, PoolNeed, RoleNeed};

/// Names of the tables of a plan.
pub const TABLES: [&str; 11] = [
    "summary",
    "staff",
    "flow",
    "capacity",
    "supervision",
    "intakes",
    "norms",
    "cost",
    "unit_costs",
    "rules",
    "trace",
];

/// A finished plan.
#[derive(Debug, Clone)]
pub struct Plan {
    scenario: Scenario,
    timetable: Arc<Timetable>,
    needs: Needs,
    cost: Vec<cost::CostLeaf>,
}

/// Plans the year that begins with the calendar of the scenario.
///
/// # Errors
/// [`Error::Scenario`] if there is no pay table for so early a year, or a field is for `simulate` only.
pub fn plan(scenario: &Scenario) -> Result<Plan> {
    let spec = scenario.spec();
    check::in_expectation(spec)?;
    let timetable = Timetable::of(scenario, 53);
    let world = World::<1>::new(spec, &timetable, &[&[]]);
    let needs = needs::work_out(spec, &timetable, &world);
    let cost = cost::cost_leaves(spec, &timetable, &needs)?;
    Ok(Plan {
        scenario: scenario.clone(),
        timetable,
        needs,
        cost,
    })
}

impl Plan {
    /// The scenario that was planned.
    #[must_use]
    pub const fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The figures behind the tables.
    #[must_use]
    pub const fn needs(&self) -> &Needs {
        &self.needs
    }

    /// The compiled scenario.
    #[must_use]
    pub fn timetable(&self) -> &Timetable {
        &self.timetable
    }

    /// Full-year pay and on-costs of one WTE of each role, all payers \[pounds\].
    ///
    /// # Errors
    /// [`Error::Scenario`] if there is no pay table for so early a year.
    pub fn pay_per_wte(&self) -> Result<Vec<f64>> {
        cost::pay_per_wte(self.scenario.spec(), &self.timetable)
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
        let (spec, timetable, needs) = (self.scenario.spec(), &self.timetable, &self.needs);
        Ok(match known_name(name, &TABLES)? {
            "summary" => tables::summary(self),
            "staff" => tables::staff(timetable, needs),
            "flow" => tables::flow(needs),
            "capacity" => tables::capacity(timetable, needs),
            "supervision" => tables::supervision(spec, timetable, needs),
            "intakes" => intakes::table(&self.scenario),
            "norms" => tables::norms(timetable, needs),
            "cost" => cost::table(timetable, &self.cost),
            "unit_costs" => units::table(spec, timetable, needs, &self.cost),
            "rules" => rules::table(spec, timetable, needs),
            "trace" => trace::table(&self.scenario, timetable, needs, self),
            other => {
                return Err(Error::Unknown {
                    asked: other.into(),
                    offered: Vec::new(),
                });
            }
        })
    }

    /// The answer in sentences; the first is the headline.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        words::words(self)
    }
}
