//! Trainees by hand: the gate and the resit, the award, settling in, clauses, posts held and short courses.

use skillmix::project::Projection;
use skillmix::scenario::Scenario;
use toml::Value;

use crate::common::{assert_all_close, assert_close, changed, figures, run, toml};
use crate::services::PACKS;

/// A service from 1 April 2025 in which nobody leaves or is recruited, with changes.
fn service(pack: &str, weeks: i64, changes: &[(&str, &str)]) -> Scenario {
    let preset = Scenario::preset(pack).unwrap();
    let mut all = vec![
        ("calendar.start".to_string(), toml("2025-04-01")),
        ("calendar.weeks".to_string(), Value::Integer(weeks)),
    ];
    for name in preset.spec().training.courses.keys() {
        let path = format!("training.courses.{name}.leavers_per_year");
        all.push((path, toml("0.0")));
    }
    for name in preset.spec().staff.keys() {
        all.push((format!("staff.{name}.leavers_per_year"), toml("0.0")));
        let policy = format!("staff.{name}.recruitment.policy");
        all.push((policy, toml("\"frozen\"")));
    }
    let stated = changes.iter();
    all.extend(stated.map(|(path, value)| ((*path).to_string(), toml(value))));
    preset.with_all(all).unwrap()
}

/// An intake of PWP trainees.
fn intake(start: &str, trainees: f64, more: &str) -> String {
    format!("[{{ course = \"pwp\", start = {start}, trainees = {trainees:?}{more} }}]")
}

const ALL_RESIT: &str = "{ title = \"All resit\", pass_first = 0.0, resit_pass = 1.0, \
     resit_delay_months = 2, resit_delays_award = true }";

fn bookable(run: &Projection, role: &str) -> Vec<f64> {
    let place = run.timetable().role(role).unwrap();
    let pools = run.record().pools[place].iter();
    pools.map(|pool| pool.bookable[0]).collect()
}

/// A table of one intake, a column by month.
fn months(run: &Projection, column: &str) -> Vec<(String, f64)> {
    let table = run.table("training").unwrap();
    let labels = table.texts("month").to_vec();
    labels
        .into_iter()
        .zip(figures(run, "training", column))
        .collect()
}

fn in_month(run: &Projection, column: &str, month: &str) -> f64 {
    let all = months(run, column);
    all.iter().find(|(label, _)| label == month).unwrap().1
}

/// Who resits after two months works the hours of somebody who starts two months later and passes: from
/// 1 April 80 % begin on 1 September, 100 % on 1 March and the award is on 1 June; from 1 June likewise.
#[test]
fn a_resit_of_two_months_delays_hours_by_two_months() {
    for pack in PACKS {
        let route = ("training.courses.pwp.routes.resit", ALL_RESIT);
        let late = intake("2025-04-01", 6.0, ", route = \"resit\"");
        let late = run(&service(pack, 80, &[route, ("training.intakes", &late)]));
        let two_months_on = intake("2025-06-01", 6.0, "");
        let other = run(&service(pack, 80, &[("training.intakes", &two_months_on)]));
        assert_all_close(&bookable(&late, "pwp"), &bookable(&other, "pwp"), 1e-12);
        let nobody = run(&service(pack, 80, &[("training.intakes", "[]")]));
        let gap = bookable(&late, "pwp")[22] - bookable(&nobody, "pwp")[22];
        assert!(gap > 0.0, "week 22 begins on 2 September: {gap}");
        assert_all_close(
            &bookable(&late, "pwp")[..21],
            &bookable(&nobody, "pwp")[..21],
            1e-12,
        );
        assert_close(in_month(&late, "qualified", "2026-06"), 6.0, 1e-12);
        assert_close(in_month(&late, "resitting", "2025-07"), 6.0, 1e-12);
        assert_eq!(in_month(&late, "resitting", "2025-06"), 0.0);
        assert_eq!(in_month(&late, "resitting", "2025-09"), 0.0);
    }
}

