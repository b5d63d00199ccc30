//! What does a table of supervision show of each kind?

use crate::supervision::supervisors_needed;
use crate::table::Rows;
use crate::timetable::ledger::{Ledger, SupervisionCounts};
use crate::timetable::{NormPlace, Timetable};

/// Most open cases that a kind can review in time.
#[must_use]
pub fn cases_reviewed(timetable: &Timetable, ledger: &Ledger<1>, kind: usize) -> f64 {
    let reviews = timetable.reviews.iter().zip(&ledger.most_cases);
    let here = reviews.filter(|(review, _)| review.norm == kind);
    here.map(|(_, most)| most[0])
        .reduce(|a, b| a + b)
        .unwrap_or(f64::INFINITY)
}

/// Columns of a kind: who receives it, hours received, owed, offered and short, who gives it.
#[must_use]
pub fn supervision_columns<'a, R>(
    rows: Rows<'a, R>,
    ratio: f64,
    of: impl Fn(&'a R) -> (&'a NormPlace, &'a SupervisionCounts<1>, f64) + Copy,
) -> Rows<'a, R> {
    let counts = move |row| of(row).1;
    let number = |value: fn(&SupervisionCounts<1>) -> f64| move |row: &'a R| value(counts(row));
    let given_by = |row: &'a R| {
        if of(row).0.by_university {
            "university"
        } else {
            "service"
        }
    };
    let university = "Hours that the university gives in a full week, at no cost to the service";
    let offered = "Hours that its supervisors could give in a full week, to all kinds";
    let cases = "Most open cases that can be reviewed in time; infinite where none are reviewed";
    let left = "Of these hours those that are left when the kinds before it have theirs";
    let needed = "Supervisees over the most that one can take, rounded up";
    rows.text("title", "Kind as shown", move |row| of(row).0.title.clone())
        .text("given_by", "service or university", given_by)
        .number(
            "supervisees",
            "heads",
            "People who receive it",
            number(|kind| kind.supervisees[0]),
        )
        .number(
            "hours_received",
            "hours a week",
            "Hours that its supervisees receive in a full week",
            number(|kind| kind.received[0]),
        )
        .number(
            "hours_owed",
            "hours a week",
            "Hours that supervisors of the service owe in a full week",
            number(|kind| kind.owed[0]),
        )
        .number(
            "hours_university",
            "hours a week",
            university,
            number(|kind| kind.university[0]),
        )
        .number(
            "hours_offered",
            "hours a week",
            offered,
            number(|kind| kind.offered[0]),
        )
        .number(
            "hours_left",
            "hours a week",
            left,
            number(|kind| kind.left[0]),
        )
        .number(
            "hours_beyond_plan",
            "hours a week",
            "Hours given out of bookable hours",
            number(|kind| kind.given.beyond[0]),
        )
        .number(
            "hours_unmet",
            "hours a week",
            "Hours that nobody can give",
            number(|kind| kind.given.unmet[0]),
        )
        .number(
            "supervisors",
            "heads",
            "People who are trained to give it",
            number(|kind| kind.supervisors[0]),
        )
        .number(
            "supervisors_free",
            "heads",
            "Of them those who are left when the kinds before it have theirs",
            number(|kind| kind.free[0]),
        )
        .number("supervisors_needed", "heads", needed, move |row| {
            let (place, counts, _) = of(row);
            if place.counts_for_ratio {
                supervisors_needed(counts.supervisees[0], ratio)
            } else {
                0.0
            }
        })
        .number("cases_reviewed", "open cases", cases, move |row| of(row).2)
}
