//! Do two scenarios say the same? Differences, and a hash that is equal for equal scenarios.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use toml::{Table, Value};

use super::merge;

/// A field in which two scenarios differ: path, value here, value there; absent is `None`.
pub type Difference = (String, Option<Value>, Option<Value>);

/// Fields in which `here` and `there` differ.
pub fn differences(here: &Table, there: &Table) -> Vec<Difference> {
    let here: BTreeMap<_, _> = merge::leaves(here).into_iter().collect();
    let there: BTreeMap<_, _> = merge::leaves(there).into_iter().collect();
    let paths: BTreeSet<_> = here.keys().chain(there.keys()).collect();
    let differs =
        |path: &&String| here.get(*path).map(canonical) != there.get(*path).map(canonical);
    let found = paths.into_iter().filter(differs);
    found
        .map(|path| {
            (
                path.clone(),
                here.get(path).cloned(),
                there.get(path).cloned(),
            )
        })
        .collect()
}

/// SHA-256 of a complete scenario.
pub fn hash_of(complete: &Table) -> String {
    sha256(&canonical(&Value::Table(complete.clone())))
}

/// SHA-256 of a text, in hexadecimal digits.
pub fn sha256(text: &str) -> String {
    let digest = Sha256::digest(text);
    digest.iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// A text that is equal for equal values: keys sorted, whole numbers and fractions alike.
fn canonical(value: &Value) -> String {
    match value {
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
