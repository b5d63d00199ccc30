//! How is a planner's own file of monthly referrals read?
//!
//! ```text
//! file     CSV in UTF-8 with the columns month (2025-04 or 2025-04-01) and referrals; others are passed over
//! number   digits, with a decimal point or an exponent; thousands separators only if one is named
//! `*`, <n  a suppressed count of 1 to 4, or of 1 to n - 1: never a zero
//! - .. . z : [c] [x] [z] and an empty cell: absent, nothing is known of it
//! ```
//!
//! Months may stand in any order, but not twice and not with gaps. All faults of a file are reported
//! together. Rows are counted as lines of the file, the header is row 1.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;

use crate::error::{Error, Result, nearest, shorten};
use crate::scenario::read::text_of_file;
use crate::scenario::same::sha256;

/// Most faults that are listed.
const MOST_LISTED: usize = 20;

/// What becomes of cells that are suppressed (`*`, `<5`) or absent (`-`, `..`, `z`, `[c]`, empty).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingCells {
    /// The file is refused and the cells are listed.
    Refuse,
    /// A suppressed count stands for the middle of what it can be, 2.5 for 1 to 4; an absent one is refused.
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
    Ok((months, sha256(&text)))
}

struct SeriesReader {
    file: String,
    missing: MissingCells,
    thousands: Option<char>,
}

enum Cell {
    Count(f64),
    /// A suppressed count, and the middle of what it can be.
    Suppressed(f64),
    Absent,
    Faulty(String),
}

/// A fault: row, column and sentence.
struct Fault(Option<usize>, &'static str, String);

impl SeriesReader {
    /// All faults in one error, at the place of the first.
    fn refuse(&self, faults: &[Fault]) -> Result<()> {
        let Some(Fault(row, column, first)) = faults.first() else {
            return Ok(());
        };
        let mut lines = vec![first.clone()];
        for Fault(row, column, sentence) in faults.iter().take(MOST_LISTED).skip(1) {
            let row = row.map_or(String::new(), |row| format!("row {row}, "));
            lines.push(format!("{row}column {column}: {sentence}"));
        }
        if faults.len() > MOST_LISTED {
            lines.push(format!("and {} more", faults.len() - MOST_LISTED));
        }
        Err(self.fault(*row, column, lines.join("\n")))
    }

    fn fault(&self, row: Option<usize>, column: &str, message: String) -> Error {
        Error::Data {
            file: self.file.clone(),
            row,
            column: column.into(),
            message,
        }
    }

    fn read(&self, text: &str) -> Result<BTreeMap<String, f64>> {
        if let Some(offset) = text.find('\0') {
            let message = format!("a NUL byte at {offset}: no text, or UTF-16; save it as UTF-8");
            return Err(self.fault(None, "", message));
        }
        if !text.matches('"').count().is_multiple_of(2) {
            let message = "not CSV: a quote is opened and not closed".into();
            return Err(self.fault(None, "", message));
        }
        let unified = text.replace("\r\n", "\n").replace('\r', "\n");
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .flexible(true)
            .from_reader(unified.as_bytes());
        let headers = reader
            .headers()
            .map_err(|error| self.fault(Some(1), "", error.to_string()))?
            .clone();
        if headers.iter().all(str::is_empty) {
            let message = "the file is empty; a header with month and referrals is needed".into();
            return Err(self.fault(None, "", message));
        }
        let month_at = self.column(&headers, "month")?;
        let count_at = self.column(&headers, "referrals")?;
        let mut months = BTreeMap::new();
        let mut dropped = Vec::new();
        let mut rows: BTreeMap<String, usize> = BTreeMap::new();
        let mut faults = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| self.fault(None, "", error.to_string()))?;
            let row = record
                .position()
                .and_then(|place| usize::try_from(place.line()).ok());
            if record.iter().all(str::is_empty) {
                continue;
            }
            let trailing = record.len() == headers.len() + 1 && record[headers.len()].is_empty();
            if record.len() != headers.len() && !trailing {
                faults.push(Fault(row, "month", ragged(record.len(), headers.len())));
                continue;
            }
            let month = match month(&record[month_at]) {
                Ok(month) => month,
                Err(sentence) => {
                    faults.push(Fault(row, "month", sentence));
                    continue;
                }
            };
            if let Some(before) = rows.insert(month.clone(), row.unwrap_or(0)) {
                let sentence = format!("the month {month} stands twice, in row {before} too");
                faults.push(Fault(row, "month", sentence));
            }
            match (self.cell(&record[count_at]), self.missing) {
                (Cell::Count(count), _) | (Cell::Suppressed(count), MissingCells::Midpoint) => {
                    months.insert(month, count);
                }
                (Cell::Suppressed(_) | Cell::Absent, MissingCells::Drop) => dropped.push(month),
                (Cell::Suppressed(_), _) => {
                    let sentence = format!(
                        "{month}: {:?} is a suppressed count and not zero; fill it, or read the file with suppressed='midpoint' or 'drop'",
                        &record[count_at]
                    );
                    faults.push(Fault(row, "referrals", sentence));
                }
                (Cell::Absent, _) => {
                    let sentence = format!(
                        "{month}: {:?} is absent and not zero; fill it, or read the file with suppressed='drop'",
                        &record[count_at]
                    );
                    faults.push(Fault(row, "referrals", sentence));
                }
                (Cell::Faulty(sentence), _) => faults.push(Fault(row, "referrals", sentence)),
            }
        }
        self.refuse(&faults)?;
        self.without_gaps(&months, &dropped)?;
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
                let separator = [';', '\t', '|']
                    .into_iter()
                    .find(|&mark| headers.len() == 1 && headers[0].contains(mark));
                let guess = separator
                    .map(|mark| format!("; it is separated by {mark:?}, save it with commas"))
                    .or_else(|| {
                        nearest(name, headers.iter()).map(|near| format!("; is it {near:?}?"))
                    });
                let message = format!("no column {name:?}{}", guess.unwrap_or_default());
                Err(self.fault(Some(1), name, message))
            }
            _ => Err(self.fault(Some(1), name, format!("the column {name:?} stands twice"))),
        }
    }

    fn cell(&self, text: &str) -> Cell {
        match text {
            "*" => return Cell::Suppressed(2.5),
            "" | "-" | ".." | "." | "z" | ":" | "[c]" | "[z]" | "[x]" => return Cell::Absent,
            _ => {}
        }
        if let Some(below) = text.strip_prefix('<').map(str::trim_start)
            && let Ok(bound @ 2..=999) = below.parse::<u32>()
        {
            return Cell::Suppressed(f64::from(bound) / 2.0);
        }
        let plain: String = match self.thousands {
            Some(mark) if grouped_by(text, mark) => text.chars().filter(|&c| c != mark).collect(),
            _ => text.into(),
        };
        let usual = plain
            .chars()
            .all(|c| c.is_ascii_digit() || ".eE+-".contains(c))
            && plain.starts_with(|c: char| c.is_ascii_digit());
        let looks_grouped = plain
            .split_once('.')
            .is_some_and(|(_, after)| after.len() == 3);
        match plain.parse::<f64>() {
            Ok(count) if usual && !looks_grouped && count.is_finite() => Cell::Count(count),
            _ => Cell::Faulty(not_a_number(text)),
        }
    }

    fn without_gaps(&self, months: &BTreeMap<String, f64>, dropped: &[String]) -> Result<()> {
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
            let why = if dropped.is_empty() {
                String::new()
            } else {
                format!("; dropped were {}", dropped.join(", "))
            };
            let message = format!("months are missing {}{why}", gaps.join(", "));
            Err(self.fault(None, "month", message))
        }
    }
}

