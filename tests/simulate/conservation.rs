//! Nobody is lost and nobody is made: counts of people, exact in whole numbers.

use skillmix::simulate::{Options, Simulation, simulate};
use skillmix::{Horizon, Scenario};

const STAYS: [&str; 6] = [
    "opting_in",
    "waiting_assessment",
    "waiting_step2",
    "waiting_step3",
    "open_step2",
    "open_step3",
];

/// How people leave for good: exits, and courses that end without a step.
fn gone(run: &Simulation, week: usize) -> f64 {
    let of = |name: &str| run.record().measure(name)[week];
    let exits = [
        "rejected",
        "not_opted_in",
        "discharged_missed",
        "signposted",
        "declined",
        "not_suitable",
        "referred_on",
        "reneged",
        "treated_elsewhere",
        "dropped_out",
        "completed",
    ];
    let sum: f64 = exits.into_iter().map(of).sum();
    sum - of("stepped_up") - of("stepped_down")
}

fn conserves(scenario: &Scenario, weeks: u32) {
    let options = Options {
        replications: 1,
        ..Options::default()
    };
    let run = simulate(scenario, Horizon::Weeks(weeks), &options).unwrap();
    let of = |name: &str, week: usize| run.record().measure(name)[week];
    let here = |week: usize| -> f64 { STAYS.iter().map(|name| of(name, week)).sum() };
    for week in 1..weeks as usize {
        let after = here(week - 1) + of("referrals", week) - gone(&run, week);
        assert_eq!(here(week), after, "week {week}");
    }
}

/// here(t+1) = here(t) + referrals - each way out, exactly, in both packs.
#[test]
fn people_are_conserved_in_every_week() {
    for pack in ["talking-therapies-2025", "iapt-2008"] {
        conserves(&Scenario::preset(pack).unwrap(), 104);
    }
}
