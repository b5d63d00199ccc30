use super::Options;
use crate::error::{Error, Problem, ProblemKind};
use crate::record::asked::{MOST_REPLICATIONS, check_numbers};
use crate::scenario::Scenario;

const PACK: &str = "talking-therapies-2025";

fn service(changes: &[(&str, &str)]) -> Scenario {
    let typed = changes.iter().map(|&(path, value)| {
        let mut table: toml::Table = toml::from_str(&format!("v = {value}")).unwrap();
        (path.to_string(), table.remove("v").unwrap())
    });
    let staffed = [
        ("staff.pwp.in_post", "10"),
        ("staff.hit.in_post", "10"),
        ("demand.rate", "{ referrals = 400, per = \"month\" }"),
    ];
    let staffed = staffed.map(|(path, value)| {
        let mut table: toml::Table = toml::from_str(&format!("v = {value}")).unwrap();
        (path.to_string(), table.remove("v").unwrap())
    });
    let start = Scenario::preset(PACK).unwrap().with_all(staffed).unwrap();
    start.with_all(typed).unwrap()
}

fn problems(options: &Options, scenario: &Scenario, weeks: usize) -> Vec<Problem> {
    match options.check(scenario, weeks) {
        Ok(()) => Vec::new(),
        Err(Error::Scenario(problems)) => problems,
        Err(other) => panic!("{other}"),
    }
}

#[track_caller]
fn one(options: &Options, scenario: &Scenario, weeks: usize) -> Problem {
    let mut found = problems(options, scenario, weeks);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn a_whole_service_can_be_simulated() {
    assert_eq!(problems(&Options::default(), &service(&[]), 52), []);
}

/// 10^9 replications of 12 months: one f64 a month and measure of each is 8 x 12 x measures GB.
#[test]
fn numbers_beyond_the_ceiling_name_the_memory() {
    let Err(Error::Scenario(found)) = check_numbers(1_000_000_000, Some(0), 12) else {
        panic!("taken");
    };
    assert_eq!(found[0].path, "replications");
    assert_eq!(found[0].kind, ProblemKind::Limit);
    let gigabytes = 8 * 12 * crate::record::measure::MEASURES.len();
    let memory = format!("would take {gigabytes} GB");
    assert!(found[0].message.contains(&memory), "{}", found[0]);
    assert_eq!(
        (found[1].path.as_str(), found[1].value.as_str()),
        ("threads", "0")
    );
    assert!(check_numbers(0, None, 12).is_err());
    assert!(check_numbers(MOST_REPLICATIONS, Some(64), 12).is_ok());
}

#[test]
fn without_a_clinician_nothing_is_run() {
    let nobody = [
        ("staff.pwp.in_post", "0"),
        ("staff.hit.in_post", "0"),
        ("staff.counsellor.in_post", "0"),
        ("staff.pwp_senior.in_post", "0"),
        ("staff.hit_lead.in_post", "0"),
    ];
    let scenario = service(&nobody);
    let found = one(&Options::default(), &scenario, 52);
    assert_eq!(found.path, "staff");
    assert!(found.message.contains("no clinician"), "{found}");
    // Posts that will be filled are somebody.
    let posts = [("staff.pwp.posts", "4"), ("staff.hit.posts", "4")];
    let policy = ("staff.pwp.recruitment.policy", "\"to_posts\"");
    let hiring: Vec<_> = nobody.into_iter().chain(posts).chain([policy]).collect();
    assert_eq!(problems(&Options::default(), &service(&hiring), 52), []);
}

#[test]
fn open_courses_need_somebody() {
    let scenario = service(&[
        ("staff.counsellor.in_post", "0"),
        ("open_courses.step3.counselling", "[0, 20, 10]"),
        ("pathway.step3.counselling.roles", "[\"counsellor\"]"),
    ]);
    let found = one(&Options::default(), &scenario, 52);
    assert_eq!(found.path, "open_courses.step3.counselling");
    assert!(found.message.contains("30 people"), "{found}");
}

/// Twelve sessions two weeks apart take (12 - 1) x 2 + 1 = 23 weeks.
#[test]
fn not_even_the_shortest_course_fits_the_run() {
    let path = "pathway.step3.cbt";
    let scenario = service(&[
        ("pathway.step3.cbt.sessions", "12"),
        ("pathway.step3.cbt.interval_weeks", "2"),
    ]);
    let found = problems(&Options::default(), &scenario, 22);
    let said = found
        .iter()
        .find(|found| found.path == format!("{path}.sessions"));
    assert!(said.unwrap().message.contains("takes 23 weeks"));
    assert!(
        problems(&Options::default(), &scenario, 23)
            .iter()
            .all(|found| !found.path.starts_with(path))
    );
    let scenario = service(&[
        ("staff.hit.slots", "50"),
        ("pathway.step3.cbt.duration_weeks", "30"),
    ]);
    let found = problems(&Options::default(), &scenario, 26);
    assert!(
        found
            .iter()
            .any(|found| found.path == format!("{path}.duration_weeks"))
    );
}

#[test]
fn lists_have_a_ceiling() {
    let scenario = service(&[(
        "waiting.assessment",
        "{ people = 2000000, longest_weeks = 10 }",
    )]);
    let found = one(&Options::default(), &scenario, 52);
    assert_eq!(
        (found.path.as_str(), found.kind),
        ("waiting", ProblemKind::Limit)
    );
    assert!(found.message.contains("0.1 GB"), "{found}");
}

/// Five million referrals a month, each with an assessment at least.
#[test]
fn a_log_has_a_ceiling() {
    let rate = ("demand.rate", "{ referrals = 5000000, per = \"month\" }");
    let options = Options {
        log: true,
        ..Options::default()
    };
    let found = one(&options, &service(&[rate]), 52);
    assert_eq!(
        (found.path.as_str(), found.kind),
        ("log", ProblemKind::Limit)
    );
    assert!(found.message.contains("GB"), "{found}");
    assert_eq!(
        problems(&Options::default(), &service(&[rate]), 52),
        [],
        "without a log"
    );
    assert_eq!(problems(&options, &service(&[]), 52), []);
}

#[test]
fn a_treatment_is_given_in_places_or_in_hours() {
    let mixed = service(&[
        ("staff.hit.slots", "20.0"),
        ("pathway.step3.cbt.roles", "[\"hit\", \"counsellor\"]"),
    ]);
    let found = one(&Options::default(), &mixed, 52);
    assert_eq!(found.path, "pathway.step3.cbt.roles");
    let said = "\"hit\" has places and \"counsellor\" has hours";
    assert!(found.message.contains(said), "{found}");
}
