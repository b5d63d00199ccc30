//! What does each mix give in each world? Worlds side by side, mixes and batches in parallel.
//!
//! The numbers of a world are worked out once for a mix and shared by all levels of demand, which differ in
//! referrals alone. The same worlds meet every mix: a draw belongs to the path of its field. Staff that a mix
//! states are not drawn.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rayon::prelude::*;

use super::laid_out::{Layout, Mix};
use super::measures::{Beside, WIDTH};
use super::options::Options;
use crate::error::{Error, Result};
use crate::luck::Expected;
use crate::outcome::{LANES, NUMBER, Watch};
use crate::project::Engine;
use crate::record::Record;
use crate::record::costing::prices::Prices;
use crate::record::rules::{Broken, broken};
use crate::record::view::{Observer, WeekView};
use crate::scenario::Scenario;
use crate::scenario::alike::alike;
use crate::scenario::worlds::Worlds;
use crate::timetable::{Timetable, World};
use crate::unit::Lanes;

/// What a mix gives at a level of demand.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its measures in each world.
    pub worlds: Vec<[f64; WIDTH]>,
    /// Rules that are broken with everything unsure at its mean.
    pub broken: Vec<Broken>,
}

/// Whoever looks on at the outcomes and at what is beside them.
struct Both<'a, const L: usize> {
    outcomes: Watch<'a, L>,
    beside: Beside<'a, L>,
}

impl<const L: usize> Observer<L> for Both<'_, L> {
    /// Only at the hours that are owed.
    fn looks_at_supervision(&self, _: usize) -> bool {
        false
    }

    fn week(&mut self, view: &WeekView<L>) {
        self.outcomes.week(view);
        self.beside.week(view);
    }
}

/// Part of the work on a mix.
#[derive(Clone, Copy)]
enum Task<'a> {
    /// Up to eight worlds, all levels.
    Batch(&'a [usize]),
    /// The rules, with means, at a level by its place among those of the mix.
    Rules(usize),
}

/// What came of it: measures by level and lane, or the rules of a level.
enum Done {
    Worlds(Vec<[[f64; WIDTH]; LANES]>),
    Rules(Vec<Broken>),
}

/// Runs all mixes at their levels; what was found stands at the places that the layout says.
pub fn run(
    layout: &Layout,
    scenario: &Scenario,
    options: &Options,
    worlds: &Worlds,
    (stop, counted): (&AtomicBool, &AtomicU64),
) -> Result<Vec<Found>> {
    let order = alike(worlds, LANES);
    let batches: Vec<Task> = order.chunks(LANES).map(Task::Batch).collect();
    let mut tasks = Vec::new();
    for (place, mix) in layout.mixes.iter().enumerate() {
        let rules = (0..mix.levels.len()).map(Task::Rules);
        tasks.extend(
            batches
                .iter()
                .copied()
                .chain(rules)
                .map(|task| (place, task)),
        );
    }
    let ready = layout.mixes.iter().map(|mix| Ready::new(scenario, mix));
    let ready: Vec<Ready> = ready.collect::<Result<_>>()?;
    let work = |&(place, task): &(usize, Task)| -> Result<Done> {
        if stop.load(Ordering::Relaxed) {
            return Err(Error::Stopped);
        }
        let Ready { mix, .. } = ready[place];
        match task {
            Task::Rules(level) => {
                let demand = options.demand[mix.levels[level].0];
                rules_of(mix, demand).map(Done::Rules)
            }
            Task::Batch(batch) => {
                let found = ready[place].batch(options, worlds, batch)?;
                let here = batch.len() * mix.levels.len();
                counted.fetch_add(here as u64, Ordering::Relaxed);
                Ok(Done::Worlds(found))
            }
        }
    };
    let done: Vec<Done> = tasks.par_iter().map(work).collect::<Result<_>>()?;
    let nothing = Found {
        worlds: vec![[0.0; WIDTH]; worlds.number()],
        broken: Vec::new(),
    };
    let mut found = vec![nothing; layout.runs()];
    for (&(place, task), done) in tasks.iter().zip(done) {
        let levels = &layout.mixes[place].levels;
        match (task, done) {
            (Task::Batch(batch), Done::Worlds(by_level)) => {
                for (&(_, run), lanes) in levels.iter().zip(by_level) {
                    for (&world, measures) in batch.iter().zip(lanes) {
                        found[run].worlds[world] = measures;
                    }
                }
            }
            (Task::Rules(level), Done::Rules(broken)) => found[levels[level].1].broken = broken,
            _ => {}
        }
    }
    Ok(found)
}

