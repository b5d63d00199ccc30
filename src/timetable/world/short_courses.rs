//! Who attends short courses, and when, in `L` worlds?

use crate::scenario::Spec;
use crate::scenario::training::Attendance;
use crate::timetable::Timetable;
use crate::unit::{Draw, lanes};
use crate::workforce::short_courses::AttendancePlan;

/// Attendances that start inside the horizon.
pub fn attendances<const L: usize>(
    spec: &Spec,
    timetable: &Timetable,
    draws: &[Draw; L],
) -> Vec<AttendancePlan<L>> {
    let training = &spec.training;
    let plan = |said: &Attendance| {
        let course = training.short_courses.get(&said.course)?;
        let first = timetable.calendar.week_of(said.start)?;
        let days = course.days_taught.value() + course.days_directed.value();
        Some(AttendancePlan {
            role: timetable.role(&said.role)?,
            people: lanes(&said.people, draws),
            weeks: first..first + said.weeks as usize,
            days_per_week: days / f64::from(said.weeks),
            becomes: course
                .becomes
                .as_deref()
                .and_then(|name| timetable.role(name)),
        })
    };
    // In an order of their own, so that the order of the file changes no sum.
    let mut list: Vec<&Attendance> = training.attendances.iter().collect();
    list.sort_by_cached_key(|said| {
        let people = said.people.mean().to_bits();
        (
            said.start,
            said.course.clone(),
            said.role.clone(),
            people,
            said.weeks,
        )
    });
    list.into_iter().filter_map(plan).collect()
}
