//! Which option is better, and how sure is that? Scenarios in the same worlds, with the same luck.
//!
//! ```text
//! common       world w of every scenario has the same draw of each field, by its path, and run r of it the same
//!              referrals, people and luck, by what they are
//! difference   d_r = value of the scenario - value of the first one, in the same run r
//! interval     mean(d) +- t x sd(d) / sqrt(worlds)
//! ratio        (variance of one + variance of the other) / variance of d: as many times the worlds would be needed
//!              if each scenario had worlds and luck of its own
//! ```
//!
//! What the options share cancels in the difference: two scenarios that say the same differ by nothing at all.
//! [`select`] says which option is best with a stated chance of a wrong choice, [`attribute`] which change brings
//! how much.

pub mod attribute;
mod best;
mod options;
pub mod paired;
pub mod select;
mod tables;
mod words;

use crate::ensemble::{Asked, Gathered, Quantiles, run};
use crate::error::{Error, Problem, Result};
use crate::outcome::{NUMBER, OUTCOMES};
use crate::record::asked::{Progress, refuse};
use crate::record::periods::{Kind, Periods};
use crate::scenario::Scenario;
use crate::scenario::worlds::Worlds;
use crate::table::{Table, known_name};
use crate::timetable::{Horizon, Timetable};

use attribute::Attribution;
use best::Best;
use select::Selection;

pub use options::Options;
pub use paired::Paired;

/// Names of the tables.
pub const TABLES: [&str; 5] = ["summary", "differences", "best", "selection", "attribution"];

/// A difference of one scenario from the first.
#[derive(Debug, Clone)]
struct Difference {
    /// Scenario, by place.
    scenario: usize,
    /// Kind and label of the period; none for outcomes of the whole run.
    period: Option<(Kind, String)>,
    measure: &'static str,
    unit: &'static str,
    more_is_better: bool,
    paired: Paired,
}

/// Scenarios beside each other.
#[derive(Debug, Clone)]
pub struct Comparison {
    labels: Vec<String>,
    scenarios: Vec<Scenario>,
    weeks: usize,
    options: Options,
    objective: usize,
    /// Outcomes by scenario and run.
    outcomes: Vec<Vec<[f64; NUMBER]>>,
    differences: Vec<Difference>,
    best: Best,
    selection: Option<Selection>,
    attributions: Vec<Attribution>,
}

/// Compares scenarios with the first of them.
///
/// ```
/// use skillmix::compare::{Options, compare};
/// use skillmix::ensemble;
///
/// let turnover: toml::Value = toml::toml!(unsure = { pert = [0.1, 0.22, 0.35] }).into();
/// let today = skillmix::Scenario::preset("talking-therapies-2025")?
///     .with("staff.pwp.leavers_per_year", turnover)?;
/// let more = today.with("staff.pwp.posts", 30.0)?;
/// let options = Options {
///     runs: ensemble::Options { draws: 24, ..ensemble::Options::default() },
///     ..Options::default()
/// };
/// let both = [("today".to_string(), today), ("more PWPs".to_string(), more)];
/// let found = compare(&both, skillmix::Horizon::Weeks(52), &options)?;
/// println!("{}", found.words()[0]);
/// # Ok::<(), skillmix::error::Error>(())
/// ```
///
/// # Errors
/// [`Error::Scenario`] with all that cannot be compared so, and the memory that it would need.
pub fn compare(
    scenarios: &[(String, Scenario)],
    horizon: Horizon,
    options: &Options,
) -> Result<Comparison> {
    compare_until(scenarios, horizon, options, &Progress::default())
}

/// The same; setting `progress.stop` ends it early, with nothing to show.
///
/// # Errors
/// As [`compare`], and [`Error::Stopped`] if it was stopped.
pub fn compare_until(
    scenarios: &[(String, Scenario)],
    horizon: Horizon,
    options: &Options,
    progress: &Progress,
) -> Result<Comparison> {
    let objective = options.check(scenarios, horizon)?;
    let mut runs = Vec::with_capacity(scenarios.len());
    let mut weeks = 0;
    let mut keys = Vec::new();
    for (_, scenario) in scenarios {
        let one = One::new(scenario, horizon, &options.runs)?;
        let found = one.run(options, progress)?;
        if found.outcomes.len() < options.runs.draws * options.runs.replications {
            return Err(Error::Stopped);
        }
        weeks = one.timetable.weeks();
        let of = one.periods.keys();
        keys = of
            .map(|(kind, measure, period)| (kind, *measure, period.label.clone()))
            .collect();
        runs.push(found);
    }
    let differences = differences(&runs, &keys, options);
    let outcomes: Vec<Vec<[f64; NUMBER]>> = runs.into_iter().map(|run| run.outcomes).collect();
    let mut attributions = Vec::new();
    if options.attribute {
        for (place, (_, scenario)) in scenarios.iter().enumerate().skip(1) {
            let first = &scenarios[0].1;
            attributions.extend(attribute::attribute(
                place, first, scenario, horizon, options, progress,
            )?);
        }
    }
    Ok(Comparison {
        labels: scenarios.iter().map(|(label, _)| label.clone()).collect(),
        scenarios: scenarios
            .iter()
            .map(|(_, scenario)| scenario.clone())
            .collect(),
        weeks,
        best: Best::of(&outcomes, objective, options.runs.replications),
        selection: Selection::of(&outcomes, objective, options),
        options: options.clone(),
        objective,
        outcomes,
        differences,
        attributions,
    })
}

