//! How long does a run last?

use crate::calendar::weeks_for_years;
use crate::error::{Problem, ProblemKind, Result};
use crate::scenario::Scenario;

/// How long a run lasts, if not as the scenario says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Horizon {
    /// As long as the scenario says.
    #[default]
    Scenario,
    /// So many weeks.
    Weeks(u32),
    /// The fewest weeks that cover so many calendar years.
    Years(u16),
}

impl Horizon {
    /// A horizon of whole years.
    #[must_use]
    pub const fn years(years: u16) -> Self {
        Self::Years(years)
    }

    /// Weeks of a run of `scenario`.
    ///
    /// # Errors
    /// [`crate::error::Error::Scenario`] if there is no week, or more than the calendar knows.
    pub fn weeks(self, scenario: &Scenario) -> Result<usize> {
        let calendar = &scenario.spec().calendar;
        let most = calendar.most_weeks();
        let (path, asked, weeks, limit) = match self {
            Self::Scenario => return Ok(calendar.weeks as usize),
            Self::Weeks(weeks) => ("weeks", weeks, weeks as usize, most),
            Self::Years(years) => {
                // So far ahead there are no dates.
                let weeks = if years > 60 {
                    usize::MAX
                } else {
                    weeks_for_years(calendar.kind.into(), calendar.start, years)
                };
                ("years", years.into(), weeks, most / 53)
            }
        };
        match weeks {
            0 => Err(ProblemKind::Field),
            weeks if weeks > most => Err(ProblemKind::Limit),
            weeks => Ok(weeks),
        }
        .map_err(|kind| {
            Problem::new(path, asked, format!("1 to {limit}"))
                .of_kind(kind)
                .into()
        })
    }
}
