//! What does a year of each role cost, and how does a table show the leaves of a cost?

use crate::cost::{Leaf, TrainingMoney, annual_cost};
use crate::error::{Problem, Result};
use crate::reference::on_costs::EmployerCost;
use crate::reference::pay::PayError;
use crate::scenario::Spec;
use crate::table::Rows;
use crate::timetable::RolePlace;

/// Annual cost of one WTE of a role in the financial year that begins in `year` \[pounds\].
///
/// # Errors
/// [`crate::error::Error::Scenario`] if there is no pay table for so early a year.
pub fn annual_cost_of(spec: &Spec, place: &RolePlace, year: i16) -> Result<EmployerCost> {
    let cost = annual_cost(&place.said, &spec.money, year);
    cost.map_err(|error| no_pay_table(spec, &error).into())
}

/// The problem of a calendar that begins before the pay tables.
#[must_use]
pub fn no_pay_table(spec: &Spec, error: &PayError) -> Problem {
    Problem::told(
        "calendar.start",
        spec.calendar.start,
        &error.to_string(),
        "a year with a pay table",
    )
}

/// Training money of a role that people have while they train.
#[must_use]
pub fn training_money(spec: &Spec, place: &RolePlace) -> Option<TrainingMoney> {
    let course = spec.training.courses.get(place.course.as_ref()?)?;
    let payers = &spec.money.payers;
    Some(TrainingMoney {
        fee: course.fee.value(),
        salary_support: course.salary_support.value(),
        fee_payer: course.fee_payer.unwrap_or(payers.course_fee),
        support_payer: course.support_payer.unwrap_or(payers.salary_support),
    })
}

/// The columns that say of each leaf whose it is and who pays; `of` finds its role, if it is one of a role,
/// and the leaf.
#[must_use]
pub fn leaf_columns<'a, R>(
    rows: Rows<'a, R>,
    of: impl Fn(&'a R) -> (Option<&'a RolePlace>, &'a Leaf),
) -> Rows<'a, R> {
    let title = "Role as shown; the service where a line is of no role";
    rows.text("role", "Role; empty where a line is of no role", |row| {
        of(row).0.map_or("", |place| place.name.as_str())
    })
    .text("title", title, |row| {
        of(row)
            .0
            .map_or("The service", |place| place.said.title.as_str())
    })
    .text("band", "Agenda for Change band", |row| {
        of(row).0.map_or("", |place| place.said.band.name())
    })
    .text("line", "Line of the budget", |row| of(row).1.line.clone())
    .text("payer", "Who pays", |row| of(row).1.payer.name())
    .truth("recurrent", "Whether it comes again every year", |row| {
        of(row).1.recurrent
    })
    .text(
        "funding",
        "funded: within posts; pressure: staff, agency and overtime above them",
        |row| of(row).1.funding.name(),
    )
}
