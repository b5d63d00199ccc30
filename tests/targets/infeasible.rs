//! What cannot be had is refused with the best that can, and with the rule that binds.

use skillmix::error::Error;
use skillmix::targets::{Targets, attempt};
use toml::Value;

use crate::common::{changed, column, toml};
use crate::{frozen, places, to};

fn refused(scenario: &skillmix::Scenario, asked: &str) -> (String, String) {
    match to(scenario, asked) {
        Err(Error::Infeasible { best, rule, .. }) => (best, rule),
        Err(other) => panic!("{other}"),
        Ok(plan) => panic!("met: {:?}", plan.words()),
    }
}

#[test]
fn too_few_places() {
    let service = frozen(24.0, 600.0);
    let asked = "step3_wait_weeks = 8\nby = \"2027-03\"\nmost_places = { hit = 2 }";
    let (best, rule) = refused(&service, asked);
    assert_eq!(
        rule,
        "at most 2 places of High-intensity training in an autumn"
    );
    assert!(best.contains("weeks in "), "{best}");
    let targets = Targets::from_toml(&service, asked).unwrap();
    let found = attempt(&service, &targets).unwrap();
    assert!(!found.plan.met());
    assert_eq!(places(&found.plan, "hit"), [2, 2, 2]);
    assert!(column(&found.plan.table("targets").unwrap(), "met").contains(&0.0));
}

#[test]
fn universities_are_full() {
    let service = changed(
        &frozen(24.0, 600.0),
        &[(
            "training.places",
            toml(
                r#"[{ at = "North", course = "hit", start = "2025-10", places = 2 },
                    { at = "South", course = "hit", start = "2025-10", places = 1 }]"#,
            ),
        )],
    );
    let asked = "step3_wait_weeks = 8\nby = \"2027-03\"";
    let (_, rule) = refused(&service, asked);
    assert!(
        rule.starts_with("the universities have 3, 0, 0 places"),
        "{rule}"
    );
    let targets = Targets::from_toml(&service, asked).unwrap();
    let plan = attempt(&service, &targets).unwrap().plan;
    let intakes = &plan.scenario().spec().training.intakes;
    let there: Vec<_> = intakes
        .iter()
        .map(|i| (i.at.as_deref(), i.trainees.mean()))
        .collect();
    assert_eq!(there, [(Some("North"), 2.0), (Some("South"), 1.0)]);
}

#[test]
fn more_courses_than_are_referred() {
    // 11,736 referrals x 0.375 finishers are about 4,400 a year, 1,100 a quarter.
    let (best, rule) = refused(
        &frozen(28.0, 100.0),
        "completed_courses = 2000\nby = \"2027-06\"",
    );
    assert!(rule.starts_with("demand:"), "{rule}");
    let reached = best
        .split(' ')
        .next()
        .unwrap()
        .replace(',', "")
        .parse::<f64>()
        .unwrap();
    assert!((1000.0..1250.0).contains(&reached), "{best}");
}

#[test]
fn nobody_is_there_in_time() {
    let service = frozen(22.0, 700.0);
    let asked = "step3_wait_weeks = 12\nby = \"2025-09\"\nconditions = false";
    let (best, rule) = refused(&service, asked);
    assert!(
        rule.starts_with("time: trainees who start on 2025-10-01"),
        "{rule}"
    );
    // The earliest month from which it can be had is named, and the plan has it.
    assert!(best.starts_with("the same from "), "{best}");
    let targets = Targets::from_toml(&service, asked).unwrap();
    let plan = attempt(&service, &targets).unwrap().plan;
    let table = plan.table("targets").unwrap();
    let met = column(&table, "met");
    let first = met.iter().position(|met| *met == 1.0).unwrap();
    assert!(
        first > 0 && met[first..].iter().all(|met| *met == 1.0),
        "{met:?}"
    );
    let month = skillmix::measures::month_in_words(&table.texts("period")[first]);
    assert!(
        best.starts_with(&format!("the same from {month} on with ")),
        "{best}"
    );
    let (_, rule) = refused(&service, &format!("{asked}\nlevers = \"recruitment\""));
    assert!(
        rule.starts_with("nobody more can be trained or recruited"),
        "{rule}"
    );
}

#[test]
fn the_budget_binds() {
    let service = frozen(26.0, 500.0);
    let (best, rule) = refused(
        &service,
        "step3_wait_weeks = 12\nby = \"2027-03\"\nbudget = 200000",
    );
    assert!(
        rule.starts_with("the budget of 200,000 pounds a year"),
        "{rule}"
    );
    assert!(best.contains("trainee"), "{best}");
    let rich = to(
        &service,
        "step3_wait_weeks = 12\nby = \"2027-03\"\nbudget = 2000000",
    );
    assert!(rich.is_ok());
}

