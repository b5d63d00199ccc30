//! At which value of a field does a share leave the range of those that cannot be told from the best one?
//!
//! The field is held at values of an even grid. Five of them, from end to end, are tried first; between two
//! neighbours of which one is inside and the other outside, the grid is halved until they are next to each
//! other. A change that comes and goes between two tried values is not seen. The answer lies between the last
//! value that is surely inside and the first that is surely outside: surely means that the 95 % interval of the
//! probability of being best (Wilson) does not hold the limit.

mod shown;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use toml::Value;

use super::best::interval;
use super::options::Options;
use super::{MixSweep, swept};
use crate::error::{Error, Problem, ProblemKind, Result};
use crate::record::asked::{Progress, refuse};
use crate::scenario::Scenario;

/// Most steps of the grid.
pub const MOST_STEPS: usize = 4096;

/// One value that was tried.
#[derive(Debug, Clone, PartialEq)]
pub struct Tried {
    /// The value.
    pub value: f64,
    /// Probability that the share is best, alone or with others; 0 where it cannot go ahead.
    pub probability: f64,
    /// Standard error of it.
    pub error: f64,
    /// Whether the share is in the range.
    pub inside: bool,
    /// Whether the number of worlds makes that sure.
    pub sure: bool,
    /// The best share.
    pub best: Option<f64>,
    /// The lowest and the highest share that cannot be told from it.
    pub range: Option<(f64, f64)>,
}

/// A change from inside to outside, or back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// Whether the share leaves the range as the value rises.
    pub leaves: bool,
    /// Values of the grid before and after it.
    pub between: (f64, f64),
    /// The nearest tried values below and above it at which it is sure where the share is; the ends where none
    /// is.
    pub surely: (f64, f64),
}

/// Where a share leaves the range.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaves {
    /// The field, or `demand`.
    pub path: String,
    /// Lowest and highest value tried.
    pub span: (f64, f64),
    /// Distance between two values of the grid.
    pub step: f64,
    /// The share that is asked about.
    pub share: f64,
    /// What was tried, by rising value.
    pub tried: Vec<Tried>,
    /// The changes, by rising value.
    pub changes: Vec<Change>,
    draws: usize,
    objective: String,
}

/// Searches from `low` to `high` on a grid of so many steps. `path` is a field of the scenario, or `demand`, what
/// referrals are multiplied by; where several shares add up to 1, the others keep their proportions.
///
/// # Errors
/// [`Error::Scenario`] if the field is none, a value is not possible, the steps are not, or an option is not; and
/// as [`super::mix_sweep`].
pub fn leaves(
    scenario: &Scenario,
    options: &Options,
    path: &str,
    span: (f64, f64),
    steps: usize,
) -> Result<Leaves> {
    leaves_until(scenario, options, path, span, steps, &Progress::default())
}

/// The same; `progress` counts the values that were tried, and ends it.
///
/// # Errors
/// As [`leaves`], and [`Error::Stopped`] if it was stopped.
pub fn leaves_until(
    scenario: &Scenario,
    options: &Options,
    path: &str,
    (low, high): (f64, f64),
    steps: usize,
    progress: &Progress,
) -> Result<Leaves> {
    let mut found = Vec::new();
    if steps == 0 || steps > MOST_STEPS {
        let kind = if steps == 0 {
            ProblemKind::Field
        } else {
            ProblemKind::Limit
        };
        let problem = Problem::new("steps", steps, format!("1 to {MOST_STEPS}"));
        found.push(problem.of_kind(kind));
    }
    let rises = low.is_finite() && high.is_finite() && low < high;
    if !rises {
        let expected = "two numbers, the first below the second";
        found.push(Problem::new(
            "low, high",
            format!("{low}, {high}"),
            expected,
        ));
    }
    refuse(found)?;
    let mut search = Search {
        scenario,
        options: with_share(options),
        path,
        span: (low, high),
        steps,
        tried: BTreeMap::new(),
        progress,
    };
    // Both ends first: what is not possible there is told before the search.
    for (end, value) in [("low", low), ("high", high)] {
        search.at(value).map_err(|error| at_end(error, end))?;
    }
    let coarse: Vec<usize> = (0..=4).map(|quarter| steps * quarter / 4).collect();
    for &place in &coarse {
        search.try_at(place)?;
    }
    for pair in coarse.windows(2) {
        search.halve(pair[0], pair[1])?;
    }
    Ok(search.found())
}

/// The same options with the share that is asked about among the shares.
fn with_share(options: &Options) -> Options {
    let mut options = options.clone();
    if options.reference_place().is_none() {
        options.shares.push(options.reference);
        options.shares.sort_by(f64::total_cmp);
    }
    options
}

/// A fault of a value at an end of the span, told as one of that end.
fn at_end(error: Error, end: &str) -> Error {
    match error {
        Error::Scenario(problems) => {
            let told = problems.into_iter().map(|mut problem| {
                problem.message = format!("{end}: {}", problem.message);
                problem
            });
            Error::Scenario(told.collect())
        }
        other => other,
    }
}

