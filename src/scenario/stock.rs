//! Who waits and who is in treatment on the first day? What a planner says about it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::unit::{Draw, People, Quantity, Share, WeekCount};

/// The live lists.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Waiting {
    /// Share of the people past their first treatment on the first day who had it within 6 weeks.
    pub first_treated_within_6_weeks: Quantity<Share>,
    /// Share of the people past their first treatment on the first day who had it within 18 weeks.
    pub first_treated_within_18_weeks: Quantity<Share>,
    /// People waiting for an assessment.
    pub assessment: Option<List>,
    /// People waiting for each Step 2 treatment.
    #[serde(default)]
    pub step2: BTreeMap<String, List>,
    /// People waiting for each Step 3 treatment.
    #[serde(default)]
    pub step3: BTreeMap<String, List>,
}

/// A list: either people by whole weeks waited, or a number of people spread evenly over weeks.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// People by whole weeks waited: 0, 1, 2, ...
    #[schemars(length(max = 520))]
    pub weeks: Option<Vec<Quantity<People>>>,
    /// People in all, if their waits are not known.
    pub people: Option<Quantity<People>>,
    /// Longest wait among them; they are spread evenly from 0 to this.
    pub longest_weeks: Option<Quantity<WeekCount>>,
    /// Weeks since referral of those who have waited 0, 1, 2, ... weeks here. Left out: they were
    /// referred when they joined this list.
    #[schemars(length(max = 520))]
    pub weeks_since_referral: Option<Vec<Quantity<WeekCount>>>,
}

impl List {
    /// People by whole weeks waited, in one drawn world; a bare number is spread evenly from 0 to the longest
    /// wait.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // at most 520 weeks
    pub fn by_age(&self, draw: Draw) -> Vec<f64> {
        if let Some(weeks) = &self.weeks {
            return weeks.iter().map(|people| people.at(draw)).collect();
        }
        let longest = self.longest_weeks.map_or(0.0, |weeks| weeks.at(draw));
        let cells = longest.floor() as usize + 1;
        let people = self.people.map_or(0.0, |people| people.at(draw));
        vec![people / cells as f64; cells]
    }

    /// Weeks that the clock since referral of those who have waited `age` weeks runs ahead, in one drawn world.
    #[must_use]
    pub fn weeks_ahead(&self, age: usize, draw: Draw) -> f64 {
        let since = self.weeks_since_referral.as_ref();
        let since = since.and_then(|since| since.get(age));
        since.map_or(0.0, |since| (since.at(draw) - age as f64).max(0.0))
    }
}

/// Courses that are open on the first day.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenCourses {
    /// For treatments not listed below: `steady` fills the staff's hours as in a settled service,
    /// `empty` starts with nobody in treatment.
    pub otherwise: Opening,
    /// People by the number of sessions they have had: 0, 1, 2, ...
    #[serde(default)]
    pub step2: BTreeMap<String, Vec<Quantity<People>>>,
    /// People by the number of sessions they have had: 0, 1, 2, ...
    #[serde(default)]
    pub step3: BTreeMap<String, Vec<Quantity<People>>>,
}

/// What is assumed of open courses that nobody counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Opening {
    /// As in a settled service with the staff in post and the demand at the start.
    Steady,
    /// Nobody is in treatment.
    Empty,
}
