//! Who is run when? Worlds in blocks, each with its luck, and the blocks added up in their order.
//!
//! Run number `world x replications + replication` is the replicate of luck, so that no two runs share their luck,
//! and the same run of another scenario has the same.

use std::ops::Range;
use std::sync::atomic::Ordering;

use rayon::prelude::*;

use super::gather::Gathered;
use super::options::{Options, Quantiles, Run};
use super::stopped;
use crate::error::Result;
use crate::luck::{Chance, Expected};
use crate::outcome::{LANES, NUMBER, Watch};
use crate::project::{Engine, Referred};
use crate::record::asked::Progress;
use crate::record::costing::prices::Prices;
use crate::record::periods::{Cells, Periods};
use crate::record::standard::Standard;
use crate::record::view::{Observer, WeekView};
use crate::record::{Record, rules};
use crate::scenario::worlds::Worlds;
use crate::scenario::{Scenario, Spec};
use crate::simulate::service::{Ready, Service};
use crate::simulate::watch;
use crate::statistics::Running;
use crate::threads;
use crate::timetable::{Timetable, World};
use crate::unit::Draw;

/// Runs of a block whose numbers are kept, and of one whose numbers go into bins.
const BLOCK: usize = 32;
const STREAMED_BLOCK: usize = 256;

/// What is run, and what is gathered of it.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Compiled.
    pub timetable: &'a Timetable,
    /// Draws of what is unsure.
    pub worlds: &'a Worlds,
    /// What is shown by period.
    pub periods: &'a Periods,
    /// How it is run.
    pub options: &'a Options,
    /// Whether rules are judged.
    pub rules: bool,
    /// How quantiles are worked out.
    pub quantiles: Quantiles,
}

/// Runs all worlds, or as many whole blocks as are done when `progress.stop` is set.
///
/// # Errors
/// [`Error::Scenario`] if there is no pay table for so early a year, or a drawn world cannot be.
pub fn run(asked: &Asked, progress: &Progress) -> Result<Gathered> {
    let work = || blocks(asked, progress);
    match asked.options.threads {
        None => threads::install(work),
        Some(threads) => threads::install_in(threads, work),
    }
}

fn blocks(asked: &Asked, progress: &Progress) -> Result<Gathered> {
    let runs = match asked.quantiles {
        Quantiles::Exact => BLOCK,
        Quantiles::Streaming => STREAMED_BLOCK,
    };
    let worlds = runs.div_ceil(asked.options.replications);
    let number = asked.worlds.number().div_ceil(worlds);
    let wave = rayon::current_num_threads().max(1) * 4;
    let shared = Shared::new(asked)?;
    let mut all = Gathered::default();
    let mut first = 0;
    while first < number && !stopped(progress) {
        let last = (first + wave).min(number);
        let done: Vec<Result<Option<Gathered>>> = (first..last)
            .into_par_iter()
            .map(|block| {
                let these = block * worlds..((block + 1) * worlds).min(asked.worlds.number());
                run_block(asked, &shared, these, progress)
            })
            .collect();
        for block in done {
            match block? {
                Some(block) => all.merge(block),
                None => return Ok(all),
            }
        }
        first = last;
    }
    Ok(all)
}

/// What all worlds share.
struct Shared<'a> {
    spec: &'a Spec,
    prices: Prices<'a>,
    standards: Vec<Standard>,
}

impl<'a> Shared<'a> {
    fn new(asked: &Asked<'a>) -> Result<Self> {
        let spec = asked.scenario.spec();
        Ok(Self {
            spec,
            prices: Prices::new(spec, asked.timetable)?,
            standards: Standard::of(spec),
        })
    }
}

/// What is noted of `L` runs side by side.
struct Notes<'a, const L: usize> {
    cells: Cells<'a, L>,
    watch: Watch<'a, L>,
    record: Option<Record>,
}

impl<const L: usize> Observer<L> for Notes<'_, L> {
    fn looks_at_supervision(&self, week: usize) -> bool {
        let record = self.record.as_ref();
        record.is_some_and(|record| Observer::<L>::looks_at_supervision(record, week))
    }

    fn week(&mut self, view: &WeekView<L>) {
        self.cells.week(view);
        self.watch.week(view);
        if let Some(record) = &mut self.record {
            record.week(view);
        }
    }
}

