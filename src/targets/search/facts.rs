//! Which staff is there without a plan, which course leads to it, and how much may it grow?

use crate::plan::Plan;
use crate::plan::needs::leavers_per_wte;
use crate::project::Projection;
use crate::scenario::staff::{RecruitmentPolicy, Role};
use crate::scenario::training::Places;
use crate::scenario::{Scenario, Spec};
use crate::targets::ask::Targets;
use crate::targets::evaluate::posts_changes;
use crate::targets::levels::{CourseFacts, Pool, whole_people};

/// Staff of one pool and how they can grow.
pub fn pool(
    scenario: &Scenario,
    targets: &Targets,
    plan: &Plan,
    [base, probe]: [&Projection; 2],
    role: usize,
) -> Pool {
    let (spec, timetable) = (scenario.spec(), base.timetable());
    let place = &timetable.roles[role];
    let needs = plan.needs();
    let said = &spec.staff[&place.name];
    let recruits = said.recruitment.policy == RecruitmentPolicy::ToPosts
        && said.recruitment.fill_share.mean() > 0.0;
    let hours = |role: usize| needs.roles[role].hours_per_wte;
    let others: f64 = timetable
        .roles_of_pool(role)
        .filter(|&other| other != role && timetable.roles[other].course.is_none())
        .map(|other| needs.roles[other].needed * hours(other) / hours(role).max(1e-9))
        .sum();
    let need = needs.roles[role].needed;
    let growth = spec.demand.growth_per_year.mean();
    let standing = |week: usize| {
        let grown = (1.0 + growth).powf(week as f64 * 7.0 / 365.25);
        if need.is_finite() {
            (need + others) * grown
        } else {
            0.0
        }
    };
    let course = course(scenario, targets, base, probe, role);
    let asked = (course.as_ref()).and_then(|course| targets.most_places.get(&course.name));
    let asked = asked.map_or(MOST_PLACES, |&most| floor(most).min(MOST_PLACES));
    let cap = |autumn: usize| {
        let universities = (course.as_ref()).and_then(|course| course.universities.get(autumn));
        let there = universities.map(|places| places.iter().map(|place| place.1).sum());
        asked.min(there.unwrap_or(MOST_PLACES))
    };
    Pool {
        role,
        name: place.name.clone(),
        title: place.said.title.clone(),
        recruits,
        may_recruit: recruits && targets.levers.recruitment,
        lead_weeks: said.recruitment.lead_weeks as usize,
        stays_a_year: (-leavers_per_wte(said)).exp(),
        backfill: false,
        spare: 0.0,
        vacant: vacancies(said, base, role),
        standing: (0..timetable.weeks()).map(standing).collect(),
        most_places: (0..targets.starts.len()).map(cap).collect(),
        most_recruits: floor(targets.most_recruits).min(MOST_PLACES),
        course: course.clone(),
    }
}

/// Posts less staff in post by week, as it would be without a plan.
fn vacancies(said: &Role, base: &Projection, role: usize) -> Vec<f64> {
    let start = said.posts.unwrap_or(said.in_post).mean();
    let changes = posts_changes(said);
    let weeks = base.timetable().calendar.weeks.iter();
    let staff = weeks.zip(&base.record().staff[role]);
    staff
        .map(|(week, staff)| {
            let changed = changes.iter().rfind(|change| change.0 <= week.start);
            changed.map_or(start, |change| change.1) - staff.in_post
        })
        .collect()
}

/// Most places that are tried in one autumn.
pub const MOST_PLACES: u32 = 2_000;

pub fn floor(most: f64) -> u32 {
    whole_people((most + 1e-9).floor(), u32::MAX)
}

