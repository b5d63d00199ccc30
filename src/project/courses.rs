//! Who is in treatment, and what comes of the sessions of a week?
//!
//! Open courses are counted by sessions had and by the week of the interval in which the next session is
//! due. A session not attended is due again one interval later. Three counts run side by side: everybody,
//! those first treated within 6 weeks of referral, and those within 18.

use crate::luck::Luck;
use crate::project::whole::{Decision, Rounding, among, nobody, take_each};
use crate::timetable::world::TreatmentWorld;
use crate::unit::{Lanes, add, each};

/// Everybody, within 6 weeks, within 18 weeks.
pub type Threefold<const L: usize> = [Lanes<L>; 3];

/// People of one group in each lane: first treated within 6 weeks, within 18 but not 6, later.
#[inline]
#[must_use]
pub fn of_group<const L: usize>(counts: &Threefold<L>, group: usize) -> Lanes<L> {
    let [all, six, eighteen] = counts;
    match group {
        0 => *six,
        1 => each(|l| eighteen[l] - six[l]),
        _ => each(|l| all[l] - eighteen[l]),
    }
}

/// Adds people of one group to the three counts.
#[inline]
pub fn add_group<const L: usize>(counts: &mut Threefold<L>, group: usize, people: &Lanes<L>) {
    let [all, six, eighteen] = counts;
    add(all, people);
    if group == 0 {
        add(six, people);
    }
    if group < 2 {
        add(eighteen, people);
    }
}

/// Open courses of one treatment.
#[derive(Debug, Clone)]
pub struct Courses<const L: usize> {
    /// By sessions had and week of the interval.
    stock: Vec<Threefold<L>>,
    /// Those of all who have had a session, by week of the interval.
    later: Vec<Lanes<L>>,
    /// By sessions had, whether the next one may be the last.
    completes: Vec<bool>,
    /// Sessions of a week that are not held, by sessions had.
    slipped: Vec<Threefold<L>>,
    interval: usize,
    sessions: usize,
    /// How many of the three counts are kept: all, or everybody alone where nobody looks at the others.
    kinds: usize,
}

/// What came of the sessions of a week.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome<const L: usize> {
    /// First sessions booked, those of this week's starts included.
    pub first_booked: Lanes<L>,
    /// Later sessions booked.
    pub later_booked: Lanes<L>,
    /// Sessions attended.
    pub attended: Lanes<L>,
    /// Completed.
    pub completed: Threefold<L>,
    /// Dropped out.
    pub dropped_out: Threefold<L>,
    /// Completed or dropped out after the first session, so with one course contact.
    pub ended_after_one: Threefold<L>,
    /// Completed after the first session.
    pub completed_after_one: Threefold<L>,
}

impl<const L: usize> Outcome<L> {
    const NONE: Self = Self {
        first_booked: [0.0; L],
        later_booked: [0.0; L],
        attended: [0.0; L],
        completed: [[0.0; L]; 3],
        dropped_out: [[0.0; L]; 3],
        ended_after_one: [[0.0; L]; 3],
        completed_after_one: [[0.0; L]; 3],
    };
}

impl<const L: usize> Courses<L> {
    /// No open courses.
    #[must_use]
    pub fn new(world: &TreatmentWorld<L>) -> Self {
        let (interval, sessions) = (world.interval, world.complete.len());
        Self {
            stock: vec![[[0.0; L]; 3]; interval * sessions],
            later: vec![[0.0; L]; interval],
            completes: (world.complete.iter())
                .map(|shares| shares.iter().any(|&share| share > 0.0))
                .collect(),
            slipped: Vec::new(),
            interval,
            sessions,
            kinds: 3,
        }
    }

    /// Counts everybody alone from now on, not those first treated within 6 and 18 weeks.
    pub fn forget_clocks(&mut self) {
        self.kinds = 1;
    }

    /// How many of the three counts are kept.
    #[must_use]
    pub fn kinds(&self) -> usize {
        self.kinds
    }

    /// Adds people who have had `had` sessions, spread evenly over the interval.
    pub fn open(&mut self, had: usize, people: &Threefold<L>) {
        if had >= self.sessions {
            return;
        }
        let weeks = self.interval as f64;
        for slot in 0..self.interval {
            for (stock, people) in self.stock[had * self.interval + slot]
                .iter_mut()
                .zip(people)
            {
                for lane in 0..L {
                    stock[lane] += people[lane] / weeks;
                }
            }
            self.add_up(slot);
        }
    }

