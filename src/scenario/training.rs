//! Who trains, from when, and what can they do meanwhile? What a planner says about it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::unit::{DaysAWeek, Fixed, Heads, Pounds, Quantity, RateAYear, Share};

/// Courses and the people who start them.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Training {
    /// Courses by name.
    pub courses: BTreeMap<String, Course>,
    /// Groups of trainees who start together, also those who are in training when the plan starts.
    #[serde(default)]
    #[schemars(length(max = 200))]
    pub intakes: Vec<Intake>,
}

/// A course.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Course {
    /// Name as shown.
    pub title: String,
    /// Role that people have while they train.
    pub trainee_role: String,
    /// Role that they have when they qualify, and whose patients they see meanwhile.
    pub becomes: String,
    /// Calendar months from start to qualifying.
    #[schemars(range(min = 1, max = 60), extend("x-unit" = "months"))]
    pub months: u32,
    /// Share of a qualified person's bookable hours, from which month of the course on.
    #[schemars(length(min = 1, max = 36))]
    pub ramp: Vec<RampStep>,
    /// Days a week at the university; the ramp is already net of them.
    pub teaching_days_per_week: Fixed<DaysAWeek>,
    /// Trainees a year who leave the course early, per trainee: a hazard.
    pub leavers_per_year: Quantity<RateAYear>,
    /// Course fee for each trainee, paid nationally.
    pub fee: Fixed<Pounds>,
    /// Share of the trainee's pay that is paid nationally.
    pub salary_support: Fixed<Share>,
    /// Months that people must have been qualified before they may move to this course from inside
    /// the service.
    #[schemars(range(min = 0, max = 120), extend("x-unit" = "months"))]
    pub months_qualified_before: u32,
}

/// From this month on, this share.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RampStep {
    /// Month of the course, 1 is the first.
    #[schemars(range(min = 1, max = 60), extend("x-unit" = "months"))]
    pub from_month: u32,
    /// Share of a qualified person's bookable hours.
    pub share: Fixed<Share>,
}

/// Trainees who start a course together.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Intake {
    /// Name of the intake, if it needs one; no two may share it.
    pub id: Option<String>,
    /// Course that they start.
    pub course: String,
    /// First day of the course.
    #[schemars(with = "String", extend("format" = "date"))]
    pub start: Date,
    /// People who start.
    pub trainees: Quantity<Heads>,
    /// How many of them move over from qualified staff of this service. Left out: none.
    pub internal: Option<Quantity<Heads>>,
    /// Role that those people leave. Left out: `pwp`.
    pub internal_from: Option<String>,
    /// University.
    pub at: Option<String>,
}
