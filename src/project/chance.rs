//! What does luck make of a service? The same weeks with whole people, many times over.
//!
//! ```text
//! replication r of a seed   the same bits in whatever lane, block or thread it is run
//! referrals of a month      negative binomial with variance = dispersion x mean, split over its weeks
//! means                     sums over blocks of replications, added in their order / replications
//! ```
//!
//! Replications go side by side in lanes; of each only its months are kept, so that memory does not grow with
//! their number. The tables of a projection are made from the means; what is not linear in them, such as a rule
//! that is broken or the wait of a month, is worked out from the means, and the table `spread` has the mean of each
//! replication's own.

use std::ops::Range;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::whole::Decision;
use super::{Engine, Projection};
use crate::error::{Error, Result};
use crate::luck::{Chance, Month, name_key};
use crate::record::Record;
use crate::record::asked::{Progress, check_numbers};
use crate::record::mean::RecordSum;
use crate::record::spread::{BLOCK, Months, Spread};
use crate::record::view::{Observer, WeekView};
use crate::scenario::{Scenario, Spec, check};
use crate::table::Table;
use crate::threads;
use crate::timetable::{Horizon, Timetable, World};
use crate::unit::Lanes;

/// Replications that are run side by side.
const LANES: usize = 8;

/// How a projection with luck is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replications {
    /// Replications.
    pub replications: u64,
    /// Seed of all luck.
    pub seed: u64,
    /// Threads; `None`: as many as there are processors. It changes no figure.
    pub threads: Option<usize>,
}

impl Default for Replications {
    fn default() -> Self {
        Self {
            replications: 100,
            seed: 1,
            threads: None,
        }
    }
}

/// What replications came to besides their means.
#[derive(Debug, Clone)]
pub struct Luckily {
    pub(super) months: Months,
    pub(super) spread: Spread,
    pub(super) options: Replications,
}

impl Luckily {
    /// The table of that name, if it is about luck.
    pub(super) fn table(&self, name: &str, timetable: &Timetable) -> Option<Table> {
        match name {
            "spread" => Some(self.spread.table(timetable, &self.months)),
            "standards" => Some(self.spread.standards(timetable, &self.months)),
            _ => None,
        }
    }
}

/// Runs a scenario week by week with whole people, many times over. The tables show the means over replications,
/// and `spread` and `standards` how far replications lie apart. Setting `progress.stop` ends the run early, with
/// the replications that were done by then.
///
/// ```
/// use skillmix::project::{Horizon, Replications, project_chance};
///
/// let scenario = skillmix::Scenario::preset("talking-therapies-2025")?;
/// let options = Replications { replications: 20, ..Replications::default() };
/// let run = project_chance(&scenario, Horizon::Weeks(26), &options, &Default::default())?;
/// let spread = run.table("spread")?;
/// assert_eq!(run.replications(), 20);
/// assert!(spread.numbers("sd").iter().any(|&sd| sd > 0.0));
/// # Ok::<(), skillmix::error::Error>(())
/// ```
///
/// # Errors
/// [`Error::Scenario`] if the horizon or an option is not possible; [`Error::Stopped`] if it was stopped before a
/// replication was done.
pub fn project_chance(
    scenario: &Scenario,
    horizon: Horizon,
    options: &Replications,
    progress: &Progress,
) -> Result<Projection> {
    let weeks = horizon.weeks(scenario)?;
    let spec = scenario.spec();
    check::in_expectation(spec)?;
    let timetable = Timetable::of(scenario, weeks);
    let months = timetable.calendar.months.len();
    check_numbers(options.replications, options.threads, months)?;
    let ready = Ready::new(spec, &timetable, options.seed);
    let all = match options.threads {
        None => threads::install(|| blocks(&ready, options.replications, progress)),
        Some(threads) => {
            threads::install_in(threads, || blocks(&ready, options.replications, progress))
        }
    };
    let mut record = all.record.ok_or(Error::Stopped)?;
    all.sum.mean(&mut record);
    record.finish(spec, &timetable, &ready.alone)?;
    let months = Months::new(spec, &timetable);
    drop(ready);
    Ok(Projection {
        scenario: scenario.clone(),
        timetable,
        record,
        bands: None,
        luck: Some(Luckily {
            months,
            spread: all.spread,
            options: *options,
        }),
        draws: 0,
        seed: options.seed,
    })
}

