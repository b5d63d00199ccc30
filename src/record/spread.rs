//! How far apart are replications, month by month, and how often is each standard met?
//!
//! ```text
//! flow of a month  = sum over its parts of weeks: flow of the week x working days of the part / of the week
//! stock of a month = value of the last week that ends in it
//! standard error   = standard deviation between replications / square root of their number
//! ```
//!
//! Nothing is kept of a single replication but its months, so memory does not grow with their number.
//! Replications are added in blocks of [`BLOCK`], and blocks in their order: any number of threads gives the same
//! bits.

use std::ops::Range;

use crate::measures::{mean_wait, share};
use crate::record::measure::{MEASURES, SHARES, Sum, WAITS};
use crate::record::standard::Standard;
use crate::scenario::Spec;
use crate::statistics::{Running, Sketch, wilson};
use crate::table::Table;
use crate::timetable::Timetable;
use crate::unit::{Lanes, add, each};

/// Replications that are added up one after the other before they are added to the rest.
pub const BLOCK: u64 = 16;

/// Counts whose spread is shown; means of waits and shares follow them.
const COUNTS: [&str; 17] = [
    "referrals",
    "accepted",
    "assessed",
    "first_treatments",
    "course_starts",
    "course_starts_step2",
    "course_starts_step3",
    "finishers",
    "recovered",
    "attended",
    "stepped_up",
    "reneged",
    "waiting_assessment",
    "waiting_step2",
    "waiting_step3",
    "open_step2",
    "open_step3",
];

/// Shares below which the quantiles lie.
pub const QUANTILES: [(&str, f64); 9] = [
    ("p025", 0.025),
    ("p05", 0.05),
    ("p10", 0.1),
    ("p25", 0.25),
    ("p50", 0.5),
    ("p75", 0.75),
    ("p90", 0.9),
    ("p95", 0.95),
    ("p975", 0.975),
];

/// What a measure is made of.
#[derive(Debug, Clone, Copy)]
enum Row {
    Count(usize),
    /// Weeks waited, people taken on, people who wait.
    Wait([usize; 3]),
    /// Part and whole.
    Share([usize; 2]),
}

/// How weeks become the months of the measures that are shown, and those of `L` runs side by side.
#[derive(Debug, Clone)]
pub struct Months<const L: usize = 1> {
    /// Month and share of the week of each segment of the calendar.
    parts: Vec<(usize, f64)>,
    /// Segments of each week.
    parts_of_week: Vec<Range<usize>>,
    /// Months whose stocks are those of each week.
    closed_by: Vec<Range<usize>>,
    /// How many there are.
    number: usize,
    /// Counts that are added up, by place among [`MEASURES`] and whether they are stocks, and their months.
    needed: Vec<(usize, bool)>,
    sums: Vec<Lanes<L>>,
    /// What the measures are made of, by place among those counts.
    rows: Vec<Row>,
    standards: Vec<(usize, Standard)>,
    measures: Vec<(&'static str, &'static str)>,
    values: Vec<Lanes<L>>,
}

impl<const L: usize> Months<L> {
    /// The months of a timetable.
    #[must_use]
    pub fn new(spec: &Spec, timetable: &Timetable) -> Self {
        let calendar = &timetable.calendar;
        let months = calendar.months.len();
        // A month in which no week ends keeps what there was before it.
        let mut ends = vec![0; months];
        let (mut last, mut next) = (0, 0);
        for (week, month) in timetable.closes().into_iter().enumerate() {
            if let Some(month) = month {
                ends[next..month].fill(last);
                ends[month] = week;
                (last, next) = (week, month);
            }
        }
        ends[next..].fill(last);
        let first = |week: usize| ends.partition_point(|&end| end < week);
        let closed_by = |week: usize| first(week)..first(week + 1);
        let mut needed: Vec<(usize, bool)> = Vec::new();
        let mut place = |name: &str| {
            let place = place_of(name);
            (needed.iter().position(|known| known.0 == place)).unwrap_or_else(|| {
                needed.push((place, MEASURES[place].1 == Sum::Stock));
                needed.len() - 1
            })
        };
        let mut rows: Vec<Row> = COUNTS.iter().map(|name| Row::Count(place(name))).collect();
        rows.extend(WAITS.map(|(_, waited, taken, waiting, _)| {
            Row::Wait([waited, taken, waiting].map(&mut place))
        }));
        rows.extend(SHARES.map(|(_, part, whole, _)| Row::Share([part, whole].map(&mut place))));
        let counts = COUNTS.iter().map(|&name| (name, "people"));
        let waits = WAITS.iter().map(|wait| (wait.0, "weeks"));
        let shares = SHARES.iter().map(|share| (share.0, "share"));
        let measures: Vec<_> = counts.chain(waits).chain(shares).collect();
        let standards = standards(spec, &measures);
        Self {
            parts: (calendar.segments.iter())
                .map(|segment| (segment.month, timetable.share_of_week(segment)))
                .collect(),
            parts_of_week: timetable.segments_of_week.clone(),
            closed_by: (0..timetable.weeks()).map(closed_by).collect(),
            number: months,
            sums: vec![[0.0; L]; needed.len() * months],
            needed,
            rows,
            standards,
            values: vec![[0.0; L]; measures.len() * months],
            measures,
        }
    }

