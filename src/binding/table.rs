//! How does Python see a table? Columns as arrays, with units and meanings.

use numpy::PyArray1;
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::table::{self, Column, Values};

/// A table: columns of equal length with units.
#[pyclass(frozen, module = "skillmix._core")]
pub struct Table {
    inner: table::Table,
}

impl Table {
    pub const fn new(inner: table::Table) -> Self {
        Self { inner }
    }

    /// A dictionary by name of the column.
    fn by_name<'a, 'py, T: IntoPyObject<'py>>(
        &'a self,
        py: Python<'py>,
        of: impl Fn(&'a Column) -> PyResult<T>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        for column in &self.inner.columns {
            dict.set_item(&column.name, of(column)?)?;
        }
        Ok(dict)
    }
}

#[pymethods]
impl Table {
    #[getter]
    fn name(&self) -> &str {
        &self.inner.name
    }

    /// Values by column; with `coded`, of texts of which few differ a pair: the texts, and which of them stands
    /// in each row.
    #[pyo3(signature = (*, coded = false))]
    fn columns<'py>(&self, py: Python<'py>, coded: bool) -> PyResult<Bound<'py, PyDict>> {
        self.by_name(py, |column| match &column.values {
            Values::Word(words, rows) if coded => {
                let pair = (objects(py, words)?, PyArray1::from_slice(py, rows));
                pair.into_bound_py_any(py)
            }
            values => array(py, values),
        })
    }

    fn units<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.by_name(py, |column| Ok(&column.unit))
    }

    fn descriptions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.by_name(py, |column| Ok(&column.description))
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
        Values::Text(list) => objects(py, list)?,
        Values::Word(words, rows) => {
            objects(py, words)?.call_method1("take", (PyArray1::from_slice(py, rows),))?
        }
        Values::Day(list) => {
            let epoch = jiff::civil::date(1970, 1, 1);
            // Most tables are in the order of time, and many rows are of one day.
            let mut known = (epoch, 0);
            let days = list.iter().map(|&day| {
                if day != known.0 {
                    known = (day, i64::from((day - epoch).get_days()));
                }
                known.1
            });
            PyArray1::from_iter(py, days).call_method1("view", ("datetime64[D]",))?
        }
    })
}

/// An array of texts.
fn objects<'py>(py: Python<'py>, texts: &[String]) -> PyResult<Bound<'py, PyAny>> {
    let array = py
        .import("numpy")?
        .call_method1("empty", (texts.len(), "object"))?;
    array.set_item(pyo3::types::PySlice::full(py), PyList::new(py, texts)?)?;
    Ok(array)
}
