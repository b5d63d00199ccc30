//! Who of an intake gets through the first modules how, and in which weeks? Dates become weeks.
//!
//! An intake by a route becomes up to three groups: those who pass the first modules at the first attempt,
//! those who pass on resit, and those who fail and leave. Their heads add up to those of the intake.

use std::sync::Arc;

use super::Timetable;
use crate::calendar::{Calendar, Date, WeekDays};
use crate::luck::name_key;
use crate::scenario::Spec;
use crate::scenario::training::{Course, Intake, Route, Training};
use crate::unit::{Draw, Quantity};
use crate::workforce::journey::{Journey, Outcome, TraineeWeek};

/// Trainees who start together and get through the first modules alike.
#[derive(Debug, Clone)]
pub struct CohortPlace {
    /// Intake, by its place in the scenario.
    pub intake: usize,
    /// Which intake it is, whatever its place in the scenario.
    pub who: u64,
    /// How they get through the first modules.
    pub outcome: Outcome,
    /// Role that they have in training, by index.
    pub trainee_role: usize,
    /// Role that they become, by index.
    pub becomes: usize,
    /// Week in which they start; `None` if they are in training already.
    pub starts: Option<usize>,
    /// Day by which the first modules are assessed for the first time.
    pub assessed_on: Date,
    /// Week in which the last attempt at the first modules is assessed.
    pub gate: Option<usize>,
    /// First day after their course.
    pub ends_on: Date,
    /// Week in which they qualify.
    pub qualifies: Option<usize>,
    /// Week in which they fail and leave.
    pub fails: Option<usize>,
    /// First week in which no contract clause holds them any more; 0 if none does.
    pub free: usize,
    /// First week in which nothing is left to follow: they have left, or are qualified, settled and free.
    pub over: usize,
    /// What one of them is worth in each week.
    pub weeks: Arc<[TraineeWeek]>,
}

impl Timetable {
    /// Groups of trainees in an order of their own, so that the order of the file changes no sum.
    pub(super) fn cohorts_of(&self, spec: &Spec) -> Vec<CohortPlace> {
        let mut intakes: Vec<(usize, &Intake)> = spec.training.intakes.iter().enumerate().collect();
        let heads = |heads: &Quantity<_>| f64::to_bits(heads.mean());
        intakes.sort_by_cached_key(|(_, intake)| {
            (
                intake.start,
                intake.course.clone(),
                intake.internal_from.clone(),
                heads(&intake.trainees),
                intake.internal.as_ref().map_or(0, heads),
                (intake.route.clone(), intake.holds_posts, intake.at.clone()),
                intake.id.clone(),
            )
        });
        // Whose luck it is depends on what the intake is, not on how many there are or how large they are.
        let mut names: Vec<String> = Vec::with_capacity(intakes.len());
        let mut cohorts = Vec::new();
        for (index, intake) in intakes {
            let name = name_of(intake);
            let alike = names.iter().filter(|other| **other == name).count();
            let who = name_key(&format!("{name} {alike}"));
            names.push(name);
            let of_outcome = |outcome| self.cohort(spec, (index, who), intake, outcome);
            cohorts.extend(Outcome::ALL.into_iter().filter_map(of_outcome));
        }
        cohorts
    }

    fn cohort(
        &self,
        spec: &Spec,
        (index, who): (usize, u64),
        intake: &Intake,
        outcome: Outcome,
    ) -> Option<CohortPlace> {
        let calendar = &self.calendar;
        let journey = journey(&spec.training, intake, outcome)?;
        let begins = calendar.start;
        // Who starts after the run is not in it; who fails before it is gone.
        if intake.start >= calendar.end() || shares(&journey, begins, &[])[outcome as usize] <= 0.0
        {
            return None;
        }
        let week_of = |day: Date| calendar.week_of(day);
        let first_week = |day: Option<Date>| day.map_or(0, |day| first_week_from(calendar, day));
        let until = [
            Some(journey.trains_until()),
            journey.settled_on(),
            journey.free_on(),
        ];
        let fails = (outcome == Outcome::Failed).then(|| journey.gate_on());
        let (qualifies, fails) = (
            journey.qualifies_on().and_then(week_of),
            fails.and_then(week_of),
        );
        let leave = qualifies.or(fails).map_or(0, |week| week + 1);
        let over = until.into_iter().map(first_week).fold(leave, usize::max);
        let starts = week_of(intake.start);
        let followed = starts.unwrap_or(0)..over;
        let changes = journey.changes();
        let week = |(week, here): (usize, &WeekDays)| {
            let first = here.start;
            if !followed.contains(&week) {
                return TraineeWeek::default();
            }
            let next = changes.partition_point(|&day| day <= first);
            let end = first.saturating_add(jiff::Span::new().days(7));
            if changes.get(next).is_some_and(|&day| day < end) {
                journey.week(calendar.kind, first)
            } else {
                journey.even_week(first, here.working_days)
            }
        };
        let weeks = calendar.weeks.iter().enumerate();
        Some(CohortPlace {
            intake: index,
            who,
            outcome,
            trainee_role: self.role(&journey.course.trainee_role)?,
            becomes: self.role(&journey.course.becomes)?,
            starts,
            assessed_on: journey.assessed_on(),
            gate: week_of(journey.gate_on()),
            ends_on: journey.ends_on(),
            qualifies,
            fails,
            free: first_week(journey.free_on()),
            over,
            weeks: weeks.map(week).collect(),
        })
    }
}

/// What tells an intake from others, without its numbers.
fn name_of(intake: &Intake) -> String {
    let text = |said: &Option<String>| said.clone().unwrap_or_default();
    [
        intake.course.clone(),
        intake.start.to_string(),
        text(&intake.route),
        text(&intake.at),
        text(&intake.internal_from),
        text(&intake.id),
    ]
    .join("|")
}

/// First week that begins on or after a day; the number of weeks if none does.
fn first_week_from(calendar: &Calendar, day: Date) -> usize {
    calendar.weeks.partition_point(|week| week.start < day)
}

/// The route of entry of an intake: the one it names, or `standard` if its course has that.
#[must_use]
pub fn route<'a>(course: &'a Course, intake: &Intake) -> Option<&'a Route> {
    course
        .routes
        .get(intake.route.as_deref().unwrap_or("standard"))
}

/// The way of those of an intake who get through the first modules alike.
#[must_use]
pub fn journey<'a>(
    training: &'a Training,
    intake: &Intake,
    outcome: Outcome,
) -> Option<Journey<'a>> {
    let course = training.courses.get(&intake.course)?;
    Some(Journey {
        course,
        route: route(course, intake),
        start: intake.start,
        outcome,
    })
}

/// Shares of the trainees of an intake by outcome, in one drawn world: of those who start, or of those who
/// are still in training on the first day of the calendar if that is later.
#[must_use]
pub fn shares(journey: &Journey, begins: Date, draw: Draw) -> [f64; 3] {
    let Some(route) = journey.route else {
        return [1.0, 0.0, 0.0];
    };
    let passed = route.pass_first.at(draw);
    let resat = (1.0 - passed) * route.resit_pass.at(draw);
    let all = [passed, resat, (1.0 - passed) - resat];
    let still = Outcome::ALL.map(|outcome| {
        let journey = Journey {
            outcome,
            ..*journey
        };
        let here = journey.start >= begins || journey.trains_until() > begins;
        if here { all[outcome as usize] } else { 0.0 }
    });
    let sum: f64 = still.iter().sum();
    if sum > 0.0 {
        still.map(|share| share / sum)
    } else {
        [1.0, 0.0, 0.0]
    }
}
