//! Who is assessed, and where do they go?

use crate::luck::{Luck, name_key};
use crate::project::engine::{ASSESSMENT, Engine};
use crate::project::queue::{LONGEST_CLOCK, Taken};
use crate::project::whole::{Decision, nobody, people, share_of_rest, take_each};
use crate::unit::{Lanes, add, each};

/// Exits of the assessed, as decisions name them.
const EXITS: [u64; 4] = [
    name_key("signposted"),
    name_key("declined"),
    name_key("not_suitable"),
    name_key("referred_on"),
];

impl<const L: usize, K: Luck<L>> Engine<'_, L, K> {
    /// Books assessments, oldest first; returns ring-fenced minutes that are left.
    pub(super) fn assess(&mut self, week: usize, mut ring: Lanes<L>) -> Lanes<L> {
        if K::WHOLE {
            return self.assess_people(week, ring);
        }
        let world = &self.world.assessment;
        let places = each(|lane| {
            let fits = ring[lane] / world.minutes[lane];
            if ring[lane] > 0.0 { fits } else { 0.0 }
        });
        let leaves = each(|lane| world.attended[lane] + world.discharged[lane]);
        // A person assessed with this many weeks joins a treatment queue one week later.
        let by_age = (self.clocks_differ).then_some(&mut self.assessed_by_age[1..]);
        let booked = self.assessment.book(week, places, &leaves, by_age);
        if self.clocks_differ {
            for assessed in &mut self.assessed_by_age {
                for lane in 0..L {
                    assessed[lane] *= world.attended[lane];
                }
            }
        }
        let counts = &mut self.counts;
        let (people, minutes) = (booked.people, &world.minutes);
        ring = each(|l| (ring[l] - people[l] * minutes[l]).max(0.0));
        let (comes, gone) = (&world.attended, &world.discharged);
        let treated: Lanes<L> = each(|l| comes[l] * world.counts[l]);
        counts.discharged_missed = each(|l| people[l] * gone[l]);
        counts.assessed = each(|l| people[l] * comes[l]);
        counts.waited_assessment = each(|l| booked.waited[l] * comes[l]);
        counts.first_treatments = each(|l| people[l] * treated[l]);
        counts.first_treatments_within_6_weeks = each(|l| booked.six[l] * treated[l]);
        counts.first_treatments_within_18_weeks = each(|l| booked.eighteen[l] * treated[l]);
        self.count_assessments(&booked.people);
        ring
    }

    /// The same with whole people: those who come and those who are discharged leave the list, each on their own.
    fn assess_people(&mut self, week: usize, mut ring: Lanes<L>) -> Lanes<L> {
        let world = &self.world.assessment;
        let mut taken = Taken::default();
        let (mut all_booked, mut came, mut dismissed) = ([0.0; L], [0.0; L], [0.0; L]);
        let mut full = [false; L];
        let (comes, gone) = (&world.attended, &world.discharged);
        let dismissing = each(|l| share_of_rest(gone[l], 1.0 - comes[l]));
        for age in (0..=self.assessment.longest_wait(week)).rev() {
            if full.iter().all(|&full| full) {
                break;
            }
            let waiting = self.assessment.of_age(week, age);
            let mut booked = [0.0; L];
            for lane in 0..L {
                if waiting[lane] <= 0.0 || full[lane] {
                    continue;
                }
                let fits = people(ring[lane] / world.minutes[lane]);
                booked[lane] = waiting[lane].min(fits);
                ring[lane] -= booked[lane] * world.minutes[lane];
                if booked[lane] < waiting[lane] {
                    // Not enough for one more person: kept for next week.
                    full[lane] = true;
                    self.carried_ring[lane] = std::mem::take(&mut ring[lane]);
                }
            }
            if nobody(&booked) {
                continue;
            }
            let (luck, counts) = (&mut *self.luck, &mut self.counts);
            let of = |decision: Decision| decision.of(ASSESSMENT, week, age);
            let assessed = take_each(luck, &booked, &world.attended, of(Decision::Attends));
            let missed = each(|l| booked[l] - assessed[l]);
            let gone = take_each(luck, &missed, &dismissing, of(Decision::Discharged));
            let treated = take_each(luck, &assessed, &world.counts, of(Decision::Counts));
            add(&mut all_booked, &booked);
            add(&mut came, &assessed);
            add(&mut dismissed, &gone);
            let waited = each(|l| assessed[l] * age as f64);
            add(&mut counts.waited_assessment, &waited);
            add(&mut counts.first_treatments, &treated);
            if age < 6 {
                add(&mut counts.first_treatments_within_6_weeks, &treated);
            }
            if age < LONGEST_CLOCK {
                add(&mut counts.first_treatments_within_18_weeks, &treated);
            }
            if let Some(cell) = self.assessed_by_age.get_mut(age + 1) {
                add(cell, &assessed);
            }
            let leaves = each(|l| assessed[l] + gone[l]);
            (self.assessment).take_people(week, age, &leaves, &mut taken, (luck, ASSESSMENT));
        }
        self.counts.assessed = came;
        self.counts.discharged_missed = dismissed;
        let missed = each(|l| all_booked[l] - came[l]);
        self.count_missed(week, &missed, &dismissed);
        add(&mut self.counts.booked, &all_booked);
        add(&mut self.counts.attended, &came);
        self.use_for_assessments(&all_booked);
        ring
    }

    /// Tells apart those who missed an assessment: of the discharged nobody was cancelled by the service.
    fn count_missed(&mut self, week: usize, missed: &Lanes<L>, discharged: &Lanes<L>) {
        if nobody(missed) {
            return;
        }
        let (world, luck) = (&self.world.assessment, &mut *self.luck);
        let of = |decision: Decision, cell: usize| decision.of(ASSESSMENT, week, cell);
        let theirs: Lanes<L> = each(|l| world.dna[l] + world.patient_cancel[l]);
        let said_nothing = each(|l| share_of_rest(world.dna[l], theirs[l]));
        let first = take_each(luck, discharged, &said_nothing, of(Decision::Dna, 0));
        let others = each(|l| missed[l] - discharged[l]);
        let share = each(|l| {
            let stay = 1.0 - share_of_rest(world.discharged[l], theirs[l]);
            share_of_rest(
                theirs[l] * stay,
                theirs[l] * stay + world.provider_cancel[l],
            )
        });
        let cancelled = take_each(luck, &others, &share, of(Decision::Cancelled, 1));
        let second = take_each(luck, &cancelled, &said_nothing, of(Decision::Dna, 1));
        let counts = &mut self.counts;
        let dna = each(|l| first[l] + second[l]);
        add(&mut counts.dna, &dna);
        let by_patient = each(|l| discharged[l] + cancelled[l] - dna[l]);
        add(&mut counts.patient_cancelled, &by_patient);
        let by_service = each(|l| others[l] - cancelled[l]);
        add(&mut counts.provider_cancelled, &by_service);
    }

    fn count_assessments(&mut self, booked: &Lanes<L>) {
        let (world, counts) = (&self.world.assessment, &mut self.counts);
        let (by_patient, by_service) = (&world.patient_cancel, &world.provider_cancel);
        counts.booked = *booked;
        counts.attended = each(|l| booked[l] * world.attended[l]);
        counts.dna = each(|l| booked[l] * world.dna[l]);
        counts.patient_cancelled = each(|l| booked[l] * by_patient[l]);
        counts.provider_cancelled = each(|l| booked[l] * by_service[l]);
        self.use_for_assessments(booked);
    }

    /// Minutes of so many booked assessments.
    fn use_for_assessments(&mut self, booked: &Lanes<L>) {
        let world = &self.world.assessment;
        let Some(role) = (self.timetable.assessment_role).filter(|_| !world.outside()) else {
            return;
        };
        let pool = &mut self.pools[self.timetable.roles[role].pool];
        for lane in 0..L {
            let minutes = booked[lane] * world.minutes[lane];
            let used = world.used[lane];
            pool.assessment[lane] += minutes;
            pool.lost[lane] += minutes * ((used - world.attended[lane]) / used).clamp(0.0, 1.0);
        }
    }

    /// Sends the assessed on: to exits now, to treatment queues at the end of the week.
    pub(super) fn route(&mut self, week: usize) {
        if K::WHOLE {
            self.route_people(week);
        } else {
            self.route_shares();
        }
        self.note_clocks();
    }

    fn route_shares(&mut self) {
        let counts = &mut self.counts;
        let [signposted, declined, not_suitable, referred_on] = self.world.exits;
        let (assessed, treated) = (counts.assessed, &counts.first_treatments);
        counts.signposted = each(|l| assessed[l] * signposted[l]);
        counts.declined = each(|l| assessed[l] * declined[l]);
        counts.not_suitable = each(|l| assessed[l] * not_suitable[l]);
        counts.referred_on = each(|l| assessed[l] * referred_on[l]);
        let six = &counts.first_treatments_within_6_weeks;
        let eighteen = &counts.first_treatments_within_18_weeks;
        for (joining, world) in self.arriving.iter_mut().zip(&self.world.treatments) {
            let share = &world.route;
            joining.people = each(|l| assessed[l] * share[l]);
            joining.six = each(|l| six[l] * share[l]);
            joining.eighteen = each(|l| eighteen[l] * share[l]);
            joining.untreated = each(|l| (assessed[l] - treated[l]) * share[l]);
        }
    }

    /// Of those whose assessment did not count as treatment: how far their clocks since referral run ahead.
    fn note_clocks(&mut self) {
        if !self.clocks_differ {
            return;
        }
        let (by_age, counts) = (&self.assessed_by_age, &self.counts);
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

    /// The same with whole people: everybody goes one way, each on their own.
    fn route_people(&mut self, week: usize) {
        let luck = &mut *self.luck;
        let counts = &mut self.counts;
        let (six, eighteen) = (
            counts.first_treatments_within_6_weeks,
            counts.first_treatments_within_18_weeks,
        );
        let (treated, all) = (counts.first_treatments, counts.assessed);
        let groups: [Lanes<L>; 4] = [
            six,
            each(|l| eighteen[l] - six[l]),
            each(|l| treated[l] - eighteen[l]),
            each(|l| all[l] - treated[l]),
        ];
        for (group, mut left) in groups.into_iter().enumerate() {
            if nobody(&left) {
                continue;
            }
            let mut rest = [1.0; L];
            let mut send = |share: &Lanes<L>, who: u64| -> Lanes<L> {
                if nobody(share) {
                    return [0.0; L];
                }
                let mut part: Lanes<L> = each(|l| share_of_rest(share[l], rest[l]));
                for lane in 0..L {
                    rest[lane] -= share[lane];
                    // What a sum of shares misses of 1 is no way to go.
                    if rest[lane] < 1e-9 && share[lane] > 0.0 {
                        part[lane] = 1.0;
                    }
                }
                let here = take_each(luck, &left, &part, Decision::Route.of(who, week, group));
                left = each(|l| left[l] - here[l]);
                here
            };
            let treatments = self.world.treatments.iter().zip(&self.who);
            for (joining, (world, &who)) in self.arriving.iter_mut().zip(treatments) {
                let here = send(&world.route, who);
                add(&mut joining.people, &here);
                match group {
                    0 => {
                        add(&mut joining.six, &here);
                        add(&mut joining.eighteen, &here);
                    }
                    1 => add(&mut joining.eighteen, &here),
                    3 => add(&mut joining.untreated, &here),
                    _ => {}
                }
            }
            let exits = [
                &mut counts.signposted,
                &mut counts.declined,
                &mut counts.not_suitable,
                &mut counts.referred_on,
            ];
            for ((count, share), who) in exits.into_iter().zip(self.world.exits).zip(EXITS) {
                add(count, &send(&share, who));
            }
        }
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
        let needed: Lanes<L> = each(|lane| ring[lane].min(waiting[lane] * minutes[lane]));
        for lane in 0..L {
            self.rooms[pool].minutes[lane] += ring[lane] - needed[lane];
        }
        self.start_courses(week);
        let left = self.rooms[pool].minutes;
        self.rooms[pool].minutes = self.assess(week, each(|lane| needed[lane] + left[lane]));
    }
}
