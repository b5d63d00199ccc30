//! Which staff does the demand need?
//!
//! ```text
//! WTE   = (hours of the pool + supervision beyond job plans - hours of seniors and leads) / hours of one WTE
//! posts = WTE + leavers a year x years that a post stays vacant
//! hours of one WTE = hours x weeks x (at work + covered) / in post
//! ```

use super::{Needs, RoleNeed, Service};
use crate::manpower::mean_service;
use crate::scenario::staff::{Absence, RecruitmentPolicy, Role};
use crate::timetable::Timetable;
use crate::timetable::ledger::supervise;
use crate::workforce::ramp::mean_share;
use crate::workforce::weekly_hazard;

/// Rounds of supervision and staff at the most; a few dozen are enough where they agree at all.
const MOST_ROUNDS: usize = 200;

impl Service<'_> {
    /// Roles as they are in post.
    pub fn roles(&self) -> Vec<RoleNeed> {
        let days = f64::from(self.timetable.calendar.financial_years[0].working_days_whole);
        let need = |index: usize| {
            let role = &self.world.roles[index];
            let weeks = days / 5.0 * (1.0 - role.lost[0][0]);
            let said = &self.timetable.roles[index].said;
            let in_post = self.by_ratio(said, |other| {
                self.timetable.roles[other].said.in_post.mean()
            });
            let in_post = in_post.unwrap_or(said.in_post.mean());
            RoleNeed {
                in_post,
                needed: in_post,
                hours_per_wte: role.patients[0] * weeks * worked_share(said),
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
            let ledger = supervise(self.spec, self.timetable, self.world, 0, heads);
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
        for (index, place) in self.timetable.roles.iter().enumerate() {
            if let Some(wte) = self.by_ratio(&place.said, |other| needs.roles[other].needed) {
                needs.roles[index].needed = wte;
            }
        }
        for (need, place) in needs.roles.iter_mut().zip(&self.timetable.roles) {
            need.leavers = need.needed * leavers_per_wte(&place.said);
            let recruitment = &place.said.recruitment;
            let filled = recruitment.fill_share.mean();
            let vacant = f64::from(recruitment.lead_weeks) * 7.0 / 365.25 / filled;
            let recruits = recruitment.policy == RecruitmentPolicy::ToPosts && filled > 0.0;
            need.posts = need.needed + if recruits { need.leavers * vacant } else { 0.0 };
        }
    }

    /// WTE of a role that follows others.
    fn by_ratio(&self, said: &Role, wte: impl Fn(usize) -> f64) -> Option<f64> {
        let ratio = said.ratio.as_ref()?;
        let others = ratio.of.iter().filter_map(|name| self.timetable.role(name));
        Some(others.map(wte).sum::<f64>() / ratio.per.value())
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
        needs.roles[role].needed * leavers_per_wte(said) / said.wte_per_head.value()
    })
}

/// Absent for each WTE at work in the long run, by kind of absence.
fn away(said: &Role) -> impl Iterator<Item = (f64, &Absence)> {
    let of = |absence: &Absence| {
        let begins = 1.0 - (-weekly_hazard(absence.starts_per_year.mean())).exp();
        begins * f64::from(absence.weeks)
    };
    said.absences
        .values()
        .map(move |absence| (of(absence), absence))
}

/// Share of the work of a WTE in post that is done in the long run: by those at work and by cover.
#[must_use]
pub fn worked_share(said: &Role) -> f64 {
    let all: f64 = away(said).map(|(away, _)| away).sum();
    let covered: f64 = away(said)
        .map(|(away, absence)| away * absence.cover_share.mean())
        .sum();
    (1.0 + covered) / (1.0 + all)
}

/// Leavers a year for each WTE in post in a settled service: by the rate and time in the role of those at work,
/// and those who do not come back from an absence, or with fewer hours.
#[must_use]
pub fn leavers_per_wte(said: &Role) -> f64 {
    let bands: Vec<(f64, f64)> = said
        .leaving
        .iter()
        .flat_map(|leaving| &leaving.by_tenure)
        .map(|step| (step.from_months.value() / 12.0, step.times.value()))
        .collect();
    let rate = said.leavers_per_year.mean();
    let by_rate = if bands.is_empty() {
        rate
    } else {
        1.0 / mean_service(rate, &bands)
    };
    let all: f64 = away(said).map(|(away, _)| away).sum();
    let lost = |(away, absence): (f64, &Absence)| {
        let not_back = absence.not_returning.mean();
        let gone = not_back + (1.0 - not_back) * (1.0 - absence.returns_at.mean());
        away / f64::from(absence.weeks) * 365.25 / 7.0 * gone
    };
    (by_rate + away(said).map(lost).sum::<f64>()) / (1.0 + all)
}
