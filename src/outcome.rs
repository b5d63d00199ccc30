//! Which single numbers of a run decide, and which way is better?
//!
//! ```text
//! totals       = sums over all weeks of the run
//! shares       = finishers first treated in time / finishers, both over all weeks
//! wait         = weeks waited / people who started, over the last 13 weeks
//! peak of it   = the same of the whole month in which it is highest
//! lists        = people who wait at the end of the last week
//! cost         = pounds of all weeks, whoever pays them; a recovery costs them / recovered
//! ```
//!
//! Worlds are run eight side by side with luck expected, and of each nothing is kept but these numbers. Any
//! number of threads gives the same bits, since the same eight go together in each.

mod watch;

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::luck::Expected;
use crate::project::Engine;
use crate::record::costing::prices::Prices;
use crate::scenario::alike::alike;
use crate::scenario::worlds::Worlds;
use crate::scenario::{Scenario, check};
use crate::threads;
use crate::timetable::{Horizon, Timetable, World};
use crate::unit::Lanes;

pub use watch::{LAST_WEEKS, Watch};

/// Worlds that are run side by side.
pub const LANES: usize = 8;

/// One number of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// Name.
    pub name: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// What it is.
    pub meaning: &'static str,
    /// Whether more of it is better.
    pub more_is_better: bool,
}

/// How many outcomes there are.
pub const NUMBER: usize = 15;

/// Each outcome, in the order in which a run has them.
pub const OUTCOMES: [Outcome; NUMBER] = [
    more(
        "course_starts",
        "people",
        "People who start a course of Step 2 or Step 3",
    ),
    more(
        "finishers",
        "people",
        "Referrals ended after two or more treatment contacts",
    ),
    more("recovered", "people", "Finishers at caseness who recover"),
    more(
        "within_6_weeks",
        "share",
        "Share of finishers first treated within 6 weeks of referral",
    ),
    more(
        "within_18_weeks",
        "share",
        "Share of finishers first treated within 18 weeks of referral",
    ),
    less(
        "wait_step2_weeks",
        "weeks",
        "Mean wait of those who start at Step 2, last 13 weeks",
    ),
    less(
        "wait_step3_weeks",
        "weeks",
        "Mean wait of those who start at Step 3, last 13 weeks",
    ),
    less(
        "wait_step2_weeks_peak",
        "weeks",
        "Mean wait of those who start at Step 2, highest month",
    ),
    less(
        "wait_step3_weeks_peak",
        "weeks",
        "Mean wait of those who start at Step 3, highest month",
    ),
    less(
        "waiting_assessment",
        "people",
        "People waiting for an assessment at the end",
    ),
    less(
        "waiting_step2",
        "people",
        "People waiting for Step 2 at the end",
    ),
    less(
        "waiting_step3",
        "people",
        "People waiting for Step 3 at the end",
    ),
    less(
        "waiting",
        "people",
        "People waiting at the end, on all lists",
    ),
    less("cost", "pounds", "Cost to all payers"),
    less(
        "cost_per_recovery",
        "pounds",
        "Cost to all payers for each finisher who recovers",
    ),
];

const fn more(name: &'static str, unit: &'static str, meaning: &'static str) -> Outcome {
    Outcome {
        name,
        unit,
        meaning,
        more_is_better: true,
    }
}

const fn less(name: &'static str, unit: &'static str, meaning: &'static str) -> Outcome {
    Outcome {
        name,
        unit,
        meaning,
        more_is_better: false,
    }
}

/// The place of an outcome among [`OUTCOMES`].
///
/// ```
/// assert_eq!(skillmix::outcome::place("recovered")?, 2);
/// # Ok::<(), skillmix::error::Error>(())
/// ```
///
/// # Errors
/// [`Error::Unknown`] with the names there are, nearest first.
pub fn place(name: &str) -> Result<usize> {
    let names = OUTCOMES.map(|outcome| outcome.name);
    let known = crate::table::known_name(name, &names)?;
    Ok(names.iter().position(|&name| name == known).unwrap_or(0))
}

/// The outcomes of a scenario in each world, in the order of the worlds; each in the order of [`OUTCOMES`].
///
/// ```
/// use skillmix::design::Design;
/// use skillmix::outcome::{evaluate, place};
/// use skillmix::scenario::worlds::Worlds;
///
/// let referrals: toml::Value = toml::toml!(unsure = { uniform = [11000, 13000] }).into();
/// let scenario = skillmix::Scenario::preset("talking-therapies-2025")?
///     .with("demand.rate.referrals", referrals)?;
/// let worlds = Worlds::drawn(&scenario, Design::Random, 20, 1)?;
/// let found = evaluate(&scenario, skillmix::Horizon::Weeks(52), &worlds, &Default::default())?;
/// let recovered = place("recovered")?;
/// assert!(found.iter().all(|world| world[recovered] > 1000.0));
/// # Ok::<(), skillmix::error::Error>(())
/// ```
///
/// # Errors
/// [`Error::Scenario`] if the horizon is not possible, or a field is for `simulate` only; [`Error::Stopped`] if
/// `stop` is set meanwhile.
pub fn evaluate(
    scenario: &Scenario,
    horizon: Horizon,
    worlds: &Worlds,
    stop: &AtomicBool,
) -> Result<Vec<[f64; NUMBER]>> {
    let spec = scenario.spec();
    check::in_expectation(spec)?;
    let timetable = Timetable::new(spec, horizon.weeks(scenario)?);
    let prices = Prices::new(spec, &timetable)?;
    let order = alike(worlds, LANES);
    let of_batch = |batch: &[usize]| -> Result<[Lanes<LANES>; NUMBER]> {
        if stop.load(Ordering::Relaxed) {
            return Err(Error::Stopped);
        }
        // What is left over of the last batch runs the last world again.
        let draws = std::array::from_fn(|lane| worlds.draw(batch[lane.min(batch.len() - 1)]));
        let world = World::<LANES>::new(spec, &timetable, &draws);
        let mut watch = Watch::new(&timetable, &prices, &draws);
        Engine::new(spec, &timetable, &world, &world.referrals, &mut Expected).run(&mut watch);
        watch.outcomes()
    };
    let batches: Vec<[Lanes<LANES>; NUMBER]> =
        threads::install(|| order.par_chunks(LANES).map(of_batch).collect::<Result<_>>())?;
    let mut found = vec![[0.0; NUMBER]; worlds.number()];
    for (batch, of) in order.chunks(LANES).zip(&batches) {
        for (lane, &world) in batch.iter().enumerate() {
            found[world] = std::array::from_fn(|outcome| of[outcome][lane]);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
