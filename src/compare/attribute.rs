//! Which change brings how much of the difference between two scenarios?
//!
//! Changes are grouped by what they are about, such as `staff.pwp` or `demand`. With `v(S)` the mean of an outcome
//! when the changes of the groups `S` are made, each group gets
//!
//! ```text
//! up to 8 groups   its Shapley value: the mean, over all orders in which changes can be made, of what it adds
//! more             the mean of what it adds in the order of the names and in the reverse one
//! ```
//!
//! In both the parts add up to the whole difference. The worlds are the first ones of the comparison, as many as
//! [`MOST_WORK`] runs allow.

use super::{Horizon, One, Options, Progress, Result, Scenario};
use crate::ensemble::{Asked, Quantiles, run};
use crate::error::Error;
use crate::outcome::NUMBER;
use crate::record::periods::Periods;
use std::collections::{BTreeMap, BTreeSet};
use toml::{Table, Value};

/// Most groups whose orders are all looked at.
pub const MOST_GROUPS: usize = 8;

/// Most runs of one attribution.
pub const MOST_WORK: usize = 20_000;

/// What each group of changes brings.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribution {
    /// Scenario, by place.
    pub scenario: usize,
    /// Names of the groups, and the paths of what changes in each.
    pub groups: Vec<(String, Vec<String>)>,
    /// By group and outcome.
    pub parts: Vec<[f64; NUMBER]>,
    /// The whole difference.
    pub total: [f64; NUMBER],
    /// Whether all orders were looked at.
    pub exact: bool,
    /// Worlds.
    pub draws: usize,
}

/// Fields that say something about a scenario and change no run of it.
const SAYS_NOTHING: [&str; 6] = ["name", "notes", "service", "sources", "targets", "schema"];

/// Fields below which each has a group of its own.
const TOLD_APART: [&str; 5] = ["staff", "training", "pathway", "supervision", "money"];

/// Group of a path.
fn group_of(path: &str) -> Option<String> {
    let mut steps = path.split(['.', '[']);
    let first = steps.next()?;
    if SAYS_NOTHING.contains(&first) {
        return None;
    }
    Some(match steps.next().filter(|_| TOLD_APART.contains(&first)) {
        Some(second) => format!("{first}.{second}"),
        None => first.into(),
    })
}

