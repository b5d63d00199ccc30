//! Who are the clinicians? How many minutes each of them has is in `roster/minutes.rs`.
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

mod minutes;

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::luck::{hash, name_key};
use crate::simulate::terms::Terms;
use crate::timetable::{Timetable, World};
use crate::workforce::{Moves, People};

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
}
