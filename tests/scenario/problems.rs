//! Every problem is reported at once, by path, with what is allowed and a guess at what was meant.

use std::time::{Duration, Instant};

use skillmix::error::{Error, Problem, ProblemKind};
use skillmix::project::{Horizon, project, project_draws};
use skillmix::scenario::Scenario;
use toml::Value;

use crate::common::{preset, toml};

const PACK: &str = "talking-therapies-2025";

#[track_caller]
fn problems(result: Result<Scenario, Error>) -> Vec<Problem> {
    match result {
        Err(Error::Scenario(problems)) => problems,
        other => panic!("no ScenarioError: {other:?}"),
    }
}

#[track_caller]
fn with(path: &str, value: &str) -> Vec<Problem> {
    problems(Scenario::preset(PACK).unwrap().with(path, toml(value)))
}

fn paths(problems: &[Problem]) -> Vec<&str> {
    problems
        .iter()
        .map(|problem| problem.path.as_str())
        .collect()
}

#[test]
fn all_problems_come_at_once() {
    let text = "schema = 1\npack = \"talking-therapies-2025\"\n\
        [staff.pwp]\nin_post = -2\nband = \"Band 5\"\nleavers = 0.1\n\
        [pathway.step3.cbt]\ndna = 12\nfollowup_minutes = \"75\"\n\
        [calendar]\nstart = \"2025-02-30\"\nweeks = 0\n";
    let found = problems(Scenario::from_toml(text));
    let mut paths = paths(&found);
    paths.sort_unstable();
    let expected = [
        "calendar.start",
        "calendar.weeks",
        "pathway.step3.cbt.dna",
        "pathway.step3.cbt.followup_minutes",
        "staff.pwp.band",
        "staff.pwp.in_post",
        "staff.pwp.leavers",
    ];
    assert_eq!(paths, expected);
    let all = Error::Scenario(found).to_string();
    assert!(
        all.starts_with("7 problems:") && all.contains("got -2, allowed: 0 to 100000"),
        "{all}"
    );
}

#[test]
fn problems_between_fields_come_at_once() {
    let found = problems(Scenario::preset(PACK).unwrap().with_all([
        ("staff.hit.job_plan.patients".to_string(), toml("30")),
        ("pathway.routes.signposted".to_string(), toml("0.2")),
        ("pathway.assessment.role".to_string(), toml("\"pwpp\"")),
        (
            "supervision.norms.case_management.supervisors".to_string(),
            toml("[\"pwp_senor\"]"),
        ),
        ("money.awards".to_string(), toml("{ \"2027\" = 0.03 }")),
    ]));
    let paths = paths(&found);
    for path in [
        "staff.hit.job_plan",
        "pathway.routes",
        "pathway.assessment.role",
        "supervision.norms.case_management.supervisors[0]",
        "money.awards.2027",
    ] {
        assert!(paths.contains(&path), "{path} in {paths:?}");
    }
    let guess = |path: &str| {
        found
            .iter()
            .find(|p| p.path == path)
            .unwrap()
            .suggestion
            .clone()
    };
    assert_eq!(guess("pathway.assessment.role").as_deref(), Some("pwp"));
    let supervisors = "supervision.norms.case_management.supervisors[0]";
    assert_eq!(guess(supervisors).as_deref(), Some("pwp_senior"));
}

/// A number written as a whole percentage, or as text, is not taken; what it may have meant is offered.
#[test]
fn a_guess_is_offered_and_never_taken() {
    for (path, value, guess) in [
        ("pathway.step3.cbt.dna", "12", "0.12"),
        ("pathway.step3.cbt.dna", "\"0,12\"", "0.12"),
        ("staff.pwp.in_post", "\"7.5\"", "7.5"),
        ("staff.pwp.in_post", "\"7,5\"", "7.5"),
        ("staff.pwp.band", "\"Band 5\"", "5"),
        ("staff.pwp.band", "\"8A\"", "8a"),
        ("staff.pwp.band", "\"5a\"", "5"),
        ("staff.pwp.band", "5", "5"),
        ("staff.pwp.pay_point", "\"mid\"", "middle"),
        ("calendar.kind", "\"England\"", "england"),
        ("pathway.step3.cbt.roles", "[\"HIT\"]", "hit"),
        (
            "pathway.step2.guided_self_help.step_up_to",
            "\"step3.CBT\"",
            "step3.cbt",
        ),
    ] {
        let found = with(path, value);
        assert_eq!(found.len(), 1, "{path} = {value}: {found:?}");
        assert_eq!(
            found[0].suggestion.as_deref(),
            Some(guess),
            "{path} = {value}: {}",
            found[0].message
        );
        assert!(found[0].message.contains(path), "{}", found[0].message);
    }
}

