//! Who is in treatment, and what comes of the sessions of a week?
//!
//! Open courses are counted by sessions had and by the week of the interval in which the next session is
//! due. A session not attended is due again one interval later. Three counts run side by side: everybody,
//! those first treated within 6 weeks of referral, and those within 18.

use crate::timetable::world::TreatmentWorld;
use crate::unit::Lanes;

/// Everybody, within 6 weeks, within 18 weeks.
pub type Threefold<const L: usize> = [Lanes<L>; 3];

/// Open courses of one treatment.
#[derive(Debug, Clone)]
pub struct Courses<const L: usize> {
    /// By sessions had and week of the interval.
    stock: Vec<Threefold<L>>,
    interval: usize,
    sessions: usize,
}

/// What came of the sessions of a week.
#[derive(Debug, Clone, PartialEq)]
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
        let mut outcome = Outcome {
            first_booked: [0.0; L],
            later_booked: [0.0; L],
            attended: [0.0; L],
            completed: zero,
            dropped_out: zero,
            ended_after_one: zero,
            completed_after_one: zero,
        };
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
}
