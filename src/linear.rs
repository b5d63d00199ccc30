//! Which numbers solve several linear equations at once?

/// Solves `matrix x = right` by elimination with pivots; `None` if there is no single solution.
#[must_use]
pub fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<Vec<f64>>) -> Option<Vec<Vec<f64>>> {
    let size = matrix.len();
    for column in 0..size {
        let pivot = (column..size).max_by(|&a, &b| {
            let (a, b) = (matrix[a][column].abs(), matrix[b][column].abs());
            a.total_cmp(&b)
        })?;
        if matrix[pivot][column].abs() < 1e-12 {
            return None;
        }
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        for row in (0..size).filter(|&row| row != column) {
            let factor = matrix[row][column] / matrix[column][column];
            for place in column..size {
                matrix[row][place] -= factor * matrix[column][place];
            }
            for place in 0..right[row].len() {
                right[row][place] -= factor * right[column][place];
            }
        }
    }
    for (row, list) in right.iter_mut().enumerate() {
        for value in list.iter_mut() {
            *value /= matrix[row][row];
        }
    }
    Some(right)
}
