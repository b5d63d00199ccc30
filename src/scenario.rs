//! What does the planner say? A scenario: a reference pack and what differs from it.
//!
//! A scenario keeps the tree of what was **stated** apart from the **complete** tree (stated over pack),
//! so that a difference can be shown, saved and traced to its source. It cannot be changed; `with`
//! derives another one.

pub mod check;
pub mod demand;
pub mod merge;
pub mod money;
pub mod pathway;
pub mod read;
pub mod schema;
pub mod series_file;
pub mod staff;
pub mod stock;
pub mod supervision;
pub mod training;
pub mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use toml::{Table, Value};

use crate::error::{Error, Problem, ProblemKind, Result, nearest};
use crate::reference::packs::{self, Assumption, Pack};
use demand::{CalendarSpec, Demand};
use money::{Money, Targets};
use pathway::Pathway;
use staff::Role;
use stock::{OpenCourses, Waiting};
use supervision::Supervision;
use training::Training;
use walk::UnsureField;

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
    /// What is promised.
    pub targets: Targets,
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

/// A checked scenario.
#[derive(Debug, Clone)]
pub struct Scenario {
    stated: Table,
    complete: Table,
    spec: Arc<Spec>,
    unsure: Vec<UnsureField>,
    hash: String,
}

impl PartialEq for Scenario {
    fn eq(&self, other: &Self) -> bool {
        self.stated == other.stated
    }
}

impl Scenario {
    /// An unmodified pack.
    ///
    /// # Errors
    /// [`Error::Scenario`] if there is no such pack; the nearest name is offered.
    pub fn preset(pack: &str) -> Result<Self> {
        let mut stated = Table::new();
        stated.insert("schema".into(), Value::Integer(schema::SCHEMA_VERSION));
        stated.insert("pack".into(), Value::String(pack.into()));
        Self::from_tree(stated)
    }

    /// Reads a `.toml` or `.json` file; files that it names are read beside it, inlined and hashed.
    ///
    /// # Errors
    /// [`Error::File`] if a file cannot be read, [`Error::Data`] if a data file has a fault,
    /// [`Error::Scenario`] with all problems of the scenario.
    pub fn load(path: &Path) -> Result<Self> {
        let text = read::text_of_file(path)?;
        let is_json = path
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
        let mut tree = if is_json {
            read::json_tree(&text)?
        } else {
            read::toml_tree(&text)?
        };
        read::inline_series(&mut tree, path)?;
        Self::from_tree(tree)
    }

    /// Reads TOML text.
    ///
    /// # Errors
    /// [`Error::Scenario`] with all problems.
    pub fn from_toml(text: &str) -> Result<Self> {
        Self::from_tree(read::toml_tree(text)?)
    }

    /// Reads JSON text.
    ///
    /// # Errors
    /// [`Error::Scenario`] with all problems.
    pub fn from_json(text: &str) -> Result<Self> {
        Self::from_tree(read::json_tree(text)?)
    }

    /// Checks a tree of stated values.
    ///
    /// # Errors
    /// [`Error::Scenario`] with all problems.
    pub fn from_tree(stated: Table) -> Result<Self> {
        let pack = pack_of(&stated)?;
        let mut complete = pack.tree().clone();
        complete.insert("pack".into(), Value::String(pack.name.into()));
        let mut problems = remove_what_is_not_there(&mut complete, &stated);
        merge::overlay(&mut complete, &stated);
        let mut prepared = complete.clone();
        let unsure = match walk::walk(&mut prepared) {
            Ok(unsure) => unsure,
            Err(found) => {
                problems.extend(found);
                return Err(Error::Scenario(problems));
            }
        };
        let spec: Spec = prepared.try_into().map_err(|error: toml::de::Error| {
            Problem::told("", "", error.message(), "a complete scenario")
        })?;
        problems.extend(check::problems(&spec));
        if !problems.is_empty() {
            return Err(Error::Scenario(problems));
        }
        let hash = hash_of(&complete);
        Ok(Self {
            stated,
            complete,
            spec: Arc::new(spec),
            unsure,
            hash,
        })
    }

