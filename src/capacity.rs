//! How much time do staff have for patients?
//!
//! ```text
//! lost share = 1 - weeks available x 5 / working days of the financial year     (bank holidays apart)
//! available share of a week = 1 - lost share x leave profile, profile scaled to mean 1 over the year
//! bookable minutes = 60 x bookable hours x available share x (WTE x working days / 5)
//! ```

use crate::calendar::{Calendar, CalendarKind, Date, add_months, working_days_between};
use crate::unit::{Fixed, Index};

/// Leave profile of each week, scaled so that its mean over the working days of each whole financial year
/// is 1: the total that is lost stays what it is.
#[must_use]
pub fn leave_by_week(calendar: &Calendar, profile: &[Fixed<Index>; 12]) -> Vec<f64> {
    let first = usize::try_from(calendar.start.month() - 1).unwrap_or(0);
    let position = |index: usize, day: Date| match calendar.kind {
        CalendarKind::England => usize::try_from(day.month() - 1).unwrap_or(0),
        CalendarKind::Plain => (first + index) % 12,
    };
    let mean_of_year: Vec<f64> = calendar
        .financial_years
        .iter()
        .map(|year| match calendar.kind {
            CalendarKind::England => {
                let april = jiff::civil::date(year.first_calendar_year, 4, 1);
                let month = |n: i32| {
                    let (from, to) = (add_months(april, n), add_months(april, n + 1));
                    let days = f64::from(working_days_between(calendar.kind, from, to));
                    (profile[position(0, from)].value() * days, days)
                };
                let (weighted, days) = (0..12)
                    .map(month)
                    .fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
                weighted / days
            }
            CalendarKind::Plain => {
                let weeks = [4.0, 4.0, 5.0];
                (0..12)
                    .map(|n| profile[(first + n) % 12].value() * weeks[n % 3])
                    .sum::<f64>()
                    / 52.0
            }
        })
        .collect();
    let mut by_week = vec![0.0; calendar.weeks.len()];
    for segment in &calendar.segments {
        let month = &calendar.months[segment.month];
        let index = profile[position(segment.month, month.first)].value()
            / mean_of_year[month.financial_year];
        let worked = f64::from(calendar.weeks[segment.week].working_days);
        if worked > 0.0 {
            by_week[segment.week] += index * f64::from(segment.working_days) / worked;
        }
    }
    by_week
}

/// Share of working days lost to leave and sickness, when `weeks_available` weeks of five days are worked in
/// a year of `working_days`: bank holidays are inside the weeks lost, but apart from this share.
#[must_use]
pub fn lost_share(weeks_available: f64, working_days: f64) -> f64 {
    (1.0 - weeks_available * 5.0 / working_days).clamp(0.0, 1.0)
}

/// Bookable hours of a year of one WTE: hours a week x weeks available.
#[must_use]
pub fn bookable_hours_a_year(hours_a_week: f64, weeks_available: f64) -> f64 {
    hours_a_week * weeks_available
}
