//! Who supervises whom, for how long, and which rules apply? What a planner says about it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::unit::{ContactMinutes, Fixed, GroupSize, HoursAWeek, Ratio, Share};

/// Supervision owed and given.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Supervision {
    /// Kinds of supervision by name.
    pub norms: BTreeMap<String, Norm>,
    /// Most hours of supervision that a full-time supervisor can give in a week.
    pub most_hours_per_wte: Fixed<HoursAWeek>,
    /// Whether part-time staff are owed hours pro rata; otherwise the norm is a minimum for each head.
    pub pro_rata: bool,
    /// Most people one supervisor may supervise.
    pub supervisees_per_supervisor: RatioRule,
    /// Fewest qualified staff for each trainee of the same family.
    pub qualified_per_trainee: RatioRule,
}

/// One kind of supervision.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Norm {
    /// Name as shown.
    pub title: String,
    /// Roles that receive it.
    #[schemars(length(min = 1, max = 16))]
    pub supervisees: Vec<String>,
    /// Hours a week that each receives.
    pub hours_per_week: Fixed<HoursAWeek>,
    /// People supervised together; 1 is one to one.
    pub group_size: Fixed<GroupSize>,
    /// Roles that give it, in order of preference; none if the university does.
    #[serde(default)]
    #[schemars(length(max = 16))]
    pub supervisors: Vec<String>,
    /// Who gives it: what the `university` gives costs the service nothing.
    #[serde(default)]
    pub given_by: GivenBy,
    /// Share of the people of a supervising role who are trained to give it, by role. Left out: all.
    #[serde(default)]
    pub trained: BTreeMap<String, Fixed<Share>>,
    /// Treatment that all its supervisors must give too, `step3.name`. Left out: any.
    pub only_in: Option<String>,
    /// Whether it is supervision of supervision: of its supervisees only as many count as the hours
    /// owed need supervisors. They receive it inside the CPD of their job plans.
    #[serde(default)]
    pub supervises_supervisors: bool,
    /// Whether its supervisees count for the most people that one supervisor may supervise.
    #[serde(default = "yes")]
    pub counts_for_ratio: bool,
    /// Turn at the hours of shared supervisors, 1 first. Left out: after those with a turn, trainees
    /// first.
    #[schemars(range(min = 1, max = 100))]
    pub priority: Option<u32>,
    /// What it means if the hours owed cannot be given.
    #[serde(default = "condition")]
    pub severity: Severity,
    /// Review of every open case, which caps the open cases of a supervisee. Left out: none.
    pub case_review: Option<CaseReview>,
}

const fn yes() -> bool {
    true
}

const fn condition() -> Severity {
    Severity::Condition
}

/// Who gives supervision.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GivenBy {
    /// Supervisors of the service.
    #[default]
    Service,
    /// The university, inside its teaching days.
    University,
}

impl GivenBy {
    /// The word shown to a planner.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::University => "university",
        }
    }
}

/// All open cases are gone through every few weeks.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseReview {
    /// Whole weeks in which every open case is reviewed once.
    #[schemars(range(min = 1, max = 52), extend("x-unit" = "weeks"))]
    pub every_weeks: u32,
    /// Minutes of supervision for one case.
    pub minutes_per_case: Fixed<ContactMinutes>,
}

impl CaseReview {
    /// Most open cases of somebody who receives so many hours a week.
    #[must_use]
    pub fn most_cases(&self, hours_per_week: f64) -> f64 {
        hours_per_week * 60.0 * f64::from(self.every_weeks) / self.minutes_per_case.value()
    }
}

/// A ratio that must be kept, and what it means to break it.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RatioRule {
    /// The ratio.
    pub ratio: Fixed<Ratio>,
    /// What it means to break it.
    pub severity: Severity,
}

/// What it means to break a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The rule is not looked at.
    Off,
    /// The plan is possible, but somebody should look.
    Warning,
    /// The plan cannot go ahead like this.
    Condition,
}

impl Severity {
    /// The word shown to a planner.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Warning => "warning",
            Self::Condition => "condition",
        }
    }
}
