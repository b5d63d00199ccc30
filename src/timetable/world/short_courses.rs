//! Who attends short courses, when, and whom do they train to supervise, in `L` worlds?

use super::World;
use crate::scenario::Spec;
use crate::scenario::training::Attendance;
use crate::timetable::Timetable;
use crate::unit::{Draw, Lanes, lanes};
use crate::workforce::short_courses::AttendancePlan;

/// Attendances that start inside the horizon.
pub fn attendances<const L: usize>(
    spec: &Spec,
    timetable: &Timetable,
    draws: &[Draw; L],
) -> Vec<AttendancePlan<L>> {
    let training = &spec.training;
    let norm = |name: &String| timetable.norms.iter().position(|norm| &norm.name == name);
    let plan = |said: &Attendance| {
        let course = training.short_courses.get(&said.course)?;
        let first = timetable.calendar.week_of(said.start)?;
        let days = course.days_taught.value() + course.days_directed.value();
        Some(AttendancePlan {
            role: timetable.role(&said.role)?,
            people: lanes(&said.people, draws),
            weeks: first..first + said.weeks as usize,
            days_per_week: days / f64::from(said.weeks),
            trains_for: course.trains_for.iter().filter_map(norm).collect(),
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

impl<const L: usize> World<L> {
    /// People of a role who have learned on a short course to give a kind of supervision, and are still here
    /// at the start of a week \[heads\].
    #[must_use]
    pub fn newly_trained(&self, role: usize, norm: usize, week: usize) -> Lanes<L> {
        let mut heads = [0.0; L];
        let trained = (self.attendances.iter())
            .filter(|plan| plan.becomes.unwrap_or(plan.role) == role)
            .filter(|plan| plan.trains_for.contains(&norm));
        for plan in trained {
            let here = plan.still_here(week, &self.role_plans[role].stays);
            for lane in 0..L {
                heads[lane] += here[lane];
            }
        }
        heads
    }
}
