//! How does what a planner states lie over what the pack provides?
//!
//! Tables are laid over each other field by field; lists and spreads replace what was there. Of fields
//! that exclude each other, the one that is stated drops the others. Shares that must add up to 1 are
//! stated together.

use toml::{Table, Value};

use crate::error::{Problem, Result};

/// Fields of which exactly one stands in a complete scenario, and where.
pub const ONE_OF: [(&str, &[&str]); 4] = [
    ("demand", &["rate", "series", "need"]),
    (
        "pathway.assessment",
        &["ring_fence", "slots_per_wte", "slots_per_week", "at_once"],
    ),
    ("staff.*", &["weeks_available", "availability"]),
    ("waiting.*", &["weeks", "people"]),
];

/// Most steps of a path.
const DEEPEST_PATH: usize = 64;

/// Tables that are replaced as a whole: their shares add up.
fn is_whole(path: &str) -> bool {
    ["pathway.routes", "demand.sources"].contains(&path)
        || (path.starts_with("staff.") && path.ends_with(".payers"))
        || (path.starts_with("pathway.step") && path.ends_with(".delivery"))
}

/// Lays `over` over `base`.
pub fn overlay(base: &mut Table, over: &Table) {
    lay(base, over, "");
}

fn lay(base: &mut Table, over: &Table, path: &str) {
    for (place, group) in ONE_OF {
        // A way that is switched off excludes no other.
        let states = |key: &str| (over.get(key)).is_some_and(|said| *said != Value::Boolean(false));
        if fits(path, place) && group.iter().any(|&key| states(key)) {
            base.retain(|key, _| !group.contains(&key) || over.contains_key(key));
        }
    }
    for (key, value) in over {
        let here = join(path, key);
        match (base.get_mut(key), value) {
            (Some(Value::Table(below)), Value::Table(above))
                if !is_spread(above) && !is_spread(below) && !is_whole(&here) =>
            {
                lay(below, above, &here);
            }
            _ => {
                base.insert(key.clone(), value.clone());
            }
        }
    }
}

/// Removes the field at `path`; true if it was there.
pub fn remove(tree: &mut Table, path: &str) -> bool {
    match path.split_once('.') {
        None => tree.remove(path).is_some(),
        Some((first, rest)) => tree
            .get_mut(first)
            .and_then(Value::as_table_mut)
            .is_some_and(|inner| remove(inner, rest)),
    }
}

/// Removes what cannot stand beside the field at `path`, such as `demand.rate` beside
/// `demand.series.months`.
pub fn remove_alternatives(stated: &mut Table, path: &str) {
    for (place, group) in ONE_OF {
        let (parent, key) = path.rsplit_once('.').unwrap_or(("", path));
        let (parent, key) = if ["referrals", "per", "months"].contains(&key) {
            parent.rsplit_once('.').unwrap_or(("", parent))
        } else {
            (parent, key)
        };
        if fits(parent, place) && group.contains(&key) {
            for other in group.iter().filter(|&&other| other != key) {
                remove(stated, &format!("{parent}.{other}"));
            }
        }
    }
}

/// Sets the field at `path` in what is stated; lists and tables that are replaced as a whole are first
/// copied from the complete scenario, so that only this one field changes.
///
/// # Errors
/// If the path is not a path, or leads through something that is not a table or a list.
pub fn set(stated: &mut Table, complete: &Table, path: &str, value: Value) -> Result<()> {
    if path.split(['.', '[']).nth(DEEPEST_PATH).is_some() {
        let shown = Value::String(crate::error::shorten(path));
        return Err(
            Problem::new("", shown, format!("a path of at most {DEEPEST_PATH} steps")).into(),
        );
    }
    let steps: Vec<&str> = path
        .split(['.', '['])
        .map(|step| step.trim_end_matches(']'))
        .collect();
    if steps.iter().any(|step| step.is_empty()) {
        return Err(Problem::new(
            "",
            format!("the path {path:?}"),
            "names joined by dots, as staff.pwp.posts",
        )
        .into());
    }
    for (depth, _) in steps.iter().enumerate().skip(1) {
        let part = steps[..depth].join(".");
        let whole = is_whole(&part) || matches!(get(complete, &part), Some(Value::Array(_)));
        if whole
            && get(stated, &part).is_none()
            && let Some(found) = get(complete, &part).cloned()
        {
            place(stated, &steps[..depth], found, path)?;
        }
    }
    place(stated, &steps, value, path)
}

fn place(tree: &mut Table, steps: &[&str], value: Value, path: &str) -> Result<()> {
    let Some((last, before)) = steps.split_last() else {
        return Ok(());
    };
    let Some((first, between)) = before.split_first() else {
        tree.insert((*last).into(), value);
        return Ok(());
    };
    let mut inner = tree
        .entry(*first)
        .or_insert_with(|| Value::Table(Table::new()));
    for step in between {
        inner = below(inner, step, path)?;
    }
    *below(inner, last, path)? = value;
    Ok(())
}

/// The field `step` of a table, made if it is not there, or the item `step` of a list.
fn below<'a>(value: &'a mut Value, step: &str, path: &str) -> Result<&'a mut Value> {
    match value {
        Value::Array(items) => {
            let length = items.len();
            let item = step.parse::<usize>().ok().and_then(|at| items.get_mut(at));
            item.ok_or_else(|| {
                Problem::new(path, step, format!("a place in a list of {length}")).into()
            })
        }
        Value::Table(table) => {
            if is_spread(table) && !table.contains_key(step) {
                *table = Table::new();
            }
            Ok(table
                .entry(step)
                .or_insert_with(|| Value::Table(Table::new())))
        }
        other => Err(Problem::told(
            path,
            &*other,
            "the path leads through a value",
            "a path through tables",
        )
        .into()),
    }
}

/// The value at `path`.
#[must_use]
pub fn get<'a>(tree: &'a Table, path: &str) -> Option<&'a Value> {
    let mut steps = path
        .split(['.', '['])
        .map(|step| step.trim_end_matches(']'));
    let first = tree.get(steps.next()?)?;
    steps.try_fold(first, |value, step| match value {
        Value::Table(table) => table.get(step),
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        _ => None,
    })
}

/// Every value with its path: spreads and lists of plain values are one value each.
#[must_use]
pub fn leaves(tree: &Table) -> Vec<(String, Value)> {
    let mut list = Vec::new();
    for (key, value) in tree {
        gather(key.clone(), value, &mut list);
    }
    list
}

fn gather(path: String, value: &Value, list: &mut Vec<(String, Value)>) {
    match value {
        Value::Table(table) if !is_spread(table) => {
            for (key, inner) in table {
                gather(join(&path, key), inner, list);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_table) => {
            for (index, inner) in items.iter().enumerate() {
                gather(format!("{path}[{index}]"), inner, list);
            }
        }
        _ => list.push((path, value.clone())),
    }
}

fn is_spread(table: &Table) -> bool {
    table.len() == 1 && (table.contains_key("unsure") || table.contains_key("varies"))
}

/// True if `path` fits `pattern`, where `*` stands for one name or more.
#[must_use]
pub fn fits(path: &str, pattern: &str) -> bool {
    match pattern.strip_suffix(".*") {
        Some(head) => path
            .strip_prefix(head)
            .is_some_and(|rest| rest.starts_with('.')),
        None => path == pattern,
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.into()
    } else {
        format!("{path}.{name}")
    }
}
