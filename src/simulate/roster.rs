//! Who are the clinicians, and how many minutes has each of them this week?
//!
//! The roster follows the staff of the workforce step: whoever joins, qualifies, moves or leaves there is one
//! person here, and the WTE of a role are always those of its people. A week's minutes of a role are shared
//! out by what each of them works:
//!
//! ```text
//! works     = WTE x share of the week x ramp (trainees), less absence
//! minutes   = minutes of the role x works / sum of works, less what the last week took too much
//! ```
//!
//! A session takes place if at least half of it fits into what is left. What it takes too much, or what is left
//! of less than half a session, is carried to the week after, so that no hour is lost between sessions and none
//! is used twice.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::luck::{hash, name_key, uniform};
use crate::scenario::staff::LeavePattern;
use crate::simulate::person::NEVER;
use crate::simulate::terms::Terms;
use crate::timetable::{Timetable, World};
use crate::workforce::{Moves, People, Present};

/// Amounts of WTE below this are nothing.
const NOTHING: f64 = 1e-9;

/// Who somebody is at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// In a role, by index.
    InPost(usize),
    /// In training, by group of trainees.
    InTraining(usize),
    /// Agency staff and overtime of a role, or a whole role whose patients see whoever is free.
    Team(usize),
    /// Left.
    Gone,
}

/// When the roster follows the staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// After the beginning of a week.
    Before(usize),
    /// After the end of a week.
    After(usize),
}

/// A clinician.
#[derive(Debug, Clone)]
pub struct Clinician {
    /// From which all luck comes.
    pub key: u64,
    /// Who they are now.
    pub standing: Standing,
    /// Role whose hours they work, by index.
    pub works_as: usize,
    /// Role whose patients they see, by index.
    pub pool: usize,
    /// WTE.
    pub wte: f64,
    /// Share of that WTE that is absent for long.
    pub absent: f64,
    /// Week from which they are absent.
    pub absent_from: usize,
    /// Group of trainees that they came from, while they settle.
    pub settles: Option<usize>,
    /// Ramped WTE weeks of this week.
    pub works: f64,
    /// The same without leave in whole weeks, which moves no limit.
    pub usual: f64,
    /// Whether their role has time for patients this week.
    pub treats: bool,
    /// Minutes that are left this week; below 0 they come off the next.
    pub minutes: f64,
    /// Open courses.
    pub load: u32,
    /// Most open courses.
    pub most: f64,
    /// New courses that they may still start.
    pub starts: f64,
}

/// Everybody who works with patients.
#[derive(Debug, Clone)]
pub struct Roster {
    /// In the order in which they came.
    pub clinicians: Vec<Clinician>,
    /// Place of the team of each role, once it has one.
    teams: Vec<Option<usize>>,
    keys: Vec<u64>,
    /// Pool of each role.
    pools: Vec<usize>,
    /// Week in which somebody joined each role last, and how many did in it.
    joined: Vec<(usize, u64)>,
    base: u64,
    ready: Vec<BinaryHeap<Free>>,
    /// Minutes of half a session, by pool.
    half: Vec<f64>,
}

/// Somebody with minutes left: the most first, then who came first.
#[derive(Debug, Clone, Copy)]
struct Free {
    minutes: f64,
    place: usize,
}

impl PartialEq for Free {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Free {}

impl PartialOrd for Free {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Free {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.minutes.total_cmp(&other.minutes)).then_with(|| other.place.cmp(&self.place))
    }
}

impl Roster {
    /// The people of the first morning.
    #[must_use]
    pub fn new(timetable: &Timetable, terms: &[Terms], key: u64) -> Self {
        let roles = timetable.roles.len();
        let half = |pool: usize| {
            let here = terms.iter().filter(|terms| terms.pools.contains(&pool));
            let minutes = here.flat_map(|terms| {
                // The staff of a closed group hold it whole.
                let times = (terms.closed).map_or(1.0, |group| group.exact / group.facilitators);
                terms.ways.iter().map(move |way| way.later * times / 2.0)
            });
            let least = minutes.fold(f64::INFINITY, f64::min);
            if least.is_finite() { least } else { 0.0 }
        };
        Self {
            half: (0..roles).map(half).collect(),
            clinicians: Vec::new(),
            teams: vec![None; roles],
            keys: (timetable.roles.iter())
                .map(|role| name_key(&role.name))
                .collect(),
            pools: timetable.roles.iter().map(|role| role.pool).collect(),
            joined: vec![(0, 0); roles],
            base: key,
            ready: vec![BinaryHeap::new(); roles],
        }
    }

    /// The people of the first morning.
    pub fn open_up(&mut self, timetable: &Timetable, world: &World<1>, people: &People<1>) {
        self.match_stocks(timetable, world, people, None, 0);
        self.be_absent(timetable, people, None, 0);
    }