/// A mix and what all its worlds share.
struct Ready<'a> {
    mix: &'a Mix,
    prices: Prices<'a>,
    /// Places among the draws of the service that was asked about of what is unsure in the mix.
    slots: Vec<usize>,
}

impl<'a> Ready<'a> {
    fn new(scenario: &Scenario, mix: &'a Mix) -> Result<Self> {
        let asked = scenario.unsure();
        let place = |path: &str| asked.iter().position(|field| field.path == path);
        let here = mix.scenario.unsure().iter();
        Ok(Self {
            mix,
            prices: Prices::new(mix.scenario.spec(), &mix.timetable)?,
            slots: here.filter_map(|field| place(&field.path)).collect(),
        })
    }

    /// Up to eight worlds at all levels of the mix; what is left over of the last batch runs the last world again.
    fn batch(
        &self,
        options: &Options,
        worlds: &Worlds,
        batch: &[usize],
    ) -> Result<Vec<[[f64; WIDTH]; LANES]>> {
        let mix = self.mix;
        let drawn: [Vec<f64>; LANES] = std::array::from_fn(|lane| {
            let draw = worlds.draw(batch[lane.min(batch.len() - 1)]);
            self.slots.iter().map(|&slot| draw[slot]).collect()
        });
        let drawn = std::array::from_fn(|lane| drawn[lane].as_slice());
        let (spec, timetable) = (mix.scenario.spec(), &mix.timetable);
        let mut world = World::<LANES>::new(spec, timetable, &drawn);
        let referrals = world.referrals.clone();
        let levels = mix.levels.iter().map(|&(level, _)| options.demand[level]);
        let run = |demand: f64| {
            scale(&mut world, &referrals, demand);
            let mut both = Both {
                outcomes: Watch::new(timetable, &self.prices, &drawn),
                beside: Beside::new(spec, timetable),
            };
            Engine::new(spec, timetable, &world, &world.referrals, &mut Expected).run(&mut both);
            let outcomes = both.outcomes.outcomes()?;
            let beside = both.beside.measures(&outcomes);
            let measure = |place: usize, lane: usize| match place.checked_sub(NUMBER) {
                None => outcomes[place][lane],
                Some(place) => beside[place][lane],
            };
            let of_lane = |lane: usize| std::array::from_fn(|place| measure(place, lane));
            Ok(std::array::from_fn(of_lane))
        };
        levels.map(run).collect()
    }
}

/// Gives a world so many times the referrals.
fn scale<const L: usize>(world: &mut World<L>, referrals: &[Lanes<L>], demand: f64) {
    for (segment, people) in world.referrals.iter_mut().zip(referrals) {
        *segment = people.map(|people| people * demand);
    }
}

/// Rules that a mix breaks with everything unsure at its mean.
fn rules_of(mix: &Mix, demand: f64) -> Result<Vec<Broken>> {
    let (spec, timetable): (_, &Timetable) = (mix.scenario.spec(), &mix.timetable);
    let mut world = World::<1>::new(spec, timetable, &[&[]]);
    let referrals = world.referrals.clone();
    scale(&mut world, &referrals, demand);
    let mut record = Record::new(timetable, &world);
    Engine::new(spec, timetable, &world, &world.referrals, &mut Expected).run(&mut record);
    record.finish(spec, timetable, &world)?;
    Ok(broken(spec, timetable, &record))
}
