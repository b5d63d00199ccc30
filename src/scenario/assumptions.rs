//! Where does each value come from: the pack, or what the planner says of it?

use toml::Value;

use super::{Scenario, Status, merge};
use crate::reference::packs::{self, Assumption, Pack};

impl Scenario {
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
        let notes = self.spec.sources.iter();
        let note = notes
            .filter(|(key, _)| covers(key, &path))
            .max_by_key(|(key, _)| key.len());
        let row = pack.row(&path).or_else(|| packs::shelf_row(&path));
        let value = value.to_string();
        let unit = row.map_or(String::new(), |row| row.unit.clone());
        match (note, row) {
            (Some((_, said)), _) => Assumption {
                value,
                unit,
                source: said.source.clone(),
                date: said.date.clone().unwrap_or_default(),
                status: said.status.name().into(),
                note: said.note.clone().unwrap_or_default(),
                ..Assumption::at(path)
            },
            (None, Some(row)) if !stated => Assumption {
                path,
                value,
                ..row.clone()
            },
            (None, row) => Assumption {
                value,
                unit,
                source: "this scenario".into(),
                status: Status::Stated.name().into(),
                note: row.map_or(String::new(), |row| format!("the pack has {}", row.value)),
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
