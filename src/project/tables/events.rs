//! When do trainees start, reach a step of their ramp, and qualify?

use jiff::civil::Date;

use crate::scenario::Spec;
use crate::scenario::training::Intake;
use crate::table::Table;
use crate::timetable::Timetable;
use crate::timetable::world::ramp_days;

/// A day in the life of an intake.
struct Row<'a> {
    day: Date,
    month: &'a str,
    intake: &'a Intake,
    event: String,
}

/// Dates at which trainees start, reach a step of their ramp and qualify.
pub fn events(spec: &Spec, timetable: &Timetable) -> Table {
    let mut rows = Vec::new();
    for (index, intake) in spec.training.intakes.iter().enumerate() {
        for (day, share, qualifies) in ramp_days(spec, index) {
            let Some(month) = month_of(timetable, day) else {
                continue;
            };
            let event = match (qualifies, day == intake.start) {
                (true, _) => "qualify".to_string(),
                (_, true) if share == 0.0 => "start, no patients yet".into(),
                (_, true) => format!("start at {:.0} %", share * 100.0),
                _ => format!("{:.0} % of bookable hours", share * 100.0),
            };
            rows.push(Row {
                day,
                month,
                intake,
                event,
            });
        }
    }
    rows.sort_by(|a, b| {
        (a.day, &a.intake.course, &a.event).cmp(&(b.day, &b.intake.course, &b.event))
    });
    Table::of_rows("events", &rows)
        .day("date", "Day", |row| row.day)
        .text("month", "Month", |row| row.month)
        .text("course", "Course", |row| &row.intake.course)
        .number("trainees", "heads", "Trainees", |row| {
            row.intake.trainees.mean()
        })
        .text("event", "What happens", |row| &row.event)
        .table()
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
