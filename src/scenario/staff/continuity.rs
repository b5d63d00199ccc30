//! With whom is a patient when a clinician is away or leaves? What a planner says about it.

use schemars::JsonSchema;
use serde::Deserialize;

/// What becomes of the open courses of a clinician who leaves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Handover {
    /// Whoever of their colleagues has the most time left that week goes on with each of them.
    #[default]
    HandedOver,
    /// The patients wait until a colleague has a place for them.
    Waits,
}

/// How leave and sickness fall.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeavePattern {
    /// Everybody loses the same share of each week.
    #[default]
    Spread,
    /// Each is away for whole weeks, by chance; the same share of weeks in the mean. The hours of the role stay: those
    /// who are there have them.
    Weeks,
}

/// A patient stays with the same clinician unless a role says otherwise.
pub const fn kept() -> bool {
    true
}
