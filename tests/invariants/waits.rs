//! What staff do to a wait, and Little's law.

use proptest::prelude::*;
use skillmix::project::Projection;
use skillmix::scenario::Scenario;

use crate::common::{assert_close, changed, figures, role, routes, run, scenario, toml, treatment};
use crate::services::PACKS;

/// Sessions that slip move hours between weeks: what is a theorem of all hours holds week by week to this.
const MILLIONTH: f64 = 1e-6;

/// And the waits of a single week or age hold to this, where a few sessions of thousands slip.
const SLIPPED: f64 = 1e-3;

/// Fails where a wait or a list of `after` is shorter than in `before`.
fn never_shorter(
    before: &Projection,
    after: &Projection,
    columns: &[&str],
    tolerance: f64,
) -> Result<(), TestCaseError> {
    for name in columns {
        let (before, after) = (
            figures(before, "monthly", name),
            figures(after, "monthly", name),
        );
        for (month, (&before, &after)) in before.iter().zip(&after).enumerate() {
            let shorter = after < before - tolerance * before.abs().max(1.0);
            prop_assert!(!shorter, "{name}, month {month}: {before} becomes {after}");
        }
    }
    Ok(())
}

/// Two years of a preset in which all of Step 3 is CBT and short of hours, with PWP trainees or none.
/// Groups roll: one that fills sooner takes hours from others, who then step up later. Nobody steps down:
/// HITs who lose hours send fewer down, of whom fewer come up again. Nobody gives up: those who come sooner
/// have more time for it.
fn with_trainees(
    pack: &str,
    staff: (f64, f64),
    list: f64,
    intake: Option<(f64, &str)>,
) -> Scenario {
    let base = Scenario::preset(pack).unwrap();
    let mut routes = base.complete()["pathway"]["routes"].clone();
    let step3 = routes["step3"].as_table_mut().unwrap();
    let all: f64 = step3.values().map(|share| share.as_float().unwrap()).sum();
    step3["cbt"] = toml::Value::Float(all);
    step3["counselling"] = toml::Value::Float(0.0);
    let intake = intake.map_or(String::new(), |(trainees, start)| {
        format!("{{ course = \"pwp\", start = {start}, trainees = {trainees:?} }}")
    });
    let in_post = |wte: f64| toml::Value::Float(wte);
    let changes = [
        ("calendar.start", toml("2025-04-01")),
        ("calendar.weeks", toml("105")),
        ("pathway.routes", routes),
        ("pathway.step3.cbt.step_down", toml("0.0")),
        ("pathway.assessment.renege_per_week", toml("0.0")),
        (
            "pathway.step2.guided_self_help.renege_per_week",
            toml("0.0"),
        ),
        (
            "pathway.step2.psychoeducational_groups.renege_per_week",
            toml("0.0"),
        ),
        ("pathway.step3.cbt.renege_per_week", toml("0.0")),
        (
            "pathway.step2.psychoeducational_groups.group.start",
            toml("\"rolling\""),
        ),
        ("staff.pwp.in_post", in_post(staff.0)),
        // Trainees about to qualify hold back adverts, so the intake would not be alone.
        ("staff.pwp.recruitment.policy", toml("\"frozen\"")),
        ("staff.pwp_senior.recruitment.policy", toml("\"frozen\"")),
        ("staff.hit.in_post", in_post(staff.1)),
        (
            "waiting.step3.cbt",
            toml(&format!("{{ people = {list:?}, longest_weeks = 20 }}")),
        ),
        ("training.intakes", toml(&format!("[{intake}]"))),
    ];
    changed(&base, &changes)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(20_261_122), ..ProptestConfig::with_cases(40) })]

    /// PWP trainees assess and treat at Step 2; they are supervised, also by HITs. Nothing of it brings
    /// anybody into Step 3 sooner: more are assessed, some step up, and HITs lose hours. So at the end of
    /// every month at least as many have waited k weeks or more, for every k, and those who start in a week
    /// have waited at least as long.
    ///
    /// It is a theorem where Step 3 is short of hours and first come first served: sooner or more arrivals,
    /// and no more hours; to a millionth, since sessions that slip for want of hours free hours of a later
    /// week. Where Step 3 has hours to spare, a list that PWPs clear earlier can leave a later
    /// week emptier. And means over the starts of a month weigh weeks by starts: fewer starts in its last
    /// week, at a longer wait, can lower the mean. Neither is anybody's shorter wait.
    #[test]
    fn a_pwp_intake_alone_never_shortens_the_step_3_wait(
        pack in 0..PACKS.len(),
        pwp in 0.0..30.0_f64,
        hit in 0.0..1.0_f64,
        list in 50.0..400.0_f64,
        trainees in 0.1..20.0_f64,
        (month, day) in (0..18_i32, 1..=28_u8),
    ) {
        // At most 12 HITs of about 32 that the demand asks for, 3 of 5 in the founding pack.
        let staff = (pwp, hit * if pack == 0 { 12.0 } else { 3.0 });
        let start = format!("{}-{:02}-{day:02}", 2025 + (month + 3) / 12, (month + 3) % 12 + 1);
        let before = run(&with_trainees(PACKS[pack], staff, list, None));
        let waits = figures(&before, "weekly", "wait_step3_weeks");
        prop_assume!(waits.into_iter().fold(f64::MAX, f64::min) > 2.0);
        let after = run(&with_trainees(PACKS[pack], staff, list, Some((trainees, &start))));
        never_shorter(&before, &after, &["waiting_step3"], MILLIONTH)?;
        for (month, (before, after)) in before.record().waits.iter().zip(&after.record().waits).enumerate() {
            for weeks in 0..before[2].len() {
                let as_long = |by_age: &[f64]| by_age[weeks..].iter().sum::<f64>();
                let (before, after) = (as_long(&before[2]), as_long(&after[2]));
                prop_assert!(
                    after >= before - SLIPPED * before.max(1.0),
                    "month {month}, {weeks} weeks or more: {before} become {after}"
                );
            }
        }
        let weekly = |run: &Projection| {
            let of = |name: &str| figures(run, "weekly", name);
            of("wait_step3_weeks").into_iter().zip(of("course_starts_step3")).collect::<Vec<_>>()
        };
        for (week, (before, after)) in weekly(&before).into_iter().zip(weekly(&after)).enumerate() {
            let both = before.1 > 1e-9 && after.1 > 1e-9;
            prop_assert!(
                !both || after.0 >= before.0 - SLIPPED * before.0.max(1.0),
                "week {week}: {} weeks become {}", before.0, after.0
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(20_261_122), ..ProptestConfig::with_cases(60) })]

    /// One stage, first come first served, qualified staff, one session each: more staff never lengthens a
    /// wait or a list.
    #[test]
    fn more_staff_never_lengthens_a_wait(
        staff in 0.0..10.0_f64,
        more in 0.01..5.0_f64,
        referrals in 0.0..20_000.0_f64,
        list in 0.0..500.0_f64,
        renege in 0.0..0.2_f64,
        leavers in 0.0..1.0_f64,
        step in 2..=3_u8,
    ) {
        let of = |wte: f64| {
            let staff = role("therapist", "high_intensity", wte, 22.0)
                .replace("leavers_per_year = 0.0", &format!("leavers_per_year = {leavers:?}"));
            let (low, high) = if step == 2 { ("only = 1.0", "") } else { ("", "only = 1.0") };
            let text = format!(
                "calendar.kind = \"england\"\ncalendar.weeks = 60\n\
                 demand.rate = {{ referrals = {referrals:?}, per = \"year\" }}\n\
                 pathway.assessment.slots_per_week = 1000\n\
                 waiting.step{step}.only = {{ people = {list:?}, longest_weeks = 9 }}\n{}{}{staff}",
                routes(low, high, 0.0),
                treatment(step, "only", "therapist", 1.0, 60.0)
                    .replace("renege_per_week = 0.0", &format!("renege_per_week = {renege:?}")),
            );
            run(&scenario("blank", &text))
        };
        let columns = [format!("wait_step{step}_weeks"), format!("waiting_step{step}")];
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        never_shorter(&of(staff + more), &of(staff), &columns, 1e-9)?;
    }

    /// The same for assessments as the one stage, all attended: those who miss one stay at the head of the
    /// list, and the few who are left of a long list that was cleared have waited longest.
    #[test]
    fn more_assessors_never_lengthen_the_wait_for_an_assessment(
        staff in 0.0..10.0_f64,
        more in 0.01..5.0_f64,
        referrals in 0.0..20_000.0_f64,
    ) {
        let of = |wte: f64| {
            let text = format!(
                "calendar.kind = \"england\"\ncalendar.weeks = 60\n\
                 demand.rate = {{ referrals = {referrals:?}, per = \"year\" }}\n\
                 pathway.assessment.ring_fence = 1.0\n\
                 waiting.assessment = {{ people = 200, longest_weeks = 12 }}\n{}",
                role("pwp", "low_intensity", wte, 22.0)
            );
            run(&scenario("blank", &text))
        };
        let columns = ["wait_assessment_weeks", "waiting_assessment"];
        never_shorter(&of(staff + more), &of(staff), &columns, 1e-9)?;
    }
}

