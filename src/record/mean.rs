//! What is the mean of many runs of one scenario? Every number of a record, added up in a fixed order.
//!
//! A record is a long row of numbers that is equally long in every run of a scenario: the sums of runs stand in
//! one such row, in blocks that are added in their order, so that any number of threads gives the same bits.

use crate::record::costing::PaidWeek;
use crate::record::measure::{PoolCounts, TreatmentCounts};
use crate::record::trainees::CohortWeek;
use crate::record::{LONGEST_SHOWN, Record, StaffWeek};
use crate::timetable::ledger::Ledger;

/// Some numbers that stand apart, as a row: it is handed out, and what it becomes is written back.
macro_rules! each_of {
    ($each:ident, $($number:expr),+ $(,)?) => {
        let mut row = [$($number),+];
        $each(&mut row);
        [$($number),+] = row;
    };
}

/// Sums of records.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RecordSum {
    numbers: Vec<f64>,
    runs: u64,
}

impl RecordSum {
    /// Adds a run that is over and not finished.
    pub fn add(&mut self, record: &mut Record) {
        self.add_together(record, 1);
    }

    /// Adds a record in which `runs` runs are added up, over and not finished.
    pub fn add_together(&mut self, record: &mut Record, runs: u64) {
        self.runs += runs;
        if self.numbers.is_empty() {
            record.each_row(&mut |row| self.numbers.extend_from_slice(row));
            return;
        }
        let mut sums = self.numbers.as_mut_slice();
        record.each_row(&mut |row| {
            let all = std::mem::take(&mut sums);
            let Some((here, others)) = all.split_at_mut_checked(row.len()) else {
                return;
            };
            for (sum, number) in here.iter_mut().zip(row) {
                *sum += *number;
            }
            sums = others;
        });
    }

    /// Forgets all runs, and keeps the memory.
    pub fn clear(&mut self) {
        self.numbers.clear();
        self.runs = 0;
    }

    /// Adds the sums of other runs.
    pub fn merge(&mut self, others: &Self) {
        self.runs += others.runs;
        if self.numbers.is_empty() {
            self.numbers.clone_from(&others.numbers);
            return;
        }
        for (sum, more) in self.numbers.iter_mut().zip(&others.numbers) {
            *sum += more;
        }
    }

    /// Writes the means into a record of one of the runs.
    pub fn mean(&self, record: &mut Record) {
        let runs = self.runs.max(1) as f64;
        let mut sums = self.numbers.as_slice();
        record.each_row(&mut |row| {
            let Some((here, others)) = sums.split_at_checked(row.len()) else {
                return;
            };
            for (number, sum) in row.iter_mut().zip(here) {
                *number = sum / runs;
            }
            sums = others;
        });
    }
}

impl Record {
    /// Forgets what was written down and keeps the memory.
    pub fn clear(&mut self) {
        self.counts.iter_mut().for_each(Vec::clear);
        self.treatments.iter_mut().for_each(Vec::clear);
        self.pools.iter_mut().for_each(Vec::clear);
        self.supervision.clear();
        self.staff.iter_mut().for_each(Vec::clear);
        self.asked_to_move.clear();
        self.training.iter_mut().for_each(Vec::clear);
        self.waits.fill([[0.0; LONGEST_SHOWN + 1]; 3]);
        self.referrals.clear();
        self.paid.roles.iter_mut().for_each(Vec::clear);
        self.paid.bought.iter_mut().for_each(Vec::clear);
        self.qualified.fill(0.0);
    }

    /// Every number that was written down week by week, in rows and in an order of its own.
    fn each_row(&mut self, each: &mut impl FnMut(&mut [f64])) {
        for weeks in &mut self.counts {
            each(weeks);
        }
        for week in self.treatments.iter_mut().flatten() {
            treatment(week, each);
        }
        for week in self.pools.iter_mut().flatten() {
            pool(week, each);
        }
        for week in &mut self.supervision {
            ledger(week, each);
        }
        for week in self.staff.iter_mut().flatten() {
            staff(week, each);
        }
        for moved in &mut self.asked_to_move {
            each_of!(each, moved.asked, moved.moved);
        }
        for week in self.training.iter_mut().flatten() {
            cohort(week, each);
        }
        for ages in self.waits.iter_mut().flatten() {
            each(ages);
        }
        each(&mut self.referrals);
        for week in self.paid.roles.iter_mut().flatten() {
            paid(week, each);
        }
        for weeks in &mut self.paid.bought {
            each(weeks);
        }
    }
}

fn treatment(week: &mut TreatmentCounts<1>, each: &mut impl FnMut(&mut [f64])) {
    each_of!(
        each,
        week.starts[0],
        week.waited[0],
        week.share_held[0],
        week.booked[0],
        week.attended[0],
        week.completed[0],
        week.dropped_out[0],
        week.stepped[0],
        week.finishers[0],
        week.recovered[0],
        week.minutes[0],
        week.waiting[0],
        week.open[0],
    );
}

fn pool(week: &mut PoolCounts<1>, each: &mut impl FnMut(&mut [f64])) {
    each_of!(
        each,
        week.bookable[0],
        week.supervision[0],
        week.screening[0],
        week.assessment[0],
        week.first[0],
        week.later[0],
        week.idle[0],
        week.lost[0],
    );
}

fn ledger(week: &mut Ledger<1>, each: &mut impl FnMut(&mut [f64])) {
    for list in [
        &mut week.heads,
        &mut week.planned,
        &mut week.beyond,
        &mut week.most_cases,
    ] {
        each(list.as_flattened_mut());
    }
    for kind in &mut week.kinds {
        each_of!(
            each,
            kind.supervisees[0],
            kind.received[0],
            kind.owed[0],
            kind.university[0],
            kind.offered[0],
            kind.left[0],
            kind.given.planned[0],
            kind.given.beyond[0],
            kind.given.unmet[0],
        );
    }
}

fn staff(week: &mut StaffWeek, each: &mut impl FnMut(&mut [f64])) {
    each_of!(
        each,
        week.posts,
        week.opening,
        week.in_post,
        week.trainees,
        week.joined,
        week.promoted,
        week.left,
        week.moved_to_training,
        week.qualified,
        week.ramped,
        week.worked,
        week.available,
        week.absent,
        week.agency,
        week.overtime,
        week.away,
        week.started,
    );
    each(&mut week.left_by);
}

fn paid(week: &mut PaidWeek, each: &mut impl FnMut(&mut [f64])) {
    each_of!(
        each,
        week.wte,
        week.unpaid,
        week.agency,
        week.agency_priced,
        week.overtime,
        week.overtime_priced,
        week.posts,
        week.new,
        week.hires,
        week.started,
        week.supported,
    );
}

fn cohort(week: &mut CohortWeek, each: &mut impl FnMut(&mut [f64])) {
    each_of!(
        each,
        week.during,
        week.in_training,
        week.started,
        week.left,
        week.failed,
        week.qualified,
        week.left_in_clause,
        week.ramped,
        week.hours,
    );
}
