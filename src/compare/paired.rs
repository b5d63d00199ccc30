//! How far apart are two scenarios in the same runs?

use crate::record::spread::QUANTILES;
use crate::statistics::{Running, quantiles, t_interval};

/// The differences of one number, run by run.
#[derive(Debug, Clone, PartialEq)]
pub struct Paired {
    /// Differences in the runs in which both are finite.
    pub running: Running,
    /// Standard error of their mean, from the means of the worlds.
    pub se: f64,
    /// 95 % interval of the mean.
    pub interval: (f64, f64),
    /// In the order of [`QUANTILES`].
    pub quantiles: [f64; QUANTILES.len()],
    /// Share of the runs in which the second is better, and in which both are alike.
    pub better: f64,
    /// Share of the runs in which both are alike.
    pub alike: f64,
    /// Variance of the difference of independent runs / variance of these.
    pub ratio: f64,
}

impl Paired {
    /// Differences `there - here` of the same runs, with so many replications a world.
    #[must_use]
    pub fn of(here: &[f64], there: &[f64], replications: usize, more_is_better: bool) -> Self {
        let pairs = || {
            here.iter()
                .zip(there)
                .filter(|(a, b)| a.is_finite() && b.is_finite())
        };
        let [mut first, mut second, mut running] = [Running::new(); 3];
        for (&a, &b) in pairs() {
            first.push(a);
            second.push(b);
            running.push(b - a);
        }
        let of_world = |(a, b): (&[f64], &[f64])| {
            let sum: f64 = a.iter().zip(b).map(|(a, b)| b - a).sum();
            sum / replications as f64
        };
        let worlds = here
            .chunks_exact(replications)
            .zip(there.chunks_exact(replications));
        let worlds: Running = worlds
            .map(of_world)
            .filter(|mean| mean.is_finite())
            .collect();
        let mut all: Vec<f64> = pairs().map(|(a, b)| b - a).collect();
        // A run without end is worse than any other, so it counts here though it has no difference.
        let known = || {
            here.iter()
                .zip(there)
                .filter(|(a, b)| !a.is_nan() && !b.is_nan())
        };
        let counted = known().count() as f64;
        let better = known().filter(|(a, b)| if more_is_better { b > a } else { b < a });
        let alike = known().filter(|(a, b)| a == b).count() as f64;
        Self {
            se: worlds.se(),
            interval: t_interval(running.mean(), worlds.sd(), worlds.count(), 0.95),
            quantiles: quantiles(&mut all, QUANTILES.map(|(_, share)| share)),
            better: better.count() as f64 / counted,
            alike: alike / counted,
            ratio: (first.variance() + second.variance()) / running.variance(),
            running,
        }
    }
}
