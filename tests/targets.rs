//! Does a plan to targets meet them when it is run again, is it the smallest that does, and does it say so
//! when nothing does?

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;
#[path = "targets/infeasible.rs"]
mod infeasible;
#[path = "targets/met.rs"]
mod met;
#[path = "targets/worked.rs"]
mod worked;

use skillmix::Scenario;
use skillmix::error::Error;
use skillmix::targets::{TargetPlan, Targets, plan_to};

/// The plan to targets stated as TOML.
///
/// # Errors
/// As [`plan_to`].
pub fn to(scenario: &Scenario, asked: &str) -> Result<TargetPlan, Error> {
    plan_to(scenario, &Targets::from_toml(scenario, asked)?)
}

/// A service with a list for Step 3, whose therapists leave and are not replaced.
pub fn frozen(hit: f64, waiting: f64) -> Scenario {
    common::preset(
        "talking-therapies-2025",
        &[
            ("staff.hit.in_post", common::toml(&format!("{hit:?}"))),
            ("staff.hit.recruitment.policy", common::toml("\"frozen\"")),
            (
                "waiting.step3.cbt",
                common::toml(&format!("{{ people = {waiting:?}, longest_weeks = 20 }}")),
            ),
        ],
    )
}

/// Places of a course by autumn.
pub fn places(plan: &TargetPlan, course: &str) -> Vec<u32> {
    let places = plan.places().iter().filter(|place| place.course == course);
    places.map(|place| place.places).collect()
}

/// All places and posts.
pub fn all(plan: &TargetPlan) -> f64 {
    let places: u32 = plan.places().iter().map(|place| place.places).sum();
    let posts: f64 = plan.recruits().iter().map(|role| role.1).sum();
    f64::from(places) + posts
}
