//! When do trainees start, reach a step of their ramp, pass the first modules, and qualify? When do posts
//! change, and when does recruitment stop and go on?

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::calendar::add_months;
use crate::scenario::Spec;
use crate::scenario::staff::Role;
use crate::table::Table;
use crate::timetable::Timetable;
use crate::timetable::cohorts::{journey, shares};
use crate::workforce::journey::{Journey, Outcome};

/// A day in the life of an intake, or one on which posts or recruitment of a role change.
struct Row<'a> {
    day: Date,
    month: &'a str,
    course: &'a str,
    role: &'a str,
    event: String,
    trainees: f64,
}

/// Dates at which trainees start, are assessed, reach a step of their ramp and qualify; at which posts change;
/// and at which recruitment stops and goes on.
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
                course: &intake.course,
                role: "",
                event,
                trainees,
            })
        }));
    }
    for (name, role) in &spec.staff {
        rows.extend(of_role(role).filter_map(|(day, event)| {
            Some(Row {
                day,
                month: month_of(timetable, day)?,
                course: "",
                role: name,
                event,
                trainees: 0.0,
            })
        }));
    }
    rows.sort_by(|a, b| {
        (a.day, a.course, a.role, &a.event).cmp(&(b.day, b.course, b.role, &b.event))
    });
    let trainees = "Trainees whom it happens to, if nobody leaves for other reasons";
    let of_posts = "Role whose posts or recruitment change; empty for trainees";
    Table::of_rows("events", &rows)
        .day("date", "Day", |row| row.day)
        .text("month", "Month", |row| row.month)
        .text("course", "Course; empty for posts and recruitment", |row| {
            row.course
        })
        .text("role", of_posts, |row| row.role)
        .number("trainees", "heads", trainees, |row| row.trainees)
        .text("event", "What happens", |row| &row.event)
        .table()
}

/// Changes of the posts of a role, and the first days on which nothing and again something is advertised.
fn of_role(role: &Role) -> impl Iterator<Item = (Date, String)> {
    let opening = role.posts.map_or(role.in_post.mean(), |posts| posts.mean());
    let changes = &role.posts_changes;
    let before = std::iter::once(opening).chain(changes.iter().map(|change| change.posts.mean()));
    let posts = changes.iter().zip(before).map(|(change, before)| {
        let after = change.posts.mean();
        (change.from, format!("posts from {before} to {after} WTE"))
    });
    let freezes = role.recruitment.freezes.iter().flat_map(|freeze| {
        let stops = (freeze.from, "nothing is advertised from here".to_string());
        let goes_on = freeze.to.tomorrow().ok();
        let goes_on = goes_on.map(|day| (day, "posts are advertised again".to_string()));
        std::iter::once(stops).chain(goes_on)
    });
    posts.chain(freezes)
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
