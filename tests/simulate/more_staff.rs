//! More staff never lengthen a wait: a theorem for one stage, first come first served, with the same luck.
//!
//! Whoever is served has the same service in both plans, since their luck is their own. With more places each
//! person starts no later (Kiefer and Wolfowitz 1955), so at every moment at least as many have started.

use skillmix::simulate::{Options, simulate};
use skillmix::{Horizon, Scenario};

use crate::textbook::{OneStage, one_stage};

fn started(scenario: &Scenario, seed: u64) -> Vec<f64> {
    let options = Options {
        replications: 1,
        seed,
        ..Options::default()
    };
    let run = simulate(scenario, Horizon::Weeks(200), &options).unwrap();
    let weekly = run.record().measure("course_starts_step2");
    let mut sum = 0.0;
    let up_to = weekly.iter().map(|starts| {
        sum += starts;
        sum
    });
    up_to.collect()
}

#[test]
fn more_places_never_start_anybody_later() {
    // Weekly sessions, some missed and some courses broken off; and courses of random length.
    let weekly = OneStage {
        sessions: "{ varies = { family = \"lognormal\", mean = 5.0, sd = 3.0 } }",
        drop_out: 0.1,
        dna: 0.15,
        ..OneStage::new(9.0, 0)
    };
    let timed = OneStage {
        duration: Some("{ varies = { family = \"lognormal\", mean = 5.0, sd = 4.0 } }"),
        ..OneStage::new(9.0, 0)
    };
    for stage in [weekly, timed] {
        for seed in 0..5 {
            let with = |places: u32| started(&one_stage(&OneStage { places, ..stage }), seed);
            let mut before = with(35);
            for places in [36, 40, 45, 46, 60, 200] {
                let now = with(places);
                let later = before.iter().zip(&now).position(|(few, many)| many < few);
                assert_eq!(later, None, "{places} places, seed {seed}");
                before = now;
            }
        }
    }
}
