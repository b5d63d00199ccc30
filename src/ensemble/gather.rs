//! What do the runs come to together? Numbers by period, standards met, rules kept, outcomes.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::options::{Options, Quantiles};
use super::run::Asked;
use super::split::{OneWay, Split};
use crate::outcome::NUMBER;
use crate::record::periods::{Kind, Periods};
use crate::record::rules::Broken;
use crate::record::spread::QUANTILES;
use crate::record::standard::Standard;
use crate::statistics::{Running, Sketch, quantiles};
use crate::threads;

/// One number by period, over all runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Mean and spread of those that are numbers.
    pub running: Running,
    /// In the order of [`QUANTILES`].
    pub quantiles: [f64; QUANTILES.len()],
}

/// How often a standard is met in a period; in the whole run if none is named: in each of its complete months.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chance {
    /// Standard, by place.
    pub standard: usize,
    /// Kind and place of the period.
    pub period: Option<(Kind, usize)>,
    /// Runs that meet it.
    pub met: u64,
    /// Runs in which anybody is counted.
    pub counted: u64,
}

/// How often a rule is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleChance {
    /// Name of the rule.
    pub rule: String,
    /// The rule in words.
    pub title: String,
    /// condition or warning.
    pub severity: &'static str,
    /// Runs in which it is broken, by month.
    pub months: Vec<u64>,
    /// By financial year.
    pub years: Vec<u64>,
    /// In any month.
    pub ever: u64,
}

/// Numbers that are kept of a block of runs: by number, then by run.
#[derive(Debug, Clone, Default, PartialEq)]
struct Kept {
    runs: usize,
    numbers: Vec<f64>,
}

/// What runs come to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Gathered {
    /// Outcomes by run.
    pub outcomes: Vec<[f64; NUMBER]>,
    /// Standards.
    pub chances: Vec<Chance>,
    /// Rules that are broken in any run, by name.
    pub rules: BTreeMap<String, RuleChance>,
    /// Parts of the variance.
    pub split: Split,
    kept: Vec<Kept>,
    streams: Vec<(Running, Sketch)>,
}

impl Gathered {
    /// Nothing yet of a block of so many runs.
    pub fn new(asked: &Asked, runs: usize) -> Self {
        let cells = asked.periods.cells();
        let exact = asked.quantiles == Quantiles::Exact;
        let of_standard = |standard: usize| {
            let of = |kind: Kind| (0..asked.periods.of(kind).len()).map(move |p| Some((kind, p)));
            let periods = of(Kind::Month).chain(of(Kind::Year)).chain([None]);
            periods.map(move |period| Chance {
                standard,
                period,
                met: 0,
                counted: 0,
            })
        };
        let standards = Standard::of(asked.scenario.spec()).len();
        let nested = asked.options.replications > 1;
        Self {
            outcomes: Vec::with_capacity(runs),
            chances: (0..standards).flat_map(of_standard).collect(),
            rules: BTreeMap::new(),
            split: Split {
                numbers: if nested {
                    vec![OneWay::default(); cells + NUMBER]
                } else {
                    Vec::new()
                },
            },
            kept: if exact {
                vec![Kept {
                    runs,
                    numbers: vec![0.0; cells * runs],
                }]
            } else {
                Vec::new()
            },
            streams: if exact {
                Vec::new()
            } else {
                vec![(Running::new(), Sketch::new()); cells]
            },
        }
    }

    /// Adds the numbers of `here` runs side by side, by number and lane, and their outcomes.
    pub fn add<const L: usize>(
        &mut self,
        asked: &Asked,
        standards: &[Standard],
        numbers: &[[f64; L]],
        outcomes: &[[f64; L]; NUMBER],
        here: usize,
    ) {
        let done = self.outcomes.len();
        if let Some(kept) = self.kept.last_mut() {
            for (row, of) in kept.numbers.chunks_exact_mut(kept.runs).zip(numbers) {
                row[done..done + here].copy_from_slice(&of[..here]);
            }
        }
        for ((running, sketch), of) in self.streams.iter_mut().zip(numbers) {
            for &value in &of[..here] {
                if value.is_finite() {
                    running.push(value);
                }
                sketch.push(value);
            }
        }
        for lane in 0..here {
            self.outcomes
                .push(std::array::from_fn(|outcome| outcomes[outcome][lane]));
            self.judge(asked.periods, standards, |cell| numbers[cell][lane]);
        }
    }

