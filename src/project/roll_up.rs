//! What do several services come to together, by month, quarter and year?
//!
//! Their weeks are added up before anything else is worked out, so that a wait or a share of a region is one
//! of its people: `mean wait = weeks waited of all who started / all who started`, never a mean of means.

use super::Projection;
use crate::error::Result;
use crate::record::measure::TreatmentCounts;
use crate::record::{Record, tables};
use crate::table::{Table, known_name};
use crate::timetable::Timetable;

/// Tables that can be had of several services together.
pub const TOGETHER: [&str; 4] = ["monthly", "quarterly", "yearly", "waiting"];

/// Runs over the same weeks, added up.
#[derive(Debug, Clone)]
pub struct RollUp {
    timetable: Timetable,
    record: Record,
}

impl RollUp {
    /// Adds up runs over the same weeks, in their order; nothing if there is none.
    #[must_use]
    pub fn of(runs: &[&Projection]) -> Option<Self> {
        let (first, others) = runs.split_first()?;
        let mut sum = Self {
            timetable: Timetable::clone(&first.timetable),
            record: first.record.clone(),
        };
        for run in others {
            sum.add(run);
        }
        Some(sum)
    }

    /// A table of all services together.
    ///
    /// # Errors
    /// [`crate::error::Error::Unknown`] with the names there are.
    pub fn table(&self, name: &str) -> Result<Table> {
        let (timetable, record) = (&self.timetable, &self.record);
        Ok(match known_name(name, &TOGETHER)? {
            "monthly" => tables::monthly(timetable, record),
            "quarterly" => tables::quarterly(timetable, record),
            "yearly" => tables::yearly(timetable, record),
            _ => tables::waiting(timetable, record),
        })
    }

    fn add(&mut self, run: &Projection) {
        let (record, theirs) = (&mut self.record, &run.record);
        for (sums, counts) in record.counts.iter_mut().zip(&theirs.counts) {
            add_all(sums, counts);
        }
        add_all(&mut record.referrals, &theirs.referrals);
        for (sums, waits) in record.waits.iter_mut().zip(&theirs.waits) {
            for (sums, ages) in sums.iter_mut().zip(waits) {
                add_all(sums, ages);
            }
        }
        for (place, weeks) in run.timetable.treatments.iter().zip(&theirs.treatments) {
            let known = (self.timetable.treatments.iter())
                .position(|other| (other.step, &other.name) == (place.step, &place.name));
            if let Some(known) = known {
                for (sum, week) in self.record.treatments[known].iter_mut().zip(weeks) {
                    add_treatment(sum, week);
                }
            } else {
                let key = |step: u8, name: &String| (step, name.clone());
                let here = key(place.step, &place.name);
                let spot = (self.timetable.treatments)
                    .partition_point(|other| key(other.step, &other.name) < here);
                self.timetable.treatments.insert(spot, place.clone());
                self.record.treatments.insert(spot, weeks.clone());
            }
        }
    }
}

fn add_all(sums: &mut [f64], values: &[f64]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += value;
    }
}

/// Adds what adds up; the share of sessions held is one of each service's own.
fn add_treatment(sum: &mut TreatmentCounts<1>, week: &TreatmentCounts<1>) {
    let pairs = [
        (&mut sum.starts, &week.starts),
        (&mut sum.waited, &week.waited),
        (&mut sum.booked, &week.booked),
        (&mut sum.attended, &week.attended),
        (&mut sum.completed, &week.completed),
        (&mut sum.dropped_out, &week.dropped_out),
        (&mut sum.stepped, &week.stepped),
        (&mut sum.waiting, &week.waiting),
        (&mut sum.open, &week.open),
    ];
    for (sum, value) in pairs {
        add_all(sum, value);
    }
}
