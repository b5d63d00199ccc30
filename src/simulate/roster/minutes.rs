//! How many minutes has each clinician this week, and who has most of them left?

use std::cmp::Ordering;

use super::{Clinician, Free, NOTHING, Roster, Standing};
use crate::luck::{hash, uniform};
use crate::scenario::staff::{LeavePattern, Role};
use crate::simulate::person::NEVER;
use crate::timetable::{Timetable, World};
use crate::workforce::Present;

impl Roster {
    /// Shares a week's minutes out. `role_minutes` are those of each role for treatments.
    #[allow(clippy::too_many_arguments)] // what a week's minutes depend on
    pub fn begin_week(
        &mut self,
        timetable: &Timetable,
        world: &World<1>,
        week: usize,
        worked: f64,
        present: &Present<1>,
        role_minutes: &[f64],
    ) {
        for (role, place) in timetable.roles.iter().enumerate() {
            if place.course.is_some() || place.pool >= role_minutes.len() {
                continue;
            }
            self.begin_role(
                timetable,
                world,
                role,
                week,
                worked,
                present,
                role_minutes[role],
            );
        }
    }

    #[allow(clippy::too_many_arguments)] // as above
    fn begin_role(
        &mut self,
        timetable: &Timetable,
        world: &World<1>,
        role: usize,
        week: usize,
        worked: f64,
        present: &Present<1>,
        minutes: f64,
    ) {
        let said = &timetable.roles[role].said;
        let extra = &present.extra;
        let ramped = present.ramped[role][0];
        let stands_in =
            (extra.agency[role][0] + overtime(world, role, extra.overtime[role][0])) * worked;
        let available = world.available(timetable, role, week)[0];
        let mut all = 0.0;
        for one in &mut self.clinicians {
            let works = match one.standing {
                Standing::InPost(its) if its == role => {
                    let settling = one.settles.map_or(0.0, |cohort| {
                        let plan = &world.cohorts[cohort];
                        let days = plan.weeks.get(week).copied().unwrap_or_default();
                        if week < plan.over { days.settling } else { 0.0 }
                    });
                    one.wte * (worked * (1.0 - one.absent) - settling * (1.0 - one.absent)).max(0.0)
                }
                Standing::InTraining(cohort) if world.cohorts[cohort].becomes == role => {
                    let plan = &world.cohorts[cohort];
                    let days = &plan.weeks[week];
                    let after = if plan.qualifies == Some(week) {
                        days.qualified - days.settling
                    } else {
                        0.0
                    };
                    one.wte * (days.ramped + after)
                }
                _ => continue,
            };
            // Whole weeks away have the same mean as the same share of every week.
            one.works = if said.leave == LeavePattern::Weeks && available < 1.0 {
                let away = uniform(hash(one.key, 1 << 41 | week as u64)) >= available;
                if away { 0.0 } else { works / available }
            } else {
                works
            };
            one.usual = works;
            all += works;
        }
        let own = (ramped - stands_in).max(0.0);
        let scale = if all > NOTHING { own / all } else { 0.0 };
        let left_over = if all > NOTHING { stands_in } else { ramped };
        let per_week = if ramped > NOTHING {
            minutes / ramped
        } else {
            0.0
        };
        if left_over > NOTHING || !said.continuity {
            self.team(role, week);
        }
        let team = self.teams[role];
        let mut pooled = left_over;
        for one in &mut self.clinicians {
            let here = match one.standing {
                Standing::InPost(its) => its == role,
                Standing::InTraining(cohort) => world.cohorts[cohort].becomes == role,
                _ => false,
            };
            if !here {
                continue;
            }
            one.works *= scale;
            one.usual *= scale;
            one.treats = per_week > 0.0 && said.continuity;
            if said.continuity {
                begin(one, per_week, said, worked);
            } else {
                pooled += one.works;
                one.minutes = 0.0;
            }
        }
        if let Some(place) = team {
            let one = &mut self.clinicians[place];
            one.works = pooled;
            one.usual = pooled;
            one.treats = pooled * per_week > 0.0;
            begin(one, per_week, said, worked);
        }
    }

    /// The team of a role.
    fn team(&mut self, role: usize, week: usize) -> usize {
        if let Some(place) = self.teams[role] {
            return place;
        }
        let place = self.joins(Standing::Team(role), role, 0.0, week);
        self.teams[role] = Some(place);
        place
    }

