//! How do finance, the budget and the value of the work see a run?

mod units;

use super::Periods;
use super::cost::covered;
use crate::calendar::FinancialYear;
use crate::cost::{Leaf, Price, Usage, annual_cost, leaves};
use crate::record::Record;
use crate::reference::finance::present_value;
use crate::reference::on_costs::EmployerCost;
use crate::scenario::Spec;
use crate::scenario::money::{Payer, PensionView};
use crate::scenario::staff::{PointName, Role};
use crate::table::Table;
use crate::timetable::cost::training_money;
use crate::timetable::{RolePlace, Timetable};

pub use units::unit_costs;

/// A role in a financial year, as finance works it out.
struct FinanceRow<'a> {
    year: &'a str,
    place: &'a RolePlace,
    posts: f64,
    mid_point: f64,
    pounds: f64,
    exact: f64,
}

/// Mid-point and flat on-cost beside the exact pay and on-costs.
pub fn finance(spec: &Spec, timetable: &Timetable, record: &Record) -> Table {
    let view = &spec.money.finance_view;
    let (on_cost, vacancy) = (view.on_cost_share.value(), view.vacancy_factor.value());
    let mut rows = Vec::new();
    let of_the_employer = |cost: &EmployerCost| match spec.money.pension {
        PensionView::Local => cost.local(),
        PensionView::Full => cost.full(),
    };
    let years = timetable.calendar.financial_years.iter().enumerate();
    for (year, financial_year) in years {
        for (role, place) in timetable.roles.iter().enumerate() {
            let used = &record.costs(spec, timetable).usage[year][role];
            let mid = Role {
                pay_point: PointName::Middle,
                ..place.said.clone()
            };
            let first = financial_year.first_calendar_year;
            let Ok(mid) = annual_cost(&mid, &spec.money, first) else {
                continue;
            };
            if used.post_years == 0.0 && used.wte_years == 0.0 {
                continue;
            }
            let whole = f64::from(financial_year.days_whole);
            let share = f64::from(financial_year.days_inside) / whole;
            let mid_point = mid.salary + mid.hcas;
            let on_costs = used.post_years * mid_point * (1.0 + on_cost);
            // Trainees are in training or not: nobody budgets for a vacancy among them.
            let vacancy = if place.course.is_some() { 0.0 } else { vacancy };
            rows.push(FinanceRow {
                year: &financial_year.label,
                place,
                posts: used.post_years / share,
                mid_point,
                pounds: on_costs * (1.0 - vacancy),
                exact: used.wte_years
                    * of_the_employer(&record.costs(spec, timetable).annual[year][role]),
            });
        }
    }
    let pounds = "Posts x share of the year x mid-point x (1 + on-cost) x (1 - vacancy factor)";
    Table::of_rows("finance", &rows)
        .text("year", "Financial year", |row| row.year)
        .text("role", "Role", |row| &row.place.name)
        .text("title", "Role as shown", |row| &row.place.said.title)
        .text("band", "Agenda for Change band", |row| {
            row.place.said.band.name()
        })
        .number(
            "posts",
            "WTE",
            "Posts; for trainees those in training",
            |row| row.posts,
        )
        .number(
            "mid_point",
            "pounds a year",
            "Salary at the mid-point of the band, supplement included",
            |row| row.mid_point,
        )
        .number("on_cost_share", "share", "Flat on-cost", |_| on_cost)
        .number("vacancy_factor", "share", "Vacancy factor", |row| {
            if row.place.course.is_some() {
                0.0
            } else {
                vacancy
            }
        })
        .number("pounds_finance", "pounds", pounds, |row| row.pounds)
        .number(
            "pounds_exact",
            "pounds",
            "Pay and the on-costs of the employer, of those in post, by the day",
            |row| row.exact,
        )
        .number("difference", "pounds", "Finance less exact", |row| {
            row.pounds - row.exact
        })
        .table()
}

/// A budget and what was spent of it.
pub struct BudgetRow {
    /// Financial year, by index.
    pub year: usize,
    /// Who pays; none: all payers together.
    pub payer: Option<Payer>,
    /// Budget for the days inside the horizon \[pounds\].
    pub budget: f64,
    /// Cost \[pounds\].
    pub cost: f64,
    /// Full-year effect of the last day \[pounds a year\].
    pub full_year: f64,
    /// What posts would have cost that nobody was in \[pounds\].
    pub slippage: f64,
    /// Cost of staff above posts \[pounds\].
    pub pressure: f64,
}

