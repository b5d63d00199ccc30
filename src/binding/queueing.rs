//! How does Python ask the closed forms? Checks, formula, a dict by name.

use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::binding::error::OrRaise;
use crate::queueing::caseload::{self, Length};
use crate::queueing::clinic;
use crate::queueing::erlang::{self, Steady};
use crate::queueing::given::Given;
use crate::queueing::giving_up;
use crate::queueing::network::{self, Step};
use crate::queueing::single::{self, Class, Durations};
use crate::queueing::{
    self, fluid_list_with_giving_up, load, pressure, relief_capacity, target_capacity, target_list,
    target_mean_wait,
};

fn dict<'py>(py: Python<'py>, items: &[(&str, f64)]) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    for (name, value) in items {
        dict.set_item(name, value)?;
    }
    Ok(dict)
}

fn steady<'py>(py: Python<'py>, queue: &Steady) -> PyResult<Bound<'py, PyDict>> {
    dict(
        py,
        &[
            ("load", queue.load),
            ("p_empty", queue.p_empty),
            ("p_wait", queue.p_wait),
            ("waiting", queue.waiting),
            ("present", queue.present),
            ("wait", queue.wait),
            ("time", queue.time),
        ],
    )
}

/// Share turned away where nobody may wait.
#[pyfunction]
pub fn erlang_b(py: Python<'_>, slots: usize, offered: f64) -> PyResult<f64> {
    erlang::erlang_b(slots, offered).or_raise(py)
}

/// The queue in the long run.
#[pyfunction]
pub fn erlang_c(
    py: Python<'_>,
    arrivals: f64,
    duration: f64,
    slots: usize,
) -> PyResult<Bound<'_, PyDict>> {
    steady(
        py,
        &erlang::erlang_c(arrivals, duration, slots).or_raise(py)?,
    )
}

/// Share who wait longer than a time.
#[pyfunction]
pub fn waits_longer(
    py: Python<'_>,
    arrivals: f64,
    duration: f64,
    slots: usize,
    time: f64,
) -> PyResult<f64> {
    erlang::waits_longer(arrivals, duration, slots, time).or_raise(py)
}

/// Time within which a share of people start.
#[pyfunction]
pub fn wait_of_share(
    py: Python<'_>,
    arrivals: f64,
    duration: f64,
    slots: usize,
    share: f64,
) -> PyResult<f64> {
    erlang::wait_of_share(arrivals, duration, slots, share).or_raise(py)
}

/// Fewest slots with which a share of people wait no longer than a time.
#[pyfunction]
pub fn slots_for(
    py: Python<'_>,
    arrivals: f64,
    duration: f64,
    time: f64,
    share: f64,
) -> PyResult<usize> {
    erlang::slots_for(arrivals, duration, time, share).or_raise(py)
}

/// The queue in the long run from which people give up.
#[pyfunction]
pub fn erlang_a(
    py: Python<'_>,
    arrivals: f64,
    duration: f64,
    slots: usize,
    give_up: f64,
) -> PyResult<Bound<'_, PyDict>> {
    let queue = py
        .detach(|| giving_up::erlang_a(arrivals, duration, slots, give_up))
        .or_raise(py)?;
    dict(
        py,
        &[
            ("load", queue.load),
            ("utilisation", queue.utilisation),
            ("p_wait", queue.p_wait),
            ("p_give_up", queue.p_give_up),
            ("waiting", queue.waiting),
            ("present", queue.present),
            ("wait", queue.wait),
            ("started", queue.started),
        ],
    )
}

/// One slot with durations of any spread.
#[pyfunction]
pub fn one_slot(
    py: Python<'_>,
    arrivals: f64,
    duration: f64,
    sd: f64,
) -> PyResult<Bound<'_, PyDict>> {
    let durations = Durations { mean: duration, sd };
    steady(py, &single::one_slot(arrivals, durations).or_raise(py)?)
}

fn classes<'py>(py: Python<'py>, classes: &[Class]) -> PyResult<Vec<Bound<'py, PyDict>>> {
    let of = |class: &Class| {
        dict(
            py,
            &[
                ("waiting", class.waiting),
                ("present", class.present),
                ("wait", class.wait),
                ("time", class.time),
            ],
        )
    };
    classes.iter().map(of).collect()
}

/// Classes by priority at one slot: arrivals, mean duration and standard deviation of each.
#[pyfunction]
#[allow(clippy::needless_pass_by_value)] // a list of Python can only be had as a new one
pub fn priority(py: Python<'_>, given: Vec<(f64, f64, f64)>) -> PyResult<Vec<Bound<'_, PyDict>>> {
    let by_class: Vec<_> = given
        .iter()
        .map(|&(arrivals, mean, sd)| (arrivals, Durations { mean, sd }))
        .collect();
    classes(py, &single::priority(&by_class).or_raise(py)?)
}

/// Classes by priority at several slots.
#[pyfunction]
#[allow(clippy::needless_pass_by_value)]
pub fn priority_at_slots(
    py: Python<'_>,
    arrivals: Vec<f64>,
    duration: f64,
    slots: usize,
) -> PyResult<Vec<Bound<'_, PyDict>>> {
    let found = single::priority_at_slots(&arrivals, duration, slots).or_raise(py)?;
    classes(py, &found)
}

