//! Which standards has the service promised to meet, and is one met?

use crate::scenario::Spec;

/// A standard that is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standard {
    /// Name of the target in a scenario.
    pub name: &'static str,
    /// What it is about, in words.
    pub title: &'static str,
    /// Measure of a period.
    pub measure: &'static str,
    /// What it asks for.
    pub limit: f64,
    /// Whether less is better.
    pub at_most: bool,
}

impl Standard {
    /// The standards of a scenario.
    #[must_use]
    pub fn of(spec: &Spec) -> Vec<Self> {
        let said = &spec.targets;
        let share =
            |target: Option<crate::unit::Fixed<crate::unit::Share>>| target.map(|t| t.value());
        let weeks =
            |target: Option<crate::unit::Fixed<crate::unit::WeekCount>>| target.map(|t| t.value());
        let all = [
            (
                "within_6_weeks",
                "First treated within 6 weeks",
                "share_within_6_weeks",
                share(said.within_6_weeks),
            ),
            (
                "within_18_weeks",
                "First treated within 18 weeks",
                "share_within_18_weeks",
                share(said.within_18_weeks),
            ),
            ("recovery", "Recovery", "recovery", share(said.recovery)),
            (
                "reliable_recovery",
                "Reliable recovery",
                "reliable_recovery",
                share(said.reliable_recovery),
            ),
            (
                "step2_wait_weeks",
                "Mean wait for Step 2",
                "wait_step2_weeks",
                weeks(said.step2_wait_weeks),
            ),
            (
                "step3_wait_weeks",
                "Mean wait for Step 3",
                "wait_step3_weeks",
                weeks(said.step3_wait_weeks),
            ),
        ];
        all.into_iter()
            .filter_map(|(name, title, measure, limit)| {
                Some(Self {
                    name,
                    title,
                    measure,
                    limit: limit?,
                    at_most: measure.starts_with("wait"),
                })
            })
            .collect()
    }

    /// Whether a value meets it; nothing if nobody was counted.
    #[must_use]
    pub fn is_met(&self, value: f64) -> Option<bool> {
        if value.is_nan() {
            None
        } else if self.at_most {
            Some(value <= self.limit + 1e-9)
        } else {
            Some(value >= self.limit - 1e-9)
        }
    }
}
