//! The week, executed in the order that the head of `project` gives.

mod assessing;
mod holding;
mod staffing;
mod starting;

use crate::luck::Expected;
use crate::project::courses::Courses;
use crate::project::opening;
use crate::project::queue::{Ahead, Joining, LONGEST_CLOCK, Queue, Taken};
use crate::record::measure::{Counts, PoolCounts, TreatmentCounts};
use crate::record::view::{Lists, Observer, WaitsFor, WeekView};
use crate::scenario::Spec;
use crate::timetable::{Timetable, World};
use crate::unit::Lanes;
use crate::workforce::{Moves, People, Present, WeekLength};

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
    bought: Vec<Lanes<L>>,
    arriving: Vec<Joining<L>>,
    /// People assessed this week by the weeks that their clocks run ahead of the queue they join.
    assessed_by_age: Ahead<L>,
    ahead: Option<Box<Ahead<L>>>,
}

impl<'a, const L: usize> Engine<'a, L> {
    /// The service on the first morning.
    #[must_use]
    pub fn new(spec: &'a Spec, timetable: &'a Timetable, world: &'a World<L>) -> Self {
        let people = People::opening(&world.role_plans, &world.cohorts, &mut Expected);
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
            turns: timetable.turns_at_pools(),
            open: courses.iter().map(Courses::total).collect(),
            courses,
            starts: vec![Taken::default(); number],
            bought: vec![[0.0; L]; timetable.bought.len()],
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
        // 6, 7
        self.buy(week);
        if let Some(pool) = self.spills_into() {
            self.assess_and_start_sharing(week, pool, &ring);
        } else {
            self.assess(week, ring);
            self.start_courses(week);
        }
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
            &mut Expected,
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
            .begin_week(week, roles, cohorts, &mut self.moves, &mut Expected);
        let attendances = &self.world.attendances;
        self.people
            .convert(week, roles, attendances, &mut self.moves, &mut Expected);
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
        let share = &self.world.off_benefits;
        counts.off_benefits = std::array::from_fn(|l| counts.first_treatments[l] * share[l]);
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
