//! How far could it be from the expected run? Bands over drawn worlds, month by month.
//!
//! Draws are made eight side by side. The draw of a field depends on the seed, the path of the field and
//! the number of the draw alone, so any number of threads gives the same bits.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use crate::luck::Expected;
use crate::project::engine::Engine;
use crate::record::periods::{Cells, Kind, Periods};
use crate::record::spread::QUANTILES;
use crate::scenario::Scenario;
use crate::scenario::alike::alike;
use crate::scenario::worlds::Worlds;
use crate::statistics::quantiles;
use crate::table::Table;
use crate::threads;
use crate::timetable::{Timetable, World};
use crate::unit::Draw;

/// Worlds that are computed side by side.
const LANES: usize = 8;

/// Measures that have bands.
pub const BANDS: [&str; 7] = [
    "waiting_assessment",
    "waiting_step2",
    "waiting_step3",
    "wait_step3_weeks",
    "course_starts",
    "finishers",
    "recovered",
];

/// Mean and quantiles of each measure and month over draws.
#[derive(Debug, Clone)]
pub struct Bands {
    periods: Periods,
    /// By measure and month.
    means: Vec<f64>,
    quantiles: Vec<[f64; QUANTILES.len()]>,
}

/// Runs every one of `worlds`; nothing comes back if `stop` is set meanwhile.
#[must_use]
pub fn run(
    scenario: &Scenario,
    timetable: &Timetable,
    worlds: &Worlds,
    stop: &AtomicBool,
) -> Option<Bands> {
    let periods = Periods::new(timetable, &[Kind::Month], &BANDS);
    let order = alike(worlds, LANES);
    let of_batch = |batch: &[usize]| -> Option<Vec<[f64; LANES]>> {
        if stop.load(Ordering::Relaxed) {
            return None;
        }
        // The lanes beyond the last world repeat it, and are not kept.
        let drawn: [Draw; LANES] =
            std::array::from_fn(|lane| worlds.draw(batch[lane.min(batch.len() - 1)]));
        let world = World::<LANES>::new(scenario.spec(), timetable, &drawn);
        let mut cells = Cells::new(&periods);
        let spec = scenario.spec();
        Engine::new(spec, timetable, &world, &world.referrals, &mut Expected).run(&mut cells);
        let mut values = Vec::with_capacity(periods.cells());
        cells.finish(|_, value| values.push(*value));
        Some(values)
    };
    threads::install(|| {
        let batches: Vec<Vec<[f64; LANES]>> = (order.par_chunks(LANES))
            .map(of_batch)
            .collect::<Option<_>>()?;
        let of_cell = |mine: &mut Vec<f64>, cell: usize| {
            mine.clear();
            mine.extend(
                batches
                    .iter()
                    .flat_map(|batch| batch[cell])
                    .take(worlds.number()),
            );
            let mean = mine.iter().sum::<f64>() / worlds.number() as f64;
            (mean, quantiles(mine, QUANTILES.map(|(_, share)| share)))
        };
        let cells = (0..periods.cells()).into_par_iter();
        let (means, quantiles) = cells.map_init(Vec::new, of_cell).unzip();
        Some(Bands {
            means,
            quantiles,
            periods: periods.clone(),
        })
    })
}

impl Bands {
    /// Mean and quantiles by month and measure.
    #[must_use]
    pub fn table(&self) -> Table {
        let keys: Vec<_> = self.periods.keys().collect();
        let table = Table::of_rows("bands", &keys)
            .text("month", "Month", |key| &key.2.label)
            .text("measure", "What is counted", |key| key.1.0)
            .text("unit", "Unit", |key| key.1.1)
            .table()
            .number("mean", "", "Mean over draws", self.means.clone());
        QUANTILES
            .iter()
            .enumerate()
            .fold(table, |table, (place, (name, share))| {
                let meaning = format!("{} % of the draws lie below", share * 100.0);
                let values = self.quantiles.iter().map(|of| of[place]).collect();
                table.number(name, "", &meaning, values)
            })
    }
}

/// The quantile of a sorted list, straight between its neighbours (type 7 of Hyndman and Fan).
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a place in the list
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let (below, part) = (place.floor() as usize, place.fract());
    let above = (below + 1).min(sorted.len() - 1);
    if part == 0.0 {
        sorted[below]
    } else {
        sorted[below] + part * (sorted[above] - sorted[below])
    }
}