/// Attributes what `there` is beyond `here`. Nothing comes back if they are on different packs or without different
/// parts of one, differ in nothing that is run, or no way leads from one to the other.
///
/// # Errors
/// [`Error::Stopped`] if it was stopped.
pub fn attribute(
    scenario: usize,
    here: &Scenario,
    there: &Scenario,
    horizon: Horizon,
    options: &Options,
    progress: &Progress,
) -> Result<Option<Attribution>> {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, _, _) in here.diff(there) {
        if let Some(group) = group_of(&path) {
            groups.entry(group).or_default().push(path);
        }
    }
    if groups.is_empty() || groups.contains_key("pack") || groups.contains_key("without") {
        return Ok(None);
    }
    let groups: Vec<(String, Vec<String>)> = groups.into_iter().collect();
    let number = groups.len();
    let exact = number <= MOST_GROUPS;
    let sets = if exact {
        (0..1_u64 << number)
            .map(|set| (0..number).filter(|g| set >> g & 1 == 1).collect())
            .collect()
    } else {
        // Growing from the first group on, and from the last.
        let forwards = (0..=number).map(|n| (0..n).collect());
        let backwards = (1..number).map(|n| (number - n..number).collect());
        forwards.chain(backwards).collect::<Vec<BTreeSet<usize>>>()
    };
    let draws = (MOST_WORK / sets.len() / options.runs.replications).clamp(1, options.runs.draws);
    let mut values: BTreeMap<BTreeSet<usize>, [f64; NUMBER]> = BTreeMap::new();
    for set in sets {
        let made = set.iter().map(|&group| groups[group].0.as_str());
        let between = match between(here, there, made) {
            Ok(between) => between,
            // Some changes are only possible together.
            Err(Error::Scenario(_)) => return Ok(None),
            Err(other) => return Err(other),
        };
        values.insert(set, means(&between, horizon, draws, options, progress)?);
    }
    let of = |set: &BTreeSet<usize>| values.get(set).copied().unwrap_or([f64::NAN; NUMBER]);
    let all: BTreeSet<usize> = (0..number).collect();
    let add =
        |sum: &mut [f64; NUMBER], weight: f64, with: [f64; NUMBER], without: [f64; NUMBER]| {
            for outcome in 0..NUMBER {
                sum[outcome] += weight * (with[outcome] - without[outcome]);
            }
        };
    let part = |group: usize| {
        let mut sum = [0.0; NUMBER];
        if exact {
            for set in values.keys().filter(|set| !set.contains(&group)) {
                let with = set.iter().copied().chain([group]).collect();
                // |S|! (n - |S| - 1)! / n! = 1 / (n x (n - 1 over |S|))
                let weight = 1.0 / (number as f64 * over(number - 1, set.len()));
                add(&mut sum, weight, of(&with), of(set));
            }
        } else {
            let forwards = |n: usize| of(&(0..n).collect());
            let backwards = |n: usize| of(&(n..number).collect());
            add(&mut sum, 0.5, forwards(group + 1), forwards(group));
            add(&mut sum, 0.5, backwards(group), backwards(group + 1));
        }
        sum
    };
    let mut total = [0.0; NUMBER];
    add(&mut total, 1.0, of(&all), of(&BTreeSet::new()));
    Ok(Some(Attribution {
        scenario,
        parts: (0..number).map(part).collect(),
        groups,
        total,
        exact,
        draws,
    }))
}

/// How many ways there are to choose `some` of `all`.
fn over(all: usize, some: usize) -> f64 {
    (0..some).fold(1.0, |ways, i| ways * (all - i) as f64 / (i + 1) as f64)
}

/// `here` with the changes of some groups made.
fn between<'a>(
    here: &Scenario,
    there: &Scenario,
    groups: impl Iterator<Item = &'a str>,
) -> Result<Scenario> {
    let mut tree = here.complete().clone();
    for group in groups {
        let (first, second) = group
            .split_once('.')
            .map_or((group, None), |(a, b)| (a, Some(b)));
        let value = there.complete().get(first);
        match second {
            None => put(&mut tree, first, value),
            Some(second) => {
                let value = value.and_then(|value| value.get(second));
                let inner = tree
                    .entry(first)
                    .or_insert_with(|| Value::Table(Table::new()));
                if let Value::Table(inner) = inner {
                    put(inner, second, value);
                }
            }
        }
    }
    Scenario::from_tree(tree)
}

fn put(tree: &mut Table, key: &str, value: Option<&Value>) {
    match value {
        Some(value) => {
            tree.insert(key.into(), value.clone());
        }
        None => {
            tree.remove(key);
        }
    }
}

/// Means of the outcomes over the first worlds.
fn means(
    scenario: &Scenario,
    horizon: Horizon,
    draws: usize,
    options: &Options,
    progress: &Progress,
) -> Result<[f64; NUMBER]> {
    let runs = crate::ensemble::Options {
        draws,
        ..options.runs
    };
    let one = One::new(scenario, horizon, &runs)?;
    let periods = Periods::new(&one.timetable, &[], &[]);
    let asked = Asked {
        scenario,
        timetable: &one.timetable,
        worlds: &one.worlds,
        periods: &periods,
        options: &runs,
        rules: false,
        quantiles: Quantiles::Exact,
    };
    let found = run(&asked, progress)?.outcomes;
    if found.len() < draws * runs.replications {
        return Err(Error::Stopped);
    }
    let mean =
        |outcome: usize| found.iter().map(|of| of[outcome]).sum::<f64>() / found.len() as f64;
    Ok(std::array::from_fn(mean))
}
