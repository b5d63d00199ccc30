//! Which numbers differ between drawn worlds? Those of the scenario with one value in each of `L` lanes.

use crate::calendar::add_months;
use crate::capacity::lost_share;
use crate::demand::referrals;
use crate::pathway::{Booking, Course, Move, first_treatments_per_referral};
use crate::scenario::Spec;
use crate::scenario::pathway::{Group, GroupStart};
use crate::scenario::staff::RecruitmentPolicy;
use crate::timetable::Timetable;
use crate::unit::{Draw, Lanes, Quantity, Unit, lanes};
use crate::workforce::ramp::{TraineeWeek, qualifies_on, trainee_week};
use crate::workforce::{CohortPlan, RolePlan, weekly_survival};

/// How many assessments can be offered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AssessmentCapacity<const L: usize> {
    /// A share of the role's bookable minutes.
    RingFence(Lanes<L>),
    /// Appointments a week for each ramped WTE, out of bookable minutes.
    PerWte(Lanes<L>),
    /// Appointments a week for the service, outside anybody's hours.
    PerWeek(Lanes<L>),
}

/// The assessment in `L` worlds.
#[derive(Debug, Clone)]
pub struct AssessmentWorld<const L: usize> {
    /// Minutes used for each booked appointment.
    pub minutes: Lanes<L>,
    /// Attended share of booked.
    pub attended: Lanes<L>,
    /// Share of booked who are discharged because they missed it.
    pub discharged: Lanes<L>,
    /// Not attended, of booked.
    pub dna: Lanes<L>,
    /// Cancelled by the patient, of booked.
    pub patient_cancel: Lanes<L>,
    /// Cancelled by the service, of booked.
    pub provider_cancel: Lanes<L>,
    /// How many can be offered.
    pub capacity: AssessmentCapacity<L>,
    /// Share that counts as treatment.
    pub counts: Lanes<L>,
    /// Share of the list that gives up in a week.
    pub renege: Lanes<L>,
    /// Whether minutes left over on either side are used on the other.
    pub spill_over: bool,
}

/// A group in a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroupWorld {
    /// People in one group.
    pub size: f64,
    /// When it starts.
    pub start: GroupStart,
    /// For `on_date`: weeks between starts.
    pub every_weeks: usize,
}

/// A treatment in `L` worlds.
#[derive(Debug, Clone)]
pub struct TreatmentWorld<const L: usize> {
    /// Share of the assessed routed here.
    pub route: Lanes<L>,
    /// Minutes used for each first session booked.
    pub first_minutes: Lanes<L>,
    /// Minutes used for each later session booked.
    pub followup_minutes: Lanes<L>,
    /// Attended share of booked.
    pub attended: Lanes<L>,
    /// Not attended, of booked.
    pub dna: Lanes<L>,
    /// Cancelled by the patient, of booked.
    pub patient_cancel: Lanes<L>,
    /// Cancelled by the service, of booked.
    pub provider_cancel: Lanes<L>,
    /// Share of those who attend session i+1 for whom it is the last.
    pub complete: Vec<Lanes<L>>,
    /// Share who drop out after an attended session that was not the last.
    pub drop_out: Lanes<L>,
    /// Share of completers stepped up.
    pub step_up: Lanes<L>,
    /// Share of completers stepped down.
    pub step_down: Lanes<L>,
    /// Share of the list that gives up in a week.
    pub renege: Lanes<L>,
    /// Share of finishers at caseness.
    pub at_caseness: Lanes<L>,
    /// Recovery among finishers at caseness.
    pub recovery: Lanes<L>,
    /// Reliable recovery among finishers at caseness.
    pub reliable_recovery: Lanes<L>,
    /// Reliable improvement among finishers.
    pub reliable_improvement: Lanes<L>,
    /// Weeks between sessions.
    pub interval: usize,
    /// If it is a group.
    pub group: Option<GroupWorld>,
    /// The course in the long run, by lane.
    pub course: Vec<Course>,
}

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

/// The numbers of a scenario in `L` worlds side by side.
#[derive(Debug, Clone)]
pub struct World<const L: usize> {
    /// Referrals by segment of the calendar.
    pub referrals: Vec<Lanes<L>>,
    /// Share rejected at screening.
    pub rejected: Lanes<L>,
    /// Share of screened referrals that opt in.
    pub opt_in: Lanes<L>,
    /// Weeks from referral to opting in.
    pub opt_in_delay: usize,
    /// Screening minutes for each referral.
    pub screening_minutes: Lanes<L>,
    /// The assessment.
    pub assessment: AssessmentWorld<L>,
    /// Shares of the assessed who are signposted, decline, are not suitable, are referred on.
    pub exits: [f64; 4],
    /// Treatments.
    pub treatments: Vec<TreatmentWorld<L>>,
    /// Roles: what they can do.
    pub roles: Vec<RoleWorld<L>>,
    /// Roles: who comes and goes.
    pub role_plans: Vec<RolePlan<L>>,
    /// Intakes.
    pub cohorts: Vec<CohortPlan<L>>,
}

