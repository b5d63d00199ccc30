//! Textbook queues, written as scenarios on the plain calendar.

use skillmix::simulate::{Options, simulate};
use skillmix::{Horizon, Scenario};

/// One stage with places for open courses.
#[derive(Debug, Clone, Copy)]
pub struct OneStage {
    pub a_week: f64,
    pub places: u32,
    pub sessions: &'static str,
    pub duration: Option<&'static str>,
    pub drop_out: f64,
    pub dna: f64,
}

impl OneStage {
    pub const fn new(a_week: f64, places: u32) -> Self {
        Self {
            a_week,
            places,
            sessions: "1",
            duration: None,
            drop_out: 0.0,
            dna: 0.0,
        }
    }
}

/// The scenario: whoever is referred is assessed on that day and needs this one treatment.
pub fn one_stage(stage: &OneStage) -> Scenario {
    let duration = stage
        .duration
        .map_or(String::new(), |weeks| format!("duration_weeks = {weeks}"));
    let OneStage {
        places,
        sessions,
        drop_out,
        dna,
        ..
    } = stage;
    let text = format!(
        r#"
schema = 1
pack = "blank"
name = "one stage"

[calendar]
kind = "plain"
start = 2025-01-04
weeks = 2600

[demand.rate]
referrals = {}
per = "year"

[pathway.assessment]
at_once = true
counts_as_treatment = 0.0

[pathway.routes]
step2 = {{ treatment = 1.0 }}
signposted = 0.0
declined = 0.0
not_suitable = 0.0
referred_on = 0.0

[pathway.step2.treatment]
title = "Treatment"
roles = ["pwp"]
first_minutes = 60
followup_minutes = 60
interval_weeks = 1
sessions = {sessions}
{duration}
drop_out = {drop_out:?}
dna = {dna:?}
patient_cancel = 0.0
provider_cancel = 0.0
reuse = 0.0
renege_per_week = 0.0
step_up = 0.0
step_down = 0.0
recovery = 0.5
reliable_recovery = 0.5
reliable_improvement = 0.5
at_caseness = 1.0

[staff.pwp]
title = "PWP"
family = "low_intensity"
band = "5"
pay_point = "middle"
in_post = 1.0
wte_per_head = 1.0
slots = {places}
job_plan = {{ patients = 22, supervision_received = 1.5, supervision_given = 0, cpd = 1, meetings = 1, other = 12, teaching = 0 }}
availability = 1.0
leavers_per_year = 0.0
recruitment = {{ policy = "frozen", lead_weeks = 0, fill_share = 0.0 }}
extra_supervision_hours = 0.0
"#,
        stage.a_week * 52.0
    );
    Scenario::from_toml(&text).unwrap()
}

