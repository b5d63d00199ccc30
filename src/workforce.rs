//! Who is in post, who trains, who comes and who leaves?
//!
//! ```text
//! in post(t+1) = (in post(t) + joined + moved in - moved out) x exp(-a x 7 / 365.25) + qualified
//!                - absent who do not come back, or with fewer hours
//! advertised   = posts - in post - already advertised - trainees who qualify within the lead time
//! joined       = advertised a lead time ago x share filled
//! ```
//!
//! `L` worlds are side by side. Whether their numbers are expectations or whole people who are lucky or not is
//! up to a [`Luck`]; roles that follow others by a ratio stay fractional. The order of a week is written here;
//! each of its steps has a file.

pub mod absence;
mod cohorts;
pub mod journey;
mod leaving;
pub mod ramp;
mod ratio;
mod recruiting;
pub mod short_courses;
pub mod tenure;
mod whole;

use crate::luck::Luck;
use crate::unit::{Lanes, each};
use std::sync::Arc;

use journey::{Outcome, TraineeWeek};

use absence::{Absent, Extra, ExtraPlan};
use leaving::Followed;

pub use leaving::{LeavingPlan, weekly_hazard, weekly_survival};
pub use ratio::RatioPlan;

/// What is fixed about a role during a run.
#[derive(Debug, Clone)]
pub struct RolePlan<const L: usize> {
    /// Which role it is, whatever its place in a list: decisions are named by it.
    pub who: u64,
    /// Posts from a week on \[WTE\], the first from week 0.
    pub posts: Vec<(usize, Lanes<L>)>,
    /// Staff in post at the start \[WTE\].
    pub in_post: Lanes<L>,
    /// Share that stays from one week to the next.
    pub stays: Lanes<L>,
    /// WTE of one person.
    pub wte_per_head: Lanes<L>,
    /// What is known of leaving beyond one rate; boxed, since few roles have it.
    pub leaving: Option<Box<LeavingPlan<L>>>,
    /// Agency staff and overtime.
    pub extra: Option<Box<ExtraPlan<L>>>,
    /// Other roles that the number follows.
    pub ratio: Option<RatioPlan>,
    /// Whether vacancies are advertised.
    pub recruits: bool,
    /// Weeks in which they are; empty: all.
    pub adverts: Vec<bool>,
    /// Weeks from advertising to joining.
    pub lead_weeks: usize,
    /// Share of advertised posts that are filled.
    pub fill_share: Lanes<L>,
    /// Role, by index, that new members are promoted from.
    pub promoted_from: Option<usize>,
}

impl<const L: usize> RolePlan<L> {
    /// Posts in a week \[WTE\].
    #[must_use]
    pub fn posts_in(&self, week: usize) -> Lanes<L> {
        let step = self.posts.iter().rev().find(|step| step.0 <= week);
        step.map_or([0.0; L], |step| step.1)
    }
}

/// What is fixed about those who start a course together.
#[derive(Debug, Clone)]
pub struct CohortPlan<const L: usize> {
    /// Which intake it is, whatever its place in a list: decisions are named by it.
    pub who: u64,
    /// Intake, by its place in the scenario: groups of one intake add up to it.
    pub intake: usize,
    /// How they get through the first modules.
    pub outcome: Outcome,
    /// Role that they become, by index.
    pub becomes: usize,
    /// Role that they have in training, by index.
    pub trainee_role: usize,
    /// Trainees on the first day, or on the first day of the calendar if that is later \[heads\].
    pub trainees: Lanes<L>,
    /// Those of them who leave a role of this service \[heads\], and which, by index.
    pub internal: Lanes<L>,
    /// Role that the internal ones leave.
    pub internal_from: usize,
    /// Weeks that people must have been in that role before they may move.
    pub qualified_weeks: usize,
    /// Share of the internal places that people may take earlier.
    pub exception_share: f64,
    /// Week in which they start; `None` if they are in training already.
    pub starts: Option<usize>,
    /// Week in which they qualify, if inside the horizon.
    pub qualifies: Option<usize>,
    /// Week in which they fail the first modules and leave, if inside the horizon.
    pub fails: Option<usize>,
    /// First week in which no contract clause holds the newly qualified any more.
    pub free: usize,
    /// First week in which nothing is left to follow: they are gone, or qualified, settled and free.
    pub over: usize,
    /// Whether each keeps a post of the role to come free from the first day.
    pub holds_posts: bool,
    /// Share that stays from one week to the next.
    pub stays: Lanes<L>,
    /// What one trainee is worth in each week.
    pub weeks: Arc<[TraineeWeek]>,
}

