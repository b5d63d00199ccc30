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
