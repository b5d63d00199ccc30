//! Does the week agree with an independent reference, to 1e-9?

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::Path;

use skillmix::project::{Horizon, project};
use skillmix::scenario::Scenario;
use skillmix::table::{Column, Values};

/// Column of the reference -> column of the weekly table.
const COLUMNS: [(&str, &str); 27] = [
    ("working_days", "working_days"),
    ("pwp_wte", "wte_pwp"),
    ("pwp_minutes", "minutes_pwp"),
    ("hit_wte", "wte_hit"),
    ("hit_minutes", "minutes_hit"),
    ("referrals", "referrals"),
    ("accepted", "accepted"),
    ("assessed", "assessed"),
    ("assessed_within_6_weeks", "first_treatments_within_6_weeks"),
    (
        "assessed_within_18_weeks",
        "first_treatments_within_18_weeks",
    ),
    (
        "step2_sessions_due_share_held",
        "share_held_guided_self_help",
    ),
    ("step2_starts", "course_starts_step2"),
    ("step2_mean_weeks_waited", "wait_step2_weeks"),
    ("step2_attended", "attended_guided_self_help"),
    ("step2_completed", "completed_guided_self_help"),
    ("step2_dropped_out", "dropped_out_guided_self_help"),
    ("step2_stepped_up", "stepped_guided_self_help"),
    ("step3_sessions_due_share_held", "share_held_cbt"),
    ("step3_starts", "course_starts_step3"),
    ("step3_mean_weeks_waited", "wait_step3_weeks"),
    ("step3_attended", "attended_cbt"),
    ("step3_completed", "completed_cbt"),
    ("step3_dropped_out", "dropped_out_cbt"),
    ("step3_stepped_up", "stepped_cbt"),
    ("reneged", "reneged"),
    ("waiting_assessment", "waiting_assessment"),
    ("waiting_step2", "waiting_step2"),
];

const STOCKS: [(&str, &str); 3] = [
    ("open_step2", "open_step2"),
    ("waiting_step3", "waiting_step3"),
    ("open_step3", "open_step3"),
];

fn numbers(column: &Column) -> Vec<f64> {
    match &column.values {
        Values::Number(list) => list.clone(),
        Values::Whole(list) => list.iter().map(|&n| n as f64).collect(),
        _ => panic!("{} is no number", column.name),
    }
}

#[test]
fn eight_weeks_agree_with_the_reference() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/worked_weeks");
    let scenario = Scenario::load(&folder.join("scenario.toml")).unwrap();
    let weekly = project(&scenario, Horizon::Scenario)
        .unwrap()
        .table("weekly")
        .unwrap();
    let mut reader = csv::Reader::from_path(folder.join("expected.csv")).unwrap();
    let headers = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 8);
    let covered: Vec<&str> = COLUMNS.iter().chain(&STOCKS).map(|pair| pair.0).collect();
    let left: Vec<&str> = headers
        .iter()
        .filter(|name| !covered.contains(name))
        .collect();
    assert_eq!(
        left,
        ["week", "start"],
        "every column of the reference is compared"
    );
    for (theirs, ours) in COLUMNS.iter().chain(&STOCKS) {
        let place = headers.iter().position(|header| header == *theirs).unwrap();
        let column = numbers(
            weekly
                .column(ours)
                .unwrap_or_else(|| panic!("no column {ours}")),
        );
        for (week, row) in rows.iter().enumerate() {
            let expected: f64 = row[place].parse().unwrap();
            // The reference writes 0 for the mean wait of a week in which nobody starts.
            let found = if column[week].is_infinite() {
                0.0
            } else {
                column[week]
            };
            // expected.csv is rounded to ten decimals.
            let tolerance = 1e-9 * expected.abs() + 1e-10;
            assert!(
                (found - expected).abs() <= tolerance,
                "{theirs}, week {}: {found} for {expected}",
                week + 1
            );
        }
    }
}
