//! What does a run of a region say of its services, places and money? Its tables.

use std::collections::BTreeMap;

use super::Region;
use super::allocation::{Allotted, in_order_of_start};
use super::run::RegionProjection;
use super::sums::{added, stacked};
use crate::error::Result;
use crate::project::Projection;
use crate::project::roll_up::RollUp;
use crate::table::{Table, Values};

/// Keys of the cost of a region.
const COST_KEYS: [&str; 9] = [
    "year",
    "days",
    "complete",
    "role",
    "title",
    "band",
    "line",
    "payer",
    "recurrent",
];

/// Columns of the table by year that are shown of a service, a group and the region.
const PEOPLE: [&str; 16] = [
    "referrals",
    "assessed",
    "first_treatments",
    "course_starts",
    "course_starts_step2",
    "course_starts_step3",
    "finishers",
    "finishers_at_caseness",
    "recovered",
    "attended",
    "waiting_assessment",
    "waiting_step2",
    "waiting_step3",
    "wait_assessment_weeks",
    "wait_step2_weeks",
    "wait_step3_weeks",
];

/// Staff of some services in a financial year.
#[derive(Debug, Clone, Copy, Default)]
struct StaffYear {
    /// Qualified staff in post at the end \[WTE\].
    in_post: f64,
    /// Trainees in training at the end \[heads\].
    in_training: f64,
    /// Who qualified \[WTE\].
    qualified: f64,
}

/// Staff of a run by financial year.
fn staff_by_year(run: &Projection) -> Result<Vec<StaffYear>> {
    let timetable = run.timetable();
    let calendar = &timetable.calendar;
    let mut years = vec![StaffYear::default(); calendar.financial_years.len()];
    // The months of a role stand in order, so that the last of a year is its end.
    let mut ends: BTreeMap<(usize, usize), (f64, f64)> = BTreeMap::new();
    let staff = run.table("staff")?;
    for (row, (month, role)) in (staff.texts("month").iter())
        .zip(staff.texts("role"))
        .enumerate()
    {
        let place = timetable.role(role);
        let month = calendar.months.iter().find(|known| &known.label == month);
        let Some((place, month)) = place.zip(month) else {
            continue;
        };
        let year = month.financial_year;
        let trainee = timetable.roles[place].course.is_some();
        let in_post = if trainee {
            0.0
        } else {
            staff.numbers("in_post")[row]
        };
        ends.insert((year, place), (in_post, staff.numbers("in_training")[row]));
        years[year].qualified += staff.numbers("qualified")[row];
    }
    for ((year, _), (in_post, in_training)) in ends {
        years[year].in_post += in_post;
        years[year].in_training += in_training;
    }
    Ok(years)
}

/// Pounds of each financial year of some runs, in pence and by year.
fn pounds_by_year(runs: &[&Projection]) -> Result<BTreeMap<String, f64>> {
    let mut pence: BTreeMap<String, f64> = BTreeMap::new();
    for run in runs {
        let cost = run.table("cost")?;
        for (year, pounds) in cost.texts("year").iter().zip(cost.numbers("pounds")) {
            *pence.entry(year.clone()).or_default() += (pounds * 100.0).round();
        }
    }
    Ok(pence
        .into_iter()
        .map(|(year, sum)| (year, sum / 100.0))
        .collect())
}

