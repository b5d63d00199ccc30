//! What is drawn stays possible: no draw gives a negative number of people, or none at all.

use std::sync::atomic::AtomicBool;

use proptest::prelude::*;
use skillmix::design::Design;
use skillmix::project::{Horizon, project_draws};
use skillmix::scenario::Scenario;
use skillmix::scenario::worlds::Worlds;

use crate::common::{Service, changed, close, preset, run, toml};
use crate::services::service;

fn bands_are_possible(scenario: &Scenario) {
    let run = project_draws(scenario, Horizon::Scenario, 200, 1, &AtomicBool::new(false)).unwrap();
    let bands = run.table("bands").unwrap();
    let (months, measures) = (bands.texts("month"), bands.texts("measure"));
    for name in ["mean", "p025", "p05", "p25", "p50", "p75", "p95", "p975"] {
        for (row, &value) in bands.numbers(name).iter().enumerate() {
            let fine = !value.is_nan() && value >= -1e-9;
            assert!(
                fine,
                "{name} of {} in {}: {value}",
                measures[row], months[row]
            );
        }
    }
}

/// Shares that fit by their means need not fit in every draw: all three high at once is more than all.
#[test]
fn booking_shares_that_can_exceed_the_whole() {
    let high = toml("{ unsure = { uniform = [0.0, 0.6] } }");
    let path = "pathway.step3.cbt";
    let scenario = Scenario::preset("talking-therapies-2025")
        .unwrap()
        .with_all([
            ("calendar.weeks".to_string(), toml("26")),
            (format!("{path}.dna"), high.clone()),
            (format!("{path}.patient_cancel"), high.clone()),
            (format!("{path}.provider_cancel"), high),
        ]);
    // Refused, or possible in every draw.
    match scenario {
        Ok(scenario) => bands_are_possible(&scenario),
        Err(error) => assert!(error.to_string().contains(path), "{error}"),
    }
}

/// Stepped up and stepped down, both high at once.
#[test]
fn steps_that_can_exceed_the_whole() {
    let high = toml("{ unsure = { uniform = [0.0, 1.0] } }");
    let path = "pathway.step3.cbt";
    let scenario = Scenario::preset("talking-therapies-2025")
        .unwrap()
        .with_all([
            ("calendar.weeks".to_string(), toml("26")),
            (format!("{path}.step_down"), high.clone()),
            (format!("{path}.step_up"), high),
            (format!("{path}.step_up_to"), toml("\"step3.counselling\"")),
        ]);
    match scenario {
        Ok(scenario) => bands_are_possible(&scenario),
        Err(error) => assert!(error.to_string().contains(path), "{error}"),
    }
}

/// More internal trainees than trainees in some draws.
#[test]
fn trainees_from_inside_beyond_all_trainees() {
    let intake = "[{ course = \"hit\", start = 2025-05-12, \
                  trainees = { unsure = { uniform = [0.0, 4.0] } }, \
                  internal = { unsure = { uniform = [0.0, 4.0] } } }]";
    let scenario = Scenario::preset("talking-therapies-2025")
        .unwrap()
        .with_all([
            ("calendar.weeks".to_string(), toml("26")),
            ("training.intakes".to_string(), toml(intake)),
        ]);
    match scenario {
        Ok(scenario) => bands_are_possible(&scenario),
        Err(error) => assert!(
            error.to_string().contains("training.intakes[0].internal"),
            "{error}"
        ),
    }
}

/// A draw at its mean is the expected run: all mass in one place.
#[test]
fn a_spread_of_nothing_is_the_expected_run() {
    let weeks = ("calendar.weeks", toml("26"));
    let fixed = preset("talking-therapies-2025", std::slice::from_ref(&weeks));
    let pwps = fixed.spec().staff["pwp"].in_post.mean();
    let nothing = toml(&format!(
        "{{ unsure = {{ pert = [{pwps:?}, {pwps:?}, {pwps:?}] }} }}"
    ));
    let spread = preset(
        "talking-therapies-2025",
        &[weeks, ("staff.pwp.in_post", nothing)],
    );
    let draws = project_draws(&spread, Horizon::Scenario, 20, 3, &AtomicBool::new(false)).unwrap();
    let bands = draws.table("bands").unwrap();
    let monthly = run(&fixed).table("monthly").unwrap();
    for (row, measure) in bands.texts("measure").iter().enumerate() {
        let month = &bands.texts("month")[row];
        let of_month = monthly
            .texts("month")
            .iter()
            .position(|other| other == month)
            .unwrap();
        let expected = monthly.numbers(measure)[of_month];
        for name in ["mean", "p05", "p95"] {
            let drawn = bands.numbers(name)[row];
            let same = close(drawn, expected, 1e-12);
            assert!(
                same,
                "{name} of {measure} in {month}: {drawn} for {expected}"
            );
        }
    }
}

