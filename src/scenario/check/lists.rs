//! Do the lists of the first day, waiting or in treatment, fit the pathway?

use super::{must_be_known, one_of};
use crate::error::Problem;
use crate::scenario::Spec;
use crate::scenario::stock::List;

pub fn lists_fit(spec: &Spec, found: &mut Vec<Problem>) {
    let waiting = &spec.waiting;
    let mut lists: Vec<(String, &List)> = waiting
        .assessment
        .iter()
        .map(|list| ("assessment".into(), list))
        .collect();
    for (step, here, known) in [
        ("step2", &waiting.step2, &spec.pathway.step2),
        ("step3", &waiting.step3, &spec.pathway.step3),
    ] {
        for (name, list) in here {
            let path = format!("{step}.{name}");
            must_be_known(
                &format!("waiting.{path}"),
                name,
                known.keys(),
                "treatment",
                found,
            );
            lists.push((path, list));
        }
    }
    for (name, list) in lists {
        let path = format!("waiting.{name}");
        one_of(
            &path,
            &["weeks", "people"],
            &[list.weeks.is_some(), list.people.is_some()],
            found,
        );
        if list.people.is_some() && list.longest_weeks.is_none() {
            found.push(Problem::told(
                &format!("{path}.longest_weeks"),
                "",
                "missing: how long have they waited?",
                "weeks",
            ));
        }
    }
}

pub fn open_courses_fit(spec: &Spec, found: &mut Vec<Problem>) {
    for (step, here, known) in [
        ("step2", &spec.open_courses.step2, &spec.pathway.step2),
        ("step3", &spec.open_courses.step3, &spec.pathway.step3),
    ] {
        for (name, people) in here {
            let path = format!("open_courses.{step}.{name}");
            must_be_known(&path, name, known.keys(), "treatment", found);
            let Some(modality) = known.get(name) else {
                continue;
            };
            // A course of some weeks has no sessions: those in it stand together.
            let (longest, why) = match modality.duration_weeks {
                Some(_) => (1, "since a course of some weeks has no sessions"),
                None => (
                    modality.sessions.shares(&[]).len(),
                    "since a course has no more sessions",
                ),
            };
            if people.len() > longest {
                let expected = format!("at most {longest}, {why}");
                found.push(Problem::new(
                    &path,
                    format!("{} numbers", people.len()),
                    expected,
                ));
            }
        }
    }
}
