//! How does Python see a region, its plan and its run?

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use toml::Value;

use crate::binding::error::{OrRaise, interruptible, raise};
use crate::binding::run::Result as RunResult;
use crate::binding::scenario::{Scenario, horizon};
use crate::binding::table::Table;
use crate::binding::value::{object_of, value_of};
use crate::error::Error;
use crate::region;

/// Services that share places and money. It cannot be changed.
#[pyclass(frozen, module = "skillmix._core")]
pub struct Region {
    inner: region::Region,
}

#[pymethods]
impl Region {
    #[staticmethod]
    fn of(
        py: Python<'_>,
        services: Vec<(String, Py<Scenario>)>,
        tree: &Bound<'_, PyDict>,
    ) -> PyResult<Self> {
        let mut problems = Vec::new();
        let value = value_of(tree.as_any(), "", &mut problems)?;
        let services = services
            .into_iter()
            .map(|(name, scenario)| (name, scenario.get().inner().clone()))
            .collect();
        match value {
            Value::Table(table) if problems.is_empty() => region::Region::of(services, table)
                .map(|inner| Self { inner })
                .or_raise(py),
            _ => Err(raise(py, &Error::Scenario(problems))),
        }
    }

    #[staticmethod]
    fn load(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        py.detach(move || region::Region::load(&path))
            .map(|inner| Self { inner })
            .or_raise(py)
    }

    #[staticmethod]
    fn from_toml(py: Python<'_>, text: &str) -> PyResult<Self> {
        let read = region::Region::from_toml(text);
        read.map(|inner| Self { inner }).or_raise(py)
    }

    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        let read = region::Region::from_json(text);
        read.map(|inner| Self { inner }).or_raise(py)
    }

    fn to_toml(&self) -> String {
        self.inner.to_toml()
    }

    fn to_json(&self) -> String {
        self.inner.to_json()
    }

    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        object_of(py, &Value::Table(self.inner.stated().clone()))
    }

    #[getter]
    fn name(&self) -> &str {
        &self.inner.spec().name
    }

    #[getter]
    fn notes(&self) -> Vec<String> {
        self.inner.spec().notes.clone()
    }

    fn services(&self) -> Vec<(String, Scenario)> {
        let services = self.inner.services();
        services
            .map(|(name, scenario)| (name.to_string(), Scenario::new(scenario.clone())))
            .collect()
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let services = self.inner.services();
        services.for_each(|(name, scenario)| (name, scenario.hash()).hash(&mut hasher));
        self.inner.spec().name.hash(&mut hasher);
        hasher.finish()
    }

    fn with_trainees(&self, py: Python<'_>) -> PyResult<Vec<Scenario>> {
        let scenarios = py.detach(|| self.inner.with_trainees()).or_raise(py)?;
        Ok(scenarios.into_iter().map(Scenario::new).collect())
    }

    fn plan(&self, py: Python<'_>) -> PyResult<RegionResult> {
        let run = interruptible(py, |_| self.inner.plan())?;
        Ok(RegionResult {
            run: Run::Plan(run.or_raise(py)?),
        })
    }

    #[pyo3(signature = (weeks, years))]
    fn project(
        &self,
        py: Python<'_>,
        weeks: Option<&Bound<'_, PyAny>>,
        years: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<RegionResult> {
        let horizon = horizon(py, weeks, years)?;
        let run = interruptible(py, |_| self.inner.project(horizon))?;
        Ok(RegionResult {
            run: Run::Projection(Box::new(run.or_raise(py)?)),
        })
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other
            .cast::<Self>()
            .is_ok_and(|other| self.inner == other.get().inner)
    }

    /// Pickled as its text, which is checked again when it is read.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        let class = py.get_type::<Self>();
        Ok((class.getattr("from_json")?, (self.inner.to_json(),)))
    }
}

enum Run {
    Plan(region::RegionPlan),
    Projection(Box<region::RegionProjection>),
}

/// What a region's plan or run gave.
#[pyclass(frozen, module = "skillmix._core")]
pub struct RegionResult {
    run: Run,
}

impl RegionResult {
    fn core(&self) -> &region::Region {
        match &self.run {
            Run::Plan(plan) => plan.region(),
            Run::Projection(run) => run.region(),
        }
    }
}

#[pymethods]
impl RegionResult {
    #[getter]
    const fn kind(&self) -> &'static str {
        match self.run {
            Run::Plan(_) => "region_plan",
            Run::Projection(_) => "region",
        }
    }

    #[getter]
    fn region(&self) -> Region {
        Region {
            inner: self.core().clone(),
        }
    }

    #[getter]
    fn weeks(&self) -> Option<usize> {
        match &self.run {
            Run::Plan(_) => None,
            Run::Projection(run) => Some(run.weeks()),
        }
    }

    fn tables(&self) -> Vec<&'static str> {
        match &self.run {
            Run::Plan(plan) => plan.tables(),
            Run::Projection(run) => run.tables(),
        }
    }

    fn table(&self, py: Python<'_>, name: &str) -> PyResult<Table> {
        let table = match &self.run {
            Run::Plan(plan) => plan.table(name),
            Run::Projection(run) => run.table(name),
        };
        table.map(Table::new).or_raise(py)
    }

    fn words(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        match &self.run {
            Run::Plan(plan) => Ok(plan.words()),
            Run::Projection(run) => run.words().or_raise(py),
        }
    }

    fn runs(&self) -> Vec<(String, RunResult)> {
        match &self.run {
            Run::Plan(plan) => (plan.plans())
                .map(|(name, plan)| (name.to_string(), RunResult::of_plan(plan.clone())))
                .collect(),
            Run::Projection(run) => (run.runs())
                .map(|(name, run)| (name.to_string(), RunResult::of_projection(run.clone())))
                .collect(),
        }
    }

    /// Pickled as the recipe: version, region, which is checked again, and how long it was run.
    fn __reduce__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyDict>,))> {
        let rebuild = py.import("skillmix.region")?.getattr("_rebuild")?;
        let recipe = PyDict::new(py);
        recipe.set_item("version", env!("CARGO_PKG_VERSION"))?;
        recipe.set_item("region", self.core().to_json())?;
        recipe.set_item("weeks", self.weeks())?;
        Ok((rebuild, (recipe,)))
    }
}

/// JSON Schema of region files, as text.
#[pyfunction]
pub fn region_schema() -> String {
    serde_json::to_string_pretty(&region::schema_for_files()).unwrap_or_default()
}