fn ragged(cells: usize, wanted: usize) -> String {
    let quotes = if cells > wanted {
        "; a number with commas must be in quotes"
    } else {
        ""
    };
    format!("a ragged row: {cells} cells where the header has {wanted}{quotes}")
}

/// A month as 2025-04, or why it is none.
fn month(text: &str) -> std::result::Result<String, String> {
    let day = match text.len() {
        7 => format!("{text}-01").parse::<Date>().ok(),
        10 => text.parse::<Date>().ok(),
        _ => None,
    };
    day.filter(|day| day.day() == 1)
        .map(|day| format!("{:04}-{:02}", day.year(), day.month()))
        .ok_or_else(|| {
            format!(
                "{:?} is not a month, as 2025-04 or 2025-04-01",
                shorten(text)
            )
        })
}

fn not_a_number(text: &str) -> String {
    let marks = |c: char| " ,.'\u{a0}\u{2009}\u{202f}".contains(c);
    let digits: String = text.chars().filter(|&c| !marks(c)).collect();
    let grouped = digits.len() > 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if grouped && text.contains(marks) {
        format!(
            "{text:?} may have a thousands separator; write {digits} if that is meant, or name a comma with thousands=','"
        )
    } else {
        format!("{:?} is not a plain number such as 1234", shorten(text))
    }
}

/// True for `1,234` and `12,345,678.5`, where the mark stands before every three digits.
fn grouped_by(text: &str, mark: char) -> bool {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let mut groups = whole.split(mark);
    let first = groups
        .next()
        .is_some_and(|group| (1..=3).contains(&group.len()));
    first && groups.all(|group| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit()))
}
