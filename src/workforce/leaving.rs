//! Who leaves?
//!
//! `left = people x (1 - exp(-a x 7 / 365.25))`, at the end of the week, of those who did not move to training.

use super::{Moves, People, RolePlan};

impl<const L: usize> People<L> {
    /// People leave the service.
    pub(super) fn leave(&mut self, roles: &[RolePlan<L>], moves: &mut Moves<L>) {
        for (index, role) in roles.iter().enumerate() {
            for lane in 0..L {
                let here = self.in_post[index][lane] - moves.moved_to_training[index][lane];
                self.in_post[index][lane] = here * role.stays[lane];
                moves.left[index][lane] = here - here * role.stays[lane];
            }
        }
    }
}

/// Share of the staff who stay through a week, at `a` leavers a year per person in post.
#[must_use]
pub fn weekly_survival(leavers_per_year: f64) -> f64 {
    (-leavers_per_year * 7.0 / 365.25).exp()
}
