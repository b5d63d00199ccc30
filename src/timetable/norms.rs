//! Which kinds of supervision are there, by index, and whose turn is it first at shared supervisors?
//!
//! Turns go by stated priority; then those of trainees, then those with the fewest roles to give them, then
//! the most hours. Names come last, so that a new name changes no figure.

use super::{NormPlace, Review, RolePlace};
use crate::calendar::Calendar;
use crate::scenario::Spec;
use crate::scenario::supervision::{GivenBy, Norm};
use crate::supervision::{Giver, find_levels};
use crate::unit::Fixed;

/// Givers of each kind, when so many people of a role \[heads\] have learned to give it on short courses.
fn givers(
    spec: &Spec,
    roles: &[RolePlace],
    learned: impl Fn(&str, &str) -> f64,
) -> Vec<Vec<Giver>> {
    let givers = |(kind, norm): (&String, &Norm)| -> Vec<Giver> {
        if norm.given_by == GivenBy::University {
            return Vec::new();
        }
        let giver = |name: &String| {
            let role = roles.iter().position(|role| &role.name == name)?;
            let said = &roles[role].said;
            let heads = said.in_post.mean() / said.wte_per_head.value();
            let stated = norm.trained.get(name).map_or(1.0, Fixed::value);
            let learned = learned(kind, name) / heads;
            let more = if learned.is_finite() { learned } else { 0.0 };
            Some(Giver {
                role,
                trained: (stated + more).min(1.0),
                levels: Vec::new(),
            })
        };
        norm.supervisors.iter().filter_map(giver).collect()
    };
    let mut by_kind: Vec<Vec<Giver>> = spec.supervision.norms.iter().map(givers).collect();
    find_levels(&mut by_kind);
    by_kind
}

/// Givers of each kind from each week on in which some have learned to give it on a short course: their
/// share of the role rises by people / people in post at the start.
pub fn trained_from(
    spec: &Spec,
    roles: &[RolePlace],
    calendar: &Calendar,
) -> Vec<(usize, Vec<Vec<Giver>>)> {
    let training = &spec.training;
    let mut learning = Vec::new();
    for said in &training.attendances {
        let course = training.short_courses.get(&said.course);
        let first = calendar.week_of(said.start);
        if let (Some(course), Some(first)) = (course, first)
            && !course.trains_for.is_empty()
        {
            let role = course.becomes.as_ref().unwrap_or(&said.role);
            let people = said.people.mean();
            learning.push((first + said.weeks as usize, course, role.as_str(), people));
        }
    }
    let mut weeks: Vec<usize> = learning.iter().map(|learned| learned.0).collect();
    weeks.sort_unstable();
    weeks.dedup();
    let from = |week: usize| {
        let learned = |kind: &str, name: &str| -> f64 {
            let by_now = learning.iter().filter(|(end, course, role, _)| {
                *end <= week && *role == name && course.trains_for.iter().any(|norm| norm == kind)
            });
            by_now.map(|learned| learned.3).sum()
        };
        (week, givers(spec, roles, learned))
    };
    weeks.into_iter().map(from).collect()
}

/// Kinds of supervision in order of their names.
pub fn places(spec: &Spec, roles: &[RolePlace]) -> Vec<NormPlace> {
    let norms = &spec.supervision.norms;
    let role = |name: &String| roles.iter().position(|role| &role.name == name);
    let by_kind = givers(spec, roles, |_, _| 0.0);
    let mut first_giver = 0;
    let mut places = Vec::with_capacity(norms.len());
    for ((name, norm), givers) in norms.iter().zip(by_kind) {
        let number = givers.len();
        places.push(NormPlace {
            name: name.clone(),
            title: norm.title.clone(),
            supervisees: norm.supervisees.iter().filter_map(role).collect(),
            hours: norm.hours_per_week.value(),
            group_size: norm.group_size.value(),
            by_university: norm.given_by == GivenBy::University,
            givers,
            first_giver,
            counts_for_ratio: norm.counts_for_ratio && norm.given_by == GivenBy::Service,
            supervisors_of: norm.supervises_supervisors.then(|| supervised(spec, norm)),
        });
        first_giver += number;
    }
    places
}

/// Kinds that the supervisees of supervision of supervision give.
fn supervised(spec: &Spec, norm: &Norm) -> Vec<usize> {
    let gives = |other: &Norm| {
        other.given_by == GivenBy::Service
            && !other.supervises_supervisors
            && (other.supervisors.iter()).any(|role| norm.supervisees.contains(role))
    };
    let norms = spec.supervision.norms.values().enumerate();
    norms
        .filter(|(_, other)| gives(other))
        .map(|(index, _)| index)
        .collect()
}

/// Pools whose open cases are reviewed: all qualified staff who treat their patients receive that supervision.
pub fn reviews(spec: &Spec, roles: &[RolePlace], places: &[NormPlace]) -> Vec<Review> {
    let mut reviews = Vec::new();
    for (norm, (said, place)) in spec.supervision.norms.values().zip(places).enumerate() {
        let Some(review) = said.case_review else {
            continue;
        };
        for pool in 0..roles.len() {
            let treating = (0..roles.len()).filter(|&role| roles[role].treats_for == pool);
            let (reviewed, other): (Vec<usize>, Vec<usize>) =
                treating.partition(|role| place.supervisees.contains(role));
            let only_trainees = other.iter().all(|&role| roles[role].course.is_some());
            if only_trainees && !reviewed.is_empty() {
                reviews.push(Review {
                    norm,
                    pool,
                    roles: reviewed,
                    cases: review.most_cases(place.hours),
                });
            }
        }
    }
    reviews
}

/// The order in which the kinds draw on the supervisors whom they share.
pub fn turns(spec: &Spec, places: &[NormPlace]) -> Vec<usize> {
    let norms: Vec<&Norm> = spec.supervision.norms.values().collect();
    let trainee = |role: &String| {
        let courses = spec.training.courses.values();
        courses
            .into_iter()
            .any(|course| &course.trainee_role == role)
    };
    let key = |&index: &usize| {
        let norm = norms[index];
        (
            norm.priority.unwrap_or(u32::MAX),
            !norm.supervisees.iter().any(trainee),
            places[index].givers.len(),
            // Not negative, so the bits are in the order of the numbers.
            u64::MAX - (places[index].hours / places[index].group_size).to_bits(),
        )
    };
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by_key(key);
    order
}
