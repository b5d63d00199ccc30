//! What does a complete scenario hold? Its top level; each section is in a file of its own.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::correlated::Correlated;
use super::demand::{CalendarSpec, Demand};
use super::money::{Money, Outcomes, Targets};
use super::pathway::Pathway;
use super::staff::Role;
use super::stock::{OpenCourses, Waiting};
use super::supervision::Supervision;
use super::training::Training;

/// A complete scenario: everything that a planner and a pack say.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// Version of the schema; 1.
    #[schemars(range(min = 1, max = 1))]
    pub schema: u32,
    /// Name of the scenario.
    pub name: String,
    /// Reference pack that provides what is not stated.
    pub pack: String,
    /// What a reader must know first; shown at the top of every output.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub notes: Vec<String>,
    /// Paths of the pack that this service does not have, such as `pathway.step2.groups`.
    #[serde(default)]
    #[schemars(length(max = 200))]
    pub without: Vec<String>,
    /// The service that is planned for.
    pub service: Service,
    /// Start, length and kind of the calendar.
    pub calendar: CalendarSpec,
    /// Referrals.
    pub demand: Demand,
    /// The way of the patients.
    pub pathway: Pathway,
    /// Who waits on the first day.
    pub waiting: Waiting,
    /// Who is in treatment on the first day.
    pub open_courses: OpenCourses,
    /// Roles by name.
    pub staff: BTreeMap<String, Role>,
    /// Courses and intakes.
    pub training: Training,
    /// Supervision norms and rules.
    pub supervision: Supervision,
    /// Prices and payers.
    pub money: Money,
    /// What comes of treatment besides recovery. Left out: it is not counted.
    pub outcomes: Option<Outcomes>,
    /// What is promised.
    pub targets: Targets,
    /// Unsure numbers that go together. Left out: each is drawn by itself.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub correlated: Vec<Correlated>,
    /// Where stated values come from, by path.
    #[serde(default)]
    pub sources: BTreeMap<String, SourceNote>,
}

/// The service that is planned for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Organisation code of the NHS, if it is a real service.
    pub code: Option<String>,
    /// Name of the service.
    pub title: Option<String>,
    /// Last month of the public data that were used.
    pub as_of: Option<String>,
}

/// Where a stated value comes from.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceNote {
    /// The source.
    pub source: String,
    /// How well it is known.
    pub status: Status,
    /// Date of the source.
    pub date: Option<String>,
    /// How it was worked out.
    pub note: Option<String>,
}

/// How well a value is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Seen in the source.
    Published,
    /// Arithmetic from published values.
    Derived,
    /// Worked out from data that do not say it outright.
    Inferred,
    /// A national value used for a local one.
    National,
    /// Said by the planner.
    Stated,
    /// A judgement.
    Judgement,
}

impl Status {
    /// The word shown to a planner.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Derived => "derived",
            Self::Inferred => "inferred",
            Self::National => "national",
            Self::Stated => "stated",
            Self::Judgement => "judgement",
        }
    }
}
