//! How is an independent case read and compared?

use std::sync::LazyLock;

use serde_json::Value;

use crate::common::{assert_all_close, assert_close};

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
    pub fn value(&self, part: &str, name: &str) -> &'static Value {
        let value = &self.0[part][name];
        assert!(!value.is_null(), "{} has no {part}.{name}", self.0["id"]);
        value
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

    #[track_caller]
    pub fn check(&self, name: &str, ours: f64) {
        assert_close(ours, self.wanted(name), self.tolerance());
    }

    #[track_caller]
    pub fn check_list(&self, name: &str, ours: &[f64]) {
        assert_all_close(ours, &self.wanted_list(name), self.tolerance());
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
