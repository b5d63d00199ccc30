//! How many people are referred, and when?
//!
//! ```text
//! rate:    referrals of a segment = R (1+g)^t x season x working days / (the same summed over the year)
//! series:  referrals of a segment = count of the month x working days / working days of the month
//! need:    R = people x prevalence x access rate / first treatments per referral
//! ```
//!
//! A segment is the part of a week that lies in one month, so that a monthly series comes back exactly.

use std::collections::BTreeMap;

use crate::calendar::{Calendar, CalendarKind, Date, add_months, working_days_between};
use crate::scenario::demand::{Demand, Period, Series};
use crate::unit::{Draw, Fixed, Index};

/// Share of a year's referrals in each segment of the calendar, before growth; the same in every world.
#[must_use]
pub fn shares_of_year(calendar: &Calendar, demand: &Demand) -> Vec<f64> {
    let weights = season_weights(calendar, &demand.season);
    let year_weights = weights_of_years(calendar, &demand.season);
    let of_segment = calendar.segments.iter().map(|segment| {
        let year = calendar.months[segment.month].financial_year;
        weights[segment.month] * f64::from(segment.working_days) / year_weights[year]
    });
    of_segment.collect()
}

/// Expected referrals of each segment of the calendar, in one drawn world \[people\].
///
/// `shares_of_year` are those of [`shares_of_year`]; `first_treatments_per_referral` turns need into referrals. Where
/// referrals are stated in another way, they are not used.
#[must_use]
pub fn referrals(
    calendar: &Calendar,
    shares_of_year: &[f64],
    demand: &Demand,
    first_treatments_per_referral: f64,
    draw: Draw,
) -> Vec<f64> {
    let growth = demand.growth_per_year.at(draw);
    if let Some(series) = &demand.series {
        let by_month = months_of_series(calendar, series, &demand.season, growth, draw);
        let share = |month: usize, days: u8| {
            f64::from(days) / f64::from(calendar.months[month].working_days_whole)
        };
        return calendar
            .segments
            .iter()
            .map(|s| by_month[s.month] * share(s.month, s.working_days))
            .collect();
    }
    let grown = |week: usize| {
        if growth == 0.0 {
            return 1.0;
        }
        (1.0 + growth).powf(week as f64 * 7.0 / 365.25)
    };
    if let Some(rate) = demand.rate.filter(|rate| rate.per == Period::WorkingDay) {
        let a_day = rate.referrals.at(draw);
        return calendar
            .segments
            .iter()
            .map(|s| a_day * f64::from(s.working_days) * grown(s.week))
            .collect();
    }
    let a_year = referrals_a_year(demand, first_treatments_per_referral, draw);
    let segments = calendar.segments.iter().zip(shares_of_year);
    segments
        .map(|(segment, share)| a_year * share * grown(segment.week))
        .collect()
}

/// Referrals of a year at the start of the calendar, before growth \[people\]; for a series, the mean of
/// its last twelve months times twelve.
#[must_use]
pub fn referrals_a_year(demand: &Demand, first_treatments_per_referral: f64, draw: Draw) -> f64 {
    match (&demand.rate, &demand.need, &demand.series) {
        (Some(rate), _, _) => {
            let periods = match rate.per {
                Period::WorkingDay => 365.25 / 7.0 * 5.0 - 8.0,
                Period::Month => 12.0,
                Period::Year => 1.0,
            };
            rate.referrals.at(draw) * periods
        }
        (_, Some(need), _) => {
            let treated =
                need.people.at(draw) * need.prevalence.at(draw) * need.access_rate.at(draw);
            treated / first_treatments_per_referral
        }
        (_, _, Some(series)) => {
            let last: Vec<f64> = series
                .months
                .values()
                .rev()
                .take(12)
                .map(|count| count.at(draw))
                .collect();
            last.iter().sum::<f64>() / last.len().max(1) as f64 * 12.0
        }
        _ => 0.0,
    }
}