    /// Forgets the months of the runs before.
    pub fn clear(&mut self) {
        self.sums.fill([0.0; L]);
    }

    /// Adds a week with these counts by place among [`MEASURES`].
    pub fn week(&mut self, week: usize, count: impl Fn(usize) -> Lanes<L>) {
        let parts = &self.parts[self.parts_of_week[week].clone()];
        let months = self.sums.chunks_exact_mut(self.number);
        for (&(place, stock), months) in self.needed.iter().zip(months) {
            let here = count(place);
            if stock {
                months[self.closed_by[week].clone()].fill(here);
                continue;
            }
            for &(month, share) in parts {
                add(&mut months[month], &each(|lane| here[lane] * share));
            }
        }
    }

    /// Works out the measures when all weeks are added, from the people referred by segment of the calendar too, if
    /// they are counted so.
    pub fn end(&mut self, referrals: impl ExactSizeIterator<Item = Lanes<L>>) {
        let number = self.number;
        let place = place_of("referrals");
        let place = self.needed.iter().position(|known| known.0 == place);
        if let Some(place) = place.filter(|_| referrals.len() == self.parts.len()) {
            let months = &mut self.sums[place * number..(place + 1) * number];
            months.fill([0.0; L]);
            for (&(month, _), people) in self.parts.iter().zip(referrals) {
                add(&mut months[month], &people);
            }
        }
        for (row, values) in self.rows.iter().zip(self.values.chunks_exact_mut(number)) {
            let of = |sums: usize, month: usize| &self.sums[sums * number + month];
            for (month, value) in values.iter_mut().enumerate() {
                *value = match *row {
                    Row::Count(count) => *of(count, month),
                    Row::Wait(counts) => {
                        let [waited, taken, waiting] = counts.map(|count| of(count, month));
                        each(|lane| mean_wait(waited[lane], taken[lane], waiting[lane]))
                    }
                    Row::Share(counts) => {
                        let [part, whole] = counts.map(|count| of(count, month));
                        each(|lane| share(part[lane], whole[lane]))
                    }
                };
            }
        }
    }
}

impl Months {
    /// The measures of each month of one run, from its weekly counts in the order of [`MEASURES`] and its
    /// referrals by segment.
    pub fn of(&mut self, counts: &[Vec<f64>], referrals: &[f64]) {
        self.clear();
        for week in 0..self.parts_of_week.len() {
            self.week(week, |place| [counts[place][week]]);
        }
        self.end(referrals.iter().map(|&people| [people]));
    }
}

/// Place of a count that is known to be there.
fn place_of(name: &str) -> usize {
    let place = MEASURES.iter().position(|measure| measure.0 == name);
    place.unwrap_or_default()
}

/// The standards of a scenario, and the measure of each by place.
fn standards(spec: &Spec, measures: &[(&'static str, &'static str)]) -> Vec<(usize, Standard)> {
    let place = |standard: &Standard| {
        measures
            .iter()
            .position(|known| known.0 == standard.measure)
    };
    let all = Standard::of(spec).into_iter();
    all.filter_map(|standard| Some((place(&standard)?, standard)))
        .collect()
}

/// Replications of a run that were met and counted, of one standard in one month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Met {
    met: u64,
    counted: u64,
}

/// The spread of replications.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spread {
    cells: Vec<Running>,
    /// Counts in bins, which come to the same in whatever order they are added.
    sketches: Vec<Sketch>,
    standards: Vec<Met>,
    replications: u64,
}

impl Spread {
    /// Adds the months of the replications of all lanes, one after the other.
    pub fn push<const L: usize>(&mut self, months: &Months<L>) {
        let number = months.values.len();
        self.cells.resize(number, Running::new());
        self.sketches.resize_with(number, Sketch::new);
        let standards = months.standards.len() * months.number;
        self.standards.resize(standards, Met::default());
        self.replications += L as u64;
        let cells = self.cells.iter_mut().zip(&mut self.sketches);
        for ((running, sketch), values) in cells.zip(&months.values) {
            for &value in values {
                if value.is_finite() {
                    running.push(value);
                }
                sketch.push(value);
            }
        }
        for (place, (measure, standard)) in months.standards.iter().enumerate() {
            for month in 0..months.number {
                let met = &mut self.standards[place * months.number + month];
                for &value in &months.values[measure * months.number + month] {
                    if let Some(good) = standard.is_met(value) {
                        met.counted += 1;
                        met.met += u64::from(good);
                    }
                }
            }
        }
    }