/// A block on its way.
struct Desk<'a> {
    asked: &'a Asked<'a>,
    standards: &'a [Standard],
    gathered: Gathered,
    /// Of the world under way, by number and then by outcome.
    of_world: Vec<Running>,
}

impl Desk<'_> {
    /// Takes the notes of `here` runs of one scenario.
    fn take<const L: usize>(&mut self, notes: Notes<L>, here: usize) -> Result<()> {
        let mut numbers = Vec::with_capacity(self.asked.periods.cells());
        notes.cells.finish(|_, value| numbers.push(*value));
        let outcomes = notes.watch.outcomes()?;
        (self.gathered).add(self.asked, self.standards, &numbers, &outcomes, here);
        let all = numbers.iter().chain(&outcomes);
        for (running, of) in self.of_world.iter_mut().zip(all) {
            for &value in &of[..here] {
                if value.is_finite() {
                    running.push(value);
                }
            }
        }
        Ok(())
    }

    /// Judges the rules by the record of one run that is over.
    fn judge(
        &mut self,
        spec: &Spec,
        timetable: &Timetable,
        world: &World<1>,
        record: Option<Record>,
    ) -> Result<()> {
        if let Some(mut record) = record {
            record.finish(spec, timetable, world)?;
            let broken = rules::broken(spec, timetable, &record);
            self.gathered.note_rules(self.asked, broken);
        }
        Ok(())
    }

    fn end_world(&mut self) {
        self.gathered.end_world(&self.of_world);
        self.of_world.fill(Running::new());
    }
}

/// Runs some worlds; nothing comes back if it was stopped.
fn run_block(
    asked: &Asked,
    shared: &Shared,
    these: Range<usize>,
    progress: &Progress,
) -> Result<Option<Gathered>> {
    let replications = asked.options.replications;
    let nested = replications > 1;
    let mut desk = Desk {
        asked,
        standards: &shared.standards,
        gathered: Gathered::new(asked, these.len() * replications),
        of_world: if nested {
            vec![Running::new(); asked.periods.cells() + NUMBER]
        } else {
            Vec::new()
        },
    };
    let mut world = these.start;
    while world < these.end {
        if stopped(progress) {
            return Ok(None);
        }
        let done = match asked.options.run {
            Run::Project if !asked.rules => {
                let here = LANES.min(these.end - world);
                side_by_side(&mut desk, shared, world, here)?;
                here
            }
            Run::Project => {
                expected(&mut desk, shared, world)?;
                1
            }
            Run::Chance => {
                if !with_chance(&mut desk, shared, world, progress)? {
                    return Ok(None);
                }
                1
            }
            Run::Simulate => {
                if !patient_by_patient(&mut desk, world, progress)? {
                    return Ok(None);
                }
                1
            }
        };
        if nested {
            desk.end_world();
        }
        world += done;
        progress
            .done
            .fetch_add((done * replications) as u64, Ordering::Relaxed);
    }
    Ok(Some(desk.gathered))
}

fn notes<'a, const L: usize>(
    periods: &'a Periods,
    timetable: &Timetable,
    prices: &'a Prices<'a>,
    draws: &[Draw; L],
    record: Option<Record>,
) -> Notes<'a, L> {
    Notes {
        cells: Cells::new(periods),
        watch: Watch::new(timetable, prices, draws),
        record,
    }
}

/// Worlds with luck expected, eight side by side.
fn side_by_side(desk: &mut Desk, shared: &Shared, first: usize, here: usize) -> Result<()> {
    let asked = desk.asked;
    let (spec, timetable) = (shared.spec, asked.timetable);
    // What is left over runs the last world again.
    let draws = std::array::from_fn(|lane| asked.worlds.draw(first + lane.min(here - 1)));
    let world = World::<LANES>::new(spec, timetable, &draws);
    let mut notes = notes(asked.periods, timetable, &shared.prices, &draws, None);
    Engine::new(spec, timetable, &world, &world.referrals, &mut Expected).run(&mut notes);
    desk.take(notes, here)
}

