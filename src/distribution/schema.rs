//! How is an unsure number written in a file? The part of the JSON Schema that says so.
//!
//! `scenario::spread` reads what is written here.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

/// What is not known about the world, as it is written in a file: one value is drawn for each world.
#[derive(Debug, Clone, Copy)]
pub struct Unsure;

impl JsonSchema for Unsure {
    fn schema_name() -> Cow<'static, str> {
        "Unsure".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "additionalProperties": false,
            "properties": { "unsure": generator.subschema_for::<Thought>() },
            "required": ["unsure"],
            "description": "What is not known about the world: one value is drawn for each world."
        })
    }
}

struct Thought;

impl JsonSchema for Thought {
    fn schema_name() -> Cow<'static, str> {
        "Family".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let number = || json!({ "type": "number" });
        let list = |length: usize| {
            json!({ "type": "array", "items": { "type": "number" },
                    "minItems": length, "maxItems": length })
        };
        // By names: the parameters, the mean and the standard deviation, or quantiles such as q05 and q95.
        let named = |names: &[&str]| {
            let names = names.iter().map(|&name| (name.to_string(), number()));
            json!({ "type": "object", "additionalProperties": false,
                    "properties": names.collect::<serde_json::Map<_, _>>(),
                    "patternProperties": { "^q[0-9]{2,4}$": number() } })
        };
        let said = |of: &[Value], what: &str| json!({ "anyOf": of, "description": what });
        let values = json!({ "type": "array", "items": { "type": "number" }, "minItems": 1,
                             "maxItems": 10_000 });
        json_schema!({
            "type": "object",
            "additionalProperties": false,
            "minProperties": 1,
            "maxProperties": 2,
            "description": "One family by name, with its numbers; within cuts it off.",
            "properties": {
                "fixed": said(&[number()], "Always the same."),
                "uniform": said(&[list(2), named(&["low", "high", "mean", "sd"])],
                    "Any value between low and high is equally likely: `[low, high]`."),
                "triangular": said(&[list(3), named(&["low", "mode", "high"])],
                    "A triangle: `[low, most likely, high]`, or three quantiles."),
                "pert": said(&[list(3), named(&["low", "mode", "high", "weight"])],
                    "A smooth hump with most weight near the middle, `(high + low + 4 mode) / 6` on \
                     average: `[low, most likely, high]`, or three quantiles; another weight than 4 \
                     makes it narrower or wider."),
                "normal": said(&[named(&["mean", "sd"])], "The bell, by mean and sd or two quantiles."),
                "lognormal": said(&[named(&["mean", "sd", "mu", "sigma"])],
                    "Skewed to the right, never below 0: by mean and sd, two quantiles, or mean and sd \
                     of the logarithm."),
                "beta": said(&[named(&["mean", "sd", "alpha", "beta"])],
                    "A share between 0 and 1: by mean and sd, two quantiles, or alpha and beta."),
                "gamma": said(&[named(&["mean", "sd", "shape", "scale"])],
                    "Skewed to the right, lighter tail: by mean and sd, two quantiles, or shape and \
                     scale."),
                "poisson": said(&[named(&["mean"])], "A count whose variance is its mean."),
                "negative_binomial": said(&[named(&["mean", "sd", "size"])],
                    "A count whose variance is above its mean: by mean and sd, or mean and size."),
                "empirical": said(&[values.clone(), json!({
                        "type": "object", "additionalProperties": false, "required": ["values"],
                        "properties": { "values": values.clone(), "weights": values } })],
                    "One of the values that were seen, each with its weight."),
                "within": json!({ "type": "array", "items": { "type": "number" }, "minItems": 2,
                    "maxItems": 2, "description": "No draw lies outside: `[low, high]`." })
            }
        })
    }
}