/// What is carried into every lane: lists, open courses, routes, bookable hours, sessions that differ.
#[test]
fn every_kind_of_unsure_number_reaches_the_weeks() {
    let unsure = preset(
        "talking-therapies-2025",
        &[
            ("calendar.weeks", toml("39")),
            (
                "waiting.assessment",
                toml(
                    "{ people = { unsure = { uniform = [100, 900] } }, \
              longest_weeks = { unsure = { uniform = [2, 12] } } }",
                ),
            ),
            (
                "waiting.step3.cbt",
                toml(
                    "{ weeks = [{ unsure = { uniform = [10, 90] } }, 30, 20], \
              weeks_since_referral = [4, { unsure = { uniform = [2, 30] } }, 9] }",
                ),
            ),
            (
                "waiting.first_treated_within_6_weeks",
                toml("{ unsure = { beta = { mean = 0.7, sd = 0.1 } } }"),
            ),
            (
                "open_courses.step3.cbt",
                toml("[9, { unsure = { poisson = { mean = 30 } } }, 12]"),
            ),
            (
                "pathway.routes.step3.cbt",
                toml("{ unsure = { uniform = [0.1, 0.4] } }"),
            ),
            (
                "pathway.routes.declined",
                toml("{ unsure = { uniform = [0.1, 0.3] } }"),
            ),
            (
                "pathway.step3.cbt.sessions",
                toml(
                    "{ varies = { family = \"gamma\", sd = 4, \
              mean = { unsure = { normal = { mean = 9, sd = 1 } } } } }",
                ),
            ),
            (
                "staff.hit.job_plan.patients",
                toml("{ unsure = { pert = [18, 22, 26] } }"),
            ),
            (
                "staff.pwp.leavers_per_year",
                toml("{ unsure = { lognormal = { q05 = 0.1, q95 = 0.4 } } }"),
            ),
        ],
    );
    for seed in 0..5 {
        let drawn = Worlds::drawn(&unsure, Design::Sobol, 1, seed)
            .unwrap()
            .draw(0)
            .to_vec();
        let world = unsure.in_world(&drawn).unwrap();
        assert!(world.unsure().is_empty());
        let routes: f64 = world.spec().pathway.routes.sum(&[]);
        assert!(close(routes, 1.0, 1e-12));
        assert_eq!(
            Scenario::from_toml(&world.to_toml()).unwrap().hash(),
            world.hash()
        );
        let given = Worlds::given(
            &unsure,
            &unsure
                .unsure()
                .iter()
                .map(|field| field.path.clone())
                .collect::<Vec<_>>(),
            std::slice::from_ref(&drawn),
        );
        let lanes = skillmix::outcome::evaluate(
            &unsure,
            Horizon::Scenario,
            &given.unwrap(),
            &AtomicBool::new(false),
        )
        .unwrap();
        let none = Worlds::drawn(&world, Design::Random, 1, 1).unwrap();
        let stop = AtomicBool::new(false);
        let alone = skillmix::outcome::evaluate(&world, Horizon::Scenario, &none, &stop).unwrap();
        for (place, outcome) in skillmix::outcome::OUTCOMES.iter().enumerate() {
            let (drawn, own) = (lanes[0][place], alone[0][place]);
            let same = close(drawn, own, 1e-9) || (drawn.is_nan() && own.is_nan());
            assert!(same, "{}: {drawn} for {own}", outcome.name);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(20_261_122), ..ProptestConfig::with_cases(40) })]

    /// Worlds are computed side by side, and none knows of the others: the first draw is the run of a
    /// service with the drawn numbers written down.
    #[test]
    fn a_draw_is_the_run_of_its_own_world(Service(scenario) in service(), seed in any::<u64>()) {
        let unsure = changed(&scenario, &[
            ("demand.growth_per_year", toml("{ unsure = { uniform = [-0.2, 0.2] } }")),
            ("staff.hit.in_post", toml("{ unsure = { triangular = [5.0, 20.0, 30.0] } }")),
            ("pathway.opt_in.share", toml("{ unsure = { pert = [0.4, 0.7, 0.9] } }")),
            ("pathway.step2.guided_self_help.drop_out", toml("{ unsure = { uniform = [0.1, 0.5] } }")),
        ]);
        let drawn = Worlds::drawn(&unsure, Design::Random, 1, seed).unwrap().draw(0).to_vec();
        let written = unsure.in_world(&drawn).unwrap();
        let stop = AtomicBool::new(false);
        let bands = project_draws(&unsure, Horizon::Scenario, 1, seed, &stop).unwrap();
        let bands = bands.table("bands").unwrap();
        let monthly = run(&written).table("monthly").unwrap();
        let (months, measures) = (bands.texts("month"), bands.texts("measure"));
        for (row, &drawn) in bands.numbers("mean").iter().enumerate() {
            let month = monthly.texts("month").iter().position(|month| *month == months[row]).unwrap();
            let own = monthly.numbers(&measures[row])[month];
            let same = close(drawn, own, 1e-9) || (drawn - own).abs() < 1e-9;
            prop_assert!(same, "{} in {}: {drawn} for {own}", measures[row], months[row]);
        }
    }
}
