//! Does the tree fit the schema? Every problem is reported, not just the first.
//!
//! The walk also prepares the tree for the typed scenario: each unsure number is given its mean and a
//! place among the drawn numbers. Places follow the sorted paths, never the order of the file.

use serde_json::Value as Schema;
use toml::{Table, Value};

use crate::distribution::Spread;
use crate::error::{Problem, ProblemKind, nearest};
use crate::reference::packs;
use crate::scenario::schema::{choices, complete, properties, resolve, type_of};
use crate::scenario::spread;

/// A number that is not known, by the path of its field.
#[derive(Debug, Clone, PartialEq)]
pub struct UnsureField {
    /// Path to the field.
    pub path: String,
    /// What is thought of it.
    pub spread: Spread,
    /// Lowest and highest value that the field can have.
    pub range: (f64, f64),
    /// Unit of the field.
    pub unit: String,
}

/// Checks `tree` against the schema; returns the unsure numbers in the order of their places.
///
/// # Errors
/// All problems that were found.
pub fn walk(tree: &mut Table) -> Result<Vec<UnsureField>, Vec<Problem>> {
    let staff = tree.get("staff").and_then(Value::as_table);
    let known = staff.into_iter().flatten();
    let known = known.filter(|(_, role)| role.get("title").is_some());
    let mut walk = Walk {
        problems: Vec::new(),
        unsure: Vec::new(),
        roles: known.map(|(name, _)| name.clone()).collect(),
    };
    walk.table(complete(), tree, "");
    if !walk.problems.is_empty() {
        return Err(walk.problems);
    }
    walk.unsure.sort_by(|a, b| a.path.cmp(&b.path));
    for (slot, field) in walk.unsure.iter().enumerate() {
        prepare(tree, field, slot);
    }
    Ok(walk.unsure)
}

/// All faults of a tree against a schema of its own, which has no references; nothing in it is unsure.
#[must_use]
pub fn faults(tree: &mut Table, schema: &Schema) -> Vec<Problem> {
    let mut walk = Walk {
        problems: Vec::new(),
        unsure: Vec::new(),
        roles: Vec::new(),
    };
    walk.table(schema, tree, "");
    walk.problems
}

struct Walk {
    problems: Vec<Problem>,
    unsure: Vec<UnsureField>,
    /// Roles of the pack and those that the scenario says fully.
    roles: Vec<String>,
}

impl Walk {
    fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    fn table(&mut self, schema: &Schema, table: &mut Table, path: &str) {
        let Some(known) = properties(schema) else {
            let inner = &schema["additionalProperties"];
            for (name, value) in table.iter_mut() {
                let here = step(path, name);
                if name.is_empty()
                    || name.len() > 80
                    || (path != "sources" && name.contains(['.', '[', ']']))
                {
                    let expected = "a name of 1 to 80 letters, digits, _ and -";
                    self.problem(Problem::new(&here, format!("the name {name:?}"), expected));
                } else {
                    self.value(inner, value, &here);
                }
            }
            return;
        };
        for (key, value) in table.iter_mut() {
            let here = step(path, key);
            if let Some(inner) = known.get(key) {
                self.value(inner, value, &here);
            } else {
                let names = known.keys().map(String::as_str);
                self.problem(
                    Problem::told(&here, &*value, "no such field", list(names.clone()))
                        .suggest(nearest(key, names)),
                );
            }
        }
        let required = schema["required"].as_array().into_iter().flatten();
        let missing: Vec<_> = required
            .filter_map(Schema::as_str)
            .filter(|&key| !table.contains_key(key))
            .collect();
        if missing.len() > 3 {
            let sentence = format!(
                "not in the pack, and too little is said of it: {} are missing",
                list(missing)
            );
            let guess = path.strip_prefix("staff.").and_then(|name| {
                let known = self.roles.iter().map(String::as_str);
                nearest(name, known.chain(packs::roles_on_shelf())).map(str::to_string)
            });
            let expected = "a name of the pack, or all fields";
            let problem = Problem::told(path, "", &sentence, expected);
            self.problem(problem.suggest(guess));
        } else {
            for key in missing {
                let here = step(path, key);
                self.problem(Problem::told(&here, "", "missing", kind(&known[key])));
            }
        }
    }

