//! Who is in treatment, and what comes of the sessions of a week?
//!
//! Open courses are counted by sessions had and by the week of the interval in which the next session is
//! due. A session not attended is due again one interval later. Three counts run side by side: everybody,
//! those first treated within 6 weeks of referral, and those within 18.

use crate::luck::Luck;
use crate::project::whole::{Decision, Rounding, among, take};
use crate::timetable::world::TreatmentWorld;
use crate::unit::Lanes;

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
        }
    }

    /// Everybody in a course.
    #[must_use]
    pub fn total(&self) -> Lanes<L> {
        let mut total = [0.0; L];
        for stock in &self.stock {
            for lane in 0..L {
                total[lane] += stock[0][lane];
            }
        }
        total
    }

    /// First and later sessions due in `week`.
    #[must_use]
    pub fn due(&self, week: usize) -> (Lanes<L>, Lanes<L>) {
        let slot = week % self.interval;
        let mut later = [0.0; L];
        for had in 1..self.sessions {
            let stock = &self.stock[had * self.interval + slot][0];
            for lane in 0..L {
                later[lane] += stock[lane];
            }
        }
        (self.stock[slot][0], later)
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
        let slipped_to = (week + 1) % self.interval;
        let zero = [[0.0; L]; 3];
        let mut outcome = Outcome::NONE;
        for had in (0..self.sessions).rev() {
            let here = had * self.interval + slot;
            let due = std::mem::replace(&mut self.stock[here], zero);
            for kind in 0..3 {
                for lane in 0..L {
                    let share = held[lane];
                    let slipped = due[kind][lane] * (1.0 - share);
                    let mut booked = due[kind][lane] * share;
                    if had == 0 {
                        booked += starts[kind][lane];
                    }
                    let attended = booked * world.attended[lane];
                    let completed = attended * world.complete[had][lane];
                    let dropped = (attended - completed) * world.drop_out[lane];
                    let onwards = attended - completed - dropped;
                    outcome.completed[kind][lane] += completed;
                    outcome.dropped_out[kind][lane] += dropped;
                    if had == 0 {
                        outcome.ended_after_one[kind][lane] += completed + dropped;
                        outcome.completed_after_one[kind][lane] += completed;
                    }
                    if kind == 0 {
                        let count = if had == 0 {
                            &mut outcome.first_booked
                        } else {
                            &mut outcome.later_booked
                        };
                        count[lane] += booked;
                        outcome.attended[lane] += attended;
                    }
                    self.stock[here][kind][lane] += booked - attended;
                    self.stock[had * self.interval + slipped_to][kind][lane] += slipped;
                    if had + 1 < self.sessions {
                        self.stock[here + self.interval][kind][lane] += onwards;
                    }
                }
            }
        }
        outcome
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
        for lane in 0..L {
            let (mut due, mut slipping) = (0.0, 0.0);
            if held[lane] < 1.0 {
                let here = (0..self.sessions).map(|had| had * self.interval + slot);
                due = here.map(|place| self.stock[place][0][lane]).sum();
                let place = Decision::Held.of(who, week, 0);
                slipping = due - luck.whole(lane, due * held[lane], place).min(due);
            }
            for had in (0..self.sessions).rev() {
                let here = had * self.interval + slot;
                let people = groups(&self.stock[here], lane);
                for count in &mut self.stock[here] {
                    count[lane] = 0.0;
                }
                for (group, mut booked) in people.into_iter().enumerate() {
                    let of = |decision: Decision| decision.of(who, week, had * 3 + group);
                    if slipping > 0.0 {
                        let place = of(Decision::Slips);
                        let slipped = among(luck, lane, (booked, due), slipping, place);
                        let next = &mut self.stock[had * self.interval + slipped_to];
                        add_group(next, lane, group, slipped);
                        due -= booked;
                        slipping -= slipped;
                        booked -= slipped;
                    }
                    if had == 0 {
                        booked += groups(starts, lane)[group];
                    }
                    if booked <= 0.0 {
                        continue;
                    }
                    let share = world.attended[lane];
                    let attended = take(luck, lane, booked, share, of(Decision::Attends));
                    let share = world.complete[had][lane];
                    let completed = take(luck, lane, attended, share, of(Decision::Completes));
                    let (going_on, share) = (attended - completed, world.drop_out[lane]);
                    let dropped = take(luck, lane, going_on, share, of(Decision::DropsOut));
                    add_group(&mut outcome.completed, lane, group, completed);
                    add_group(&mut outcome.dropped_out, lane, group, dropped);
                    if had == 0 {
                        let ended = completed + dropped;
                        add_group(&mut outcome.ended_after_one, lane, group, ended);
                        add_group(&mut outcome.completed_after_one, lane, group, completed);
                        outcome.first_booked[lane] += booked;
                    } else {
                        outcome.later_booked[lane] += booked;
                    }
                    outcome.attended[lane] += attended;
                    add_group(&mut self.stock[here], lane, group, booked - attended);
                    if had + 1 < self.sessions {
                        let next = &mut self.stock[here + self.interval];
                        add_group(next, lane, group, going_on - dropped);
                    }
                }
            }
        }
        outcome
    }
}
