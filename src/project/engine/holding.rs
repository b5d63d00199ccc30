//! What comes of the sessions of the week: attended, completed, dropped out, stepped?

use crate::project::courses::{Outcome, Threefold};
use crate::project::engine::Engine;
use crate::project::queue::Taken;
use crate::timetable::world::TreatmentWorld;
use crate::unit::Lanes;

impl<const L: usize> Engine<'_, L> {
    pub(super) fn hold_sessions(&mut self, week: usize, held: &[Lanes<L>]) {
        for index in 0..self.courses.len() {
            let world = &self.world.treatments[index];
            let start = self.starts[index];
            let starts: Threefold<L> = [start.people, start.six, start.eighteen];
            let outcome = self.courses[index].hold(week, world, &held[index], &starts);
            self.count_starts(index, &start);
            self.count_sessions(index, world, &outcome);
            self.count_endings(index, world, &outcome);
            self.treatments[index].share_held = held[index];
        }
    }

    fn count_starts(&mut self, index: usize, start: &Taken<L>) {
        let counts = &mut self.counts;
        let step2 = self.timetable.treatments[index].step == 2;
        let treatment = &mut self.treatments[index];
        treatment.starts = start.people;
        treatment.waited = start.waited;
        for lane in 0..L {
            counts.course_starts[lane] += start.people[lane];
            let (starts, waited) = if step2 {
                (&mut counts.course_starts_step2, &mut counts.waited_step2)
            } else {
                (&mut counts.course_starts_step3, &mut counts.waited_step3)
            };
            starts[lane] += start.people[lane];
            waited[lane] += start.waited[lane];
            counts.first_treatments[lane] += start.first[lane];
            counts.first_treatments_within_6_weeks[lane] += start.first_six[lane];
            counts.first_treatments_within_18_weeks[lane] += start.first_eighteen[lane];
            counts.over_28_days[lane] += start.over_28_days[lane];
            counts.over_90_days[lane] += start.over_90_days[lane];
        }
    }

    fn count_sessions(&mut self, index: usize, world: &TreatmentWorld<L>, outcome: &Outcome<L>) {
        let counts = &mut self.counts;
        let treatment = &mut self.treatments[index];
        treatment.attended = outcome.attended;
        for lane in 0..L {
            let booked = outcome.first_booked[lane] + outcome.later_booked[lane];
            treatment.booked[lane] = booked;
            counts.booked[lane] += booked;
            counts.attended[lane] += outcome.attended[lane];
            counts.dna[lane] += booked * world.dna[lane];
            counts.patient_cancelled[lane] += booked * world.patient_cancel[lane];
            counts.provider_cancelled[lane] += booked * world.provider_cancel[lane];
        }
    }

    fn count_endings(&mut self, index: usize, world: &TreatmentWorld<L>, outcome: &Outcome<L>) {
        let place = &self.timetable.treatments[index];
        let once = &self.world.assessment.counts;
        for lane in 0..L {
            let (up, down) = (world.step_up[lane], world.step_down[lane]);
            let ends = 1.0 - up - down;
            let counts = &mut self.counts;
            counts.completed[lane] += outcome.completed[0][lane];
            counts.dropped_out[lane] += outcome.dropped_out[0][lane];
            counts.stepped_up[lane] += outcome.completed[0][lane] * up;
            counts.stepped_down[lane] += outcome.completed[0][lane] * down;
            let treatment = &mut self.treatments[index];
            treatment.completed[lane] = outcome.completed[0][lane];
            treatment.dropped_out[lane] = outcome.dropped_out[0][lane];
            treatment.stepped[lane] = outcome.completed[0][lane] * (up + down);
            // Those who came once are finishers only if their assessment counted as treatment too.
            let finished: [f64; 3] = std::array::from_fn(|kind| {
                let ended = outcome.completed[kind][lane] * ends + outcome.dropped_out[kind][lane];
                let dropped_after_one =
                    outcome.ended_after_one[kind][lane] - outcome.completed_after_one[kind][lane];
                let after_one = dropped_after_one + outcome.completed_after_one[kind][lane] * ends;
                ended - after_one * (1.0 - once[lane])
            });
            treatment.finishers[lane] = finished[0];
            treatment.recovered[lane] =
                finished[0] * world.at_caseness[lane] * world.recovery[lane];
            counts.finishers[lane] += finished[0];
            counts.finishers_within_6_weeks[lane] += finished[1];
            counts.finishers_within_18_weeks[lane] += finished[2];
            let at_caseness = finished[0] * world.at_caseness[lane];
            counts.finishers_at_caseness[lane] += at_caseness;
            counts.recovered[lane] += at_caseness * world.recovery[lane];
            counts.reliably_recovered[lane] += at_caseness * world.reliable_recovery[lane];
            counts.reliably_improved[lane] += finished[0] * world.reliable_improvement[lane];
            for (to, share) in [(place.step_up_to, up), (place.step_down_to, down)] {
                if let Some(to) = to {
                    let joining = &mut self.arriving[to];
                    joining.people[lane] += outcome.completed[0][lane] * share;
                    joining.six[lane] += outcome.completed[1][lane] * share;
                    joining.eighteen[lane] += outcome.completed[2][lane] * share;
                }
            }
        }
    }
}
