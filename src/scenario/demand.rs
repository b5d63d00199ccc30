//! Who is referred, and when? What a planner says about it.

mod segments;

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::calendar::{CalendarKind, HOLIDAY_YEARS};
pub use segments::{OTHERS, Segment, spec_of};

use crate::unit::{Dispersion, Fixed, Growth, Index, People, Quantity, Referrals, Share};

/// When the plan starts, how long it runs and which days are worked.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarSpec {
    /// `england` has bank holidays and financial years; `plain` has 52-week years of five-day weeks,
    /// for textbook cases.
    pub kind: CalendarChoice,
    /// First day of the first step. Steps are seven days long.
    #[schemars(with = "String", extend("format" = "date"))]
    pub start: Date,
    /// Number of steps.
    #[schemars(range(min = 1, max = MOST_WEEKS), extend("x-unit" = "weeks"))]
    pub weeks: u32,
    /// Index of time lost to leave and sickness by month, January first, mean 1: it spreads the lost
    /// weeks over the year and keeps their total.
    pub leave_profile: [Fixed<Index>; 12],
}

/// First and last day for which bank holidays are known: April of the first year, when plans begin.
pub const KNOWN_DAYS: [Date; 2] = [
    jiff::civil::date(*HOLIDAY_YEARS.start(), 4, 1),
    jiff::civil::date(*HOLIDAY_YEARS.end(), 12, 31),
];

/// Most weeks of any run: 50 years.
pub const MOST_WEEKS: u32 = 2600;

impl CalendarSpec {
    /// Most weeks of a run from the start: on real dates, those whose bank holidays are known.
    #[must_use]
    pub fn most_weeks(&self) -> usize {
        match self.kind {
            CalendarChoice::Plain => MOST_WEEKS as usize,
            CalendarChoice::England => {
                let days = (KNOWN_DAYS[1] - self.start).get_days();
                usize::try_from((days + 1) / 7).unwrap_or(0)
            }
        }
    }
}

/// The calendars that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CalendarChoice {
    /// Real dates with the bank holidays of England.
    England,
    /// Years of 52 weeks of five working days.
    Plain,
}

impl From<CalendarChoice> for CalendarKind {
    fn from(choice: CalendarChoice) -> Self {
        match choice {
            CalendarChoice::England => Self::England,
            CalendarChoice::Plain => Self::Plain,
        }
    }
}

/// Referrals: exactly one of `rate`, `series` or `need`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Demand {
    /// A number of referrals in a period.
    pub rate: Option<Rate>,
    /// Referrals by month, as counted.
    pub series: Option<Series>,
    /// People who need help and the share of them who are to be treated.
    pub need: Option<Need>,
    /// Growth of referrals a year, from the start of the calendar; months that are stated inside the
    /// horizon are taken as they are.
    pub growth_per_year: Quantity<Growth>,
    /// Index of referrals per working day by month, January first, mean 1.
    pub season: [Fixed<Index>; 12],
    /// Variance over mean of the count of a month: 1 is Poisson. Used by luck `chance` only.
    pub dispersion: Quantity<Dispersion>,
    /// Where people are referred from, by name, such as `gp` and `self_referral`: shares of referrals that sum
    /// to 1. Used by `simulate` only. Left out: one source, `all`.
    #[serde(default)]
    pub sources: BTreeMap<String, Fixed<Share>>,
    /// Share of referrals that are urgent; a treatment with `queue = "urgent_first"` starts them first. Used by
    /// `simulate` only. Left out: none.
    pub urgent_share: Option<Quantity<Share>>,
    /// Groups of people who differ from the others, by name, such as `older_people` and `interpreter`. Used by
    /// `simulate` only; `plan` and `project` reckon with the means over everybody, which stay as stated. Left out:
    /// everybody is alike.
    #[serde(default)]
    pub segments: BTreeMap<String, Segment>,
}

impl Demand {
    /// Names of the sources and their shares of referrals.
    #[must_use]
    pub fn shares_of_sources(&self) -> Vec<(&str, f64)> {
        if self.sources.is_empty() {
            return vec![("all", 1.0)];
        }
        let sources = self.sources.iter();
        sources
            .map(|(name, share)| (name.as_str(), share.value()))
            .collect()
    }
}

/// A number of referrals in a period.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Referrals in each period.
    pub referrals: Quantity<Referrals>,
    /// The period that they are counted in.
    pub per: Period,
}

/// Periods in which referrals are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// Every working day brings the same number; the season is not used.
    WorkingDay,
    /// A twelfth of a year on average; the season decides which month has more.
    Month,
    /// A year; the season decides which month has more.
    Year,
}

/// Referrals by month, as counted.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// Referrals by month, written `"2025-04" = 812`. Months after the last one repeat the same month
    /// of the last year stated, with growth; with less than a year stated, the mean level with season.
    pub months: BTreeMap<String, Quantity<Referrals>>,
    /// File that the months came from, for the record.
    pub file: Option<String>,
    /// SHA-256 of that file, for the record.
    pub sha256: Option<String>,
    /// Where the numbers come from.
    pub source: Option<String>,
}

/// Referrals from need: people x prevalence x access rate are people **treated** in a year, so they are
/// divided by first treatments per referral.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// Adults living in the area.
    pub people: Quantity<People>,
    /// Share of them with a common mental disorder.
    pub prevalence: Quantity<Share>,
    /// Share of those to be treated in a year.
    pub access_rate: Quantity<Share>,
}
