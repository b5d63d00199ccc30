//! How far does each unsure number move an outcome by itself?
//!
//! ```text
//! one number at its low, then at its high quantile, all others at their means; swing = highest - lowest outcome
//! ```
//!
//! The outcome with everything at its mean lies between, as `project` gives it. What two numbers do together is
//! not seen: each is moved alone, also where a scenario says that they go together.

use std::sync::atomic::AtomicBool;

use crate::error::{Error, Problem, Result};
use crate::outcome::{NUMBER, OUTCOMES, evaluate};
use crate::scenario::Scenario;
use crate::scenario::walk::UnsureField;
use crate::scenario::worlds::Worlds;
use crate::table::Table;
use crate::timetable::Horizon;

/// One unsure number, and what it does to one outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Swing {
    /// Place of the outcome among [`OUTCOMES`].
    pub outcome: usize,
    /// Path of the number.
    pub path: String,
    /// Its unit.
    pub unit: String,
    /// Its low quantile, its mean and its high quantile.
    pub values: [f64; 3],
    /// The outcome at each.
    pub outcomes: [f64; 3],
}

impl Swing {
    /// Highest less lowest outcome; without end where only some of them have none.
    #[must_use]
    pub fn size(&self) -> f64 {
        let [low, middle, high] = self.outcomes;
        if low == middle && middle == high {
            return 0.0;
        }
        if self.outcomes.iter().any(|value| !value.is_finite()) {
            return f64::INFINITY;
        }
        low.max(middle).max(high) - low.min(middle).min(high)
    }
}

/// Every outcome at the quantiles `low` and `high` of every unsure number; for each outcome the largest swing first.
///
/// # Errors
/// [`Error::Scenario`] if nothing is unsure, the shares are not in rising order between 0 and 1, or the horizon is
/// not possible; [`Error::Stopped`] if `stop` is set meanwhile.
pub fn tornado(
    scenario: &Scenario,
    horizon: Horizon,
    (low, high): (f64, f64),
    stop: &AtomicBool,
) -> Result<Vec<Swing>> {
    let fields = scenario.unsure();
    let mut problems = Vec::new();
    if fields.is_empty() {
        problems.push(nothing_unsure());
    }
    if !(low > 0.0 && low < high && high < 1.0) {
        let found = format!("{low} and {high}");
        problems.push(Problem::new(
            "low and high",
            found,
            "between 0 and 1, rising",
        ));
    }
    if !problems.is_empty() {
        return Err(Error::Scenario(problems));
    }
    let paths: Vec<String> = fields.iter().map(|field| field.path.clone()).collect();
    let points: Vec<[f64; 3]> = fields
        .iter()
        .map(|field| points(field, low, high))
        .collect();
    let worlds = Worlds::given(scenario, &paths, &rows(&points))?;
    let found = evaluate(scenario, horizon, &worlds, stop)?;
    let mut swings = Vec::with_capacity(NUMBER * fields.len());
    for outcome in 0..NUMBER {
        let at = |row: usize| found[row][outcome];
        let of_field = |(place, field): (usize, &UnsureField)| Swing {
            outcome,
            path: field.path.clone(),
            unit: field.unit.clone(),
            values: points[place],
            outcomes: [at(1 + 2 * place), at(0), at(2 + 2 * place)],
        };
        let mut here: Vec<Swing> = fields.iter().enumerate().map(of_field).collect();
        here.sort_by(|a, b| b.size().total_cmp(&a.size()));
        swings.extend(here);
    }
    Ok(swings)
}

/// Low quantile, mean and high quantile of an unsure number.
fn points(field: &UnsureField, low: f64, high: f64) -> [f64; 3] {
    [
        field.spread.quantile(low),
        field.spread.mean(),
        field.spread.quantile(high),
    ]
}

/// Worlds: all at their means, then each number at its low and at its high quantile.
fn rows(points: &[[f64; 3]]) -> Vec<Vec<f64>> {
    let means: Vec<f64> = points.iter().map(|point| point[1]).collect();
    let mut rows = vec![means.clone()];
    for (place, point) in points.iter().enumerate() {
        for value in [point[0], point[2]] {
            let mut row = means.clone();
            row[place] = value;
            rows.push(row);
        }
    }
    rows
}

/// The problem of a scenario in which nothing is unsure.
#[must_use]
pub fn nothing_unsure() -> Problem {
    let sentence = "no number of this scenario is unsure, so nothing can move its outcomes";
    let expected = "a field such as {unsure = {pert = [low, mode, high]}}";
    Problem::told("scenario", "", sentence, expected)
}

/// Swings as a table, one row an outcome and unsure number.
#[must_use]
pub fn table(swings: &[Swing]) -> Table {
    Table::of_rows("tornado", swings)
        .text("outcome", "Outcome", |s| OUTCOMES[s.outcome].name)
        .text("path", "Path of the unsure number", |s| &s.path)
        .text("unit", "Unit of the outcome", |s| OUTCOMES[s.outcome].unit)
        .text("path_unit", "Unit of the unsure number", |s| &s.unit)
        .number("low", "", "The unsure number at its low quantile", |s| {
            s.values[0]
        })
        .number("mean", "", "The unsure number at its mean", |s| s.values[1])
        .number("high", "", "The unsure number at its high quantile", |s| {
            s.values[2]
        })
        .number("at_low", "", "The outcome at the low quantile", |s| {
            s.outcomes[0]
        })
        .number("at_mean", "", "The outcome at the mean", |s| s.outcomes[1])
        .number("at_high", "", "The outcome at the high quantile", |s| {
            s.outcomes[2]
        })
        .number("swing", "", "Highest less lowest outcome", Swing::size)
        .table()
}

#[cfg(test)]
mod tests;
