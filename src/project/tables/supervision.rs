//! Who receives how much supervision, and who can give it, by month and kind?

use super::Periods;
use crate::project::record::Record;
use crate::scenario::Spec;
use crate::supervision::supervisors_needed;
use crate::table::Table;
use crate::timetable::Timetable;
use crate::timetable::ledger::SupervisionCounts;

/// A kind of supervision in a month.
struct Row<'a> {
    month: &'a str,
    kind: &'a str,
    title: &'a str,
    supervisees: f64,
    owed: f64,
    offered: f64,
    beyond: f64,
    unmet: f64,
    supervisors: f64,
}

/// Supervision by month and kind, hours of a full week at the end of the month.
pub fn supervision(spec: &Spec, timetable: &Timetable, record: &Record) -> Table {
    let periods = Periods::months(timetable, record);
    let mut rows = Vec::new();
    for (place, weeks) in timetable.norms.iter().zip(&record.supervision) {
        let stock = |of: fn(&SupervisionCounts<1>) -> f64| {
            periods.stocks(&weeks.iter().map(of).collect::<Vec<_>>())
        };
        let supervisees = stock(|week| week.supervisees[0]);
        let owed = stock(|week| week.owed[0]);
        let offered = stock(|week| week.offered[0]);
        let beyond = stock(|week| week.given.beyond[0]);
        let unmet = stock(|week| week.given.unmet[0]);
        let supervisors = stock(|week| week.supervisors[0]);
        let months = periods.spans.iter().enumerate();
        rows.extend(months.map(|(month, span)| Row {
            month: span.label,
            kind: &place.name,
            title: &spec.supervision.norms[&place.name].title,
            supervisees: supervisees[month],
            owed: owed[month],
            offered: offered[month],
            beyond: beyond[month],
            unmet: unmet[month],
            supervisors: supervisors[month],
        }));
    }
    let ratio = spec.supervision.supervisees_per_supervisor.ratio.value();
    let offered = "Hours that its supervisors could give in a full week, to all kinds";
    let needed = "Supervisees over the most that one can take, rounded up";
    Table::of_rows("supervision", &rows)
        .text("month", "Month", |row| row.month)
        .text("kind", "Kind of supervision", |row| row.kind)
        .text("title", "Kind as shown", |row| row.title)
        .number("supervisees", "heads", "People who receive it", |row| {
            row.supervisees
        })
        .number(
            "hours_owed",
            "hours a week",
            "Hours that supervisors owe in a full week",
            |row| row.owed,
        )
        .number("hours_offered", "hours a week", offered, |row| row.offered)
        .number(
            "hours_beyond_plan",
            "hours a week",
            "Hours given out of bookable hours",
            |row| row.beyond,
        )
        .number(
            "hours_unmet",
            "hours a week",
            "Hours that nobody can give",
            |row| row.unmet,
        )
        .number("supervisors", "heads", "People who may give it", |row| {
            row.supervisors
        })
        .number("supervisors_needed", "heads", needed, |row| {
            supervisors_needed(row.supervisees, ratio)
        })
        .truth("binds", "Whether hours are short", |row| row.unmet > 1e-9)
        .table()
}
