//! What does an ensemble say, as tables?

use super::Ensemble;
use super::gather::Cell;
use super::split::{Parts, Split};
use crate::outcome::{NUMBER, OUTCOMES};
use crate::record::periods::Kind;
use crate::record::spread::QUANTILES;
use crate::statistics::{Running, quantiles, t_interval, wilson_of};
use crate::table::{Rows, Table, Values};

/// Mean, spread, interval of the mean and quantiles of an outcome.
pub struct Summed {
    /// Over the runs in which it is finite.
    pub running: Running,
    /// Standard error of the mean, from the means of the worlds.
    pub se: f64,
    /// 95 % interval of the mean.
    pub interval: (f64, f64),
    /// In the order of [`QUANTILES`].
    pub quantiles: [f64; QUANTILES.len()],
}

/// Sums up an outcome, by its place.
pub fn summed(run: &Ensemble, outcome: usize) -> Summed {
    let values = run.outcomes.iter().map(|of| of[outcome]);
    let finite = |value: &f64| value.is_finite();
    let running: Running = values.clone().filter(finite).collect();
    let worlds: Running = means_of_worlds(run, outcome)
        .into_iter()
        .filter(finite)
        .collect();
    let mut all: Vec<f64> = values.collect();
    Summed {
        se: worlds.se(),
        interval: t_interval(running.mean(), worlds.sd(), worlds.count(), 0.95),
        quantiles: quantiles(&mut all, QUANTILES.map(|(_, share)| share)),
        running,
    }
}

/// Mean over the runs of each world that was run to its end.
fn means_of_worlds(run: &Ensemble, outcome: usize) -> Vec<f64> {
    let replications = run.options.replications;
    let worlds = run.outcomes.chunks_exact(replications);
    let mean = |runs: &[[f64; NUMBER]]| {
        runs.iter().map(|of| of[outcome]).sum::<f64>() / replications as f64
    };
    worlds.map(mean).collect()
}

/// One row an outcome.
pub fn summary(run: &Ensemble) -> Table {
    let rows: Vec<_> = (0..NUMBER)
        .map(|place| (&OUTCOMES[place], summed(run, place)))
        .collect();
    let table = Table::of_rows("summary", &rows)
        .text("outcome", "Outcome of the whole run", |row| row.0.name)
        .text("unit", "Unit of the numbers", |row| row.0.unit)
        .text("meaning", "What it is", |row| row.0.meaning)
        .number("mean", "", "Mean over the runs in which it is finite", |row| {
            row.1.running.mean()
        })
        .number("sd", "", "Standard deviation between runs", |row| row.1.running.sd())
        .number(
            "se",
            "",
            "Standard error of the mean, as of worlds drawn one by one: other designs are surer than that",
            |row| row.1.se,
        )
        .number("low", "", "Lower end of the 95 % interval of the mean", |row| row.1.interval.0)
        .number("high", "", "Upper end of the 95 % interval of the mean", |row| row.1.interval.1);
    with_quantiles(table, |row, place| row.1.quantiles[place]).table()
}

