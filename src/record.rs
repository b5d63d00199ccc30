//! What is written down of a run, week by week, and what can be told from it?
//!
//! [`measure`] says what is counted and how weeks add up, [`view`] what there is to see at the end of a week,
//! [`Record`] keeps it. From the record come the tables, the rules that are broken and the money, whichever
//! way the scenario was run.

pub mod asked;
pub mod costing;
pub mod mean;
pub mod measure;
pub mod periods;
pub mod rules;
pub mod spread;
pub mod standard;
pub mod tables;
pub mod trainees;
pub mod view;

use std::sync::OnceLock;

use crate::error::Result;
use crate::record::costing::{Costs, Paid, PaidWeek, all_has_a_price, costs_of_run};
use crate::record::measure::{MEASURES, PoolCounts, TreatmentCounts};
use crate::record::trainees::{CohortWeek, note_hours, note_money};
use crate::record::view::{Observer, WaitsFor, WeekView, sum};
use crate::scenario::Spec;
use crate::timetable::ledger::Ledger;
use crate::timetable::{Timetable, World};

/// Longest wait, in whole weeks, that the table of waits tells apart.
pub const LONGEST_SHOWN: usize = 27;

/// Staff of one role in one week \[WTE unless said otherwise\].
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct StaffWeek {
    /// Funded establishment.
    pub posts: f64,
    /// In post at the start of the week.
    pub opening: f64,
    /// In post at the end; for trainees those in training.
    pub in_post: f64,
    /// Trainees at the end \[heads\].
    pub trainees: f64,
    /// Recruited from outside or promoted into the role.
    pub joined: f64,
    /// Of them promoted from another role.
    pub promoted: f64,
    /// Left the service, or for another role.
    pub left: f64,
    /// The same by [`LEFT_BY`].
    pub left_by: [f64; 6],
    /// Moved to training inside the service.
    pub moved_to_training: f64,
    /// Qualified into the role.
    pub qualified: f64,
    /// WTE of qualified staff and trainees x ramp.
    pub ramped: f64,
    /// WTE x working days / 5 \[WTE weeks\].
    pub worked: f64,
    /// WTE x working days / 5 x share of days worked, less short courses \[WTE weeks\].
    pub available: f64,
    /// Of those in post at the end, absent for long.
    pub absent: f64,
    /// Agency staff and cover of the absent, never in post.
    pub agency: f64,
    /// Overtime.
    pub overtime: f64,
    /// Working time that went into short courses \[WTE weeks\].
    pub away: f64,
    /// Trainees who started \[heads\].
    pub started: f64,
}

/// Internal places on a course at its start, and how many could be taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AskedToMove {
    /// Week of the start.
    pub week: usize,
    /// Role that people have while they train.
    pub to: usize,
    /// Role that they leave.
    pub from: usize,
    /// Places \[heads\].
    pub asked: f64,
    /// People who moved \[heads\].
    pub moved: f64,
}

/// How people leave a role: by its rate, not back from an absence, with fewer hours, to another role, released
/// with the roles that theirs follows, from a course.
pub const LEFT_BY: [&str; 6] = [
    "other",
    "not_back",
    "shorter_hours",
    "promotion",
    "released",
    "gave_up_course",
];

/// People waiting by weeks at the end of a month: assessment, Step 2, Step 3.
pub type WaitsByAge = [[f64; LONGEST_SHOWN + 1]; 3];

/// A single run, week by week.
#[derive(Debug, Clone)]
pub struct Record {
    /// By measure, in the order of [`MEASURES`], and week.
    pub counts: Vec<Vec<f64>>,
    /// By treatment and week.
    pub treatments: Vec<Vec<TreatmentCounts<1>>>,
    /// By role and week; only roles that head a pool have minutes.
    pub pools: Vec<Vec<PoolCounts<1>>>,
    /// Supervision by week.
    pub supervision: Vec<Ledger<1>>,
    /// By role and week.
    pub staff: Vec<Vec<StaffWeek>>,
    /// Internal places and those who took them, by group of trainees.
    pub asked_to_move: Vec<AskedToMove>,
    /// By group of trainees and week.
    pub training: Vec<Vec<CohortWeek>>,
    /// By month.
    pub waits: Vec<WaitsByAge>,
    /// By segment of the calendar.
    pub referrals: Vec<f64>,
    /// What it costs, once anybody asks for it.
    costs: OnceLock<Costs>,
    /// What the cost is worked out from.
    pub paid: Paid,
    /// Month whose end each week is the last to precede, if it is.
    closes: Vec<Option<usize>>,
    steps: Vec<u8>,
    /// Trainee role and WTE a head of each cohort.
    cohorts: Vec<(usize, f64)>,
    wte_per_head: Vec<f64>,
    /// Qualified into each role in the week before \[WTE\].
    qualified: Vec<f64>,
}

