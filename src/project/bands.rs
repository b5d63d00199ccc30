//! How far could it be from the expected run? Bands over drawn worlds, month by month.
//!
//! Draws are made eight side by side. The draw of a field depends on the seed, the path of the field and
//! the number of the draw alone, so any number of threads gives the same bits.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use crate::luck::Expected;
use crate::measures::mean_wait;
use crate::project::engine::Engine;
use crate::record::spread::QUANTILES;
use crate::record::view::{Observer, WeekView};
use crate::scenario::Scenario;
use crate::scenario::worlds::Worlds;
use crate::table::Table;
use crate::threads;
use crate::timetable::{Timetable, World};
use crate::unit::Draw;

/// Worlds that are computed side by side.
const LANES: usize = 8;

/// Measures that have bands: name, unit, meaning.
pub const BANDS: [(&str, &str); 7] = [
    ("waiting_assessment", "people"),
    ("waiting_step2", "people"),
    ("waiting_step3", "people"),
    ("wait_step3_weeks", "weeks"),
    ("course_starts", "people"),
    ("finishers", "people"),
    ("recovered", "people"),
];

/// Values of each measure, month and draw.
#[derive(Debug, Clone)]
pub struct Bands {
    /// By measure and month, then by draw.
    values: Vec<Vec<f64>>,
    months: usize,
}

/// Runs every one of `worlds`; nothing comes back if `stop` is set meanwhile.
#[must_use]
pub fn run(
    scenario: &Scenario,
    timetable: &Timetable,
    worlds: &Worlds,
    stop: &AtomicBool,
) -> Option<Bands> {
    let months = timetable.calendar.months.len();
    let batches = worlds.number().div_ceil(LANES);
    let of_batch = |batch: usize| -> Option<Vec<[f64; LANES]>> {
        if stop.load(Ordering::Relaxed) {
            return None;
        }
        // The lanes beyond the last world repeat it, and are not kept.
        let drawn: [Draw; LANES] = std::array::from_fn(|lane| {
            worlds.draw((batch * LANES + lane).min(worlds.number() - 1))
        });
        let world = World::<LANES>::new(scenario.spec(), timetable, &drawn);
        let mut monthly = Monthly::new(timetable);
        let spec = scenario.spec();
        Engine::new(spec, timetable, &world, &world.referrals, &mut Expected).run(&mut monthly);
        Some(monthly.finish())
    };
    let results: Vec<Vec<[f64; LANES]>> = threads::install(|| {
        (0..batches)
            .into_par_iter()
            .map(of_batch)
            .collect::<Option<_>>()
    })?;
    let cell = |place: usize| -> Vec<f64> {
        let all = results.iter().flat_map(|batch| batch[place]);
        all.take(worlds.number()).collect()
    };
    Some(Bands {
        values: (0..BANDS.len() * months).map(cell).collect(),
        months,
    })
}

impl Bands {
    /// Mean and quantiles by month and measure.
    #[must_use]
    pub fn table(&self, timetable: &Timetable) -> Table {
        let labels = &timetable.calendar.months;
        let rows = self.values.len();
        let mut sorted = self.values.clone();
        for list in &mut sorted {
            list.sort_by(f64::total_cmp);
        }
        let mean = |list: &Vec<f64>| list.iter().sum::<f64>() / list.len() as f64;
        let mut table = Table::new("bands")
            .text(
                "month",
                "Month",
                (0..rows).map(|row| labels[row % self.months].label.clone()),
            )
            .text(
                "measure",
                "What is counted",
                (0..rows).map(|row| BANDS[row / self.months].0),
            )
            .text(
                "unit",
                "Unit",
                (0..rows).map(|row| BANDS[row / self.months].1),
            )
            .number(
                "mean",
                "",
                "Mean over draws",
                self.values.iter().map(mean).collect(),
            );
        for (name, share) in QUANTILES {
            let values = sorted.iter().map(|list| quantile(list, share)).collect();
            table = table.number(
                name,
                "",
                &format!("{} % of the draws lie below", share * 100.0),
                values,
            );
        }
        table
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

/// Sums of a batch by month.
struct Monthly {
    segments: Vec<Vec<(usize, f64)>>,
    ends: Vec<usize>,
    months: usize,
    cells: Vec<[f64; LANES]>,
    waited: Vec<[f64; LANES]>,
    started: Vec<[f64; LANES]>,
}

impl Monthly {
    fn new(timetable: &Timetable) -> Self {
        let calendar = &timetable.calendar;
        let months = calendar.months.len();
        let share = |segment: &crate::calendar::Segment| {
            let working = calendar.weeks[segment.week].working_days;
            let part = if working > 0 {
                (segment.working_days, working)
            } else {
                (segment.days, 7)
            };
            (segment.month, f64::from(part.0) / f64::from(part.1))
        };
        let of_week = |range: &std::ops::Range<usize>| {
            calendar.segments[range.clone()].iter().map(share).collect()
        };
        Self {
            segments: timetable.segments_of_week.iter().map(of_week).collect(),
            ends: timetable
                .segments_of_week
                .iter()
                .map(|range| calendar.segments[range.end - 1].month)
                .collect(),
            months,
            cells: vec![[0.0; LANES]; BANDS.len() * months],
            waited: vec![[0.0; LANES]; months],
            started: vec![[0.0; LANES]; months],
        }
    }

    fn finish(mut self) -> Vec<[f64; LANES]> {
        for month in 0..self.months {
            for lane in 0..LANES {
                let waiting = self.cells[2 * self.months + month][lane];
                self.cells[3 * self.months + month][lane] =
                    mean_wait(self.waited[month][lane], self.started[month][lane], waiting);
            }
        }
        self.cells
    }
}

impl Observer<LANES> for Monthly {
    fn week(&mut self, view: &WeekView<LANES>) {
        let counts = view.counts;
        for &(month, share) in &self.segments[view.week] {
            let flows = [
                (4, &counts.course_starts),
                (5, &counts.finishers),
                (6, &counts.recovered),
            ];
            for (place, flow) in flows {
                for lane in 0..LANES {
                    self.cells[place * self.months + month][lane] += flow[lane] * share;
                }
            }
            for lane in 0..LANES {
                self.waited[month][lane] += counts.waited_step3[lane] * share;
                self.started[month][lane] += counts.course_starts_step3[lane] * share;
            }
        }
        // Stocks of the last week that ends in a month stand; a later month without one keeps them.
        let stocks = [
            &counts.waiting_assessment,
            &counts.waiting_step2,
            &counts.waiting_step3,
        ];
        for (place, stock) in stocks.into_iter().enumerate() {
            for month in self.ends[view.week]..self.months {
                self.cells[place * self.months + month] = *stock;
            }
        }
    }
}
