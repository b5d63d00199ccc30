//! How many people come through in a year, how many hours do they take, and whom does that need?
//!
//! ```text
//! finishers  = starts x share who end with two or more treatment contacts, and are not stepped
//! recovered  = finishers x share at caseness x recovery
//! pool hours = referrals x screening + assessed x minutes an assessment + starts x minutes a start
//! ```

mod deliver;
mod staff;

use crate::demand::referrals_a_year;
use crate::pathway::{
    Course, accepted_share, assessed_share, first_treatments_per_referral, minutes_an_assessment,
    starts_with_steps,
};
use crate::scenario::Spec;
use crate::scenario::demand::Period;
use crate::scenario::training;
use crate::timetable::ledger::Ledger;
use crate::timetable::units::CourseCounts;
use crate::timetable::{Timetable, World};

pub use staff::{leavers_per_wte, places_a_year, worked_share};

/// People of a year by the seven denominators, and exits.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Flow {
    /// People referred.
    pub referrals: f64,
    /// Accepted after screening and opt-in.
    pub accepted: f64,
    /// Assessed.
    pub assessed: f64,
    /// First treatments.
    pub first_treatments: f64,
    /// Course starts at Step 2.
    pub course_starts_step2: f64,
    /// Course starts at Step 3.
    pub course_starts_step3: f64,
    /// Finishers.
    pub finishers: f64,
    /// Finishers at caseness.
    pub finishers_at_caseness: f64,
    /// Recovered.
    pub recovered: f64,
    /// Reliably recovered.
    pub reliably_recovered: f64,
    /// Appointments attended.
    pub attended: f64,
}

impl Flow {
    /// Course starts at both steps.
    #[must_use]
    pub fn course_starts(&self) -> f64 {
        self.course_starts_step2 + self.course_starts_step3
    }
}

/// What a pool has to do in a year, and what it can.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PoolNeed {
    /// Screening hours.
    pub screening: f64,
    /// Assessment hours.
    pub assessment: f64,
    /// Hours of courses.
    pub courses: f64,
    /// Supervision beyond job plans when the needed staff are there.
    pub supervision_needed: f64,
    /// Supervision beyond job plans with the staff in post.
    pub supervision_in_post: f64,
    /// Bookable hours of the staff in post, trainees by their ramp included.
    pub in_post: f64,
    /// Of them hours of trainees in training.
    pub trainees: f64,
    /// Share of the courses asked for that the staff in post can give.
    pub share_delivered: f64,
}

impl PoolNeed {
    /// Hours with patients that demand asks for.
    #[must_use]
    pub fn demand(&self) -> f64 {
        self.screening + self.assessment + self.courses
    }
}

/// What is needed of a role.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RoleNeed {
    /// In post at the start \[WTE\].
    pub in_post: f64,
    /// Needed for the demand \[WTE\].
    pub needed: f64,
    /// Bookable hours of one WTE in a year.
    pub hours_per_wte: f64,
    /// Weeks of a year that are worked.
    pub weeks: f64,
    /// Leavers a year of the needed staff, by hazard and average person in post \[WTE\].
    pub leavers: f64,
    /// Posts that keep the needed staff in post: a post is vacant for lead time / share filled after a leaver.
    pub posts: f64,
    /// Share of a qualified person's bookable hours worked over a year: 1, or the mean ramp of a trainee.
    pub ramp_of_year: f64,
}

/// Everything a plan works out.
#[derive(Debug, Clone, PartialEq)]
pub struct Needs {
    /// If everybody is served.
    pub demand: Flow,
    /// With the staff in post.
    pub delivered: Flow,
    /// Starts of each treatment if everybody is served.
    pub starts: Vec<f64>,
    /// Starts of each treatment with the staff in post.
    pub starts_delivered: Vec<f64>,
    /// Attended, starts, finishers and recovered of each treatment if everybody is served.
    pub courses: Vec<CourseCounts>,
    /// The same with the staff in post.
    pub courses_delivered: Vec<CourseCounts>,
    /// By role; pools stand at their role.
    pub pools: Vec<PoolNeed>,
    /// By role.
    pub roles: Vec<RoleNeed>,
    /// Supervision when the needed staff are there.
    pub supervision: Ledger<1>,
    /// Weeks of the year worked out from days: 52.14, or 52 on the plain calendar.
    pub weeks: f64,
}

impl Needs {
    /// Qualified staff of all roles, as needed or in post \[WTE\].
    #[must_use]
    pub fn qualified(&self, timetable: &Timetable, of: fn(&RoleNeed) -> f64) -> f64 {
        let roles = self.roles.iter().zip(&timetable.roles);
        let counted = roles.filter(|(_, place)| place.course.is_none());
        counted.map(|(role, _)| of(role)).sum()
    }
}

/// Works out a plan.
#[must_use]
pub fn work_out(spec: &Spec, timetable: &Timetable, world: &World<1>) -> Needs {
    let service = Service {
        spec,
        timetable,
        world,
    };
    let year = &timetable.calendar.financial_years[0];
    let referrals = service.referrals();
    let accepted = referrals * accepted_share(&spec.pathway, &[]);
    let assessed = accepted * assessed_share(&spec.pathway, &[]);
    let starts = service.starts(assessed);
    let (demand, courses) = service.flow([referrals, accepted, assessed], &starts);
    let mut needs = Needs {
        demand,
        courses,
        delivered: Flow::default(),
        courses_delivered: Vec::new(),
        starts,
        starts_delivered: Vec::new(),
        pools: vec![PoolNeed::default(); timetable.roles.len()],
        roles: service.roles(),
        supervision: Ledger::default(),
        weeks: f64::from(year.days_whole) / 7.0,
    };
    service.demand_hours(&mut needs);
    service.staff_needed(&mut needs);
    service.deliver(&mut needs);
    needs
}