/// So many empty lists with room for every week; a clone of an empty list would have none.
pub(crate) fn lists<T>(number: usize, weeks: usize) -> Vec<Vec<T>> {
    (0..number).map(|_| Vec::with_capacity(weeks)).collect()
}

impl Record {
    /// An empty record.
    #[must_use]
    pub fn new(timetable: &Timetable, world: &World<1>) -> Self {
        let weeks = timetable.weeks();
        let calendar = &timetable.calendar;
        let roles = timetable.roles.len();
        Self {
            counts: lists(MEASURES.len(), weeks),
            treatments: lists(timetable.treatments.len(), weeks),
            pools: lists(roles, weeks),
            supervision: Vec::with_capacity(weeks),
            staff: lists(roles, weeks),
            asked_to_move: Vec::new(),
            training: lists(world.cohorts.len(), weeks),
            waits: vec![[[0.0; LONGEST_SHOWN + 1]; 3]; calendar.months.len()],
            referrals: Vec::new(),
            costs: OnceLock::new(),
            paid: Paid::new(roles, timetable.bought.len(), weeks),
            closes: timetable.closes(),
            steps: timetable
                .treatments
                .iter()
                .map(|treatment| treatment.step)
                .collect(),
            cohorts: world
                .cohorts
                .iter()
                .map(|c| {
                    (
                        c.trainee_role,
                        world.role_plans[c.trainee_role].wte_per_head[0],
                    )
                })
                .collect(),
            wte_per_head: world
                .role_plans
                .iter()
                .map(|plan| plan.wte_per_head[0])
                .collect(),
            qualified: vec![0.0; roles],
        }
    }

    /// Weekly values of a measure.
    #[must_use]
    pub fn measure(&self, name: &str) -> &[f64] {
        let place = MEASURES.iter().position(|measure| measure.0 == name);
        place.map_or(&[], |place| &self.counts[place])
    }

    /// Month that a week is the last to end in, if it is.
    #[must_use]
    pub fn closes(&self, week: usize) -> Option<usize> {
        self.closes[week]
    }

    /// Whether every week of the run is written down.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.supervision.len() == self.closes.len()
    }

    /// Works out availability when the run is over, and makes sure that its cost can be worked out.
    ///
    /// # Errors
    /// [`crate::error::Error::Scenario`] if there is no pay table for so early a year.
    pub fn finish(&mut self, spec: &Spec, timetable: &Timetable, world: &World<1>) -> Result<()> {
        if self.referrals.is_empty() {
            self.referrals = world.referrals.iter().map(|segment| segment[0]).collect();
        }
        for (role, weeks) in self.staff.iter_mut().enumerate() {
            for (week, staff) in weeks.iter_mut().enumerate() {
                let share = world.available(timetable, role, week)[0];
                staff.available = staff.worked * share - staff.away;
            }
        }
        note_hours(timetable, world, &mut self.training);
        note_money(spec, timetable, &self.training, &mut self.paid);
        for (week, ledger) in self.supervision.iter_mut().enumerate() {
            if week == 0 || self.closes[week].is_some() {
                *ledger = std::mem::take(ledger).with_supervisors(spec, timetable);
            }
        }
        self.costs = OnceLock::new();
        if !all_has_a_price(spec, timetable) {
            self.costs = self.work_out_costs(spec, timetable)?.into();
        }
        Ok(())
    }

    /// What a run that is over costs. It is worked out when it is asked for first: who looks at patients alone need not
    /// wait for it.
    pub fn costs(&self, spec: &Spec, timetable: &Timetable) -> &Costs {
        (self.costs).get_or_init(|| self.work_out_costs(spec, timetable).unwrap_or_default())
    }

    fn work_out_costs(&self, spec: &Spec, timetable: &Timetable) -> Result<Costs> {
        let assessed = self.measure("assessed");
        costs_of_run(spec, timetable, &self.paid, &self.treatments, assessed)
    }

    fn note_waits<const L: usize>(&mut self, view: &WeekView<L>, month: usize) {
        let week = view.week + 1;
        let steps = &self.steps;
        let waits = &mut self.waits[month];
        *waits = [[0.0; LONGEST_SHOWN + 1]; 3];
        view.lists.by_age(week, &mut |what, age, people| {
            let stage = match what {
                WaitsFor::Assessment => 0,
                WaitsFor::Treatment(index) => usize::from(steps[index]) - 1,
            };
            waits[stage][age.min(LONGEST_SHOWN)] += sum(people);
        });
    }

    /// Trainees count by heads in the role that they have while they train.
    fn note_trainees<const L: usize>(&mut self, view: &WeekView<L>) {
        for (cohort, &(role, wte)) in self.cohorts.iter().enumerate() {
            if !view.cohorts[cohort].is_followed(view.week) {
                self.training[cohort].push(CohortWeek::default());
                continue;
            }
            let Some(staff) = self.staff[role].last_mut() else {
                continue;
            };
            let trainees = sum(&view.people.trainees[cohort]);
            let said = CohortWeek::of(view, cohort);
            let (started, gone) = (said.started, said.left + said.failed);
            staff.trainees += trainees;
            staff.in_post += trainees * wte;
            staff.opening += (sum(&view.opening_trainees[cohort]) - started) * wte;
            staff.started += started;
            staff.joined += started * wte;
            staff.left += gone * wte;
            staff.left_by[5] += gone * wte;
            let supported = view.cohorts[cohort].weeks[view.week].supported_days / 7.0;
            if let Some(week) = self.paid.roles[role].last_mut() {
                week.supported += sum(&view.opening_trainees[cohort]) * wte * supported;
                week.started += started;
            }
            self.training[cohort].push(said);
        }
    }

    /// What the cost is worked out from; trainees are added by cohort.
    fn note_paid<const L: usize>(&mut self, view: &WeekView<L>) {
        let paid = &mut self.paid;
        for (list, people) in paid.bought.iter_mut().zip(view.bought) {
            list.push(sum(people));
        }
        for role in 0..self.staff.len() {
            let extra = &view.present.extra;
            // Those who qualify at the end of a week are new in the next one.
            let joined = sum(&view.moves.joined[role]);
            let new = joined + sum(&view.moves.promoted[role]) + self.qualified[role];
            self.qualified[role] = sum(&view.moves.qualified[role]);
            paid.roles[role].push(PaidWeek {
                wte: sum(&view.present.paid_days[role]) / 7.0,
                unpaid: sum(&extra.unpaid[role]),
                agency: sum(&extra.agency[role]),
                agency_priced: sum(&extra.agency_priced[role]),
                overtime: sum(&extra.overtime[role]),
                overtime_priced: sum(&extra.overtime_priced[role]),
                posts: sum(&view.people.posts[role]),
                new,
                hires: joined / self.wte_per_head[role],
                started: 0.0,
                supported: 0.0,
            });
        }
    }
}

