//! Which kinds of supervision are there, by index, and whose turn is it first at shared supervisors?
//!
//! Turns go by stated priority; then those of trainees, then those with the fewest roles to give them, then
//! the most hours. Names come last, so that a new name changes no figure.

use super::{NormPlace, Review, RolePlace};
use crate::scenario::Spec;
use crate::scenario::supervision::{GivenBy, Norm};
use crate::supervision::{Giver, find_levels};
use crate::unit::Fixed;

/// Kinds of supervision in order of their names.
pub fn places(spec: &Spec, roles: &[RolePlace]) -> Vec<NormPlace> {
    let norms = &spec.supervision.norms;
    let role = |name: &String| roles.iter().position(|role| &role.name == name);
    let givers = |norm: &Norm| -> Vec<Giver> {
        if norm.given_by == GivenBy::University {
            return Vec::new();
        }
        let giver = |name: &String| {
            Some(Giver {
                role: role(name)?,
                trained: norm.trained.get(name).map_or(1.0, Fixed::value),
                levels: Vec::new(),
            })
        };
        norm.supervisors.iter().filter_map(giver).collect()
    };
    let mut by_kind: Vec<Vec<Giver>> = norms.values().map(givers).collect();
    find_levels(&mut by_kind);
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
