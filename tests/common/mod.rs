//! What the tests share: small services, runs, columns.

#![allow(dead_code)] // each binary uses its own part

use skillmix::project::{Horizon, Projection, project};
use skillmix::scenario::Scenario;
use skillmix::table::{Table, Values};
use toml::Value;

/// A random scenario, shown by what it states.
#[derive(Clone)]
pub struct Service(pub Scenario);

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.to_toml())
    }
}

/// A scenario from TOML; the pack and the schema are put in front.
pub fn scenario(pack: &str, text: &str) -> Scenario {
    let text = format!("schema = 1\npack = {pack:?}\n{text}");
    Scenario::from_toml(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// A preset with fields changed.
pub fn preset(pack: &str, changes: &[(&str, Value)]) -> Scenario {
    changed(&Scenario::preset(pack).unwrap(), changes)
}

/// A scenario with fields changed.
pub fn changed(scenario: &Scenario, changes: &[(&str, Value)]) -> Scenario {
    let changes = changes
        .iter()
        .map(|(path, value)| ((*path).to_string(), value.clone()));
    scenario
        .with_all(changes)
        .unwrap_or_else(|error| panic!("{error}"))
}

/// A TOML value from its text; dates become texts, as in a JSON file.
pub fn toml(text: &str) -> Value {
    fn dates_as_texts(value: Value) -> Value {
        match value {
            Value::Datetime(date) => Value::String(date.to_string()),
            Value::Array(items) => Value::Array(items.into_iter().map(dates_as_texts).collect()),
            Value::Table(table) => {
                let texts = table
                    .into_iter()
                    .map(|(key, inner)| (key, dates_as_texts(inner)));
                Value::Table(texts.collect())
            }
            other => other,
        }
    }
    let mut table: toml::Table = toml::from_str(&format!("v = {text}")).unwrap();
    dates_as_texts(table.remove("v").unwrap())
}

/// Runs as long as the scenario says.
pub fn run(scenario: &Scenario) -> Projection {
    project(scenario, Horizon::Scenario).unwrap()
}

/// A role that nobody leaves or joins, present on every working day.
pub fn role(name: &str, family: &str, in_post: f64, patients: f64) -> String {
    let other = 37.5 - patients;
    format!(
        r#"
[staff.{name}]
title = "{name}"
family = "{family}"
band = "5"
pay_point = "middle"
in_post = {in_post:?}
wte_per_head = 1.0
job_plan = {{ patients = {patients:?}, supervision_received = 0, supervision_given = 0, cpd = 0, meetings = 0, other = {other:?}, teaching = 0 }}
availability = 1.0
leavers_per_year = 0.0
recruitment = {{ policy = "frozen", lead_weeks = 0, fill_share = 0.0 }}
extra_supervision_hours = 0
"#
    )
}

/// A treatment that everybody attends and completes; all outcome shares are 1.
pub fn treatment(step: u8, name: &str, role: &str, sessions: f64, minutes: f64) -> String {
    format!(
        r#"
[pathway.step{step}.{name}]
title = "{name}"
roles = ["{role}"]
first_minutes = {minutes:?}
followup_minutes = {minutes:?}
interval_weeks = 1
sessions = {sessions:?}
drop_out = 0.0
dna = 0.0
patient_cancel = 0.0
provider_cancel = 0.0
reuse = 0.0
renege_per_week = 0.0
step_up = 0.0
step_down = 0.0
recovery = 1.0
reliable_recovery = 1.0
reliable_improvement = 1.0
at_caseness = 1.0
"#
    )
}

/// Routes that send the stated shares to treatments and signpost the rest.
pub fn routes(step2: &str, step3: &str, signposted: f64) -> String {
    format!(
        "\n[pathway.routes]\nstep2 = {{ {step2} }}\nstep3 = {{ {step3} }}\nsignposted = {signposted:?}\n\
         declined = 0.0\nnot_suitable = 0.0\nreferred_on = 0.0\n"
    )
}

/// Numbers of a column; whole numbers and truths too.
pub fn column(table: &Table, name: &str) -> Vec<f64> {
    let column = table.column(name);
    match &column.unwrap_or_else(|| panic!("no column {name}")).values {
        Values::Number(list) => list.clone(),
        Values::Whole(list) => list.iter().map(|&n| n as f64).collect(),
        Values::Truth(list) => list.iter().map(|&yes| f64::from(u8::from(yes))).collect(),
        _ => panic!("{name} is no number"),
    }
}

/// A column of a table of a run.
pub fn figures(run: &Projection, table: &str, name: &str) -> Vec<f64> {
    column(&run.table(table).unwrap(), name)
}

/// True if `ours` is `theirs` to a relative `tolerance`.
pub fn close(ours: f64, theirs: f64, tolerance: f64) -> bool {
    ours == theirs || (ours - theirs).abs() <= tolerance * theirs.abs()
}

/// Fails unless `ours` is `theirs` to a relative `tolerance`.
#[track_caller]
pub fn assert_close(ours: f64, theirs: f64, tolerance: f64) {
    assert!(close(ours, theirs, tolerance), "{ours} for {theirs}");
}

/// Fails unless the lists agree, item by item.
#[track_caller]
pub fn assert_all_close(ours: &[f64], theirs: &[f64], tolerance: f64) {
    assert_eq!(ours.len(), theirs.len());
    for (place, (&ours, &theirs)) in ours.iter().zip(theirs).enumerate() {
        assert!(
            close(ours, theirs, tolerance) || (theirs == 0.0 && ours.abs() <= tolerance),
            "{place}: {ours} for {theirs}"
        );
    }
}
