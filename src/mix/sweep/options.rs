//! What may be asked of a sweep?

use super::measures::{WIDTH, names};
use crate::design::Design;
use crate::error::{Problem, ProblemKind, Result, nearest};
use crate::mix::{Hold, check_shares};
use crate::record::asked::{bytes, check_numbers, refuse};
use crate::timetable::Horizon;

/// Most levels of demand in one call.
pub const MOST_LEVELS: usize = 101;

/// Most shares x levels x worlds in one call: their outcomes are kept.
pub const MOST_RUNS: usize = 2_500_000;

/// Highest level of demand.
const HIGHEST_LEVEL: f64 = 100.0;

/// What is asked of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// PWP shares, 0 to 1.
    pub shares: Vec<f64>,
    /// What stays the same between mixes.
    pub hold: Hold,
    /// Levels of demand: what referrals are multiplied by.
    pub demand: Vec<f64>,
    /// Worlds drawn from what is unsure; one where nothing is.
    pub draws: usize,
    /// How they are drawn.
    pub design: Design,
    /// Seed of the draws.
    pub seed: u64,
    /// How long each run lasts.
    pub horizon: Horizon,
    /// What decides: a measure of the sweep, or `cost_to_meet_wait`.
    pub objective: String,
    /// Probability of being best from which a mix cannot be told from the best one.
    pub at_least: f64,
    /// Differences of the objective that do not matter, as a share of the best value.
    pub indifference: f64,
    /// Share that is asked about.
    pub reference: f64,
    /// Threads that compute; as many as there are processors if not said. They change no bit.
    pub threads: Option<usize>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            shares: Self::steps(21),
            hold: Hold::Budget,
            demand: vec![1.0],
            draws: 400,
            design: Design::Random,
            seed: 1,
            horizon: Horizon::Scenario,
            objective: "recovered".into(),
            at_least: 0.05,
            indifference: 0.0,
            reference: 0.4,
            threads: None,
        }
    }
}

impl Options {
    /// So many shares from 0 to 1, equally far apart.
    ///
    /// ```
    /// use skillmix::mix::sweep::Options;
    /// assert_eq!(Options::steps(5), [0.0, 0.25, 0.5, 0.75, 1.0]);
    /// ```
    #[must_use]
    pub fn steps(number: usize) -> Vec<f64> {
        let last = number.saturating_sub(1).max(1) as f64;
        (0..number).map(|step| step as f64 / last).collect()
    }

    /// The place of the share that is asked about, if it is among the shares.
    #[must_use]
    pub fn reference_place(&self) -> Option<usize> {
        let here = |share: &f64| (share - self.reference).abs() < 1e-9;
        self.shares.iter().position(here)
    }

    /// Refuses what is not possible, all at once.
    pub(super) fn check(&self) -> Result<()> {
        let mut found = check_shares("shares", &self.shares);
        found.extend(in_order("shares", &self.shares));
        if self.demand.is_empty() || self.demand.len() > MOST_LEVELS {
            let kind = if self.demand.is_empty() {
                ProblemKind::Field
            } else {
                ProblemKind::Limit
            };
            let value = format!("{} levels", self.demand.len());
            let problem = Problem::new("demand", value, format!("1 to {MOST_LEVELS} levels"));
            found.push(problem.of_kind(kind));
        }
        for (place, &level) in self.demand.iter().enumerate() {
            if !(level > 0.0 && level <= HIGHEST_LEVEL) {
                let expected =
                    format!("above 0, at most {HIGHEST_LEVEL}: what referrals are multiplied by");
                found.push(Problem::new(&format!("demand[{place}]"), level, expected));
            }
        }
        found.extend(in_order("demand", &self.demand));
        let known = names();
        if !known.contains(&self.objective.as_str()) {
            let sentence = format!("no objective {:?}", self.objective);
            let problem = Problem::told("objective", &self.objective, &sentence, known.join(", "));
            found.push(problem.suggest(nearest(&self.objective, known)));
        }
        for (path, value) in [
            ("at_least", self.at_least),
            ("indifference", self.indifference),
            ("reference", self.reference),
        ] {
            if !(0.0..=1.0).contains(&value) {
                let percent = (value > 1.0 && value <= 100.0).then_some(value / 100.0);
                found.push(Problem::new(path, value, "0 to 1").suggest(percent));
            }
        }
        let cells = self.shares.len().saturating_mul(self.demand.len());
        let runs = cells.saturating_mul(self.draws);
        if runs > MOST_RUNS {
            let most = MOST_RUNS / cells.max(1);
            let sentence = format!(
                "{} worlds at {cells} shares and levels would take {}",
                self.draws,
                bytes(runs as f64 * WIDTH as f64 * 8.0)
            );
            let problem = Problem::told("draws", self.draws, &sentence, format!("1 to {most}"));
            found.push(problem.of_kind(ProblemKind::Limit));
        }
        if let Err(crate::error::Error::Scenario(threads)) = check_numbers(1, self.threads, 1) {
            found.extend(threads);
        }
        refuse(found)
    }
}

/// A list must rise, so that a range in it means something.
fn in_order(path: &str, list: &[f64]) -> Option<Problem> {
    let place = list.windows(2).position(|pair| pair[1] <= pair[0])? + 1;
    let here = format!("{path}[{place}]");
    Some(Problem::new(
        &here,
        list[place],
        "more than the one before it",
    ))
}