impl<const L: usize> CohortPlan<L> {
    /// Whether anything is left to follow in a week: they have started, and are not over.
    #[must_use]
    pub fn is_followed(&self, week: usize) -> bool {
        week < self.over && self.starts.is_none_or(|start| start <= week)
    }
}

/// People of the service at one moment.
#[derive(Debug, Clone)]
pub struct People<const L: usize> {
    /// In post by role at the start of the week \[WTE\].
    pub in_post: Vec<Lanes<L>>,
    /// In training by cohort \[heads\].
    pub trainees: Vec<Lanes<L>>,
    /// Posts by role \[WTE\].
    pub posts: Vec<Lanes<L>>,
    /// Of those in post, who are absent for long, by role \[WTE\].
    pub absent: Vec<Lanes<L>>,
    /// The absent by role, kind and week of going.
    away: Vec<Absent<L>>,
    /// Time in the role and moves, of roles for which they matter.
    followed: Vec<Option<Followed<L>>>,
    /// Newly qualified who are still here, by cohort, for as long as they settle or a clause holds them \[WTE\].
    newly: Vec<Lanes<L>>,
    /// Advertised posts by role and week of joining, as a ring \[WTE\].
    advertised: Vec<Vec<Lanes<L>>>,
}

/// What happened in a week, by role \[WTE\]; qualified and moved are in the role joined or left.
#[derive(Debug, Clone, Default)]
pub struct Moves<const L: usize> {
    /// Recruited from outside.
    pub joined: Vec<Lanes<L>>,
    /// Promoted into the role from another.
    pub promoted: Vec<Lanes<L>>,
    /// Left the service.
    pub left: Vec<Lanes<L>>,
    /// Left for training inside the service.
    pub moved_to_training: Vec<Lanes<L>>,
    /// Promoted out of the role.
    pub promoted_away: Vec<Lanes<L>>,
    /// Qualified into the role.
    pub qualified: Vec<Lanes<L>>,
    /// Whose absence is over, whether they come back or not.
    pub absence_over: Vec<Lanes<L>>,
    /// Did not come back from an absence.
    pub not_back: Vec<Lanes<L>>,
    /// Hours not worked any more by those who came back.
    pub shorter_hours: Vec<Lanes<L>>,
    /// Left since the roles that theirs follows shrank.
    pub released: Vec<Lanes<L>>,
    /// Left a role of the service for training, by cohort that they joined \[WTE\].
    pub moved_by_cohort: Vec<Lanes<L>>,
    /// Trainees who started, by cohort \[heads\].
    pub started: Vec<Lanes<L>>,
    /// Trainees who left early, by cohort \[heads\].
    pub gave_up: Vec<Lanes<L>>,
    /// Trainees who failed the first modules and left, by cohort \[heads\].
    pub failed: Vec<Lanes<L>>,
    /// Trainees who qualified, by cohort \[heads\].
    pub awarded: Vec<Lanes<L>>,
    /// Newly qualified who left while a contract clause held them, by cohort \[heads\].
    pub left_in_clause: Vec<Lanes<L>>,
    /// People and leavers of whom it is known whether they are newly qualified, by role \[heads\].
    told: Vec<[Lanes<L>; 2]>,
}

/// Staff at work in a week, by role.
#[derive(Debug, Clone, Default)]
pub struct Present<const L: usize> {
    /// WTE x working days / 5, counted by days \[WTE weeks\].
    pub worked: Vec<Lanes<L>>,
    /// WTE x calendar days \[WTE days\]: what pay accrues on.
    pub paid_days: Vec<Lanes<L>>,
    /// Qualified staff plus trainees x ramp, in weeks worked \[WTE weeks\], by role that trainees become.
    pub ramped: Vec<Lanes<L>>,
    /// Work by others than people in post, and pay that is not due.
    pub extra: Extra<L>,
    /// Working time that goes into short courses \[WTE weeks\].
    pub away: Vec<Lanes<L>>,
}

