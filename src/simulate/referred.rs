//! Who is referred in which week? Counts by month that scatter more than chance alone, then persons.

use crate::luck::{Chance, Month, Place, hash, name_key, split};
use crate::scenario::Spec;
use crate::timetable::{Timetable, World};

/// Purposes of the luck of referrals.
const MONTH: u64 = 0x0072_6566;
const SOURCE: u64 = 0x0073_7263;

/// What is the same in every replication.
#[derive(Debug, Clone)]
pub struct Referred {
    /// Each month with a key of its name.
    months: Vec<(u64, Month)>,
    segments: usize,
    /// Keys of the sources, and their shares.
    sources: Vec<(u64, f64)>,
    shares: Vec<f64>,
}

impl Referred {
    /// The referrals that a scenario expects.
    #[must_use]
    pub fn new(spec: &Spec, timetable: &Timetable, world: &World<1>) -> Self {
        let calendar = &timetable.calendar;
        let phi = spec.demand.dispersion.mean();
        let mut parts: Vec<Vec<(usize, f64)>> = vec![Vec::new(); calendar.months.len()];
        for (place, (segment, people)) in calendar.segments.iter().zip(&world.referrals).enumerate()
        {
            parts[segment.month].push((place, people[0]));
        }
        let sources: Vec<(u64, f64)> = (spec.demand.shares_of_sources().into_iter())
            .map(|(name, share)| (name_key(name), share))
            .collect();
        Self {
            months: (calendar.months.iter().zip(&parts))
                .map(|(month, parts)| (name_key(&month.label), Month::new(parts, phi)))
                .collect(),
            segments: calendar.segments.len(),
            shares: sources.iter().map(|source| source.1).collect(),
            sources,
        }
    }

    /// People referred by segment of the calendar and source, in one replication.
    pub fn draw(&self, luck: &mut Chance<1>, counts: &mut Vec<u32>) {
        counts.clear();
        counts.resize(self.segments * self.sources.len(), 0);
        let mut by_segment = Vec::with_capacity(6);
        for (name, month) in &self.months {
            let key = luck.bits(0, Place::new(MONTH, *name, 0, 0));
            month.draw(key, luck.binomials(), |segment, people| {
                by_segment.push((segment, people));
            });
            for (segment, people) in by_segment.drain(..) {
                let key = luck.bits(0, Place::new(SOURCE, 0, segment, 0));
                let first = segment * self.sources.len();
                if self.sources.len() == 1 {
                    counts[first] = u32::try_from(people).unwrap_or(u32::MAX);
                    continue;
                }
                split(
                    people,
                    &self.shares,
                    key,
                    luck.binomials(),
                    |source, people| {
                        counts[first + source] = u32::try_from(people).unwrap_or(u32::MAX);
                    },
                );
            }
        }
    }

    /// Number of sources.
    #[must_use]
    pub fn sources(&self) -> usize {
        self.sources.len()
    }

    /// Key of those of a source who are referred in a segment: theirs are mixed from it and their place.
    #[must_use]
    pub fn key(&self, base: u64, segment: usize, source: usize) -> u64 {
        hash(base ^ self.sources[source].0, segment as u64)
    }
}