    fn value(&mut self, schema: &Schema, value: &mut Value, path: &str) {
        let schema = resolve(schema);
        match schema["x-kind"].as_str() {
            Some("quantity") => return self.quantity(schema, value, path),
            Some("sessions") => return self.sessions(schema, value, path),
            Some("lasting") => return self.lasting(schema, value, path),
            // Read when it is known how many numbers go together.
            Some("rank") => return,
            _ => {}
        }
        let names = choices(schema);
        match (type_of(schema), &mut *value) {
            _ if !names.is_empty() => match value.as_str() {
                Some(text) if names.contains(&text) => {}
                _ => {
                    let given = value
                        .as_str()
                        .map_or_else(|| value.to_string(), str::to_lowercase);
                    let digits = given.trim_start_matches(|c: char| !c.is_ascii_digit());
                    let digits = digits.split_whitespace().next().unwrap_or_default();
                    let guess = names
                        .iter()
                        .copied()
                        .find(|&name| name == digits)
                        .or_else(|| nearest(&given, names.iter().copied()))
                        .or_else(|| names.iter().copied().find(|name| digits.starts_with(name)))
                        .or_else(|| {
                            let first = digits.get(..1)?;
                            names.iter().copied().find(|name| name.starts_with(first))
                        });
                    self.problem(
                        Problem::new(path, value, format!("one of {}", list(names))).suggest(guess),
                    );
                }
            },
            ("object", Value::Table(table)) => self.table(schema, table, path),
            ("array", Value::Array(items)) => self.list(schema, items, path),
            ("integer", Value::Integer(number)) => {
                self.range(schema, *number as f64, path);
            }
            ("number", Value::Float(_) | Value::Integer(_)) => self.number(schema, value, path),
            ("boolean", Value::Boolean(_)) => {}
            ("string", Value::String(text)) => self.text(schema, text, path),
            _ => self.wrong_type(schema, value, path),
        }
    }

    fn text(&mut self, schema: &Schema, text: &str, path: &str) {
        if schema["format"] == "date" {
            let iso = text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok();
            if !iso {
                self.problem(Problem::new(
                    path,
                    format!("{text:?}"),
                    "a date that exists, as 2025-04-01",
                ));
            }
        } else if text.chars().count() > 20_000 || text.contains('\0') {
            self.problem(Problem::new(
                path,
                format!("{text:?}"),
                "at most 20000 characters, none of them NUL",
            ));
        }
    }

    fn list(&mut self, schema: &Schema, items: &mut [Value], path: &str) {
        let length = items.len() as u64;
        let least = schema["minItems"].as_u64().unwrap_or(0);
        let most = schema["maxItems"].as_u64().unwrap_or(10_000);
        if length < least || length > most {
            let expected = if least == most {
                format!("{least} items")
            } else {
                format!("{least} to {most} items")
            };
            let kind = if length > most {
                ProblemKind::Limit
            } else {
                ProblemKind::Field
            };
            self.problem(Problem::new(path, format!("{length} items"), expected).of_kind(kind));
            return;
        }
        for (index, item) in items.iter_mut().enumerate() {
            self.value(&schema["items"], item, &format!("{path}[{index}]"));
        }
    }

    fn quantity(&mut self, schema: &Schema, value: &Value, path: &str) {
        match value {
            Value::Table(table) if table.len() == 1 && table.contains_key("unsure") => {
                self.unsure(schema, &table["unsure"], path);
            }
            _ => self.number(&schema["anyOf"][0], value, path),
        }
    }

    fn sessions(&mut self, schema: &Schema, value: &mut Value, path: &str) {
        let needs_sd = |family: &str| family != "poisson";
        let expected = "sd for lognormal and gamma, none for poisson";
        if !self.varies("Between", value, path, needs_sd, expected) {
            self.quantity(schema, value, path);
        }
    }

    fn lasting(&mut self, schema: &Schema, value: &mut Value, path: &str) {
        let needs_sd = |family: &str| matches!(family, "gamma" | "lognormal");
        let expected = "sd for gamma and lognormal, none for exponential and fixed";
        if self.varies("Lasting", value, path, needs_sd, expected) {
            return;
        }
        if value.is_integer() || value.is_float() {
            self.number(&schema["anyOf"][0], value, path);
        } else {
            self.wrong_type(schema, value, path);
        }
    }

    /// Checks a spread between people against the schema `of` it; false if `value` is none.
    fn varies(
        &mut self,
        of: &str,
        value: &mut Value,
        path: &str,
        needs_sd: impl Fn(&str) -> bool,
        expected: &str,
    ) -> bool {
        let Value::Table(table) = value else {
            return false;
        };
        let alone = table.len() == 1;
        let Some(between) = table.get_mut("varies").filter(|_| alone) else {
            return false;
        };
        let here = step(path, "varies");
        let before = self.problems.len();
        self.value(&complete()["$defs"][of], between, &here);
        let family = between.get("family").and_then(Value::as_str);
        if self.problems.len() == before
            && between.get("sd").is_some() != family.is_some_and(needs_sd)
        {
            let said = between.get("sd").map_or(String::new(), Value::to_string);
            self.problem(Problem::new(&step(&here, "sd"), said, expected));
        }
        true
    }