/// One world with luck expected, and what its record says of rules.
fn expected(desk: &mut Desk, shared: &Shared, number: usize) -> Result<()> {
    let asked = desk.asked;
    let (spec, timetable) = (shared.spec, asked.timetable);
    let draws = [asked.worlds.draw(number)];
    let world = World::<1>::new(spec, timetable, &draws);
    let record = Some(Record::new(timetable, &world));
    let mut notes = notes(asked.periods, timetable, &shared.prices, &draws, record);
    Engine::new(spec, timetable, &world, &world.referrals, &mut Expected).run(&mut notes);
    let record = notes.record.take();
    desk.take(notes, 1)?;
    desk.judge(spec, timetable, &world, record)
}

/// One world with whole people, as often as is asked; false if it was stopped half-way.
fn with_chance(
    desk: &mut Desk,
    shared: &Shared,
    number: usize,
    progress: &Progress,
) -> Result<bool> {
    let asked = desk.asked;
    let (spec, timetable) = (shared.spec, asked.timetable);
    let draw = asked.worlds.draw(number);
    let alone = World::<1>::new(spec, timetable, &[draw]);
    let referred = Referred::new(timetable, &alone.referrals, spec.demand.dispersion.at(draw));
    let replications = asked.options.replications;
    let first = (number * replications) as u64;
    let together = (!asked.rules && replications >= LANES)
        .then(|| World::<LANES>::new(spec, timetable, &[draw; LANES]));
    let mut done = 0;
    if let Some(world) = together {
        let mut luck = Chance::new(asked.options.seed, [0; LANES]);
        let mut referrals = Vec::new();
        while replications - done >= LANES {
            if stopped(progress) {
                return Ok(false);
            }
            let replicate = first + done as u64;
            luck.restart(
                asked.options.seed,
                std::array::from_fn(|lane| replicate + lane as u64),
            );
            referred.draw(&mut luck, &mut referrals);
            let mut notes = notes(
                asked.periods,
                timetable,
                &shared.prices,
                &[draw; LANES],
                None,
            );
            Engine::new(spec, timetable, &world, &referrals, &mut luck).run(&mut notes);
            desk.take(notes, LANES)?;
            done += LANES;
        }
    }
    let mut luck = Chance::new(asked.options.seed, [0]);
    let mut referrals = Vec::new();
    for replicate in first + done as u64..first + replications as u64 {
        if stopped(progress) {
            return Ok(false);
        }
        luck.restart(asked.options.seed, [replicate]);
        referred.draw(&mut luck, &mut referrals);
        let record = asked.rules.then(|| Record::new(timetable, &alone));
        let mut notes = notes(asked.periods, timetable, &shared.prices, &[draw], record);
        Engine::new(spec, timetable, &alone, &referrals, &mut luck).run(&mut notes);
        let record = notes.record.take();
        desk.take(notes, 1)?;
        desk.judge(spec, timetable, &alone, record)?;
    }
    Ok(true)
}

/// One world patient by patient, as often as is asked; false if it was stopped half-way.
fn patient_by_patient(desk: &mut Desk, number: usize, progress: &Progress) -> Result<bool> {
    let asked = desk.asked;
    // A simulation reads the scenario in many places, so the world is written into it.
    let scenario = asked.scenario.in_world(asked.worlds.draw(number))?;
    let spec = scenario.spec();
    let timetable = &Timetable::new(spec, asked.timetable.weeks());
    let world = World::<1>::new(spec, timetable, &[&[]]);
    let prices = Prices::new(spec, timetable)?;
    let ready = Ready::new(spec, timetable, &world);
    let luck = Chance::new(asked.options.seed, [0]);
    let mut service = Service::new(&ready, luck, watch::Watch::new(&ready, false));
    let replications = asked.options.replications;
    for replication in 0..replications {
        let replicate = (number * replications + replication) as u64;
        let record = asked.rules.then(|| Record::new(timetable, &world));
        let mut notes = notes(asked.periods, timetable, &prices, &[&[]], record);
        service.watch.clear(false);
        service.open(asked.options.seed, replicate);
        service.run(&mut notes, || stopped(progress));
        if stopped(progress) {
            return Ok(false);
        }
        let mut record = notes.record.take();
        if let Some(record) = &mut record {
            service.referrals_by_segment(&mut record.referrals);
        }
        desk.take(notes, 1)?;
        desk.judge(spec, timetable, &world, record)?;
    }
    Ok(true)
}
