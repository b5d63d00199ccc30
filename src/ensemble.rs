//! How sure are we? Thousands of worlds, with the luck inside each, and how far they lie apart.
//!
//! ```text
//! world          one draw of all that is unsure
//! run            a world with its luck: with luck expected there is one run a world
//! single         one run a world: bands hold both what is not known and luck
//! nested         n runs a world: how much is luck, and how much is what is not known, is told apart
//! band           between two quantiles of the runs: 10 % and 90 % are the ends of the 80 % band
//! chance         runs that meet a standard or keep a rule / runs in which anybody is counted
//! ```
//!
//! Quantiles are exact where all numbers fit into [`MOST_EXACT`]; else they are those of a stream, known to half a
//! per cent of their value, and nothing is kept of a single run but its outcomes. Runs are added up in blocks of
//! fixed length, in their order, so that any number of threads gives the same bits.

mod gather;
mod options;
mod run;
mod split;
mod tables;
mod words;

use std::sync::atomic::Ordering;

use crate::error::{Error, Result};
use crate::outcome::NUMBER;
use crate::record::asked::Progress;
use crate::record::periods::{Kind, Periods};
use crate::record::standard::Standard;
use crate::scenario::Scenario;
use crate::scenario::worlds::Worlds;
use crate::table::{Table, known_name};
use crate::timetable::{Horizon, Timetable};

use gather::{Cell, Chance, RuleChance};
use split::Split;

pub use gather::Gathered;
pub use options::{MOST_EXACT, MOST_RUNS, Options, Quantiles, Run};
pub use run::{Asked, run};

/// What is shown by period.
pub const MEASURES: [&str; 13] = [
    "course_starts",
    "finishers",
    "recovered",
    "waiting_assessment",
    "waiting_step2",
    "waiting_step3",
    "wait_assessment_weeks",
    "wait_step2_weeks",
    "wait_step3_weeks",
    "share_within_6_weeks",
    "share_within_18_weeks",
    "recovery",
    "reliable_recovery",
];

/// Names of the tables; `split` is there where each world was run several times.
pub const TABLES: [&str; 5] = ["summary", "bands", "chances", "outcomes", "split"];

/// Many worlds of one scenario, each run once or several times.
#[derive(Debug, Clone)]
pub struct Ensemble {
    scenario: Scenario,
    timetable: Timetable,
    options: Options,
    quantiles: Quantiles,
    worlds: Worlds,
    periods: Periods,
    standards: Vec<Standard>,
    cells: Vec<Cell>,
    chances: Vec<Chance>,
    rules: Vec<RuleChance>,
    /// By run: the runs of one world follow each other.
    outcomes: Vec<[f64; NUMBER]>,
    split: Option<Split>,
}

/// Runs a scenario in many worlds.
///
/// ```
/// use skillmix::ensemble::{Options, ensemble};
///
/// let turnover: toml::Value = toml::toml!(unsure = { pert = [0.1, 0.22, 0.35] }).into();
/// let scenario = skillmix::Scenario::preset("talking-therapies-2025")?
///     .with("staff.pwp.leavers_per_year", turnover)?;
/// let options = Options { draws: 64, ..Options::default() };
/// let many = ensemble(&scenario, skillmix::Horizon::Weeks(52), &options)?;
/// let summary = many.table("summary")?;
/// assert!(summary.numbers("p05")[0] < summary.numbers("p95")[0]);
/// # Ok::<(), skillmix::error::Error>(())
/// ```
///
/// # Errors
/// [`Error::Scenario`] with all that cannot be run so, and the memory that it would need.
pub fn ensemble(scenario: &Scenario, horizon: Horizon, options: &Options) -> Result<Ensemble> {
    ensemble_until(scenario, horizon, options, &Progress::default())
}

/// The same; setting `progress.stop` ends it early, with the runs that were done by then.
///
/// # Errors
/// As [`ensemble`], and [`Error::Stopped`] if it was stopped before a block of runs was done.
pub fn ensemble_until(
    scenario: &Scenario,
    horizon: Horizon,
    options: &Options,
    progress: &Progress,
) -> Result<Ensemble> {
    let weeks = horizon.weeks(scenario)?;
    options.check(scenario, weeks)?;
    let timetable = Timetable::new(scenario.spec(), weeks);
    let periods = Periods::new(&timetable, &Kind::ALL, &MEASURES);
    let quantiles = options.quantiles_of(periods.cells())?;
    let worlds = Worlds::drawn(scenario, options.design, options.draws, options.seed)?;
    let asked = Asked {
        scenario,
        timetable: &timetable,
        worlds: &worlds,
        periods: &periods,
        options,
        rules: options.rules,
        quantiles,
    };
    let found = run(&asked, progress)?;
    if found.outcomes.is_empty() {
        return Err(Error::Stopped);
    }
    let standards = Standard::of(scenario.spec());
    let cells = found.cells(&periods, options);
    Ok(Ensemble {
        scenario: scenario.clone(),
        options: *options,
        quantiles,
        cells,
        chances: found.chances,
        rules: found.rules.into_values().collect(),
        split: (options.replications > 1).then_some(found.split),
        outcomes: found.outcomes,
        standards,
        worlds,
        periods,
        timetable,
    })
}

impl Ensemble {
    /// The scenario that was run.
    #[must_use]
    pub const fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The compiled scenario.
    #[must_use]
    pub const fn timetable(&self) -> &Timetable {
        &self.timetable
    }

    /// How it was run.
    #[must_use]
    pub const fn options(&self) -> &Options {
        &self.options
    }

    /// How quantiles were worked out.
    #[must_use]
    pub const fn quantiles(&self) -> Quantiles {
        self.quantiles
    }

    /// Runs that were done.
    #[must_use]
    pub const fn runs(&self) -> usize {
        self.outcomes.len()
    }

    /// Whether all runs that were asked for were done.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.runs() == self.options.draws * self.options.replications
    }

    /// Outcomes by run.
    #[must_use]
    pub fn outcomes(&self) -> &[[f64; NUMBER]] {
        &self.outcomes
    }

    /// Names of the tables.
    #[must_use]
    pub fn tables(&self) -> Vec<&'static str> {
        let here = |name: &&str| *name != "split" || self.split.is_some();
        TABLES.into_iter().filter(here).collect()
    }

    /// A table by its name.
    ///
    /// # Errors
    /// [`Error::Unknown`] with the names there are.
    pub fn table(&self, name: &str) -> Result<Table> {
        Ok(match known_name(name, &self.tables())? {
            "summary" => tables::summary(self),
            "bands" => tables::bands(self),
            "chances" => tables::chances(self),
            "outcomes" => tables::outcomes(self),
            _ => (self.split.as_ref())
                .map_or(Table::new("split"), |split| tables::split(self, split)),
        })
    }

    /// The answer in sentences; the first is the headline.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        words::words(self)
    }
}

/// Whether somebody who waits wants it to end.
fn stopped(progress: &Progress) -> bool {
    progress.stop.load(Ordering::Relaxed)
}

#[cfg(test)]
mod tests;
