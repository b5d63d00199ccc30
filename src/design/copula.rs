//! How do numbers go together that are drawn one by one? By a normal copula with stated rank correlations.
//!
//! ```text
//! Pearson of the normal numbers = 2 sin(pi / 6 x rank correlation of Spearman)
//! z' = L z,  L L' = matrix of Pearson,  u' = Phi(z')
//! ```
//!
//! In a Latin hypercube the uniform numbers of a field change places in the order of z', so that its strata
//! stay exact.

use statrs::distribution::{ContinuousCDF, Normal};
use statrs::function::erf::erfc;

/// Smallest eigenvalue of a matrix of correlations that can be drawn from.
const LEAST: f64 = 1e-9;

/// Numbers that go together: the lower triangle that mixes them.
#[derive(Debug, Clone, PartialEq)]
pub struct Copula {
    lower: Vec<Vec<f64>>,
}

/// Why a matrix is not positive definite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NotPositive {
    /// Its smallest eigenvalue.
    pub smallest: f64,
    /// The two numbers that contradict the others most.
    pub pair: (usize, usize),
    /// What all correlations between the normal numbers must be multiplied by, at most.
    pub factor: f64,
}

impl Copula {
    /// The copula with these rank correlations: a symmetric matrix with 1 on the diagonal.
    ///
    /// # Errors
    /// What is wrong with a matrix that is not positive definite.
    pub fn new(ranks: &[Vec<f64>]) -> Result<Self, NotPositive> {
        let pearson = |rank: &f64| 2.0 * (std::f64::consts::PI * rank / 6.0).sin();
        let matrix: Vec<Vec<f64>> = (ranks.iter())
            .map(|row| row.iter().map(pearson).collect())
            .collect();
        let (smallest, vector) = smallest_eigenvalue(matrix.clone());
        if smallest < LEAST {
            let mut order: Vec<usize> = (0..vector.len()).collect();
            order.sort_by(|&a, &b| vector[b].abs().total_cmp(&vector[a].abs()));
            return Err(NotPositive {
                smallest,
                pair: (order[0].min(order[1]), order[0].max(order[1])),
                factor: (1.0 - LEAST) / (1.0 - smallest),
            });
        }
        Ok(Self {
            lower: cholesky(&matrix),
        })
    }

    /// Mixes uniform numbers, a list for each field, so that they go together. With `strata` the numbers of
    /// each field stay and change places alone.
    pub fn mix(&self, fields: &mut [Vec<f64>], strata: bool) {
        let standard = Normal::standard();
        let number = fields.first().map_or(0, Vec::len);
        let mut mixed = vec![Vec::with_capacity(number); fields.len()];
        let mut z = vec![0.0; fields.len()];
        for world in 0..number {
            for (place, field) in fields.iter().enumerate() {
                z[place] = standard.inverse_cdf(field[world]);
            }
            for (row, list) in self.lower.iter().zip(&mut mixed) {
                list.push(row.iter().zip(&z).map(|(part, z)| part * z).sum::<f64>());
            }
        }
        // The first field is as it was drawn.
        for (field, mixed) in fields.iter_mut().zip(mixed).skip(1) {
            if strata {
                let mut places: Vec<usize> = (0..number).collect();
                places.sort_by(|&a, &b| mixed[a].total_cmp(&mixed[b]));
                field.sort_by(f64::total_cmp);
                let sorted = field.clone();
                for (u, place) in sorted.into_iter().zip(places) {
                    field[place] = u;
                }
            } else {
                for (u, z) in field.iter_mut().zip(mixed) {
                    *u = share_below(z);
                }
            }
        }
    }
}

/// Share of a standard normal below z, never 0 or 1.
fn share_below(z: f64) -> f64 {
    let share = 0.5 * erfc(-z / std::f64::consts::SQRT_2);
    share.clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0)
}

