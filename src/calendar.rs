//! Which days are worked, and to which week, month, quarter and financial year do they belong?
//!
//! Steps are seven days from a start date. Each step is split where a calendar month begins:
//!
//! ```text
//! working days of a step = its Mondays to Fridays - bank holidays of England
//! sum over segments of a week = 7 days = the week's working days
//! trainee month of a day = 1 + whole calendar months since the start (the 31st clips)
//! ```
//!
//! The plain calendar of textbook cases has 52-week years of five-day weeks and no holidays; its
//! months take 4, 4 and 5 weeks in turn, so that no week is split.

use std::fmt;

pub use jiff::civil::Date;

mod days;
mod holidays;
#[cfg(test)]
mod tests;
mod text;

pub use days::{
    add_months, financial_year_label, financial_year_of, is_working_day, months_since,
    weeks_for_years, working_days_between,
};
pub use holidays::{HOLIDAY_YEARS, bank_holidays};
pub use text::{DateError, parse_iso_date};

use days::{MONDAY_ZERO, add_days, day_number, narrow, working_days_in};

/// Days of one step of the clock \[days\].
pub const DAYS_PER_STEP: u8 = 7;

/// Weeks of a year on the plain calendar \[weeks\].
pub const PLAIN_WEEKS_PER_YEAR: usize = 52;

/// Weeks of the twelve months of a plain year \[weeks\]: 4, 4 and 5 a quarter.
const PLAIN_MONTH_WEEKS: [usize; 12] = [4, 4, 5, 4, 4, 5, 4, 4, 5, 4, 4, 5];

/// Which days count as worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CalendarKind {
    /// Monday to Friday less the bank holidays of England; real months; years from 1 April.
    #[default]
    England,
    /// 52-week years, five working days every week, months of 4, 4 and 5 weeks: textbook cases.
    Plain,
}

impl CalendarKind {
    /// Every kind, in the order in which messages list them.
    pub const ALL: [Self; 2] = [Self::England, Self::Plain];

    /// The word for it in a scenario: `england` or `plain`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::England => "england",
            Self::Plain => "plain",
        }
    }
}

impl fmt::Display for CalendarKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One step of seven days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeekDays {
    /// First day of the step.
    pub start: Date,
    /// Days worked in the step \[days, 0 to 5\].
    pub working_days: u8,
}

/// The part of a step that lies in one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// Step \[index into [`Calendar::weeks`]\].
    pub week: usize,
    /// Month \[index into [`Calendar::months`]\].
    pub month: usize,
    /// Days worked \[days, 0 to 5\].
    pub working_days: u8,
    /// Days \[days, 1 to 7\].
    pub days: u8,
}

/// A month that the horizon touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// First day of the month, which may lie before the horizon.
    pub first: Date,
    /// Name of the month: `2025-04`, or `year 1 month 1` on the plain calendar.
    pub label: String,
    /// Days worked inside the horizon \[days\].
    pub working_days_inside: u16,
    /// Days worked in the complete month \[days\].
    pub working_days_whole: u16,
    /// Days inside the horizon \[days\].
    pub days_inside: u16,
    /// Days of the complete month \[days\].
    pub days_whole: u16,
    /// Financial year \[index into [`Calendar::financial_years`]\].
    pub financial_year: usize,
    /// Quarter \[index into [`Calendar::quarters`]\].
    pub quarter: usize,
}

/// A quarter of a financial year that the horizon touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarter {
    /// Name of the quarter: `2025/26 Q1` (April to June), or `year 1 Q1`.
    pub label: String,
    /// Position in its financial year \[1 to 4\].
    pub number: u8,
    /// Financial year \[index into [`Calendar::financial_years`]\].
    pub financial_year: usize,
    /// Days inside the horizon \[days\].
    pub days_inside: u16,
    /// Days of the complete quarter \[days\].
    pub days_whole: u16,
}

/// A financial year that the horizon touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinancialYear {
    /// Name of the year: `2025/26`, or `year 1` on the plain calendar.
    pub label: String,
    /// Calendar year in which the financial year begins, which names its pay table. The plain
    /// calendar counts on from the financial year of its start date.
    pub first_calendar_year: i16,
    /// Days inside the horizon \[days\].
    pub days_inside: u16,
    /// Days of the complete year \[days\]: 365 or 366, plain 364.
    pub days_whole: u16,
    /// Days worked in the complete year \[days\].
    pub working_days_whole: u16,
}

