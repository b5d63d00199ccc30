//! What does a planner say about a region? Its services, places, groups, budget and how places are shared.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::unit::{Fixed, Pounds};

/// A region as its file says it; services apart, which are scenarios of their own.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegionSpec {
    /// Version of the schema; 1.
    #[schemars(range(min = 1, max = 1))]
    pub schema: u32,
    /// Name of the region.
    pub name: String,
    /// What a reader must know first; shown at the top of every output.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub notes: Vec<String>,
    /// Scenario of each service: a file beside this one, or a table as in such a file.
    pub services: BTreeMap<String, String>,
    /// Services that are shown together, by the name of the group. Left out: no groups.
    #[serde(default)]
    pub groups: BTreeMap<String, Vec<String>>,
    /// Training places that the services share. Left out: none.
    #[serde(default)]
    #[schemars(length(max = 2000))]
    pub places: Vec<Places>,
    /// How the places are shared. Left out: by need.
    #[serde(default)]
    pub allocation: Allocation,
    /// Money of each financial year. Left out: none is stated.
    #[serde(default)]
    #[schemars(length(max = 500))]
    pub budget: Vec<Budget>,
}

/// Places on a course that starts on a day.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Places {
    /// Course, as the scenarios of the services call it.
    pub course: String,
    /// First day of the course.
    #[schemars(with = "String", extend("format" = "date"))]
    pub start: Date,
    /// Trainees that the university takes.
    #[schemars(range(min = 0, max = 100_000), extend("x-unit" = "heads"))]
    pub places: u32,
    /// University.
    pub at: Option<String>,
    /// Services that may send trainees. Left out: all that have the course.
    #[serde(default)]
    #[schemars(length(max = 1000))]
    pub services: Vec<String>,
}

/// How places are shared between the services.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Allocation {
    /// The rule.
    #[serde(default)]
    pub rule: AllocationRule,
    /// People or share of each service, for the rules that go by them.
    #[serde(default)]
    pub weights: BTreeMap<String, Weight>,
}

/// Population \[people\] or share of a service.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Weight(#[schemars(range(min = 0.0, max = 100_000_000.0))] pub f64);

/// The rule by which places are shared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AllocationRule {
    /// In proportion to the people whom each service would lack on the day when the trainees qualify.
    #[default]
    ByNeed,
    /// In proportion to the people who live in the area of each service, stated as weights.
    ByPopulation,
    /// By stated shares, which add up to 1.
    ByShare,
    /// As the intakes of the services' own scenarios say.
    Stated,
}

impl AllocationRule {
    /// The name in a file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ByNeed => "by_need",
            Self::ByPopulation => "by_population",
            Self::ByShare => "by_share",
            Self::Stated => "stated",
        }
    }
}

/// Money of a financial year.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// Financial year, as 2025/26.
    pub year: String,
    /// Whose money it is; `all` stands for the whole cost.
    pub payer: BudgetPayer,
    /// Pounds of the year.
    pub pounds: Fixed<Pounds>,
    /// Roles whose cost it is meant for. Left out: all.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub roles: Vec<String>,
}

/// Who pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BudgetPayer {
    /// Everybody together.
    All,
    /// National bodies.
    National,
    /// The region.
    Regional,
    /// Commissioners.
    Commissioner,
    /// The services themselves.
    Service,
    /// Others, such as employment services.
    Other,
}

impl BudgetPayer {
    /// The name in a file and in the table of costs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::National => "national",
            Self::Regional => "regional",
            Self::Commissioner => "commissioner",
            Self::Service => "service",
            Self::Other => "other",
        }
    }

    /// Whether a payer of the table of costs is meant.
    #[must_use]
    pub fn means(self, payer: &str) -> bool {
        self == Self::All || self.name() == payer
    }
}

static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
    // Without references, since those of a scenario's schema are looked up elsewhere.
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let generator = settings.into_generator();
    Value::from(generator.into_root_schema_for::<RegionSpec>())
});

/// The schema that a region is checked against.
#[must_use]
pub fn schema() -> &'static Value {
    &SCHEMA
}

/// The schema of a region file, for editors.
#[must_use]
pub fn schema_for_files() -> Value {
    let mut schema = SCHEMA.clone();
    if let Some(root) = schema.as_object_mut() {
        root.insert("$id".into(), json!("skillmix-region-1.json"));
        root.insert("title".into(), json!("skillmix region, schema 1"));
    }
    schema["properties"]["services"]["additionalProperties"] = json!({
        "anyOf": [{"type": "string"}, {"type": "object"}],
        "description": "Name of a file, or a scenario"
    });
    schema
}
