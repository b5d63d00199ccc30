//! Who starts a course, who fails or gives it up, who qualifies, and how long do the newly qualified stay?

use super::whole::{Decision, Starters, people, whole_intake};
use super::{CohortPlan, Moves, People, RolePlan};
use crate::luck::Luck;

/// Who starts in the cohorts at `together`: as expected, or whole people, intake by intake.
fn starters<const L: usize, K: Luck<L>>(
    cohorts: &[CohortPlan<L>],
    together: &[usize],
    luck: &mut K,
) -> Vec<Starters<L>> {
    let of = |&other: &usize| Starters::expected(&cohorts[other]);
    let mut starters: Vec<Starters<L>> = together.iter().map(of).collect();
    if K::WHOLE {
        for (first, &cohort) in together.iter().enumerate() {
            let intake = cohorts[cohort].intake;
            let same = |other: &usize| cohorts[*other].intake == intake;
            if together[..first].iter().any(&same) {
                continue;
            }
            let places: Vec<usize> = (0..together.len())
                .filter(|&place| same(&together[place]))
                .collect();
            let groups: Vec<_> = places
                .iter()
                .map(|&place| &cohorts[together[place]])
                .collect();
            for (place, whole) in places.iter().zip(whole_intake(&groups, luck)) {
                starters[*place] = whole;
            }
        }
    }
    starters
}

impl<const L: usize> People<L> {
    /// Intakes of the week start; some of them leave a role of the service.
    pub(super) fn start_intakes<K: Luck<L>>(
        &mut self,
        week: usize,
        roles: &[RolePlan<L>],
        cohorts: &[CohortPlan<L>],
        moves: &mut Moves<L>,
        luck: &mut K,
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
            let starters = starters(cohorts, &together, luck);
            for (&other, starters) in together.iter().zip(&starters) {
                self.trainees[other] = starters.trainees;
            }
            for lane in 0..L {
                let wte_per_head = roles[from].wte_per_head[lane];
                let wte = |starters: &Starters<L>| starters.internal[lane] * wte_per_head;
                let asked: f64 = starters.iter().map(wte).sum();
                let before = moves.moved_to_training[from][lane];
                let unit = wte_per_head;
                let may = self.may_move(week, (lane, unit), cohort, before + asked, luck) - before;
                if K::WHOLE {
                    let mut all = people(asked, unit);
                    let mut due = people(may, unit).min(all);
                    for (&other, starters) in together.iter().zip(&starters) {
                        let (marked, plan) = (starters.internal[lane], &cohorts[other]);
                        let place = Decision::Missing.of(plan.who, week, plan.outcome as usize);
                        let heads = if marked > 0.0 && due > 0.0 {
                            luck.among(lane, marked, all, due, place)
                        } else {
                            0.0
                        };
                        moves.moved_to_training[from][lane] += heads * unit;
                        moves.moved_by_cohort[other][lane] = heads * unit;
                        self.trainees[other][lane] -= marked - heads;
                        all -= marked;
                        due -= heads;
                    }
                    continue;
                }
                let share = if may < asked * (1.0 - 1e-12) {
                    (may / asked).max(0.0)
                } else {
                    1.0
                };
                for (&other, starters) in together.iter().zip(&starters) {
                    let moving = wte(starters) * share;
                    moves.moved_to_training[from][lane] += moving;
                    moves.moved_by_cohort[other][lane] = moving;
                    let missing = starters.internal[lane] * (1.0 - share);
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
    pub(super) fn qualify<K: Luck<L>>(
        &mut self,
        week: usize,
        roles: &[RolePlan<L>],
        cohorts: &[CohortPlan<L>],
        moves: &mut Moves<L>,
        luck: &mut K,
    ) {
        let followed = cohorts.iter().enumerate();
        for (index, cohort) in followed.filter(|(_, cohort)| cohort.is_followed(week)) {
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
            } else if cohort.stays.iter().any(|&stays| stays < 1.0) {
                for lane in 0..L {
                    let here = self.trainees[index][lane];
                    let place = Decision::GiveUp.of(cohort.who, week, cohort.outcome as usize);
                    let stay = luck.take(lane, here, 1.0, cohort.stays[lane], place);
                    self.trainees[index][lane] = stay;
                    moves.gave_up[index][lane] = here - stay;
                }
            }
        }
    }

    /// The newly qualified leave like everybody in their role.
    pub(super) fn follow_newly_qualified<K: Luck<L>>(
        &mut self,
        week: usize,
        roles: &[RolePlan<L>],
        cohorts: &[CohortPlan<L>],
        moves: &mut Moves<L>,
        luck: &mut K,
    ) {
        let followed = cohorts.iter().enumerate();
        for (index, cohort) in followed.filter(|(_, cohort)| cohort.is_followed(week)) {
            let role = cohort.becomes;
            if moves.left[role].iter().all(|&left| left == 0.0) {
                continue;
            }
            for lane in 0..L {
                let left = moves.left[role][lane];
                let before = self.in_post[role][lane] + left;
                let wte_per_head = roles[cohort.trainee_role].wte_per_head[lane];
                let gone = if K::WHOLE {
                    let unit = roles[role].wte_per_head[lane];
                    let [told, told_left] = &mut moves.told[role];
                    let all = people(before, unit) - told[lane];
                    let due = (people(left, unit) - told_left[lane]).min(all);
                    let marked = people(self.newly[index][lane], wte_per_head).min(all);
                    let place = Decision::Newly.of(cohort.who, week, cohort.outcome as usize);
                    let heads = if marked > 0.0 && due > 0.0 {
                        luck.among(lane, marked, all, due, place)
                    } else {
                        0.0
                    };
                    told[lane] += marked;
                    told_left[lane] += heads;
                    heads * wte_per_head
                } else {
                    let leaving = if before > 0.0 { left / before } else { 0.0 };
                    self.newly[index][lane] * leaving
                };
                self.newly[index][lane] -= gone;
                if week < cohort.free {
                    moves.left_in_clause[index][lane] = gone / wte_per_head;
                }
            }
        }
    }
}
