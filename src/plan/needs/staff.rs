//! Which staff does the demand need?
//!
//! ```text
//! WTE   = (hours of the pool + supervision beyond job plans - hours of seniors and leads) / hours of one WTE
//! posts = WTE + leavers a year x years that a post stays vacant
//! ```

use super::{Needs, RoleNeed, Service};
use crate::scenario::staff::RecruitmentPolicy;
use crate::timetable::Timetable;
use crate::timetable::ledger::supervise;
use crate::workforce::ramp::mean_share;

/// Rounds of supervision and staff at the most; a few dozen are enough where they agree at all.
const MOST_ROUNDS: usize = 200;

impl Service<'_> {
    /// Roles as they are in post.
    pub fn roles(&self) -> Vec<RoleNeed> {
        let days = f64::from(self.timetable.calendar.financial_years[0].working_days_whole);
        let need = |index: usize| {
            let role = &self.world.roles[index];
            let weeks = days / 5.0 * (1.0 - role.lost[0][0]);
            let in_post = self.timetable.roles[index].said.in_post.mean();
            RoleNeed {
                in_post,
                needed: in_post,
                hours_per_wte: role.patients * weeks,
                weeks,
                leavers: 0.0,
                posts: in_post,
                ramp_of_year: self.training(index).map_or(1.0, mean_share),
            }
        };
        (0..self.timetable.roles.len()).map(need).collect()
    }

    /// Finds the WTE of each role that heads a pool by going round until supervision and staff agree.
    /// Seniors and leads stay as they are in post; the head of the pool makes up the rest.
    pub fn staff_needed(&self, needs: &mut Needs) {
        let pools = self.timetable.pools().map(|(pool, _)| pool);
        let pools: Vec<usize> = pools
            .filter(|&pool| needs.pools[pool].demand() > 0.0)
            .collect();
        for _ in 0..MOST_ROUNDS {
            let heads: Vec<[f64; 1]> = (0..self.timetable.roles.len())
                .map(|role| [self.heads_needed(needs, role)])
                .collect();
            let ledger = supervise(self.spec, self.timetable, self.world, heads);
            let mut change: f64 = 0.0;
            for &pool in &pools {
                let members = self.timetable.roles_of_pool(pool);
                needs.pools[pool].supervision_needed =
                    self.supervision_beyond(needs, &ledger.beyond, members);
                let wte = self.wte_needed(needs, pool);
                change = change.max((wte - needs.roles[pool].needed).abs());
                needs.roles[pool].needed = wte;
            }
            needs.supervision = ledger;
            if change < 1e-12 || change.is_nan() {
                break;
            }
        }
        needs.supervision =
            std::mem::take(&mut needs.supervision).with_supervisors(self.spec, self.timetable);
        for (need, place) in needs.roles.iter_mut().zip(&self.timetable.roles) {
            need.leavers = need.needed * place.said.leavers_per_year.mean();
            let recruitment = &place.said.recruitment;
            let filled = recruitment.fill_share.mean();
            let vacant = f64::from(recruitment.lead_weeks) * 7.0 / 365.25 / filled;
            let recruits = recruitment.policy == RecruitmentPolicy::ToPosts && filled > 0.0;
            need.posts = need.needed + if recruits { need.leavers * vacant } else { 0.0 };
        }
    }

    /// WTE of the head of a pool; infinite where it has no bookable hours.
    fn wte_needed(&self, needs: &Needs, pool: usize) -> f64 {
        let hours_per_wte = needs.roles[pool].hours_per_wte;
        if hours_per_wte <= 0.0 {
            return f64::INFINITY;
        }
        let others = self.qualified(pool).filter(|&role| role != pool);
        let hours_of_others: f64 = others
            .map(|role| needs.roles[role].needed * needs.roles[role].hours_per_wte)
            .sum();
        let need = &needs.pools[pool];
        (need.demand() + need.supervision_needed - hours_of_others).max(0.0) / hours_per_wte
    }

    /// Hours a year of supervision given out of bookable hours, and of what is stated beside it.
    pub fn supervision_beyond(
        &self,
        needs: &Needs,
        beyond: &[[f64; 1]],
        roles: impl Iterator<Item = usize>,
    ) -> f64 {
        let stated = |role: usize| match self.timetable.roles[role].course {
            Some(_) => 0.0,
            None => self.world.roles[role].extra_supervision[0] * needs.weeks,
        };
        roles
            .map(|role| beyond[role][0] * needs.roles[role].weeks + stated(role))
            .sum()
    }

    /// Heads of a role when the needed staff are there; trainees are those who replace a year's leavers.
    fn heads_needed(&self, needs: &Needs, role: usize) -> f64 {
        match self.training(role) {
            Some(course) => {
                let places = places_a_year(self.timetable, needs, &course.becomes);
                places * f64::from(course.months) / 12.0
            }
            None => needs.roles[role].needed / self.world.role_plans[role].wte_per_head[0],
        }
    }
}

/// Training places a year that replace those who leave a role: leavers over WTE a head.
#[must_use]
pub fn places_a_year(timetable: &Timetable, needs: &Needs, becomes: &str) -> f64 {
    timetable.role(becomes).map_or(0.0, |role| {
        let said = &timetable.roles[role].said;
        needs.roles[role].needed * said.leavers_per_year.mean() / said.wte_per_head.value()
    })
}
