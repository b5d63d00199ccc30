//! Every hour is in one line, 42 weeks are 42 weeks, and a trainee's first year is 65 % of a qualified one.

use skillmix::project::Projection;
use skillmix::reference::packs;
use skillmix::scenario::Scenario;

use crate::common::{assert_close, role, run, scenario, toml};
use crate::services::PACKS;

const FLAT: &str = "[1,1,1,1,1,1,1,1,1,1,1,1]";

#[test]
fn every_job_plan_of_every_pack_has_37_and_a_half_hours() {
    let mut roles = 0;
    for pack in packs::names() {
        for (name, role) in &Scenario::preset(pack).unwrap().spec().staff {
            assert!(
                (role.job_plan.total() - 37.5).abs() < 1e-9,
                "{pack}: {name}"
            );
            roles += 1;
        }
    }
    assert_eq!(roles, 14, "seven roles in each of two packs");
}

/// A preset in which nobody leaves and nobody is recruited, for 52 weeks from 1 April 2025.
fn frozen(pack: &str, more: &[(&str, &str)]) -> Scenario {
    let preset = Scenario::preset(pack).unwrap();
    let mut changes = vec![
        ("calendar.start".to_string(), toml("2025-04-01")),
        ("calendar.weeks".to_string(), toml("52")),
        (
            "training.courses.pwp.leavers_per_year".to_string(),
            toml("0.0"),
        ),
    ];
    for name in preset.spec().staff.keys() {
        changes.push((format!("staff.{name}.leavers_per_year"), toml("0.0")));
        changes.push((
            format!("staff.{name}.recruitment.policy"),
            toml("\"frozen\""),
        ));
    }
    changes.extend(
        more.iter()
            .map(|(path, value)| ((*path).to_string(), toml(value))),
    );
    preset.with_all(changes).unwrap()
}

/// Bookable hours of the PWP pool in the year, with so many PWPs in post and one trainee from the first day
/// or none.
fn pool_hours(pack: &str, leave: &str, pwps: &str, trainee: bool) -> f64 {
    let intake = "[{ course = \"pwp\", start = 2025-04-01, trainees = 1 }]";
    let run = run(&frozen(
        pack,
        &[
            ("calendar.leave_profile", leave),
            ("staff.pwp.in_post", pwps),
            ("training.intakes", if trainee { intake } else { "[]" }),
        ],
    ));
    let pool = run.timetable().role("pwp").unwrap();
    run.record().pools[pool]
        .iter()
        .map(|minutes| minutes.bookable[0] / 60.0)
        .sum()
}

/// Working days of April 2025 to 30 March 2026 (52 weeks): 20, 20, 21, then 23, 20, 22, 23, 20, 21, then 21,
/// 20, 21 to 30 March. Months 1-3 count nothing, 4-9 (129 days) 0.8, 10-12 (62 days) 1:
/// (103.2 + 62) / 252 = 0.65556. By months it is 0.65.
#[test]
fn a_trainee_year_by_hours() {
    for pack in PACKS {
        let hours = |pwps: &str, trainee: bool| pool_hours(pack, FLAT, pwps, trainee);
        let nobody = hours("0.0", false);
        let share = (hours("0.0", true) - nobody) / (hours("1.0", false) - nobody);
        assert!((share - 0.65).abs() < 0.01, "{pack}: {share}");
        assert_close(share, (129.0 * 0.8 + 62.0) / 252.0, 1e-9);
        // A qualified PWP of the year: 22 hours in 42 weeks, less the last working day of 253.
        assert_close(
            hours("1.0", false) - nobody,
            22.0 * 42.0 * 252.0 / 253.0,
            1e-9,
        );
    }
}

/// The leave profile of the pack moves leave about, so a trainee's working months count a little more or
/// less.
#[test]
fn a_trainee_year_by_hours_with_the_leave_of_the_pack() {
    for pack in PACKS {
        let preset = Scenario::preset(pack).unwrap();
        let leave = preset.complete()["calendar"]["leave_profile"].to_string();
        let hours = |pwps: &str, trainee: bool| pool_hours(pack, &leave, pwps, trainee);
        let nobody = hours("0.0", false);
        let share = (hours("0.0", true) - nobody) / (hours("1.0", false) - nobody);
        assert!((share - 0.65).abs() < 0.01, "{pack}: {share}");
    }
}

/// WTE weeks available in each financial year, split by working days where a week lies in two.
fn available_by_year(run: &Projection, role: &str) -> Vec<f64> {
    let (timetable, calendar) = (run.timetable(), &run.timetable().calendar);
    let weeks = &run.record().staff[timetable.role(role).unwrap()];
    let mut years = vec![0.0; calendar.financial_years.len()];
    for segment in &calendar.segments {
        let worked = f64::from(calendar.weeks[segment.week].working_days);
        if worked > 0.0 {
            let share = f64::from(segment.working_days) / worked;
            years[calendar.months[segment.month].financial_year] +=
                weeks[segment.week].available * share;
        }
    }
    years
}

