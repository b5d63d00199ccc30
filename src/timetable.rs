//! What is the same in every run and every draw? The scenario compiled to weekly arrays.
//!
//! Names become indices, dates become weeks, the calendar is laid out once. Numbers that may differ
//! between drawn worlds are in [`World`].

pub mod cohorts;
pub mod columns;
pub mod cost;
mod horizon;
mod kept;
pub mod ledger;
mod norms;
pub mod rules;
pub mod units;
pub mod world;

use std::ops::Range;

use crate::calendar::{Calendar, Segment};
use crate::capacity::leave_by_week;
use crate::demand::shares_of_year;
use crate::scenario::Spec;
use crate::scenario::money::Bought;
use crate::scenario::pathway::Modality;
use crate::scenario::staff::{Role, StaffFamily};
use crate::supervision::Giver;

use cohorts::CohortPlace;

pub use horizon::Horizon;
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
    /// Name as shown.
    pub title: String,
    /// Roles that receive it.
    pub supervisees: Vec<usize>,
    /// Hours a week that each receives.
    pub hours: f64,
    /// People supervised together.
    pub group_size: f64,
    /// Whether the university gives it.
    pub by_university: bool,
    /// Roles that give it, in order; none if the university does.
    pub givers: Vec<Giver>,
    /// Place of the first of them among the givers of all kinds.
    pub first_giver: usize,
    /// Whether its supervisees count for the most people that one may supervise.
    pub counts_for_ratio: bool,
    /// For supervision of supervision: the kinds whose supervisors receive it.
    pub supervisors_of: Option<Vec<usize>>,
}

/// A pool whose open cases are reviewed in a kind of supervision.
#[derive(Debug, Clone)]
pub struct Review {
    /// Kind of supervision, by index.
    pub norm: usize,
    /// Role that heads the pool, by index.
    pub pool: usize,
    /// Roles that treat its patients and receive this kind, by index.
    pub roles: Vec<usize>,
    /// Most open cases of one supervisee.
    pub cases: f64,
}

/// A role by index.
#[derive(Debug, Clone)]
pub struct RolePlace {
    /// Name in the scenario.
    pub name: String,
    /// Role whose pool its hours go into; itself if it has its own.
    pub pool: usize,
    /// Role whose patients it treats: the pool, for trainees that of the role they will have.
    pub treats_for: usize,
    /// Side of the skill mix.
    pub family: StaffFamily,
    /// Whether people have it while they train, and on which course.
    pub course: Option<String>,
    /// What the planner says of it.
    pub said: Role,
}

/// Treatment bought from somebody else.
#[derive(Debug, Clone)]
pub struct BoughtPlace {
    /// Treatment by index.
    pub treatment: usize,
    /// People by week.
    pub people: Vec<f64>,
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
    /// Givers of each kind from a week on in which more of them are trained; before it those of the kinds.
    pub trained_from: Vec<(usize, Vec<Vec<Giver>>)>,
    /// Kinds of supervision, by index, in the order of their turns at supervisors.
    pub turns_of_norms: Vec<usize>,
    /// Givers of all kinds.
    pub givers: usize,
    /// Pools whose open cases are reviewed.
    pub reviews: Vec<Review>,
    /// Bought treatment in order of its names.
    pub bought: Vec<BoughtPlace>,
    /// Whether people who come off benefits are counted.
    pub counts_off_benefits: bool,
    /// Groups of trainees who get through their course alike.
    pub cohorts: Vec<CohortPlace>,
    /// Role that screens.
    pub screening_role: Option<usize>,
    /// Role that assesses.
    pub assessment_role: Option<usize>,
    /// Leave profile by week.
    pub leave: Vec<f64>,
    /// Share of a year's referrals by segment of the calendar, before growth.
    pub shares_of_year: Vec<f64>,
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
        let pool =
            |index: usize, said: &Role| said.delivers_as.as_deref().and_then(role).unwrap_or(index);
        let becomes = |course: &String| {
            let name = &spec.training.courses.get(course)?.becomes;
            Some(pool(role(name)?, spec.staff.get(name)?))
        };
        let roles = spec
            .staff
            .iter()
            .enumerate()
            .map(|(index, (name, said))| RolePlace {
                name: name.clone(),
                pool: pool(index, said),
                treats_for: (course_of(name).as_ref())
                    .and_then(becomes)
                    .unwrap_or_else(|| pool(index, said)),
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
        let roles: Vec<RolePlace> = roles.collect();
        let norms = norms::places(spec, &roles);
        let bought = spec.money.bought.values().map(|said| BoughtPlace {
            treatment: place(&Some(said.treatment.clone())).unwrap_or(0),
            people: bought_by_week(&calendar, said),
        });
        let mut timetable = Self {
            bought: bought.collect(),
            counts_off_benefits: spec.outcomes.is_some(),
            treatments: treatments.collect(),
            turns_of_norms: norms::turns(spec, &norms),
            trained_from: norms::trained_from(spec, &roles, &calendar),
            reviews: norms::reviews(spec, &roles, &norms),
            givers: norms.iter().map(|norm| norm.givers.len()).sum(),
            norms,
            roles,
            screening_role: role(&spec.pathway.screening.role),
            assessment_role: role(&spec.pathway.assessment.role),
            leave: leave_by_week(&calendar, &spec.calendar.leave_profile),
            shares_of_year: shares_of_year(&calendar, &spec.demand),
            segments_of_week,
            year_of_week,
            calendar,
            cohorts: Vec::new(),
        };
        timetable.cohorts = timetable.cohorts_of(spec);
        timetable
    }

    /// The role of that name, by index.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<usize> {
        self.roles.iter().position(|role| role.name == name)
    }

