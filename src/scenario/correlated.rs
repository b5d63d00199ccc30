//! Which unsure numbers go together? Rank correlations between them, stated at the top of a scenario.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use toml::Value;

use crate::design::Copula;
use crate::error::{Problem, nearest};
use crate::scenario::walk::UnsureField;

/// Unsure numbers that go together.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Correlated {
    /// Paths of the unsure numbers.
    #[schemars(length(min = 2, max = 50))]
    pub of: Vec<String>,
    /// Rank correlation of Spearman: one number for every pair, or a row for each path.
    pub rank: Rank,
}

/// One rank correlation for every pair, or a matrix.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "Value")]
pub struct Rank(Value);

impl From<Value> for Rank {
    fn from(value: Value) -> Self {
        Self(value)
    }
}

impl JsonSchema for Rank {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Rank".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let number = json_schema!({ "type": "number", "minimum": -1.0, "maximum": 1.0 });
        json_schema!({
            "x-kind": "rank",
            "anyOf": [number, { "type": "array", "items": { "type": "array", "items": number } }]
        })
    }
}

/// Unsure numbers that go together, by their places in a draw.
#[derive(Debug, Clone, PartialEq)]
pub struct Together {
    /// Places of the numbers in a draw.
    pub slots: Vec<usize>,
    /// How they go together.
    pub copula: Copula,
}

/// Groups of unsure numbers that go together.
///
/// # Errors
/// Everything that is wrong with them.
pub fn together(
    said: &[Correlated],
    unsure: &[UnsureField],
) -> Result<Vec<Together>, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut groups = Vec::new();
    let mut taken: Vec<usize> = Vec::new();
    for (place, group) in said.iter().enumerate() {
        let here = format!("correlated[{place}]");
        let mut slots = Vec::with_capacity(group.of.len());
        for (index, path) in group.of.iter().enumerate() {
            let at = format!("{here}.of[{index}]");
            match unsure.iter().position(|field| field.path == *path) {
                Some(slot) if taken.contains(&slot) => {
                    problems.push(Problem::told(&at, path, "named twice", "each path once"));
                }
                Some(slot) => {
                    taken.push(slot);
                    slots.push(slot);
                }
                None => {
                    let known = unsure.iter().map(|field| field.path.as_str());
                    let problem =
                        Problem::told(&at, path, "not unsure", "the path of an unsure number");
                    problems.push(problem.suggest(nearest(path, known)));
                }
            }
        }
        match copula(group, &format!("{here}.rank")) {
            Ok(copula) => groups.push(Together { slots, copula }),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        Ok(groups)
    } else {
        Err(problems)
    }
}

#[allow(clippy::result_large_err)] // one problem on its way to a list of them
fn copula(group: &Correlated, at: &str) -> Result<Copula, Problem> {
    let size = group.of.len();
    let value = &group.rank.0;
    let expected = "a number above -1 and below 1, or a row for each path with 1 on the diagonal";
    let matrix: Vec<Vec<f64>> = match value {
        Value::Array(rows) => {
            let row =
                |row: &Value| -> Option<Vec<f64>> { row.as_array()?.iter().map(number).collect() };
            let read: Option<Vec<Vec<f64>>> = rows.iter().map(row).collect();
            let square =
                |all: &Vec<Vec<f64>>| all.len() == size && all.iter().all(|row| row.len() == size);
            read.filter(square)
                .ok_or_else(|| Problem::new(at, value, expected))?
        }
        one => {
            let rank = number(one).ok_or_else(|| Problem::new(at, value, expected))?;
            let row = |i: usize| (0..size).map(|j| if i == j { 1.0 } else { rank }).collect();
            (0..size).map(row).collect()
        }
    };
    for (row, list) in matrix.iter().enumerate() {
        for (column, &rank) in list.iter().enumerate() {
            let (fine, expected) = if row == column {
                (rank == 1.0, "1")
            } else {
                (rank > -1.0 && rank < 1.0, "above -1 and below 1")
            };
            let at = if value.is_array() {
                format!("{at}[{row}][{column}]")
            } else {
                at.to_string()
            };
            if !fine {
                return Err(Problem::new(&at, rank, expected));
            }
            if rank != matrix[column][row] {
                let sentence = format!(
                    "not symmetric: {rank} here, but {} in row {column}",
                    matrix[column][row]
                );
                return Err(Problem::told(&at, rank, &sentence, "the same both ways"));
            }
        }
    }
    Copula::new(&matrix).map_err(|wrong| {
        let (one, two) = (&group.of[wrong.pair.0], &group.of[wrong.pair.1]);
        let sentence = format!(
            "not positive definite: its smallest eigenvalue is {:.3}, and {one} and {two} contradict the \
             others most; bring the correlations nearer to 0, all of them to about {:.2} times what they are",
            wrong.smallest,
            (wrong.factor * 100.0).floor() / 100.0
        );
        Problem::told(at, value, &sentence, "correlations that can hold together")
    })
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Float(number) => Some(*number),
        Value::Integer(number) => Some(*number as f64),
        _ => None,
    }
}
