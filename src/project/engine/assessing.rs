//! Who is assessed, and where do they go?

use crate::project::engine::Engine;
use crate::project::queue::{LONGEST_CLOCK, Taken};
use crate::unit::Lanes;

impl<const L: usize> Engine<'_, L> {
    /// Books assessments, oldest first; returns ring-fenced minutes that are left.
    pub(super) fn assess(&mut self, week: usize, mut ring: Lanes<L>) -> Lanes<L> {
        let world = &self.world.assessment;
        let mut taken = Taken::default();
        let mut all_booked = [0.0; L];
        for age in (0..=self.assessment.longest_wait(week)).rev() {
            if ring.iter().all(|&minutes| minutes <= 0.0) {
                break;
            }
            let waiting = self.assessment.of_age(week, age);
            let mut leaves = [0.0; L];
            for lane in 0..L {
                let booked = waiting[lane].min(ring[lane] / world.minutes[lane]);
                if booked <= 0.0 {
                    continue;
                }
                ring[lane] = (ring[lane] - booked * world.minutes[lane]).max(0.0);
                let missed = booked * world.discharged[lane];
                leaves[lane] = (booked * world.attended[lane] + missed) / waiting[lane];
                self.counts.discharged_missed[lane] += missed;
                all_booked[lane] += booked;
                let assessed = booked * world.attended[lane];
                self.counts.assessed[lane] += assessed;
                self.counts.waited_assessment[lane] += assessed * age as f64;
                let treated = assessed * world.counts[lane];
                self.counts.first_treatments[lane] += treated;
                let (six, eighteen) = (
                    f64::from(u8::from(age < 6)),
                    f64::from(u8::from(age < LONGEST_CLOCK)),
                );
                self.counts.first_treatments_within_6_weeks[lane] += treated * six;
                self.counts.first_treatments_within_18_weeks[lane] += treated * eighteen;
                // A person assessed with this many weeks joins a treatment queue one week later.
                if let Some(cell) = self.assessed_by_age.get_mut(age + 1) {
                    cell[lane] += assessed;
                }
            }
            self.assessment.take(week, age, &leaves, &mut taken);
        }
        for (lane, &booked) in all_booked.iter().enumerate() {
            self.count_assessments(lane, booked);
        }
        ring
    }

    fn count_assessments(&mut self, lane: usize, booked: f64) {
        let world = &self.world.assessment;
        self.counts.booked[lane] += booked;
        self.counts.attended[lane] += booked * world.attended[lane];
        self.counts.dna[lane] += booked * world.dna[lane];
        self.counts.patient_cancelled[lane] += booked * world.patient_cancel[lane];
        self.counts.provider_cancelled[lane] += booked * world.provider_cancel[lane];
        if let Some(role) = self.timetable.assessment_role {
            let pool = &mut self.pools[self.timetable.roles[role].pool];
            let minutes = booked * world.minutes[lane];
            let used = 1.0 - world.provider_cancel[lane];
            if !world.outside() {
                pool.assessment[lane] += minutes;
                pool.lost[lane] += minutes * ((used - world.attended[lane]) / used).clamp(0.0, 1.0);
            }
        }
    }

    /// Sends the assessed on: to exits now, to treatment queues at the end of the week.
    pub(super) fn route(&mut self) {
        let by_age = &self.assessed_by_age;
        let counts = &mut self.counts;
        let [signposted, declined, not_suitable, referred_on] = self.world.exits;
        for lane in 0..L {
            counts.signposted[lane] = counts.assessed[lane] * signposted;
            counts.declined[lane] = counts.assessed[lane] * declined;
            counts.not_suitable[lane] = counts.assessed[lane] * not_suitable;
            counts.referred_on[lane] = counts.assessed[lane] * referred_on;
        }
        for (joining, world) in self.arriving.iter_mut().zip(&self.world.treatments) {
            for lane in 0..L {
                joining.people[lane] = counts.assessed[lane] * world.route[lane];
                joining.six[lane] =
                    counts.first_treatments_within_6_weeks[lane] * world.route[lane];
                joining.eighteen[lane] =
                    counts.first_treatments_within_18_weeks[lane] * world.route[lane];
                let untreated = counts.assessed[lane] - counts.first_treatments[lane];
                joining.untreated[lane] = untreated * world.route[lane];
            }
        }
        if self
            .world
            .assessment
            .counts
            .iter()
            .all(|&share| share >= 1.0)
        {
            self.ahead = None;
            return;
        }
        let mut ahead = *by_age;
        for week in 0..LONGEST_CLOCK {
            for lane in 0..L {
                let all = counts.assessed[lane];
                let before = if week > 0 { ahead[week - 1][lane] } else { 0.0 };
                ahead[week][lane] = if all > 0.0 {
                    before + by_age[week][lane] / all
                } else {
                    0.0
                };
            }
        }
        self.ahead = Some(Box::new(ahead));
    }

    /// The pool whose minutes are not fenced off: what one side does not need, the other may use.
    pub(super) fn spills_into(&self) -> Option<usize> {
        let assessment = &self.world.assessment;
        let role = (self.timetable.assessment_role)
            .filter(|_| assessment.spill_over && !assessment.outside())?;
        Some(self.timetable.roles[role].pool)
    }

    /// With spill-over: minutes that the list does not need are lent to new courses, then minutes that no
    /// course needed are used for assessments after all.
    pub(super) fn assess_and_start_sharing(&mut self, week: usize, pool: usize, ring: &Lanes<L>) {
        let waiting = self.assessment.total();
        let minutes = &self.world.assessment.minutes;
        let needed: Lanes<L> =
            std::array::from_fn(|lane| ring[lane].min(waiting[lane] * minutes[lane]));
        for lane in 0..L {
            self.rooms[pool].minutes[lane] += ring[lane] - needed[lane];
        }
        self.start_courses(week);
        let left = self.rooms[pool].minutes;
        self.rooms[pool].minutes =
            self.assess(week, std::array::from_fn(|lane| needed[lane] + left[lane]));
    }
}
