//! What does each financial year cost, by role, line and payer?

use crate::calendar::FinancialYear;
use crate::record::Record;
use crate::record::costing::CostRow;
use crate::scenario::Spec;
use crate::table::{Rows, Table};
use crate::timetable::Timetable;
use crate::timetable::cost::leaf_columns;

/// Adds the columns that say how much of a financial year the horizon covers.
pub fn covered<'a, R>(rows: Rows<'a, R>, year: impl Fn(&'a R) -> &'a FinancialYear) -> Rows<'a, R> {
    rows.whole(
        "days",
        "days",
        "Days of the year inside the horizon",
        |row| year(row).days_inside.into(),
    )
    .truth(
        "complete",
        "Whether the horizon covers the whole year",
        |row| year(row).days_inside == year(row).days_whole,
    )
}

/// The leaves of the cost by financial year.
pub fn cost(spec: &Spec, timetable: &Timetable, record: &Record) -> Table {
    let year = |row: &CostRow| -> &FinancialYear { &timetable.calendar.financial_years[row.year] };
    let rows = Table::of_rows("cost", &record.costs(spec, timetable).rows).text(
        "year",
        "Financial year",
        |row| &year(row).label,
    );
    let rows = covered(rows, year);
    let full = "Full-year effect: what the last day of the year costs in a whole year at its prices, \
                of what comes again";
    leaf_columns(rows, |row| (row.whose.place(timetable), &row.leaf))
        .number("pounds", "pounds", "Pounds of the year", |row| {
            row.leaf.pounds
        })
        .number("pounds_full_year", "pounds a year", full, |row| {
            row.leaf.pounds_full_year
        })
        .table()
}
