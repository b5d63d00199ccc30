//! What is the same in every run and every draw? The scenario compiled to weekly arrays.
//!
//! Names become indices, dates become weeks, the calendar is laid out once. Numbers that may differ
//! between drawn worlds are in [`World`].

pub mod cost;
pub mod ledger;
pub mod world;

use std::ops::Range;

use crate::calendar::Calendar;
use crate::capacity::leave_by_week;
use crate::scenario::Spec;
use crate::scenario::pathway::Modality;
use crate::scenario::staff::{Role, StaffFamily};

pub use world::World;

/// A treatment by index.
#[derive(Debug, Clone)]
pub struct Treatment {
    /// Name in the scenario, without its step.
    pub name: String,
    /// 2 or 3.
    pub step: u8,
    /// Roles whose hours it uses, by index, in order of preference.
    pub pools: Vec<usize>,
    /// Treatment that people are stepped up to, by index.
    pub step_up_to: Option<usize>,
    /// Treatment that people are stepped down to, by index.
    pub step_down_to: Option<usize>,
    /// What the planner says of it.
    pub said: Modality,
}

/// A kind of supervision by index.
#[derive(Debug, Clone)]
pub struct NormPlace {
    /// Name in the scenario.
    pub name: String,
    /// Roles that receive it.
    pub supervisees: Vec<usize>,
    /// Roles that give it, in order.
    pub supervisors: Vec<usize>,
}

/// A role by index.
#[derive(Debug, Clone)]
pub struct RolePlace {
    /// Name in the scenario.
    pub name: String,
    /// Role whose pool its hours go into; itself if it has its own.
    pub pool: usize,
    /// Side of the skill mix.
    pub family: StaffFamily,
    /// Whether people have it while they train, and on which course.
    pub course: Option<String>,
    /// What the planner says of it.
    pub said: Role,
}

/// A scenario compiled for a horizon.
#[derive(Debug, Clone)]
pub struct Timetable {
    /// Weeks, months, quarters and years.
    pub calendar: Calendar,
    /// Segments of each week.
    pub segments_of_week: Vec<Range<usize>>,
    /// Roles in order of their names.
    pub roles: Vec<RolePlace>,
    /// Treatments: Step 2 before Step 3, in order of their names.
    pub treatments: Vec<Treatment>,
    /// Kinds of supervision in order of their names.
    pub norms: Vec<NormPlace>,
    /// Role that screens.
    pub screening_role: Option<usize>,
    /// Role that assesses.
    pub assessment_role: Option<usize>,
    /// Leave profile by week.
    pub leave: Vec<f64>,
    /// Financial year in which each week begins, by index.
    pub year_of_week: Vec<usize>,
}

impl Timetable {
    /// Compiles a checked scenario for `weeks` weeks from its start.
    #[must_use]
    pub fn new(spec: &Spec, weeks: usize) -> Self {
        let calendar = Calendar::new(spec.calendar.kind.into(), spec.calendar.start, weeks);
        let segments_of_week = ranges(&calendar);
        let year_of = |range: &Range<usize>| {
            calendar.months[calendar.segments[range.start].month].financial_year
        };
        let year_of_week = segments_of_week.iter().map(year_of).collect();
        let role = |name: &str| spec.staff.keys().position(|known| known == name);
        let course_of = |name: &String| {
            let mut courses = spec.training.courses.iter();
            courses
                .find(|(_, course)| &course.trainee_role == name)
                .map(|(course, _)| course.clone())
        };
        let roles = spec
            .staff
            .iter()
            .enumerate()
            .map(|(index, (name, said))| RolePlace {
                name: name.clone(),
                pool: said.delivers_as.as_deref().and_then(role).unwrap_or(index),
                family: said.family,
                course: course_of(name),
                said: said.clone(),
            });
        let names: Vec<String> = spec.pathway.modalities().map(|(path, _)| path).collect();
        let place =
            |path: &Option<String>| names.iter().position(|name| Some(name) == path.as_ref());
        let treatments = spec.pathway.modalities().map(|(path, said)| Treatment {
            name: path[6..].into(),
            step: if path.starts_with("step2") { 2 } else { 3 },
            pools: said.roles.iter().filter_map(|name| role(name)).collect(),
            step_up_to: place(&said.step_up_to),
            step_down_to: place(&said.step_down_to),
            said: said.clone(),
        });
        let norms = spec.supervision.norms.iter().map(|(name, norm)| NormPlace {
            name: name.clone(),
            supervisees: norm
                .supervisees
                .iter()
                .filter_map(|name| role(name))
                .collect(),
            supervisors: norm
                .supervisors
                .iter()
                .filter_map(|name| role(name))
                .collect(),
        });
        Self {
            roles: roles.collect(),
            treatments: treatments.collect(),
            norms: norms.collect(),
            screening_role: role(&spec.pathway.screening.role),
            assessment_role: role(&spec.pathway.assessment.role),
            leave: leave_by_week(&calendar, &spec.calendar.leave_profile),
            segments_of_week,
            year_of_week,
            calendar,
        }
    }

    /// The role of that name, by index.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<usize> {
        self.roles.iter().position(|role| role.name == name)
    }

    /// Roles whose hours go into the pool of `pool`.
    pub fn roles_of_pool(&self, pool: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.roles.len()).filter(move |&index| self.roles[index].pool == pool)
    }

    /// Roles that head a pool, with their indices; trainees never do.
    pub fn pools(&self) -> impl Iterator<Item = (usize, &RolePlace)> {
        let roles = self.roles.iter().enumerate();
        roles.filter(|(index, role)| role.pool == *index && role.course.is_none())
    }

    /// Weeks of the horizon.
    #[must_use]
    pub fn weeks(&self) -> usize {
        self.calendar.weeks.len()
    }
}

fn ranges(calendar: &Calendar) -> Vec<Range<usize>> {
    let mut ranges = Vec::with_capacity(calendar.weeks.len());
    let mut from = 0;
    for week in 0..calendar.weeks.len() {
        let to = calendar.segments[from..]
            .iter()
            .position(|s| s.week > week)
            .map_or(calendar.segments.len(), |n| from + n);
        ranges.push(from..to);
        from = to;
    }
    ranges
}
