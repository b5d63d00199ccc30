//! The week, patient by patient, in the order that the head of `simulate` gives.

mod ending;
mod front_door;
mod groups;
mod in_places;
mod opening;
mod starting;
mod tally;
mod timed;
mod treating;

use crate::hours::minutes_of_week;
use crate::luck::{Chance, replicate_key};
use crate::record::measure::{PoolCounts, TreatmentCounts, WholeCounts};
use crate::record::view::{Lists, Observer, WaitsFor, WeekView};
use crate::scenario::Spec;
use crate::simulate::clock::Clock;
use crate::simulate::diary::Diary;
use crate::simulate::list::List;
use crate::simulate::person::Person;
use crate::simulate::referred::Referred;
use crate::simulate::roster::{Roster, When};
use crate::simulate::segments::Segments;
use crate::simulate::terms::PathwayTerms;
use crate::simulate::watch::Watch;
use crate::timetable::ledger::Ledger;
use crate::timetable::{Timetable, World};
use crate::unit::Lanes;
use crate::workforce::{Moves, People, Present, WeekLength};

use front_door::OptingIn;
use groups::Groups;
use in_places::Buckets;
use starting::count;
use tally::Tally;
use timed::Timed;

/// The scenario made ready: what all replications share.
#[derive(Debug)]
pub struct Ready<'a> {
    /// The scenario.
    pub spec: &'a Spec,
    /// Compiled.
    pub timetable: &'a Timetable,
    /// Its numbers.
    pub world: &'a World<1>,
    /// The pathway.
    pub terms: PathwayTerms,
    /// People who differ, each with a pathway of their own.
    pub segments: Segments,
    /// Referrals.
    pub referred: Referred,
    /// The days.
    pub clock: Clock,
    /// Treatments that may use the hours of a pool, in the order of their turns.
    pub turns: Vec<(usize, Vec<usize>)>,
    /// Whether each role heads a pool of places instead of hours.
    pub places: Vec<bool>,
    /// Whether any treatment is given by the hours of clinicians.
    pub has_clinicians: bool,
    /// Whether anybody is urgent.
    pub some_are_urgent: bool,
}

impl<'a> Ready<'a> {
    /// Makes a scenario ready.
    #[must_use]
    pub fn new(spec: &'a Spec, timetable: &'a Timetable, world: &'a World<1>) -> Self {
        let has_places = |pool: usize| {
            (timetable.roles_of_pool(pool)).any(|member| {
                let role = &world.roles[member];
                timetable.roles[member].course.is_none()
                    && (role.slots.is_some() || role.slots_per_wte.is_some())
            })
        };
        let places: Vec<bool> = (0..timetable.roles.len()).map(has_places).collect();
        let by_hours = |treatment: &crate::timetable::Treatment| {
            treatment.pools.iter().any(|&pool| !places[pool])
        };
        let segments = Segments::new(spec, timetable.weeks(), &places);
        let mut terms = PathwayTerms::new(spec, timetable, world, &places);
        for treatment in terms.treatments.iter_mut().filter(|_| !segments.is_empty()) {
            treatment.plain = false;
        }
        Self {
            some_are_urgent: terms.urgent > 0 || segments.some_are_urgent(),
            terms,
            segments,
            referred: Referred::new(spec, timetable, world),
            clock: Clock::new(timetable),
            turns: timetable.turns_at_pools(),
            has_clinicians: timetable.treatments.iter().any(by_hours),
            places,
            spec,
            timetable,
            world,
        }
    }
}

impl Ready<'_> {
    /// The pathway as it is for somebody.
    #[must_use]
    #[inline]
    pub fn terms_of(&self, person: &Person) -> &PathwayTerms {
        self.segments.terms_of(person).unwrap_or(&self.terms)
    }
}