/// How many are referred in each month: drawn again in each replication.
#[derive(Debug, Clone)]
pub struct Referred {
    /// Of each month of the calendar its name and its referrals.
    months: Vec<(u64, Month)>,
    segments: usize,
}

impl Referred {
    /// Months that expect these numbers of people by segment of the calendar, and whose variance is `phi` times
    /// their mean.
    #[must_use]
    pub fn new(timetable: &Timetable, referrals: &[Lanes<1>], phi: f64) -> Self {
        let calendar = &timetable.calendar;
        let month = |(index, month): (usize, &crate::calendar::Month)| {
            let segments = calendar.segments.iter().zip(referrals).enumerate();
            let here = segments.filter(|(_, (segment, _))| segment.month == index);
            let parts: Vec<(usize, f64)> = here.map(|(place, of)| (place, of.1[0])).collect();
            (name_key(&month.label), Month::new(&parts, phi))
        };
        Self {
            months: calendar.months.iter().enumerate().map(month).collect(),
            segments: referrals.len(),
        }
    }

    /// People referred by segment of the calendar.
    pub fn draw<const L: usize>(&self, luck: &mut Chance<L>, referrals: &mut Vec<Lanes<L>>) {
        referrals.clear();
        referrals.resize(self.segments, [0.0; L]);
        for (who, month) in &self.months {
            for lane in 0..L {
                let key = luck.bits(lane, Decision::Referred.of(*who, 0, 0));
                month.draw(key, luck.binomials(), |segment, people| {
                    referrals[segment][lane] = people as f64;
                });
            }
        }
    }
}

/// What all replications share.
struct Ready<'a> {
    spec: &'a Spec,
    timetable: &'a Timetable,
    seed: u64,
    together: World<LANES>,
    alone: World<1>,
    referred: Referred,
}

impl<'a> Ready<'a> {
    fn new(spec: &'a Spec, timetable: &'a Timetable, seed: u64) -> Self {
        let alone = World::<1>::new(spec, timetable, &[&[]]);
        let phi = spec.demand.dispersion.mean();
        Self {
            spec,
            timetable,
            seed,
            together: World::new(spec, timetable, &[&[]; LANES]),
            referred: Referred::new(timetable, &alone.referrals, phi),
            alone,
        }
    }
}

/// What several replications come to.
#[derive(Default)]
struct Block {
    sum: RecordSum,
    spread: Spread,
}

/// What all replications come to.
struct All {
    /// The record of some replications: all are equally long, and means replace its numbers.
    record: Option<Record>,
    sum: RecordSum,
    spread: Spread,
}

/// What the threads work with, kept from block to block.
#[derive(Default)]
struct Kept {
    desks: Vec<Desks>,
    /// Blocks that are added up, to be filled again.
    blocks: Vec<Block>,
}

/// What one thread works with.
struct Desks {
    eight: Desk<LANES>,
    one: Desk<1>,
    /// Only its bins are used.
    bins: Spread,
}

/// What some replications side by side are run with.
struct Desk<const L: usize> {
    luck: Chance<L>,
    record: Record,
    months: Months<L>,
    referrals: Vec<Lanes<L>>,
}

