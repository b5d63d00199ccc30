//! Which sessions are held, and what comes of them?
//!
//! Sessions due in open courses come first, each with the clinician who began the course. What a clinician
//! has no minutes for slips a week. Courses whose clinician has left, or is away for long, are seen by whoever
//! of the pool has the most minutes left, if the role hands over; else they wait.

use crate::scenario::staff::Handover;
use crate::simulate::clock::{noon, start_of};
use crate::simulate::diary::DAYS;
use crate::simulate::person::{Decision, NEVER, Person, Time, happens, high, low, mark};
use crate::simulate::segments::What;
use crate::simulate::service::Service;
use crate::simulate::terms::{Outcome, Terms, Way};
use crate::simulate::watch::{Event, Wait};
use crate::stream::mix;

/// What follows a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Another session.
    Session,
    /// The course is over.
    Over(Ending),
}

/// How a course ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// All planned sessions were had.
    Completed,
    /// The person stayed away.
    DroppedOut,
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

/// Whether nothing comes of a session but the next one: the person missed it, or came, has come twice before
/// and neither completes nor drops out. Where nobody is discharged for missing sessions, `missed` stays 0.
#[inline]
fn goes_on(person: &Person, terms: &Terms, outcome: Outcome, luck: u64) -> bool {
    let another = outcome != Outcome::Attended
        || person.had + 1 < person.planned
            && person.is(mark::TWICE)
            && !happens(low(luck), terms.drop_out);
    terms.plain && another
}

/// Sessions of a treatment in a week of which nothing came but the next one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    /// Attended, missed, cancelled by the patient, cancelled by the service.
    became: [u32; 4],
    /// Those that used time: later ones and first ones, of which attended.
    used: [u32; 2],
    lost: [u32; 2],
}

impl Tally {
    /// Adds other sessions.
    pub(super) fn merge(&mut self, others: &Self) {
        for (sum, more) in self.became.iter_mut().zip(others.became) {
            *sum += more;
        }
        for first in 0..2 {
            self.used[first] += others.used[first];
            self.lost[first] += others.lost[first];
        }
    }

    #[inline]
    pub(super) fn add(&mut self, outcome: Outcome, first: bool) {
        let first = usize::from(first);
        let became = match outcome {
            Outcome::Attended => 0,
            Outcome::DidNotAttend => 1,
            Outcome::PatientCancelled(_) => 2,
            Outcome::ProviderCancelled => 3,
        };
        self.became[became] += 1;
        let used = u32::from(outcome.uses_time());
        self.used[first] += used;
        self.lost[first] += if became == 0 { 0 } else { used };
    }
}

