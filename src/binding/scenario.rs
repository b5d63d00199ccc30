//! How does Python see a scenario?

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use toml::Value;

use crate::binding::error::{OrRaise, interruptible, polled, raise};
use crate::binding::run::Result as RunResult;
use crate::binding::table::Table;
use crate::binding::value::{capped, object_of, value_of, whole};
use crate::error::{Error, Problem};
use crate::intake::largest_intake;
use crate::plan::plan;
use crate::project::{
    self, Horizon, MOST_DRAWS, Replications, project, project_chance, project_draws,
};
use crate::scenario;
use crate::scenario::demand::MOST_WEEKS;
use crate::simulate::{Options, Progress, simulate_until};
use crate::table;
use crate::targets::{self, Targets};

/// A checked scenario. It cannot be changed; `with_` derives another one.
#[pyclass(frozen, module = "skillmix._core")]
pub struct Scenario {
    inner: scenario::Scenario,
}

impl Scenario {
    pub const fn new(inner: scenario::Scenario) -> Self {
        Self { inner }
    }

    pub const fn inner(&self) -> &scenario::Scenario {
        &self.inner
    }
}

#[pymethods]
impl Scenario {
    #[staticmethod]
    fn preset(py: Python<'_>, pack: &str) -> PyResult<Self> {
        scenario::Scenario::preset(pack).map(Self::new).or_raise(py)
    }

    #[staticmethod]
    fn load(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        py.detach(move || scenario::Scenario::load(&path))
            .map(Self::new)
            .or_raise(py)
    }

