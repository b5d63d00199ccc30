//! What does a comparison say, as tables?

use super::attribute::Attribution;
use super::{Comparison, Difference};
use crate::outcome::{NUMBER, OUTCOMES};
use crate::record::spread::QUANTILES;
use crate::statistics::{Running, wilson_of};
use crate::table::{Rows, Table};

fn with_quantiles<'a, R>(
    rows: Rows<'a, R>,
    of: impl Fn(&'a R) -> [f64; QUANTILES.len()],
) -> Rows<'a, R> {
    QUANTILES
        .iter()
        .enumerate()
        .fold(rows, |rows, (place, (name, share))| {
            let percent = (share * 1e4).round() / 100.0;
            rows.number(
                name,
                "",
                &format!("{percent} % of the runs lie below"),
                |row| of(row)[place],
            )
        })
}

/// One row a scenario and outcome.
pub fn summary(found: &Comparison) -> Table {
    let places =
        (0..found.labels.len()).flat_map(|scenario| (0..NUMBER).map(move |o| (scenario, o)));
    let rows: Vec<(usize, usize, Running, [f64; QUANTILES.len()])> = places
        .map(|(scenario, outcome)| {
            let values = found.outcomes[scenario].iter().map(|of| of[outcome]);
            let mut all: Vec<f64> = values.clone().collect();
            let finite = values.filter(|value| value.is_finite()).collect();
            let shares = QUANTILES.map(|(_, share)| share);
            (
                scenario,
                outcome,
                finite,
                crate::statistics::quantiles(&mut all, shares),
            )
        })
        .collect();
    let table = Table::of_rows("summary", &rows)
        .text("scenario", "Scenario", |row| &found.labels[row.0])
        .text("outcome", "Outcome of the whole run", |row| {
            OUTCOMES[row.1].name
        })
        .text("unit", "Unit of the numbers", |row| OUTCOMES[row.1].unit)
        .text("meaning", "What it is", |row| OUTCOMES[row.1].meaning)
        .number(
            "mean",
            "",
            "Mean over the runs in which it is finite",
            |row| row.2.mean(),
        )
        .number("sd", "", "Standard deviation between runs", |row| {
            row.2.sd()
        });
    with_quantiles(table, |row| row.3).table()
}

/// One row a scenario but the first, period and measure.
pub fn differences(found: &Comparison) -> Table {
    let rows = &found.differences;
    let period = |row: &Difference| (row.period.as_ref()).map_or(String::new(), |p| p.1.clone());
    let meaning = "horizon for outcomes of the whole run, month or year";
    let table = Table::of_rows("differences", rows)
        .text(
            "scenario",
            "Scenario that is compared with the first",
            |row| &found.labels[row.scenario],
        )
        .text("kind", meaning, |row| {
            row.period.as_ref().map_or("horizon", |p| p.0.name())
        })
        .text(
            "period",
            "Month or financial year; empty for the horizon",
            period,
        )
        .text("measure", "What is counted", |row| row.measure)
        .text("unit", "Unit of the differences", |row| row.unit)
        .truth("more_is_better", "Whether more of it is better", |row| {
            row.more_is_better
        })
        .number(
            "mean",
            "",
            "Mean difference from the first scenario in the same runs",
            |row| row.paired.running.mean(),
        )
        .number("sd", "", "Standard deviation of the differences", |row| {
            row.paired.running.sd()
        })
        .number("se", "", "Standard error of their mean", |row| {
            row.paired.se
        })
        .number(
            "low",
            "",
            "Lower end of the 95 % interval of their mean",
            |row| row.paired.interval.0,
        )
        .number(
            "high",
            "",
            "Upper end of the 95 % interval of their mean",
            |row| row.paired.interval.1,
        );
    with_quantiles(table, |row| row.paired.quantiles)
        .number("better", "share", "Share of the runs in which it is better than the first", |row| {
            row.paired.better
        })
        .number("alike", "share", "Share of the runs in which both are the same", |row| {
            row.paired.alike
        })
        .number(
            "variance_ratio",
            "",
            "How many times the worlds would be needed if each scenario had worlds and luck of its own",
            |row| row.paired.ratio,
        )
        .table()
}

