//! Is a piece of text a date, and if not, what should it have been?
//!
//! Only `year-month-day` of ISO 8601 is read, ten characters, because `04/05/2025` is two different
//! days to two readers. The message offers the British reading (day first) where there is one.

use thiserror::Error;

use super::Date;
use crate::error::shorten;

/// A text that is not a date of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not an ISO 8601 date (year-month-day, like 2025-04-01): '{value}'{fix}")]
pub struct DateError {
    /// The text, shortened to 80 characters.
    pub value: String,
    /// What to write instead, as the end of the message; empty where nothing suggests itself.
    pub fix: String,
}

/// Reads a date written `2025-04-01`, and nothing else (no time, no other order, no spaces).
///
/// # Errors
/// [`DateError`] with the value and, where one suggests itself, the date meant.
pub fn parse_iso_date(text: &str) -> Result<Date, DateError> {
    match iso_parts(text) {
        Some((year, month, day)) => {
            make(year, month, day).ok_or_else(|| error(text, day_past_month(year, month)))
        }
        None => Err(error(
            text,
            meant(text.trim()).map_or_else(String::new, |date| format!("; did you mean {date}?")),
        )),
    }
}

/// Year, month and day of a text in the one form that is read, whether or not the day exists.
fn iso_parts(text: &str) -> Option<(i16, i16, i16)> {
    let bytes = text.as_bytes();
    let form = bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-';
    form.then(|| split(text, '-')).flatten()
}

/// The date that a text in another form probably says: day first, or an ISO date among more.
fn meant(text: &str) -> Option<Date> {
    let other_order = ['/', '-', '.', ' ']
        .into_iter()
        .find_map(|mark| split(text, mark))
        .and_then(|(a, b, c)| make(c, b, a).or_else(|| make(a, b, c)));
    let head = || text.get(..10).and_then(iso_parts);
    other_order.or_else(|| head().and_then(|(year, month, day)| make(year, month, day)))
}

/// Three whole numbers in the order in which they are written.
fn split(text: &str, mark: char) -> Option<(i16, i16, i16)> {
    let number = |part: &str| {
        let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse().ok()).flatten()
    };
    let mut parts = text.split(mark).map(number);
    let three = (parts.next()??, parts.next()??, parts.next()??);
    parts.next().is_none().then_some(three)
}

fn make(year: i16, month: i16, day: i16) -> Option<Date> {
    // A two-digit year is no year of this century by guesswork.
    let real = year >= 1000;
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    Date::new(year, month, day).ok().filter(|_| real)
}

fn day_past_month(year: i16, month: i16) -> String {
    make(year, month, 1).map_or_else(
        || "; months run from 01 to 12 and years from 1000".to_owned(),
        |first| {
            format!(
                "; the days of {year}-{month:02} are 01 to {}",
                first.days_in_month()
            )
        },
    )
}

fn error(text: &str, fix: String) -> DateError {
    DateError {
        value: shorten(text),
        fix,
    }
}
