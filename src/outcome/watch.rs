//! What has to be noted of each week, so that the outcomes are known at the end? A few sums.

use super::NUMBER;
use crate::error::Result;
use crate::measures::{mean_wait, share};
use crate::record::costing::prices::{Bill, Prices};
use crate::record::view::{Observer, WeekView};
use crate::timetable::Timetable;
use crate::unit::{Draw, Lanes};

/// Weeks before the end over which waits are means.
pub const LAST_WEEKS: usize = 13;

/// Weeks waited, people taken on and people who wait, of Step 2 or Step 3.
#[derive(Debug, Clone, Copy)]
struct Wait<const L: usize> {
    waited: Lanes<L>,
    started: Lanes<L>,
}

impl<const L: usize> Wait<L> {
    const NONE: Self = Self {
        waited: [0.0; L],
        started: [0.0; L],
    };

    fn add(&mut self, waited: &Lanes<L>, started: &Lanes<L>, share: f64) {
        for lane in 0..L {
            self.waited[lane] += waited[lane] * share;
            self.started[lane] += started[lane] * share;
        }
    }

    fn mean(&self, waiting: &Lanes<L>) -> Lanes<L> {
        std::array::from_fn(|lane| mean_wait(self.waited[lane], self.started[lane], waiting[lane]))
    }
}

/// A part of a week that lies in one month.
#[derive(Debug, Clone, Copy)]
struct Part {
    week: usize,
    month: usize,
    share: f64,
}

/// What is noted of `L` worlds side by side.
#[derive(Debug, Clone)]
pub struct Watch<'a, const L: usize> {
    bill: Bill<'a, L>,
    /// The parts of all weeks in their order, and the next one.
    parts: Vec<Part>,
    next: usize,
    /// Whether every day of each month is run.
    whole: Vec<bool>,
    /// The month that is being added up.
    month: usize,
    /// First week of the last ones.
    last_from: usize,
    starts: Lanes<L>,
    finishers: Lanes<L>,
    within: [Lanes<L>; 2],
    recovered: Lanes<L>,
    /// People who wait for an assessment, Step 2 and Step 3 at the end of the week.
    lists: [Lanes<L>; 3],
    of_month: [Wait<L>; 2],
    of_last: [Wait<L>; 2],
    peaks: [Lanes<L>; 2],
}

impl<'a, const L: usize> Watch<'a, L> {
    /// Nothing is noted yet of the worlds of `draws`.
    #[must_use]
    pub fn new(timetable: &Timetable, prices: &'a Prices<'a>, draws: &[Draw; L]) -> Self {
        let calendar = &timetable.calendar;
        let part = |segment: &crate::calendar::Segment| Part {
            week: segment.week,
            month: segment.month,
            share: timetable.share_of_week(segment),
        };
        let months = &calendar.months;
        Self {
            bill: Bill::new(prices, draws),
            parts: calendar.segments.iter().map(part).collect(),
            next: 0,
            whole: (months.iter())
                .map(|month| month.days_inside == month.days_whole)
                .collect(),
            month: 0,
            last_from: timetable.weeks().saturating_sub(LAST_WEEKS),
            starts: [0.0; L],
            finishers: [0.0; L],
            within: [[0.0; L]; 2],
            recovered: [0.0; L],
            lists: [[0.0; L]; 3],
            of_month: [Wait::NONE; 2],
            of_last: [Wait::NONE; 2],
            peaks: [[f64::NAN; L]; 2],
        }
    }

    /// Ends the month that is being added up; people who wait are those at the end of the last week so far.
    fn end_month(&mut self) {
        for step in 0..2 {
            let month = std::mem::replace(&mut self.of_month[step], Wait::NONE);
            if self.whole[self.month] {
                let mean = month.mean(&self.lists[step + 1]);
                for lane in 0..L {
                    self.peaks[step][lane] = self.peaks[step][lane].max(mean[lane]);
                }
            }
        }
    }

    /// The outcomes of each world, in their order; the run is over.
    ///
    /// # Errors
    /// [`crate::error::Error::Scenario`] if there is no pay table for so early a year.
    pub fn outcomes(mut self) -> Result<[Lanes<L>; NUMBER]> {
        self.end_month();
        let cost = self.bill.pounds()?;
        let [assessment, step2, step3] = self.lists;
        let within = |weeks: usize| {
            std::array::from_fn(|lane| share(self.within[weeks][lane], self.finishers[lane]))
        };
        Ok([
            self.starts,
            self.finishers,
            self.recovered,
            within(0),
            within(1),
            self.of_last[0].mean(&step2),
            self.of_last[1].mean(&step3),
            self.peaks[0],
            self.peaks[1],
            assessment,
            step2,
            step3,
            std::array::from_fn(|lane| assessment[lane] + step2[lane] + step3[lane]),
            cost,
            std::array::from_fn(|lane| share(cost[lane], self.recovered[lane])),
        ])
    }
}

impl<const L: usize> Observer<L> for Watch<'_, L> {
    fn looks_at_supervision(&self, _: usize) -> bool {
        false
    }

    fn week(&mut self, view: &WeekView<L>) {
        self.bill.week(view);
        let counts = view.counts;
        let steps = [
            (&counts.waited_step2, &counts.course_starts_step2),
            (&counts.waited_step3, &counts.course_starts_step3),
        ];
        while let Some(part) = self.parts.get(self.next).filter(|p| p.week == view.week) {
            let Part { month, share, .. } = *part;
            if month != self.month {
                self.end_month();
                self.month = month;
            }
            for (sums, (waited, started)) in self.of_month.iter_mut().zip(steps) {
                sums.add(waited, started, share);
            }
            self.next += 1;
        }
        if view.week >= self.last_from {
            for (sums, (waited, started)) in self.of_last.iter_mut().zip(steps) {
                sums.add(waited, started, 1.0);
            }
        }
        let [within_6, within_18] = &mut self.within;
        for (sum, count) in [
            (&mut self.starts, &counts.course_starts),
            (&mut self.finishers, &counts.finishers),
            (within_6, &counts.finishers_within_6_weeks),
            (within_18, &counts.finishers_within_18_weeks),
            (&mut self.recovered, &counts.recovered),
        ] {
            for lane in 0..L {
                sum[lane] += count[lane];
            }
        }
        self.lists = [
            counts.waiting_assessment,
            counts.waiting_step2,
            counts.waiting_step3,
        ];
    }
}