/// The years of some runs together: people, staff and money.
fn years_of(runs: &[&Projection]) -> Result<Table> {
    let Some(together) = RollUp::of(runs) else {
        return Ok(Table::new("years"));
    };
    let yearly = together.table("yearly")?;
    let mut staff = vec![StaffYear::default(); yearly.len()];
    for run in runs {
        for (sum, year) in staff.iter_mut().zip(staff_by_year(run)?) {
            sum.in_post += year.in_post;
            sum.in_training += year.in_training;
            sum.qualified += year.qualified;
        }
    }
    let pounds = pounds_by_year(runs)?;
    let of_year = |year: &String| pounds.get(year).copied().unwrap_or(0.0);
    let numbers = |of: fn(&StaffYear) -> f64| staff.iter().map(of).collect::<Vec<_>>();
    let mut table = Table::new("years");
    for name in ["year", "days", "complete"] {
        if let Some(column) = yearly.column(name) {
            table = table.and(
                name,
                &column.unit,
                &column.description,
                column.values.clone(),
            );
        }
    }
    table = table
        .number(
            "in_post",
            "WTE",
            "Qualified staff in post at the end of the year",
            numbers(|year| year.in_post),
        )
        .number(
            "in_training",
            "heads",
            "Trainees in training at the end of the year",
            numbers(|year| year.in_training),
        )
        .number(
            "qualified",
            "WTE",
            "Trainees who qualified",
            numbers(|year| year.qualified),
        )
        .number(
            "pounds",
            "pounds",
            "Cost of the year, all payers",
            yearly.texts("year").iter().map(of_year).collect(),
        );
    for name in PEOPLE {
        if let Some(column) = yearly.column(name) {
            table = table.and(
                name,
                &column.unit,
                &column.description,
                column.values.clone(),
            );
        }
    }
    Ok(table)
}

/// The region as a whole, a row a financial year.
pub fn summary(run: &RegionProjection) -> Result<Table> {
    let all: Vec<&Projection> = run.runs().map(|(_, run)| run).collect();
    let mut table = years_of(&all)?;
    table.name = "summary".into();
    Ok(table)
}

/// Services and financial years.
pub fn services(run: &RegionProjection) -> Result<Table> {
    let parts = run
        .runs()
        .map(|(name, run)| Ok((name, years_of(&[run])?)))
        .collect::<Result<Vec<_>>>()?;
    let table = stacked("services", ("service", "Service"), &parts);
    if run.region().spec().groups.is_empty() {
        return Ok(table);
    }
    let services = table.texts("service").iter();
    let groups: Vec<String> = services
        .map(|service| run.region().group_of(service).to_string())
        .collect();
    let mut with_groups = Table::new("services").text("group", "Group of the service", groups);
    with_groups.columns.extend(table.columns);
    with_groups.columns.swap(0, 1);
    Ok(with_groups)
}

/// Groups of services and financial years; services in no group are left out.
pub fn groups(run: &RegionProjection) -> Result<Table> {
    let spec = run.region().spec();
    let parts = spec
        .groups
        .iter()
        .map(|(group, members)| {
            let runs: Vec<&Projection> = run
                .runs()
                .filter(|(name, _)| members.iter().any(|member| member == name))
                .map(|(_, run)| run)
                .collect();
            Ok((group.as_str(), years_of(&runs)?))
        })
        .collect::<Result<Vec<_>>>()?;
    let parts: Vec<_> = parts
        .into_iter()
        .filter(|part| !part.1.is_empty())
        .collect();
    Ok(stacked("groups", ("group", "Group of services"), &parts))
}

/// Staff of all services by month and role.
pub fn staff(run: &RegionProjection) -> Result<Table> {
    let parts = (run.runs().map(|(_, run)| run.table("staff"))).collect::<Result<Vec<_>>>()?;
    Ok(added("staff", &["month", "role", "title", "band"], &parts))
}

/// Cost of all services by financial year, line and payer.
pub fn cost(run: &RegionProjection) -> Result<Table> {
    let parts = (run.runs().map(|(_, run)| run.table("cost"))).collect::<Result<Vec<_>>>()?;
    Ok(added("cost", &COST_KEYS, &parts))
}

