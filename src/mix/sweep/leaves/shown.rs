//! What did the search find, as a table and in words?

use super::Leaves;
use crate::error::Result;
use crate::mix::label;
use crate::mix::sweep::words::phrase;
use crate::table::{Table, known_name};

impl Leaves {
    /// Names of the tables.
    pub const TABLES: [&'static str; 2] = ["leaves", "tried"];

    /// A table by its name.
    ///
    /// # Errors
    /// [`crate::error::Error::Unknown`] with the names there are.
    pub fn table(&self, name: &str) -> Result<Table> {
        Ok(match known_name(name, &Self::TABLES)? {
            "leaves" => self.of_changes(),
            _ => self.of_tried(),
        })
    }

    /// One row a change.
    fn of_changes(&self) -> Table {
        Table::of_rows("leaves", &self.changes)
            .text("path", "Field that was changed", |_| self.path.as_str())
            .text("asked", "PWP : HIT that is asked about", |_| {
                label(self.share)
            })
            .truth(
                "leaves",
                "True where it leaves the range as the value rises, false where it comes in",
                |row| row.leaves,
            )
            .number("before", "", "Value of the grid before the change", |row| {
                row.between.0
            })
            .number("after", "", "Value of the grid after it", |row| {
                row.between.1
            })
            .number(
                "surely_before",
                "",
                "Nearest tried value below at which it is sure that the change is still to come",
                |row| row.surely.0,
            )
            .number(
                "surely_after",
                "",
                "Nearest tried value above at which it is sure that it is past",
                |row| row.surely.1,
            )
            .table()
    }

    /// One row a value that was tried.
    fn of_tried(&self) -> Table {
        let path = &self.path;
        Table::of_rows("tried", &self.tried)
            .number("value", "", &format!("Value of {path}"), |row| row.value)
            .number(
                "probability",
                "share",
                "Probability that the share is best, alone or with others",
                |row| row.probability,
            )
            .number("standard_error", "share", "Standard error of it", |row| {
                row.error
            })
            .truth(
                "in_range",
                "Whether the share cannot be told from the best one",
                |row| row.inside,
            )
            .truth(
                "sure",
                "Whether the number of worlds makes that sure",
                |row| row.sure,
            )
            .number("best_share", "share", "The best share", |row| {
                row.best.unwrap_or(f64::NAN)
            })
            .number(
                "low_share",
                "share",
                "Lowest share that cannot be told from it",
                |row| row.range.map_or(f64::NAN, |range| range.0),
            )
            .number(
                "high_share",
                "share",
                "Highest share that cannot be told from it",
                |row| row.range.map_or(f64::NAN, |range| range.1),
            )
            .table()
    }

    /// The answer in sentences; the first is the headline.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let name = label(self.share);
        let path = if self.path == "demand" {
            "referrals, as a multiple of today's,"
        } else {
            &self.path
        };
        let span = format!("{} to {}", shown(self.span.0), shown(self.span.1));
        let mut said = Vec::new();
        if self.changes.is_empty() {
            let inside = self.tried.first().is_some_and(|one| one.inside);
            said.push(if inside {
                format!("{name} never leaves the range while {path} goes from {span}.")
            } else {
                format!("{name} is never in the range while {path} goes from {span}.")
            });
        }
        for change in &self.changes {
            let way = if change.leaves {
                "leaves"
            } else {
                "comes into"
            };
            let (from, to) = change.between;
            let (below, above) = change.surely;
            said.push(format!(
                "{name} {way} the range as {path} rises from {} to {}; with the worlds that were drawn it is sure only that this happens between {} and {}.",
                shown(from),
                shown(to),
                shown(below),
                shown(above)
            ));
        }
        said.push(format!(
            "{} values from {span} were tried, {} apart where it changes, in {} worlds each, by {}; a change that comes and goes between two of them is not seen.",
            self.tried.len(),
            shown(self.step),
            self.draws,
            phrase(&self.objective)
        ));
        said
    }
}

/// A value with as many digits as are told apart.
fn shown(value: f64) -> String {
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}