    /// Who may give a kind of supervision in a week.
    #[must_use]
    pub fn givers_in(&self, week: usize, kind: usize) -> &[Giver] {
        let mut trained = self.trained_from.iter().rev();
        let now = trained.find(|(from, _)| *from <= week);
        now.map_or(&self.norms[kind].givers, |(_, kinds)| &kinds[kind])
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

    /// Pools and the treatments that may use them: every pool for the treatments that prefer it, then every pool
    /// for those that have it as their second role, and so on.
    #[must_use]
    pub fn turns_at_pools(&self) -> Vec<(usize, Vec<usize>)> {
        let treatments = &self.treatments;
        let pools = treatments.iter().map(|treatment| treatment.pools.len());
        let ranks = pools.max().unwrap_or(0);
        let turn = |rank: usize, pool: usize| -> Vec<usize> {
            (0..treatments.len())
                .filter(|&t| treatments[t].pools.get(rank) == Some(&pool))
                .collect()
        };
        let roles = self.roles.len();
        let all = (0..ranks).flat_map(|rank| (0..roles).map(move |pool| (rank, pool)));
        all.map(|(rank, pool)| (pool, turn(rank, pool)))
            .filter(|(_, here)| !here.is_empty())
            .collect()
    }

    /// Month whose end each week is the last to precede, if it is.
    #[must_use]
    pub fn closes(&self) -> Vec<Option<usize>> {
        let end_month = |range: &Range<usize>| self.calendar.segments[range.end - 1].month;
        let months: Vec<usize> = self.segments_of_week.iter().map(end_month).collect();
        let closes = |week: usize| {
            let here = months[week];
            (months.get(week + 1) != Some(&here)).then_some(here)
        };
        (0..months.len()).map(closes).collect()
    }

    /// Share of what passes in a week that falls into a part of it: by working days, by days in a week without any.
    #[must_use]
    pub fn share_of_week(&self, part: &Segment) -> f64 {
        match self.calendar.weeks[part.week].working_days {
            0 => f64::from(part.days) / 7.0,
            working => f64::from(part.working_days) / f64::from(working),
        }
    }

    /// Weeks of the horizon.
    #[must_use]
    pub fn weeks(&self) -> usize {
        self.calendar.weeks.len()
    }
}

/// People bought by week: a month's number is shared out over its days.
fn bought_by_week(calendar: &Calendar, said: &Bought) -> Vec<f64> {
    let mut people = vec![0.0; calendar.weeks.len()];
    let mut week = None;
    let mut day = calendar.start;
    for segment in &calendar.segments {
        if week != Some(segment.week) {
            (week, day) = (Some(segment.week), calendar.weeks[segment.week].start);
        }
        let whole = f64::from(calendar.months[segment.month].days_whole);
        for _ in 0..segment.days {
            if day >= said.from && said.to.is_none_or(|last| day <= last) {
                people[segment.week] += said.starts_per_month.value() / whole;
            }
            day = day.tomorrow().unwrap_or(day);
        }
    }
    people
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
