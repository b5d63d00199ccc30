//! Who trains, from when, and what can they do meanwhile? What a planner says about it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use super::money::Payer;
use crate::unit::{CourseDays, DaysAWeek, Fixed, Heads, Pounds, Quantity, RateAYear, Share};

/// Courses and the people who start them.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Training {
    /// Courses by name.
    pub courses: BTreeMap<String, Course>,
    /// Courses of some days for staff who are qualified already, by name.
    #[serde(default)]
    pub short_courses: BTreeMap<String, ShortCourse>,
    /// Places that universities have; where no places are stated for a course they are not limited.
    #[serde(default)]
    #[schemars(length(max = 200))]
    pub places: Vec<Places>,
    /// Staff who attend a short course together.
    #[serde(default)]
    #[schemars(length(max = 200))]
    pub attendances: Vec<Attendance>,
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
    /// Calendar months from the start to the end of the course.
    #[schemars(range(min = 1, max = 60), extend("x-unit" = "months"))]
    pub months: u32,
    /// Share of a qualified person's bookable hours, from which month of the course on.
    #[schemars(length(min = 1, max = 36))]
    pub ramp: Vec<RampStep>,
    /// Month of the course at whose end the first modules are assessed. Left out: the last month of the
    /// first step of the ramp.
    #[schemars(range(min = 1, max = 60), extend("x-unit" = "months"))]
    pub gate_month: Option<u32>,
    /// Routes of entry by name: who passes the first modules, and when. Left out: everybody passes.
    #[serde(default)]
    pub routes: BTreeMap<String, Route>,
    /// Whole weeks from the end of the course to the award; until then people keep the role and the pay of
    /// trainees. Left out: none.
    #[schemars(range(min = 0, max = 52), extend("x-unit" = "weeks"))]
    pub award_lag_weeks: Option<u32>,
    /// Share of a qualified person's bookable hours from the end of the course to the award. Left out: the
    /// last step of the ramp.
    pub awaiting_award_share: Option<Fixed<Share>>,
    /// Share of bookable hours that newly qualified staff work, from which month since the award on. Left
    /// out: all of them at once.
    #[serde(default)]
    #[schemars(length(max = 36))]
    pub settling: Vec<RampStep>,
    /// What those repay who leave soon after qualifying. Left out: nothing.
    pub clause: Option<Clause>,
    /// Days a week at the university; the ramp is already net of them.
    pub teaching_days_per_week: Fixed<DaysAWeek>,
    /// Trainees a year who leave the course early, per trainee: a hazard.
    pub leavers_per_year: Quantity<RateAYear>,
    /// Course fee for each trainee.
    pub fee: Fixed<Pounds>,
    /// Who pays the fee. Left out: as `money.payers` says.
    pub fee_payer: Option<Payer>,
    /// Share of the trainee's pay that training money pays.
    pub salary_support: Fixed<Share>,
    /// Who pays the salary support. Left out: as `money.payers` says.
    pub support_payer: Option<Payer>,
    /// Months of the course, from its start, in which salary support is paid. Left out: all.
    #[schemars(range(min = 0, max = 60), extend("x-unit" = "months"))]
    pub salary_support_months: Option<u32>,
    /// Months that people must have been qualified before they may move to this course from inside
    /// the service.
    #[schemars(range(min = 0, max = 120), extend("x-unit" = "months"))]
    pub months_qualified_before: u32,
    /// Share of the internal places that people may take earlier than that. Left out: none.
    pub exception_share: Option<Fixed<Share>>,
}

impl Course {
    /// Month of the course at whose end the first modules are assessed: as stated, or the last month of the
    /// first step of the ramp.
    #[must_use]
    pub fn gate(&self) -> u32 {
        let second = self.ramp.get(1);
        let last_of_first = second.map_or(self.months, |step| step.from_month.saturating_sub(1));
        self.gate_month.unwrap_or(last_of_first).min(self.months)
    }
}