fn blocks(ready: &Ready, replications: u64, progress: &Progress) -> All {
    let number = replications.div_ceil(BLOCK);
    let threads = u64::try_from(rayon::current_num_threads().max(1)).unwrap_or(1);
    let wave = threads * 4;
    let kept = Mutex::new(Kept::default());
    let lock = || kept.lock().unwrap_or_else(PoisonError::into_inner);
    let run = |block: u64| {
        let (desks, mut done) = {
            let mut kept = lock();
            (kept.desks.pop(), kept.blocks.pop().unwrap_or_default())
        };
        let mut desks = desks.unwrap_or_else(|| Desks::new(ready));
        let these = block * BLOCK..((block + 1) * BLOCK).min(replications);
        desks.run(ready, these, &mut done, progress);
        lock().desks.push(desks);
        done
    };
    let mut all = All {
        record: None,
        sum: RecordSum::default(),
        spread: Spread::default(),
    };
    let mut first = 0;
    while first < number && !progress.stop.load(Ordering::Relaxed) {
        let last = (first + wave).min(number);
        let done: Vec<Block> = (first..last).into_par_iter().map(run).collect();
        for mut block in done {
            all.sum.merge(&block.sum);
            all.spread.merge(&block.spread);
            block.sum.clear();
            block.spread.clear();
            lock().blocks.push(block);
        }
        first = last;
    }
    let kept = kept.into_inner().unwrap_or_else(PoisonError::into_inner);
    for desks in kept.desks {
        all.spread.merge(&desks.bins);
        let records = [desks.eight.record, desks.one.record].into_iter();
        let mut whole = records.filter(Record::is_complete);
        all.record = all.record.or_else(|| whole.next());
    }
    all
}

impl Desks {
    fn new(ready: &Ready) -> Self {
        Self {
            eight: Desk::new(ready),
            one: Desk::new(ready),
            bins: Spread::default(),
        }
    }

    /// Runs some replications, as many as possible side by side.
    fn run(&mut self, ready: &Ready, these: Range<u64>, block: &mut Block, progress: &Progress) {
        self.bins.swap_bins(&mut block.spread);
        let mut first = these.start;
        while first < these.end && !progress.stop.load(Ordering::Relaxed) {
            let number = if these.end - first >= LANES as u64 {
                self.eight.run(ready, &ready.together, first, block);
                LANES as u64
            } else {
                self.one.run(ready, &ready.alone, first, block);
                1
            };
            first += number;
            progress.done.fetch_add(number, Ordering::Relaxed);
        }
        self.bins.swap_bins(&mut block.spread);
    }
}

impl<const L: usize> Desk<L> {
    fn new(ready: &Ready) -> Self {
        Self {
            luck: Chance::new(ready.seed, [0; L]),
            record: Record::new(ready.timetable, &ready.alone),
            months: Months::new(ready.spec, ready.timetable),
            referrals: Vec::new(),
        }
    }

    /// Runs the replications from `first` on, one a lane.
    fn run(&mut self, ready: &Ready, world: &World<L>, first: u64, block: &mut Block) {
        let replicates = std::array::from_fn(|lane| first + lane as u64);
        self.luck.restart(ready.seed, replicates);
        ready.referred.draw(&mut self.luck, &mut self.referrals);
        self.record.clear();
        self.months.clear();
        let mut seen = Seen {
            record: &mut self.record,
            months: &mut self.months,
        };
        let (spec, timetable) = (ready.spec, ready.timetable);
        Engine::new(spec, timetable, world, &self.referrals, &mut self.luck).run(&mut seen);
        self.months.end(self.referrals.iter().copied());
        block.spread.push(&self.months);
        let all = self.referrals.iter().map(crate::record::view::sum);
        self.record.referrals = all.collect();
        block.sum.add_together(&mut self.record, L as u64);
    }
}

/// Sums of the lanes, and the months of each.
struct Seen<'a, const L: usize> {
    record: &'a mut Record,
    months: &'a mut Months<L>,
}

impl<const L: usize> Observer<L> for Seen<'_, L> {
    fn looks_at_supervision(&self, week: usize) -> bool {
        Observer::<L>::looks_at_supervision(self.record, week)
    }

    fn week(&mut self, view: &WeekView<L>) {
        self.record.week(view);
        let counts = view.counts.in_order();
        self.months.week(view.week, |place| *counts[place]);
    }
}
