use super::{Question, Study, value_of_information};
use crate::error::Result;
use crate::outcome::{evaluate, place};
use crate::scenario::Scenario;
use crate::scenario::worlds::Worlds;
use crate::sensitivity::Objective;
use crate::timetable::Horizon;

const PWP: &str = "staff.pwp.leavers_per_year";
const REFERRALS: &str = "demand.rate.referrals";

fn scenario() -> Scenario {
    let text = r#"
        schema = 1
        pack = "talking-therapies-2025"
        [demand]
        rate = { referrals = { unsure = { uniform = [9000, 13000] } }, per = "year" }
        [staff.pwp]
        leavers_per_year = { unsure = { triangular = [0.1, 0.2, 0.5] } }
    "#;
    Scenario::from_toml(text).unwrap()
}

fn options() -> Vec<(String, Scenario)> {
    let ours = scenario();
    let more = ours.with("staff.hit.posts", 40.0).unwrap();
    let more = more.with("staff.hit.in_post", 40.0).unwrap();
    vec![("as now".into(), ours), ("more HITs".into(), more)]
}

fn question() -> Question {
    Question {
        objectives: vec![
            Objective::NetBenefit {
                value_per_recovery: 2000.0,
            },
            Objective::outcome("waiting").unwrap(),
        ],
        horizon: Horizon::Weeks(104),
        draws: 400,
        seed: 3,
        groups: vec![("both".into(), vec![PWP.into(), REFERRALS.into()])],
    }
}

fn asked(options: &[(String, Scenario)], question: &Question) -> Result<Study> {
    value_of_information(options, question, &false.into())
}

fn refused(options: &[(String, Scenario)], question: &Question) -> String {
    asked(options, question).unwrap_err().to_string()
}

/// The net benefit of a world by hand from the outcomes of a scenario that states what was drawn there.
#[test]
fn options_are_run_in_the_same_worlds() {
    let study = asked(&options(), &question()).unwrap();
    let worlds = study.worlds_table();
    assert_eq!(worlds.len(), 400);
    let (referrals, leavers) = (worlds.numbers(REFERRALS)[7], worlds.numbers(PWP)[7]);
    for (label, scenario) in options() {
        let stated = scenario
            .with(REFERRALS, referrals)
            .and_then(|s| s.with(PWP, leavers))
            .unwrap();
        let world = Worlds::given(&stated, &[], &[vec![]]).unwrap();
        let found = evaluate(&stated, Horizon::Weeks(104), &world, &false.into()).unwrap()[0];
        let of = |name: &str| found[place(name).unwrap()];
        let wanted = 2000.0 * of("recovered") - of("cost");
        let ours = worlds.numbers(&format!("net_benefit: {label}"))[7];
        assert!(
            (ours - wanted).abs() < 1e-9 * wanted.abs(),
            "{ours} {wanted}"
        );
        let ours = worlds.numbers(&format!("waiting: {label}"))[7];
        assert!((ours - of("waiting")).abs() < 1e-9 * ours);
    }
}

/// From the worlds themselves: the mean of the better option less the better mean; nobody can gain more than that.
#[test]
fn everything_is_worth_most() {
    let study = asked(&options(), &question()).unwrap();
    let worlds = study.worlds_table();
    for (objective, more_is_better) in [("net_benefit", true), ("waiting", false)] {
        let list = |label: &str| worlds.numbers(&format!("{objective}: {label}"));
        let (now, more) = (list("as now"), list("more HITs"));
        let better = |a: f64, b: f64| if more_is_better { a.max(b) } else { a.min(b) };
        let mean = |list: &[f64]| list.iter().sum::<f64>() / 400.0;
        let each: Vec<f64> = now.iter().zip(more).map(|(&a, &b)| better(a, b)).collect();
        let wanted = (mean(&each) - better(mean(now), mean(more))).abs();
        let value = study.value_table();
        let rows: Vec<usize> = (0..value.len())
            .filter(|&row| value.texts("objective")[row] == objective)
            .collect();
        let findings: Vec<&str> = rows
            .iter()
            .map(|&r| value.texts("finding")[r].as_str())
            .collect();
        assert_eq!(findings[0], "everything");
        assert_eq!(findings.len(), 4);
        let worth: Vec<f64> = rows
            .iter()
            .map(|&row| value.numbers("worth")[row])
            .collect();
        assert!(
            (worth[0] - wanted).abs() < 1e-6 * wanted.max(1.0),
            "{worth:?} {wanted}"
        );
        assert!(worth[1..].windows(2).all(|pair| pair[0] >= pair[1]));
        assert!(worth[1] <= worth[0], "{worth:?}");
    }
    // Both numbers are all that is unsure: the group is worth what everything is.
    let value = study.value_table();
    let both = value
        .texts("finding")
        .iter()
        .position(|name| name == "both")
        .unwrap();
    let share = value.numbers("share")[both];
    assert!(
        (0.9..1.1).contains(&share) || value.numbers("worth")[0] < 1.0,
        "{share}"
    );
}

#[test]
fn one_option_twice_leaves_nothing_to_decide() {
    let ours = scenario();
    let twice = [("a".to_string(), ours.clone()), ("b".to_string(), ours)];
    let study = asked(&twice, &question()).unwrap();
    assert!(
        study
            .value_table()
            .numbers("worth")
            .iter()
            .all(|&worth| worth == 0.0)
    );
    let chances = study.options_table().numbers("chance_best").to_vec();
    assert_eq!(chances, [0.5; 4]);
}

#[test]
fn what_is_wrong_is_told_all_at_once() {
    let mut wrong = question();
    wrong.draws = 50;
    wrong.objectives[0] = Objective::NetBenefit {
        value_per_recovery: -1.0,
    };
    let said = refused(&options()[..1], &wrong);
    for part in [
        "options: got 1 option, allowed: 2 to 50: with one there is nothing to decide",
        "draws: got 50, allowed: at least 200 for the regression",
        "value_per_recovery: got -1, allowed: 0 to 10000000",
    ] {
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn groups_name_what_is_unsure() {
    let mut wrong = question();
    wrong.groups = vec![
        ("everything".into(), vec![PWP.into(), PWP.into()]),
        ("staff".into(), vec!["staff.pwp.leavers_per_yea".into()]),
        ("nobody".into(), vec![]),
    ];
    let said = refused(&options(), &wrong);
    for part in [
        "groups.everything: the name stands for something else",
        "groups.everything[1]: stands twice",
        "groups.staff[0]: not unsure here; did you mean staff.pwp.leavers_per_year?",
        "groups.nobody: got 0 paths",
    ] {
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn options_that_spread_a_number_otherwise_are_refused() {
    let mut two = options();
    let wider: toml::Value = toml::toml!(unsure = { uniform = [8000, 14000] }).into();
    two[1].1 = two[1].1.with(REFERRALS, wider).unwrap();
    let said = refused(&two, &question());
    assert!(
        said.contains("demand.rate.referrals: spread otherwise"),
        "{said}"
    );
}

/// An option may state a number that is unsure elsewhere: it is known there, and drawn for the others.
#[test]
fn what_is_unsure_in_some_options_only_counts_for_those() {
    let mut two = options();
    two[1].1 = two[1].1.with(PWP, 0.2).unwrap();
    let study = asked(&two, &question()).unwrap();
    assert_eq!(study.worlds_table().numbers(PWP).len(), 400);
}
