//! Manpower theory, and `project` in the long run.

use serde_json::Value;
use skillmix::manpower::{
    MixedExponential, fundamental, long_run_of_intakes, mean_service, reaches, renewals,
    stationary, survives_after_protection,
};

use crate::case::{Case, case, numbers};
use crate::common::{assert_close, changed, figures, preset, run, toml};

fn moves(case: &Case) -> Vec<Vec<f64>> {
    let rows = case.value("inputs", "P").as_array().unwrap();
    rows.iter().map(|row: &Value| numbers(row)).collect()
}

#[test]
fn w01_constant_recruitment_settles() {
    let case = case("W01");
    let moves = moves(&case);
    let people = stationary(
        &moves,
        case.given("recruits_per_year"),
        &case.given_list("entry"),
    )
    .unwrap();
    case.check_list("stationary", &people);
    case.check("total", people.iter().sum());
    let wastage: Vec<f64> = moves
        .iter()
        .map(|row| 1.0 - row.iter().sum::<f64>())
        .collect();
    case.check_list("wastage_prob", &wastage);
    case.check(
        "leavers_per_year",
        people.iter().zip(&wastage).map(|(n, w)| n * w).sum(),
    );
}

#[test]
fn w03_years_in_each_grade() {
    let case = case("W03");
    let years = fundamental(&moves(&case)).unwrap();
    case.check_list("years", &years[0]);
    case.check("career", years[0].iter().sum());
    case.check("p_reach_grade3", reaches(&years, 0, 2));
    case.check("p_reach_grade4", reaches(&years, 0, 3));
}

#[test]
fn w05_renewal() {
    let case = case("W05");
    let service = case.given_list("f");
    let h = renewals(&service, 40);
    case.check_list("h_1_to_10", &h[..10]);
    case.check("h_40", h[39]);
    let mean: f64 = service
        .iter()
        .enumerate()
        .map(|(i, f)| (i + 1) as f64 * f)
        .sum();
    case.check("limit", 1.0 / mean);
}

#[test]
fn w07_exit_after_a_protected_time() {
    let case = case("W07");
    let [intake, every] = [case.given("intake"), case.given("every_months")];
    let [protected, exit] = [case.given("protected_months"), case.given("monthly_exit")];
    let stock = |month: f64| {
        let mut sum = 0.0;
        let mut since = 0.0;
        while since <= month {
            sum += intake * survives_after_protection(since, protected, exit);
            since += every;
        }
        sum
    };
    let stocks: Vec<f64> = case.given_list("months").into_iter().map(stock).collect();
    case.check_list("stock", &stocks);
    case.check(
        "long_run",
        long_run_of_intakes(intake, every, protected, exit),
    );
}

#[test]
fn w08_mixed_exponential() {
    let case = case("W08");
    let service = MixedExponential {
        part: case.given("p"),
        short: case.given("mean1"),
        long: case.given("mean2"),
    };
    case.check_list("S", &[1.0, 2.0, 5.0].map(|years| service.survivor(years)));
    case.check("mean", service.mean());
    case.check("turnover_per_year", service.turnover(case.given("posts")));
}

#[test]
fn a_closed_grade_has_no_stationary_number() {
    assert!(stationary(&[vec![1.0]], 5.0, &[1.0]).is_none());
}

/// PWPs who come from monthly or yearly courses only, and leave by `leaving`.
fn from_courses(
    starts: impl Iterator<Item = String>,
    rate: f64,
    leaving: &str,
) -> skillmix::scenario::Scenario {
    let intakes: Vec<String> = starts
        .map(|start| format!("{{ course = \"pwp\", start = {start}, trainees = 10 }}"))
        .collect();
    let base = preset(
        "talking-therapies-2025",
        &[
            ("calendar.start", toml("2015-04-01")),
            ("calendar.weeks", toml("626")),
            ("staff.pwp.in_post", toml("0.0")),
            ("staff.pwp.posts", toml("0.0")),
            ("staff.pwp.leavers_per_year", toml(&format!("{rate:?}"))),
            ("staff.pwp.recruitment.policy", toml("\"frozen\"")),
            ("staff.pwp_senior.recruitment.policy", toml("\"frozen\"")),
            (
                "training.intakes",
                toml(&format!("[{}]", intakes.join(", "))),
            ),
        ],
    );
    changed(&base, &[("staff.pwp.leaving", toml(leaving))])
}

/// A settled service holds joiners a year x mean length of service, whatever the bands of tenure.
#[test]
fn a_stable_establishment_is_stationary() {
    let bands =
        "{ by_tenure = [{ from_months = 0, times = 0.25 }, { from_months = 24, times = 1 }] }";
    for (leaving, bands) in [
        ("{}", vec![(0.0, 1.0)]),
        (bands, vec![(0.0, 0.25), (2.0, 1.0)]),
    ] {
        let months =
            (0..131).map(|n| format!("{}-{:02}-01", 2015 + (n + 4) / 12, (n + 4) % 12 + 1));
        let run = run(&from_courses(months, 1.0, leaving));
        let of_pwp = |name: &str| -> Vec<f64> {
            let table = run.table("staff").unwrap();
            let roles = table.column("role").unwrap();
            let skillmix::table::Values::Text(roles) = &roles.values else {
                panic!()
            };
            let all = figures(&run, "staff", name);
            roles
                .iter()
                .zip(all)
                .filter(|row| row.0 == "pwp")
                .map(|row| row.1)
                .collect()
        };
        let (qualified, in_post) = (of_pwp("qualified"), of_pwp("in_post"));
        let last = in_post.len() - 13..in_post.len() - 1;
        let joined: f64 = qualified[last.clone()].iter().sum();
        let mean = in_post[last].iter().sum::<f64>() / 12.0;
        // Month ends stand half a month after the month's joiners on average: 2 % of a service of a year.
        assert_close(mean, joined * mean_service(1.0, &bands), 0.025);
    }
}

/// W07 in `project`: ten a year, nobody leaves for 24 months, then 3 % a month.
#[test]
fn w07_week_by_week() {
    let case = case("W07");
    let rate = -12.0 * (1.0 - case.given("monthly_exit")).ln();
    let leaving =
        "{ by_tenure = [{ from_months = 0, times = 0 }, { from_months = 24, times = 1 }] }";
    let run = run(&from_courses(
        (0..11).map(|n| format!("{}-10-01", 2015 + n)),
        rate,
        leaving,
    ));
    let pwp = run.timetable().role("pwp").unwrap();
    let weeks = &run.record().staff[pwp];
    let after: Vec<_> = weeks.iter().filter(|week| week.qualified > 0.0).collect();
    // The first ten stand at month 0.
    for (month, stock) in case
        .given_list("months")
        .into_iter()
        .zip(case.wanted_list("stock"))
    {
        let year = (0..after.len()).find(|&year| 12.0 * year as f64 == month);
        let week = after[year.unwrap()];
        assert_close(
            week.in_post / after[0].qualified,
            stock / case.given("intake"),
            0.01,
        );
    }
    assert!(after.len() >= 9, "{}", after.len());
}