#[test]
fn unknown_bands_list_those_there_are() {
    for band in ["\"12\"", "\"Band five\"", "5.5", "\"5.5\"", "\"\"", "true"] {
        let found = with("staff.pwp.band", band);
        assert_eq!(paths(&found), ["staff.pwp.band"]);
        assert!(
            found[0].expected.contains("4, 5, 6, 7, 8a, 8b, 8c, 8d, 9"),
            "{}",
            found[0].expected
        );
    }
}

#[test]
fn misspelt_fields_and_packs_are_named() {
    let found = with("staff.pwp.leavers_per_yaer", "0.1");
    assert_eq!(found[0].suggestion.as_deref(), Some("leavers_per_year"));
    let found = with("refferals", "800");
    assert_eq!(paths(&found), ["refferals"]);
    let text = "schema = 1\npack = \"talking-therapies-2024\"";
    let found = problems(Scenario::from_toml(text));
    assert_eq!(
        (found[0].path.as_str(), found[0].suggestion.as_deref()),
        ("pack", Some(PACK))
    );
    let text = "schema = 1\npack = \"talking-therapies-2025\"\n[[training.intakes]]\n\
                course = \"pwp\"\nstart = 2025-05-01\ntrainess = 4\n";
    let found = problems(Scenario::from_toml(text));
    let mut both = paths(&found);
    both.sort_unstable();
    assert_eq!(
        both,
        [
            "training.intakes[0].trainees",
            "training.intakes[0].trainess"
        ],
        "unknown and missing"
    );
}

#[test]
fn versions() {
    for (head, word) in [
        ("", "missing"),
        ("schema = 99\n", "99"),
        ("schema = 0\n", "0"),
        ("schema = \"1\"\n", "1"),
        ("schema = 1.0\n", "1.0"),
    ] {
        let found = problems(Scenario::from_toml(&format!("{head}pack = \"blank\"\n")));
        assert_eq!(paths(&found), ["schema"]);
        assert!(
            found[0].message.contains(word) && found[0].message.contains("schema = 1"),
            "{head}"
        );
    }
    let found = problems(Scenario::from_toml("schema = 99\npack = \"blank\"\n"));
    assert_eq!(found[0].kind, ProblemKind::Version);
}

#[test]
fn dates() {
    for start in [
        "\"2025-02-30\"",
        "\"31/04/2025\"",
        "\"2025-13-01\"",
        "45000",
        "\"2025-4-1\"",
        "\"tomorrow\"",
        "\"\"",
    ] {
        assert_eq!(
            paths(&with("calendar.start", start)),
            ["calendar.start"],
            "{start}"
        );
    }
    // Off the calendar: the pay tables begin in April 2008, bank holidays are known to 2035.
    for start in [
        "\"2008-03-31\"",
        "\"1999-01-01\"",
        "\"2036-01-01\"",
        "\"9999-12-31\"",
    ] {
        assert_eq!(
            paths(&with("calendar.start", start)),
            ["calendar.start"],
            "{start}"
        );
    }
    let found = with("calendar.weeks", "600");
    assert_eq!(
        (found[0].path.as_str(), found[0].kind),
        ("calendar.weeks", ProblemKind::Limit)
    );
    // 1 April 2025 to 31 December 2035, both included, are 3,927 days: 561 weeks to the day.
    preset(PACK, &[("calendar.weeks", toml("561"))]);
    assert_eq!(paths(&with("calendar.weeks", "562")), ["calendar.weeks"]);
    assert!(
        found[0].message.contains("1 to 561"),
        "{}",
        found[0].message
    );
}

