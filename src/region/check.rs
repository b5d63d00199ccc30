//! Do the parts of a region fit each other? One small check a question; all problems are reported.

use std::collections::{BTreeMap, BTreeSet};

use super::spec::AllocationRule;
use super::{Region, RegionSpec};
use crate::calendar::{CalendarKind, financial_year_label};
use crate::error::{Problem, nearest};
use crate::measures::number;

/// All problems between the parts.
pub fn problems(region: &Region) -> Vec<Problem> {
    let mut found = Vec::new();
    for check in [
        there_are_services,
        names_differ,
        calendars_agree,
        groups_name_services,
        places_fit,
        weights_fit,
        stated_trainees_have_places,
        budgets_name_years,
    ] {
        check(region, &mut found);
    }
    found
}

fn names(region: &Region) -> Vec<&str> {
    region.services().map(|(name, _)| name).collect()
}

fn must_be_service(region: &Region, path: &str, name: &str, found: &mut Vec<Problem>) {
    let known = names(region);
    if !known.contains(&name) {
        let sentence = format!("no service {name:?}");
        let problem = Problem::told(path, name, &sentence, known.join(", "));
        found.push(problem.suggest(nearest(name, known)));
    }
}

fn there_are_services(region: &Region, found: &mut Vec<Problem>) {
    if region.spec().services.is_empty() {
        let sentence = "a region without services has nothing to add up";
        found.push(Problem::told(
            "services",
            "none",
            sentence,
            "at least one service",
        ));
    }
}

/// Names that differ only in their letters' case are one name to a reader.
fn names_differ(region: &Region, found: &mut Vec<Problem>) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (name, _) in region.services() {
        if let Some(other) = seen.insert(name.to_lowercase(), name) {
            let sentence = format!("the same name as {other:?}, but for its letters' case");
            let path = format!("services.{name}");
            found.push(Problem::told(&path, name, &sentence, "a name of its own"));
        }
    }
}

fn calendars_agree(region: &Region, found: &mut Vec<Problem>) {
    let mut services = region.services();
    let Some((first, scenario)) = services.next() else {
        return;
    };
    let ours = &scenario.spec().calendar;
    for (name, scenario) in services {
        let theirs = &scenario.spec().calendar;
        let mut differs = |field: &str, value: String, expected: String| {
            if value != expected {
                let path = format!("services.{name}.calendar.{field}");
                let expected = format!("{expected}, as in {first}: weeks are added up");
                found.push(Problem::new(&path, value, expected));
            }
        };
        differs("start", theirs.start.to_string(), ours.start.to_string());
        differs("weeks", theirs.weeks.to_string(), ours.weeks.to_string());
        let kind = |kind: CalendarKind| format!("{kind:?}").to_lowercase();
        differs("kind", kind(theirs.kind.into()), kind(ours.kind.into()));
    }
}

fn groups_name_services(region: &Region, found: &mut Vec<Problem>) {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for (group, members) in &region.spec().groups {
        for (index, member) in members.iter().enumerate() {
            let path = format!("groups.{group}[{index}]");
            must_be_service(region, &path, member, found);
            if let Some(other) = seen.insert(member, group) {
                let sentence = format!("{member:?} is in the group {other:?} already");
                found.push(Problem::told(
                    &path,
                    member,
                    &sentence,
                    "one group a service",
                ));
            }
        }
    }
}

fn places_fit(region: &Region, found: &mut Vec<Problem>) {
    let courses: BTreeSet<&str> = region
        .services()
        .flat_map(|(_, scenario)| scenario.spec().training.courses.keys())
        .map(String::as_str)
        .collect();
    let Some((_, scenario)) = region.services().next() else {
        return;
    };
    let calendar = &scenario.spec().calendar;
    let days = i64::from(calendar.weeks) * 7 - 1;
    let last = (calendar.start).saturating_add(jiff::Span::new().days(days));
    for (index, places) in region.spec().places.iter().enumerate() {
        let path = format!("places[{index}]");
        let course = places.course.as_str();
        if !courses.contains(course) {
            let known: Vec<&str> = courses.iter().copied().collect();
            let sentence = format!("no service has a course {course:?}");
            let here = format!("{path}.course");
            let problem = Problem::told(&here, course, &sentence, known.join(", "));
            found.push(problem.suggest(nearest(course, known)));
        }
        if places.start < calendar.start || places.start > last {
            let expected = format!(
                "{} to {last}; who trains already is an intake of a service",
                calendar.start
            );
            found.push(Problem::new(
                &format!("{path}.start"),
                places.start,
                expected,
            ));
        }
        let mut seen = BTreeSet::new();
        for (place, service) in places.services.iter().enumerate() {
            let here = format!("{path}.services[{place}]");
            must_be_service(region, &here, service, found);
            if !seen.insert(service) {
                let sentence = format!("{service:?} stands here already");
                found.push(Problem::told(
                    &here,
                    service,
                    &sentence,
                    "each service once",
                ));
            }
        }
    }
}