    /// Brings the roster in step with the staff, after the beginning or the end of a week.
    pub fn follow(
        &mut self,
        timetable: &Timetable,
        world: &World<1>,
        people: &People<1>,
        moves: &Moves<1>,
        when: When,
    ) {
        let week = match when {
            When::Before(week) => {
                self.move_to_training(world, people, moves, week);
                self.promote(timetable, people, moves, week);
                // Whoever is on the way to a course this week is counted in their old role until its end.
                self.match_stocks(timetable, world, people, Some(moves), week);
                self.be_absent(timetable, people, None, week);
                return;
            }
            When::After(week) => week + 1,
        };
        self.qualify(world, people, moves);
        self.match_stocks(timetable, world, people, None, week);
        self.be_absent(timetable, people, Some(moves), week);
    }

    fn match_stocks(
        &mut self,
        timetable: &Timetable,
        world: &World<1>,
        people: &People<1>,
        moving: Option<&Moves<1>>,
        week: usize,
    ) {
        let unit = |role: usize| world.role_plans[role].wte_per_head[0];
        for role in 0..timetable.roles.len() {
            let wanted = people.in_post[role][0];
            let leaving = moving.map_or(0.0, |moves| moves.moved_to_training[role][0]);
            let standing = Standing::InPost(role);
            let mut gap = wanted - self.wte(standing) - leaving.min(wanted);
            if world.role_plans[role].ratio.is_some() {
                gap -= self.top_up(standing, gap, unit(role));
            }
            self.fill(standing, role, gap, unit(role), week);
        }
        for (index, cohort) in world.cohorts.iter().enumerate() {
            let standing = Standing::InTraining(index);
            let wte = unit(cohort.trainee_role);
            let gap = people.trainees[index][0] * wte - self.wte(standing);
            self.fill(standing, cohort.becomes, gap, wte, week);
        }
    }

    /// Where a role follows others in parts of people, part-timers work more before others come.
    fn top_up(&mut self, standing: Standing, gap: f64, unit: f64) -> f64 {
        let mut given = 0.0;
        for one in &mut self.clinicians {
            if one.standing == standing && one.wte < unit && given < gap {
                let more = (unit - one.wte).min(gap - given);
                one.wte += more;
                given += more;
            }
        }
        given
    }

    fn wte(&self, standing: Standing) -> f64 {
        let here = self
            .clinicians
            .iter()
            .filter(|one| one.standing == standing);
        here.map(|one| one.wte).sum()
    }

    /// Trainees who qualify at the end of the week take up their role.
    fn qualify(&mut self, world: &World<1>, people: &People<1>, moves: &Moves<1>) {
        for (index, cohort) in world.cohorts.iter().enumerate() {
            if moves.awarded[index][0] <= 0.0 || people.trainees[index][0] > 0.0 {
                continue;
            }
            for one in &mut self.clinicians {
                if one.standing == Standing::InTraining(index) {
                    one.standing = Standing::InPost(cohort.becomes);
                    one.settles = Some(index);
                }
            }
        }
    }

    /// People who leave a role for a course inside the service stay the same people.
    fn move_to_training(
        &mut self,
        world: &World<1>,
        people: &People<1>,
        moves: &Moves<1>,
        week: usize,
    ) {
        for (index, cohort) in world.cohorts.iter().enumerate() {
            let from = cohort.internal_from;
            let mut moving = moves.moved_by_cohort[index][0];
            if moving <= NOTHING || self.wte(Standing::InTraining(index)) > NOTHING {
                continue;
            }
            let wte = world.role_plans[cohort.trainee_role].wte_per_head[0];
            let mut heads = people.trainees[index][0];
            while moving > NOTHING && heads > NOTHING {
                let Some(place) = self.somebody(Standing::InPost(from), week, moving) else {
                    break;
                };
                let one = &mut self.clinicians[place];
                moving -= one.wte;
                heads -= 1.0;
                one.standing = Standing::InTraining(index);
                one.works_as = cohort.becomes;
                one.pool = self.pools[cohort.becomes];
                one.wte = wte;
                one.settles = None;
            }
        }
    }

