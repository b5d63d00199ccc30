//! Can there be such segments, and is nothing out of bounds for the people in them?

use crate::error::Problem;
use crate::scenario::Spec;
use crate::scenario::demand::{OTHERS, spec_of};
use crate::unit::{ContactMinutes, SessionCount, Unit};

/// Most segments of a scenario.
const MOST_SEGMENTS: usize = 50;

/// Most appointments that may be missed, so that somebody comes.
const MOST_MISSED: f64 = 0.95;

pub fn segments_leave_room(spec: &Spec, found: &mut Vec<Problem>) {
    let segments = &spec.demand.segments;
    if segments.len() > MOST_SEGMENTS {
        let said = format!("{} segments", segments.len());
        let expected = format!("at most {MOST_SEGMENTS}");
        found.push(Problem::new("demand.segments", said, expected));
    }
    if segments.contains_key(OTHERS) {
        let sentence = "these are the people of no segment";
        let path = format!("demand.segments.{OTHERS}");
        found.push(Problem::told(&path, OTHERS, sentence, "another name"));
    }
    let sum: f64 = segments.values().map(|said| said.share.value()).sum();
    if sum > 1.0 + 1e-9 {
        let sentence = format!("shares sum to {sum:.6}, must be 1 at most");
        let expected = "shares that sum to 1 at most; the rest are the others";
        found.push(Problem::told("demand.segments", sum, &sentence, expected));
    }
}

/// The values that an index makes for one segment must be possible too.
pub fn segments_stay_in_bounds(spec: &Spec, found: &mut Vec<Problem>) {
    let everybody = spec.demand.everybody();
    if spec.demand.segments.is_empty() || everybody.len() > MOST_SEGMENTS + 1 {
        return;
    }
    for (place, (name, _)) in everybody.iter().enumerate() {
        let own = spec_of(spec, place, &[]);
        let mut check = |index: &str, what: String, value: f64, low: f64, high: f64| {
            if !(low - 1e-9..=high + 1e-9).contains(&value) {
                let path = format!("demand.segments.{name}.{index}");
                let sentence = format!("makes {what} {value:.3} in the segment {name}");
                let expected = format!("an index that keeps it from {low} to {high}");
                found.push(Problem::told(&path, value, &sentence, expected));
            }
        };
        let [shortest, longest] = [ContactMinutes::MIN, ContactMinutes::MAX];
        let assessment = &own.pathway.assessment;
        let minutes = assessment.minutes.mean();
        let path = "pathway.assessment.minutes";
        check("minutes", path.into(), minutes, shortest, longest);
        let missed = [
            assessment.dna,
            assessment.patient_cancel,
            assessment.provider_cancel,
        ];
        let missed = missed.iter().map(crate::unit::Quantity::mean).sum();
        let path = "missed appointments of pathway.assessment";
        check("missed", path.into(), missed, 0.0, MOST_MISSED);
        for (treatment, said) in own.pathway.modalities() {
            let path = |field: &str| format!("pathway.{treatment}.{field}");
            for (field, minutes) in [
                ("first_minutes", said.first_minutes),
                ("followup_minutes", said.followup_minutes),
            ] {
                check("minutes", path(field), minutes.mean(), shortest, longest);
            }
            let missed = said.dna.mean() + said.patient_cancel.mean() + said.provider_cancel.mean();
            let what = format!("missed appointments of pathway.{treatment}");
            check("missed", what, missed, 0.0, MOST_MISSED);
            let sessions = said.sessions.mean();
            let [fewest, most] = [SessionCount::MIN, SessionCount::MAX];
            check("sessions", path("sessions"), sessions, fewest, most);
            check("drop_out", path("drop_out"), said.drop_out.mean(), 0.0, 1.0);
            for (field, share) in [
                ("recovery", said.recovery),
                ("reliable_recovery", said.reliable_recovery),
            ] {
                check("recovery", path(field), share.mean(), 0.0, 1.0);
            }
        }
        let routes = &own.pathway.routes;
        for (step, shares) in [("step2", &routes.step2), ("step3", &routes.step3)] {
            for (treatment, share) in shares {
                let what = format!("pathway.routes.{step}.{treatment}");
                check("step3", what, share.mean(), 0.0, 1.0);
            }
        }
        let all: f64 = routes.sum(&[]);
        check("step3", "the sum of pathway.routes".into(), all, 1.0, 1.0);
    }
}
