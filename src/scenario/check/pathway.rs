//! Do patients come to the end of the pathway, and do its shares add up?

use std::collections::BTreeMap;

use super::{must_be_known, one_of};
use crate::error::Problem;
use crate::scenario::Spec;
use crate::unit::Quantity;

pub fn one_kind_of_assessment_capacity(spec: &Spec, found: &mut Vec<Problem>) {
    let assessment = &spec.pathway.assessment;
    let said = [
        assessment.ring_fence.is_some(),
        assessment.slots_per_wte.is_some(),
        assessment.slots_per_week.is_some(),
        assessment.at_once,
    ];
    one_of(
        "pathway.assessment",
        &["ring_fence", "slots_per_wte", "slots_per_week", "at_once"],
        &said,
        found,
    );
}

pub fn booking_shares_fit(spec: &Spec, found: &mut Vec<Problem>) {
    let assessment = &spec.pathway.assessment;
    let first = (
        "assessment".to_string(),
        [
            assessment.dna,
            assessment.patient_cancel,
            assessment.provider_cancel,
        ],
    );
    let rest = spec
        .pathway
        .modalities()
        .map(|(name, m)| (name, [m.dna, m.patient_cancel, m.provider_cancel]));
    for (name, shares) in std::iter::once(first).chain(rest) {
        let missed: f64 = shares.iter().map(Quantity::mean).sum();
        if missed > 0.95 {
            let value = format!("dna + patient_cancel + provider_cancel = {missed}");
            found.push(Problem::new(
                &format!("pathway.{name}"),
                value,
                "a sum of at most 0.95, so that somebody comes",
            ));
        }
    }
    for (name, modality) in spec.pathway.modalities() {
        let steps = modality.step_up.mean() + modality.step_down.mean();
        if steps > 1.0 + 1e-9 {
            let value = format!("step_up + step_down = {steps}");
            found.push(Problem::new(
                &format!("pathway.{name}"),
                value,
                "a sum of at most 1",
            ));
        }
    }
}

pub fn routes_add_up(spec: &Spec, found: &mut Vec<Problem>) {
    let routes = &spec.pathway.routes;
    let sum = routes.sum(&[]);
    // Where some are not known they are divided by their sum in every world, so that they need not be exact.
    let most = if routes.are_unsure() { 0.1 } else { 1e-9 };
    if (sum - 1.0).abs() > most {
        let sentence = format!("shares sum to {sum:.6}, must be 1");
        found.push(Problem::told(
            "pathway.routes",
            sum,
            &sentence,
            "shares that sum to 1",
        ));
    }
    let known = [
        (&routes.step2, &spec.pathway.step2, "step2"),
        (&routes.step3, &spec.pathway.step3, "step3"),
    ];
    for (shares, treatments, step) in known {
        for name in shares.keys().filter(|&name| !treatments.contains_key(name)) {
            must_be_known(
                &format!("pathway.routes.{step}.{name}"),
                name,
                treatments.keys(),
                "treatment",
                found,
            );
        }
    }
}

pub fn steps_lead_somewhere(spec: &Spec, found: &mut Vec<Problem>) {
    let known: Vec<String> = spec.pathway.modalities().map(|(name, _)| name).collect();
    for (name, modality) in spec.pathway.modalities() {
        for (share, to, field) in [
            (modality.step_up, &modality.step_up_to, "step_up_to"),
            (modality.step_down, &modality.step_down_to, "step_down_to"),
        ] {
            let path = format!("pathway.{name}.{field}");
            match to {
                Some(to) => must_be_known(&path, to, known.iter(), "treatment", found),
                None if share.mean() > 0.0 => {
                    found.push(Problem::told(
                        &path,
                        "",
                        "missing: people are stepped, but to where?",
                        known.join(", "),
                    ));
                }
                None => {}
            }
        }
    }
}

/// Squares the matrix of moves between treatments again and again: what does not vanish never leaves.
pub fn pathway_has_a_way_out(spec: &Spec, found: &mut Vec<Problem>) {
    let list: Vec<_> = spec.pathway.modalities().collect();
    let place: BTreeMap<&str, usize> = list
        .iter()
        .enumerate()
        .map(|(i, (name, _))| (name.as_str(), i))
        .collect();
    let mut moves = vec![vec![0.0; list.len()]; list.len()];
    for (from, (_, modality)) in list.iter().enumerate() {
        let stay = 1.0 - modality.drop_out.mean();
        let shares = modality.sessions.shares(&[]);
        let mut attends_last = 1.0;
        let mut complete = 0.0;
        for share in shares {
            complete += share * attends_last;
            attends_last *= stay;
        }
        for (share, to) in [
            (modality.step_up, &modality.step_up_to),
            (modality.step_down, &modality.step_down_to),
        ] {
            if let Some(&to) = to.as_deref().and_then(|name| place.get(name)) {
                moves[from][to] += share.mean() * complete;
            }
        }
    }
    for _ in 0..40 {
        moves = squared(&moves);
    }
    let closed: Vec<_> = list
        .iter()
        .zip(&moves)
        .filter(|(_, row)| row.iter().any(|&x| x > 0.5))
        .map(|(item, _)| item.0.as_str())
        .collect();
    if !closed.is_empty() {
        let sentence = format!("there is no way out of {{{}}}", closed.join(", "));
        found.push(Problem::told(
            "pathway",
            "",
            &sentence,
            "step_up and step_down that let somebody leave",
        ));
    }
}

fn squared(matrix: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let size = matrix.len();
    let cell =
        |row: usize, column: usize| (0..size).map(|k| matrix[row][k] * matrix[k][column]).sum();
    (0..size)
        .map(|row| (0..size).map(|column| cell(row, column)).collect())
        .collect()
}
