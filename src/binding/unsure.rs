//! How does Python see what is not known?

use pyo3::prelude::*;
use pyo3::types::PyDict;
use toml::Value;

use crate::binding::error::{OrRaise, raise};
use crate::binding::scenario::Scenario;
use crate::binding::table::Table;
use crate::binding::value::{value_of, whole};
use crate::design::Design;
use crate::distribution::Spread;
use crate::error::{Error, Problem};
use crate::scenario::default_spread::Given;
use crate::scenario::spread;
use crate::scenario::worlds::{MOST_WORLDS, Worlds};
use crate::table;

/// What is not known of a scenario, a row a number.
#[pyfunction]
pub fn unsure_table(scenario: &Scenario) -> Table {
    let inner = scenario.inner();
    let sources = inner.assumptions();
    let source = |path: &str| {
        let row = sources
            .iter()
            .filter(|row| path.starts_with(&row.path))
            .max_by_key(|row| row.path.len());
        row.map_or(String::new(), |row| row.source.clone())
    };
    let at = |spread: &Spread, share: f64| spread.quantile(share);
    let within = |spread: &Spread| {
        let cut = spread.within();
        cut.map_or(String::new(), |[low, high]| format!("{low} to {high}"))
    };
    Table::new(
        table::Table::of_rows("unsure", inner.unsure())
            .text("path", "Path of the field", |field| &field.path)
            .text("family", "Family of the spread", |field| {
                field.spread.family().name()
            })
            .text("parameters", "Numbers of the family", |field| {
                field.spread.family().parameters()
            })
            .text("within", "Where it is cut off", |field| {
                within(&field.spread)
            })
            .number("mean", "", "Mean", |field| field.spread.mean())
            .number("sd", "", "Standard deviation", |field| field.spread.sd())
            .number("q05", "", "5 % of the draws lie below", |field| {
                at(&field.spread, 0.05)
            })
            .number("q50", "", "Half of the draws lie below", |field| {
                at(&field.spread, 0.5)
            })
            .number("q95", "", "95 % of the draws lie below", |field| {
                at(&field.spread, 0.95)
            })
            .text("unit", "Unit of the field", |field| &field.unit)
            .text("source", "Source", |field| source(&field.path))
            .table(),
    )
}

/// Draws of what is not known, a row a world.
#[pyfunction]
pub fn worlds_table(
    py: Python<'_>,
    scenario: &Scenario,
    draws: &Bound<'_, PyAny>,
    design: &str,
    seed: &Bound<'_, PyAny>,
) -> PyResult<Table> {
    let number = whole(draws, "draws", MOST_WORLDS as u64)?;
    let number = usize::try_from(number).unwrap_or(usize::MAX);
    let seed = whole(seed, "seed", u64::MAX)?;
    let inner = scenario.inner();
    let drawn = py.detach(|| Worlds::drawn(inner, Design::parse(design)?, number, seed));
    Ok(Table::new(drawn.or_raise(py)?.table()))
}

/// Values to which the pack gives a range, and which of them a default spread makes unsure.
#[pyfunction]
pub fn default_spread(scenario: &Scenario) -> Table {
    Table::new(
        table::Table::of_rows("default_spread", &scenario.inner().default_spread())
            .text("path", "Path of the field", |given: &Given| {
                &given.assumption.path
            })
            .text("value", "Value", |given| &given.assumption.value)
            .text("low", "Lowest plausible value", |given| {
                &given.assumption.low
            })
            .text("high", "Highest plausible value", |given| {
                &given.assumption.high
            })
            .text("unit", "Unit", |given| &given.assumption.unit)
            .truth("unsure", "Whether it is made unsure", |given| {
                given.fixed.is_empty()
            })
            .text("why_not", "Why it stays as it is", |given| given.fixed)
            .text("source", "Source", |given| &given.assumption.source)
            .text("status", "How well the range is known", |given| {
                &given.assumption.status
            })
            .table(),
    )
}

/// The scenario with the ranges of its pack as spreads.
#[pyfunction]
#[allow(clippy::needless_pass_by_value)] // a list of Python
pub fn with_default_spread(
    py: Python<'_>,
    scenario: &Scenario,
    paths: Option<Vec<String>>,
    family: &str,
) -> PyResult<Scenario> {
    let made = scenario
        .inner()
        .with_default_spread(paths.as_deref(), family);
    made.map(Scenario::new).or_raise(py)
}

/// Mean, standard deviation and the quantiles 5, 50 and 95 % of a spread `{"unsure": {...}}`.
#[pyfunction]
pub fn spread_numbers(
    py: Python<'_>,
    said: &Bound<'_, PyDict>,
) -> PyResult<(f64, f64, f64, f64, f64)> {
    let mut problems = Vec::new();
    let value = value_of(said.as_any(), "", &mut problems)?;
    let Some(inner) = value.as_table().and_then(|table| table.get("unsure")) else {
        let shown = if problems.is_empty() {
            value
        } else {
            Value::Table(toml::Table::new())
        };
        problems.push(Problem::new("unsure", shown, "{\"unsure\": {...}}"));
        return Err(raise(py, &Error::Scenario(problems)));
    };
    let spread = spread::alone(inner, "unsure").or_raise(py)?;
    let [low, middle, high] = [0.05, 0.5, 0.95].map(|share| spread.quantile(share));
    Ok((spread.mean(), spread.sd(), low, middle, high))
}