/// The course that leads to a role: the one that is planned already, or that has its name, or the first.
pub fn course_to<'a>(spec: &'a Spec, role: &str) -> Option<&'a String> {
    let mut known = (spec.training.courses.iter())
        .filter(|(_, course)| course.becomes == role)
        .map(|(name, _)| name);
    let planned = |course: &&String| spec.training.intakes.iter().any(|i| i.course == **course);
    (known.clone().find(planned))
        .or_else(|| known.clone().find(|known| *known == role))
        .or_else(|| known.next())
}

/// What the course to a role yields, and when; read off a run with one more trainee in each autumn.
fn course(
    scenario: &Scenario,
    targets: &Targets,
    base: &Projection,
    probe: &Projection,
    role: usize,
) -> Option<CourseFacts> {
    let (spec, timetable) = (scenario.spec(), base.timetable());
    if !targets.levers.training || targets.starts.is_empty() {
        return None;
    }
    let name = &timetable.roles[role].name;
    let course_name = course_to(spec, name)?;
    let course = &spec.training.courses[course_name];
    let wte = spec.staff[&course.trainee_role].wte_per_head.value();
    let runs = base.record().staff[role]
        .iter()
        .zip(&probe.record().staff[role]);
    let more: Vec<f64> = runs
        .map(|(without, with)| with.qualified - without.qualified)
        .collect();
    let yields = more.iter().sum::<f64>() / targets.starts.len() as f64;
    let starts: Vec<usize> = (targets.starts.iter())
        .filter_map(|&day| timetable.calendar.week_of(day))
        .collect();
    let after = |(autumn, &start): (usize, &usize)| {
        let next = starts.get(autumn + 1).map_or(more.len(), |next| next + 52);
        let from = (start + 1).min(more.len());
        let weeks = &more[from..next.clamp(from, more.len())];
        let earlier = autumn.checked_sub(1).map_or(0, |_| 26);
        let found = weeks.iter().skip(earlier).position(|wte| *wte > 1e-9);
        found.map_or(timetable.weeks(), |week| from + earlier + week)
    };
    let qualifies: Vec<usize> = starts.iter().enumerate().map(after).collect();
    let intakes = || {
        spec.training
            .intakes
            .iter()
            .filter(|i| &i.course == course_name)
    };
    let heads: f64 = intakes().map(|i| i.trainees.mean()).sum();
    let moved: f64 = intakes()
        .filter_map(|i| i.internal)
        .map(|heads| heads.mean())
        .sum();
    let said = if heads > 0.0 { moved / heads } else { 0.0 };
    let from = intakes().find_map(|i| i.internal_from.clone());
    let from = from.unwrap_or_else(|| "pwp".into());
    let moves =
        course.months_qualified_before > 0 && spec.staff.contains_key(&from) && from != *name;
    Some(CourseFacts {
        name: course_name.clone(),
        title: course.title.clone(),
        yields,
        completes: yields / wte,
        universities: universities(spec, targets, course_name),
        internal_share: if moves {
            targets.internal_share.unwrap_or(said)
        } else {
            0.0
        },
        internal_from: from,
        starts,
        qualifies,
    })
}

/// Places that universities have left in each autumn; nothing where they are not limited.
fn universities(spec: &Spec, targets: &Targets, course: &str) -> Vec<Vec<(String, u32)>> {
    let rows = || {
        spec.training
            .places
            .iter()
            .filter(|row| row.course == course)
    };
    if rows().next().is_none() {
        return Vec::new();
    }
    let of_autumn = |start: &jiff::civil::Date| -> Vec<(String, u32)> {
        let same = |day: &str| day.get(..7) == start.to_string().get(..7);
        let left = |row: &Places| {
            let taken: f64 = (spec.training.intakes.iter())
                .filter(|i| i.course == course && same(&i.start.to_string()))
                .filter(|i| i.at.as_ref() == Some(&row.at))
                .map(|i| i.trainees.mean())
                .sum();
            (row.at.clone(), floor((row.places.value() - taken).max(0.0)))
        };
        rows().filter(|row| same(&row.start)).map(left).collect()
    };
    targets.starts.iter().map(of_autumn).collect()
}
