//! What is one whole-time equivalent said to do in a year? Published norms, to set beside the hours.

use std::sync::LazyLock;

/// A published norm.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
pub struct Norm {
    /// Role that it is about.
    pub role: String,
    /// `assessments`, `course_starts`, `new_starts` or `open_cases`.
    pub norm: String,
    /// Value for one WTE.
    pub value: f64,
    /// Lowest value found.
    pub low: Option<f64>,
    /// Highest value found.
    pub high: Option<f64>,
    /// Unit.
    pub unit: String,
    /// Source.
    pub source: String,
    /// Date of the source.
    pub date: String,
    /// How well it is known.
    pub status: String,
    /// What to know about it.
    pub note: String,
}

/// The rows are part of the program; a test reads them.
#[allow(clippy::panic)]
static NORMS: LazyLock<Vec<Norm>> = LazyLock::new(|| {
    let text = include_str!("data/norms.csv");
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    reader
        .deserialize()
        .collect::<Result<_, _>>()
        .unwrap_or_else(|error| panic!("norms: {error}"))
});

/// All norms.
#[must_use]
pub fn norms() -> &'static [Norm] {
    &NORMS
}
