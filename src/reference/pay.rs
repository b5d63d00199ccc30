//! What does a post of an Agenda for Change band earn in a financial year, and who says so?
//!
//! Full-time basic pay in England, bands 4 to 9, from `data/afc_pay.csv`:
//!
//! ```text
//! middle point = the table's middle point where it has one, else (entry + top) / 2
//! pay of a later year = last table x product over the years since of (1 + award)
//! ```
//!
//! Pay by years in the band is in [`step_salary`]; each figure's standing in [`salary_fact`].

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::calendar::{Date, financial_year_label, financial_year_of};
use crate::error::shorten;

mod band;
mod steps;
#[cfg(test)]
mod tests;

use band::KNOWN_BANDS;
pub use band::{Band, PayPoint};
pub use steps::{points_of, step_fact, step_salary, step_salary_projected, years_to_top};

/// How many bands there are.
const BANDS: usize = Band::ALL.len();

/// A financial year of pay, from 1 April, by the calendar year in which it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PayYear(pub i16);

impl PayYear {
    /// The year that a day falls in.
    #[must_use]
    pub fn of(day: Date) -> Self {
        Self(financial_year_of(day))
    }

    /// Its first day, 1 April.
    #[must_use]
    pub fn first_day(self) -> Date {
        Date::new(self.0, 4, 1).unwrap_or(Date::MAX)
    }
}

impl fmt::Display for PayYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&financial_year_label(self.0))
    }
}

impl FromStr for PayYear {
    type Err = PayError;

    fn from_str(text: &str) -> Result<Self, PayError> {
        let first = text
            .get(..4)
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
        first
            .and_then(|digits| digits.parse().ok().map(PayYear))
            .filter(|year| year.to_string() == text)
            .ok_or_else(|| PayError::NotAYear {
                value: shorten(text),
            })
    }
}

/// How far a figure can be trusted; later variants less than earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Seen in its source.
    Published,
    /// Worked out from published figures.
    Derived,
    /// Recalled, and an arithmetic check against a published figure holds.
    CrossChecked,
    /// Recalled only, or standing in for a figure that was not found.
    Unverified,
}

impl Status {
    /// The word for it in outputs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Derived => "derived",
            Self::CrossChecked => "cross-checked",
            Self::Unverified => "unverified",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A figure and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fact {
    /// The figure \[pounds a year, full-time, unless its owner says otherwise\].
    pub value: f64,
    /// How far it can be trusted.
    pub status: Status,
    /// Where it was seen, or how it was checked.
    pub source: &'static str,
    /// How it was worked out; empty for a figure as it stands in its source.
    pub note: &'static str,
}

/// The pay of one band in one year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PayRow {
    /// Financial year.
    pub year: PayYear,
    /// Band.
    pub band: Band,
    /// First point \[pounds a year, full-time\].
    pub entry: Fact,
    /// Middle point, where the band has one \[pounds a year, full-time\].
    pub middle: Option<Fact>,
    /// Last point \[pounds a year, full-time\].
    pub top: Fact,
}

/// A question about pay or on-costs that has no answer.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum PayError {
    /// There is no such band.
    #[error("unknown band '{value}'; known: {KNOWN_BANDS}{hint}")]
    UnknownBand {
        /// The text, shortened to 80 characters.
        value: String,
        /// The nearest band, as the end of the message.
        hint: String,
    },
    /// A text does not name a financial year.
    #[error("not a financial year: '{value}'; written like 2025/26")]
    NotAYear {
        /// The text, shortened to 80 characters.
        value: String,
    },
    /// No table holds the year.
    #[error("no {what} for {year}; tables run from {first} to {last}; nearest: {}", (*year).clamp(*first, *last))]
    YearOutside {
        /// Which table.
        what: &'static str,
        /// The year asked for.
        year: PayYear,
        /// First year of the table.
        first: PayYear,
        /// Last year of the table.
        last: PayYear,
    },
    /// A number is not finite or lies outside what is allowed.
    #[error("{what} is {value}; allowed: {allowed}")]
    Outside {
        /// Which number.
        what: &'static str,
        /// Its value.
        value: f64,
        /// What is allowed.
        allowed: &'static str,
    },
}

/// Basis codes of the data files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(in crate::reference) enum Basis {
    /// Seen.
    V,
    /// Derived.
    D,
    /// Recalled and checked.
    X,
    /// Recalled.
    R,
}

impl From<Basis> for Status {
    fn from(basis: Basis) -> Self {
        match basis {
            Basis::V => Self::Published,
            Basis::D => Self::Derived,
            Basis::X => Self::CrossChecked,
            Basis::R => Self::Unverified,
        }
    }
}

#[derive(Deserialize)]
struct PayLine {
    year: String,
    band: String,
    entry: f64,
    mid: Option<f64>,
    top: f64,
    basis: Basis,
    entry_basis: Option<Basis>,
    mid_basis: Option<Basis>,
    top_basis: Option<Basis>,
    source: String,
}

/// Every year from the first to the last without a gap, each with every band, in order.
static TABLE: LazyLock<Vec<PayRow>> = LazyLock::new(|| {
    lines("afc_pay.csv", include_str!("data/afc_pay.csv"))
        .into_iter()
        .map(|line: PayLine| {
            let source: &'static str = line.source.leak();
            let fact = |value, own: Option<Basis>| Fact {
                value,
                status: own.unwrap_or(line.basis).into(),
                source,
                note: "",
            };
            PayRow {
                year: shipped("afc_pay.csv", line.year.parse()),
                band: shipped("afc_pay.csv", line.band.parse()),
                entry: fact(line.entry, line.entry_basis),
                middle: line.mid.map(|value| fact(value, line.mid_basis)),
                top: fact(line.top, line.top_basis),
            }
        })
        .collect()
});

