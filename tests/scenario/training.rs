//! What is said of courses, intakes, places and short courses that do not fit?

use skillmix::error::{Error, Problem};
use skillmix::scenario::Scenario;

use crate::common::toml;

/// The problems of a preset with a field changed.
fn found(path: &str, value: &str) -> Vec<Problem> {
    let preset = Scenario::preset("talking-therapies-2025").unwrap();
    let start = ("calendar.start".to_string(), toml("2025-04-01"));
    let weeks = ("calendar.weeks".to_string(), toml("104"));
    let change = (path.to_string(), toml(value));
    match preset.with_all([start, weeks, change]) {
        Err(Error::Scenario(problems)) => problems,
        other => panic!("{path} = {value}: {other:?}"),
    }
}

#[test]
fn courses_that_cannot_be() {
    let course = "training.courses.pwp";
    for (path, value, named) in [
        ("ramp", "[{ from_month = 2, share = 0.5 }]", "ramp"),
        (
            "ramp",
            "[{ from_month = 1, share = 0 }, { from_month = 9, share = 1 }, { from_month = 4, share = 0.8 }]",
            "ramp",
        ),
        (
            "ramp",
            "[{ from_month = 1, share = 0 }, { from_month = 4, share = 1.4 }]",
            "ramp[1].share",
        ),
        ("gate_month", "13", "gate_month"),
        ("settling", "[{ from_month = 2, share = 1 }]", "settling"),
        (
            "settling",
            "[{ from_month = 1, share = 0.8 }]",
            "settling[0].share",
        ),
        ("clause", "{ months = 12 }", "clause"),
        (
            "clause",
            "{ months = 12, repay_pounds = 1, repay_share_of_fee = 0.5 }",
            "clause",
        ),
        (
            "routes.graduate.pass_first",
            "1.2",
            "routes.graduate.pass_first",
        ),
        (
            "routes.graduate",
            "{ title = \"G\", pass_first = 0.5, resit_pass = 0.5, resit_delay_months = 10, \
             resit_delays_award = false }",
            "routes.graduate.resit_delay_months",
        ),
    ] {
        let problems = found(&format!("{course}.{path}"), value);
        let paths: Vec<_> = problems
            .iter()
            .map(|problem| problem.path.clone())
            .collect();
        assert_eq!(paths, [format!("{course}.{named}")], "{path} = {value}");
    }
}

#[test]
fn an_intake_after_the_horizon_is_told_the_last_day() {
    let late = "[{ id = \"late\", course = \"pwp\", start = 2027-10-01, trainees = 6 }]";
    let [problem] = &found("training.intakes", late)[..] else {
        panic!("one problem");
    };
    assert_eq!(problem.path, "training.intakes[0].start");
    // 104 weeks from 1 April 2025 end on 29 March 2027.
    assert_eq!(
        problem.message,
        "training.intakes[0].start: the 6 pwp trainees of \"late\" start on 2027-10-01, after the plan ends; \
         the last day allowed is 2027-03-29, or more calendar.weeks"
    );
}

#[test]
fn names_that_an_intake_does_not_know_get_the_nearest() {
    for (intake, path, guess) in [
        ("course = \"pwpp\"", "training.intakes[0].course", "pwp"),
        (
            "course = \"pwp\", route = \"graduates\"",
            "training.intakes[0].route",
            "graduate",
        ),
    ] {
        let intake = format!("[{{ {intake}, start = 2025-10-01, trainees = 6 }}]");
        let [problem] = &found("training.intakes", &intake)[..] else {
            panic!("one problem");
        };
        assert_eq!(
            (problem.path.as_str(), problem.suggestion.as_deref()),
            (path, Some(guess))
        );
    }
}

/// Places at two universities, and intakes that take them.
fn with_places(intakes: &str) -> Result<Scenario, Error> {
    let places = "[{ at = \"Exeter\", course = \"pwp\", start = \"2025-10\", places = 6 }, \
         { at = \"Reading\", course = \"pwp\", start = \"2026-01-12\", places = 4 }]";
    Scenario::preset("talking-therapies-2025")
        .unwrap()
        .with_all([
            ("calendar.start".to_string(), toml("2025-04-01")),
            ("calendar.weeks".to_string(), toml("104")),
            ("training.places".to_string(), toml(places)),
            ("training.intakes".to_string(), toml(intakes)),
        ])
}

