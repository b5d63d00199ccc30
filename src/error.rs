//! What went wrong, where, what is allowed and what to do about it?

use std::fmt;
use std::path::PathBuf;

/// One thing that is wrong with a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Path to the field, such as `staff.pwp.leavers_per_year`; empty for the file as a whole.
    pub path: String,
    /// What was found there, shortened to 80 characters; empty where nothing was found.
    pub value: String,
    /// What is allowed there.
    pub expected: String,
    /// What is wrong, in one sentence, path included.
    pub message: String,
    /// What to write instead, if that can be guessed.
    pub suggestion: Option<String>,
    /// What kind of fault it is.
    pub kind: ProblemKind,
}

/// Kinds of faults; Python has an exception for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// A value, a name or the text itself is wrong.
    Field,
    /// A stated ceiling is exceeded.
    Limit,
    /// The file was written for another version.
    Version,
}

impl Problem {
    /// A problem at `path`: `value` was found, `expected` is allowed.
    #[must_use]
    pub fn new(path: &str, value: impl fmt::Display, expected: impl Into<String>) -> Self {
        let value = shorten(&value.to_string());
        let expected = expected.into();
        let place = if path.is_empty() { "scenario" } else { path };
        let message = format!("{place}: got {value}, allowed: {expected}");
        Self {
            path: path.into(),
            value,
            expected,
            message,
            suggestion: None,
            kind: ProblemKind::Field,
        }
    }

    /// A problem at `path` told in a sentence of its own.
    #[must_use]
    pub fn told(
        path: &str,
        value: impl fmt::Display,
        sentence: &str,
        expected: impl Into<String>,
    ) -> Self {
        let mut problem = Self::new(path, value, expected);
        let place = if path.is_empty() { "scenario" } else { path };
        problem.message = format!("{place}: {sentence}");
        problem
    }

    /// The same with a guess at what was meant.
    #[must_use]
    pub fn suggest(mut self, suggestion: Option<impl fmt::Display>) -> Self {
        if let Some(guess) = suggestion {
            let guess = guess.to_string();
            self.message = format!("{}; did you mean {guess}?", self.message);
            self.suggestion = Some(guess);
        }
        self
    }

    /// The same as another kind of fault.
    #[must_use]
    pub const fn of_kind(mut self, kind: ProblemKind) -> Self {
        self.kind = kind;
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// What can go wrong in skillmix.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// The scenario has problems; all of them are listed, and nothing was run.
    #[error("{}", all(.0))]
    Scenario(Vec<Problem>),
    /// A data file has a fault.
    #[error("{file}{}: {message}", place(*.row, .column))]
    Data {
        /// File that was read.
        file: String,
        /// Row, counted from 1 with the header, if one row is at fault.
        row: Option<usize>,
        /// Column, if one column is at fault.
        column: String,
        /// What is wrong and what to do.
        message: String,
    },
    /// What was asked cannot be had.
    #[error("{asked} cannot be had: {rule}; the best that can be had is {best}")]
    Infeasible {
        /// What was asked.
        asked: String,
        /// The best that can be had.
        best: String,
        /// The rule that binds.
        rule: String,
    },
    /// The run was stopped from outside before there was anything to show.
    #[error("the run was stopped before its first replication was done")]
    Stopped,
    /// A file could not be read or written.
    #[error("{}: {message}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said, or why the file is refused.
        message: String,
    },
    /// A table, column or item that the result does not have.
    #[error("{asked:?} is not here; there are {}", offered.join(", "))]
    Unknown {
        /// What was asked for.
        asked: String,
        /// What there is, nearest first.
        offered: Vec<String>,
    },
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Scenario(vec![problem])
    }
}

/// The result of anything that can fail.
pub type Result<T> = std::result::Result<T, Error>;

fn all(problems: &[Problem]) -> String {
    match problems {
        [one] => one.message.clone(),
        many => {
            let list: Vec<_> = many
                .iter()
                .map(|problem| format!("  {}", problem.message))
                .collect();
            format!("{} problems:\n{}", many.len(), list.join("\n"))
        }
    }
}

fn place(row: Option<usize>, column: &str) -> String {
    let row = row.map_or(String::new(), |row| format!(", row {row}"));
    let column = if column.is_empty() {
        String::new()
    } else {
        format!(", column {column}")
    };
    row + &column
}

/// The first 80 characters of a text.
#[must_use]
pub fn shorten(text: &str) -> String {
    if text.chars().count() <= 80 {
        return text.into();
    }
    text.chars().take(77).chain("...".chars()).collect()
}

/// The known name that is most like `given`, if one is like it.
#[must_use]
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = given.to_lowercase();
    let mut best: Option<(f64, &str)> = None;
    for name in known {
        let likeness = strsim::normalized_damerau_levenshtein(&lower, &name.to_lowercase())
            .max(0.9 * strsim::jaro_winkler(&lower, &name.to_lowercase()));
        if likeness > best.map_or(0.65, |found| found.0) {
            best = Some((likeness, name));
        }
    }
    best.map(|found| found.1)
}
