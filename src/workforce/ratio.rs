//! How many are there of a role whose number follows other roles?
//!
//! `WTE = WTE of the other roles / per`, at the start of each week, posts from posts, staff from staff.

use super::{CohortPlan, Moves, People, RolePlan};

/// A role that follows others.
#[derive(Debug, Clone)]
pub struct RatioPlan {
    /// WTE of the others for each.
    pub per: f64,
    /// The others, by index.
    pub of: Vec<usize>,
}

impl<const L: usize> People<L> {
    /// Posts of the week, and the staff of roles that follow others.
    pub(super) fn follow_ratios(
        &mut self,
        week: usize,
        roles: &[RolePlan<L>],
        cohorts: &[CohortPlan<L>],
        moves: &mut Moves<L>,
    ) {
        self.set_posts(week, roles);
        for (index, role) in roles.iter().enumerate() {
            let Some(ratio) = &role.ratio else {
                continue;
            };
            let due = self.staff_by_ratio(ratio, roles, cohorts);
            for lane in 0..L {
                let more = due[lane] - self.in_post[index][lane];
                moves.joined[index][lane] += more.max(0.0);
                moves.released[index][lane] += (-more).max(0.0);
            }
            self.in_post[index] = due;
        }
    }

    /// Posts of a week.
    pub(super) fn set_posts(&mut self, week: usize, roles: &[RolePlan<L>]) {
        for (posts, role) in self.posts.iter_mut().zip(roles) {
            *posts = role.posts_in(week);
        }
        for (index, role) in roles.iter().enumerate() {
            if let Some(ratio) = &role.ratio {
                self.posts[index] = std::array::from_fn(|lane| {
                    let posts = ratio.of.iter().map(|&other| self.posts[other][lane]);
                    posts.sum::<f64>() / ratio.per
                });
            }
        }
    }

    /// Staff that a ratio asks for, trainees counted in the role that they have while they train \[WTE\].
    pub(super) fn staff_by_ratio(
        &self,
        ratio: &RatioPlan,
        roles: &[RolePlan<L>],
        cohorts: &[CohortPlan<L>],
    ) -> [f64; L] {
        let mut wte = [0.0; L];
        for &other in &ratio.of {
            let trainees = self.trainees_of(other, cohorts);
            for lane in 0..L {
                wte[lane] +=
                    self.in_post[other][lane] + trainees[lane] * roles[other].wte_per_head[lane];
            }
        }
        wte.map(|wte| wte / ratio.per)
    }
}
