//! Does what is said of people one by one fit: sources, ways of delivery, urgency, courses of some weeks?

use crate::error::{Error, Problem, Result};
use crate::scenario::Spec;
use crate::scenario::pathway::{Modality, QueueRule};

/// Most that the sum of shares may be off 1.
const OFF: f64 = 1e-9;

fn sum_to_one(path: &str, sum: f64, found: &mut Vec<Problem>) {
    if (sum - 1.0).abs() > OFF {
        let sentence = format!("shares sum to {sum:.6}, must be 1");
        found.push(Problem::told(path, sum, &sentence, "shares that sum to 1"));
    }
}

pub fn sources_add_up(spec: &Spec, found: &mut Vec<Problem>) {
    let shares = spec.demand.shares_of_sources();
    let sum = shares.iter().map(|source| source.1).sum();
    sum_to_one("demand.sources", sum, found);
}

pub fn delivery_adds_up(spec: &Spec, found: &mut Vec<Problem>) {
    for (name, modality) in spec.pathway.modalities() {
        if !modality.delivery.is_empty() {
            let ways = modality.delivery.values();
            let sum = ways.map(|way| way.share.value()).sum();
            sum_to_one(&format!("pathway.{name}.delivery"), sum, found);
        }
    }
}

pub fn somebody_is_urgent(spec: &Spec, found: &mut Vec<Problem>) {
    let segments = spec.demand.segments.values();
    let urgent = segments.filter(|said| said.urgent_share.is_some());
    if spec.demand.urgent_share.is_some() || urgent.count() > 0 {
        return;
    }
    let asking = |modality: &Modality| modality.queue == QueueRule::UrgentFirst;
    for (name, _) in spec.pathway.modalities().filter(|place| asking(place.1)) {
        found.push(Problem::told(
            &format!("pathway.{name}.queue"),
            "urgent_first",
            "nobody is urgent: state demand.urgent_share",
            "first_come or longest_since_referral without demand.urgent_share",
        ));
    }
}

pub fn courses_of_weeks_have_places(spec: &Spec, found: &mut Vec<Problem>) {
    for (name, modality) in spec.pathway.modalities() {
        if modality.duration_weeks.is_none() {
            continue;
        }
        let path = format!("pathway.{name}.duration_weeks");
        let places = |role: &&String| {
            let role = spec.staff.get(*role);
            role.is_none_or(|role| role.slots.is_some() || role.slots_per_wte.is_some())
        };
        if let Some(role) = modality.roles.iter().find(|role| !places(role)) {
            let sentence = format!("{role:?} has hours: a course of some weeks has no minutes");
            let expected = format!("staff.{role}.slots or staff.{role}.slots_per_wte");
            found.push(Problem::told(&path, role, &sentence, expected));
        }
        if modality.group.is_some() {
            let sentence = "a group meets in sessions, so that it cannot last some weeks";
            found.push(Problem::told(&path, "", sentence, "no group"));
        }
    }
}

/// Refuses what only a run patient by patient can do.
///
/// # Errors
/// [`Error::Scenario`] with every field that `plan` and `project` cannot run.
pub fn in_expectation(spec: &Spec) -> Result<()> {
    let modalities = spec.pathway.modalities();
    let found: Vec<Problem> = modalities
        .filter_map(|(name, modality)| {
            let weeks = modality.duration_weeks?.0;
            let path = format!("pathway.{name}.duration_weeks");
            let sentence =
                "only simulate can run courses of some weeks; use simulate, or state sessions";
            Some(Problem::told(&path, weeks.mean, sentence, "left out"))
        })
        .collect();
    if found.is_empty() {
        Ok(())
    } else {
        Err(Error::Scenario(found))
    }
}