    fn unsure(&mut self, schema: &Schema, said: &Value, path: &str) {
        let bounds = &schema["anyOf"][0];
        let range = limits(bounds);
        let outside = |number: f64, path: &str| out_of_range(bounds, number, path);
        match spread::read(said, &step(path, "unsure"), range, &outside) {
            Ok(spread) => self.unsure.push(UnsureField {
                path: path.into(),
                spread,
                range,
                unit: schema["x-unit"].as_str().unwrap_or_default().into(),
            }),
            Err(problems) => self.problems.extend(problems),
        }
    }

    fn number(&mut self, schema: &Schema, value: &Value, path: &str) {
        match value {
            Value::Float(number) => self.range(schema, *number, path),
            Value::Integer(number) => self.range(schema, *number as f64, path),
            _ => self.wrong_type(schema, value, path),
        }
    }

    fn range(&mut self, schema: &Schema, number: f64, path: &str) {
        self.problems.extend(out_of_range(schema, number, path));
    }

    fn wrong_type(&mut self, schema: &Schema, value: &Value, path: &str) {
        if value.get("unsure").is_some() {
            let why = if type_of(resolve(schema)) == "number" {
                "prices, rules, norms and profiles are the same in all worlds"
            } else {
                "what decides the shape of a run, such as dates, counts and lags, is the same in all worlds"
            };
            let sentence = format!("cannot be unsure: {why}; compare scenarios instead");
            return self.problem(Problem::told(path, value, &sentence, kind(schema)));
        }
        let as_number = value
            .as_str()
            .and_then(|text| text.replace(',', ".").trim().parse::<f64>().ok());
        let guess =
            as_number.filter(|number| number.is_finite() && kind(schema).contains("number"));
        self.problem(Problem::new(path, value, kind(schema)).suggest(guess));
    }
}

/// Lowest and highest number that a schema allows.
fn limits(schema: &Schema) -> (f64, f64) {
    let low = schema["minimum"].as_f64().unwrap_or(f64::MIN);
    let high = schema["maximum"].as_f64().unwrap_or(f64::MAX);
    (low, high)
}

/// What is wrong with a number that a schema does not allow.
fn out_of_range(schema: &Schema, number: f64, path: &str) -> Option<Problem> {
    let (low, high) = limits(schema);
    let expected = format!("{low} to {high}");
    if !number.is_finite() {
        return Some(Problem::told(path, number, "not a finite number", expected));
    }
    if number >= low && number <= high {
        return None;
    }
    let percent =
        (high == 1.0 && low == 0.0 && number > 1.0 && number <= 100.0).then_some(number / 100.0);
    let kind = if number > high && high >= 1000.0 {
        ProblemKind::Limit
    } else {
        ProblemKind::Field
    };
    Some(
        Problem::new(path, number, expected)
            .suggest(percent)
            .of_kind(kind),
    )
}

/// Puts the mean and the place of an unsure number into the tree.
fn prepare(tree: &mut Table, field: &UnsureField, slot: usize) {
    let mut steps = field
        .path
        .split(['.', '['])
        .map(|step| step.trim_end_matches(']'));
    let mut node = steps.next().and_then(|first| tree.get_mut(first));
    for step in steps {
        node = node.and_then(|value| match value {
            Value::Table(table) => table.get_mut(step),
            Value::Array(items) => step
                .parse::<usize>()
                .ok()
                .and_then(|index| items.get_mut(index)),
            _ => None,
        });
    }
    if let Some(Value::Table(table)) = node {
        table.insert("mean".into(), Value::Float(field.spread.mean()));
        table.insert(
            "slot".into(),
            Value::Integer(i64::try_from(slot).unwrap_or(i64::MAX)),
        );
    }
}

fn kind(schema: &Schema) -> String {
    let schema = resolve(schema);
    if schema["x-kind"].is_string() {
        let (low, high) = (
            &schema["anyOf"][0]["minimum"],
            &schema["anyOf"][0]["maximum"],
        );
        return format!(
            "a number from {low} to {high} [{}]",
            schema["x-unit"].as_str().unwrap_or("")
        );
    }
    match type_of(schema) {
        "object" => "a table".into(),
        "array" => "a list".into(),
        "integer" => "a whole number".into(),
        "number" => "a number".into(),
        "boolean" => "true or false".into(),
        "string" if schema["format"] == "date" => "a date, as 2025-04-01".into(),
        "string" => "a text".into(),
        _ => format!("one of {}", list(choices(schema))),
    }
}

fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().collect::<Vec<_>>().join(", ")
}

fn step(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.into()
    } else {
        format!("{path}.{name}")
    }
}
