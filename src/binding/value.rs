//! How do objects of Python become values of a scenario, and the other way round?

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use toml::{Table as Tree, Value};

use crate::binding::error::raise;
use crate::error::{Problem, ProblemKind};

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

/// A whole number for which the core has a ceiling: what does not fit into 64 bits is their greatest number,
/// which the core refuses with its reason.
pub fn capped(value: &Bound<'_, PyAny>, path: &str) -> PyResult<u64> {
    let whole_number = !value.is_instance_of::<PyBool>();
    let index = value.call_method0("__index__").ok();
    match index.filter(|_| whole_number) {
        Some(number) if number.gt(u64::MAX).unwrap_or(false) => Ok(u64::MAX),
        _ => whole(value, path, u64::MAX),
    }
}

/// Deepest nesting of a dictionary that is read.
const DEEPEST: usize = 64;

/// The value for an object at `path` of a scenario; what cannot be read is added to the problems.
pub fn value_of(
    object: &Bound<'_, PyAny>,
    path: &str,
    problems: &mut Vec<Problem>,
) -> PyResult<Value> {
    Reader {
        problems,
        read: 0,
        over: false,
    }
    .value(object, path, 0)
}

/// Most values of one dictionary.
const MOST_VALUES: usize = 1_000_000;

struct Reader<'a> {
    problems: &'a mut Vec<Problem>,
    /// Values read so far.
    read: usize,
    /// Whether a ceiling was met: nothing more is read.
    over: bool,
}

impl Reader<'_> {
    fn value(&mut self, object: &Bound<'_, PyAny>, path: &str, depth: usize) -> PyResult<Value> {
        self.read += 1;
        if self.over {
            return Ok(Value::Boolean(false));
        }
        if depth > DEEPEST || self.read > MOST_VALUES {
            self.over = true;
            let expected = format!("at most {DEEPEST} levels deep and {MOST_VALUES} values");
            let problem = Problem::new(path, "a tree without end", expected);
            return Ok(self.refuse(problem.of_kind(ProblemKind::Limit)));
        }
        if object.is_instance_of::<PyBool>() {
            return Ok(Value::Boolean(object.is_truthy()?));
        }
        if let Ok(text) = object.cast::<PyString>() {
            return Ok(match text.to_str() {
                Ok(text) => Value::String(text.into()),
                Err(_) => self.refuse(Problem::new(path, text.repr()?, "a text that is Unicode")),
            });
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
            return self.table(dict, path, depth);
        }
        if object.is_instance_of::<PyList>() || object.is_instance_of::<PyTuple>() {
            let items = object.try_iter()?.enumerate();
            let items = items
                .map(|(index, item)| self.value(&item?, &format!("{path}[{index}]"), depth + 1));
            return items.collect::<PyResult<Vec<_>>>().map(Value::Array);
        }
        self.foreign(object, path, depth)
    }

    fn table(&mut self, dict: &Bound<'_, PyDict>, path: &str, depth: usize) -> PyResult<Value> {
        let mut table = Tree::new();
        for (key, value) in dict.iter() {
            let Ok(name) = key.extract::<String>() else {
                let found = format!("the key {}", key.repr()?);
                self.refuse(Problem::new(path, found, "keys that are texts"));
                continue;
            };
            let below = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}.{name}")
            };
            table.insert(name, self.value(&value, &below, depth + 1)?);
        }
        Ok(Value::Table(table))
    }

    /// Dates, and numbers of other libraries that turn into numbers of Python.
    fn foreign(&mut self, object: &Bound<'_, PyAny>, path: &str, depth: usize) -> PyResult<Value> {
        let said = |method: &str| {
            object
                .getattr(method)
                .and_then(|method| method.call0())
                .ok()
        };
        if let Some(Ok(date)) = said("isoformat").map(|date| date.extract::<String>()) {
            return Ok(Value::String(date));
        }
        if let Some(plain) = said("tolist")
            && !plain.is(object)
            && !plain.hasattr("tolist")?
        {
            return self.value(&plain, path, depth + 1);
        }
        let shown = object.repr().map_or(String::new(), |text| text.to_string());
        let found = format!("{shown} ({})", object.get_type().name()?);
        let expected = "a number, a text, true or false, a date, a list or a dictionary";
        Ok(self.refuse(Problem::new(path, found, expected)))
    }

    /// Notes a problem; the value stands for nothing, since a scenario with problems is not read.
    fn refuse(&mut self, problem: Problem) -> Value {
        self.problems.push(problem);
        Value::Boolean(false)
    }
}

/// The object for a value of a scenario.
pub fn object_of<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
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