    /// People who are promoted stay the same people, with their patients.
    fn promote(
        &mut self,
        timetable: &Timetable,
        people: &People<1>,
        moves: &Moves<1>,
        week: usize,
    ) {
        for to in 0..timetable.roles.len() {
            if moves.promoted[to][0] <= NOTHING {
                continue;
            }
            for from in 0..timetable.roles.len() {
                let mut missing = people.in_post[to][0] - self.wte(Standing::InPost(to));
                let mut leaving = (self.wte(Standing::InPost(from)) - people.in_post[from][0])
                    .min(moves.promoted_away[from][0]);
                while missing > NOTHING && leaving > NOTHING {
                    let Some(place) =
                        self.somebody(Standing::InPost(from), week, missing.min(leaving))
                    else {
                        break;
                    };
                    let one = &mut self.clinicians[place];
                    if one.wte > missing.min(leaving) + NOTHING {
                        break;
                    }
                    missing -= one.wte;
                    leaving -= one.wte;
                    one.standing = Standing::InPost(to);
                    one.works_as = to;
                    one.pool = self.pools[to];
                }
            }
        }
    }

    /// Somebody of a standing by luck, the same in every plan that has them.
    /// Those come first whose WTE fit into `most`, and of them those who are at work.
    fn somebody(&self, standing: Standing, week: usize, most: f64) -> Option<usize> {
        let here = |place: &usize| self.clinicians[*place].standing == standing;
        let order = |&place: &usize| {
            let one = &self.clinicians[place];
            let luck = hash(one.key, week as u64);
            (one.wte > most + NOTHING, one.absent > 0.0, luck)
        };
        (0..self.clinicians.len()).filter(here).min_by_key(order)
    }

    /// Hires or lets go until the WTE are those of the staff.
    fn fill(&mut self, standing: Standing, works_as: usize, mut gap: f64, unit: f64, week: usize) {
        while gap < -NOTHING {
            let Some(place) = self.somebody(standing, week, -gap) else {
                return;
            };
            let one = &mut self.clinicians[place];
            let goes = one.wte.min(-gap);
            gap += goes;
            one.wte -= goes;
            if one.wte <= NOTHING {
                one.standing = Standing::Gone;
                one.wte = 0.0;
            }
        }
        while gap > NOTHING {
            let wte = gap.min(unit);
            gap -= wte;
            self.joins(standing, works_as, wte, week);
        }
    }

    fn joins(&mut self, standing: Standing, works_as: usize, wte: f64, week: usize) -> usize {
        let (last, number) = &mut self.joined[works_as];
        if *last != week {
            (*last, *number) = (week, 0);
        }
        *number += 1;
        let number = *number;
        let trains = u64::from(matches!(standing, Standing::InTraining(_)));
        let who = hash(
            self.keys[works_as],
            (week as u64) << 24 | number << 1 | trains,
        );
        self.clinicians.push(Clinician {
            key: hash(self.base, who),
            standing,
            works_as,
            pool: self.pools[works_as],
            wte,
            absent: 0.0,
            absent_from: 0,
            settles: None,
            works: 0.0,
            usual: 0.0,
            treats: true,
            minutes: 0.0,
            load: 0,
            most: f64::INFINITY,
            starts: f64::INFINITY,
        });
        self.clinicians.len() - 1
    }

    /// As many are absent as of the staff: those come back first who went first, others go by luck.
    fn be_absent(
        &mut self,
        timetable: &Timetable,
        people: &People<1>,
        moves: Option<&Moves<1>>,
        week: usize,
    ) {
        for role in 0..timetable.roles.len() {
            let standing = Standing::InPost(role);
            let mut here: Vec<usize> = (0..self.clinicians.len())
                .filter(|&place| self.clinicians[place].standing == standing)
                .collect();
            let away = |one: &Clinician| one.wte * one.absent;
            let absent: f64 = here
                .iter()
                .map(|&place| away(&self.clinicians[place]))
                .sum();
            let wanted = people.absent[role][0];
            let over = moves.map_or(0.0, |moves| moves.absence_over[role][0]);
            let mut back = over.max(absent - wanted).min(absent);
            here.sort_by_key(|&place| self.clinicians[place].absent_from);
            for &place in &here {
                let one = &mut self.clinicians[place];
                if one.absent > 0.0 && back > NOTHING {
                    let returns = away(one).min(back);
                    back -= returns;
                    one.absent = (one.absent - returns / one.wte).max(0.0);
                }
            }
            let left: f64 = here
                .iter()
                .map(|&place| away(&self.clinicians[place]))
                .sum();
            let mut goes = wanted - left;
            here.retain(|&place| self.clinicians[place].absent <= 0.0);
            here.sort_by_key(|&place| hash(self.clinicians[place].key, 1 << 40 | week as u64));
            for place in here {
                let one = &mut self.clinicians[place];
                if goes <= NOTHING {
                    break;
                }
                let leaves = goes.min(one.wte);
                one.absent = leaves / one.wte;
                one.absent_from = week;
                goes -= leaves;
            }
        }
    }

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
    plan.map_or(0.0, |plan| wte * plan.overtime_bookable)
}

/// What somebody may do this week.
fn begin(one: &mut Clinician, per_week: f64, said: &crate::scenario::staff::Role, worked: f64) {
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
