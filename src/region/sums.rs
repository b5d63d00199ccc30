//! How are tables of several services added up, or stood below each other?

use std::collections::BTreeMap;

use crate::table::{Column, Table, Values};

/// Units of numbers that add up between services.
const ADDS_UP: [&str; 11] = [
    "people",
    "people a year",
    "people a week",
    "heads",
    "heads a year",
    "WTE",
    "WTE a year",
    "places a year",
    "hours a week",
    "hours a year",
    "sessions",
];

fn adds_up(column: &Column) -> bool {
    let pounds = column.unit.starts_with("pounds");
    let number = matches!(column.values, Values::Number(_));
    let ratio = column.name.contains("_per_") || column.unit.contains(" per ");
    number && !ratio && (pounds || ADDS_UP.contains(&column.unit.as_str()))
}

/// One value as text, to tell rows apart by it.
fn cell(values: &Values, row: usize) -> String {
    match values {
        Values::Number(list) => list[row].to_string(),
        Values::Whole(list) => list[row].to_string(),
        Values::Truth(list) => list[row].to_string(),
        Values::Text(list) => list[row].clone(),
        Values::Word(words, rows) => words[rows[row] as usize].clone(),
        Values::Day(list) => list[row].to_string(),
    }
}

/// An empty column like another.
const fn like(values: &Values) -> Values {
    match values {
        Values::Number(_) => Values::Number(Vec::new()),
        Values::Whole(_) => Values::Whole(Vec::new()),
        Values::Truth(_) => Values::Truth(Vec::new()),
        Values::Text(_) | Values::Word(..) => Values::Text(Vec::new()),
        Values::Day(_) => Values::Day(Vec::new()),
    }
}

/// Appends the rows `rows` of a column; false if it is of another kind.
fn append(to: &mut Values, from: &Values, rows: impl Iterator<Item = usize>) -> bool {
    match (to, from) {
        (Values::Number(to), Values::Number(from)) => to.extend(rows.map(|row| from[row])),
        (Values::Whole(to), Values::Whole(from)) => to.extend(rows.map(|row| from[row])),
        (Values::Truth(to), Values::Truth(from)) => to.extend(rows.map(|row| from[row])),
        (Values::Text(to), Values::Text(from)) => to.extend(rows.map(|row| from[row].clone())),
        (Values::Text(to), Values::Word(words, from)) => {
            to.extend(rows.map(|row| words[from[row] as usize].clone()));
        }
        (Values::Day(to), Values::Day(from)) => to.extend(rows.map(|row| from[row])),
        _ => return false,
    }
    true
}

/// Tables below each other with a first column that says whose each row is. Columns that one of them lacks
/// are left out.
pub fn stacked(name: &str, key: (&str, &str), parts: &[(&str, Table)]) -> Table {
    let whose = parts
        .iter()
        .flat_map(|(label, table)| vec![*label; table.len()]);
    let mut together = Table::new(name).text(key.0, key.1, whose);
    let Some((_, first)) = parts.first() else {
        return together;
    };
    for column in &first.columns {
        let mut values = like(&column.values);
        let everywhere = parts.iter().all(|(_, table)| {
            (table.column(&column.name))
                .is_some_and(|part| append(&mut values, &part.values, 0..table.len()))
        });
        if everywhere {
            together = together.and(&column.name, &column.unit, &column.description, values);
        }
    }
    together
}

/// Rows of several tables with the same `keys` as one row; numbers add up, and what does not is left out.
/// Pounds are added in pence, so that the sum is the sum to the penny.
pub fn added(name: &str, keys: &[&str], parts: &[Table]) -> Table {
    let Some(first) = parts.first() else {
        return Table::new(name);
    };
    let mut rows: Vec<(usize, usize)> = Vec::new(); // the table and row that a sum was first met in
    let mut places: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    let mut place_of: Vec<Vec<usize>> = Vec::new();
    for (part, table) in parts.iter().enumerate() {
        let columns: Vec<&Values> = keys
            .iter()
            .filter_map(|key| table.column(key))
            .map(|column| &column.values)
            .collect();
        let of_row = (0..table.len()).map(|row| {
            let key = columns.iter().map(|values| cell(values, row)).collect();
            *places.entry(key).or_insert_with(|| {
                rows.push((part, row));
                rows.len() - 1
            })
        });
        place_of.push(of_row.collect());
    }
    let mut together = Table::new(name);
    for column in &first.columns {
        let (name, unit, meaning) = (&column.name, &column.unit, &column.description);
        if keys.contains(&name.as_str()) {
            let mut values = like(&column.values);
            for &(part, row) in &rows {
                if let Some(column) = parts[part].column(name) {
                    append(&mut values, &column.values, std::iter::once(row));
                }
            }
            together = together.and(name, unit, meaning, values);
        } else if adds_up(column) {
            let pence = unit.starts_with("pounds");
            let mut sums = vec![0.0; rows.len()];
            for (table, places) in parts.iter().zip(&place_of) {
                for (&place, &value) in places.iter().zip(table.numbers(name)) {
                    sums[place] += if pence {
                        (value * 100.0).round()
                    } else {
                        value
                    };
                }
            }
            if pence {
                for sum in &mut sums {
                    *sum /= 100.0;
                }
            }
            together = together.number(name, unit, meaning, sums);
        }
    }
    together
}
