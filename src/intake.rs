//! How many trainees can start a course on a day so that no rule of supervision breaks, and which rule would
//! one more break?
//!
//! ```text
//! largest = most whole trainees n such that at the end of every month of the course no rule is broken that
//!           is kept without the intake, and none that is broken already gets worse
//! ```
//!
//! People and supervision are run week by week, without patients: who is in post, who trains, who supervises
//! whom. Each rule is asked for itself, so that a planner sees what the next one would be.

mod table;

use jiff::civil::Date;

use crate::error::{Problem, Result, nearest};
use crate::luck::Expected;
use crate::measures::{month_in_words, whole};
use crate::scenario::training::Intake;
use crate::scenario::{Scenario, Spec};
use crate::timetable::ledger::{Ledger, heads_by_role, supervise};
use crate::timetable::rules::{Reading, Rule, TOLERANCE, rules};
use crate::timetable::{Timetable, World};
use crate::workforce::journey::qualifies_on;
use crate::workforce::{CohortPlan, Moves, People};

pub use table::intake_columns;

/// Most weeks that trainees stay beyond the months of their course.
const LONGEST_DELAY: usize = 160;

/// Most trainees that are tried.
pub const MOST: u32 = 1000;

/// What limits an intake.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    /// Name of the rule.
    pub rule: String,
    /// The rule in words.
    pub title: String,
    /// condition or warning.
    pub severity: &'static str,
    /// Most trainees that keep it.
    pub trainees: u32,
    /// Month that one more breaks first.
    pub month: String,
    /// What would be owed or needed in that month with one more.
    pub worst: f64,
    /// What could be given or is there.
    pub limit: f64,
    /// Unit of both.
    pub unit: &'static str,
    /// What breaks with one more, in a sentence without the month.
    pub sentence: String,
    /// Whether the rule is broken in that month without the intake too.
    pub broken_without: bool,
}

/// The largest intake that breaks no rule.
#[derive(Debug, Clone, PartialEq)]
pub struct LargestIntake {
    /// Course.
    pub course: String,
    /// First day.
    pub start: Date,
    /// Most trainees that break no rule, besides the intakes that are planned \[heads\].
    pub trainees: u32,
    /// Most trainees that break no condition, whatever they warn of \[heads\].
    pub trainees_by_conditions: u32,
    /// What limits it, the tightest first; empty if nothing does up to [`MOST`].
    pub limits: Vec<Limit>,
    /// The answer in words.
    pub sentence: String,
}

impl LargestIntake {
    /// The rule that one more trainee breaks, if any does.
    #[must_use]
    pub fn binding(&self) -> Option<&Limit> {
        self.limits.first()
    }
}

/// The largest intake to a course on a day that breaks no rule of supervision, besides those planned.
///
/// # Errors
/// [`crate::error::Error::Scenario`] if there is no such course, or the day is before the start of the plan
/// or too late for the calendar.
pub fn largest_intake(scenario: &Scenario, course: &str, start: Date) -> Result<LargestIntake> {
    let run = Run::new(scenario.spec(), course, start)?;
    let without = run.ledgers(0);
    let mut tried: Vec<Option<Vec<Ledger<1>>>> = vec![None; MOST as usize + 2];
    let mut limits = Vec::new();
    for rule in rules(scenario.spec(), &run.timetable) {
        let base: Vec<Reading> = without
            .iter()
            .map(|ledger| rule.reading(&run.timetable, ledger))
            .collect();
        let mut breaks = |trainees: u32| {
            let ledgers = tried[trainees as usize].get_or_insert_with(|| run.ledgers(trainees));
            run.first_broken(&rule, &base, ledgers)
        };
        if breaks(MOST).is_none() {
            continue;
        }
        let (mut keeps, mut broken) = (0, MOST);
        while broken - keeps > 1 {
            let middle = keeps + (broken - keeps) / 2;
            if breaks(middle).is_some() {
                broken = middle;
            } else {
                keeps = middle;
            }
        }
        if let Some(place) = breaks(broken)
            && let Some(ledgers) = &tried[broken as usize]
        {
            limits.push(run.limit(&rule, keeps, place, base[place], &ledgers[place]));
        }
    }
    limits.extend(places(scenario.spec(), course, start));
    limits.sort_by(|a, b| {
        let key = |limit: &Limit| {
            (
                limit.trainees,
                limit.severity == "warning",
                limit.rule.clone(),
            )
        };
        key(a).cmp(&key(b))
    });
    let conditions = limits.iter().filter(|limit| limit.severity == "condition");
    Ok(LargestIntake {
        course: course.into(),
        start,
        trainees: limits.first().map_or(MOST, |limit| limit.trainees),
        trainees_by_conditions: conditions.map(|limit| limit.trainees).min().unwrap_or(MOST),
        sentence: sentence(
            &scenario.spec().training.courses[course].title,
            start,
            &limits,
        ),
        limits,
    })
}