/// A date may be a TOML date too, also when it is set on its own.
#[test]
fn a_toml_date_is_a_date() {
    let date: toml::Table = toml::from_str("v = 2025-09-01").unwrap();
    let scenario = Scenario::preset(PACK)
        .unwrap()
        .with("calendar.start", date["v"].clone())
        .unwrap();
    assert_eq!(scenario.spec().calendar.start.to_string(), "2025-09-01");
    assert_eq!(
        scenario,
        preset(PACK, &[("calendar.start", toml("\"2025-09-01\""))])
    );
}

#[test]
fn horizons() {
    let scenario = Scenario::preset(PACK).unwrap();
    for horizon in [
        Horizon::Weeks(0),
        Horizon::Weeks(562),
        Horizon::Weeks(u32::MAX),
        Horizon::Years(0),
        Horizon::Years(11),
        Horizon::Years(u16::MAX),
    ] {
        let error = project(&scenario, horizon).unwrap_err();
        assert!(matches!(error, Error::Scenario(_)), "{horizon:?}: {error}");
    }
    project(&scenario, Horizon::Weeks(1)).unwrap();
    project(&scenario, Horizon::Weeks(561)).unwrap();
    assert_eq!(
        project(&scenario, Horizon::Years(2))
            .unwrap()
            .timetable()
            .weeks(),
        105
    );
    let stop = std::sync::atomic::AtomicBool::new(false);
    let unsure = preset(
        PACK,
        &[(
            "staff.pwp.in_post",
            toml("{ unsure = { uniform = [10, 20] } }"),
        )],
    );
    for draws in [0, 1_000_001, u32::MAX] {
        let error = project_draws(&unsure, Horizon::Weeks(1), draws, 1, &stop).unwrap_err();
        assert!(error.to_string().contains("draws"), "{error}");
    }
    let error = project_draws(&scenario, Horizon::Weeks(1), 10, 1, &stop).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("no number of this scenario is unsure"),
        "{error}"
    );
}

/// 10^12 referrals are refused as beyond a ceiling, in under 10 ms and with nothing allocated for them.
#[test]
fn ceilings_are_limits() {
    for (path, value) in [
        ("demand.rate", "{ referrals = 1e12, per = \"month\" }"),
        ("staff.pwp.in_post", "1e9"),
        ("waiting.assessment", "{ people = 1e12, longest_weeks = 3 }"),
        ("calendar.weeks", "1000000"),
    ] {
        let scenario = Scenario::preset(PACK).unwrap();
        let attempt = || {
            let begun = Instant::now();
            let found = problems(scenario.with(path, toml(value)));
            (begun.elapsed(), found)
        };
        let (_, found) = attempt();
        assert!(
            found.iter().all(|problem| problem.path.starts_with(path)),
            "{found:?}"
        );
        assert!(
            found
                .iter()
                .any(|problem| problem.kind == ProblemKind::Limit),
            "{path}: {found:?}"
        );
        let fastest = (0..20).map(|_| attempt().0).min().unwrap();
        // Without optimisation, and with other tests beside it, ten times as long.
        let most = Duration::from_millis(if cfg!(debug_assertions) { 100 } else { 10 });
        assert!(fastest < most, "{path}: {fastest:?}");
    }
}

/// What a pack states of a rate stays where only its number is said.
#[test]
fn a_rate_can_be_changed_alone() {
    let whole = preset(
        PACK,
        &[("demand.rate", toml("{ referrals = 500, per = \"year\" }"))],
    );
    let alone = Scenario::preset(PACK)
        .unwrap()
        .with("demand.rate.referrals", 500_i64)
        .unwrap();
    assert_eq!(alone.hash(), whole.hash());
    let text = format!("schema = 1\npack = {PACK:?}\ndemand.rate.referrals = 500\n");
    assert_eq!(Scenario::from_toml(&text).unwrap().hash(), whole.hash());
}

