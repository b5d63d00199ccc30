//! What is said of people one by one, for `simulate`: it is checked, and the other runs say what they make of it.

use skillmix::error::{Error, Problem};
use skillmix::plan::plan;
use skillmix::project::{Horizon, project};
use skillmix::scenario::Scenario;
use skillmix::scenario::pathway::QueueRule;
use skillmix::scenario::staff::{Handover, LeavePattern};
use toml::Value;

use crate::common::{assert_close, column, preset, toml};

const PACK: &str = "talking-therapies-2025";
const HELP: &str = "pathway.step2.guided_self_help";
const CBT: &str = "pathway.step3.cbt";

fn changes(changes: &[(&str, &str)]) -> Vec<(String, Value)> {
    let typed = changes
        .iter()
        .map(|&(path, value)| (path.to_string(), toml(value)));
    typed.collect()
}

#[track_caller]
fn refused(said: &[(&str, &str)]) -> Vec<Problem> {
    match Scenario::preset(PACK).unwrap().with_all(changes(said)) {
        Err(Error::Scenario(problems)) => problems,
        other => panic!("no ScenarioError: {other:?}"),
    }
}

fn taken(said: &[(&str, &str)]) -> Scenario {
    let scenario = Scenario::preset(PACK).unwrap().with_all(changes(said));
    scenario.unwrap_or_else(|error| panic!("{error}"))
}

#[test]
#[allow(clippy::too_many_lines)] // a list of what may be wrong
fn what_cannot_be_is_refused_at_its_path() {
    for (path, value, at, says) in [
        (
            "demand.sources",
            "{ gp = 0.3, self_referral = 0.6 }",
            "demand.sources",
            "shares sum to 0.9",
        ),
        (
            "demand.sources",
            "{ gp = 1.2, self_referral = -0.2 }",
            "demand.sources.gp",
            "0 to 1",
        ),
        (
            "demand.urgent_share",
            "12",
            "demand.urgent_share",
            "did you mean 0.12?",
        ),
        (
            "pathway.assessment.at_once",
            "\"yes\"",
            "pathway.assessment.at_once",
            "true or false",
        ),
        (
            "pathway.assessment",
            "{ at_once = true, slots_per_week = 3 }",
            "pathway.assessment",
            "got slots_per_week and at_once, allowed: exactly one of",
        ),
        (
            &*format!("{HELP}.duration_weeks"),
            "6",
            &*format!("{HELP}.duration_weeks"),
            "\"pwp\" has hours",
        ),
        (
            &*format!("{HELP}.duration_weeks"),
            "0",
            &*format!("{HELP}.duration_weeks"),
            "0.001 to 520",
        ),
        (
            &*format!("{HELP}.duration_weeks"),
            "{ varies = { family = \"exponential\", mean = 6, sd = 2 } }",
            &*format!("{HELP}.duration_weeks.varies.sd"),
            "none for exponential",
        ),
        (
            &*format!("{HELP}.duration_weeks"),
            "{ varies = { family = \"gamma\", mean = 6 } }",
            &*format!("{HELP}.duration_weeks.varies.sd"),
            "sd for gamma",
        ),
        (
            &*format!("{HELP}.duration_weeks"),
            "{ varies = { family = \"weibull\", mean = 6, sd = 2 } }",
            &*format!("{HELP}.duration_weeks.varies.family"),
            "exponential, gamma, lognormal, fixed",
        ),
        (
            &*format!("{HELP}.duration_weeks"),
            "{ unsure = { uniform = [4, 8] } }",
            &*format!("{HELP}.duration_weeks"),
            "cannot be unsure",
        ),
        (
            &*format!("{HELP}.delivery"),
            "{ telephone = { share = 0.5 }, video = { share = 0.4 } }",
            &*format!("{HELP}.delivery"),
            "shares sum to 0.9",
        ),
        (
            &*format!("{HELP}.delivery"),
            "{ telephone = { first_minutes = 30 } }",
            &*format!("{HELP}.delivery.telephone.share"),
            "missing",
        ),
        (
            &*format!("{HELP}.delivery"),
            "{ telephone = { share = 1, minutes = 30 } }",
            &*format!("{HELP}.delivery.telephone.minutes"),
            "no such field",
        ),
        (
            &*format!("{HELP}.queue"),
            "\"longest\"",
            &*format!("{HELP}.queue"),
            "did you mean longest_since_referral?",
        ),
        (
            &*format!("{HELP}.queue"),
            "\"urgent_first\"",
            &*format!("{HELP}.queue"),
            "state demand.urgent_share",
        ),
        (
            &*format!("{HELP}.discharged_after_missed"),
            "0",
            &*format!("{HELP}.discharged_after_missed"),
            "1 to 20",
        ),
        (
            &*format!("{HELP}.discharge_delay_weeks"),
            "1.5",
            &*format!("{HELP}.discharge_delay_weeks"),
            "a whole number",
        ),
        (
            "pathway.step2.psychoeducational_groups.group.late_joiners",
            "1",
            "pathway.step2.psychoeducational_groups.group.late_joiners",
            "true or false",
        ),
        (
            "staff.pwp.handover",
            "\"handed\"",
            "staff.pwp.handover",
            "did you mean handed_over?",
        ),
        (
            "staff.pwp.leave",
            "\"week\"",
            "staff.pwp.leave",
            "did you mean weeks?",
        ),
        (
            "staff.pwp.continuity",
            "0",
            "staff.pwp.continuity",
            "true or false",
        ),
    ] {
        let problems = refused(&[(path, value)]);
        assert!(
            problems
                .iter()
                .any(|found| found.path == at && found.message.contains(says)),
            "{path} = {value}: {problems:?}"
        );
    }
}

