//! When does a group start, who is in it, and who holds its sessions?
//!
//! A group starts when it is full, or on its date with those who wait. Its sessions take the time of its staff
//! whoever comes; a session that somebody misses is missed, and all are done when the group has had as many
//! as are planned for it. A group whose staff have no minutes slips a week.

use crate::luck::uniform;
use crate::simulate::clock::{noon, start_of};
use crate::simulate::person::{Decision, NEVER, Person, happens, high, low};
use crate::simulate::service::Service;
use crate::simulate::service::ending::Ending;
use crate::simulate::service::treating::way_of;
use crate::simulate::terms::{Closed, Outcome};
use crate::simulate::watch::Event;

/// A group under way.
#[derive(Debug, Clone)]
struct Group {
    members: Vec<Person>,
    treatment: usize,
    pool: usize,
    /// Staff who hold it; those who leave are replaced.
    staff: Vec<u32>,
    had: u8,
    planned: u8,
    day: usize,
    due: usize,
}

/// All groups under way.
#[derive(Debug, Clone)]
pub(super) struct Groups {
    running: Vec<Group>,
    /// Emptied lists of members, used again.
    spare: Vec<Vec<Person>>,
}

impl Groups {
    pub(super) const fn new() -> Self {
        Self {
            running: Vec::new(),
            spare: Vec::new(),
        }
    }

    /// No group is under way any more.
    pub(super) fn clear(&mut self) {
        self.running.clear();
    }
}

/// Last session before which somebody may join late.
const LATEST: u8 = 2;

