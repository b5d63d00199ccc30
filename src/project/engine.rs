//! The week, executed in the order that the head of `project` gives.

mod assessing;
mod holding;
mod staffing;
mod starting;

use crate::hours::Desk;
use crate::luck::{Luck, name_key};
use crate::project::courses::Courses;
use crate::project::opening;
use crate::project::queue::{Ahead, Joining, LONGEST_CLOCK, Queue, Taken};
use crate::project::whole::{Decision, take_each};
use crate::record::measure::{Counts, PoolCounts, TreatmentCounts};
use crate::record::view::{Lists, Observer, WaitsFor, WeekView};
use crate::scenario::Spec;
use crate::scenario::pathway::GroupStart;
use crate::timetable::world::TreatmentWorld;
use crate::timetable::{Timetable, World};
use crate::unit::{Lanes, add, each};
use crate::workforce::{Moves, People, Present, WeekLength};

/// What may start in a pool this week.
#[derive(Debug, Clone, Copy)]
struct Room<const L: usize> {
    minutes: Lanes<L>,
    starts: Lanes<L>,
    /// Whether the pool has places instead of minutes.
    places: bool,
}

/// Treatments that may use the hours of a pool.
#[derive(Debug)]
struct Turn {
    pool: usize,
    /// Groups that start with a fixed number or on a date.
    groups: Vec<usize>,
    /// Treatments that anybody may start alone.
    single: Vec<usize>,
}

impl Turn {
    fn new<const L: usize>(world: &World<L>, (pool, here): (usize, Vec<usize>)) -> Self {
        let alone = |&index: &usize| {
            let group = world.treatments[index].group;
            group.is_none_or(|group| group.start == GroupStart::Rolling)
        };
        let (single, groups) = here.into_iter().partition(alone);
        Self {
            pool,
            groups,
            single,
        }
    }
}

/// Sessions that are due in a week.
#[derive(Debug, Default)]
struct Due<const L: usize> {
    /// First and later ones, by treatment.
    sessions: Vec<(Lanes<L>, Lanes<L>)>,
    /// Minutes needed for them, by treatment.
    needed: Vec<Lanes<L>>,
    /// Minutes needed for them, by role that heads a pool.
    by_pool: Vec<Lanes<L>>,
    /// Share of them that is held, by treatment.
    held: Vec<Lanes<L>>,
}

/// Share of the minutes of a treatment in which nobody comes.
fn empty<const L: usize>(world: &TreatmentWorld<L>) -> Lanes<L> {
    let (used, attended) = (&world.used, &world.attended);
    each(|lane| ((used[lane] - attended[lane]) / used[lane]).clamp(0.0, 1.0))
}

/// A service under way.
#[derive(Debug)]
pub struct Engine<'a, const L: usize, K: Luck<L>> {
    spec: &'a Spec,
    timetable: &'a Timetable,
    world: &'a World<L>,
    /// People referred by segment of the calendar.
    referrals: &'a [Lanes<L>],
    luck: &'a mut K,
    /// Which treatment it is, whatever its place in a list: decisions are named by it.
    who: Vec<u64>,
    people: People<L>,
    opening: Vec<Lanes<L>>,
    opening_trainees: Vec<Lanes<L>>,
    moves: Moves<L>,
    present: Present<L>,
    pools: Vec<PoolCounts<L>>,
    desk: Desk<L>,
    opting_in: Vec<Lanes<L>>,
    assessment: Queue<L>,
    queues: Vec<Queue<L>>,
    courses: Vec<Courses<L>>,
    counts: Counts<L>,
    treatments: Vec<TreatmentCounts<L>>,
    rooms: Vec<Room<L>>,
    /// Who may use the hours of a pool, by preference: first roles before second ones.
    turns: Vec<Turn>,
    due: Due<L>,
    /// Share of the minutes of a treatment in which nobody comes.
    empty: Vec<Lanes<L>>,
    /// Waiting by treatment at the end of the week.
    waiting: Vec<Lanes<L>>,
    waiting_assessment: Lanes<L>,
    /// Open courses by treatment at the start of the week.
    open: Vec<Lanes<L>>,
    starts: Vec<Taken<L>>,
    bought: Vec<Lanes<L>>,
    arriving: Vec<Joining<L>>,
    /// People assessed this week by the weeks that their clocks run ahead of the queue they join.
    assessed_by_age: Ahead<L>,
    ahead: Option<Box<Ahead<L>>>,
    /// Whether the clock since referral runs on for some who were assessed.
    clocks_differ: bool,
    /// Minutes that were too few for one more person last week, by pool and for assessments; only of whole people.
    carried: Vec<Lanes<L>>,
    carried_ring: Lanes<L>,
}

/// Who the assessment is, where decisions are named.
const ASSESSMENT: u64 = name_key("assessment");

