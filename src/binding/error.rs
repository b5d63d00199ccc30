//! The one place where errors of the core become exceptions of Python.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::error::{Error, Problem, ProblemKind};

const NAMES: [&str; 8] = [
    "SkillmixError",
    "ScenarioError",
    "LimitError",
    "VersionError",
    "DataError",
    "InfeasibleError",
    "FileError",
    "UnknownNameError",
];

/// Makes the exceptions of `skillmix.errors` reachable from the core.
pub fn export(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let errors = module.py().import("skillmix.errors")?;
    for name in NAMES {
        module.add(name, errors.getattr(name)?)?;
    }
    module.add("Problem", errors.getattr("Problem")?)
}

/// The exception for an error; a fault while making it is raised instead.
pub fn raise(py: Python<'_>, error: &Error) -> PyErr {
    exception(py, error).unwrap_or_else(|fault| fault)
}

fn exception(py: Python<'_>, error: &Error) -> PyResult<PyErr> {
    let errors = py.import("skillmix.errors")?;
    let message = error.to_string();
    let value = match error {
        Error::Scenario(problems) => {
            let class = errors.getattr(class_of(problems))?;
            let problem = errors.getattr("Problem")?;
            let list = problems.iter().map(|p| {
                problem.call1((
                    &p.path,
                    &p.value,
                    &p.expected,
                    &p.message,
                    p.suggestion.as_deref(),
                ))
            });
            let list = list.collect::<PyResult<Vec<_>>>()?;
            class.call1((message, PyTuple::new(py, list)?))?
        }
        Error::Data {
            file, row, column, ..
        } => {
            let column = (!column.is_empty()).then_some(column);
            errors
                .getattr("DataError")?
                .call1((message, file, *row, column))?
        }
        Error::Infeasible { asked, best, rule } => errors
            .getattr("InfeasibleError")?
            .call1((message, asked, best, rule))?,
        Error::Stopped => errors.getattr("SkillmixError")?.call1((message,))?,
        Error::File { .. } => errors.getattr("FileError")?.call1((message,))?,
        Error::Unknown { .. } => errors.getattr("UnknownNameError")?.call1((message,))?,
    };
    Ok(PyErr::from_value(value))
}

/// The class that says most: a version, a ceiling if nothing else is wrong, or a scenario error.
fn class_of(problems: &[Problem]) -> &'static str {
    if problems
        .iter()
        .any(|problem| problem.kind == ProblemKind::Version)
    {
        "VersionError"
    } else if !problems.is_empty()
        && problems
            .iter()
            .all(|problem| problem.kind == ProblemKind::Limit)
    {
        "LimitError"
    } else {
        "ScenarioError"
    }
}

/// A result of the core as a result of Python.
pub trait OrRaise<T> {
    /// The value, or the exception for the error.
    fn or_raise(self, py: Python<'_>) -> PyResult<T>;
}

impl<T> OrRaise<T> for crate::error::Result<T> {
    fn or_raise(self, py: Python<'_>) -> PyResult<T> {
        self.map_err(|error| raise(py, &error))
    }
}

/// How long whoever waits for a run sleeps at a time; the end of the run wakes it.
const LOOK: Duration = Duration::from_millis(40);

/// Runs `work` without the GIL; Ctrl-C is answered while it runs by setting the flag that it watches.
pub fn interruptible<T: Send>(
    py: Python<'_>,
    work: impl Fn(&AtomicBool) -> T + Sync + Send,
) -> PyResult<T> {
    let stop = AtomicBool::new(false);
    polled(py, &stop, |_| Ok(()), || work(&stop))
}

/// Runs `work` without the GIL and looks after it about 25 times a second: `look` may tell how far it is.
/// Ctrl-C, or an exception of `look`, sets `stop`, which `work` watches; the exception is raised.
pub fn polled<T: Send>(
    py: Python<'_>,
    stop: &AtomicBool,
    look: impl Fn(Python<'_>) -> PyResult<()>,
    work: impl FnOnce() -> T + Send,
) -> PyResult<T> {
    // Held by the worker and dropped with its end, also that of a fault.
    let (under_way, mut over) = channel::<()>();
    std::thread::scope(|scope| {
        let worker = scope.spawn(move || {
            let _under_way = under_way;
            work()
        });
        let mut interrupted = None;
        loop {
            let over = &mut over;
            let ended = py.detach(move || over.recv_timeout(LOOK));
            if ended == Err(RecvTimeoutError::Disconnected) {
                break;
            }
            if interrupted.is_none()
                && let Err(raised) = py.check_signals().and_then(|()| look(py))
            {
                stop.store(true, Ordering::Relaxed);
                interrupted = Some(raised);
            }
        }
        let result = py.detach(|| worker.join());
        match (interrupted, result) {
            (Some(raised), _) => Err(raised),
            (None, Ok(value)) => look(py).map(|()| value),
            (None, Err(_)) => Err(PyRuntimeError::new_err(
                "internal error in the core; please report it",
            )),
        }
    })
}
