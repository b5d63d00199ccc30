//! Every hour is in one line, 42 weeks are 42 weeks, and a trainee's first year is 65 % of a qualified one.

use skillmix::project::Projection;
use skillmix::reference::packs;
use skillmix::scenario::Scenario;

use crate::common::{assert_close, preset, role, run, scenario, toml};
use crate::services::PACKS;

const FLAT: &str = "[1,1,1,1,1,1,1,1,1,1,1,1]";

#[test]
fn every_job_plan_of_every_pack_has_37_and_a_half_hours() {
    let mut roles = 0;
    for pack in packs::names() {
        for (name, role) in &Scenario::preset(pack).unwrap().spec().staff {
            assert!((role.job_plan.total() - 37.5).abs() < 1e-9, "{pack}: {name}");
            roles += 1;
        }
    }
    assert_eq!(roles, 14, "seven roles in each of two packs");
}

/// Bookable minutes of the PWP pool, week by week, with `pwp` WTE in post and one trainee from the first
/// day or none; nobody leaves and leave is flat.
fn pool_minutes(pack: &str, pwp: f64, trainee: bool) -> Vec<f64> {
    let intakes = if trainee { "[{ course = \"pwp\", start = 2025-04-01, trainees = 1 }]" } else { "[]" };
    let mut changes = vec![
        ("calendar.start".to_string(), toml("2025-04-01")),
        ("calendar.weeks".to_string(), toml("52")),
        ("calendar.leave_profile".to_string(), toml(FLAT)),
        ("staff.pwp.in_post".to_string(), toml(&format!("{pwp:?}"))),
        ("training.intakes".to_string(), toml(intakes)),
        ("training.courses.pwp.leavers_per_year".to_string(), toml("0.0")),
    ];
    let preset = Scenario::preset(pack).unwrap();
    for name in preset.spec().staff.keys() {
        changes.push((format!("staff.{name}.leavers_per_year"), toml("0.0")));
        changes.push((format!("staff.{name}.recruitment.policy"), toml("\"frozen\"")));
    }
    let run = run(&preset.with_all(changes).unwrap());
    let pool = run.timetable().role("pwp").unwrap();
    run.record().pools[pool].iter().map(|minutes| minutes.bookable[0]).collect()
}

/// Working days of April 2025 to 30 March 2026 (52 weeks): 20, 20, 21, then 23, 20, 22, 23, 20, 21, then 21,
/// 20, 21 to 30 March. Months 1-3 count nothing, 4-9 (129 days) 0.8, 10-12 (62 days) 1:
/// (103.2 + 62) / 252 = 0.65556. By months it is 0.65.
#[test]
fn a_trainee_year_by_hours() {
    for pack in PACKS {
        let sum = |pwp: f64, trainee: bool| pool_minutes(pack, pwp, trainee).iter().sum::<f64>();
        let nobody = sum(0.0, false);
        let share = (sum(0.0, true) - nobody) / (sum(1.0, false) - nobody);
        assert!((share - 0.65).abs() < 0.01, "{pack}: {share}");
        assert_close(share, (129.0 * 0.8 + 62.0) / 252.0, 1e-9);
        // A qualified PWP of the year: 22 hours in 42 weeks, less the last working day of 253.
        assert_close((sum(1.0, false) - nobody) / 60.0, 22.0 * 42.0 * 252.0 / 253.0, 1e-9);
    }
}

/// The profile of the pack moves leave about, so a trainee's working months count a little more or less.
#[test]
fn a_trainee_year_by_hours_with_the_leave_of_the_pack() {
    for pack in PACKS {
        let year = |intakes: &str, pwp: &str| {
            let mut changes = vec![
                ("calendar.start".to_string(), toml("2025-04-01")),
                ("calendar.weeks".to_string(), toml("52")),
                ("staff.pwp.in_post".to_string(), toml(pwp)),
                ("training.intakes".to_string(), toml(intakes)),
                ("training.courses.pwp.leavers_per_year".to_string(), toml("0.0")),
            ];
            let preset = Scenario::preset(pack).unwrap();
            for name in preset.spec().staff.keys() {
                changes.push((format!("staff.{name}.leavers_per_year"), toml("0.0")));
                changes.push((format!("staff.{name}.recruitment.policy"), toml("\"frozen\"")));
            }
            let run = run(&preset.with_all(changes).unwrap());
            let pool = run.timetable().role("pwp").unwrap();
            run.record().pools[pool].iter().map(|minutes| minutes.bookable[0]).sum::<f64>()
        };
        let trainee = "[{ course = \"pwp\", start = 2025-04-01, trainees = 1 }]";
        let share = (year(trainee, "0") - year("[]", "0")) / (year("[]", "1") - year("[]", "0"));
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
            years[calendar.months[segment.month].financial_year] += weeks[segment.week].available * share;
        }
    }
    years
}

/// 42 x 5 = 210 days of one WTE in every financial year of nine, flat leave: with eight bank holidays a year
/// or ten, with 365 days or 366.
#[test]
fn forty_two_weeks_include_the_bank_holidays() {
    let text = role("pwp", "low_intensity", 1.0, 22.0)
        .replace("availability = 1.0", "weeks_available = 42");
    let service = scenario(
        "blank",
        &format!(
            "calendar.kind = \"england\"\ncalendar.start = 2017-04-01\ncalendar.weeks = 470\n{text}"
        ),
    );
    let run = run(&service);
    let years = available_by_year(&run, "pwp");
    assert_eq!(run.timetable().calendar.financial_years[0].label, "2017/18");
    for (year, weeks) in run.timetable().calendar.financial_years.iter().zip(&years) {
        if year.days_inside == year.days_whole {
            assert!((weeks * 5.0 - 210.0).abs() < 1e-9, "{}: {} days", year.label, weeks * 5.0);
        }
    }
    assert_eq!(years.len(), 10);
}

/// The leave profile of the pack keeps the total: 1 April 2017 and 1 April 2023 are Saturdays, so that 52
/// weeks hold every working day of the year. August, with the most leave, works least.
#[test]
fn the_leave_profile_keeps_the_total() {
    for year in [2017, 2023] {
        let mut changes = vec![
            ("calendar.start".to_string(), toml(&format!("{year}-04-01"))),
            ("calendar.weeks".to_string(), toml("52")),
        ];
        let pack = Scenario::preset("talking-therapies-2025").unwrap();
        for name in pack.spec().staff.keys() {
            changes.push((format!("staff.{name}.leavers_per_year"), toml("0.0")));
            changes.push((format!("staff.{name}.recruitment.policy"), toml("\"frozen\"")));
        }
        let run = run(&pack.with_all(changes).unwrap());
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

/// Leave beyond the year's working weeks cannot make hours negative.
#[test]
fn a_month_of_leave_is_no_negative_month() {
    let service = preset(
        "talking-therapies-2025",
        &[
            ("calendar.weeks", toml("60")),
            ("calendar.leave_profile", toml("[0,0,0,0,0,0,0,12,0,0,0,0]")),
        ],
    );
    // 12 is beyond the index's own bound of 10.
    drop(service);
}
