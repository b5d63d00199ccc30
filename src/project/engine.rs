//! The week, executed in the order that the head of `project` gives.

use crate::project::courses::{Courses, Outcome, Threefold};
use crate::project::hours::pool_minutes;
use crate::project::measure::{Counts, PoolCounts, TreatmentCounts};
use crate::project::opening;
use crate::project::queue::{Ahead, Joining, LONGEST_CLOCK, Queue, Taken};
use crate::scenario::Spec;
use crate::scenario::pathway::GroupStart;
use crate::timetable::ledger::{SupervisionCounts, heads_by_role, supervise};
use crate::timetable::world::{AssessmentCapacity, TreatmentWorld};
use crate::timetable::{Timetable, World};
use crate::unit::Lanes;
use crate::workforce::{Moves, People, Present, WeekLength};

/// Whoever looks on at the end of each week.
pub trait Observer<const L: usize> {
    /// The week is over.
    fn week(&mut self, view: &WeekView<L>);
}

/// What there is to see at the end of a week.
#[derive(Debug)]
pub struct WeekView<'a, const L: usize> {
    /// Index of the week.
    pub week: usize,
    /// Counts of the service.
    pub counts: &'a Counts<L>,
    /// Counts by treatment.
    pub treatments: &'a [TreatmentCounts<L>],
    /// Minutes by role that heads a pool.
    pub pools: &'a [PoolCounts<L>],
    /// Supervision by kind.
    pub supervision: &'a [SupervisionCounts<L>],
    /// Staff in post by role at the start of the week, recruits of the week included.
    pub opening: &'a [Lanes<L>],
    /// Trainees by cohort at the start of the week, intakes of the week included.
    pub opening_trainees: &'a [Lanes<L>],
    /// Staff in post and trainees at the end of the week.
    pub people: &'a People<L>,
    /// Who came and went.
    pub moves: &'a Moves<L>,
    /// Staff at work.
    pub present: &'a Present<L>,
    /// The assessment queue at the start of next week.
    pub assessment: &'a Queue<L>,
    /// The queues of the treatments at the start of next week.
    pub queues: &'a [Queue<L>],
}

/// What may start in a pool this week.
#[derive(Debug, Clone, Copy)]
struct Room<const L: usize> {
    minutes: Lanes<L>,
    starts: Lanes<L>,
    /// Whether the pool has places instead of minutes.
    places: bool,
}

/// A service under way.
#[derive(Debug)]
pub struct Engine<'a, const L: usize> {
    spec: &'a Spec,
    timetable: &'a Timetable,
    world: &'a World<L>,
    people: People<L>,
    opening: Vec<Lanes<L>>,
    opening_trainees: Vec<Lanes<L>>,
    moves: Moves<L>,
    present: Present<L>,
    pools: Vec<PoolCounts<L>>,
    opting_in: Vec<Lanes<L>>,
    assessment: Queue<L>,
    queues: Vec<Queue<L>>,
    courses: Vec<Courses<L>>,
    counts: Counts<L>,
    treatments: Vec<TreatmentCounts<L>>,
    rooms: Vec<Room<L>>,
    /// Treatments that may use the hours of a pool, by preference: first roles before second ones.
    turns: Vec<(usize, Vec<usize>)>,
    /// Open courses by treatment at the start of the week.
    open: Vec<Lanes<L>>,
    starts: Vec<Taken<L>>,
    arriving: Vec<Joining<L>>,
    /// People assessed this week by the weeks that their clocks run ahead of the queue they join.
    assessed_by_age: Ahead<L>,
    ahead: Option<Box<Ahead<L>>>,
}

