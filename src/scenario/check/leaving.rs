//! Can people leave, be away and be recruited as is said of each role?

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::calendar::end;
use super::must_be_known;
use crate::error::Problem;
use crate::scenario::Spec;
use crate::scenario::staff::{Employer, Role};
use crate::unit::{Fixed, RateAYear, Unit};

/// Longest time in a role that leaving can depend on \[months\].
const LONGEST_TENURE: f64 = 240.0;

/// Reasons that every role has besides those that are stated.
const REASONS_KEPT: [&str; 7] = [
    "other",
    "promotion",
    "training",
    "released",
    "gave_up_course",
    "not_back",
    "shorter_hours",
];

/// Roles that people have while they train.
fn trainee_roles(spec: &Spec) -> BTreeSet<&String> {
    let courses = spec.training.courses.values();
    courses.map(|course| &course.trainee_role).collect()
}

fn must_sum_to_one(path: &str, shares: impl Iterator<Item = f64>, found: &mut Vec<Problem>) {
    let sum: f64 = shares.sum();
    if (sum - 1.0).abs() > 1e-6 {
        let sentence = format!("the shares sum to {sum:.4}, must be 1");
        found.push(Problem::told(path, sum, &sentence, "shares that sum to 1"));
    }
}

/// Trainees join by intakes and leave by the rate of their course.
pub fn trainees_are_left_to_courses(spec: &Spec, found: &mut Vec<Problem>) {
    for name in trainee_roles(spec) {
        let Some(role) = spec.staff.get(name) else {
            continue;
        };
        let recruitment = &role.recruitment;
        let said = [
            ("leaving", role.leaving.is_some()),
            ("absences", !role.absences.is_empty()),
            ("posts_changes", !role.posts_changes.is_empty()),
            ("ratio", role.ratio.is_some()),
            ("recruitment.agency", recruitment.agency.is_some()),
            ("recruitment.overtime", recruitment.overtime.is_some()),
            ("recruitment.freezes", !recruitment.freezes.is_empty()),
        ];
        for (field, _) in said.iter().filter(|said| said.1) {
            let path = format!("staff.{name}.{field}");
            let sentence = "trainees join by training.intakes and leave as training.courses says";
            found.push(Problem::told(&path, "", sentence, "nothing"));
        }
    }
}

pub fn posts_change_in_order(spec: &Spec, found: &mut Vec<Problem>) {
    let (first, last) = (spec.calendar.start, end(spec));
    for (name, role) in &spec.staff {
        let mut before = first;
        for (index, change) in role.posts_changes.iter().enumerate() {
            let path = format!("staff.{name}.posts_changes[{index}].from");
            if change.from <= before || change.from > last {
                let expected = if index == 0 {
                    format!("after {first}, from when posts hold, and to {last}")
                } else {
                    format!("after {before}, the change before it, and to {last}")
                };
                found.push(Problem::new(&path, change.from, expected));
            }
            before = change.from;
        }
    }
}

pub fn tenure_is_in_order(spec: &Spec, found: &mut Vec<Problem>) {
    for (name, leaving) in leaving(spec) {
        let steps = &leaving.by_tenure;
        let months: Vec<f64> = steps.iter().map(|step| step.from_months.value()).collect();
        let in_order = months.first().is_none_or(|&first| first == 0.0)
            && months.windows(2).all(|pair| pair[0] < pair[1])
            && months.last().is_none_or(|&last| last <= LONGEST_TENURE);
        if !in_order {
            found.push(Problem::new(
                &format!("staff.{name}.leaving.by_tenure"),
                format!("from_months = {months:?}"),
                format!("from_months 0 first, then rising, to {LONGEST_TENURE}"),
            ));
        }
        let opening = &leaving.opening_tenure;
        if !opening.is_empty() {
            let path = format!("staff.{name}.leaving.opening_tenure");
            must_sum_to_one(&path, opening.iter().map(|part| part.share.value()), found);
        }
    }
}

fn leaving(spec: &Spec) -> impl Iterator<Item = (&String, &crate::scenario::staff::Leaving)> {
    let roles = spec.staff.iter();
    roles.filter_map(|(name, role)| Some((name, role.leaving.as_ref()?)))
}

