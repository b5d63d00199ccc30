//! What do the staff in post deliver? Assessments and courses, up to the hours of each pool.

use super::{Needs, Service};
use crate::timetable::ledger::supervise;
use crate::timetable::world::AssessmentCapacity;
use crate::workforce::CohortPlan;

impl Service<'_> {
    /// Fills in what the staff in post deliver.
    pub fn deliver(&self, needs: &mut Needs) {
        let mut room = self.hours_in_post(needs);
        let assessed = self.assess(needs, &mut room);
        let wanted = self.starts(assessed);
        let asked = self.course_hours(&wanted);
        for (need, (room, asked)) in needs.pools.iter_mut().zip(room.iter().zip(asked)) {
            need.share_delivered = if asked > *room {
                room.max(0.0) / asked
            } else {
                1.0
            };
        }
        let treatments = wanted.iter().zip(&self.timetable.treatments);
        needs.starts_delivered = treatments
            .map(|(starts, place)| starts * needs.pools[place.pools[0]].share_delivered)
            .collect();
        let arriving = [needs.demand.referrals, needs.demand.accepted, assessed];
        (needs.delivered, needs.courses_delivered) = self.flow(arriving, &needs.starts_delivered);
    }

    /// Bookable hours of the staff in post, by pool; returns what is left after supervision and screening.
    fn hours_in_post(&self, needs: &mut Needs) -> Vec<f64> {
        let roles = self.timetable.roles.len();
        let heads: Vec<[f64; 1]> = (0..roles)
            .map(|role| [self.heads_in_post(needs, role)])
            .collect();
        let beyond = supervise(self.spec, self.timetable, self.world, 0, heads).beyond;
        let mut room = vec![0.0; roles];
        for pool in 0..roles {
            if self.timetable.roles[pool].pool != pool {
                continue;
            }
            let qualified: f64 = self
                .qualified(pool)
                .map(|role| needs.roles[role].in_post * needs.roles[role].hours_per_wte)
                .sum();
            let trainees = self.hours_of_trainees(needs, pool);
            let given = self.supervision_beyond(needs, &beyond, self.qualified(pool));
            let need = &mut needs.pools[pool];
            need.in_post = qualified + trainees;
            need.trainees = trainees;
            need.supervision_in_post = given.min(need.in_post);
            room[pool] = (need.in_post - need.supervision_in_post - need.screening).max(0.0);
        }
        room
    }

    /// Heads of a role in post; of a trainee role those who are in training already.
    fn heads_in_post(&self, needs: &Needs, role: usize) -> f64 {
        if self.timetable.roles[role].course.is_none() {
            return needs.roles[role].in_post / self.world.role_plans[role].wte_per_head[0];
        }
        let cohorts = self.world.cohorts.iter();
        cohorts
            .filter(|cohort| cohort.trainee_role == role && cohort.starts.is_none())
            .map(|cohort| cohort.trainees[0])
            .sum()
    }

    /// Hours that trainees of a pool work in the first year by their ramp.
    fn hours_of_trainees(&self, needs: &Needs, pool: usize) -> f64 {
        let year = &self.timetable.calendar.financial_years[0];
        let whole_year = f64::from(year.working_days_whole) / 5.0 / needs.weeks;
        let weeks = self.timetable.weeks().min(52);
        let of_cohort = |cohort: &CohortPlan<1>| {
            let role = &self.world.role_plans[cohort.trainee_role];
            let ramped: f64 = cohort.weeks[..weeks].iter().map(|week| week.ramped).sum();
            let worked = needs.roles[cohort.becomes].weeks / needs.weeks;
            ramped
                * cohort.trainees[0]
                * role.wte_per_head[0]
                * self.world.roles[cohort.becomes].patients[0]
                * worked
                / whole_year
        };
        let cohorts = self.world.cohorts.iter();
        cohorts
            .filter(|cohort| self.timetable.roles[cohort.becomes].pool == pool)
            .map(of_cohort)
            .sum()
    }

    /// People assessed in a year; what is kept for assessments is taken from the room of their pool.
    fn assess(&self, needs: &Needs, room: &mut [f64]) -> f64 {
        let hours = self.hours_an_assessment();
        let kept = self.hours_kept_for_assessments(needs, room);
        let can = match self.world.assessment.capacity {
            AssessmentCapacity::AtOnce => f64::INFINITY,
            _ if hours > 0.0 => kept / hours,
            _ => 0.0,
        };
        let assessed = needs.demand.assessed.min(can);
        if let Some(pool) = self.assessment_pool() {
            let spill_over = self.world.assessment.spill_over;
            room[pool] -= if spill_over { assessed * hours } else { kept };
        }
        assessed
    }

    fn hours_kept_for_assessments(&self, needs: &Needs, room: &[f64]) -> f64 {
        let assessment = &self.world.assessment;
        match (assessment.capacity, self.assessment_pool()) {
            (AssessmentCapacity::PerWeek(slots), _) => {
                slots[0] * needs.weeks * self.hours_an_assessment()
            }
            (AssessmentCapacity::AtOnce, _) | (_, None) => 0.0,
            (_, Some(pool)) if assessment.spill_over => room[pool],
            (AssessmentCapacity::RingFence(share), Some(pool)) => room[pool] * share[0],
            (AssessmentCapacity::PerWte(slots), Some(pool)) => {
                let members = self.timetable.roles_of_pool(pool);
                let wte: f64 = members.map(|role| needs.roles[role].in_post).sum();
                let weeks = needs.roles[pool].weeks;
                (wte * slots[0] * weeks * assessment.minutes[0] / 60.0).min(room[pool])
            }
        }
    }
}