impl<'a, const L: usize, K: Luck<L>> Engine<'a, L, K> {
    /// The service on the first morning, to which so many `referrals` come by segment of the calendar.
    #[must_use]
    pub fn new(
        spec: &'a Spec,
        timetable: &'a Timetable,
        world: &'a World<L>,
        referrals: &'a [Lanes<L>],
        luck: &'a mut K,
    ) -> Self {
        let people = People::opening(&world.role_plans, &world.cohorts, luck);
        let number = timetable.treatments.len();
        let (mut assessment, mut queues) = opening::queues(world);
        let mut courses = opening::courses(spec, timetable, world, &people);
        if K::WHOLE {
            assessment.round();
            queues.iter_mut().for_each(Queue::round);
            courses.iter_mut().for_each(Courses::round);
        }
        let names = (timetable.treatments.iter())
            .map(|place| name_key(&format!("step{}.{}", place.step, place.name)));
        Self {
            spec,
            timetable,
            world,
            referrals,
            luck,
            who: names.collect(),
            opening: Vec::new(),
            opening_trainees: Vec::new(),
            people,
            moves: Moves::default(),
            present: Present::default(),
            pools: vec![PoolCounts::default(); timetable.roles.len()],
            desk: Desk::default(),
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
            turns: (timetable.turns_at_pools().into_iter())
                .map(|turn| Turn::new(world, turn))
                .collect(),
            due: Due {
                sessions: vec![([0.0; L], [0.0; L]); number],
                needed: vec![[0.0; L]; number],
                by_pool: vec![[0.0; L]; timetable.roles.len()],
                held: vec![[1.0; L]; number],
            },
            empty: world.treatments.iter().map(empty).collect(),
            waiting: vec![[0.0; L]; number],
            waiting_assessment: [0.0; L],
            open: courses.iter().map(Courses::total).collect(),
            courses,
            starts: vec![Taken::default(); number],
            bought: vec![[0.0; L]; timetable.bought.len()],
            arriving: vec![Joining::default(); number],
            assessed_by_age: [[0.0; L]; LONGEST_CLOCK],
            ahead: None,
            clocks_differ: world.assessment.counts.iter().any(|&share| share < 1.0),
            carried: vec![[0.0; L]; timetable.roles.len()],
            carried_ring: [0.0; L],
        }
    }

    /// Runs all weeks of the timetable.
    pub fn run(&mut self, observer: &mut impl Observer<L>) {
        if !K::WHOLE && !observer.looks_at_clocks() {
            self.queues.iter_mut().for_each(Queue::forget_clocks);
            self.courses.iter_mut().for_each(Courses::forget_clocks);
        }
        for week in 0..self.timetable.weeks() {
            self.week(week, observer);
        }
    }

    /// One week, in the order of the ten steps.
    fn week(&mut self, week: usize, observer: &mut impl Observer<L>) {
        self.counts.clear();
        self.treatments.fill(TreatmentCounts::default());
        self.starts.fill(Taken::default());
        self.arriving.fill(Joining::default());
        if self.clocks_differ {
            self.assessed_by_age = [[0.0; L]; LONGEST_CLOCK];
        }
        let referrals = self.referrals_of(week);
        // 1, 2
        self.begin(week);
        let ring = self.hours(week, &referrals, observer.looks_at_supervision(week));
        // 3, 4
        self.refer(week, &referrals);
        // 5
        self.sessions_due(week);
        // 6, 7
        self.buy(week);
        if let Some(pool) = self.spills_into() {
            self.assess_and_start_sharing(week, pool, &ring);
        } else {
            self.assess(week, ring);
            self.start_courses(week);
        }
        self.route(week);
        // 8
        self.hold_sessions(week);
        // 9
        self.give_up_and_arrive(week);
        // 10
        self.people.end_week(
            week,
            &self.world.role_plans,
            &self.world.cohorts,
            &mut self.moves,
            self.luck,
        );
        self.close(week);
        observer.week(&WeekView {
            week,
            counts: &self.counts,
            treatments: &self.treatments,
            pools: &self.pools,
            supervision: &self.desk.ledger,
            opening: &self.opening,
            opening_trainees: &self.opening_trainees,
            people: &self.people,
            moves: &self.moves,
            present: &self.present,
            cohorts: &self.world.cohorts,
            bought: &self.bought,
            lists: &QueuesOf {
                assessment: &self.assessment,
                queues: &self.queues,
            },
        });
    }

    fn worked(&self, week: usize) -> f64 {
        f64::from(self.timetable.calendar.weeks[week].working_days) / 5.0
    }

    fn begin(&mut self, week: usize) {
        let (roles, cohorts) = (&self.world.role_plans, &self.world.cohorts);
        self.people
            .begin_week(week, roles, cohorts, &mut self.moves, self.luck);
        let attendances = &self.world.attendances;
        self.people
            .convert(week, roles, attendances, &mut self.moves, self.luck);
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
    }

