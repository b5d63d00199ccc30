//! Who is accepted, who is assessed, and where do they go?

use crate::simulate::clock::{noon, start_of};
use crate::simulate::list::age;
use crate::simulate::person::{Decision, NEVER, Person, Time, happens, high, low, mark, mixed};
use crate::simulate::segments::What;
use crate::simulate::service::Service;
use crate::simulate::service::starting::count;
use crate::simulate::terms::Outcome;
use crate::simulate::watch::{Event, Wait};
use crate::stream::mix;

/// Appointments or minutes below this are none.
const NONE: f64 = 1e-9;

/// People referred in a week who have not said yet whether they come.
#[derive(Debug, Clone, Default)]
pub(super) struct OptingIn {
    /// Those who will opt in.
    will: Vec<Person>,
    /// How many will not.
    will_not: u32,
}

impl OptingIn {
    /// Nobody decides any more; the memory is kept.
    pub(super) fn clear(&mut self) {
        self.will.clear();
        self.will_not = 0;
    }

    pub(super) fn people(&self) -> u32 {
        count(self.will.len()) + self.will_not
    }
}

impl Service<'_> {
    /// The referrals of a week: screening and opting in; the accepted wait for an assessment.
    pub(super) fn refer(&mut self, week: usize) {
        let ready = self.ready;
        let delay = ready.terms.opt_in_delay;
        let sources = ready.referred.sources();
        for segment in ready.timetable.segments_of_week[week].clone() {
            for source in 0..sources {
                let people = self.referrals[segment * sources + source];
                self.screen(week, segment, source, people);
                self.counts.referrals += people;
                self.referred_so_far = self.referred_so_far.wrapping_add(people);
            }
        }
        self.opt_in(week, week % (delay + 1));
    }

    /// Screens those whom a source refers in a part of a week.
    #[inline(never)] // its numbers stay in registers
    fn screen(&mut self, week: usize, segment: usize, source: usize, people: u32) {
        let ready = self.ready;
        let terms = &ready.terms;
        let (accepted, opt_in) = (terms.accepted, terms.opt_in);
        let slot = (week + terms.opt_in_delay) % (terms.opt_in_delay + 1);
        let deciding = &mut self.opting_in[slot];
        let base = ready.referred.key(self.key, segment, source);
        let (mut rejected, mut will_not) = (0, 0);
        for place in 0..people {
            let number = self.referred_so_far.wrapping_add(place);
            let mut person = Person::new(mixed(base, place.into()), 0, number);
            ready.segments.place(&mut person);
            self.watch.segments.note(&person, What::Referred);
            let luck = person.luck(Decision::Referral);
            if !happens(high(luck), accepted) {
                rejected += 1;
                continue;
            }
            // Settled already, and told when they have decided.
            if !person.meets(Decision::OptIn, opt_in) {
                will_not += 1;
                continue;
            }
            person.referred = ready.clock.some_time(week, segment, luck);
            person.joined = person.referred;
            if person.meets(Decision::Source, ready.terms_of(&person).urgent) {
                person.marks |= mark::URGENT;
            }
            deciding.will.push(person);
        }
        deciding.will_not += will_not;
        self.counts.rejected += rejected;
    }

    fn opt_in(&mut self, week: usize, slot: usize) {
        let mut deciding = std::mem::take(&mut self.opting_in[slot]);
        self.counts.not_opted_in += deciding.will_not;
        self.counts.accepted += count(deciding.will.len());
        deciding.will_not = 0;
        if self.ready.referred.sources() > 1 {
            // Sources come one after the other; the first come are first whatever their source.
            deciding.will.sort_by_key(|person| person.referred);
        }
        if self.ready.terms.at_once {
            for mut person in deciding.will.drain(..) {
                let at = person.referred.max(start_of(week));
                self.assessed(&mut person, at);
            }
        } else {
            self.assessment.join_all(&mut deciding.will, week);
        }
        self.opting_in[slot] = deciding;
    }

    /// Books assessments, the longest waits first. `offered` are minutes, or appointments where they are
    /// outside anybody's hours.
    pub(super) fn assess(&mut self, week: usize, offered: f64) {
        let ready = self.ready;
        let terms = &ready.terms;
        if terms.at_once {
            // Whoever waited on the first morning is assessed now.
            while let Some(mut person) = self.assessment.take(week) {
                self.counts.waited_assessment += count(age(&person, week, true));
                self.assessed(&mut person, start_of(week));
            }
            return;
        }
        let outside = ready.world.assessment.outside();
        let mut left = offered + self.assessment_carry;
        let least = if outside { 1.0 - NONE } else { NONE };
        let (mut used, mut lost) = (0.0, 0.0);
        while left >= least {
            let Some(mut person) = self.assessment.take(week) else {
                break;
            };
            let luck = person.booking();
            let own = ready.terms_of(&person);
            let outcome = own.assessment.outcome(luck);
            let minutes = if outcome.uses_time() {
                own.assessment_minutes
            } else {
                0.0
            };
            left -= if outside { 1.0 } else { minutes };
            used += minutes;
            let day = ready.clock.some_day(week, low(luck));
            let at = (start_of(week) + noon(day)).max(person.referred);
            self.count_booking(&person, outcome);
            if outcome != Outcome::Attended {
                lost += minutes;
            }
            self.watch
                .log(|| Event::assessment(&person, outcome, minutes, at));
            if outcome == Outcome::Attended {
                self.counts.waited_assessment += count(age(&person, week, true));
                self.assessed(&mut person, at);
            } else if outcome != Outcome::ProviderCancelled
                && happens(high(mix(luck)), terms.discharged)
            {
                self.counts.discharged_missed += 1;
            } else {
                self.missed.push(person);
            }
        }
        // Those who missed it are booked again before those who came after them.
        while let Some(person) = self.missed.pop() {
            self.assessment.put_back(person);
        }
        self.assessment_carry = match (outside, self.assessment.waiting() > 0) {
            (true, true) => left.clamp(0.0, 1.0),
            (true, false) => 0.0,
            (false, _) => left.min(0.0),
        };
        if let Some(role) = ready.timetable.assessment_role.filter(|_| !outside) {
            let pool = &mut self.pools[ready.timetable.roles[role].pool];
            pool.assessment[0] += used;
            pool.lost[0] += lost;
        }
    }

    fn count_booking(&mut self, person: &Person, outcome: Outcome) {
        self.note_booking(person, outcome);
        let counts = &mut self.counts;
        counts.booked += 1;
        let count = match outcome {
            Outcome::Attended => &mut counts.attended,
            Outcome::DidNotAttend => &mut counts.dna,
            Outcome::PatientCancelled(_) => &mut counts.patient_cancelled,
            Outcome::ProviderCancelled => &mut counts.provider_cancelled,
        };
        *count += 1;
    }

    /// Notes an appointment in the segment of the person.
    #[inline]
    pub(super) fn note_booking(&mut self, person: &Person, outcome: Outcome) {
        let attended = outcome == Outcome::Attended;
        self.watch.segments.note(person, What::Booked { attended });
    }

    /// Somebody has been assessed: they are routed.
    #[inline]
    fn assessed(&mut self, person: &mut Person, at: Time) {
        let terms = self.ready.terms_of(person);
        self.counts.assessed += 1;
        self.watch.segments.note(person, What::Assessed);
        self.watch.wait(Wait::Assessment, at, at - person.referred);
        if person.meets(Decision::Counts, terms.counts) {
            self.treated_first(person, at);
        }
        let luck = u64::from(high(person.luck(Decision::Route)));
        // Thresholds rise: those that luck has passed are those before the route.
        let route = terms.routes.iter().filter(|&&up_to| luck >= up_to).count();
        let treatments = terms.treatments.len();
        if route < treatments {
            self.send_to(person, route, at);
            return;
        }
        let counts = &mut self.counts;
        match route - treatments {
            1 => counts.declined += 1,
            2 => counts.not_suitable += 1,
            3 => counts.referred_on += 1,
            _ => counts.signposted += 1,
        }
    }

    /// Somebody joins the list of a treatment: at once if it runs in continuous time, or at the week's end.
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // few treatments
    pub(super) fn send_to(&mut self, person: &Person, treatment: usize, at: Time) {
        let person = Person {
            treatment: treatment as u8,
            joined: at,
            tag: NEVER,
            had: 0,
            missed: 0,
            marks: person.marks & !mark::OPENING,
            ..*person
        };
        if self.ready.terms.treatments[treatment].lasts.is_some() {
            self.timed.arrive(person);
        } else {
            self.arriving[treatment].push(person);
        }
    }

    /// The first treatment of somebody.
    #[inline]
    pub(super) fn treated_first(&mut self, person: &mut Person, at: Time) {
        person.first_treated(at);
        let counts = &mut self.counts;
        counts.first_treatments += 1;
        counts.first_treatments_within_6_weeks += u32::from(person.is(mark::SIX));
        counts.first_treatments_within_18_weeks += u32::from(person.is(mark::EIGHTEEN));
        let off_benefits = self.ready.terms.off_benefits;
        if off_benefits > 0 && happens(low(person.luck(Decision::Source)), off_benefits) {
            counts.off_benefits += 1;
        }
        let waited = at - person.referred;
        self.watch.wait(Wait::FirstTreatment, at, waited);
        let in_six = person.is(mark::SIX);
        self.watch
            .segments
            .note(person, What::FirstTreated { in_six, waited });
    }
}
