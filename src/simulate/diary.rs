//! Whose session is due on which day? A ring of day buckets, as long as the longest time between two sessions, or
//! the longest for which a finished course holds its place.
//!
//! A bucket keeps its memory when it has been emptied, so nothing is allocated once the run is warm.

use crate::simulate::person::Person;

/// Days of a week.
pub const DAYS: usize = 7;

/// The sessions to come.
#[derive(Debug, Clone)]
pub struct Diary {
    buckets: Vec<Vec<Person>>,
    weeks: usize,
}

impl Diary {
    /// An empty diary in which sessions lie at most `longest` weeks ahead.
    #[must_use]
    pub fn new(longest: usize) -> Self {
        // A power of two, so that the place of a week is found without dividing.
        let weeks = (longest + 1).next_power_of_two();
        Self {
            buckets: vec![Vec::new(); weeks * DAYS],
            weeks,
        }
    }

    /// Nobody has a session to come any more; the memory is kept.
    pub fn clear(&mut self) {
        self.buckets.iter_mut().for_each(Vec::clear);
    }

    const fn place(&self, week: usize, day: usize) -> usize {
        (week & (self.weeks - 1)) * DAYS + day
    }

    /// Books a session.
    #[inline]
    pub fn book(&mut self, week: usize, day: usize, person: Person) {
        let place = self.place(week, day);
        self.buckets[place].push(person);
    }

    /// Whether nobody has a session on a day.
    #[must_use]
    pub fn is_free(&self, week: usize, day: usize) -> bool {
        self.buckets[self.place(week, day)].is_empty()
    }

    /// Takes everybody of a day out; the empty list comes back by [`Diary::give_back`].
    #[must_use]
    pub fn take(&mut self, week: usize, day: usize) -> Vec<Person> {
        let place = self.place(week, day);
        std::mem::take(&mut self.buckets[place])
    }

    /// Gives the memory of a day back; whoever was booked into it meanwhile stays.
    pub fn give_back(&mut self, week: usize, day: usize, mut empty: Vec<Person>) {
        let place = self.place(week, day);
        empty.clear();
        empty.append(&mut self.buckets[place]);
        self.buckets[place] = empty;
    }

    /// Everybody with a session to come.
    pub fn everybody(&self) -> impl Iterator<Item = &Person> {
        self.buckets.iter().flatten()
    }
}
