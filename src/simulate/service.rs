//! The week, patient by patient, in the order that the head of `simulate` gives.

mod closing;
mod ending;
mod front_door;
mod groups;
mod hours;
mod in_places;
mod opening;
mod starting;
mod tally;
mod timed;
mod treating;

use crate::hours::Desk;
use crate::luck::{Chance, replicate_key};
use crate::record::measure::{PoolCounts, TreatmentCounts, WholeCounts};
use crate::record::view::{Observer, WeekView};
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
use crate::timetable::{Timetable, World};
use crate::unit::Lanes;
use crate::workforce::{Moves, People, Present};

use closing::ListsOf;
use front_door::OptingIn;
use groups::Groups;
use in_places::Buckets;
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
    desk: Desk<1>,
    opening: Vec<Lanes<1>>,
    opening_trainees: Vec<Lanes<1>>,
    referrals: Vec<u32>,
    referred_so_far: u32,
    opting_in: Vec<OptingIn>,
    assessment: List,
    lists: Vec<List>,
    /// Routed or stepped this week, by treatment: they join its list at the end of the week.
    arriving: Vec<Vec<Person>>,
    diary: Diary,
    /// Courses in pools of places, by treatment.
    buckets: Vec<Option<Buckets>>,
    /// Of the bucket whose sessions are held, a bit a person; kept for its memory.
    turns: Vec<u64>,
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
    /// A service in which nothing is, and nobody; [`Service::open`] begins a replication.
    #[must_use]
    pub fn new(ready: &'a Ready<'a>, luck: Chance<1>, watch: Watch) -> Self {
        let (timetable, world) = (ready.timetable, ready.world);
        let weeks = timetable.weeks();
        let (roles, treatments) = (timetable.roles.len(), ready.terms.treatments.len());
        let longest = (ready.terms.treatments.iter())
            .map(|terms| terms.interval.max(terms.delay).max(1))
            .max()
            .unwrap_or(1);
        let list = |terms: &crate::simulate::terms::Terms| {
            List::new(weeks, terms.queue, false, terms.renege)
        };
        Self {
            people: People::opening(&world.role_plans, &world.cohorts, &mut luck.clone()),
            key: 0,
            luck,
            moves: Moves::default(),
            present: Present::default(),
            pools: vec![PoolCounts::default(); roles],
            desk: Desk::default(),
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
            arriving: vec![Vec::new(); treatments],
            diary: Diary::new(longest),
            buckets: (ready.terms.treatments.iter())
                .map(|terms| terms.stays_in_place().then(|| Buckets::new(terms.interval)))
                .collect(),
            turns: Vec::new(),
            groups: Groups::new(),
            timed: Timed::new(roles),
            roster: Roster::new(timetable, &ready.terms.treatments, 0),
            orphans: Vec::new(),
            missed: Vec::new(),
            open: vec![0; treatments],
            open_in_pool: vec![0; roles],
            room: vec![usize::MAX; roles],
            most: vec![usize::MAX; roles],
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
        }
    }

    /// The first morning of a replication. Whatever was there before is forgotten; lists keep their memory.
    pub fn open(&mut self, seed: u64, replicate: u64) {
        let (timetable, world) = (self.ready.timetable, self.ready.world);
        self.luck.restart(seed, [replicate]);
        self.key = replicate_key(seed, replicate);
        self.people = People::opening(&world.role_plans, &world.cohorts, &mut self.luck);
        self.moves = Moves::default();
        self.present = Present::default();
        self.pools.fill(PoolCounts::default());
        self.desk = Desk::default();
        self.referred_so_far = 0;
        self.opting_in.iter_mut().for_each(OptingIn::clear);
        self.assessment.clear();
        self.lists.iter_mut().for_each(List::clear);
        self.arriving.iter_mut().for_each(Vec::clear);
        self.diary.clear();
        self.buckets.iter_mut().flatten().for_each(Buckets::clear);
        self.groups.clear();
        self.timed.clear();
        self.roster = Roster::new(timetable, &self.ready.terms.treatments, self.key);
        self.orphans.clear();
        self.missed.clear();
        self.open.fill(0);
        self.open_in_pool.fill(0);
        self.room.fill(usize::MAX);
        self.most.fill(usize::MAX);
        self.assessment_carry = 0.0;
        self.bought_carry.fill(0.0);
        self.tallies.fill(Tally::default());
        self.open_up();
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
        let ring = self.hours(week, referrals, observer.looks_at_supervision(week));
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
            supervision: &self.desk.ledger,
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
    pub fn referrals_by_segment(&self, people: &mut Vec<f64>) {
        let sources = self.ready.referred.sources();
        let of_segment = |sources: &[u32]| f64::from(sources.iter().sum::<u32>());
        people.clear();
        people.extend(self.referrals.chunks(sources).map(of_segment));
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
}