/// Where the resit does not put the award off, the ramp is late and the award is not.
#[test]
fn a_resit_need_not_delay_the_award() {
    let route = ALL_RESIT.replace("award = true", "award = false");
    let intake = intake("2025-04-01", 6.0, ", route = \"resit\"");
    let run = run(&service(
        PACKS[0],
        60,
        &[
            ("training.courses.pwp.routes.resit", &route),
            ("training.intakes", &intake),
        ],
    ));
    assert_close(in_month(&run, "qualified", "2026-04"), 6.0, 1e-12);
    // 0 to August, 80 % to February, 100 % in March only.
    for (month, wte) in [
        ("2025-08", 0.0),
        ("2025-09", 4.8),
        ("2026-02", 4.8),
        ("2026-03", 6.0),
    ] {
        assert_close(in_month(&run, "ramped_wte", month), wte, 1e-12);
    }
}

/// 12 graduates: 12 x 0.85 = 10.2 pass, 1.8 x 0.8 = 1.44 pass on resit, 0.36 fail. Together 12.
#[test]
fn an_intake_by_a_route_is_split_and_nobody_is_lost() {
    let route = "{ title = \"G\", pass_first = 0.85, resit_pass = 0.8, resit_delay_months = 2, \
         resit_delays_award = true }";
    let intake = intake("2025-04-01", 12.0, ", route = \"g\"");
    let run = run(&service(
        PACKS[0],
        70,
        &[
            ("training.courses.pwp.routes.g", route),
            ("training.intakes", &intake),
        ],
    ));
    for (column, month, heads) in [
        ("started", "2025-04", 12.0),
        ("in_training", "2025-06", 12.0),
        ("passed_first", "2025-07", 10.2),
        ("resitting", "2025-07", 1.8),
        ("passed_resit", "2025-09", 1.44),
        ("failed", "2025-09", 0.36),
        ("in_training", "2025-09", 11.64),
        ("qualified", "2026-04", 10.2),
        ("qualified", "2026-06", 1.44),
        ("in_training", "2026-06", 0.0),
        ("ramped_wte", "2025-06", 0.0),
        ("ramped_wte", "2025-07", 8.16),
        ("ramped_wte", "2025-09", 9.312),
        ("ramped_wte", "2026-01", 11.352),
        ("ramped_wte", "2026-03", 11.64),
        ("ramped_wte", "2026-04", 1.44),
    ] {
        assert_close(in_month(&run, column, month), heads, 1e-12);
    }
    // Those who fail leave the role of the trainees: joined 12, left 0.36, qualified 11.64.
    let trainees = run.timetable().role("pwp_trainee").unwrap();
    let left: f64 = run.record().staff[trainees]
        .iter()
        .map(|week| week.left)
        .sum();
    assert_close(left, 0.36, 1e-12);
    let qualified = run.timetable().role("pwp").unwrap();
    let came: f64 = run.record().staff[qualified]
        .iter()
        .map(|week| week.qualified)
        .sum();
    assert_close(came, 11.64, 1e-12);
}

/// Those stated as in training on the first day are those who are still there: a year's intake of October
/// 2024, assessed at the end of December and again at the end of February, has nobody left who failed, and
/// 0.85 / (0.85 + 0.15 x 0.8) of it passed at the first attempt.
#[test]
fn trainees_of_the_first_day_have_passed_what_is_behind_them() {
    let intake = intake("2024-10-01", 9.7, ", route = \"graduate\"");
    let run = run(&service(PACKS[0], 40, &[("training.intakes", &intake)]));
    assert_close(
        in_month(&run, "qualified", "2025-10"),
        9.7 * 0.85 / 0.97,
        1e-12,
    );
    assert_close(
        in_month(&run, "qualified", "2025-12"),
        9.7 * 0.12 / 0.97,
        1e-12,
    );
    assert_eq!(figures(&run, "training", "failed").iter().sum::<f64>(), 0.0);
}

