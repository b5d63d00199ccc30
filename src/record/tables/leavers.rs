//! Who leaves a role, and why? Every leaver is in exactly one row.

use super::Periods;
use crate::record::{LEFT_BY, Record, StaffWeek};
use crate::table::Table;
use crate::timetable::{RolePlace, Timetable};

/// Leavers of a role in a month for one reason.
struct Row<'a> {
    month: &'a str,
    place: &'a RolePlace,
    reason: &'a str,
    wte: f64,
}

/// Reasons of a role and the leavers of each week: those of its rate by their shares, then the others.
fn reasons<'a>(place: &'a RolePlace, weeks: &[StaffWeek]) -> Vec<(&'a str, Vec<f64>)> {
    let rate = place.said.leavers_per_year.mean();
    let stated = place
        .said
        .leaving
        .iter()
        .flat_map(|leaving| &leaving.reasons);
    let mut rest = 1.0;
    let mut list: Vec<(&str, Vec<f64>)> = Vec::new();
    for (reason, a_year) in stated.filter(|_| rate > 0.0) {
        let share = a_year.value() / rate;
        rest -= share;
        let left = weeks.iter().map(|week| week.left_by[0] * share);
        list.push((reason, left.collect()));
    }
    for (place, reason) in LEFT_BY.iter().enumerate() {
        let share = if place == 0 { rest } else { 1.0 };
        let left = weeks.iter().map(|week| week.left_by[place] * share);
        list.push((reason, left.collect()));
    }
    let moved = weeks.iter().map(|week| week.moved_to_training);
    list.push(("training", moved.collect()));
    list.retain(|(_, weeks)| weeks.iter().any(|&wte| wte > 0.0));
    list
}

/// Leavers by month, role and reason; reasons for which nobody leaves have no rows.
pub fn leavers(timetable: &Timetable, record: &Record) -> Table {
    let periods = Periods::months(timetable, record);
    let mut rows = Vec::new();
    for (place, weeks) in timetable.roles.iter().zip(&record.staff) {
        for (reason, weekly) in reasons(place, weeks) {
            let by_month = periods.spans.iter().zip(periods.flows(&weekly));
            rows.extend(by_month.map(|(span, wte)| Row {
                month: span.label,
                place,
                reason,
                wte,
            }));
        }
    }
    Table::of_rows("leavers", &rows)
        .text("month", "Month", |row| row.month)
        .text("role", "Role", |row| &row.place.name)
        .text("title", "Role as shown", |row| &row.place.said.title)
        .text(
            "reason",
            "Stated reason, other, or: not_back from an absence, shorter_hours after one, promotion to another \
             role, training inside the service, released with the roles that this one follows, gave_up_course",
            |row| row.reason,
        )
        .number("wte", "WTE", "Left the role for this reason", |row| row.wte)
        .table()
}