/// Days of one week that count for somebody who comes or goes inside it.
#[derive(Debug, Clone, Copy)]
pub struct WeekLength {
    /// Working days / 5.
    pub worked: f64,
    /// Calendar days.
    pub days: f64,
}

impl<const L: usize> People<L> {
    /// The opening stock.
    #[must_use]
    pub fn opening<K: Luck<L>>(
        roles: &[RolePlan<L>],
        cohorts: &[CohortPlan<L>],
        luck: &mut K,
    ) -> Self {
        let training = |cohort: &CohortPlan<L>| {
            if cohort.starts.is_none() {
                cohort.trainees
            } else {
                [0.0; L]
            }
        };
        let mut people = Self {
            in_post: roles.iter().map(|role| role.in_post).collect(),
            trainees: cohorts.iter().map(training).collect(),
            posts: vec![[0.0; L]; roles.len()],
            absent: vec![[0.0; L]; roles.len()],
            away: vec![Vec::new(); roles.len()],
            followed: vec![None; roles.len()],
            newly: vec![[0.0; L]; cohorts.len()],
            advertised: roles
                .iter()
                .map(|role| vec![[0.0; L]; role.lead_weeks + 1])
                .collect(),
        };
        if K::WHOLE {
            people.open_whole(cohorts, luck);
        }
        people.set_posts(0, roles);
        for (index, role) in roles.iter().enumerate() {
            if let Some(ratio) = &role.ratio {
                people.in_post[index] = people.staff_by_ratio(ratio, roles, cohorts);
            }
            if let Some(plan) = &role.leaving {
                people.followed[index] = Some(plan.opening_stock(&role.in_post));
                people.away[index] = absence::opening(&plan.absences, &role.in_post);
                if K::WHOLE {
                    people.open_whole_role(index, role, luck);
                }
                let rings = people.away[index].iter().flatten();
                people.absent[index] = rings.fold([0.0; L], |sum, week| {
                    std::array::from_fn(|l| sum[l] + week[l])
                });
            }
        }
        people
    }

    /// Beginning of the week: people recruited join, intakes start.
    pub fn begin_week<K: Luck<L>>(
        &mut self,
        week: usize,
        roles: &[RolePlan<L>],
        cohorts: &[CohortPlan<L>],
        moves: &mut Moves<L>,
        luck: &mut K,
    ) {
        moves.clear(roles, cohorts.len(), K::WHOLE);
        for followed in self.followed.iter_mut().flatten() {
            followed.tenure.turn(week);
        }
        self.join(week, roles, moves, luck);
        self.start_intakes(week, roles, cohorts, moves, luck);
        self.follow_arrivals(week, moves);
        self.follow_ratios(week, roles, cohorts, moves);
    }

    /// Staff at work this week. People who move to training or qualify inside the week count by days.
    pub fn present(
        &self,
        week: usize,
        length: WeekLength,
        roles: &[RolePlan<L>],
        cohorts: &[CohortPlan<L>],
        moves: &Moves<L>,
        present: &mut Present<L>,
    ) {
        present.clear(roles);
        for (index, wte) in self.in_post.iter().enumerate() {
            present.worked[index] = each(|lane| wte[lane] * length.worked);
            present.paid_days[index] = each(|lane| wte[lane] * length.days);
        }
        let followed = cohorts.iter().enumerate();
        for (index, cohort) in followed.filter(|(_, cohort)| cohort.is_followed(week)) {
            let days = &cohort.weeks[week];
            let (becomes, trainee) = (cohort.becomes, cohort.trainee_role);
            for lane in 0..L {
                let wte = self.trainees[index][lane] * roles[trainee].wte_per_head[lane];
                present.worked[trainee][lane] += wte * days.training;
                present.paid_days[trainee][lane] += wte * days.training_days;
                // Of those who settle, as many are absent as of their role.
                let mut settling = self.newly[index][lane] * self.share_at_work(becomes, lane);
                if cohort.qualifies == Some(week) {
                    settling += wte;
                    present.worked[becomes][lane] += wte * days.qualified;
                    present.paid_days[becomes][lane] += wte * days.qualified_days;
                }
                present.ramped[becomes][lane] += wte * days.ramped - settling * days.settling;
                if cohort.starts == Some(week) {
                    let from = cohort.internal_from;
                    let gone = moves.moved_by_cohort[index][lane];
                    present.worked[from][lane] -= gone * days.training;
                    present.paid_days[from][lane] -= gone * days.training_days;
                }
            }
        }
        for (ramped, worked) in present.ramped.iter_mut().zip(&present.worked) {
            *ramped = each(|l| (ramped[l] + worked[l]).max(0.0));
        }
    }

