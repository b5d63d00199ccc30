//! Who differs from the others? Groups of people with needs of their own, and the scenario as it is for each.
//!
//! ```text
//! others                     index 1, and the share of referrals that no segment has
//! value in segment s       = value of the scenario x index(s) / sum over segments of share x index
//! ```
//!
//! so that the value of the scenario stays the mean over all who are referred, which `plan` and `project` use.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Demand;
use crate::scenario::Spec;
use crate::scenario::pathway::{Modality, Routes};
use crate::unit::{Draw, Fixed, Index, Quantity, Share, Unit};

/// A group of people who differ from the others. Indices are relative to the others: 1.5 is half as much again.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// Share of referrals.
    pub share: Fixed<Share>,
    /// Index of staff minutes of each assessment and session, such as with an interpreter. Left out: 1.
    pub minutes: Option<Fixed<Index>>,
    /// Index of appointments that people do not attend or cancel. Left out: 1.
    pub missed: Option<Fixed<Index>>,
    /// Index of the sessions planned for a course. Left out: 1.
    pub sessions: Option<Fixed<Index>>,
    /// Index of dropping out after a session. Left out: 1.
    pub drop_out: Option<Fixed<Index>>,
    /// Index of being routed to Step 3 after the assessment; Step 2 has that much less or more. Left out: 1.
    pub step3: Option<Fixed<Index>>,
    /// Index of recovery and reliable recovery. Left out: 1.
    pub recovery: Option<Fixed<Index>>,
    /// Share who are urgent. Left out: as `demand.urgent_share`.
    pub urgent_share: Option<Quantity<Share>>,
}

/// Name of those who are in no segment.
pub const OTHERS: &str = "others";

impl Segment {
    /// Those who are in no segment.
    const fn others(share: f64) -> Self {
        Self {
            share: Fixed::new(share),
            minutes: None,
            missed: None,
            sessions: None,
            drop_out: None,
            step3: None,
            recovery: None,
            urgent_share: None,
        }
    }
}

impl Demand {
    /// Everybody, by segment: those that are stated in order of their names, then the others, if any are left.
    #[must_use]
    pub fn everybody(&self) -> Vec<(&str, Segment)> {
        let stated = self.segments.iter();
        let mut all: Vec<(&str, Segment)> =
            stated.map(|(name, said)| (name.as_str(), *said)).collect();
        let left = 1.0 - all.iter().map(|(_, said)| said.share.value()).sum::<f64>();
        if left > 1e-9 {
            all.push((OTHERS, Segment::others(left)));
        }
        all
    }

    /// What a value is multiplied by in a segment, by place in `everybody`.
    fn factor(&self, place: usize, index: fn(&Segment) -> Option<Fixed<Index>>) -> f64 {
        let everybody = self.everybody();
        let of = |said: &Segment| index(said).map_or(1.0, |index| index.value());
        let mean: f64 = (everybody.iter())
            .map(|(_, said)| said.share.value() * of(said))
            .sum();
        let here = of(&everybody[place].1);
        if mean > 0.0 { here / mean } else { 1.0 }
    }
}

/// A number times a factor, in one drawn world.
fn times<U: Unit>(number: &mut Quantity<U>, factor: f64, draw: Draw) {
    *number = Quantity::fixed(number.at(draw) * factor);
}

/// The scenario as it is for the people of a segment, by place in [`Demand::everybody`], in one drawn world.
#[must_use]
pub fn spec_of(spec: &Spec, place: usize, draw: Draw) -> Spec {
    let mut own = spec.clone();
    let factor = |index| spec.demand.factor(place, index);
    let [minutes, missed] = [factor(|said| said.minutes), factor(|said| said.missed)];
    let assessment = &mut own.pathway.assessment;
    times(&mut assessment.minutes, minutes, draw);
    times(&mut assessment.dna, missed, draw);
    times(&mut assessment.patient_cancel, missed, draw);
    let [sessions, drop_out, recovery] = [
        factor(|said| said.sessions),
        factor(|said| said.drop_out),
        factor(|said| said.recovery),
    ];
    let treatments = own.pathway.step2.values_mut();
    for said in treatments.chain(own.pathway.step3.values_mut()) {
        contacts(said, minutes, missed, draw);
        said.sessions = said.sessions.times(sessions, draw);
        times(&mut said.drop_out, drop_out, draw);
        times(&mut said.recovery, recovery, draw);
        times(&mut said.reliable_recovery, recovery, draw);
    }
    route(&mut own.pathway.routes, factor(|said| said.step3), draw);
    if let Some((_, said)) = spec.demand.everybody().get(place)
        && said.urgent_share.is_some()
    {
        own.demand.urgent_share = said.urgent_share;
    }
    own
}

fn contacts(said: &mut Modality, minutes: f64, missed: f64, draw: Draw) {
    times(&mut said.first_minutes, minutes, draw);
    times(&mut said.followup_minutes, minutes, draw);
    for way in said.delivery.values_mut() {
        for own in [&mut way.first_minutes, &mut way.followup_minutes]
            .into_iter()
            .flatten()
        {
            times(own, minutes, draw);
        }
    }
    times(&mut said.dna, missed, draw);
    times(&mut said.patient_cancel, missed, draw);
}

/// More to Step 3 is less to Step 2, in proportion.
fn route(routes: &mut Routes, step3: f64, draw: Draw) {
    *routes = routes.in_world(draw);
    let before = sum(routes.step2.values());
    let moved = (step3 - 1.0) * sum(routes.step3.values());
    for share in routes.step3.values_mut() {
        *share = Quantity::fixed(share.mean() * step3);
    }
    if before > 0.0 {
        for share in routes.step2.values_mut() {
            *share = Quantity::fixed(share.mean() * (1.0 - moved / before));
        }
    }
}

fn sum<'a>(shares: impl Iterator<Item = &'a Quantity<Share>>) -> f64 {
    shares.map(Quantity::mean).sum()
}