fn with_quantiles<'a, R>(rows: Rows<'a, R>, of: impl Fn(&'a R, usize) -> f64) -> Rows<'a, R> {
    QUANTILES
        .iter()
        .enumerate()
        .fold(rows, |rows, (place, (name, share))| {
            // In hundredths of a per cent, so that 0.025 is 2.5 % and not a rounding error more.
            let percent = (share * 1e4).round() / 100.0;
            rows.number(
                name,
                "",
                &format!("{percent} % of the runs lie below"),
                |row| of(row, place),
            )
        })
}

/// One row a period and measure.
pub fn bands(run: &Ensemble) -> Table {
    let rows: Vec<_> = run.periods.keys().zip(&run.cells).collect();
    let of = |row: &(_, &Cell)| row.1.running;
    let table = Table::of_rows("bands", &rows)
        .text("kind", "week, month or year", |row| row.0.0.name())
        .text(
            "period",
            "First day of the week, month or financial year",
            |row| &row.0.2.label,
        )
        .truth("complete", "Whether every day of it is run", |row| {
            row.0.2.complete
        })
        .text("measure", "What is counted", |row| row.0.1.0)
        .text("unit", "Unit of the numbers", |row| row.0.1.1)
        .number(
            "mean",
            "",
            "Mean over the runs in which it is finite",
            |row| of(row).mean(),
        )
        .number("sd", "", "Standard deviation between runs", |row| {
            of(row).sd()
        });
    with_quantiles(table, |row, place| row.1.quantiles[place]).table()
}

/// A chance of a standard or a rule in a period.
pub struct Likely {
    /// month, year or horizon.
    pub kind: &'static str,
    /// Name of the period; empty for the whole run.
    pub period: String,
    /// Whether every day of it is run.
    pub complete: bool,
    /// standard, condition or warning.
    pub about: &'static str,
    /// Name of the target or rule.
    pub name: String,
    /// In words.
    pub title: String,
    /// What a standard asks for.
    pub limit: f64,
    /// Runs that meet or keep it, of those in which anybody is counted.
    pub met: u64,
    /// Those.
    pub counted: u64,
}

impl Likely {
    /// Share of the runs that meet it.
    pub fn share(&self) -> f64 {
        crate::measures::share(self.met as f64, self.counted as f64)
    }

    /// 95 % interval of the share; runs of one world count as one.
    pub fn interval(&self, replications: usize) -> (f64, f64) {
        wilson_of(
            self.share(),
            self.counted as f64 / replications as f64,
            0.95,
        )
    }
}

/// Every chance: standards by month, by year and over the whole run, then rules.
pub fn likely(run: &Ensemble) -> Vec<Likely> {
    let (months, years) = (run.periods.of(Kind::Month), run.periods.of(Kind::Year));
    let named = |period: Option<(Kind, usize)>| match period {
        None => ("horizon", String::new(), true),
        Some((kind, place)) => {
            let period = &run.periods.of(kind)[place];
            (kind.name(), period.label.clone(), period.complete)
        }
    };
    let standards = run.chances.iter().map(|chance| {
        let standard = &run.standards[chance.standard];
        let (kind, period, complete) = named(chance.period);
        Likely {
            kind,
            period,
            complete,
            about: "standard",
            name: standard.name.into(),
            title: standard.title.into(),
            limit: standard.limit,
            met: chance.met,
            counted: chance.counted,
        }
    });
    let runs = run.runs() as u64;
    let rules = run.rules.iter().flat_map(|rule| {
        let of = |kind, broken: &[u64]| -> Vec<_> {
            (broken.iter().enumerate())
                .map(|(place, &broken)| (Some((kind, place)), broken))
                .collect()
        };
        let months = of(Kind::Month, &rule.months[..months.len()]);
        let years = of(Kind::Year, &rule.years[..years.len()]);
        let all = months.into_iter().chain(years).chain([(None, rule.ever)]);
        all.map(|(period, broken)| {
            let (kind, period, complete) = named(period);
            Likely {
                kind,
                period,
                complete,
                about: rule.severity,
                name: rule.rule.clone(),
                title: rule.title.clone(),
                limit: f64::NAN,
                met: runs - broken,
                counted: runs,
            }
        })
        .collect::<Vec<_>>()
    });
    standards.chain(rules).collect()
}

/// One row a standard or rule and period.
pub fn chances(run: &Ensemble) -> Table {
    let rows = likely(run);
    let replications = run.options.replications;
    let horizon = "month, year, or horizon: every complete month of the run";
    Table::of_rows("chances", &rows)
        .text("kind", horizon, |row| row.kind)
        .text(
            "period",
            "Month or financial year; empty for the horizon",
            |row| &row.period,
        )
        .truth("complete", "Whether every day of it is run", |row| {
            row.complete
        })
        .text(
            "about",
            "standard, or condition or warning of a rule that is broken in any run",
            |row| row.about,
        )
        .text("name", "Name of the standard or rule", |row| &row.name)
        .text("title", "The same in words", |row| &row.title)
        .number("limit", "", "What the standard asks for", |row| row.limit)
        .number(
            "chance",
            "share",
            "Share of the runs that meet the standard or keep the rule",
            Likely::share,
        )
        .number(
            "low",
            "share",
            "Lower end of the 95 % interval of Wilson; runs of one world count as one",
            |row| row.interval(replications).0,
        )
        .number(
            "high",
            "share",
            "Upper end of the 95 % interval of Wilson",
            |row| row.interval(replications).1,
        )
        .number("runs", "", "Runs in which anybody is counted", |row| {
            row.counted as f64
        })
        .table()
}

/// One row a world: what was drawn, and what came of it.
pub fn outcomes(run: &Ensemble) -> Table {
    let done = run.runs() / run.options.replications;
    let drawn = run.worlds.table();
    let mut table = Table::new("outcomes");
    table.columns = drawn.columns;
    for column in &mut table.columns {
        match &mut column.values {
            Values::Number(list) => list.truncate(done),
            Values::Whole(list) => list.truncate(done),
            _ => {}
        }
    }
    let mean = if run.options.replications > 1 {
        "; mean over the runs of the world"
    } else {
        ""
    };
    (OUTCOMES.iter().enumerate()).fold(table, |table, (place, outcome)| {
        let meaning = format!("{}{mean}", outcome.meaning);
        table.number(
            outcome.name,
            outcome.unit,
            &meaning,
            means_of_worlds(run, place),
        )
    })
}

/// One row a number by month, year or of the whole run.
pub fn split(run: &Ensemble, split: &Split) -> Table {
    let parts = |place: usize| split.numbers[place].parts(run.options.replications);
    let cells = run.periods.cells();
    let of_outcomes = OUTCOMES.iter().enumerate().map(|(place, outcome)| {
        (
            "horizon",
            String::new(),
            outcome.name,
            outcome.unit,
            parts(cells + place),
        )
    });
    let of_periods = run
        .periods
        .keys()
        .enumerate()
        .filter(|(_, key)| key.0 != Kind::Week);
    let of_periods = of_periods.map(|(place, (kind, measure, period))| {
        (
            kind.name(),
            period.label.clone(),
            measure.0,
            measure.1,
            parts(place),
        )
    });
    let rows: Vec<_> = of_outcomes.chain(of_periods).collect();
    let of = |row: &(_, _, _, _, Parts)| row.4;
    Table::of_rows("split", &rows)
        .text(
            "kind",
            "horizon for outcomes of the whole run, month or year",
            |row| row.0,
        )
        .text(
            "period",
            "Month or financial year; empty for the horizon",
            |row| &row.1,
        )
        .text("measure", "What is counted", |row| row.2)
        .text("unit", "Unit of the standard deviations", |row| row.3)
        .number(
            "between",
            "",
            "Standard deviation of what is not known",
            |row| of(row).between,
        )
        .number(
            "within",
            "",
            "Standard deviation of luck inside a world",
            |row| of(row).within,
        )
        .number(
            "between_variance",
            "",
            "Unbiased estimate of the variance of what is not known; below 0 where luck hides it",
            |row| of(row).between_variance,
        )
        .number(
            "between_variance_se",
            "",
            "Its standard error, for normal numbers",
            |row| of(row).between_se,
        )
        .number(
            "share",
            "share",
            "Share of the variance that is what is not known",
            |row| of(row).share[0],
        )
        .number(
            "low",
            "share",
            "Lower end of its 95 % interval, for normal numbers",
            |row| of(row).share[1],
        )
        .number("high", "share", "Upper end of its 95 % interval", |row| {
            of(row).share[2]
        })
        .table()
}
