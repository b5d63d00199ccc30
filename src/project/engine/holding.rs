//! What comes of the sessions of the week: attended, completed, dropped out, stepped?

use crate::luck::Luck;
use crate::project::courses::{Outcome, Threefold, of_group};
use crate::project::engine::Engine;
use crate::project::queue::Taken;
use crate::project::whole::{Decision, nobody, share_of_rest, take_each};
use crate::timetable::world::TreatmentWorld;
use crate::unit::{Lanes, add, each};

impl<const L: usize, K: Luck<L>> Engine<'_, L, K> {
    pub(super) fn hold_sessions(&mut self, week: usize) {
        let all_starts = std::mem::take(&mut self.starts);
        for (index, start) in all_starts.iter().enumerate() {
            let world = &self.world.treatments[index];
            let starts: Threefold<L> = [start.people, start.six, start.eighteen];
            self.count_starts(index, start);
            let (courses, held) = (&mut self.courses[index], &self.due.held[index]);
            self.treatments[index].share_held = *held;
            if K::WHOLE {
                let luck = (&mut *self.luck, self.who[index]);
                let outcome = courses.hold_people(week, world, held, &starts, luck);
                self.count_sessions_of_people(week, index, world, &outcome);
                self.count_endings_of_people(week, index, world, &outcome);
            } else {
                let outcome = courses.hold(week, world, held, &starts);
                self.count_sessions(index, world, &outcome);
                self.count_endings(index, world, &outcome);
            }
        }
        self.starts = all_starts;
    }

    fn count_starts(&mut self, index: usize, start: &Taken<L>) {
        let counts = &mut self.counts;
        let step2 = self.timetable.treatments[index].step == 2;
        let treatment = &mut self.treatments[index];
        treatment.starts = start.people;
        treatment.waited = start.waited;
        let (starts, waited) = if step2 {
            (&mut counts.course_starts_step2, &mut counts.waited_step2)
        } else {
            (&mut counts.course_starts_step3, &mut counts.waited_step3)
        };
        add(starts, &start.people);
        add(waited, &start.waited);
        add(&mut counts.course_starts, &start.people);
        add(&mut counts.first_treatments, &start.first);
        add(
            &mut counts.first_treatments_within_6_weeks,
            &start.first_six,
        );
        add(
            &mut counts.first_treatments_within_18_weeks,
            &start.first_eighteen,
        );
        add(&mut counts.over_28_days, &start.over_28_days);
        add(&mut counts.over_90_days, &start.over_90_days);
    }

    fn count_sessions(&mut self, index: usize, world: &TreatmentWorld<L>, outcome: &Outcome<L>) {
        let counts = &mut self.counts;
        let treatment = &mut self.treatments[index];
        treatment.attended = outcome.attended;
        let booked = each(|l| outcome.first_booked[l] + outcome.later_booked[l]);
        treatment.booked = booked;
        add(&mut counts.booked, &booked);
        add(&mut counts.attended, &outcome.attended);
        let (sum, by_patient) = (&mut counts.patient_cancelled, &world.patient_cancel);
        add(sum, &each(|l| booked[l] * by_patient[l]));
        let (sum, by_service) = (&mut counts.provider_cancelled, &world.provider_cancel);
        add(sum, &each(|l| booked[l] * by_service[l]));
        add(&mut counts.dna, &each(|l| booked[l] * world.dna[l]));
    }

    fn count_endings(&mut self, index: usize, world: &TreatmentWorld<L>, outcome: &Outcome<L>) {
        let place = &self.timetable.treatments[index];
        let once = &self.world.assessment.counts;
        let (up, down) = (&world.step_up, &world.step_down);
        let ends: Lanes<L> = each(|l| 1.0 - up[l] - down[l]);
        // Those who came once are finishers only if their assessment counted as treatment too.
        let not_once: Lanes<L> = each(|l| 1.0 - once[l]);
        let mut finished = [[0.0; L]; 3];
        let kinds = self.courses[index].kinds();
        for (kind, finished) in finished.iter_mut().enumerate().take(kinds) {
            let (completed, dropped) = (&outcome.completed[kind], &outcome.dropped_out[kind]);
            let ended_early = &outcome.ended_after_one[kind];
            let completed_early = &outcome.completed_after_one[kind];
            *finished = each(|l| {
                let ended = completed[l] * ends[l] + dropped[l];
                let dropped_early = ended_early[l] - completed_early[l];
                ended - (dropped_early + completed_early[l] * ends[l]) * not_once[l]
            });
        }
        let [finishers, within_6_weeks, within_18_weeks] = finished;
        let (completed, dropped) = (outcome.completed[0], outcome.dropped_out[0]);
        let at_caseness = each(|l| finishers[l] * world.at_caseness[l]);
        let recovered = each(|l| at_caseness[l] * world.recovery[l]);
        let reliably = each(|l| at_caseness[l] * world.reliable_recovery[l]);
        let improved = each(|l| finishers[l] * world.reliable_improvement[l]);
        let (stepped_up, stepped_down): (Lanes<L>, Lanes<L>) = (
            each(|l| completed[l] * up[l]),
            each(|l| completed[l] * down[l]),
        );
        let treatment = &mut self.treatments[index];
        treatment.completed = completed;
        treatment.dropped_out = dropped;
        treatment.stepped = each(|l| stepped_up[l] + stepped_down[l]);
        treatment.finishers = finishers;
        treatment.recovered = recovered;
        let counts = &mut self.counts;
        add(&mut counts.completed, &completed);
        add(&mut counts.dropped_out, &dropped);
        add(&mut counts.stepped_up, &stepped_up);
        add(&mut counts.stepped_down, &stepped_down);
        add(&mut counts.finishers, &finishers);
        add(&mut counts.finishers_within_6_weeks, &within_6_weeks);
        add(&mut counts.finishers_within_18_weeks, &within_18_weeks);
        add(&mut counts.finishers_at_caseness, &at_caseness);
        add(&mut counts.recovered, &recovered);
        add(&mut counts.reliably_recovered, &reliably);
        add(&mut counts.reliably_improved, &improved);
        for (to, share) in [(place.step_up_to, up), (place.step_down_to, down)] {
            if let Some(to) = to {
                let joining = &mut self.arriving[to];
                let [all, six, eighteen] = &outcome.completed;
                add(&mut joining.people, &each(|l| all[l] * share[l]));
                if kinds > 1 {
                    add(&mut joining.six, &each(|l| six[l] * share[l]));
                    add(&mut joining.eighteen, &each(|l| eighteen[l] * share[l]));
                }
            }
        }
    }

    fn count_sessions_of_people(
        &mut self,
        week: usize,
        index: usize,
        world: &TreatmentWorld<L>,
        outcome: &Outcome<L>,
    ) {
        let (counts, luck) = (&mut self.counts, &mut *self.luck);
        let treatment = &mut self.treatments[index];
        let attended = &outcome.attended;
        let booked = each(|l| outcome.first_booked[l] + outcome.later_booked[l]);
        treatment.attended = *attended;
        treatment.booked = booked;
        add(&mut counts.booked, &booked);
        add(&mut counts.attended, attended);
        let of = |decision: Decision| decision.of(self.who[index], week, 0);
        let (dna, patient) = (&world.dna, &world.patient_cancel);
        let rest: Lanes<L> = each(|l| patient[l] + world.provider_cancel[l]);
        let missed = each(|l| booked[l] - attended[l]);
        let share = each(|l| share_of_rest(dna[l], dna[l] + rest[l]));
        let said_nothing = take_each(luck, &missed, &share, of(Decision::Dna));
        let others = each(|l| missed[l] - said_nothing[l]);
        let share = each(|l| share_of_rest(patient[l], rest[l]));
        let cancelled = take_each(luck, &others, &share, of(Decision::Cancelled));
        add(&mut counts.dna, &said_nothing);
        add(&mut counts.patient_cancelled, &cancelled);
        let by_service = each(|l| others[l] - cancelled[l]);
        add(&mut counts.provider_cancelled, &by_service);
    }

    /// The same with whole people: everybody is stepped, finishes and recovers on their own.
    fn count_endings_of_people(
        &mut self,
        week: usize,
        index: usize,
        world: &TreatmentWorld<L>,
        outcome: &Outcome<L>,
    ) {
        let (place, who) = (&self.timetable.treatments[index], self.who[index]);
        let once = &self.world.assessment.counts;
        let (share_up, share_down) = (&world.step_up, &world.step_down);
        let share_down = each(|l| share_of_rest(share_down[l], 1.0 - share_up[l]));
        let mut finished = [[0.0; L]; 3];
        let (mut all_up, mut all_down) = ([0.0; L], [0.0; L]);
        for group in 0..3 {
            let of = |of: &Threefold<L>| of_group(of, group);
            let (completed, dropped) = (of(&outcome.completed), of(&outcome.dropped_out));
            if nobody(&completed) && nobody(&dropped) {
                continue;
            }
            let early = of(&outcome.completed_after_one);
            let ended_early = of(&outcome.ended_after_one);
            let dropped_early: Lanes<L> = each(|l| ended_early[l] - early[l]);
            let parts = [early, each(|l| completed[l] - early[l])];
            let mut end = [[0.0; L]; 2];
            for (part, (end, people)) in end.iter_mut().zip(parts).enumerate() {
                if nobody(&people) {
                    continue;
                }
                let luck = &mut *self.luck;
                let of = |decision: Decision| decision.of(who, week, group * 2 + part);
                let up = take_each(luck, &people, share_up, of(Decision::StepsUp));
                let stays = each(|l| people[l] - up[l]);
                let down = take_each(luck, &stays, &share_down, of(Decision::StepsDown));
                *end = each(|l| stays[l] - down[l]);
                add(&mut all_up, &up);
                add(&mut all_down, &down);
                for (to, people) in [(place.step_up_to, up), (place.step_down_to, down)] {
                    if let Some(to) = to {
                        self.arriving[to].add_group(group, &people);
                    }
                }
            }
            let came_once = each(|l| dropped_early[l] + end[0][l]);
            let place = Decision::Once.of(who, week, group);
            let treated_before = take_each(self.luck, &came_once, once, place);
            finished[group] =
                each(|l| dropped[l] - dropped_early[l] + end[1][l] + treated_before[l]);
        }
        let [six, later, late] = &finished;
        let eighteen: Lanes<L> = each(|l| six[l] + later[l]);
        let finishers = each(|l| eighteen[l] + late[l]);
        let (counts, treatment) = (&mut self.counts, &mut self.treatments[index]);
        add(&mut counts.completed, &outcome.completed[0]);
        add(&mut counts.dropped_out, &outcome.dropped_out[0]);
        add(&mut counts.stepped_up, &all_up);
        add(&mut counts.stepped_down, &all_down);
        treatment.completed = outcome.completed[0];
        treatment.dropped_out = outcome.dropped_out[0];
        treatment.stepped = each(|l| all_up[l] + all_down[l]);
        treatment.finishers = finishers;
        add(&mut counts.finishers_within_6_weeks, six);
        add(&mut counts.finishers_within_18_weeks, &eighteen);
        add(&mut counts.finishers, &finishers);
        self.count_outcomes(week, index, world, &finishers);
    }

    /// How finishers are. Who recovers reliably has recovered and has improved reliably.
    fn count_outcomes(
        &mut self,
        week: usize,
        index: usize,
        world: &TreatmentWorld<L>,
        finishers: &Lanes<L>,
    ) {
        let luck = &mut *self.luck;
        let of = |decision: Decision| decision.of(self.who[index], week, 0);
        let (caseness, recovery) = (&world.at_caseness, &world.recovery);
        let (reliable, improvement) = (&world.reliable_recovery, &world.reliable_improvement);
        let at_caseness = take_each(luck, finishers, caseness, of(Decision::Caseness));
        let recovered = take_each(luck, &at_caseness, recovery, of(Decision::Recovers));
        // Of those who have recovered, unless more recover reliably than at all.
        let fewer = |l: usize| reliable[l] <= recovery[l];
        let people = each(|l| {
            if fewer(l) {
                recovered[l]
            } else {
                at_caseness[l]
            }
        });
        let share = each(|l| {
            let share = share_of_rest(reliable[l], recovery[l]);
            if fewer(l) { share } else { reliable[l] }
        });
        let reliably = take_each(luck, &people, &share, of(Decision::RecoversReliably));
        // And some of the others, unless fewer improve than recover reliably.
        let both: Lanes<L> = each(|l| caseness[l] * reliable[l]);
        let more = |l: usize| improvement[l] >= both[l];
        let sure: Lanes<L> = each(|l| if more(l) { reliably[l] } else { 0.0 });
        let others = each(|l| finishers[l] - sure[l]);
        let share = each(|l| {
            let share = share_of_rest(improvement[l] - both[l], 1.0 - both[l]);
            if more(l) { share } else { improvement[l] }
        });
        let also = take_each(luck, &others, &share, of(Decision::Improves));
        let counts = &mut self.counts;
        add(&mut counts.finishers_at_caseness, &at_caseness);
        add(&mut counts.recovered, &recovered);
        add(&mut counts.reliably_recovered, &reliably);
        add(&mut counts.reliably_improved, &each(|l| sure[l] + also[l]));
        self.treatments[index].recovered = recovered;
    }
}
