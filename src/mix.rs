//! Which skill mix? The same service at other shares of PWPs, at the same budget, WTE or demand.
//!
//! The share is that of the low-intensity family among low- and high-intensity staff by WTE, seniors and
//! leads included, trainees and counsellors apart. Posts are whole, by largest remainder, ties to the lower
//! band; within a family the roles keep their proportions. Every mix is staffed as if in place from the
//! first day, and its ring-fence for assessments is the share of PWP hours that they need.
//!
//! ```text
//! budget:  the most posts whose full-year pay and on-costs do not exceed those of the staff in post
//! wte:     as many posts as are in post now, rounded
//! demand:  the fewest posts at this share that hold what each family needs, vacancies between leaver and
//!          successor included; the other family has idle time
//! ```

mod staffing;
mod summary;
pub mod sweep;

use std::sync::atomic::{AtomicBool, Ordering};

use toml::Value;

use crate::error::{Problem, ProblemKind, Result, nearest};
use crate::measures::number;
use crate::plan::{Plan, plan};
use crate::project::{Horizon, Projection, project};
use crate::record::asked::refuse;
use crate::scenario::Scenario;
use staffing::Families;

pub use sweep::{MixSweep, mix_sweep};

/// What stays the same between mixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// Full-year pay and on-costs.
    Budget,
    /// Number of posts.
    Wte,
    /// The demand that is served.
    Demand,
}

impl Hold {
    /// The names there are.
    pub const NAMES: [&'static str; 3] = ["budget", "wte", "demand"];

    /// Reads a name.
    ///
    /// # Errors
    /// [`crate::error::Error::Scenario`] with the names there are.
    pub fn parse(name: &str) -> Result<Self> {
        match name {
            "budget" => Ok(Self::Budget),
            "wte" => Ok(Self::Wte),
            "demand" => Ok(Self::Demand),
            other => {
                let problem = Problem::new("hold", format!("{other:?}"), Self::NAMES.join(", "));
                Err(problem.suggest(nearest(other, Self::NAMES)).into())
            }
        }
    }

    /// The name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Budget => "budget",
            Self::Wte => "wte",
            Self::Demand => "demand",
        }
    }
}

/// One mix and what it does.
#[derive(Debug, Clone)]
pub struct Mix {
    /// PWP share asked for.
    pub share: f64,
    /// Label, such as `40:60`.
    pub label: String,
    /// The service with this mix.
    pub scenario: Scenario,
    /// Its run.
    pub run: Projection,
    /// Its plan.
    pub plan: Plan,
    /// Full-year pay and on-costs of both families \[pounds\].
    pub pay: f64,
}

/// Mixes beside each other.
#[derive(Debug, Clone)]
pub struct SkillMix {
    /// What stays the same.
    pub hold: Hold,
    /// The mixes, in the order asked.
    pub mixes: Vec<Mix>,
}

/// Most mixes in one call.
pub const MOST_MIXES: usize = 201;

/// The same service at each PWP share.
///
/// # Errors
/// [`crate::error::Error::Scenario`] for shares outside 0 to 1, no shares, or a service without both families;
/// [`crate::error::Error::Infeasible`] where a demand cannot be served at a share.
pub fn skill_mix(
    scenario: &Scenario,
    shares: &[f64],
    hold: Hold,
    horizon: Horizon,
) -> Result<SkillMix> {
    skill_mix_until(scenario, shares, hold, horizon, &AtomicBool::new(false))
}

/// The same; mixes that begin after `stop` is set are left out.
///
/// # Errors
/// As [`skill_mix`].
pub fn skill_mix_until(
    scenario: &Scenario,
    shares: &[f64],
    hold: Hold,
    horizon: Horizon,
    stop: &AtomicBool,
) -> Result<SkillMix> {
    refuse(check_shares("pwp_share", shares))?;
    let base = plan(scenario)?;
    let families = Families::of(&base)?;
    let going = shares.iter().take_while(|_| !stop.load(Ordering::Relaxed));
    let mixes = going.map(|&share| {
        let posts = families.posts_at(share, hold)?;
        mix(&base, &families, share, posts, horizon)
    });
    Ok(SkillMix {
        hold,
        mixes: mixes.collect::<Result<_>>()?,
    })
}

/// What is wrong with a list of shares.
fn check_shares(path: &str, shares: &[f64]) -> Vec<Problem> {
    if shares.is_empty() || shares.len() > MOST_MIXES {
        let value = format!("{} shares", shares.len());
        let problem = Problem::new(path, value, format!("1 to {MOST_MIXES} shares"));
        return vec![problem.of_kind(if shares.is_empty() {
            ProblemKind::Field
        } else {
            ProblemKind::Limit
        })];
    }
    let wrong = shares
        .iter()
        .enumerate()
        .filter(|(_, share)| !(0.0..=1.0).contains(*share));
    wrong
        .map(|(index, &share)| {
            let percent = (share > 1.0 && share <= 100.0).then_some(share / 100.0);
            Problem::new(&format!("{path}[{index}]"), share, "0 to 1").suggest(percent)
        })
        .collect()
}

/// The service of `base` with `posts` for each family, run and planned.
fn mix(
    base: &Plan,
    families: &Families,
    share: f64,
    posts: [u32; 2],
    horizon: Horizon,
) -> Result<Mix> {
    let scenario = with_posts(base, families, share, posts)?;
    Ok(Mix {
        share,
        label: label(share),
        run: project(&scenario, horizon)?,
        plan: plan(&scenario)?,
        pay: families.pay(posts),
        scenario,
    })
}

/// A mix as planners say it, such as `40:60`.
fn label(share: f64) -> String {
    let percent = |share: f64| number(share * 100.0).replace(".0", "");
    format!("{}:{}", percent(share), percent(1.0 - share))
}

/// The service of `base` with `posts` for each family.
fn with_posts(base: &Plan, families: &Families, share: f64, posts: [u32; 2]) -> Result<Scenario> {
    let mut changes = Vec::new();
    for (role, posts) in families.posts_by_role(posts) {
        for field in ["in_post", "posts"] {
            let path = format!("staff.{role}.{field}");
            changes.push((path, Value::Float(f64::from(posts))));
        }
        // A mix is there from the first day and stays.
        if !base.scenario().spec().staff[role].posts_changes.is_empty() {
            let path = format!("staff.{role}.posts_changes");
            changes.push((path, Value::Array(Vec::new())));
        }
    }
    if let Some(kept) = balanced_ring_fence(base) {
        changes.push(("pathway.assessment.ring_fence".into(), Value::Float(kept)));
    }
    let name = format!("{} at {}", base.scenario().spec().name, label(share));
    changes.push(("name".into(), Value::String(name)));
    base.scenario().with_all(changes)
}

/// The share of a pool's minutes that serves assessments and the courses they lead to alike, if minutes are
/// ring-fenced: otherwise a mix would be judged by a ring-fence that was made for another one.
fn balanced_ring_fence(base: &Plan) -> Option<f64> {
    base.scenario().spec().pathway.assessment.ring_fence?;
    let timetable = base.timetable();
    let pool = timetable.roles[timetable.assessment_role?].pool;
    let hours = &base.needs().pools[pool];
    let share = hours.assessment / (hours.assessment + hours.courses);
    share.is_finite().then_some(share)
}
