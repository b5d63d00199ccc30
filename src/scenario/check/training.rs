//! Do courses rise and end well, and do intakes fit their courses, their universities and the horizon?

use std::collections::{BTreeMap, BTreeSet};

use jiff::Span;
use jiff::civil::Date;

use super::calendar::end;
use super::{must_be_known, one_of};
use crate::calendar::add_months;
use crate::error::Problem;
use crate::scenario::Spec;
use crate::scenario::training::{Course, Intake, RampStep};

pub fn ramps_rise(spec: &Spec, found: &mut Vec<Problem>) {
    for (name, course) in &spec.training.courses {
        let path = format!("training.courses.{name}");
        months_rise(&format!("{path}.ramp"), &course.ramp, found);
        if !course.settling.is_empty() {
            let path = format!("{path}.settling");
            months_rise(&path, &course.settling, found);
            let last = course
                .settling
                .last()
                .map_or(1.0, |step| step.share.value());
            if last < 1.0 {
                let path = format!("{path}[{}].share", course.settling.len() - 1);
                let expected = "1, since sooner or later they work all their hours";
                found.push(Problem::new(&path, last, expected));
            }
        }
    }
}

/// The first step begins in the first month, and each begins after the one before it.
fn months_rise(path: &str, steps: &[RampStep], found: &mut Vec<Problem>) {
    let months: Vec<_> = steps.iter().map(|step| step.from_month).collect();
    if months.first() != Some(&1) || months.windows(2).any(|pair| pair[0] >= pair[1]) {
        let value = format!("from_month = {months:?}");
        let expected = "from_month 1 first, then rising";
        found.push(Problem::new(path, value, expected));
    }
}

