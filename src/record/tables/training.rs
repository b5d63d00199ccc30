//! Who trains, who passes, who fails, who qualifies and what do trainees do meanwhile, by month and intake?

use super::Periods;
use crate::record::Record;
use crate::record::trainees::CohortWeek;
use crate::scenario::Spec;
use crate::scenario::supervision::GivenBy;
use crate::scenario::training::Intake;
use crate::table::Table;
use crate::timetable::Timetable;
use crate::timetable::cohorts::{CohortPlace, route};
use crate::workforce::journey::Outcome;

/// Heads that move in a month, by the month in which their week ends: name, meaning.
const MOVES: [(&str, &str); 6] = [
    ("started", "Trainees who started"),
    (
        "passed_first",
        "Passed the first modules at the first attempt",
    ),
    ("passed_resit", "Passed the first modules on resit"),
    ("failed", "Failed the first modules and left"),
    ("left", "Left early for other reasons"),
    ("qualified", "Qualified: got the award"),
];

/// Columns that hold at the end of a month: name, unit, meaning.
const STOCKS: [(&str, &str, &str); 4] = [
    (
        "in_training",
        "heads",
        "In training at the end of the month, until the award",
    ),
    (
        "resitting",
        "heads",
        "Of them those who failed the first attempt at the first modules and wait for the resit",
    ),
    (
        "awaiting_award",
        "heads",
        "Of them those whose course is over and who wait for the award",
    ),
    (
        "ramped_wte",
        "WTE",
        "Qualified staff whom they stand for, by the share of bookable hours they work",
    ),
];

/// An intake in a month.
struct Row<'a> {
    month: &'a str,
    intake: &'a Intake,
    moves: [f64; MOVES.len()],
    stocks: [f64; STOCKS.len()],
    hours: f64,
    supervision: f64,
}

/// Trainees by month and intake.
pub fn training(spec: &Spec, timetable: &Timetable, record: &Record) -> Table {
    let periods = Periods::months(timetable, record);
    let mut rows: Vec<Row> = Vec::new();
    let groups: Vec<_> = timetable.cohorts.iter().zip(&record.training).collect();
    for of_intake in groups.chunk_by(|a, b| a.0.intake == b.0.intake) {
        let place = of_intake[0].0;
        let moves = weekly(of_intake, moves_of).map(|list| periods.moves(&list));
        let [hours] = weekly(of_intake, |_, _, said| [said.hours]).map(|list| periods.flows(&list));
        let stocks = weekly(of_intake, |place, week, said| {
            stocks_of(timetable, place, week, said)
        });
        let stocks = stocks.map(|list| periods.stocks(&list));
        let hours_each = supervision_hours(spec, timetable, place.trainee_role);
        let months = periods.spans.iter().enumerate();
        rows.extend(months.map(|(month, span)| Row {
            month: span.label,
            intake: &spec.training.intakes[place.intake],
            moves: std::array::from_fn(|column| moves[column][month]),
            stocks: std::array::from_fn(|column| stocks[column][month]),
            hours: hours[month],
            supervision: stocks[0][month] * hours_each,
        }));
    }
    let names = |row: &Row| {
        let course = spec.training.courses.get(&row.intake.course);
        let route = course.and_then(|course| route(course, row.intake));
        route.map_or(String::new(), |route| route.title.clone())
    };
    let label = |row: &Row| {
        let intake = row.intake;
        let id = intake.id.clone();
        id.unwrap_or_else(|| format!("{} {}", intake.course, intake.start))
    };
    let mut table = Table::of_rows("training", &rows)
        .text("month", "Month", |row| row.month)
        .text("course", "Course", |row| &row.intake.course)
        .text("title", "Course as shown", |row| {
            let course = spec.training.courses.get(&row.intake.course);
            course.map_or(String::new(), |course| course.title.clone())
        })
        .text(
            "intake",
            "Intake: its id, or its course and first day",
            label,
        )
        .text("route", "Route of entry", names)
        .text("at", "University", |row| {
            row.intake.at.clone().unwrap_or_default()
        });
    for (column, (name, description)) in MOVES.into_iter().enumerate() {
        table = table.number(name, "heads", description, |row| row.moves[column]);
    }
    for (column, (name, unit, description)) in STOCKS.into_iter().enumerate() {
        table = table.number(name, unit, description, |row| row.stocks[column]);
    }
    table
        .number(
            "bookable_hours",
            "hours",
            "Hours of the month that could be booked with them",
            |row| row.hours,
        )
        .number(
            "supervision_hours",
            "hours a week",
            "Hours a full week that supervisors of the service owe to those in training, their shares of groups",
            |row| row.supervision,
        )
        .number(
            "places",
            "heads",
            "Places of the university for this course and start; not a number where none are stated",
            |row| places(spec, row.intake),
        )
        .table()
}

