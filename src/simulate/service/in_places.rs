//! Sessions in pools of places, which never slip: whoever is in a course stays in their bucket until it ends.
//!
//! A bucket holds the people of one treatment, week of the interval and day. Nothing is moved for a session of
//! which nothing comes but the next one, which most are.

use crate::simulate::clock::{noon, start_of};
use crate::simulate::diary::DAYS;
use crate::simulate::person::{Person, happens, low, mark};
use crate::simulate::service::Service;
use crate::simulate::service::treating::{Next, Tally};
use crate::simulate::terms::Outcome;
use crate::simulate::watch::Event;

/// People in courses of one treatment.
#[derive(Debug, Clone)]
pub(super) struct Buckets {
    people: Vec<Vec<Person>>,
    interval: usize,
}

impl Buckets {
    pub(super) fn new(interval: usize) -> Self {
        Self {
            people: vec![Vec::new(); interval * DAYS],
            interval,
        }
    }

    const fn place(&self, week: usize, day: usize) -> usize {
        (week % self.interval) * DAYS + day
    }

    /// Somebody has their sessions on that day, every interval from that week on.
    pub(super) fn add(&mut self, week: usize, day: usize, person: Person) {
        let place = self.place(week, day);
        self.people[place].push(person);
    }
}

impl Service<'_> {
    /// Holds the sessions of a week of all treatments in places.
    pub(super) fn hold_in_places(&mut self, week: usize) {
        for treatment in 0..self.buckets.len() {
            for day in 0..DAYS {
                let Some(buckets) = &mut self.buckets[treatment] else {
                    break;
                };
                let place = buckets.place(week, day);
                let people = std::mem::take(&mut buckets.people[place]);
                let kept = self.hold_bucket(treatment, week, day, people);
                if let Some(buckets) = &mut self.buckets[treatment] {
                    buckets.people[place] = kept;
                }
            }
        }
    }

    /// Holds the sessions of a bucket; returns who has another one.
    fn hold_bucket(
        &mut self,
        treatment: usize,
        week: usize,
        day: usize,
        mut people: Vec<Person>,
    ) -> Vec<Person> {
        if people.is_empty() {
            return people;
        }
        let ready = self.ready;
        let terms = &ready.terms.treatments[treatment];
        let (appointment, drop_out, way) = (terms.appointment, terms.drop_out, &terms.ways[0]);
        let at = start_of(week) + noon(ready.clock.held_on(week, day));
        let noted = self.watch.log.is_some();
        self.due[treatment] += people.len();
        self.held[treatment] += people.len();
        let mut tally = Tally::default();
        let mut place = 0;
        while let Some(person) = people.get_mut(place) {
            let luck = person.booking();
            let outcome = appointment.outcome(luck);
            let attended = outcome == Outcome::Attended;
            let goes_on = !attended
                || person.had + 1 < person.planned
                    && person.is(mark::TWICE)
                    && !happens(low(luck), drop_out);
            if goes_on {
                let first = person.had == 0;
                tally.add(outcome, first);
                person.had += u8::from(attended);
                if noted {
                    let minutes = match (outcome.uses_time(), first) {
                        (false, _) => 0.0,
                        (true, true) => way.first,
                        (true, false) => way.later,
                    };
                    let seen = *person;
                    self.watch
                        .log(|| Event::session(&seen, treatment, way, outcome, minutes, at));
                }
                place += 1;
                continue;
            }
            let mut seen = *person;
            match self.session(&mut seen, luck, at) {
                Next::Session => {
                    people[place] = seen;
                    place += 1;
                }
                Next::Over(ending) => {
                    people.swap_remove(place);
                    self.close_course(&seen, ending, at);
                }
            }
        }
        self.tallies[treatment].merge(&tally);
        people
    }
}
