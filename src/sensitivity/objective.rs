//! What is to be decided by? One number of each option in each world, of which more is better.
//!
//! ```text
//! net benefit          value of a recovery x people recovered - cost to all payers          pounds
//! cost to meet         - cost - price of a course x people too many on the list             pounds
//! any outcome          the outcome, or less it where less of it is better                   its unit
//! ```
//!
//! People too many are those beyond the list at which the mean wait would be the standard: with a wait of `w` weeks
//! and a standard of `s`, the share `1 - s / w` of the list (Little's law: list = starts a week x wait). The price
//! is what it costs to buy one course for them elsewhere. Neither the value nor the price has a default: both are
//! statements of whoever decides.

use crate::error::{Error, Problem, Result};
use crate::outcome::{NUMBER, OUTCOMES, place};

/// Most pounds for one recovery or one course.
pub const MOST_POUNDS: f64 = 1e7;

/// What options are compared by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Objective {
    /// Pounds of recoveries less cost.
    NetBenefit {
        /// What a recovery is worth [pounds].
        value_per_recovery: f64,
    },
    /// Cost, and the price of courses for those whom the standard leaves no place on the list.
    CostToMeet {
        /// The step whose mean wait has a standard.
        step: Step,
        /// Longest mean wait that meets it [weeks].
        weeks: f64,
        /// Price of a course elsewhere [pounds].
        price_per_course: f64,
    },
    /// One outcome of a run, by its place among [`OUTCOMES`].
    Outcome(usize),
}

/// A step with a list of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Step 2.
    Two,
    /// Step 3.
    Three,
}

impl Step {
    /// Outcomes that are its mean wait at the end of a run and its list.
    const fn outcomes(self) -> (&'static str, &'static str) {
        match self {
            Self::Two => ("wait_step2_weeks", "waiting_step2"),
            Self::Three => ("wait_step3_weeks", "waiting_step3"),
        }
    }
}

impl Objective {
    /// The outcome of that name.
    ///
    /// # Errors
    /// [`Error::Unknown`] with the names there are, nearest first.
    pub fn outcome(name: &str) -> Result<Self> {
        place(name).map(Self::Outcome)
    }

    /// Checks the numbers that were stated.
    ///
    /// # Errors
    /// [`Error::Scenario`] with every number that is not finite or out of its range.
    pub fn check(&self) -> Result<()> {
        let stated: &[(&str, f64, f64)] = match self {
            Self::NetBenefit { value_per_recovery } => {
                &[("value_per_recovery", *value_per_recovery, MOST_POUNDS)]
            }
            Self::CostToMeet {
                weeks,
                price_per_course,
                ..
            } => &[
                ("standard", *weeks, 520.0),
                ("price_per_course", *price_per_course, MOST_POUNDS),
            ],
            Self::Outcome(_) => &[],
        };
        let problems: Vec<Problem> = stated
            .iter()
            .filter(|(_, value, most)| !(*value >= 0.0 && value <= most))
            .map(|(name, value, most)| Problem::new(name, value, format!("0 to {most}")))
            .collect();
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Error::Scenario(problems))
        }
    }

    /// Name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::NetBenefit { .. } => "net_benefit",
            Self::CostToMeet { .. } => "cost_to_meet",
            Self::Outcome(place) => OUTCOMES[*place].name,
        }
    }

    /// Unit.
    #[must_use]
    pub fn unit(&self) -> &'static str {
        match self {
            Self::Outcome(place) => OUTCOMES[*place].unit,
            _ => "pounds",
        }
    }

    /// True for what adds up over the weeks of a run, so that a mean year of it can be told.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        const TOTALS: [&str; 4] = ["course_starts", "finishers", "recovered", "cost"];
        match self {
            Self::Outcome(place) => TOTALS.contains(&OUTCOMES[*place].name),
            _ => true,
        }
    }

    /// True where more of the value that is shown is better; a cost is shown as a cost.
    #[must_use]
    pub const fn more_is_better(&self) -> bool {
        match self {
            Self::NetBenefit { .. } => true,
            Self::CostToMeet { .. } => false,
            Self::Outcome(place) => OUTCOMES[*place].more_is_better,
        }
    }

    /// The value of a run, as it is shown.
    ///
    /// # Errors
    /// [`Error::Unknown`] if the outcomes have lost a name that it needs.
    pub fn value(&self, outcomes: &[f64; NUMBER]) -> Result<f64> {
        let of = |name: &str| place(name).map(|place| outcomes[place]);
        Ok(match *self {
            Self::NetBenefit { value_per_recovery } => {
                value_per_recovery * of("recovered")? - of("cost")?
            }
            Self::CostToMeet {
                step,
                weeks,
                price_per_course,
            } => {
                let (wait, list) = step.outcomes();
                let (wait, list) = (of(wait)?, of(list)?);
                of("cost")? + price_per_course * too_many(list, wait, weeks)
            }
            Self::Outcome(place) => outcomes[place],
        })
    }

    /// The value of a run, turned so that more is better.
    ///
    /// # Errors
    /// [`Error::Unknown`] if the outcomes have lost a name that it needs.
    pub fn benefit(&self, outcomes: &[f64; NUMBER]) -> Result<f64> {
        let value = self.value(outcomes)?;
        Ok(if self.more_is_better() { value } else { -value })
    }
}

/// People beyond the list at which a mean wait would be the standard; everybody where the wait has no end.
///
/// ```
/// // 300 people wait 20 weeks: 15 start a week; with 12 weeks the list is 180.
/// assert_eq!(skillmix::sensitivity::objective::too_many(300.0, 20.0, 12.0), 120.0);
/// ```
#[must_use]
pub fn too_many(list: f64, wait: f64, standard: f64) -> f64 {
    if wait > standard {
        list * (1.0 - standard / wait)
    } else {
        0.0
    }
}