/// Values of each week, summed over the groups of an intake, a list for each column.
fn weekly<const N: usize>(
    groups: &[(&CohortPlace, &Vec<CohortWeek>)],
    of: impl Fn(&CohortPlace, usize, &CohortWeek) -> [f64; N],
) -> [Vec<f64>; N] {
    let weeks = groups.first().map_or(0, |group| group.1.len());
    let mut lists = std::array::from_fn(|_| vec![0.0; weeks]);
    for (place, said) in groups {
        for (week, said) in said.iter().enumerate() {
            for (list, value) in lists.iter_mut().zip(of(place, week, said)) {
                list[week] += value;
            }
        }
    }
    lists
}

fn moves_of(place: &CohortPlace, week: usize, said: &CohortWeek) -> [f64; MOVES.len()] {
    let passing = if place.gate == Some(week) {
        said.during
    } else {
        0.0
    };
    let of = |outcome| {
        if place.outcome == outcome {
            passing
        } else {
            0.0
        }
    };
    [
        said.started,
        of(Outcome::Passed),
        of(Outcome::Resat),
        said.failed,
        said.left,
        said.qualified,
    ]
}

fn stocks_of(
    timetable: &Timetable,
    place: &CohortPlace,
    week: usize,
    said: &CohortWeek,
) -> [f64; STOCKS.len()] {
    let here = said.in_training;
    let from = |day: jiff::civil::Date| timetable.calendar.weeks[week].start >= day;
    let resitting = place.outcome != Outcome::Passed
        && from(place.assessed_on)
        && place.gate.is_none_or(|gate| week < gate);
    let awaiting = place.outcome != Outcome::Failed && from(place.ends_on);
    let worked = f64::from(timetable.calendar.weeks[week].working_days) / 5.0;
    let ramped = if worked > 0.0 {
        said.ramped / worked
    } else {
        0.0
    };
    [
        here,
        if resitting { here } else { 0.0 },
        if awaiting { here } else { 0.0 },
        ramped,
    ]
}

/// Hours a week that supervisors owe to one trainee of a role.
fn supervision_hours(spec: &Spec, timetable: &Timetable, role: usize) -> f64 {
    let place = &timetable.roles[role];
    let norms = spec.supervision.norms.values();
    let owed = norms
        .filter(|norm| norm.given_by == GivenBy::Service)
        .filter(|norm| norm.supervisees.contains(&place.name))
        .map(|norm| norm.hours_per_week.value() / norm.group_size.value());
    let unit = if spec.supervision.pro_rata {
        place.said.wte_per_head.value()
    } else {
        1.0
    };
    owed.sum::<f64>() * unit
}

/// Places that the university of an intake has for its course and start.
fn places(spec: &Spec, intake: &Intake) -> f64 {
    let places = spec.training.places.iter();
    let mut here = places.filter(|places| places.are_for(intake));
    here.next().map_or(f64::NAN, |places| places.places.value())
}
