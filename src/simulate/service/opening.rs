//! Who waits and who is in treatment on the first morning, as whole people?
//!
//! Lists and courses that are stated in parts of people become whole ones by largest remainder, so that their
//! sums stay. Somebody with `had` sessions has at least one more planned: their plan is drawn from those who
//! come so far.

use crate::luck::{hash, name_key, uniform};
use crate::measures::largest_remainder;
use crate::opening::{by_age, list_of, open_cases, treated_within, weeks_ahead};
use crate::scenario::stock::List as Stated;
use crate::simulate::list::joined_before;
use crate::simulate::person::{
    Decision, Person, Time, WEEK, happens, high, low, mark, mixed, threshold,
};
use crate::simulate::service::Service;
use crate::stream::mix;

/// Luck of those who wait, and of those who are in a course.
const WAITS: u64 = 0x7761_6974;
const IN_COURSE: u64 = 0x6f70_656e;

/// Whole people by cell with the sum of the cells, rounded.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // stated numbers of people
fn whole_people(cells: &[f64]) -> Vec<u32> {
    let sum: f64 = cells.iter().sum();
    let people = sum.round() as u32;
    if people == 0 {
        return vec![0; cells.len()];
    }
    largest_remainder(cells, people)
}

impl Service<'_> {
    /// Fills lists and courses.
    pub(super) fn open_up(&mut self) {
        let ready = self.ready;
        self.fill_assessment(ready.spec.waiting.assessment.as_ref());
        for (index, place) in ready.timetable.treatments.iter().enumerate() {
            self.fill_list(index, name_key(&place.name), list_of(ready.spec, place));
        }
        let cases = open_cases(ready.spec, ready.timetable, ready.world, &self.people);
        for (index, cases) in cases.iter().enumerate() {
            let people: Vec<f64> = cases.iter().map(|people| people[0]).collect();
            self.fill_courses(index, &whole_people(&people));
        }
        if ready.has_clinicians {
            self.roster
                .open_up(ready.timetable, ready.world, &self.people);
        }
    }

    fn newcomer(&mut self, base: u64, place: u32, joined: Time, ahead: f64) -> Person {
        let number = self.referred_so_far;
        self.referred_so_far += 1;
        let mut person = Person::new(mixed(base, place.into()), joined - weeks(ahead), number);
        person.joined = joined;
        person.marks |= mark::OPENING;
        self.ready.segments.place(&mut person);
        let urgent = self.ready.terms_of(&person).urgent;
        if happens(high(person.luck(Decision::Source)), urgent) {
            person.marks |= mark::URGENT;
        }
        person
    }

    fn fill_assessment(&mut self, stated: Option<&Stated>) {
        let Some(list) = stated else {
            return;
        };
        let cells = whole_people(&by_age(list));
        let base = hash(self.key, WAITS);
        let mut place = 0;
        for (age, &people) in cells.iter().enumerate().rev() {
            for _ in 0..people {
                let part = uniform(mixed(base, place.into()));
                let joined = joined_before(age, part);
                let person = self.newcomer(base, place, joined, weeks_ahead(stated, age));
                self.assessment.join(person, 0);
                place += 1;
            }
        }
    }

    #[allow(clippy::cast_possible_truncation)] // few treatments
    fn fill_list(&mut self, treatment: usize, name: u64, stated: Option<&Stated>) {
        let Some(list) = stated else {
            return;
        };
        let cells = whole_people(&by_age(list));
        let base = hash(hash(self.key, WAITS), name);
        let mut place = 0;
        for (age, &people) in cells.iter().enumerate().rev() {
            // Within a week those who have waited longer come first.
            let mut joined: Vec<Time> = (place..place + people)
                .map(|place| joined_before(age, uniform(mixed(base, place.into()))))
                .collect();
            joined.sort_unstable();
            for joined in joined {
                let mut person = self.newcomer(base, place, joined, weeks_ahead(stated, age));
                person.treatment = treatment as u8;
                self.treated_before(&mut person);
                if self.ready.terms.treatments[treatment].lasts.is_some() {
                    self.timed.arrive(person);
                } else {
                    self.lists[treatment].join(person, 0);
                }
                place += 1;
            }
        }
    }

    /// Those past an assessment that counts have been treated, some of them in time.
    fn treated_before(&self, person: &mut Person) {
        if happens(high(person.luck(Decision::Counts)), self.ready.terms.counts) {
            self.mark_treated(person);
        }
    }

    /// Somebody was treated before the first morning, in time or not.
    fn mark_treated(&self, person: &mut Person) {
        let (six, eighteen) = treated_within(self.ready.spec);
        let luck = person.luck(Decision::Counts);
        person.marks |= mark::TREATED;
        person.treated = Time::MIN;
        let when = low(luck);
        if happens(when, threshold(six)) {
            person.marks |= mark::SIX;
        }
        if happens(when, threshold(eighteen)) {
            person.marks |= mark::EIGHTEEN;
        }
    }

    #[allow(clippy::cast_possible_truncation)] // few treatments, at most 60 sessions
    fn fill_courses(&mut self, treatment: usize, cells: &[u32]) {
        let ready = self.ready;
        let terms = &ready.terms.treatments[treatment];
        let base = hash(
            hash(self.key, IN_COURSE),
            name_key(&ready.timetable.treatments[treatment].name),
        );
        let mut place = 0;
        for (had, &people) in cells.iter().enumerate() {
            for _ in 0..people {
                let mut person = self.newcomer(base, place, -1, 0.0);
                person.treatment = treatment as u8;
                self.treated_before(&mut person);
                if had > 0 {
                    if person.is(mark::TREATED) {
                        person.marks |= mark::TWICE;
                    } else {
                        self.mark_treated(&mut person);
                    }
                    if had > 1 {
                        person.marks |= mark::TWICE;
                    }
                }
                person.had = had as u8;
                let sessions = &ready.terms_of(&person).treatments[treatment].sessions;
                let before = sessions.at_most(had);
                let luck = uniform(person.luck(Decision::Plan));
                let planned = sessions.quantile(before + (1.0 - before) * luck);
                person.planned = planned.max(had + 1).min(usize::from(u8::MAX)) as u8;
                let luck = mix(person.luck(Decision::Weekday));
                let day = ready.clock.some_day(0, high(luck));
                self.open[treatment] += 1;
                if terms.lasts.is_some() {
                    self.goes_on(person);
                } else {
                    // Spread evenly over the weeks between two sessions.
                    let week = place as usize % terms.interval;
                    self.book(week, day, person);
                }
                place += 1;
            }
        }
    }
}

#[allow(clippy::cast_possible_truncation)] // at most 520 weeks
fn weeks(weeks: f64) -> Time {
    (weeks * f64::from(WEEK)).round() as Time
}
