//! How does Python see a sweep over skill mixes, and the search for where a mix leaves its range?

use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::binding::error::{OrRaise, polled, raise};
use crate::binding::scenario::{Scenario, horizon, telling, threads_of};
use crate::binding::table::Table;
use crate::binding::value::{capped, whole};
use crate::design::Design;
use crate::error::Error;
use crate::mix::Hold;
use crate::mix::sweep::{self, Options, leaves_until, mix_sweep_until};
use crate::record::asked::Progress;
use crate::timetable::Horizon;

/// A scenario at many skill mixes, levels of demand and worlds.
#[pyclass(frozen, module = "skillmix._core")]
pub struct MixSweep {
    inner: sweep::MixSweep,
}

/// Where a mix leaves the range of those that cannot be told from the best one.
#[pyclass(frozen, module = "skillmix._core")]
pub struct MixLeaves {
    inner: sweep::Leaves,
    scenario: crate::scenario::Scenario,
    options: Options,
    weeks: usize,
    steps: usize,
}

/// What was asked, as a dictionary that `mix_sweep` takes again.
fn asked<'py>(
    py: Python<'py>,
    scenario: &crate::scenario::Scenario,
    options: &Options,
    weeks: usize,
) -> PyResult<Bound<'py, PyDict>> {
    let recipe = PyDict::new(py);
    recipe.set_item("version", env!("CARGO_PKG_VERSION"))?;
    recipe.set_item("scenario", scenario.to_json())?;
    recipe.set_item("shares", &options.shares)?;
    recipe.set_item("hold", options.hold.name())?;
    recipe.set_item("demand", &options.demand)?;
    recipe.set_item("draws", options.draws)?;
    recipe.set_item("design", options.design.name())?;
    recipe.set_item("seed", options.seed)?;
    recipe.set_item("weeks", weeks)?;
    recipe.set_item("objective", &options.objective)?;
    recipe.set_item("at_least", options.at_least)?;
    recipe.set_item("indifference", options.indifference)?;
    recipe.set_item("reference", options.reference)?;
    Ok(recipe)
}

/// How it was made: version, scenario, hash, pack, start, weeks and what was asked.
fn meta<'py>(
    py: Python<'py>,
    scenario: &crate::scenario::Scenario,
    options: &Options,
    weeks: usize,
) -> PyResult<Bound<'py, PyDict>> {
    let dict = asked(py, scenario, options, weeks)?;
    let spec = scenario.spec();
    dict.set_item("scenario", &spec.name)?;
    dict.set_item("hash", scenario.hash())?;
    dict.set_item("pack", &spec.pack)?;
    dict.set_item("vintage", spec.service.as_of.as_deref())?;
    dict.set_item("start", spec.calendar.start.to_string())?;
    Ok(dict)
}

#[pymethods]
impl MixSweep {
    #[allow(clippy::unused_self)] // a method of Python
    fn tables(&self) -> Vec<&'static str> {
        sweep::TABLES.to_vec()
    }

    fn table(&self, py: Python<'_>, name: &str) -> PyResult<Table> {
        py.detach(|| self.inner.table(name))
            .map(Table::new)
            .or_raise(py)
    }

    fn words(&self) -> Vec<String> {
        self.inner.words()
    }

    #[getter]
    fn scenario(&self) -> Scenario {
        Scenario::new(self.inner.scenario().clone())
    }

    #[getter]
    fn meta<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let inner = &self.inner;
        meta(py, inner.scenario(), inner.options(), inner.weeks())
    }

    /// Searches along a field for where the share asked about leaves the range.
    #[pyo3(signature = (path, low, high, steps, threads, progress))]
    #[allow(clippy::too_many_arguments, clippy::needless_pass_by_value)] // those of the verb in Python
    fn leaves(
        &self,
        py: Python<'_>,
        path: &str,
        low: f64,
        high: f64,
        steps: &Bound<'_, PyAny>,
        threads: Option<&Bound<'_, PyAny>>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<MixLeaves> {
        let steps = usize::try_from(capped(steps, "steps")?).unwrap_or(usize::MAX);
        let weeks = self.inner.weeks();
        let options = Options {
            horizon: Horizon::Weeks(u32::try_from(weeks).unwrap_or(u32::MAX)),
            threads: threads_of(threads)?,
            ..self.inner.options().clone()
        };
        let scenario = self.inner.scenario();
        let state = Progress::default();
        let look = telling(progress.as_ref(), &state.done, steps as u64 + 1);
        let found = polled(py, &state.stop, look, || {
            leaves_until(scenario, &options, path, (low, high), steps, &state)
        })?;
        Ok(MixLeaves {
            inner: found.or_raise(py)?,
            scenario: scenario.clone(),
            options,
            weeks,
            steps,
        })
    }

    /// Pickled as the recipe: version, scenario and what was asked, which gives the same figures.
    fn __reduce__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyDict>,))> {
        let rebuild = py.import("skillmix.mixes")?.getattr("_rebuild")?;
        let inner = &self.inner;
        Ok((
            rebuild,
            (asked(py, inner.scenario(), inner.options(), inner.weeks())?,),
        ))
    }
}

