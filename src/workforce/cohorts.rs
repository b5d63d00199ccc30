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
            let alike = |other: &CohortPlan<L>| {
                other.starts == Some(week)
                    && other.internal_from == cohort.internal_from
                    && other.qualified_weeks == cohort.qualified_weeks
                    && other
                        .exception_share
                        .total_cmp(&cohort.exception_share)
                        .is_eq()
            };
            if !alike(cohort) || cohorts[..index].iter().any(alike) {
                continue;
            }
            // Nobody moves who is not there, or not yet: each intake of the week is smaller by the same share.
            let from = cohort.internal_from;
            let together: Vec<usize> = (index..cohorts.len())
                .filter(|&other| alike(&cohorts[other]))
                .collect();
            for &other in &together {
                self.trainees[other] = cohorts[other].trainees;
            }
            for lane in 0..L {
                let wte_per_head = roles[from].wte_per_head[lane];
                let wte = |other: usize| cohorts[other].internal[lane] * wte_per_head;
                let asked: f64 = together.iter().map(|&other| wte(other)).sum();
                let before = moves.moved_to_training[from][lane];
                let may = self.may_move(week, lane, cohort, before + asked) - before;
                let share = if may < asked * (1.0 - 1e-12) {
                    (may / asked).max(0.0)
                } else {
                    1.0
                };
                for &other in &together {
                    let moving = wte(other) * share;
                    moves.moved_to_training[from][lane] += moving;
                    moves.moved_by_cohort[other][lane] = moving;
                    let missing = cohorts[other].internal[lane] * (1.0 - share);
                    self.trainees[other][lane] -= missing;
                }
            }
            for &other in &together {
                moves.started[other] = self.trainees[other];
            }
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
