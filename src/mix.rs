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

use crate::error::{Error, Problem, Result};
use crate::measures::{largest_remainder, number, whole};
use crate::plan::{Plan, plan};
use crate::project::{Horizon, Projection, project};
use crate::scenario::Scenario;
use crate::scenario::staff::StaffFamily;
use crate::table::{Table, Values};
use toml::Value;

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
    /// [`Error::Scenario`] with the names there are.
    pub fn parse(name: &str) -> Result<Self> {
        match name {
            "budget" => Ok(Self::Budget),
            "wte" => Ok(Self::Wte),
            "demand" => Ok(Self::Demand),
            other => {
                let problem = Problem::new("hold", format!("{other:?}"), Self::NAMES.join(", "));
                Err(problem
                    .suggest(crate::error::nearest(other, Self::NAMES))
                    .into())
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

/// A family of staff: its roles by name and WTE in post.
struct Family {
    roles: Vec<(String, f64, f64)>,
}

impl Family {
    fn of(scenario: &Scenario, plan: &Plan, pay: &[f64], family: StaffFamily) -> Self {
        let places = plan.timetable().roles.iter().enumerate();
        let here = places.filter(|(_, place)| place.family == family && place.course.is_none());
        let mut roles: Vec<(String, f64, f64)> = here
            .map(|(index, place)| {
                (
                    place.name.clone(),
                    scenario.spec().staff[&place.name].in_post.mean(),
                    pay[index],
                )
            })
            .collect();
        roles.sort_by(|a, b| a.2.total_cmp(&b.2));
        Self { roles }
    }

    fn wte(&self) -> f64 {
        self.roles.iter().map(|role| role.1).sum()
    }

    /// Whole posts of each role, lower pay first.
    fn posts(&self, posts: u32) -> Vec<u32> {
        if self.wte() > 0.0 {
            return largest_remainder(
                &self.roles.iter().map(|role| role.1).collect::<Vec<_>>(),
                posts,
            );
        }
        let mut all = vec![0; self.roles.len()];
        if let Some(first) = all.first_mut() {
            *first = posts;
        }
        all
    }

    fn pay(&self, posts: u32) -> f64 {
        self.posts(posts)
            .iter()
            .zip(&self.roles)
            .map(|(&posts, role)| f64::from(posts) * role.2)
            .sum()
    }
}

/// The same service at each PWP share.
///
/// # Errors
/// [`Error::Scenario`] for shares outside 0 to 1, no shares, or a service without both families;
/// [`Error::Infeasible`] where a demand cannot be served at a share.
pub fn skill_mix(
    scenario: &Scenario,
    shares: &[f64],
    hold: Hold,
    horizon: Horizon,
) -> Result<SkillMix> {
    if shares.is_empty() || shares.len() > MOST_MIXES {
        let value = format!("{} shares", shares.len());
        return Err(Problem::new("pwp_share", value, format!("1 to {MOST_MIXES} shares")).into());
    }
    for (index, &share) in shares.iter().enumerate() {
        if !(0.0..=1.0).contains(&share) {
            let percent = (share > 1.0 && share <= 100.0).then_some(share / 100.0);
            return Err(
                Problem::new(&format!("pwp_share[{index}]"), share, "0 to 1")
                    .suggest(percent)
                    .into(),
            );
        }
    }
    let base = plan(scenario)?;
    let pay = base.pay_per_wte()?;
    let low = Family::of(scenario, &base, &pay, StaffFamily::LowIntensity);
    let high = Family::of(scenario, &base, &pay, StaffFamily::HighIntensity);
    if low.roles.is_empty() || high.roles.is_empty() || low.wte() + high.wte() <= 0.0 {
        let sentence = "a skill mix needs low-intensity and high-intensity staff in post";
        return Err(Problem::told("staff", "", sentence, "staff of both families").into());
    }
    let mixes = shares.iter().map(|&share| {
        let posts = posts_at(&base, &low, &high, share, hold)?;
        mix(scenario, &low, &high, share, posts, horizon)
    });
    Ok(SkillMix {
        hold,
        mixes: mixes.collect::<Result<_>>()?,
    })
}

/// Whole posts of both families at a share.
fn posts_at(base: &Plan, low: &Family, high: &Family, share: f64, hold: Hold) -> Result<[u32; 2]> {
    let split = |posts: u32| -> [u32; 2] {
        let split = largest_remainder(&[share, 1.0 - share], posts);
        [split[0], split[1]]
    };
    let pay = |posts: [u32; 2]| low.pay(posts[0]) + high.pay(posts[1]);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    // staff are bounded by 100,000 a role
    let rounded = (low.wte() + high.wte()).round() as u32;
    match hold {
        Hold::Wte => Ok(split(rounded.max(1))),
        Hold::Budget => {
            let budget: f64 = low
                .roles
                .iter()
                .chain(&high.roles)
                .map(|role| role.1 * role.2)
                .sum();
            let dearest = low
                .roles
                .iter()
                .chain(&high.roles)
                .map(|role| role.2)
                .fold(0.0, f64::max);
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let mut posts = (budget / dearest) as u32;
            while pay(split(posts + 1)) <= budget * (1.0 + 1e-9) {
                posts += 1;
            }
            Ok(split(posts))
        }
        Hold::Demand => {
            let needed = |family: &Family| -> f64 {
                let roles = base.timetable().roles.iter().zip(&base.needs().roles);
                roles
                    .filter(|(place, _)| family.roles.iter().any(|role| role.0 == place.name))
                    .map(|(_, need)| need.posts)
                    .sum()
            };
            let (low_needed, high_needed) = (needed(low), needed(high));
            let impossible =
                (share <= 0.0 && low_needed > 0.0) || (share >= 1.0 && high_needed > 0.0);
            if impossible || !(low_needed + high_needed).is_finite() {
                return Err(Error::Infeasible {
                    asked: format!("serving the demand at a PWP share of {share}"),
                    best: format!(
                        "{} PWP and {} HIT posts",
                        number(low_needed),
                        number(high_needed)
                    ),
                    rule: "each step needs staff of its own".into(),
                });
            }
            let by_low = if share > 0.0 { low_needed / share } else { 0.0 };
            let by_high = if share < 1.0 {
                high_needed / (1.0 - share)
            } else {
                0.0
            };
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let mut posts = (by_low.max(by_high) - 2.0).max(0.0) as u32;
            loop {
                let [low, high] = split(posts).map(f64::from);
                if low >= low_needed - 1e-9 && high >= high_needed - 1e-9 {
                    return Ok(split(posts));
                }
                posts += 1;
            }
        }
    }
}

fn mix(
    scenario: &Scenario,
    low: &Family,
    high: &Family,
    share: f64,
    posts: [u32; 2],
    horizon: Horizon,
) -> Result<Mix> {
    let mut changes = Vec::new();
    for (family, posts) in [(low, posts[0]), (high, posts[1])] {
        for ((name, _, _), posts) in family.roles.iter().zip(family.posts(posts)) {
            for field in ["in_post", "posts"] {
                changes.push((
                    format!("staff.{name}.{field}"),
                    Value::Float(f64::from(posts)),
                ));
            }
        }
    }
    if let Some(kept) = balanced_ring_fence(scenario)? {
        changes.push(("pathway.assessment.ring_fence".into(), Value::Float(kept)));
    }
    let label = format!("{}:{}", whole(share * 100.0), whole((1.0 - share) * 100.0));
    changes.push((
        "name".into(),
        Value::String(format!("{} at {label}", scenario.spec().name)),
    ));
    let scenario = scenario.with_all(changes)?;
    let run = project(&scenario, horizon)?;
    let plan = plan(&scenario)?;
    Ok(Mix {
        share,
        label,
        run,
        plan,
        pay: low.pay(posts[0]) + high.pay(posts[1]),
        scenario,
    })
}

/// The share of a pool's minutes that serves assessments and the courses they lead to alike, if minutes are
/// ring-fenced: otherwise a mix would be judged by a ring-fence that was made for another one.
fn balanced_ring_fence(scenario: &Scenario) -> Result<Option<f64>> {
    if scenario.spec().pathway.assessment.ring_fence.is_none() {
        return Ok(None);
    }
    let base = plan(scenario)?;
    let hours = base
        .timetable()
        .assessment_role
        .map(|role| &base.needs().pools[base.timetable().roles[role].pool]);
    Ok(hours
        .map(|hours| hours.assessment / (hours.assessment + hours.courses))
        .filter(|share| share.is_finite()))
}

impl SkillMix {
    /// One row a mix. Flows, waits and cost are those of the last whole year of the run.
    ///
    /// # Errors
    /// None in practice: the tables that are read exist.
    pub fn summary(&self) -> Result<Table> {
        let mut rows = Vec::with_capacity(self.mixes.len());
        for mix in &self.mixes {
            rows.push(Row::of(mix)?);
        }
        let column = |of: fn(&Row) -> f64| -> Vec<f64> { rows.iter().map(of).collect() };
        Ok(Table::new("summary")
            .text(
                "mix",
                "PWP : HIT by WTE",
                self.mixes.iter().map(|mix| mix.label.clone()),
            )
            .number(
                "pwp_share",
                "share",
                "PWP share asked for",
                self.mixes.iter().map(|mix| mix.share).collect(),
            )
            .text(
                "hold",
                "What is the same for all mixes",
                self.mixes.iter().map(|_| self.hold.name()),
            )
            .number(
                "pwp_wte",
                "WTE",
                "Low-intensity posts, seniors included",
                column(|row| row.low),
            )
            .number(
                "hit_wte",
                "WTE",
                "High-intensity posts, leads included",
                column(|row| row.high),
            )
            .number(
                "supervisors_wte",
                "WTE",
                "Seniors and leads among them",
                column(|row| row.supervisors),
            )
            .number(
                "trainees_a_year",
                "heads a year",
                "Training places that replace a year's leavers",
                column(|row| row.trainees),
            )
            .number(
                "recurrent_pounds",
                "pounds a year",
                "Full-year pay and on-costs of both families",
                self.mixes.iter().map(|mix| mix.pay).collect(),
            )
            .number(
                "course_starts",
                "people a year",
                "Course starts in the last whole year",
                column(|row| row.course_starts),
            )
            .number(
                "finishers",
                "people a year",
                "Finishers in the last whole year",
                column(|row| row.finishers),
            )
            .number(
                "recoveries",
                "people a year",
                "Finishers at caseness who recovered in the last whole year",
                column(|row| row.recovered),
            )
            .number(
                "wait_step2_weeks",
                "weeks",
                "Mean weeks waited by those who started at Step 2 in the last whole year",
                column(|row| row.wait_step2),
            )
            .number(
                "wait_step3_weeks",
                "weeks",
                "Mean weeks waited by those who started at Step 3 in the last whole year",
                column(|row| row.wait_step3),
            )
            .number(
                "waiting_step2",
                "people",
                "Waiting for Step 2 at the end of that year",
                column(|row| row.waiting_step2),
            )
            .number(
                "waiting_step3",
                "people",
                "Waiting for Step 3 at the end of that year",
                column(|row| row.waiting_step3),
            )
            .number(
                "waiting_assessment",
                "people",
                "Waiting for an assessment at the end of that year",
                column(|row| row.waiting_assessment),
            )
            .number(
                "cost",
                "pounds",
                "Cost of that year, all roles and payers",
                column(|row| row.cost),
            )
            .number(
                "cost_per_recovery",
                "pounds",
                "Cost of that year over recoveries of that year",
                column(|row| row.cost / row.recovered),
            )
            .number(
                "idle_pwp_share",
                "share",
                "Bookable hours of the PWP pool not used in that year",
                column(|row| row.idle_low),
            )
            .number(
                "idle_hit_share",
                "share",
                "Bookable hours of the HIT pool not used in that year",
                column(|row| row.idle_high),
            )
            .number(
                "rules_broken",
                "rules",
                "Conditions and warnings over the whole run",
                column(|row| row.rules),
            ))
    }

    /// The answer in sentences; the first is the headline.
    ///
    /// # Errors
    /// As [`SkillMix::summary`].
    pub fn words(&self) -> Result<Vec<String>> {
        let table = self.summary()?;
        let best = |column: &str, sign: f64| {
            let list = table.numbers(column);
            (0..list.len())
                .filter(|&row| list[row].is_finite())
                .min_by(|&a, &b| (sign * list[a]).total_cmp(&(sign * list[b])))
        };
        let hold = match self.hold {
            Hold::Budget => "At the same budget",
            Hold::Wte => "With the same number of staff",
            Hold::Demand => "Staffed to serve the same demand",
        };
        let mut said = Vec::new();
        if let (Some(most), Some(cheapest)) =
            (best("recoveries", -1.0), best("cost_per_recovery", 1.0))
        {
            said.push(format!(
                "{hold}, {} gives the most recoveries a year ({}), and {} the cheapest ones ({} pounds each).",
                table.texts("mix")[most],
                whole(table.numbers("recoveries")[most]),
                table.texts("mix")[cheapest],
                whole(table.numbers("cost_per_recovery")[cheapest])
            ));
        }
        for row in 0..table.len() {
            let n = |column: &str| table.numbers(column)[row];
            let wait = |column: &str| {
                if n(column).is_finite() {
                    format!("{} weeks", number(n(column)))
                } else {
                    "no start".into()
                }
            };
            said.push(format!(
                "{}: {} PWP and {} HIT posts, {} course starts, {} recoveries, {} to Step 2 and {} to Step 3.",
                table.texts("mix")[row],
                whole(n("pwp_wte")),
                whole(n("hit_wte")),
                whole(n("course_starts")),
                whole(n("recoveries")),
                wait("wait_step2_weeks"),
                wait("wait_step3_weeks")
            ));
        }
        said.push("Who goes to which step stays the same in all mixes: a mix that does not fit the routes leaves one role idle and the other short.".into());
        Ok(said)
    }
}

#[derive(Default)]
struct Row {
    low: f64,
    high: f64,
    supervisors: f64,
    trainees: f64,
    course_starts: f64,
    finishers: f64,
    recovered: f64,
    wait_step2: f64,
    wait_step3: f64,
    waiting_step2: f64,
    waiting_step3: f64,
    waiting_assessment: f64,
    cost: f64,
    idle_low: f64,
    idle_high: f64,
    rules: f64,
}

impl Row {
    fn of(mix: &Mix) -> Result<Self> {
        let yearly = mix.run.table("yearly")?;
        let complete = match yearly.column("complete").map(|column| &column.values) {
            Some(Values::Truth(list)) => list.iter().rposition(|&complete| complete),
            _ => None,
        };
        let year = complete.unwrap_or(yearly.len() - 1);
        let n = |column: &str| yearly.numbers(column)[year];
        let cost = mix.run.table("cost")?;
        let label = &yearly.texts("year")[year];
        let of_year = cost
            .texts("year")
            .iter()
            .zip(cost.numbers("pounds"))
            .filter(|row| row.0 == label);
        let rules = mix.run.table("rules")?;
        let mut row = Self {
            course_starts: n("course_starts"),
            finishers: n("finishers"),
            recovered: n("recovered"),
            wait_step2: n("wait_step2_weeks"),
            wait_step3: n("wait_step3_weeks"),
            waiting_step2: n("waiting_step2"),
            waiting_step3: n("waiting_step3"),
            waiting_assessment: n("waiting_assessment"),
            cost: of_year.map(|row| row.1).sum(),
            rules: rules
                .texts("severity")
                .iter()
                .filter(|severity| *severity != "target")
                .count() as f64,
            ..Self::default()
        };
        row.staff(mix);
        row.idle(mix, year);
        Ok(row)
    }

    fn staff(&mut self, mix: &Mix) {
        for (index, place) in mix
            .plan
            .timetable()
            .roles
            .iter()
            .enumerate()
            .filter(|(_, place)| place.course.is_none())
        {
            let wte = place.said.in_post.mean();
            let leavers =
                wte * place.said.leavers_per_year.mean() / place.said.wte_per_head.value();
            match place.family {
                StaffFamily::LowIntensity => self.low += wte,
                StaffFamily::HighIntensity => self.high += wte,
                _ => continue,
            }
            if place.pool == index {
                self.trainees += leavers;
            } else {
                self.supervisors += wte;
            }
        }
    }

    fn idle(&mut self, mix: &Mix, year: usize) {
        let timetable = mix.run.timetable();
        for (index, place) in timetable
            .roles
            .iter()
            .enumerate()
            .filter(|(index, place)| place.pool == *index && place.course.is_none())
        {
            let weeks = mix.run.record().pools[index]
                .iter()
                .zip(&timetable.year_of_week);
            let (mut idle, mut bookable) = (0.0, 0.0);
            for (pool, _) in weeks.filter(|(_, of)| **of == year) {
                idle += pool.idle[0];
                bookable += pool.bookable[0];
            }
            let share = if bookable > 0.0 { idle / bookable } else { 0.0 };
            match place.family {
                StaffFamily::LowIntensity => self.idle_low = share,
                StaffFamily::HighIntensity => self.idle_high = share,
                _ => {}
            }
        }
    }
}