/// One row a scenario.
pub fn best(found: &Comparison) -> Table {
    let rows: Vec<usize> = (0..found.labels.len()).collect();
    let objective = &OUTCOMES[found.objective];
    let interval = |&place: &usize| wilson_of(found.best.chance[place], found.best.worlds, 0.95);
    Table::of_rows("best", &rows)
        .text("scenario", "Scenario", |&place| &found.labels[place])
        .text("objective", "Outcome by which scenarios are best", |_| {
            objective.name
        })
        .number("mean", objective.unit, objective.meaning, |&place| {
            let values = found.outcomes[place].iter().map(|of| of[found.objective]);
            let finite: Running = values.filter(|value| value.is_finite()).collect();
            finite.mean()
        })
        .number(
            "chance",
            "share",
            "Share of the runs in which none is better; those alike share a run",
            |&place| found.best.chance[place],
        )
        .number(
            "low",
            "share",
            "Lower end of its 95 % interval of Wilson; runs of one world count as one",
            |place| interval(place).0,
        )
        .number("high", "share", "Upper end of its 95 % interval", |place| {
            interval(place).1
        })
        .number(
            "loss",
            objective.unit,
            "Mean over the runs of what the best of all has more",
            |&place| found.best.loss[place],
        )
        .table()
}

/// One row a scenario.
pub fn selection(found: &Comparison) -> Table {
    let Some(selection) = &found.selection else {
        return Table::new("selection");
    };
    let rows: Vec<usize> = (0..found.labels.len()).collect();
    let objective = &OUTCOMES[found.objective];
    let status =
        |&place: &usize| match (selection.chosen == Some(place), selection.out_after[place]) {
            (true, _) => "chosen",
            (false, Some(_)) => "left out",
            (false, None) if selection.chosen.is_some() => "left out",
            (false, None) => "undecided",
        };
    let after = |&place: &usize| selection.out_after[place].unwrap_or(selection.looked_at) as f64;
    Table::of_rows("selection", &rows)
        .text("scenario", "Scenario", |&place| &found.labels[place])
        .text(
            "status",
            "chosen, left out, or undecided: more worlds are needed",
            status,
        )
        .number("worlds", "", "Worlds after which that was known", after)
        .number(
            "mean",
            objective.unit,
            "Mean of the objective in them",
            |&place| selection.means[place],
        )
        .text("objective", "Outcome by which scenarios are best", |_| {
            objective.name
        })
        .number(
            "indifference",
            objective.unit,
            "Difference that does not matter",
            |_| selection.zone,
        )
        .number(
            "confidence",
            "share",
            "Chance of a right choice, if the best is better by that much",
            |_| found.options.confidence,
        )
        .number(
            "worlds_enough",
            "",
            "Worlds that are enough for certain",
            |_| selection.enough as f64,
        )
        .table()
}

/// One row a scenario but the first, group of changes and outcome.
pub fn attribution(found: &Comparison) -> Table {
    let of = |attribution: &'_ Attribution| -> Vec<(usize, usize)> {
        let groups = 0..attribution.groups.len();
        groups
            .flat_map(|group| (0..NUMBER).map(move |outcome| (group, outcome)))
            .collect()
    };
    let all = found.attributions.iter();
    let rows: Vec<(&Attribution, usize, usize)> = all
        .flat_map(|one| {
            of(one)
                .into_iter()
                .map(move |(group, outcome)| (one, group, outcome))
        })
        .collect();
    Table::of_rows("attribution", &rows)
        .text(
            "scenario",
            "Scenario that is compared with the first",
            |row| &found.labels[row.0.scenario],
        )
        .text("change", "What is changed", |row| &row.0.groups[row.1].0)
        .text("fields", "Paths of the fields that differ", |row| {
            row.0.groups[row.1].1.join(", ")
        })
        .text("outcome", "Outcome of the whole run", |row| {
            OUTCOMES[row.2].name
        })
        .text("unit", "Unit of the numbers", |row| OUTCOMES[row.2].unit)
        .number(
            "part",
            "",
            "What the change brings of the difference",
            |row| row.0.parts[row.1][row.2],
        )
        .number(
            "total",
            "",
            "The whole difference; the parts add up to it",
            |row| row.0.total[row.2],
        )
        .truth(
            "exact",
            "Whether all orders of the changes were looked at (Shapley), or two",
            |row| row.0.exact,
        )
        .number("worlds", "", "Worlds over which it is a mean", |row| {
            row.0.draws as f64
        })
        .table()
}
