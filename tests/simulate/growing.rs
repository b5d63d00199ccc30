//! As a service above load 1 grows, its luck averages out and single people approach the expected flow.

use skillmix::simulate::{Options, simulate};
use skillmix::{Horizon, Scenario, project};
use toml::Value;

/// The pack at `a_week` referrals a week with a third fewer therapists than it needs, so that lists grow. Nobody
/// leaves, since a few leavers more or less move the starts of half a year more than anything else; groups
/// take people at any time, since `simulate` gives closed ones all of their time however many have dropped out.
fn service(a_week: f64) -> Scenario {
    let preset = Scenario::preset("talking-therapies-2025").unwrap();
    let factor = a_week * 52.18 / 11_736.0;
    let rate = toml::from_str::<toml::Table>(&format!(
        "referrals = {:?}\nper = \"year\"",
        11_736.0 * factor
    ));
    let mut changes = vec![
        ("demand.rate".to_string(), Value::Table(rate.unwrap())),
        ("demand.dispersion".to_string(), Value::Float(1.0)),
    ];
    for (role, spec) in &preset.spec().staff {
        let short = match role.as_str() {
            "pwp" | "hit" => 0.67,
            _ => 1.0,
        };
        changes.push((format!("staff.{role}.leavers_per_year"), Value::Float(0.0)));
        let in_post = spec.in_post.mean() * factor * short;
        if in_post > 0.0 {
            changes.push((format!("staff.{role}.in_post"), Value::Float(in_post)));
            changes.push((format!("staff.{role}.posts"), Value::Float(in_post)));
        }
    }
    let start = "pathway.step2.psychoeducational_groups.group.start";
    changes.push((start.into(), Value::String("rolling".into())));
    preset.with_all(changes).unwrap()
}

/// At 10,000 referrals a week the flows of half a year agree to 2 %, the lists to 4 %. Sampling error is small
/// beside it: 260,000 referrals have a standard error of 0.2 % (Poisson), a list of 30,000 of less than 2 %.
#[test]
fn the_largest_service_flows_as_expected() {
    let scenario = service(10_000.0);
    let horizon = Horizon::Weeks(26);
    let options = Options {
        replications: 1,
        threads: Some(1),
        ..Options::default()
    };
    let single = simulate(&scenario, horizon, &options).unwrap();
    let expected = project(&scenario, horizon).unwrap();
    let sum = |list: &[f64]| list.iter().sum::<f64>();
    let last = |list: &[f64]| *list.last().unwrap();
    for name in [
        "referrals",
        "assessed",
        "course_starts_step2",
        "course_starts_step3",
        "attended",
        "completed",
        "finishers",
    ] {
        let (ours, theirs) = (
            sum(single.record().measure(name)),
            sum(expected.record().measure(name)),
        );
        assert!(
            (ours / theirs - 1.0).abs() < 0.02,
            "{name}: {ours} and {theirs}"
        );
    }
    for name in ["waiting_step2", "waiting_step3", "open_step2", "open_step3"] {
        let (ours, theirs) = (
            last(single.record().measure(name)),
            last(expected.record().measure(name)),
        );
        assert!(
            (ours / theirs - 1.0).abs() < 0.04,
            "{name}: {ours} and {theirs}"
        );
    }
}
