//! Which posts are advertised, and who joins a lead time later?

use super::whole::{Decision, without_part};
use super::{CohortPlan, Moves, People, RolePlan};
use crate::luck::Luck;
use crate::unit::{Lanes, add, each};

impl<const L: usize> People<L> {
    /// People recruited a lead time ago join, from outside or from the role that they are promoted from.
    pub(super) fn join<K: Luck<L>>(
        &mut self,
        week: usize,
        roles: &[RolePlan<L>],
        moves: &mut Moves<L>,
        luck: &mut K,
    ) {
        for (index, role) in roles.iter().enumerate() {
            let length = role.lead_weeks + 1;
            let due = std::mem::replace(&mut self.advertised[index][week % length], [0.0; L]);
            // An expectation of nobody, and nobody at all, need no luck.
            if due.iter().all(|&due| due <= 0.0) {
                continue;
            }
            for lane in 0..L {
                let unit = role.wte_per_head[lane];
                let place = Decision::Join.of(role.who, week, 0);
                let mut joining = luck.take(lane, due[lane], unit, role.fill_share[lane], place);
                if let Some(from) = role.promoted_from {
                    let at_work = self.in_post[from][lane] - self.absent[from][lane];
                    joining = joining.min(at_work.max(0.0));
                    if K::WHOLE {
                        joining = without_part(joining, unit);
                    }
                    self.in_post[from][lane] -= joining;
                    moves.promoted_away[from][lane] += joining;
                    moves.promoted[index][lane] += joining;
                } else {
                    moves.joined[index][lane] += joining;
                }
                self.in_post[index][lane] += joining;
            }
        }
    }

    /// Vacancies are advertised, less those recruited to already and those that trainees will soon fill. Whole
    /// people are looked for one by one: part of a post stays empty.
    pub(super) fn advertise<K: Luck<L>>(
        &mut self,
        week: usize,
        roles: &[RolePlan<L>],
        cohorts: &[CohortPlan<L>],
    ) {
        for (index, role) in roles
            .iter()
            .enumerate()
            .filter(|(_, role)| role.recruits && role.adverts.get(week).is_none_or(|&yes| yes))
        {
            let length = role.lead_weeks + 1;
            let mut advertised = [0.0; L];
            for due in &self.advertised[index] {
                add(&mut advertised, due);
            }
            let (posts, in_post) = (&self.posts[index], &self.in_post[index]);
            let mut vacant: Lanes<L> =
                each(|lane| posts[lane] - (in_post[lane] + advertised[lane]));
            for (cohort, trainees) in cohorts.iter().zip(&self.trainees) {
                let soon = cohort
                    .qualifies
                    .is_some_and(|due| due > week && due <= week + role.lead_weeks);
                let held = cohort.holds_posts;
                if (soon || held) && cohort.becomes == index {
                    for lane in 0..L {
                        vacant[lane] -=
                            trainees[lane] * roles[cohort.trainee_role].wte_per_head[lane];
                    }
                }
            }
            let due = &mut self.advertised[index][(week + length) % length];
            for lane in 0..L {
                let vacant = vacant[lane].max(0.0);
                due[lane] += if K::WHOLE {
                    without_part(vacant, role.wte_per_head[lane])
                } else {
                    vacant
                };
            }
        }
    }
}
