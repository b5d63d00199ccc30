//! How does a text or a file become a tree?
//!
//! TOML and JSON are read into the same tree, a TOML table, so that every later step is the same for
//! both. Dates become ISO texts. A key that stands twice, a null, a text that is not UTF-8 and a file
//! that is not a regular file are refused.

use std::fmt;
use std::fs;
use std::path::Path;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use toml::{Table, Value};

use crate::error::{Error, Problem, Result};
use crate::scenario::series_file::{self, MissingCells};

/// Largest scenario file that is read \[bytes\].
pub const LARGEST_FILE: u64 = 16 * 1024 * 1024;

/// Reads a regular file as UTF-8 text; a byte order mark is dropped.
///
/// # Errors
/// [`Error::File`] if there is no such regular file, if it is larger than [`LARGEST_FILE`], or if it is
/// not UTF-8.
pub fn text_of_file(path: &Path) -> Result<String> {
    let refuse = |message: String| Error::File {
        path: path.to_path_buf(),
        message,
    };
    if path.as_os_str().is_empty() {
        return Err(refuse("an empty path; name a .toml or .json file".into()));
    }
    let about = fs::metadata(path).map_err(|error| refuse(error.to_string()))?;
    if !about.is_file() {
        return Err(refuse(
            "not a regular file; only regular files are read".into(),
        ));
    }
    if about.len() > LARGEST_FILE {
        return Err(refuse(format!(
            "{} bytes; at most {LARGEST_FILE} are read",
            about.len()
        )));
    }
    let bytes = fs::read(path).map_err(|error| refuse(error.to_string()))?;
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(refuse("the file is UTF-16; save it as UTF-8".into()));
    }
    String::from_utf8(bytes).map_err(|error| {
        refuse(format!(
            "byte {} is not UTF-8; save the file as UTF-8",
            error.utf8_error().valid_up_to()
        ))
    })
}

/// Reads TOML.
///
/// # Errors
/// [`Error::Scenario`] with line and column if the text is not TOML.
pub fn toml_tree(text: &str) -> Result<Table> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(Problem::told(
            "",
            "",
            "the text is empty; a table is needed",
            "a TOML table",
        )
        .into());
    }
    let mut table: Table = toml::from_str(text).map_err(|error: toml::de::Error| {
        let (line, column) =
            line_and_column(text, error.span().map_or(text.len(), |span| span.start));
        let sentence = format!(
            "line {line}, column {column}: not TOML: {}",
            error.message().trim()
        );
        Problem::told("", "", &sentence, "TOML")
    })?;
    table.iter_mut().for_each(|(_, value)| dates_to_text(value));
    Ok(table)
}

/// Reads the file that `demand.series.file` names, beside the scenario, into `months`; keeps its hash.
///
/// # Errors
/// As [`crate::scenario::series_file::months`].
pub fn inline_series(tree: &mut Table, scenario: &Path) -> Result<()> {
    let series = tree
        .get_mut("demand")
        .and_then(|demand| demand.get_mut("series"))
        .and_then(Value::as_table_mut);
    let Some(series) = series.filter(|series| !series.contains_key("months")) else {
        return Ok(());
    };
    let Some(name) = series.get("file").and_then(Value::as_str) else {
        return Ok(());
    };
    let path = scenario.parent().unwrap_or(Path::new("")).join(name);
    let (months, sha256) = series_file::months(&path, MissingCells::Refuse, None)?;
    let months = months
        .into_iter()
        .map(|(month, count)| (month, Value::Float(count)))
        .collect();
    series.insert("months".into(), Value::Table(months));
    series.insert("sha256".into(), Value::String(sha256));
    Ok(())
}

/// Reads JSON.
///
/// # Errors
/// [`Error::Scenario`] with line and column if the text is not JSON, is not a table, holds a null or
/// the same key twice.
pub fn json_tree(text: &str) -> Result<Table> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Tree(value) = serde_json::from_str(text).map_err(|error| {
        Problem::told(
            "",
            "",
            &format!("not usable JSON: {error}"),
            "a JSON object",
        )
    })?;
    match value {
        Value::Table(table) => Ok(table),
        other => Err(Problem::new("", other, "a table at the top").into()),
    }
}

fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = &text.as_bytes()[..offset.min(text.len())];
    let line = before.split(|&byte| byte == b'\n').count();
    let start = before
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |newline| newline + 1);
    (
        line,
        String::from_utf8_lossy(&before[start..]).chars().count() + 1,
    )
}

/// Dates of TOML as texts, so that both notations are one tree.
pub fn dates_to_text(value: &mut Value) {
    match value {
        Value::Datetime(date) => *value = Value::String(date.to_string()),
        Value::Array(items) => items.iter_mut().for_each(dates_to_text),
        Value::Table(table) => table.iter_mut().for_each(|(_, inner)| dates_to_text(inner)),
        _ => {}
    }
}

/// Texts that read as dates are written as TOML dates; reading turns them back.
#[must_use]
pub fn text_to_dates(value: &Value) -> Value {
    match value {
        Value::String(text) if text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok() => {
            text.parse().map_or_else(|_| value.clone(), Value::Datetime)
        }
        Value::Array(items) => Value::Array(items.iter().map(text_to_dates).collect()),
        Value::Table(table) => Value::Table(
            table
                .iter()
                .map(|(key, inner)| (key.clone(), text_to_dates(inner)))
                .collect(),
        ),
        _ => value.clone(),
    }
}

/// A JSON value read into the tree, strictly.
struct Tree(Value);

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_any(Strict).map(Tree)
    }
}

struct Strict;

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a table, a list, a text, a number or true or false")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> std::result::Result<Value, E> {
        Ok(Value::Boolean(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> std::result::Result<Value, E> {
        Ok(Value::Integer(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> std::result::Result<Value, E> {
        Ok(i64::try_from(value).map_or(Value::Float(value as f64), Value::Integer))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> std::result::Result<Value, E> {
        Ok(Value::Float(value))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> std::result::Result<Value, E> {
        Ok(Value::String(value.into()))
    }

    fn visit_unit<E: de::Error>(self) -> std::result::Result<Value, E> {
        Err(E::custom("null has no meaning here: leave the key out"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> std::result::Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Tree(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> std::result::Result<Value, A::Error> {
        let mut table = Table::new();
        while let Some(key) = entries.next_key::<String>()? {
            let Tree(value) = entries.next_value()?;
            if table.insert(key.clone(), value).is_some() {
                return Err(de::Error::custom(format!("the key {key:?} stands twice")));
            }
        }
        Ok(Value::Table(table))
    }
}
