//! How are many replications run, and added up so that threads change no bit?
//!
//! Blocks of a few replications are the unit of work, and each thread takes the next that nobody has begun. Inside
//! a block replications are added in their order, and a block is added to the total as soon as all before it are.
//! Waits and caseloads are whole numbers, whose sums are the same in any order: each replication adds its own at
//! once. A replication that was stopped half-way adds nothing.
//!
//! What is held at a time: the total, of each thread one replication and the sums of one block, and the blocks that
//! were done before an earlier one was. Blocks are begun in their order and take about as long as each other, so
//! these are about as many as there are threads, however many replications there are; one thread holds none.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use crate::luck::Chance;
use crate::record::Record;
use crate::record::asked::Progress;
use crate::record::mean::RecordSum;
use crate::record::spread::{BLOCK, Months, Spread};
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
}

/// What the replications of a block come to, in their order.
#[derive(Default)]
struct Block {
    sum: RecordSum,
    spread: Spread,
}

/// What has been added up so far.
struct Total {
    /// The first replication that is done, and its record: all are equally long, and means replace its numbers.
    record: Option<(u64, Record)>,
    sum: RecordSum,
    spread: Spread,
    watch: Watch,
    /// Number of the block that is added next.
    next: u64,
    /// Blocks that were done before an earlier one was.
    early: BTreeMap<u64, Block>,
    /// Blocks that are added up, to be filled again.
    spare: Vec<Block>,
}

impl Total {
    /// Takes what a replication noted that was run to its end.
    fn note(&mut self, replicate: u64, record: &Record, noted: &mut Watch) {
        if (self.record.as_ref()).is_none_or(|(kept, _)| replicate < *kept) {
            self.record = Some((replicate, record.clone()));
        }
        self.watch.add(noted);
    }

    /// Takes a block, and adds all whose turn it is.
    fn put(&mut self, number: u64, block: Block) {
        self.early.insert(number, block);
        while let Some(mut block) = self.early.remove(&self.next) {
            self.sum.merge(&block.sum);
            self.spread.merge(&block.spread);
            self.next += 1;
            block.sum.clear();
            block.spread.clear();
            self.spare.push(block);
        }
    }
}

/// Runs all replications, or as many as are done when `progress.stop` is set; none if that is before the first.
pub fn run(ready: &Ready, options: &Options, progress: &Progress) -> Option<All> {
    let total = Mutex::new(Total {
        record: None,
        sum: RecordSum::default(),
        spread: Spread::default(),
        watch: Watch::new(ready, false),
        next: 0,
        early: BTreeMap::new(),
        spare: Vec::new(),
    });
    let work = || {
        let blocks = options.replications.div_ceil(BLOCK);
        let threads = rayon::current_num_threads().max(1);
        let threads = usize::try_from(blocks).map_or(threads, |blocks| blocks.min(threads));
        let begun = AtomicU64::new(0);
        let next = || {
            if progress.stop.load(Ordering::Relaxed) {
                return None;
            }
            let block = begun.fetch_add(1, Ordering::Relaxed);
            (block < blocks).then_some(block)
        };
        (0..threads)
            .into_par_iter()
            .with_max_len(1)
            .for_each(|_| run_blocks(ready, options, progress, next, &total));
    };
    match options.threads {
        None => threads::install(work),
        Some(threads) => threads::install_in(threads, work),
    }
    let total = total.into_inner().unwrap_or_else(PoisonError::into_inner);
    Some(All {
        record: total.record?.1,
        sum: total.sum,
        spread: total.spread,
        watch: total.watch,
    })
}

fn lock(total: &Mutex<Total>) -> MutexGuard<'_, Total> {
    total.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The work of one thread: one block after the other, as long as there are any.
fn run_blocks(
    ready: &Ready,
    options: &Options,
    progress: &Progress,
    next: impl Fn() -> Option<u64>,
    total: &Mutex<Total>,
) {
    let timetable = ready.timetable;
    let mut record = Record::new(timetable, ready.world);
    let mut months: Months = Months::new(ready.spec, timetable);
    let watch = Watch::new(ready, false);
    // Bins count whole people, whose sums are the same in any order: a thread fills the same ones block after block.
    let mut bins = Spread::default();
    let mut service = Service::new(ready, Chance::new(options.seed, [0]), watch);
    let stopped = || progress.stop.load(Ordering::Relaxed);
    while let Some(number) = next() {
        let mut block = lock(total).spare.pop().unwrap_or_default();
        block.spread.swap_bins(&mut bins);
        let first = number * BLOCK;
        for replicate in first..(first + BLOCK).min(options.replications) {
            record.clear();
            service.watch.clear(options.log && replicate == 0);
            service.open(options.seed, replicate);
            service.run(&mut record, stopped);
            service.referrals_by_segment(&mut record.referrals);
            if !record.is_complete() {
                break;
            }
            months.of(&record.counts, &record.referrals);
            block.spread.push(&months);
            block.sum.add(&mut record);
            lock(total).note(replicate, &record, &mut service.watch);
            progress.done.fetch_add(1, Ordering::Relaxed);
        }
        block.spread.swap_bins(&mut bins);
        lock(total).put(number, block);
    }
    lock(total).spread.merge(&bins);
}
