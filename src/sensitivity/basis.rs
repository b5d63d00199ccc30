//! Which curves may an average follow? Columns of a regression on one input or on several.
//!
//! ```text
//! levels        one column a value, for an input with few values
//! splines       natural cubic splines of each input, straight beyond their outer knots
//! products      splines, and the product of each pair of inputs
//! tensor        splines of one input times splines of the other
//! polynomial    every product of powers up to a total degree
//! ```
//!
//! Natural cubic splines: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, 5.2.1.

use crate::project::bands::quantile;

/// Values up to which an input has a column for each.
const MOST_LEVELS: usize = 12;

/// Knots lie between these shares of the sorted values, evenly by share.
const OUTER: (f64, f64) = (0.025, 0.975);

/// A kind of curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The mean alone: the inputs tell nothing.
    Constant,
    /// One column a value; for one input.
    Levels,
    /// Splines of each input, with so many knots; two are a straight line.
    Splines(usize),
    /// Splines of each input, and the products of pairs of inputs.
    Products(usize),
    /// Splines of one input times splines of another; for two inputs.
    Tensor(usize),
    /// Products of powers up to a total degree.
    Polynomial(usize),
}

/// An input as the columns are made from it.
#[derive(Debug, Clone)]
pub struct Input {
    /// Values less their mean, over their standard deviation; 0 if they are all alike.
    scaled: Vec<f64>,
    /// The same in rising order.
    sorted: Vec<f64>,
    /// The different values, if they are few.
    levels: Option<Vec<f64>>,
}

impl Input {
    /// An input from its values.
    #[must_use]
    pub fn new(values: &[f64]) -> Self {
        let number = values.len() as f64;
        let mean = values.iter().sum::<f64>() / number;
        let square = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / number;
        let size = values.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
        let sd = square.sqrt();
        let told = sd > 1e-12 * size;
        let scaled: Vec<f64> = values
            .iter()
            .map(|x| if told { (x - mean) / sd } else { 0.0 })
            .collect();
        let mut sorted = scaled.clone();
        sorted.sort_by(f64::total_cmp);
        let mut levels = sorted.clone();
        levels.dedup();
        Self {
            scaled,
            sorted,
            levels: Some(levels).filter(|levels| levels.len() <= MOST_LEVELS),
        }
    }

    /// The natural cubic splines with so many knots, without the constant.
    fn splines(&self, knots: usize) -> Vec<Vec<f64>> {
        let step = (OUTER.1 - OUTER.0) / (knots.max(2) - 1) as f64;
        let mut places: Vec<f64> = (0..knots)
            .map(|knot| quantile(&self.sorted, OUTER.0 + step * knot as f64))
            .collect();
        places.dedup();
        let mut columns = vec![self.scaled.clone()];
        let Some((&last, inner)) = places.split_last() else {
            return columns;
        };
        let Some((&before_last, first)) = inner.split_last() else {
            return columns;
        };
        let cube = |x: f64| x.max(0.0).powi(3);
        let bend = |x: f64, knot: f64| (cube(x - knot) - cube(x - last)) / (last - knot);
        for &knot in first {
            let column = |&x: &f64| bend(x, knot) - bend(x, before_last);
            columns.push(self.scaled.iter().map(column).collect());
        }
        columns
    }
}

/// Kinds of curves that suit these inputs, the plainest first.
#[must_use]
pub fn candidates(inputs: &[Input]) -> Vec<Basis> {
    let mut found = vec![Basis::Constant];
    if let [one] = inputs {
        if one.levels.is_some() {
            found.push(Basis::Levels);
        } else {
            found.extend([2, 3, 4, 5, 6, 8, 10, 13].map(Basis::Splines));
        }
        return found;
    }
    for knots in [2, 3, 4, 6, 8] {
        found.extend([Basis::Splines(knots), Basis::Products(knots)]);
    }
    if inputs.len() == 2 {
        found.extend([3, 4, 5, 6].map(Basis::Tensor));
    }
    found.extend([2, 3].map(Basis::Polynomial));
    found
}