/// The course ends on 1 April 2026 and the award is six weeks later, on 13 May: until then the people are
/// trainees and work the share that is stated, or the last step of the ramp.
#[test]
fn the_award_comes_some_weeks_after_the_course() {
    let intake = intake("2025-04-01", 5.0, "");
    let lag = ("training.courses.pwp.award_lag_weeks", "6");
    let changes = [("training.intakes", intake.as_str()), lag];
    let scenario = service(PACKS[0], 65, &changes);
    let awaited = run(&scenario);
    assert_close(in_month(&awaited, "awaiting_award", "2026-04"), 5.0, 1e-12);
    assert_eq!(in_month(&awaited, "awaiting_award", "2026-03"), 0.0);
    assert_eq!(in_month(&awaited, "qualified", "2026-04"), 0.0);
    assert_close(in_month(&awaited, "qualified", "2026-05"), 5.0, 1e-12);
    assert_close(in_month(&awaited, "ramped_wte", "2026-04"), 5.0, 1e-12);
    let share = ("training.courses.pwp.awaiting_award_share", toml("0.6"));
    let half = run(&changed(&scenario, &[share]));
    assert_close(in_month(&half, "ramped_wte", "2026-04"), 3.0, 1e-12);
    // Paid as trainees for 365 + 42 days: 5 x 365 / 365 in 2025/26 and 5 x 42 / 365 in 2026/27.
    let cost = awaited.table("cost").unwrap();
    let pay = |year: &str| -> f64 {
        let rows = cost.texts("year").iter().zip(cost.texts("role"));
        let lines = rows.zip(cost.texts("line")).zip(cost.numbers("pounds"));
        lines
            .filter(|(((y, role), line), _)| {
                *y == year && *role == "pwp_trainee" && *line == "salary"
            })
            .map(|(_, pounds)| *pounds)
            .sum()
    };
    let rise = pay("2026/27") / pay("2025/26") / (42.0 / 365.0);
    assert!(
        (1.0..1.1).contains(&rise),
        "42 days of a year at the new pay: {rise}"
    );
}

/// Newly qualified staff work 50 % for three months: with a hazard of 0.2 a year, 4 of them are short by
/// 4 x exp(-0.2 x 7 / 365.25 x weeks since qualifying) x 0.5 in each full week.
#[test]
fn settling_in_takes_off_what_the_survivors_are_short_of() {
    let intake = intake("2025-01-01", 4.0, "");
    let leave = ("staff.pwp.leavers_per_year", "0.2");
    let plain = service(PACKS[0], 60, &[leave, ("training.intakes", &intake)]);
    let steps = "[{ from_month = 1, share = 0.5 }, { from_month = 4, share = 1.0 }]";
    let settling = changed(&plain, &[("training.courses.pwp.settling", toml(steps))]);
    let (plain, settling) = (run(&plain), run(&settling));
    let role = plain.timetable().role("pwp").unwrap();
    // They qualify on Thursday 1 January 2026, in the week of Tuesday 30 December: week 39.
    let qualify = plain.timetable().cohorts[0].qualifies.unwrap();
    assert_eq!(qualify, 39);
    let mut short_weeks = 0;
    for week in 0..60 {
        let worked = plain.timetable().calendar.weeks[week];
        let full = f64::from(worked.working_days) / 5.0;
        let short =
            plain.record().staff[role][week].ramped - settling.record().staff[role][week].ramped;
        let weeks_since = week as f64 - qualify as f64 - 1.0;
        // The last of the three months is that to 31 March; week 51 begins on 24 March, week 52 on the 31st.
        if (40..=51).contains(&week) {
            let here = 4.0 * (-0.2 * 7.0 / 365.25 * weeks_since).exp();
            assert_close(short, here * 0.5 * full, 1e-9);
            short_weeks += 1;
        } else if !(39..=52).contains(&week) {
            assert!(short.abs() < 1e-12, "week {week}: {short}");
        }
    }
    assert_eq!(short_weeks, 12);
}