/// Oracle Q03: M/M/20 with 18 arrivals a week and a mean service of a week: Wq = 0.2754 weeks.
#[test]
fn a_queue_with_twenty_places_waits_as_erlang_says() {
    let scenario = one_stage(&OneStage {
        duration: Some(r#"{ varies = { family = "exponential", mean = 1.0 } }"#),
        ..OneStage::new(18.0, 20)
    });
    let options = Options {
        replications: 16,
        ..Options::default()
    };
    let run = simulate(&scenario, Horizon::Weeks(2600), &options).unwrap();
    let sum = |name: &str| run.record().measure(name)[200..].iter().sum::<f64>();
    let wait = sum("waited_step2") / sum("course_starts_step2");
    assert!((wait / 0.275_384_5 - 1.0).abs() < 0.04, "{wait}");
}

/// The same service at two sites that do not help each other out: a treatment, a role and ten places for each.
fn at_two_sites(together: &Scenario) -> Scenario {
    let mut tree: toml::Table = toml::from_str(&together.to_toml()).unwrap();
    let take = |of: &mut toml::Table, path: [&str; 2], name: &str| {
        of[path[0]].as_table_mut().unwrap()[path[1]]
            .as_table_mut()
            .unwrap()
            .remove(name)
            .unwrap()
    };
    let treatment = take(&mut tree, ["pathway", "step2"], "treatment");
    take(&mut tree, ["pathway", "routes"], "step2");
    for site in ["north", "south"] {
        let role = format!("pwp_{site}");
        let mut own = treatment.clone();
        own.as_table_mut().unwrap()["roles"] = toml::Value::from(vec![role.clone()]);
        let pathway = tree["pathway"].as_table_mut().unwrap();
        pathway["step2"]
            .as_table_mut()
            .unwrap()
            .insert(site.into(), own);
        let routes = pathway["routes"].as_table_mut().unwrap();
        let routes = routes.entry("step2").or_insert(toml::Table::new().into());
        routes
            .as_table_mut()
            .unwrap()
            .insert(site.into(), 0.5.into());
        let staff = tree["staff"].as_table_mut().unwrap();
        let mut clinicians = staff["pwp"].clone();
        clinicians.as_table_mut().unwrap()["slots"] = 10.into();
        staff.insert(role, clinicians);
    }
    Scenario::from_toml(&toml::to_string(&tree).unwrap()).unwrap()
}

/// Each site is an M/M/10 queue with 9 arrivals a week, whose people wait more than twice as long as at twenty
/// places for all: 0.6687 (Erlang's C) / (10 - 9) weeks.
#[test]
fn two_sites_by_themselves_wait_longer_than_one_list_for_both() {
    let together = one_stage(&OneStage {
        duration: Some(r#"{ varies = { family = "exponential", mean = 1.0 } }"#),
        ..OneStage::new(18.0, 20)
    });
    let options = Options {
        replications: 16,
        ..Options::default()
    };
    let run = simulate(&at_two_sites(&together), Horizon::Weeks(2600), &options).unwrap();
    let sum = |name: &str| run.record().measure(name)[200..].iter().sum::<f64>();
    let wait = sum("waited_step2") / sum("course_starts_step2");
    let formula = skillmix::queueing::erlang::erlang_c(9.0, 1.0, 10).unwrap();
    assert!(
        (formula.wait / 0.668_7 - 1.0).abs() < 1e-3,
        "{}",
        formula.wait
    );
    assert!(
        (wait / formula.wait - 1.0).abs() < 0.04,
        "{wait} {}",
        formula.wait
    );
}

/// Twenty people are in a course and twenty wait on the first morning: twenty places are never more than full, and
/// with ten places nobody starts until more than ten have ended.
#[test]
fn places_are_given_once_and_shrink_as_courses_end() {
    let opening = |places: u32| {
        let stage = OneStage {
            duration: Some(r#"{ varies = { family = "exponential", mean = 4.0 } }"#),
            ..OneStage::new(6.0, places)
        };
        let list: toml::Table = toml::from_str("weeks = [10, 10]").unwrap();
        let changes = [
            (
                "open_courses.step2.treatment",
                toml::Value::Array(vec![toml::Value::Float(20.0)]),
            ),
            ("waiting.step2.treatment", toml::Value::Table(list)),
        ];
        let changes = changes.map(|(path, value)| (path.to_string(), value));
        one_stage(&stage).with_all(changes).unwrap()
    };
    for seed in 0..4 {
        let options = Options {
            replications: 1,
            seed,
            ..Options::default()
        };
        let run = |places: u32| simulate(&opening(places), Horizon::Weeks(60), &options).unwrap();
        let full = run(20);
        let open = full.record().measure("open_step2");
        assert!(open.iter().all(|&open| open <= 20.0), "{open:?}");
        let fewer = run(10);
        let open = fewer.record().measure("open_step2");
        let mut before = 20.0;
        for (week, &now) in open.iter().enumerate() {
            assert!(now <= f64::max(before, 10.0), "week {week}: {open:?}");
            before = now;
        }
        assert!(open[59] <= 10.0);
    }
}