impl<const L: usize> World<L> {
    /// The numbers of `spec` in the worlds of `draws`.
    #[must_use]
    pub fn new(spec: &Spec, timetable: &Timetable, draws: &[Draw; L]) -> Self {
        let pathway = &spec.pathway;
        let routes = &pathway.routes;
        Self {
            referrals: demand(spec, timetable, draws),
            rejected: lanes(&pathway.screening.rejected, draws),
            opt_in: lanes(&pathway.opt_in.share, draws),
            opt_in_delay: pathway.opt_in.delay_weeks as usize,
            screening_minutes: lanes(&pathway.screening.minutes, draws),
            assessment: assessment(spec, draws),
            exits: [
                routes.signposted,
                routes.declined,
                routes.not_suitable,
                routes.referred_on,
            ]
            .map(|x| x.value()),
            treatments: (0..timetable.treatments.len())
                .map(|t| treatment(spec, timetable, t, draws))
                .collect(),
            roles: (0..timetable.roles.len())
                .map(|r| role(timetable, r, draws))
                .collect(),
            role_plans: (0..timetable.roles.len())
                .map(|r| role_plan(timetable, r, draws))
                .collect(),
            cohorts: cohorts(spec, timetable, draws),
        }
    }

    /// People routed to each treatment a week when `accepted` a week are accepted, and course starts with
    /// the moves between treatments, in one lane.
    #[must_use]
    pub fn moves(&self, timetable: &Timetable, lane: usize) -> Vec<Move> {
        let mut moves = Vec::new();
        for (from, treatment) in timetable.treatments.iter().enumerate() {
            let world = &self.treatments[from];
            let complete = world.course[lane].completing_share();
            let steps = [
                (treatment.step_up_to, world.step_up[lane]),
                (treatment.step_down_to, world.step_down[lane]),
            ];
            for (to, share) in steps {
                if let Some(to) = to.filter(|_| share > 0.0) {
                    moves.push((from, to, share * complete));
                }
            }
        }
        moves
    }

    /// Share of working days that are worked in a week.
    #[must_use]
    pub fn available(&self, timetable: &Timetable, role: usize, week: usize) -> Lanes<L> {
        let lost = &self.roles[role].lost[timetable.year_of_week[week]];
        let leave = timetable.leave[week];
        std::array::from_fn(|lane| (1.0 - lost[lane] * leave).max(0.0))
    }
}

fn demand<const L: usize>(spec: &Spec, timetable: &Timetable, draws: &[Draw; L]) -> Vec<Lanes<L>> {
    let by_lane: Vec<Vec<f64>> = draws
        .iter()
        .enumerate()
        .map(|(lane, draw)| {
            if lane > 0 && draw.is_empty() {
                return Vec::new();
            }
            let treated = first_treatments_per_referral(&spec.pathway, draw);
            referrals(&timetable.calendar, &spec.demand, treated, draw)
        })
        .collect();
    let value = |lane: usize, segment: usize| {
        by_lane[lane]
            .get(segment)
            .copied()
            .unwrap_or(by_lane[0][segment])
    };
    (0..by_lane[0].len())
        .map(|segment| std::array::from_fn(|lane| value(lane, segment)))
        .collect()
}

fn assessment<const L: usize>(spec: &Spec, draws: &[Draw; L]) -> AssessmentWorld<L> {
    let said = &spec.pathway.assessment;
    let bookings = draws.map(|draw| Booking::of_assessment(said, draw));
    let discharged = lanes(&said.discharged_after_missed, draws);
    let minutes = lanes(&said.minutes, draws);
    let capacity = match (&said.ring_fence, &said.slots_per_wte, &said.slots_per_week) {
        (Some(share), _, _) => AssessmentCapacity::RingFence(lanes(share, draws)),
        (_, Some(slots), _) => AssessmentCapacity::PerWte(lanes(slots, draws)),
        (_, _, slots) => {
            AssessmentCapacity::PerWeek(optional(slots.as_ref(), draws).unwrap_or([0.0; L]))
        }
    };
    AssessmentWorld {
        minutes: std::array::from_fn(|lane| minutes[lane] * bookings[lane].used),
        attended: bookings.map(|booking| booking.attended),
        discharged: std::array::from_fn(|l| {
            (bookings[l].dna + bookings[l].patient_cancel) * discharged[l]
        }),
        dna: bookings.map(|booking| booking.dna),
        patient_cancel: bookings.map(|booking| booking.patient_cancel),
        provider_cancel: bookings.map(|booking| booking.provider_cancel),
        capacity,
        counts: lanes(&said.counts_as_treatment, draws),
        renege: lanes(&said.renege_per_week, draws),
        spill_over: said.spill_over,
    }
}