/// The budgets that are stated, beside the cost.
pub fn budgets(spec: &Spec, timetable: &Timetable, record: &Record) -> Vec<BudgetRow> {
    let money = &spec.money;
    let mut rows = Vec::new();
    for (year, financial_year) in timetable.calendar.financial_years.iter().enumerate() {
        let label = &financial_year.label;
        let whole = money.budget.get(label).map(|pounds| (None, pounds.value()));
        let by_payer = money.budget_by_payer.get(label);
        let by_payer = by_payer
            .into_iter()
            .flat_map(|of| of.pounds().map(|(payer, pounds)| (Some(payer), pounds)));
        let stated: Vec<_> = whole.into_iter().chain(by_payer).collect();
        if stated.is_empty() {
            continue;
        }
        let slipped = slippage(spec, timetable, record, year);
        for (payer, pounds) in stated {
            let here = |leaf: &Leaf| payer.is_none_or(|payer| leaf.payer == payer);
            let rows_here = record.costs(spec, timetable).rows.iter();
            let spent: Vec<&Leaf> = rows_here
                .filter(|row| row.year == year && here(&row.leaf))
                .map(|row| &row.leaf)
                .collect();
            let pressure = spent
                .iter()
                .filter(|leaf| leaf.funding.name() == "pressure");
            rows.push(BudgetRow {
                year,
                payer,
                budget: pounds * f64::from(financial_year.days_inside)
                    / f64::from(financial_year.days_whole),
                cost: spent.iter().map(|leaf| leaf.pounds).sum(),
                full_year: spent.iter().map(|leaf| leaf.pounds_full_year).sum(),
                slippage: slipped
                    .iter()
                    .filter(|leaf| here(leaf))
                    .map(|leaf| leaf.pounds)
                    .sum(),
                // A sum of nothing is -0: no pressure is 0.
                pressure: 0.0 + pressure.map(|leaf| leaf.pounds).sum::<f64>(),
            });
        }
    }
    rows
}

/// Leaves of the posts that nobody was in.
fn slippage(spec: &Spec, timetable: &Timetable, record: &Record, year: usize) -> Vec<Leaf> {
    let of_role = |(role, place): (usize, &RolePlace)| {
        let used = &record.costs(spec, timetable).usage[year][role];
        let annual = record.costs(spec, timetable).annual[year][role];
        let price = Price {
            role: &place.said,
            money: &spec.money,
            annual,
            at_end: annual,
            training: training_money(spec, place),
        };
        let vacant = Usage {
            wte_years: used.vacant_years,
            ..Usage::default()
        };
        leaves(&price, vacant)
    };
    timetable
        .roles
        .iter()
        .enumerate()
        .flat_map(of_role)
        .collect()
}

/// The budgets as a table.
pub fn budget(spec: &Spec, timetable: &Timetable, record: &Record) -> Table {
    let rows = budgets(spec, timetable, record);
    let year =
        |row: &BudgetRow| -> &FinancialYear { &timetable.calendar.financial_years[row.year] };
    let slippage = "What funded posts would have cost that nobody was in";
    let full = "What the last day of the year costs in a whole year, of what comes again";
    let named = Table::of_rows("budget", &rows)
        .text("year", "Financial year", |row| year(row).label.clone())
        .text("payer", "Who pays; all: all payers together", |row| {
            row.payer.map_or("all", Payer::name)
        });
    covered(named, year)
        .number(
            "budget",
            "pounds",
            "Budget for the days inside the horizon",
            |row| row.budget,
        )
        .number("cost", "pounds", "Cost", |row| row.cost)
        .number(
            "variance",
            "pounds",
            "Budget less cost: below 0 is overspent",
            |row| row.budget - row.cost,
        )
        .number("slippage", "pounds", slippage, |row| row.slippage)
        .number(
            "pressure",
            "pounds",
            "Cost of staff in post above posts",
            |row| row.pressure,
        )
        .number("pounds_full_year", "pounds a year", full, |row| {
            row.full_year
        })
        .table()
}

/// A year of people off benefits and what they are worth.
struct ValueRow {
    year: String,
    people: f64,
    effect: f64,
    pounds: f64,
    present: f64,
}

/// People who came off sick pay and benefits, and their pounds, discounted. Nothing where no value is stated.
///
/// ```text
/// in effect(t) = sum over the last `years` years of people(t)
/// pounds(t)    = in effect(t) x pounds a person;   present value = pounds(t) / (1 + rate)^t
/// ```
pub fn value(spec: &Spec, timetable: &Timetable, record: &Record) -> Table {
    let mut rows = Vec::new();
    if let Some(said) = &spec.money.value {
        let people =
            Periods::financial_years(timetable, record).flows(record.measure("off_benefits"));
        let lasts = said.years as usize;
        let label = |index: usize| {
            let years = &timetable.calendar.financial_years;
            let last = years.len() - 1;
            match (years.get(index), &years[last]) {
                (Some(year), _) => year.label.clone(),
                (None, last_year) => format!("{} + {}", last_year.label, index - last),
            }
        };
        for year in 0..(people.len() + lasts - 1) {
            let from = (year + 1).saturating_sub(lasts);
            let effect: f64 = people[from.min(people.len())..people.len().min(year + 1)]
                .iter()
                .sum();
            let pounds = effect * said.pounds_per_person.value();
            let mut flow = vec![0.0; year + 1];
            flow[year] = pounds;
            rows.push(ValueRow {
                year: label(year),
                people: people.get(year).copied().unwrap_or(0.0),
                effect,
                pounds,
                present: present_value(&flow, said.discount.value()).unwrap_or(f64::NAN),
            });
        }
    }
    let present = "Pounds at the discount rate; the first year is not discounted";
    Table::of_rows("value", &rows)
        .text(
            "year",
            "Financial year; + 1: a year after the horizon",
            |row| row.year.clone(),
        )
        .number(
            "off_benefits",
            "people",
            "Came off sick pay and benefits in the year",
            |row| row.people,
        )
        .number(
            "in_effect",
            "people",
            "Off sick pay and benefits in the year",
            |row| row.effect,
        )
        .number("pounds", "pounds", "In effect x pounds a person", |row| {
            row.pounds
        })
        .number("present_value", "pounds", present, |row| row.present)
        .table()
}