    /// The same scenario with one field changed, by its path.
    ///
    /// # Errors
    /// [`Error::Scenario`] if the path or the value is wrong.
    pub fn with(&self, path: &str, value: impl Into<Value>) -> Result<Self> {
        self.with_all([(path.to_string(), value.into())])
    }

    /// The same scenario with several fields changed together.
    ///
    /// # Errors
    /// [`Error::Scenario`] with all problems.
    pub fn with_all(&self, changes: impl IntoIterator<Item = (String, Value)>) -> Result<Self> {
        let mut stated = self.stated.clone();
        for (path, value) in changes {
            for (place, group) in merge::ONE_OF {
                let (parent, key) = path.rsplit_once('.').unwrap_or(("", path.as_str()));
                let (parent, key) = if key == "referrals" || key == "per" || key == "months" {
                    parent.rsplit_once('.').unwrap_or(("", parent))
                } else {
                    (parent, key)
                };
                if merge::fits(parent, place) && group.contains(&key) {
                    for other in group.iter().filter(|&&other| other != key) {
                        merge::remove(&mut stated, &format!("{parent}.{other}"));
                    }
                }
            }
            merge::set(&mut stated, &self.complete, &path, value)?;
        }
        Self::from_tree(stated)
    }

    /// The typed scenario.
    #[must_use]
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// Numbers that are not known, in the order of their places in a draw.
    #[must_use]
    pub fn unsure(&self) -> &[UnsureField] {
        &self.unsure
    }

    /// What was stated, without what the pack provides.
    #[must_use]
    pub const fn stated(&self) -> &Table {
        &self.stated
    }

    /// Everything: stated over pack.
    #[must_use]
    pub const fn complete(&self) -> &Table {
        &self.complete
    }

    /// SHA-256 of the complete scenario, keys sorted: equal for scenarios that say the same.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// What was stated, as TOML; reading it gives the same scenario.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let table = read::text_to_dates(&Value::Table(self.stated.clone()));
        toml::to_string_pretty(&table).unwrap_or_default()
    }

    /// What was stated, as JSON; reading it gives the same scenario.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(&self.stated).unwrap_or_default()
    }

    /// Fields in which `other` differs: path, value here, value there; absent is `None`.
    #[must_use]
    pub fn diff(&self, other: &Self) -> Vec<(String, Option<Value>, Option<Value>)> {
        let here: BTreeMap<_, _> = merge::leaves(&self.complete).into_iter().collect();
        let there: BTreeMap<_, _> = merge::leaves(&other.complete).into_iter().collect();
        let paths: BTreeSet<_> = here.keys().chain(there.keys()).collect();
        let pairs = paths.into_iter().map(|path| {
            (
                path.clone(),
                here.get(path).cloned(),
                there.get(path).cloned(),
            )
        });
        pairs
            .filter(|(_, a, b)| !same(a.as_ref(), b.as_ref()))
            .collect()
    }

    /// Every value with its source: the pack's row, or what the planner says of it.
    #[must_use]
    pub fn assumptions(&self) -> Vec<Assumption> {
        let Some(pack) = packs::find(&self.spec.pack) else {
            return Vec::new();
        };
        let skip = |path: &str| {
            path.starts_with("sources.")
                || ["schema", "pack", "name", "notes", "without"].contains(&path)
        };
        let values = merge::leaves(&self.complete)
            .into_iter()
            .filter(|(path, _)| !skip(path));
        values
            .map(|(path, value)| self.assumption(pack, path, &value))
            .collect()
    }

    fn assumption(&self, pack: &Pack, path: String, value: &Value) -> Assumption {
        let stated = merge::get(&self.stated, &path).is_some();
        let note = self
            .spec
            .sources
            .iter()
            .filter(|(key, _)| covers(key, &path))
            .max_by_key(|(key, _)| key.len());
        let row = pack.row(&path);
        let text = value.to_string();
        match (stated, note, row) {
            (_, Some((_, said)), _) => Assumption {
                value: text,
                unit: row.map_or(String::new(), |row| row.unit.clone()),
                source: said.source.clone(),
                date: said.date.clone().unwrap_or_default(),
                status: said.status.name().into(),
                note: said.note.clone().unwrap_or_default(),
                ..Assumption::at(path)
            },
            (false, None, Some(row)) => Assumption {
                path,
                value: text,
                ..row.clone()
            },
            (true, None, Some(row)) => Assumption {
                value: text,
                unit: row.unit.clone(),
                source: "this scenario".into(),
                status: "stated".into(),
                note: format!("the pack has {}", row.value),
                ..Assumption::at(path)
            },
            _ => Assumption {
                value: text,
                source: "this scenario".into(),
                status: "stated".into(),
                ..Assumption::at(path)
            },
        }
    }
}

