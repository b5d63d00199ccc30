//! What is asked of a comparison, and can it be had?

use std::collections::BTreeSet;

use super::{Error, Horizon, Problem, Result, Scenario, refuse};
use crate::ensemble;
use crate::ensemble::{MEASURES, MOST_EXACT};
use crate::error::ProblemKind;
use crate::outcome::place;
use crate::timetable::Timetable;

/// Most scenarios of one comparison.
pub const MOST_SCENARIOS: usize = 100;

/// What is asked of a comparison beside the scenarios.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Worlds, replications, seed, threads: the same for all.
    pub runs: ensemble::Options,
    /// Outcome by which options are best.
    pub objective: String,
    /// Smallest difference in the objective that matters; `None`: a hundredth of the mean of the first scenario
    /// (judgement).
    pub indifference: Option<f64>,
    /// Chance with which the selection is right.
    pub confidence: f64,
    /// Whether the differences are attributed to the changes that make them.
    pub attribute: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            runs: ensemble::Options::default(),
            objective: "recovered".into(),
            indifference: None,
            confidence: 0.95,
            attribute: true,
        }
    }
}

impl Options {
    /// Checks all that is asked, and gives the place of the objective.
    ///
    /// # Errors
    /// [`Error::Scenario`] with all problems.
    pub fn check(&self, scenarios: &[(String, Scenario)], horizon: Horizon) -> Result<usize> {
        let number = scenarios.len();
        if !(2..=MOST_SCENARIOS).contains(&number) {
            return Err(Problem::new("scenarios", number, format!("2 to {MOST_SCENARIOS}")).into());
        }
        let all_is_sure = scenarios
            .iter()
            .all(|(_, scenario)| scenario.unsure().is_empty());
        let mut found = self.runs.of_numbers(all_is_sure);
        let mut labels = BTreeSet::new();
        for (label, scenario) in scenarios {
            if !labels.insert(label) {
                found.push(Problem::told(
                    "scenarios",
                    label,
                    "a label stands twice",
                    "each label once",
                ));
            }
            let weeks = horizon.weeks(scenario)?;
            let (first, here) = (scenarios[0].1.spec(), scenario.spec());
            let start = |spec: &crate::scenario::Spec| (spec.calendar.start, spec.calendar.kind);
            if start(first) != start(here) || horizon.weeks(&scenarios[0].1)? != weeks {
                found.push(Problem::told(
                    &format!("scenarios.{label}"),
                    format!("{weeks} weeks from {}", here.calendar.start),
                    "not over the weeks of the first scenario",
                    "one calendar, or a horizon for all",
                ));
            }
            for mut problem in self.runs.of_scenario(scenario, weeks)? {
                problem.message = format!("{label}: {}", problem.message);
                found.push(problem);
            }
        }
        if !(0.5..1.0).contains(&self.confidence) {
            found.push(Problem::new(
                "confidence",
                self.confidence,
                "0.5 to below 1",
            ));
        }
        if let Some(zone) = self
            .indifference
            .filter(|zone| !(zone.is_finite() && *zone > 0.0))
        {
            found.push(Problem::new(
                "indifference",
                zone,
                "above 0, in the unit of the objective",
            ));
        }
        let objective = match place(&self.objective) {
            Ok(objective) => objective,
            Err(Error::Unknown { offered, .. }) => {
                let problem = Problem::new("objective", &self.objective, offered.join(", "));
                found.push(problem.suggest(offered.first().map(String::as_str)));
                0
            }
            Err(other) => return Err(other),
        };
        if found.is_empty() {
            found.extend(self.memory(scenarios, horizon)?);
        }
        refuse(found)?;
        Ok(objective)
    }

    /// All numbers of all runs are kept, since they are compared one by one.
    fn memory(
        &self,
        scenarios: &[(String, Scenario)],
        horizon: Horizon,
    ) -> Result<Option<Problem>> {
        let first = &scenarios[0].1;
        let calendar = Timetable::new(first.spec(), horizon.weeks(first)?).calendar;
        let periods = calendar.months.len() + calendar.financial_years.len();
        let runs = self.runs.draws.saturating_mul(self.runs.replications);
        let cells = periods * MEASURES.len() * scenarios.len();
        let needed = runs.saturating_mul(cells).saturating_mul(8);
        Ok((needed > MOST_EXACT).then(|| {
            let sentence = format!(
                "{runs} runs of {} scenarios would need {} MB; the ceiling is {} MB",
                scenarios.len(),
                needed.div_ceil(1_000_000),
                MOST_EXACT / 1_000_000
            );
            let most = MOST_EXACT / 8 / cells.max(1) / self.runs.replications.max(1);
            let allowed = format!("1 to {most}");
            Problem::told("draws", self.runs.draws, &sentence, allowed).of_kind(ProblemKind::Limit)
        }))
    }
}
