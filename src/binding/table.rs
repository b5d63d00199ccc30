//! Tables for Python: columns as arrays, with units and meanings.

use numpy::PyArray1;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::binding::error::{OrRaise, raise};
use crate::calendar::{CalendarKind, parse_iso_date, working_days_between};
use crate::error::Problem;
use crate::reference::pay;
use crate::scenario::schema;
use crate::table::{self, Values};

/// A table: columns of equal length with units.
#[pyclass(frozen, module = "skillmix._core")]
pub struct Table {
    inner: table::Table,
}

impl Table {
    pub const fn new(inner: table::Table) -> Self {
        Self { inner }
    }
}

#[pymethods]
impl Table {
    #[getter]
    fn name(&self) -> &str {
        &self.inner.name
    }

    fn columns<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        for column in &self.inner.columns {
            dict.set_item(&column.name, array(py, &column.values)?)?;
        }
        Ok(dict)
    }

    fn units<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        for column in &self.inner.columns {
            dict.set_item(&column.name, &column.unit)?;
        }
        Ok(dict)
    }

    fn descriptions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        for column in &self.inner.columns {
            dict.set_item(&column.name, &column.description)?;
        }
        Ok(dict)
    }

    fn __len__(&self) -> usize {
        self.inner.len()
    }

    fn __repr__(&self) -> String {
        format!(
            "<skillmix table {:?}: {} rows, {} columns>",
            self.inner.name,
            self.inner.len(),
            self.inner.columns.len()
        )
    }
}

fn array<'py>(py: Python<'py>, values: &Values) -> PyResult<Bound<'py, PyAny>> {
    Ok(match values {
        Values::Number(list) => PyArray1::from_slice(py, list).into_any(),
        Values::Whole(list) => PyArray1::from_slice(py, list).into_any(),
        Values::Truth(list) => PyArray1::from_slice(py, list).into_any(),
        Values::Text(list) => {
            let texts = PyList::new(py, list)?;
            let array = py
                .import("numpy")?
                .call_method1("empty", (list.len(), "object"))?;
            array.set_item(pyo3::types::PySlice::full(py), texts)?;
            array
        }
        Values::Day(list) => {
            let epoch = jiff::civil::date(1970, 1, 1);
            let days: Vec<i64> = list
                .iter()
                .map(|&day| i64::from((day - epoch).get_days()))
                .collect();
            PyArray1::from_vec(py, days).call_method1("view", ("datetime64[D]",))?
        }
    })
}

/// Every field of a scenario.
#[pyfunction]
pub fn fields() -> Table {
    let list = schema::fields();
    let text = |of: fn(&schema::Field) -> &String| list.iter().map(move |field| of(field).clone());
    let bound = |of: fn(&schema::Field) -> Option<f64>| {
        list.iter()
            .map(|field| of(field).unwrap_or(f64::NAN))
            .collect()
    };
    Table::new(
        table::Table::new("fields")
            .text("path", "Path of the field", text(|field| &field.path))
            .text("type", "Kind of value", text(|field| &field.kind))
            .text("unit", "Unit", text(|field| &field.unit))
            .number(
                "minimum",
                "",
                "Lowest allowed value",
                bound(|field| field.minimum),
            )
            .number(
                "maximum",
                "",
                "Highest allowed value",
                bound(|field| field.maximum),
            )
            .text("description", "Meaning", text(|field| &field.description)),
    )
}

/// Every pay table there is.
#[pyfunction]
pub fn pay_table() -> Table {
    let rows: Vec<_> = pay::pay_table().collect();
    let money = |of: fn(&pay::PayRow) -> f64| rows.iter().map(|row| of(row)).collect();
    let middle = |row: &pay::PayRow| {
        row.middle
            .map_or(f64::midpoint(row.entry.value, row.top.value), |fact| {
                fact.value
            })
    };
    Table::new(
        table::Table::new("pay")
            .text(
                "year",
                "Financial year",
                rows.iter().map(|row| row.year.to_string()),
            )
            .text(
                "band",
                "Agenda for Change band",
                rows.iter().map(|row| row.band.to_string()),
            )
            .number(
                "entry",
                "pounds",
                "First point",
                money(|row| row.entry.value),
            )
            .number(
                "middle",
                "pounds",
                "Middle point, or the mean of first and last where there is none",
                money(middle),
            )
            .number("top", "pounds", "Last point", money(|row| row.top.value))
            .text(
                "status",
                "How well the row is known",
                rows.iter().map(|row| row.entry.status.to_string()),
            )
            .text("source", "Source", rows.iter().map(|row| row.entry.source)),
    )
}

/// Working days of England from `start` to `end`, the end excluded.
#[pyfunction]
pub fn working_days(py: Python<'_>, start: &str, end: &str) -> PyResult<u32> {
    let day = |path: &str, text: &str| {
        parse_iso_date(text)
            .map_err(|_| Problem::new(path, format!("{text:?}"), "a date, as 2025-04-01").into())
    };
    let (from, to) = (
        day("start", start).or_raise(py)?,
        day("end", end).or_raise(py)?,
    );
    if from > to {
        let problem = Problem::new("end", end, format!("{start} or later"));
        return Err(raise(py, &problem.into()));
    }
    Ok(working_days_between(CalendarKind::England, from, to))
}