    fn referrals_of(&self, week: usize) -> Lanes<L> {
        let mut referrals = [0.0; L];
        for segment in self.timetable.segments_of_week[week].clone() {
            add(&mut referrals, &self.referrals[segment]);
        }
        referrals
    }

    fn refer(&mut self, week: usize, referrals: &Lanes<L>) {
        let world = self.world;
        let delay = world.opt_in_delay;
        let length = delay + 1;
        let place = |decision: Decision| decision.of(ASSESSMENT, week, 0);
        let rejecting = place(Decision::Rejected);
        let rejected = (self.luck).people_each(referrals, &world.rejected, rejecting);
        self.opting_in[(week + delay) % length] = each(|l| referrals[l] - rejected[l]);
        let deciding = self.opting_in[week % length];
        let opting = place(Decision::OptIn);
        let accepted = (self.luck).people_each(&deciding, &world.opt_in, opting);
        let counts = &mut self.counts;
        counts.referrals = *referrals;
        counts.rejected = rejected;
        counts.accepted = accepted;
        counts.not_opted_in = each(|l| deciding[l] - accepted[l]);
        let joining = Joining {
            people: accepted,
            ..Joining::default()
        };
        self.opting_in[week % length] = [0.0; L];
        // The clock runs from referral, so those who took weeks to opt in join with them on it.
        let waited = delay.min(week);
        self.assessment.join(week, waited, &joining, None);
    }

    fn give_up_and_arrive(&mut self, week: usize) {
        let share = &self.world.assessment.renege;
        let (mut gone, stay) = if K::WHOLE {
            let gone = (self.assessment).give_up_people(week, share, (self.luck, ASSESSMENT));
            (gone, self.assessment.total())
        } else {
            self.assessment.give_up(share)
        };
        self.waiting_assessment = stay;
        let treatments = self.world.treatments.iter().zip(&self.who);
        for (index, (world, &who)) in treatments.enumerate() {
            let queue = &mut self.queues[index];
            let (here, stay) = if K::WHOLE {
                let gone = queue.give_up_people(week, &world.renege, (self.luck, who));
                (gone, queue.total())
            } else {
                queue.give_up(&world.renege)
            };
            let joining = &self.arriving[index];
            add(&mut gone, &here);
            self.waiting[index] = each(|l| stay[l] + joining.people[l]);
            queue.join(week + 1, 0, joining, self.ahead.as_deref());
            queue.tidy(week + 1);
        }
        self.counts.reneged = gone;
        self.assessment.tidy(week + 1);
    }

    /// Stocks at the end of the week and minutes that were not used.
    fn close(&mut self, week: usize) {
        let counts = &mut self.counts;
        let share = &self.world.off_benefits;
        counts.off_benefits = if K::WHOLE {
            let place = Decision::OffBenefits.of(ASSESSMENT, week, 0);
            take_each(self.luck, &counts.first_treatments, share, place)
        } else {
            each(|l| counts.first_treatments[l] * share[l])
        };
        for deciding in &self.opting_in {
            add(&mut counts.opting_in, deciding);
        }
        counts.waiting_assessment = self.waiting_assessment;
        for (index, treatment) in self.timetable.treatments.iter().enumerate() {
            let (waiting, open) = (self.waiting[index], self.courses[index].total());
            let (all_waiting, all_open) = if treatment.step == 2 {
                (&mut counts.waiting_step2, &mut counts.open_step2)
            } else {
                (&mut counts.waiting_step3, &mut counts.open_step3)
            };
            add(all_waiting, &waiting);
            add(all_open, &open);
            self.treatments[index].waiting = waiting;
            self.treatments[index].open = open;
            self.open[index] = open;
        }
        for pool in &mut self.pools {
            let sessions: Lanes<L> = each(|l| pool.assessment[l] + pool.first[l] + pool.later[l]);
            pool.idle = each(|l| {
                let used = pool.supervision[l] + pool.screening[l] + sessions[l];
                (pool.bookable[l] - used).max(0.0)
            });
        }
    }
}

/// The queues as whoever looks on sees them.
#[derive(Debug)]
struct QueuesOf<'a, const L: usize> {
    assessment: &'a Queue<L>,
    queues: &'a [Queue<L>],
}

impl<const L: usize> Lists<L> for QueuesOf<'_, L> {
    fn by_age(&self, week: usize, each: &mut dyn FnMut(WaitsFor, usize, &Lanes<L>)) {
        let treatments = self.queues.iter().enumerate();
        let all = std::iter::once((WaitsFor::Assessment, self.assessment))
            .chain(treatments.map(|(index, queue)| (WaitsFor::Treatment(index), queue)));
        for (what, queue) in all {
            for age in 0..=queue.longest_wait(week) {
                each(what, age, &queue.of_age(week, age));
            }
        }
    }
}