#[pymethods]
impl MixLeaves {
    #[allow(clippy::unused_self)] // a method of Python
    fn tables(&self) -> Vec<&'static str> {
        sweep::Leaves::TABLES.to_vec()
    }

    fn table(&self, py: Python<'_>, name: &str) -> PyResult<Table> {
        self.inner.table(name).map(Table::new).or_raise(py)
    }

    fn words(&self) -> Vec<String> {
        self.inner.words()
    }

    #[getter]
    fn scenario(&self) -> Scenario {
        Scenario::new(self.scenario.clone())
    }

    #[getter]
    fn meta<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = meta(py, &self.scenario, &self.options, self.weeks)?;
        self.add_search(&dict)?;
        Ok(dict)
    }

    /// Pickled as the recipe, as the sweep.
    fn __reduce__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyDict>,))> {
        let rebuild = py.import("skillmix.mixes")?.getattr("_again")?;
        let recipe = asked(py, &self.scenario, &self.options, self.weeks)?;
        self.add_search(&recipe)?;
        Ok((rebuild, (recipe,)))
    }
}

impl MixLeaves {
    fn add_search(&self, dict: &Bound<'_, PyDict>) -> PyResult<()> {
        dict.set_item("path", &self.inner.path)?;
        dict.set_item("low", self.inner.span.0)?;
        dict.set_item("high", self.inner.span.1)?;
        dict.set_item("steps", self.steps)
    }
}

/// The same service at every PWP share and level of demand, in drawn worlds.
#[pyfunction]
#[pyo3(signature = (scenario, shares, hold, demand, draws, design, seed, weeks, years, objective, at_least,
    indifference, reference, threads, progress))]
#[allow(clippy::too_many_arguments, clippy::needless_pass_by_value)] // those of the verb in Python
pub fn mix_sweep(
    py: Python<'_>,
    scenario: &Scenario,
    shares: Option<Vec<f64>>,
    hold: &str,
    demand: Vec<f64>,
    draws: &Bound<'_, PyAny>,
    design: &str,
    seed: &Bound<'_, PyAny>,
    weeks: Option<&Bound<'_, PyAny>>,
    years: Option<&Bound<'_, PyAny>>,
    objective: String,
    at_least: f64,
    indifference: f64,
    reference: f64,
    threads: Option<&Bound<'_, PyAny>>,
    progress: Option<Py<PyAny>>,
) -> PyResult<MixSweep> {
    let mut problems = Vec::new();
    let mut note = |error: Error| match error {
        Error::Scenario(found) => problems.extend(found),
        other => problems.push(crate::error::Problem::told("", "", &other.to_string(), "")),
    };
    let hold = Hold::parse(hold).map_err(&mut note).unwrap_or(Hold::Budget);
    let design = Design::parse(design).map_err(&mut note).unwrap_or_default();
    if !problems.is_empty() {
        return Err(raise(py, &Error::Scenario(problems)));
    }
    let options = Options {
        shares: shares.unwrap_or_else(|| Options::default().shares),
        hold,
        demand,
        draws: usize::try_from(capped(draws, "draws")?).unwrap_or(usize::MAX),
        design,
        seed: whole(seed, "seed", u64::MAX)?,
        horizon: horizon(py, weeks, years)?,
        objective,
        at_least,
        indifference,
        reference,
        threads: threads_of(threads)?,
    };
    let core = scenario.inner();
    let state = Progress::default();
    let all = options.shares.len().saturating_mul(options.demand.len());
    let all = all.saturating_mul(options.draws);
    let look = telling(progress.as_ref(), &state.done, all as u64);
    let found = polled(py, &state.stop, look, || {
        mix_sweep_until(core, &options, &state)
    })?;
    found.map(|inner| MixSweep { inner }).or_raise(py)
}
