//! Do ramps rise, and do intakes fit their courses and the horizon?

use std::collections::{BTreeMap, BTreeSet};

use super::calendar::end;
use super::must_be_known;
use crate::calendar::add_months;
use crate::error::Problem;
use crate::scenario::Spec;

pub fn ramps_rise(spec: &Spec, found: &mut Vec<Problem>) {
    for (name, course) in &spec.training.courses {
        let months: Vec<_> = course.ramp.iter().map(|step| step.from_month).collect();
        if months.first() != Some(&1) || months.windows(2).any(|pair| pair[0] >= pair[1]) {
            let path = format!("training.courses.{name}.ramp");
            let value = format!("from_month = {months:?}");
            found.push(Problem::new(
                &path,
                value,
                "from_month 1 first, then rising",
            ));
        }
    }
    let trainees: BTreeSet<_> = spec
        .training
        .courses
        .values()
        .map(|course| &course.trainee_role)
        .collect();
    for (name, role) in spec
        .staff
        .iter()
        .filter(|(name, _)| trainees.contains(name))
    {
        if role.in_post.mean() > 0.0 || role.posts.is_some_and(|posts| posts.mean() > 0.0) {
            let sentence =
                "trainees are stated as training.intakes, with the day on which they started";
            found.push(Problem::told(
                &format!("staff.{name}.in_post"),
                role.in_post.mean(),
                sentence,
                "0",
            ));
        }
    }
}

pub fn intakes_fit(spec: &Spec, found: &mut Vec<Problem>) {
    let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, intake) in spec.training.intakes.iter().enumerate() {
        let path = format!("training.intakes[{index}]");
        if let Some(id) = &intake.id
            && let Some(before) = ids.insert(id, index)
        {
            let sentence = format!("{id:?} already used by training.intakes[{before}]");
            found.push(Problem::told(
                &format!("{path}.id"),
                id,
                &sentence,
                "a name of its own",
            ));
        }
        must_be_known(
            &format!("{path}.course"),
            &intake.course,
            spec.training.courses.keys(),
            "course",
            found,
        );
        let Some(course) = spec.training.courses.get(&intake.course) else {
            continue;
        };
        let earliest = add_months(
            spec.calendar.start,
            -i32::try_from(course.months).unwrap_or(i32::MAX),
        );
        let last = end(spec);
        if intake.start <= earliest || intake.start > last {
            let expected = format!(
                "after {earliest}, or they have qualified before the plan starts, and to {last}"
            );
            found.push(Problem::new(
                &format!("{path}.start"),
                intake.start,
                expected,
            ));
        }
        let internal = intake.internal.map_or(0.0, |heads| heads.mean());
        if internal > intake.trainees.mean() {
            let expected = format!("0 to {}, the number of trainees", intake.trainees.mean());
            found.push(Problem::new(
                &format!("{path}.internal"),
                internal,
                expected,
            ));
        }
        if let Some(role) = &intake.internal_from {
            must_be_known(
                &format!("{path}.internal_from"),
                role,
                spec.staff.keys(),
                "role",
                found,
            );
        } else if internal > 0.0 && !spec.staff.contains_key("pwp") {
            found.push(Problem::told(
                &format!("{path}.internal_from"),
                "",
                "missing",
                "a role of this service",
            ));
        }
    }
}
