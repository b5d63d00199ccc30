//! Which reference packs are there, and where does each of their values come from?
//!
//! A pack is a table of facts, one row a field: path, value, low, high, unit, source, address, date,
//! status and note. The values, laid out by their paths, are the tree that a scenario starts from.

use std::sync::LazyLock;

use toml::{Table, Value};

/// One value of a scenario and where it comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
pub struct Assumption {
    /// Path of the field.
    pub path: String,
    /// Value, as written in TOML.
    pub value: String,
    /// Lowest plausible value, if known.
    pub low: String,
    /// Highest plausible value, if known.
    pub high: String,
    /// Unit.
    pub unit: String,
    /// Source.
    pub source: String,
    /// Where the source was seen.
    pub url: String,
    /// Date of the source.
    pub date: String,
    /// published, derived, cross-checked, unverified, judgement or convention.
    pub status: String,
    /// How the value was worked out.
    pub note: String,
}

impl Assumption {
    /// An empty row for a field.
    #[must_use]
    pub fn at(path: String) -> Self {
        Self {
            path,
            ..Self::default()
        }
    }
}

/// A named, dated set of values.
#[derive(Debug)]
pub struct Pack {
    /// Name, as written in a scenario.
    pub name: &'static str,
    /// What it describes.
    pub title: &'static str,
    /// Its rows, in order.
    pub rows: Vec<Assumption>,
    tree: Table,
}

impl Pack {
    /// The values laid out by their paths.
    #[must_use]
    pub const fn tree(&self) -> &Table {
        &self.tree
    }

    /// The row that a field comes from: its own, or that of the table or list it lies in.
    #[must_use]
    pub fn row(&self, path: &str) -> Option<&Assumption> {
        let mut part = path;
        loop {
            if let Some(row) = self.rows.iter().find(|row| row.path == part) {
                return Some(row);
            }
            part = &part[..part.rfind(['.', '['])?];
        }
    }
}

static PACKS: LazyLock<[Pack; 3]> = LazyLock::new(|| {
    [
        pack(
            "talking-therapies-2025",
            "NHS Talking Therapies in England, 2024-25 figures",
            include_str!("data/pack_talking-therapies-2025.csv"),
        ),
        pack(
            "iapt-2008",
            "IAPT in England, 2008 to 2012",
            include_str!("data/pack_iapt-2008.csv"),
        ),
        pack(
            "blank",
            "Nothing but zeros, for textbook cases",
            include_str!("data/pack_blank.csv"),
        ),
    ]
});

/// What a service may have and a scenario takes by naming it: roles, and kinds of absence.
static SHELF: LazyLock<Pack> = LazyLock::new(|| {
    pack(
        "shelf",
        "Roles and absences that not every service has",
        include_str!("data/roles.csv"),
    )
});

/// Adds to `complete` the roles and absences of the shelf that `stated` names and the pack does not have.
/// A stated number of staff stands against the ratio of the shelf.
pub fn take_from_shelf(complete: &mut Table, stated: &Table) {
    let Some(Value::Table(named)) = stated.get("staff") else {
        return;
    };
    let staff = complete
        .entry("staff")
        .or_insert_with(|| Value::Table(Table::new()));
    let Value::Table(staff) = staff else {
        return;
    };
    for (name, said) in named {
        if let (Some(role), Some(said)) = (on_shelf("staff", name), said.as_table())
            && !staff.contains_key(name)
        {
            let mut role = role.clone();
            let counted = ["in_post", "posts"]
                .iter()
                .any(|&key| said.contains_key(key));
            if counted && !said.contains_key("ratio") {
                role.remove("ratio");
            }
            staff.insert(name.clone(), Value::Table(role));
        }
        let kinds = said.get("absences").and_then(Value::as_table);
        for kind in kinds.into_iter().flat_map(Table::keys) {
            let (Some(absence), Some(role)) = (
                on_shelf("absences", kind),
                staff.get_mut(name).and_then(Value::as_table_mut),
            ) else {
                continue;
            };
            let here = role
                .entry("absences")
                .or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(here) = here {
                here.entry(kind)
                    .or_insert_with(|| Value::Table(absence.clone()));
            }
        }
    }
}

fn on_shelf(group: &str, name: &str) -> Option<&'static Table> {
    SHELF.tree.get(group)?.get(name)?.as_table()
}

/// Names of the roles that a scenario may take.
#[must_use]
pub fn roles_on_shelf() -> Vec<&'static str> {
    let roles = SHELF.tree.get("staff").and_then(Value::as_table);
    roles
        .into_iter()
        .flat_map(Table::keys)
        .map(String::as_str)
        .collect()
}

/// The row of the shelf that a field comes from.
#[must_use]
pub fn shelf_row(path: &str) -> Option<&'static Assumption> {
    let absence = path
        .split_once(".absences.")
        .map(|(_, rest)| format!("absences.{rest}"));
    SHELF.row(absence.as_deref().unwrap_or(path))
}

/// Names of the packs.
#[must_use]
pub fn names() -> Vec<&'static str> {
    PACKS.iter().map(|pack| pack.name).collect()
}

/// The pack of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Pack> {
    PACKS.iter().find(|pack| pack.name == name)
}

/// Reads shipped rows. They are part of the program, so a fault in them is a fault of the program; a test
/// reads every pack.
#[allow(clippy::expect_used, clippy::panic)]
fn pack(name: &'static str, title: &'static str, text: &str) -> Pack {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    let rows: Vec<Assumption> = reader
        .deserialize()
        .collect::<Result<_, _>>()
        .unwrap_or_else(|error| panic!("pack {name}: {error}"));
    let mut tree = Table::new();
    for row in &rows {
        let line: Table = toml::from_str(&format!("v = {}", row.value))
            .unwrap_or_else(|error| panic!("pack {name}: {}: {error}", row.path));
        put(&mut tree, &row.path, line["v"].clone());
    }
    Pack {
        name,
        title,
        rows,
        tree,
    }
}

fn put(tree: &mut Table, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            let value = match value {
                Value::Datetime(date) => Value::String(date.to_string()),
                other => other,
            };
            tree.insert(path.into(), value);
        }
        Some((first, rest)) => {
            let inner = tree
                .entry(first)
                .or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(table) = inner {
                put(table, rest, value);
            }
        }
    }
}
