//! What is a whole person, and which decision is it that luck takes?
//!
//! ```text
//! WTE of a role = people x WTE per head + one part-timer, if anything is left over
//! people of a cell = floor(people up to and with the cell + u) - floor(people before it + u)   opening stocks
//! ```
//!
//! An opening stock that is known by shares alone is a row of people of whom every so many are counted, from a place
//! that luck chooses: each cell has its share on average, and the row its total. Places of decisions are named by the role or the intake and by the week, never by a position in a list, so
//! that an intake that is added shifts nobody else's luck.

use super::{CohortPlan, People, RolePlan};
use crate::luck::{Luck, Place};
use crate::unit::Lanes;

/// Less than this part of a person is nobody.
const NOBODY: f64 = 1e-9;

/// What is decided.
#[derive(Debug, Clone, Copy)]
pub(super) enum Decision {
    /// Where the count of an opening stock begins.
    Opening,
    /// Who of those advertised for joins.
    Join,
    /// How many people an intake has, and how they get through its first modules.
    Intake,
    /// Which trainees move over from a role.
    Internal,
    /// Whether somebody moves early.
    Exception,
    /// From which intakes those are missing who may not move.
    Missing,
    /// Who leaves the service.
    Leave,
    /// Which leavers have moved to training already.
    Spared,
    /// Which leavers are newly qualified.
    Newly,
    /// Who does not come back.
    NotBack,
    /// Whose hours are not worked any more.
    Shorter,
    /// How long those had been in the role.
    Thinned,
    /// Whose absence begins.
    Absent,
    /// Who gives up a course.
    GiveUp,
    /// How many attend a short course.
    Convert,
}

impl Decision {
    /// Its place, for a role or an intake in a week.
    #[inline]
    pub(super) const fn of(self, who: u64, week: usize, cell: usize) -> Place {
        /// Purposes of the workforce; those of patients are elsewhere.
        const FIRST: u64 = 0x1000;
        Place::new(FIRST + self as u64, who, week, cell)
    }
}

/// People in an amount, without the part-timer.
pub(super) fn people(amount: f64, unit: f64) -> f64 {
    (amount / unit + NOBODY).floor().max(0.0)
}

/// What an amount is without the part-timer.
pub(super) fn without_part(amount: f64, unit: f64) -> f64 {
    people(amount, unit) * unit
}

/// Whole people who have `amount` or more between them \[WTE\].
pub(super) fn at_least(amount: f64, unit: f64) -> f64 {
    (amount / unit - NOBODY).ceil().max(0.0) * unit
}

/// Makes the cells of one lane whole people, as many together as `all` has at most, counted from `begin` on; the
/// part-timer is in the last cell that has anybody.
pub(super) fn round_cells<'a>(
    cells: impl Iterator<Item = &'a mut f64>,
    unit: f64,
    all: f64,
    begin: f64,
) {
    let most = people(all, unit);
    let (mut before, mut sum) = (0.0_f64, 0.0);
    let mut last = None;
    for cell in cells {
        sum += *cell;
        let now = (sum / unit + begin + NOBODY).floor().min(most);
        let anybody = *cell > 0.0;
        *cell = (now - before).max(0.0) * unit;
        before = now.max(before);
        if anybody {
            last = Some(cell);
        }
    }
    // What is left over: the part-timer, and the person whom the last digit lost.
    let left = sum.min(all) - before * unit;
    if let Some(cell) = last.filter(|_| sum + NOBODY * unit >= all && left > NOBODY * unit) {
        *cell += left;
    }
}

/// Takes `wte` away from the cells of one lane, whole people drawn at random, and what is less than a person from
/// part-timers.
pub(super) fn draw_from<const L: usize, K: Luck<L>>(
    cells: &mut [f64],
    (lane, unit): (usize, f64),
    wte: f64,
    luck: &mut K,
    place: impl Fn(usize) -> Place,
) {
    let mut all: f64 = cells.iter().map(|&cell| people(cell, unit)).sum();
    let mut due = people(wte, unit).min(all);
    let mut left = wte - due * unit;
    for (index, cell) in cells.iter_mut().enumerate() {
        let marked = people(*cell, unit);
        if due > 0.0 && marked > 0.0 {
            let here = luck.among(lane, marked, all, due, place(index));
            *cell -= here * unit;
            due -= here;
            all -= marked;
        }
    }
    for cell in cells {
        let part = *cell - without_part(*cell, unit);
        if left > NOBODY * unit && part > NOBODY * unit {
            let here = left.min(part);
            *cell -= here;
            left -= here;
        }
    }
}