    /// Adds up those who have had a session and are due in a week of the interval.
    fn add_up(&mut self, slot: usize) {
        let mut later = [0.0; L];
        for had in 1..self.sessions {
            add(&mut later, &self.stock[had * self.interval + slot][0]);
        }
        self.later[slot] = later;
    }

    /// Everybody in a course.
    #[must_use]
    pub fn total(&self) -> Lanes<L> {
        let mut total = [0.0; L];
        for (first, later) in self.stock.iter().zip(&self.later) {
            total = each(|l| total[l] + (first[0][l] + later[l]));
        }
        total
    }

    /// First and later sessions due in `week`.
    #[must_use]
    pub fn due(&self, week: usize) -> (Lanes<L>, Lanes<L>) {
        let slot = week % self.interval;
        (self.stock[slot][0], self.later[slot])
    }

    /// Holds the share `held` of the sessions due in `week` and the first sessions of `starts`.
    pub fn hold(
        &mut self,
        week: usize,
        world: &TreatmentWorld<L>,
        held: &Lanes<L>,
        starts: &Threefold<L>,
    ) -> Outcome<L> {
        let slot = week % self.interval;
        let (first, later) = self.due(week);
        let slips = held.iter().any(|&share| share < 1.0);
        if slips {
            self.slip(slot, held);
        }
        let (shows, drops) = (world.attended, world.drop_out);
        let onwards: Lanes<L> = each(|l| 1.0 - drops[l]);
        let mut outcome = Outcome::NONE;
        for (kind, starts) in starts.iter().enumerate().take(self.kinds) {
            let (mut completed, mut others) = ([0.0; L], [0.0; L]);
            let (mut arriving, mut due_later) = ([0.0; L], [0.0; L]);
            add(&mut self.stock[slot][kind], starts);
            let came = &self.stock[slot][kind];
            let (came, last): (Lanes<L>, _) = (each(|l| came[l] * shows[l]), &world.complete[0]);
            let once: Lanes<L> = each(|l| came[l] * last[l]);
            outcome.completed_after_one[kind] = once;
            outcome.ended_after_one[kind] = each(|l| once[l] + (came[l] - once[l]) * drops[l]);
            let cells = self.stock.iter_mut().skip(slot).step_by(self.interval);
            let ends = world.complete.iter().zip(&self.completes);
            for (had, (cell, (last, &completes))) in cells.zip(ends).enumerate() {
                let booked = cell[kind];
                let mut going_on: Lanes<L> = each(|l| booked[l] * shows[l]);
                let due = each(|l| booked[l] - going_on[l] + arriving[l]);
                cell[kind] = due;
                if completes {
                    let ended = each(|l| going_on[l] * last[l]);
                    add(&mut completed, &ended);
                    going_on = each(|l| going_on[l] - ended[l]);
                }
                add(&mut others, &going_on);
                arriving = each(|l| going_on[l] * onwards[l]);
                if had > 0 && kind == 0 {
                    add(&mut due_later, &due);
                }
            }
            outcome.completed[kind] = completed;
            outcome.dropped_out[kind] = each(|l| others[l] * drops[l]);
            if kind == 0 {
                self.later[slot] = due_later;
                outcome.attended = each(|l| completed[l] + others[l]);
                outcome.first_booked = each(|l| first[l] * held[l] + starts[l]);
                outcome.later_booked = each(|l| later[l] * held[l]);
            }
        }
        if slips {
            self.book_slipped((week + 1) % self.interval);
        }
        outcome
    }

    /// Puts aside the sessions that are not held.
    fn slip(&mut self, slot: usize, held: &Lanes<L>) {
        self.slipped.clear();
        for had in 0..self.sessions {
            let due = &mut self.stock[had * self.interval + slot];
            let mut slipped = [[0.0; L]; 3];
            for kind in 0..self.kinds {
                for lane in 0..L {
                    slipped[kind][lane] = due[kind][lane] * (1.0 - held[lane]);
                    due[kind][lane] *= held[lane];
                }
            }
            self.slipped.push(slipped);
        }
    }

    /// The sessions put aside are due in another week of the interval.
    fn book_slipped(&mut self, slot: usize) {
        for (had, slipped) in self.slipped.iter().enumerate() {
            let due = &mut self.stock[had * self.interval + slot];
            for kind in 0..self.kinds {
                for lane in 0..L {
                    due[kind][lane] += slipped[kind][lane];
                }
            }
        }
        self.add_up(slot);
    }

