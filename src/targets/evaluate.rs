//! What does a service do with a plan? Its scenario with the places, moves and posts, run week by week.

use std::collections::BTreeMap;

use jiff::civil::Date;
use toml::{Table as Tree, Value};

use crate::error::Result;
use crate::project::{Horizon, Projection, project};
use crate::record::rules;
use crate::scenario::staff::Role;
use crate::scenario::{Scenario, merge};
use crate::targets::ask::Targets;
use crate::targets::goals::{Goal, Tables};
use crate::targets::levels::{CourseFacts, Pool, Supply};

/// Places and posts by pool, in the order of the pools.
pub type Decision = Vec<Supply>;

/// What a run with a decision gives.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The run.
    pub run: Projection,
    /// What targets are read from.
    pub tables: Tables,
}

impl Outcome {
    /// The run of a scenario, for so many weeks.
    pub fn of(scenario: &Scenario, horizon: Horizon) -> Result<Self> {
        let run = project(scenario, horizon)?;
        let tables = Tables {
            monthly: run.table("monthly")?,
            quarterly: run.table("quarterly")?,
        };
        Ok(Self { run, tables })
    }

    /// The worst miss of any target; not above 0 if all are met.
    pub fn miss(&self, goals: &[Goal]) -> f64 {
        let misses = goals.iter().map(|goal| goal.miss(&self.tables));
        misses.fold(f64::NEG_INFINITY, f64::max)
    }

    /// Whether all targets are met.
    pub fn meets(&self, goals: &[Goal]) -> bool {
        self.miss(goals) <= 1e-9
    }

    /// Conditions that are broken: gap and sentence by rule.
    pub fn conditions(&self) -> BTreeMap<String, (f64, String)> {
        let run = &self.run;
        let broken = rules::broken(run.scenario().spec(), run.timetable(), run.record());
        let conditions = broken.into_iter().filter(|row| row.severity == "condition");
        conditions
            .map(|row| ((row.worst - row.limit).abs(), row))
            .map(|(gap, row)| (row.rule, (gap, row.sentence)))
            .collect()
    }
}

/// Trainees who come from inside the service in each autumn, in whole people.
pub fn internal(course: &CourseFacts, places: &[u32]) -> Vec<u32> {
    let (mut all, mut before) = (0.0, 0);
    let one = |&places: &u32| {
        all += f64::from(places) * course.internal_share;
        let so_far = crate::targets::levels::whole_people(all - 0.5, u32::MAX);
        let now = (so_far - before).min(places);
        before += now;
        now
    };
    places.iter().map(one).collect()
}

/// The scenario that a decision starts from: what the levers and the targets themselves change.
pub fn starting(scenario: &Scenario, targets: &Targets, frozen: &[String]) -> Result<Scenario> {
    let mut changes: Vec<(String, Value)> = frozen
        .iter()
        .map(|role| {
            let path = format!("staff.{role}.recruitment.policy");
            (path, Value::String("frozen".into()))
        })
        .collect();
    if let Some(rate) = targets.access_rate {
        changes.push(("demand.need.access_rate".into(), Value::Float(rate)));
    }
    if changes.is_empty() {
        return Ok(scenario.clone());
    }
    scenario.with_all(changes)
}

/// The scenario with a decision.
pub fn scenario_with(
    start: &Scenario,
    name: &str,
    pools: &[Pool],
    targets: &Targets,
    by: usize,
    decision: &[Supply],
) -> Result<Scenario> {
    let mut intakes = match merge::get(start.complete(), "training.intakes") {
        Some(Value::Array(list)) => list.clone(),
        _ => Vec::new(),
    };
    let mut changes = vec![("name".to_string(), Value::String(name.into()))];
    for (pool, supply) in pools.iter().zip(decision) {
        if let Some(course) = &pool.course {
            let moves = internal(course, &supply.places);
            let autumns = targets.starts.iter().zip(&supply.places).zip(moves);
            for (autumn, ((&start, &places), moves)) in autumns.enumerate() {
                intakes.extend(at_universities(course, autumn, start, places, moves));
            }
        }
        changes.extend(posts(start, pool, supply, by));
    }
    changes.push(("training.intakes".into(), Value::Array(intakes)));
    start.with_all(changes)
}

