//! Which is the smallest plan that meets the targets?
//!
//! 1. Pools are taken in the order of the way of the patients: assessments and Step 2 before Step 3, since
//!    those who assess more send more to Step 3; last the targets that are about all pools.
//! 2. For each, the level above the standing need until the date is doubled until the targets are met from
//!    their date to the end of the window, then halved in; after it the level for the time after the date.
//! 3. PWPs who leave for training, where no target is about them, are replaced by trainees of the same autumn.
//! 4. One place or post after the other is left out if the targets are met without it.

mod facts;
mod families;
mod refusal;
mod solve;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, Result};
use crate::plan::Plan;
use crate::project::{Horizon, Projection, project};
use crate::scenario::Scenario;
use crate::targets::ask::Targets;
use crate::targets::evaluate::{
    Decision, Outcome, internal, probe, scenario_with, staff_by_week, starting,
};
use crate::targets::goals::{Goal, Measure, Stage, Tables};
use crate::targets::levels::{Pool, Supply, Window, extra_wte};
use crate::targets::{Attempt, TargetPlan};
use crate::workforce::journey::qualifies_on;

use facts::{course_to, pool};
use families::{families, resolved};

/// Training places of one course in one autumn.
#[derive(Debug, Clone, PartialEq)]
pub struct Commission {
    /// First day of the course.
    pub start: jiff::civil::Date,
    /// Day on which the cohort qualifies.
    pub qualifies: jiff::civil::Date,
    /// Course.
    pub course: String,
    /// Role that it leads to.
    pub role: String,
    /// Places.
    pub places: u32,
    /// Of them people of this service.
    pub internal: u32,
    /// Role that those leave.
    pub internal_from: String,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// Whether all targets are met.
    pub met: bool,
    /// Targets with their limits.
    pub goals: Vec<Goal>,
    /// Pools that the targets are about, and those that replace who leaves them.
    pub pools: Vec<Pool>,
    /// What is done for each.
    pub decision: Decision,
    /// Places by autumn and course.
    pub commissions: Vec<Commission>,
    /// Posts advertised by role.
    pub recruits: Vec<(String, f64)>,
    /// Extra WTE of the closed form until the date, by pool.
    pub extra: Vec<f64>,
    /// Weeks of the date and of the end of the window.
    pub window: Window,
    /// Runs that were made.
    pub runs: usize,
}

struct Search<'a> {
    start: Scenario,
    name: String,
    targets: &'a Targets,
    pools: Vec<Pool>,
    window: Window,
    /// First week and name of each month.
    first_weeks: Vec<usize>,
    months: Vec<String>,
    horizon: Horizon,
    seen: BTreeMap<Decision, Outcome>,
    runs: usize,
    stop: &'a AtomicBool,
}

/// Most times that demand is raised so that as many are treated as an access rate asks.
const MOST_RAISES: usize = 4;

/// The smallest plan that meets the targets, or the best that can be had and why.
pub fn attempt(scenario: &Scenario, targets: &Targets, stop: &AtomicBool) -> Result<Attempt> {
    let mut found = search(scenario, targets, stop)?;
    let mut raised = targets.clone();
    for _ in 0..MOST_RAISES {
        // Some give up while they wait, so that a few more must be referred than are to be treated.
        let Some(short) = found.short_of_treated() else {
            break;
        };
        raised.access_rate = raised.access_rate.map(|rate| rate * short);
        found = search(scenario, &raised, stop)?;
    }
    Ok(found)
}

impl Attempt {
    /// By how much first treatments miss an access rate, if by so little that demand is what is short.
    fn short_of_treated(&self) -> Option<f64> {
        self.missed.as_ref()?;
        self.plan.targets.access_rate?;
        let monthly = self.plan.run.table("monthly").ok()?;
        let quarterly = self.plan.run.table("quarterly").ok()?;
        let tables = Tables { monthly, quarterly };
        let goals = self.plan.found.goals.iter();
        let treated = goals.filter(|goal| goal.measure == Measure::FirstTreatments);
        let short = treated.map(|goal| goal.miss(&tables)).fold(0.0, f64::max);
        (short > 0.0 && short < 0.05).then_some(1.0002 / (1.0 - short))
    }
}