impl Service<'_> {
    /// Starts as many groups of a treatment as are full, or are due, and can be staffed.
    pub(super) fn start_groups(&mut self, week: usize, pool: usize, treatment: usize) {
        let Some(closed) = self.ready.terms.treatments[treatment].closed else {
            return;
        };
        let due = closed.every_weeks == 0 || week.is_multiple_of(closed.every_weeks);
        if !due {
            return;
        }
        loop {
            let waiting = self.lists[treatment].waiting();
            let enough = if closed.every_weeks == 0 {
                waiting >= closed.size
            } else {
                waiting > 0
            };
            if !enough || self.room[pool] < closed.size.min(waiting) {
                return;
            }
            let Some(staff) = self.staff_for(pool, &closed) else {
                return;
            };
            self.start_group(week, pool, treatment, &closed, staff);
        }
    }

    /// Clinicians with minutes left, the most first; nobody in particular where the pool has places.
    fn staff_for(&mut self, pool: usize, closed: &Closed) -> Option<Vec<u32>> {
        if self.ready.places[pool] {
            return Some(Vec::new());
        }
        let mut staff = Vec::new();
        let wanted = super::starting::whole(closed.facilitators.ceil()).max(1);
        let mut kept = Vec::new();
        while staff.len() < wanted {
            let Some(place) = self.roster.free(pool, false) else {
                break;
            };
            staff.push(u32::try_from(place).unwrap_or(NEVER));
            // Nobody holds a group twice over: their minutes are set aside until all are found.
            kept.push((place, self.roster.clinicians[place].minutes));
            self.roster.clinicians[place].minutes = 0.0;
        }
        for (place, minutes) in kept {
            self.roster.clinicians[place].minutes = minutes;
        }
        self.roster.make_ready(pool);
        (staff.len() == wanted).then_some(staff)
    }

    fn start_group(
        &mut self,
        week: usize,
        pool: usize,
        treatment: usize,
        closed: &Closed,
        staff: Vec<u32>,
    ) {
        let terms = &self.ready.terms.treatments[treatment];
        let mut members = self.groups.spare.pop().unwrap_or_default();
        let mut group = None;
        while members.len() < closed.size {
            let Some(mut person) = self.lists[treatment].take(week) else {
                break;
            };
            // The group's day and number of sessions are its first member's luck.
            let (day, planned) = *group.get_or_insert_with(|| {
                let day = high(person.luck(Decision::Weekday));
                let sessions = terms
                    .sessions
                    .quantile(uniform(person.luck(Decision::Plan)));
                (
                    self.ready.clock.some_day(week, day),
                    u8::try_from(sessions.max(1)).unwrap_or(u8::MAX),
                )
            });
            let at = start_of(week) + noon(self.ready.clock.held_on(week, day));
            person.planned = planned;
            person.tag = NEVER;
            self.begin_course(&mut person, week, at);
            self.room[pool] -= 1;
            members.push(person);
        }
        let Some((day, planned)) = group else {
            return;
        };
        let mut group = Group {
            members,
            treatment,
            pool,
            staff,
            had: 0,
            planned,
            day,
            due: week,
        };
        self.hold_group(&mut group, week);
        self.keep(group);
    }

    fn keep(&mut self, mut group: Group) {
        if group.members.is_empty() {
            group.members.clear();
            self.groups.spare.push(group.members);
        } else {
            self.groups.running.push(group);
        }
    }

    /// Holds the groups that are due.
    pub(super) fn hold_groups(&mut self, week: usize) {
        let mut running = std::mem::take(&mut self.groups.running);
        for mut group in running.drain(..) {
            if group.due <= week {
                let treatment = group.treatment;
                self.due[treatment] += group.members.len();
                if self.staff_is_free(&mut group) {
                    self.held[treatment] += group.members.len();
                    self.join_late(&mut group, week);
                    self.hold_group(&mut group, week);
                } else {
                    group.due = week + 1;
                }
            }
            self.keep(group);
        }
    }

    /// Whether the staff of a group have minutes; those who are gone or away are replaced.
    fn staff_is_free(&mut self, group: &mut Group) -> bool {
        if self.ready.places[group.pool] {
            return true;
        }
        self.roster.make_ready(group.pool);
        for place in 0..group.staff.len() {
            if !self.roster.is_here(group.staff[place], &[group.pool]) {
                let other = self.roster.free(group.pool, false);
                let Some(other) =
                    other.filter(|&other| group.staff.iter().all(|&one| one as usize != other))
                else {
                    return false;
                };
                group.staff[place] = u32::try_from(other).unwrap_or(NEVER);
            }
        }
        group.staff.iter().all(|&one| self.roster.has_minutes(one))
    }

    /// Whoever waits may join a group that has begun, while there is room.
    fn join_late(&mut self, group: &mut Group, week: usize) {
        let Some(closed) = self.ready.terms.treatments[group.treatment].closed else {
            return;
        };
        if !closed.late_joiners || group.had >= LATEST {
            return;
        }
        let at = start_of(week) + noon(self.ready.clock.held_on(week, group.day));
        while group.members.len() < closed.size && self.room[group.pool] > 0 {
            let Some(mut person) = self.lists[group.treatment].take(week) else {
                return;
            };
            person.planned = group.planned;
            person.tag = NEVER;
            self.begin_course(&mut person, week, at);
            self.room[group.pool] -= 1;
            group.members.push(person);
        }
    }

    fn hold_group(&mut self, group: &mut Group, week: usize) {
        let ready = self.ready;
        let terms = &ready.terms.treatments[group.treatment];
        let Some(closed) = terms.closed else {
            return;
        };
        let at = start_of(week) + noon(ready.clock.held_on(week, group.day));
        let first = group.had == 0;
        group.had = group.had.saturating_add(1);
        let last = group.had >= group.planned;
        // All of a group's time is used whoever comes; its staff share it.
        let way = way_of(terms, &group.members[0]);
        let minutes = if first { way.first } else { way.later } * closed.exact;
        let tally = &mut self.tallies[group.treatment];
        tally.use_minutes(Outcome::Attended, first, minutes);
        let sharing = group.staff.len().max(1) as f64;
        for &one in &group.staff {
            self.take_minutes(one, minutes / sharing);
        }
        let mut place = 0;
        while place < group.members.len() {
            let mut person = group.members[place];
            let luck = person.booking();
            let own = &ready.terms_of(&person).treatments[group.treatment];
            let outcome = own.appointment.outcome(luck);
            self.tallies[group.treatment].other(outcome);
            self.note_booking(&person, outcome);
            let came = outcome == Outcome::Attended;
            if came {
                self.attend(&mut person, at);
            }
            self.watch.log(|| {
                let staff = group.staff.first().copied().unwrap_or(NEVER);
                let minutes = minutes / closed.exact;
                let seen = Person {
                    tag: staff,
                    ..person
                };
                Event::session(&seen, group.treatment, way, outcome, minutes, at)
            });
            let ending = if last && person.had > 0 {
                Some(Ending::Completed)
            } else if last || (came && happens(low(luck), own.drop_out)) {
                Some(Ending::DroppedOut)
            } else {
                None
            };
            if let Some(ending) = ending {
                self.end_course(&person, ending, at);
                self.open[group.treatment] -= 1;
                group.members.swap_remove(place);
            } else {
                group.members[place] = person;
                place += 1;
            }
        }
        group.due = week + terms.interval;
    }
}
