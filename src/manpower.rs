//! What does manpower theory say? Grades with constant recruitment, length of service, renewal.
//!
//! ```text
//! stationary    n = (I - P^T)^-1 R r            (Bartholomew, Forbes and McClean)
//! fundamental   N = (I - P)^-1,  chance to reach j from i = N_ij / N_jj      (Kemeny and Snell)
//! renewal       h(t) = f(t) + sum_u f(u) h(t - u)
//! survivor      S(t) = p exp(-t / m1) + (1 - p) exp(-t / m2)                (mixed exponential)
//! settled WTE   joiners a year x mean length of service
//! ```
//!
//! `project` steps week by week; in a settled service it must come to these.

use crate::linear::solve;

/// People of each grade in the long run, when `recruits` a period enter the grades by the shares `entry` and
/// move by the chances `moves` (row = from, column = to; the rest of a row leaves). `None` if nobody leaves.
///
/// ```
/// // Half of one grade leave a year: 10 recruits a year keep 20 people.
/// let people = skillmix::manpower::stationary(&[vec![0.5]], 10.0, &[1.0]).unwrap();
/// assert!((people[0] - 20.0).abs() < 1e-12);
/// ```
#[must_use]
pub fn stationary(moves: &[Vec<f64>], recruits: f64, entry: &[f64]) -> Option<Vec<f64>> {
    let size = moves.len();
    let matrix = (0..size).map(|row| {
        let of_column = |column: usize| f64::from(u8::from(row == column)) - moves[column][row];
        (0..size).map(of_column).collect()
    });
    let right = entry.iter().map(|share| vec![recruits * share]).collect();
    let people = solve(matrix.collect(), right)?;
    Some(people.into_iter().map(|row| row[0]).collect())
}

/// Expected periods that somebody who enters a grade (row) spends in each grade (column) until they leave.
/// `None` if nobody leaves.
#[must_use]
pub fn fundamental(moves: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let size = moves.len();
    let one = |row: usize, column: usize| f64::from(u8::from(row == column));
    let matrix = (0..size).map(|row| {
        (0..size)
            .map(|column| one(row, column) - moves[row][column])
            .collect()
    });
    let unit = (0..size).map(|row| (0..size).map(|column| one(row, column)).collect());
    solve(matrix.collect(), unit.collect())
}

/// Chance that somebody who enters grade `from` ever reaches grade `to`.
#[must_use]
pub fn reaches(fundamental: &[Vec<f64>], from: usize, to: usize) -> f64 {
    fundamental[from][to] / fundamental[to][to]
}

/// Replacements of one post in each of the periods 1 to `periods`, when the length of service is so many whole
/// periods with the chances `service`, the first for one period.
#[must_use]
pub fn renewals(service: &[f64], periods: usize) -> Vec<f64> {
    let mut renewals: Vec<f64> = Vec::with_capacity(periods);
    for period in 1..=periods {
        let first = service.get(period - 1).copied().unwrap_or(0.0);
        let later = (1..period).map(|lasted| {
            service.get(lasted - 1).copied().unwrap_or(0.0) * renewals[period - lasted - 1]
        });
        let all = first + later.sum::<f64>();
        renewals.push(all);
    }
    renewals
}

/// Share still there after `months`, when nobody leaves for `protected` months and `exit` of those left leave in
/// each month after that.
#[must_use]
pub fn survives_after_protection(months: f64, protected: f64, exit: f64) -> f64 {
    (1.0 - exit).powf((months - protected).max(0.0))
}

/// People in the long run just after an intake, of `intake` who come every `every` months and leave as in
/// [`survives_after_protection`].
#[must_use]
pub fn long_run_of_intakes(intake: f64, every: f64, protected: f64, exit: f64) -> f64 {
    // Intakes within the protected time are whole; those after it are a geometric series.
    let whole = (protected / every).floor();
    let next = survives_after_protection((whole + 1.0) * every, protected, exit);
    intake * (whole + 1.0 + next / (1.0 - (1.0 - exit).powf(every)))
}

/// Length of service that is exponential with the mean `short` for a share `part` of joiners and with the mean
/// `long` for the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MixedExponential {
    /// Share with the short mean.
    pub part: f64,
    /// Short mean.
    pub short: f64,
    /// Long mean.
    pub long: f64,
}

impl MixedExponential {
    /// Share still there after `time`.
    #[must_use]
    pub fn survivor(&self, time: f64) -> f64 {
        self.part * (-time / self.short).exp() + (1.0 - self.part) * (-time / self.long).exp()
    }

    /// Mean length of service.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.part * self.short + (1.0 - self.part) * self.long
    }

    /// Leavers a unit of time of so many posts in the long run.
    #[must_use]
    pub fn turnover(&self, posts: f64) -> f64 {
        posts / self.mean()
    }
}

/// Mean length of service \[years\] at `rate` leavers a year, times what `bands` of (from year, times) say; the
/// first band begins at 0. Infinite if nobody leaves in the end.
///
/// ```
/// // A rate of 0.25 a year: 4 years; nobody in the first two: 2 + 4.
/// use skillmix::manpower::mean_service;
/// assert_eq!(mean_service(0.25, &[(0.0, 1.0)]), 4.0);
/// assert_eq!(mean_service(0.25, &[(0.0, 0.0), (2.0, 1.0)]), 6.0);
/// ```
#[must_use]
pub fn mean_service(rate: f64, bands: &[(f64, f64)]) -> f64 {
    let (mut here, mut mean) = (1.0, 0.0);
    for (place, &(from, times)) in bands.iter().enumerate() {
        let hazard = rate * times;
        let lasts = bands
            .get(place + 1)
            .map_or(f64::INFINITY, |next| next.0 - from);
        if hazard > 0.0 {
            let stay = (-hazard * lasts).exp();
            mean += here * (1.0 - stay) / hazard;
            here *= stay;
        } else {
            mean += here * lasts;
        }
    }
    mean
}