/// The intakes of an autumn: one, or one at each university while it has places.
fn at_universities(
    course: &CourseFacts,
    autumn: usize,
    start: Date,
    places: u32,
    internal: u32,
) -> Vec<Value> {
    let Some(universities) = course.universities.get(autumn) else {
        return intake(course, start, places, internal, None)
            .into_iter()
            .collect();
    };
    let (mut left, mut moving) = (places, internal);
    let one = |(at, most): &(String, u32)| {
        let here = left.min(*most);
        let moves = moving.min(here);
        (left, moving) = (left - here, moving - moves);
        intake(course, start, here, moves, Some(at))
    };
    universities.iter().filter_map(one).collect()
}

fn intake(
    course: &CourseFacts,
    start: Date,
    places: u32,
    internal: u32,
    at: Option<&String>,
) -> Option<Value> {
    if places == 0 {
        return None;
    }
    let mut tree = Tree::new();
    tree.insert("course".into(), Value::String(course.name.clone()));
    tree.insert("start".into(), Value::String(start.to_string()));
    tree.insert("trainees".into(), Value::Integer(places.into()));
    if internal > 0 {
        tree.insert("internal".into(), Value::Integer(internal.into()));
        let from = course.internal_from.clone();
        tree.insert("internal_from".into(), Value::String(from));
    }
    if let Some(at) = at {
        tree.insert("at".into(), Value::String(at.clone()));
    }
    Some(Value::Table(tree))
}

/// The run with one more trainee of each course in each autumn: it shows when whom they become, and how many.
pub fn probe(start: &Scenario, courses: &[String], targets: &Targets) -> Result<Projection> {
    let mut intakes = match merge::get(start.complete(), "training.intakes") {
        Some(Value::Array(list)) => list.clone(),
        _ => Vec::new(),
    };
    for course in courses {
        for start in &targets.starts {
            let mut tree = Tree::new();
            tree.insert("course".into(), Value::String(course.clone()));
            tree.insert("start".into(), Value::String(start.to_string()));
            tree.insert("trainees".into(), Value::Integer(1));
            intakes.push(Value::Table(tree));
        }
    }
    let scenario = start.with("training.intakes", Value::Array(intakes))?;
    project(&scenario, Horizon::Scenario)
}

/// Weeks between two steps of the posts that go as people leave.
const STEP_WEEKS: usize = 26;

