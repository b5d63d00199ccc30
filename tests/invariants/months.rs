//! A monthly series comes back month by month; flat stays flat, whatever the weeks.

use proptest::prelude::*;
use skillmix::scenario::Scenario;
use skillmix::table::Values;
use toml::Value;

use crate::common::{changed, close, preset, run, scenario, toml};

fn series(first_month: i32, counts: &[f64]) -> Value {
    let name = |month: i32| format!("{}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1);
    let months = counts
        .iter()
        .zip(first_month..)
        .map(|(&count, month)| (name(month), Value::Float(count)))
        .collect();
    Value::Table(toml::Table::from_iter([(
        "months".to_string(),
        Value::Table(months),
    )]))
}

/// Referrals of the months that lie wholly inside the horizon, with their names.
fn whole_months(scenario: &Scenario) -> Vec<(String, f64)> {
    let monthly = run(scenario).table("monthly").unwrap();
    let Values::Truth(complete) = &monthly.column("complete").unwrap().values else {
        panic!("complete is true or false")
    };
    let rows = (0..monthly.len()).filter(|&row| complete[row]);
    let (names, referrals) = (monthly.texts("month"), monthly.numbers("referrals"));
    rows.map(|row| (names[row].clone(), referrals[row]))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(20_261_122), ..ProptestConfig::with_cases(40) })]

    /// 24 months from any day of 2009 to 2032, flat or not.
    #[test]
    fn a_monthly_series_comes_back(
        year in 2009..=2032_i32,
        month in 0..12_i32,
        day in 1..=28_u8,
        counts in proptest::collection::vec(0.0..5e3_f64, 30),
        flat in any::<bool>(),
    ) {
        let first = year * 12 + month;
        let counts: Vec<f64> = if flat { vec![812.0; 30] } else { counts };
        let service = scenario("blank", &format!(
            "calendar.kind = \"england\"\ncalendar.weeks = 105\n\
             calendar.start = {year}-{:02}-{day:02}\nstaff = {{}}\n", month + 1
        ));
        let service = changed(&service, &[("demand.series", series(first, &counts))]);
        let months = whole_months(&service);
        prop_assert!(months.len() >= 22);
        for (name, referrals) in months {
            let number = name[..4].parse::<i32>().unwrap() * 12 + name[5..].parse::<i32>().unwrap() - 1;
            let stated = counts[usize::try_from(number - first).unwrap()];
            prop_assert!(close(referrals, stated, 1e-9), "{name}: {referrals} for {stated}");
        }
    }
}

/// Months after the last one repeat the last year with growth: 100, 110, ... 210 in 2025/26 and 5 % more
/// in 2026/27.
#[test]
fn months_after_the_last_repeat_the_year_with_growth() {
    let counts: Vec<f64> = (0..12)
        .map(|month| 100.0 + 10.0 * f64::from(month))
        .collect();
    let service = scenario(
        "blank",
        "calendar.kind = \"england\"\ncalendar.weeks = 105\ncalendar.start = 2025-04-01\n\
         demand.growth_per_year = 0.05\n",
    );
    let service = changed(
        &service,
        &[("demand.series", series(2025 * 12 + 3, &counts))],
    );
    let months = whole_months(&service);
    assert_eq!(months.len(), 24);
    for (place, (name, referrals)) in months.iter().enumerate() {
        let grown = if place < 12 { 1.0 } else { 1.05 };
        assert!(
            close(*referrals, counts[place % 12] * grown, 1e-9),
            "{name}: {referrals}"
        );
    }
}

/// A yearly rate adds up to itself over a whole financial year, and the season decides the months: the
/// months of a preset by working day x season.
#[test]
fn a_yearly_rate_comes_back_by_year() {
    let service = preset("talking-therapies-2025", &[("calendar.weeks", toml("53"))]);
    let yearly = run(&service).table("yearly").unwrap();
    assert_eq!(yearly.texts("year")[0], "2025/26");
    assert!(close(yearly.numbers("referrals")[0], 11_736.0, 1e-12));
    let months = whole_months(&service);
    // Working days of April (20) and May (20) 2025: 22 less two bank holidays each.
    let season = |month: usize| service.spec().demand.season[month].value();
    let ratio = months[0].1 / months[1].1;
    assert!(close(ratio, season(3) / season(4), 1e-9));
}

/// Other flows of a week that lies in two months are shared by working days: their months add up to the
/// weeks.
#[test]
fn months_add_up_to_weeks() {
    let run = run(&preset(
        "talking-therapies-2025",
        &[("calendar.weeks", toml("70"))],
    ));
    for name in [
        "assessed",
        "course_starts",
        "finishers",
        "recovered",
        "booked",
    ] {
        let sum = |table: &str| {
            crate::common::figures(&run, table, name)
                .iter()
                .sum::<f64>()
        };
        let weeks = sum("weekly");
        for table in ["monthly", "quarterly", "yearly"] {
            assert!(close(sum(table), weeks, 1e-12), "{name} of {table}");
        }
    }
}
