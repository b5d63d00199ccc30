//! What does a number come to on average, given some inputs? A regression whose curve the data choose.
//!
//! The columns of each kind of curve ([`Basis`](super::basis::Basis)) are made orthonormal, `Q`, so that a fit is
//! `Q Q'y`. What worlds that were left out would have been told follows without another fit: with the rows
//! `Q_k` of a tenth of the worlds, `(I - Q_k'Q_k) b = Q'y - Q_k'y_k`, and `Q_k b` is said of them. The curve with
//! the smallest squared error there is taken (ten-fold cross-validation).

use crate::linear::solve;
use crate::sensitivity::basis::{Basis, Input, candidates};
use crate::stream::mix;

/// Parts into which the worlds are divided for cross-validation.
const FOLDS: usize = 10;

/// Worlds there must be for a column.
pub const WORLDS_A_COLUMN: usize = 20;

/// A column of which less than this share is left beside the others is one of them.
const NOTHING_NEW: f64 = 1e-9;

/// Averages of several numbers given some inputs, world by world.
#[derive(Debug, Clone)]
pub struct Fit {
    /// What each number comes to on average at the inputs of each world: by number, then by world.
    pub fitted: Vec<Vec<f64>>,
    /// The same, said of each world by a curve that has not seen it.
    pub held_out: Vec<Vec<f64>>,
    /// The kind of curve.
    pub basis: Basis,
    /// Orthonormal columns.
    columns: Vec<Vec<f64>>,
}

impl Fit {
    /// The part of a number, by world, that the curve can follow: `Q Q'y`.
    #[must_use]
    pub fn project(&self, numbers: &[f64]) -> Vec<f64> {
        let weights = self.columns.iter().map(|q| dot(q, numbers));
        combined(&self.columns, &weights.collect::<Vec<_>>(), numbers.len())
    }

    /// Columns of the curve, the constant among them.
    #[must_use]
    pub const fn terms(&self) -> usize {
        self.columns.len()
    }
}

/// Averages of `numbers` (by number, then by world) given `inputs` (by input, then by world).
#[must_use]
pub fn fit(inputs: &[Vec<f64>], numbers: &[Vec<f64>]) -> Fit {
    let worlds = numbers.first().map_or(0, Vec::len);
    let inputs: Vec<Input> = inputs.iter().map(|values| Input::new(values)).collect();
    let most = (worlds / WORLDS_A_COLUMN).max(1);
    let mut best: Option<(f64, Fit)> = None;
    for basis in candidates(&inputs) {
        let Some(columns) = basis.columns(&inputs, most) else {
            continue;
        };
        let columns = orthonormal(columns);
        let Some(held_out) = left_out(&columns, numbers) else {
            continue;
        };
        let error = relative_error(&held_out, numbers);
        if best.as_ref().is_none_or(|(least, _)| error < *least) {
            let found = Fit {
                fitted: Vec::new(),
                held_out,
                basis,
                columns,
            };
            best = Some((error, found));
        }
    }
    let mut found = best.map_or_else(
        || Fit {
            fitted: Vec::new(),
            held_out: numbers.to_vec(),
            basis: Basis::Constant,
            columns: orthonormal(vec![vec![1.0; worlds]]),
        },
        |(_, found)| found,
    );
    found.fitted = numbers.iter().map(|list| found.project(list)).collect();
    found
}

/// Columns of length 1 at right angles that span the same curves; modified Gram-Schmidt, twice.
fn orthonormal(columns: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let mut kept: Vec<Vec<f64>> = Vec::with_capacity(columns.len());
    for mut column in columns {
        let before = dot(&column, &column).sqrt();
        for _ in 0..2 {
            for q in &kept {
                let part = dot(q, &column);
                for (value, &along) in column.iter_mut().zip(q) {
                    *value -= part * along;
                }
            }
        }
        let left = dot(&column, &column).sqrt();
        if left > NOTHING_NEW * before {
            for value in &mut column {
                *value /= left;
            }
            kept.push(column);
        }
    }
    kept
}

/// The fold that a world belongs to, whatever the design of the worlds.
#[allow(clippy::cast_possible_truncation)] // below FOLDS
const fn fold_of(world: usize) -> usize {
    (mix(world as u64) % FOLDS as u64) as usize
}

