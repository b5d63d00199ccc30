//! How often may a service be run with luck, by how many threads, and how far has it come?

use std::sync::atomic::{AtomicBool, AtomicU64};

use crate::error::{Error, Problem, ProblemKind, Result};
use crate::record::measure::MEASURES;

/// Most replications of one call.
pub const MOST_REPLICATIONS: u64 = 1_000_000;

/// Most threads of one call.
pub const MOST_THREADS: usize = 1024;

/// How far a run has come, for whoever waits for it.
#[derive(Debug, Default)]
pub struct Progress {
    /// Set to end the run early.
    pub stop: AtomicBool,
    /// Replications that are done.
    pub done: AtomicU64,
}

/// Checks the numbers of replications and threads, which no scenario is needed for; `months` are those of
/// the run.
///
/// # Errors
/// [`Error::Scenario`] with all problems.
pub fn check_numbers(replications: u64, threads: Option<usize>, months: usize) -> Result<()> {
    let mut found = Vec::new();
    if replications == 0 {
        let expected = format!("1 to {MOST_REPLICATIONS}");
        found.push(Problem::new("replications", replications, expected));
    } else if replications > MOST_REPLICATIONS {
        let cells = replications as f64 * (months * MEASURES.len()) as f64;
        let sentence = format!(
            "{replications} is above the ceiling of {MOST_REPLICATIONS}; one number a month and measure of each would take {}",
            bytes(8.0 * cells)
        );
        let problem = Problem::told(
            "replications",
            replications,
            &sentence,
            format!("1 to {MOST_REPLICATIONS}"),
        );
        found.push(problem.of_kind(ProblemKind::Limit));
    }
    if let Some(threads) = threads.filter(|&threads| threads == 0 || threads > MOST_THREADS) {
        let kind = if threads == 0 {
            ProblemKind::Field
        } else {
            ProblemKind::Limit
        };
        let problem = Problem::new("threads", threads, format!("1 to {MOST_THREADS}"));
        found.push(problem.of_kind(kind));
    }
    refuse(found)
}

/// The problems that were found as an error, if there are any.
///
/// # Errors
/// [`Error::Scenario`] with all of them.
pub fn refuse(found: Vec<Problem>) -> Result<()> {
    if found.is_empty() {
        Ok(())
    } else {
        Err(Error::Scenario(found))
    }
}

/// A number of bytes in words.
#[must_use]
pub fn bytes(bytes: f64) -> String {
    let gigabytes = bytes / 1e9;
    if gigabytes < 10.0 {
        format!("{gigabytes:.1} GB")
    } else {
        format!("{gigabytes:.0} GB")
    }
}
