//! What does it cost, who pays and what is promised? What a planner says about it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::supervision::Severity;
use crate::unit::{Fixed, Growth, Pounds, Share, WeekCount};

mod lines;

pub use lines::{
    Bought, CostDriver, CostLine, FinanceView, Outcomes, PayerPounds, PayerShares, Payers, Site,
    ValueOfBenefits,
};

/// Prices and payers.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Which part of the employer's pension contribution the service pays.
    pub pension: PensionView,
    /// High Cost Area Supplement.
    pub high_cost_area: HighCostArea,
    /// Pay awards by financial year after the last pay table, written `"2027/28" = 0.03`.
    #[serde(default)]
    pub awards: BTreeMap<String, Fixed<Growth>>,
    /// Pay award of a year after the last pay table that `awards` does not name.
    pub award_default: Fixed<Growth>,
    /// Rooms, telephones, licences and the like for each WTE a year.
    pub non_pay_per_wte: Fixed<Pounds>,
    /// Management and premises as a share of pay and on-costs.
    pub overhead_share: Fixed<Share>,
    /// Cost of recruiting one person from outside.
    pub recruitment_per_hire: Fixed<Pounds>,
    /// Who pays what.
    pub payers: Payers,
    /// The view of finance, shown beside the exact one.
    pub finance_view: FinanceView,
    /// Named lines of non-pay, beside the sum for each WTE.
    #[serde(default)]
    pub lines: BTreeMap<String, CostLine>,
    /// Places with rooms in which patients are seen.
    #[serde(default)]
    pub sites: BTreeMap<String, Site>,
    /// Treatment by somebody else, at a price a person.
    #[serde(default)]
    pub bought: BTreeMap<String, Bought>,
    /// Budget of a financial year, all payers together, written `"2026/27" = 1500000`.
    #[serde(default)]
    pub budget: BTreeMap<String, Fixed<Pounds>>,
    /// Budget of a financial year by payer, written `"2026/27" = { service = 1500000 }`.
    #[serde(default)]
    pub budget_by_payer: BTreeMap<String, PayerPounds>,
    /// What it means to spend more than a budget. Left out: a warning.
    pub budget_severity: Option<Severity>,
    /// What it is worth that people come off sick pay and benefits. Left out: no pounds are put on it.
    pub value: Option<ValueOfBenefits>,
}

/// Who pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Payer {
    /// The service itself.
    Service,
    /// The commissioner of the service.
    Commissioner,
    /// Regional bodies.
    Regional,
    /// National bodies: training money, the central part of the pension contribution.
    National,
    /// Anybody else, such as employment services.
    Other,
}

impl Payer {
    /// All payers, in the order in which they are shown.
    pub const ALL: [Self; 5] = [
        Self::Service,
        Self::Commissioner,
        Self::Regional,
        Self::National,
        Self::Other,
    ];

    /// The word shown to a planner.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Commissioner => "commissioner",
            Self::Regional => "regional",
            Self::National => "national",
            Self::Other => "other",
        }
    }
}

/// Which part of the employer's pension contribution the service pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PensionView {
    /// What the service pays; the rest is paid nationally and shown as such.
    Local,
    /// The whole contribution falls on the service.
    Full,
}

/// High Cost Area Supplement zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HighCostArea {
    /// No supplement.
    None,
    /// Fringe of London, 5 %.
    Fringe,
    /// Outer London, 15 %.
    Outer,
    /// Inner London, 20 %.
    Inner,
}

/// What the service has promised; months that miss it are listed among the rules.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Targets {
    /// Share of finishers treated within 6 weeks of referral. Left out: not a target.
    pub within_6_weeks: Option<Fixed<Share>>,
    /// Share of finishers treated within 18 weeks of referral. Left out: not a target.
    pub within_18_weeks: Option<Fixed<Share>>,
    /// Share of finishers at caseness who recover.
    pub recovery: Option<Fixed<Share>>,
    /// Share of finishers at caseness who recover reliably.
    pub reliable_recovery: Option<Fixed<Share>>,
    /// Longest mean wait from assessment to Step 2.
    pub step2_wait_weeks: Option<Fixed<WeekCount>>,
    /// Longest mean wait from assessment to Step 3.
    pub step3_wait_weeks: Option<Fixed<WeekCount>>,
}
