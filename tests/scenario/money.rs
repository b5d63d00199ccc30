//! Bad money: refused by its path, with the nearest name or year.

use skillmix::error::{Error, Problem};
use skillmix::scenario::Scenario;

use crate::common::{preset, toml};

#[track_caller]
fn found(changes: &[(&str, &str)]) -> Vec<Problem> {
    let base = preset(
        "talking-therapies-2025",
        &[
            ("calendar.start", toml("2025-04-01")),
            ("calendar.weeks", toml("105")),
        ],
    );
    let changes = changes
        .iter()
        .map(|(path, value)| ((*path).to_string(), toml(value)));
    match base.with_all(changes) {
        Err(Error::Scenario(problems)) => problems,
        other => panic!(
            "no ScenarioError: {:?}",
            other.map(|s: Scenario| s.to_toml())
        ),
    }
}

#[track_caller]
fn only(path: &str, value: &str) -> Problem {
    let mut problems = found(&[(path, value)]);
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems.remove(0)
}

#[test]
fn a_budget_is_for_a_year_of_the_horizon() {
    let problem = only("money.budget", "{ \"2031/32\" = 100 }");
    assert_eq!(problem.path, "money.budget.2031/32");
    assert_eq!(problem.suggestion.as_deref(), Some("2027/28"));
    assert!(
        problem.message.contains("2025/26, 2026/27, 2027/28"),
        "{}",
        problem.message
    );
    let problem = only(
        "money.budget_by_payer",
        "{ \"2019/20\" = { service = 100 } }",
    );
    assert_eq!(problem.suggestion.as_deref(), Some("2025/26"));
    let problem = only("money.budget", "{ \"2026/7\" = 100 }");
    assert_eq!(problem.suggestion.as_deref(), Some("2026/27"));
    let problem = only(
        "money.budget_by_payer",
        "{ \"2026/27\" = { servise = 100 } }",
    );
    assert_eq!(problem.suggestion.as_deref(), Some("service"));
}

#[test]
fn shares_of_payers_and_sites_are_one_whole() {
    let problem = only("staff.pwp.payers", "{ service = 0.6, other = 0.3 }");
    assert_eq!(problem.path, "staff.pwp.payers");
    assert!(problem.message.contains("must be 1"), "{}", problem.message);
    let site = "{ title = \"North\", rooms = 4, hours_per_week = 40, pounds_per_year = 1, share_of_sessions = 0.9 }";
    assert_eq!(only("money.sites.north", site).path, "money.sites");
    let problem = only("money.payers.pay", "\"comissioner\"");
    assert_eq!(problem.suggestion.as_deref(), Some("commissioner"));
}

#[test]
fn purchases_and_lines_name_what_there_is() {
    let bought = |treatment: &str, from: &str, to: &str| {
        format!(
            "{{ title = \"Elsewhere\", treatment = {treatment:?}, starts_per_month = 10, from = {from:?}, \
             to = {to:?}, price_per_start = 700 }}"
        )
    };
    let path = "money.bought.elsewhere";
    let problem = only(path, &bought("step3.cbtt", "2025-05-01", "2025-07-31"));
    assert_eq!(problem.path, "money.bought.elsewhere.treatment");
    assert_eq!(problem.suggestion.as_deref(), Some("step3.cbt"));
    let problem = only(path, &bought("step3.cbt", "2025-07-31", "2025-05-01"));
    assert_eq!(problem.path, "money.bought.elsewhere.to");
    let problem = only(path, &bought("step3.cbt", "2035-01-01", "2035-05-01"));
    assert_eq!(problem.path, "money.bought.elsewhere.from");
    let line = |more: &str| format!("{{ title = \"Line\", pounds = 10, {more} }}");
    for (name, more, at) in [
        ("salary", "per = \"year\"", "money.lines.salary"),
        (
            "a",
            "per = \"wte\", roles = [\"pwpp\"]",
            "money.lines.a.roles[0]",
        ),
        (
            "a",
            "per = \"year\", roles = [\"pwp\"]",
            "money.lines.a.roles",
        ),
        (
            "a",
            "per = \"wte\", treatments = [\"step3.cbt\"]",
            "money.lines.a.treatments",
        ),
        (
            "a",
            "per = \"session\", treatments = [\"cbt\"]",
            "money.lines.a.treatments[0]",
        ),
        ("a", "per = \"room\"", "money.lines.a.per"),
        (
            "a",
            "per = \"year\", from = \"2025-07-01\", to = \"2025-06-30\"",
            "money.lines.a.to",
        ),
    ] {
        assert_eq!(
            only(&format!("money.lines.{name}"), &line(more)).path,
            at,
            "{more}"
        );
    }
    let problem = only(
        "money.lines.a",
        "{ title = \"Line\", pounds = -10, per = \"year\" }",
    );
    assert_eq!(problem.path, "money.lines.a.pounds");
}

#[test]
fn pay_points_are_those_of_the_band() {
    let steps = |steps: &str| {
        found(&[
            ("staff.pwp.pay_point", "\"steps\""),
            ("staff.pwp.steps", steps),
        ])
        .remove(0)
        .path
    };
    assert_eq!(steps("[]"), "staff.pwp.steps");
    assert_eq!(
        steps("[{ wte = 1, point = 4 }]"),
        "staff.pwp.steps[0].point"
    );
    assert_eq!(
        steps("[{ wte = 1, point = 1 }]"),
        "staff.pwp.steps[0].next_step"
    );
    // Two years from the entry of band 5 to its middle, so the step is not in 2028.
    let far = "[{ wte = 1, point = 1, next_step = \"2028-01-01\" }]";
    assert_eq!(steps(far), "staff.pwp.steps[0].next_step");
    let past = "[{ wte = 1, point = 1, next_step = \"2025-04-01\" }]";
    assert_eq!(steps(past), "staff.pwp.steps[0].next_step");
    let unasked = "[{ wte = 1, point = 3 }]";
    assert_eq!(only("staff.pwp.steps", unasked).path, "staff.pwp.steps");
    assert_eq!(
        only("staff.pwp.band", "\"8e\"").suggestion.as_deref(),
        Some("8a")
    );
}

#[test]
fn all_money_problems_come_at_once() {
    let problems = found(&[
        ("money.budget", "{ \"1999/00\" = 1 }"),
        ("staff.hit.payers", "{ national = 0.5 }"),
        (
            "money.value",
            "{ pounds_per_person = 1, years = 0, discount = 0.035 }",
        ),
    ]);
    // A field out of bounds is found before fields are held against each other.
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].path, "money.value.years");
    let problems = found(&[
        ("money.budget", "{ \"1999/00\" = 1 }"),
        ("staff.hit.payers", "{ national = 0.5 }"),
    ]);
    assert_eq!(problems.len(), 2);
}
