//! Are the roles that are named there, are weeks and pay said fully, and only once?

use super::{must_be_known, one_of};
use crate::error::Problem;
use crate::scenario::Spec;
use crate::scenario::staff::CONTRACT_HOURS;

pub fn roles_are_known(spec: &Spec, found: &mut Vec<Problem>) {
    let roles = spec.staff.keys();
    let mut named: Vec<(String, &str)> = Vec::new();
    let pathway = &spec.pathway;
    if pathway.screening.minutes.mean() > 0.0 {
        named.push(("pathway.screening.role".into(), &pathway.screening.role));
    }
    if pathway.assessment.slots_per_week.is_none() && !pathway.assessment.at_once {
        named.push(("pathway.assessment.role".into(), &pathway.assessment.role));
    }
    for (name, modality) in spec.pathway.modalities() {
        for (index, role) in modality.roles.iter().enumerate() {
            named.push((format!("pathway.{name}.roles[{index}]"), role));
        }
    }
    let deliver = named.len();
    for (name, role) in &spec.staff {
        if let Some(other) = &role.delivers_as {
            named.push((format!("staff.{name}.delivers_as"), other));
        }
        if let Some(other) = &role.recruitment.from {
            named.push((format!("staff.{name}.recruitment.from"), other));
        }
    }
    for (name, course) in &spec.training.courses {
        named.push((
            format!("training.courses.{name}.trainee_role"),
            &course.trainee_role,
        ));
        named.push((format!("training.courses.{name}.becomes"), &course.becomes));
    }
    for (index, (path, role)) in named.iter().enumerate() {
        must_be_known(path, role, roles.clone(), "role", found);
        let other = spec
            .staff
            .get(*role)
            .and_then(|role| role.delivers_as.as_deref());
        if let Some(other) = other.filter(|&other| index < deliver && other != *role) {
            let sentence = format!("the hours of {role:?} are in the pool of {other:?}; name that");
            found.push(Problem::told(path, role, &sentence, other));
        }
    }
}

pub fn job_plans_add_up(spec: &Spec, found: &mut Vec<Problem>) {
    for (name, role) in &spec.staff {
        let sum = role.job_plan.total();
        if (sum - CONTRACT_HOURS).abs() > 1e-6 {
            let sentence = format!("the lines sum to {sum} hours, must be {CONTRACT_HOURS}");
            found.push(Problem::told(
                &format!("staff.{name}.job_plan"),
                sum,
                &sentence,
                "lines that sum to 37.5",
            ));
        }
    }
}

pub fn availability_is_said_once(spec: &Spec, found: &mut Vec<Problem>) {
    for (name, role) in &spec.staff {
        let said = [role.weeks_available.is_some(), role.availability.is_some()];
        one_of(
            &format!("staff.{name}"),
            &["weeks_available", "availability"],
            &said,
            found,
        );
        if role.slots.is_some() && role.slots_per_wte.is_some() {
            found.push(Problem::new(
                &format!("staff.{name}"),
                "slots and slots_per_wte",
                "at most one of them",
            ));
        }
    }
}

pub fn recruitment_can_fill(spec: &Spec, found: &mut Vec<Problem>) {
    for (name, role) in &spec.staff {
        if role.recruitment.from.as_ref() == Some(name) {
            let path = format!("staff.{name}.recruitment.from");
            found.push(Problem::new(&path, name, "another role"));
        }
    }
}

pub fn awards_name_years(spec: &Spec, found: &mut Vec<Problem>) {
    for year in spec.money.awards.keys() {
        let ok = year.split_once('/').and_then(|(first, second)| {
            let (first, second) = (first.parse::<i32>().ok()?, second.parse::<i32>().ok()?);
            Some(year.len() == 7 && (first + 1) % 100 == second)
        });
        if ok != Some(true) {
            let path = format!("money.awards.{year}");
            found.push(Problem::new(
                &path,
                format!("{year:?}"),
                "a financial year, as 2027/28",
            ));
        }
    }
}