impl<'a, const L: usize> Engine<'a, L> {
    /// The service on the first morning.
    #[must_use]
    pub fn new(spec: &'a Spec, timetable: &'a Timetable, world: &'a World<L>) -> Self {
        let people = People::opening(&world.role_plans, &world.cohorts);
        let number = timetable.treatments.len();
        let (assessment, queues) = opening::queues(spec, timetable, world);
        let courses = opening::courses(spec, timetable, world, &people);
        Self {
            spec,
            timetable,
            world,
            opening: Vec::new(),
            opening_trainees: Vec::new(),
            people,
            moves: Moves::default(),
            present: Present::default(),
            pools: vec![PoolCounts::default(); timetable.roles.len()],
            opting_in: vec![[0.0; L]; world.opt_in_delay + 1],
            assessment,
            queues,
            counts: Counts::default(),
            treatments: vec![TreatmentCounts::default(); number],
            rooms: vec![
                Room {
                    minutes: [0.0; L],
                    starts: [0.0; L],
                    places: false
                };
                timetable.roles.len()
            ],
            turns: turns(timetable),
            open: courses.iter().map(Courses::total).collect(),
            courses,
            starts: vec![Taken::default(); number],
            arriving: vec![Joining::default(); number],
            assessed_by_age: [[0.0; L]; LONGEST_CLOCK],
            ahead: None,
        }
    }

    /// Runs all weeks of the timetable.
    pub fn run(&mut self, observer: &mut impl Observer<L>) {
        for week in 0..self.timetable.weeks() {
            self.week(week, observer);
        }
    }

    /// One week, in the order of the ten steps.
    fn week(&mut self, week: usize, observer: &mut impl Observer<L>) {
        self.counts = Counts::default();
        self.treatments.fill(TreatmentCounts::default());
        self.starts.fill(Taken::default());
        self.arriving.fill(Joining::default());
        self.assessed_by_age = [[0.0; L]; LONGEST_CLOCK];
        let referrals = self.referrals_of(week);
        // 1, 2
        self.begin(week);
        let (supervision, ring) = self.hours(week, &referrals);
        // 3, 4
        self.refer(week, &referrals);
        // 5
        let held = self.sessions_due(week);
        // 6
        let left_over = self.assess(week, ring);
        // 7
        self.start_courses(week, &left_over);
        self.route();
        // 8
        self.hold_sessions(week, &held);
        // 9
        self.give_up_and_arrive(week);
        // 10
        self.people.end_week(
            week,
            &self.world.role_plans,
            &self.world.cohorts,
            &mut self.moves,
        );
        self.close();
        observer.week(&WeekView {
            week,
            counts: &self.counts,
            treatments: &self.treatments,
            pools: &self.pools,
            supervision: &supervision,
            opening: &self.opening,
            opening_trainees: &self.opening_trainees,
            people: &self.people,
            moves: &self.moves,
            present: &self.present,
            assessment: &self.assessment,
            queues: &self.queues,
        });
    }

    fn worked(&self, week: usize) -> f64 {
        f64::from(self.timetable.calendar.weeks[week].working_days) / 5.0
    }

    fn begin(&mut self, week: usize) {
        let (roles, cohorts) = (&self.world.role_plans, &self.world.cohorts);
        self.people
            .begin_week(week, roles, cohorts, &mut self.moves);
        let length = WeekLength {
            worked: self.worked(week),
            days: 7.0,
        };
        self.people
            .present(week, length, roles, cohorts, &self.moves, &mut self.present);
        self.opening.clone_from(&self.people.in_post);
        self.opening_trainees.clone_from(&self.people.trainees);
    }

