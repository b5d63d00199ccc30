//! Which numbers differ between drawn worlds? Those of the scenario with one value in each of `L` lanes.

mod cohorts;
mod leaving;
mod pathway;
mod people;
mod short_courses;
mod stock;

use crate::demand::referrals;
use crate::pathway::{Move, first_treatments_per_referral};
use crate::scenario::Spec;
use crate::timetable::Timetable;
use crate::unit::{Draw, Lanes, Quantity, Unit, each, lanes};
use crate::workforce::short_courses::AttendancePlan;
use crate::workforce::{CohortPlan, RolePlan};

use cohorts::cohorts;
use pathway::{assessment, treatment};
use people::{role, role_plan};
use short_courses::attendances;
use stock::stock;

pub use pathway::{AssessmentCapacity, AssessmentWorld, GroupWorld, TreatmentWorld};
pub use people::RoleWorld;
pub use stock::{ListWorld, StockWorld};

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
    /// Who waits and who is in treatment on the first day.
    pub stock: StockWorld<L>,
    /// Shares of the assessed who are signposted, decline, are not suitable, are referred on.
    pub exits: [Lanes<L>; 4],
    /// Share of first treatments who come off sick pay and benefits.
    pub off_benefits: Lanes<L>,
    /// Treatments.
    pub treatments: Vec<TreatmentWorld<L>>,
    /// Roles: what they can do.
    pub roles: Vec<RoleWorld<L>>,
    /// Roles: who comes and goes.
    pub role_plans: Vec<RolePlan<L>>,
    /// Intakes: groups of trainees who get through their course alike, as in the timetable.
    pub cohorts: Vec<CohortPlan<L>>,
    /// Staff who attend short courses.
    pub attendances: Vec<AttendancePlan<L>>,
}

impl<const L: usize> World<L> {
    /// The numbers of `spec` in the worlds of `draws`.
    #[must_use]
    pub fn new(spec: &Spec, timetable: &Timetable, draws: &[Draw; L]) -> Self {
        let pathway = &spec.pathway;
        Self {
            referrals: demand(spec, timetable, draws),
            rejected: lanes(&pathway.screening.rejected, draws),
            opt_in: lanes(&pathway.opt_in.share, draws),
            opt_in_delay: pathway.opt_in.delay_weeks as usize,
            screening_minutes: lanes(&pathway.screening.minutes, draws),
            assessment: assessment(spec, draws),
            exits: {
                let by_lane = draws.map(|draw| pathway.routes.exits(draw));
                std::array::from_fn(|exit| by_lane.map(|exits| exits[exit]))
            },
            stock: stock(spec, timetable, draws),
            off_benefits: (spec.outcomes.as_ref())
                .map_or([0.0; L], |said| lanes(&said.off_benefits_share, draws)),
            treatments: timetable
                .treatments
                .iter()
                .map(|place| treatment(spec, place, draws))
                .collect(),
            roles: (timetable.roles.iter())
                .map(|place| role(timetable, place, draws))
                .collect(),
            role_plans: (timetable.roles.iter())
                .map(|place| role_plan(spec, timetable, place, draws))
                .collect(),
            cohorts: cohorts(spec, timetable, draws),
            attendances: attendances(spec, timetable, draws),
        }
    }

    /// Moves between treatments in one lane: from, to, share of course starts.
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
        each(|lane| (1.0 - lost[lane] * leave).max(0.0))
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
            let shares = &timetable.shares_of_year;
            referrals(&timetable.calendar, shares, &spec.demand, treated, draw)
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

fn optional<U: Unit, const L: usize>(
    quantity: Option<&Quantity<U>>,
    draws: &[Draw; L],
) -> Option<Lanes<L>> {
    quantity.map(|quantity| lanes(quantity, draws))
}
