//! How are many replications run, and added up so that threads change no bit?
//!
//! Blocks of a few replications are the unit of work: inside a block replications are added in their order, and
//! blocks are added in theirs. A batch of blocks is held at a time, so memory does not grow with replications.

use std::sync::atomic::Ordering;

use rayon::prelude::*;

use crate::luck::Chance;
use crate::record::Record;
use crate::record::mean::RecordSum;
use crate::record::spread::{BLOCK, Months, Spread};
use crate::simulate::Progress;
use crate::simulate::options::Options;
use crate::simulate::service::{Ready, Service};
use crate::simulate::watch::Watch;
use crate::threads;

/// What all replications come to.
pub struct All {
    /// A record of one of them, to be filled with means.
    pub record: Record,
    /// Sums.
    pub sum: RecordSum,
    /// Spread.
    pub spread: Spread,
    /// Waits, caseloads, log.
    pub watch: Watch,
    /// Whether all were run.
    pub complete: bool,
}

struct Block {
    record: Record,
    sum: RecordSum,
    spread: Spread,
    watch: Watch,
    complete: bool,
}

/// Runs all replications.
pub fn run(ready: &Ready, options: &Options, progress: &Progress) -> All {
    let work = || blocks(ready, options, progress);
    match options.threads {
        None => threads::install(work),
        Some(threads) => threads::install_in(threads, work),
    }
}

fn blocks(ready: &Ready, options: &Options, progress: &Progress) -> All {
    // Small runs are cut finer, so that every thread has work; how they are added up stays the same.
    let number = options.replications.div_ceil(BLOCK);
    let wave = u64::try_from(rayon::current_num_threads().max(1)).unwrap_or(1) * 2;
    let mut all: Option<All> = None;
    let mut first = 0;
    while first < number {
        let last = (first + wave).min(number);
        let done: Vec<Block> = (first..last)
            .into_par_iter()
            .map(|block| run_block(ready, options, progress, block))
            .collect();
        for block in done {
            add(&mut all, block);
        }
        if progress.stop.load(Ordering::Relaxed) {
            break;
        }
        first = last;
    }
    all.unwrap_or_else(|| All {
        record: Record::new(ready.timetable, ready.world),
        sum: RecordSum::default(),
        spread: Spread::default(),
        watch: Watch::new(ready.timetable, ready.terms.urgent > 0, options.log),
        complete: false,
    })
}

fn add(all: &mut Option<All>, block: Block) {
    let Some(all) = all else {
        *all = Some(All {
            record: block.record,
            sum: block.sum,
            spread: block.spread,
            watch: block.watch,
            complete: block.complete,
        });
        return;
    };
    all.sum.merge(&block.sum);
    all.spread.merge(&block.spread);
    all.watch.waits.merge(&block.watch.waits);
    all.watch.loads.merge(&block.watch.loads);
    all.complete &= block.complete;
}

fn run_block(ready: &Ready, options: &Options, progress: &Progress, block: u64) -> Block {
    let timetable = ready.timetable;
    let mut record = Record::new(timetable, ready.world);
    let mut months = Months::new(ready.spec, timetable);
    let mut done = Block {
        record: Record::new(timetable, ready.world),
        sum: RecordSum::default(),
        spread: Spread::default(),
        watch: Watch::new(timetable, ready.terms.urgent > 0, options.log && block == 0),
        complete: true,
    };
    let mut luck = Chance::new(options.seed, [0]);
    let stopped = || progress.stop.load(Ordering::Relaxed);
    let first = block * BLOCK;
    for replicate in first..(first + BLOCK).min(options.replications) {
        if stopped() {
            done.complete = false;
            break;
        }
        record.clear();
        let watch = done.watch.next(replicate == 0 && options.log);
        let mut service = Service::new(ready, luck, options.seed, replicate, watch);
        service.run(&mut record, stopped);
        let referrals = service.referrals_by_segment();
        let noted;
        (luck, noted) = (service.luck, service.watch);
        if stopped() {
            done.complete = false;
            break;
        }
        record.referrals = referrals;
        months.of(&record.counts, &record.referrals);
        done.spread.push(&months);
        done.sum.add(&mut record);
        done.watch.put_back(noted);
        progress.done.fetch_add(1, Ordering::Relaxed);
    }
    done.record = record;
    done
}