#[test]
fn left_out_all_is_as_before() {
    let spec = Scenario::preset(PACK).unwrap().spec().clone();
    assert_eq!(spec.demand.shares_of_sources(), [("all", 1.0)]);
    assert_eq!(spec.demand.urgent_share, None);
    assert!(!spec.pathway.assessment.at_once);
    for (_, modality) in spec.pathway.modalities() {
        assert!(modality.duration_weeks.is_none() && modality.delivery.is_empty());
        assert_eq!(modality.queue, QueueRule::FirstCome);
        assert_eq!(modality.discharged_after_missed, None);
        assert_eq!(modality.discharge_delay_weeks, 0);
        assert!(!modality.group.is_some_and(|group| group.late_joiners));
    }
    for role in spec.staff.values() {
        assert_eq!(role.handover, Handover::HandedOver);
        assert_eq!(role.leave, LeavePattern::Spread);
        assert!(role.continuity);
    }
}

/// All of it at once: read, saved, read again.
#[test]
fn what_is_said_is_kept() {
    let scenario = taken(&[
        ("demand.sources", "{ gp = 0.3, self_referral = 0.7 }"),
        ("demand.urgent_share", "0.05"),
        ("pathway.assessment.at_once", "true"),
        ("staff.hit.slots", "120"),
        (
            &format!("{CBT}.duration_weeks"),
            "{ varies = { family = \"lognormal\", mean = 12, sd = 6 } }",
        ),
        (&format!("{CBT}.queue"), "\"urgent_first\""),
        (
            &format!("{HELP}.delivery"),
            "{ telephone = { share = 0.6, first_minutes = 40 }, video = { share = 0.4 } }",
        ),
        (&format!("{HELP}.queue"), "\"longest_since_referral\""),
        (&format!("{HELP}.discharged_after_missed"), "2"),
        (&format!("{HELP}.discharge_delay_weeks"), "3"),
        (
            "pathway.step2.psychoeducational_groups.group.late_joiners",
            "true",
        ),
        ("staff.pwp.handover", "\"waits\""),
        ("staff.pwp.leave", "\"weeks\""),
        ("staff.pwp.continuity", "false"),
    ]);
    let again = Scenario::from_toml(&scenario.to_toml()).unwrap();
    assert_eq!(again, scenario);
    assert_eq!(again.hash(), scenario.hash());
    let json = Scenario::from_json(&scenario.to_json()).unwrap();
    assert_eq!(json.hash(), scenario.hash());
    let spec = again.spec();
    assert_eq!(
        spec.demand.shares_of_sources(),
        [("gp", 0.3), ("self_referral", 0.7)]
    );
    assert_eq!(
        spec.pathway.assessment.ring_fence, None,
        "one way excludes the other"
    );
    let weeks = spec.pathway.step3["cbt"].duration_weeks.unwrap().0;
    assert_eq!((weeks.mean, weeks.sd()), (12.0, 6.0));
    assert_eq!(spec.staff["pwp"].handover, Handover::Waits);
    assert_eq!(spec.staff["pwp"].leave, LeavePattern::Weeks);
    assert!(!spec.staff["pwp"].continuity);
}