    /// Minutes of the pools, and assessments that can be booked.
    fn hours(
        &mut self,
        week: usize,
        referrals: &Lanes<L>,
    ) -> (Vec<SupervisionCounts<L>>, Lanes<L>) {
        let (timetable, world) = (self.timetable, self.world);
        let (supervision, beyond) = supervise(
            self.spec,
            timetable,
            world,
            &heads_by_role(timetable, world, &self.people),
        );
        let worked = self.worked(week);
        let available: Vec<Lanes<L>> = (0..timetable.roles.len())
            .map(|role| world.available(timetable, role, week))
            .collect();
        pool_minutes(
            timetable,
            world,
            &self.present,
            worked,
            &available,
            &beyond,
            referrals,
            &mut self.pools,
        );
        for (index, room) in self.rooms.iter_mut().enumerate() {
            let pool = &self.pools[index];
            for lane in 0..L {
                room.minutes[lane] =
                    pool.bookable[lane] - pool.supervision[lane] - pool.screening[lane];
            }
        }
        let mut ring = [0.0; L];
        match (&world.assessment.capacity, timetable.assessment_role) {
            (AssessmentCapacity::PerWeek(slots), _) => {
                ring = std::array::from_fn(|l| slots[l] * worked * world.assessment.minutes[l]);
            }
            (AssessmentCapacity::RingFence(share), Some(role)) => {
                let room = &mut self.rooms[timetable.roles[role].pool].minutes;
                for lane in 0..L {
                    ring[lane] = room[lane] * share[lane];
                    room[lane] -= ring[lane];
                }
            }
            (AssessmentCapacity::PerWte(slots), Some(role)) => {
                let pool = timetable.roles[role].pool;
                let room = &mut self.rooms[pool].minutes;
                for member in timetable
                    .roles_of_pool(pool)
                    .filter(|&m| timetable.roles[m].course.is_none())
                {
                    for lane in 0..L {
                        let wte = self.present.ramped[member][lane] * available[member][lane];
                        ring[lane] += wte * slots[lane] * world.assessment.minutes[lane];
                    }
                }
                for lane in 0..L {
                    ring[lane] = ring[lane].min(room[lane]);
                    room[lane] -= ring[lane];
                }
            }
            (_, None) => {}
        }
        self.make_rooms(week);
        (supervision, ring)
    }

    /// Limits on new courses: caseload, new starts and places.
    fn make_rooms(&mut self, week: usize) {
        let (timetable, world) = (self.timetable, self.world);
        let worked = self.worked(week).max(1e-12);
        for pool in 0..self.rooms.len() {
            let mut open = [0.0; L];
            if timetable.roles[pool].pool != pool || timetable.roles[pool].course.is_some() {
                continue;
            }
            for (treatment, total) in timetable.treatments.iter().zip(&self.open) {
                if treatment.pools[0] == pool {
                    for lane in 0..L {
                        open[lane] += total[lane];
                    }
                }
            }
            let mut places = None;
            let mut starts = [f64::INFINITY; L];
            let (mut caseload, mut new_starts) = (None, None);
            for member in timetable
                .roles_of_pool(pool)
                .filter(|&m| timetable.roles[m].course.is_none())
            {
                let role = &world.roles[member];
                let ramped = &self.present.ramped[member];
                add(&mut caseload, role.caseload_max.as_ref(), |l, x| {
                    x * ramped[l] / worked
                });
                add(&mut new_starts, role.new_starts.as_ref(), |l, x| {
                    x * ramped[l]
                });
                add(&mut places, role.slots.as_ref(), |_, x| x);
                add(&mut places, role.slots_per_wte.as_ref(), |l, x| {
                    x * ramped[l] / worked
                });
            }
            for lane in 0..L {
                for limit in [caseload, places].into_iter().flatten() {
                    starts[lane] = starts[lane].min((limit[lane] - open[lane]).max(0.0));
                }
                if let Some(limit) = new_starts {
                    starts[lane] = starts[lane].min(limit[lane]);
                }
            }
            self.rooms[pool].starts = starts;
            self.rooms[pool].places = places.is_some();
        }
    }

    fn referrals_of(&self, week: usize) -> Lanes<L> {
        let mut referrals = [0.0; L];
        for segment in self.timetable.segments_of_week[week].clone() {
            for lane in 0..L {
                referrals[lane] += self.world.referrals[segment][lane];
            }
        }
        referrals
    }

    fn refer(&mut self, week: usize, referrals: &Lanes<L>) {
        let world = self.world;
        let delay = world.opt_in_delay;
        let length = delay + 1;
        let mut joining = Joining::default();
        for lane in 0..L {
            self.counts.referrals[lane] = referrals[lane];
            let rejected = referrals[lane] * world.rejected[lane];
            self.counts.rejected[lane] = rejected;
            self.opting_in[(week + delay) % length][lane] = referrals[lane] - rejected;
            let deciding = self.opting_in[week % length][lane];
            let accepted = deciding * world.opt_in[lane];
            self.counts.accepted[lane] = accepted;
            self.counts.not_opted_in[lane] = deciding - accepted;
            joining.people[lane] = accepted;
        }
        self.opting_in[week % length] = [0.0; L];
        // The clock runs from referral, so those who took weeks to opt in join with them on it.
        let waited = delay.min(week);
        self.assessment.join(week, waited, &joining, None);
    }