/// The lower triangle L with L L' = matrix, which is positive definite.
fn cholesky(matrix: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let size = matrix.len();
    let mut lower = vec![vec![0.0; size]; size];
    for row in 0..size {
        for column in 0..=row {
            let done: f64 = (0..column).map(|k| lower[row][k] * lower[column][k]).sum();
            lower[row][column] = if row == column {
                (matrix[row][row] - done).max(0.0).sqrt()
            } else {
                (matrix[row][column] - done) / lower[column][column]
            };
        }
    }
    lower
}

/// The smallest eigenvalue of a symmetric matrix and its vector, by Jacobi's rotations.
fn smallest_eigenvalue(mut matrix: Vec<Vec<f64>>) -> (f64, Vec<f64>) {
    let size = matrix.len();
    let mut vectors: Vec<Vec<f64>> = (0..size)
        .map(|row| {
            (0..size)
                .map(|column| f64::from(u8::from(row == column)))
                .collect()
        })
        .collect();
    for _ in 0..100 {
        let pairs = (0..size).flat_map(|p| (p + 1..size).map(move |q| (p, q)));
        let off: f64 = pairs.clone().map(|(p, q)| matrix[p][q].powi(2)).sum();
        if off < 1e-26 {
            break;
        }
        for (p, q) in pairs {
            if matrix[p][q] == 0.0 {
                continue;
            }
            let theta = (matrix[q][q] - matrix[p][p]) / (2.0 * matrix[p][q]);
            let t = theta.signum() / (theta.abs() + theta.hypot(1.0));
            let c = 1.0 / t.hypot(1.0);
            let s = t * c;
            for row in &mut matrix {
                (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
            }
            for column in 0..size {
                let (above, below) = (matrix[p][column], matrix[q][column]);
                matrix[p][column] = c * above - s * below;
                matrix[q][column] = s * above + c * below;
            }
            for row in &mut vectors {
                (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
            }
        }
    }
    let mut smallest = 0;
    for place in 1..size {
        if matrix[place][place] < matrix[smallest][smallest] {
            smallest = place;
        }
    }
    let vector = vectors.iter().map(|row| row[smallest]).collect();
    (matrix[smallest][smallest], vector)
}

#[cfg(test)]
mod tests {
    use super::{Copula, smallest_eigenvalue};

    /// Eigenvalues of [[2, 1], [1, 2]] are 1 and 3; of a matrix with 1 on the diagonal and r elsewhere 1 - r
    /// and 1 + (n - 1) r.
    #[test]
    fn the_smallest_eigenvalue_is_found() {
        let (smallest, vector) = smallest_eigenvalue(vec![vec![2.0, 1.0], vec![1.0, 2.0]]);
        assert!((smallest - 1.0).abs() < 1e-14);
        assert!((vector[0] + vector[1]).abs() < 1e-14);
        let alike = |n: usize, r: f64| -> Vec<Vec<f64>> {
            let row = |i: usize| (0..n).map(|j| if i == j { 1.0 } else { r }).collect();
            (0..n).map(row).collect()
        };
        assert!((smallest_eigenvalue(alike(6, 0.4)).0 - 0.6).abs() < 1e-13);
        assert!((smallest_eigenvalue(alike(6, -0.3)).0 + 0.5).abs() < 1e-13);
    }

    /// A goes with B, B with C, but A against C: Pearson p of each, and the smallest eigenvalue is 1 - 2 p.
    #[test]
    fn contradictions_are_told() {
        let r = 0.9;
        let ranks = [vec![1.0, r, -r], vec![r, 1.0, r], vec![-r, r, 1.0]];
        let wrong = Copula::new(&ranks).unwrap_err();
        let pearson = 2.0 * (std::f64::consts::PI * r / 6.0).sin();
        assert!((wrong.smallest - (1.0 - 2.0 * pearson)).abs() < 1e-12);
        assert!((wrong.factor - 1.0 / (2.0 * pearson)).abs() < 1e-8);
        assert!(Copula::new(&[vec![1.0, 0.99], vec![0.99, 1.0]]).is_ok());
        assert!(Copula::new(&[vec![1.0, 1.0], vec![1.0, 1.0]]).is_err());
    }
}