/// A service under way, in one replication.
#[derive(Debug)]
pub struct Service<'a> {
    ready: &'a Ready<'a>,
    /// Its tables are kept from replication to replication.
    pub luck: Chance<1>,
    key: u64,
    people: People<1>,
    moves: Moves<1>,
    present: Present<1>,
    pools: Vec<PoolCounts<1>>,
    opening: Vec<Lanes<1>>,
    opening_trainees: Vec<Lanes<1>>,
    referrals: Vec<u32>,
    referred_so_far: u32,
    opting_in: Vec<OptingIn>,
    assessment: List,
    lists: Vec<List>,
    /// Routed or stepped this week: they join a list at its end.
    arriving: Vec<Person>,
    diary: Diary,
    /// Courses in pools of places, by treatment.
    buckets: Vec<Option<Buckets>>,
    groups: Groups,
    timed: Timed,
    roster: Roster,
    /// Due this week, and nobody is there to see them.
    orphans: Vec<(usize, Person)>,
    /// Missed their assessment, and wait on.
    missed: Vec<Person>,
    /// Open courses by treatment.
    open: Vec<usize>,
    /// Open courses by pool at the start of the week, those of this week's starts included.
    open_in_pool: Vec<usize>,
    /// Places by pool; without end where there are none.
    room: Vec<usize>,
    /// Most open courses by pool.
    most: Vec<usize>,
    /// Minutes or appointments for assessments that the last week took too much or left over a fraction of.
    assessment_carry: f64,
    bought_carry: Vec<f64>,
    bought: Vec<Lanes<1>>,
    due: Vec<usize>,
    held: Vec<usize>,
    tallies: Vec<Tally>,
    counts: WholeCounts,
    /// Weeks beyond whole ones that those waited who started at Step 2 and 3 in continuous time.
    waited_more: [f64; 2],
    treatments: Vec<TreatmentCounts<1>>,
    /// What is noted beyond counts.
    pub watch: Watch,
}

impl<'a> Service<'a> {
    /// The service on the first morning of a replication.
    #[must_use]
    pub fn new(
        ready: &'a Ready<'a>,
        mut luck: Chance<1>,
        seed: u64,
        replicate: u64,
        watch: Watch,
    ) -> Self {
        let (timetable, world) = (ready.timetable, ready.world);
        let weeks = timetable.weeks();
        let treatments = ready.terms.treatments.len();
        luck.restart(seed, [replicate]);
        let key = replicate_key(seed, replicate);
        let people = People::opening(&world.role_plans, &world.cohorts, &mut luck);
        let longest = (ready.terms.treatments.iter())
            .map(|terms| terms.interval.max(terms.delay).max(1))
            .max()
            .unwrap_or(1);
        let list = |terms: &crate::simulate::terms::Terms| {
            List::new(weeks, terms.queue, false, terms.renege)
        };
        let mut service = Self {
            people,
            key,
            luck,
            moves: Moves::default(),
            present: Present::default(),
            pools: vec![PoolCounts::default(); timetable.roles.len()],
            opening: Vec::new(),
            opening_trainees: Vec::new(),
            referrals: Vec::new(),
            referred_so_far: 0,
            opting_in: vec![OptingIn::default(); ready.terms.opt_in_delay + 1],
            assessment: List::new(
                weeks,
                crate::scenario::pathway::QueueRule::FirstCome,
                true,
                ready.terms.renege,
            ),
            lists: ready.terms.treatments.iter().map(list).collect(),
            arriving: Vec::new(),
            diary: Diary::new(longest),
            buckets: (ready.terms.treatments.iter())
                .map(|terms| terms.stays_in_place().then(|| Buckets::new(terms.interval)))
                .collect(),
            groups: Groups::new(),
            timed: Timed::new(timetable.roles.len()),
            roster: Roster::new(timetable, &ready.terms.treatments, key),
            orphans: Vec::new(),
            missed: Vec::new(),
            open: vec![0; treatments],
            open_in_pool: vec![0; timetable.roles.len()],
            room: vec![usize::MAX; timetable.roles.len()],
            most: vec![usize::MAX; timetable.roles.len()],
            assessment_carry: 0.0,
            bought_carry: vec![0.0; timetable.bought.len()],
            bought: vec![[0.0]; timetable.bought.len()],
            due: vec![0; treatments],
            held: vec![0; treatments],
            tallies: vec![Tally::default(); treatments],
            counts: WholeCounts::default(),
            waited_more: [0.0; 2],
            treatments: vec![TreatmentCounts::default(); treatments],
            watch,
            ready,
        };
        service.open_up();
        service
    }