impl<const L: usize> Observer<L> for Record {
    /// Rules and tables look at the first week and at the ends of months.
    fn looks_at_supervision(&self, week: usize) -> bool {
        week == 0 || self.closes[week].is_some()
    }

    /// Lanes are added up.
    fn week(&mut self, view: &WeekView<L>) {
        for (list, count) in self.counts.iter_mut().zip(view.counts.in_order()) {
            list.push(sum(count));
        }
        for (list, treatment) in self.treatments.iter_mut().zip(view.treatments) {
            list.push(treatment.together());
        }
        for (list, pool) in self.pools.iter_mut().zip(view.pools) {
            list.push(pool.together());
        }
        let looked_at = Observer::<L>::looks_at_supervision(self, view.week);
        self.supervision.push(if looked_at {
            view.supervision.together()
        } else {
            Ledger::default()
        });
        let moves = view.moves;
        for (role, list) in self.staff.iter_mut().enumerate() {
            let left = [
                sum(&moves.left[role]),
                sum(&moves.not_back[role]),
                sum(&moves.shorter_hours[role]),
                sum(&moves.promoted_away[role]),
                sum(&moves.released[role]),
                0.0,
            ];
            let extra = &view.present.extra;
            list.push(StaffWeek {
                posts: sum(&view.people.posts[role]),
                opening: sum(&view.opening[role])
                    - sum(&moves.joined[role])
                    - sum(&moves.promoted[role])
                    + sum(&moves.promoted_away[role])
                    + sum(&moves.released[role]),
                in_post: sum(&view.people.in_post[role]),
                trainees: 0.0,
                joined: sum(&moves.joined[role]) + sum(&moves.promoted[role]),
                promoted: sum(&moves.promoted[role]),
                left: left.iter().sum(),
                left_by: left,
                moved_to_training: sum(&moves.moved_to_training[role]),
                qualified: sum(&moves.qualified[role]),
                ramped: sum(&view.present.ramped[role]),
                worked: sum(&view.present.worked[role]),
                available: 0.0,
                absent: sum(&view.people.absent[role]),
                agency: sum(&extra.agency[role]),
                overtime: sum(&extra.overtime[role]),
                away: sum(&view.present.away[role]),
                started: 0.0,
            });
        }
        for (index, cohort) in view.cohorts.iter().enumerate() {
            if cohort.starts == Some(view.week) && sum(&cohort.internal) > 0.0 {
                let from = cohort.internal_from;
                self.asked_to_move.push(AskedToMove {
                    week: view.week,
                    to: cohort.trainee_role,
                    from,
                    asked: sum(&cohort.internal),
                    moved: sum(&moves.moved_by_cohort[index]) / self.wte_per_head[from],
                });
            }
        }
        self.note_paid(view);
        self.note_trainees(view);
        if let Some(month) = self.closes[view.week] {
            self.note_waits(view, month);
        }
    }
}
