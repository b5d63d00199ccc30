//! What is the mean of many runs of one scenario? Every number of a record, added up in a fixed order.
//!
//! A record is a long row of numbers that is equally long in every run of a scenario: the sums of runs stand in
//! one such row, in blocks that are added in their order, so that any number of threads gives the same bits.

use crate::record::measure::{PoolCounts, TreatmentCounts};
use crate::record::trainees::CohortWeek;
use crate::record::{LONGEST_SHOWN, Record, StaffWeek};
use crate::timetable::ledger::Ledger;

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
            record.each_number(&mut |number| self.numbers.push(*number));
            return;
        }
        let mut sums = self.numbers.iter_mut();
        record.each_number(&mut |number| {
            if let Some(sum) = sums.next() {
                *sum += *number;
            }
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
        let mut sums = self.numbers.iter();
        record.each_number(&mut |number| {
            if let Some(sum) = sums.next() {
                *number = sum / runs;
            }
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
        let paid = &mut self.paid;
        for lists in [
            &mut paid.wte,
            &mut paid.unpaid,
            &mut paid.agency,
            &mut paid.agency_priced,
            &mut paid.overtime,
            &mut paid.overtime_priced,
            &mut paid.posts,
            &mut paid.new,
            &mut paid.hires,
            &mut paid.started,
            &mut paid.supported,
            &mut paid.bought,
        ] {
            lists.iter_mut().for_each(Vec::clear);
        }
        self.qualified.fill(0.0);
    }

    /// Every number that was written down week by week, in an order of its own.
    fn each_number(&mut self, each: &mut impl FnMut(&mut f64)) {
        self.counts.iter_mut().flatten().for_each(&mut *each);
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
            each(&mut moved.asked);
            each(&mut moved.moved);
        }
        for week in self.training.iter_mut().flatten() {
            cohort(week, each);
        }
        for ages in self.waits.iter_mut().flatten() {
            ages.iter_mut().for_each(&mut *each);
        }
        self.referrals.iter_mut().for_each(&mut *each);
        let paid = &mut self.paid;
        for lists in [
            &mut paid.wte,
            &mut paid.unpaid,
            &mut paid.agency,
            &mut paid.agency_priced,
            &mut paid.overtime,
            &mut paid.overtime_priced,
            &mut paid.posts,
            &mut paid.new,
            &mut paid.hires,
            &mut paid.started,
            &mut paid.supported,
            &mut paid.bought,
        ] {
            lists.iter_mut().flatten().for_each(&mut *each);
        }
    }
}

fn treatment(week: &mut TreatmentCounts<1>, each: &mut impl FnMut(&mut f64)) {
    for number in [
        &mut week.starts,
        &mut week.waited,
        &mut week.share_held,
        &mut week.booked,
        &mut week.attended,
        &mut week.completed,
        &mut week.dropped_out,
        &mut week.stepped,
        &mut week.finishers,
        &mut week.recovered,
        &mut week.minutes,
        &mut week.waiting,
        &mut week.open,
    ] {
        each(&mut number[0]);
    }
}

fn pool(week: &mut PoolCounts<1>, each: &mut impl FnMut(&mut f64)) {
    for number in [
        &mut week.bookable,
        &mut week.supervision,
        &mut week.screening,
        &mut week.assessment,
        &mut week.first,
        &mut week.later,
        &mut week.idle,
        &mut week.lost,
    ] {
        each(&mut number[0]);
    }
}

fn ledger(week: &mut Ledger<1>, each: &mut impl FnMut(&mut f64)) {
    for list in [
        &mut week.heads,
        &mut week.planned,
        &mut week.beyond,
        &mut week.most_cases,
    ] {
        list.iter_mut().flatten().for_each(&mut *each);
    }
    for kind in &mut week.kinds {
        for number in [
            &mut kind.supervisees,
            &mut kind.received,
            &mut kind.owed,
            &mut kind.university,
            &mut kind.offered,
            &mut kind.left,
            &mut kind.given.planned,
            &mut kind.given.beyond,
            &mut kind.given.unmet,
        ] {
            each(&mut number[0]);
        }
    }
}

fn staff(week: &mut StaffWeek, each: &mut impl FnMut(&mut f64)) {
    for number in [
        &mut week.posts,
        &mut week.opening,
        &mut week.in_post,
        &mut week.trainees,
        &mut week.joined,
        &mut week.promoted,
        &mut week.left,
        &mut week.moved_to_training,
        &mut week.qualified,
        &mut week.ramped,
        &mut week.worked,
        &mut week.available,
        &mut week.absent,
        &mut week.agency,
        &mut week.overtime,
        &mut week.away,
        &mut week.started,
    ] {
        each(number);
    }
    week.left_by.iter_mut().for_each(each);
}

fn cohort(week: &mut CohortWeek, each: &mut impl FnMut(&mut f64)) {
    for number in [
        &mut week.during,
        &mut week.in_training,
        &mut week.started,
        &mut week.left,
        &mut week.failed,
        &mut week.qualified,
        &mut week.left_in_clause,
        &mut week.ramped,
        &mut week.hours,
    ] {
        each(number);
    }
}