/// First year that the pay table holds.
#[must_use]
pub fn first_year() -> PayYear {
    TABLE.first().map_or(PayYear(0), |row| row.year)
}

/// Last year that the pay table holds; later years need pay awards ([`salary_projected`]).
#[must_use]
pub fn max_year() -> PayYear {
    TABLE.last().map_or(PayYear(0), |row| row.year)
}

/// The years that the pay table holds, in order.
pub fn years() -> impl Iterator<Item = PayYear> {
    (first_year().0..=max_year().0).map(PayYear)
}

/// Every row of the pay table, by year and band.
pub fn pay_table() -> impl Iterator<Item = &'static PayRow> {
    TABLE.iter()
}

/// Full-time basic pay \[pounds a year\] of a band at a point in a year that the table holds.
///
/// # Errors
/// [`PayError::YearOutside`] before the first and after the last table.
///
/// ```
/// use skillmix::reference::pay::{Band, PayPoint, PayYear, salary};
/// assert_eq!(salary(Band::B5, PayPoint::Middle, PayYear(2025))?, 33_487.0);
/// # Ok::<(), skillmix::reference::pay::PayError>(())
/// ```
pub fn salary(band: Band, point: PayPoint, year: PayYear) -> Result<f64, PayError> {
    salary_fact(band, point, year).map(|fact| fact.value)
}

/// The same with its standing and source. A mean of entry and top is `derived` at best.
///
/// # Errors
/// [`PayError::YearOutside`] before the first and after the last table.
pub fn salary_fact(band: Band, point: PayPoint, year: PayYear) -> Result<Fact, PayError> {
    let row = row(band, year)?;
    Ok(match point {
        PayPoint::Entry => row.entry,
        PayPoint::Top => row.top,
        PayPoint::Middle => row.middle.unwrap_or(Fact {
            value: f64::midpoint(row.entry.value, row.top.value),
            status: Status::Derived.max(row.entry.status).max(row.top.status),
            source: row.entry.source,
            note: "mean of entry and top: the band has no middle point in the table",
        }),
    })
}

/// Full-time basic pay \[pounds a year\] in any year from the first table on: as published where
/// there is a table, else the last table raised by `awards` \[shares, the first for the year after
/// the last table\] and, for the years that they do not reach, by `default_award` \[share\].
///
/// # Errors
/// [`PayError::YearOutside`] before the first table; [`PayError::Outside`] for an award that is not
/// between -0.5 and 1.
pub fn salary_projected(
    band: Band,
    point: PayPoint,
    year: PayYear,
    awards: &[f64],
    default_award: f64,
) -> Result<f64, PayError> {
    let factor = award_factor(year, awards, default_award)?;
    Ok(salary(band, point, year.min(max_year()))? * factor)
}

/// What the awards since the last table multiply pay by \[ratio\]; 1 in every year with a table.
///
/// # Errors
/// [`PayError::Outside`] for an award that is not between -0.5 and 1, or a product without end.
pub fn award_factor(year: PayYear, awards: &[f64], default_award: f64) -> Result<f64, PayError> {
    for &award in awards.iter().chain([&default_award]) {
        check("pay award", award, -0.5..=1.0, "-0.5 to 1")?;
    }
    let ahead = usize::try_from(i32::from(year.0) - i32::from(max_year().0)).unwrap_or(0);
    let named = &awards[..ahead.min(awards.len())];
    let rest = i32::try_from(ahead - named.len()).unwrap_or(i32::MAX);
    let factor: f64 =
        named.iter().map(|award| 1.0 + award).product::<f64>() * (1.0 + default_award).powi(rest);
    check(
        "product of the pay awards",
        factor,
        0.0..=1e6,
        "0 to 1,000,000",
    )?;
    Ok(factor)
}

fn row(band: Band, year: PayYear) -> Result<&'static PayRow, PayError> {
    let (first, last) = (first_year(), max_year());
    usize::try_from(i32::from(year.0) - i32::from(first.0))
        .ok()
        .and_then(|years| TABLE.get(BANDS * years + band as usize))
        .ok_or(PayError::YearOutside {
            what: "pay table",
            year,
            first,
            last,
        })
}

/// That a number lies in a range; NaN lies in none.
pub(in crate::reference) fn check(
    what: &'static str,
    value: f64,
    range: std::ops::RangeInclusive<f64>,
    allowed: &'static str,
) -> Result<(), PayError> {
    if range.contains(&value) {
        Ok(())
    } else {
        Err(PayError::Outside {
            what,
            value,
            allowed,
        })
    }
}

/// The rows of a shipped file below its comment lines.
pub(in crate::reference) fn lines<T: DeserializeOwned>(file: &str, text: &str) -> Vec<T> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    reader
        .deserialize()
        .map(|line| shipped(file, line))
        .collect()
}

/// A part of a shipped file. The files are part of the program and a test reads every one, so a
/// fault here is a fault of the build that no input can bring about.
#[allow(clippy::panic)]
pub(in crate::reference) fn shipped<T, E: fmt::Display>(file: &str, part: Result<T, E>) -> T {
    part.unwrap_or_else(|error| panic!("shipped file {file}: {error}"))
}