/// Two vacancies, two trainees who hold them: nobody is recruited, and there is nobody over establishment when
/// they qualify. Without holding, the posts are advertised and filled meanwhile.
#[test]
fn a_trainee_may_hold_the_post_to_come() {
    let with = |holds: &str| {
        let intake = intake("2025-04-01", 2.0, &format!(", holds_posts = {holds}"));
        let changes = [
            ("staff.pwp.in_post", "10.0"),
            ("staff.pwp.posts", "12.0"),
            ("staff.pwp.recruitment.policy", "\"to_posts\""),
            ("staff.pwp.recruitment.lead_weeks", "8"),
            ("training.intakes", intake.as_str()),
        ];
        run(&service(PACKS[0], 60, &changes))
    };
    let pwp = |run: &Projection| run.timetable().role("pwp").unwrap();
    let at_end = |run: &Projection| run.record().staff[pwp(run)][59].in_post;
    assert_close(at_end(&with("true")), 12.0, 1e-12);
    let over = at_end(&with("false"));
    assert!(
        over > 13.0,
        "advertised, filled and then joined by the trainees: {over}"
    );
}

/// Three trainees qualify on 1 October 2025 and repay 2,000 pounds each if they leave within six months. With a
/// hazard of 0.3 a year, 3 x (1 - exp(-0.3 x 7 / 365.25 x weeks under the clause)) of them do.
#[test]
fn leavers_inside_a_clause_repay() {
    let changes = [
        ("staff.pwp.leavers_per_year", "0.3"),
        ("staff.pwp.in_post", "0.0"),
        (
            "training.courses.pwp.clause",
            "{ months = 6, repay_pounds = 2000 }",
        ),
        (
            "training.intakes",
            "[{ course = \"pwp\", start = 2024-10-01, trainees = 3 }]",
        ),
    ];
    let scenario = service(PACKS[0], 52, &changes);
    let run = run(&scenario);
    let line = |run: &Projection, name: &str| -> f64 {
        let cost = run.table("cost").unwrap();
        let lines = cost.texts("line").iter().zip(cost.numbers("pounds"));
        lines
            .filter(|(line, _)| *line == name)
            .map(|(_, pounds)| *pounds)
            .sum()
    };
    // They qualify in week 26 (30 September to 6 October), leave from week 27 on, and the clause ends on
    // 1 April 2026, so week 51 (24 to 30 March) is the last: 25 weeks, all in 2025/26.
    let left = 3.0 * (1.0 - (-0.3_f64 * 7.0 / 365.25 * 25.0).exp());
    assert!((line(&run, "clause_repayment") + 2000.0 * left).abs() < 0.01);
    // A share of the fee: 40 % of 5,000 is 2,000 too.
    let share = toml("{ months = 6, repay_share_of_fee = 0.4 }");
    let fee = ("training.courses.pwp.fee", toml("5000"));
    let bare = changed(&scenario, &[("training.courses.pwp.clause", share), fee]);
    let by_share = crate::common::run(&bare);
    assert_eq!(
        line(&by_share, "clause_repayment"),
        line(&run, "clause_repayment")
    );
}

/// Three PWPs on a supervisor course of 5 days in one week are away for 3 x 37.5 hours; of their bookable hours
/// 3 x those of the job plan are lost, and every hour of the role stays in one line.
#[test]
fn a_short_course_takes_its_days_out_of_work() {
    let attend = "[{ course = \"supervisor_low_intensity\", role = \"pwp\", people = 3, \
         start = 2025-06-03, weeks = 1 }]";
    let scenario = service(PACKS[0], 52, &[]);
    let without = run(&scenario);
    let with = run(&changed(
        &scenario,
        &[("training.attendances", toml(attend))],
    ));
    let lost: Vec<f64> = bookable(&without, "pwp")
        .into_iter()
        .zip(bookable(&with, "pwp"))
        .map(|(before, after)| (before - after) / 60.0)
        .collect();
    // Tuesday 3 June is the first day of week 9.
    let patients = scenario.spec().staff["pwp"].job_plan.patients.mean();
    assert_close(lost[9], 3.0 * patients, 1e-9);
    assert!(lost.iter().sum::<f64>() - lost[9] < 1e-6);
    let hours = |run: &Projection, name: &str| -> f64 {
        let table = run.table("capacity").unwrap();
        let rows = table.texts("role").iter().zip(table.texts("line"));
        rows.zip(table.numbers("hours"))
            .filter(|((role, line), _)| *role == "pwp" && *line == name)
            .map(|(_, hours)| *hours)
            .sum()
    };
    assert_close(hours(&with, "short_courses"), 112.5, 1e-9);
    assert_close(
        hours(&with, "leave_and_sickness"),
        hours(&without, "leave_and_sickness"),
        1e-12,
    );
    let plan = &scenario.spec().staff["pwp"].job_plan;
    let cpd = hours(&without, "cpd") - hours(&with, "cpd");
    assert_close(cpd, 3.0 * plan.cpd.value(), 1e-9);
    // 3 fees of 1,000 pounds, paid nationally.
    let cost = with.table("cost").unwrap();
    let fee = cost
        .texts("line")
        .iter()
        .position(|line| line == "short_course_fee");
    let row = fee.unwrap();
    assert_eq!(cost.numbers("pounds")[row], 3000.0);
    assert_eq!(cost.texts("payer")[row], "national");
}