/// One scenario made ready.
struct One<'a> {
    scenario: &'a Scenario,
    timetable: Timetable,
    periods: Periods,
    worlds: Worlds,
}

impl<'a> One<'a> {
    fn new(
        scenario: &'a Scenario,
        horizon: Horizon,
        runs: &crate::ensemble::Options,
    ) -> Result<Self> {
        let timetable = Timetable::new(scenario.spec(), horizon.weeks(scenario)?);
        Ok(Self {
            scenario,
            periods: Periods::new(
                &timetable,
                &[Kind::Month, Kind::Year],
                &crate::ensemble::MEASURES,
            ),
            worlds: Worlds::drawn(scenario, runs.design, runs.draws, runs.seed)?,
            timetable,
        })
    }

    fn run(&self, options: &Options, progress: &Progress) -> Result<Gathered> {
        let asked = Asked {
            scenario: self.scenario,
            timetable: &self.timetable,
            worlds: &self.worlds,
            periods: &self.periods,
            options: &options.runs,
            rules: false,
            quantiles: Quantiles::Exact,
        };
        run(&asked, progress)
    }
}

type Key = (Kind, crate::record::periods::Measure, String);

fn differences(runs: &[Gathered], keys: &[Key], options: &Options) -> Vec<Difference> {
    let Some((first, others)) = runs.split_first() else {
        return Vec::new();
    };
    let replications = options.runs.replications;
    let mut found = Vec::new();
    for (place, other) in others.iter().enumerate() {
        let scenario = place + 1;
        for (number, outcome) in OUTCOMES.iter().enumerate() {
            let of = |run: &Gathered| run.outcomes.iter().map(|of| of[number]).collect::<Vec<_>>();
            found.push(Difference {
                scenario,
                period: None,
                measure: outcome.name,
                unit: outcome.unit,
                more_is_better: outcome.more_is_better,
                paired: Paired::of(&of(first), &of(other), replications, outcome.more_is_better),
            });
        }
        for (cell, (kind, measure, label)) in keys.iter().enumerate() {
            let of = |run: &Gathered| run.numbers(cell).collect::<Vec<_>>();
            let more_is_better = !measure.0.starts_with("wait");
            found.push(Difference {
                scenario,
                period: Some((*kind, label.clone())),
                measure: measure.0,
                unit: measure.1,
                more_is_better,
                paired: Paired::of(&of(first), &of(other), replications, more_is_better),
            });
        }
    }
    found
}

impl Comparison {
    /// Labels of the scenarios.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The scenarios.
    #[must_use]
    pub fn scenarios(&self) -> &[Scenario] {
        &self.scenarios
    }

    /// Weeks of each run.
    #[must_use]
    pub const fn weeks(&self) -> usize {
        self.weeks
    }

    /// How they were compared.
    #[must_use]
    pub const fn options(&self) -> &Options {
        &self.options
    }

    /// Names of the tables.
    #[must_use]
    pub fn tables(&self) -> Vec<&'static str> {
        let here = |name: &&str| match *name {
            "selection" => self.selection.is_some(),
            "attribution" => !self.attributions.is_empty(),
            _ => true,
        };
        TABLES.into_iter().filter(here).collect()
    }

    /// A table by its name.
    ///
    /// # Errors
    /// [`Error::Unknown`] with the names there are.
    pub fn table(&self, name: &str) -> Result<Table> {
        Ok(match known_name(name, &self.tables())? {
            "summary" => tables::summary(self),
            "differences" => tables::differences(self),
            "best" => tables::best(self),
            "selection" => tables::selection(self),
            _ => tables::attribution(self),
        })
    }

    /// The answer in sentences; the first is the headline.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        words::words(self)
    }
}

#[cfg(test)]
mod tests;