    #[staticmethod]
    fn from_toml(py: Python<'_>, text: &str) -> PyResult<Self> {
        scenario::Scenario::from_toml(text)
            .map(Self::new)
            .or_raise(py)
    }

    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        scenario::Scenario::from_json(text)
            .map(Self::new)
            .or_raise(py)
    }

    #[staticmethod]
    fn from_dict(py: Python<'_>, tree: &Bound<'_, PyDict>) -> PyResult<Self> {
        let mut problems = Vec::new();
        let value = value_of(tree.as_any(), "", &mut problems)?;
        match value {
            Value::Table(table) if problems.is_empty() => scenario::Scenario::from_tree(table)
                .map(Self::new)
                .or_raise(py),
            _ => Err(raise(py, &Error::Scenario(problems))),
        }
    }

    fn with_(&self, py: Python<'_>, changes: &Bound<'_, PyDict>) -> PyResult<Self> {
        let mut problems = Vec::new();
        let mut list = Vec::with_capacity(changes.len());
        for (key, value) in changes.iter() {
            let path: String = key
                .extract()
                .map_err(|_| PyTypeError::new_err("paths are texts, as 'staff.pwp.posts'"))?;
            list.push((path.clone(), value_of(&value, &path, &mut problems)?));
        }
        if !problems.is_empty() {
            return Err(raise(py, &Error::Scenario(problems)));
        }
        self.inner.with_all(list).map(Self::new).or_raise(py)
    }

    fn to_toml(&self) -> String {
        self.inner.to_toml()
    }

    fn to_json(&self) -> String {
        self.inner.to_json()
    }

    fn to_dict<'py>(&self, py: Python<'py>, complete: bool) -> PyResult<Bound<'py, PyAny>> {
        let tree = if complete {
            self.inner.complete()
        } else {
            self.inner.stated()
        };
        object_of(py, &Value::Table(tree.clone()))
    }

    fn diff(&self, other: &Self) -> Table {
        let rows = self.inner.diff(&other.inner);
        let text =
            |value: &Option<Value>| value.as_ref().map_or(String::new(), ToString::to_string);
        Table::new(
            table::Table::of_rows("diff", &rows)
                .text("path", "Path of the field", |row| &row.0)
                .text("here", "Value in this scenario", |row| text(&row.1))
                .text("there", "Value in the other scenario", |row| text(&row.2))
                .table(),
        )
    }

    fn assumptions(&self) -> Table {
        let rows = self.inner.assumptions();
        Table::new(
            table::Table::of_rows("assumptions", &rows)
                .text("path", "Path of the field", |row| &row.path)
                .text("value", "Value", |row| &row.value)
                .text("low", "Lowest plausible value", |row| &row.low)
                .text("high", "Highest plausible value", |row| &row.high)
                .text("unit", "Unit", |row| &row.unit)
                .text("source", "Source", |row| &row.source)
                .text("url", "Where the source was seen", |row| &row.url)
                .text("date", "Date of the source", |row| &row.date)
                .text("status", "How well the value is known", |row| &row.status)
                .text("note", "How it was worked out", |row| &row.note)
                .table(),
        )
    }

    #[getter]
    fn name(&self) -> &str {
        &self.inner.spec().name
    }

    #[getter]
    fn pack(&self) -> &str {
        &self.inner.spec().pack
    }

    #[getter]
    fn hash(&self) -> &str {
        self.inner.hash()
    }

    #[getter]
    fn notes(&self) -> Vec<String> {
        self.inner.spec().notes.clone()
    }

    #[getter]
    fn start(&self) -> String {
        self.inner.spec().calendar.start.to_string()
    }

    #[getter]
    fn weeks(&self) -> u32 {
        self.inner.spec().calendar.weeks
    }

    fn plan(&self, py: Python<'_>) -> PyResult<RunResult> {
        let run = py.detach(|| plan(&self.inner)).or_raise(py)?;
        Ok(RunResult::of_plan(run))
    }

    fn largest_intake(
        &self,
        py: Python<'_>,
        course: &str,
        start: &str,
    ) -> PyResult<(Table, Table)> {
        let day = start.parse().map_err(|_| {
            let problem = Problem::new("start", start, "a date that exists, as 2025-04-01");
            raise(py, &problem.into())
        })?;
        let found = py
            .detach(|| largest_intake(&self.inner, course, day))
            .or_raise(py)?;
        Ok((Table::new(found.table()), Table::new(found.limits_table())))
    }

    /// The smallest plan that meets targets; with `best`, the best that can be had if none does.
    fn plan_to(&self, py: Python<'_>, to: &Bound<'_, PyDict>, best: bool) -> PyResult<RunResult> {
        let mut problems = Vec::new();
        let value = value_of(to.as_any(), "to", &mut problems)?;
        let Value::Table(tree) = value else {
            return Err(raise(py, &Error::Scenario(problems)));
        };
        if !problems.is_empty() {
            return Err(raise(py, &Error::Scenario(problems)));
        }
        let asked = Targets::read(&self.inner, &tree).or_raise(py)?;
        let attempt = interruptible(py, |stop| targets::attempt_until(&self.inner, &asked, stop))?
            .or_raise(py)?;
        let found = RunResult::of_targets(attempt.plan);
        match attempt.missed.filter(|_| !best) {
            None => Ok(found),
            Some(error) => {
                let error = raise(py, &error);
                error.value(py).setattr("best_plan", found)?;
                Err(error)
            }
        }
    }

    #[pyo3(signature = (weeks, years, draws, seed))]
    fn project(
        &self,
        py: Python<'_>,
        weeks: Option<&Bound<'_, PyAny>>,
        years: Option<&Bound<'_, PyAny>>,
        draws: Option<&Bound<'_, PyAny>>,
        seed: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<RunResult> {
        let horizon = horizon(py, weeks, years)?;
        let seed = seed.map_or(Ok(1), |seed| whole(seed, "seed", u64::MAX))?;
        let Some(draws) = draws else {
            let run = py.detach(|| project(&self.inner, horizon)).or_raise(py)?;
            return Ok(RunResult::of_projection(run));
        };
        let draws = u32::try_from(whole(draws, "draws", MOST_DRAWS.into())?).unwrap_or(u32::MAX);
        let run = interruptible(py, |stop| {
            project_draws(&self.inner, horizon, draws, seed, stop)
        })?;
        Ok(RunResult::of_projection(run.or_raise(py)?))
    }

    /// The projection with whole people and luck, many times over.
    #[pyo3(signature = (weeks, years, replications, seed, threads, progress))]
    #[allow(clippy::too_many_arguments, clippy::needless_pass_by_value)] // those of the verb in Python
    fn project_chance(
        &self,
        py: Python<'_>,
        weeks: Option<&Bound<'_, PyAny>>,
        years: Option<&Bound<'_, PyAny>>,
        replications: &Bound<'_, PyAny>,
        seed: &Bound<'_, PyAny>,
        threads: Option<&Bound<'_, PyAny>>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<RunResult> {
        let horizon = horizon(py, weeks, years)?;
        let options = Replications {
            replications: capped(replications, "replications")?,
            seed: whole(seed, "seed", u64::MAX)?,
            threads: threads_of(threads)?,
        };
        let state = project::Progress::default();
        let look = telling(progress.as_ref(), &state.done, options.replications);
        let run = polled(py, &state.stop, look, || {
            project_chance(&self.inner, horizon, &options, &state)
        })?;
        Ok(RunResult::of_projection(run.or_raise(py)?))
    }

    #[pyo3(signature = (weeks, years, replications, seed, threads, log, progress))]
    #[allow(clippy::too_many_arguments, clippy::needless_pass_by_value)] // those of the verb in Python
    fn simulate(
        &self,
        py: Python<'_>,
        weeks: Option<&Bound<'_, PyAny>>,
        years: Option<&Bound<'_, PyAny>>,
        replications: &Bound<'_, PyAny>,
        seed: &Bound<'_, PyAny>,
        threads: Option<&Bound<'_, PyAny>>,
        log: bool,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<RunResult> {
        let horizon = horizon(py, weeks, years)?;
        let options = Options {
            replications: capped(replications, "replications")?,
            seed: whole(seed, "seed", u64::MAX)?,
            threads: threads_of(threads)?,
            log,
        };
        let state = Progress::default();
        let look = telling(progress.as_ref(), &state.done, options.replications);
        let run = polled(py, &state.stop, look, || {
            simulate_until(&self.inner, horizon, &options, &state)
        })?;
        Ok(RunResult::of_simulation(run.or_raise(py)?))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other
            .cast::<Self>()
            .is_ok_and(|other| self.inner == other.get().inner)
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.inner.hash().hash(&mut hasher);
        hasher.finish()
    }

    fn __repr__(&self) -> String {
        let spec = self.inner.spec();
        format!(
            "<skillmix scenario {:?} on {}, {} weeks from {}>",
            spec.name, spec.pack, spec.calendar.weeks, spec.calendar.start
        )
    }

    /// Pickled as its text, which is checked again when it is read.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        let class = py.get_type::<Self>();
        Ok((class.getattr("from_json")?, (self.inner.to_json(),)))
    }
}