/// Nobody may give more than an hour a week: thirty therapists, each owed an hour, have none left for trainees.
#[test]
fn supervision_binds() {
    let service = changed(
        &frozen(26.0, 500.0),
        &[("supervision.most_hours_per_wte", Value::Float(1.0))],
    );
    let asked = "step3_wait_weeks = 4\nby = \"2027-03\"\nlevers = \"training\"";
    let (best, rule) = refused(&service, asked);
    assert!(rule.starts_with("supervision: "), "{rule}");
    assert!(
        best.contains("trainee") || best.contains("nobody"),
        "{best}"
    );
    let free = to(&service, &format!("{asked}\nconditions = false"));
    assert!(free.is_ok());
}

#[test]
#[allow(clippy::too_many_lines)] // a list of what may be wrong
fn bad_targets_are_refused_together() {
    let service = frozen(26.0, 500.0);
    for (asked, path, said) in [
        (
            "step3_wait = 12\nby = \"2026-10\"",
            "to.step3_wait",
            "did you mean step3_wait_weeks?",
        ),
        ("step3_wait_weeks = 12", "to.by", "missing"),
        (
            "step3_wait_weeks = 12\nby = \"2024-10\"",
            "to.by",
            "from 2025-04 to 2030-03",
        ),
        (
            "step3_wait_weeks = 12\nby = \"2031-10\"",
            "to.by",
            "from 2025-04 to 2030-03",
        ),
        (
            "step3_wait_weeks = 12\nby = \"2026-13\"",
            "to.by",
            "a month or a date",
        ),
        (
            "step3_wait_weeks = nan\nby = \"2026-10\"",
            "to.step3_wait_weeks",
            "0 to 520",
        ),
        (
            "step3_wait_weeks = -1\nby = \"2026-10\"",
            "to.step3_wait_weeks",
            "0 to 520",
        ),
        (
            "within_6_weeks = 75\nby = \"2026-10\"",
            "to.within_6_weeks",
            "did you mean 0.75?",
        ),
        (
            "access_rate = 0.3\nby = \"2026-10\"",
            "to.access_rate",
            "needs demand.need",
        ),
        (
            "first_treatments = 3000\nby = \"2029-10\"",
            "to.by",
            "twelve months",
        ),
        (
            "hold = \"step33\"\nby = \"2026-10\"",
            "to.hold",
            "did you mean step3?",
        ),
        (
            "hold = \"step3\"\nby = \"2026-10\"\nlevers = [\"trainig\"]",
            "to.levers",
            "did you mean training?",
        ),
        (
            "hold = \"step3\"\nby = \"2026-10\"\nlevers = []",
            "to.levers",
            "none",
        ),
        (
            "hold = \"step3\"\nby = \"2026-10\"\nautumns = 1.5",
            "to.autumns",
            "whole number",
        ),
        (
            "hold = \"step3\"\nby = \"2026-10\"\ncourse_start = \"02-30\"",
            "to.course_start",
            "a month and a day",
        ),
        (
            "hold = \"step3\"\nby = \"2026-10\"\nmost_places = { hitt = 2 }",
            "to.most_places.hitt",
            "did you mean hit?",
        ),
        (
            "hold = \"step3\"\nby = \"2026-10\"\nbudget = \"much\"",
            "to.budget",
            "pounds",
        ),
        (
            "[completed_courses]\n\"2027-Q1\" = 900",
            "to.completed_courses.2027-Q1",
            "Q1 is April to June",
        ),
        ("levers = \"training\"\nby = \"2026-10\"", "to", "no target"),
    ] {
        let Err(Error::Scenario(problems)) = to(&service, asked) else {
            panic!("{asked}: not refused");
        };
        let found = problems.iter().find(|problem| problem.path == path);
        let found = found.unwrap_or_else(|| panic!("{asked}: {problems:?}"));
        assert!(found.message.contains(said), "{asked}: {}", found.message);
    }
    let Err(Error::Scenario(problems)) = to(&service, "hold = \"x\"\nclear = \"y\"\nbudget = -1")
    else {
        panic!("not refused");
    };
    let paths: Vec<_> = problems
        .iter()
        .map(|problem| problem.path.as_str())
        .collect();
    assert_eq!(paths, ["to.by", "to.hold", "to.clear", "to.budget"]);
}
