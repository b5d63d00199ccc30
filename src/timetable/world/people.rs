//! What can each role do, and who comes and goes, in `L` worlds?

use super::leaving::{adverts, extra_plan, leaving_plan, ratio_plan};
use super::optional;
use crate::calendar::FinancialYear;
use crate::capacity::lost_share;
use crate::luck::name_key;
use crate::scenario::Spec;
use crate::scenario::staff::{PostsChange, RecruitmentPolicy, Role};
use crate::timetable::{RolePlace, Timetable};
use crate::unit::{Draw, Lanes, lanes};
use crate::workforce::{RolePlan, weekly_survival};

/// A role in `L` worlds.
#[derive(Debug, Clone)]
pub struct RoleWorld<const L: usize> {
    /// Bookable hours a week.
    pub patients: Lanes<L>,
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
        patients: lanes(&said.job_plan.patients, draws),
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

/// Posts from a week on: those of the start, then each change from the week of its day.
fn posts<const L: usize>(
    timetable: &Timetable,
    said: &Role,
    draws: &[Draw; L],
) -> Vec<(usize, Lanes<L>)> {
    let start = lanes(said.posts.as_ref().unwrap_or(&said.in_post), draws);
    let week_of = |change: &PostsChange| timetable.calendar.week_of(change.from);
    let changes = said.posts_changes.iter();
    std::iter::once((0, start))
        .chain(changes.filter_map(|change| Some((week_of(change)?, lanes(&change.posts, draws)))))
        .collect()
}

pub fn role_plan<const L: usize>(
    spec: &Spec,
    timetable: &Timetable,
    place: &RolePlace,
    draws: &[Draw; L],
) -> RolePlan<L> {
    let said = &place.said;
    let in_post = lanes(&said.in_post, draws);
    RolePlan {
        who: name_key(&place.name),
        posts: posts(timetable, said, draws),
        in_post,
        stays: lanes(&said.leavers_per_year, draws).map(weekly_survival),
        wte_per_head: [said.wte_per_head.value(); L],
        leaving: leaving_plan(spec, timetable, place, draws),
        extra: extra_plan(timetable, said, draws),
        ratio: ratio_plan(timetable, said),
        recruits: said.recruitment.policy == RecruitmentPolicy::ToPosts
            && place.course.is_none()
            && said.ratio.is_none(),
        adverts: adverts(timetable, said),
        lead_weeks: said.recruitment.lead_weeks as usize,
        fill_share: lanes(&said.recruitment.fill_share, draws),
        promoted_from: said
            .recruitment
            .from
            .as_deref()
            .and_then(|name| timetable.role(name)),
    }
}