/// A way that is switched off leaves the others standing, also when one of them is stated.
#[test]
fn at_once_switched_off_excludes_nothing() {
    let stated = preset(
        PACK,
        &[("pathway.assessment.ring_fence", Value::Float(0.5))],
    );
    let off = stated.with("pathway.assessment.at_once", false).unwrap();
    assert_eq!(off.spec(), stated.spec());
    let on = stated.with("pathway.assessment.at_once", true).unwrap();
    assert_eq!(on.spec().pathway.assessment.ring_fence, None);
}

/// Assessed at once: as many as are accepted, in the week in which they are, out of nobody's hours.
#[test]
fn at_once_nobody_waits_for_an_assessment() {
    let scenario = taken(&[
        ("pathway.assessment.at_once", "true"),
        ("pathway.assessment.spill_over", "true"),
        ("pathway.opt_in.delay_weeks", "0"),
        ("calendar.weeks", "60"),
    ]);
    let run = project(&scenario, Horizon::Scenario).unwrap();
    let weekly = run.table("weekly").unwrap();
    let [accepted, assessed] = ["accepted", "assessed"].map(|name| column(&weekly, name));
    for (accepted, assessed) in accepted.iter().zip(&assessed) {
        assert!(*accepted > 0.0);
        assert_close(*assessed, *accepted, 1e-12);
    }
    let record = run.record();
    let minutes = record.pools.iter().flatten().map(|pool| pool.assessment[0]);
    assert_close(minutes.sum(), 0.0, 0.0);
    let planned = plan(&scenario).unwrap();
    let needs = planned.needs();
    assert!(needs.demand.assessed > 0.0);
    assert_close(needs.demand.assessed, needs.demand.accepted, 1e-12);
    assert_close(needs.delivered.assessed, needs.demand.assessed, 1e-12);
    assert!(needs.pools.iter().all(|pool| pool.assessment == 0.0));
}

/// 40 and 20 minutes for half, the treatment's 60 and 30 for a tenth, 50 and 30 for the rest: on average
/// 0.5 x 40 + 0.1 x 60 + 0.4 x 50 = 46 and 0.5 x 20 + 0.5 x 30 = 25.
#[test]
fn plans_reckon_with_the_mean_of_the_ways() {
    let ways = "{ telephone = { share = 0.5, first_minutes = 40, followup_minutes = 20 }, \
                face_to_face = { share = 0.1 }, video = { share = 0.4, first_minutes = 50 } }";
    let minutes = |first: &str, followup: &str| {
        [
            (format!("{HELP}.first_minutes"), toml(first)),
            (format!("{HELP}.followup_minutes"), toml(followup)),
        ]
    };
    let start = Scenario::preset(PACK).unwrap();
    let one = start.with_all(minutes("46", "25")).unwrap();
    let two = start.with_all(minutes("60", "30")).unwrap();
    let two = two.with(&format!("{HELP}.delivery"), toml(ways)).unwrap();
    for (table, name) in [("yearly", "finishers"), ("capacity", "hours")] {
        let of = |scenario: &Scenario| {
            let run = project(scenario, Horizon::Weeks(104)).unwrap();
            column(&run.table(table).unwrap(), name)
        };
        for (one, two) in of(&one).iter().zip(of(&two)) {
            assert_close(two, *one, 1e-12);
        }
    }
    let modality = &two.spec().pathway.step2["guided_self_help"];
    assert_close(modality.in_rooms(), 0.1, 1e-15);
    let said = two.with(&format!("{HELP}.face_to_face"), 0.3).unwrap();
    assert_close(
        said.spec().pathway.step2["guided_self_help"].in_rooms(),
        0.3,
        1e-15,
    );
}

/// Expectations cannot run courses of some weeks, and say which run can.
#[test]
fn courses_of_some_weeks_are_for_simulate() {
    let path = format!("{CBT}.duration_weeks");
    let scenario = taken(&[("staff.hit.slots", "120"), (&path, "12")]);
    for error in [
        plan(&scenario).unwrap_err(),
        project(&scenario, Horizon::Scenario).unwrap_err(),
    ] {
        let Error::Scenario(problems) = error else {
            panic!("{error}")
        };
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].path, path);
        assert_eq!(problems[0].value, "12");
        assert!(problems[0].message.contains("use simulate"));
    }
    let group = "pathway.step2.psychoeducational_groups.duration_weeks";
    let problems = refused(&[("staff.pwp.slots", "12"), (group, "6")]);
    assert!(
        problems
            .iter()
            .any(|found| found.path == group && found.message.contains("a group"))
    );
    let open = "open_courses.step3.cbt";
    let problems = refused(&[
        ("staff.hit.slots", "120"),
        (&path, "12"),
        (open, "[20, 20]"),
    ]);
    assert!(problems.iter().any(|found| found.path == open));
}
