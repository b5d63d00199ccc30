//! Sessions in pools of places, which never slip: whoever is in a course stays in their bucket until it ends.
//!
//! A bucket holds the people of one treatment, week of the interval and day. Nothing is moved for a session of
//! which nothing comes but the next one, which most are.
//!
//! All sessions of a bucket are held first, and what comes of those that are more than one of many follows, in the
//! order of one session after the other. Luck of a person depends on nobody else, so that the two ways are the same
//! to the bit; where each session is noted they are held one by one.

use crate::simulate::clock::{noon, start_of};
use crate::simulate::diary::DAYS;
use crate::simulate::person::{NEVER, Person, Time, happens, high, low, mark};
use crate::simulate::service::Service;
use crate::simulate::service::ending::Ending;
use crate::simulate::service::starting::{count, planned};
use crate::simulate::terms::{Appointment, Outcome, Way};
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

    /// Nobody is in a course any more; the memory is kept.
    pub(super) fn clear(&mut self) {
        self.people.iter_mut().for_each(Vec::clear);
    }

    const fn place(&self, week: usize, day: usize) -> usize {
        // Most sessions are weekly: nothing is divided then.
        let row = if self.interval == 1 {
            0
        } else {
            week % self.interval
        };
        row * DAYS + day
    }

    /// Somebody has their sessions on that day, every interval from that week on.
    #[inline]
    pub(super) fn add(&mut self, week: usize, day: usize, person: Person) {
        let place = self.place(week, day);
        self.people[place].push(person);
    }
}

/// What is the same for all sessions of a treatment on a day.
#[derive(Debug, Clone, Copy)]
struct Sitting<'a> {
    treatment: usize,
    appointment: &'a Appointment,
    /// Thresholds of coming, and of dropping out after that.
    attended: u64,
    drop_out: u64,
    way: &'a Way,
    at: Time,
    /// Whether sessions are noted one by one.
    noted: bool,
}

/// As many people as a word has bits: the first of them is its lowest bit.
const WORD: usize = u64::BITS as usize;

/// What the sessions of at most [`WORD`] people came to.
struct Sat {
    /// Who stays away.
    away: u64,
    /// After whose session something else than the next one comes.
    turns: u64,
}

impl Sitting<'_> {
    /// Holds the sessions of at most [`WORD`] people. Nothing is decided by a jump that luck takes: whoever needs
    /// another look is marked.
    #[inline(never)] // its numbers stay in registers
    #[allow(clippy::needless_bitwise_bool)] // a jump would hang on luck
    fn hold(&self, people: &mut [Person]) -> Sat {
        let (attended, drop_out) = (self.attended, self.drop_out);
        let (mut away, mut turns) = (0, 0);
        for person in people.iter_mut() {
            let luck = person.booking();
            let comes = happens(high(luck), attended);
            person.had += u8::from(comes);
            let ends = (person.had >= person.planned) | happens(low(luck), drop_out);
            let early = !person.is(mark::TWICE) | (person.had == 1);
            away = (away | u64::from(!comes)).rotate_right(1);
            turns = (turns | u64::from(comes & (ends | early))).rotate_right(1);
        }
        // The last of them is the highest bit.
        let beyond = count(WORD.saturating_sub(people.len()));
        Sat {
            away: away.rotate_right(beyond),
            turns: turns.rotate_right(beyond),
        }
    }

    /// How the course ends of somebody who came by that luck, if it does.
    #[inline]
    fn ending(&self, person: &Person, luck: u64) -> Option<Ending> {
        if person.had >= person.planned {
            Some(Ending::Completed)
        } else {
            happens(low(luck), self.drop_out).then_some(Ending::DroppedOut)
        }
    }
}

/// Takes the lowest bit of a word that has any.
#[inline]
const fn take_lowest(word: &mut u64) -> Option<usize> {
    if *word == 0 {
        return None;
    }
    let bit = word.trailing_zeros() as usize;
    *word &= *word - 1;
    Some(bit)
}

/// Takes a bit of a row of words, and says whether it was set.
#[inline]
fn take_bit(words: &mut [u64], place: usize) -> bool {
    let bit = 1 << (place % WORD);
    let word = &mut words[place / WORD];
    let set = *word & bit != 0;
    *word &= !bit;
    set
}

impl<'a> Service<'a> {
    /// Noon of the day on which the sessions of a day are held.
    fn noon_of(&self, week: usize, day: usize) -> Time {
        start_of(week) + noon(self.ready.clock.held_on(week, day))
    }