/// The trainees of an intake and those of them who leave a role of the service, by cohort \[heads\].
#[derive(Debug, Clone, Copy)]
pub(super) struct Starters<const L: usize> {
    pub(super) trainees: Lanes<L>,
    pub(super) internal: Lanes<L>,
}

impl<const L: usize> Starters<L> {
    /// The expectations.
    pub(super) const fn expected(cohort: &CohortPlan<L>) -> Self {
        Self {
            trainees: cohort.trainees,
            internal: cohort.internal,
        }
    }
}

/// The cohorts of one intake as whole people: everybody passes, resits or fails on their own, and the groups
/// add up to the intake.
pub(super) fn whole_intake<const L: usize, K: Luck<L>>(
    cohorts: &[&CohortPlan<L>],
    luck: &mut K,
) -> Vec<Starters<L>> {
    let nobody = Starters {
        trainees: [0.0; L],
        internal: [0.0; L],
    };
    let mut starters = vec![nobody; cohorts.len()];
    let Some(who) = cohorts.first().map(|cohort| cohort.who) else {
        return starters;
    };
    for lane in 0..L {
        let sum = |of: fn(&CohortPlan<L>) -> &Lanes<L>| -> f64 {
            cohorts.iter().map(|cohort| of(cohort)[lane]).sum()
        };
        let (mut share, moving) = (
            sum(|cohort| &cohort.trainees),
            sum(|cohort| &cohort.internal),
        );
        let place = |decision: Decision, cell: usize| decision.of(who, 0, cell);
        let mut all = luck.whole(lane, share, place(Decision::Intake, 0));
        let mut marked = luck
            .whole(lane, moving, place(Decision::Internal, 0))
            .min(all);
        for (cohort, starters) in cohorts.iter().zip(&mut starters) {
            let cell = 1 + cohort.outcome as usize;
            let part = if share > 0.0 {
                (cohort.trainees[lane] / share).min(1.0)
            } else {
                0.0
            };
            share -= cohort.trainees[lane];
            let last = share <= NOBODY;
            let here = if last {
                all
            } else {
                luck.take(lane, all, 1.0, part, place(Decision::Intake, cell))
            };
            let internal = if marked > 0.0 && here > 0.0 {
                luck.among(lane, marked, all, here, place(Decision::Internal, cell))
            } else {
                0.0
            };
            starters.trainees[lane] = here;
            starters.internal[lane] = internal;
            all -= here;
            marked -= internal;
        }
    }
    starters
}

impl<const L: usize> People<L> {
    /// Those in training on the first morning, and staff by time in the role and absence, as whole people.
    pub(super) fn open_whole<K: Luck<L>>(&mut self, cohorts: &[CohortPlan<L>], luck: &mut K) {
        for (index, cohort) in cohorts.iter().enumerate() {
            let of_intake = |other: &&CohortPlan<L>| other.intake == cohort.intake;
            if cohort.starts.is_some() || cohorts[..index].iter().any(|other| of_intake(&other)) {
                continue;
            }
            let together: Vec<&CohortPlan<L>> = cohorts.iter().filter(of_intake).collect();
            let starters = whole_intake(&together, luck);
            let places = (0..cohorts.len()).filter(|&other| of_intake(&&cohorts[other]));
            for (place, starters) in places.zip(starters) {
                self.trainees[place] = starters.trainees;
            }
        }
    }

    /// Time in the role and absences of the staff of a role on the first morning, as whole people.
    pub(super) fn open_whole_role<K: Luck<L>>(
        &mut self,
        index: usize,
        role: &RolePlan<L>,
        luck: &mut K,
    ) {
        for lane in 0..L {
            let (unit, in_post) = (role.wte_per_head[lane], self.in_post[index][lane]);
            if let Some(followed) = &mut self.followed[index] {
                let begin = luck.begin(lane, Decision::Opening.of(role.who, 0, 0));
                followed.tenure.round(lane, unit, in_post, begin);
            }
            let rings = self.away[index].iter_mut().flatten();
            let begin = luck.begin(lane, Decision::Opening.of(role.who, 0, 1));
            round_cells(rings.map(|week| &mut week[lane]), unit, in_post, begin);
        }
    }
}