/// Two counsellors convert to PWP: 25 days over ten weeks from 1 April, so from 10 June they are PWPs.
#[test]
fn a_conversion_changes_the_role_of_those_who_attend() {
    let attend = "[{ course = \"conversion\", role = \"counsellor\", people = 2, \
         start = 2025-04-01, weeks = 10 }]";
    let changes = [
        ("training.attendances", attend),
        ("staff.counsellor.in_post", "5.0"),
        ("staff.pwp.in_post", "12.0"),
    ];
    let run = run(&service(PACKS[1], 20, &changes));
    let in_post = |role: &str, week: usize| {
        run.record().staff[run.timetable().role(role).unwrap()][week].in_post
    };
    for (week, counsellors, pwps) in [(9, 5.0, 12.0), (10, 3.0, 14.0), (19, 3.0, 14.0)] {
        assert_eq!(
            (in_post("counsellor", week), in_post("pwp", week)),
            (counsellors, pwps)
        );
    }
}

/// Ten HITs, one in five of them trained to supervise PWPs; three more attend the course in the first three weeks.
/// Then 2 + 3 of the ten may give case management: it is offered 5 / 2 times the hours.
#[test]
fn supervisors_are_trained_by_the_course() {
    let attend = "[{ course = \"supervisor_low_intensity\", role = \"hit\", people = 3, \
         start = 2025-04-01, weeks = 3 }]";
    let changes = [
        ("training.attendances", attend),
        ("staff.hit.in_post", "10.0"),
        ("staff.hit_lead.in_post", "0.0"),
        ("staff.pwp_senior.in_post", "0.0"),
        ("supervision.norms.case_management.trained.hit", "0.2"),
    ];
    let run = run(&service(PACKS[0], 20, &changes));
    let kind = |name: &str| {
        let mut norms = run.timetable().norms.iter();
        norms.position(|norm| norm.name == name).unwrap()
    };
    // The record keeps the first week and the last of each month: here those before and after the course.
    let record = run.record();
    let after = (3..20).find(|&week| !record.supervision[week].kinds.is_empty());
    let (before, after) = (0, after.unwrap());
    let offered = |week: usize, name: &str| record.supervision[week].kinds[kind(name)].offered[0];
    let rise = offered(after, "case_management") / offered(before, "case_management");
    assert_close(rise, 5.0 / 2.0, 1e-12);
    let therapy = "high_intensity_clinical";
    assert!(offered(before, therapy) > 0.0);
    assert_eq!(offered(before, therapy), offered(after, therapy));
}

/// A run that is shorter than the scenario leaves out the intakes that start after it.
#[test]
fn an_intake_after_a_shorter_run_is_not_in_it() {
    use skillmix::project::{Horizon, project};
    let scenario = service(
        PACKS[0],
        60,
        &[("training.intakes", &intake("2026-01-05", 8.0, ""))],
    );
    let run = project(&scenario, Horizon::Weeks(20)).unwrap();
    assert!(
        figures(&run, "staff", "in_training")
            .iter()
            .all(|&heads| heads == 0.0)
    );
    let said = run.words().join(" ");
    assert!(said.contains("8 trainees start after this run"), "{said}");
}