struct Search<'a> {
    scenario: &'a Scenario,
    options: Options,
    path: &'a str,
    span: (f64, f64),
    steps: usize,
    tried: BTreeMap<usize, Tried>,
    progress: &'a Progress,
}

impl Search<'_> {
    fn value(&self, place: usize) -> f64 {
        let (low, high) = self.span;
        if place == self.steps {
            return high;
        }
        low + (high - low) * place as f64 / self.steps as f64
    }

    /// The scenario and the options with the field at a value.
    fn at(&self, value: f64) -> Result<(Scenario, Options)> {
        let mut options = self.options.clone();
        if self.path == "demand" {
            options.demand = vec![value];
            options.check()?;
            return Ok((self.scenario.clone(), options));
        }
        options.demand = vec![1.0];
        Ok((with_field(self.scenario, self.path, value)?, options))
    }

    fn try_at(&mut self, place: usize) -> Result<bool> {
        if let Some(tried) = self.tried.get(&place) {
            return Ok(tried.inside);
        }
        let value = self.value(place);
        let (scenario, options) = self.at(value)?;
        let runs = AtomicU64::new(0);
        let sweep = swept(&scenario, &options, &self.progress.stop, &runs)?;
        let tried = tried_of(&sweep, value);
        self.progress.done.fetch_add(1, Ordering::Relaxed);
        let inside = tried.inside;
        self.tried.insert(place, tried);
        Ok(inside)
    }

    fn halve(&mut self, low: usize, high: usize) -> Result<()> {
        if high - low < 2 || self.try_at(low)? == self.try_at(high)? {
            return Ok(());
        }
        let middle = usize::midpoint(low, high);
        self.try_at(middle)?;
        self.halve(low, middle)?;
        self.halve(middle, high)
    }

    fn found(self) -> Leaves {
        let tried: Vec<Tried> = self.tried.into_values().collect();
        let pairs = tried.windows(2).enumerate();
        let changes = pairs.filter(|(_, pair)| pair[0].inside != pair[1].inside);
        let change = |(place, pair): (usize, &[Tried])| {
            let below = tried[..=place].iter().rev().find(|one| one.sure);
            let above = tried[place + 1..].iter().find(|one| one.sure);
            Change {
                leaves: pair[0].inside,
                between: (pair[0].value, pair[1].value),
                surely: (
                    below.map_or(self.span.0, |one| one.value),
                    above.map_or(self.span.1, |one| one.value),
                ),
            }
        };
        Leaves {
            path: self.path.into(),
            span: self.span,
            step: (self.span.1 - self.span.0) / self.steps as f64,
            share: self.options.reference,
            changes: changes.map(change).collect(),
            tried,
            draws: self.options.draws,
            objective: self.options.objective,
        }
    }
}

/// How the share that is asked about stands in a sweep of one level.
fn tried_of(sweep: &MixSweep, value: f64) -> Tried {
    let options = sweep.options();
    let best = &sweep.best()[0];
    let standing = options.reference_place().and_then(|place| best.of(place));
    let probability = standing.map_or(0.0, |standing| standing.among_best);
    let error = (probability * (1.0 - probability).max(0.0) / options.draws as f64).sqrt();
    let (low, high) = interval(probability, options.draws);
    let share = |place: usize| options.shares[place];
    Tried {
        value,
        probability,
        error,
        inside: standing.is_some_and(|standing| standing.in_range),
        sure: standing.is_none()
            || sweep.scenario().unsure().is_empty()
            || options.at_least < low
            || options.at_least > high,
        best: best.share.map(share),
        range: best
            .range()
            .map(|range| (share(range.low), share(range.high))),
    }
}

/// The scenario with a field at a value. Of the routes, which add up to 1, the others keep their proportions.
fn with_field(scenario: &Scenario, path: &str, value: f64) -> Result<Scenario> {
    let Some(route) = path.strip_prefix("pathway.routes.") else {
        return scenario.with(path, value);
    };
    let spec = scenario.spec();
    let names = ["signposted", "declined", "not_suitable", "referred_on"];
    let exits = names
        .map(String::from)
        .into_iter()
        .zip(spec.pathway.routes.exits(&[]));
    let step2 = spec.pathway.routes.step2.iter();
    let step3 = spec.pathway.routes.step3.iter();
    let treated = step2.map(|(name, share)| (format!("step2.{name}"), share.mean()));
    let treated = treated.chain(step3.map(|(name, share)| (format!("step3.{name}"), share.mean())));
    let all: Vec<(String, f64)> = treated.chain(exits).collect();
    let others = all.into_iter().filter(|(name, _)| name != route);
    let others: Vec<(String, f64)> = others.collect();
    let sum: f64 = others.iter().map(|(_, share)| share).sum();
    let rest = others.into_iter().map(|(name, share)| {
        let share = if sum > 0.0 {
            share / sum * (1.0 - value)
        } else {
            share
        };
        (name, share)
    });
    // A route that is none is refused by the scenario, with the nearest name.
    let changes = rest.chain([(route.to_string(), value)]);
    scenario.with_all(
        changes.map(|(name, share)| (format!("pathway.routes.{name}"), Value::Float(share))),
    )
}
