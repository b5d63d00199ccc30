//! Pay to the penny.

use std::path::Path;

use skillmix::reference::pay::{Band, PayPoint, PayYear, salary};
use skillmix::scenario::Scenario;
use skillmix::table::Table;

use crate::common::{role, run, scenario};

/// Roles of constant staff in the financial year that begins in `year`: name, band, WTE.
fn constant_staff(year: i16, staff: &[(&str, &str, f64)]) -> Scenario {
    let text = staff.iter().map(|&(name, band, wte)| {
        role(name, "high_intensity", wte, 22.0)
            .replace("band = \"5\"", &format!("band = \"{band}\""))
    });
    let text: String = text.collect();
    scenario(
        "blank",
        &format!(
            "calendar.kind = \"england\"\ncalendar.start = {year}-04-01\ncalendar.weeks = 53\n{text}"
        ),
    )
}

fn pounds(cost: &Table, year: &str, role: &str, line: &str) -> f64 {
    let (years, roles, lines) = (cost.texts("year"), cost.texts("role"), cost.texts("line"));
    let here = |&row: &usize| years[row] == year && roles[row] == role && lines[row] == line;
    (0..cost.len())
        .filter(here)
        .map(|row| cost.numbers("pounds")[row])
        .sum()
}

fn label(year: i16) -> String {
    format!("{year}/{:02}", (year + 1) % 100)
}

/// 52 weeks are 364 days, so the year takes a part of a 53rd week; 366 days in a leap year. One WTE costs
/// the salary of the table to the penny, and 7.4 WTE cost 7.4 salaries.
#[test]
fn a_whole_year_costs_the_annual_salary() {
    for year in 2008..=2026_i16 {
        for wte in [1.0, 7.4] {
            let cost = run(&constant_staff(year, &[("hit", "7", wte)]))
                .table("cost")
                .unwrap();
            let annual = salary(Band::B7, PayPoint::Middle, PayYear(year)).unwrap();
            let paid = pounds(&cost, &label(year), "hit", "salary");
            assert!(
                (paid - wte * annual).abs() < 0.005 + 1e-9,
                "{year}: {paid} for {annual}"
            );
        }
    }
}

/// The same where staff start in the middle of the week in which the year begins.
#[test]
fn a_year_that_begins_inside_a_week_costs_the_same() {
    // 2024/25 has 365 days and begins on a Monday; from Thursday 21 March 2024 on, weeks are split by it.
    let text = role("hit", "high_intensity", 1.0, 22.0).replace("band = \"5\"", "band = \"7\"");
    let service = scenario(
        "blank",
        &format!(
            "calendar.kind = \"england\"\ncalendar.start = 2023-03-23\ncalendar.weeks = 108\n{text}"
        ),
    );
    let cost = run(&service).table("cost").unwrap();
    // 2023/24 is a leap year of 366 days.
    for year in [2023, 2024] {
        let annual = salary(Band::B7, PayPoint::Middle, PayYear(year)).unwrap();
        let paid = pounds(&cost, &label(year), "hit", "salary");
        assert!(
            (paid - annual).abs() < 0.01 + 1e-9,
            "{year}: {paid} for {annual}"
        );
    }
}

/// The worked cost of a mid-band post in 2008/09 and 2021/22, from the cost table of a run, to the pound.
#[test]
fn worked_employer_costs_to_the_pound() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/staff_cost_worked.csv");
    let mut reader = csv::Reader::from_path(file).unwrap();
    let headers = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 14);
    for row in &rows {
        let text = |name: &str| &row[headers.iter().position(|header| header == name).unwrap()];
        let worked = |name: &str| text(name).parse::<f64>().unwrap();
        let (year, band) = (text("year"), text("band"));
        let first: i16 = year[..4].parse().unwrap();
        let cost = run(&constant_staff(first, &[("post", band, 1.0)]))
            .table("cost")
            .unwrap();
        let line = |name: &str| pounds(&cost, year, "post", name);
        let (salary, ni, pension) = (line("salary"), line("employer_ni"), line("pension"));
        let (central, levy) = (line("pension_central"), line("levy"));
        let local = salary + ni + pension + levy;
        for (name, ours) in [
            ("salary_mid", salary),
            ("employer_ni", ni),
            ("pension_local", pension),
            ("pension_central", central),
            ("apprenticeship_levy", levy),
            ("cost_local", local),
            ("cost_full", local + central),
        ] {
            let theirs = worked(name);
            // Half a pound of rounding there, a penny here.
            assert!(
                (ours - theirs).abs() <= 0.51,
                "{year} band {band} {name}: {ours} for {theirs}"
            );
        }
        assert!((local / salary - 1.0 - worked("oncost_local")).abs() < 5.1e-4);
        assert!(((local + central) / salary - 1.0 - worked("oncost_full")).abs() < 5.1e-4);
    }
}

/// Several roles: each line is right to a penny, all lines together to half a penny.
#[test]
fn lines_of_several_roles_add_up() {
    let staff = [
        ("a", "5", 3.3),
        ("b", "6", 1.7),
        ("c", "7", 9.1),
        ("d", "8a", 0.6),
    ];
    let service = constant_staff(2025, &staff);
    let cost = run(&service).table("cost").unwrap();
    let mut exact = 0.0;
    for (name, band, wte) in staff {
        let said = &service.spec().staff[name];
        assert_eq!(said.band.name(), band);
        let annual = skillmix::cost::annual_cost(said, &service.spec().money, 2025).unwrap();
        exact += wte * annual.full();
        for (line, one) in [
            ("salary", annual.salary),
            ("employer_ni", annual.employer_ni),
            ("pension", annual.pension_local),
            ("pension_central", annual.pension_central),
            ("levy", annual.levy),
        ] {
            let paid = pounds(&cost, "2025/26", name, line);
            assert!(
                (paid - wte * one).abs() < 0.01 + 1e-9,
                "{name} {line}: {paid}"
            );
        }
    }
    let years = cost.texts("year");
    let rows = (0..cost.len()).filter(|&row| years[row] == "2025/26");
    let sum: f64 = rows.map(|row| cost.numbers("pounds")[row]).sum();
    assert!((sum - exact).abs() <= 0.005 + 1e-6, "{sum} for {exact}");
}
