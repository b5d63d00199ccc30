//! What comes of the sessions of the week: attended, completed, dropped out, stepped?

use crate::luck::Luck;
use crate::project::courses::{Outcome, Threefold, groups};
use crate::project::engine::Engine;
use crate::project::queue::Taken;
use crate::project::whole::{Decision, share_of_rest, take};
use crate::timetable::world::TreatmentWorld;
use crate::unit::{Lanes, add, each};

impl<const L: usize, K: Luck<L>> Engine<'_, L, K> {
    pub(super) fn hold_sessions(&mut self, week: usize) {
        for index in 0..self.courses.len() {
            let world = &self.world.treatments[index];
            let start = self.starts[index];
            let starts: Threefold<L> = [start.people, start.six, start.eighteen];
            self.count_starts(index, &start);
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
        for (kind, finished) in finished.iter_mut().enumerate() {
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
                add(&mut joining.six, &each(|l| six[l] * share[l]));
                add(&mut joining.eighteen, &each(|l| eighteen[l] * share[l]));
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
        let counts = &mut self.counts;
        let treatment = &mut self.treatments[index];
        treatment.attended = outcome.attended;
        let who = self.who[index];
        for lane in 0..L {
            let booked = outcome.first_booked[lane] + outcome.later_booked[lane];
            treatment.booked[lane] = booked;
            counts.booked[lane] += booked;
            counts.attended[lane] += outcome.attended[lane];
            let missed = booked - outcome.attended[lane];
            let (dna, patient) = (world.dna[lane], world.patient_cancel[lane]);
            let rest = patient + world.provider_cancel[lane];
            let (share, place) = (share_of_rest(dna, dna + rest), Decision::Dna);
            let said_nothing = take(self.luck, lane, missed, share, place.of(who, week, 0));
            let (share, place) = (share_of_rest(patient, rest), Decision::Cancelled);
            let others = missed - said_nothing;
            let cancelled = take(self.luck, lane, others, share, place.of(who, week, 0));
            counts.dna[lane] += said_nothing;
            counts.patient_cancelled[lane] += cancelled;
            counts.provider_cancelled[lane] += others - cancelled;
        }
    }

    /// The same with whole people: everybody is stepped, finishes and recovers on their own.
    fn count_endings_of_people(
        &mut self,
        week: usize,
        index: usize,
        world: &TreatmentWorld<L>,
        outcome: &Outcome<L>,
    ) {
        let place = &self.timetable.treatments[index];
        let who = self.who[index];
        for lane in 0..L {
            let once = self.world.assessment.counts[lane];
            let of = |of: &Threefold<L>| groups(of, lane);
            let (completed, dropped) = (of(&outcome.completed), of(&outcome.dropped_out));
            let (ended_early, completed_early) = (
                of(&outcome.ended_after_one),
                of(&outcome.completed_after_one),
            );
            let mut finished = [0.0; 3];
            let (mut all_up, mut all_down) = (0.0, 0.0);
            for group in 0..3 {
                if completed[group] + dropped[group] <= 0.0 {
                    continue;
                }
                let early = completed_early[group];
                let dropped_early = ended_early[group] - early;
                let parts = [early, completed[group] - early];
                let mut end = [0.0; 2];
                for (part, (end, people)) in end.iter_mut().zip(parts).enumerate() {
                    let of = |decision: Decision| decision.of(who, week, group * 2 + part);
                    let (share_up, share_down) = (world.step_up[lane], world.step_down[lane]);
                    let up = take(self.luck, lane, people, share_up, of(Decision::StepsUp));
                    let share = share_of_rest(share_down, 1.0 - share_up);
                    let stays = people - up;
                    let down = take(self.luck, lane, stays, share, of(Decision::StepsDown));
                    *end = stays - down;
                    all_up += up;
                    all_down += down;
                    for (to, people) in [(place.step_up_to, up), (place.step_down_to, down)] {
                        if let Some(to) = to.filter(|_| people > 0.0) {
                            let joining = &mut self.arriving[to];
                            joining.people[lane] += people;
                            joining.six[lane] += people * f64::from(u8::from(group == 0));
                            joining.eighteen[lane] += people * f64::from(u8::from(group < 2));
                        }
                    }
                }
                let came_once = dropped_early + end[0];
                let place = Decision::Once.of(who, week, group);
                let treated_before = take(self.luck, lane, came_once, once, place);
                finished[group] = dropped[group] - dropped_early + end[1] + treated_before;
            }
            let counts = &mut self.counts;
            let treatment = &mut self.treatments[index];
            counts.completed[lane] += outcome.completed[0][lane];
            counts.dropped_out[lane] += outcome.dropped_out[0][lane];
            counts.stepped_up[lane] += all_up;
            counts.stepped_down[lane] += all_down;
            treatment.completed[lane] = outcome.completed[0][lane];
            treatment.dropped_out[lane] = outcome.dropped_out[0][lane];
            treatment.stepped[lane] = all_up + all_down;
            counts.finishers_within_6_weeks[lane] += finished[0];
            counts.finishers_within_18_weeks[lane] += finished[0] + finished[1];
            let finishers = finished.iter().sum();
            treatment.finishers[lane] = finishers;
            counts.finishers[lane] += finishers;
            self.count_outcomes(week, index, world, lane, finishers);
        }
    }

    /// How finishers are. Who recovers reliably has recovered and has improved reliably.
    fn count_outcomes(
        &mut self,
        week: usize,
        index: usize,
        world: &TreatmentWorld<L>,
        lane: usize,
        finishers: f64,
    ) {
        let who = self.who[index];
        let luck = &mut *self.luck;
        let of = |decision: Decision| decision.of(who, week, 0);
        let caseness = world.at_caseness[lane];
        let (recovery, reliable) = (world.recovery[lane], world.reliable_recovery[lane]);
        let improvement = world.reliable_improvement[lane];
        let at_caseness = take(luck, lane, finishers, caseness, of(Decision::Caseness));
        let recovered = take(luck, lane, at_caseness, recovery, of(Decision::Recovers));
        let place = of(Decision::RecoversReliably);
        let reliably = if reliable <= recovery {
            let share = share_of_rest(reliable, recovery);
            take(luck, lane, recovered, share, place)
        } else {
            take(luck, lane, at_caseness, reliable, place)
        };
        let (both, place) = (caseness * reliable, of(Decision::Improves));
        let improved = if improvement >= both {
            let share = share_of_rest(improvement - both, 1.0 - both);
            reliably + take(luck, lane, finishers - reliably, share, place)
        } else {
            take(luck, lane, finishers, improvement, place)
        };
        let counts = &mut self.counts;
        counts.finishers_at_caseness[lane] += at_caseness;
        counts.recovered[lane] += recovered;
        counts.reliably_recovered[lane] += reliably;
        counts.reliably_improved[lane] += improved;
        self.treatments[index].recovered[lane] = recovered;
    }
}
