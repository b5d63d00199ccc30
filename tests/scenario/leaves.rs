//! Any one leaf of a preset corrupted: refused by its path, never a panic, never taken in silence.

use rayon::prelude::*;
use skillmix::error::Error;
use skillmix::scenario::Scenario;
use toml::Value;

/// A step on the way to a leaf.
#[derive(Clone)]
enum Step {
    Key(String),
    Place(usize),
}

fn leaves(value: &Value, way: &mut Vec<Step>, found: &mut Vec<Vec<Step>>) {
    match value {
        Value::Table(table) if !table.is_empty() => {
            for (key, inner) in table {
                way.push(Step::Key(key.clone()));
                leaves(inner, way, found);
                way.pop();
            }
        }
        Value::Array(items) if !items.is_empty() => {
            // The list as a whole, and each of its items.
            found.push(way.clone());
            for (place, inner) in items.iter().enumerate() {
                way.push(Step::Place(place));
                leaves(inner, way, found);
                way.pop();
            }
        }
        _ => found.push(way.clone()),
    }
}

fn path_of(way: &[Step]) -> String {
    way.iter().fold(String::new(), |path, step| match step {
        Step::Key(key) if path.is_empty() => key.clone(),
        Step::Key(key) => format!("{path}.{key}"),
        Step::Place(place) => format!("{path}[{place}]"),
    })
}

fn replace(tree: &mut Value, way: &[Step], with: Value) {
    let mut node = tree;
    for step in way {
        node = match step {
            Step::Key(key) => &mut node[key.as_str()],
            Step::Place(place) => &mut node[*place],
        };
    }
    *node = with;
}

fn corruptions() -> Vec<(&'static str, Value)> {
    let table = toml::Table::from_iter([("oops".to_string(), Value::Integer(1))]);
    vec![
        ("not a number", Value::Float(f64::NAN)),
        ("negative", Value::Integer(-1)),
        ("huge", Value::Float(1e308)),
        ("nonsense", Value::String("nonsense".into())),
        ("an empty list", Value::Array(Vec::new())),
        ("true", Value::Boolean(true)),
        ("a table", Value::Table(table)),
    ]
}

/// What a corrupted leaf may truly hold: any text where a text is free, true where true or false is asked,
/// and empty lists and tables of things that a service need not have.
fn is_allowed(pack: &str, path: &str, corruption: &str) -> bool {
    let last = path.rsplit('.').next().unwrap_or(path);
    match corruption {
        "nonsense" => {
            let free = last == "title"
                || path == "name"
                || path.starts_with("notes[")
                || path.starts_with("service.");
            // Nobody screens or assesses in the empty pack, so the roles are not looked up.
            let unused = pack == "blank"
                && (path == "pathway.screening.role" || path == "pathway.assessment.role");
            // Nobody attends the short courses of the packs.
            let unattended = path.starts_with("training.short_courses.")
                && ["roles", "trains_for", "becomes"]
                    .iter()
                    .any(|field| last.starts_with(field));
            free || unused || unattended
        }
        "true" => {
            let switches = [
                "spill_over",
                "pro_rata",
                "counts_for_ratio",
                "supervises_supervisors",
                "resit_delays_award",
            ];
            switches.contains(&last)
        }
        "an empty list" => {
            path == "notes"
                || path == "without"
                || path == "training.intakes"
                || (path.starts_with("training.short_courses.")
                    && (last == "roles" || last == "trains_for"))
        }
        _ => false,
    }
}

/// The path itself, something inside it, or the field or table that it belongs to.
fn names(problem: &str, path: &str) -> bool {
    let parent = |of: &str| {
        of.rfind(['.', '['])
            .map_or(String::new(), |end| of[..end].to_string())
    };
    let (one, two) = (parent(path), parent(&parent(path)));
    problem.starts_with(path)
        || (!one.is_empty() && problem == one)
        || (!two.is_empty() && problem == two)
}

fn check(pack: &str, tree: &Value, way: &[Step], corruption: &str, with: &Value) -> Option<String> {
    let path = path_of(way);
    let mut corrupted = tree.clone();
    replace(&mut corrupted, way, with.clone());
    let Value::Table(corrupted) = corrupted else {
        return Some("no table".into());
    };
    let result = std::panic::catch_unwind(|| Scenario::from_tree(corrupted));
    let Ok(result) = result else {
        return Some(format!("{path} = {corruption}: panics"));
    };
    match result {
        Ok(_) if is_allowed(pack, &path, corruption) => None,
        Ok(_) => Some(format!("{path} = {corruption}: taken in silence")),
        Err(Error::Scenario(problems))
            if problems.iter().any(|problem| names(&problem.path, &path)) =>
        {
            None
        }
        Err(error) => Some(format!("{path} = {corruption}: not named in: {error}")),
    }
}

fn corrupt_all(pack: &str, least: usize) {
    let tree = Value::Table(Scenario::preset(pack).unwrap().complete().clone());
    let mut found = Vec::new();
    leaves(&tree, &mut Vec::new(), &mut found);
    assert!(found.len() >= least, "{} leaves", found.len());
    let corruptions = corruptions();
    let failures: Vec<String> = found
        .par_iter()
        .flat_map_iter(|way| {
            let tree = &tree;
            corruptions
                .iter()
                .filter_map(move |(name, with)| check(pack, tree, way, name, with))
        })
        .collect();
    assert!(
        failures.is_empty(),
        "{} of them:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn corrupt_leaves_of_talking_therapies_2025() {
    corrupt_all("talking-therapies-2025", 250);
}

#[test]
fn corrupt_leaves_of_iapt_2008() {
    corrupt_all("iapt-2008", 250);
}

#[test]
fn corrupt_leaves_of_blank() {
    corrupt_all("blank", 30);
}

/// A leaf that is left out comes from the pack; a table of the pack cannot be left half-said.
#[test]
fn a_leaf_left_out_comes_from_the_pack() {
    let preset = Scenario::preset("talking-therapies-2025").unwrap();
    let mut tree = preset.complete().clone();
    tree["staff"]["pwp"]
        .as_table_mut()
        .unwrap()
        .remove("leavers_per_year");
    assert_eq!(Scenario::from_tree(tree).unwrap().hash(), preset.hash());
    let text =
        "schema = 1\npack = \"talking-therapies-2025\"\n[staff.psychologist]\nband = \"8a\"\n";
    let error = Scenario::from_toml(text).unwrap_err().to_string();
    assert!(error.contains("staff.psychologist"), "{error}");
}