#[test]
fn no_university_is_sent_more_than_it_has_places_for() {
    let fits = "[{ course = \"pwp\", start = 2025-10-01, trainees = 4, at = \"Exeter\" }, \
         { course = \"pwp\", start = 2025-10-20, trainees = 2, at = \"Exeter\" }, \
         { course = \"pwp\", start = 2025-10-20, trainees = 9 }, \
         { course = \"hit\", start = 2025-10-20, trainees = 9, at = \"Exeter\" }, \
         { course = \"pwp\", start = 2024-10-01, trainees = 9, at = \"Exeter\" }]";
    assert!(with_places(fits).is_ok(), "{:?}", with_places(fits).err());
    for (intakes, path, words) in [
        (
            "[{ course = \"pwp\", start = 2025-10-01, trainees = 4, at = \"Exeter\" }, \
             { id = \"b\", course = \"pwp\", start = 2025-10-20, trainees = 3, at = \"Exeter\" }]",
            "training.intakes[1].trainees",
            "the 3 pwp trainees of \"b\" and those before them take 7 places, Exeter has 6 in training.places[0]",
        ),
        (
            "[{ course = \"pwp\", start = 2025-10-01, trainees = 4, at = \"Reading\" }]",
            "training.intakes[0].start",
            "Reading has no pwp places on 2025-10-01",
        ),
        (
            "[{ course = \"pwp\", start = 2025-10-01, trainees = 4, at = \"Exter\" }]",
            "training.intakes[0].at",
            "no university with pwp places \"Exter\"; did you mean Exeter?",
        ),
    ] {
        let Err(Error::Scenario(problems)) = with_places(intakes) else {
            panic!("{intakes} is taken");
        };
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].path, path);
        assert!(
            problems[0].message.ends_with(words),
            "{}",
            problems[0].message
        );
    }
}

#[test]
fn places_are_stated_once() {
    for (places, path) in [
        (
            "[{ at = \"A\", course = \"pwp\", start = \"2025-10\", places = 6 }, \
             { at = \"A\", course = \"pwp\", start = \"2025-10-06\", places = 2 }]",
            "training.places[1]",
        ),
        (
            "[{ at = \"A\", course = \"pwp\", start = \"autumn\", places = 6 }]",
            "training.places[0].start",
        ),
        (
            "[{ at = \"A\", course = \"pwd\", start = \"2025-10\", places = 6 }]",
            "training.places[0].course",
        ),
    ] {
        let problems = found("training.places", places);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].path, path);
    }
    let twice = "[{ at = \"A\", course = \"pwp\", start = \"2025-10\", places = 6 }, \
         { at = \"A\", course = \"pwp\", start = \"2025-10\", places = 6 }]";
    let message = &found("training.places", twice)[0].message;
    assert!(
        message.contains("already in training.places[0]"),
        "{message}"
    );
}

#[test]
fn attendances_that_do_not_fit() {
    let good = "course = \"supervisor_low_intensity\", role = \"pwp\", people = 3, \
         start = 2025-06-02, weeks = 1";
    for (from, to, path) in [
        ("supervisor_low_intensity", "supervisor_low", "course"),
        ("\"pwp\"", "\"counsellor\"", "role"),
        ("\"pwp\"", "\"pwp_trainee\"", "role"),
        ("2025-06-02", "2025-03-31", "start"),
        ("2025-06-02", "2027-03-30", "start"),
        ("supervisor_low_intensity", "conversion", "role"),
    ] {
        let attendance = format!("[{{ {} }}]", good.replace(from, to));
        let path = format!("training.attendances[0].{path}");
        let problems = found("training.attendances", &attendance);
        assert!(
            problems.iter().any(|problem| problem.path == path),
            "{problems:?}"
        );
    }
    let short = good
        .replace("supervisor_low_intensity", "conversion")
        .replace("pwp", "counsellor");
    let problems = found("training.attendances", &format!("[{{ {short} }}]"));
    let [problem] = &problems[..] else {
        panic!("{problems:?}")
    };
    assert_eq!(problem.path, "training.attendances[0].weeks");
    assert_eq!(problem.expected, "5 or more, since the course has 25 days");
}
