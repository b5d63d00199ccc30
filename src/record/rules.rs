//! Which rules does the plan break, in which months, and by how much?
//!
//! Supervision and ratios, the two-year rule for moves to HI training, hours that are short, and the
//! standards that the service has promised. Each row says what to look at, not just that it is wrong.

mod money;
mod staff;
mod standards;
mod supervision;

use crate::record::Record;
use crate::scenario::Spec;
use crate::table::Table;
use crate::timetable::Timetable;

use money::{over_budget, rooms};
use staff::{internal_moves, over_establishment};
use standards::{sessions_slip, targets};
use supervision::{case_review, supervision};

/// A rule that is broken.
#[derive(Debug, Clone, PartialEq)]
pub struct Broken {
    /// Name of the rule.
    pub rule: String,
    /// The rule in words.
    pub title: String,
    /// condition, warning or target.
    pub severity: &'static str,
    /// First and last month, by index, and how many months.
    pub months: (usize, usize, usize),
    /// Each of them, in order.
    pub broken_in: Vec<usize>,
    /// Worst value.
    pub worst: f64,
    /// Limit that it should keep.
    pub limit: f64,
    /// Unit of both.
    pub unit: &'static str,
    /// What is broken, in a sentence without the months.
    pub sentence: String,
}

/// All rules that are broken, conditions first.
#[must_use]
pub fn broken(spec: &Spec, timetable: &Timetable, record: &Record) -> Vec<Broken> {
    let mut found = Vec::new();
    supervision(spec, timetable, record, &mut found);
    case_review(timetable, record, &mut found);
    internal_moves(spec, timetable, record, &mut found);
    over_establishment(timetable, record, &mut found);
    sessions_slip(timetable, record, &mut found);
    over_budget(spec, timetable, record, &mut found);
    rooms(spec, timetable, record, &mut found);
    targets(spec, timetable, record, &mut found);
    let order = |severity: &str| {
        ["condition", "warning", "target"]
            .iter()
            .position(|&s| s == severity)
    };
    found.sort_by(|a, b| {
        (order(a.severity), a.months.0, &a.rule).cmp(&(order(b.severity), b.months.0, &b.rule))
    });
    found
}

/// The rules as a table.
#[must_use]
pub fn table(spec: &Spec, timetable: &Timetable, record: &Record) -> Table {
    let rows = broken(spec, timetable, record);
    let month = |index: usize| &timetable.calendar.months[index].label;
    let message = |row: &Broken| {
        let (first, last, number) = row.months;
        let when = if first == last {
            format!("in {}", month(first))
        } else {
            format!("from {} to {}", month(first), month(last))
        };
        let some = if last - first + 1 == number {
            String::new()
        } else {
            format!(", in {number} of these months")
        };
        format!("{}, {when}{some}", row.sentence)
    };
    let severity = "condition: the plan cannot go ahead; warning: somebody should look; target: a promise is missed";
    Table::of_rows("rules", &rows)
        .text("rule", "Name of the rule", |row| &row.rule)
        .text("title", "The rule", |row| &row.title)
        .text("severity", severity, |row| row.severity)
        .text("first_month", "First month", |row| month(row.months.0))
        .text("last_month", "Last month", |row| month(row.months.1))
        .whole("months", "months", "Number of months", |row| {
            i64::try_from(row.months.2).unwrap_or(0)
        })
        .number("worst", "", "Worst value, in the unit of the row", |row| {
            row.worst
        })
        .number("limit", "", "Limit, in the unit of the row", |row| {
            row.limit
        })
        .text("unit", "Unit of worst and limit", |row| row.unit)
        .text("message", "What is broken", message)
        .table()
}

/// Months in which a rule is broken: the first, the last, how many; and which is the worst.
struct Spell {
    months: (usize, usize, usize),
    /// Each of them.
    all: Vec<usize>,
    worst: usize,
}

impl Spell {
    /// The spell of the months with a gap, if there is one; `gaps` are in order of the months.
    fn of(gaps: impl IntoIterator<Item = (usize, f64)>, tolerance: f64) -> Option<Self> {
        let gaps: Vec<_> = gaps.into_iter().filter(|gap| gap.1 > tolerance).collect();
        let (first, last) = (gaps.first()?.0, gaps.last()?.0);
        let worst = gaps.iter().max_by(|a, b| a.1.total_cmp(&b.1))?.0;
        Some(Self {
            months: (first, last, gaps.len()),
            all: gaps.iter().map(|gap| gap.0).collect(),
            worst,
        })
    }

    /// The spell of the months at whose end there is a gap; its worst is the week that ends that month.
    fn at_ends(record: &Record, weeks: usize, gap: impl Fn(usize) -> f64) -> Option<Self> {
        let ends = || (0..weeks).filter_map(|week| Some((record.closes(week)?, week)));
        let mut spell = Self::of(ends().map(|(month, week)| (month, gap(week))), 1e-6)?;
        spell.worst = ends().find(|end| end.0 == spell.worst)?.1;
        Some(spell)
    }
}

/// Month in which a week begins, by index.
fn month_of(timetable: &Timetable, week: usize) -> usize {
    timetable.calendar.segments[timetable.segments_of_week[week].start].month
}
