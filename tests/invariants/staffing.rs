//! Leaving, absence and recruitment come out as worked out by hand.

use skillmix::project::Projection;
use skillmix::record::StaffWeek;
use skillmix::scenario::Scenario;
use skillmix::table::Values;
use toml::Value;

use crate::common::{assert_close, changed, column, preset, run, toml};

/// Twenty PWPs in twenty posts, no seniors, nobody recruited; `changes` on top.
fn twenty(changes: &[(&str, &str)]) -> Scenario {
    let base = preset(
        "talking-therapies-2025",
        &[
            ("calendar.start", toml("2025-04-01")),
            ("calendar.weeks", toml("157")),
            ("staff.pwp.in_post", toml("20.0")),
            ("staff.pwp.posts", toml("20.0")),
            ("staff.pwp.leavers_per_year", toml("0.25")),
            ("staff.pwp.recruitment.policy", toml("\"frozen\"")),
            ("staff.pwp_senior.in_post", toml("0.0")),
            ("staff.pwp_senior.recruitment.policy", toml("\"frozen\"")),
        ],
    );
    let changes: Vec<(&str, Value)> = changes
        .iter()
        .map(|&(path, value)| (path, toml(value)))
        .collect();
    changed(&base, &changes)
}

fn weeks(run: &Projection, role: &str) -> Vec<StaffWeek> {
    run.record().staff[run.timetable().role(role).unwrap()].clone()
}

/// Rows of a table of one role: the numbers of a column.
fn of_role(run: &Projection, table: &str, role: &str, name: &str) -> Vec<f64> {
    let table = run.table(table).unwrap();
    let Values::Text(roles) = &table.column("role").unwrap().values else {
        panic!()
    };
    let all = column(&table, name);
    roles
        .iter()
        .zip(all)
        .filter(|row| row.0 == role)
        .map(|row| row.1)
        .collect()
}

const WEEK: f64 = 7.0 / 365.25;

const FOUR_TO_HI: &str = "[{ course = \"hit\", start = 2025-10-01, trainees = 4, internal = 4 }]";

/// Gross: of the leavers of each of the 52 weeks after, a 52nd of the four moves is taken off.
#[test]
fn gross_leavers_hold_the_moves_to_training() {
    let run = run(&twenty(&[
        ("training.intakes", FOUR_TO_HI),
        ("staff.pwp.leavers_per_year", "0.5"),
        ("staff.pwp.leaving.counts", "\"gross\""),
    ]));
    let weeks = weeks(&run, "pwp");
    let at = weeks
        .iter()
        .position(|week| week.moved_to_training > 0.0)
        .unwrap();
    assert_close(weeks[at].moved_to_training, 4.0, 1e-12);
    let by_rate = |week: &StaffWeek| week.opening * (1.0 - (-0.5 * WEEK).exp());
    assert_close(weeks[at - 1].left_by[0], by_rate(&weeks[at - 1]), 1e-9);
    for week in &weeks[at + 1..at + 53] {
        assert_close(week.left_by[0], by_rate(week) - 4.0 / 52.0, 1e-9);
    }
    assert_close(weeks[at + 53].left_by[0], by_rate(&weeks[at + 53]), 1e-9);
}

/// A season moves leavers within the year and leaves as many in the whole of it.
#[test]
fn a_season_keeps_the_total_of_the_year() {
    let season = "[0.4, 0.4, 0.6, 0.8, 0.8, 1, 1.2, 2, 2.4, 1.2, 0.8, 0.4]";
    let even = run(&twenty(&[]));
    let busy = run(&twenty(&[("staff.pwp.leaving.season", season)]));
    let left = |run: &Projection| of_role(run, "staff", "pwp", "left");
    let (even, busy) = (left(&even), left(&busy));
    assert!(busy[5] > 1.8 * even[5], "September");
    assert_close(busy[..36].iter().sum(), even[..36].iter().sum(), 0.005);
}

