//! What happens week by week? The service as a flow of expectations, or of whole people who are lucky or not.
//!
//! The order of a week, written here and executed from `Engine::week`, step by step:
//!
//! 1. **People**: recruits join, intakes start; people in post by days; ramps; pay accrues.
//! 2. **Hours**: bookable minutes = sum of WTE x hours x ramp x availability, less supervision given beyond
//!    job plans and screening.
//! 3. **Referrals** of the week.
//! 4. **Screening and opt-in**: the accepted join the assessment queue.
//! 5. **Sessions due** in open courses come first; if minutes are short, the same fraction of all is held,
//!    the rest slips a week, and nothing starts in that role.
//! 6. **Assessments** from their ring-fenced minutes, oldest first; the assessed are routed.
//! 7. **New courses**: bought treatment takes the longest waiters; then from what is left, oldest first, within limits; the first session is held at once.
//! 8. **Outcomes** of the sessions held: attended or not, completed, dropped out, stepped.
//! 9. **Giving up** in every queue; clocks go on; those routed or stepped arrive at age 0.
//! 10. **Leavers** leave, trainees qualify, vacancies are advertised; the week is recorded.
//!
//! `L` worlds are computed side by side; a single run is `L = 1`. With [`project`] all numbers are expectations: below
//! load 1 this fluid limit shows no queue, which its outputs say. With [`project_chance`] the same weeks move whole
//! people, many times over, and the outputs say how far replications lie apart.

pub mod bands;
mod chance;
pub mod courses;
mod engine;
mod opening;
pub mod queue;
pub mod roll_up;
mod whole;
mod words;

use std::sync::Arc;

use crate::design::Design;
use crate::error::{Problem, ProblemKind, Result};
use crate::luck::Expected;
use crate::project::bands::Bands;
use crate::record::Record;
use crate::record::tables::table_of;
use crate::scenario::worlds::Worlds;
use crate::scenario::{Scenario, check};
use crate::table::{Table, known_name};
use crate::timetable::{Timetable, World};

pub use crate::record::asked::{MOST_REPLICATIONS, Progress};
pub use crate::record::tables::TABLES;
pub use crate::timetable::Horizon;
pub use chance::{Referred, Replications, project_chance};
pub use engine::Engine;

/// Most draws of one call.
pub const MOST_DRAWS: u32 = 1_000_000;

/// Most draws x months of one call: about a gigabyte.
pub const MOST_DRAWN_MONTHS: usize = 10_000_000;

/// A finished run of a scenario.
#[derive(Debug, Clone)]
pub struct Projection {
    scenario: Scenario,
    timetable: Arc<Timetable>,
    record: Record,
    bands: Option<Bands>,
    luck: Option<chance::Luckily>,
    draws: u32,
    seed: u64,
}

/// Runs a scenario week by week with the means of what is unsure.
///
/// # Errors
/// [`crate::error::Error::Scenario`] if the horizon is not possible, or a field is for `simulate` only.
pub fn project(scenario: &Scenario, horizon: Horizon) -> Result<Projection> {
    check::in_expectation(scenario.spec())?;
    let weeks = horizon.weeks(scenario)?;
    let timetable = Timetable::of(scenario, weeks);
    let world = World::<1>::new(scenario.spec(), &timetable, &[&[]]);
    let mut record = Record::new(&timetable, &world);
    let luck = &mut Expected;
    Engine::new(scenario.spec(), &timetable, &world, &world.referrals, luck).run(&mut record);
    record.finish(scenario.spec(), &timetable, &world)?;
    Ok(Projection {
        scenario: scenario.clone(),
        timetable,
        record,
        bands: None,
        luck: None,
        draws: 0,
        seed: 0,
    })
}

/// Runs a scenario week by week, and again in `draws` worlds drawn from what is unsure. Setting `stop` ends
/// the run early, without bands.
///
/// # Errors
/// [`crate::error::Error::Scenario`] if the horizon or the number of draws is not possible, or nothing is unsure.
pub fn project_draws(
    scenario: &Scenario,
    horizon: Horizon,
    draws: u32,
    seed: u64,
    stop: &std::sync::atomic::AtomicBool,
) -> Result<Projection> {
    if draws == 0 || draws > MOST_DRAWS {
        let kind = if draws == 0 {
            ProblemKind::Field
        } else {
            ProblemKind::Limit
        };
        return Err(Problem::new("draws", draws, format!("1 to {MOST_DRAWS}"))
            .of_kind(kind)
            .into());
    }
    if scenario.unsure().is_empty() {
        let sentence = "no number of this scenario is unsure, so all draws would be alike";
        let problem = Problem::told(
            "draws",
            draws,
            sentence,
            "a field such as {unsure = {pert = [low, mode, high]}}",
        );
        return Err(problem.into());
    }
    let mut run = project(scenario, horizon)?;
    let months = run.timetable.calendar.months.len();
    if draws as usize * months > MOST_DRAWN_MONTHS {
        let most = MOST_DRAWN_MONTHS / months;
        let expected =
            format!("1 to {most}, since {months} months of each draw are kept in memory");
        return Err(Problem::new("draws", draws, expected)
            .of_kind(ProblemKind::Limit)
            .into());
    }
    let worlds = Worlds::drawn(scenario, Design::Random, draws as usize, seed)?;
    run.bands = bands::run(scenario, &run.timetable, &worlds, stop);
    run.draws = draws;
    run.seed = seed;
    Ok(run)
}

impl Projection {
    /// The scenario that was run.
    #[must_use]
    pub const fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The compiled scenario.
    #[must_use]
    pub fn timetable(&self) -> &Timetable {
        &self.timetable
    }

    /// What was recorded, week by week.
    #[must_use]
    pub const fn record(&self) -> &Record {
        &self.record
    }

    /// Number of draws, 0 if none.
    #[must_use]
    pub const fn draws(&self) -> u32 {
        self.draws
    }

    /// Replications with luck that were run, 0 if there was none.
    #[must_use]
    pub fn replications(&self) -> u64 {
        (self.luck.as_ref()).map_or(0, |luck| luck.spread.replications())
    }

    /// Options of the replications, if there was luck.
    #[must_use]
    pub fn luck(&self) -> Option<&Replications> {
        self.luck.as_ref().map(|luck| &luck.options)
    }

    /// Seed of the draws, or of luck.
    #[must_use]
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// Names of the tables.
    #[must_use]
    pub fn tables(&self) -> Vec<&'static str> {
        TABLES
            .into_iter()
            .chain(self.bands.as_ref().map(|_| "bands"))
            .chain(self.luck.iter().flat_map(|_| ["spread", "standards"]))
            .collect()
    }

    /// A table by its name.
    ///
    /// # Errors
    /// [`crate::error::Error::Unknown`] with the names there are.
    pub fn table(&self, name: &str) -> Result<Table> {
        let name = known_name(name, &self.tables())?;
        let found = table_of(name, self.scenario.spec(), &self.timetable, &self.record);
        let bands = || self.bands.as_ref().map(Bands::table);
        let luck = || (self.luck.as_ref()).and_then(|luck| luck.table(name, &self.timetable));
        Ok(found
            .or_else(bands)
            .or_else(luck)
            .unwrap_or(Table::new(name)))
    }

    /// The answer in sentences; the first is the headline.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        words::words(self)
    }
}
