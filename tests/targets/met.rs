//! A plan is run again, and its figures are held against what was asked, outside the search.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use skillmix::error::Error;
use skillmix::project::{Horizon, project};
use skillmix::targets::TargetPlan;
use toml::Value;

use crate::common::{assert_close, changed, column, figures, preset, toml};
use crate::{all, frozen, places, to};

/// Values of a column of the plan's scenario, run anew, in the months from one to the end of the window.
fn again(plan: &TargetPlan, name: &str, from: &str) -> Vec<f64> {
    let run = project(plan.scenario(), Horizon::Scenario).unwrap();
    let monthly = run.table("monthly").unwrap();
    let first = monthly
        .texts("month")
        .iter()
        .position(|m| m == from)
        .unwrap();
    let rows = plan.table("targets").unwrap().len();
    column(&monthly, name)[first..first + rows].to_vec()
}

fn most(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

#[test]
fn waits_and_lists_are_met_and_kept() {
    let service = frozen(26.0, 500.0);
    for (asked, column, limit) in [
        ("step3_wait_weeks = 12", "wait_step3_weeks", 12.0),
        ("waiting_step3 = 450", "waiting_step3", 450.0),
        // 500 for CBT; nobody waits for counselling on the first day.
        ("hold = \"step3\"", "waiting_step3", 500.0),
    ] {
        let plan = to(&service, &format!("{asked}\nby = \"2027-03\"")).unwrap();
        assert!(plan.met());
        let found = again(&plan, column, "2027-03");
        // To December 2028: the last of three autumns qualifies in October.
        assert_eq!(found.len(), 22);
        assert!(most(&found) <= limit + 1e-9, "{asked}: {found:?}");
        let before = figures(plan.before(), "monthly", column);
        assert!(most(&before[23..45]) > limit, "{asked}: met without a plan");
    }
}

#[test]
fn courses_and_treatments_are_met() {
    let service = frozen(24.0, 300.0);
    let plan = to(&service, "completed_courses = 1050\nby = \"2027-06\"").unwrap();
    let run = project(plan.scenario(), Horizon::Scenario).unwrap();
    let quarterly = run.table("quarterly").unwrap();
    let first = quarterly
        .texts("quarter")
        .iter()
        .position(|q| q == "2027/28 Q1")
        .unwrap();
    let finishers = &column(&quarterly, "finishers")[first..first + 7];
    assert!(
        finishers.iter().all(|count| *count >= 1050.0),
        "{finishers:?}"
    );
    let one = to(&service, "[completed_courses]\n\"2027/28 Q3\" = 1100").unwrap();
    let found = figures(one.run(), "quarterly", "finishers")[10];
    assert!(found >= 1100.0, "{found}");

    // 40,000 people of whom 20 % are in need: 30 % of 8,000 are 2,400 first treatments a year.
    let need = changed(
        &service,
        &[(
            "demand.need",
            toml("{ people = 40000, prevalence = 0.2, access_rate = 0.25 }"),
        )],
    );
    let plan = to(&need, "access_rate = 0.3\nby = \"2026-10\"").unwrap();
    let treated = again_sum(&plan, "first_treatments", "2026-10");
    assert!(treated >= 2400.0, "{treated}");
}

fn again_sum(plan: &TargetPlan, name: &str, from: &str) -> f64 {
    let run = project(plan.scenario(), Horizon::Scenario).unwrap();
    let monthly = run.table("monthly").unwrap();
    let first = monthly
        .texts("month")
        .iter()
        .position(|m| m == from)
        .unwrap();
    column(&monthly, name)[first..first + 12].iter().sum()
}

#[test]
fn lists_of_assessments_and_step_2_are_met() {
    let service = preset(
        "talking-therapies-2025",
        &[
            ("staff.pwp.in_post", Value::Float(20.0)),
            (
                "waiting.assessment",
                toml("{ people = 900, longest_weeks = 6 }"),
            ),
        ],
    );
    for asked in [
        "assessment_wait_weeks = 2",
        "within_6_weeks = 0.9",
        "clear = \"assessment\"",
    ] {
        let plan = to(&service, &format!("{asked}\nby = \"2027-06\"")).unwrap();
        assert!(all(&plan) > 0.0, "{asked}");
        let table = plan.table("targets").unwrap();
        assert!(
            column(&table, "met").iter().all(|met| *met == 1.0),
            "{asked}"
        );
        let words = plan.words().join(" ");
        assert!(words.contains("PWP training"), "{words}");
    }
}

/// No place and no post can be left out.
#[test]
fn the_plan_is_the_smallest_of_its_kind() {
    let plan = to(
        &frozen(26.0, 500.0),
        "step3_wait_weeks = 12\nby = \"2027-03\"",
    )
    .unwrap();
    let intakes = plan.scenario().spec().training.intakes.len();
    assert!(intakes > 0);
    for index in 0..intakes {
        let path = format!("training.intakes[{index}].trainees");
        let one = plan.scenario().spec().training.intakes[index]
            .trainees
            .mean()
            - 1.0;
        let fewer = plan.scenario().with(&path, one).unwrap();
        let waits = figures(
            &project(&fewer, Horizon::Scenario).unwrap(),
            "monthly",
            "wait_step3_weeks",
        );
        assert!(most(&waits[23..45]) > 12.0, "one fewer in intake {index}");
    }
}

#[test]
fn places_are_for_growth_leavers_or_progression() {
    let asked = "step3_wait_weeks = 10\nby = \"2027-06\"\ninternal_share = 0.5";
    // With 18 PWPs for work for 23 nobody can move without being replaced.
    let service = changed(
        &frozen(25.0, 500.0),
        &[("staff.pwp.in_post", Value::Float(18.0))],
    );
    let plan = to(&service, asked).unwrap();
    let table = plan.table("places").unwrap();
    let of = |name: &str| column(&table, name);
    for row in 0..table.len() {
        let parts =
            of("growth")[row] + of("replacing_leavers")[row] + of("replacing_progression")[row];
        assert_close(parts, of("places")[row], 1e-9);
        assert!(of("internal")[row] <= of("places")[row]);
    }
    // One in twenty trainees leaves the course: exp(-0.05) of each PWP place replaces one who moved.
    let internal: u32 = plan.places().iter().map(|place| place.internal).sum();
    let pwp: u32 = places(&plan, "pwp").iter().sum();
    assert!(internal > 0);
    let least = f64::from(internal) / (-0.05_f64).exp();
    assert!(
        (least..least + 1.0).contains(&f64::from(pwp)),
        "{pwp} for {internal}"
    );

    // With 40 PWPs there are more than enough: those who move are not replaced.
    let service = changed(&service, &[("staff.pwp.in_post", Value::Float(40.0))]);
    let plan = to(&service, asked).unwrap();
    assert!(plan.places().iter().any(|place| place.internal > 0));
    assert_eq!(places(&plan, "pwp"), [0, 0, 0]);
}

#[test]
fn added_cost_is_the_difference_of_two_runs() {
    let plan = to(
        &frozen(26.0, 500.0),
        "step3_wait_weeks = 12\nby = \"2027-03\"",
    )
    .unwrap();
    let sum = |values: Vec<f64>| values.iter().sum::<f64>();
    let added = sum(column(&plan.table("cost").unwrap(), "pounds_added"));
    let difference =
        sum(figures(plan.run(), "cost", "pounds")) - sum(figures(plan.before(), "cost", "pounds"));
    assert!(
        (added - difference).abs() < 1e-6,
        "{added} for {difference}"
    );
    assert!(added > 0.0);
}

/// A shorter wait, a shorter list or more courses never take fewer places and posts.
#[test]
fn a_stricter_target_takes_no_fewer_places() {
    let weaker = [18.0, 14.0, 12.0, 11.0, 9.0, 7.0];
    for (service, levers) in [
        (frozen(26.0, 500.0), "[\"training\"]"),
        (frozen(23.0, 350.0), "[\"training\", \"recruitment\"]"),
    ] {
        let mut before = 0.0;
        for weeks in weaker {
            let asked =
                format!("step3_wait_weeks = {weeks:?}\nby = \"2027-06\"\nlevers = {levers}");
            let number = all(&to(&service, &asked).unwrap());
            assert!(number >= before, "{weeks} weeks: {number} after {before}");
            before = number;
        }
    }
}

/// Whatever is asked of whatever service: either the run meets it, or the error names a rule.
#[test]
fn every_answer_is_met_or_says_why_not() {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, b"targets that are met or refused.");
    let config = Config {
        cases: 8,
        failure_persistence: None,
        ..Config::default()
    };
    let asked = (
        18.0..32.0_f64,
        100.0..800.0_f64,
        4.0..20.0_f64,
        0_usize..4,
        0_usize..3,
    );
    TestRunner::new_with_rng(config, rng)
        .run(&asked, |(hit, waiting, weeks, by, levers)| {
            let service = changed(
                &frozen(hit, waiting),
                &[(
                    "staff.hit.recruitment.policy",
                    toml(["\"frozen\"", "\"to_posts\""][by % 2]),
                )],
            );
            let by = ["2026-02", "2026-10", "2027-05", "2028-03"][by];
            let levers = [
                "[\"training\"]",
                "[\"recruitment\"]",
                "[\"training\", \"recruitment\"]",
            ][levers];
            let asked = format!("step3_wait_weeks = {weeks:?}\nby = {by:?}\nlevers = {levers}");
            match to(&service, &asked) {
                Ok(plan) => {
                    let worst = most(&again(&plan, "wait_step3_weeks", by));
                    prop_assert!(worst <= weeks + 1e-6, "{worst} weeks for {weeks}");
                }
                Err(Error::Infeasible { best, rule, .. }) => {
                    prop_assert!(!best.is_empty() && !rule.is_empty());
                }
                Err(other) => prop_assert!(false, "{other}"),
            }
            Ok(())
        })
        .unwrap();
}
