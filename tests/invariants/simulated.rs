//! What holds for single people, exactly, on random services.

use proptest::prelude::*;
use skillmix::Horizon;
use skillmix::simulate::{Options, Simulation, simulate};

use crate::common::{Service, toml};
use crate::services::service;

const STAYS: [&str; 6] = [
    "opting_in",
    "waiting_assessment",
    "waiting_step2",
    "waiting_step3",
    "open_step2",
    "open_step3",
];

const EXITS: [&str; 11] = [
    "rejected",
    "not_opted_in",
    "discharged_missed",
    "signposted",
    "declined",
    "not_suitable",
    "referred_on",
    "completed",
    "dropped_out",
    "reneged",
    "treated_elsewhere",
];

/// What matters only one person at a time.
const OF_PEOPLE: [(&str, &str); 13] = [
    ("demand.urgent_share", "0.3"),
    ("demand.sources", "{ gp = 0.25, self_referral = 0.75 }"),
    (
        "demand.segments",
        "{ older = { share = 0.2, missed = 0.7, sessions = 1.2 }, young = { share = 0.3, drop_out = 1.4 } }",
    ),
    ("pathway.step3.cbt.queue", "\"urgent_first\""),
    (
        "pathway.step3.counselling.queue",
        "\"longest_since_referral\"",
    ),
    ("pathway.step2.guided_self_help.queue", "\"urgent_first\""),
    ("pathway.step3.cbt.discharged_after_missed", "2"),
    ("pathway.step2.guided_self_help.discharge_delay_weeks", "3"),
    (
        "pathway.step2.psychoeducational_groups.group.late_joiners",
        "true",
    ),
    ("staff.pwp.handover", "\"waits\""),
    ("staff.hit.leave", "\"weeks\""),
    ("staff.hit.continuity", "false"),
    ("staff.counsellor.leave", "\"weeks\""),
];

/// A random service, with some of what matters only one person at a time.
fn service_of_people() -> impl Strategy<Value = (Service, u64)> {
    let some = proptest::sample::subsequence(OF_PEOPLE.to_vec(), 0..=OF_PEOPLE.len());
    (service(), some, any::<u64>()).prop_map(|(service, some, seed)| {
        let turned = some.into_iter().fold(service.0, |scenario, (path, value)| {
            // A service may not have what is turned.
            scenario.with(path, toml(value)).unwrap_or(scenario)
        });
        (Service(turned), seed)
    })
}

/// here(t+1) = here(t) + referred - each way out, in whole numbers; each measure is a whole number from 0.
fn people_are_conserved(run: &Simulation) -> Result<(), TestCaseError> {
    let record = run.record();
    let at = |name: &str, week: usize| record.measure(name)[week];
    let sum = |names: &[&str], week: usize| names.iter().map(|name| at(name, week)).sum::<f64>();
    for week in 1..run.timetable().weeks() {
        let stepped = at("stepped_up", week) + at("stepped_down", week);
        let come = sum(&STAYS, week - 1) + at("referrals", week);
        let there = sum(&STAYS, week) + sum(&EXITS, week) - stepped;
        prop_assert_eq!(come, there, "week {}", week);
    }
    for (place, measure) in skillmix::record::measure::MEASURES.iter().enumerate() {
        for (week, &value) in record.counts[place].iter().enumerate() {
            let whole = value >= 0.0 && value.fract() == 0.0;
            let timed = measure.0.starts_with("waited_");
            prop_assert!(whole || timed, "{} of week {week} is {value}", measure.0);
        }
    }
    Ok(())
}

/// in post = opening + joined + qualified - left - moved to training, role by role.
fn staff_are_conserved(run: &Simulation) -> Result<(), TestCaseError> {
    for (role, place) in run.timetable().roles.iter().enumerate() {
        if place.course.is_some() {
            continue;
        }
        for (week, staff) in run.record().staff[role].iter().enumerate() {
            let here = staff.opening + staff.joined + staff.qualified
                - staff.left
                - staff.moved_to_training;
            prop_assert!(
                (here - staff.in_post).abs() < 1e-6,
                "{} in week {week}: {here} and {}",
                place.name,
                staff.in_post
            );
        }
    }
    Ok(())
}

/// The waits that are noted are those of the people who were counted.
fn everybody_s_wait_is_noted(run: &Simulation) -> Result<(), TestCaseError> {
    let sum = |name: &str| run.record().measure(name).iter().sum::<f64>();
    let waits = run.table("waits").unwrap();
    let noted = |kind: &str| -> f64 {
        let rows = waits.texts("wait").iter().zip(waits.numbers("people"));
        rows.filter(|row| row.0 == kind).map(|row| row.1).sum()
    };
    for (kind, counted) in [
        ("assessment", "assessed"),
        ("first_treatment", "first_treatments"),
        ("step2", "course_starts_step2"),
        ("step3", "course_starts_step3"),
    ] {
        prop_assert_eq!(noted(kind), sum(counted), "{}", kind);
    }
    Ok(())
}

proptest! {
    // The cases are fixed; PROPTEST_CASES=10000 tries as many others.
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_250_401),
        ..ProptestConfig::with_cases(std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(150))
    })]

    /// Oracle I01, I02: nobody is lost and nobody is made, whatever the planner writes.
    #[test]
    fn people_and_staff_are_conserved_exactly((service, seed) in service_of_people()) {
        let options = Options { replications: 1, seed, threads: Some(1), log: false };
        match simulate(&service.0, Horizon::Scenario, &options) {
            Ok(run) => {
                people_are_conserved(&run)?;
                staff_are_conserved(&run)?;
                everybody_s_wait_is_noted(&run)?;
            }
            Err(skillmix::error::Error::Scenario(problems)) => {
                // What cannot be simulated says so, with what would be possible.
                for problem in problems {
                    prop_assert!(!problem.path.is_empty() && !problem.expected.is_empty());
                }
            }
            Err(other) => prop_assert!(false, "{other}"),
        }
    }
}
