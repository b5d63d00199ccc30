//! People who differ from the others: the means over everybody stay as stated, and nothing leaves its bounds.

use skillmix::error::{Error, Problem};
use skillmix::scenario::Scenario;
use skillmix::scenario::demand::spec_of;
use skillmix::unit::Quantity;

use crate::common::{assert_close, toml};

const PACK: &str = "talking-therapies-2025";

fn with(segments: &str) -> Result<Scenario, Error> {
    Scenario::preset(PACK)
        .unwrap()
        .with_all([("demand.segments".to_string(), toml(segments))])
}

#[track_caller]
fn refused(segments: &str) -> Vec<Problem> {
    match with(segments) {
        Err(Error::Scenario(problems)) => problems,
        other => panic!("no ScenarioError: {other:?}"),
    }
}

/// One in five misses twice as much: the mean index is 0.2 x 2 + 0.8 x 1 = 1.2, so that theirs is 2 / 1.2 of the
/// stated share and that of the others 1 / 1.2.
#[test]
fn the_mean_over_everybody_stays() {
    let scenario = with("{ young = { share = 0.2, missed = 2.0 } }").unwrap();
    let spec = scenario.spec();
    let names: Vec<&str> = (spec.demand.everybody().iter()).map(|one| one.0).collect();
    assert_eq!(names, ["young", "others"]);
    let stated = spec.pathway.assessment.dna.mean();
    let dna = [0, 1].map(|place| spec_of(spec, place, &[]).pathway.assessment.dna.mean());
    assert_close(dna[0], stated * 2.0 / 1.2, 1e-12);
    assert_close(dna[1], stated / 1.2, 1e-12);
    assert_close(0.2 * dna[0] + 0.8 * dna[1], stated, 1e-12);
    let minutes = |place| spec_of(spec, place, &[]).pathway.assessment.minutes.mean();
    assert_close(minutes(0), spec.pathway.assessment.minutes.mean(), 1e-12);
}

/// A quarter goes to Step 3 twice as often: the factors are 2 / 1.25 and 1 / 1.25. What Step 3 has more, Step 2
/// has less; exits stay.
#[test]
fn more_to_step_3_is_less_to_step_2() {
    let scenario = with("{ complex = { share = 0.25, step3 = 2.0 } }").unwrap();
    let spec = scenario.spec();
    let sums = |place| {
        let routes = spec_of(spec, place, &[]).pathway.routes;
        let sum = |shares: Vec<f64>| shares.iter().sum::<f64>();
        [
            sum(routes.step2.values().map(Quantity::mean).collect()),
            sum(routes.step3.values().map(Quantity::mean).collect()),
            sum(routes.exits(&[]).to_vec()),
        ]
    };
    let routes = &spec.pathway.routes;
    let step3: f64 = routes.step3.values().map(Quantity::mean).sum();
    let (complex, others) = (sums(0), sums(1));
    assert_close(complex[1], step3 * 1.6, 1e-12);
    assert_close(others[1], step3 * 0.8, 1e-12);
    for routes in [complex, others] {
        assert_close(routes.iter().sum(), 1.0, 1e-12);
        assert_close(routes[2], routes_exits(spec), 1e-12);
    }
}

fn routes_exits(spec: &skillmix::scenario::Spec) -> f64 {
    spec.pathway.routes.exits(&[]).iter().sum()
}

#[test]
fn what_cannot_be_is_refused_at_its_path() {
    for (segments, at, says) in [
        (
            "{ a = { share = 0.7 }, b = { share = 0.6 } }",
            "demand.segments",
            "shares sum to 1.3",
        ),
        (
            "{ others = { share = 0.7 } }",
            "demand.segments.others",
            "the people of no segment",
        ),
        (
            "{ a = { share = 0.1, missed = 9.5 } }",
            "demand.segments.a.missed",
            "missed appointments of pathway.",
        ),
        (
            "{ a = { share = 0.1, step3 = 9.0 } }",
            "demand.segments.a.step3",
            "in the segment a",
        ),
        (
            "{ a = { share = 0.1, sessions = 0.05 } }",
            "demand.segments.a.sessions",
            "sessions 0.",
        ),
        ("{ a = { share = 12 } }", "demand.segments.a.share", "12"),
        (
            "{ a = { shares = 0.2 } }",
            "demand.segments.a.shares",
            "no such field",
        ),
    ] {
        let problems = refused(segments);
        let found = problems.iter().find(|problem| problem.path == at);
        let found = found.unwrap_or_else(|| panic!("{segments}: {problems:?}"));
        assert!(found.to_string().contains(says), "{found}");
    }
}
