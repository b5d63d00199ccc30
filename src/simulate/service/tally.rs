//! What came of the sessions and courses of a treatment in a week, counted in whole people and added up once at
//! its end?
//!
//! ```text
//! minutes = sessions that used time x minutes of one session
//! ```

use crate::simulate::service::Service;
use crate::simulate::terms::Outcome;

/// What may become of a booked session: attended, not attended, cancelled by the patient with its time used or
/// free again, cancelled by the service.
const KINDS: usize = 5;

/// The sessions and courses of a treatment in a week.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    /// Sessions that are all as long as each other, by what became of them: later ones and first ones.
    alike: [[u32; 2]; KINDS],
    /// Sessions whose minutes are noted one by one.
    others: [u32; KINDS],
    /// Minutes of those: of later sessions and of first ones, and how many of them were lost.
    minutes: [f64; 2],
    lost: f64,
    pub(super) starts: u32,
    /// Whole weeks waited by those who started.
    pub(super) waited: u32,
    /// What they waited beyond whole weeks, where courses run in continuous time.
    pub(super) waited_more: f64,
    pub(super) over_28_days: u32,
    pub(super) over_90_days: u32,
    pub(super) completed: u32,
    pub(super) dropped_out: u32,
    /// Stepped up, and down.
    pub(super) stepped: [u32; 2],
    pub(super) finishers: u32,
    /// Finishers first treated within 6 weeks, and within 18.
    pub(super) in_time: [u32; 2],
    pub(super) at_caseness: u32,
    /// Of those recovered, and reliably so.
    pub(super) recovered: [u32; 2],
    pub(super) reliably_improved: u32,
}

const fn kind_of(outcome: Outcome) -> usize {
    match outcome {
        Outcome::Attended => 0,
        Outcome::DidNotAttend => 1,
        Outcome::PatientCancelled(true) => 2,
        Outcome::PatientCancelled(false) => 3,
        Outcome::ProviderCancelled => 4,
    }
}

impl Tally {
    /// A session as long as all first or all later ones of the treatment.
    #[inline]
    pub(super) fn alike(&mut self, outcome: Outcome, first: bool) {
        self.alike[kind_of(outcome)][usize::from(first)] += 1;
    }

    /// A session whose minutes are noted apart.
    #[inline]
    pub(super) fn other(&mut self, outcome: Outcome) {
        self.others[kind_of(outcome)] += 1;
    }

    /// Minutes of one or more sessions.
    pub(super) fn use_minutes(&mut self, outcome: Outcome, first: bool, minutes: f64) {
        self.minutes[usize::from(first)] += minutes;
        if outcome != Outcome::Attended {
            self.lost += minutes;
        }
    }

    /// People who came to later and to first sessions, all as long as each other.
    pub(super) fn came(&mut self, people: [u32; 2]) {
        let attended = &mut self.alike[kind_of(Outcome::Attended)];
        attended[0] += people[0];
        attended[1] += people[1];
    }

    /// Booked sessions: attended, not attended, cancelled by patients, cancelled by the service.
    fn booked(&self) -> [u32; 4] {
        let [attended, dna, used, free, provider] = std::array::from_fn(|kind| {
            self.alike[kind][0] + self.alike[kind][1] + self.others[kind]
        });
        [attended, dna, used + free, provider]
    }
}

impl Service<'_> {
    /// Adds up the sessions and courses of the week.
    pub(super) fn add_up(&mut self) {
        let treatments = self.tallies.iter_mut().zip(&self.ready.terms.treatments);
        for ((tally, terms), here) in treatments.zip(&mut self.treatments) {
            let tally = std::mem::take(tally);
            let counts = &mut self.counts;
            let booked = tally.booked();
            let [attended, dna, patient, provider] = booked;
            counts.attended += attended;
            counts.dna += dna;
            counts.patient_cancelled += patient;
            counts.provider_cancelled += provider;
            let booked: u32 = booked.into_iter().sum();
            counts.booked += booked;
            here.booked = [booked.into()];
            here.attended = [attended.into()];

            let way = &terms.ways[0];
            let of = |kinds: std::ops::Range<usize>, first: usize, each: f64| {
                let sessions: u32 = tally.alike[kinds].iter().map(|kind| kind[first]).sum();
                f64::from(sessions) * each
            };
            let first = of(0..3, 1, way.first) + tally.minutes[1];
            let later = of(0..3, 0, way.later) + tally.minutes[0];
            let pool = &mut self.pools[terms.pools[0]];
            pool.first[0] += first;
            pool.later[0] += later;
            pool.lost[0] += of(1..3, 0, way.later) + of(1..3, 1, way.first) + tally.lost;
            here.minutes = [later + first];

            counts.course_starts += tally.starts;
            let (starts, waited) = if terms.step2 {
                (&mut counts.course_starts_step2, &mut counts.waited_step2)
            } else {
                (&mut counts.course_starts_step3, &mut counts.waited_step3)
            };
            *starts += tally.starts;
            *waited += tally.waited;
            self.waited_more[usize::from(!terms.step2)] += tally.waited_more;
            counts.over_28_days += tally.over_28_days;
            counts.over_90_days += tally.over_90_days;
            here.starts = [tally.starts.into()];
            here.waited = [f64::from(tally.waited) + tally.waited_more];

            counts.completed += tally.completed;
            counts.dropped_out += tally.dropped_out;
            counts.stepped_up += tally.stepped[0];
            counts.stepped_down += tally.stepped[1];
            counts.finishers += tally.finishers;
            counts.finishers_within_6_weeks += tally.in_time[0];
            counts.finishers_within_18_weeks += tally.in_time[1];
            counts.finishers_at_caseness += tally.at_caseness;
            counts.recovered += tally.recovered[0];
            counts.reliably_recovered += tally.recovered[1];
            counts.reliably_improved += tally.reliably_improved;
            here.completed = [tally.completed.into()];
            here.dropped_out = [tally.dropped_out.into()];
            here.stepped = [(tally.stepped[0] + tally.stepped[1]).into()];
            here.finishers = [tally.finishers.into()];
            here.recovered = [tally.recovered[0].into()];
        }
    }
}