    /// Share of the sessions due that can be held, by treatment; takes their minutes.
    fn sessions_due(&mut self, week: usize) -> Vec<Lanes<L>> {
        let treatments = &self.timetable.treatments;
        let number = treatments.len();
        let mut needed = vec![[0.0; L]; number];
        let mut due = vec![([0.0; L], [0.0; L]); number];
        let mut by_pool = vec![[0.0; L]; self.rooms.len()];
        for (index, treatment) in treatments.iter().enumerate() {
            let world = &self.world.treatments[index];
            due[index] = self.courses[index].due(week);
            let pool = treatment.pools[0];
            for lane in 0..L {
                let (first, later) = (due[index].0[lane], due[index].1[lane]);
                needed[index][lane] =
                    first * world.first_minutes[lane] + later * world.followup_minutes[lane];
                by_pool[pool][lane] += needed[index][lane];
            }
        }
        let mut held = vec![[1.0; L]; number];
        for (index, treatment) in treatments.iter().enumerate() {
            let pool = treatment.pools[0];
            let room = &self.rooms[pool];
            if room.places {
                continue;
            }
            for lane in 0..L {
                if by_pool[pool][lane] > room.minutes[lane] {
                    held[index][lane] = room.minutes[lane].max(0.0) / by_pool[pool][lane];
                }
            }
        }
        for (pool, room) in self.rooms.iter_mut().enumerate() {
            for lane in 0..L {
                if by_pool[pool][lane] > room.minutes[lane] && !room.places {
                    room.starts[lane] = 0.0;
                }
                room.minutes[lane] = (room.minutes[lane] - by_pool[pool][lane]).max(0.0);
            }
        }
        self.borrow_hours_for_due(&needed, &mut held);
        for (index, (first, later)) in due.iter().enumerate() {
            let world = &self.world.treatments[index];
            let share = &held[index];
            let first = std::array::from_fn(|l| first[l] * share[l] * world.first_minutes[l]);
            let later = std::array::from_fn(|l| later[l] * share[l] * world.followup_minutes[l]);
            self.use_minutes(index, &first, &later);
        }
        held
    }

    /// Second and later roles of a treatment hold what the first could not.
    fn borrow_hours_for_due(&mut self, needed: &[Lanes<L>], held: &mut [Lanes<L>]) {
        for (index, treatment) in self.timetable.treatments.iter().enumerate() {
            for &pool in &treatment.pools[1..] {
                for lane in 0..L {
                    let short = needed[index][lane] * (1.0 - held[index][lane]);
                    let lent = short.min(self.rooms[pool].minutes[lane]);
                    if lent > 0.0 {
                        self.rooms[pool].minutes[lane] -= lent;
                        held[index][lane] += lent / needed[index][lane];
                    }
                }
            }
        }
    }

    fn use_minutes(&mut self, index: usize, first: &Lanes<L>, later: &Lanes<L>) {
        let world = &self.world.treatments[index];
        let pool = &mut self.pools[self.timetable.treatments[index].pools[0]];
        for lane in 0..L {
            pool.first[lane] += first[lane];
            pool.later[lane] += later[lane];
            let used = 1.0 - world.provider_cancel[lane];
            let empty = used - world.attended[lane];
            pool.lost[lane] += (first[lane] + later[lane]) * (empty / used).clamp(0.0, 1.0);
        }
    }

