//! How does Python see a table? Columns as arrays, with units and meanings.

use numpy::PyArray1;
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

    fn columns<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.by_name(py, |column| array(py, &column.values))
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
