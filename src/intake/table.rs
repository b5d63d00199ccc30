//! How is a largest intake shown, and what limits it?

use super::{LargestIntake, Limit};
use crate::table::{Rows, Table};

impl LargestIntake {
    /// One row: the intake, and what one more trainee breaks.
    #[must_use]
    pub fn table(&self) -> Table {
        intake_columns(Table::of_rows("largest_intake", std::slice::from_ref(self))).table()
    }

    /// A row for each rule that limits it, the tightest first.
    #[must_use]
    pub fn limits_table(&self) -> Table {
        let without = "Whether the rule is broken in that month without the intake too";
        Table::of_rows("limits", &self.limits)
            .text("rule", "Name of the rule", |row| &row.rule)
            .text("title", "The rule", |row| &row.title)
            .text("severity", "condition or warning", |row| row.severity)
            .whole("trainees", "heads", "Most trainees that keep it", |row| {
                row.trainees.into()
            })
            .text("month", "Month in which one more breaks it first", |row| {
                &row.month
            })
            .number("worst", "", "What is owed or needed with one more", |row| {
                row.worst
            })
            .number("limit", "", "What can be given or is there", |row| {
                row.limit
            })
            .text("unit", "Unit of both", |row| row.unit)
            .truth("broken_without", without, |row| row.broken_without)
            .text("message", "What breaks with one more", |row| &row.sentence)
            .table()
    }
}

/// What a table says of largest intakes: how many, and what one more would break.
#[must_use]
pub fn intake_columns<'a>(rows: Rows<'a, LargestIntake>) -> Rows<'a, LargestIntake> {
    let limit = |row: &'a LargestIntake, of: fn(&Limit) -> &str| {
        row.binding()
            .map_or(String::new(), |limit| of(limit).to_string())
    };
    let number =
        |of: fn(&Limit) -> f64| move |row: &LargestIntake| row.binding().map_or(f64::INFINITY, of);
    let most = "Most trainees that break no rule, besides the intakes that are planned";
    let conditions = "Most trainees that break no condition, whatever they warn of";
    rows.text("course", "Course", |row| &row.course)
        .day("start", "First day of the course", |row| row.start)
        .whole("trainees", "heads", most, |row| row.trainees.into())
        .whole("trainees_by_conditions", "heads", conditions, |row| {
            row.trainees_by_conditions.into()
        })
        .text("rule", "Rule that one more trainee breaks", move |row| {
            limit(row, |limit| &limit.rule)
        })
        .text("severity", "condition or warning", move |row| {
            limit(row, |limit| limit.severity)
        })
        .text("month", "Month in which it is broken first", move |row| {
            limit(row, |limit| &limit.month)
        })
        .number(
            "worst",
            "",
            "What is owed or needed with one more, in the unit of the row",
            number(|limit| limit.worst),
        )
        .number(
            "limit",
            "",
            "What can be given or is there, in the unit of the row",
            number(|limit| limit.limit),
        )
        .text("unit", "Unit of both", move |row| {
            limit(row, |limit| limit.unit)
        })
        .text("message", "The answer in words", |row| &row.sentence)
}