/// Leavers fit their year, their reasons and a hazard that can be.
pub fn leavers_add_up(spec: &Spec, found: &mut Vec<Problem>) {
    for (name, role) in &spec.staff {
        let Some(leaving) = &role.leaving else {
            continue;
        };
        let path = |field: &str| format!("staff.{name}.leaving.{field}");
        let rate = role.leavers_per_year.mean();
        let season = leaving
            .season
            .as_ref()
            .map(|season| season.map(|i| i.value()));
        if let Some(season) = season {
            let mean = season.iter().sum::<f64>() / 12.0;
            if (mean - 1.0).abs() > 0.01 {
                let got = format!("a mean of {mean:.3}");
                found.push(Problem::new(
                    &path("season"),
                    got,
                    "twelve numbers with mean 1",
                ));
            }
        }
        let most = |list: &mut dyn Iterator<Item = f64>| list.fold(f64::NAN, f64::max);
        let steepest = most(&mut leaving.by_tenure.iter().map(|step| step.times.value())).max(0.0);
        let steepest = if leaving.by_tenure.is_empty() {
            1.0
        } else {
            steepest
        };
        let busiest = season.map_or(1.0, |season| most(&mut season.into_iter()));
        if rate * steepest * busiest > RateAYear::MAX {
            let sentence = format!(
                "{rate} a year x {steepest} by tenure x {busiest} by season is more than anybody has seen"
            );
            let expected = format!("at most {} a year in all", RateAYear::MAX);
            found.push(Problem::told(
                &path("by_tenure"),
                rate * steepest * busiest,
                &sentence,
                expected,
            ));
        }
        let reasons: f64 = leaving.reasons.values().map(Fixed::value).sum();
        if reasons > rate + 1e-9 {
            let sentence = format!("the reasons sum to {reasons:.4} a year, the rate is {rate}");
            let expected = format!("rates that sum to at most {rate}");
            found.push(Problem::told(
                &path("reasons"),
                reasons,
                &sentence,
                expected,
            ));
        }
        for reason in leaving.reasons.keys() {
            if REASONS_KEPT.contains(&reason.as_str()) || role.absences.contains_key(reason) {
                let sentence = format!("{reason:?} is counted by itself");
                found.push(Problem::told(
                    &path(&format!("reasons.{reason}")),
                    reason,
                    &sentence,
                    "another name",
                ));
            }
        }
        if let Some(senior) = &leaving.senior_posts {
            let here = path("senior_posts.role");
            must_be_known(&here, &senior.role, spec.staff.keys(), "role", found);
            if &senior.role == name || trainee_roles(spec).contains(&senior.role) {
                found.push(Problem::new(
                    &here,
                    &senior.role,
                    "a senior role of this service",
                ));
            }
            if senior.share.value() <= 0.0 {
                found.push(Problem::new(
                    &path("senior_posts.share"),
                    0.0,
                    "more than 0, to 1",
                ));
            }
        }
    }
}

/// Fewer people are away than at work.
pub fn absences_leave_people(spec: &Spec, found: &mut Vec<Problem>) {
    for (name, role) in &spec.staff {
        let away: f64 = role.absences.values().map(away_per_person_at_work).sum();
        if away > 1.0 {
            let sentence = format!("{away:.2} people would be absent for each at work");
            found.push(Problem::told(
                &format!("staff.{name}.absences"),
                away,
                &sentence,
                "at most 1 absent for each at work: starts a year x weeks / 52.18",
            ));
        }
        for kind in role
            .absences
            .keys()
            .filter(|kind| REASONS_KEPT.contains(&kind.as_str()))
        {
            let path = format!("staff.{name}.absences.{kind}");
            found.push(Problem::new(&path, kind, "another name"));
        }
    }
}

/// People away for each person at work, in the long run.
fn away_per_person_at_work(absence: &crate::scenario::staff::Absence) -> f64 {
    absence.starts_per_year.mean() * f64::from(absence.weeks) * 7.0 / 365.25
}