    /// Whether somebody is here to treat for one of these pools.
    #[must_use]
    pub fn is_here(&self, place: u32, pools: &[usize]) -> bool {
        (self.clinicians.get(place as usize)).is_some_and(|one| {
            one.standing != Standing::Gone
                && one.absent < 1.0
                && one.treats
                && pools.contains(&one.pool)
        })
    }

    /// Whether somebody has minutes left this week.
    #[must_use]
    pub fn has_minutes(&self, place: u32) -> bool {
        (self.clinicians.get(place as usize)).is_some_and(|one| one.minutes > self.half[one.pool])
    }

    /// Whether somebody has left.
    #[must_use]
    pub fn is_gone(&self, place: u32) -> bool {
        place == NEVER
            || (self.clinicians.get(place as usize))
                .is_none_or(|one| one.standing == Standing::Gone)
    }

    /// The role whose hours somebody works.
    #[must_use]
    pub fn role_of(&self, place: u32) -> Option<usize> {
        self.clinicians.get(place as usize).map(|one| one.works_as)
    }

    /// Those of a pool who have minutes left, to be asked by [`Roster::free`].
    pub fn make_ready(&mut self, pool: usize) {
        let ready = &mut self.ready[pool];
        ready.clear();
        for (place, one) in self.clinicians.iter().enumerate() {
            let here = one.standing != Standing::Gone && one.pool == pool;
            if here && one.minutes > self.half[pool] {
                ready.push(Free {
                    minutes: one.minutes,
                    place,
                });
            }
        }
    }

    /// Who of a pool has the most minutes left; `new` for somebody who may start another course.
    pub fn free(&mut self, pool: usize, new: bool) -> Option<usize> {
        while let Some(&Free { minutes, place }) = self.ready[pool].peek() {
            let one = &self.clinicians[place];
            if one.minutes.total_cmp(&minutes) != Ordering::Equal {
                self.ready[pool].pop();
                if one.minutes > self.half[pool] {
                    self.ready[pool].push(Free {
                        minutes: one.minutes,
                        place,
                    });
                }
                continue;
            }
            if new && (one.starts < 1.0 || f64::from(one.load) + 1.0 > one.most) {
                self.ready[pool].pop();
                continue;
            }
            return Some(place);
        }
        None
    }

    /// Gives minutes to those of a pool who work this week, in proportion.
    pub fn share_out(&mut self, pool: usize, minutes: f64) {
        let here = |one: &Clinician| one.standing != Standing::Gone && one.pool == pool;
        let works = self.clinicians.iter().filter(|one| here(one));
        let all: f64 = works.map(|one| one.works).sum();
        if all > NOTHING {
            for one in self.clinicians.iter_mut().filter(|one| here(one)) {
                one.minutes += minutes * one.works / all;
            }
        }
    }

    /// Takes what minutes are left from those of a pool.
    pub fn take_back(&mut self, pool: usize) -> f64 {
        let mut minutes = 0.0;
        for one in &mut self.clinicians {
            if one.pool == pool && one.minutes > 0.0 {
                minutes += one.minutes;
                one.minutes = 0.0;
            }
        }
        minutes
    }

    /// The end of a week: minutes that were not used are gone, but for what was too short for a session.
    pub fn end_week(&mut self) {
        for one in &mut self.clinicians {
            one.minutes = one.minutes.min(self.half[one.pool]);
        }
    }
}
/// Overtime as bookable WTE.
fn overtime(world: &World<1>, role: usize, wte: f64) -> f64 {
    let plan = world.role_plans[role].extra.as_ref();
    plan.map_or(0.0, |plan| wte * plan.overtime_bookable[0])
}

/// What somebody may do this week.
fn begin(one: &mut Clinician, per_week: f64, said: &Role, worked: f64) {
    one.minutes += one.works * per_week;
    let wte = if worked > 0.0 {
        one.usual / worked
    } else {
        0.0
    };
    one.most = (said.caseload_max.as_ref())
        .map_or(f64::INFINITY, |most| (most.mean() * wte + 1e-9).floor());
    one.starts = (said.new_starts_per_week.as_ref()).map_or(f64::INFINITY, |most| {
        // What was not started last week may be, up to one course, so that half a course a week is one in two.
        let left = if one.starts.is_finite() {
            one.starts.clamp(0.0, 1.0)
        } else {
            0.0
        };
        let carried = left - left.floor();
        most.mean() * one.usual + carried + 1e-9
    });
}
