//! How many are referred in each step of a month, by chance?
//!
//! The count of the month is Poisson with a gamma factor that all its days share: negative binomial with
//! variance = phi x mean. Given the count, everybody falls on a day alone: a multinomial, drawn as successive
//! binomials. The same splits a count between sources.

use super::{Binomials, CountTable, hash, uniform};

/// The referrals of one month: how many, and in which steps.
#[derive(Debug, Clone)]
pub struct Month {
    count: CountTable,
    /// The steps, and for each the share of the people left that falls into it.
    parts: Vec<(usize, f64)>,
}

impl Month {
    /// The month whose steps expect these numbers of people: `(step, mean)`. The mean of the month is their
    /// sum, `phi` the ratio of its variance to its mean.
    #[must_use]
    pub fn new(parts: &[(usize, f64)], phi: f64) -> Self {
        let means = parts.iter().map(|part| part.1.max(0.0));
        let mut left: f64 = means.sum();
        let count = CountTable::new(left, phi);
        let last = parts.iter().rposition(|part| part.1 > 0.0);
        let chance = |(index, &(step, mean)): (usize, &(usize, f64))| {
            let share = share_of_left(mean, left, last == Some(index));
            left -= mean.max(0.0);
            (step, share)
        };
        Self {
            count,
            parts: parts.iter().enumerate().map(chance).collect(),
        }
    }

    /// Draws the month under a key of its own and hands out `(step, people)`.
    pub fn draw(&self, key: u64, binomials: &mut Binomials, mut add: impl FnMut(usize, u64)) {
        let mut left = self.count.quantile(uniform(hash(key, 0)));
        for (counter, &(step, share)) in (1..).zip(&self.parts) {
            let people = binomials.quantile(left, share, hash(key, counter));
            left -= people;
            add(step, people);
        }
    }
}

/// Splits `count` people between parts with these weights, each person alone, and hands out `(part, people)`.
/// With a Poisson count the parts are independent Poisson counts (thinning). Nobody is handed out where no
/// weight is above 0.
pub fn split(
    count: u64,
    weights: &[f64],
    key: u64,
    binomials: &mut Binomials,
    mut add: impl FnMut(usize, u64),
) {
    let mut weight_left: f64 = weights.iter().map(|weight| weight.max(0.0)).sum();
    let last = weights.iter().rposition(|&weight| weight > 0.0);
    let mut left = count;
    for (part, (counter, &weight)) in (1..).zip(weights).enumerate() {
        let share = share_of_left(weight, weight_left, last == Some(part));
        let people = binomials.quantile(left, share, hash(key, counter));
        weight_left -= weight.max(0.0);
        left -= people;
        add(part, people);
    }
}

/// Share of those left who fall into a part; the last one with a weight takes all of them.
fn share_of_left(weight: f64, left: f64, last: bool) -> f64 {
    match (last, weight > 0.0) {
        (true, _) => 1.0,
        (false, true) => weight / left,
        (false, false) => 0.0,
    }
}
