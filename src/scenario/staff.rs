//! Who works here, how is their week spent and what happens to posts? What a planner says about it.

mod continuity;
mod employer;
mod leaving;
mod recruitment;

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

pub use continuity::{Handover, LeavePattern};
pub use employer::{Employer, OwnPay, StaffRatio};
pub use leaving::{Absence, LeaversCount, Leaving, SeniorPosts, TenureShare, TenureStep};
pub use recruitment::{Agency, Freeze, Overtime, PostsChange, Recruitment, RecruitmentPolicy};

use crate::scenario::money::PayerShares;
use crate::unit::{
    Fixed, HoursAWeek, PeoplePerWte, Quantity, RateAYear, ServiceHoursAWeek, Share, Slots,
    WeeksAYear, Wte, WtePerHead,
};

/// A role of the service.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Name as shown.
    pub title: String,
    /// Which side of the skill mix it counts on.
    pub family: StaffFamily,
    /// Agenda for Change band.
    pub band: BandName,
    /// Pay point that stands for the role, or `steps`: everybody moves up the band.
    pub pay_point: PointName,
    /// With `pay_point = "steps"`: the staff in post by pay point. Where `in_post` says another number,
    /// their proportions count.
    #[serde(default)]
    #[schemars(length(max = 500))]
    pub steps: Vec<PayStep>,
    /// Who pays this role, in shares that sum to 1. Left out: as `money.payers` says.
    pub payers: Option<PayerShares>,
    /// Role whose patients it sees: its hours go into that role's pool. Left out: its own.
    pub delivers_as: Option<String>,
    /// Funded establishment. Left out: as many as are in post at the start.
    pub posts: Option<Quantity<Wte>>,
    /// How posts change later, in order of their dates.
    #[serde(default)]
    #[schemars(length(max = 200))]
    pub posts_changes: Vec<PostsChange>,
    /// Staff in post at the start; trainees are stated as intakes instead.
    pub in_post: Quantity<Wte>,
    /// WTE that one person works; 1 means that all are full-time.
    pub wte_per_head: Fixed<WtePerHead>,
    /// The week of a full-time member of staff; every hour in one line, 37.5 in all.
    pub job_plan: JobPlan,
    /// Weeks of the year that are worked, bank holidays inside the weeks lost. Either this or
    /// `availability`.
    pub weeks_available: Option<Quantity<WeeksAYear>>,
    /// Share of working days that are worked: leave and sickness only, bank holidays apart.
    pub availability: Option<Quantity<Share>>,
    /// Most open cases a WTE.
    pub caseload_max: Option<Quantity<PeoplePerWte>>,
    /// Most new courses a week a WTE.
    pub new_starts_per_week: Option<Quantity<PeoplePerWte>>,
    /// Places for open courses that the role has, instead of hours (textbook cases).
    pub slots: Option<Quantity<Slots>>,
    /// Places for open courses for each ramped WTE, instead of hours (textbook cases).
    pub slots_per_wte: Option<Quantity<PeoplePerWte>>,
    /// Leavers a year per average person in post, a hazard; whether moves to training inside the service
    /// are in it says `leaving.counts`.
    pub leavers_per_year: Quantity<RateAYear>,
    /// What is known of leaving beyond the rate. Left out: one rate for all, all year.
    pub leaving: Option<Leaving>,
    /// Long absences by name, such as `maternity`. Left out: none.
    #[serde(default)]
    pub absences: BTreeMap<String, Absence>,
    /// What becomes of the open courses of one who leaves. Used by `simulate` only.
    #[serde(default)]
    pub handover: Handover,
    /// How leave and sickness fall. Used by `simulate` only; the other runs take the same share off each week.
    #[serde(default)]
    pub leave: LeavePattern,
    /// Whether a patient stays with the clinician who began the course. Used by `simulate` only. Left out:
    /// yes.
    #[serde(default = "continuity::kept")]
    pub continuity: bool,
    /// How vacancies are filled.
    pub recruitment: Recruitment,
    /// Supervision given beyond the job plan, hours a week for the whole service, stated rather than
    /// worked out from the norms.
    pub extra_supervision_hours: Quantity<ServiceHoursAWeek>,
    /// Other roles that the number follows, for staff who are not clinical. Left out: as posts and
    /// recruitment say.
    pub ratio: Option<StaffRatio>,
    /// Who employs the role. Left out: the NHS.
    #[serde(default)]
    pub employer: Employer,
    /// Pay outside Agenda for Change, if the employer is not the NHS.
    pub own_pay: Option<OwnPay>,
}

