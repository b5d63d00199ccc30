//! Do payers, lines, rooms, purchases and budgets fit the service and the calendar?

use jiff::civil::Date;

use super::calendar::end;
use super::must_be_known;
use crate::calendar::{Calendar, add_months};
use crate::error::{Problem, nearest};
use crate::reference::pay::{Band, PayYear, points_of};
use crate::scenario::Spec;
use crate::scenario::money::CostDriver;
use crate::scenario::staff::{PointName, Role};

/// Lines that every service has; a line of the planner may not take their names.
pub const LINES: [&str; 20] = [
    "salary",
    "high_cost_area",
    "employer_ni",
    "pension",
    "pension_central",
    "levy",
    "own_on_costs",
    "agency",
    "overtime",
    "non_pay",
    "overhead",
    "recruitment",
    "course_fee",
    "short_courses",
    "clause_repayment",
    "rooms",
    "bought_activity",
    "all",
    "idle",
    "training",
];

/// Shares of payers and of sites are parts of one whole.
pub fn payers_and_sites_add_up(spec: &Spec, found: &mut Vec<Problem>) {
    for (name, role) in &spec.staff {
        if let Some(payers) = &role.payers {
            let sum: f64 = payers.shares().map(|(_, share)| share).sum();
            must_be_one(&format!("staff.{name}.payers"), sum, found);
        }
    }
    let sites = &spec.money.sites;
    if !sites.is_empty() {
        let shares = sites.values().map(|site| site.share_of_sessions.value());
        must_be_one("money.sites", shares.sum(), found);
    }
}

fn must_be_one(path: &str, sum: f64, found: &mut Vec<Problem>) {
    if (sum - 1.0).abs() > 1e-6 {
        let sentence = format!("the shares sum to {sum}, must be 1");
        found.push(Problem::told(path, sum, &sentence, "shares that sum to 1"));
    }
}

pub fn lines_fit(spec: &Spec, found: &mut Vec<Problem>) {
    for (name, line) in &spec.money.lines {
        let path = format!("money.lines.{name}");
        if LINES.contains(&name.as_str()) {
            let expected = "a name that no other line of the cost table has";
            found.push(Problem::new(&path, name, expected));
        }
        for (index, role) in line.roles.iter().enumerate() {
            let path = format!("{path}.roles[{index}]");
            must_be_known(&path, role, spec.staff.keys(), "role", found);
        }
        for (index, treatment) in line.treatments.iter().enumerate() {
            treatment_is_known(
                spec,
                &format!("{path}.treatments[{index}]"),
                treatment,
                found,
            );
        }
        let by_role = matches!(line.per, CostDriver::Wte | CostDriver::Head);
        let by_treatment = matches!(line.per, CostDriver::Session | CostDriver::CourseStart);
        if !by_role && !line.roles.is_empty() {
            let expected = "per = \"wte\" or \"head\", or no roles";
            found.push(Problem::new(&format!("{path}.roles"), "roles", expected));
        }
        if !by_treatment && !line.treatments.is_empty() {
            let expected = "per = \"session\" or \"course_start\", or no treatments";
            let path = format!("{path}.treatments");
            found.push(Problem::new(&path, "treatments", expected));
        }
        if line.per == CostDriver::Room && spec.money.sites.is_empty() {
            let expected = "money.sites with rooms";
            found.push(Problem::new(&format!("{path}.per"), "room", expected));
        }
        dates_rise(&path, line.from, line.to, found);
    }
}

pub fn purchases_fit(spec: &Spec, found: &mut Vec<Problem>) {
    for (name, bought) in &spec.money.bought {
        let path = format!("money.bought.{name}");
        treatment_is_known(spec, &format!("{path}.treatment"), &bought.treatment, found);
        dates_rise(&path, Some(bought.from), bought.to, found);
        let last = end(spec);
        if bought.from > last {
            let expected = format!("to {last}, the last day of the horizon");
            found.push(Problem::new(&format!("{path}.from"), bought.from, expected));
        }
    }
}

