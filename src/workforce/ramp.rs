//! What share of a qualified person's bookable hours does a trainee work, and when?
//!
//! The ramp goes by calendar months since the start; it is already net of teaching days. What a resit, the
//! award and settling in make of it is in [`super::journey`].

use crate::scenario::training::{Course, RampStep};

/// Share of the last step that has begun by a month, counted from 1.
pub(super) fn step_in(steps: &[RampStep], month: u32) -> Option<f64> {
    let step = steps.iter().rev().find(|step| step.from_month <= month)?;
    Some(step.share.value())
}

/// Share in a month of the course, counted from 1.
pub(super) fn share_in(course: &Course, month: u32) -> f64 {
    step_in(&course.ramp, month).unwrap_or(0.0)
}

/// Mean share over the months of the course.
#[must_use]
pub fn mean_share(course: &Course) -> f64 {
    let months = 1..=course.months;
    months.map(|month| share_in(course, month)).sum::<f64>() / f64::from(course.months)
}

/// People that trainees help by month: each intake of (first month, trainees) at `annual` people a year
/// for a full year, the ramp by month and 1 after it.
#[must_use]
pub fn people_helped_by_month(
    intakes: &[(usize, f64)],
    annual: f64,
    ramp: &[f64],
    months: usize,
) -> Vec<f64> {
    let share = |month: usize, first: usize| {
        month
            .checked_sub(first)
            .map_or(0.0, |since| ramp.get(since).copied().unwrap_or(1.0))
    };
    let of_month = |month: usize| -> f64 {
        intakes
            .iter()
            .map(|&(first, trainees)| trainees * share(month, first))
            .sum::<f64>()
            * annual
            / 12.0
    };
    (0..months).map(of_month).collect()
}

/// Months without patients at which a training year yields `target` of `annual` people, when the share is
/// `middle` until `full_from_month` and 1 from then on: solves middle (f - 1 - m) + 13 - f = 12 target/annual.
#[must_use]
pub fn months_at_zero(annual: f64, target: f64, middle: f64, full_from_month: f64) -> f64 {
    full_from_month - 1.0 - (12.0 * target / annual - (13.0 - full_from_month)) / middle
}

/// WTE of trainees in practice and days of teaching a week: practice is five days less teaching days.
#[must_use]
pub fn practice(groups: &[(f64, f64)]) -> (f64, f64) {
    let wte = groups
        .iter()
        .map(|(trainees, teaching_days)| trainees * (5.0 - teaching_days) / 5.0)
        .sum();
    let days = groups
        .iter()
        .map(|(trainees, teaching_days)| trainees * teaching_days)
        .sum();
    (wte, days)
}