fn sentence(title: &str, start: Date, limits: &[Limit]) -> String {
    let day = start.strftime("%-d %B %Y");
    let Some(limit) = limits.first() else {
        return format!(
            "{title} from {day}: no rule limits the intake up to {}.",
            whole(f64::from(MOST))
        );
    };
    let month = month_in_words(&limit.month);
    if limit.broken_without {
        return format!(
            "{title} from {day}: no trainee can start, since a rule is broken already in {month}: {}.",
            limit.sentence
        );
    }
    format!(
        "{title} from {day}: {} trainees can start; with one more, in {month}, {}.",
        limit.trainees, limit.sentence
    )
}

/// Places that universities have for the course from that day, less those that are planned for.
fn places(spec: &Spec, course: &str, start: Date) -> Option<Limit> {
    let (day, month) = (start.to_string(), start.strftime("%Y-%m").to_string());
    let here = spec
        .training
        .places
        .iter()
        .filter(|row| row.course == course);
    let on_that_day = here
        .clone()
        .filter(|row| row.start == day || row.start == month);
    let stated: f64 = on_that_day.map(|row| row.places.value()).sum();
    here.clone().next()?;
    let planned = spec.training.intakes.iter().filter(|intake| {
        intake.course == course && intake.start.strftime("%Y-%m").to_string() == month
    });
    let planned: f64 = planned.map(|intake| intake.trainees.mean()).sum();
    let left = (stated - planned + 1e-9).floor().max(0.0);
    let title = &spec.training.courses[course].title;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to MOST
    let trainees = left.min(f64::from(MOST)) as u32;
    Some(Limit {
        rule: format!("places.{course}"),
        title: format!("{title}: the universities have the places"),
        severity: "condition",
        trainees,
        month,
        worst: planned + f64::from(trainees) + 1.0,
        limit: stated,
        unit: "places",
        sentence: format!(
            "{title}: {} places are asked for, the universities have {}",
            whole(planned + f64::from(trainees) + 1.0),
            whole(stated)
        ),
        broken_without: planned > stated + 1e-9,
    })
}

/// Weeks of people and supervision with an intake of any size.
struct Run<'a> {
    spec: &'a Spec,
    timetable: Timetable,
    world: World<1>,
    /// The intake of one trainee, by ways through the course.
    one: Vec<CohortPlan<1>>,
    /// Last weeks of the months of the course, with their months.
    ends: Vec<(usize, usize)>,
}