    fn sitting(&self, treatment: usize, week: usize, day: usize) -> Sitting<'a> {
        let ready = self.ready;
        let terms = &ready.terms.treatments[treatment];
        Sitting {
            treatment,
            appointment: &terms.appointment,
            attended: terms.appointment.attended,
            drop_out: terms.drop_out,
            way: &terms.ways[0],
            at: self.noon_of(week, day),
            noted: self.watch.log.is_some(),
        }
    }

    /// Holds the sessions of a week of all treatments in places.
    pub(super) fn hold_in_places(&mut self, week: usize) {
        for treatment in 0..self.buckets.len() {
            for day in 0..DAYS {
                let Some(buckets) = &mut self.buckets[treatment] else {
                    break;
                };
                let place = buckets.place(week, day);
                if buckets.people[place].is_empty() {
                    continue;
                }
                let mut people = std::mem::take(&mut buckets.people[place]);
                self.hold_bucket(treatment, week, day, &mut people);
                if let Some(buckets) = &mut self.buckets[treatment] {
                    buckets.people[place] = people;
                }
            }
        }
    }

    /// Holds the sessions of a bucket; whose course is over leaves it.
    fn hold_bucket(&mut self, treatment: usize, week: usize, day: usize, people: &mut Vec<Person>) {
        let sitting = self.sitting(treatment, week, day);
        self.due[treatment] += people.len();
        self.held[treatment] += people.len();
        let mut came = [0; 2];
        if sitting.noted {
            let mut place = 0;
            while let Some(person) = people.get_mut(place) {
                if let Some(ending) = self.sit(person, &sitting, &mut came) {
                    let person = people.swap_remove(place);
                    self.close_course(&person, ending, sitting.at);
                } else {
                    place += 1;
                }
            }
        } else {
            let mut turns = std::mem::take(&mut self.turns);
            turns.clear();
            came[0] = count(people.len());
            for some in people.chunks_mut(WORD) {
                let Sat {
                    mut away,
                    turns: here,
                } = sitting.hold(some);
                turns.push(here);
                came[0] -= away.count_ones();
                while let Some(place) = take_lowest(&mut away) {
                    let person = &some[place];
                    let outcome = sitting.appointment.outcome(person.last_booking());
                    self.tallies[treatment].alike(outcome, person.had == 0);
                }
            }
            came[1] = self.go_on(people, &mut turns, &sitting);
            came[0] -= came[1];
            self.turns = turns;
        }
        self.tallies[treatment].came(came);
    }

    /// What comes of sessions that are more than one of many, as if all sessions of the bucket were held one by
    /// one: whoever was last takes the place of somebody who leaves, and is the next. Says for how many it was the
    /// first session.
    fn go_on(&mut self, people: &mut Vec<Person>, turns: &mut [u64], sitting: &Sitting) -> u32 {
        let mut firsts = 0;
        for word in 0..turns.len() {
            while let Some(bit) = take_lowest(&mut turns[word]) {
                let place = word * WORD + bit;
                loop {
                    let person = &mut people[place];
                    firsts += u32::from(person.had == 1);
                    if !person.is(mark::TWICE) {
                        self.early_contact(person, sitting.at);
                    }
                    let Some(ending) = sitting.ending(person, person.last_booking()) else {
                        break;
                    };
                    let person = people.swap_remove(place);
                    self.close_course(&person, ending, sitting.at);
                    if !take_bit(turns, people.len()) {
                        break;
                    }
                }
            }
        }
        firsts
    }

    /// Courses of one treatment begin in a pool of places, as long as there are any.
    pub(super) fn start_in_places(&mut self, week: usize, pool: usize, treatment: usize) {
        let mut sitting = self.sitting(treatment, week, 0);
        let at: [Time; DAYS] = std::array::from_fn(|day| self.noon_of(week, day));
        while self.room[pool] > 0 {
            let Some(mut person) = self.lists[treatment].take(week) else {
                return;
            };
            self.room[pool] -= 1;
            let day = self.day_of_sessions(&person, week);
            sitting.at = at[day];
            self.begin_in_place(&mut person, week, day, &sitting);
        }
    }

    /// Somebody begins a course in a place.
    pub(super) fn start_in_place(&mut self, person: &mut Person, week: usize) {
        let day = self.day_of_sessions(person, week);
        let sitting = self.sitting(person.treatment.into(), week, day);
        self.begin_in_place(person, week, day, &sitting);
    }

    /// A course begins with its first session.
    #[inline]
    fn begin_in_place(&mut self, person: &mut Person, week: usize, day: usize, sitting: &Sitting) {
        self.begin_course(person, week, sitting.at);
        person.planned = planned(&self.ready.terms.treatments[sitting.treatment], person);
        person.tag = NEVER;
        let mut came = [0; 2];
        let ending = self.sit(person, sitting, &mut came);
        self.tallies[sitting.treatment].came(came);
        match ending {
            Some(ending) => self.close_course(person, ending, sitting.at),
            // The bucket of this week is that of the next session, too.
            None => self.book(week, day, *person),
        }
    }

    /// One session, which nobody in particular holds: how the course ends, if it does. Who came to a later and
    /// to a first session is counted in `came`.
    #[inline(always)]
    #[allow(clippy::inline_always)] // most of what a simulation does
    fn sit(
        &mut self,
        person: &mut Person,
        sitting: &Sitting,
        came: &mut [u32; 2],
    ) -> Option<Ending> {
        let luck = person.booking();
        let first = person.had == 0;
        if u64::from(high(luck)) >= sitting.attended {
            self.stay_away(person, sitting, luck, first);
            return None;
        }
        came[usize::from(first)] += 1;
        person.had += 1;
        if !person.is(mark::TWICE) {
            self.early_contact(person, sitting.at);
        }
        if sitting.noted {
            self.note(person, sitting, Outcome::Attended, first);
        }
        sitting.ending(person, luck)
    }

    /// A session to which the person does not come; nobody is discharged for that here.
    #[inline(never)]
    fn stay_away(&mut self, person: &Person, sitting: &Sitting, luck: u64, first: bool) {
        let outcome = sitting.appointment.outcome(luck);
        self.tallies[sitting.treatment].alike(outcome, first);
        if sitting.noted {
            self.note(person, sitting, outcome, first);
        }
    }

    #[cold]
    fn note(&mut self, person: &Person, sitting: &Sitting, outcome: Outcome, first: bool) {
        let minutes = sitting.way.minutes(outcome, first);
        let (treatment, way, at) = (sitting.treatment, sitting.way, sitting.at);
        self.watch
            .log(|| Event::session(person, treatment, way, outcome, minutes, at));
    }
}
