//! When do trainees start, reach a step of their ramp, pass the first modules, and qualify?

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::calendar::add_months;
use crate::scenario::Spec;
use crate::scenario::training::Intake;
use crate::table::Table;
use crate::timetable::Timetable;
use crate::timetable::cohorts::{journey, shares};
use crate::workforce::journey::{Journey, Outcome};

/// A day in the life of an intake.
struct Row<'a> {
    day: Date,
    month: &'a str,
    intake: &'a Intake,
    event: String,
    trainees: f64,
}

/// Dates at which trainees start, are assessed, reach a step of their ramp and qualify.
pub fn events(spec: &Spec, timetable: &Timetable) -> Table {
    let mut rows = Vec::new();
    for intake in &spec.training.intakes {
        // What happens to several groups on one day is one event.
        let mut days: BTreeMap<(Date, String), f64> = BTreeMap::new();
        for outcome in Outcome::ALL {
            let Some(journey) = journey(&spec.training, intake, outcome) else {
                continue;
            };
            let shares = shares(&journey, timetable.calendar.start, &[]);
            let heads = intake.trainees.mean() * shares[outcome as usize];
            if heads <= 0.0 && outcome != Outcome::Passed {
                continue;
            }
            let all_pass = shares[Outcome::Passed as usize] >= 1.0;
            for (day, event) in milestones(&journey, all_pass) {
                *days.entry((day, event)).or_default() += heads;
            }
        }
        rows.extend(days.into_iter().filter_map(|((day, event), trainees)| {
            Some(Row {
                day,
                month: month_of(timetable, day)?,
                intake,
                event,
                trainees,
            })
        }));
    }
    rows.sort_by(|a, b| {
        (a.day, &a.intake.course, &a.event).cmp(&(b.day, &b.intake.course, &b.event))
    });
    let trainees = "Trainees whom it happens to, if nobody leaves for other reasons";
    Table::of_rows("events", &rows)
        .day("date", "Day", |row| row.day)
        .text("month", "Month", |row| row.month)
        .text("course", "Course", |row| &row.intake.course)
        .number("trainees", "heads", trainees, |row| row.trainees)
        .text("event", "What happens", |row| &row.event)
        .table()
}

/// What happens to those of an intake who get through the first modules alike.
fn milestones(journey: &Journey, all_pass: bool) -> Vec<(Date, String)> {
    let course = journey.course;
    let mut days = Vec::new();
    let mut before = None;
    for month in 0..course.months + 24 {
        let day = add_months(journey.start, i32::try_from(month).unwrap_or(0));
        let share = journey.share_on(day);
        if day >= journey.ends_on().min(journey.trains_until()) || before == Some(share) {
            continue;
        }
        before = Some(share);
        days.push(match (month, share == 0.0) {
            (0, true) => (day, "start, no patients yet".to_string()),
            (0, false) => (day, format!("start at {:.0} %", share * 100.0)),
            _ => (day, format!("{:.0} % of bookable hours", share * 100.0)),
        });
    }
    if !all_pass {
        days.push((journey.assessed_on(), "first modules assessed".into()));
        let resit = match journey.outcome {
            Outcome::Passed => None,
            Outcome::Resat => Some("pass on resit"),
            Outcome::Failed => Some("fail the resit and leave"),
        };
        days.extend(resit.map(|event| (journey.gate_on(), event.to_string())));
    }
    if let Some(award) = journey.qualifies_on() {
        if award > journey.ends_on() {
            days.push((journey.ends_on(), "course ends, award awaited".into()));
        }
        days.push((award, "qualify".into()));
    }
    days
}

/// Label of the month of a day inside the horizon. On the plain calendar, whose months are not those of
/// dates, it is the month in which the week of the day begins.
fn month_of(timetable: &Timetable, day: Date) -> Option<&str> {
    let calendar = &timetable.calendar;
    let segments = &calendar.segments[timetable.segments_of_week[calendar.week_of(day)?].clone()];
    let of_day = segments.iter().find(|segment| {
        let first = calendar.months[segment.month].first;
        (first.year(), first.month()) == (day.year(), day.month())
    });
    Some(&calendar.months[of_day.or(segments.first())?.month].label)
}
