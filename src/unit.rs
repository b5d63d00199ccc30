//! Which quantities are there, in what unit, and within which bounds?
//!
//! Each kind of number that a planner writes has its unit and its bounds here, once. The checks, the
//! messages, the JSON Schema and the page of fields are all made from these constants.

use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

/// A kind of number: its name, its unit and the closed range that is allowed.
pub trait Unit {
    /// Name of the kind, as shown in the schema.
    const NAME: &'static str;
    /// Unit, as shown to a planner.
    const UNIT: &'static str;
    /// Smallest allowed value.
    const MIN: f64;
    /// Largest allowed value.
    const MAX: f64;
}

macro_rules! units {
    ($($(#[$doc:meta])* $name:ident, $unit:literal, $min:expr, $max:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name;
        impl Unit for $name {
            const NAME: &'static str = stringify!($name);
            const UNIT: &'static str = $unit;
            const MIN: f64 = $min;
            const MAX: f64 = $max;
        }
    )+};
}

units! {
    /// A part of a whole, written as a fraction: 0.12, not 12.
    Share, "share", 0.0, 1.0;
    /// Whole-time equivalents of 37.5 contract hours a week.
    Wte, "WTE", 0.0, 1e5;
    /// Whole-time equivalents that one person works.
    WtePerHead, "WTE per head", 0.05, 1.0;
    /// People counted one by one; fractions are expectations.
    Heads, "heads", 0.0, 1e5;
    /// Patients.
    People, "people", 0.0, 1e8;
    /// Patients that one whole-time equivalent may take or hold.
    PeoplePerWte, "people per WTE", 0.0, 1e3;
    /// Hours of a contract week.
    HoursAWeek, "hours a week", 0.0, 37.5;
    /// Hours a week of a whole service.
    ServiceHoursAWeek, "hours a week", 0.0, 1e5;
    /// Minutes of staff time for one contact, notes included.
    Minutes, "minutes", 0.0, 600.0;
    /// Minutes of staff time that cannot be nothing.
    ContactMinutes, "minutes", 1.0, 600.0;
    /// Weeks of a year.
    WeeksAYear, "weeks a year", 0.0, 52.0;
    /// Whole or part weeks.
    WeekCount, "weeks", 0.0, 520.0;
    /// Events a year per person in post: a hazard, so it may exceed 1.
    RateAYear, "a year", 0.0, 10.0;
    /// Time in a role.
    Months, "months", 0.0, 600.0;
    /// What is paid on top, as a share of what it is paid on: 0.3 is 30 % more.
    Premium, "share on top", 0.0, 5.0;
    /// Relative growth a year.
    Growth, "a year", -0.5, 1.0;
    /// Referrals in the stated period.
    Referrals, "referrals", 0.0, 1e7;
    /// Sessions of a course.
    SessionCount, "sessions", 1.0, 60.0;
    /// Contacts outside the sessions of a course.
    ContactCount, "contacts a start", 0.0, 30.0;
    /// People in one group.
    GroupSize, "people", 1.0, 100.0;
    /// Staff at one session.
    Facilitators, "staff", 0.5, 10.0;
    /// Index relative to an average of 1.
    Index, "index", 0.0, 10.0;
    /// Variance of a monthly count over its mean.
    Dispersion, "ratio", 1.0, 1e3;
    /// People for each other person: a ratio with something in it.
    Ratio, "ratio", 0.01, 1e3;
    /// Days of a working week.
    DaysAWeek, "days a week", 0.0, 5.0;
    /// Days of a short course.
    CourseDays, "days", 0.0, 100.0;
    /// Places for open courses.
    Slots, "places", 0.0, 1e6;
    /// Rooms.
    Rooms, "rooms", 0.0, 1e4;
    /// Hours of a week in which a room can be used.
    SiteHours, "hours a week", 0.0, 168.0;
    /// Pay of one whole-time equivalent.
    Salary, "pounds a year", 1e3, 1e6;
    /// Pounds a year, or once.
    Pounds, "pounds", 0.0, 1e9;
}

/// One drawn world: the value of each unsure number, by slot. Empty means: use the means.
pub type Draw<'a> = &'a [f64];

/// A number of kind `U`: fixed, or unsure with a mean and a place among the drawn numbers.
pub struct Quantity<U> {
    mean: f64,
    slot: Option<usize>,
    unit: PhantomData<U>,
}

impl<U: Unit> Quantity<U> {
    /// A fixed number. The caller vouches for the bounds; files are checked before they get here.
    #[must_use]
    pub const fn fixed(value: f64) -> Self {
        Self {
            mean: value,
            slot: None,
            unit: PhantomData,
        }
    }

    /// The number itself, or the mean of what is unsure.
    #[must_use]
    pub const fn mean(&self) -> f64 {
        self.mean
    }

    /// Whether the number is not known.
    #[must_use]
    pub const fn is_unsure(&self) -> bool {
        self.slot.is_some()
    }

    /// The value in one drawn world; the mean where nothing was drawn.
    #[must_use]
    pub fn at(&self, draw: Draw) -> f64 {
        self.slot
            .and_then(|slot| draw.get(slot))
            .copied()
            .unwrap_or(self.mean)
    }
}

impl<U> Clone for Quantity<U> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<U> Copy for Quantity<U> {}

impl<U> PartialEq for Quantity<U> {
    fn eq(&self, other: &Self) -> bool {
        self.mean.to_bits() == other.mean.to_bits() && self.slot == other.slot
    }
}

impl<U: Unit> fmt::Debug for Quantity<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.mean, U::UNIT)
    }
}

