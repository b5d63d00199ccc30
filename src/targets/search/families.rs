//! Which staff is each target about?
//!
//! A wait or a list for a step is about the pools that its treatments prefer, each by itself: one that has
//! too few cannot be helped by another. Completed courses are about all pools together.

use std::collections::BTreeMap;

use crate::plan::Plan;
use crate::scenario::Scenario;
use crate::scenario::stock::List;
use crate::targets::ask::Targets;
use crate::targets::goals::{Goal, Measure, Stage};
use crate::timetable::Timetable;
use crate::unit::Quantity;

/// Targets that are about the same pools.
#[derive(Debug, Clone)]
pub struct Family {
    /// Roles that head them, by index.
    pub pools: Vec<usize>,
    /// The targets.
    pub goals: Vec<Goal>,
}

/// The targets with the limits that the scenario gives them.
pub fn resolved(scenario: &Scenario, targets: &Targets, plan: &Plan) -> Vec<Goal> {
    let waiting = &scenario.spec().waiting;
    let total = |list: &List| -> f64 {
        let weeks = list.weeks.iter().flatten().map(Quantity::mean);
        weeks.sum::<f64>() + list.people.map_or(0.0, |people| people.mean())
    };
    let needs = plan.needs();
    let flow = &needs.demand;
    let of = |goal: &Goal| match goal.measure {
        Measure::Hold(Stage::Assessment) => waiting.assessment.as_ref().map_or(0.0, total),
        Measure::Hold(Stage::Step2) => waiting.step2.values().map(total).sum(),
        Measure::Hold(Stage::Step3) => waiting.step3.values().map(total).sum(),
        Measure::Clear(Stage::Assessment) => 2.0 * flow.assessed / needs.weeks,
        Measure::Clear(Stage::Step2) => 2.0 * flow.course_starts_step2 / needs.weeks,
        Measure::Clear(Stage::Step3) => 2.0 * flow.course_starts_step3 / needs.weeks,
        _ => goal.limit,
    };
    let goals = targets.goals.iter();
    goals.map(|goal| goal.limited_to(of(goal))).collect()
}

/// Targets by the pools that they are about: one pool after the other, then those about several.
pub fn families(goals: &[Goal], timetable: &Timetable, plan: &Plan) -> Vec<Family> {
    let needs = plan.needs();
    let busy = |pool: usize| needs.pools[pool].demand() > 0.0;
    let all: Vec<usize> = (timetable.pools().map(|(pool, _)| pool))
        .filter(|&pool| busy(pool))
        .collect();
    let assessing = timetable
        .assessment_role
        .map(|role| timetable.roles[role].pool)
        .filter(|&pool| needs.pools[pool].assessment > 0.0);
    let counts = plan
        .scenario()
        .spec()
        .pathway
        .assessment
        .counts_as_treatment
        .mean()
        >= 0.5;
    let mut single: BTreeMap<(u8, usize), Vec<Goal>> = BTreeMap::new();
    let mut shared: BTreeMap<Vec<usize>, Vec<Goal>> = BTreeMap::new();
    for goal in goals {
        let (step, pools): (u8, Vec<usize>) = match goal.measure {
            Measure::Wait(stage)
            | Measure::Waiting(stage)
            | Measure::Hold(stage)
            | Measure::Clear(stage) => match stage.step() {
                None => (1, assessing.into_iter().collect()),
                Some(step) => {
                    let places = timetable.treatments.iter().filter(|t| t.step == step);
                    let mut pools: Vec<usize> = places.map(|t| t.pools[0]).collect();
                    pools.sort_unstable();
                    pools.dedup();
                    pools.retain(|&pool| busy(pool));
                    (step, pools)
                }
            },
            Measure::FirstTreatments | Measure::Within(_) if counts => {
                (1, assessing.into_iter().collect())
            }
            _ => (0, all.clone()),
        };
        if step == 0 || pools.len() != 1 {
            shared.entry(pools.clone()).or_default().push(goal.clone());
        }
        if step == 0 {
            continue;
        }
        let starts = |pool: usize| -> (Vec<String>, f64) {
            let here = timetable.treatments.iter().zip(&needs.starts);
            let here = here.filter(|(t, _)| t.step == step && t.pools[0] == pool);
            here.fold((Vec::new(), 0.0), |(mut names, sum), (t, starts)| {
                names.push(t.name.clone());
                (names, sum + starts)
            })
        };
        let sum: f64 = pools.iter().map(|&pool| starts(pool).1).sum();
        for &pool in &pools {
            let own = if pools.len() == 1 {
                goal.clone()
            } else {
                let (names, part) = starts(pool);
                let limit = match goal.measure {
                    Measure::Wait(_) => goal.limit,
                    _ => goal.limit * part / sum,
                };
                goal.for_treatments(names, limit)
            };
            // Step 1 and 2 goals of one pool are met together, before Step 3.
            single.entry((step.max(2), pool)).or_default().push(own);
        }
    }
    let single = single.into_iter().map(|((_, pool), goals)| Family {
        pools: vec![pool],
        goals,
    });
    let shared = shared
        .into_iter()
        .map(|(pools, goals)| Family { pools, goals });
    single.chain(shared).collect()
}