impl Service<'_> {
    /// Adds up the sessions of the week of which nothing came but the next one.
    pub(super) fn add_up(&mut self) {
        for (treatment, tally) in self.tallies.iter_mut().enumerate() {
            let tally = std::mem::take(tally);
            let [attended, dna, patient, provider] = tally.became.map(f64::from);
            let booked = attended + dna + patient + provider;
            if booked == 0.0 {
                continue;
            }
            let counts = &mut self.counts;
            counts.booked[0] += booked;
            counts.attended[0] += attended;
            counts.dna[0] += dna;
            counts.patient_cancelled[0] += patient;
            counts.provider_cancelled[0] += provider;
            let terms = &self.ready.terms.treatments[treatment];
            let way = &terms.ways[0];
            let minutes = |sessions: [u32; 2]| {
                let [later, first] = sessions.map(f64::from);
                [later * way.later, first * way.first]
            };
            let ([later, first], lost) = (minutes(tally.used), minutes(tally.lost));
            let pool = &mut self.pools[terms.pools[0]];
            pool.later[0] += later;
            pool.first[0] += first;
            pool.lost[0] += lost[0] + lost[1];
            let here = &mut self.treatments[treatment];
            here.booked[0] += booked;
            here.attended[0] += attended;
            here.minutes[0] += later + first;
        }
    }

    /// Holds the sessions that are due this week.
    pub(super) fn hold_sessions_due(&mut self, week: usize) {
        let ready = self.ready;
        for day in 0..DAYS {
            let mut due = self.diary.take(week, day);
            let at = start_of(week) + noon(ready.clock.held_on(week, day));
            for mut person in due.drain(..) {
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
                let luck = person.booking();
                let outcome = terms.appointment.outcome(luck);
                if !goes_on(&person, terms, outcome, luck) {
                    self.hold_with(luck, person, week, day, at);
                    continue;
                }
                // Most sessions: they are counted now and added up at the end of the week.
                let (way, first) = (&terms.ways[0], person.had == 0);
                self.tallies[treatment].add(outcome, first);
                let minutes = match (outcome.uses_time(), first) {
                    (false, _) => 0.0,
                    (true, true) => way.first,
                    (true, false) => way.later,
                };
                if !terms.in_places
                    && let Some(one) = self.roster.clinicians.get_mut(person.tag as usize)
                {
                    one.minutes -= minutes;
                }
                person.had += u8::from(outcome == Outcome::Attended);
                self.watch
                    .log(|| Event::session(&person, treatment, way, outcome, minutes, at));
                self.diary.book(week + terms.interval, day, person);
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
        let luck = person.booking();
        self.hold_with(luck, person, week, day, at);
    }

    /// Holds one session, whose luck has been drawn, and books the next.
    fn hold_with(&mut self, luck: u64, mut person: Person, week: usize, day: usize, at: Time) {
        let treatment = usize::from(person.treatment);
        let terms = &self.ready.terms.treatments[treatment];
        match self.session(&mut person, luck, at) {
            Next::Session => self.book(week + terms.interval, day, person),
            Next::Over(ending) if terms.delay > 0 => {
                // Nothing more is planned; how it ended is told when the place is given up.
                person.planned = 0;
                person.missed = u8::from(ending == Ending::DroppedOut);
                self.diary.book(week + terms.delay, day, person);
            }
            Next::Over(ending) => self.close_course(&person, ending, at),
        }
    }

    /// A course ends and its place is free.
    pub(super) fn close_course(&mut self, person: &Person, ending: Ending, at: Time) {
        self.open[usize::from(person.treatment)] -= 1;
        self.release(person);
        self.end_course(person, ending, at);
    }

    /// What becomes of one session of somebody treated one to one or in a group that people may join.
    #[inline]
    pub(super) fn session(&mut self, person: &mut Person, luck: u64, at: Time) -> Next {
        let treatment = usize::from(person.treatment);
        let terms = &self.ready.terms_of(person).treatments[treatment];
        let outcome = terms.appointment.outcome(luck);
        let way = way_of(terms, person);
        let first = person.had == 0;
        let minutes = match (outcome.uses_time(), first) {
            (false, _) => 0.0,
            (true, true) => way.first,
            (true, false) => way.later,
        };
        self.use_minutes(treatment, person.tag, first, outcome, minutes);
        self.come(person, treatment, outcome, at);
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

    /// Counts an appointment of a course; whoever attends has had one session more.
    pub(super) fn come(
        &mut self,
        person: &mut Person,
        treatment: usize,
        outcome: Outcome,
        at: Time,
    ) {
        self.count_booking(person, outcome);
        let counts = &mut self.treatments[treatment];
        counts.booked[0] += 1.0;
        if outcome != Outcome::Attended {
            return;
        }
        counts.attended[0] += 1.0;
        person.had = person.had.saturating_add(1);
        person.missed = 0;
        if !person.is(mark::TREATED) {
            self.treated_first(person, at);
        } else if !person.is(mark::TWICE) {
            person.marks |= mark::TWICE;
            if person.treated >= 0 {
                self.watch
                    .wait(Wait::SecondContact, at, at - person.treated);
            }
        }
    }

    /// Takes minutes of a clinician, and counts them in the pool that the treatment prefers.
    pub(super) fn use_minutes(
        &mut self,
        treatment: usize,
        clinician: u32,
        first: bool,
        outcome: Outcome,
        minutes: f64,
    ) {
        if minutes <= 0.0 {
            return;
        }
        if let Some(one) = self.roster.clinicians.get_mut(clinician as usize) {
            one.minutes -= minutes;
        }
        let pool = &mut self.pools[self.ready.terms.treatments[treatment].pools[0]];
        let line = if first {
            &mut pool.first
        } else {
            &mut pool.later
        };
        line[0] += minutes;
        if outcome != Outcome::Attended {
            pool.lost[0] += minutes;
        }
        self.treatments[treatment].minutes[0] += minutes;
    }

    /// A course ends: completed or dropped out, stepped to another treatment or finished.
    pub(super) fn end_course(&mut self, person: &Person, ending: Ending, at: Time) {
        let treatment = usize::from(person.treatment);
        let terms = &self.ready.terms_of(person).treatments[treatment];
        if ending == Ending::Completed {
            self.counts.completed[0] += 1.0;
            self.treatments[treatment].completed[0] += 1.0;
            let step = if terms.steps[1] > 0 {
                let luck = high(person.luck(Decision::Step));
                terms.steps.iter().position(|&up_to| happens(luck, up_to))
            } else {
                None
            };
            if let Some(step) = step {
                let count = if step == 0 {
                    &mut self.counts.stepped_up
                } else {
                    &mut self.counts.stepped_down
                };
                count[0] += 1.0;
                self.treatments[treatment].stepped[0] += 1.0;
                if let Some(to) = terms.step_to[step] {
                    let mut person = *person;
                    person.courses = person.courses.saturating_add(1);
                    self.send_to(person, to, at);
                }
                return;
            }
        } else {
            self.counts.dropped_out[0] += 1.0;
            self.treatments[treatment].dropped_out[0] += 1.0;
        }
        if person.is(mark::TWICE) {
            self.finish(person, terms);
        }
    }

    /// A referral ends after two or more treatment contacts.
    fn finish(&mut self, person: &Person, terms: &Terms) {
        let luck = person.luck(Decision::Recovery);
        let treatment = &mut self.treatments[usize::from(person.treatment)];
        let counts = &mut self.counts;
        treatment.finishers[0] += 1.0;
        counts.finishers[0] += 1.0;
        if person.is(mark::SIX) {
            counts.finishers_within_6_weeks[0] += 1.0;
        }
        if person.is(mark::EIGHTEEN) {
            counts.finishers_within_18_weeks[0] += 1.0;
        }
        let at_caseness = happens(high(luck), terms.at_caseness);
        let recovered = at_caseness && happens(low(luck), terms.recovery[0]);
        self.watch.segments.note(
            person,
            What::Finished {
                at_caseness,
                recovered,
            },
        );
        if at_caseness {
            counts.finishers_at_caseness[0] += 1.0;
            if recovered {
                counts.recovered[0] += 1.0;
                treatment.recovered[0] += 1.0;
            }
            if happens(low(luck), terms.recovery[1]) {
                counts.reliably_recovered[0] += 1.0;
            }
        }
        if happens(high(mix(luck)), terms.improvement) {
            counts.reliably_improved[0] += 1.0;
        }
    }
}