impl<U: Unit> JsonSchema for Quantity<U> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        U::NAME.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "x-kind": "quantity",
            "x-unit": U::UNIT,
            "anyOf": [
                { "type": "number", "minimum": U::MIN, "maximum": U::MAX },
                { "$ref": "#/$defs/Unsure" }
            ]
        })
    }
}

/// A number of kind `U` that is known, or is not varied between worlds.
pub struct Fixed<U> {
    value: f64,
    unit: PhantomData<U>,
}

impl<U: Unit> Fixed<U> {
    /// A number. The caller vouches for the bounds; files are checked before they get here.
    #[must_use]
    pub const fn new(value: f64) -> Self {
        Self {
            value,
            unit: PhantomData,
        }
    }

    /// The number.
    #[must_use]
    pub const fn value(&self) -> f64 {
        self.value
    }
}

impl<U> Clone for Fixed<U> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<U> Copy for Fixed<U> {}

impl<U> PartialEq for Fixed<U> {
    fn eq(&self, other: &Self) -> bool {
        self.value.to_bits() == other.value.to_bits()
    }
}

impl<U: Unit> fmt::Debug for Fixed<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.value, U::UNIT)
    }
}

impl<U: Unit> JsonSchema for Fixed<U> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        U::NAME.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "x-unit": U::UNIT, "minimum": U::MIN, "maximum": U::MAX })
    }
}

impl<'de, U: Unit> Deserialize<'de> for Fixed<U> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        f64::deserialize(deserializer).map(|value| Self {
            value,
            unit: PhantomData,
        })
    }
}

/// Reads a number, or the table that the checks have prepared: `{ mean, slot, unsure }`.
impl<'de, U: Unit> Deserialize<'de> for Quantity<U> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberOrUnsure<U>(PhantomData<U>);

        impl<'de, U: Unit> Visitor<'de> for NumberOrUnsure<U> {
            type Value = Quantity<U>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                write!(f, "a number of {}", U::UNIT)
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Self::Value, E> {
                Ok(Quantity::fixed(value))
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Self::Value, E> {
                Ok(Quantity::fixed(value as f64))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let (mut mean, mut slot) = (None, None);
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "mean" => mean = Some(map.next_value::<f64>()?),
                        "slot" => slot = Some(map.next_value::<usize>()?),
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                let mean = mean.ok_or_else(|| de::Error::missing_field("mean"))?;
                Ok(Quantity {
                    mean,
                    slot,
                    unit: PhantomData,
                })
            }
        }

        deserializer.deserialize_any(NumberOrUnsure(PhantomData))
    }
}

/// The same number in `L` worlds that are computed side by side.
pub type Lanes<const L: usize> = [f64; L];

/// The number of each lane: a plain loop into a list of its own, which the compiler turns into vectors.
#[must_use]
#[inline]
pub fn each<const L: usize>(mut of: impl FnMut(usize) -> f64) -> Lanes<L> {
    let mut lanes = [0.0; L];
    for lane in 0..L {
        lanes[lane] = of(lane);
    }
    lanes
}

/// Adds to the number of each lane.
#[inline]
pub fn add<const L: usize>(sum: &mut Lanes<L>, more: &Lanes<L>) {
    *sum = each(|lane| sum[lane] + more[lane]);
}

/// The value of a quantity in each of `L` drawn worlds.
#[must_use]
pub fn lanes<U: Unit, const L: usize>(quantity: &Quantity<U>, draws: &[Draw; L]) -> Lanes<L> {
    std::array::from_fn(|lane| quantity.at(draws[lane]))
}
