//! Why and when do people leave a role or stay away from it? What a planner says about it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::unit::{Fixed, Index, Months, Premium, Quantity, RateAYear, Share};

/// What is known of leaving beyond the rate.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Leaving {
    /// Whether moves to training inside this service are among the leavers of `leavers_per_year`. Left
    /// out: `net`.
    #[serde(default)]
    pub counts: LeaversCount,
    /// Multiple of the rate by time in the role. Left out: the same for all.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub by_tenure: Vec<TenureStep>,
    /// Time in the role of those in post at the start, shares that sum to 1. Left out: as it settles when
    /// recruits come evenly.
    #[serde(default)]
    #[schemars(length(max = 60))]
    pub opening_tenure: Vec<TenureShare>,
    /// Index of leaving by calendar month, January first, mean 1. Left out: the same all year.
    pub season: Option<[Fixed<Index>; 12]>,
    /// Leavers a year by reason, per person in post, inside `leavers_per_year`; the rest is `other`.
    #[serde(default)]
    pub reasons: BTreeMap<String, Fixed<RateAYear>>,
    /// Senior posts that keep people in this role.
    pub senior_posts: Option<SeniorPosts>,
}

/// What a rate of leaving counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeaversCount {
    /// All who leave the role, those who move to training inside this service among them.
    Gross,
    /// Those who leave the service; moves to training inside it come on top.
    #[default]
    Net,
}

/// From this time in the role on, this multiple of the rate.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TenureStep {
    /// Months in the role; the first step is 0.
    pub from_months: Fixed<Months>,
    /// Multiple of `leavers_per_year`.
    pub times: Fixed<Index>,
}

/// Some of those in post at the start, by time in the role.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TenureShare {
    /// Months in the role.
    pub months: Fixed<Months>,
    /// Share of those in post.
    pub share: Fixed<Share>,
}

/// Senior posts as a lever: a way up keeps people. The rate falls evenly with the share of seniors.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeniorPosts {
    /// The senior role.
    pub role: String,
    /// Share of seniors among seniors and this role at which the rate has fallen to `times`; above it,
    /// it falls no further.
    pub share: Fixed<Share>,
    /// Multiple of `leavers_per_year` that is left at this share; `leavers_per_year` is what it would be
    /// without senior posts.
    pub times: Fixed<Share>,
}

/// A kind of long absence. Short sickness is in the weeks that are not available; this comes on top.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    /// Absences that begin in a year per person at work.
    pub starts_per_year: Quantity<RateAYear>,
    /// Whole weeks that one lasts.
    #[schemars(range(min = 1, max = 260), extend("x-unit" = "weeks"))]
    pub weeks: u32,
    /// Share of pay that the service goes on paying, over the whole absence.
    pub paid_share: Quantity<Share>,
    /// Share of the absent WTE that somebody else covers.
    pub cover_share: Quantity<Share>,
    /// What cover costs beyond a member of staff, as a share of the cost of one; 0 for a fixed-term post.
    pub cover_premium: Fixed<Premium>,
    /// Share of the absent who do not come back.
    pub not_returning: Quantity<Share>,
    /// Share of their former hours that those who come back work.
    pub returns_at: Quantity<Share>,
}
