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

/// A world has the same bits in whatever lane and batch it is run, and in a run of its own.
#[test]
fn a_world_is_the_same_in_every_lane() {
    let scenario = scenario();
    let worlds = Worlds::drawn(&scenario, Design::Random, 11, 7).unwrap();
    let together = of(&scenario, 60, &worlds);
    let paths: Vec<String> = worlds.paths().into_iter().map(Into::into).collect();
    for (world, found) in together.iter().enumerate() {
        let alone = Worlds::given(&scenario, &paths, &[worlds.draw(world).to_vec()]).unwrap();
        assert_eq!(&of(&scenario, 60, &alone)[0], found);
        let three = threads::install_in(3, || of(&scenario, 60, &worlds));
        assert_eq!(three, together);
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