    /// Runs all weeks of the timetable; stops early, with nothing to be used, once `stop` says so.
    pub fn run(&mut self, observer: &mut impl Observer<1>, stop: impl Fn() -> bool) {
        self.ready
            .referred
            .draw(&mut self.luck, &mut self.referrals);
        for week in 0..self.ready.timetable.weeks() {
            if stop() {
                return;
            }
            self.week(week, observer);
        }
    }

    /// One week, in the order of the ten steps.
    fn week(&mut self, week: usize, observer: &mut impl Observer<1>) {
        self.counts = WholeCounts::default();
        self.waited_more = [0.0; 2];
        self.treatments.fill(TreatmentCounts::default());
        self.due.fill(0);
        self.held.fill(0);
        let referrals = self.referrals_of(week);
        // 1, 2
        self.begin(week);
        let (supervision, ring) = self.hours(week, referrals);
        // 3, 4
        self.refer(week);
        // 5, and 8 for the sessions due
        self.hold_sessions_due(week);
        // 6, 7, and 8 for first sessions
        self.buy(week);
        if let Some(pool) = self.spills_into() {
            let lent = self.lend(pool, ring);
            self.start_courses(week);
            let left = self.take_back(pool);
            self.assess(week, ring - lent + left);
        } else {
            self.assess(week, ring);
            self.start_courses(week);
        }
        self.run_timed(week);
        // 9
        self.give_up_and_arrive(week);
        // 10
        self.people.end_week(
            week,
            &self.ready.world.role_plans,
            &self.ready.world.cohorts,
            &mut self.moves,
            &mut self.luck,
        );
        self.roster.end_week();
        if self.ready.has_clinicians {
            let (timetable, world) = (self.ready.timetable, self.ready.world);
            self.roster.follow(
                timetable,
                world,
                &self.people,
                &self.moves,
                When::After(week),
            );
        }
        self.close(week);
        let mut counts = self.counts.counts();
        counts.waited_step2[0] += self.waited_more[0];
        counts.waited_step3[0] += self.waited_more[1];
        observer.week(&WeekView {
            week,
            counts: &counts,
            treatments: &self.treatments,
            pools: &self.pools,
            supervision: &supervision,
            opening: &self.opening,
            opening_trainees: &self.opening_trainees,
            people: &self.people,
            moves: &self.moves,
            present: &self.present,
            cohorts: &self.ready.world.cohorts,
            bought: &self.bought,
            lists: &ListsOf {
                assessment: &self.assessment,
                lists: &self.lists,
            },
        });
    }

    /// People referred by segment of the calendar.
    #[must_use]
    pub fn referrals_by_segment(&self) -> Vec<f64> {
        let sources = self.ready.referred.sources();
        let of_segment = |sources: &[u32]| f64::from(sources.iter().sum::<u32>());
        self.referrals.chunks(sources).map(of_segment).collect()
    }

    fn worked(&self, week: usize) -> f64 {
        f64::from(self.ready.timetable.calendar.weeks[week].working_days) / 5.0
    }

    fn referrals_of(&self, week: usize) -> u32 {
        let sources = self.ready.referred.sources();
        let segments = self.ready.timetable.segments_of_week[week].clone();
        self.referrals[segments.start * sources..segments.end * sources]
            .iter()
            .sum()
    }