    /// Makes everybody whole people, so that all three counts keep their totals.
    pub fn round(&mut self) {
        for lane in 0..L {
            let mut people = Rounding::default();
            let (mut six, mut eighteen) = (people, people);
            for [all, early, soon] in &mut self.stock {
                all[lane] = people.next(all[lane], (0.0, f64::INFINITY));
                soon[lane] = eighteen.next(soon[lane], (0.0, all[lane]));
                early[lane] = six.next(early[lane], (0.0, soon[lane]));
            }
        }
        for slot in 0..self.interval {
            self.add_up(slot);
        }
    }

    /// As [`Courses::hold`], of whole people: of the sessions due the nearest whole number to the share `held` is
    /// held, drawn at random.
    pub fn hold_people<K: Luck<L>>(
        &mut self,
        week: usize,
        world: &TreatmentWorld<L>,
        held: &Lanes<L>,
        starts: &Threefold<L>,
        (luck, who): (&mut K, u64),
    ) -> Outcome<L> {
        let slot = week % self.interval;
        let slipped_to = (week + 1) % self.interval;
        let mut outcome = Outcome::NONE;
        let (mut due, mut slipping) = ([0.0; L], [0.0; L]);
        let place = Decision::Held.of(who, week, 0);
        for lane in (0..L).filter(|&lane| held[lane] < 1.0) {
            due[lane] = self.stock[slot][0][lane] + self.later[slot][lane];
            let whole = luck.whole(lane, due[lane] * held[lane], place);
            slipping[lane] = due[lane] - whole.min(due[lane]);
        }
        let slips = !nobody(&slipping);
        let (mut all_completed, mut all_dropped) = ([[0.0; L]; 3], [[0.0; L]; 3]);
        for had in (0..self.sessions).rev() {
            let here = had * self.interval + slot;
            let people = std::mem::replace(&mut self.stock[here], [[0.0; L]; 3]);
            for group in 0..3 {
                let mut booked = of_group(&people, group);
                if nobody(&booked) && had > 0 {
                    continue;
                }
                let of = |decision: Decision| decision.of(who, week, had * 3 + group);
                if slips {
                    let mut slipped = [0.0; L];
                    for lane in 0..L {
                        let (marked, place) = ((booked[lane], due[lane]), of(Decision::Slips));
                        slipped[lane] = among(luck, lane, marked, slipping[lane], place);
                        due[lane] -= booked[lane];
                        slipping[lane] -= slipped[lane];
                        booked[lane] -= slipped[lane];
                    }
                    let next = &mut self.stock[had * self.interval + slipped_to];
                    add_group(next, group, &slipped);
                }
                if had == 0 {
                    add(&mut booked, &of_group(starts, group));
                }
                if nobody(&booked) {
                    continue;
                }
                let attended = take_each(luck, &booked, &world.attended, of(Decision::Attends));
                let (mut completed, mut others) = ([0.0; L], attended);
                if self.completes[had] {
                    let (share, place) = (&world.complete[had], of(Decision::Completes));
                    completed = take_each(luck, &attended, share, place);
                    add(&mut all_completed[group], &completed);
                    others = each(|l| attended[l] - completed[l]);
                }
                let dropped = take_each(luck, &others, &world.drop_out, of(Decision::DropsOut));
                add(&mut outcome.attended, &attended);
                add(&mut all_dropped[group], &dropped);
                let again = each(|l| booked[l] - attended[l]);
                add_group(&mut self.stock[here], group, &again);
                if had == 0 {
                    add(&mut outcome.first_booked, &booked);
                    let ended = each(|l| completed[l] + dropped[l]);
                    add_group(&mut outcome.ended_after_one, group, &ended);
                    add_group(&mut outcome.completed_after_one, group, &completed);
                } else {
                    add(&mut outcome.later_booked, &booked);
                }
                if had + 1 < self.sessions {
                    let onwards = each(|l| others[l] - dropped[l]);
                    add_group(&mut self.stock[here + self.interval], group, &onwards);
                }
            }
        }
        for group in 0..3 {
            add_group(&mut outcome.completed, group, &all_completed[group]);
            add_group(&mut outcome.dropped_out, group, &all_dropped[group]);
        }
        self.add_up(slot);
        if slips {
            self.add_up(slipped_to);
        }
        outcome
    }
}