/// A route of entry to a course: how those who come by it get through the first modules.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Name as shown.
    pub title: String,
    /// Share of those assessed who pass the first modules at the first attempt.
    pub pass_first: Quantity<Share>,
    /// Share of the others who pass them on resit; who does not pass leaves.
    pub resit_pass: Quantity<Share>,
    /// Whole months from the first attempt to the resit; the time without patients is that much longer.
    #[schemars(range(min = 0, max = 24), extend("x-unit" = "months"))]
    pub resit_delay_months: u32,
    /// Whether the course ends that much later too.
    pub resit_delays_award: bool,
    /// Trainees a year who leave the course early for other reasons, per trainee: a hazard. Left out: as
    /// the course has it.
    pub leavers_per_year: Option<Quantity<RateAYear>>,
}

/// A contract clause: who leaves soon after qualifying repays.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Calendar months from qualifying in which the clause holds.
    #[schemars(range(min = 1, max = 60), extend("x-unit" = "months"))]
    pub months: u32,
    /// Pounds that each leaver repays. Either this or `repay_share_of_fee`.
    pub repay_pounds: Option<Fixed<Pounds>>,
    /// Share of the course fee that each leaver repays.
    pub repay_share_of_fee: Option<Fixed<Share>>,
}

/// A course of some days for staff who are qualified already.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShortCourse {
    /// Name as shown.
    pub title: String,
    /// What it is for.
    pub subject: Subject,
    /// Days taught.
    pub days_taught: Fixed<CourseDays>,
    /// Days of directed study at work.
    pub days_directed: Fixed<CourseDays>,
    /// Fee for each person.
    pub fee: Fixed<Pounds>,
    /// Who pays the fee.
    pub payer: Payer,
    /// Roles that may attend. Left out: any that is qualified.
    #[serde(default)]
    #[schemars(length(max = 16))]
    pub roles: Vec<String>,
    /// Kinds of supervision that people may give once they have attended. Left out: none.
    #[serde(default)]
    #[schemars(length(max = 16))]
    pub trains_for: Vec<String>,
    /// Role that people have once they have attended. Left out: the one they had.
    pub becomes: Option<String>,
}

/// What a short course is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// Staff of another kind become PWPs.
    Conversion,
    /// Staff learn to supervise.
    Supervision,
    /// Therapists learn another modality.
    Modality,
    /// Staff learn to treat people with long-term conditions.
    LongTermConditions,
    /// Staff learn to treat older people.
    OlderPeople,
}

/// From this month on, this share.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RampStep {
    /// Month, 1 is the first.
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
    /// Route of entry. Left out: `standard`, if the course has it.
    pub route: Option<String>,
    /// Whether each trainee keeps a post of the role to come free from the first day, so that it is not
    /// advertised. Left out: only for as long before qualifying as recruiting takes.
    pub holds_posts: Option<bool>,
}

impl Intake {
    /// So many trainees, nothing else said of them.
    #[must_use]
    pub fn new(course: &str, start: Date, trainees: f64) -> Self {
        Self {
            id: None,
            course: course.into(),
            start,
            trainees: Quantity::fixed(trainees),
            internal: None,
            internal_from: None,
            at: None,
            route: None,
            holds_posts: None,
        }
    }
}

/// Places that a university has.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Places {
    /// University.
    pub at: String,
    /// Course.
    pub course: String,
    /// Month or day on which the course starts, written `"2025-10"` or `"2025-10-06"`.
    pub start: String,
    /// Trainees that this service may send.
    pub places: Fixed<Heads>,
}

impl Places {
    /// Whether they are places for that university, course and day.
    #[must_use]
    pub fn are_at(&self, at: &str, course: &str, start: Date) -> bool {
        // A month is the beginning of each of its days.
        self.at == at && self.course == course && start.to_string().starts_with(&self.start)
    }

    /// Whether they are places for an intake.
    #[must_use]
    pub fn are_for(&self, intake: &Intake) -> bool {
        let at = intake.at.as_deref();
        at.is_some_and(|at| self.are_at(at, &intake.course, intake.start))
    }
}

/// Staff who attend a short course together.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attendance {
    /// Short course.
    pub course: String,
    /// Role of the people.
    pub role: String,
    /// People who attend.
    pub people: Quantity<Heads>,
    /// First day.
    #[schemars(with = "String", extend("format" = "date"))]
    pub start: Date,
    /// Whole weeks over which its days are spread evenly.
    #[schemars(range(min = 1, max = 104), extend("x-unit" = "weeks"))]
    pub weeks: u32,
}