    /// End of the week: people leave, trainees qualify, vacancies are advertised.
    pub fn end_week<K: Luck<L>>(
        &mut self,
        week: usize,
        roles: &[RolePlan<L>],
        cohorts: &[CohortPlan<L>],
        moves: &mut Moves<L>,
        luck: &mut K,
    ) {
        self.follow_the_rest(week, moves);
        self.leave(week, roles, moves, luck);
        self.follow_newly_qualified(week, roles, cohorts, moves, luck);
        self.be_absent(week, roles, moves, luck);
        self.qualify(week, roles, cohorts, moves, luck);
        self.advertise::<K>(week, roles, cohorts);
    }

    /// Trainees of a role in training now \[heads\].
    #[must_use]
    pub fn trainees_of(&self, role: usize, cohorts: &[CohortPlan<L>]) -> Lanes<L> {
        let mut heads = [0.0; L];
        for (cohort, trainees) in cohorts.iter().zip(&self.trainees) {
            if cohort.trainee_role == role {
                for lane in 0..L {
                    heads[lane] += trainees[lane];
                }
            }
        }
        heads
    }
}

fn zero<const L: usize>(list: &mut Vec<Lanes<L>>, length: usize) {
    if list.len() == length {
        list.fill([0.0; L]);
    } else {
        list.clear();
        list.resize(length, [0.0; L]);
    }
}

impl<const L: usize> Moves<L> {
    /// Nothing has happened yet. What nobody of these roles can do is left at nothing.
    fn clear(&mut self, plans: &[RolePlan<L>], cohorts: usize, whole: bool) {
        let roles = plans.len();
        let first = self.joined.len() != roles;
        if whole {
            self.told.clear();
            self.told.resize(roles, [[0.0; L]; 2]);
        }
        for list in [
            &mut self.joined,
            &mut self.promoted,
            &mut self.left,
            &mut self.moved_to_training,
            &mut self.promoted_away,
            &mut self.qualified,
        ] {
            zero(list, roles);
        }
        if first || plans.iter().any(|plan| plan.leaving.is_some()) {
            zero(&mut self.absence_over, roles);
            zero(&mut self.not_back, roles);
            zero(&mut self.shorter_hours, roles);
        }
        if first || plans.iter().any(|plan| plan.ratio.is_some()) {
            zero(&mut self.released, roles);
        }
        for list in [
            &mut self.moved_by_cohort,
            &mut self.started,
            &mut self.gave_up,
            &mut self.failed,
            &mut self.awarded,
            &mut self.left_in_clause,
        ] {
            zero(list, cohorts);
        }
    }
}

impl<const L: usize> Present<L> {
    fn clear(&mut self, plans: &[RolePlan<L>]) {
        let roles = plans.len();
        let others = |plan: &RolePlan<L>| plan.leaving.is_some() || plan.extra.is_some();
        if self.worked.len() != roles || plans.iter().any(others) {
            for list in self.extra.lists() {
                zero(list, roles);
            }
        }
        for list in [
            &mut self.worked,
            &mut self.paid_days,
            &mut self.ramped,
            &mut self.away,
        ] {
            zero(list, roles);
        }
    }
}
