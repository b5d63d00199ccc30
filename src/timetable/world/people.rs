//! What can each role do, who comes and goes, and when do trainees work how much, in `L` worlds?

use super::optional;
use crate::calendar::{Date, FinancialYear, add_months};
use crate::capacity::lost_share;
use crate::scenario::Spec;
use crate::scenario::staff::RecruitmentPolicy;
use crate::scenario::training::Intake;
use crate::timetable::{RolePlace, Timetable};
use crate::unit::{Draw, Lanes, lanes};
use crate::workforce::ramp::{TraineeWeek, qualifies_on, trainee_week};
use crate::workforce::{CohortPlan, RolePlan, weekly_survival};

/// A role in `L` worlds.
#[derive(Debug, Clone)]
pub struct RoleWorld<const L: usize> {
    /// Bookable hours a week.
    pub patients: f64,
    /// Hours of supervision in the job plan.
    pub supervision_given: f64,
    /// Share of working days lost to leave and sickness, by financial year.
    pub lost: Vec<Lanes<L>>,
    /// Most open cases a ramped WTE.
    pub caseload_max: Option<Lanes<L>>,
    /// Most new courses a week a ramped WTE.
    pub new_starts: Option<Lanes<L>>,
    /// Places for open courses, if the role has places instead of hours.
    pub slots: Option<Lanes<L>>,
    /// Places for open courses for each ramped WTE.
    pub slots_per_wte: Option<Lanes<L>>,
    /// Hours of supervision beyond the plan that are stated.
    pub extra_supervision: Lanes<L>,
}

pub fn role<const L: usize>(
    timetable: &Timetable,
    place: &RolePlace,
    draws: &[Draw; L],
) -> RoleWorld<L> {
    let said = &place.said;
    let lost_in = |year: &FinancialYear| -> Lanes<L> {
        std::array::from_fn(|lane| match (&said.availability, &said.weeks_available) {
            (Some(share), _) => 1.0 - share.at(draws[lane]),
            (_, Some(weeks)) => {
                lost_share(weeks.at(draws[lane]), f64::from(year.working_days_whole))
            }
            _ => 0.0,
        })
    };
    RoleWorld {
        patients: said.job_plan.patients.value(),
        supervision_given: said.job_plan.supervision_given.value(),
        lost: timetable
            .calendar
            .financial_years
            .iter()
            .map(lost_in)
            .collect(),
        caseload_max: optional(said.caseload_max.as_ref(), draws),
        new_starts: optional(said.new_starts_per_week.as_ref(), draws),
        slots: optional(said.slots.as_ref(), draws),
        slots_per_wte: optional(said.slots_per_wte.as_ref(), draws),
        extra_supervision: lanes(&said.extra_supervision_hours, draws),
    }
}

pub fn role_plan<const L: usize>(
    timetable: &Timetable,
    place: &RolePlace,
    draws: &[Draw; L],
) -> RolePlan<L> {
    let said = &place.said;
    let in_post = lanes(&said.in_post, draws);
    RolePlan {
        posts: optional(said.posts.as_ref(), draws).unwrap_or(in_post),
        in_post,
        stays: lanes(&said.leavers_per_year, draws).map(weekly_survival),
        wte_per_head: [said.wte_per_head.value(); L],
        recruits: said.recruitment.policy == RecruitmentPolicy::ToPosts && place.course.is_none(),
        lead_weeks: said.recruitment.lead_weeks as usize,
        fill_share: lanes(&said.recruitment.fill_share, draws),
        promoted_from: said
            .recruitment
            .from
            .as_deref()
            .and_then(|name| timetable.role(name)),
    }
}

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