fn optional<U: Unit, const L: usize>(
    quantity: Option<&Quantity<U>>,
    draws: &[Draw; L],
) -> Option<Lanes<L>> {
    quantity.map(|quantity| lanes(quantity, draws))
}

fn treatment<const L: usize>(
    spec: &Spec,
    timetable: &Timetable,
    index: usize,
    draws: &[Draw; L],
) -> TreatmentWorld<L> {
    let place = &timetable.treatments[index];
    let said = &place.said;
    let routes = if place.step == 2 {
        &spec.pathway.routes.step2
    } else {
        &spec.pathway.routes.step3
    };
    let route = routes.get(&place.name).map_or(0.0, |share| share.value());
    let course: Vec<Course> = draws.iter().map(|draw| Course::new(said, draw)).collect();
    let longest = course
        .iter()
        .map(|course| course.complete.len())
        .max()
        .unwrap_or(1);
    let complete = |session: usize| {
        std::array::from_fn(|lane: usize| {
            course[lane].complete.get(session).copied().unwrap_or(1.0)
        })
    };
    let of = |value: fn(&Course) -> f64| std::array::from_fn(|lane: usize| value(&course[lane]));
    TreatmentWorld {
        route: [route; L],
        first_minutes: of(|course| course.first_minutes),
        followup_minutes: of(|course| course.followup_minutes),
        attended: of(|course| course.booking.attended),
        dna: of(|course| course.booking.dna),
        patient_cancel: of(|course| course.booking.patient_cancel),
        provider_cancel: of(|course| course.booking.provider_cancel),
        complete: (0..longest).map(complete).collect(),
        drop_out: lanes(&said.drop_out, draws),
        step_up: lanes(&said.step_up, draws),
        step_down: lanes(&said.step_down, draws),
        renege: lanes(&said.renege_per_week, draws),
        at_caseness: lanes(&said.at_caseness, draws),
        recovery: lanes(&said.recovery, draws),
        reliable_recovery: lanes(&said.reliable_recovery, draws),
        reliable_improvement: lanes(&said.reliable_improvement, draws),
        interval: said.interval_weeks as usize,
        group: said.group.map(|group: Group| GroupWorld {
            size: group.size.value(),
            start: group.start,
            every_weeks: group.every_weeks as usize,
        }),
        course,
    }
}

fn role<const L: usize>(timetable: &Timetable, index: usize, draws: &[Draw; L]) -> RoleWorld<L> {
    let said = &timetable.roles[index].said;
    let lost_in = |year: &crate::calendar::FinancialYear| -> Lanes<L> {
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

fn role_plan<const L: usize>(
    timetable: &Timetable,
    index: usize,
    draws: &[Draw; L],
) -> RolePlan<L> {
    let said = &timetable.roles[index].said;
    let in_post = lanes(&said.in_post, draws);
    RolePlan {
        posts: optional(said.posts.as_ref(), draws).unwrap_or(in_post),
        in_post,
        stays: lanes(&said.leavers_per_year, draws).map(weekly_survival),
        wte_per_head: [said.wte_per_head.value(); L],
        recruits: said.recruitment.policy == RecruitmentPolicy::ToPosts
            && timetable.roles[index].course.is_none(),
        lead_weeks: said.recruitment.lead_weeks as usize,
        fill_share: lanes(&said.recruitment.fill_share, draws),
        promoted_from: said
            .recruitment
            .from
            .as_deref()
            .and_then(|name| timetable.role(name)),
    }
}

fn cohorts<const L: usize>(
    spec: &Spec,
    timetable: &Timetable,
    draws: &[Draw; L],
) -> Vec<CohortPlan<L>> {
    let calendar = &timetable.calendar;
    let plan = |intake: &crate::scenario::training::Intake| {
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
    spec.training.intakes.iter().filter_map(plan).collect()
}

/// First days of the months in which a trainee's share of bookable hours changes, with the new share; the
/// last one is the day of qualifying.
#[must_use]
pub fn ramp_days(spec: &Spec, intake: usize) -> Vec<(crate::calendar::Date, f64, bool)> {
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
