//! Which scenarios were compiled last? A few timetables, so that runs of one scenario share one.
//!
//! Whoever moves a slider, or runs a scenario both ways, asks for the same weeks of the same scenario again and again.
//! A timetable is the same whenever it is compiled, so that keeping it changes no figure. Only the last few are kept, however many
//! scenarios there are: one of ten years with many intakes takes some megabytes.

use std::sync::{Arc, Mutex};

use super::Timetable;
use crate::scenario::{Scenario, Spec};

/// How many are kept.
const MOST: usize = 4;

/// The scenario, and what it was compiled to.
type Kept = (Arc<Spec>, Arc<Timetable>);

/// The last ones, the newest first.
static KEPT: Mutex<Vec<Kept>> = Mutex::new(Vec::new());

impl Timetable {
    /// The timetable of a scenario for `weeks` weeks from its start: the kept one if there is one.
    #[must_use]
    pub fn of(scenario: &Scenario, weeks: usize) -> Arc<Self> {
        let spec = scenario.shared();
        // Whoever finds others at it does not wait for them: they may be threads that a forked process does not have.
        if let Ok(mut kept) = KEPT.try_lock() {
            let found = kept
                .iter()
                .position(|(of, timetable)| Arc::ptr_eq(of, spec) && timetable.weeks() == weeks);
            if let Some(place) = found {
                kept[..=place].rotate_right(1);
                return Arc::clone(&kept[0].1);
            }
        }
        let timetable = Arc::new(Self::new(spec, weeks));
        let old = KEPT.try_lock().ok().and_then(|mut kept| {
            kept.insert(0, (Arc::clone(spec), Arc::clone(&timetable)));
            (kept.len() > MOST).then(|| kept.pop())
        });
        drop(old); // when others may look again
        timetable
    }
}

#[cfg(test)]
mod tests {
    use super::{Arc, Scenario, Timetable};

    /// The same weeks of the same scenario, or of its copy, are one timetable; other weeks and other scenarios are not.
    #[test]
    fn runs_of_one_scenario_share_a_timetable() -> Result<(), crate::error::Error> {
        let ours = Scenario::preset("talking-therapies-2025")?;
        let other = ours.with("calendar.start", "2026-04-01")?;
        let year = Timetable::of(&ours, 52);
        // Tests run side by side: the others may have pushed it out, so that one of many tries must do.
        assert!(
            (0..1000)
                .any(|_| Arc::ptr_eq(&Timetable::of(&ours, 52), &Timetable::of(&ours.clone(), 52)))
        );
        assert_eq!(Timetable::of(&ours, 26).weeks(), 26);
        assert_ne!(
            Timetable::of(&other, 52).calendar.start,
            year.calendar.start
        );
        Ok(())
    }
}
