//! What happens to single patients and clinicians? The service patient by patient, many times over.
//!
//! The order of a week is that of `project`, written here and executed from `Service::week`:
//!
//! 1. **People**: recruits join, intakes start; each is one clinician with minutes of their own.
//! 2. **Hours**: a week's bookable minutes of a role are shared out between its people.
//! 3. **Referrals** of the week, by month more scattered than chance alone, each at a time of a working day.
//! 4. **Screening and opt-in**: the accepted join the list for an assessment.
//! 5. **Sessions due** in open courses come first, each with the clinician who began the course.
//! 6. **Assessments** from their ring-fenced minutes, oldest first; the assessed are routed.
//! 7. **New courses** from what each clinician has left, in the order of the list; the first session is held at
//!    once.
//! 8. **Outcomes** of each session: attended or not, completed, dropped out, stepped.
//! 9. **Giving up** in every list; those routed or stepped join theirs.
//! 10. **Leavers** leave, trainees qualify, vacancies are advertised; the week is recorded.
//!
//! Inside a week things happen on days, so waits are exact to the day. Courses that have a length in place of
//! sessions run in continuous time (textbook queues).
//!
//! All luck is keyed by what it is about: a person by seed, replication, source, part of a week in which they are
//! referred, and place among those of it. Replications are independent; they are added up in blocks of fixed length, so that
//! any number of threads gives the same bits.

pub mod clock;
pub mod diary;
pub mod length;
pub mod list;
pub mod options;
pub mod person;
pub mod referred;
mod replications;
pub mod roster;
pub mod segments;
pub mod service;
mod tables;
pub mod terms;
pub mod watch;
mod words;

use std::sync::Arc;

use crate::error::{Error, Problem, Result};
use crate::record::Record;
use crate::record::spread::{Months, Spread};
use crate::record::tables::{TABLES, table_of};
use crate::scenario::Scenario;
use crate::table::{Table, known_name};
use crate::timetable::{Horizon, Timetable, World};

pub use crate::record::asked::Progress;
pub use options::Options;

use watch::{Event, Loads, Waits};

/// Replications of a scenario, patient by patient.
#[derive(Debug, Clone)]
pub struct Simulation {
    scenario: Scenario,
    timetable: Arc<Timetable>,
    options: Options,
    record: Record,
    months: Months,
    spread: Spread,
    waits: Waits,
    loads: Loads,
    segments: Option<Table>,
    log: Option<Vec<Event>>,
    complete: bool,
}

/// Names of the tables that a simulation has beside those of a projection.
pub const MORE_TABLES: [&str; 5] = ["spread", "waits", "standards", "caseloads", "advice"];

/// Half width of an interval, as a share of the mean, where none is asked for.
const HALF_WIDTH: f64 = 0.05;

/// Runs a scenario patient by patient.
///
/// ```
/// use skillmix::simulate::{Options, simulate};
///
/// let scenario = skillmix::Scenario::preset("talking-therapies-2025")?;
/// let options = Options { replications: 2, ..Options::default() };
/// let run = simulate(&scenario, skillmix::Horizon::Weeks(26), &options)?;
/// let waits = run.table("waits")?;
/// println!("{:.0} days is the median wait for an assessment", waits.numbers("p50")[0]);
/// # Ok::<(), skillmix::error::Error>(())
/// ```
///
/// # Errors
/// [`Error::Scenario`] if the horizon or an option is not possible, or the scenario cannot be run
/// patient by patient.
pub fn simulate(scenario: &Scenario, horizon: Horizon, options: &Options) -> Result<Simulation> {
    simulate_until(scenario, horizon, options, &Progress::default())
}

