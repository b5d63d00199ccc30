//! What does a year of each role cost, and how does a table show the leaves of a cost?

use crate::cost::{Leaf, TrainingMoney, annual_cost};
use crate::error::{Problem, Result};
use crate::reference::on_costs::EmployerCost;
use crate::scenario::Spec;
use crate::table::Rows;
use crate::timetable::RolePlace;

/// Annual cost of one WTE of a role in the financial year that begins in `year` \[pounds\].
///
/// # Errors
/// [`crate::error::Error::Scenario`] if there is no pay table for so early a year.
pub fn annual_cost_of(spec: &Spec, place: &RolePlace, year: i16) -> Result<EmployerCost> {
    annual_cost(&place.said, &spec.money, year).map_err(|error| {
        Problem::told(
            "calendar.start",
            spec.calendar.start,
            &error.to_string(),
            "a year with a pay table",
        )
        .into()
    })
}

/// Training money of a role that people have while they train.
#[must_use]
pub fn training_money(spec: &Spec, place: &RolePlace) -> Option<TrainingMoney> {
    let course = spec.training.courses.get(place.course.as_ref()?)?;
    Some(TrainingMoney {
        fee: course.fee.value(),
        salary_support: course.salary_support.value(),
    })
}

/// The columns that say of each leaf whose it is and who pays; `of` finds its role and the leaf.
#[must_use]
pub fn leaf_columns<'a, R>(
    rows: Rows<'a, R>,
    of: impl Fn(&'a R) -> (&'a RolePlace, &'a Leaf),
) -> Rows<'a, R> {
    rows.text("role", "Role", |row| &of(row).0.name)
        .text("title", "Role as shown", |row| &of(row).0.said.title)
        .text("band", "Agenda for Change band", |row| {
            of(row).0.said.band.name()
        })
        .text("line", "Line of the budget", |row| of(row).1.line)
        .text("payer", "Who pays", |row| of(row).1.payer.name())
        .truth("recurrent", "Whether it comes again every year", |row| {
            of(row).1.recurrent
        })
}
