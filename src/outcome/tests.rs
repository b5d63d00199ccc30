use super::*;
use crate::design::Design;

fn scenario() -> Scenario {
    let text = r#"
        schema = 1
        pack = "talking-therapies-2025"
        [demand.rate]
        referrals = { unsure = { uniform = [11000, 13000] } }
        per = "year"
        [staff.pwp]
        leavers_per_year = { unsure = { triangular = [0.1, 0.2, 0.4] } }
    "#;
    Scenario::from_toml(text).unwrap()
}

fn of(scenario: &Scenario, weeks: u32, worlds: &Worlds) -> Vec<[f64; NUMBER]> {
    evaluate(
        scenario,
        Horizon::Weeks(weeks),
        worlds,
        &AtomicBool::default(),
    )
    .unwrap()
}

/// Threads change no bit; a world alone is itself but for rounding, and so is the first half of a design.
#[test]
fn a_world_is_the_same_in_every_company() {
    let scenario = scenario();
    let worlds = Worlds::drawn(&scenario, Design::Random, 21, 7).unwrap();
    let together = of(&scenario, 60, &worlds);
    for threads in [1, 2, 7] {
        let found = threads::install_in(threads, || of(&scenario, 60, &worlds));
        assert_eq!(found, together);
    }
    let first = Worlds::drawn(&scenario, Design::Random, 16, 7).unwrap();
    assert_eq!(of(&scenario, 60, &first), together[..16]);
    let paths: Vec<String> = worlds.paths().into_iter().map(Into::into).collect();
    for (world, found) in together.iter().enumerate() {
        let alone = Worlds::given(&scenario, &paths, &[worlds.draw(world).to_vec()]).unwrap();
        for (ours, theirs) in of(&scenario, 60, &alone)[0].iter().zip(found) {
            assert!(
                (ours / theirs - 1.0).abs() < 1e-12,
                "{world}: {ours} {theirs}"
            );
        }
    }
}

#[test]
fn names_and_stops() {
    assert_eq!(OUTCOMES[place("cost").unwrap()].unit, "pounds");
    let Err(Error::Unknown { offered, .. }) = place("recoverd") else {
        panic!("a name that is not there")
    };
    assert_eq!(offered[0], "recovered");
    let scenario = scenario();
    let worlds = Worlds::drawn(&scenario, Design::Random, 11, 7).unwrap();
    let stopped = evaluate(
        &scenario,
        Horizon::Scenario,
        &worlds,
        &AtomicBool::new(true),
    );
    assert!(matches!(stopped, Err(Error::Stopped)));
}