/// The service that is planned.
#[derive(Clone, Copy)]
struct Service<'a> {
    spec: &'a Spec,
    timetable: &'a Timetable,
    world: &'a World<1>,
}

impl<'a> Service<'a> {
    /// Referrals of the first year.
    fn referrals(&self) -> f64 {
        let Spec {
            demand, pathway, ..
        } = self.spec;
        match &demand.rate {
            Some(rate) if rate.per == Period::WorkingDay => {
                let year = &self.timetable.calendar.financial_years[0];
                rate.referrals.mean() * f64::from(year.working_days_whole)
            }
            _ => referrals_a_year(demand, first_treatments_per_referral(pathway, &[]), &[]),
        }
    }

    /// Starts of each treatment when so many are assessed.
    fn starts(&self, assessed: f64) -> Vec<f64> {
        let treatments = self.world.treatments.iter();
        let routed: Vec<f64> = treatments
            .map(|treatment| assessed * treatment.route[0])
            .collect();
        starts_with_steps(&routed, &self.world.moves(self.timetable, 0))
    }

    /// A treatment in the long run.
    fn course(&self, treatment: usize) -> &'a Course {
        &self.world.treatments[treatment].course[0]
    }

    /// What people are trained on while they have a role.
    fn training(&self, role: usize) -> Option<&'a training::Course> {
        let course = self.timetable.roles[role].course.as_ref()?;
        self.spec.training.courses.get(course)
    }

    /// Qualified roles whose hours go into a pool.
    fn qualified(&self, pool: usize) -> impl Iterator<Item = usize> {
        let roles = &self.timetable.roles;
        let members = self.timetable.roles_of_pool(pool);
        members.filter(|&role| roles[role].course.is_none())
    }

    /// Pool that assesses, unless assessments are outside anybody's hours.
    fn assessment_pool(&self) -> Option<usize> {
        let outside = self.world.assessment.outside();
        let role = self.timetable.assessment_role.filter(|_| !outside)?;
        Some(self.timetable.roles[role].pool)
    }

    /// Hours that one assessed person takes, missed appointments included.
    fn hours_an_assessment(&self) -> f64 {
        minutes_an_assessment(&self.spec.pathway, &[]) / 60.0
    }

    fn flow(
        &self,
        [referrals, accepted, assessed]: [f64; 3],
        starts: &[f64],
    ) -> (Flow, Vec<CourseCounts>) {
        let mut courses = Vec::new();
        let counts = self.world.assessment.counts[0];
        let treatments = &self.world.treatments;
        let routed: f64 = treatments.iter().map(|treatment| treatment.route[0]).sum();
        let mut flow = Flow {
            referrals,
            accepted,
            assessed,
            first_treatments: assessed * (counts + (1.0 - counts) * routed),
            attended: assessed,
            ..Flow::default()
        };
        for (index, (place, &starts)) in self.timetable.treatments.iter().zip(starts).enumerate() {
            let treatment = &treatments[index];
            let course = self.course(index);
            let ends = 1.0 - treatment.step_up[0] - treatment.step_down[0];
            let complete = course.completing_share();
            let after_one =
                course.complete[0] * ends + (1.0 - course.complete[0]) * course.drop_out;
            let finishing = 1.0 - complete * (1.0 - ends) - (1.0 - counts) * after_one;
            let finishers = starts * finishing;
            let at_caseness = finishers * treatment.at_caseness[0];
            if place.step == 2 {
                flow.course_starts_step2 += starts;
            } else {
                flow.course_starts_step3 += starts;
            }
            flow.finishers += finishers;
            flow.finishers_at_caseness += at_caseness;
            let recovered = at_caseness * treatment.recovery[0];
            let attended = starts * course.sessions_attended();
            courses.push([attended, starts, finishers, recovered]);
            flow.recovered += recovered;
            flow.reliably_recovered += at_caseness * treatment.reliable_recovery[0];
            flow.attended += attended;
        }
        (flow, courses)
    }

    /// Hours that the demand asks of each pool.
    fn demand_hours(&self, needs: &mut Needs) {
        if let Some(role) = self.timetable.screening_role {
            let pool = self.timetable.roles[role].pool;
            let minutes = self.world.screening_minutes[0];
            needs.pools[pool].screening = needs.demand.referrals * minutes / 60.0;
        }
        if let Some(pool) = self.assessment_pool() {
            let minutes = minutes_an_assessment(&self.spec.pathway, &[]);
            needs.pools[pool].assessment = needs.demand.assessed * minutes / 60.0;
        }
        let hours = self.course_hours(&needs.starts);
        for (pool, hours) in needs.pools.iter_mut().zip(hours) {
            pool.courses = hours;
        }
    }

    /// Hours of so many course starts, by pool.
    fn course_hours(&self, starts: &[f64]) -> Vec<f64> {
        let mut hours = vec![0.0; self.timetable.roles.len()];
        for (index, place) in self.timetable.treatments.iter().enumerate() {
            hours[place.pools[0]] += starts[index] * self.course(index).minutes_a_start() / 60.0;
        }
        hours
    }
}
