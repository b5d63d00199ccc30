//! What stands at the end of a week: who gave up, who joined which list, what was not used?

use crate::record::view::{Lists, WaitsFor};
use crate::simulate::list::List;
use crate::simulate::service::Service;
use crate::simulate::service::front_door::OptingIn;
use crate::simulate::service::starting::count;
use crate::unit::Lanes;

impl Service<'_> {
    /// Those whose patience ends leave their list; those routed or stepped this week join theirs.
    pub(super) fn give_up_and_arrive(&mut self, week: usize) {
        let mut gone = self.assessment.give_up(week);
        for list in &mut self.lists {
            gone += list.give_up(week);
        }
        self.counts.reneged = count(gone);
        for (list, arriving) in self.lists.iter_mut().zip(&mut self.arriving) {
            list.join_all(arriving, week + 1);
        }
    }

    /// Stocks at the end of the week and minutes that were not used.
    pub(super) fn close(&mut self, week: usize) {
        self.add_up();
        let counts = &mut self.counts;
        counts.opting_in = self.opting_in.iter().map(OptingIn::people).sum();
        counts.waiting_assessment = count(self.assessment.waiting());
        for (index, terms) in self.ready.terms.treatments.iter().enumerate() {
            let (waiting, open) = (count(self.lists[index].waiting()), count(self.open[index]));
            if terms.step2 {
                counts.waiting_step2 += waiting;
                counts.open_step2 += open;
            } else {
                counts.waiting_step3 += waiting;
                counts.open_step3 += open;
            }
            let treatment = &mut self.treatments[index];
            treatment.waiting = [waiting.into()];
            treatment.open = [open.into()];
            if self.due[index] > 0 {
                treatment.share_held[0] = self.held[index] as f64 / self.due[index] as f64;
            }
        }
        for pool in &mut self.pools {
            let used = pool.supervision[0]
                + pool.screening[0]
                + pool.assessment[0]
                + pool.first[0]
                + pool.later[0];
            pool.idle[0] = (pool.bookable[0] - used).max(0.0);
        }
        if let Some(month) = self.watch.closes(week) {
            self.watch
                .note_loads(month, &self.roster, self.ready.timetable);
        }
    }
}

/// The lists as whoever looks on sees them.
#[derive(Debug)]
pub(super) struct ListsOf<'a> {
    pub(super) assessment: &'a List,
    pub(super) lists: &'a [List],
}

impl Lists<1> for ListsOf<'_> {
    fn by_age(&self, week: usize, each: &mut dyn FnMut(WaitsFor, usize, &Lanes<1>)) {
        let treatments = self.lists.iter().enumerate();
        let all = std::iter::once((WaitsFor::Assessment, self.assessment))
            .chain(treatments.map(|(index, list)| (WaitsFor::Treatment(index), list)));
        let mut ages: Vec<u32> = Vec::new();
        for (what, list) in all {
            ages.clear();
            for person in list.everybody(week) {
                let age = list.age(person, week);
                if ages.len() <= age {
                    ages.resize(age + 1, 0);
                }
                ages[age] += 1;
            }
            for (age, &people) in ages.iter().enumerate() {
                each(what, age, &[f64::from(people)]);
            }
        }
    }
}
