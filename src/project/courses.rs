//! Who is in treatment, and what comes of the sessions of a week?
//!
//! Open courses are counted by sessions had and by the week of the interval in which the next session is
//! due. A session not attended is due again one interval later. Three counts run side by side: everybody,
//! those first treated within 6 weeks of referral, and those within 18.

use crate::luck::Luck;
use crate::project::whole::{Decision, Rounding, among, take};
use crate::timetable::world::TreatmentWorld;
use crate::unit::{Lanes, each};

/// Everybody, within 6 weeks, within 18 weeks.
pub type Threefold<const L: usize> = [Lanes<L>; 3];

/// First treated within 6 weeks, within 18 but not 6, later: the three counts told apart.
#[must_use]
pub fn groups<const L: usize>(counts: &Threefold<L>, lane: usize) -> [f64; 3] {
    let [all, six, eighteen] = counts.each_ref().map(|count| count[lane]);
    [six, eighteen - six, all - eighteen]
}

/// Adds people of one of the [`groups`] to the three counts.
pub fn add_group<const L: usize>(
    counts: &mut Threefold<L>,
    lane: usize,
    group: usize,
    people: f64,
) {
    let [all, six, eighteen] = counts;
    all[lane] += people;
    if group == 0 {
        six[lane] += people;
    }
    if group < 2 {
        eighteen[lane] += people;
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
        }
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
            let stock = &self.stock[had * self.interval + slot][0];
            for lane in 0..L {
                later[lane] += stock[lane];
            }
        }
        self.later[slot] = later;
    }

    /// Everybody in a course.
    #[must_use]
    pub fn total(&self) -> Lanes<L> {
        let mut total = [0.0; L];
        for (first, later) in self.stock.iter().zip(&self.later) {
            for lane in 0..L {
                total[lane] += first[0][lane] + later[lane];
            }
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
        let onwards: Lanes<L> = each(|lane| 1.0 - world.drop_out[lane]);
        let mut outcome = Outcome::NONE;
        for kind in 0..3 {
            let (mut completed, mut others) = ([0.0; L], [0.0; L]);
            let (mut arriving, mut due_later) = ([0.0; L], [0.0; L]);
            let cell = &mut self.stock[slot][kind];
            for lane in 0..L {
                cell[lane] += starts[kind][lane];
                let attended = cell[lane] * world.attended[lane];
                let completed = attended * world.complete[0][lane];
                let dropped = (attended - completed) * world.drop_out[lane];
                outcome.completed_after_one[kind][lane] = completed;
                outcome.ended_after_one[kind][lane] = completed + dropped;
            }
            for had in 0..self.sessions {
                let cell = &mut self.stock[had * self.interval + slot][kind];
                let mut going_on = [0.0; L];
                for lane in 0..L {
                    let attended = cell[lane] * world.attended[lane];
                    cell[lane] = cell[lane] - attended + arriving[lane];
                    going_on[lane] = attended;
                }
                if self.completes[had] {
                    for lane in 0..L {
                        let ended = going_on[lane] * world.complete[had][lane];
                        completed[lane] += ended;
                        going_on[lane] -= ended;
                    }
                }
                for lane in 0..L {
                    others[lane] += going_on[lane];
                    arriving[lane] = going_on[lane] * onwards[lane];
                }
                if had > 0 && kind == 0 {
                    for lane in 0..L {
                        due_later[lane] += cell[lane];
                    }
                }
            }
            for lane in 0..L {
                outcome.completed[kind][lane] = completed[lane];
                outcome.dropped_out[kind][lane] = others[lane] * world.drop_out[lane];
            }
            if kind == 0 {
                self.later[slot] = due_later;
                for lane in 0..L {
                    outcome.attended[lane] = completed[lane] + others[lane];
                    outcome.first_booked[lane] = first[lane] * held[lane] + starts[0][lane];
                    outcome.later_booked[lane] = later[lane] * held[lane];
                }
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
            for kind in 0..3 {
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
            for kind in 0..3 {
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
        let slips = slipping.iter().any(|&people| people > 0.0);
        for had in (0..self.sessions).rev() {
            let here = had * self.interval + slot;
            let people = std::mem::replace(&mut self.stock[here], [[0.0; L]; 3]);
            for group in 0..3 {
                let mut booked: Lanes<L> = each(|lane| groups(&people, lane)[group]);
                let of = |decision: Decision| decision.of(who, week, had * 3 + group);
                if slips {
                    let next = &mut self.stock[had * self.interval + slipped_to];
                    for lane in 0..L {
                        let (marked, place) = ((booked[lane], due[lane]), of(Decision::Slips));
                        let slipped = among(luck, lane, marked, slipping[lane], place);
                        add_group(next, lane, group, slipped);
                        due[lane] -= booked[lane];
                        slipping[lane] -= slipped;
                        booked[lane] -= slipped;
                    }
                }
                if had == 0 {
                    for lane in 0..L {
                        booked[lane] += groups(starts, lane)[group];
                    }
                }
                if booked.iter().all(|&people| people <= 0.0) {
                    continue;
                }
                let mut attended = [0.0; L];
                for (lane, people) in attended.iter_mut().enumerate() {
                    let (share, place) = (world.attended[lane], of(Decision::Attends));
                    *people = take(luck, lane, booked[lane], share, place);
                }
                let mut completed = [0.0; L];
                if self.completes[had] {
                    for (lane, people) in completed.iter_mut().enumerate() {
                        let (share, place) = (world.complete[had][lane], of(Decision::Completes));
                        *people = take(luck, lane, attended[lane], share, place);
                    }
                }
                let mut dropped = [0.0; L];
                for (lane, people) in dropped.iter_mut().enumerate() {
                    let (share, place) = (world.drop_out[lane], of(Decision::DropsOut));
                    let going_on = attended[lane] - completed[lane];
                    *people = take(luck, lane, going_on, share, place);
                }
                for lane in 0..L {
                    outcome.attended[lane] += attended[lane];
                    add_group(&mut outcome.completed, lane, group, completed[lane]);
                    add_group(&mut outcome.dropped_out, lane, group, dropped[lane]);
                    add_group(
                        &mut self.stock[here],
                        lane,
                        group,
                        booked[lane] - attended[lane],
                    );
                }
                let count = if had == 0 {
                    &mut outcome.first_booked
                } else {
                    &mut outcome.later_booked
                };
                for lane in 0..L {
                    count[lane] += booked[lane];
                }
                if had == 0 {
                    for lane in 0..L {
                        let ended = completed[lane] + dropped[lane];
                        add_group(&mut outcome.ended_after_one, lane, group, ended);
                        let completed = completed[lane];
                        add_group(&mut outcome.completed_after_one, lane, group, completed);
                    }
                }
                if had + 1 < self.sessions {
                    let next = &mut self.stock[here + self.interval];
                    for lane in 0..L {
                        let going_on = attended[lane] - completed[lane] - dropped[lane];
                        add_group(next, lane, group, going_on);
                    }
                }
            }
        }
        self.add_up(slot);
        if slips {
            self.add_up(slipped_to);
        }
        outcome
    }
}