#[test]
fn fields_that_exclude_each_other_drop_each_other() {
    let scenario = preset(PACK, &[("staff.pwp.availability", toml("0.8"))]);
    let pwp = &scenario.spec().staff["pwp"];
    assert!(pwp.weeks_available.is_none() && pwp.availability.is_some());
    let back = scenario.with("staff.pwp.weeks_available", 41_i64).unwrap();
    assert!(back.spec().staff["pwp"].availability.is_none());
    let need = "{ people = 100000, prevalence = 0.17, access_rate = 0.25 }";
    let scenario = preset(PACK, &[("demand.need", toml(need))]);
    assert!(scenario.spec().demand.rate.is_none());
    let text = format!(
        "schema = 1\npack = {PACK:?}\n[staff.pwp]\navailability = 0.8\nweeks_available = 42\n"
    );
    assert_eq!(
        paths(&problems(Scenario::from_toml(&text))),
        ["staff.pwp"],
        "both at once are refused"
    );
}

#[test]
fn rules_between_fields() {
    for (path, value, named) in [
        ("pathway.step3.cbt.dna", "0.9", "pathway.step3.cbt"),
        ("pathway.routes.signposted", "0.5", "pathway.routes"),
        ("staff.pwp.job_plan.other", "1", "staff.pwp.job_plan"),
        (
            "staff.pwp_trainee.in_post",
            "3",
            "staff.pwp_trainee.in_post",
        ),
        (
            "staff.pwp.recruitment.from",
            "\"pwp\"",
            "staff.pwp.recruitment.from",
        ),
        (
            "demand.season",
            "[2,2,2,2,2,2,2,2,2,2,2,2]",
            "demand.season",
        ),
        (
            "training.courses.pwp.ramp",
            "[{ from_month = 2, share = 0.5 }]",
            "training.courses.pwp.ramp",
        ),
        (
            "training.courses.pwp.ramp",
            "[{ from_month = 1, share = 1.4 }]",
            "training.courses.pwp.ramp[0].share",
        ),
        (
            "waiting.step3.cbt",
            "{ people = 30 }",
            "waiting.step3.cbt.longest_weeks",
        ),
        (
            "waiting.step3.emdr",
            "{ people = 3, longest_weeks = 2 }",
            "waiting.step3.emdr",
        ),
        (
            "open_courses.step3.counselling",
            "[1,1,1,1,1,1,1,1,1,1]",
            "open_courses.step3.counselling",
        ),
        ("without", "[\"pathway.step2.group\"]", "without[0]"),
        (
            "training.intakes",
            "[{ course = \"pwp\", start = \"2024-01-01\", trainees = 1 }]",
            "training.intakes[0].start",
        ),
        (
            "training.intakes",
            "[{ course = \"pwp\", start = \"2035-01-01\", trainees = 1 }]",
            "training.intakes[0].start",
        ),
        (
            "training.intakes",
            "[{ course = \"hit\", start = \"2025-05-01\", trainees = 1, internal = 2 }]",
            "training.intakes[0].internal",
        ),
    ] {
        let found = with(path, value);
        assert!(
            paths(&found).contains(&named),
            "{path} = {value}: {found:?}"
        );
    }
}

#[test]
fn two_intakes_of_one_name_name_both() {
    let intake = "{ id = \"oct-25\", course = \"pwp\", start = \"2025-10-01\", trainees = 2 }";
    let found = with("training.intakes", &format!("[{intake}, {intake}]"));
    assert_eq!(paths(&found), ["training.intakes[1].id"]);
    assert!(found[0].message.contains("'oct-25'") || found[0].message.contains("\"oct-25\""));
    assert!(
        found[0].message.contains("training.intakes[0]"),
        "{}",
        found[0].message
    );
}

#[test]
fn a_pathway_without_a_way_out_is_refused() {
    let scenario = Scenario::preset(PACK).unwrap();
    let found = problems(scenario.with_all([
        (
            "pathway.step2.guided_self_help.step_up".to_string(),
            Value::Float(1.0),
        ),
        (
            "pathway.step2.guided_self_help.drop_out".to_string(),
            Value::Float(0.0),
        ),
        ("pathway.step3.cbt.step_down".to_string(), Value::Float(1.0)),
        ("pathway.step3.cbt.drop_out".to_string(), Value::Float(0.0)),
    ]));
    assert_eq!(paths(&found), ["pathway"]);
    let message = &found[0].message;
    assert!(
        message.contains("step2.guided_self_help") && message.contains("step3.cbt"),
        "{message}"
    );
}

