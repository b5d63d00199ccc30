//! Which targets and options are there, in which unit and within which bounds?

use crate::unit::{Heads, People, Pounds, Share, Unit, WeekCount};

/// Every key: name, unit, least, most, meaning. The units of texts and tables are empty.
pub const KEYS: [(&str, &str, f64, f64, &str); 22] = {
    let weeks = (WeekCount::MIN, WeekCount::MAX);
    let people = (0.0, People::MAX);
    [
        (
            "completed_courses",
            "people",
            people.0,
            people.1,
            "Finishers in each quarter from `by` on, or by quarter, written {\"2026/27 Q4\" = 900}",
        ),
        (
            "first_treatments",
            "people",
            people.0,
            people.1,
            "First treatments in the twelve months from `by` on",
        ),
        (
            "access_rate",
            "share",
            Share::MIN,
            Share::MAX,
            "Share of the people in need who are first treated in the twelve months from `by` on; needs demand.need",
        ),
        (
            "assessment_wait_weeks",
            "weeks",
            weeks.0,
            weeks.1,
            "Longest mean wait for an assessment",
        ),
        (
            "step2_wait_weeks",
            "weeks",
            weeks.0,
            weeks.1,
            "Longest mean wait from assessment to Step 2",
        ),
        (
            "step3_wait_weeks",
            "weeks",
            weeks.0,
            weeks.1,
            "Longest mean wait from assessment to Step 3",
        ),
        (
            "waiting_assessment",
            "people",
            people.0,
            people.1,
            "Most people who wait for an assessment",
        ),
        (
            "waiting_step2",
            "people",
            people.0,
            people.1,
            "Most people who wait for Step 2",
        ),
        (
            "waiting_step3",
            "people",
            people.0,
            people.1,
            "Most people who wait for Step 3",
        ),
        (
            "within_6_weeks",
            "share",
            Share::MIN,
            Share::MAX,
            "Share of finishers first treated within 6 weeks",
        ),
        (
            "within_18_weeks",
            "share",
            Share::MIN,
            Share::MAX,
            "Share of finishers first treated within 18 weeks",
        ),
        (
            "hold",
            "",
            0.0,
            0.0,
            "List that is to be no longer than on the first day: assessment, step2 or step3",
        ),
        (
            "clear",
            "",
            0.0,
            0.0,
            "List that is to be cleared, to those who come in two weeks: assessment, step2 or step3",
        ),
        (
            "by",
            "",
            0.0,
            0.0,
            "Month from which the targets are met and kept",
        ),
        (
            "levers",
            "",
            0.0,
            0.0,
            "What may close the gap: training, recruitment or both",
        ),
        (
            "autumns",
            "autumns",
            0.0,
            10.0,
            "Number of autumns whose places are planned; 3 if left out",
        ),
        (
            "course_start",
            "",
            0.0,
            0.0,
            "Month and day on which courses start; 10-01 if left out",
        ),
        (
            "internal_share",
            "share",
            Share::MIN,
            Share::MAX,
            "Share of high-intensity trainees who come from the PWPs of the service",
        ),
        (
            "most_places",
            "heads",
            0.0,
            Heads::MAX,
            "Most places of a course in one autumn, for all courses or by course",
        ),
        (
            "budget",
            "pounds",
            0.0,
            Pounds::MAX,
            "Most that a complete financial year may cost more than as it is, all payers",
        ),
        (
            "conditions",
            "",
            0.0,
            0.0,
            "Whether rules that are a condition bind; true if left out",
        ),
        (
            "most_recruits",
            "WTE",
            0.0,
            100_000.0,
            "Most additional posts advertised in a role",
        ),
    ]
};

/// The first so many keys are targets, the others options.
const TARGETS: usize = 13;

/// Names of the targets.
pub fn target_names() -> impl Iterator<Item = &'static str> {
    KEYS[..TARGETS].iter().map(|key| key.0)
}