/// The stated money against the cost.
pub fn budget(run: &RegionProjection) -> Result<Table> {
    let cost = cost(run)?;
    let complete = match cost.column("complete").map(|column| &column.values) {
        Some(Values::Truth(list)) => list.clone(),
        _ => Vec::new(),
    };
    let (years, payers, roles, pounds) = (
        cost.texts("year"),
        cost.texts("payer"),
        cost.texts("role"),
        cost.numbers("pounds"),
    );
    let rows: Vec<_> = (run.region().spec().budget.iter())
        .map(|budget| {
            let of_year = (0..years.len()).filter(|&row| years[row] == budget.year);
            let inside: Vec<usize> = of_year.collect();
            let meant = |role: &String| budget.roles.is_empty() || budget.roles.contains(role);
            let paid = (inside.iter())
                .filter(|&&row| budget.payer.means(&payers[row]) && meant(&roles[row]));
            let pence: f64 = paid.map(|&row| (pounds[row] * 100.0).round()).sum();
            let spent = if inside.is_empty() {
                f64::NAN
            } else {
                pence / 100.0
            };
            let whole = inside.first().is_some_and(|&row| complete[row]);
            (budget, whole, spent)
        })
        .collect();
    let left = "Money less cost: above 0 it is not used, below 0 it is missing";
    Ok(Table::of_rows("budget", &rows)
        .text("year", "Financial year", |row| &row.0.year)
        .text(
            "payer",
            "Whose money it is; all stands for the whole cost",
            |row| row.0.payer.name(),
        )
        .text("roles", "Roles it is meant for; empty for all", |row| {
            row.0.roles.join(", ")
        })
        .truth(
            "complete",
            "Whether the horizon covers the whole year",
            |row| row.1,
        )
        .number("budget", "pounds", "Money of the year", |row| {
            row.0.pounds.value()
        })
        .number(
            "cost",
            "pounds",
            "Cost of the year that this payer bears",
            |row| row.2,
        )
        .number("variance", "pounds", left, |row| {
            (row.0.pounds.value() * 100.0 - row.2 * 100.0).round() / 100.0
        })
        .table())
}

/// Places, what the services asked for, what they got and what is left over.
pub fn places(region: &Region, allotted: &[Allotted]) -> Table {
    let spec = region.spec();
    let rows: Vec<_> = in_order_of_start(&spec.places)
        .into_iter()
        .map(|index| {
            let of_row = || allotted.iter().filter(move |one| one.places == index);
            let asked: f64 = of_row().map(|one| one.asked).sum();
            let allocated: f64 = of_row().map(|one| one.allocated).sum();
            let places = &spec.places[index];
            (
                places,
                asked,
                allocated,
                f64::from(places.places) - allocated,
            )
        })
        .collect();
    let asked = "People whom the services would lack on the day when these trainees qualify";
    Table::of_rows("places", &rows)
        .day("start", "First day of the course", |row| row.0.start)
        .text("course", "Course", |row| &row.0.course)
        .text("at", "University; empty if none is named", |row| {
            row.0.at.clone().unwrap_or_default()
        })
        .number("places", "heads", "Places there are", |row| {
            f64::from(row.0.places)
        })
        .number("asked", "heads", asked, |row| row.1)
        .number("allocated", "heads", "Places given to services", |row| {
            row.2
        })
        .number("left_over", "heads", "Places that nobody takes", |row| {
            row.3
        })
        .table()
}

/// Places by service.
pub fn allocation(region: &Region, allotted: &[Allotted]) -> Table {
    let names: Vec<&str> = region.services().map(|(name, _)| name).collect();
    let rows: Vec<_> = allotted
        .iter()
        .filter(|one| region.may_send(one.places, one.service))
        .map(|one| (one, &region.spec().places[one.places]))
        .collect();
    let asked = "People whom the service would lack on the day when these trainees qualify";
    Table::of_rows("allocation", &rows)
        .day("start", "First day of the course", |row| row.1.start)
        .text("course", "Course", |row| &row.1.course)
        .text("at", "University; empty if none is named", |row| {
            row.1.at.clone().unwrap_or_default()
        })
        .text("service", "Service", |row| names[row.0.service])
        .text(
            "group",
            "Group of the service; empty if it is in none",
            |row| region.group_of(names[row.0.service]),
        )
        .number("asked", "heads", asked, |row| row.0.asked)
        .number("allocated", "heads", "Places given to the service", |row| {
            row.0.allocated
        })
        .table()
}

/// Rules that services break.
pub fn rules(run: &RegionProjection) -> Result<Table> {
    let parts = run
        .runs()
        .map(|(name, run)| Ok((name, run.table("rules")?)))
        .collect::<Result<Vec<_>>>()?;
    Ok(stacked("rules", ("service", "Service"), &parts))
}