    /// Judges the standards of a run.
    fn judge(&mut self, periods: &Periods, standards: &[Standard], of: impl Fn(usize) -> f64) {
        let mut chances = self.chances.iter_mut();
        for standard in standards {
            let Some(measure) = periods.measure(standard.measure) else {
                continue;
            };
            let mut all = None;
            for kind in [Kind::Month, Kind::Year] {
                let first = periods.first(kind, measure);
                for (place, period) in periods.of(kind).iter().enumerate() {
                    let met = standard.is_met(of(first + place));
                    if let Some(chance) = chances.next() {
                        chance.note(met);
                    }
                    if kind == Kind::Month && period.complete {
                        all = match (all, met) {
                            (all, None) => all,
                            (all, Some(met)) => Some(met && all.unwrap_or(true)),
                        };
                    }
                }
            }
            if let Some(chance) = chances.next() {
                chance.note(all);
            }
        }
    }

    /// Notes the rules that one run breaks; targets are among the standards.
    pub fn note_rules(&mut self, asked: &Asked, broken: Vec<Broken>) {
        let calendar = &asked.timetable.calendar;
        for row in broken.into_iter().filter(|row| row.severity != "target") {
            let rule = self
                .rules
                .entry(row.rule.clone())
                .or_insert_with(|| RuleChance {
                    rule: row.rule,
                    title: row.title,
                    severity: row.severity,
                    months: vec![0; calendar.months.len()],
                    years: vec![0; calendar.financial_years.len()],
                    ever: 0,
                });
            rule.ever += 1;
            let mut last = None;
            for month in row.broken_in {
                rule.months[month] += 1;
                let year = calendar.months[month].financial_year;
                if last != Some(year) {
                    rule.years[year] += 1;
                }
                last = Some(year);
            }
        }
    }

    /// Adds a world whose last `runs` runs are there: its parts of the variance.
    pub fn end_world(&mut self, numbers: &[Running]) {
        for (sum, of) in self.split.numbers.iter_mut().zip(numbers) {
            sum.push(of);
        }
    }

    /// Adds runs that come after these.
    pub fn merge(&mut self, mut others: Self) {
        if self.outcomes.is_empty() {
            *self = others;
            return;
        }
        self.outcomes.append(&mut others.outcomes);
        self.kept.append(&mut others.kept);
        for (ours, theirs) in self.streams.iter_mut().zip(&others.streams) {
            ours.0.merge(&theirs.0);
            ours.1.merge(&theirs.1);
        }
        for (ours, theirs) in self.chances.iter_mut().zip(&others.chances) {
            ours.met += theirs.met;
            ours.counted += theirs.counted;
        }
        for (name, theirs) in others.rules {
            match self.rules.get_mut(&name) {
                None => {
                    self.rules.insert(name, theirs);
                }
                Some(ours) => {
                    ours.ever += theirs.ever;
                    add_all(&mut ours.months, &theirs.months);
                    add_all(&mut ours.years, &theirs.years);
                }
            }
        }
        self.split.merge(&others.split);
    }

    /// Mean, spread and quantiles of each number.
    #[must_use]
    pub fn cells(&self, periods: &Periods, options: &Options) -> Vec<Cell> {
        let shares = QUANTILES.map(|(_, share)| share);
        if !self.streams.is_empty() {
            let cell = |(running, sketch): &(Running, Sketch)| Cell {
                running: *running,
                quantiles: shares.map(|share| sketch.quantile(share)),
            };
            return self.streams.iter().map(cell).collect();
        }
        let of_cell = |mine: &mut Vec<f64>, cell: usize| {
            mine.clear();
            mine.extend(self.numbers(cell));
            let finite = mine.iter().filter(|value| value.is_finite());
            Cell {
                running: finite.copied().collect(),
                quantiles: quantiles(mine, shares),
            }
        };
        let work = || {
            let cells = (0..periods.cells()).into_par_iter();
            cells.map_init(Vec::new, of_cell).collect()
        };
        match options.threads {
            None => threads::install(work),
            Some(threads) => threads::install_in(threads, work),
        }
    }

    /// All values of one number, by run; nothing if they are not kept.
    pub fn numbers(&self, cell: usize) -> impl Iterator<Item = f64> + '_ {
        let rows = (self.kept.iter()).map(move |kept| (kept, cell * kept.runs));
        rows.flat_map(|(kept, first)| kept.numbers[first..first + kept.runs].iter().copied())
    }
}

impl Chance {
    fn note(&mut self, met: Option<bool>) {
        self.counted += u64::from(met.is_some());
        self.met += u64::from(met == Some(true));
    }
}

fn add_all(sums: &mut [u64], more: &[u64]) {
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum += more;
    }
}
