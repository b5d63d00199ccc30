//! What does a result look like? Named columns with units: the one shape of every output.

mod rows;

use jiff::civil::Date;

use crate::error::{Error, Result, nearest};

pub use rows::Rows;

/// Values of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Numbers; not a number where there is nothing to say.
    Number(Vec<f64>),
    /// Whole numbers.
    Whole(Vec<i64>),
    /// True or false.
    Truth(Vec<bool>),
    /// Texts.
    Text(Vec<String>),
    /// Texts of a long table of which few differ: the words, and which of them stands in each row.
    Word(Vec<String>, Vec<u32>),
    /// Days.
    Day(Vec<Date>),
}

impl Values {
    /// Number of rows.
    #[must_use]
    pub const fn len(&self) -> usize {
        match self {
            Self::Number(list) => list.len(),
            Self::Whole(list) => list.len(),
            Self::Truth(list) => list.len(),
            Self::Text(list) => list.len(),
            Self::Word(_, rows) => rows.len(),
            Self::Day(list) => list.len(),
        }
    }

    /// True if there are no rows.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Name.
    pub name: String,
    /// Unit; empty for texts.
    pub unit: String,
    /// What it means.
    pub description: String,
    /// Its values.
    pub values: Values,
}

impl Column {
    /// The last value, if it is a number.
    #[must_use]
    pub fn last(&self) -> Option<f64> {
        self.numbers().and_then(|list| list.last().copied())
    }

    /// The values, if they are numbers.
    #[must_use]
    pub fn numbers(&self) -> Option<&[f64]> {
        if let Values::Number(list) = &self.values {
            Some(list)
        } else {
            None
        }
    }

    /// The values, if they are texts.
    #[must_use]
    pub fn texts(&self) -> Option<&[String]> {
        if let Values::Text(list) = &self.values {
            Some(list)
        } else {
            None
        }
    }
}

/// A table: columns of equal length.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Name.
    pub name: String,
    /// Columns, keys first.
    pub columns: Vec<Column>,
}

impl Table {
    /// A table without columns.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            columns: Vec::new(),
        }
    }

    /// The same with one more column.
    #[must_use]
    pub fn and(mut self, name: &str, unit: &str, description: &str, values: Values) -> Self {
        self.columns.push(Column {
            name: name.into(),
            unit: unit.into(),
            description: description.into(),
            values,
        });
        self
    }

    /// The same with one more column of numbers.
    #[must_use]
    pub fn number(self, name: &str, unit: &str, description: &str, values: Vec<f64>) -> Self {
        self.and(name, unit, description, Values::Number(values))
    }

    /// The same with one more column of texts.
    #[must_use]
    pub fn text(
        self,
        name: &str,
        description: &str,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.and(
            name,
            "",
            description,
            Values::Text(values.into_iter().map(Into::into).collect()),
        )
    }

    /// The same with one more column of texts: which of `words` stands in each row.
    #[must_use]
    pub fn word(
        self,
        name: &str,
        description: &str,
        words: Vec<String>,
        rows: impl IntoIterator<Item = usize>,
    ) -> Self {
        let most = words.len().saturating_sub(1);
        let place = |word: usize| u32::try_from(word.min(most)).unwrap_or_default();
        let rows = rows.into_iter().map(place).collect();
        self.and(name, "", description, Values::Word(words, rows))
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns.first().map_or(0, |column| column.values.len())
    }

    /// True if there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A column by its name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Numbers of a column, or nothing.
    #[must_use]
    pub fn numbers(&self, name: &str) -> &[f64] {
        self.column(name)
            .and_then(Column::numbers)
            .unwrap_or_default()
    }

    /// Texts of a column, or nothing.
    #[must_use]
    pub fn texts(&self, name: &str) -> &[String] {
        self.column(name)
            .and_then(Column::texts)
            .unwrap_or_default()
    }
}

/// The name among `offered` that was asked for.
///
/// # Errors
/// [`Error::Unknown`] with the names there are, nearest first.
pub fn known_name<'a>(asked: &str, offered: &[&'a str]) -> Result<&'a str> {
    if let Some(&name) = offered.iter().find(|&&name| name == asked) {
        return Ok(name);
    }
    let mut names: Vec<String> = offered.iter().map(ToString::to_string).collect();
    if let Some(place) = nearest(asked, offered.iter().copied())
        .and_then(|near| names.iter().position(|n| n == near))
    {
        let near = names.remove(place);
        names.insert(0, near);
    }
    Err(Error::Unknown {
        asked: asked.into(),
        offered: names,
    })
}