/// Long values are shortened in what is said.
#[test]
fn a_long_value_is_shortened() {
    let found = with("staff.pwp.band", &format!("{:?}", "x".repeat(5000)));
    assert!(
        found[0].message.chars().count() < 300,
        "{}",
        found[0].message
    );
}

/// Kinds of supervision that nobody could give like this: field, value, place of the problem, what it says.
const CANNOT_BE_GIVEN: [[&str; 4]; 21] = [
    ["supervisees_per_supervisor.ratio", "0", "", "0.01 to 1000"],
    ["qualified_per_trainee.ratio", "-0.5", "", "0.01 to 1000"],
    ["case.group_size", "0.5", "", "1 to 100"],
    ["case.group_size", "2", "", "cases are reviewed one to one"],
    ["case.hours_per_week", "-1", "", "0 to 37.5"],
    [
        "case.supervisors",
        "[\"pwp_trainee\"]",
        "[0]",
        "trainees, who are supervised",
    ],
    [
        "case.supervisors",
        "[\"hit_leed\"]",
        "[0]",
        "did you mean hit_lead?",
    ],
    [
        "case.supervisors",
        "[\"hit\", \"hit\"]",
        "[1]",
        "stands there already",
    ],
    ["case.supervisors", "[]", "", "nobody gives it"],
    ["case.supervisees", "[\"pwpp\"]", "[0]", "did you mean pwp?"],
    [
        "case.given_by",
        "\"university\"",
        "case.supervisors",
        "the university gives it",
    ],
    [
        "case.given_by",
        "\"univerity\"",
        "",
        "did you mean university?",
    ],
    ["case.trained.hit", "1.5", "", "0 to 1"],
    ["case.trained", "{ hti = 0.5 }", ".hti", "did you mean hit?"],
    [
        "case.only_in",
        "\"step3.cbbt\"",
        "",
        "did you mean step3.cbt?",
    ],
    [
        "case.only_in",
        "\"step3.cbt\"",
        "case.supervisors[0]",
        "do not give",
    ],
    ["case.priority", "0", "", "1 to 100"],
    ["case.case_review.every_weeks", "0", "", "1 to 52"],
    ["case.case_review.minutes_per_case", "0", "", "1 to 600"],
    [
        "upwards.supervisees",
        "[\"hit\", \"hit_lead\"]",
        "[1]",
        "circular",
    ],
    [
        "upwards.supervisees",
        "[\"pwp\"]",
        "[0]",
        "give no supervision",
    ],
];

#[test]
fn supervision_that_cannot_be_given_is_refused() {
    let whole = |field: &str| {
        let field = field.replace("case.", "norms.case_management.");
        let field = field.replace("upwards.", "norms.supervision_of_supervision.");
        format!("supervision.{field}")
    };
    for [field, value, at, says] in CANNOT_BE_GIVEN {
        let at = if at.starts_with("case.") {
            whole(at)
        } else {
            whole(field) + at
        };
        let found = with(&whole(field), value);
        let mut here = found.iter().filter(|problem| problem.path == at);
        let told = here.any(|problem| problem.message.contains(says));
        assert!(told, "{field} = {value}: {at} in {found:?}");
    }
}

/// Two kinds that each supervise those who give the other.
#[test]
fn a_ring_of_supervision_of_supervision_is_refused() {
    let kind = |to: &str, by: &str| {
        format!(
            "{{ title = \"Upwards\", supervisees = [{to:?}], supervisors = [{by:?}], \
             hours_per_week = 0.5, group_size = 1, supervises_supervisors = true }}"
        )
    };
    let changes = [
        ("supervision.norms.up", kind("hit", "hit_lead")),
        ("supervision.norms.down", kind("hit_lead", "pwp_senior")),
        (
            "supervision.norms.supervision_of_supervision",
            kind("pwp_senior", "hit"),
        ),
    ];
    let changes = changes.map(|(path, kind)| (path.to_string(), toml(&kind)));
    let found = problems(Scenario::preset(PACK).unwrap().with_all(changes));
    let circular = found
        .iter()
        .filter(|problem| problem.message.contains("circular"));
    assert_eq!(circular.count(), 3, "{found:?}");
}