/// Seniors are 5 of 25, a fifth: at a share of a fifth the rate is 0.85 x 0.25, at two fifths half way there.
#[test]
fn senior_posts_keep_people() {
    for (share, times) in [("0.2", 0.85), ("0.4", 0.925), ("0.1", 0.85)] {
        let lever = format!("{{ role = \"pwp_senior\", share = {share}, times = 0.85 }}");
        let run = run(&twenty(&[
            ("staff.pwp_senior.in_post", "5.0"),
            ("staff.pwp.leaving.senior_posts", &lever),
        ]));
        let expected = 20.0 * (1.0 - (-0.25 * times * WEEK).exp());
        assert_close(weeks(&run, "pwp")[0].left_by[0], expected, 1e-9);
    }
}

/// The reasons share out the leavers of the rate, the rest is other, and every leaver is in one row.
#[test]
fn every_leaver_has_one_reason() {
    let run = run(&twenty(&[
        ("training.intakes", FOUR_TO_HI),
        (
            "staff.pwp.leaving.reasons",
            "{ clinical_psychology = 0.1, retirement = 0.05 }",
        ),
        ("staff.pwp.absences.maternity", "{}"),
    ]));
    let table = run.table("leavers").unwrap();
    let Values::Text(reasons) = &table.column("reason").unwrap().values else {
        panic!()
    };
    let Values::Text(roles) = &table.column("role").unwrap().values else {
        panic!()
    };
    let wte = column(&table, "wte");
    let sum = |reason: &str| -> f64 {
        let rows = reasons.iter().zip(roles).zip(&wte);
        rows.filter(|row| row.0.0 == reason && row.0.1 == "pwp")
            .map(|row| row.1)
            .sum()
    };
    assert_close(sum("clinical_psychology") / sum("other"), 0.1 / 0.1, 1e-9);
    assert_close(sum("retirement") / sum("other"), 0.05 / 0.1, 1e-9);
    assert_close(sum("training"), 4.0, 1e-9);
    assert!(sum("not_back") > 0.0 && sum("shorter_hours") > 0.0);
    let all: f64 = roles
        .iter()
        .zip(&wte)
        .filter(|row| row.0 == "pwp")
        .map(|row| row.1)
        .sum();
    let left: f64 = of_role(&run, "staff", "pwp", "left").iter().sum();
    let moved: f64 = of_role(&run, "staff", "pwp", "moved_to_training")
        .iter()
        .sum();
    assert_close(all, left + moved, 1e-9);
}

/// Maternity leave of the shelf: a week begins for 1 - exp(-0.06 x 7 / 365.25) = 0.0011492 of those at work and
/// lasts 45 weeks, so 0.0517 are away for each at work: 20 x 0.0517 / 1.0517 = 0.983 WTE. Half is covered.
#[test]
fn absence_settles_and_is_covered() {
    let run = run(&twenty(&[
        ("staff.pwp.leavers_per_year", "0.0"),
        (
            "staff.pwp.absences.maternity",
            "{ not_returning = 0, returns_at = 1 }",
        ),
    ]));
    for week in weeks(&run, "pwp") {
        assert_close(week.absent, 0.9834, 1e-3);
        assert_close(week.agency, 0.5 * week.absent, 1e-4);
        assert_close(week.in_post, 20.0, 1e-9);
        // At work 19.017 and cover 0.492: so many WTE see patients.
        assert_close(
            week.ramped,
            week.worked + week.agency * week.worked / (20.0 - week.absent),
            1e-4,
        );
    }
}

