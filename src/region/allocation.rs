//! How are training places shared between services?
//!
//! ```text
//! asked     = (needed WTE - WTE in post + leavers a year x years to qualifying) / WTE a head
//!             - trainees who qualify by then, those of earlier places included;      never below 0
//! allocated = places x weight / sum of weights, whole by largest remainder
//! ```
//!
//! The weight is what is asked, or by population and by share what is due: the exact share of all places of the
//! course so far less what was given, so that what one rounding takes the next gives back. Ties of remainders
//! go to the larger weight, then to the first service by name. What nobody with a weight can take stays over.

use std::collections::BTreeMap;

use crate::calendar::add_months;
use crate::error::Result;
use crate::measures::largest_remainder;
use crate::plan::{Plan, plan};
use crate::region::Region;
use crate::region::spec::{AllocationRule, Places};
use crate::scenario::training::Intake;
use crate::scenario::{Scenario, Spec};

/// What a service asked for and got of some places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Allotted {
    /// Places of the region, by index.
    pub places: usize,
    /// Service, by index.
    pub service: usize,
    /// People whom the service would lack when these trainees qualify \[heads\].
    pub asked: f64,
    /// Places given to it, or stated as its intakes \[heads\].
    pub allocated: f64,
}

/// Shares whole places by weights; nothing where no weight is above 0.
///
/// Each service gets its exact share rounded down; the places that remain go to the largest remainders, ties
/// to the larger weight, then to the first.
///
/// ```
/// // 10 places for needs of 3.2, 1.1, 2.0: exact 5.079, 1.746, 3.175, so 5, 1, 3; the last to the .746.
/// assert_eq!(skillmix::region::share_places(&[3.2, 1.1, 2.0], 10), [5, 2, 3]);
/// ```
#[must_use]
pub fn share_places(weights: &[f64], places: u32) -> Vec<u32> {
    let counts = |weight: f64| weight.is_finite() && weight > 0.0;
    let mut order: Vec<usize> = (0..weights.len())
        .filter(|&index| counts(weights[index]))
        .collect();
    order.sort_by(|&a, &b| weights[b].total_cmp(&weights[a]).then(a.cmp(&b)));
    let mut shared = vec![0; weights.len()];
    if order.is_empty() {
        return shared;
    }
    let in_order: Vec<f64> = order.iter().map(|&index| weights[index]).collect();
    for (&index, given) in order.iter().zip(largest_remainder(&in_order, places)) {
        shared[index] = given;
    }
    shared
}

/// Shares the places of a region, earlier starts first.
pub fn allot(region: &Region) -> Result<Vec<Allotted>> {
    let spec = region.spec();
    let scenarios: Vec<&Scenario> = region.services().map(|(_, scenario)| scenario).collect();
    let plans = scenarios
        .iter()
        .map(|scenario| plan(scenario))
        .collect::<Result<Vec<_>>>()?;
    let mut found: Vec<Allotted> = Vec::new();
    let mut due: BTreeMap<&String, Vec<f64>> = BTreeMap::new();
    for index in in_order_of_start(&spec.places) {
        let places = &spec.places[index];
        let asked: Vec<f64> = scenarios
            .iter()
            .enumerate()
            .map(|(service, scenario)| {
                if !region.may_send(index, service) {
                    return 0.0;
                }
                let before = found.iter().filter(|one| {
                    one.service == service && spec.places[one.places].course == places.course
                });
                let given: f64 = before.map(|one| one.allocated).sum();
                let other = |intake: &Intake| region.row_of(service, intake).is_none();
                asked(scenario.spec(), &plans[service], places, given, other)
            })
            .collect();
        let shared: Vec<f64> = match spec.allocation.rule {
            AllocationRule::Stated => (0..scenarios.len())
                .map(|service| region.stated_on(index, service))
                .collect(),
            AllocationRule::ByNeed => whole(&asked, places),
            AllocationRule::ByPopulation | AllocationRule::ByShare => {
                let weights: Vec<f64> = (region.services().enumerate())
                    .map(|(service, (name, _))| {
                        let weight = spec.allocation.weights.get(name);
                        let weight = weight.filter(|_| region.may_send(index, service));
                        weight.map_or(0.0, |weight| weight.0)
                    })
                    .collect();
                let due = due
                    .entry(&places.course)
                    .or_insert_with(|| vec![0.0; weights.len()]);
                by_weight(&weights, places, due)
            }
        };
        let of_services = asked.into_iter().zip(shared).enumerate();
        found.extend(of_services.map(|(service, (asked, allocated))| Allotted {
            places: index,
            service,
            asked,
            allocated,
        }));
    }
    Ok(found)
}

/// Shares places by weights, and keeps what is `due` to each service of its exact shares: what rounding took
/// from it is made good by the next places of the course.
fn by_weight(weights: &[f64], places: &Places, due: &mut [f64]) -> Vec<f64> {
    let sum: f64 = weights.iter().sum();
    if sum <= 0.0 {
        return vec![0.0; weights.len()];
    }
    for (due, weight) in due.iter_mut().zip(weights) {
        *due += weight / sum * f64::from(places.places);
    }
    let may = |(due, weight): (&f64, &f64)| if *weight > 0.0 { *due } else { 0.0 };
    let now: Vec<f64> = due.iter().zip(weights).map(may).collect();
    let owed = now.iter().any(|&due| due > 0.0);
    let shared = whole(if owed { &now } else { weights }, places);
    for (due, given) in due.iter_mut().zip(&shared) {
        *due -= given;
    }
    shared
}

fn whole(weights: &[f64], places: &Places) -> Vec<f64> {
    let shared = share_places(weights, places.places);
    shared.into_iter().map(f64::from).collect()
}

/// Places by start, then course, then university: the order of the file changes no figure.
pub fn in_order_of_start(places: &[Places]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by(|&a, &b| {
        let key = |index: usize| {
            let one = &places[index];
            (one.start, &one.course, &one.at, &one.services, one.places)
        };
        key(a).cmp(&key(b))
    });
    order
}

/// People whom a service would lack on the day when trainees of these places qualify \[heads\]; `given` were
/// given earlier places, and of the scenario's intakes those count that are `other` than these.
fn asked(
    spec: &Spec,
    plan: &Plan,
    places: &Places,
    given: f64,
    other: impl Fn(&Intake) -> bool,
) -> f64 {
    let Some(course) = spec.training.courses.get(&places.course) else {
        return 0.0;
    };
    let Some(role) = plan.timetable().role(&course.becomes) else {
        return 0.0;
    };
    let months = i32::try_from(course.months).unwrap_or(i32::MAX);
    let qualify = add_months(places.start, months);
    let years = f64::from((qualify - spec.calendar.start).get_days()) / 365.25;
    let need = &plan.needs().roles[role];
    let lacking = need.needed - need.in_post + need.leavers * years;
    if !lacking.is_finite() {
        return 0.0;
    }
    let in_training: f64 = (spec.training.intakes.iter())
        .filter(|intake| intake.course == places.course && other(intake))
        .filter(|intake| add_months(intake.start, months) <= qualify)
        .map(|intake| intake.trainees.mean())
        .sum();
    let per_head = plan.timetable().roles[role].said.wte_per_head.value();
    (lacking / per_head - in_training - given).max(0.0)
}

/// Whether an intake is meant for these places; one that names no university fits any.
pub fn fits(intake: &Intake, places: &Places) -> bool {
    let here = intake.at.is_none() || places.at.is_none() || intake.at == places.at;
    intake.course == places.course && intake.start == places.start && here
}
