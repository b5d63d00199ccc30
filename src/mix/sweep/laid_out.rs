//! Which posts does each share come to, which shares are the same mix, and which cannot be had?

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use toml::Value;

use super::options::Options;
use crate::error::{Error, Result};
use crate::mix::staffing::Families;
use crate::mix::summary::Staff;
use crate::mix::{Hold, with_posts};
use crate::plan::{Plan, plan};
use crate::scenario::{Scenario, check};
use crate::timetable::{Timetable, World};

/// Why a share cannot be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Name of the rule.
    pub rule: &'static str,
    /// What is wrong, in a sentence.
    pub message: String,
}

impl Refusal {
    /// No whole posts serve the share.
    const POSTS: &'static str = "posts";
    /// A step or the assessment has nobody.
    const STAFF: &'static str = "staff_of_each_step";
    /// The scenario with these posts has a problem.
    const SCENARIO: &'static str = "scenario";

    fn new(rule: &'static str, message: impl Into<String>) -> Self {
        Self {
            rule,
            message: message.into(),
        }
    }
}

/// A mix that can be run: the service with whole posts, compiled.
#[derive(Debug, Clone)]
pub struct Mix {
    /// The service.
    pub scenario: Scenario,
    /// It compiled.
    pub timetable: Timetable,
    /// Its posts.
    pub staff: Staff,
    /// Full-year pay and on-costs of both families \[pounds\].
    pub pay: f64,
    /// Levels at which it is run, by place, and the place of what it gives there.
    pub levels: Vec<(usize, usize)>,
    /// Why it can be run but cannot go ahead.
    refusal: Option<Refusal>,
}

/// One share at one level of demand.
#[derive(Debug, Clone)]
pub struct Cell {
    /// The mix, by place, if there is one.
    pub mix: Option<usize>,
    /// Place of what it gives, if it can be run.
    pub run: Option<usize>,
    /// The first share with the same posts at this level, if that is another one.
    pub same_as: Option<usize>,
    /// Why it cannot be had.
    pub refusal: Option<Refusal>,
}

/// All shares at all levels.
#[derive(Debug, Clone)]
pub struct Layout {
    /// By level, then by share.
    pub cells: Vec<Cell>,
    /// The mixes that are different.
    pub mixes: Vec<Mix>,
    /// Weeks of each run.
    pub weeks: usize,
    runs: usize,
}

impl Layout {
    /// Staffs every share at every level.
    pub fn new(scenario: &Scenario, options: &Options, weeks: usize) -> Result<Self> {
        let mut layout = Self {
            cells: Vec::new(),
            mixes: Vec::new(),
            weeks,
            runs: 0,
        };
        let base = plan(scenario)?;
        let mut known: BTreeMap<[u32; 2], std::result::Result<usize, Refusal>> = BTreeMap::new();
        let mut families = Families::there_are(&base)?;
        for (level, &demand) in options.demand.iter().enumerate() {
            // Only the staff for a demand depends on how much there is.
            if options.hold == Hold::Demand {
                families = Families::there_are(&plan(&at_level(scenario, demand)?)?)?;
            }
            for place in 0..options.shares.len() {
                let posts = families.posts_if_possible(options.shares[place], options.hold);
                let cell =
                    layout.cell(&base, &families, options, &mut known, (level, place), posts);
                layout.cells.push(cell);
            }
        }
        Ok(layout)
    }

    /// Runs that are different.
    pub const fn runs(&self) -> usize {
        self.runs
    }

    fn cell(
        &mut self,
        base: &Plan,
        families: &Families,
        options: &Options,
        known: &mut BTreeMap<[u32; 2], std::result::Result<usize, Refusal>>,
        (level, place): (usize, usize),
        posts: Result<[u32; 2]>,
    ) -> Cell {
        let mut cell = Cell {
            mix: None,
            run: None,
            same_as: None,
            refusal: None,
        };
        let posts = match posts {
            Ok(posts) => posts,
            Err(error) => {
                cell.refusal = Some(Refusal::new(Refusal::POSTS, sentence(&error)));
                return cell;
            }
        };
        let found = match known.entry(posts) {
            Entry::Occupied(found) => found.get().clone(),
            Entry::Vacant(new) => {
                let made = with_posts(base, families, options.shares[place], posts);
                let made = made.and_then(|scenario| {
                    check::in_expectation(scenario.spec())?;
                    Ok(scenario)
                });
                let kept = match made {
                    Ok(scenario) => {
                        self.mixes.push(self.mix(scenario, families.pay(posts)));
                        Ok(self.mixes.len() - 1)
                    }
                    Err(error) => Err(Refusal::new(Refusal::SCENARIO, sentence(&error))),
                };
                new.insert(kept).clone()
            }
        };
        match found {
            Err(refusal) => cell.refusal = Some(refusal),
            Ok(index) => {
                let mix = &mut self.mixes[index];
                cell.mix = Some(index);
                cell.refusal.clone_from(&mix.refusal);
                if let Some(&(_, run)) = mix.levels.last().filter(|last| last.0 == level) {
                    cell.run = Some(run);
                    let here = &self.cells[level * options.shares.len()..];
                    cell.same_as = here.iter().position(|other| other.run == Some(run));
                } else {
                    mix.levels.push((level, self.runs));
                    cell.run = Some(self.runs);
                    self.runs += 1;
                }
            }
        }
        cell
    }

