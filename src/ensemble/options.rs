//! What is asked of an ensemble, and can it be had? Every fault is reported before anything is run.

use crate::design::Design;
use crate::error::{Error, Problem, ProblemKind, Result, nearest};
use crate::record::asked::{MOST_THREADS, refuse};
use crate::scenario::worlds::MOST_WORLDS;
use crate::scenario::{Scenario, check};
use crate::simulate;

/// Most memory for the numbers of all runs, so that quantiles are exact \[bytes\].
pub const MOST_EXACT: usize = 200_000_000;

/// Most runs: worlds x replications of each.
pub const MOST_RUNS: usize = 1_000_000;

/// How each world is run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Run {
    /// `project` with luck expected.
    #[default]
    Project,
    /// `project` with luck chance.
    Chance,
    /// `simulate`.
    Simulate,
}

impl Run {
    /// All ways to run a world.
    pub const ALL: [Self; 3] = [Self::Project, Self::Chance, Self::Simulate];

    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Chance => "chance",
            Self::Simulate => "simulate",
        }
    }

    /// The way of that name.
    ///
    /// # Errors
    /// [`Error::Scenario`] with the names there are.
    pub fn parse(name: &str) -> Result<Self> {
        parse("run", name, &Self::ALL, Self::name)
    }
}

/// How quantiles are worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantiles {
    /// From all numbers.
    Exact,
    /// From counts in bins: known to half a per cent of their value.
    Streaming,
}

impl Quantiles {
    /// Both ways.
    pub const ALL: [Self; 2] = [Self::Exact, Self::Streaming];

    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Streaming => "streaming",
        }
    }

    /// The way of that name.
    ///
    /// # Errors
    /// [`Error::Scenario`] with the names there are.
    pub fn parse(name: &str) -> Result<Self> {
        parse("quantiles", name, &Self::ALL, Self::name)
    }
}

fn parse<T: Copy>(path: &str, name: &str, all: &[T], of: fn(T) -> &'static str) -> Result<T> {
    let names: Vec<&str> = all.iter().map(|&one| of(one)).collect();
    let found = all.iter().find(|&&one| of(one) == name);
    found.copied().ok_or_else(|| {
        let problem = Problem::new(path, format!("{name:?}"), names.join(", "));
        problem.suggest(nearest(name, names.iter().copied())).into()
    })
}

/// What is asked of an ensemble beside the scenario.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Worlds.
    pub draws: usize,
    /// How they are spread over what is not known.
    pub design: Design,
    /// Seed of the worlds and of all luck.
    pub seed: u64,
    /// How each world is run.
    pub run: Run,
    /// How often each world is run with other luck.
    pub replications: usize,
    /// How quantiles are worked out; `None`: exactly where all numbers fit into [`MOST_EXACT`].
    pub quantiles: Option<Quantiles>,
    /// Whether the rules of the plan are judged in each run, which takes longer.
    pub rules: bool,
    /// Threads; `None`: as many as there are processors. It changes no figure.
    pub threads: Option<usize>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            draws: 1000,
            design: Design::default(),
            seed: 1,
            run: Run::default(),
            replications: 1,
            quantiles: None,
            rules: true,
            threads: None,
        }
    }
}

impl Options {
    /// Checks what is asked, and whether this scenario can be run so at all.
    ///
    /// # Errors
    /// [`Error::Scenario`] with all problems.
    pub fn check(&self, scenario: &Scenario, weeks: usize) -> Result<()> {
        let mut found = self.of_numbers(scenario.unsure().is_empty());
        found.extend(self.of_scenario(scenario, weeks)?);
        refuse(found)
    }

    /// What is wrong with the numbers, if nothing is unsure or something is.
    #[must_use]
    pub fn of_numbers(&self, all_is_sure: bool) -> Vec<Problem> {
        let mut found = Vec::new();
        if self.draws == 0 || self.draws > MOST_WORLDS {
            found.push(number("draws", self.draws, MOST_WORLDS));
        } else if self.draws > 1 && all_is_sure && self.run == Run::Project {
            found.push(Problem::told(
                "draws",
                self.draws,
                "no number of this scenario is unsure, so all worlds would be alike",
                "a field such as {unsure = {pert = [low, mode, high]}}, or luck: run chance or simulate",
            ));
        }
        if self.replications == 0 || self.replications > MOST_RUNS {
            found.push(number("replications", self.replications, MOST_RUNS));
        } else if self.replications > 1 && self.run == Run::Project {
            found.push(Problem::told(
                "replications",
                self.replications,
                "with luck expected all runs of a world are alike",
                "1, or luck: run chance or simulate",
            ));
        }
        let runs = self.draws.saturating_mul(self.replications);
        if found.is_empty() && runs > MOST_RUNS {
            let sentence = format!(
                "{} draws of {} replications are {runs} runs",
                self.draws, self.replications
            );
            let allowed = format!("draws x replications up to {MOST_RUNS}");
            let problem = Problem::told("replications", self.replications, &sentence, allowed);
            found.push(problem.of_kind(ProblemKind::Limit));
        }
        if let Some(threads) = self.threads.filter(|&n| n == 0 || n > MOST_THREADS) {
            found.push(number("threads", threads, MOST_THREADS));
        }
        found
    }

    /// What is wrong with a scenario that is to be run so.
    ///
    /// # Errors
    /// Whatever else it may be.
    pub fn of_scenario(&self, scenario: &Scenario, weeks: usize) -> Result<Vec<Problem>> {
        let possible = match self.run {
            Run::Project | Run::Chance => check::in_expectation(scenario.spec()),
            Run::Simulate => simulate::Options {
                replications: 1,
                ..simulate::Options::default()
            }
            .check(scenario, weeks),
        };
        match possible {
            Err(Error::Scenario(problems)) => Ok(problems),
            Err(other) => Err(other),
            Ok(()) => Ok(Vec::new()),
        }
    }

    /// How quantiles of so many numbers a run are worked out.
    ///
    /// # Errors
    /// [`Error::Scenario`] if they were to be exact and need more memory than [`MOST_EXACT`].
    pub fn quantiles_of(&self, cells: usize) -> Result<Quantiles> {
        let needed = cells
            .saturating_mul(self.draws * self.replications)
            .saturating_mul(8);
        match self.quantiles {
            Some(Quantiles::Exact) if needed > MOST_EXACT => {
                let sentence = format!(
                    "exact quantiles would need {} MB for {cells} numbers a run; the ceiling is {} MB",
                    needed.div_ceil(1_000_000),
                    MOST_EXACT / 1_000_000
                );
                let allowed = "\"streaming\", fewer draws or a shorter horizon";
                let problem = Problem::told("quantiles", "exact", &sentence, allowed);
                Err(problem.of_kind(ProblemKind::Limit).into())
            }
            Some(asked) => Ok(asked),
            None if needed > MOST_EXACT => Ok(Quantiles::Streaming),
            None => Ok(Quantiles::Exact),
        }
    }
}

/// A number that is not between 1 and a ceiling.
fn number(path: &str, value: usize, most: usize) -> Problem {
    let kind = if value == 0 {
        ProblemKind::Field
    } else {
        ProblemKind::Limit
    };
    Problem::new(path, value, format!("1 to {most}")).of_kind(kind)
}
