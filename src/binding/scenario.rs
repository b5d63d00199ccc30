//! The scenario for Python.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::PathBuf;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use toml::{Table as Tree, Value};

use crate::binding::error::{OrRaise, interruptible, raise};
use crate::binding::run::Result as RunResult;
use crate::binding::table::Table;
use crate::error::{Error, Problem, ProblemKind};
use crate::plan::plan;
use crate::project::{Horizon, project, project_draws};
use crate::reference::packs::{Assumption, names};
use crate::scenario::series_file::{self, MissingCells};
use crate::scenario::{self, schema};
use crate::table;

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
        py.detach(|| scenario::Scenario::load(&path))
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
        let value = value_of(tree.as_any(), "", 0, &mut problems)?;
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
            list.push((path.clone(), value_of(&value, &path, 0, &mut problems)?));
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
            table::Table::new("diff")
                .text(
                    "path",
                    "Path of the field",
                    rows.iter().map(|row| row.0.clone()),
                )
                .text(
                    "here",
                    "Value in this scenario",
                    rows.iter().map(|row| text(&row.1)),
                )
                .text(
                    "there",
                    "Value in the other scenario",
                    rows.iter().map(|row| text(&row.2)),
                ),
        )
    }

    fn assumptions(&self) -> Table {
        assumptions_table(&self.inner.assumptions())
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

    #[pyo3(signature = (weeks, years, draws, seed))]
    fn project(
        &self,
        py: Python<'_>,
        weeks: Option<&Bound<'_, PyAny>>,
        years: Option<&Bound<'_, PyAny>>,
        draws: Option<&Bound<'_, PyAny>>,
        seed: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<RunResult> {
        let horizon = match (weeks, years) {
            (Some(_), Some(_)) => {
                let problem = Problem::new("years", "weeks and years", "at most one of them");
                return Err(raise(py, &problem.into()));
            }
            (Some(weeks), None) => {
                Horizon::Weeks(u32::try_from(whole(weeks, "weeks", 2600)?).unwrap_or(u32::MAX))
            }
            (None, Some(years)) => {
                Horizon::Years(u16::try_from(whole(years, "years", 50)?).unwrap_or(u16::MAX))
            }
            (None, None) => Horizon::Scenario,
        };
        let seed = seed.map_or(Ok(1), |seed| whole(seed, "seed", u64::MAX))?;
        let Some(draws) = draws else {
            let run = py.detach(|| project(&self.inner, horizon)).or_raise(py)?;
            return Ok(RunResult::of_projection(run));
        };
        let draws = u32::try_from(whole(draws, "draws", 1_000_000)?).unwrap_or(u32::MAX);
        let run = interruptible(py, |stop| {
            project_draws(&self.inner, horizon, draws, seed, stop)
        })?;
        Ok(RunResult::of_projection(run.or_raise(py)?))
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

/// A whole number from 0 to `most`; true, false and fractions are refused.
pub fn whole(value: &Bound<'_, PyAny>, path: &str, most: u64) -> PyResult<u64> {
    let py = value.py();
    let refuse = |kind: ProblemKind| {
        let shown = value.repr().map_or(String::new(), |text| text.to_string());
        raise(
            py,
            &Problem::new(path, shown, format!("a whole number from 0 to {most}"))
                .of_kind(kind)
                .into(),
        )
    };
    if value.is_instance_of::<PyBool>() {
        return Err(refuse(ProblemKind::Field));
    }
    let number = value
        .call_method0("__index__")
        .map_err(|_| refuse(ProblemKind::Field))?;
    match number.extract::<u64>() {
        Ok(number) if number <= most => Ok(number),
        Ok(_) => Err(refuse(ProblemKind::Limit)),
        Err(_) if number.gt(0).unwrap_or(false) => Err(refuse(ProblemKind::Limit)),
        Err(_) => Err(refuse(ProblemKind::Field)),
    }
}

/// Deepest nesting of a dictionary that is read.
const DEEPEST: usize = 64;

fn value_of(
    object: &Bound<'_, PyAny>,
    path: &str,
    depth: usize,
    problems: &mut Vec<Problem>,
) -> PyResult<Value> {
    let step = |name: &str| {
        if path.is_empty() {
            name.to_string()
        } else {
            format!("{path}.{name}")
        }
    };
    if depth > DEEPEST {
        problems.push(Problem::new(
            path,
            "a dictionary",
            format!("at most {DEEPEST} levels deep"),
        ));
        return Ok(Value::Boolean(false));
    }
    if object.is_instance_of::<PyBool>() {
        return Ok(Value::Boolean(object.is_truthy()?));
    }
    if let Ok(text) = object.cast::<PyString>() {
        return Ok(Value::String(text.to_string()));
    }
    if object.is_instance_of::<PyInt>() {
        return Ok(object.extract::<i64>().map_or_else(
            |_| Value::Float(object.extract().unwrap_or(f64::INFINITY)),
            Value::Integer,
        ));
    }
    if object.is_instance_of::<PyFloat>() {
        return Ok(Value::Float(object.extract()?));
    }
    if let Ok(dict) = object.cast::<PyDict>() {
        let mut table = Tree::new();
        for (key, value) in dict.iter() {
            let Ok(name) = key.extract::<String>() else {
                problems.push(Problem::new(
                    path,
                    format!("the key {}", key.repr()?),
                    "keys that are texts",
                ));
                continue;
            };
            let inner = value_of(&value, &step(&name), depth + 1, problems)?;
            table.insert(name, inner);
        }
        return Ok(Value::Table(table));
    }
    if object.is_instance_of::<PyList>() || object.is_instance_of::<PyTuple>() {
        let items = object.try_iter()?.enumerate();
        let items = items.map(|(index, item)| {
            value_of(&item?, &format!("{path}[{index}]"), depth + 1, problems)
        });
        return items.collect::<PyResult<Vec<_>>>().map(Value::Array);
    }
    if object.hasattr("isoformat")? {
        let text: String = object.call_method0("isoformat")?.extract()?;
        return Ok(Value::String(text));
    }
    if object.hasattr("tolist")? && !object.is_none() {
        let plain = object.call_method0("tolist")?;
        if !plain.is(object) && !plain.hasattr("tolist")? {
            return value_of(&plain, path, depth + 1, problems);
        }
    }
    let shown = object.repr().map_or(String::new(), |text| text.to_string());
    let kind = object.get_type().name()?.to_string();
    let expected = "a number, a text, true or false, a date, a list or a dictionary";
    problems.push(Problem::new(path, format!("{shown} ({kind})"), expected));
    Ok(Value::Boolean(false))
}

fn object_of<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::String(text) => PyString::new(py, text).into_any(),
        Value::Integer(number) => number.into_pyobject(py)?.into_any(),
        Value::Float(number) => PyFloat::new(py, *number).into_any(),
        Value::Boolean(truth) => PyBool::new(py, *truth).to_owned().into_any(),
        Value::Datetime(date) => PyString::new(py, &date.to_string()).into_any(),
        Value::Array(items) => {
            let items = items
                .iter()
                .map(|item| object_of(py, item))
                .collect::<PyResult<Vec<_>>>()?;
            PyList::new(py, items)?.into_any()
        }
        Value::Table(table) => {
            let dict = PyDict::new(py);
            for (key, inner) in table {
                dict.set_item(key, object_of(py, inner)?)?;
            }
            dict.into_any()
        }
    })
}

