//! How does Python see what matters? Worlds that it designs, swings, and what it is worth to know more.

use numpy::{PyArray1, PyArray2, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::binding::error::{OrRaise, interruptible, raise};
use crate::binding::scenario::{Scenario, horizon};
use crate::binding::table::Table;
use crate::binding::value::{value_of, whole};
use crate::error::Error;
use crate::outcome::{OUTCOMES, evaluate as evaluate_in};
use crate::scenario::spread;
use crate::scenario::worlds::Worlds;
use crate::sensitivity::objective::Step;
use crate::sensitivity::{self, Objective, Question};
use crate::table;

/// The outcomes of a run: name, unit, meaning, and whether more of it is better.
#[pyfunction]
pub fn outcomes() -> Table {
    Table::new(
        table::Table::of_rows("outcomes", &OUTCOMES)
            .text("outcome", "Name", |outcome| outcome.name)
            .text("unit", "Unit", |outcome| outcome.unit)
            .text("meaning", "What it is", |outcome| outcome.meaning)
            .truth("more_is_better", "More of it is better", |outcome| {
                outcome.more_is_better
            })
            .table(),
    )
}

/// The unsure numbers of a scenario: path, unit, mean and the quantiles 5, 50 and 95 %.
#[pyfunction]
pub fn unsure_numbers(scenario: &Scenario) -> Table {
    let fields = scenario.inner().unsure();
    Table::new(
        table::Table::of_rows("unsure", fields)
            .text("path", "Path", |field| &field.path)
            .text("unit", "Unit", |field| &field.unit)
            .number("mean", "", "Mean", |field| field.spread.mean())
            .number("p05", "", "5 % lie below", |field| {
                field.spread.quantile(0.05)
            })
            .number("p50", "", "Half lie below", |field| {
                field.spread.quantile(0.5)
            })
            .number("p95", "", "95 % lie below", |field| {
                field.spread.quantile(0.95)
            })
            .table(),
    )
}

/// Values of the unsure numbers (columns in the order of `unsure_numbers`) at uniform numbers between 0 and 1.
#[pyfunction]
#[allow(clippy::needless_pass_by_value)] // an array of Python is borrowed as a whole
pub fn at_quantiles<'py>(
    py: Python<'py>,
    scenario: &Scenario,
    uniform: PyReadonlyArray2<'py, f64>,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let fields = scenario.inner().unsure();
    let rows: Vec<Vec<f64>> = rows_of(&uniform)
        .into_iter()
        .map(|row| {
            let pairs = fields.iter().zip(row);
            pairs.map(|(field, u)| field.spread.quantile(u)).collect()
        })
        .collect();
    Ok(PyArray2::from_vec2(py, &rows)?)
}

/// Values of a spread, told as in a scenario, at uniform numbers between 0 and 1.
#[pyfunction]
#[allow(clippy::needless_pass_by_value)] // an array of Python is borrowed as a whole
pub fn quantiles<'py>(
    py: Python<'py>,
    name: &str,
    spread: &Bound<'py, PyAny>,
    uniform: PyReadonlyArray1<'py, f64>,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let mut problems = Vec::new();
    let said = value_of(spread, name, &mut problems)?;
    if !problems.is_empty() {
        return Err(raise(py, &Error::Scenario(problems)));
    }
    let family = spread::alone(&said, name).or_raise(py)?;
    let values = uniform.as_array().into_iter().map(|&u| family.quantile(u));
    Ok(PyArray1::from_iter(py, values.collect::<Vec<f64>>()))
}

/// Every outcome (columns in the order of `outcomes`) in worlds that are given, one row a world.
#[pyfunction]
#[allow(clippy::needless_pass_by_value)] // an array of Python is borrowed as a whole
pub fn evaluate<'py>(
    py: Python<'py>,
    scenario: &Scenario,
    paths: Vec<String>,
    rows: PyReadonlyArray2<'py, f64>,
    weeks: Option<&Bound<'py, PyAny>>,
    years: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let horizon = horizon(py, weeks, years)?;
    let rows = rows_of(&rows);
    let core = scenario.inner();
    let found = interruptible(py, |stop| {
        let worlds = Worlds::given(core, &paths, &rows)?;
        evaluate_in(core, horizon, &worlds, stop)
    })?
    .or_raise(py)?;
    let found: Vec<Vec<f64>> = found.iter().map(|row| row.to_vec()).collect();
    Ok(PyArray2::from_vec2(py, &found)?)
}

