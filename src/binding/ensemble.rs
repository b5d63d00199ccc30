//! How does Python see many worlds: an ensemble of one scenario, and scenarios compared in the same worlds?

use std::sync::atomic::Ordering;

use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::binding::error::{OrRaise, polled};
use crate::binding::run::Result as RunResult;
use crate::binding::scenario::{Scenario, horizon, telling, threads_of};
use crate::binding::table::Table;
use crate::binding::value::{capped, whole};
use crate::compare::{Comparison, Options as Compared, compare_until};
use crate::design::Design;
use crate::ensemble::{Options, Quantiles, Run, ensemble_until};
use crate::simulate::Progress;
use crate::timetable::Horizon;

/// Notes how worlds are run, so that it can be read and run again.
pub fn note(dict: &Bound<'_, PyDict>, options: &Options) -> PyResult<()> {
    dict.set_item("draws", options.draws)?;
    dict.set_item("design", options.design.name())?;
    dict.set_item("seed", options.seed)?;
    dict.set_item("luck", options.run.name())?;
    dict.set_item("replications", options.replications)?;
    dict.set_item("quantiles", options.quantiles.map(Quantiles::name))?;
    dict.set_item("rules", options.rules)
}

/// What is said of runs: numbers as Python has them.
#[derive(FromPyObject)]
struct Said<'py> {
    #[pyo3(item)]
    draws: Bound<'py, PyAny>,
    #[pyo3(item)]
    design: String,
    #[pyo3(item)]
    seed: Bound<'py, PyAny>,
    #[pyo3(item)]
    run: String,
    #[pyo3(item)]
    replications: Bound<'py, PyAny>,
    #[pyo3(item)]
    quantiles: Option<String>,
    #[pyo3(item)]
    rules: bool,
    #[pyo3(item)]
    threads: Option<Bound<'py, PyAny>>,
}

impl Said<'_> {
    fn options(&self, py: Python<'_>) -> PyResult<Options> {
        let number = |value: &Bound<'_, PyAny>, name| -> PyResult<usize> {
            Ok(usize::try_from(capped(value, name)?).unwrap_or(usize::MAX))
        };
        let quantiles = self.quantiles.as_deref().map(Quantiles::parse).transpose();
        Ok(Options {
            draws: number(&self.draws, "draws")?,
            design: Design::parse(&self.design).or_raise(py)?,
            seed: whole(&self.seed, "seed", u64::MAX)?,
            run: Run::parse(&self.run).or_raise(py)?,
            replications: number(&self.replications, "replications")?,
            quantiles: quantiles.or_raise(py)?,
            rules: self.rules,
            threads: threads_of(self.threads.as_ref())?,
        })
    }
}

/// Many worlds of one scenario.
#[pyfunction]
#[pyo3(signature = (scenario, weeks, years, said, progress))]
#[allow(clippy::needless_pass_by_value)] // those of the verb in Python
pub fn ensemble(
    py: Python<'_>,
    scenario: &Scenario,
    weeks: Option<&Bound<'_, PyAny>>,
    years: Option<&Bound<'_, PyAny>>,
    said: &Bound<'_, PyDict>,
    progress: Option<Py<PyAny>>,
) -> PyResult<RunResult> {
    let horizon = horizon(py, weeks, years)?;
    let options = said.extract::<Said>()?.options(py)?;
    let state = Progress::default();
    let all = options.draws.saturating_mul(options.replications) as u64;
    let look = telling(progress.as_ref(), &state.done, all);
    let core = scenario.inner();
    let run = polled(py, &state.stop, look, || {
        ensemble_until(core, horizon, &options, &state)
    })?;
    Ok(RunResult::of_ensemble(run.or_raise(py)?))
}

/// Scenarios in the same worlds with the same luck.
#[pyclass(frozen, module = "skillmix._core")]
pub struct PairedResult {
    inner: Comparison,
}

#[pymethods]
impl PairedResult {
    fn tables(&self) -> Vec<&'static str> {
        self.inner.tables()
    }

    fn table(&self, py: Python<'_>, name: &str) -> PyResult<Table> {
        self.inner.table(name).map(Table::new).or_raise(py)
    }

    fn words(&self) -> Vec<String> {
        self.inner.words()
    }

    fn scenarios(&self) -> Vec<(String, Scenario)> {
        let labels = self.inner.labels().iter().cloned();
        let scenarios = self.inner.scenarios().iter().cloned().map(Scenario::new);
        labels.zip(scenarios).collect()
    }

    #[getter]
    fn meta<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        let options = self.inner.options();
        dict.set_item("weeks", self.inner.weeks())?;
        note(&dict, &options.runs)?;
        dict.set_item("objective", &options.objective)?;
        dict.set_item("indifference", options.indifference)?;
        dict.set_item("confidence", options.confidence)?;
        dict.set_item("attribute", options.attribute)?;
        Ok(dict)
    }
}

/// Compares scenarios with the first of them.
#[pyfunction]
#[pyo3(signature = (scenarios, weeks, years, said, objective, indifference, confidence, attribute, progress))]
#[allow(clippy::too_many_arguments, clippy::needless_pass_by_value)] // those of the function in Python
pub fn compare_paired(
    py: Python<'_>,
    scenarios: Vec<(String, PyRef<'_, Scenario>)>,
    weeks: Option<&Bound<'_, PyAny>>,
    years: Option<&Bound<'_, PyAny>>,
    said: &Bound<'_, PyDict>,
    objective: String,
    indifference: Option<f64>,
    confidence: f64,
    attribute: bool,
    progress: Option<Py<PyAny>>,
) -> PyResult<PairedResult> {
    let horizon: Horizon = horizon(py, weeks, years)?;
    let options = Compared {
        runs: said.extract::<Said>()?.options(py)?,
        objective,
        indifference,
        confidence,
        attribute,
    };
    let scenarios: Vec<_> = (scenarios.iter())
        .map(|(label, scenario)| (label.clone(), scenario.inner().clone()))
        .collect();
    let state = Progress::default();
    let runs = options.runs.draws.saturating_mul(options.runs.replications);
    let all = runs.saturating_mul(scenarios.len()) as u64;
    // What attribution runs beyond them is not counted.
    let look = |py: Python<'_>| match &progress {
        None => Ok(()),
        Some(call) => {
            let done = state.done.load(Ordering::Relaxed).min(all);
            call.call1(py, (done, all)).map(drop)
        }
    };
    let found = polled(py, &state.stop, look, || {
        compare_until(&scenarios, horizon, &options, &state)
    })?;
    found.map(|inner| PairedResult { inner }).or_raise(py)
}