impl<'a> Run<'a> {
    fn new(spec: &'a Spec, course: &str, start: Date) -> Result<Self> {
        let Some(said) = spec.training.courses.get(course) else {
            let names = || spec.training.courses.keys().map(String::as_str);
            let known = names().collect::<Vec<_>>().join(", ");
            let problem = Problem::told("course", course, &format!("no course {course:?}"), known);
            return Err(problem.suggest(nearest(course, names())).into());
        };
        let first_day = spec.calendar.start;
        let most = spec.calendar.most_weeks();
        let weeks = usize::try_from((qualifies_on(said, start) - first_day).get_days() / 7 + 1);
        let Some(weeks) = weeks
            .ok()
            .filter(|&weeks| weeks <= most && start >= first_day)
        else {
            let expected =
                format!("a day from {first_day}, so that the course ends within the calendar");
            return Err(Problem::new("start", start, expected).into());
        };
        // Those who resit, or wait for their award, stay longer.
        let weeks = (weeks + LONGEST_DELAY).min(most);
        let timetable = Timetable::new(spec, weeks);
        let mut alone = spec.clone();
        alone.training.intakes = vec![Intake::new(course, start, 1.0)];
        let one = World::<1>::new(&alone, &Timetable::new(&alone, weeks), &[&[]]).cohorts;
        let first = one.iter().filter_map(|cohort| cohort.starts).min();
        let last = one
            .iter()
            .map(|cohort| cohort.qualifies.unwrap_or(weeks))
            .max();
        let closes = timetable.closes();
        let in_training = first.unwrap_or(0)..last.unwrap_or(0);
        let ends = in_training.filter_map(|week| Some((week, closes[week]?)));
        let ends = ends.collect();
        Ok(Self {
            spec,
            world: World::new(spec, &timetable, &[&[]]),
            timetable,
            one,
            ends,
        })
    }

    /// Supervision at the end of each month of the course, with so many trainees.
    fn ledgers(&self, trainees: u32) -> Vec<Ledger<1>> {
        let mut cohorts = self.world.cohorts.clone();
        cohorts.extend(self.one.iter().map(|one| CohortPlan {
            trainees: one.trainees.map(|heads| heads * f64::from(trainees)),
            ..one.clone()
        }));
        let roles = &self.world.role_plans;
        let mut people = People::opening(roles, &cohorts, &mut Expected);
        let mut moves = Moves::default();
        let mut ledgers = Vec::with_capacity(self.ends.len());
        let weeks = self.ends.last().map_or(0, |end| end.0 + 1);
        for week in 0..weeks {
            people.begin_week(week, roles, &cohorts, &mut moves, &mut Expected);
            let attendances = &self.world.attendances;
            people.convert(week, roles, attendances, &mut moves, &mut Expected);
            if self.ends.iter().any(|end| end.0 == week) {
                let heads = heads_by_role(&self.timetable, &self.world, &cohorts, &people);
                let ledger = supervise(self.spec, &self.timetable, &self.world, week, heads);
                ledgers.push(ledger.with_supervisors(self.spec, &self.timetable));
            }
            people.end_week(week, roles, &cohorts, &mut moves, &mut Expected);
        }
        ledgers
    }

    /// The first month in which a rule is broken by the intake.
    fn first_broken(&self, rule: &Rule, base: &[Reading], ledgers: &[Ledger<1>]) -> Option<usize> {
        ledgers.iter().zip(base).position(|(ledger, base)| {
            let gap = rule.reading(&self.timetable, ledger).gap;
            gap > TOLERANCE && gap > base.gap + TOLERANCE
        })
    }

    fn limit(
        &self,
        rule: &Rule,
        trainees: u32,
        place: usize,
        base: Reading,
        ledger: &Ledger<1>,
    ) -> Limit {
        let reading = rule.reading(&self.timetable, ledger);
        Limit {
            rule: rule.name.clone(),
            title: rule.title.clone(),
            severity: rule.severity,
            trainees,
            month: self.timetable.calendar.months[self.ends[place].1]
                .label
                .clone(),
            worst: reading.worst,
            limit: reading.limit,
            unit: rule.unit,
            sentence: rule.sentence(&self.timetable, ledger),
            broken_without: base.gap > TOLERANCE,
        }
    }
}
