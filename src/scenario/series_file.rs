//! How is a planner's own file of monthly referrals read?
//!
//! The file is CSV with the columns `month` (2025-04 or 2025-04-01) and `referrals`; other columns are
//! passed over. A cell that is suppressed or absent is never a zero.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result, nearest};
use crate::scenario::read::text_of_file;

/// What becomes of cells that are suppressed (`*`, `<5`) or absent (`-`, `..`, `z`, `[c]`, empty).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingCells {
    /// The file is refused and the cells are listed.
    Refuse,
    /// A suppressed count stands for the middle of 1 to 4; an absent one is refused.
    Midpoint,
    /// The month is left out; only possible at either end, since months must follow each other.
    Drop,
}

/// Referrals by month (`2025-04`), and the SHA-256 of the file.
///
/// # Errors
/// [`Error::Data`] with file, row and column for a missing or doubled column or month, a gap, a ragged
/// row, or a cell that is not a plain number; [`Error::File`] if the file cannot be read.
pub fn months(
    path: &Path,
    missing: MissingCells,
    thousands: Option<char>,
) -> Result<(BTreeMap<String, f64>, String)> {
    let text = text_of_file(path)?;
    let file = path
        .file_name()
        .map_or(String::new(), |name| name.to_string_lossy().into_owned());
    let reader = SeriesReader {
        file,
        missing,
        thousands,
    };
    let months = reader.read(text.strip_prefix('\u{feff}').unwrap_or(&text))?;
    let hash = Sha256::digest(text.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok((months, hash))
}

struct SeriesReader {
    file: String,
    missing: MissingCells,
    thousands: Option<char>,
}

enum Cell {
    Count(f64),
    Suppressed,
    Absent,
    Faulty,
}

impl SeriesReader {
    fn fault(&self, row: Option<usize>, column: &str, message: String) -> Error {
        Error::Data {
            file: self.file.clone(),
            row,
            column: column.into(),
            message,
        }
    }

    fn read(&self, text: &str) -> Result<BTreeMap<String, f64>> {
        let unified = text.replace("\r\n", "\n").replace('\r', "\n");
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(unified.as_bytes());
        let headers = reader
            .headers()
            .map_err(|error| self.fault(Some(1), "", error.to_string()))?
            .clone();
        let month_at = self.column(&headers, "month")?;
        let count_at = self.column(&headers, "referrals")?;
        let mut months = BTreeMap::new();
        let mut unusable = Vec::new();
        for (index, record) in reader.records().enumerate() {
            let row = index + 2;
            let record = record
                .map_err(|error| self.fault(Some(row), "", format!("a ragged row: {error}")))?;
            let month = self.month(&record[month_at], row)?;
            let count = match self.cell(&record[count_at]) {
                Cell::Count(count) => Some(count),
                Cell::Suppressed if self.missing == MissingCells::Midpoint => Some(2.5),
                Cell::Suppressed | Cell::Absent if self.missing == MissingCells::Drop => None,
                Cell::Suppressed | Cell::Absent => {
                    unusable.push(format!("{month} ({:?})", &record[count_at]));
                    None
                }
                Cell::Faulty => {
                    let message =
                        format!("{:?} is not a plain number such as 1234", &record[count_at]);
                    return Err(self.fault(Some(row), "referrals", message));
                }
            };
            if let Some(count) = count
                && months.insert(month.clone(), count).is_some()
            {
                return Err(self.fault(
                    Some(row),
                    "month",
                    format!("the month {month} stands twice"),
                ));
            }
        }
        if !unusable.is_empty() {
            let message = format!(
                "suppressed or absent cells are not zero: {}; fill them, or read the file with suppressed='midpoint' or 'drop'",
                unusable.join(", ")
            );
            return Err(self.fault(None, "referrals", message));
        }
        self.without_gaps(&months)?;
        Ok(months)
    }

    fn column(&self, headers: &csv::StringRecord, name: &str) -> Result<usize> {
        let found: Vec<_> = headers
            .iter()
            .enumerate()
            .filter(|(_, header)| header.eq_ignore_ascii_case(name))
            .collect();
        match found[..] {
            [(index, _)] => Ok(index),
            [] => {
                let guess = nearest(name, headers.iter())
                    .map_or(String::new(), |near| format!("; is it {near:?}?"));
                Err(self.fault(Some(1), name, format!("no column {name:?}{guess}")))
            }
            _ => Err(self.fault(Some(1), name, format!("the column {name:?} stands twice"))),
        }
    }

    fn month(&self, text: &str, row: usize) -> Result<String> {
        let day = match text.len() {
            7 => format!("{text}-01").parse::<Date>().ok(),
            10 => text.parse::<Date>().ok(),
            _ => None,
        };
        day.map(|day| format!("{:04}-{:02}", day.year(), day.month()))
            .ok_or_else(|| {
                self.fault(
                    Some(row),
                    "month",
                    format!("{text:?} is not a month, as 2025-04 or 2025-04-01"),
                )
            })
    }

    fn cell(&self, text: &str) -> Cell {
        match text {
            "*" | "<5" => return Cell::Suppressed,
            "" | "-" | ".." | "." | "z" | ":" | "[c]" | "[z]" | "[x]" => return Cell::Absent,
            _ => {}
        }
        let plain: String = match self.thousands {
            Some(mark) if grouped_by(text, mark) => text.chars().filter(|&c| c != mark).collect(),
            _ => text.into(),
        };
        let usual = plain
            .chars()
            .all(|c| c.is_ascii_digit() || ".eE+-".contains(c))
            && !plain.starts_with('-');
        let looks_grouped = plain
            .split_once('.')
            .is_some_and(|(_, after)| after.len() == 3);
        match plain.parse::<f64>() {
            Ok(count) if usual && !looks_grouped && count.is_finite() => Cell::Count(count),
            _ => Cell::Faulty,
        }
    }

    fn without_gaps(&self, months: &BTreeMap<String, f64>) -> Result<()> {
        if months.is_empty() {
            return Err(self.fault(None, "", "no month is left; at least one is needed".into()));
        }
        let number = |month: &str| -> Option<i32> {
            Some(month[..4].parse::<i32>().ok()? * 12 + month[5..].parse::<i32>().ok()?)
        };
        let names: Vec<_> = months.keys().collect();
        let gaps: Vec<_> = names
            .windows(2)
            .filter(|pair| {
                number(pair[0])
                    .zip(number(pair[1]))
                    .is_none_or(|(a, b)| a + 1 != b)
            })
            .map(|pair| format!("between {} and {}", pair[0], pair[1]))
            .collect();
        if gaps.is_empty() {
            Ok(())
        } else {
            Err(self.fault(
                None,
                "month",
                format!("months are missing {}", gaps.join(", ")),
            ))
        }
    }
}

/// True for `1,234` and `12,345,678`, where the mark stands before every three digits.
fn grouped_by(text: &str, mark: char) -> bool {
    let mut groups = text.split(mark);
    let first = groups
        .next()
        .is_some_and(|group| (1..=3).contains(&group.len()));
    first && groups.all(|group| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit()))
}
