//! The same seed gives the same bits.

use skillmix::simulate::{Options, simulate};
use skillmix::{Horizon, Scenario};

/// Oracle I08: 1, 2, 7 and 64 threads give the same bits; another seed gives others.
#[test]
fn threads_change_no_bit() {
    let scenario = Scenario::preset("talking-therapies-2025").unwrap();
    let tables = |threads: usize, seed: u64| {
        let options = Options {
            replications: 40,
            seed,
            threads: Some(threads),
            log: true,
        };
        let run = simulate(&scenario, Horizon::Weeks(26), &options).unwrap();
        let names = run.tables();
        let tables = names.iter().map(|name| run.table(name).unwrap());
        tables.map(|table| format!("{table:?}")).collect::<Vec<_>>()
    };
    let one = tables(1, 1);
    for threads in [2, 7, 64] {
        assert!(one == tables(threads, 1), "{threads} threads");
    }
    assert!(one != tables(1, 2));
}

/// Courses in places are held one by one where every session is noted, and by the word of people where none is:
/// whoever starts, ends and steps does so in the same order, so that every table is the same.
#[test]
fn noting_sessions_changes_no_bit() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/sc_ref.toml");
    let step2 = "pathway.step2.guided_self_help";
    // Courses of one session end as they begin, and many of them step up.
    for (sessions, referrals) in [(1, 5_200), (6, 5_200), (6, 50_000)] {
        let scenario = Scenario::load(file.as_ref())
            .unwrap()
            .with_all([
                (format!("{step2}.sessions"), sessions.into()),
                ("demand.rate.referrals".to_string(), referrals.into()),
                (
                    "staff.pwp.slots_per_wte".to_string(),
                    (referrals / 260).into(),
                ),
            ])
            .unwrap();
        let tables = |log: bool| {
            let options = Options {
                replications: 1,
                log,
                threads: Some(1),
                ..Options::default()
            };
            let run = simulate(&scenario, Horizon::Weeks(60), &options).unwrap();
            let table = |name: &&str| format!("{:?}", run.table(name).unwrap());
            let names = run.tables();
            let alike = names.iter().filter(|name| **name != "log");
            alike.map(table).collect::<Vec<_>>()
        };
        assert!(
            tables(true) == tables(false),
            "{sessions} sessions, {referrals} a year"
        );
    }
}