/// Ten posts, six people: half of the four vacancies are worked by an agency at 30 % on top.
#[test]
fn agency_staff_are_never_in_post() {
    let run = run(&twenty(&[
        ("calendar.weeks", "53"),
        ("staff.pwp.in_post", "6.0"),
        ("staff.pwp.posts", "10.0"),
        ("staff.pwp.leavers_per_year", "0.0"),
        (
            "staff.pwp.recruitment.agency",
            "{ share_of_vacancies = 0.5, premium = 0.3 }",
        ),
    ]));
    assert!(
        of_role(&run, "staff", "pwp", "agency_wte")
            .iter()
            .all(|&wte| (wte - 2.0).abs() < 1e-9)
    );
    assert!(
        of_role(&run, "staff", "pwp", "in_post")
            .iter()
            .all(|&wte| (wte - 6.0).abs() < 1e-9)
    );
    let table = run.table("cost").unwrap();
    let text = |name: &str| match &table.column(name).unwrap().values {
        Values::Text(list) => list.clone(),
        _ => panic!(),
    };
    let (roles, lines, years) = (text("role"), text("line"), text("year"));
    let pounds = column(&table, "pounds");
    let sum = |wanted: &[&str]| -> f64 {
        (0..pounds.len())
            .filter(|&row| {
                roles[row] == "pwp"
                    && years[row] == "2025/26"
                    && wanted.contains(&lines[row].as_str())
            })
            .map(|row| pounds[row])
            .sum()
    };
    // Six people cost so much; two of the agency 2 / 6 of it, and 30 % more.
    let staff = sum(&["salary", "high_cost_area", "employer_ni", "pension", "levy"]);
    assert!(
        (sum(&["agency"]) - staff * 2.0 / 6.0 * 1.3).abs() < 0.02,
        "{} of {staff}",
        sum(&["agency"])
    );
}

/// Two hours a week of 20 WTE are 40 hours, 1.067 WTE; all of them booked they are 40 / 22 = 1.818 job plans.
#[test]
fn overtime_is_counted_apart() {
    let run = run(&twenty(&[
        ("staff.pwp.leavers_per_year", "0.0"),
        (
            "staff.pwp.recruitment.overtime",
            "{ hours_per_wte = 2, bookable_share = 1, premium = 0.5, from = 2025-07-01, to = 2025-12-31 }",
        ),
    ]));
    let overtime = of_role(&run, "staff", "pwp", "overtime_wte");
    assert_eq!((overtime[1], overtime[11]), (0.0, 0.0));
    assert_close(overtime[5], 40.0 / 37.5, 1e-9);
    let september = &weeks(&run, "pwp")[22];
    assert_close(
        september.ramped / september.worked * 20.0,
        20.0 + 40.0 / 22.0,
        1e-9,
    );
}

/// Twenty PWPs, all six months in the role: nobody may go to HI training but by exception, one of four.
#[test]
fn the_two_year_rule_holds_people() {
    let run = run(&twenty(&[
        ("training.intakes", FOUR_TO_HI),
        (
            "staff.pwp.leaving.opening_tenure",
            "[{ months = 6, share = 1 }]",
        ),
        ("training.courses.hit.exception_share", "0.25"),
    ]));
    let moved: f64 = weeks(&run, "pwp")
        .iter()
        .map(|week| week.moved_to_training)
        .sum();
    assert_close(moved, 1.0, 1e-9);
    let rules = run.table("rules").unwrap();
    let Values::Text(messages) = &rules.column("message").unwrap().values else {
        panic!()
    };
    let short = messages
        .iter()
        .find(|message| message.contains("were to start"))
        .unwrap();
    assert!(
        short.contains("4 Psychological Wellbeing Practitioner were to start")
            && short.contains("1.0 could"),
        "{short}"
    );
}

/// Freezes, rounds and posts over time: adverts in January only, a lead of four weeks, posts cut in July 2026.
#[test]
fn adverts_have_their_months() {
    let run = run(&twenty(&[
        ("staff.pwp.leavers_per_year", "0.0"),
        ("staff.pwp.in_post", "15.0"),
        (
            "staff.pwp.recruitment",
            "{ policy = \"to_posts\", lead_weeks = 4, fill_share = 1, advert_months = [1, 9], freezes = [{ from = 2025-08-01, to = 2025-10-31 }] }",
        ),
        (
            "staff.pwp.posts_changes",
            "[{ from = 2026-07-01, posts = 18 }]",
        ),
    ]));
    let posts = of_role(&run, "staff", "pwp", "posts");
    assert_eq!((posts[14], posts[15]), (20.0, 18.0));
    let joined = of_role(&run, "staff", "pwp", "joined");
    // Advertised in the week of 30 December to 5 January? No: the first week that begins in January.
    let month = joined.iter().position(|&wte| wte > 0.0).unwrap();
    assert_eq!(month, 10, "February 2026");
    assert_close(joined.iter().sum(), 5.0, 1e-9);
    let over = of_role(&run, "staff", "pwp", "over_establishment");
    assert_close(over[15], 2.0, 1e-9);
    let rules = run.table("rules").unwrap();
    let Values::Text(messages) = &rules.column("message").unwrap().values else {
        panic!()
    };
    assert!(
        messages.iter().any(|m| m
            .contains("20.0 WTE in post for 18.0 posts, since there are fewer posts than people")),
        "{messages:?}"
    );
}

