//! How likely is each scenario to be the best, and what would be lost with it?
//!
//! ```text
//! chance of being best  = runs in which no other is better / runs; those who are alike share the run
//! loss                  = mean over runs of the best of all - its own
//! ```

use crate::outcome::{NUMBER, OUTCOMES};

/// By scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Best {
    /// Chance of being best.
    pub chance: Vec<f64>,
    /// What is lost on average by not having the best in each run, in the unit of the objective.
    pub loss: Vec<f64>,
    /// Runs in which any scenario has the objective.
    pub counted: f64,
    /// Independent ones among them: worlds.
    pub worlds: f64,
}

impl Best {
    /// By an objective, from outcomes by scenario and run.
    pub fn of(outcomes: &[Vec<[f64; NUMBER]>], objective: usize, replications: usize) -> Self {
        let sign = if OUTCOMES[objective].more_is_better {
            1.0
        } else {
            -1.0
        };
        let runs = outcomes.first().map_or(0, Vec::len);
        let mut found = Self {
            chance: vec![0.0; outcomes.len()],
            loss: vec![0.0; outcomes.len()],
            counted: 0.0,
            worlds: 0.0,
        };
        for run in 0..runs {
            let values: Vec<f64> = outcomes
                .iter()
                .map(|of| sign * of[run][objective])
                .collect();
            let best = values.iter().copied().fold(f64::NAN, f64::max);
            if best.is_nan() {
                continue;
            }
            found.counted += 1.0;
            let alike = values.iter().filter(|&&value| value == best).count() as f64;
            for (place, &value) in values.iter().enumerate() {
                if value == best {
                    found.chance[place] += 1.0 / alike;
                } else {
                    found.loss[place] += best - value;
                }
            }
        }
        for place in 0..outcomes.len() {
            found.chance[place] /= found.counted;
            found.loss[place] /= found.counted;
        }
        found.worlds = found.counted / replications as f64;
        found
    }
}
