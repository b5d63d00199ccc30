//! What share of a qualified person's bookable hours does a trainee work, and when?
//!
//! The ramp goes by calendar months since the start; it is already net of teaching days. Within a week
//! each working day counts for a fifth.

use crate::calendar::{CalendarKind, Date, add_months, is_working_day, months_since};
use crate::scenario::training::Course;

/// Share on a day; 0 before the start. After the course it is 1 and no longer a matter of the ramp.
#[must_use]
pub fn share_on(course: &Course, start: Date, day: Date) -> f64 {
    let Some(month) = months_since(start, day) else {
        return 0.0;
    };
    if month > course.months {
        return 1.0;
    }
    share_in(course, month)
}

/// Share in a month of the course, counted from 1.
fn share_in(course: &Course, month: u32) -> f64 {
    let mut steps = course.ramp.iter().rev();
    let step = steps.find(|step| step.from_month <= month);
    step.map_or(0.0, |step| step.share.value())
}

/// Mean share over the months of the course.
#[must_use]
pub fn mean_share(course: &Course) -> f64 {
    let months = 1..=course.months;
    months.map(|month| share_in(course, month)).sum::<f64>() / f64::from(course.months)
}

/// The day on which those who started together qualify.
#[must_use]
pub fn qualifies_on(course: &Course, start: Date) -> Date {
    add_months(start, i32::try_from(course.months).unwrap_or(i32::MAX))
}

/// What one trainee is worth in one week.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct TraineeWeek {
    /// Sum over working days in training of the ramp, in fifths of a week \[weeks\].
    pub ramped: f64,
    /// Working days in training, in fifths of a week \[weeks\].
    pub training: f64,
    /// Working days after qualifying, in fifths of a week \[weeks\].
    pub qualified: f64,
    /// Calendar days in training \[days\].
    pub training_days: f64,
    /// Calendar days after qualifying \[days\].
    pub qualified_days: f64,
    /// Calendar days in training for which salary support is paid \[days\].
    pub supported_days: f64,
}

/// One trainee in the week that begins on `first`.
#[must_use]
pub fn trainee_week(course: &Course, start: Date, kind: CalendarKind, first: Date) -> TraineeWeek {
    let qualifies = qualifies_on(course, start);
    let months = course
        .salary_support_months
        .map(|months| i32::try_from(months).unwrap_or(i32::MAX));
    let supported_to = months.map(|months| add_months(start, months));
    let mut week = TraineeWeek::default();
    let mut day = first;
    for _ in 0..7 {
        let works = if is_working_day(kind, day) { 0.2 } else { 0.0 };
        if day >= qualifies {
            week.qualified += works;
            week.qualified_days += 1.0;
        } else if day >= start {
            week.training += works;
            week.training_days += 1.0;
            if supported_to.is_none_or(|end| day < end) {
                week.supported_days += 1.0;
            }
            week.ramped += works * share_on(course, start, day);
        }
        day = day.tomorrow().unwrap_or(day);
    }
    week
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
