//! Who supervises whom, for how long, and which rules apply? What a planner says about it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::unit::{Fixed, GroupSize, HoursAWeek, Ratio};

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
    /// Roles that give it, in order of preference.
    #[schemars(length(min = 1, max = 16))]
    pub supervisors: Vec<String>,
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