/// One administrator for eight of the named roles, month by month.
#[test]
fn a_ratio_follows_the_other_roles() {
    let run = run(&twenty(&[(
        "staff.administrator.ratio",
        "{ per = 8, of = [\"pwp\", \"hit\"] }",
    )]));
    let [pwp, hit, clerks] = ["pwp", "hit", "administrator"].map(|role| weeks(&run, role));
    for week in 1..clerks.len() {
        let leave = (-0.13 * WEEK).exp();
        let due = (pwp[week - 1].in_post + hit[week - 1].in_post) / 8.0;
        // They follow at the start of the week, and leave by their own rate at its end.
        assert_close(
            clerks[week].in_post,
            due * leave + clerks[week].joined.min(0.0),
            0.02,
        );
    }
    assert_close(
        of_role(&run, "staff", "administrator", "posts")[0],
        (20.0 + 28.0) / 8.0,
        0.05,
    );
}

/// The worked example of docs/people.md: ten WTE of work, maternity leave of the shelf, twice the leavers after
/// two years.
#[test]
fn the_example_of_the_page() {
    use skillmix::plan::needs::{leavers_per_wte, worked_share};
    let scenario = twenty(&[
        ("staff.pwp.absences.maternity", "{}"),
        (
            "staff.pwp.leaving.by_tenure",
            "[{ from_months = 0, times = 0.5 }, { from_months = 24, times = 2 }]",
        ),
    ]);
    let pwp = &scenario.spec().staff["pwp"];
    // Away for each at work: (1 - exp(-0.06 x 7 / 365.25)) x 45 = 0.0011493 x 45 = 0.051716; half is covered:
    // (1 + 0.025858) / (1 + 0.051716) = 0.975413.
    assert_close(worked_share(pwp), 0.975_413, 1e-5);
    // Length of service: (1 - e^-0.25) / 0.125 + e^-0.25 / 0.5 = 1.769594 + 1.557602 = 3.327196 years, so 0.300553
    // leave a year by the rate. Not back or shorter: 0.0011493 x 52.1786 x (0.1 + 0.9 x 0.2) = 0.016791. Of those in
    // post: (0.300553 + 0.016791) / 1.051716 = 0.301739.
    assert_close(leavers_per_wte(pwp), 0.301_739, 1e-5);
    // 20 in post: 20 x 0.051716 / 1.051716 = 0.98346 away on the first morning and at the end of the first week,
    // less those of the settled 0.02186 who come back and go.
    assert_close(weeks(&run(&scenario), "pwp")[0].absent, 0.983_46, 1e-3);
}

/// A plan and a settled run agree on what absence takes: the hours of a WTE.
#[test]
fn a_plan_allows_for_absence() {
    let base = twenty(&[]);
    let away = changed(&base, &[("staff.pwp.absences.maternity", toml("{}"))]);
    let needed = |scenario: &Scenario| {
        let plan = skillmix::plan::plan(scenario).unwrap();
        let role = plan.timetable().role("pwp").unwrap();
        (
            plan.needs().roles[role].hours_per_wte,
            plan.needs().roles[role].needed,
        )
    };
    let (before, after) = (needed(&base), needed(&away));
    assert_close(after.0 / before.0, 0.975_413, 1e-5);
    assert!(after.1 > before.1 * 1.02, "{before:?} {after:?}");
    // What is asked of the pool is the same, so WTE x hours are.
    assert_close(after.0 * after.1, before.0 * before.1, 0.01);
}
