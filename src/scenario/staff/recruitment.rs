//! How are posts filled, and what is done while they are empty? What a planner says about it.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::unit::{Fixed, HoursAWeek, Premium, Quantity, Share, Wte};

/// How vacancies are filled.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recruitment {
    /// Whether vacant posts are advertised.
    pub policy: RecruitmentPolicy,
    /// Whole weeks from a vacancy to the first day of the new member of staff.
    #[schemars(range(min = 0, max = 104), extend("x-unit" = "weeks"))]
    pub lead_weeks: u32,
    /// Share of advertised posts that are filled; the rest is advertised again.
    pub fill_share: Quantity<Share>,
    /// Role that new members are promoted from. Left out: they come from outside.
    pub from: Option<String>,
    /// Whole weeks between two rounds of adverts, the first in the first week. Left out: every week.
    #[schemars(range(min = 1, max = 52), extend("x-unit" = "weeks"))]
    pub advert_every_weeks: Option<u32>,
    /// Calendar months, 1 to 12, in whose first week vacancies are advertised. Left out: all year.
    #[serde(default)]
    #[schemars(length(max = 12), inner(range(min = 1, max = 12)))]
    pub advert_months: Vec<u32>,
    /// Times in which nothing is advertised; those who are recruited already still join.
    #[serde(default)]
    #[schemars(length(max = 40))]
    pub freezes: Vec<Freeze>,
    /// Agency staff in vacant posts.
    pub agency: Option<Agency>,
    /// Paid overtime of the staff at work.
    pub overtime: Option<Overtime>,
}

/// Whether vacant posts are advertised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecruitmentPolicy {
    /// Nobody is recruited: leavers are not replaced.
    Frozen,
    /// Vacancies are advertised as they arise, less those already recruited to.
    ToPosts,
}

/// A time in which nothing is advertised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Freeze {
    /// First day.
    #[schemars(with = "String", extend("format" = "date"))]
    pub from: Date,
    /// Last day.
    #[schemars(with = "String", extend("format" = "date"))]
    pub to: Date,
}

/// Agency staff, who are never in post: they work the hours of the role and are counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Agency {
    /// Share of the vacant WTE that agency staff work.
    pub share_of_vacancies: Quantity<Share>,
    /// What they cost beyond a member of staff, as a share of the cost of one.
    pub premium: Fixed<Premium>,
}

/// Paid overtime; the hours are counted apart from people in post.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Overtime {
    /// Hours a week of each WTE at work.
    pub hours_per_wte: Quantity<HoursAWeek>,
    /// Share of them that can be booked with patients.
    pub bookable_share: Fixed<Share>,
    /// What an hour costs beyond a contract hour, as a share of it.
    pub premium: Fixed<Premium>,
    /// First day. Left out: from the start.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub from: Option<Date>,
    /// Last day. Left out: to the end.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub to: Option<Date>,
}

/// A change of the establishment.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostsChange {
    /// Day from which it holds; it counts from the week of that day.
    #[schemars(with = "String", extend("format" = "date"))]
    pub from: Date,
    /// Funded establishment from then on.
    pub posts: Quantity<Wte>,
}