    fn mix(&self, scenario: Scenario, pay: f64) -> Mix {
        let timetable = Timetable::new(scenario.spec(), self.weeks);
        Mix {
            staff: Staff::of(&timetable),
            refusal: nobody(&scenario, &timetable),
            pay,
            levels: Vec::new(),
            scenario,
            timetable,
        }
    }
}

/// What is wrong, without the wish.
fn sentence(error: &Error) -> String {
    match error {
        Error::Infeasible { best, rule, .. } => format!("{rule}; needed are {best}"),
        other => other.to_string(),
    }
}

/// The service with so many times the referrals, for its plan; what is unsure has its mean.
fn at_level(scenario: &Scenario, level: f64) -> Result<Scenario> {
    let demand = &scenario.spec().demand;
    let mut changes = Vec::new();
    if let Some(rate) = &demand.rate {
        let mean = rate.referrals.mean();
        changes.push(("demand.rate.referrals".to_string(), mean * level));
    }
    if let Some(need) = &demand.need {
        changes.push(("demand.need.people".into(), need.people.mean() * level));
    }
    let mut changes: Vec<(String, Value)> = changes
        .into_iter()
        .map(|(path, value)| (path, Value::Float(value)))
        .collect();
    if let Some(series) = &demand.series {
        let months = series.months.iter();
        let months =
            months.map(|(month, count)| (month.clone(), Value::Float(count.mean() * level)));
        changes.push((
            "demand.series.months".into(),
            Value::Table(months.collect()),
        ));
    }
    scenario.with_all(changes)
}

/// Refuses a mix in which nobody assesses, or a treatment that people are routed or stepped to has nobody.
fn nobody(scenario: &Scenario, timetable: &Timetable) -> Option<Refusal> {
    let spec = scenario.spec();
    let some = |pool: usize| {
        timetable
            .roles_of_pool(timetable.roles[pool].pool)
            .any(|role| {
                let said = &timetable.roles[role].said;
                let places = said.slots.is_some();
                places || (timetable.roles[role].course.is_none() && said.in_post.mean() > 0.0)
            })
    };
    let assessment = &spec.pathway.assessment;
    let outside = assessment.at_once || assessment.slots_per_week.is_some();
    if let Some(role) = timetable
        .assessment_role
        .filter(|&role| !outside && !some(role))
    {
        let title = &timetable.roles[role].said.title;
        let message = format!("nobody assesses: there is no {title} post");
        return Some(Refusal::new(Refusal::STAFF, message));
    }
    let reached = reached(scenario, timetable);
    let mut treatments = timetable.treatments.iter().enumerate();
    let (_, without) = treatments
        .find(|(index, place)| reached[*index] && !place.pools.iter().any(|&pool| some(pool)))?;
    let message = format!(
        "nobody treats at Step {}: {} has no post",
        without.step, without.said.title
    );
    Some(Refusal::new(Refusal::STAFF, message))
}

/// Whether anybody is routed to each treatment, or stepped to it from one that somebody reaches.
fn reached(scenario: &Scenario, timetable: &Timetable) -> Vec<bool> {
    let world = World::<1>::new(scenario.spec(), timetable, &[&[]]);
    let treatments = world.treatments.iter();
    let mut reached: Vec<bool> = treatments.map(|here| here.route[0] > 0.0).collect();
    for _ in 0..reached.len() {
        for (from, place) in timetable.treatments.iter().enumerate() {
            let here = &world.treatments[from];
            let steps = [
                (place.step_up_to, here.step_up[0]),
                (place.step_down_to, here.step_down[0]),
            ];
            for (to, share) in steps {
                if let Some(to) = to.filter(|_| reached[from] && share > 0.0) {
                    reached[to] = true;
                }
            }
        }
    }
    reached
}
