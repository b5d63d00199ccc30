//! Who is in post, who trains, who comes and who leaves?
//!
//! ```text
//! in post(t+1) = (in post(t) + joined + moved in - moved out) x exp(-a x 7 / 365.25) + qualified
//! advertised   = posts - in post - already advertised - trainees who qualify within the lead time
//! joined       = advertised a lead time ago x share filled
//! ```
//!
//! All numbers are expectations in `L` worlds side by side. The order of a week is written here; each of its
//! steps has a file.

mod cohorts;
mod leaving;
pub mod ramp;
mod recruiting;

use crate::unit::Lanes;
use ramp::TraineeWeek;

pub use leaving::weekly_survival;

/// What is fixed about a role during a run.
#[derive(Debug, Clone)]
pub struct RolePlan<const L: usize> {
    /// Posts from a week on \[WTE\], the first from week 0.
    pub posts: Vec<(usize, Lanes<L>)>,
    /// Staff in post at the start \[WTE\].
    pub in_post: Lanes<L>,
    /// Share that stays from one week to the next.
    pub stays: Lanes<L>,
    /// WTE of one person.
    pub wte_per_head: Lanes<L>,
    /// Whether vacancies are advertised.
    pub recruits: bool,
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
    /// Week in which they start; `None` if they are in training already.
    pub starts: Option<usize>,
    /// Week in which they qualify, if inside the horizon.
    pub qualifies: Option<usize>,
    /// Share that stays from one week to the next.
    pub stays: Lanes<L>,
    /// What one trainee is worth in each week.
    pub weeks: Vec<TraineeWeek>,
}

/// People of the service at one moment.
#[derive(Debug, Clone)]
pub struct People<const L: usize> {
    /// In post by role at the start of the week \[WTE\].
    pub in_post: Vec<Lanes<L>>,
    /// In training by cohort \[heads\].
    pub trainees: Vec<Lanes<L>>,
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
    /// Left a role of the service for training, by cohort that they joined \[WTE\].
    pub moved_by_cohort: Vec<Lanes<L>>,
    /// Trainees who started, by cohort \[heads\].
    pub started: Vec<Lanes<L>>,
    /// Trainees who left early, by cohort \[heads\].
    pub gave_up: Vec<Lanes<L>>,
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
    pub fn opening(roles: &[RolePlan<L>], cohorts: &[CohortPlan<L>]) -> Self {
        let training = |cohort: &CohortPlan<L>| {
            if cohort.starts.is_none() {
                cohort.trainees
            } else {
                [0.0; L]
            }
        };
        Self {
            in_post: roles.iter().map(|role| role.in_post).collect(),
            trainees: cohorts.iter().map(training).collect(),
            advertised: roles
                .iter()
                .map(|role| vec![[0.0; L]; role.lead_weeks + 1])
                .collect(),
        }
    }

    /// Beginning of the week: people recruited join, intakes start.
    pub fn begin_week(
        &mut self,
        week: usize,
        roles: &[RolePlan<L>],
        cohorts: &[CohortPlan<L>],
        moves: &mut Moves<L>,
    ) {
        moves.clear(roles.len(), cohorts.len());
        self.join(week, roles, moves);
        self.start_intakes(week, roles, cohorts, moves);
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
        present.clear(roles.len());
        for index in 0..roles.len() {
            for lane in 0..L {
                let wte = self.in_post[index][lane];
                present.worked[index][lane] = wte * length.worked;
                present.paid_days[index][lane] = wte * length.days;
            }
        }
        for (index, cohort) in cohorts.iter().enumerate() {
            let days = &cohort.weeks[week];
            let (becomes, trainee) = (cohort.becomes, cohort.trainee_role);
            for lane in 0..L {
                let wte = self.trainees[index][lane] * roles[trainee].wte_per_head[lane];
                present.worked[trainee][lane] += wte * days.training;
                present.paid_days[trainee][lane] += wte * days.training_days;
                present.ramped[becomes][lane] += wte * days.ramped;
                if cohort.qualifies == Some(week) {
                    present.worked[becomes][lane] += wte * days.qualified;
                    present.paid_days[becomes][lane] += wte * days.qualified_days;
                }
                if cohort.starts == Some(week) {
                    let from = cohort.internal_from;
                    let gone = moves.moved_by_cohort[index][lane];
                    present.worked[from][lane] -= gone * days.training;
                    present.paid_days[from][lane] -= gone * days.training_days;
                }
            }
        }
        for index in 0..roles.len() {
            for lane in 0..L {
                present.ramped[index][lane] += present.worked[index][lane];
            }
        }
    }

    /// End of the week: people leave, trainees qualify, vacancies are advertised.
    pub fn end_week(
        &mut self,
        week: usize,
        roles: &[RolePlan<L>],
        cohorts: &[CohortPlan<L>],
        moves: &mut Moves<L>,
    ) {
        self.leave(roles, moves);
        self.qualify(week, roles, cohorts, moves);
        self.advertise(week, roles, cohorts);
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
    list.clear();
    list.resize(length, [0.0; L]);
}

impl<const L: usize> Moves<L> {
    fn clear(&mut self, roles: usize, cohorts: usize) {
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
        zero(&mut self.moved_by_cohort, cohorts);
        zero(&mut self.started, cohorts);
        zero(&mut self.gave_up, cohorts);
    }
}

impl<const L: usize> Present<L> {
    fn clear(&mut self, roles: usize) {
        for list in [&mut self.worked, &mut self.paid_days, &mut self.ramped] {
            zero(list, roles);
        }
    }
}
