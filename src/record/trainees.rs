//! What becomes of each group of trainees, week by week, and what do training and its clauses cost?
//!
//! ```text
//! in training(t+1) = in training(t) + started - left - failed - qualified
//! repaid           = newly qualified who leave while the clause holds them x pounds of the clause
//! ```

use crate::record::costing::Paid;
use crate::record::view::{WeekView, sum};
use crate::scenario::Spec;
use crate::scenario::money::Payer;
use crate::scenario::training::Course;
use crate::timetable::{Timetable, World};
use crate::unit::{Heads, Quantity};

/// A group of trainees in one week \[heads unless said otherwise\].
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct CohortWeek {
    /// In training during the week, those included who started in it.
    pub during: f64,
    /// In training at the end of the week.
    pub in_training: f64,
    /// Started.
    pub started: f64,
    /// Left early for other reasons than failing.
    pub left: f64,
    /// Failed the first modules and left.
    pub failed: f64,
    /// Qualified.
    pub qualified: f64,
    /// Newly qualified who left while a contract clause held them.
    pub left_in_clause: f64,
    /// Share of bookable hours that they worked in training \[WTE weeks\].
    pub ramped: f64,
    /// Hours that could be booked with them \[hours\].
    pub hours: f64,
}

impl CohortWeek {
    /// The group at the end of a week.
    #[must_use]
    pub fn of<const L: usize>(view: &WeekView<L>, cohort: usize) -> Self {
        let moves = view.moves;
        Self {
            during: sum(&view.opening_trainees[cohort]),
            in_training: sum(&view.people.trainees[cohort]),
            started: sum(&moves.started[cohort]),
            left: sum(&moves.gave_up[cohort]),
            failed: sum(&moves.failed[cohort]),
            qualified: sum(&moves.awarded[cohort]),
            left_in_clause: sum(&moves.left_in_clause[cohort]),
            ramped: 0.0,
            hours: 0.0,
        }
    }
}

/// Works out what the trainees of a run were worth, when it is over.
pub fn note_hours(timetable: &Timetable, world: &World<1>, training: &mut [Vec<CohortWeek>]) {
    for (plan, weeks) in world.cohorts.iter().zip(training) {
        let wte = world.role_plans[plan.trainee_role].wte_per_head[0];
        let hours = world.roles[plan.becomes].patients[0];
        for (week, (said, one)) in weeks.iter_mut().zip(plan.weeks.iter()).enumerate() {
            said.ramped = said.during * wte * one.ramped;
            let here = world.available(timetable, plan.becomes, week)[0];
            said.hours = said.ramped * hours * here;
        }
    }
}

/// Notes by role and week what leavers repay, and what short courses cost.
pub fn note_money(
    spec: &Spec,
    timetable: &Timetable,
    training: &[Vec<CohortWeek>],
    paid: &mut Paid,
) {
    for (place, weeks) in timetable.cohorts.iter().zip(training) {
        let intake = &spec.training.intakes[place.intake];
        let course = spec.training.courses.get(&intake.course);
        let pounds = course.map_or(0.0, repaid_by_one);
        let repaid = paid.repaid[place.becomes].iter_mut();
        for (repaid, said) in repaid.zip(weeks) {
            *repaid += said.left_in_clause * pounds;
        }
    }
    let courses = short_courses(spec, timetable);
    let pounds =
        courses.map(|(week, role, payer, fee, people)| (week, role, payer, people.mean() * fee));
    paid.short_courses.extend(pounds);
}

/// Short courses that begin in the run: week, role, payer, fee, people who attend.
pub fn short_courses<'a>(
    spec: &'a Spec,
    timetable: &'a Timetable,
) -> impl Iterator<Item = (usize, usize, Payer, f64, Quantity<Heads>)> + 'a {
    spec.training.attendances.iter().filter_map(|said| {
        let course = spec.training.short_courses.get(&said.course)?;
        let week = timetable.calendar.week_of(said.start)?;
        let role = timetable.role(&said.role)?;
        Some((week, role, course.payer, course.fee.value(), said.people))
    })
}

/// Pounds that one leaver repays.
#[must_use]
pub fn repaid_by_one(course: &Course) -> f64 {
    course.clause.map_or(0.0, |clause| {
        let share = clause
            .repay_share_of_fee
            .map(|share| share.value() * course.fee.value());
        let pounds = clause.repay_pounds.map(|pounds| pounds.value());
        pounds.or(share).unwrap_or(0.0)
    })
}