pub fn recruitment_is_possible(spec: &Spec, found: &mut Vec<Problem>) {
    let span = (spec.calendar.start, end(spec));
    for (name, role) in &spec.staff {
        let recruitment = &role.recruitment;
        let path = |field: &str| format!("staff.{name}.recruitment.{field}");
        let months = &recruitment.advert_months;
        if recruitment.advert_every_weeks.is_some() && !months.is_empty() {
            found.push(Problem::new(
                &format!("staff.{name}.recruitment"),
                "advert_every_weeks and advert_months",
                "at most one of them",
            ));
        }
        if months.windows(2).any(|pair| pair[0] >= pair[1]) {
            let value = format!("{months:?}");
            found.push(Problem::new(
                &path("advert_months"),
                value,
                "months in rising order",
            ));
        }
        let mut before: Option<Date> = None;
        for (index, freeze) in recruitment.freezes.iter().enumerate() {
            let here = path(&format!("freezes[{index}]"));
            days_are_possible(&here, Some(freeze.from), Some(freeze.to), span, found);
            if let Some(last) = before.filter(|&last| freeze.from <= last) {
                let expected = format!("after {last}, when the freeze before it ends");
                found.push(Problem::new(&format!("{here}.from"), freeze.from, expected));
            }
            before = Some(freeze.to);
        }
        if let Some(overtime) = &recruitment.overtime {
            days_are_possible(&path("overtime"), overtime.from, overtime.to, span, found);
        }
    }
}

/// Refuses a time that ends before it begins, or lies outside the plan.
fn days_are_possible(
    path: &str,
    from: Option<Date>,
    to: Option<Date>,
    (first, last): (Date, Date),
    found: &mut Vec<Problem>,
) {
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        let expected = format!("{from} or later, since it begins then");
        found.push(Problem::new(&format!("{path}.to"), to, expected));
    }
    if let Some(to) = to.filter(|&to| to < first) {
        let expected = format!("{first} or later, when the plan starts");
        found.push(Problem::new(&format!("{path}.to"), to, expected));
    }
    if let Some(from) = from.filter(|&from| from > last) {
        let expected = format!("{last} or earlier, when the plan ends");
        found.push(Problem::new(&format!("{path}.from"), from, expected));
    }
}

pub fn ratios_follow_roles(spec: &Spec, found: &mut Vec<Problem>) {
    for (name, role) in &spec.staff {
        let Some(ratio) = &role.ratio else {
            continue;
        };
        let here = format!("staff.{name}.ratio.of");
        for (index, other) in ratio.of.iter().enumerate() {
            let path = format!("{here}[{index}]");
            must_be_known(&path, other, spec.staff.keys(), "role", found);
            let follows = |role: &Role| role.ratio.is_some();
            if other == name || spec.staff.get(other).is_some_and(follows) {
                found.push(Problem::new(
                    &path,
                    other,
                    "a role that follows no ratio itself",
                ));
            }
            if ratio.of[..index].contains(other) {
                found.push(Problem::new(&path, other, "each role once"));
            }
        }
        let said = [
            ("in_post", role.in_post.mean() > 0.0),
            ("posts", role.posts.is_some()),
            ("posts_changes", !role.posts_changes.is_empty()),
            ("absences", !role.absences.is_empty()),
            ("leaving", role.leaving.is_some()),
        ];
        for (field, _) in said.iter().filter(|said| said.1) {
            let sentence = "the ratio says how many there are, and leavers are replaced at once";
            let path = format!("staff.{name}.{field}");
            let expected = if *field == "in_post" { "0" } else { "nothing" };
            found.push(Problem::told(&path, "", sentence, expected));
        }
    }
}

pub fn employers_pay(spec: &Spec, found: &mut Vec<Problem>) {
    for (name, role) in &spec.staff {
        let path = format!("staff.{name}.own_pay");
        match (role.employer, role.own_pay) {
            (Employer::Other, None) => found.push(Problem::told(
                &path,
                "",
                "missing: what does an employer outside the NHS pay?",
                "salary and on_cost_share",
            )),
            (Employer::Nhs, Some(_)) => found.push(Problem::told(
                &path,
                "",
                "the NHS pays by Agenda for Change",
                "nothing, or employer = \"other\"",
            )),
            _ => {}
        }
    }
}
