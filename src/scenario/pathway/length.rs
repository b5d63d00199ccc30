//! How long is a course: in sessions, or, for textbook queues, in weeks?

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};

use crate::distribution::{Between, LASTING_WEEKS, Lasting, VariesInTime, fixed_sessions};
use crate::unit::{Draw, Quantity, SessionCount, Unit};

/// The planned number of sessions: one number (possibly unsure), or a spread between people.
#[derive(Debug, Clone, PartialEq)]
pub enum Sessions {
    /// The same plan for all; a fraction is a mixture of the two whole numbers beside it.
    Planned(Quantity<SessionCount>),
    /// A plan that differs between people.
    Varies(Between),
}

impl Sessions {
    /// Shares of people who are planned 1, 2, ... sessions.
    #[must_use]
    pub fn shares(&self, draw: Draw) -> Vec<f64> {
        match self {
            Self::Planned(sessions) => fixed_sessions(sessions.at(draw)),
            Self::Varies(between) => between.shares(draw),
        }
    }

    /// The same plan with so many times the sessions, and so many times the spread, in one drawn world.
    #[must_use]
    pub fn times(&self, factor: f64, draw: Draw) -> Self {
        match self {
            Self::Planned(sessions) => Self::Planned(Quantity::fixed(sessions.at(draw) * factor)),
            Self::Varies(between) => Self::Varies(Between {
                mean: Quantity::fixed(between.mean.at(draw) * factor),
                sd: between.sd.map(|sd| sd * factor),
                ..*between
            }),
        }
    }

    /// Sessions planned on average, before rounding.
    #[must_use]
    pub fn mean(&self) -> f64 {
        match self {
            Self::Planned(sessions) => sessions.mean(),
            Self::Varies(between) => between.mean.mean(),
        }
    }
}

impl JsonSchema for Sessions {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Sessions".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "x-kind": "sessions",
            "x-unit": SessionCount::UNIT,
            "anyOf": [
                { "type": "number", "minimum": SessionCount::MIN, "maximum": SessionCount::MAX },
                { "$ref": "#/$defs/Unsure" },
                { "$ref": "#/$defs/Varies" }
            ]
        })
    }
}

impl<'de> Deserialize<'de> for Sessions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Plan;

        impl<'de> Visitor<'de> for Plan {
            type Value = Sessions;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("a number of sessions")
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Sessions, E> {
                Ok(Sessions::Planned(Quantity::fixed(value)))
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Sessions, E> {
                Ok(Sessions::Planned(Quantity::fixed(value as f64)))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Sessions, A::Error> {
                let table = toml::Value::deserialize(de::value::MapAccessDeserializer::new(map))?;
                match table.get("varies") {
                    Some(between) => between.clone().try_into().map(Sessions::Varies),
                    None => table.try_into().map(Sessions::Planned),
                }
                .map_err(de::Error::custom)
            }
        }

        deserializer.deserialize_any(Plan)
    }
}

/// Weeks that a course lasts, in place of sessions: the same for all, or a spread between people.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CourseWeeks(pub Lasting);

impl JsonSchema for CourseWeeks {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "CourseWeeks".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "x-kind": "lasting",
            "x-unit": "weeks",
            "anyOf": [
                { "type": "number", "minimum": LASTING_WEEKS[0], "maximum": LASTING_WEEKS[1] },
                { "$ref": "#/$defs/VariesInTime" }
            ]
        })
    }
}

impl<'de> Deserialize<'de> for CourseWeeks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Weeks;

        impl<'de> Visitor<'de> for Weeks {
            type Value = CourseWeeks;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("a number of weeks")
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<CourseWeeks, E> {
                Ok(CourseWeeks(Lasting::fixed(value)))
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<CourseWeeks, E> {
                Ok(CourseWeeks(Lasting::fixed(value as f64)))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<CourseWeeks, A::Error> {
                let said = VariesInTime::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(CourseWeeks(said.varies))
            }
        }

        deserializer.deserialize_any(Weeks)
    }
}