/// True if the source note at `key` speaks of `path`.
fn covers(key: &str, path: &str) -> bool {
    path.strip_prefix(key)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

fn same(a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => canonical(a) == canonical(b),
        (None, None) => true,
        _ => false,
    }
}

fn pack_of(stated: &Table) -> Result<&'static Pack> {
    match stated.get("schema") {
        Some(Value::Integer(schema::SCHEMA_VERSION)) => {}
        found => {
            let (value, sentence) =
                found.map_or((String::new(), "missing".to_string()), |version| {
                    (
                        version.to_string(),
                        format!("version {version} cannot be read"),
                    )
                });
            let expected = format!("schema = {}", schema::SCHEMA_VERSION);
            let problem = Problem::told(
                "schema",
                value,
                &format!("{sentence}; write {expected}"),
                expected,
            );
            let kind = if found.is_none_or(Value::is_integer) {
                ProblemKind::Version
            } else {
                ProblemKind::Field
            };
            return Err(problem.of_kind(kind).into());
        }
    }
    let known = packs::names();
    match stated.get("pack") {
        Some(Value::String(name)) => packs::find(name).ok_or_else(|| {
            let guess = nearest(name, known.iter().copied());
            Problem::told("pack", name, &format!("no pack {name:?}"), known.join(", "))
                .suggest(guess)
                .into()
        }),
        Some(other) => {
            Err(Problem::new("pack", other, format!("one of {}", known.join(", "))).into())
        }
        None => Err(Problem::told(
            "pack",
            "",
            "missing",
            format!("one of {}", known.join(", ")),
        )
        .into()),
    }
}

fn remove_what_is_not_there(complete: &mut Table, stated: &Table) -> Vec<Problem> {
    let paths = stated
        .get("without")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    let mut problems = Vec::new();
    for (index, path) in paths.enumerate() {
        if !merge::remove(complete, path) {
            let here = format!("without[{index}]");
            problems.push(Problem::told(
                &here,
                path,
                &format!("the pack has no {path:?}"),
                "a path of the pack",
            ));
        }
    }
    problems
}

/// A text that is equal for equal values: keys sorted, whole numbers and fractions alike.
fn canonical(value: &Value) -> String {
    match value {
        #[allow(clippy::cast_precision_loss)]
        Value::Integer(number) => format!("{:?}", *number as f64),
        Value::Float(number) => format!("{number:?}"),
        Value::Array(items) => format!(
            "[{}]",
            items.iter().map(canonical).collect::<Vec<_>>().join(",")
        ),
        Value::Table(table) => {
            let sorted: BTreeMap<_, _> = table.iter().collect();
            let entries: Vec<_> = sorted
                .iter()
                .map(|(key, inner)| format!("{key:?}:{}", canonical(inner)))
                .collect();
            format!("{{{}}}", entries.join(","))
        }
        other => other.to_string(),
    }
}

fn hash_of(complete: &Table) -> String {
    let digest = Sha256::digest(canonical(&Value::Table(complete.clone())).as_bytes());
    digest.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