/// Ten a week are sent to CBT, all at once.
fn ten_a_week(weeks: u32, therapy: &str, staff: &str) -> Projection {
    let text = format!(
        "calendar.weeks = {weeks}\ndemand.rate = {{ referrals = 520, per = \"year\" }}\n\
         pathway.assessment.slots_per_week = 10\n{}{therapy}{staff}",
        routes("", "cbt = 1.0", 0.0)
    );
    run(&scenario("blank", &text))
}

/// Little's law: with sessions every two weeks, a tenth missed and 8 % dropping out after a session, the
/// average person has (1 - 0.92^6) / 0.08 = 4.920 sessions in 5.467 bookings, so 4.467 intervals or 8.93
/// weeks lie between the first booking and the last; 10 a week start, and 89.3 are in a course.
#[test]
fn open_cases_are_starts_times_weeks_in_a_course() {
    let therapy = treatment(3, "cbt", "hit", 6.0, 60.0)
        .replace("interval_weeks = 1", "interval_weeks = 2")
        .replace("drop_out = 0.0", "drop_out = 0.08")
        .replace("dna = 0.0", "dna = 0.1");
    let run = ten_a_week(156, &therapy, &role("hit", "high_intensity", 50.0, 22.0));
    let sessions = (1.0 - 0.92_f64.powi(6)) / 0.08;
    let weeks = 2.0 * (sessions / 0.9 - 1.0);
    assert!((weeks - 8.93).abs() < 0.01);
    let starts = figures(&run, "weekly", "course_starts_step3");
    let open = figures(&run, "weekly", "open_step3");
    for week in 100..156 {
        assert_close(starts[week], 10.0, 1e-9);
        assert_close(open[week], 10.0 * weeks, 0.01);
    }
}

