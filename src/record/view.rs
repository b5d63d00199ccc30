//! What is there to see at the end of a week, whoever ran it?

use std::fmt::Debug;

use crate::record::measure::{Counts, PoolCounts, TreatmentCounts};
use crate::timetable::ledger::Ledger;
use crate::unit::Lanes;
use crate::workforce::{CohortPlan, Moves, People, Present};

/// Whoever looks on at the end of each week.
pub trait Observer<const L: usize> {
    /// The week is over.
    fn week(&mut self, view: &WeekView<L>);

    /// Whether it will look at the supervision of that week. If not, hours offered and left are not worked out.
    fn looks_at_supervision(&self, _week: usize) -> bool {
        true
    }

    /// Whether it will look at who was first treated within 6 and 18 weeks of referral. If not, they are not told
    /// apart.
    fn looks_at_clocks(&self) -> bool {
        true
    }
}

/// What people wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitsFor {
    /// An assessment.
    Assessment,
    /// A treatment, by index.
    Treatment(usize),
}

/// The lists.
pub trait Lists<const L: usize>: Debug {
    /// Calls `each` with what people wait for, their whole weeks on the clock at the start of `week`, and how
    /// many they are.
    fn by_age(&self, week: usize, each: &mut dyn FnMut(WaitsFor, usize, &Lanes<L>));
}

/// What there is to see at the end of a week.
#[derive(Debug)]
pub struct WeekView<'a, const L: usize> {
    /// Index of the week.
    pub week: usize,
    /// Counts of the service.
    pub counts: &'a Counts<L>,
    /// Counts by treatment.
    pub treatments: &'a [TreatmentCounts<L>],
    /// Minutes by role that heads a pool.
    pub pools: &'a [PoolCounts<L>],
    /// Supervision of a full week.
    pub supervision: &'a Ledger<L>,
    /// Staff in post by role at the start of the week, recruits of the week included.
    pub opening: &'a [Lanes<L>],
    /// Trainees by cohort at the start of the week, intakes of the week included.
    pub opening_trainees: &'a [Lanes<L>],
    /// Staff in post and trainees at the end of the week.
    pub people: &'a People<L>,
    /// Who came and went.
    pub moves: &'a Moves<L>,
    /// Staff at work.
    pub present: &'a Present<L>,
    /// What is fixed about each cohort.
    pub cohorts: &'a [CohortPlan<L>],
    /// People treated elsewhere, by purchase.
    pub bought: &'a [Lanes<L>],
    /// The lists at the start of next week.
    pub lists: &'a dyn Lists<L>,
}

/// What all lanes come to; the number itself if there is one. Halves are added, which the compiler turns into vectors.
#[must_use]
#[inline]
pub fn sum<const L: usize>(lanes: &Lanes<L>) -> f64 {
    let mut lanes = *lanes;
    let mut number = L;
    while number > 1 {
        let half = number.div_ceil(2);
        for lane in 0..number / 2 {
            lanes[lane] += lanes[half + lane];
        }
        number = half;
    }
    lanes[0]
}