    fn begin(&mut self, week: usize) {
        let world = self.ready.world;
        let (roles, cohorts) = (&world.role_plans, &world.cohorts);
        self.people
            .begin_week(week, roles, cohorts, &mut self.moves, &mut self.luck);
        let attendances = &world.attendances;
        self.people
            .convert(week, roles, attendances, &mut self.moves, &mut self.luck);
        let length = WeekLength {
            worked: self.worked(week),
            days: 7.0,
        };
        self.people
            .present(week, length, roles, cohorts, &self.moves, &mut self.present);
        self.people.stand_in(week, length, roles, &mut self.present);
        self.people
            .attend(week, roles, attendances, &mut self.present);
        self.opening.clone_from(&self.people.in_post);
        self.opening_trainees.clone_from(&self.people.trainees);
        if self.ready.has_clinicians {
            let timetable = self.ready.timetable;
            self.roster.follow(
                timetable,
                world,
                &self.people,
                &self.moves,
                When::Before(week),
            );
        }
    }

    /// Minutes of the pools, shared out between clinicians, and minutes or appointments for assessments.
    fn hours(&mut self, week: usize, referrals: u32) -> (Ledger<1>, f64) {
        let Ready {
            spec,
            timetable,
            world,
            ..
        } = *self.ready;
        let (ledger, ring) = minutes_of_week(
            spec,
            timetable,
            world,
            week,
            &self.people,
            &mut self.present,
            &[f64::from(referrals)],
            &mut self.pools,
        );
        let mut left: Vec<f64> = (self.pools.iter())
            .map(|pool| pool.bookable[0] - pool.supervision[0] - pool.screening[0])
            .collect();
        let assesses = timetable
            .assessment_role
            .map(|role| timetable.roles[role].pool);
        if let Some(pool) = assesses.filter(|_| !world.assessment.outside()) {
            left[pool] -= ring[0];
        }
        self.make_rooms(week, &ledger);
        if self.ready.has_clinicians {
            let minutes = self.minutes_by_role(week, &ledger, &left);
            let worked = self.worked(week);
            self.roster
                .begin_week(timetable, world, week, worked, &self.present, &minutes);
        }
        let minutes = world.assessment.minutes[0];
        let ring = if world.assessment.outside() && minutes > 0.0 {
            ring[0] / minutes
        } else {
            ring[0]
        };
        (ledger, ring)
    }

    /// Minutes for treatments by role: those of the pool, in proportion to the bookable minutes of its roles
    /// after the supervision that each gives.
    fn minutes_by_role(&self, week: usize, ledger: &Ledger<1>, left: &[f64]) -> Vec<f64> {
        let (timetable, world) = (self.ready.timetable, self.ready.world);
        let worked = self.worked(week);
        let own = |role: usize| {
            if timetable.roles[role].course.is_some() {
                return 0.0;
            }
            let said = &world.roles[role];
            let share = world.available(timetable, role, week)[0];
            let here = share * self.present.ramped[role][0] - self.present.away[role][0];
            let beyond = ledger.beyond[role][0] * share + said.extra_supervision[0];
            (60.0 * (said.patients * here.max(0.0) - beyond * worked)).max(0.0)
        };
        let mut minutes: Vec<f64> = (0..timetable.roles.len()).map(own).collect();
        let mut of_pool = vec![0.0; minutes.len()];
        for (role, minutes) in minutes.iter().enumerate() {
            of_pool[timetable.roles[role].pool] += minutes;
        }
        for (role, minutes) in minutes.iter_mut().enumerate() {
            let pool = timetable.roles[role].pool;
            if of_pool[pool] > 0.0 {
                *minutes *= left[pool].max(0.0) / of_pool[pool];
            }
        }
        minutes
    }

    fn give_up_and_arrive(&mut self, week: usize) {
        let mut gone = self.assessment.give_up(week);
        for list in &mut self.lists {
            gone += list.give_up(week);
        }
        self.counts.reneged = count(gone);
        let mut arriving = std::mem::take(&mut self.arriving);
        for person in arriving.drain(..) {
            self.lists[usize::from(person.treatment)].join(person, week + 1);
        }
        self.arriving = arriving;
    }

    /// Stocks at the end of the week and minutes that were not used.
    fn close(&mut self, week: usize) {
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
struct ListsOf<'a> {
    assessment: &'a List,
    lists: &'a [List],
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