    /// Adds other replications, which come after these.
    pub fn merge(&mut self, others: &Self) {
        fn each<T: Clone>(ours: &mut Vec<T>, theirs: &[T], merge: impl Fn(&mut T, &T)) {
            if ours.is_empty() {
                ours.extend_from_slice(theirs);
                return;
            }
            for (ours, theirs) in ours.iter_mut().zip(theirs) {
                merge(ours, theirs);
            }
        }
        self.replications += others.replications;
        each(&mut self.cells, &others.cells, Running::merge);
        each(&mut self.sketches, &others.sketches, Sketch::merge);
        each(&mut self.standards, &others.standards, |ours, theirs| {
            ours.met += theirs.met;
            ours.counted += theirs.counted;
        });
    }

    /// Gives its bins to a spread without any, and takes theirs: so one thread fills the same bins block after block.
    pub fn swap_bins(&mut self, other: &mut Self) {
        std::mem::swap(&mut self.sketches, &mut other.sketches);
    }

    /// Forgets all replications, and keeps the memory.
    pub fn clear(&mut self) {
        self.cells.clear();
        self.sketches.clear();
        self.standards.clear();
        self.replications = 0;
    }

    /// Replications.
    #[must_use]
    pub const fn replications(&self) -> u64 {
        self.replications
    }

    /// The running figures of a measure in a month.
    #[must_use]
    pub fn cell(&self, months: &Months, measure: &str, month: usize) -> Option<&Running> {
        let place = months
            .measures
            .iter()
            .position(|known| known.0 == measure)?;
        self.cells.get(place * months.number + month)
    }

    /// Mean, spread and quantiles by month and measure.
    #[must_use]
    pub fn table(&self, timetable: &Timetable, months: &Months) -> Table {
        let labels = &timetable.calendar.months;
        let of_row = |row: usize| (row / months.number, row % months.number);
        let rows = 0..self.cells.len();
        let mut table = Table::new("spread")
            .text(
                "month",
                "Month",
                rows.clone().map(|row| labels[of_row(row).1].label.clone()),
            )
            .text(
                "measure",
                "What is counted",
                rows.clone().map(|row| months.measures[of_row(row).0].0),
            )
            .text(
                "unit",
                "Unit of the measure",
                rows.map(|row| months.measures[of_row(row).0].1),
            )
            .number(
                "mean",
                "",
                "Mean over the replications in which it is finite",
                self.of(Running::mean),
            )
            .number(
                "sd",
                "",
                "Standard deviation between replications",
                self.of(Running::sd),
            )
            .number(
                "se",
                "",
                "Standard error of the mean: standard deviation / square root of the replications",
                self.of(Running::se),
            );
        for (name, q) in QUANTILES {
            let meaning = format!(
                "Below it lies a share of {q} of the replications; known to half a per cent of its value"
            );
            let values = self.sketches.iter().map(|sketch| sketch.quantile(q));
            table = table.number(name, "", &meaning, values.collect());
        }
        table
    }

    fn of(&self, value: impl Fn(&Running) -> f64) -> Vec<f64> {
        self.cells.iter().map(value).collect()
    }

    /// The chance that each standard is met, by month, with a 95 % interval of Wilson.
    #[must_use]
    pub fn standards(&self, timetable: &Timetable, months: &Months) -> Table {
        let labels = &timetable.calendar.months;
        let rows = 0..self.standards.len();
        let of_row = |row: usize| {
            (
                &months.standards[row / months.number].1,
                row % months.number,
            )
        };
        let share = |met: &Met| share(met.met as f64, met.counted as f64);
        let interval = |met: &Met| wilson(met.met, met.counted, 0.95);
        let each = |value: &dyn Fn(&Met) -> f64| self.standards.iter().map(value).collect();
        Table::new("standards")
            .text(
                "month",
                "Month",
                rows.clone().map(|row| labels[of_row(row).1].label.clone()),
            )
            .text(
                "standard",
                "Standard",
                rows.clone().map(|row| of_row(row).0.name),
            )
            .number(
                "limit",
                "",
                "What the standard asks for",
                rows.map(|row| of_row(row).0.limit).collect(),
            )
            .number(
                "chance",
                "share",
                "Share of the replications that meet it",
                each(&share),
            )
            .number(
                "low",
                "share",
                "Lower end of the 95 % interval of Wilson",
                each(&|met| interval(met).0),
            )
            .number(
                "high",
                "share",
                "Upper end of the 95 % interval of Wilson",
                each(&|met| interval(met).1),
            )
            .number(
                "replications",
                "",
                "Replications in which anybody is counted",
                each(&|met| met.counted as f64),
            )
    }
}
