//! A run that is stopped shows the replications that were done, and nothing of the one that was under way.

use std::sync::atomic::Ordering;
use std::time::Duration;

use skillmix::error::Error;
use skillmix::project::{Replications, project_chance};
use skillmix::record::asked::Progress;
use skillmix::simulate::watch::Wait;
use skillmix::simulate::{Options, Simulation, simulate, simulate_until};
use skillmix::{Horizon, Scenario};

fn service() -> Scenario {
    Scenario::preset("talking-therapies-2025").unwrap()
}

fn many(threads: usize) -> Options {
    Options {
        replications: 100_000,
        seed: 3,
        threads: Some(threads),
        log: true,
    }
}

/// Runs `work`, and sets `stop` after a moment, as soon as so many replications are done.
fn stopped_after<T: Send>(done: u64, work: impl FnOnce(&Progress) -> T + Send) -> (T, u64) {
    let progress = Progress::default();
    let run = std::thread::scope(|scope| {
        let run = scope.spawn(|| work(&progress));
        std::thread::sleep(Duration::from_millis(20));
        while progress.done.load(Ordering::Relaxed) < done && !run.is_finished() {
            std::thread::sleep(Duration::from_millis(1));
        }
        progress.stop.store(true, Ordering::Relaxed);
        run.join().unwrap()
    });
    (run, progress.done.into_inner())
}

fn tables(run: &Simulation) -> Vec<String> {
    let names = run.tables();
    let tables = names.iter().map(|name| run.table(name).unwrap());
    tables.map(|table| format!("{table:?}")).collect()
}

#[test]
fn nothing_comes_of_a_run_that_is_stopped_before_it_starts() {
    let progress = Progress::default();
    progress.stop.store(true, Ordering::Relaxed);
    let weeks = Horizon::Weeks(26);
    for threads in [1, 3] {
        let run = simulate_until(&service(), weeks, &many(threads), &progress);
        assert_eq!(run.err(), Some(Error::Stopped));
        let options = Replications {
            threads: Some(threads),
            ..Replications::default()
        };
        let run = project_chance(&service(), weeks, &options, &progress);
        assert_eq!(run.err(), Some(Error::Stopped));
    }
    assert_eq!(progress.done.into_inner(), 0);
}

/// Ten years of one replication take far longer than the moment after which they are stopped.
#[test]
fn nothing_comes_of_half_a_replication() {
    let (run, done) = stopped_after(0, |progress| {
        simulate_until(&service(), Horizon::Weeks(520), &many(1), progress)
    });
    assert_eq!((run.err(), done), (Some(Error::Stopped), 0));
}

/// One thread does replications in their order, so a run that is stopped after n of them is a run of n: every
/// table is the same to the last bit, the log included. 18 are more than one block.
#[test]
fn a_stopped_run_is_a_shorter_run() {
    let weeks = Horizon::Weeks(26);
    for least in [1, 18] {
        let (run, done) = stopped_after(least, |progress| {
            simulate_until(&service(), weeks, &many(1), progress).unwrap()
        });
        assert!((least..100_000).contains(&done), "{done}");
        assert!(!run.is_complete());
        assert_eq!(run.spread().replications(), done);
        let options = Options {
            replications: done,
            ..many(1)
        };
        let whole = simulate(&service(), weeks, &options).unwrap();
        assert!(whole.is_complete());
        assert_eq!(run.tables(), whole.tables());
        assert!(run.tables().contains(&"log"));
        assert!(tables(&run) == tables(&whole), "{done} replications");
    }
}

/// With several threads each is stopped inside a replication; the waits are those of the complete ones: as many
/// people as were assessed in all of them, mean x replications.
#[test]
fn threads_that_are_stopped_count_complete_replications() {
    for threads in [2, 5] {
        let (run, done) = stopped_after(7, |progress| {
            simulate_until(&service(), Horizon::Weeks(26), &many(threads), progress).unwrap()
        });
        assert!(done >= 7);
        assert_eq!(run.spread().replications(), done);
        assert_eq!(tables(&run).len(), run.tables().len());
        let months = run.timetable().calendar.months.len();
        let waited: u64 = (0..months)
            .map(|month| run.waits().of(Wait::Assessment, month).iter().sum::<u64>())
            .sum();
        let assessed: f64 = run.record().measure("assessed").iter().sum();
        let all = assessed * done as f64;
        assert!((waited as f64 / all - 1.0).abs() < 1e-9, "{waited} {all}");
    }
}

#[test]
fn a_stopped_projection_with_luck_has_its_tables() {
    for threads in [1, 2] {
        let options = Replications {
            replications: 1_000_000,
            seed: 3,
            threads: Some(threads),
        };
        let (run, done) = stopped_after(1, |progress| {
            project_chance(&service(), Horizon::Weeks(26), &options, progress).unwrap()
        });
        assert!((1..1_000_000).contains(&done), "{done}");
        assert_eq!(run.replications(), done);
        for name in run.tables() {
            assert!(run.table(name).is_ok(), "{name}");
        }
    }
}
