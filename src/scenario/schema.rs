//! Which fields does a scenario have, in what unit and with what bounds?
//!
//! The schema is made from the Rust types. Checks, messages, the exported JSON Schema and the page of
//! fields all come from here.

use std::sync::LazyLock;

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::distribution::{Unsure, Varies, VariesInTime};
use crate::scenario::Spec;

/// The version that stands at the head of every scenario.
pub const SCHEMA_VERSION: i64 = 1;

static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let _ = generator.subschema_for::<Unsure>();
    let _ = generator.subschema_for::<Varies>();
    let _ = generator.subschema_for::<VariesInTime>();
    Value::from(generator.into_root_schema_for::<Spec>())
});

/// The schema of a complete scenario: one with all that its pack provides.
#[must_use]
pub fn complete() -> &'static Value {
    &SCHEMA
}

/// The schema of a scenario file as a planner writes it, for editors: what a pack provides may be left
/// out.
#[must_use]
pub fn for_files() -> Value {
    let mut schema = SCHEMA.clone();
    relax(&mut schema, false);
    if let Some(root) = schema.as_object_mut() {
        root.insert("$id".into(), json!("skillmix-scenario-1.json"));
        root.insert("title".into(), json!("skillmix scenario, schema 1"));
        root.insert("required".into(), json!(["schema", "pack"]));
    }
    schema
}

/// Tables that no pack provides, so that all their fields must be stated.
const NO_PACK_PROVIDES: [&str; 14] = [
    "Correlated",
    "Delivery",
    "Intake",
    "RampStep",
    "Places",
    "Attendance",
    "PayStep",
    "PostsChange",
    "TenureStep",
    "TenureShare",
    "SeniorPosts",
    "Freeze",
    "Agency",
    "Overtime",
];

/// Drops `required` everywhere but inside the items of lists, which no pack provides.
fn relax(schema: &mut Value, keep: bool) {
    match schema {
        Value::Object(object) => {
            if !keep {
                object.remove("required");
            }
            for (key, inner) in object.iter_mut() {
                let keep = matches!(
                    key.as_str(),
                    "items"
                        | "Unsure"
                        | "Varies"
                        | "Between"
                        | "Family"
                        | "VariesInTime"
                        | "Lasting"
                ) || NO_PACK_PROVIDES.contains(&key.as_str());
                relax(inner, keep);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| relax(item, keep)),
        _ => {}
    }
}

/// One field of a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Path, with `*` for a name that the planner chooses.
    pub path: String,
    /// Kind of value: number, whole number, text, date, true or false, one of ..., list.
    pub kind: String,
    /// Unit, if it is a number.
    pub unit: String,
    /// Lowest allowed value, if it is a number.
    pub minimum: Option<f64>,
    /// Highest allowed value, if it is a number.
    pub maximum: Option<f64>,
    /// What it means.
    pub description: String,
}

/// Every field, in the order of the file.
#[must_use]
pub fn fields() -> Vec<Field> {
    let mut list = Vec::new();
    describe(complete(), "", "", &mut list);
    list
}

fn describe(schema: &Value, path: &str, said: &str, list: &mut Vec<Field>) {
    let said = schema["description"]
        .as_str()
        .filter(|_| said.is_empty())
        .unwrap_or(said);
    let schema = resolve(schema);
    if let Some(properties) = schema["properties"].as_object() {
        for (name, inner) in properties {
            describe(
                inner,
                &join(path, name),
                inner["description"].as_str().unwrap_or(""),
                list,
            );
        }
        return;
    }
    if schema["additionalProperties"].is_object() {
        return describe(
            &schema["additionalProperties"],
            &join(path, "*"),
            said,
            list,
        );
    }
    if schema["type"] == "array" && resolve(&schema["items"])["properties"].is_object() {
        return describe(&schema["items"], &format!("{path}[]"), "", list);
    }
    let number = schema["anyOf"][0]
        .as_object()
        .filter(|_| schema["x-kind"].is_string());
    let bounds = number.map_or(schema, |_| &schema["anyOf"][0]);
    list.push(Field {
        path: path.into(),
        kind: kind_of(schema),
        unit: schema["x-unit"].as_str().unwrap_or("").into(),
        minimum: bounds["minimum"].as_f64(),
        maximum: bounds["maximum"].as_f64(),
        description: said.split_whitespace().collect::<Vec<_>>().join(" "),
    });
}

fn kind_of(schema: &Value) -> String {
    let names = choices(schema);
    if !names.is_empty() {
        return format!("one of {}", names.join(", "));
    }
    if schema["format"] == "date" {
        return "date".into();
    }
    match (schema["x-kind"].as_str(), type_of(schema)) {
        (Some("quantity"), _) => "number".into(),
        (Some("sessions" | "lasting"), _) => "number or spread".into(),
        (_, "integer") => "whole number".into(),
        (_, "boolean") => "true or false".into(),
        (_, "string") => "text".into(),
        (_, "array") => "list".into(),
        (_, other) => other.into(),
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.into()
    } else {
        format!("{path}.{name}")
    }
}

/// Follows references and looks behind "or nothing".
#[must_use]
pub fn resolve(schema: &Value) -> &Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or_default();
        return resolve(&complete()["$defs"][name]);
    }
    if schema.get("x-kind").is_none()
        && let Some([inner, nothing]) = schema["anyOf"].as_array().map(Vec::as_slice)
        && nothing["type"] == "null"
    {
        return resolve(inner);
    }
    schema
}

/// The type of a schema, "or null" left out.
#[must_use]
pub fn type_of(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(name) => name,
        Value::Array(names) => names
            .iter()
            .filter_map(Value::as_str)
            .find(|&n| n != "null")
            .unwrap_or(""),
        _ => "",
    }
}

/// The texts that a field may hold, if it is a choice.
#[must_use]
pub fn choices(schema: &Value) -> Vec<&str> {
    let own = schema["enum"]
        .as_array()
        .into_iter()
        .flatten()
        .chain(schema.get("const"));
    let inner = schema["oneOf"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(choices);
    own.filter_map(Value::as_str).chain(inner).collect()
}

/// Properties of an object schema.
#[must_use]
pub fn properties(schema: &Value) -> Option<&Map<String, Value>> {
    schema["properties"].as_object()
}
