//! What is drawn stays possible: no draw gives a negative number of people, or none at all.

use std::sync::atomic::AtomicBool;

use skillmix::project::{Horizon, project_draws};
use skillmix::scenario::Scenario;

use crate::common::{preset, toml};

fn bands_are_possible(scenario: &Scenario) {
    let run = project_draws(scenario, Horizon::Scenario, 200, 1, &AtomicBool::new(false)).unwrap();
    let bands = run.table("bands").unwrap();
    let (months, measures) = (bands.texts("month"), bands.texts("measure"));
    for name in ["mean", "p025", "p05", "p25", "p50", "p75", "p95", "p975"] {
        for (row, &value) in bands.numbers(name).iter().enumerate() {
            let fine = !value.is_nan() && value >= -1e-9;
            assert!(fine, "{name} of {} in {}: {value}", measures[row], months[row]);
        }
    }
}

/// Shares that fit by their means need not fit in every draw: all three high at once is more than all.
#[test]
fn booking_shares_that_can_exceed_the_whole() {
    let high = toml("{ unsure = { uniform = [0.0, 0.6] } }");
    let path = "pathway.step3.cbt";
    let scenario = Scenario::preset("talking-therapies-2025").unwrap().with_all([
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
    let scenario = Scenario::preset("talking-therapies-2025").unwrap().with_all([
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
    let scenario = Scenario::preset("talking-therapies-2025").unwrap().with_all([
        ("calendar.weeks".to_string(), toml("26")),
        ("training.intakes".to_string(), toml(intake)),
    ]);
    match scenario {
        Ok(scenario) => bands_are_possible(&scenario),
        Err(error) => assert!(error.to_string().contains("training.intakes[0].internal"), "{error}"),
    }
}

/// A draw at its mean is the expected run: all mass in one place.
#[test]
fn a_spread_of_nothing_is_the_expected_run() {
    let weeks = ("calendar.weeks", toml("26"));
    let fixed = preset("talking-therapies-2025", &[weeks.clone()]);
    let nothing = toml("{ unsure = { pert = [22.0, 22.0, 22.0] } }");
    let spread = preset("talking-therapies-2025", &[weeks, ("staff.pwp.in_post", nothing)]);
    let run = project_draws(&spread, Horizon::Scenario, 20, 3, &AtomicBool::new(false)).unwrap();
    let bands = run.table("bands").unwrap();
    let monthly = crate::common::run(&fixed).table("monthly").unwrap();
    for (row, measure) in bands.texts("measure").iter().enumerate() {
        let month = &bands.texts("month")[row];
        let of_month = monthly.texts("month").iter().position(|other| other == month).unwrap();
        let expected = monthly.numbers(measure)[of_month];
        for name in ["mean", "p05", "p95"] {
            let drawn = bands.numbers(name)[row];
            let same = crate::common::close(drawn, expected, 1e-12);
            assert!(same, "{name} of {measure} in {month}: {drawn} for {expected}");
        }
    }
}
