//! What does the plan cost beyond the service as it is, year by year, who pays, and what comes every year?
//!
//! Both runs are priced in the same way; the table is their difference. It reads the leaves of the runs, so
//! that every pound here is a pound there.

use crate::error::Result;
use crate::project::Projection;
use crate::table::{Table, Values};
use crate::targets::TargetPlan;

/// Pounds of a financial year that one payer pays, of a kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Added {
    /// Financial year.
    pub year: String,
    /// Whether the calendar covers all of it.
    pub complete: bool,
    /// Who pays.
    pub payer: String,
    /// Whether it comes again every year.
    pub recurrent: bool,
    /// Without the plan \[pounds\].
    pub before: f64,
    /// With the plan \[pounds\].
    pub after: f64,
    /// What the plan adds to what the last day of the year costs in a whole year \[pounds\].
    pub full_year: f64,
}

impl Added {
    /// What the plan adds \[pounds\].
    pub fn added(&self) -> f64 {
        self.after - self.before
    }
}

/// What two runs of one calendar cost, by year, payer and kind.
pub fn added(before: &Projection, after: &Projection) -> Result<Vec<Added>> {
    let mut rows: Vec<Added> = Vec::new();
    for (with_plan, run) in [(false, before), (true, after)] {
        let cost = run.table("cost")?;
        let truths = |name: &str| match cost.column(name).map(|column| &column.values) {
            Some(Values::Truth(list)) => list.clone(),
            _ => vec![false; cost.len()],
        };
        let (complete, recurrent) = (truths("complete"), truths("recurrent"));
        let (years, payers) = (cost.texts("year"), cost.texts("payer"));
        let full_year = cost.numbers("pounds_full_year");
        for (index, pounds) in cost.numbers("pounds").iter().enumerate() {
            let key = (&years[index], &payers[index], recurrent[index]);
            let place = rows
                .iter()
                .position(|row| (&row.year, &row.payer, row.recurrent) == key);
            let place = place.unwrap_or_else(|| {
                rows.push(Added {
                    year: key.0.clone(),
                    complete: complete[index],
                    payer: key.1.clone(),
                    recurrent: key.2,
                    before: 0.0,
                    after: 0.0,
                    full_year: 0.0,
                });
                rows.len() - 1
            });
            let row = &mut rows[place];
            let full = full_year[index];
            row.full_year += if with_plan { full } else { -full };
            *(if with_plan {
                &mut row.after
            } else {
                &mut row.before
            }) += pounds;
        }
    }
    rows.sort_by(|a, b| (&a.year, !a.recurrent, &a.payer).cmp(&(&b.year, !b.recurrent, &b.payer)));
    Ok(rows)
}

/// The complete year that the plan makes dearest, and by how much \[pounds\].
pub fn dearest_year(before: &Projection, after: &Projection) -> Result<Option<(String, f64)>> {
    let years = by_year(&added(before, after)?, |_| true);
    let dearest = years.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
    Ok(dearest)
}

/// What is added in each complete year over some of the rows \[pounds\].
pub fn by_year(rows: &[Added], counts: impl Fn(&Added) -> bool) -> Vec<(String, f64)> {
    let mut years: Vec<(String, f64)> = Vec::new();
    for row in rows.iter().filter(|row| row.complete) {
        if years.last().is_none_or(|(year, _)| *year != row.year) {
            years.push((row.year.clone(), 0.0));
        }
        if let Some(last) = years.last_mut().filter(|_| counts(row)) {
            last.1 += row.added();
        }
    }
    years
}

/// Cost by financial year, payer and kind: as it is, with the plan, added.
pub fn table(plan: &TargetPlan) -> Result<Table> {
    let rows = added(plan.before(), plan.run())?;
    let full = "What the plan adds to what the last day of the year costs in a whole year";
    let again = "Whether it comes again every year";
    Ok(Table::of_rows("cost", &rows)
        .text("year", "Financial year", |row| &row.year)
        .truth(
            "complete",
            "Whether the calendar covers the whole year",
            |row| row.complete,
        )
        .text("payer", "Who pays", |row| &row.payer)
        .truth("recurrent", again, |row| row.recurrent)
        .number("pounds_as_it_is", "pounds", "Without the plan", |row| {
            row.before
        })
        .number("pounds_with_plan", "pounds", "With the plan", |row| {
            row.after
        })
        .number("pounds_added", "pounds", "What the plan adds", Added::added)
        .number("full_year_added", "pounds a year", full, |row| {
            row.full_year
        })
        .table())
}
