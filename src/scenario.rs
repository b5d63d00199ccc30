//! What does the planner say? A scenario: a reference pack and what differs from it.
//!
//! A scenario keeps the tree of what was **stated** apart from the **complete** tree (stated over pack),
//! so that a difference can be shown, saved and traced to its source. It cannot be changed; `with`
//! derives another one.

pub mod alike;
mod assumptions;
pub mod check;
pub mod correlated;
pub mod default_spread;
pub mod demand;
pub mod merge;
pub mod money;
pub mod pathway;
pub mod read;
mod same;
pub mod schema;
pub mod series_file;
mod spec;
pub mod spread;
pub mod staff;
pub mod stock;
pub mod supervision;
pub mod training;
pub mod walk;
pub mod worlds;

use std::path::Path;
use std::sync::Arc;

use toml::{Table, Value};

use crate::error::{Error, Problem, ProblemKind, Result, nearest};
use crate::reference::packs::{self, Pack};
use crate::unit::Draw;
use correlated::Together;
use walk::UnsureField;

pub use same::Difference;
pub use spec::{Service, SourceNote, Spec, Status};

/// A checked scenario. A copy shares all that it holds: every run keeps one.
#[derive(Debug, Clone)]
pub struct Scenario {
    stated: Arc<Table>,
    complete: Arc<Table>,
    spec: Arc<Spec>,
    unsure: Arc<[UnsureField]>,
    together: Arc<[Together]>,
    hash: Arc<str>,
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
    pub fn from_tree(mut stated: Table) -> Result<Self> {
        stated
            .iter_mut()
            .for_each(|(_, value)| read::dates_to_text(value));
        let pack = pack_of(&stated)?;
        let mut complete = pack.tree().clone();
        complete.insert("pack".into(), Value::String(pack.name.into()));
        let mut problems = remove_what_is_not_there(&mut complete, &stated);
        packs::take_from_shelf(&mut complete, &stated);
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
        let together = correlated::together(&spec.correlated, &unsure).unwrap_or_else(|found| {
            problems.extend(found);
            Vec::new()
        });
        if !problems.is_empty() {
            return Err(Error::Scenario(problems));
        }
        let hash = same::hash_of(&complete);
        Ok(Self {
            stated: stated.into(),
            complete: complete.into(),
            spec: spec.into(),
            unsure: unsure.into(),
            together: together.into(),
            hash: hash.into(),
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
        let mut stated = self.stated().clone();
        for (path, value) in changes {
            if value != Value::Boolean(false) {
                merge::remove_alternatives(&mut stated, &path);
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

    /// The same, shared by all copies of the scenario.
    #[must_use]
    pub const fn shared(&self) -> &Arc<Spec> {
        &self.spec
    }

    /// Numbers that are not known, in the order of their places in a draw.
    #[must_use]
    pub fn unsure(&self) -> &[UnsureField] {
        &self.unsure
    }

    /// Groups of unsure numbers that go together.
    #[must_use]
    pub fn together(&self) -> &[Together] {
        &self.together
    }

    /// The scenario of one world: what is not known has the value that was drawn, as if it were stated. Routing
    /// shares of which some are not known are divided by their sum, and of a job plan the other hours make room
    /// for those with patients. What fits by the means need not fit in every
    /// world, so that only each value is held to its range here.
    ///
    /// # Errors
    /// [`Error::Scenario`] if a value lies outside the range of its field.
    pub fn in_world(&self, draw: Draw) -> Result<Self> {
        let value = |slot: usize, field: &UnsureField| {
            draw.get(slot).copied().unwrap_or(field.spread.mean())
        };
        let mut changes = Vec::new();
        let mut problems = Vec::new();
        for (slot, field) in self.unsure.iter().enumerate() {
            let (value, (low, high)) = (value(slot, field), field.range);
            if !(value >= low && value <= high) {
                problems.push(Problem::new(&field.path, value, format!("{low} to {high}")));
            }
            changes.push((field.path.clone(), value));
        }
        if !problems.is_empty() {
            return Err(Error::Scenario(problems));
        }
        let routes = &self.spec.pathway.routes;
        if routes.are_unsure() {
            changes.extend(routes.in_world(draw).by_path());
        }
        for (name, role) in &self.spec.staff {
            let plan = &role.job_plan;
            if plan.patients.is_unsure() {
                let here = format!("staff.{name}.job_plan");
                let lines = plan.beside(plan.patients.at(draw)).into_iter();
                changes.extend(lines.map(|(line, hours)| (format!("{here}.{line}"), hours)));
            }
        }
        let (mut stated, mut complete) = (self.stated().clone(), self.complete().clone());
        for (path, value) in changes {
            merge::set(&mut stated, &self.complete, &path, Value::Float(value))?;
            merge::set(&mut complete, &self.complete, &path, Value::Float(value))?;
        }
        stated.remove("correlated");
        complete.remove("correlated");
        let spec: Spec = complete
            .clone()
            .try_into()
            .map_err(|error: toml::de::Error| {
                Problem::told("", "", error.message(), "a complete scenario")
            })?;
        let hash = same::hash_of(&complete);
        Ok(Self {
            stated: stated.into(),
            complete: complete.into(),
            spec: spec.into(),
            unsure: [].into(),
            together: [].into(),
            hash: hash.into(),
        })
    }

    /// What was stated, without what the pack provides.
    #[must_use]
    pub fn stated(&self) -> &Table {
        &self.stated
    }

    /// Everything: stated over pack.
    #[must_use]
    pub fn complete(&self) -> &Table {
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
        let table = read::text_to_dates(&Value::Table(self.stated().clone()));
        toml::to_string_pretty(&table).unwrap_or_default()
    }

    /// What was stated, as JSON; reading it gives the same scenario.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self.stated()).unwrap_or_default()
    }

    /// Fields in which `other` differs: path, value here, value there; absent is `None`.
    #[must_use]
    pub fn diff(&self, other: &Self) -> Vec<Difference> {
        same::differences(&self.complete, &other.complete)
    }
}

/// The pack that is named, if the schema can be read.
fn pack_of(stated: &Table) -> Result<&'static Pack> {
    schema_is_known(stated.get("schema"))?;
    let known = packs::names();
    let one = format!("one of {}", known.join(", "));
    match stated.get("pack") {
        Some(Value::String(name)) => packs::find(name).ok_or_else(|| {
            let sentence = format!("no pack {name:?}");
            Problem::told("pack", name, &sentence, known.join(", "))
                .suggest(nearest(name, known.iter().copied()))
                .into()
        }),
        Some(other) => Err(Problem::new("pack", other, one).into()),
        None => Err(Problem::told("pack", "", "missing", one).into()),
    }
}

/// Refuses a file that is not of the version that is read.
///
/// # Errors
/// [`Error::Scenario`] that says what to write.
pub fn schema_is_known(found: Option<&Value>) -> Result<()> {
    let (value, sentence) = match found {
        Some(Value::Integer(schema::SCHEMA_VERSION)) => return Ok(()),
        Some(version) => (
            version.to_string(),
            format!("version {version} cannot be read"),
        ),
        None => (String::new(), "missing".into()),
    };
    let expected = format!("schema = {}", schema::SCHEMA_VERSION);
    let sentence = format!("{sentence}; write {expected}");
    let kind = if found.is_none_or(Value::is_integer) {
        ProblemKind::Version
    } else {
        ProblemKind::Field
    };
    Err(Problem::told("schema", value, &sentence, expected)
        .of_kind(kind)
        .into())
}

/// Removes from the pack what the scenario is `without`.
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