/// One WTE for 42 weeks a year, with flat leave.
fn one_pwp(start: &str, weeks: u32) -> Scenario {
    let text = role("pwp", "low_intensity", 1.0, 22.0)
        .replace("availability = 1.0", "weeks_available = 42");
    let calendar = format!("kind = \"england\", start = {start}, weeks = {weeks}");
    scenario("blank", &format!("calendar = {{ {calendar} }}\n{text}"))
}

/// 42 x 5 = 210 days of one WTE in a financial year, with 251 working days or 254, 365 days or 366. These
/// years begin at a weekend, so that 52 weeks hold each of their working days and no other.
#[test]
fn forty_two_weeks_include_the_bank_holidays() {
    let mut working_days = Vec::new();
    for year in [2012, 2017, 2018, 2023, 2028, 2029, 2034] {
        let run = run(&one_pwp(&format!("{year}-04-01"), 52));
        let weeks = available_by_year(&run, "pwp");
        assert!(
            (weeks[0] * 5.0 - 210.0).abs() < 1e-9,
            "{year}: {} days",
            weeks[0] * 5.0
        );
        working_days.push(run.timetable().calendar.financial_years[0].working_days_whole);
    }
    working_days.sort_unstable();
    working_days.dedup();
    assert!(working_days.len() > 2, "{working_days:?}");
}

/// Nine years in a row: a week that lies in two years goes by the share of the first, so that a year may
/// gain or lose a fraction of its last days, below a tenth of a day.
#[test]
fn forty_two_weeks_year_after_year() {
    let run = run(&one_pwp("2017-04-01", 470));
    let years = &run.timetable().calendar.financial_years;
    for (year, weeks) in years.iter().zip(available_by_year(&run, "pwp")) {
        if year.days_inside == year.days_whole {
            assert!(
                (weeks * 5.0 - 210.0).abs() < 0.1,
                "{}: {} days",
                year.label,
                weeks * 5.0
            );
        }
    }
}

/// The leave profile of the pack keeps the total: 1 April 2017 and 1 April 2023 are Saturdays, so that 52
/// weeks hold every working day of the year. August, with the most leave, works least.
#[test]
fn the_leave_profile_keeps_the_total() {
    for year in [2017, 2023] {
        let start = format!("{year}-04-01");
        let pack = frozen("talking-therapies-2025", &[("calendar.start", &start)]);
        let run = run(&pack);
        for name in ["pwp", "hit", "counsellor"] {
            let in_post = pack.spec().staff[name].in_post.mean();
            let days = available_by_year(&run, name)[0] * 5.0 / in_post;
            assert!((days - 210.0).abs() < 1e-9, "{year}, {name}: {days} days");
        }
        let weeks = &run.record().staff[run.timetable().role("pwp").unwrap()];
        let share = |week: usize| weeks[week].available / weeks[week].worked;
        // Week 19 lies in August, week 30 in October or November.
        assert!(share(19) < share(30));
    }
}

/// Nearly all leave in August: more than its working days cannot be lost. Either such a profile is refused, or
/// the year still has its 42 weeks.
#[test]
fn a_month_cannot_lose_more_days_than_it_has() {
    let profile = (
        "calendar.leave_profile".to_string(),
        toml("[0,0,0,0,0,0,0,10,2,0,0,0]"),
    );
    let service = one_pwp("2017-04-01", 52);
    match service.with_all([profile]) {
        Err(error) => assert!(
            error.to_string().contains("calendar.leave_profile"),
            "{error}"
        ),
        Ok(service) => {
            let days = available_by_year(&run(&service), "pwp")[0] * 5.0;
            assert!((days - 210.0).abs() < 1e-9, "{days} days");
        }
    }
}

/// Of 100 sessions booked 75 are attended, 10 people do not come and 10 cancel, of whose slots half are used for
/// somebody else; the service cancels 5. The time of 75 + 10 + 5 = 90 slots is used, of 15 of them for nobody.
#[test]
fn time_lost_to_missed_appointments_leaves_out_slots_that_are_reused() {
    let shares = [
        ("dna", "0.10"),
        ("patient_cancel", "0.10"),
        ("provider_cancel", "0.05"),
        ("reuse", "0.5"),
    ];
    let changes: Vec<(String, &str)> = (shares.iter())
        .map(|(name, share)| (format!("pathway.step3.counselling.{name}"), *share))
        .collect();
    let more: Vec<(&str, &str)> = changes
        .iter()
        .map(|(path, share)| (path.as_str(), *share))
        .collect();
    let run = run(&frozen("talking-therapies-2025", &more));
    let pool = run.timetable().role("counsellor").unwrap();
    for week in &run.record().pools[pool] {
        assert_close(
            week.lost[0],
            (week.first[0] + week.later[0]) * 15.0 / 90.0,
            1e-9,
        );
    }
}
