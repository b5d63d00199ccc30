//! Who starts a course this week, and with whom?
//!
//! Bought treatment takes the longest waiters; then each pool starts courses while it has minutes or places,
//! the longest waits first over all of its lists. The clinician with the most minutes left takes the next.

use crate::luck::uniform;
use crate::simulate::clock::{noon, start_of};
use crate::simulate::list::age;
use crate::simulate::person::{Decision, Person, Time, days_between, high, mark};
use crate::simulate::segments::What;
use crate::simulate::service::Service;
use crate::simulate::terms::Terms;
use crate::simulate::watch::Wait;
use crate::timetable::ledger::Ledger;

impl Service<'_> {
    /// Limits on new courses by pool: review of cases, and for pools of places their number, caseload and new
    /// starts. Clinicians have their own limits.
    pub(super) fn make_rooms(&mut self, week: usize, ledger: &Ledger<1>) {
        let (timetable, world) = (self.ready.timetable, self.ready.world);
        let worked = self.worked(week).max(1e-12);
        self.open_in_pool.fill(0);
        for (terms, &open) in self.ready.terms.treatments.iter().zip(&self.open) {
            self.open_in_pool[terms.pools[0]] += open;
        }
        for (pool, _) in timetable.pools() {
            let mut most = f64::INFINITY;
            let mut starts = f64::INFINITY;
            let reviewed = timetable.reviews.iter().zip(&ledger.most_cases);
            for (_, cases) in reviewed.filter(|(review, _)| review.pool == pool) {
                most = most.min(cases[0]);
            }
            if self.ready.places[pool] {
                let (mut places, mut caseload, mut new) = (0.0, None, None);
                for member in timetable.roles_of_pool(pool) {
                    let role = &world.roles[member];
                    if timetable.roles[member].course.is_some() {
                        continue;
                    }
                    let ramped = self.present.ramped[member][0];
                    places += role.slots.map_or(0.0, |slots| slots[0]);
                    places += role
                        .slots_per_wte
                        .map_or(0.0, |each| each[0] * ramped / worked);
                    if let Some(each) = role.caseload_max {
                        caseload = Some(caseload.unwrap_or(0.0) + each[0] * ramped / worked);
                    }
                    if let Some(each) = role.new_starts {
                        new = Some(new.unwrap_or(0.0) + each[0] * ramped);
                    }
                }
                most = most.min(places).min(caseload.unwrap_or(f64::INFINITY));
                starts = new.unwrap_or(f64::INFINITY);
            }
            let left = whole(most).saturating_sub(self.open_in_pool[pool]);
            self.room[pool] = left.min(whole(starts));
            self.most[pool] = whole(most);
        }
    }

    /// Bought treatment takes those who have waited longest.
    pub(super) fn buy(&mut self, week: usize) {
        let ready = self.ready;
        for (index, bought) in ready.timetable.bought.iter().enumerate() {
            let offered = bought.people[week] + self.bought_carry[index];
            let people = whole(offered);
            let mut taken = 0;
            while taken < people && self.lists[bought.treatment].take(week).is_some() {
                taken += 1;
            }
            self.bought_carry[index] = offered - people as f64;
            self.bought[index] = [taken as f64];
            self.counts.treated_elsewhere += count(taken);
        }
    }

    /// New courses from the minutes and places that are left.
    pub(super) fn start_courses(&mut self, week: usize) {
        let ready = self.ready;
        for (pool, here) in &ready.turns {
            let pool = *pool;
            if !ready.places[pool] {
                self.roster.make_ready(pool);
            }
            for &treatment in here {
                if ready.terms.treatments[treatment].closed.is_some() {
                    self.start_groups(week, pool, treatment);
                }
            }
            self.start_oldest_first(week, pool, here);
        }
    }

    fn start_oldest_first(&mut self, week: usize, pool: usize, here: &[usize]) {
        let ready = self.ready;
        if let [only] = *here
            && ready.places[pool]
            && self.buckets[only].is_some()
        {
            self.start_in_places(week, pool, only);
            return;
        }
        while self.room[pool] > 0 {
            let clinician = if ready.places[pool] {
                None
            } else {
                let Some(place) = self.roster.free(pool, true) else {
                    return;
                };
                Some(place)
            };
            let Some(person) = self.take_oldest(week, here) else {
                return;
            };
            self.room[pool] -= 1;
            self.start(person, week, clinician);
        }
    }

    /// Takes whoever has waited longest in the lists of some treatments.
    fn take_oldest(&mut self, week: usize, treatments: &[usize]) -> Option<Person> {
        let alone = |treatment: usize| {
            let terms = &self.ready.terms.treatments[treatment];
            terms.closed.is_none() && terms.lasts.is_none()
        };
        let mut next: Option<(usize, Time)> = None;
        for &treatment in treatments.iter().filter(|&&treatment| alone(treatment)) {
            if let Some(head) = self.lists[treatment].head(week)
                && next.is_none_or(|(_, joined)| head.joined < joined)
            {
                next = Some((treatment, head.joined));
            }
        }
        self.lists[next?.0].take(week)
    }

    /// Somebody starts a course: the first session is held in the same week.
    fn start(&mut self, mut person: Person, week: usize, clinician: Option<usize>) {
        let ready = self.ready;
        let treatment = usize::from(person.treatment);
        if clinician.is_none() && self.buckets[treatment].is_some() {
            self.start_in_place(&mut person, week);
            return;
        }
        let day = self.day_of_sessions(&person, week);
        let at = start_of(week) + noon(ready.clock.held_on(week, day));
        self.begin_course(&mut person, week, at);
        person.planned = planned(&ready.terms_of(&person).treatments[treatment], &person);
        person.tag = crate::simulate::person::NEVER;
        if let Some(place) = clinician {
            self.give_to(&mut person, place);
            self.roster.clinicians[place].starts -= 1.0;
        }
        self.hold(person, week, day, at);
    }

    /// The day of the week of somebody's sessions.
    #[inline]
    pub(super) fn day_of_sessions(&self, person: &Person, week: usize) -> usize {
        let luck = high(person.luck(Decision::Weekday));
        self.ready.clock.some_day(week, luck)
    }

    /// Counts a course that starts, and the wait that ends with it.
    #[inline]
    pub(super) fn begin_course(&mut self, person: &mut Person, week: usize, at: Time) {
        let treatment = usize::from(person.treatment);
        let step2 = self.ready.terms.treatments[treatment].step2;
        let days = days_between(person.joined, at);
        self.open[treatment] += 1;
        let tally = &mut self.tallies[treatment];
        tally.starts += 1;
        tally.waited += count(age(person, week, false));
        tally.over_28_days += u32::from(days > 28);
        tally.over_90_days += u32::from(days > 90);
        let kind = if step2 { Wait::Step2 } else { Wait::Step3 };
        let waited = at - person.joined;
        self.watch.wait(kind, at, waited);
        self.watch
            .segments
            .note(person, What::Started { step2, waited });
        if self.ready.some_are_urgent {
            let urgent = person.is(mark::URGENT);
            let class = if urgent { Wait::Urgent } else { Wait::Routine };
            self.watch.wait(class, at, at - person.joined);
        }
        person.had = 0;
        person.missed = 0;
        person.marks &= !mark::OPENING;
    }

    /// The pool whose minutes are not fenced off: what one side does not need, the other may use.
    pub(super) fn spills_into(&self) -> Option<usize> {
        let assessment = &self.ready.world.assessment;
        let role = (self.ready.timetable.assessment_role)
            .filter(|_| assessment.spill_over && !assessment.outside())?;
        Some(self.ready.timetable.roles[role].pool).filter(|&pool| !self.ready.places[pool])
    }

    /// Minutes that the list for assessments does not need go to those who treat; returns how many.
    pub(super) fn lend(&mut self, pool: usize, ring: f64) -> f64 {
        let waiting = self.assessment.waiting() as f64;
        let needed = waiting * self.ready.world.assessment.minutes[0] - self.assessment_carry;
        let lent = (ring - needed.max(0.0)).max(0.0);
        self.roster.share_out(pool, lent);
        lent
    }

    /// Minutes that nobody needed for treatment.
    pub(super) fn take_back(&mut self, pool: usize) -> f64 {
        self.roster.take_back(pool)
    }
}

/// People, or weeks of theirs, as they are counted.
#[inline]
#[allow(clippy::cast_possible_truncation)] // people of a service, weeks of a run
pub(super) const fn count(people: usize) -> u32 {
    people as u32
}

/// Sessions planned for somebody.
#[inline]
#[allow(clippy::cast_possible_truncation)] // at most 60
pub(super) fn planned(terms: &Terms, person: &Person) -> u8 {
    if let Some(all) = terms.sessions.only() {
        return all.max(1) as u8;
    }
    terms
        .sessions
        .quantile(uniform(person.luck(Decision::Plan)))
        .max(1) as u8
}

/// Whole people of an amount, with the last digits forgiven.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // not below 0, and saturating
pub(super) fn whole(amount: f64) -> usize {
    (amount + 1e-9).floor().max(0.0) as usize
}