/// Cases open after a time, from none.
#[pyfunction]
#[pyo3(signature = (starts, duration, time, family, sd))]
pub fn open_cases<'py>(
    py: Python<'py>,
    starts: f64,
    duration: f64,
    time: f64,
    family: &str,
    sd: Option<f64>,
) -> PyResult<Bound<'py, PyDict>> {
    let length = Length::named(family, duration, sd).or_raise(py)?;
    let cases = caseload::open_cases(starts, length, time).or_raise(py)?;
    dict(
        py,
        &[
            ("mean", cases.mean),
            ("variance", cases.variance),
            ("settled", cases.settled),
        ],
    )
}

/// The list of a weekly clinic.
#[pyfunction]
pub fn weekly_clinic(
    py: Python<'_>,
    arrivals: f64,
    slots: usize,
    dispersion: f64,
) -> PyResult<Bound<'_, PyDict>> {
    let list = py
        .detach(|| clinic::weekly_clinic(arrivals, slots, dispersion))
        .or_raise(py)?;
    dict(
        py,
        &[
            ("load", list.load),
            ("before", list.before),
            ("before_sd", list.before_sd),
            ("after", list.after),
            ("after_sd", list.after_sd),
            ("wait", list.wait),
        ],
    )
}

/// Steps of care: name, arrivals from outside, duration, slots and shares who move to each step.
#[pyfunction]
pub fn stepped_care(
    py: Python<'_>,
    steps: Vec<(String, f64, f64, usize, Vec<f64>)>,
) -> PyResult<Bound<'_, PyDict>> {
    let steps: Vec<Step> = steps
        .into_iter()
        .map(|(name, from_outside, duration, slots, moves)| Step {
            name,
            from_outside,
            duration,
            slots,
            moves,
        })
        .collect();
    let found = network::stepped_care(&steps).or_raise(py)?;
    let by_name = PyDict::new(py);
    for ((step, queue), arrivals) in steps.iter().zip(&found.steps).zip(&found.arrivals) {
        let of_step = steady(py, queue)?;
        of_step.set_item("arrivals", arrivals)?;
        by_name.set_item(&step.name, of_step)?;
    }
    let all = dict(py, &[("present", found.present), ("time", found.time)])?;
    all.set_item("steps", by_name)?;
    Ok(all)
}

/// A fluid list after a time.
#[pyfunction]
pub fn list_after(
    py: Python<'_>,
    opening: f64,
    arrivals: f64,
    capacity: f64,
    time: f64,
    give_up: f64,
) -> PyResult<f64> {
    Given::new()
        .at_least_zero("opening", opening)
        .at_least_zero("arrivals", arrivals)
        .at_least_zero("capacity", capacity)
        .at_least_zero("time", time)
        .at_least_zero("give_up", give_up)
        .done()
        .or_raise(py)?;
    Ok(fluid_list_with_giving_up(
        opening, arrivals, capacity, give_up, time,
    ))
}

/// Demand over capacity.
#[pyfunction]
pub fn list_load(py: Python<'_>, demand: f64, capacity: f64) -> PyResult<f64> {
    Given::new()
        .at_least_zero("demand", demand)
        .positive("capacity", capacity)
        .done()
        .or_raise(py)?;
    Ok(load(demand, capacity))
}

/// List at which a target is met, and the mean wait there.
#[pyfunction]
pub fn list_at_target(
    py: Python<'_>,
    demand: f64,
    target_wait: f64,
    factor: f64,
) -> PyResult<(f64, f64)> {
    Given::new()
        .at_least_zero("demand", demand)
        .positive("target_wait", target_wait)
        .positive("factor", factor)
        .done()
        .or_raise(py)?;
    Ok((
        target_list(demand, target_wait, factor),
        target_mean_wait(target_wait, factor),
    ))
}

/// Capacity that brings a list to its target in a time.
#[pyfunction]
pub fn capacity_for_relief(
    py: Python<'_>,
    demand: f64,
    waiting: f64,
    target: f64,
    time: f64,
) -> PyResult<f64> {
    Given::new()
        .at_least_zero("demand", demand)
        .at_least_zero("waiting", waiting)
        .at_least_zero("target", target)
        .positive("time", time)
        .done()
        .or_raise(py)?;
    Ok(relief_capacity(demand, waiting, target, time))
}

/// Capacity that keeps a target wait.
#[pyfunction]
pub fn capacity_for_target(
    py: Python<'_>,
    demand: f64,
    target_wait: f64,
    factor: f64,
    cv_demand: f64,
    cv_capacity: f64,
) -> PyResult<f64> {
    Given::new()
        .at_least_zero("demand", demand)
        .positive("target_wait", target_wait)
        .positive("factor", factor)
        .at_least_zero("cv_demand", cv_demand)
        .at_least_zero("cv_capacity", cv_capacity)
        .done()
        .or_raise(py)?;
    Ok(target_capacity(
        demand,
        target_wait,
        factor,
        cv_demand,
        cv_capacity,
    ))
}

/// Twice the mean wait over the target wait.
#[pyfunction]
pub fn list_pressure(py: Python<'_>, mean_wait: f64, target_wait: f64) -> PyResult<f64> {
    Given::new()
        .at_least_zero("mean_wait", mean_wait)
        .positive("target_wait", target_wait)
        .done()
        .or_raise(py)?;
    Ok(pressure(mean_wait, target_wait))
}

/// Little's law: the one of three that is left out.
#[pyfunction]
#[pyo3(signature = (arrivals, time, people))]
pub fn littles_law(
    py: Python<'_>,
    arrivals: Option<f64>,
    time: Option<f64>,
    people: Option<f64>,
) -> PyResult<f64> {
    queueing::little(arrivals, time, people).or_raise(py)
}