fn assumptions_table(rows: &[Assumption]) -> Table {
    let column = |of: fn(&Assumption) -> &String| rows.iter().map(move |row| of(row).clone());
    Table::new(
        table::Table::new("assumptions")
            .text("path", "Path of the field", column(|row| &row.path))
            .text("value", "Value", column(|row| &row.value))
            .text("low", "Lowest plausible value", column(|row| &row.low))
            .text("high", "Highest plausible value", column(|row| &row.high))
            .text("unit", "Unit", column(|row| &row.unit))
            .text("source", "Source", column(|row| &row.source))
            .text("url", "Where the source was seen", column(|row| &row.url))
            .text("date", "Date of the source", column(|row| &row.date))
            .text(
                "status",
                "How well the value is known",
                column(|row| &row.status),
            )
            .text("note", "How it was worked out", column(|row| &row.note)),
    )
}

/// Names of the reference packs.
#[pyfunction]
pub fn packs() -> Vec<&'static str> {
    names()
}

/// JSON Schema of scenario files, as text.
#[pyfunction]
pub fn json_schema() -> String {
    serde_json::to_string_pretty(&schema::for_files()).unwrap_or_default()
}

/// Monthly referrals of a CSV file, strictly read.
#[pyfunction]
#[pyo3(signature = (path, suppressed, thousands))]
pub fn read_months<'py>(
    py: Python<'py>,
    path: PathBuf,
    suppressed: &str,
    thousands: Option<char>,
) -> PyResult<Bound<'py, PyDict>> {
    let missing = match suppressed {
        "error" => MissingCells::Refuse,
        "midpoint" => MissingCells::Midpoint,
        "drop" => MissingCells::Drop,
        other => {
            let problem = Problem::new("suppressed", format!("{other:?}"), "error, midpoint, drop");
            return Err(raise(py, &problem.into()));
        }
    };
    let (months, _) = series_file::months(&path, missing, thousands).or_raise(py)?;
    let dict = PyDict::new(py);
    for (month, count) in months {
        dict.set_item(month, count)?;
    }
    Ok(dict)
}