/// Side of the skill mix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StaffFamily {
    /// Psychological Wellbeing Practitioners: Step 2.
    LowIntensity,
    /// High Intensity Therapists: Step 3.
    HighIntensity,
    /// Counsellors.
    Counselling,
    /// Anybody else; not a therapist.
    Other,
}

/// Contract hours of a full-time week.
pub const CONTRACT_HOURS: f64 = 37.5;

/// The week of a full-time member of staff: 37.5 hours, every hour in one line.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JobPlan {
    /// Hours that can be booked with patients, notes included.
    pub patients: Quantity<HoursAWeek>,
    /// Supervision received.
    pub supervision_received: Fixed<HoursAWeek>,
    /// Supervision given, as planned.
    pub supervision_given: Fixed<HoursAWeek>,
    /// Continuing professional development.
    pub cpd: Fixed<HoursAWeek>,
    /// Meetings.
    pub meetings: Fixed<HoursAWeek>,
    /// Everything else: administration, breaks in paid time, travel.
    pub other: Fixed<HoursAWeek>,
    /// Teaching that trainees attend.
    pub teaching: Fixed<HoursAWeek>,
}

impl JobPlan {
    /// Names and hours of the lines. Where the hours with patients are not known, those of other work make room
    /// for their mean.
    #[must_use]
    pub fn lines(&self) -> [(&'static str, f64); 7] {
        let [other, meetings, cpd] = if self.patients.is_unsure() {
            self.beside(self.patients.mean())
        } else {
            self.rest()
        };
        [
            ("patients", self.patients.mean()),
            ("supervision_received", self.supervision_received.value()),
            ("supervision_given", self.supervision_given.value()),
            cpd,
            meetings,
            other,
            ("teaching", self.teaching.value()),
        ]
    }

    /// The lines that can make room, in their order.
    const fn rest(&self) -> [(&'static str, f64); 3] {
        [
            ("other", self.other.value()),
            ("meetings", self.meetings.value()),
            ("cpd", self.cpd.value()),
        ]
    }

    /// What is left of other work, then of meetings and of professional development, beside so many hours with
    /// patients. Fewer of these are more other work.
    #[must_use]
    pub fn beside(&self, patients: f64) -> [(&'static str, f64); 3] {
        let supervision = self.supervision_received.value() + self.supervision_given.value();
        let rest: f64 = self.rest().iter().map(|line| line.1).sum();
        let mut over = patients + supervision + self.teaching.value() + rest - CONTRACT_HOURS;
        self.rest().map(|(line, hours)| {
            let taken = over.min(hours);
            over -= taken;
            (line, hours - taken)
        })
    }

    /// Sum of the lines \[hours a week\]; 37.5 in a checked scenario.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.lines().iter().map(|line| line.1).sum()
    }
}

/// Agenda for Change bands that the service employs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
pub enum BandName {
    /// Band 4.
    #[serde(rename = "4")]
    B4,
    /// Band 5.
    #[serde(rename = "5")]
    B5,
    /// Band 6.
    #[serde(rename = "6")]
    B6,
    /// Band 7.
    #[serde(rename = "7")]
    B7,
    /// Band 8a.
    #[serde(rename = "8a")]
    B8a,
    /// Band 8b.
    #[serde(rename = "8b")]
    B8b,
    /// Band 8c.
    #[serde(rename = "8c")]
    B8c,
    /// Band 8d.
    #[serde(rename = "8d")]
    B8d,
    /// Band 9.
    #[serde(rename = "9")]
    B9,
}

impl BandName {
    /// The band as written in pay tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::B4 => "4",
            Self::B5 => "5",
            Self::B6 => "6",
            Self::B7 => "7",
            Self::B8a => "8a",
            Self::B8b => "8b",
            Self::B8c => "8c",
            Self::B8d => "8d",
            Self::B9 => "9",
        }
    }
}

/// Point of a pay band.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PointName {
    /// The first point.
    Entry,
    /// The middle point, or the mean of first and last where there is none.
    Middle,
    /// The last point.
    Top,
    /// Everybody on the point that their time in the band gives, and moving up.
    Steps,
}

/// Staff on one pay point.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayStep {
    /// WTE.
    pub wte: Fixed<Wte>,
    /// Point of the band, counted from 1 at its entry.
    #[schemars(range(min = 1, max = 15), extend("x-unit" = "point"))]
    pub point: u32,
    /// Day on which the next point is reached. Left out: they are at the top.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub next_step: Option<Date>,
}