/// Every outcome at two quantiles of each unsure number, the others at their means.
#[pyfunction]
pub fn tornado(
    py: Python<'_>,
    scenario: &Scenario,
    low: f64,
    high: f64,
    weeks: Option<&Bound<'_, PyAny>>,
    years: Option<&Bound<'_, PyAny>>,
) -> PyResult<Table> {
    let horizon = horizon(py, weeks, years)?;
    let core = scenario.inner();
    let found = interruptible(py, |stop| {
        sensitivity::tornado(core, horizon, (low, high), stop)
    })?
    .or_raise(py)?;
    Ok(Table::new(sensitivity::tornado::table(&found)))
}

/// What it is worth to know everything: estimate, standard error, place of the best option.
#[pyfunction]
#[allow(clippy::needless_pass_by_value)] // an array of Python is borrowed as a whole
pub fn evpi<'py>(
    py: Python<'py>,
    net_benefit: PyReadonlyArray2<'py, f64>,
) -> PyResult<Bound<'py, PyDict>> {
    let found = sensitivity::evpi(&rows_of(&net_benefit)).or_raise(py)?;
    let dict = PyDict::new(py);
    dict.set_item("estimate", found.estimate)?;
    dict.set_item("se", found.se)?;
    dict.set_item("best", found.best)?;
    Ok(dict)
}

/// What it is worth to know some inputs together.
#[pyfunction]
#[allow(clippy::needless_pass_by_value)] // an array of Python is borrowed as a whole
pub fn evppi<'py>(
    py: Python<'py>,
    net_benefit: PyReadonlyArray2<'py, f64>,
    inputs: PyReadonlyArray2<'py, f64>,
) -> PyResult<Bound<'py, PyDict>> {
    let (benefit, inputs) = (rows_of(&net_benefit), rows_of(&inputs));
    let found = py
        .detach(|| sensitivity::evppi(&benefit, &inputs))
        .or_raise(py)?;
    let dict = PyDict::new(py);
    dict.set_item("estimate", found.estimate)?;
    dict.set_item("se", found.se)?;
    dict.set_item("held_out", found.held_out)?;
    dict.set_item("changes", found.changes)?;
    dict.set_item("terms", found.terms)?;
    Ok(dict)
}

/// What it is worth to find out what is unsure before an option is chosen: the tables of options, findings and
/// worlds, and the years that the options are run.
#[pyfunction]
#[allow(clippy::too_many_arguments, clippy::needless_pass_by_value)] // those of the verb in Python
pub fn value_of_information(
    py: Python<'_>,
    options: Vec<(String, Py<Scenario>)>,
    objectives: Vec<(String, Vec<f64>)>,
    draws: &Bound<'_, PyAny>,
    seed: &Bound<'_, PyAny>,
    groups: Vec<(String, Vec<String>)>,
    weeks: Option<&Bound<'_, PyAny>>,
    years: Option<&Bound<'_, PyAny>>,
) -> PyResult<(Table, Table, Table, f64)> {
    let draws = whole(draws, "draws", crate::scenario::worlds::MOST_WORLDS as u64)?;
    let question = Question {
        objectives: objectives
            .iter()
            .map(|(name, numbers)| objective(name, numbers))
            .collect::<crate::error::Result<_>>()
            .or_raise(py)?,
        horizon: horizon(py, weeks, years)?,
        draws: usize::try_from(draws).unwrap_or(usize::MAX),
        seed: whole(seed, "seed", u64::MAX)?,
        groups,
    };
    let options: Vec<(String, crate::scenario::Scenario)> = options
        .into_iter()
        .map(|(label, scenario)| (label, scenario.get().inner().clone()))
        .collect();
    let study = interruptible(py, |stop| {
        sensitivity::value_of_information(&options, &question, stop)
    })?
    .or_raise(py)?;
    Ok((
        Table::new(study.options_table()),
        Table::new(study.value_table()),
        Table::new(study.worlds_table()),
        study.years(),
    ))
}

/// An objective by its name, with the numbers that it needs.
fn objective(name: &str, numbers: &[f64]) -> crate::error::Result<Objective> {
    match (name, numbers) {
        ("net_benefit", &[value_per_recovery]) => Ok(Objective::NetBenefit { value_per_recovery }),
        ("cost_to_meet", &[step, weeks, price_per_course]) => Ok(Objective::CostToMeet {
            step: if step < 3.0 { Step::Two } else { Step::Three },
            weeks,
            price_per_course,
        }),
        _ => Objective::outcome(name),
    }
}

fn rows_of(array: &PyReadonlyArray2<'_, f64>) -> Vec<Vec<f64>> {
    array
        .as_array()
        .outer_iter()
        .map(|row| row.to_vec())
        .collect()
}
