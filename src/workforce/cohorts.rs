//! Who starts a course, who gives it up and who qualifies?

use super::{CohortPlan, Moves, People, RolePlan};

impl<const L: usize> People<L> {
    /// Intakes of the week start; some of them leave a role of the service.
    pub(super) fn start_intakes(
        &mut self,
        week: usize,
        roles: &[RolePlan<L>],
        cohorts: &[CohortPlan<L>],
        moves: &mut Moves<L>,
    ) {
        for (index, cohort) in cohorts.iter().enumerate() {
            if cohort.starts != Some(week) {
                continue;
            }
            self.trainees[index] = cohort.trainees;
            for lane in 0..L {
                // Nobody moves who is not there, or not yet: the intake is that much smaller.
                let from = cohort.internal_from;
                let wte_per_head = roles[from].wte_per_head[lane];
                let before = moves.moved_to_training[from][lane];
                let asked = cohort.internal[lane] * wte_per_head;
                let moving = self.may_move(week, lane, cohort, before + asked) - before;
                let moving = moving.clamp(0.0, asked);
                moves.moved_to_training[from][lane] += moving;
                moves.moved_by_cohort[index][lane] = moving;
                self.trainees[index][lane] -= cohort.internal[lane] - moving / wte_per_head;
            }
            moves.started[index] = self.trainees[index];
        }
    }

    /// Trainees qualify at the end of the week in which their course ends, or leave it early.
    pub(super) fn qualify(
        &mut self,
        week: usize,
        roles: &[RolePlan<L>],
        cohorts: &[CohortPlan<L>],
        moves: &mut Moves<L>,
    ) {
        for (index, cohort) in cohorts.iter().enumerate() {
            if cohort.qualifies == Some(week) {
                let trainees = std::mem::replace(&mut self.trainees[index], [0.0; L]);
                for lane in 0..L {
                    let wte = trainees[lane] * roles[cohort.trainee_role].wte_per_head[lane];
                    self.in_post[cohort.becomes][lane] += wte;
                    moves.qualified[cohort.becomes][lane] += wte;
                }
            } else {
                for lane in 0..L {
                    let here = self.trainees[index][lane];
                    self.trainees[index][lane] = here * cohort.stays[lane];
                    moves.gave_up[index][lane] = here - here * cohort.stays[lane];
                }
            }
        }
    }
}
