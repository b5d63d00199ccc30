//! How do weeks become months, quarters and years? The periods that all tables of a run share.
//!
//! ```text
//! flow of a period  = sum over its parts of weeks: flow of the week x working days of the part / of the week
//! stock of a period = value of the last week that ends in it
//! ```
//!
//! Referrals are counted by parts of weeks, so they come back exactly by month.

mod capacity;
mod cost;
mod events;
mod flow;
mod leavers;
mod money;
mod staff;
mod supervision;
mod training;
mod waiting;

use crate::calendar::Segment;
use crate::record::measure::Sum;
use crate::record::{Record, rules};
use crate::scenario::Spec;
use crate::table::Table;
use crate::timetable::Timetable;

pub use capacity::capacity;
pub use cost::cost;
pub use events::events;
pub use flow::{monthly, quarterly, weekly, yearly};
pub use leavers::leavers;
pub use money::{budget, budgets, finance, unit_costs, value};
pub use staff::staff;
pub use supervision::supervision;
pub use training::training;
pub use waiting::waiting;

/// Names of the tables that come from the record of a run.
pub const TABLES: [&str; 17] = [
    "weekly",
    "monthly",
    "quarterly",
    "yearly",
    "staff",
    "leavers",
    "capacity",
    "supervision",
    "rules",
    "cost",
    "finance",
    "budget",
    "unit_costs",
    "value",
    "waiting",
    "events",
    "training",
];

/// A table by its name, if it comes from the record.
#[must_use]
pub fn table_of(name: &str, spec: &Spec, timetable: &Timetable, record: &Record) -> Option<Table> {
    Some(match name {
        "weekly" => weekly(timetable, record),
        "monthly" => monthly(timetable, record),
        "quarterly" => quarterly(timetable, record),
        "yearly" => yearly(timetable, record),
        "staff" => staff(timetable, record),
        "leavers" => leavers(timetable, record),
        "capacity" => capacity(timetable, record),
        "supervision" => supervision(spec, timetable, record),
        "rules" => rules::table(spec, timetable, record),
        "cost" => cost(spec, timetable, record),
        "finance" => finance(spec, timetable, record),
        "budget" => budget(spec, timetable, record),
        "unit_costs" => unit_costs(spec, timetable, record),
        "value" => value(spec, timetable, record),
        "waiting" => waiting(timetable, record),
        "events" => events(spec, timetable),
        "training" => training(spec, timetable, record),
        _ => return None,
    })
}

/// The periods of one length in a run.
struct Periods<'a> {
    timetable: &'a Timetable,
    record: &'a Record,
    /// Period of each month, by index.
    of_month: Vec<usize>,
    /// Parts of weeks: week, period, share of the week. Each column is added up by them.
    parts: Vec<(usize, usize, f64)>,
    /// By period.
    spans: Vec<Span<'a>>,
}

/// A period.
struct Span<'a> {
    label: &'a str,
    days_inside: u16,
    days_whole: u16,
}

impl<'a> Periods<'a> {
    fn months(timetable: &'a Timetable, record: &'a Record) -> Self {
        let months = &timetable.calendar.months;
        let spans = months.iter().map(|month| Span {
            label: &month.label,
            days_inside: month.days_inside,
            days_whole: month.days_whole,
        });
        Self::new(timetable, record, 0..months.len(), spans)
    }

    fn quarters(timetable: &'a Timetable, record: &'a Record) -> Self {
        let of_month = timetable.calendar.months.iter().map(|month| month.quarter);
        let spans = timetable.calendar.quarters.iter().map(|quarter| Span {
            label: &quarter.label,
            days_inside: quarter.days_inside,
            days_whole: quarter.days_whole,
        });
        Self::new(timetable, record, of_month, spans)
    }

    fn financial_years(timetable: &'a Timetable, record: &'a Record) -> Self {
        let calendar = &timetable.calendar;
        let of_month = calendar.months.iter().map(|month| month.financial_year);
        let spans = calendar.financial_years.iter().map(|year| Span {
            label: &year.label,
            days_inside: year.days_inside,
            days_whole: year.days_whole,
        });
        Self::new(timetable, record, of_month, spans)
    }

    fn new(
        timetable: &'a Timetable,
        record: &'a Record,
        of_month: impl Iterator<Item = usize>,
        spans: impl Iterator<Item = Span<'a>>,
    ) -> Self {
        let of_month: Vec<usize> = of_month.collect();
        let part = |part: &Segment| {
            let share = timetable.share_of_week(part);
            (part.week, of_month[part.month], share)
        };
        Self {
            timetable,
            record,
            parts: timetable.calendar.segments.iter().map(part).collect(),
            of_month,
            spans: spans.collect(),
        }
    }

    /// Weekly values by period.
    fn sum(&self, sum: Sum, weekly: &[f64]) -> Vec<f64> {
        match sum {
            Sum::Stock => self.stocks(weekly),
            Sum::Flow | Sum::Waited => self.flows(weekly),
        }
    }

    /// Weekly flows by period: shared by working days, by calendar days where a week has none.
    fn flows(&self, weekly: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.spans.len()];
        for &(week, period, share) in &self.parts {
            sums[period] += weekly[week] * share;
        }
        sums
    }

    /// Weekly flows of people who are stocks too, by the period in which their week ends, so that stocks and
    /// flows agree.
    fn moves(&self, weekly: &[f64]) -> Vec<f64> {
        let calendar = &self.timetable.calendar;
        let mut sums = vec![0.0; self.spans.len()];
        for (range, value) in self.timetable.segments_of_week.iter().zip(weekly) {
            sums[self.of_month[calendar.segments[range.end - 1].month]] += value;
        }
        sums
    }

    /// Referrals by period.
    fn referrals(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.spans.len()];
        let segments = &self.timetable.calendar.segments;
        for (segment, referrals) in segments.iter().zip(&self.record.referrals) {
            sums[self.of_month[segment.month]] += referrals;
        }
        sums
    }

    /// Weekly stocks at the end of each period; a period in which no week ends keeps the stock before it.
    fn stocks(&self, weekly: &[f64]) -> Vec<f64> {
        let ends = self.ends(weekly.len()).into_iter();
        ends.map(|week| weekly.get(week).copied().unwrap_or(0.0))
            .collect()
    }

    /// The week that ends each period; the one before it where no week ends inside.
    fn ends(&self, weeks: usize) -> Vec<usize> {
        let mut last = 0;
        let mut ends = vec![last; self.spans.len()];
        let mut next = 0;
        for week in 0..weeks {
            if let Some(month) = self.record.closes(week) {
                let period = self.of_month[month];
                ends[next..period].fill(last);
                ends[period] = week;
                last = week;
                next = period;
            }
        }
        ends[next..].fill(last);
        ends
    }
}
