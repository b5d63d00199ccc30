//! Who starts a course, who fails or gives it up, who qualifies, and how long do the newly qualified stay?

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

    /// Trainees qualify at the end of the week of their award, fail at that of their last attempt, or leave
    /// early for other reasons.
    pub(super) fn qualify(
        &mut self,
        week: usize,
        roles: &[RolePlan<L>],
        cohorts: &[CohortPlan<L>],
        moves: &mut Moves<L>,
    ) {
        let followed = cohorts.iter().enumerate();
        for (index, cohort) in followed.filter(|(_, cohort)| week < cohort.over) {
            if cohort.qualifies == Some(week) {
                let trainees = std::mem::replace(&mut self.trainees[index], [0.0; L]);
                moves.awarded[index] = trainees;
                for lane in 0..L {
                    let wte = trainees[lane] * roles[cohort.trainee_role].wte_per_head[lane];
                    self.in_post[cohort.becomes][lane] += wte;
                    moves.qualified[cohort.becomes][lane] += wte;
                    self.newly[index][lane] = wte;
                }
            } else if cohort.fails == Some(week) {
                moves.failed[index] = std::mem::replace(&mut self.trainees[index], [0.0; L]);
            } else {
                for lane in 0..L {
                    let here = self.trainees[index][lane];
                    self.trainees[index][lane] = here * cohort.stays[lane];
                    moves.gave_up[index][lane] = here - here * cohort.stays[lane];
                }
            }
        }
    }

    /// The newly qualified leave like everybody in their role.
    pub(super) fn follow_newly_qualified(
        &mut self,
        week: usize,
        roles: &[RolePlan<L>],
        cohorts: &[CohortPlan<L>],
        moves: &mut Moves<L>,
    ) {
        let followed = cohorts.iter().enumerate();
        for (index, cohort) in followed.filter(|(_, cohort)| week < cohort.over) {
            let role = cohort.becomes;
            for lane in 0..L {
                let left = moves.left[role][lane];
                let before = self.in_post[role][lane] + left;
                let leaving = if before > 0.0 { left / before } else { 0.0 };
                let gone = self.newly[index][lane] * leaving;
                self.newly[index][lane] -= gone;
                if week < cohort.free {
                    let wte_per_head = roles[cohort.trainee_role].wte_per_head[lane];
                    moves.left_in_clause[index][lane] = gone / wte_per_head;
                }
            }
        }
    }
}