fn search(scenario: &Scenario, targets: &Targets, stop: &AtomicBool) -> Result<Attempt> {
    let before = Outcome::of(scenario, Horizon::Scenario)?;
    let frozen = frozen_roles(scenario, targets, &before.run);
    let start = starting(scenario, targets, &frozen)?;
    let plan = crate::plan::plan(&start)?;
    let base = project(&start, Horizon::Scenario)?;
    let roles = start.spec().staff.keys();
    let courses: Vec<String> = roles
        .filter_map(|role| course_to(start.spec(), role).cloned())
        .collect();
    let probed = probe(&start, &courses, targets)?;
    let timetable = before.run.timetable();
    let calendar = &timetable.calendar;
    let mut first_weeks = vec![usize::MAX; calendar.months.len()];
    for segment in &calendar.segments {
        let first = &mut first_weeks[segment.month];
        *first = segment.week.min(*first);
    }
    let window = Window {
        by: first_weeks[targets.by],
        until: (first_weeks[targets.until] + 5).min(timetable.weeks()),
    };
    let goals = resolved(scenario, targets, &plan);
    let last = goals.iter().map(|goal| goal.last_month(calendar)).max();
    let after = first_weeks.get(last.unwrap_or(targets.until) + 1);
    let weeks = after.map_or(timetable.weeks(), |week| (week + 2).min(timetable.weeks()));
    let families = families(&goals, timetable, &plan);
    let mut used: Vec<usize> = families
        .iter()
        .flat_map(|family| family.pools.clone())
        .collect();
    used.sort_unstable();
    used.dedup();
    let pools = used
        .iter()
        .map(|&role| pool(&start, targets, &plan, [&base, &probed], role))
        .collect();
    let mut search = Search {
        name: format!("{}: {}", scenario.spec().name, targets.asked()),
        start,
        targets,
        pools,
        window,
        first_weeks,
        months: calendar
            .months
            .iter()
            .map(|month| month.label.clone())
            .collect(),
        horizon: Horizon::Weeks(u32::try_from(weeks).unwrap_or(u32::MAX)),
        seen: BTreeMap::new(),
        runs: 0,
        stop,
    };
    search.add_backfill(&plan, [&base, &probed]);
    let extra = search.extra(&plan, &before, &goals);
    let (decision, missed) = search.solve(&families, &goals, &before)?;
    let outcome = Outcome::of(&search.scenario(&decision)?, Horizon::Scenario)?;
    let found = Found {
        met: missed.is_none(),
        commissions: search.commissions(&decision),
        recruits: search.recruits(&decision),
        pools: search.pools,
        goals,
        decision,
        extra,
        window,
        runs: search.runs,
    };
    let plan = TargetPlan {
        targets: targets.clone(),
        before: before.run,
        run: outcome.run,
        found,
    };
    Ok(Attempt { plan, missed })
}

/// Roles for which nobody is recruited because training alone is to close the gap.
fn frozen_roles(scenario: &Scenario, targets: &Targets, before: &Projection) -> Vec<String> {
    if targets.levers.recruitment {
        return Vec::new();
    }
    let spec = scenario.spec();
    let plan = crate::plan::plan(scenario);
    let Ok(plan) = plan else { return Vec::new() };
    let goals = resolved(scenario, targets, &plan);
    let timetable = before.timetable();
    let pools = families(&goals, timetable, &plan)
        .into_iter()
        .flat_map(|family| family.pools);
    let mut names: Vec<String> = pools
        .map(|role| timetable.roles[role].name.clone())
        .filter(|name| spec.training.courses.values().any(|c| &c.becomes == name))
        .collect();
    names.sort();
    names.dedup();
    names
}

