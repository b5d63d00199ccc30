//! What can Python look up without a scenario? Packs, fields, pay, the calendar, referrals by month.

use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::binding::error::{OrRaise, raise};
use crate::binding::table::Table;
use crate::calendar::{CalendarKind, parse_iso_date, working_days_between};
use crate::error::Problem;
use crate::reference::{packs as known_packs, pay};
use crate::scenario::schema;
use crate::scenario::series_file::{self, MissingCells};
use crate::table;

/// Names of the reference packs.
#[pyfunction]
pub fn packs() -> Vec<&'static str> {
    known_packs::names()
}

/// JSON Schema of scenario files, as text.
#[pyfunction]
pub fn json_schema() -> String {
    serde_json::to_string_pretty(&schema::for_files()).unwrap_or_default()
}

/// Monthly referrals of a CSV file, strictly read.
#[pyfunction]
#[pyo3(signature = (path, suppressed, thousands))]
pub fn read_months<'py>(
    py: Python<'py>,
    path: PathBuf,
    suppressed: &str,
    thousands: Option<char>,
) -> PyResult<Bound<'py, PyDict>> {
    let missing = match suppressed {
        "error" => MissingCells::Refuse,
        "midpoint" => MissingCells::Midpoint,
        "drop" => MissingCells::Drop,
        other => {
            let problem = Problem::new("suppressed", format!("{other:?}"), "error, midpoint, drop");
            return Err(raise(py, &problem.into()));
        }
    };
    let (months, _) = py
        .detach(move || series_file::months(&path, missing, thousands))
        .or_raise(py)?;
    let dict = PyDict::new(py);
    for (month, count) in months {
        dict.set_item(month, count)?;
    }
    Ok(dict)
}

/// Every field of a scenario.
#[pyfunction]
pub fn fields() -> Table {
    let rows = schema::fields();
    Table::new(
        table::Table::of_rows("fields", &rows)
            .text("path", "Path of the field", |field| &field.path)
            .text("type", "Kind of value", |field| &field.kind)
            .text("unit", "Unit", |field| &field.unit)
            .number("minimum", "", "Lowest allowed value", |field| {
                field.minimum.unwrap_or(f64::NAN)
            })
            .number("maximum", "", "Highest allowed value", |field| {
                field.maximum.unwrap_or(f64::NAN)
            })
            .text("description", "Meaning", |field| &field.description)
            .table(),
    )
}

/// Every pay table there is.
#[pyfunction]
pub fn pay_table() -> Table {
    let rows: Vec<_> = pay::pay_table().collect();
    let middle = "Middle point, or the mean of first and last where there is none";
    Table::new(
        table::Table::of_rows("pay", &rows)
            .text("year", "Financial year", |row| row.year.to_string())
            .text("band", "Agenda for Change band", |row| row.band.to_string())
            .number("entry", "pounds", "First point", |row| row.entry.value)
            .number("middle", "pounds", middle, |row| {
                let between = f64::midpoint(row.entry.value, row.top.value);
                row.middle.map_or(between, |fact| fact.value)
            })
            .number("top", "pounds", "Last point", |row| row.top.value)
            .text("status", "How well the row is known", |row| {
                row.entry.status.to_string()
            })
            .text("source", "Source", |row| row.entry.source)
            .table(),
    )
}

/// Whole years in a band after which each of its points is reached, entry first, on a day.
#[pyfunction]
pub fn pay_points(py: Python<'_>, band: &str, day: &str) -> PyResult<Vec<u32>> {
    let known: pay::Band = band
        .parse()
        .map_err(|_| {
            let bands = pay::Band::ALL.map(pay::Band::name).join(", ");
            Problem::new("band", format!("{band:?}"), bands).into()
        })
        .or_raise(py)?;
    let on = parse_iso_date(day)
        .map_err(|_| Problem::new("day", format!("{day:?}"), "a date, as 2025-04-01").into())
        .or_raise(py)?;
    Ok(pay::points_of(known, pay::PayYear::of(on)))
}

/// Working days of England from `start` to `end`, the end excluded.
#[pyfunction]
pub fn working_days(py: Python<'_>, start: &str, end: &str) -> PyResult<u32> {
    let day = |path: &str, text: &str| {
        parse_iso_date(text)
            .map_err(|_| Problem::new(path, format!("{text:?}"), "a date, as 2025-04-01").into())
    };
    let (from, to) = (
        day("start", start).or_raise(py)?,
        day("end", end).or_raise(py)?,
    );
    if from > to {
        let problem = Problem::new("end", end, format!("{start} or later"));
        return Err(raise(py, &problem.into()));
    }
    Ok(working_days_between(CalendarKind::England, from, to))
}