/// What is said of each world by curves fitted without its fold; `None` if one cannot be.
fn left_out(columns: &[Vec<f64>], numbers: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let (size, worlds) = (columns.len(), numbers.first().map_or(0, Vec::len));
    let whole: Vec<Vec<f64>> = columns
        .iter()
        .map(|q| numbers.iter().map(|list| dot(q, list)).collect())
        .collect();
    let mut said = vec![vec![0.0; worlds]; numbers.len()];
    for fold in 0..FOLDS {
        let members: Vec<usize> = (0..worlds).filter(|&w| fold_of(w) == fold).collect();
        let of_fold: Vec<Vec<f64>> = columns
            .iter()
            .map(|q| members.iter().map(|&world| q[world]).collect())
            .collect();
        let theirs: Vec<Vec<f64>> = numbers
            .iter()
            .map(|list| members.iter().map(|&world| list[world]).collect())
            .collect();
        let mut matrix = vec![vec![0.0; size]; size];
        for row in 0..size {
            for place in 0..=row {
                let value = f64::from(u8::from(row == place)) - dot(&of_fold[row], &of_fold[place]);
                matrix[row][place] = value;
                matrix[place][row] = value;
            }
        }
        let right: Vec<Vec<f64>> = (0..size)
            .map(|row| {
                let pairs = whole[row].iter().zip(&theirs);
                pairs
                    .map(|(all, list)| all - dot(&of_fold[row], list))
                    .collect()
            })
            .collect();
        let weights = solve(matrix, right)?;
        for (number, list) in said.iter_mut().enumerate() {
            let weights: Vec<f64> = weights.iter().map(|row| row[number]).collect();
            let values = combined(&of_fold, &weights, members.len());
            for (&world, value) in members.iter().zip(values) {
                list[world] = value;
            }
        }
    }
    Some(said)
}

/// Squared errors over the variance, summed over the numbers that vary.
fn relative_error(said: &[Vec<f64>], numbers: &[Vec<f64>]) -> f64 {
    let of_one = |(said, list): (&Vec<f64>, &Vec<f64>)| {
        let mean = list.iter().sum::<f64>() / list.len() as f64;
        let spread: f64 = list.iter().map(|y| (y - mean).powi(2)).sum();
        let off: f64 = said.iter().zip(list).map(|(s, y)| (s - y).powi(2)).sum();
        if spread > 0.0 { off / spread } else { 0.0 }
    };
    said.iter().zip(numbers).map(of_one).sum()
}

/// The sum of columns, each times its weight.
fn combined(columns: &[Vec<f64>], weights: &[f64], rows: usize) -> Vec<f64> {
    let mut sum = vec![0.0; rows];
    for (column, weight) in columns.iter().zip(weights) {
        for (into, value) in sum.iter_mut().zip(column) {
            *into += weight * value;
        }
    }
    sum
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(x, y)| x * y).sum()
}

#[cfg(test)]
mod tests {
    use super::{Basis, fit, left_out, orthonormal};
    use crate::luck::normal_quantile;
    use crate::stream::Stream;

    fn normal(seed: u64, name: &str, worlds: u64) -> Vec<f64> {
        let stream = Stream::named(seed, name);
        (0..worlds)
            .map(|world| stream.uniform(world))
            .map(|u| normal_quantile(u, 1.0 - u))
            .collect()
    }

    /// y = 2 + 3 x without noise: any curve that holds the line gives it back, also for worlds left out.
    #[test]
    fn a_straight_line_is_found() {
        let x = normal(1, "x", 500);
        let y: Vec<f64> = x.iter().map(|x| 2.0 + 3.0 * x).collect();
        let found = fit(&[x], std::slice::from_ref(&y));
        assert_ne!(found.basis, Basis::Constant);
        for world in 0..500 {
            assert!((found.fitted[0][world] - y[world]).abs() < 1e-9);
            assert!((found.held_out[0][world] - y[world]).abs() < 1e-9);
        }
    }

    /// The shortcut against a fit without the fold: with one constant column, the mean of all other worlds.
    #[test]
    fn what_is_left_out_is_not_seen() {
        let y = normal(3, "y", 200);
        let columns = orthonormal(vec![vec![1.0; 200]]);
        let said = left_out(&columns, std::slice::from_ref(&y)).unwrap();
        for world in 0..200 {
            let others: Vec<f64> = (0..200)
                .filter(|&other| super::fold_of(other) != super::fold_of(world))
                .map(|other| y[other])
                .collect();
            let mean = others.iter().sum::<f64>() / others.len() as f64;
            assert!((said[0][world] - mean).abs() < 1e-12);
        }
    }

    /// What has nothing to do with the input is not followed: the constant has the smallest error.
    #[test]
    fn noise_is_not_followed_far() {
        let (x, y) = (normal(4, "x", 2000), normal(4, "y", 2000));
        let found = fit(&[x], &[y]);
        let largest = found.fitted[0].iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        assert!(found.terms() <= 3, "{:?}", found.basis);
        assert!(largest < 0.3, "{largest}");
    }

    /// y = x1 x2 has no main effects: only a curve with their product finds it.
    #[test]
    fn a_product_of_two_inputs_is_found() {
        let (a, b) = (normal(5, "a", 1000), normal(5, "b", 1000));
        let y: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a * b).collect();
        let found = fit(&[a, b], std::slice::from_ref(&y));
        for world in 0..1000 {
            assert!((found.fitted[0][world] - y[world]).abs() < 1e-8);
        }
    }
}