/// The same; setting `progress.stop` ends it early, with the replications that were done by then. Of one that was
/// under way nothing is counted; there is a log if the first replication was done.
///
/// # Errors
/// As [`simulate`], and [`Error::Stopped`] if it was stopped before a replication was done.
pub fn simulate_until(
    scenario: &Scenario,
    horizon: Horizon,
    options: &Options,
    progress: &Progress,
) -> Result<Simulation> {
    let weeks = horizon.weeks(scenario)?;
    options.check(scenario, weeks)?;
    let spec = scenario.spec();
    let timetable = Timetable::of(scenario, weeks);
    let world = World::<1>::new(spec, &timetable, &[&[]]);
    let ready = service::Ready::new(spec, &timetable, &world);
    let all = replications::run(&ready, options, progress).ok_or(Error::Stopped)?;
    let mut record = all.record;
    all.sum.mean(&mut record);
    record.finish(spec, &timetable, &world)?;
    let months = Months::new(spec, &timetable);
    Ok(Simulation {
        scenario: scenario.clone(),
        months,
        complete: all.spread.replications() == options.replications,
        segments: (!ready.segments.is_empty()).then(|| {
            let replications = all.spread.replications();
            all.watch.segments.table(&ready.segments, replications)
        }),
        spread: all.spread,
        waits: all.watch.waits,
        loads: all.watch.loads,
        log: all.watch.log,
        options: *options,
        record,
        timetable,
    })
}

impl Simulation {
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

    /// Means over the replications, week by week.
    #[must_use]
    pub const fn record(&self) -> &Record {
        &self.record
    }

    /// How it was run.
    #[must_use]
    pub const fn options(&self) -> &Options {
        &self.options
    }

    /// How far apart the replications are.
    #[must_use]
    pub const fn spread(&self) -> &Spread {
        &self.spread
    }

    /// Waits that ended, over all replications.
    #[must_use]
    pub const fn waits(&self) -> &Waits {
        &self.waits
    }

    /// Whether all replications that were asked for were run.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.complete
    }

    /// The last month of which every day is run; if there is none, the last.
    fn last_whole_month(&self) -> usize {
        let months = &self.timetable.calendar.months;
        let whole = months
            .iter()
            .rposition(|month| month.days_inside == month.days_whole);
        whole.unwrap_or(months.len() - 1)
    }

    /// Names of the tables.
    #[must_use]
    pub fn tables(&self) -> Vec<&'static str> {
        TABLES
            .into_iter()
            .chain(MORE_TABLES)
            .chain(self.segments.as_ref().map(|_| "segments"))
            .chain(self.log.as_ref().map(|_| "log"))
            .collect()
    }

    /// A table by its name. Those of a projection are means over the replications.
    ///
    /// # Errors
    /// [`Error::Unknown`] with the names there are.
    pub fn table(&self, name: &str) -> Result<Table> {
        let name = known_name(name, &self.tables())?;
        let spec = self.scenario.spec();
        Ok(match name {
            "spread" => self.spread.table(&self.timetable, &self.months),
            "standards" => self.spread.standards(&self.timetable, &self.months),
            "waits" => tables::waits(&self.timetable, &self.waits),
            "caseloads" => {
                tables::caseloads(&self.timetable, &self.loads, self.spread.replications())
            }
            "advice" => tables::advice(self, HALF_WIDTH),
            "segments" => self.segments.clone().unwrap_or(Table::new(name)),
            "log" => tables::log(self, self.log.as_deref().unwrap_or_default()),
            _ => table_of(name, spec, &self.timetable, &self.record).unwrap_or(Table::new(name)),
        })
    }

    /// How many replications are needed so that the 95 % interval of each headline figure in the last month
    /// reaches `half_width` x mean to either side, and how many weeks the start still shows.
    ///
    /// # Errors
    /// [`Error::Scenario`] unless the half width lies between 0.0001 and 1.
    pub fn advice(&self, half_width: f64) -> Result<Table> {
        if !(0.0001..=1.0).contains(&half_width) {
            return Err(Problem::new("half_width", half_width, "0.0001 to 1").into());
        }
        Ok(tables::advice(self, half_width))
    }

    /// The answer in sentences; the first is the headline.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        words::words(self)
    }
}
