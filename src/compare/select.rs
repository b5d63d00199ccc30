//! Which scenario is best, and with what chance is that choice wrong?
//!
//! The fully sequential procedure KN (Kim and Nelson, A fully sequential procedure for indifference-zone selection in
//! simulation, ACM TOMACS 11, 2001), which allows common random numbers. With `k` scenarios, a chance `a` of a wrong
//! choice, a zone `d` of differences that do not matter and `n` worlds in the first stage:
//!
//! ```text
//! h^2      = (n - 1) ((2 a / (k - 1))^(-2 / (n - 1)) - 1)
//! S_il^2   = variance of the differences between i and l in the first stage
//! W_il(r)  = max(0, d / 2r x (h^2 S_il^2 / d^2 - r))
//! ```
//!
//! After `r` worlds, i stays if its mean is at least that of every l that is left, less `W_il(r)`. At most
//! `max h^2 S_il^2 / d^2` worlds are needed, rounded down, and one more. The best is chosen with a chance of at least
//! `1 - a` if it is better than the next by `d` or more, for normal numbers; worlds must be drawn one by one.

use super::options::Options;
use crate::design::Design;
use crate::outcome::{NUMBER, OUTCOMES};
use crate::statistics::Running;

/// Worlds of the first stage.
pub const FIRST_STAGE: usize = 20;

/// What became of each scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// The best one, once it is chosen.
    pub chosen: Option<usize>,
    /// Worlds after which each was left out.
    pub out_after: Vec<Option<usize>>,
    /// Mean of each when it was left out, or at the end.
    pub means: Vec<f64>,
    /// Worlds that were looked at.
    pub looked_at: usize,
    /// Worlds that are enough for certain.
    pub enough: usize,
    /// Difference that does not matter.
    pub zone: f64,
}

impl Selection {
    /// From outcomes by scenario and run; nothing if worlds are not drawn one by one, are fewer than a first stage, or
    /// the objective is not finite in all of them.
    #[must_use]
    pub fn of(
        outcomes: &[Vec<[f64; NUMBER]>],
        objective: usize,
        options: &Options,
    ) -> Option<Self> {
        if options.runs.design != Design::Random {
            return None;
        }
        let sign = if OUTCOMES[objective].more_is_better {
            1.0
        } else {
            -1.0
        };
        let replications = options.runs.replications;
        let of_world = |runs: &[[f64; NUMBER]]| {
            sign * runs.iter().map(|of| of[objective]).sum::<f64>() / replications as f64
        };
        let series: Vec<Vec<f64>> = (outcomes.iter())
            .map(|runs| runs.chunks_exact(replications).map(of_world).collect())
            .collect();
        let first = series.first()?;
        let all_finite = series.iter().flatten().all(|value| value.is_finite());
        let mean = first.iter().sum::<f64>() / first.len() as f64;
        let zone = options.indifference.unwrap_or(0.01 * mean.abs());
        let fine = all_finite && first.len() >= FIRST_STAGE && zone > 0.0;
        let mut found = fine.then(|| select(&series, zone, options.confidence))?;
        for mean in &mut found.means {
            *mean *= sign;
        }
        Some(found)
    }
}

/// Chooses the largest mean among series of common worlds. At least [`FIRST_STAGE`] numbers in each.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a number of worlds; saturates
pub fn select(series: &[Vec<f64>], zone: f64, confidence: f64) -> Selection {
    let (k, n) = (series.len(), FIRST_STAGE as f64);
    let alpha = 1.0 - confidence;
    let h2 = (n - 1.0) * ((2.0 * alpha / (k as f64 - 1.0)).powf(-2.0 / (n - 1.0)) - 1.0);
    let difference = |i: usize, l: usize| -> Running {
        let pairs = series[i].iter().zip(&series[l]).take(FIRST_STAGE);
        pairs.map(|(a, b)| a - b).collect()
    };
    // Worlds after which two can be told apart for certain.
    let apart: Vec<Vec<f64>> = (0..k)
        .map(|i| {
            let with = |l: usize| h2.max(0.0) * difference(i, l).variance() / zone.powi(2);
            (0..k).map(with).collect()
        })
        .collect();
    let most = apart.iter().flatten().copied().fold(0.0, f64::max);
    let there = series.iter().map(Vec::len).min().unwrap_or(0);
    let enough = (most.floor() as usize).saturating_add(1).max(FIRST_STAGE);
    let mut left: Vec<usize> = (0..k).collect();
    let mut out_after = vec![None; k];
    let mut sums: Vec<f64> = (series.iter())
        .map(|of| of[..FIRST_STAGE].iter().sum())
        .collect();
    let mut means = vec![f64::NAN; k];
    let mut looked_at = FIRST_STAGE;
    loop {
        let r = looked_at as f64;
        for &i in &left {
            means[i] = sums[i] / r;
        }
        let stays = |&i: &usize| {
            left.iter().all(|&l| {
                let within = (zone / (2.0 * r) * (apart[i][l] - r)).max(0.0);
                i == l || means[i] >= means[l] - within
            })
        };
        let (stay, out): (Vec<usize>, Vec<usize>) = left.iter().partition(|place| stays(place));
        for place in out {
            out_after[place] = Some(looked_at);
        }
        left = stay;
        if left.len() <= 1 || looked_at >= enough || looked_at >= there {
            break;
        }
        for &i in &left {
            sums[i] += series[i][looked_at];
        }
        looked_at += 1;
    }
    let best = left
        .iter()
        .copied()
        .max_by(|&a, &b| means[a].total_cmp(&means[b]));
    let chosen = best.filter(|_| left.len() == 1 || looked_at >= enough);
    Selection {
        chosen,
        out_after,
        means,
        looked_at,
        enough,
        zone,
    }
}