fn treatment_is_known(spec: &Spec, path: &str, name: &str, found: &mut Vec<Problem>) {
    let names: Vec<String> = spec.pathway.modalities().map(|(path, _)| path).collect();
    must_be_known(path, name, names.iter(), "treatment", found);
}

fn dates_rise(path: &str, from: Option<Date>, to: Option<Date>, found: &mut Vec<Problem>) {
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        let expected = format!("{from} or later, the day on which it begins");
        found.push(Problem::new(&format!("{path}.to"), to, expected));
    }
}

/// Budgets are for financial years of the horizon.
pub fn budgets_name_years(spec: &Spec, found: &mut Vec<Problem>) {
    let money = &spec.money;
    if money.budget.is_empty() && money.budget_by_payer.is_empty() {
        return;
    }
    let said = &spec.calendar;
    let calendar = Calendar::new(said.kind.into(), said.start, said.weeks as usize);
    let known: Vec<&str> = (calendar.financial_years.iter())
        .map(|year| year.label.as_str())
        .collect();
    let sections = [
        ("budget", money.budget.keys().collect::<Vec<_>>()),
        ("budget_by_payer", money.budget_by_payer.keys().collect()),
    ];
    for (section, years) in sections {
        for year in years {
            if known.contains(&year.as_str()) {
                continue;
            }
            // A year before or after the horizon is nearest to its first or last.
            let is_year = year.parse::<PayYear>().is_ok();
            let ends = known.first().zip(known.last());
            let end = ends.map(|(&first, &last)| if year.as_str() < first { first } else { last });
            let offer = if is_year {
                end
            } else {
                nearest(year, known.iter().copied())
            };
            let expected = format!("a financial year of the horizon: {}", known.join(", "));
            let path = format!("money.{section}.{year}");
            let problem = Problem::new(&path, format!("{year:?}"), expected);
            found.push(problem.suggest(offer));
        }
    }
}

/// Staff by pay point: as many as are in post, on points that the band has, the next step ahead.
pub fn pay_steps_fit(spec: &Spec, found: &mut Vec<Problem>) {
    for (name, role) in &spec.staff {
        let path = format!("staff.{name}.steps");
        if role.pay_point != PointName::Steps {
            if !role.steps.is_empty() {
                let expected = "pay_point = \"steps\", or no steps";
                found.push(Problem::new(&path, role.steps.len(), expected));
            }
            continue;
        }
        let sum: f64 = role.steps.iter().map(|group| group.wte.value()).sum();
        if sum <= 0.0 && role.in_post.mean() > 0.0 {
            let expected = "the pay points of those in post";
            found.push(Problem::new(&path, "none", expected));
        }
        one_role_steps(spec, role, &path, found);
    }
}

fn one_role_steps(spec: &Spec, role: &Role, path: &str, found: &mut Vec<Problem>) {
    let Ok(band) = role.band.name().parse::<Band>() else {
        return;
    };
    let start = spec.calendar.start;
    let points = points_of(band, PayYear::of(start));
    let most = u32::try_from(points.len()).unwrap_or(u32::MAX);
    for (index, group) in role.steps.iter().enumerate() {
        let path = format!("{path}[{index}]");
        if group.point < 1 || group.point > most {
            let expected = format!("1 to {most}, the points of band {band}");
            found.push(Problem::new(
                &format!("{path}.point"),
                group.point,
                expected,
            ));
            continue;
        }
        match group.next_step {
            None if group.point < most => {
                let expected = format!("the day of the next step, or point {most}, the top");
                found.push(Problem::new(&format!("{path}.next_step"), "none", expected));
            }
            Some(day) => {
                let index = usize::try_from(group.point).unwrap_or(0);
                let years = points.get(index).map_or(0, |next| next - points[index - 1]);
                let latest = add_months(start, i32::try_from(12 * years).unwrap_or(0));
                if day <= start || day > latest {
                    let expected = format!("after {start} and to {latest}, or no day at the top");
                    found.push(Problem::new(&format!("{path}.next_step"), day, expected));
                }
            }
            None => {}
        }
    }
}