impl Search<'_> {
    fn scenario(&self, decision: &Decision) -> Result<Scenario> {
        let (name, by) = (&self.name, self.window.by);
        scenario_with(&self.start, name, &self.pools, self.targets, by, decision)
    }

    /// The run with a decision, made once.
    fn run(&mut self, decision: &Decision) -> Result<&Outcome> {
        if !self.seen.contains_key(decision) {
            if self.stop.load(Ordering::Relaxed) {
                return Err(Error::Infeasible {
                    asked: self.targets.asked(),
                    best: "not known".into(),
                    rule: "the search was stopped before its end".into(),
                });
            }
            let outcome = Outcome::of(&self.scenario(decision)?, self.horizon)?;
            self.runs += 1;
            self.seen.insert(decision.clone(), outcome);
        }
        self.seen.get(decision).ok_or_else(|| Error::Unknown {
            asked: "a run".into(),
            offered: Vec::new(),
        })
    }

    fn miss(&mut self, decision: &Decision, goals: &[Goal]) -> Result<f64> {
        Ok(self.run(decision)?.miss(goals))
    }

    fn meets(&mut self, decision: &Decision, goals: &[Goal]) -> Result<bool> {
        Ok(self.run(decision)?.meets(goals))
    }

    fn nothing(&self) -> Decision {
        let autumns = self.targets.starts.len();
        self.pools.iter().map(|_| Supply::none(autumns)).collect()
    }

    /// Adds the pools that no target is about and whose staff move to training.
    fn add_backfill(&mut self, plan: &Plan, runs: [&Projection; 2]) {
        let from: Vec<String> = self
            .pools
            .iter()
            .filter_map(|pool| pool.course.as_ref())
            .filter(|course| course.internal_share > 0.0)
            .map(|course| course.internal_from.clone())
            .collect();
        for name in from {
            let known = self.pools.iter().any(|pool| pool.name == name);
            if let Some(role) = runs[0].timetable().role(&name).filter(|_| !known) {
                let mut pool = pool(&self.start, self.targets, plan, runs, role);
                pool.backfill = true;
                let weeks = staff_by_week(runs[0], role).into_iter().zip(&pool.standing);
                let spare = weeks
                    .take(self.window.until)
                    .map(|(there, need)| there - need);
                let wte = runs[0].timetable().roles[role].said.wte_per_head.value();
                pool.spare = spare.fold(f64::INFINITY, f64::min).max(0.0) / wte;
                if pool.course.is_some() {
                    self.pools.push(pool);
                }
            }
        }
    }

    /// Staff of a pool by week in a run, in terms of its head role.
    fn without(&mut self, decision: &Decision, pool: usize) -> Result<Vec<f64>> {
        let role = self.pools[pool].role;
        Ok(staff_by_week(&self.run(decision)?.run, role))
    }

    /// The closed form: extra WTE of each pool from the first day until the date, for its lists.
    fn extra(&self, plan: &Plan, before: &Outcome, goals: &[Goal]) -> Vec<f64> {
        let needs = plan.needs();
        let timetable = before.run.timetable();
        let weeks = self.window.by as f64;
        let of_goal = |pool: &Pool, goal: &Goal| {
            let step = goal.stage().and_then(Stage::step)?;
            let places = || {
                timetable
                    .treatments
                    .iter()
                    .enumerate()
                    .filter(|(_, t)| t.step == step)
            };
            let own = || places().filter(|(_, place)| place.pools[0] == pool.role);
            let starts: f64 = own().map(|(index, _)| needs.starts[index]).sum();
            let all: f64 = places().map(|(index, _)| needs.starts[index]).sum();
            let waiting = |index: usize| before.run.record().treatments[index][0].waiting[0];
            let list: f64 = own().map(|(index, _)| waiting(index)).sum();
            let target = match goal.measure {
                Measure::Wait(_) => goal.limit * starts / needs.weeks,
                _ => goal.limit * starts / all,
            };
            let hours = needs.pools[pool.role].courses / starts;
            let hours_a_week = needs.roles[pool.role].hours_per_wte / needs.weeks;
            let extra = extra_wte(list, target, weeks, hours, hours_a_week);
            (starts > 0.0 && extra.is_finite()).then_some(extra.max(0.0))
        };
        let of = |pool: &Pool| {
            let extras = goals.iter().filter_map(|goal| of_goal(pool, goal));
            extras.fold(0.0, f64::max)
        };
        self.pools.iter().map(of).collect()
    }

    fn commissions(&self, decision: &Decision) -> Vec<Commission> {
        let mut list = Vec::new();
        let spec = self.start.spec();
        for (autumn, &start) in self.targets.starts.iter().enumerate() {
            for (pool, supply) in self.pools.iter().zip(decision) {
                let Some(course) = &pool.course else { continue };
                let Some(said) = spec.training.courses.get(&course.name) else {
                    continue;
                };
                list.push(Commission {
                    start,
                    qualifies: qualifies_on(said, start),
                    course: course.name.clone(),
                    role: pool.name.clone(),
                    places: supply.places[autumn],
                    internal: internal(course, &supply.places)[autumn],
                    internal_from: course.internal_from.clone(),
                });
            }
        }
        list
    }

    fn recruits(&self, decision: &Decision) -> Vec<(String, f64)> {
        let pairs = self.pools.iter().zip(decision);
        let some = pairs.filter(|(_, supply)| supply.recruits > 0);
        some.map(|(pool, supply)| (pool.name.clone(), f64::from(supply.recruits)))
            .collect()
    }
}