fn weights_fit(region: &Region, found: &mut Vec<Problem>) {
    let RegionSpec { allocation, .. } = region.spec();
    let rule = allocation.rule;
    for name in allocation.weights.keys() {
        let path = format!("allocation.weights.{name}");
        must_be_service(region, &path, name, found);
    }
    let by_weight = matches!(rule, AllocationRule::ByPopulation | AllocationRule::ByShare);
    if !by_weight {
        if !allocation.weights.is_empty() {
            let sentence = format!("not used by the rule {}", rule.name());
            let expected = "weights with by_population or by_share only";
            found.push(Problem::told("allocation.weights", "", &sentence, expected));
        }
        return;
    }
    let missing: Vec<&str> = names(region)
        .into_iter()
        .filter(|&name| !allocation.weights.contains_key(name))
        .collect();
    if !missing.is_empty() {
        let sentence = format!("nothing is said of {}", missing.join(", "));
        let expected = "a number for each service";
        found.push(Problem::told("allocation.weights", "", &sentence, expected));
        return;
    }
    let sum: f64 = allocation.weights.values().map(|weight| weight.0).sum();
    let share = rule == AllocationRule::ByShare;
    if (share && (sum - 1.0).abs() > 1e-9) || sum <= 0.0 {
        let expected = if share {
            "shares that sum to 1"
        } else {
            "people in some service"
        };
        let sentence = format!("the weights sum to {sum}, allowed: {expected}");
        found.push(Problem::told(
            "allocation.weights",
            sum,
            &sentence,
            expected,
        ));
    }
}

/// Where intakes are stated, they may not take more places than there are.
fn stated_trainees_have_places(region: &Region, found: &mut Vec<Problem>) {
    let spec = region.spec();
    if spec.allocation.rule != AllocationRule::Stated {
        return;
    }
    for (index, places) in spec.places.iter().enumerate() {
        let taken: Vec<(&str, f64)> = names(region)
            .into_iter()
            .enumerate()
            .map(|(service, name)| (name, region.stated_on(index, service)))
            .filter(|(_, heads)| *heads > 0.0)
            .collect();
        let sum: f64 = taken.iter().map(|(_, heads)| heads).sum();
        if sum > f64::from(places.places) * (1.0 + 1e-9) {
            let each = taken
                .iter()
                .map(|(name, heads)| format!("{name} {}", number(*heads)));
            let sentence = format!(
                "{} trainees are stated ({}), there are {} places",
                number(sum),
                each.collect::<Vec<_>>().join(", "),
                places.places
            );
            let path = format!("places[{index}].places");
            let expected = format!("at least {}", number(sum));
            found.push(Problem::told(&path, places.places, &sentence, expected));
        }
    }
    for (service, (name, scenario)) in region.services().enumerate() {
        let begin = scenario.spec().calendar.start;
        for (index, intake) in scenario.spec().training.intakes.iter().enumerate() {
            let shared = (0..spec.places.len()).any(|row| {
                spec.places[row].course == intake.course && region.may_send(row, service)
            });
            if shared && intake.start >= begin && region.row_of(service, intake).is_none() {
                let sentence = format!(
                    "no places of the region for {} from {}{}",
                    intake.course,
                    intake.start,
                    intake
                        .at
                        .as_ref()
                        .map_or(String::new(), |at| format!(" at {at}"))
                );
                let path = format!("services.{name}.training.intakes[{index}]");
                let expected = "course, start and university of places of the region";
                found.push(Problem::told(&path, intake.start, &sentence, expected));
            }
        }
    }
}

fn budgets_name_years(region: &Region, found: &mut Vec<Problem>) {
    let mut seen = BTreeSet::new();
    for (index, budget) in region.spec().budget.iter().enumerate() {
        let path = format!("budget[{index}].year");
        let first = budget
            .year
            .split('/')
            .next()
            .and_then(|year| year.parse().ok());
        if first.map(financial_year_label).as_ref() != Some(&budget.year) {
            let expected = "a financial year, as 2025/26";
            found.push(Problem::new(&path, format!("{:?}", budget.year), expected));
        }
        let roles: BTreeSet<&str> = region
            .services()
            .flat_map(|(_, scenario)| scenario.spec().staff.keys())
            .map(String::as_str)
            .collect();
        for (place, role) in budget.roles.iter().enumerate() {
            if !roles.contains(role.as_str()) {
                let known: Vec<&str> = roles.iter().copied().collect();
                let here = format!("budget[{index}].roles[{place}]");
                let sentence = format!("no service has a role {role:?}");
                let problem = Problem::told(&here, role, &sentence, known.join(", "));
                found.push(problem.suggest(nearest(role, known)));
            }
        }
        if !seen.insert((&budget.year, budget.payer, &budget.roles)) {
            let sentence = format!(
                "the money of {} in {} stands here already",
                budget.payer.name(),
                budget.year
            );
            found.push(Problem::told(
                &path,
                &budget.year,
                &sentence,
                "one row a year, payer and roles",
            ));
        }
    }
}
