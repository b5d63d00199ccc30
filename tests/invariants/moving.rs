//! Who moves when fewer are there than are asked for, and what the absent and the newly qualified work.

use skillmix::intake::largest_intake;
use skillmix::record::StaffWeek;
use skillmix::scenario::Scenario;

use crate::common::{assert_close, preset, run, toml};

/// A service from 1 April 2025 in which nobody leaves a role and nobody is recruited, with changes.
fn service(weeks: &str, changes: &[(&str, &str)]) -> Scenario {
    let mut all = vec![
        ("calendar.start".to_string(), toml("2025-04-01")),
        ("calendar.weeks".to_string(), toml(weeks)),
    ];
    for name in Scenario::preset("talking-therapies-2025")
        .unwrap()
        .spec()
        .staff
        .keys()
    {
        all.push((format!("staff.{name}.leavers_per_year"), toml("0.0")));
        all.push((
            format!("staff.{name}.recruitment.policy"),
            toml("\"frozen\""),
        ));
    }
    let changes = changes.iter();
    all.extend(changes.map(|(path, value)| ((*path).to_string(), toml(value))));
    let all: Vec<(&str, toml::Value)> = all
        .iter()
        .map(|(path, value)| (path.as_str(), value.clone()))
        .collect();
    preset("talking-therapies-2025", &all)
}

fn weeks(scenario: &Scenario, role: &str) -> Vec<StaffWeek> {
    let run = run(scenario);
    let role = run.timetable().role(role).unwrap();
    run.record().staff[role].clone()
}

/// Six PWPs: five of them start HI training on the day on which three would be counsellors after a conversion.
/// The intake goes first, so that one is left to convert, and then nobody.
#[test]
fn nobody_converts_who_left_for_training_that_week() {
    let scenario = service(
        "20",
        &[
            ("staff.pwp.in_post", "6.0"),
            ("staff.pwp.posts", "6.0"),
            ("staff.counsellor.in_post", "2.0"),
            ("training.courses.hit.months_qualified_before", "0"),
            ("training.short_courses.conversion.roles", "[\"pwp\"]"),
            (
                "training.short_courses.conversion.becomes",
                "\"counsellor\"",
            ),
            (
                "training.attendances",
                "[{ course = \"conversion\", role = \"pwp\", people = 3, start = \"2025-04-01\", weeks = 6 }]",
            ),
            (
                "training.intakes",
                "[{ course = \"hit\", start = \"2025-05-13\", trainees = 5, internal = 5 }]",
            ),
        ],
    );
    let (pwps, counsellors) = (weeks(&scenario, "pwp"), weeks(&scenario, "counsellor"));
    assert_close(pwps[6].moved_to_training, 5.0, 1e-12);
    assert!(pwps[6].in_post.abs() < 1e-12, "{}", pwps[6].in_post);
    assert_close(counsellors[6].in_post, 3.0, 1e-12);
}

/// The absent come back to the role that they left: of ten PWPs those at work convert, nobody else.
#[test]
fn the_absent_do_not_convert() {
    let scenario = service(
        "20",
        &[
            ("staff.pwp.in_post", "10.0"),
            ("staff.pwp.posts", "10.0"),
            (
                "staff.pwp.absences.maternity",
                "{ weeks = 39, starts_per_year = 0.4, not_returning = 0.0, returns_at = 1.0 }",
            ),
            ("training.short_courses.conversion.roles", "[\"pwp\"]"),
            (
                "training.short_courses.conversion.becomes",
                "\"counsellor\"",
            ),
            (
                "training.attendances",
                "[{ course = \"conversion\", role = \"pwp\", people = 12, start = \"2025-04-01\", weeks = 6 }]",
            ),
        ],
    );
    for (week, staff) in weeks(&scenario, "pwp").iter().enumerate() {
        assert!(
            staff.in_post >= staff.absent - 1e-9,
            "week {week}: {} absent of {}",
            staff.absent,
            staff.in_post
        );
    }
}

/// Ten ask to move and five are there. Six in ten pass at once, so three of the five do, not five of them.
#[test]
fn those_who_move_pass_like_all() {
    let scenario = service(
        "80",
        &[
            ("staff.pwp.in_post", "5.0"),
            ("staff.pwp.posts", "5.0"),
            ("training.courses.hit.months_qualified_before", "0"),
            ("training.courses.hit.leavers_per_year", "0.0"),
            (
                "training.courses.hit.routes.standard",
                "{ pass_first = 0.6, resit_pass = 0.0, resit_delay_months = 1 }",
            ),
            ("staff.hit.in_post", "1.0"),
            (
                "training.intakes",
                "[{ course = \"hit\", start = \"2025-05-13\", trainees = 10, internal = 10 }]",
            ),
        ],
    );
    let qualified: f64 = weeks(&scenario, "hit")
        .iter()
        .map(|week| week.qualified)
        .sum();
    assert_close(qualified, 3.0, 1e-12);
}

/// Eight have just qualified and work half their hours. When as many of them are absent as of any PWPs, the
/// others work half of theirs: an absent person is missed once.
#[test]
fn the_newly_qualified_who_are_absent_are_missed_once() {
    let eight = [
        ("calendar.leave_profile", "[1,1,1,1,1,1,1,1,1,1,1,1]"),
        ("staff.pwp.in_post", "0.0"),
        ("staff.pwp.posts", "0.0"),
        ("staff.pwp_senior.in_post", "0.0"),
        ("staff.pwp_senior.posts", "0.0"),
        ("training.courses.pwp.leavers_per_year", "0.0"),
        (
            "training.courses.pwp.settling",
            "[{ from_month = 1, share = 0.5 }, { from_month = 12, share = 1.0 }]",
        ),
        (
            "training.intakes",
            "[{ course = \"pwp\", start = \"2024-05-01\", trainees = 8 }]",
        ),
    ];
    let maternity = (
        "staff.pwp.absences.maternity",
        "{ weeks = 20, starts_per_year = 1.0, not_returning = 0.0, returns_at = 1.0, cover_share = 0.0 }",
    );
    let bookable = |scenario: &Scenario| {
        let run = run(scenario);
        let pool = run.timetable().role("pwp").unwrap();
        run.record().pools[pool][32].bookable[0]
    };
    let with = service("60", &[&eight[..], &[maternity]].concat());
    // At the end of the week before.
    let absent = weeks(&with, "pwp")[31].absent;
    assert!(absent > 1.0 && absent < 4.0, "{absent}");
    let all = bookable(&service("60", &eight));
    assert_close(bookable(&with), all * (8.0 - absent) / 8.0, 1e-9);
}

/// Counsellors who become PWPs during the course leave fewer supervisors than a projection with them has, in
/// the search for the largest intake as in a run.
#[test]
fn the_largest_intake_counts_those_who_convert() {
    let base = [
        ("staff.pwp.in_post", "12.0"),
        ("staff.pwp_senior.in_post", "1.0"),
        ("staff.counsellor.in_post", "6.0"),
    ];
    let attend = "[{ course = \"conversion\", role = \"counsellor\", people = 6, start = \"2025-04-01\", weeks = 6 }]";
    let mut more = base.to_vec();
    more.push(("training.attendances", attend));
    let start = "2025-05-20".parse().unwrap();
    let trainees =
        |changes: &[(&str, &str)]| largest_intake(&service("104", changes), "pwp", start).unwrap();
    let (with, without) = (trainees(&more), trainees(&base));
    assert_ne!(with.trainees, without.trainees);
}
