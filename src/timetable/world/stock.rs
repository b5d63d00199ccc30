//! Who waits and who is in treatment on the first day, in `L` worlds?

use crate::scenario::Spec;
use crate::scenario::stock::List;
use crate::timetable::{Timetable, Treatment};
use crate::unit::{Draw, Lanes, lanes};

/// The first day in `L` worlds.
#[derive(Debug, Clone)]
pub struct StockWorld<const L: usize> {
    /// Share of the people past their first treatment who had it within 6 weeks.
    pub within_6_weeks: Lanes<L>,
    /// Share of the people past their first treatment who had it within 18 weeks.
    pub within_18_weeks: Lanes<L>,
    /// People waiting for an assessment by whole weeks waited.
    pub assessment: Vec<Lanes<L>>,
    /// The lists of the treatments.
    pub lists: Vec<ListWorld<L>>,
    /// People in treatment by sessions had, by treatment; none where nobody counted them.
    pub open: Vec<Option<Vec<Lanes<L>>>>,
}

/// A list in `L` worlds.
#[derive(Debug, Clone, Default)]
pub struct ListWorld<const L: usize> {
    /// People by whole weeks waited.
    pub people: Vec<Lanes<L>>,
    /// Weeks that their clock since referral runs ahead, likewise.
    pub ahead: Vec<Lanes<L>>,
}

pub fn stock<const L: usize>(
    spec: &Spec,
    timetable: &Timetable,
    draws: &[Draw; L],
) -> StockWorld<L> {
    let said = &spec.waiting;
    let list = |place: &Treatment| {
        let lists = if place.step == 2 {
            &said.step2
        } else {
            &said.step3
        };
        let Some(list) = lists.get(&place.name) else {
            return ListWorld::default();
        };
        let people = by_age(list, draws);
        let ahead = |age: usize| draws.map(|draw| list.weeks_ahead(age, draw));
        ListWorld {
            ahead: (0..people.len()).map(ahead).collect(),
            people,
        }
    };
    let open = |place: &Treatment| {
        let counted = if place.step == 2 {
            &spec.open_courses.step2
        } else {
            &spec.open_courses.step3
        };
        let counted = counted.get(&place.name)?.iter();
        Some(counted.map(|people| lanes(people, draws)).collect())
    };
    StockWorld {
        within_6_weeks: lanes(&said.first_treated_within_6_weeks, draws),
        within_18_weeks: lanes(&said.first_treated_within_18_weeks, draws),
        assessment: (said.assessment.as_ref()).map_or_else(Vec::new, |list| by_age(list, draws)),
        lists: timetable.treatments.iter().map(list).collect(),
        open: timetable.treatments.iter().map(open).collect(),
    }
}

/// People by whole weeks waited; beyond the longest wait of a world there is nobody in it.
fn by_age<const L: usize>(list: &List, draws: &[Draw; L]) -> Vec<Lanes<L>> {
    let by_lane = draws.map(|draw| list.by_age(draw));
    let longest = by_lane.iter().map(Vec::len).max().unwrap_or(0);
    let cell = |age: usize| {
        std::array::from_fn(|lane: usize| by_lane[lane].get(age).copied().unwrap_or(0.0))
    };
    (0..longest).map(cell).collect()
}
