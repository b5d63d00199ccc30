//! What is bought besides staff, who pays which part, and what is it worth? What a planner says about it.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Payer;
use crate::unit::{Fixed, People, Pounds, Rooms, Share, SiteHours};

/// Who pays what, unless a role, a course, a line or a purchase says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Payers {
    /// Pay, and the on-costs that the employer pays itself.
    pub pay: Payer,
    /// The part of the pension contribution that is paid centrally for the employer.
    pub pension_central: Payer,
    /// Non-pay: the sum for each WTE, named lines and rooms.
    pub non_pay: Payer,
    /// Management and premises.
    pub overhead: Payer,
    /// Recruitment.
    pub recruitment: Payer,
    /// Course fees.
    pub course_fee: Payer,
    /// Salary support of trainees.
    pub salary_support: Payer,
}

/// A share for each payer; they sum to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayerShares {
    /// Share that the service pays.
    pub service: Option<Fixed<Share>>,
    /// Share that the commissioner pays.
    pub commissioner: Option<Fixed<Share>>,
    /// Share that regional bodies pay.
    pub regional: Option<Fixed<Share>>,
    /// Share that national bodies pay.
    pub national: Option<Fixed<Share>>,
    /// Share that others pay, such as employment services.
    pub other: Option<Fixed<Share>>,
}

impl PayerShares {
    /// Payers with their shares; those who pay nothing are left out.
    pub fn shares(&self) -> impl Iterator<Item = (Payer, f64)> {
        let all = [
            (Payer::Service, self.service),
            (Payer::Commissioner, self.commissioner),
            (Payer::Regional, self.regional),
            (Payer::National, self.national),
            (Payer::Other, self.other),
        ];
        all.into_iter()
            .filter_map(|(payer, share)| Some((payer, share?.value())))
            .filter(|&(_, share)| share > 0.0)
    }
}

/// Pounds for each payer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayerPounds {
    /// Budget of the service.
    pub service: Option<Fixed<Pounds>>,
    /// Budget of the commissioner.
    pub commissioner: Option<Fixed<Pounds>>,
    /// Budget of regional bodies.
    pub regional: Option<Fixed<Pounds>>,
    /// Budget of national bodies.
    pub national: Option<Fixed<Pounds>>,
    /// Budget of others, such as employment services.
    pub other: Option<Fixed<Pounds>>,
}

impl PayerPounds {
    /// Payers with their pounds.
    pub fn pounds(&self) -> impl Iterator<Item = (Payer, f64)> {
        let all = [
            (Payer::Service, self.service),
            (Payer::Commissioner, self.commissioner),
            (Payer::Regional, self.regional),
            (Payer::National, self.national),
            (Payer::Other, self.other),
        ];
        all.into_iter()
            .filter_map(|(payer, pounds)| Some((payer, pounds?.value())))
    }
}

/// How finance works out pay: mid-point and a flat on-cost, less a vacancy factor.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FinanceView {
    /// On-costs as a share of the mid-point salary.
    pub on_cost_share: Fixed<Share>,
    /// Share of the pay of funded posts that is taken off because some are always vacant.
    pub vacancy_factor: Fixed<Share>,
}

/// A named line of non-pay.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CostLine {
    /// Name as shown.
    pub title: String,
    /// Price of one unit; for `wte`, `head`, `room` and `year` the price of a year.
    pub pounds: Fixed<Pounds>,
    /// What is counted.
    pub per: CostDriver,
    /// Share of what is counted that the price is paid for, such as sessions with an interpreter. Left
    /// out: all.
    pub share: Option<Fixed<Share>>,
    /// For `wte` and `head`: roles that are counted. Left out: all.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub roles: Vec<String>,
    /// For `session` and `course_start`: treatments that are counted, such as `step3.cbt`. Left out: all.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub treatments: Vec<String>,
    /// Who pays. Left out: who pays non-pay.
    pub payer: Option<Payer>,
    /// Whether it comes again every year. Left out: it does.
    pub recurrent: Option<bool>,
    /// First day on which it is paid. Left out: from the start.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub from: Option<Date>,
    /// Last day on which it is paid. Left out: to the end.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub to: Option<Date>,
}

/// What a line of non-pay is counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CostDriver {
    /// WTE in post, a year.
    Wte,
    /// People in post, a year.
    Head,
    /// Course sessions attended.
    Session,
    /// People assessed.
    Assessment,
    /// Course starts.
    CourseStart,
    /// The service, a year.
    Year,
    /// Rooms of all sites, a year.
    Room,
}

/// A place with rooms in which patients are seen.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Name as shown.
    pub title: String,
    /// Rooms.
    pub rooms: Fixed<Rooms>,
    /// Hours a week in which a room can be used.
    pub hours_per_week: Fixed<SiteHours>,
    /// Price of all its rooms for a year.
    pub pounds_per_year: Fixed<Pounds>,
    /// Share of the face-to-face hours of the service that are here; the shares of all sites sum to 1.
    pub share_of_sessions: Fixed<Share>,
    /// Who pays. Left out: who pays non-pay.
    pub payer: Option<Payer>,
}

/// Treatment by somebody else, at a price a person.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bought {
    /// Name as shown.
    pub title: String,
    /// Treatment whose longest waiters are treated elsewhere, such as `step3.cbt`.
    pub treatment: String,
    /// People a calendar month.
    pub starts_per_month: Fixed<People>,
    /// First day.
    #[schemars(with = "String", extend("format" = "date"))]
    pub from: Date,
    /// Last day. Left out: to the end.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub to: Option<Date>,
    /// Price of one person's treatment.
    pub price_per_start: Fixed<Pounds>,
    /// Who pays. Left out: who pays pay.
    pub payer: Option<Payer>,
    /// Whether it comes again every year. Left out: it does not.
    pub recurrent: Option<bool>,
}

/// What it is worth that people come off sick pay and benefits.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ValueOfBenefits {
    /// Pounds a year for each person who comes off sick pay and benefits.
    pub pounds_per_person: Fixed<Pounds>,
    /// Years for which they stay off.
    #[schemars(range(min = 1, max = 50), extend("x-unit" = "years"))]
    pub years: u32,
    /// Discount rate a year; the first year is not discounted. 0.035 in the Treasury's Green Book.
    pub discount: Fixed<Share>,
}

/// What comes of treatment besides recovery.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Outcomes {
    /// People who come off sick pay and benefits, of first treatments.
    pub off_benefits_share: crate::unit::Quantity<Share>,
}