impl Basis {
    /// Columns over all rows, the constant first; `None` if there would be more than `most`.
    #[must_use]
    pub fn columns(self, inputs: &[Input], most: usize) -> Option<Vec<Vec<f64>>> {
        let rows = inputs.first().map_or(0, |input| input.scaled.len());
        let mut columns = vec![vec![1.0; rows]];
        if self.size(inputs) > most {
            return None;
        }
        match self {
            Self::Constant => {}
            Self::Levels => {
                let input = inputs.first()?;
                for &level in input.levels.as_ref()?.iter().skip(1) {
                    let is = |&x: &f64| f64::from(u8::from(x.to_bits() == level.to_bits()));
                    columns.push(input.scaled.iter().map(is).collect());
                }
            }
            Self::Splines(knots) => {
                columns.extend(inputs.iter().flat_map(|input| input.splines(knots)));
            }
            Self::Products(knots) => {
                columns.extend(inputs.iter().flat_map(|input| input.splines(knots)));
                for (place, one) in inputs.iter().enumerate() {
                    for other in &inputs[..place] {
                        columns.push(times(&one.scaled, &other.scaled));
                    }
                }
            }
            Self::Tensor(knots) => {
                let [one, other] = inputs else { return None };
                let (ones, others) = (one.splines(knots), other.splines(knots));
                for left in &ones {
                    columns.extend(others.iter().map(|right| times(left, right)));
                }
                columns.extend(ones);
                columns.extend(others);
            }
            Self::Polynomial(degree) => {
                // Each column is a product of inputs in falling order; the next degree goes on from there.
                let mut last: Vec<(usize, Vec<f64>)> = vec![(inputs.len() - 1, vec![1.0; rows])];
                for _ in 0..degree {
                    let mut next = Vec::new();
                    for (highest, column) in &last {
                        for (place, input) in inputs[..=*highest].iter().enumerate() {
                            next.push((place, times(column, &input.scaled)));
                        }
                    }
                    columns.extend(next.iter().map(|(_, column)| column.clone()));
                    last = next;
                }
            }
        }
        Some(columns)
    }

    /// Most columns that it can have.
    fn size(self, inputs: &[Input]) -> usize {
        let number = inputs.len();
        let splines = |knots: usize| number * (knots - 1);
        1 + match self {
            Self::Constant => 0,
            Self::Levels => MOST_LEVELS - 1,
            Self::Splines(knots) => splines(knots),
            Self::Products(knots) => splines(knots) + number * (number - 1) / 2,
            Self::Tensor(knots) => (knots - 1) * (knots - 1) + splines(knots),
            Self::Polynomial(degree) => (1..=degree)
                .map(|power| (0..power).fold(1, |ways, k| ways * (number + k) / (k + 1)))
                .sum(),
        }
    }
}

fn times(left: &[f64], right: &[f64]) -> Vec<f64> {
    left.iter().zip(right).map(|(x, y)| x * y).collect()
}

#[cfg(test)]
mod tests {
    use super::{Basis, Input, candidates};

    fn ramp(rows: usize) -> Vec<f64> {
        (0..rows).map(|row| row as f64).collect()
    }

    /// With n inputs there are (n + d - 1 choose d) products of degree d: 3 inputs, 3 + 6 + 10 up to degree 3.
    #[test]
    fn as_many_columns_as_counted_by_hand() {
        let wave = |step: f64| -> Vec<f64> { ramp(99).iter().map(|x| (x * step).sin()).collect() };
        let inputs = [1.0, 0.7, 0.3].map(|step| Input::new(&wave(step)));
        let count = |basis: Basis, inputs: &[Input]| basis.columns(inputs, 99).unwrap().len();
        assert_eq!(count(Basis::Polynomial(3), &inputs), 1 + 3 + 6 + 10);
        assert_eq!(count(Basis::Splines(5), &inputs), 1 + 3 * 4);
        assert_eq!(count(Basis::Products(5), &inputs), 1 + 3 * 4 + 3);
        assert_eq!(count(Basis::Tensor(4), &inputs[..2]), 1 + 3 + 3 + 9);
        assert_eq!(count(Basis::Constant, &inputs), 1);
        for basis in candidates(&inputs[..2]) {
            assert_eq!(basis.size(&inputs[..2]), count(basis, &inputs[..2]));
        }
        assert!(Basis::Polynomial(3).columns(&inputs, 19).is_none());
    }

    /// A natural spline is straight beyond its outer knots: second differences are 0 there, and not between.
    #[test]
    fn splines_are_straight_beyond_the_outer_knots() {
        let columns = Input::new(&ramp(1001)).splines(5);
        assert_eq!(columns.len(), 4);
        for column in &columns {
            let bend = |at: usize| column[at - 1] - 2.0 * column[at] + column[at + 1];
            assert!((1..24).chain(977..1000).all(|at| bend(at).abs() < 1e-9));
        }
        assert!(columns[1..].iter().all(|column| {
            let bend = |at: usize| column[at - 1] - 2.0 * column[at] + column[at + 1];
            (30..970).any(|at| bend(at).abs() > 1e-7)
        }));
    }

    #[test]
    fn an_input_with_few_values_has_a_column_for_each() {
        let values: Vec<f64> = (0..300).map(|row| f64::from(row % 3)).collect();
        let inputs = [Input::new(&values)];
        assert_eq!(candidates(&inputs), [Basis::Constant, Basis::Levels]);
        let columns = Basis::Levels.columns(&inputs, 20).unwrap();
        assert_eq!(columns.len(), 3);
        assert_eq!(columns[1][..6], [0.0, 1.0, 0.0, 0.0, 1.0, 0.0]);
        assert_eq!(columns[2][..6], [0.0, 0.0, 1.0, 0.0, 0.0, 1.0]);
    }

    #[test]
    fn an_input_that_never_changes_tells_nothing() {
        let inputs = [Input::new(&[0.3; 50])];
        let columns = Basis::Levels.columns(&inputs, 20).unwrap();
        assert_eq!(columns, [vec![1.0; 50]]);
    }
}