/// Season index of each month of the calendar.
fn season_weights(calendar: &Calendar, season: &[Fixed<Index>; 12]) -> Vec<f64> {
    let first = calendar.months.first().map_or(0, |month| {
        usize::try_from(month.first.month() - 1).unwrap_or(0)
    });
    let position = |index: usize, day: Date| match calendar.kind {
        CalendarKind::England => usize::try_from(day.month() - 1).unwrap_or(0),
        CalendarKind::Plain => (first + index) % 12,
    };
    calendar
        .months
        .iter()
        .enumerate()
        .map(|(i, month)| season[position(i, month.first)].value())
        .collect()
}

/// Sum of season x working days over each whole financial year, also where the horizon covers part of it.
fn weights_of_years(calendar: &Calendar, season: &[Fixed<Index>; 12]) -> Vec<f64> {
    match calendar.kind {
        CalendarKind::England => {
            let year = |first: i16| -> f64 {
                let april = jiff::civil::date(first, 4, 1);
                let month = |n: i32| {
                    let (from, to) = (add_months(april, n), add_months(april, n + 1));
                    let index = usize::try_from(from.month() - 1).unwrap_or(0);
                    season[index].value()
                        * f64::from(working_days_between(CalendarKind::England, from, to))
                };
                (0..12).map(month).sum()
            };
            calendar
                .financial_years
                .iter()
                .map(|fy| year(fy.first_calendar_year))
                .collect()
        }
        CalendarKind::Plain => {
            let first = usize::try_from(calendar.start.month() - 1).unwrap_or(0);
            let weeks = [4.0, 4.0, 5.0];
            let year: f64 = (0..12)
                .map(|n| season[(first + n) % 12].value() * weeks[n % 3] * 5.0)
                .sum();
            vec![year; calendar.financial_years.len()]
        }
    }
}

fn month_number(name: &str) -> Option<i32> {
    Some(name.get(..4)?.parse::<i32>().ok()? * 12 + name.get(5..)?.parse::<i32>().ok()? - 1)
}

/// Referrals of each month of the calendar: as stated, or the same month of the last (or first) year
/// stated, grown by whole years; with less than a year stated, the mean level with season.
fn months_of_series(
    calendar: &Calendar,
    series: &Series,
    season: &[Fixed<Index>; 12],
    growth: f64,
    draw: Draw,
) -> Vec<f64> {
    let stated: BTreeMap<i32, f64> = series
        .months
        .iter()
        .filter_map(|(name, count)| Some((month_number(name)?, count.at(draw))))
        .collect();
    let (Some((&first, _)), Some((&last, _))) = (stated.first_key_value(), stated.last_key_value())
    else {
        return vec![0.0; calendar.months.len()];
    };
    let index = |number: i32| season[usize::try_from(number.rem_euclid(12)).unwrap_or(0)].value();
    let days = |number: i32| {
        let year = i16::try_from(number.div_euclid(12)).unwrap_or(i16::MAX);
        let from = jiff::civil::date(
            year,
            i8::try_from(number.rem_euclid(12) + 1).unwrap_or(1),
            1,
        );
        f64::from(working_days_between(
            calendar.kind,
            from,
            add_months(from, 1),
        ))
    };
    let seasonal_days: f64 = stated
        .keys()
        .map(|&number| index(number) * days(number))
        .sum();
    let level = if seasonal_days > 0.0 {
        stated.values().sum::<f64>() / seasonal_days
    } else {
        0.0
    };
    let start = i32::from(calendar.start.year()) * 12 + i32::from(calendar.start.month()) - 1;
    let of_month = |(position, month): (usize, &crate::calendar::Month)| {
        let number = match calendar.kind {
            CalendarKind::England => {
                i32::from(month.first.year()) * 12 + i32::from(month.first.month()) - 1
            }
            CalendarKind::Plain => start + i32::try_from(position).unwrap_or(0),
        };
        if let Some(&count) = stated.get(&number) {
            return count;
        }
        let years = if number > last {
            (number - last + 11).div_euclid(12)
        } else {
            -((first - number + 11).div_euclid(12))
        };
        let grown = (1.0 + growth).powi(years);
        match stated.get(&(number - 12 * years)) {
            Some(&count) => count * grown,
            None => level * index(number) * f64::from(month.working_days_whole) * grown,
        }
    };
    calendar.months.iter().enumerate().map(of_month).collect()
}
