//! Which sessions are held, and what comes of them?
//!
//! Sessions due in open courses come first, each with the clinician who began the course. What a clinician
//! has no minutes for slips a week. Courses whose clinician has left, or is away for long, are seen by whoever
//! of the pool has the most minutes left, if the role hands over; else they wait.

use crate::scenario::staff::Handover;
use crate::simulate::clock::{noon, start_of};
use crate::simulate::diary::DAYS;
use crate::simulate::person::{Decision, NEVER, Person, Time, happens, low, mark};
use crate::simulate::service::Service;
use crate::simulate::service::ending::Ending;
use crate::simulate::terms::{Outcome, Terms, Way};
use crate::simulate::watch::{Event, Wait};

/// What follows a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Another session.
    Session,
    /// The course is over.
    Over(Ending),
}

/// The way in which somebody is treated.
pub(super) fn way_of<'a>(terms: &'a Terms, person: &Person) -> &'a Way {
    let ways = &terms.ways;
    if ways.len() == 1 {
        return &ways[0];
    }
    let luck = u64::from(low(person.luck(Decision::Weekday)));
    ways.iter()
        .find(|way| luck < way.up_to)
        .unwrap_or(&ways[ways.len() - 1])
}

impl Service<'_> {
    /// Holds the sessions that are due this week.
    pub(super) fn hold_sessions_due(&mut self, week: usize) {
        let ready = self.ready;
        for day in 0..DAYS {
            if self.diary.is_free(week, day) {
                continue;
            }
            let mut due = self.diary.take(week, day);
            let at = start_of(week) + noon(ready.clock.held_on(week, day));
            for person in due.drain(..) {
                let treatment = usize::from(person.treatment);
                let terms = &ready.terms.treatments[treatment];
                if person.planned == 0 {
                    let ending = [Ending::Completed, Ending::DroppedOut];
                    self.close_course(&person, ending[usize::from(person.missed.min(1))], at);
                    continue;
                }
                self.due[treatment] += 1;
                if !terms.in_places {
                    if !self.roster.is_here(person.tag, &terms.pools) {
                        self.orphans.push((day, person));
                        continue;
                    }
                    if !self.roster.has_minutes(person.tag) {
                        self.diary.book(week + 1, day, person);
                        continue;
                    }
                }
                self.held[treatment] += 1;
                self.hold(person, week, day, at);
            }
            self.diary.give_back(week, day, due);
        }
        self.hold_in_places(week);
        self.hold_groups(week);
        self.hand_over(week);
    }

    /// Books the next session of somebody.
    #[inline]
    pub(super) fn book(&mut self, week: usize, day: usize, person: Person) {
        match &mut self.buckets[usize::from(person.treatment)] {
            Some(buckets) => buckets.add(week, day, person),
            None => self.diary.book(week, day, person),
        }
    }

    /// Those whose clinician is not there are seen by somebody else, or wait another week.
    fn hand_over(&mut self, week: usize) {
        let ready = self.ready;
        if self.orphans.is_empty() {
            return;
        }
        for (pool, _) in ready.timetable.pools() {
            self.roster.make_ready(pool);
        }
        let mut orphans = std::mem::take(&mut self.orphans);
        for (day, mut person) in orphans.drain(..) {
            let terms = &ready.terms.treatments[usize::from(person.treatment)];
            let role = self.roster.role_of(person.tag);
            let waits = role
                .is_some_and(|role| ready.timetable.roles[role].said.handover == Handover::Waits);
            // Whoever waits for somebody who has left waits until a new course could start.
            let new = waits && self.roster.is_gone(person.tag);
            let free = if waits && !new {
                None
            } else {
                let mut pools = terms.pools.iter();
                pools.find_map(|&pool| self.roster.free(pool, new))
            };
            let Some(place) = free else {
                self.diary.book(week + 1, day, person);
                continue;
            };
            self.held[usize::from(person.treatment)] += 1;
            self.release(&person);
            self.give_to(&mut person, place);
            if new {
                self.roster.clinicians[place].starts -= 1.0;
            }
            let at = start_of(week) + noon(ready.clock.held_on(week, day));
            self.hold(person, week, day, at);
        }
        self.orphans = orphans;
    }

    /// A clinician has one course more.
    #[allow(clippy::cast_possible_truncation)] // a service has few clinicians
    pub(super) fn give_to(&mut self, person: &mut Person, place: usize) {
        person.tag = place as u32;
        self.roster.clinicians[place].load += 1;
    }

    /// A clinician has one course less.
    pub(super) fn release(&mut self, person: &Person) {
        if person.tag == NEVER {
            return;
        }
        if let Some(one) = self.roster.clinicians.get_mut(person.tag as usize) {
            one.load = one.load.saturating_sub(1);
        }
    }

    /// Holds one session and books the next.
    pub(super) fn hold(&mut self, mut person: Person, week: usize, day: usize, at: Time) {
        let terms = &self.ready.terms.treatments[usize::from(person.treatment)];
        match self.session(&mut person, at) {
            Next::Session => self.diary.book(week + terms.interval, day, person),
            Next::Over(ending) if terms.delay > 0 => {
                // Nothing more is planned; how it ended is told when the place is given up.
                person.planned = 0;
                person.missed = u8::from(ending == Ending::DroppedOut);
                self.diary.book(week + terms.delay, day, person);
            }
            Next::Over(ending) => self.close_course(&person, ending, at),
        }
    }

    /// What becomes of one session of somebody treated one to one or in a group that people may join.
    #[inline]
    fn session(&mut self, person: &mut Person, at: Time) -> Next {
        let luck = person.booking();
        let treatment = usize::from(person.treatment);
        let terms = &self.ready.terms_of(person).treatments[treatment];
        let outcome = terms.appointment.outcome(luck);
        let way = way_of(terms, person);
        let first = person.had == 0;
        let minutes = way.minutes(outcome, first);
        let tally = &mut self.tallies[treatment];
        if self.ready.terms.treatments[treatment].plain {
            tally.alike(outcome, first);
        } else {
            tally.other(outcome);
            tally.use_minutes(outcome, first, minutes);
        }
        self.take_minutes(person.tag, minutes);
        self.note_booking(person, outcome);
        if outcome == Outcome::Attended {
            self.attend(person, at);
        }
        self.watch
            .log(|| Event::session(person, treatment, way, outcome, minutes, at));
        if outcome != Outcome::Attended {
            return self.missed_session(person, outcome);
        }
        if person.had >= person.planned {
            Next::Over(Ending::Completed)
        } else if happens(low(luck), terms.drop_out) {
            Next::Over(Ending::DroppedOut)
        } else {
            Next::Session
        }
    }

    fn missed_session(&self, person: &mut Person, outcome: Outcome) -> Next {
        let most = self.ready.terms.treatments[usize::from(person.treatment)].missed_most;
        if most == 0 || outcome == Outcome::ProviderCancelled {
            return Next::Session;
        }
        person.missed = person.missed.saturating_add(1);
        if person.missed < most {
            return Next::Session;
        }
        Next::Over(Ending::DroppedOut)
    }

    /// Somebody comes to a session.
    #[inline]
    pub(super) fn attend(&mut self, person: &mut Person, at: Time) {
        person.had = person.had.saturating_add(1);
        person.missed = 0;
        if !person.is(mark::TWICE) {
            self.early_contact(person, at);
        }
    }

    /// The first or second treatment contact of somebody.
    #[inline]
    pub(super) fn early_contact(&mut self, person: &mut Person, at: Time) {
        if !person.is(mark::TREATED) {
            self.treated_first(person, at);
            return;
        }
        person.marks |= mark::TWICE;
        if person.treated >= 0 {
            self.watch
                .wait(Wait::SecondContact, at, at - person.treated);
        }
    }

    /// Takes minutes of a clinician, if anybody in particular.
    pub(super) fn take_minutes(&mut self, clinician: u32, minutes: f64) {
        if let Some(one) = self.roster.clinicians.get_mut(clinician as usize) {
            one.minutes -= minutes;
        }
    }
}
