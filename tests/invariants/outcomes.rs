//! The single numbers of a run are what its tables say, however they are worked out.

use std::sync::atomic::AtomicBool;

use proptest::prelude::*;
use skillmix::outcome::{NUMBER, OUTCOMES, evaluate};
use skillmix::project::{Horizon, Projection};
use skillmix::scenario::Scenario;
use skillmix::scenario::worlds::Worlds;
use skillmix::table::Values;

use crate::common::{Service, changed, preset, role, run, scenario, toml};
use crate::services::service;

fn outcomes(scenario: &Scenario) -> [f64; NUMBER] {
    // Nothing named, so everything has its mean.
    let worlds = Worlds::given(scenario, &[], &[Vec::new()]).unwrap();
    evaluate(
        scenario,
        Horizon::Scenario,
        &worlds,
        &AtomicBool::new(false),
    )
    .unwrap()[0]
}

/// The outcomes summed from the tables of a run.
fn of_tables(run: &Projection) -> [f64; NUMBER] {
    let record = run.record();
    let total = |name: &str| record.measure(name).iter().sum::<f64>();
    let last = |name: &str| *record.measure(name).last().unwrap();
    let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { f64::NAN };
    let cost: f64 = run.table("cost").unwrap().numbers("pounds").iter().sum();
    let monthly = run.table("monthly").unwrap();
    let Values::Truth(complete) = &monthly.column("complete").unwrap().values else {
        panic!("complete is true or false")
    };
    OUTCOMES.map(|outcome| match outcome.name {
        "within_6_weeks" => share(total("finishers_within_6_weeks"), total("finishers")),
        "within_18_weeks" => share(total("finishers_within_18_weeks"), total("finishers")),
        "wait_step2_weeks" | "wait_step3_weeks" => {
            let step = &outcome.name[5..10];
            let of_last = |name: String| -> f64 {
                let weeks = record.measure(&name);
                weeks[weeks.len() - 13..].iter().sum()
            };
            let waited = of_last(format!("waited_{step}"));
            let started = of_last(format!("course_starts_{step}"));
            match (started > 0.0, last(&format!("waiting_{step}")) > 0.0) {
                (true, _) => waited / started,
                (false, true) => f64::INFINITY,
                (false, false) => 0.0,
            }
        }
        "wait_step2_weeks_peak" | "wait_step3_weeks_peak" => {
            let waits = monthly.numbers(outcome.name.trim_end_matches("_peak"));
            let whole = waits.iter().zip(complete).filter(|(_, whole)| **whole);
            whole.map(|(wait, _)| *wait).fold(f64::NAN, f64::max)
        }
        "waiting" => last("waiting_assessment") + last("waiting_step2") + last("waiting_step3"),
        "cost" => cost,
        "cost_per_recovery" => share(cost, total("recovered")),
        name if name.starts_with("waiting") => last(name),
        name => total(name),
    })
}

fn agree(scenario: &Scenario) -> Result<(), TestCaseError> {
    let run = run(scenario);
    let recovered: f64 = run.record().measure("recovered").iter().sum();
    for ((outcome, ours), theirs) in OUTCOMES.iter().zip(outcomes(scenario)).zip(of_tables(&run)) {
        // The leaves of a year are rounded to pence cumulatively: half a penny a year.
        let pence = match outcome.name {
            "cost" => 0.02,
            "cost_per_recovery" => 0.02 / recovered.max(1e-9),
            _ => 0.0,
        };
        let same = ours.to_bits() == theirs.to_bits() || ours.is_nan() && theirs.is_nan();
        let close = (ours - theirs).abs() <= 1e-9 * theirs.abs() + 1e-9 + pence;
        prop_assert!(same || close, "{}: {ours} for {theirs}", outcome.name);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(20_261_123), ..ProptestConfig::with_cases(100) })]

    #[test]
    fn random_services_have_the_outcomes_of_their_tables(Service(scenario) in service()) {
        agree(&scenario)?;
    }
}

#[test]
fn outcomes_over_years_are_those_of_the_tables() {
    let weeks = ("calendar.weeks", toml("160"));
    for pack in crate::services::PACKS {
        agree(&preset(pack, std::slice::from_ref(&weeks))).unwrap();
    }
}

/// Paid by steps, with joiners, leavers, agency staff and absence without pay: a week of a WTE has no one price.
#[test]
fn the_bill_of_staff_paid_by_steps() {
    let steps = "pay_point = \"steps\"\nsteps = [{ wte = 4.0, point = 1, next_step = \"2025-10-01\" }, \
                 { wte = 3.0, point = 3 }]";
    let text = role("pwp", "low_intensity", 7.0, 22.0).replace("pay_point = \"middle\"", steps);
    let base = scenario(
        "blank",
        &format!(
            "calendar.kind = \"england\"\ncalendar.start = 2025-04-01\ncalendar.weeks = 130\n{text}"
        ),
    );
    let service = changed(
        &base,
        &[
            ("staff.pwp.posts", toml("9")),
            ("staff.pwp.leavers_per_year", toml("0.3")),
            ("staff.pwp.recruitment.policy", toml("\"to_posts\"")),
            ("staff.pwp.recruitment.fill_share", toml("0.7")),
            ("staff.pwp.recruitment.lead_weeks", toml("9")),
            (
                "staff.pwp.recruitment.agency",
                toml("{ share_of_vacancies = 0.5, premium = 0.4 }"),
            ),
            (
                "staff.pwp.absences.maternity",
                toml(
                    "{ weeks = 39, starts_per_year = 0.1, paid_share = 0.5, cover_share = 0.2, cover_premium = 0.3, not_returning = 0.1, returns_at = 0.8 }",
                ),
            ),
        ],
    );
    agree(&service).unwrap();
}
