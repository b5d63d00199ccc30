//! How unsure are the values that nobody has stated? The plausible low and high of the pack as their spread.
//!
//! ```text
//! pert, triangular               low, value, high
//! uniform                        low, high
//! normal, lognormal, beta, gamma 5 % of the draws below low, 95 % below high
//! ```
//!
//! Left as they are: values that the planner states, values without a range or with none to speak of, shares and
//! lists whose parts go together, and fields that are the same in all worlds.

use serde_json::Value as Schema;
use toml::{Table, Value};

use super::schema::{complete, properties, resolve};
use super::{Scenario, merge};
use crate::error::{Error, Problem, Result, nearest};
use crate::reference::packs::Assumption;

/// What becomes of one value that the pack gives a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The value, its range, its unit and where they come from.
    pub assumption: Assumption,
    /// Why it stays as it is; empty if it is made unsure.
    pub fixed: &'static str,
}

/// Families that a default spread can have.
pub const FAMILIES: [&str; 7] = [
    "pert",
    "triangular",
    "uniform",
    "normal",
    "lognormal",
    "beta",
    "gamma",
];

impl Scenario {
    /// Every value to which its pack gives a range, and whether a default spread makes it unsure.
    #[must_use]
    pub fn default_spread(&self) -> Vec<Given> {
        let rows = self.assumptions().into_iter();
        // A stated value has no range of its own any more.
        let ranged = rows.filter(|row| {
            row.value.parse::<f64>().is_ok() && !row.low.is_empty() && !row.high.is_empty()
        });
        let given = |assumption: Assumption| Given {
            fixed: self.why_fixed(&assumption),
            assumption,
        };
        ranged.map(given).collect()
    }

    fn why_fixed(&self, row: &Assumption) -> &'static str {
        let numbers = [&row.low, &row.value, &row.high].map(|text| text.parse::<f64>().ok());
        let [Some(low), Some(value), Some(high)] = numbers else {
            return "one of several that go together, such as shares that add up to 1";
        };
        if merge::get(self.stated(), &row.path).is_some() {
            "stated"
        } else if low >= high {
            "its low is its high"
        } else if value < low || value > high {
            "its range does not hold it"
        } else if !takes_unsure(&row.path) {
            "the same in all worlds"
        } else {
            ""
        }
    }

    /// The scenario with the low and high of the pack as the spread of what is not stated: of all such values, or
    /// of those at `paths` alone. Each new spread is noted among the sources.
    ///
    /// # Errors
    /// [`Error::Scenario`] if there is no such family, or a path has no range or must stay as it is; if nothing
    /// is left to make unsure; and with what the family cannot be, such as beyond the range of its field.
    pub fn with_default_spread(&self, paths: Option<&[String]>, family: &str) -> Result<Self> {
        if !FAMILIES.contains(&family) {
            let problem = Problem::new("family", format!("{family:?}"), FAMILIES.join(", "));
            return Err(problem.suggest(nearest(family, FAMILIES)).into());
        }
        let all = self.default_spread();
        let mut chosen: Vec<&Given> = all.iter().filter(|given| given.fixed.is_empty()).collect();
        if let Some(paths) = paths {
            let mut problems = Vec::new();
            for (place, path) in paths.iter().enumerate() {
                let here = format!("paths[{place}]");
                match all.iter().find(|given| given.assumption.path == *path) {
                    Some(given) if given.fixed.is_empty() => {}
                    Some(given) => {
                        let sentence = format!("stays as it is: {}", given.fixed);
                        problems.push(Problem::told(
                            &here,
                            path,
                            &sentence,
                            "a value with a range",
                        ));
                    }
                    None => {
                        let known = chosen.iter().map(|given| given.assumption.path.as_str());
                        let sentence = "has no range in the pack";
                        let problem = Problem::told(&here, path, sentence, "a value with a range");
                        problems.push(problem.suggest(nearest(path, known)));
                    }
                }
            }
            if !problems.is_empty() {
                return Err(Error::Scenario(problems));
            }
            chosen.retain(|given| paths.contains(&given.assumption.path));
        }
        if chosen.is_empty() {
            let sentence = "nothing is left to make unsure";
            return Err(Problem::told("paths", "", sentence, "a value with a range").into());
        }
        let mut stated = self.stated().clone();
        for given in chosen {
            let row = &given.assumption;
            merge::set(&mut stated, self.complete(), &row.path, spread(row, family))?;
            let sources = stated
                .entry("sources")
                .or_insert_with(|| Value::Table(Table::new()));
            if let Some(sources) = sources.as_table_mut() {
                sources.insert(row.path.clone(), Value::Table(note(row)));
            }
        }
        Self::from_tree(stated)
    }
}

/// The spread of a family with the range of a row.
fn spread(row: &Assumption, family: &str) -> Value {
    let [low, value, high] =
        [&row.low, &row.value, &row.high].map(|text| Value::Float(text.parse().unwrap_or(0.0)));
    let numbers = match family {
        "pert" | "triangular" => Value::Array(vec![low, value, high]),
        "uniform" => Value::Array(vec![low, high]),
        _ => Value::Table(
            [("q05".into(), low), ("q95".into(), high)]
                .into_iter()
                .collect(),
        ),
    };
    let family: Table = [(family.to_string(), numbers)].into_iter().collect();
    Value::Table(
        [("unsure".into(), Value::Table(family))]
            .into_iter()
            .collect(),
    )
}

/// Where a default spread comes from.
fn note(row: &Assumption) -> Table {
    let status = match row.status.as_str() {
        "published" | "derived" | "inferred" | "national" | "stated" => row.status.as_str(),
        "cross-checked" => "published",
        _ => "judgement",
    };
    let text = |text: &str| Value::String(text.into());
    let said = format!(
        "the range of the pack, {} to {}, as a spread",
        row.low, row.high
    );
    let mut note = Table::new();
    note.insert("source".into(), text(&row.source));
    note.insert("status".into(), text(status));
    if !row.date.is_empty() {
        note.insert("date".into(), text(&row.date));
    }
    note.insert("note".into(), text(&said));
    note
}

/// Whether the field at a path can be unsure.
fn takes_unsure(path: &str) -> bool {
    let mut schema: &Schema = complete();
    for step in path.split('.') {
        let (name, items) = step.split_once('[').map_or((step, 0), |(name, rest)| {
            (name, 1 + rest.matches('[').count())
        });
        schema = resolve(schema);
        let inner = properties(schema).and_then(|known| known.get(name));
        let Some(inner) = inner.or_else(|| schema.get("additionalProperties")) else {
            return false;
        };
        schema = inner;
        for _ in 0..items {
            schema = &resolve(schema)["items"];
        }
    }
    let kind = resolve(schema)["x-kind"].as_str();
    matches!(kind, Some("quantity" | "sessions"))
}