/// The clock of a run: steps of seven days and the months, quarters and years they fall in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Which days count as worked.
    pub kind: CalendarKind,
    /// First day of the first step.
    pub start: Date,
    /// The steps, in order.
    pub weeks: Vec<WeekDays>,
    /// The steps split by month, in order of date.
    pub segments: Vec<Segment>,
    /// Months that the horizon touches, in order.
    pub months: Vec<Month>,
    /// Quarters that the horizon touches, in order.
    pub quarters: Vec<Quarter>,
    /// Financial years that the horizon touches, in order.
    pub financial_years: Vec<FinancialYear>,
}

/// A month before the horizon is laid over it: day numbers, labels and where it belongs.
struct Block {
    first: i32,
    end: i32,
    label: String,
    quarter: u8,
    year: i16,
    year_label: String,
}

impl Calendar {
    /// Lays out `weeks` steps of seven days from `start`.
    ///
    /// Dates must stay inside the year 9999; what lies beyond is cut off at its last day. The vectors
    /// are as long as the horizon, so its length is for the caller to bound.
    #[must_use]
    pub fn new(kind: CalendarKind, start: Date, weeks: usize) -> Self {
        let begin = day_number(start);
        let steps = i32::try_from(weeks).unwrap_or(i32::MAX / 7);
        let end = begin.saturating_add(steps.saturating_mul(i32::from(DAYS_PER_STEP)));
        let blocks = match kind {
            CalendarKind::England => real_months(start, end),
            CalendarKind::Plain => plain_months(start, end),
        };
        let mut calendar = Self {
            kind,
            start,
            weeks: Vec::with_capacity(weeks),
            segments: Vec::with_capacity(weeks + blocks.len()),
            months: Vec::with_capacity(blocks.len()),
            quarters: Vec::with_capacity(blocks.len() / 3 + 2),
            financial_years: Vec::with_capacity(blocks.len() / 12 + 2),
        };
        calendar.lay_out_weeks(begin, weeks, &blocks);
        for block in blocks {
            calendar.add_month(block, begin, end);
        }
        calendar
    }

    /// The segments of one step, in order of date; empty past the horizon.
    #[must_use]
    pub fn segments_of(&self, week: usize) -> &[Segment] {
        let from = self.segments.partition_point(|s| s.week < week);
        let to = self.segments.partition_point(|s| s.week <= week);
        &self.segments[from..to]
    }

    /// First day after the last step.
    #[must_use]
    pub fn end(&self) -> Date {
        self.weeks.last().map_or(self.start, |week| {
            add_days(week.start, i32::from(DAYS_PER_STEP))
        })
    }

    /// The step that holds a day \[index into [`Calendar::weeks`]\]; `None` outside the horizon.
    #[must_use]
    pub fn week_of(&self, day: Date) -> Option<usize> {
        let past = day_number(day) - day_number(self.start);
        let week = usize::try_from(past.div_euclid(i32::from(DAYS_PER_STEP))).ok()?;
        (week < self.weeks.len()).then_some(week)
    }

    fn lay_out_weeks(&mut self, begin: i32, weeks: usize, blocks: &[Block]) {
        let mut month = 0;
        let (mut from, mut start) = (begin, self.start);
        for week in 0..weeks {
            let to = from + i32::from(DAYS_PER_STEP);
            let mut working_days = 0;
            let mut day = from;
            while day < to {
                let last = month + 1 == blocks.len();
                let month_end = if last { to } else { blocks[month].end };
                let next = to.min(month_end);
                let worked = narrow(working_days_in(self.kind, day, next));
                self.segments.push(Segment {
                    week,
                    month,
                    working_days: worked,
                    days: narrow(next - day),
                });
                working_days += worked;
                day = next;
                if day == month_end && !last {
                    month += 1;
                }
            }
            self.weeks.push(WeekDays {
                start,
                working_days,
            });
            (from, start) = (to, add_days(start, i32::from(DAYS_PER_STEP)));
        }
    }

