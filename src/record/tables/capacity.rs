//! Where do the hours go, by month, role and line?

use super::Periods;
use crate::record::Record;
use crate::record::measure::PoolCounts;
use crate::scenario::staff::CONTRACT_HOURS;
use crate::table::Table;
use crate::timetable::Timetable;

type Minutes = fn(&PoolCounts<1>) -> f64;

/// Uses of the bookable minutes of a pool.
const USES: [(&str, Minutes); 8] = [
    ("bookable", |pool| pool.bookable[0]),
    ("supervision_beyond_plan", |pool| pool.supervision[0]),
    ("screening", |pool| pool.screening[0]),
    ("assessment", |pool| pool.assessment[0]),
    ("first_sessions", |pool| pool.first[0]),
    ("later_sessions", |pool| pool.later[0]),
    ("idle", |pool| pool.idle[0]),
    ("lost_to_missed_appointments", |pool| pool.lost[0]),
];

/// Hours of a line in a month.
struct Row<'a> {
    month: &'a str,
    role: &'a str,
    line: &'static str,
    hours: f64,
}

/// Hours by month, role and line.
pub fn capacity(timetable: &Timetable, record: &Record) -> Table {
    let periods = Periods::months(timetable, record);
    let mut rows = Vec::new();
    for (index, place) in timetable.roles.iter().enumerate() {
        let mut add = |line: &'static str, weekly: Vec<f64>| {
            let hours = periods.flows(&weekly);
            rows.extend(periods.spans.iter().zip(hours).map(|(span, hours)| Row {
                month: span.label,
                role: &place.name,
                line,
                hours,
            }));
        };
        let weeks = &record.staff[index];
        for (line, plan) in place.said.job_plan.lines() {
            if line != "patients" && plan > 0.0 {
                let given = weeks.iter().map(|week| week.available * plan);
                add(line, given.collect());
            }
        }
        let absent = weeks
            .iter()
            .map(|week| (week.worked - week.available - week.away) * CONTRACT_HOURS);
        add("leave_and_sickness", absent.collect());
        if weeks.iter().any(|week| week.away > 0.0) {
            let away = weeks.iter().map(|week| week.away * CONTRACT_HOURS);
            add("short_courses", away.collect());
        }
        if place.pool == index && place.course.is_none() {
            for (line, minutes) in USES {
                let pools = record.pools[index].iter();
                add(line, pools.map(|pool| minutes(pool) / 60.0).collect());
            }
        }
    }
    Table::of_rows("capacity", &rows)
        .text("month", "Month", |row| row.month)
        .text(
            "role",
            "Role; hours with patients are those of its whole pool",
            |row| row.role,
        )
        .text(
            "line",
            "Line of the job plan, or use of the bookable hours",
            |row| row.line,
        )
        .number("hours", "hours", "Hours of the month", |row| row.hours)
        .table()
}
