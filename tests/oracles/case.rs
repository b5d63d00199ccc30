//! How is an independent case read, compared and written down?
//!
//! Every comparison is a row of the validation page: `make validation` names a file in `SKILLMIX_CHECKS`, and
//! each check appends to it, before it fails or passes, what was expected and what was obtained. So the page and
//! the tests cannot differ.

#![allow(dead_code)] // each binary uses its own part

use std::fs::OpenOptions;
use std::io::Write;
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::common::close;

/// The file of cases.
pub static ORACLES: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../data/oracles.json")).expect("a JSON file")
});

/// A case by its id.
pub struct Case(&'static Value);

/// The case of that id.
pub fn case(id: &str) -> Case {
    let cases = ORACLES["cases"].as_array().unwrap();
    Case(
        cases
            .iter()
            .find(|case| case["id"] == id)
            .unwrap_or_else(|| panic!("no case {id}")),
    )
}

impl Case {
    /// A value by its name; names and places of lists within it after dots, as `step2.Lq` and `p_gt.0.1`.
    pub fn value(&self, part: &str, name: &str) -> &'static Value {
        let value = self.find(part, name);
        assert!(!value.is_null(), "{} has no {part}.{name}", self.0["id"]);
        value
    }

    fn find(&self, part: &str, name: &str) -> &'static Value {
        let inner = |value: &'static Value, name: &str| match name.parse::<usize>() {
            Ok(place) if value.is_array() => &value[place],
            _ => &value[name],
        };
        name.split('.').fold(&self.0[part], inner)
    }

    /// True if the case says what to expect of that name.
    pub fn expects(&self, name: &str) -> bool {
        !self.find("expected", name).is_null()
    }

    pub fn given(&self, name: &str) -> f64 {
        self.value("inputs", name).as_f64().unwrap()
    }

    pub fn given_list(&self, name: &str) -> Vec<f64> {
        numbers(self.value("inputs", name))
    }

    pub fn wanted(&self, name: &str) -> f64 {
        self.value("expected", name).as_f64().unwrap()
    }

    pub fn wanted_list(&self, name: &str) -> Vec<f64> {
        numbers(self.value("expected", name))
    }

    /// Relative tolerance; 0 for whole numbers.
    pub fn tolerance(&self) -> f64 {
        self.0["tolerance"]["rel"].as_f64().unwrap()
    }

    /// Fails unless `ours` is what is expected, to the tolerance of the case.
    #[track_caller]
    pub fn check(&self, name: &str, ours: f64) {
        self.check_within(name, ours, self.tolerance());
    }

    /// Fails unless the lists agree, item by item.
    #[track_caller]
    pub fn check_list(&self, name: &str, ours: &[f64]) {
        assert_eq!(ours.len(), self.wanted_list(name).len());
        for (place, &ours) in ours.iter().enumerate() {
            self.check(&format!("{name}.{place}"), ours);
        }
    }

    /// Fails unless `ours` is what is expected to a relative `tolerance`; absolute where 0 is expected.
    #[track_caller]
    pub fn check_within(&self, name: &str, ours: f64, tolerance: f64) {
        let wanted = self.wanted(name);
        let agrees = close(ours, wanted, tolerance) || (wanted == 0.0 && ours.abs() <= tolerance);
        self.write_down(name, &json!(wanted), &json!(ours), None, agrees);
        assert!(agrees, "{} {name}: {ours} for {wanted}", self.0["id"]);
    }

    /// Fails unless `ours` is at most the bound that is expected.
    #[track_caller]
    pub fn check_at_most(&self, name: &str, ours: f64) {
        let bound = self.wanted(name);
        self.write_down(name, &json!(bound), &json!(ours), None, ours <= bound);
        assert!(
            ours <= bound,
            "{} {name}: {ours} over {bound}",
            self.0["id"]
        );
    }

    /// Fails unless `mean` lies within 4 standard errors of what is expected, and the standard error is at most
    /// 1 % of it.
    #[track_caller]
    pub fn check_chance(&self, name: &str, mean: f64, se: f64) {
        self.check_chance_of(name, mean, se, 0.01 * self.wanted(name).abs());
    }

    /// The same with the largest standard error that is allowed, where 1 % of the value is not it.
    #[track_caller]
    pub fn check_chance_of(&self, name: &str, mean: f64, se: f64, largest_se: f64) {
        let wanted = self.wanted(name);
        let agrees = se > 0.0 && se <= largest_se && (mean - wanted).abs() <= 4.0 * se;
        self.write_down(name, &json!(wanted), &json!(mean), Some(se), agrees);
        assert!(
            agrees,
            "{} {name}: {mean} for {wanted}, standard error {se} of at most {largest_se}",
            self.0["id"]
        );
    }

    /// Fails unless `ours` is exactly what is expected, where that is no number of a float's range.
    #[track_caller]
    pub fn check_exactly(&self, name: &str, ours: &Value) {
        let wanted = self.value("expected", name);
        self.write_down(name, wanted, ours, None, ours == wanted);
        assert_eq!(ours, wanted, "{} {name}", self.0["id"]);
    }

    /// Appends a row to the file of checks, if one is asked for.
    fn write_down(&self, name: &str, wanted: &Value, ours: &Value, se: Option<f64>, agrees: bool) {
        let Some(path) = std::env::var_os("SKILLMIX_CHECKS") else {
            return;
        };
        let test = std::thread::current()
            .name()
            .unwrap_or_default()
            .to_string();
        let verdict = if agrees { "agrees" } else { "fails" };
        let row = json!({
            "id": self.0["id"], "quantity": name, "expected": wanted, "obtained": ours, "se": se,
            "verdict": verdict, "test": test,
        });
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)
            .unwrap();
        file.write_all(format!("{row}\n").as_bytes()).unwrap(); // one write: tests run side by side
    }
}

/// The numbers of a list.
pub fn numbers(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|number| number.as_f64().unwrap())
        .collect()
}