    fn add_month(&mut self, block: Block, begin: i32, end: i32) {
        let days_whole = narrow(block.end - block.first);
        let (from, to) = (block.first.max(begin), block.end.min(end));
        let days_inside = narrow(to - from);
        let new_year = self
            .financial_years
            .last()
            .is_none_or(|year| year.first_calendar_year != block.year);
        if new_year {
            let (first, past) = self.year_bounds(&block);
            self.financial_years.push(FinancialYear {
                label: block.year_label.clone(),
                first_calendar_year: block.year,
                days_inside: 0,
                days_whole: narrow(past - first),
                working_days_whole: narrow(working_days_in(self.kind, first, past)),
            });
        }
        let financial_year = self.financial_years.len() - 1;
        if new_year
            || self
                .quarters
                .last()
                .is_none_or(|q| q.number != block.quarter)
        {
            self.quarters.push(Quarter {
                label: format!("{} Q{}", block.year_label, block.quarter),
                number: block.quarter,
                financial_year,
                days_inside: 0,
                days_whole: self.quarter_days(&block),
            });
        }
        let quarter = self.quarters.len() - 1;
        self.financial_years[financial_year].days_inside += days_inside;
        self.quarters[quarter].days_inside += days_inside;
        self.months.push(Month {
            first: add_days(MONDAY_ZERO, block.first),
            label: block.label,
            working_days_inside: narrow(working_days_in(self.kind, from, to)),
            working_days_whole: narrow(working_days_in(self.kind, block.first, block.end)),
            days_inside,
            days_whole,
            financial_year,
            quarter,
        });
    }

    /// First day, and first day after, of the financial year that a month belongs to.
    fn year_bounds(&self, block: &Block) -> (i32, i32) {
        match self.kind {
            CalendarKind::England => (first_of_april(block.year), first_of_april(block.year + 1)),
            // The year is new, and a plain horizon begins with its first month.
            CalendarKind::Plain => (block.first, block.first + plain_days(PLAIN_WEEKS_PER_YEAR)),
        }
    }

    fn quarter_days(&self, block: &Block) -> u16 {
        match self.kind {
            CalendarKind::England => {
                let months = 3 * i32::from(block.quarter);
                let april = add_days(MONDAY_ZERO, first_of_april(block.year));
                let (first, past) = (add_months(april, months - 3), add_months(april, months));
                narrow(day_number(past) - day_number(first))
            }
            CalendarKind::Plain => narrow(plain_days(PLAIN_WEEKS_PER_YEAR / 4)),
        }
    }
}

fn real_months(start: Date, end: i32) -> Vec<Block> {
    let mut first = start.first_of_month();
    let mut number = day_number(first);
    let mut blocks = Vec::new();
    let empty = end <= day_number(start);
    while number < end && !empty {
        let past = number + i32::from(first.days_in_month());
        let year = financial_year_of(first);
        // April is month 0 of the financial year.
        let of_year = (first.month() + 8) % 12;
        blocks.push(Block {
            first: number,
            end: past,
            label: format!("{:04}-{:02}", first.year(), first.month()),
            quarter: narrow(i32::from(of_year / 3 + 1)),
            year,
            year_label: financial_year_label(year),
        });
        let next = add_months(first, 1);
        if next <= first {
            break;
        }
        (first, number) = (next, past);
    }
    blocks
}

fn plain_months(start: Date, end: i32) -> Vec<Block> {
    let mut first = day_number(start);
    let mut year = financial_year_of(start);
    let mut blocks = Vec::new();
    let mut count = 0;
    while first < end {
        let (of_year, years) = (count % 12, count / 12);
        let past = first + plain_days(PLAIN_MONTH_WEEKS[of_year]);
        blocks.push(Block {
            first,
            end: past,
            label: format!("year {} month {}", years + 1, of_year + 1),
            quarter: narrow(i32::try_from(of_year / 3 + 1).unwrap_or(4)),
            year,
            year_label: format!("year {}", years + 1),
        });
        count += 1;
        if count % 12 == 0 {
            year = year.saturating_add(1);
        }
        first = past;
    }
    blocks
}

fn first_of_april(year: i16) -> i32 {
    day_number(Date::new(year, 4, 1).unwrap_or(Date::MAX))
}

fn plain_days(weeks: usize) -> i32 {
    i32::try_from(weeks).map_or(0, |weeks| weeks * i32::from(DAYS_PER_STEP))
}
