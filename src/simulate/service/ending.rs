//! What comes after a course: another step, or the end of the referral with its outcome.

use crate::simulate::person::{Decision, Person, Time, happens, high, low, mark};
use crate::simulate::segments::What;
use crate::simulate::service::Service;
use crate::simulate::terms::Terms;
use crate::stream::mix;

/// How a course ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// All planned sessions were had.
    Completed,
    /// The person stayed away.
    DroppedOut,
}

impl Service<'_> {
    /// A course ends and its place is free.
    pub(super) fn close_course(&mut self, person: &Person, ending: Ending, at: Time) {
        self.open[usize::from(person.treatment)] -= 1;
        self.release(person);
        self.end_course(person, ending, at);
    }

    /// A course ends: completed or dropped out, stepped to another treatment or finished.
    pub(super) fn end_course(&mut self, person: &Person, ending: Ending, at: Time) {
        let treatment = usize::from(person.treatment);
        let terms = &self.ready.terms_of(person).treatments[treatment];
        let tally = &mut self.tallies[treatment];
        if ending == Ending::Completed {
            tally.completed += 1;
            let step = if terms.steps[1] > 0 {
                let luck = high(person.luck(Decision::Step));
                terms.steps.iter().position(|&up_to| happens(luck, up_to))
            } else {
                None
            };
            if let Some(step) = step {
                tally.stepped[step] += 1;
                if let Some(to) = terms.step_to[step] {
                    let mut person = *person;
                    person.courses = person.courses.saturating_add(1);
                    self.send_to(&person, to, at);
                }
                return;
            }
        } else {
            tally.dropped_out += 1;
        }
        if person.is(mark::TWICE) {
            self.finish(person, terms);
        }
    }

    /// A referral ends after two or more treatment contacts.
    fn finish(&mut self, person: &Person, terms: &Terms) {
        let luck = person.luck(Decision::Recovery);
        let tally = &mut self.tallies[usize::from(person.treatment)];
        tally.finishers += 1;
        tally.in_time[0] += u32::from(person.is(mark::SIX));
        tally.in_time[1] += u32::from(person.is(mark::EIGHTEEN));
        let at_caseness = happens(high(luck), terms.at_caseness);
        let recovered = at_caseness & happens(low(luck), terms.recovery[0]);
        let reliably = at_caseness & happens(low(luck), terms.recovery[1]);
        tally.at_caseness += u32::from(at_caseness);
        tally.recovered[0] += u32::from(recovered);
        tally.recovered[1] += u32::from(reliably);
        tally.reliably_improved += u32::from(happens(high(mix(luck)), terms.improvement));
        let what = What::Finished {
            at_caseness,
            recovered,
        };
        self.watch.segments.note(person, what);
    }
}
