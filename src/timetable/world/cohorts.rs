//! Who trains together, when, and what is one of them worth in each week, in `L` worlds?

use super::leaving::qualified_weeks;
use crate::calendar::{Date, add_months};
use crate::scenario::Spec;
use crate::scenario::training::Intake;
use crate::timetable::Timetable;
use crate::unit::{Draw, lanes};
use crate::workforce::ramp::{TraineeWeek, qualifies_on, trainee_week};
use crate::workforce::{CohortPlan, weekly_survival};

pub fn cohorts<const L: usize>(
    spec: &Spec,
    timetable: &Timetable,
    draws: &[Draw; L],
) -> Vec<CohortPlan<L>> {
    let calendar = &timetable.calendar;
    let plan = |intake: &Intake| {
        let course = spec.training.courses.get(&intake.course)?;
        let internal_from = intake.internal_from.as_deref().unwrap_or("pwp");
        let qualifies = qualifies_on(course, intake.start);
        let first_week = calendar.week_of(intake.start);
        let last_week = if qualifies >= calendar.end() {
            timetable.weeks()
        } else {
            calendar.week_of(qualifies)? + 1
        };
        let week = |week: usize| {
            trainee_week(
                course,
                intake.start,
                calendar.kind,
                calendar.weeks[week].start,
            )
        };
        let in_training = first_week.unwrap_or(0)..last_week;
        let weeks: Vec<TraineeWeek> = (0..timetable.weeks())
            .map(|w| {
                if in_training.contains(&w) {
                    week(w)
                } else {
                    TraineeWeek::default()
                }
            })
            .collect();
        Some(CohortPlan {
            becomes: timetable.role(&course.becomes)?,
            trainee_role: timetable.role(&course.trainee_role)?,
            trainees: lanes(&intake.trainees, draws),
            internal: intake
                .internal
                .as_ref()
                .map_or([0.0; L], |heads| lanes(heads, draws)),
            internal_from: timetable.role(internal_from).unwrap_or(0),
            qualified_weeks: qualified_weeks(spec, intake),
            exception_share: course.exception_share.map_or(0.0, |share| share.value()),
            starts: first_week,
            qualifies: calendar.week_of(qualifies),
            stays: lanes(&course.leavers_per_year, draws).map(weekly_survival),
            weeks,
        })
    };
    // In an order of their own, so that the order of the file changes no sum.
    let mut intakes: Vec<&Intake> = spec.training.intakes.iter().collect();
    let key = |intake: &Intake| {
        let heads = |heads: f64| heads.to_bits();
        let internal = intake
            .internal
            .as_ref()
            .map_or(0, |internal| heads(internal.mean()));
        (
            intake.start,
            intake.course.clone(),
            intake.internal_from.clone(),
            heads(intake.trainees.mean()),
            internal,
        )
    };
    intakes.sort_by_cached_key(|intake| key(intake));
    intakes.into_iter().filter_map(plan).collect()
}

/// First days of the months in which a trainee's share of bookable hours changes, with the new share; the
/// last one is the day of qualifying.
#[must_use]
pub fn ramp_days(spec: &Spec, intake: usize) -> Vec<(Date, f64, bool)> {
    let Some(intake) = spec.training.intakes.get(intake) else {
        return Vec::new();
    };
    let Some(course) = spec.training.courses.get(&intake.course) else {
        return Vec::new();
    };
    let month = |n: u32| add_months(intake.start, i32::try_from(n).unwrap_or(i32::MAX));
    let steps = course
        .ramp
        .iter()
        .map(|step| (month(step.from_month - 1), step.share.value(), false));
    steps
        .chain(std::iter::once((month(course.months), 1.0, true)))
        .collect()
}