    /// Books assessments, oldest first; returns ring-fenced minutes that are left.
    fn assess(&mut self, week: usize, mut ring: Lanes<L>) -> Lanes<L> {
        let world = &self.world.assessment;
        let mut taken = Taken::default();
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
                self.count_assessments(lane, booked);
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
            if !matches!(world.capacity, AssessmentCapacity::PerWeek(_)) {
                pool.assessment[lane] += minutes;
                pool.lost[lane] += minutes * ((used - world.attended[lane]) / used).clamp(0.0, 1.0);
            }
        }
    }

    /// Sends the assessed on: to exits now, to treatment queues at the end of the week.
    fn route(&mut self) {
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

    /// New courses from the minutes that are left, the longest waits first over all queues of a pool.
    fn start_courses(&mut self, week: usize, left_over: &Lanes<L>) {
        if self.world.assessment.spill_over
            && let Some(role) = self.timetable.assessment_role
        {
            let room = &mut self.rooms[self.timetable.roles[role].pool];
            for lane in 0..L {
                room.minutes[lane] += left_over[lane];
            }
        }
        let turns = std::mem::take(&mut self.turns);
        for (pool, here) in &turns {
            self.start_whole_groups(week, *pool, here);
            self.start_oldest_first(week, *pool, here);
        }
        self.turns = turns;
        for index in 0..self.starts.len() {
            let people = &self.starts[index].people;
            let first =
                std::array::from_fn(|l| people[l] * self.world.treatments[index].first_minutes[l]);
            self.use_minutes(index, &first, &[0.0; L]);
        }
        self.spill_back(week, left_over);
    }

    /// Groups that start with a fixed number or on a date come before single courses of the same pool.
    fn start_whole_groups(&mut self, week: usize, pool: usize, here: &[usize]) {
        for &index in here {
            let world = &self.world.treatments[index];
            let Some(group) = world
                .group
                .filter(|group| group.start != GroupStart::Rolling)
            else {
                continue;
            };
            if group.start == GroupStart::OnDate && !week.is_multiple_of(group.every_weeks) {
                continue;
            }
            let waiting = self.queues[index].total();
            let room = &self.rooms[pool];
            let mut most = waiting;
            for lane in 0..L {
                most[lane] = most[lane].min(room.starts[lane]);
                if !room.places {
                    most[lane] = most[lane].min(room.minutes[lane] / world.first_minutes[lane]);
                }
                if group.start == GroupStart::WhenFull {
                    most[lane] = ((most[lane] + 1e-9) / group.size).floor() * group.size;
                }
            }
            for age in (0..=self.queues[index].longest_wait(week)).rev() {
                let people = self.queues[index].of_age(week, age);
                let mut share = [0.0; L];
                for lane in 0..L {
                    if people[lane] > 0.0 {
                        let taken = people[lane].min(most[lane]);
                        most[lane] -= taken;
                        share[lane] = taken / people[lane];
                    }
                }
                self.take(week, pool, index, age, &share);
            }
        }
    }

    fn start_oldest_first(&mut self, week: usize, pool: usize, here: &[usize]) {
        let single: Vec<usize> = here
            .iter()
            .copied()
            .filter(|&t| {
                self.world.treatments[t]
                    .group
                    .is_none_or(|group| group.start == GroupStart::Rolling)
            })
            .collect();
        let longest = single
            .iter()
            .map(|&t| self.queues[t].longest_wait(week))
            .max()
            .unwrap_or(0);
        for age in (0..=longest).rev() {
            let room = self.rooms[pool];
            if (0..L).all(|l| room.starts[l] <= 0.0 || (room.minutes[l] <= 0.0 && !room.places)) {
                return;
            }
            let (mut people, mut minutes) = ([0.0; L], [0.0; L]);
            for &index in &single {
                let waiting = self.queues[index].of_age(week, age);
                for lane in 0..L {
                    people[lane] += waiting[lane];
                    minutes[lane] +=
                        waiting[lane] * self.world.treatments[index].first_minutes[lane];
                }
            }
            let share = std::array::from_fn(|lane| {
                if people[lane] <= 0.0 {
                    return 0.0;
                }
                let by_starts = if people[lane] > room.starts[lane] {
                    room.starts[lane] / people[lane]
                } else {
                    1.0
                };
                let short = minutes[lane] > room.minutes[lane] && !room.places;
                by_starts.min(if short {
                    room.minutes[lane] / minutes[lane]
                } else {
                    1.0
                })
            });
            for &index in &single {
                self.take(week, pool, index, age, &share);
            }
        }
    }

    fn take(&mut self, week: usize, pool: usize, index: usize, age: usize, share: &Lanes<L>) {
        let before = self.starts[index].people;
        self.queues[index].take(week, age, share, &mut self.starts[index]);
        let room = &mut self.rooms[pool];
        for lane in 0..L {
            let people = self.starts[index].people[lane] - before[lane];
            let minutes = people * self.world.treatments[index].first_minutes[lane];
            room.minutes[lane] = (room.minutes[lane] - minutes).max(0.0);
            room.starts[lane] = (room.starts[lane] - people).max(0.0);
        }
    }

    /// With spill-over, minutes that no course needed are used for assessments after all.
    fn spill_back(&mut self, week: usize, left_over: &Lanes<L>) {
        let Some(role) = self
            .timetable
            .assessment_role
            .filter(|_| self.world.assessment.spill_over)
        else {
            return;
        };
        let pool = self.timetable.roles[role].pool;
        let minutes = self.rooms[pool].minutes;
        if left_over.iter().all(|&left| left > 0.0) || minutes.iter().all(|&minutes| minutes <= 0.0)
        {
            return;
        }
        self.rooms[pool].minutes = self.assess(week, minutes);
    }

    fn hold_sessions(&mut self, week: usize, held: &[Lanes<L>]) {
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

    fn give_up_and_arrive(&mut self, week: usize) {
        let mut gone = self.assessment.give_up(&self.world.assessment.renege);
        for (queue, world) in self.queues.iter_mut().zip(&self.world.treatments) {
            let here = queue.give_up(&world.renege);
            for lane in 0..L {
                gone[lane] += here[lane];
            }
        }
        self.counts.reneged = gone;
        for (queue, joining) in self.queues.iter_mut().zip(&self.arriving) {
            queue.join(week + 1, 0, joining, self.ahead.as_deref());
            queue.tidy(week + 1);
        }
        self.assessment.tidy(week + 1);
    }

    /// Stocks at the end of the week and minutes that were not used.
    fn close(&mut self) {
        let counts = &mut self.counts;
        for deciding in &self.opting_in {
            for lane in 0..L {
                counts.opting_in[lane] += deciding[lane];
            }
        }
        counts.waiting_assessment = self.assessment.total();
        for (index, treatment) in self.timetable.treatments.iter().enumerate() {
            let (waiting, open) = (self.queues[index].total(), self.courses[index].total());
            let (all_waiting, all_open) = if treatment.step == 2 {
                (&mut counts.waiting_step2, &mut counts.open_step2)
            } else {
                (&mut counts.waiting_step3, &mut counts.open_step3)
            };
            for lane in 0..L {
                all_waiting[lane] += waiting[lane];
                all_open[lane] += open[lane];
            }
            self.treatments[index].waiting = waiting;
            self.treatments[index].open = open;
            self.open[index] = open;
        }
        for pool in &mut self.pools {
            for lane in 0..L {
                let used = pool.supervision[lane]
                    + pool.screening[lane]
                    + pool.assessment[lane]
                    + pool.first[lane]
                    + pool.later[lane];
                pool.idle[lane] = (pool.bookable[lane] - used).max(0.0);
            }
        }
    }
}

/// Pools and the treatments that may use them: every pool for the treatments that prefer it, then every pool
/// for those that have it as their second role, and so on.
fn turns(timetable: &Timetable) -> Vec<(usize, Vec<usize>)> {
    let treatments = &timetable.treatments;
    let ranks = treatments
        .iter()
        .map(|treatment| treatment.pools.len())
        .max()
        .unwrap_or(0);
    let turn = |rank: usize, pool: usize| -> Vec<usize> {
        (0..treatments.len())
            .filter(|&t| treatments[t].pools.get(rank) == Some(&pool))
            .collect()
    };
    let all = (0..ranks).flat_map(|rank| (0..timetable.roles.len()).map(move |pool| (rank, pool)));
    all.map(|(rank, pool)| (pool, turn(rank, pool)))
        .filter(|(_, here)| !here.is_empty())
        .collect()
}

fn add<const L: usize>(
    sum: &mut Option<Lanes<L>>,
    more: Option<&Lanes<L>>,
    of: impl Fn(usize, f64) -> f64,
) {
    if let Some(more) = more {
        let sum = sum.get_or_insert([0.0; L]);
        for lane in 0..L {
            sum[lane] += of(lane, more[lane]);
        }
    }
}