/// The same law where waiting is the stage: 30 places of six weekly sessions start 5 a week, half of those
/// who come; the list grows by 60 - 30 = 30 in six weeks, and after 120 weeks the wait of those who start is
/// what stood before them over 5 a week: half of the time since the beginning.
#[test]
fn an_overloaded_list_grows_by_arrivals_less_starts() {
    let staff = role("hit", "high_intensity", 0.0, 22.0) + "slots = 30\n";
    // `slots` must stand in the table of the role, before its sub-tables; here it has none.
    let run = ten_a_week(120, &treatment(3, "cbt", "hit", 6.0, 60.0), &staff);
    let (list, starts) = (
        figures(&run, "weekly", "waiting_step3"),
        figures(&run, "weekly", "course_starts_step3"),
    );
    for week in 12..114 {
        assert_close(list[week + 6] - list[week], 30.0, 1e-9);
        let started: f64 = starts[week + 1..=week + 6].iter().sum();
        assert_close(list[week + 6] - list[week], 60.0 - started, 1e-9);
    }
    // Six weeks of starts wait on average 60 weeks around week 120: the 600th person started came in week 60.
    let waits = figures(&run, "weekly", "wait_step3_weeks");
    let weighted: f64 = (114..120)
        .map(|week| waits[week].min(1e9) * starts[week])
        .sum();
    assert!(
        (weighted / 30.0 - 117.0 / 2.0).abs() < 2.0,
        "{}",
        weighted / 30.0
    );
}

/// Courses that open as in a settled service stay as they are when demand and staff do not change: 10 a week
/// start, 10 a week end.
#[test]
fn a_settled_service_stays_settled() {
    let therapy = treatment(3, "cbt", "hit", 6.0, 60.0)
        .replace("interval_weeks = 1", "interval_weeks = 2")
        .replace("dna = 0.0", "dna = 0.1");
    let text = format!(
        "calendar.weeks = 30\ndemand.rate = {{ referrals = 520, per = \"year\" }}\n\
         pathway.assessment.slots_per_week = 10\nopen_courses.otherwise = \"steady\"\n\
         waiting.step3.cbt = {{ people = 10, longest_weeks = 0 }}\n{}{therapy}{}",
        routes("", "cbt = 1.0", 0.0),
        role("hit", "high_intensity", 50.0, 22.0)
    );
    let run = run(&scenario("blank", &text));
    let open = figures(&run, "weekly", "open_step3");
    // 6 / 0.9 - 1 = 5.667 intervals of two weeks: 113.3 open cases.
    for (week, open) in open.into_iter().enumerate() {
        assert!(
            (open - 10.0 * 2.0 * (6.0 / 0.9 - 1.0)).abs() < 0.5,
            "week {week}: {open}"
        );
    }
}
