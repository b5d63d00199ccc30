//! How do rows become a table? Each column is worked out from each row.

use jiff::civil::Date;

use super::{Table, Values};

/// Rows on their way to a table, with the columns worked out so far.
#[derive(Debug)]
pub struct Rows<'a, R> {
    rows: &'a [R],
    table: Table,
}

impl Table {
    /// A table whose columns are to be worked out from `rows`.
    ///
    /// ```
    /// use skillmix::table::Table;
    /// let posts = [("pwp", 18.0), ("hit", 24.0)];
    /// let table = Table::of_rows("staff", &posts)
    ///     .text("role", "Role", |row| row.0)
    ///     .number("posts", "WTE", "Funded establishment", |row| row.1)
    ///     .table();
    /// assert_eq!(table.numbers("posts"), [18.0, 24.0]);
    /// ```
    #[must_use]
    pub fn of_rows<'a, R>(name: &str, rows: &'a [R]) -> Rows<'a, R> {
        Rows {
            rows,
            table: Self::new(name),
        }
    }
}

impl<'a, R> Rows<'a, R> {
    fn each<T>(&self, of: impl Fn(&'a R) -> T) -> Vec<T> {
        self.rows.iter().map(of).collect()
    }

    fn and(mut self, name: &str, unit: &str, description: &str, values: Values) -> Self {
        self.table = self.table.and(name, unit, description, values);
        self
    }

    /// One more column of texts.
    #[must_use]
    pub fn text<T: Into<String>>(
        self,
        name: &str,
        description: &str,
        of: impl Fn(&'a R) -> T,
    ) -> Self {
        let values = self.each(|row| of(row).into());
        self.and(name, "", description, Values::Text(values))
    }

    /// One more column of numbers.
    #[must_use]
    pub fn number(
        self,
        name: &str,
        unit: &str,
        description: &str,
        of: impl Fn(&'a R) -> f64,
    ) -> Self {
        let values = self.each(of);
        self.and(name, unit, description, Values::Number(values))
    }

    /// One more column of whole numbers.
    #[must_use]
    pub fn whole(
        self,
        name: &str,
        unit: &str,
        description: &str,
        of: impl Fn(&'a R) -> i64,
    ) -> Self {
        let values = self.each(of);
        self.and(name, unit, description, Values::Whole(values))
    }

    /// One more column of truths.
    #[must_use]
    pub fn truth(self, name: &str, description: &str, of: impl Fn(&'a R) -> bool) -> Self {
        let values = self.each(of);
        self.and(name, "", description, Values::Truth(values))
    }

    /// One more column of days.
    #[must_use]
    pub fn day(self, name: &str, description: &str, of: impl Fn(&'a R) -> Date) -> Self {
        let values = self.each(of);
        self.and(name, "", description, Values::Day(values))
    }

    /// The table.
    #[must_use]
    pub fn table(self) -> Table {
        self.table
    }
}
