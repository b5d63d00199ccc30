//! Where does 40:60 stop being right? PWP shares from 0 to 100 %, by demand, in many worlds.
//!
//! Every share is staffed as in [`crate::mix`], and run with luck expected in the same drawn worlds, at every
//! level of demand. So two shares differ in nothing but their posts, and what they give may be told apart world
//! by world:
//!
//! ```text
//! best in a world        = the mix with the most, or least, of the objective; equals share it between them
//! probability of it      = sum of its parts of the worlds / worlds;      error = sqrt(p (1 - p) / worlds)
//! cannot be told apart   = mixes that are best, alone or with others, in at least 5 % of the worlds
//! ```
//!
//! Shares that come to the same whole posts are one mix. A mix that cannot go ahead is never the best: no posts
//! can be had at the share, nobody is there for a step that people are routed to, or a condition of supervision,
//! staff or money is broken with everything unsure at its mean.

mod best;
mod laid_out;
mod leaves;
mod measures;
mod options;
mod runs;
mod tables;
mod words;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::error::Result;
use crate::record::asked::Progress;
use crate::scenario::Scenario;
use crate::scenario::worlds::Worlds;
use crate::threads;

use best::Objective;
use laid_out::{Cell, Layout};
use measures::WIDTH;
use runs::Found;

pub use best::{Best, Range, Standing};
pub use leaves::{Change, Leaves, MOST_STEPS, leaves, leaves_until};
pub use measures::measures;
pub use options::{MOST_LEVELS, MOST_RUNS, Options};

/// Names of the tables of a sweep.
pub const TABLES: [&str; 5] = ["range", "best", "curves", "mixes", "rules"];

/// Every share at every level of demand.
#[derive(Debug, Clone)]
pub struct MixSweep {
    scenario: Scenario,
    options: Options,
    objective: Objective,
    layout: Layout,
    found: Vec<Found>,
    best: Vec<Best>,
}

/// Runs every share at every level of demand in every world.
///
/// ```
/// use skillmix::mix::sweep::{Options, mix_sweep};
///
/// let scenario = skillmix::Scenario::preset("talking-therapies-2025")?;
/// let options = Options {
///     shares: vec![0.0, 0.4, 0.5, 0.6],
///     draws: 1,
///     horizon: skillmix::Horizon::years(1),
///     ..Options::default()
/// };
/// let sweep = mix_sweep(&scenario, &options)?;
/// // Nothing is unsure in a pack, so one world is all there is, and one mix is best in it.
/// assert_eq!(sweep.best()[0].of_mixes().map(|mix| mix.probability).sum::<f64>(), 1.0);
/// # Ok::<(), skillmix::error::Error>(())
/// ```
///
/// # Errors
/// [`crate::error::Error::Scenario`] with every option that is not possible, or if nobody is in post. A share that cannot be had is a row of the answer.
pub fn mix_sweep(scenario: &Scenario, options: &Options) -> Result<MixSweep> {
    mix_sweep_until(scenario, options, &Progress::default())
}

/// The same; `progress` counts shares x levels x worlds, and ends it.
///
/// # Errors
/// As [`mix_sweep`], and [`crate::error::Error::Stopped`] if it was stopped.
pub fn mix_sweep_until(
    scenario: &Scenario,
    options: &Options,
    progress: &Progress,
) -> Result<MixSweep> {
    swept(scenario, options, &progress.stop, &progress.done)
}

fn swept(
    scenario: &Scenario,
    options: &Options,
    stop: &AtomicBool,
    done: &AtomicU64,
) -> Result<MixSweep> {
    options.check()?;
    let objective = Objective::parse(&options.objective, scenario)?;
    let weeks = options.horizon.weeks(scenario)?;
    let worlds = Worlds::drawn(scenario, options.design, options.draws, options.seed)?;
    let work = || -> Result<(Layout, Vec<Found>)> {
        let layout = Layout::new(scenario, options, weeks)?;
        let left_out = layout.cells.len() - layout.runs();
        done.fetch_add((left_out * options.draws) as u64, Ordering::Relaxed);
        let found = runs::run(&layout, scenario, options, &worlds, (stop, done))?;
        Ok((layout, found))
    };
    let (layout, found) = match options.threads {
        None => threads::install(work)?,
        Some(number) => threads::install_in(number, work)?,
    };
    let mut sweep = MixSweep {
        scenario: scenario.clone(),
        options: options.clone(),
        objective,
        layout,
        found,
        best: Vec::new(),
    };
    sweep.best = (0..sweep.options.demand.len())
        .map(|level| best::at_level(&sweep, level))
        .collect();
    Ok(sweep)
}

impl MixSweep {
    /// The scenario that was asked about.
    #[must_use]
    pub const fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// What was asked.
    #[must_use]
    pub const fn options(&self) -> &Options {
        &self.options
    }

    /// Weeks of each run.
    #[must_use]
    pub const fn weeks(&self) -> usize {
        self.layout.weeks
    }

    /// Which mix is best at each level of demand, and which cannot be told from it.
    #[must_use]
    pub fn best(&self) -> &[Best] {
        &self.best
    }

    /// Values of a measure in each world, at a level of demand and a share by their places; none if the share
    /// cannot be had.
    ///
    /// # Errors
    /// [`crate::error::Error::Unknown`] with the measures there are.
    pub fn values(&self, level: usize, share: usize, measure: &str) -> Result<Vec<f64>> {
        let place = measures::place(measure)?;
        let worlds = self.rows(level, share);
        Ok(worlds.iter().map(|world| world[place]).collect())
    }

    /// The cell of a level and a share.
    fn cell(&self, level: usize, share: usize) -> &Cell {
        &self.layout.cells[level * self.options.shares.len() + share]
    }

    /// What a cell gives in each world; nothing if it cannot be run.
    fn rows(&self, level: usize, share: usize) -> &[[f64; WIDTH]] {
        let run = self.cell(level, share).run;
        run.map_or(&[], |run| self.found[run].worlds.as_slice())
    }
}

#[cfg(test)]
mod tests;