/// Posts of a pool: recruits from the first day, and a post for each of the newly qualified whom no vacancy
/// takes, from the day on which they qualify. Where vacancies are advertised, posts that are not kept after
/// the date go no faster than people leave.
fn posts(start: &Scenario, pool: &Pool, supply: &Supply, by: usize) -> Vec<(String, Value)> {
    let Some(role) = start.spec().staff.get(&pool.name) else {
        return Vec::new();
    };
    let grown = posts_added(pool, supply);
    let recruits = f64::from(supply.recruits);
    if grown.iter().sum::<f64>() + recruits <= 0.0 {
        return Vec::new();
    }
    let first = start.spec().calendar.start;
    let mut steps: Vec<(Date, f64)> = Vec::new();
    let mut level = role.posts.unwrap_or(role.in_post).mean();
    for (from, posts) in posts_changes(role) {
        steps.push((from, posts - level));
        level = posts;
    }
    let date = |week: usize| {
        let days = i64::try_from(week).unwrap_or(0) * 7;
        first.saturating_add(jiff::Span::new().days(days))
    };
    let mut surplus = recruits;
    let weeks = pool.course.iter().flat_map(|course| &course.qualifies);
    for (&week, more) in weeks.zip(grown) {
        if more > 0.0 {
            surplus += if week <= by { more } else { 0.0 };
            steps.push((date(week), more));
        }
    }
    if pool.recruits {
        let posts = level + surplus;
        let mut now = surplus;
        for week in (by + STEP_WEEKS..pool.standing.len()).step_by(STEP_WEEKS) {
            let years = (week - by) as f64 / 52.18;
            let left = posts * pool.stays_a_year.powf(years) - level;
            let next = left.max(f64::from(supply.kept)).min(now);
            if now - next > 1e-9 {
                steps.push((date(week), next - now));
            }
            now = next;
        }
    }
    steps.sort_by_key(|step| step.0);
    let mut level = role.posts.unwrap_or(role.in_post).mean() + recruits;
    let path = format!("staff.{}.posts", pool.name);
    let mut changes = vec![(path.clone(), Value::Float(level))];
    let mut list: Vec<(Date, f64)> = Vec::new();
    for (day, more) in steps {
        level += more;
        // Posts are counted in hundredths, rounded up.
        let level = (level * 100.0 - 1e-6).ceil() / 100.0;
        match list.last_mut() {
            Some(last) if last.0 == day => last.1 = level,
            _ if day <= first => changes[0].1 = Value::Float(level),
            _ => list.push((day, level)),
        }
    }
    if !list.is_empty() {
        let of = |(day, level): (Date, f64)| {
            let mut tree = Tree::new();
            tree.insert("from".into(), Value::String(day.to_string()));
            tree.insert("posts".into(), Value::Float(level));
            Value::Table(tree)
        };
        let list = list.into_iter().map(of).collect();
        changes.push((format!("{path}_changes"), Value::Array(list)));
    }
    changes
}

/// How posts change later, as stated: from when, to how many.
pub fn posts_changes(role: &Role) -> Vec<(Date, f64)> {
    let changes = role.posts_changes.iter();
    changes
        .map(|change| (change.from, change.posts.mean()))
        .collect()
}

/// Posts that each autumn's cohort adds when it qualifies: those whom no vacancy takes. Where vacancies are
/// advertised others fill them; where they are not, trainees take the places of those who have left.
pub fn posts_added(pool: &Pool, supply: &Supply) -> Vec<f64> {
    let Some(course) = &pool.course else {
        return Vec::new();
    };
    let mut added: Vec<f64> = Vec::new();
    for (autumn, &places) in supply.places.iter().enumerate() {
        let qualified = f64::from(places) * course.yields;
        if pool.recruits || pool.backfill {
            added.push(if pool.backfill { 0.0 } else { qualified });
            continue;
        }
        let week = course.qualifies[autumn];
        let mut vacant = pool.vacant[week.min(pool.vacant.len() - 1)];
        for before in 0..autumn {
            let years = (week - course.qualifies[before]) as f64 / 52.18;
            let there = f64::from(supply.places[before]) * course.yields;
            vacant += added[before] - there * pool.stays_a_year.powf(years);
        }
        added.push((qualified - vacant.max(0.0)).max(0.0));
    }
    added
}

/// Staff of a pool by week: seniors and leads in terms of the role that heads it, trainees by their ramp.
pub fn staff_by_week(run: &Projection, role: usize) -> Vec<f64> {
    let timetable = run.timetable();
    let patients = |role: usize| timetable.roles[role].said.job_plan.patients.mean();
    let head = patients(role).max(1e-9);
    let members: Vec<(usize, f64)> = timetable
        .roles_of_pool(role)
        .filter(|&member| timetable.roles[member].course.is_none())
        .map(|member| (member, patients(member) / head))
        .collect();
    let mut last = 0.0;
    let weeks = timetable.calendar.weeks.iter().enumerate();
    weeks
        .map(|(week, days)| {
            if days.working_days > 0 {
                let worked = f64::from(days.working_days) / 5.0;
                let ramped = members.iter().map(|&(member, share)| {
                    run.record().staff[member][week].ramped * share / worked
                });
                last = ramped.sum();
            }
            last
        })
        .collect()
}
