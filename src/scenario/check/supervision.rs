//! Can the roles that are named give that supervision, and does anybody supervise the supervisors?

use std::collections::BTreeSet;

use super::must_be_known;
use crate::error::{Problem, nearest};
use crate::scenario::Spec;
use crate::scenario::supervision::{GivenBy, Norm};

type Kinds<'a> = Box<dyn Iterator<Item = (String, &'a Norm)> + 'a>;

/// Kinds of supervision with their paths.
fn kinds(spec: &Spec) -> Kinds<'_> {
    let path = |(name, norm)| (format!("supervision.norms.{name}"), norm);
    Box::new(spec.supervision.norms.iter().map(path))
}

pub fn norms_name_roles(spec: &Spec, found: &mut Vec<Problem>) {
    for (path, norm) in kinds(spec) {
        for (field, list) in [
            ("supervisees", &norm.supervisees),
            ("supervisors", &norm.supervisors),
        ] {
            for (index, role) in list.iter().enumerate() {
                let here = format!("{path}.{field}[{index}]");
                must_be_known(&here, role, spec.staff.keys(), "role", found);
                if list[..index].contains(role) {
                    let sentence = format!("{role:?} stands there already");
                    found.push(Problem::told(&here, role, &sentence, "each role once"));
                }
            }
        }
        for role in norm.trained.keys() {
            if !norm.supervisors.contains(role) {
                let sentence = format!("{role:?} is not among its supervisors");
                let known = norm.supervisors.iter().map(String::as_str);
                let here = format!("{path}.trained.{role}");
                let problem = Problem::told(&here, role, &sentence, norm.supervisors.join(", "));
                found.push(problem.suggest(nearest(role, known)));
            }
        }
    }
}

pub fn supervisors_can_supervise(spec: &Spec, found: &mut Vec<Problem>) {
    let trainees: BTreeSet<&String> = spec
        .training
        .courses
        .values()
        .map(|course| &course.trainee_role)
        .collect();
    for (path, norm) in kinds(spec) {
        for (index, role) in norm.supervisors.iter().enumerate() {
            if trainees.contains(role) {
                let here = format!("{path}.supervisors[{index}]");
                let sentence = format!("{role:?} are trainees, who are supervised themselves");
                found.push(Problem::told(&here, role, &sentence, "qualified roles"));
            }
        }
        let here = format!("{path}.supervisors");
        let (by_service, some) = (
            norm.given_by == GivenBy::Service,
            !norm.supervisors.is_empty(),
        );
        if by_service && !some {
            let sentence = "nobody gives it";
            found.push(Problem::told(&here, "", sentence, "1 to 16 roles"));
        }
        if !by_service && some {
            let sentence = "the university gives it, not the service";
            let value = norm.supervisors.join(", ");
            found.push(Problem::told(&here, value, sentence, "no roles"));
        }
    }
}

pub fn supervisors_give_the_treatment(spec: &Spec, found: &mut Vec<Problem>) {
    for (path, norm) in kinds(spec) {
        let Some(treatment) = &norm.only_in else {
            continue;
        };
        let known: Vec<_> = spec.pathway.modalities().collect();
        let Some((_, modality)) = known.iter().find(|(name, _)| name == treatment) else {
            let names: Vec<&str> = known.iter().map(|(name, _)| name.as_str()).collect();
            let sentence = format!("no treatment {treatment:?}");
            let here = format!("{path}.only_in");
            let problem = Problem::told(&here, treatment, &sentence, names.join(", "));
            found.push(problem.suggest(nearest(treatment, names)));
            continue;
        };
        for (index, name) in norm.supervisors.iter().enumerate() {
            let Some(role) = spec.staff.get(name) else {
                continue;
            };
            if !modality
                .roles
                .contains(role.delivers_as.as_ref().unwrap_or(name))
            {
                let here = format!("{path}.supervisors[{index}]");
                let sentence = format!("{name:?} do not give {treatment:?}");
                found.push(Problem::told(
                    &here,
                    name,
                    &sentence,
                    modality.roles.join(", "),
                ));
            }
        }
    }
}

pub fn reviews_are_individual(spec: &Spec, found: &mut Vec<Problem>) {
    for (path, norm) in kinds(spec) {
        let size = norm.group_size.value();
        if norm.case_review.is_some() && size > 1.0 {
            let sentence = "cases are reviewed one to one, but this is given in groups";
            let here = format!("{path}.group_size");
            found.push(Problem::told(&here, size, sentence, "1, or no case_review"));
        }
    }
}

/// Supervision of supervision leads upwards, from roles that supervise to roles that they do not supervise.
pub fn supervisors_are_supervised_from_above(spec: &Spec, found: &mut Vec<Problem>) {
    let gives = |role: &String| {
        let mut norms = spec.supervision.norms.values();
        norms.any(|norm| !norm.supervises_supervisors && norm.supervisors.contains(role))
    };
    let upwards = || kinds(spec).filter(|(_, norm)| norm.supervises_supervisors);
    for (path, norm) in upwards() {
        for (index, role) in norm.supervisees.iter().enumerate() {
            let here = format!("{path}.supervisees[{index}]");
            if spec.staff.contains_key(role) && !gives(role) {
                let sentence = format!("{role:?} give no supervision that could be supervised");
                found.push(Problem::told(
                    &here,
                    role,
                    &sentence,
                    "roles that supervise",
                ));
            }
            // All whom one meets on the way up from here.
            let mut above: Vec<&String> = Vec::new();
            let mut next: Vec<&String> = norm.supervisors.iter().collect();
            while let Some(other) = next.pop() {
                if !above.contains(&other) {
                    above.push(other);
                    let higher = upwards().filter(|(_, norm)| norm.supervisees.contains(other));
                    next.extend(higher.flat_map(|(_, norm)| &norm.supervisors));
                }
            }
            if above.contains(&role) {
                let sentence = format!("circular: {role:?} would supervise their own supervision");
                found.push(Problem::told(
                    &here,
                    role,
                    &sentence,
                    "roles below its supervisors",
                ));
            }
        }
    }
}