/// A number of threads, if one is stated.
pub fn threads_of(threads: Option<&Bound<'_, PyAny>>) -> PyResult<Option<usize>> {
    let stated = threads
        .map(|number| capped(number, "threads"))
        .transpose()?;
    Ok(stated.map(|number| usize::try_from(number).unwrap_or(usize::MAX)))
}

/// Tells whoever asked for it how much is done.
pub fn telling<'a>(
    progress: Option<&'a Py<PyAny>>,
    done: &'a AtomicU64,
    all: u64,
) -> impl Fn(Python<'_>) -> PyResult<()> + 'a {
    move |py| match progress {
        None => Ok(()),
        Some(call) => call
            .call1(py, (done.load(Ordering::Relaxed), all))
            .map(drop),
    }
}

/// A horizon of so many weeks or so many years, not both; neither stands for as long as the scenario says.
pub fn horizon(
    py: Python<'_>,
    weeks: Option<&Bound<'_, PyAny>>,
    years: Option<&Bound<'_, PyAny>>,
) -> PyResult<Horizon> {
    match (weeks, years) {
        (Some(_), Some(_)) => {
            let problem = Problem::new("years", "weeks and years", "at most one of them");
            Err(raise(py, &problem.into()))
        }
        (Some(weeks), None) => {
            let weeks = whole(weeks, "weeks", MOST_WEEKS.into())?;
            Ok(Horizon::Weeks(u32::try_from(weeks).unwrap_or(u32::MAX)))
        }
        (None, years) => horizon_of(years),
    }
}

/// A horizon of so many years, or as long as the scenario says.
pub fn horizon_of(years: Option<&Bound<'_, PyAny>>) -> PyResult<Horizon> {
    let Some(years) = years else {
        return Ok(Horizon::Scenario);
    };
    let years = whole(years, "years", (MOST_WEEKS / 52).into())?;
    Ok(Horizon::Years(u16::try_from(years).unwrap_or(u16::MAX)))
}
