//! Who receives how much supervision, and who can give it, by month and kind?

use super::Periods;
use crate::record::Record;
use crate::scenario::Spec;
use crate::table::Table;
use crate::timetable::columns::{cases_reviewed, supervision_columns};
use crate::timetable::ledger::SupervisionCounts;
use crate::timetable::rules::{Rule, rules};
use crate::timetable::{NormPlace, Timetable};

/// A kind of supervision in a month.
struct Row<'a> {
    month: &'a str,
    place: &'a NormPlace,
    counts: &'a SupervisionCounts<1>,
    /// Most open cases that can be reviewed; infinite where they are not.
    cases: f64,
    /// The first rule that is broken.
    broken: Option<String>,
}

/// Supervision by month and kind, hours of a full week at the end of the month.
pub fn supervision(spec: &Spec, timetable: &Timetable, record: &Record) -> Table {
    let periods = Periods::months(timetable, record);
    let ends = periods.ends(record.supervision.len());
    let rules = rules(spec, timetable);
    let mut rows = Vec::new();
    for (index, place) in timetable.norms.iter().enumerate() {
        let of_kind = |rule: &&Rule| rule.kind == Some(index);
        for (span, &end) in periods.spans.iter().zip(&ends) {
            let ledger = &record.supervision[end];
            let mut here = rules.iter().filter(of_kind);
            rows.push(Row {
                month: span.label,
                place,
                counts: &ledger.kinds[index],
                cases: cases_reviewed(timetable, ledger, index),
                broken: here
                    .find(|rule| rule.is_broken(timetable, ledger))
                    .map(|rule| rule.name.clone()),
            });
        }
    }
    let ratio = spec.supervision.supervisees_per_supervisor.ratio.value();
    let table = Table::of_rows("supervision", &rows)
        .text("month", "Month", |row| row.month)
        .text("kind", "Kind of supervision", |row| &row.place.name);
    supervision_columns(table, ratio, |row| (row.place, row.counts, row.cases))
        .text(
            "rule",
            "Rule of this kind that is broken, if one is",
            |row| row.broken.clone().unwrap_or_default(),
        )
        .truth("binds", "Whether a rule of this kind is broken", |row| {
            row.broken.is_some()
        })
        .table()
}
