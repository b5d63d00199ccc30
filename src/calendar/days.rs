//! How are days counted, and how do months and years add up?
//!
//! ```text
//! day number = days since Monday 29 December 1969, so number mod 7 is the weekday (0 = Monday)
//! weekdays before day n = 5 (n div 7) + min(n mod 7, 5)
//! trainee month = 1 + whole calendar months since the start
//! ```

use jiff::Span;
use jiff::civil::Weekday;

use super::{CalendarKind, DAYS_PER_STEP, Date, PLAIN_WEEKS_PER_YEAR, holidays};

/// Day 0, a Monday.
pub(super) const MONDAY_ZERO: Date = jiff::civil::date(1969, 12, 29);

/// The smallest number of seven-day steps that covers `years` years from `start`: calendar years
/// (the end date clips as trainee months do), or 52 weeks a year on the plain calendar.
#[must_use]
pub fn weeks_for_years(kind: CalendarKind, start: Date, years: u16) -> usize {
    match kind {
        CalendarKind::Plain => PLAIN_WEEKS_PER_YEAR * usize::from(years),
        CalendarKind::England => {
            let days = day_number(add_months(start, 12 * i32::from(years))) - day_number(start);
            usize::try_from(days)
                .unwrap_or(0)
                .div_ceil(usize::from(DAYS_PER_STEP))
        }
    }
}

/// Trainee month of a day \[1 = the first\]: calendar months counted from the start date, the 31st
/// clipping to the last day of a shorter month; `None` before the start.
///
/// ```
/// use skillmix::calendar::{months_since, parse_iso_date};
/// let start = parse_iso_date("2025-01-23")?;
/// assert_eq!(months_since(start, parse_iso_date("2025-04-22")?), Some(3));
/// assert_eq!(months_since(start, parse_iso_date("2025-04-23")?), Some(4));
/// # Ok::<(), skillmix::calendar::DateError>(())
/// ```
#[must_use]
pub fn months_since(start: Date, day: Date) -> Option<u32> {
    if day < start {
        return None;
    }
    let months = month_number(day) - month_number(start);
    let begun = day >= add_months(start, months);
    u32::try_from(if begun { months + 1 } else { months }).ok()
}

/// The same day `months` calendar months on (or back), clipped to the last day of a shorter month
/// and to the dates that exist.
#[must_use]
pub fn add_months(date: Date, months: i32) -> Date {
    let target = month_number(date).saturating_add(months);
    let beyond = if months < 0 { Date::MIN } else { Date::MAX };
    let year = i16::try_from(target.div_euclid(12));
    let month = i8::try_from(target.rem_euclid(12) + 1);
    let first = match (year, month) {
        (Ok(year), Ok(month)) => Date::new(year, month, 1),
        _ => return beyond,
    };
    first.map_or(beyond, |first| {
        let day = date.day().min(first.days_in_month());
        add_days(first, i32::from(day) - 1)
    })
}

/// Calendar year in which the financial year of a day began: 2024 for 31 March 2025, 2025 for
/// 1 April 2025.
#[must_use]
pub fn financial_year_of(date: Date) -> i16 {
    if date.month() < 4 {
        date.year() - 1
    } else {
        date.year()
    }
}

/// Name of the financial year that begins in a calendar year: `2025/26`.
#[must_use]
pub fn financial_year_label(first_calendar_year: i16) -> String {
    let next = (i32::from(first_calendar_year) + 1).rem_euclid(100);
    format!("{first_calendar_year}/{next:02}")
}

/// Days worked from one day up to, not including, another \[days\]; 0 where they are reversed.
#[must_use]
pub fn working_days_between(kind: CalendarKind, from_inclusive: Date, to_exclusive: Date) -> u32 {
    let days = working_days_in(kind, day_number(from_inclusive), day_number(to_exclusive));
    u32::try_from(days).unwrap_or(0)
}

/// Whether a day is worked: Monday to Friday and, in England, not a bank holiday.
#[must_use]
pub fn is_working_day(kind: CalendarKind, day: Date) -> bool {
    let number = day_number(day);
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
        && (kind == CalendarKind::Plain || holidays::holidays_between(number, number + 1) == 0)
}

/// Days worked among the day numbers from `from` up to, not including, `to`.
pub(super) fn working_days_in(kind: CalendarKind, from: i32, to: i32) -> i32 {
    if to <= from {
        return 0;
    }
    let weekdays_before = |day: i32| 5 * day.div_euclid(7) + day.rem_euclid(7).min(5);
    let weekdays = weekdays_before(to) - weekdays_before(from);
    match kind {
        CalendarKind::Plain => weekdays,
        CalendarKind::England => weekdays - holidays::holidays_between(from, to),
    }
}

/// Days since Monday 29 December 1969.
pub(super) fn day_number(date: Date) -> i32 {
    // Dates span less than 8 million days, so the fallback is never taken.
    i32::try_from(date.duration_since(MONDAY_ZERO).as_hours() / 24).unwrap_or(i32::MAX)
}

/// Months since January of the year 0.
fn month_number(date: Date) -> i32 {
    12 * i32::from(date.year()) + i32::from(date.month()) - 1
}

/// A day so many days on, cut off at the first and last date that exist.
pub(super) fn add_days(date: Date, days: i32) -> Date {
    // Inside one month no date arithmetic is needed, which is most of the steps of a calendar.
    let same_month = i32::from(date.day()).saturating_add(days);
    if let Ok(day @ 1..=28) = i8::try_from(same_month) {
        return Date::new(date.year(), date.month(), day).unwrap_or(date);
    }
    let beyond = if days < 0 { Date::MIN } else { Date::MAX };
    Span::new()
        .try_days(days)
        .and_then(|span| date.checked_add(span))
        .unwrap_or(beyond)
}

/// A count of days in the smaller type of a field; counts are at most 366, so nothing is lost.
pub(super) fn narrow<T: TryFrom<i32> + Default>(count: i32) -> T {
    T::try_from(count).unwrap_or_default()
}
