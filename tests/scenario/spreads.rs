//! Numbers that are not known, and spreads between people.

use skillmix::error::Error;
use skillmix::scenario::Scenario;

use crate::common::{preset, toml};

const PACK: &str = "talking-therapies-2025";
const SHARE: &str = "pathway.opt_in.share";

/// Paths of the problems when `value` stands at `path`.
#[track_caller]
fn refused(path: &str, value: &str) -> Vec<String> {
    let error = Scenario::preset(PACK)
        .unwrap()
        .with(path, toml(value))
        .unwrap_err();
    let Error::Scenario(problems) = error else {
        panic!("{error}")
    };
    problems.into_iter().map(|problem| problem.path).collect()
}

#[test]
fn families_give_their_means() {
    for (value, mean) in [
        ("{ unsure = { uniform = [0.2, 0.6] } }", 0.4),
        ("{ unsure = { triangular = [0.1, 0.2, 0.6] } }", 0.3),
        ("{ unsure = { pert = [0.1, 0.2, 0.9] } }", 0.3),
        ("{ unsure = { pert = [0, 0.5, 1] } }", 0.5),
    ] {
        let scenario = preset(PACK, &[(SHARE, toml(value))]);
        assert!(
            (scenario.spec().pathway.opt_in.share.mean() - mean).abs() < 1e-15,
            "{value}"
        );
        assert_eq!(scenario.unsure().len(), 1);
        assert_eq!(scenario.unsure()[0].path, SHARE);
    }
}

#[test]
fn bounds_hold_for_the_ends_of_a_spread() {
    assert_eq!(
        refused(SHARE, "{ unsure = { uniform = [0.1, 1.2] } }"),
        [format!("{SHARE}.unsure.uniform[1]")]
    );
    assert_eq!(
        refused(SHARE, "{ unsure = { pert = [-0.1, 0.5, 0.9] } }"),
        [format!("{SHARE}.unsure.pert[0]")]
    );
    let both = refused(SHARE, "{ unsure = { triangular = [-1, 0.5, 2] } }");
    assert_eq!(
        both,
        [
            format!("{SHARE}.unsure.triangular[0]"),
            format!("{SHARE}.unsure.triangular[2]")
        ]
    );
}

#[test]
fn spreads_are_finite_and_rise() {
    for numbers in [
        "[0.9, 0.5, 0.1]",
        "[0.1, 0.9, 0.5]",
        "[nan, 0.5, 0.6]",
        "[0.1, nan, 0.6]",
        "[-inf, 0.5, inf]",
    ] {
        for family in ["triangular", "pert"] {
            let paths = refused(SHARE, &format!("{{ unsure = {{ {family} = {numbers} }} }}"));
            assert_eq!(paths, [format!("{SHARE}.unsure.{family}")], "{numbers}");
        }
    }
    assert_eq!(
        refused(SHARE, "{ unsure = { uniform = [0.6, 0.2] } }"),
        [format!("{SHARE}.unsure.uniform")]
    );
}

#[test]
fn the_shape_of_a_spread_is_strict() {
    for value in [
        "{ unsure = { uniform = [0.1, 0.2, 0.3] } }",
        "{ unsure = { pert = [0.1, 0.2] } }",
        "{ unsure = { uniform = 0.5 } }",
        "{ unsure = { uniform = [\"0.1\", \"0.2\"] } }",
        "{ unsure = { gaussian = [0.1, 0.2] } }",
        "{ unsure = { uniform = [0.1, 0.2], pert = [0.1, 0.2, 0.3] } }",
        "{ unsure = {} }",
        "{ unsure = 0.5 }",
        "{ unsure = { uniform = [0.1, 0.2] }, mean = 0.9 }",
        "{ mean = 0.5, slot = 0 }",
        "{ varies = { family = \"gamma\", mean = 5, sd = 2 } }",
    ] {
        let paths = refused(SHARE, value);
        assert!(
            paths.iter().all(|path| path.starts_with(SHARE)) && !paths.is_empty(),
            "{value}: {paths:?}"
        );
    }
}

#[test]
fn the_nearest_family_is_offered() {
    let scenario = Scenario::preset(PACK).unwrap();
    let error = scenario
        .with(SHARE, toml("{ unsure = { triangle = [0.1, 0.2, 0.3] } }"))
        .unwrap_err();
    assert!(
        error.to_string().contains("did you mean triangular?"),
        "{error}"
    );
}

/// Routes must add up to 1, prices and ramps are the same in all worlds: no spread there.
#[test]
fn fixed_numbers_take_no_spread() {
    for path in [
        "staff.pwp.wte_per_head",
        "staff.pwp.job_plan.patients",
        "money.overhead_share",
        "supervision.most_hours_per_wte",
        "targets.recovery",
        "calendar.weeks",
    ] {
        assert_eq!(
            refused(path, "{ unsure = { uniform = [0.1, 0.2] } }"),
            [path]
        );
    }
}

#[test]
fn sessions_vary_between_people() {
    let path = "pathway.step3.cbt.sessions";
    for value in [
        "{ varies = { family = \"lognormal\", mean = 9.5, sd = 4 } }",
        "{ varies = { family = \"gamma\", mean = 9.5, sd = 0 } }",
        "{ varies = { family = \"poisson\", mean = 9.5 } }",
    ] {
        let scenario = preset(PACK, &[(path, toml(value))]);
        let shares = scenario.spec().pathway.step3["cbt"].sessions.shares(&[]);
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{value}");
        assert!(
            scenario.unsure().is_empty(),
            "chance between people is no ignorance"
        );
    }
    for value in [
        "{ varies = { family = \"poisson\", mean = 9.5, sd = 2 } }",
        "{ varies = { family = \"gamma\", mean = 9.5 } }",
        "{ varies = { family = \"normal\", mean = 9.5, sd = 2 } }",
        "{ varies = { family = \"gamma\", mean = 0.5, sd = 2 } }",
        "{ varies = { family = \"gamma\", mean = 9.5, sd = -1 } }",
        "{ varies = { family = \"gamma\", mean = nan, sd = 1 } }",
        "{ varies = { family = \"gamma\", mean = 9.5, sd = 1, max = 20 } }",
        "{ varies = {} }",
        "{ varies = 3 }",
    ] {
        let paths = refused(path, value);
        assert!(
            paths.iter().all(|found| found.starts_with(path)) && !paths.is_empty(),
            "{value}: {paths:?}"
        );
    }
}