pub fn trainees_are_intakes(spec: &Spec, found: &mut Vec<Problem>) {
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

/// The gate is inside the course, and so is a resit that does not make it longer.
pub fn gates_are_inside_courses(spec: &Spec, found: &mut Vec<Problem>) {
    for (name, course) in &spec.training.courses {
        let path = format!("training.courses.{name}");
        let gate = course.gate_month.unwrap_or_else(|| course.gate());
        if gate > course.months {
            let expected = format!("1 to {}, the months of the course", course.months);
            found.push(Problem::new(&format!("{path}.gate_month"), gate, expected));
        }
        for (route, said) in &course.routes {
            let room = course.months.saturating_sub(gate);
            if !said.resit_delays_award && said.resit_delay_months > room {
                let path = format!("{path}.routes.{route}.resit_delay_months");
                let expected = format!(
                    "0 to {room}, so that the resit is before the end of the course; or resit_delays_award = true"
                );
                found.push(Problem::new(&path, said.resit_delay_months, expected));
            }
        }
        if let Some(clause) = &course.clause {
            let said = [
                clause.repay_pounds.is_some(),
                clause.repay_share_of_fee.is_some(),
            ];
            let names = ["repay_pounds", "repay_share_of_fee"];
            one_of(&format!("{path}.clause"), &names, &said, found);
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
        let courses = &spec.training.courses;
        must_be_known(
            &format!("{path}.course"),
            &intake.course,
            courses.keys(),
            "course",
            found,
        );
        let Some(course) = courses.get(&intake.course) else {
            continue;
        };
        if let Some(route) = &intake.route {
            let what = format!("route to {}", intake.course);
            must_be_known(
                &format!("{path}.route"),
                route,
                course.routes.keys(),
                &what,
                found,
            );
        }
        starts_in_time(spec, &path, intake, course, found);
        internal_move_fits(spec, &path, intake, found);
    }
}

/// An intake is in training on some day of the calendar.
fn starts_in_time(
    spec: &Spec,
    path: &str,
    intake: &Intake,
    course: &Course,
    found: &mut Vec<Problem>,
) {
    let months = i32::try_from(course.months).unwrap_or(i32::MAX);
    let lag = i64::from(course.award_lag_weeks.unwrap_or(0));
    let award = add_months(intake.start, months).saturating_add(Span::new().weeks(lag));
    let (first, last) = (spec.calendar.start, end(spec));
    let path = format!("{path}.start");
    if award <= first {
        let earliest = add_months(first.saturating_sub(Span::new().weeks(lag)), -months);
        let sentence = format!(
            "{} who start on {} have qualified by {award}, before the plan starts on {first}; state them in post",
            said_of(intake),
            intake.start
        );
        let expected = format!("after {earliest}, and to {last}");
        found.push(Problem::told(&path, intake.start, &sentence, expected));
    } else if intake.start > last {
        let sentence = format!(
            "{} start on {}, after the plan ends; the last day allowed is {last}, or more calendar.weeks",
            said_of(intake),
            intake.start
        );
        let expected = format!("to {last}");
        found.push(Problem::told(&path, intake.start, &sentence, expected));
    }
}

fn said_of(intake: &Intake) -> String {
    let id = intake.id.as_ref();
    let name = id.map_or(String::new(), |id| format!(" of {id:?}"));
    format!(
        "the {} {} trainees{name}",
        intake.trainees.mean(),
        intake.course
    )
}

fn internal_move_fits(spec: &Spec, path: &str, intake: &Intake, found: &mut Vec<Problem>) {
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

/// Places are stated once, and no university is sent more trainees than it has places for.
pub fn places_suffice(spec: &Spec, found: &mut Vec<Problem>) {
    let all = &spec.training.places;
    for (index, places) in all.iter().enumerate() {
        let path = format!("training.places[{index}]");
        must_be_known(
            &format!("{path}.course"),
            &places.course,
            spec.training.courses.keys(),
            "course",
            found,
        );
        if !is_month_or_day(&places.start) {
            found.push(Problem::new(
                &format!("{path}.start"),
                format!("{:?}", places.start),
                "a month or a day, as 2025-10 or 2025-10-06",
            ));
        }
        let same = |other: &&crate::scenario::training::Places| {
            (&other.at, &other.course) == (&places.at, &places.course)
                && (other.start.starts_with(&places.start)
                    || places.start.starts_with(&other.start))
        };
        if let Some(before) = all[..index].iter().position(|other| same(&other)) {
            let sentence = format!(
                "the {} places of {} in {} are already in training.places[{before}]",
                places.course, places.at, places.start
            );
            found.push(Problem::told(
                &path,
                places.start.clone(),
                &sentence,
                "each course and start of a university once",
            ));
        }
    }
    // Whoever is in training already has a place.
    let planned = |intake: &&(usize, &Intake)| intake.1.start >= spec.calendar.start;
    let intakes: Vec<_> = spec.training.intakes.iter().enumerate().collect();
    let mut taken = vec![0.0; all.len()];
    for &(index, intake) in intakes.iter().filter(planned) {
        let Some(at) = &intake.at else { continue };
        let path = format!("training.intakes[{index}]");
        let of_course = || all.iter().filter(|places| places.course == intake.course);
        if of_course().next().is_none() {
            continue;
        }
        if !of_course().any(|places| &places.at == at) {
            let known = of_course().map(|places| &places.at);
            let what = format!("university with {} places", intake.course);
            must_be_known(&format!("{path}.at"), at, known, &what, found);
            continue;
        }
        let Some(place) = all.iter().position(|places| places.are_for(intake)) else {
            let starts: Vec<_> = of_course()
                .filter(|places| &places.at == at)
                .map(|places| places.start.as_str())
                .collect();
            let sentence = format!("{at} has no {} places on {}", intake.course, intake.start);
            let path = format!("{path}.start");
            let starts = starts.join(", ");
            found.push(Problem::told(&path, intake.start, &sentence, starts));
            continue;
        };
        taken[place] += intake.trainees.mean();
        let (has, asked) = (all[place].places.value(), taken[place]);
        if asked > has + 1e-9 && asked - intake.trainees.mean() <= has + 1e-9 {
            let left = has - (asked - intake.trainees.mean());
            let sentence = format!(
                "{} and those before them take {asked} places, {at} has {has} in training.places[{place}]",
                said_of(intake)
            );
            let path = format!("{path}.trainees");
            let value = intake.trainees.mean();
            found.push(Problem::told(
                &path,
                value,
                &sentence,
                format!("0 to {left}"),
            ));
        }
    }
}

fn is_month_or_day(text: &str) -> bool {
    let day = match text.len() {
        7 => format!("{text}-01"),
        10 => text.to_string(),
        _ => return false,
    };
    day.parse::<Date>().is_ok()
}

/// Short courses name roles and kinds of supervision, and their days fit into their weeks.
pub fn short_courses_fit(spec: &Spec, found: &mut Vec<Problem>) {
    let training = &spec.training;
    let trainees: BTreeSet<&str> = training
        .courses
        .values()
        .map(|course| course.trainee_role.as_str())
        .collect();
    // What nobody attends may name what this service does not have.
    let attended = |name: &String| {
        let mut attendances = training.attendances.iter();
        attendances.any(|attendance| &attendance.course == name)
    };
    let courses = training.short_courses.iter();
    for (name, course) in courses.filter(|(name, _)| attended(name)) {
        let path = format!("training.short_courses.{name}");
        let roles = course.roles.iter().enumerate();
        let named = roles.map(|(index, role)| (format!("{path}.roles[{index}]"), role));
        let becomes = course.becomes.iter();
        for (path, role) in named.chain(becomes.map(|role| (format!("{path}.becomes"), role))) {
            must_be_known(&path, role, spec.staff.keys(), "role", found);
            no_trainees(&path, role, &trainees, found);
        }
        for (index, norm) in course.trains_for.iter().enumerate() {
            let path = format!("{path}.trains_for[{index}]");
            let norms = spec.supervision.norms.keys();
            must_be_known(&path, norm, norms, "kind of supervision", found);
        }
    }
    for (index, attendance) in training.attendances.iter().enumerate() {
        let path = format!("training.attendances[{index}]");
        let known = training.short_courses.keys();
        let course_path = format!("{path}.course");
        must_be_known(
            &course_path,
            &attendance.course,
            known,
            "short course",
            found,
        );
        let role_path = format!("{path}.role");
        must_be_known(
            &role_path,
            &attendance.role,
            spec.staff.keys(),
            "role",
            found,
        );
        no_trainees(&role_path, &attendance.role, &trainees, found);
        let (first, last) = (spec.calendar.start, end(spec));
        if attendance.start < first || attendance.start > last {
            let expected = format!("{first} to {last}");
            let path = format!("{path}.start");
            found.push(Problem::new(&path, attendance.start, expected));
        }
        let Some(course) = training.short_courses.get(&attendance.course) else {
            continue;
        };
        if !course.roles.is_empty() {
            let what = format!("role that may attend {}:", attendance.course);
            must_be_known(
                &role_path,
                &attendance.role,
                course.roles.iter(),
                &what,
                found,
            );
        }
        if course.becomes.as_ref() == Some(&attendance.role) {
            let sentence = format!("{} makes them what they are", attendance.course);
            found.push(Problem::told(
                &role_path,
                &attendance.role,
                &sentence,
                "another role",
            ));
        }
        let days = course.days_taught.value() + course.days_directed.value();
        if days > 5.0 * f64::from(attendance.weeks) {
            let least = (days / 5.0).ceil();
            let expected = format!("{least} or more, since the course has {days} days");
            let path = format!("{path}.weeks");
            found.push(Problem::new(&path, attendance.weeks, expected));
        }
    }
}

fn no_trainees(path: &str, role: &str, trainees: &BTreeSet<&str>, found: &mut Vec<Problem>) {
    if trainees.contains(role) {
        let sentence = format!("{role:?} are trainees, short courses are for qualified staff");
        found.push(Problem::told(
            path,
            role,
            &sentence,
            "a role of qualified staff",
        ));
    }
}
