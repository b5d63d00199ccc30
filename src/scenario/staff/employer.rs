//! Who employs a role, and which other roles does its number follow? What a planner says about it.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::unit::{Fixed, Premium, Ratio, Salary};

/// Who employs the staff of a role.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Employer {
    /// The NHS, on Agenda for Change.
    #[default]
    Nhs,
    /// A charity or a company, with its own pay and no NHS pension.
    Other,
}

/// Pay outside Agenda for Change.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnPay {
    /// Salary of one WTE.
    pub salary: Fixed<Salary>,
    /// Everything that the employer pays on top, as a share of the salary.
    pub on_cost_share: Fixed<Premium>,
}

/// A role whose number follows other roles, such as administrators: one for so many of them.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffRatio {
    /// WTE of the other roles for each WTE of this one.
    pub per: Fixed<Ratio>,
    /// The other roles; posts follow their posts, staff in post follow those in post.
    #[schemars(length(min = 1, max = 60))]
    pub of: Vec<String>,
}
