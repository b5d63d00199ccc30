//! How does a file become a region? Services are read beside it; every problem of all of them is reported.

use std::path::Path;
use std::sync::Arc;

use toml::{Table, Value};

use super::allocation::Allotted;
use super::spec::{RegionSpec, schema};
use super::{AllocationRule, Region, check};
use crate::error::{Error, Problem, ProblemKind, Result};
use crate::scenario::read::dates_to_text;
use crate::scenario::{Scenario, schema_is_known, walk};

/// Reads a region from its tree; `given` are services that are scenarios already, files lie in `folder`.
pub fn region(
    mut tree: Table,
    folder: Option<&Path>,
    given: Vec<(String, Scenario)>,
) -> Result<Region> {
    tree.iter_mut().for_each(|(_, value)| dates_to_text(value));
    schema_is_known(tree.get("schema"))?;
    let mut problems = Vec::new();
    let mut services = given;
    if let Some(Value::Table(said)) = tree.get_mut("services") {
        for (name, value) in said.iter_mut() {
            match service(value, folder) {
                Some(Ok(scenario)) => services.push((name.clone(), scenario)),
                Some(Err(error)) => problems.extend(inside(name, error)),
                None => continue, // neither a file nor a table: the walk says so
            }
            *value = Value::String(String::new());
        }
    }
    services.sort_by(|a, b| a.0.cmp(&b.0));
    if !tree.contains_key("services") {
        tree.insert("services".into(), Value::Table(Table::new()));
    }
    if let Some(Value::Table(said)) = tree.get_mut("services") {
        for (name, _) in &services {
            said.entry(name.clone())
                .or_insert_with(|| Value::String(String::new()));
        }
    }
    let faults = walk::faults(&mut tree, schema());
    if !faults.is_empty() {
        problems.extend(faults);
        return Err(Error::Scenario(problems));
    }
    let spec: RegionSpec = (tree.clone().try_into()).map_err(|error: toml::de::Error| {
        Problem::told("", "", error.message(), "a complete region")
    })?;
    let trees = services.iter().map(|(name, scenario)| {
        let stated = Value::Table(scenario.stated().clone());
        (name.clone(), stated)
    });
    tree.insert("services".into(), Value::Table(trees.collect()));
    let region = Region {
        spec: Arc::new(spec),
        services,
        stated: tree,
    };
    problems.extend(check::problems(&region));
    if problems.is_empty() {
        Ok(region)
    } else {
        Err(Error::Scenario(problems))
    }
}

/// The scenario of a service: a file in `folder`, or a table.
fn service(value: &Value, folder: Option<&Path>) -> Option<Result<Scenario>> {
    match (value, folder) {
        (Value::Table(table), _) => Some(Scenario::from_tree(table.clone())),
        (Value::String(name), Some(folder)) => Some(Scenario::load(&folder.join(name))),
        (Value::String(name), None) => {
            let sentence = "a file can only be named in a file, which it lies beside";
            Some(Err(Problem::told("", name, sentence, "a scenario").into()))
        }
        _ => None,
    }
}

/// The problems of a service as problems of the region.
fn inside(name: &str, error: Error) -> Vec<Problem> {
    let here = format!("services.{name}");
    match error {
        Error::Scenario(problems) => problems
            .into_iter()
            .map(|problem| Problem {
                message: match problem.path.as_str() {
                    "" => problem.message.replacen("scenario", &here, 1),
                    _ => format!("{here}.{}", problem.message),
                },
                path: match problem.path.as_str() {
                    "" => here.clone(),
                    path => format!("{here}.{path}"),
                },
                ..problem
            })
            .collect(),
        other => {
            let said = other.to_string();
            let expected = "a scenario file that can be read";
            vec![Problem::told(&here, "", &said, expected).of_kind(ProblemKind::Field)]
        }
    }
}

/// The services with the trainees that were allotted to them.
pub fn with_trainees(region: &Region, allotted: &[Allotted]) -> Result<Vec<Scenario>> {
    let by_rule = region.spec().allocation.rule != AllocationRule::Stated;
    let services = region.services().enumerate();
    services
        .map(|(service, (name, scenario))| {
            let given = allotted
                .iter()
                .filter(|one| by_rule && one.service == service && one.allocated > 0.0);
            let given: Vec<Value> = given.map(|one| intake(region, one)).collect();
            if given.is_empty() {
                return Ok(scenario.clone());
            }
            let said = scenario.complete().get("training");
            let mut intakes = said
                .and_then(|training| training.get("intakes"))
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default();
            intakes.extend(given);
            scenario
                .with("training.intakes", intakes)
                .map_err(|error| Error::Scenario(inside(name, error)))
        })
        .collect()
}

fn intake(region: &Region, one: &Allotted) -> Value {
    let places = &region.spec().places[one.places];
    let mut intake = Table::new();
    intake.insert("course".into(), Value::String(places.course.clone()));
    intake.insert("start".into(), Value::String(places.start.to_string()));
    intake.insert("trainees".into(), Value::Float(one.allocated));
    if let Some(at) = &places.at {
        intake.insert("at".into(), Value::String(at.clone()));
    }
    Value::Table(intake)
}
