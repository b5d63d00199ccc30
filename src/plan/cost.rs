//! What do the staff in post, and those needed, cost in a full year, and who pays?
//!
//! `pounds = WTE x annual cost of one WTE`, line by line; training places are those that replace leavers. Named
//! lines of the whole calendar and rooms cost `price x what is counted in a year`; lines and treatment bought for
//! some months only belong to a run.

use crate::cost::{Funding, Leaf, Price, Usage, leaves, round_to_pence};
use crate::error::Result;
use crate::plan::needs::{Needs, places_a_year};
use crate::scenario::Spec;
use crate::scenario::money::{CostDriver, CostLine, Payer};
use crate::table::Table;
use crate::timetable::cost::{annual_cost_of, leaf_columns, training_money};
use crate::timetable::{RolePlace, Timetable};

/// A leaf of the full-year cost.
#[derive(Debug, Clone)]
pub struct CostLeaf {
    /// Role, by index; none for a line of no role.
    pub role: Option<usize>,
    /// Line and payer.
    pub leaf: Leaf,
    /// Pounds a year for the staff in post.
    pub pounds_in_post: f64,
    /// Pounds a year for the staff needed.
    pub pounds_needed: f64,
}

/// Full-year cost of qualified staff, in post and needed; of trainees, the intakes that replace leavers.
pub fn cost_leaves(spec: &Spec, timetable: &Timetable, needs: &Needs) -> Result<Vec<CostLeaf>> {
    let year = timetable.calendar.financial_years[0].first_calendar_year;
    let mut list = Vec::new();
    for (role, place) in timetable.roles.iter().enumerate() {
        let annual = annual_cost_of(spec, place, year)?;
        let price = Price {
            role: &place.said,
            money: &spec.money,
            annual,
            at_end: annual,
            training: training_money(spec, place),
        };
        let (in_post, needed) = usage(spec, timetable, needs, role);
        if !needed.wte_years.is_finite() {
            continue;
        }
        let from = list.len();
        list.extend(leaves(&price, in_post).into_iter().map(|leaf| CostLeaf {
            role: Some(role),
            pounds_in_post: leaf.pounds,
            pounds_needed: 0.0,
            leaf,
        }));
        for leaf in leaves(&price, needed) {
            let same = list[from..].iter_mut().find(|row| row.leaf.is_same(&leaf));
            if let Some(row) = same {
                row.pounds_needed = leaf.pounds;
            } else {
                list.push(CostLeaf {
                    role: Some(role),
                    pounds_in_post: 0.0,
                    pounds_needed: leaf.pounds,
                    leaf,
                });
            }
        }
    }
    add_lines(spec, timetable, needs, &mut list);
    round_to_pence(list.iter_mut().map(|row| &mut row.pounds_in_post));
    round_to_pence(list.iter_mut().map(|row| &mut row.pounds_needed));
    Ok(list)
}

/// Named lines that are paid for the whole calendar, and rooms.
fn add_lines(spec: &Spec, timetable: &Timetable, needs: &Needs, list: &mut Vec<CostLeaf>) {
    let mut add = |role, name: &str, payer: Payer, recurrent: bool, [in_post, needed]: [f64; 2]| {
        if needed.is_finite() && (in_post != 0.0 || needed != 0.0) {
            list.push(CostLeaf {
                role,
                leaf: Leaf {
                    line: name.to_string().into(),
                    payer,
                    recurrent,
                    funding: Funding::Funded,
                    pounds: needed,
                    pounds_full_year: if recurrent { needed } else { 0.0 },
                },
                pounds_in_post: in_post,
                pounds_needed: needed,
            });
        }
    };
    let money = &spec.money;
    for (name, line) in &money.lines {
        if line.from.is_some() || line.to.is_some() {
            continue;
        }
        let price = line.pounds.value() * line.share.map_or(1.0, |share| share.value());
        let payer = line.payer.unwrap_or(money.payers.non_pay);
        let recurrent = line.recurrent.unwrap_or(true);
        if !matches!(line.per, CostDriver::Wte | CostDriver::Head) {
            let counts = counted(spec, timetable, needs, line);
            add(
                None,
                name,
                payer,
                recurrent,
                counts.map(|count| count * price),
            );
            continue;
        }
        for (role, place) in timetable.roles.iter().enumerate() {
            if line.roles.is_empty() || line.roles.contains(&place.name) {
                let one = match line.per {
                    CostDriver::Head => price / place.said.wte_per_head.value(),
                    _ => price,
                };
                let (in_post, needed) = usage(spec, timetable, needs, role);
                let pounds = [in_post.wte_years * one, needed.wte_years * one];
                let recurrent = recurrent && place.course.is_none();
                add(Some(role), name, payer, recurrent, pounds);
            }
        }
    }
    for site in money.sites.values() {
        let payer = site.payer.unwrap_or(money.payers.non_pay);
        add(
            None,
            "rooms",
            payer,
            true,
            [site.pounds_per_year.value(); 2],
        );
    }
}

/// What a line of no role counts in a year, with the staff in post and with those needed.
fn counted(spec: &Spec, timetable: &Timetable, needs: &Needs, line: &CostLine) -> [f64; 2] {
    let of_courses = |which: usize| {
        [&needs.courses_delivered, &needs.courses].map(|courses| {
            let places = timetable.treatments.iter().zip(courses);
            let counted = places.filter(|(place, _)| {
                let path = format!("step{}.{}", place.step, place.name);
                line.treatments.is_empty() || line.treatments.contains(&path)
            });
            counted.map(|(_, counts)| counts[which]).sum()
        })
    };
    match line.per {
        // The order of `timetable::units::OF_COURSES`.
        CostDriver::Session => of_courses(0),
        CostDriver::CourseStart => of_courses(1),
        CostDriver::Assessment => [needs.delivered.assessed, needs.demand.assessed],
        CostDriver::Room => {
            let rooms = spec.money.sites.values().map(|site| site.rooms.value());
            [rooms.sum(); 2]
        }
        CostDriver::Year | CostDriver::Wte | CostDriver::Head => [1.0; 2],
    }
}

/// What a role in post, and as needed, uses in a full year.
pub fn usage(spec: &Spec, timetable: &Timetable, needs: &Needs, role: usize) -> (Usage, Usage) {
    let place = &timetable.roles[role];
    let course = place
        .course
        .as_ref()
        .and_then(|name| spec.training.courses.get(name));
    let Some(course) = course else {
        let posts = place.said.posts.map_or(f64::INFINITY, |posts| posts.mean());
        let of_wte = |wte: f64| Usage {
            over_wte_years: (wte - posts).max(0.0),
            over_at_end: (wte - posts).max(0.0),
            ..Usage::whole_year(wte)
        };
        let need = &needs.roles[role];
        return (of_wte(need.in_post), of_wte(need.needed));
    };
    let places = places_a_year(timetable, needs, &course.becomes);
    let years = |months: u32| {
        places * place.said.wte_per_head.value() * f64::from(months.min(course.months)) / 12.0
    };
    let needed = Usage {
        trainees_started: places,
        supported_wte_years: years(course.salary_support_months.unwrap_or(course.months)),
        ..Usage::whole_year(years(course.months))
    };
    (Usage::default(), needed)
}

/// Full-year pay and on-costs of one WTE of each role, all payers \[pounds\].
pub fn pay_per_wte(spec: &Spec, timetable: &Timetable) -> Result<Vec<f64>> {
    let year = timetable.calendar.financial_years[0].first_calendar_year;
    let full = |place: &RolePlace| annual_cost_of(spec, place, year).map(|cost| cost.full());
    timetable.roles.iter().map(full).collect()
}

/// Pounds a year over the leaves that come again every year, or over those that do not.
pub fn total(rows: &[CostLeaf], recurrent: bool, of: fn(&CostLeaf) -> f64) -> f64 {
    let counted = rows.iter().filter(|row| row.leaf.recurrent == recurrent);
    counted.map(of).sum()
}

/// Full-year cost by role, line and payer.
pub fn table(timetable: &Timetable, rows: &[CostLeaf]) -> Table {
    let needed = "Staff needed, full year; trainees who replace a year's leavers";
    leaf_columns(Table::of_rows("cost", rows), |row| {
        (row.role.map(|role| &timetable.roles[role]), &row.leaf)
    })
    .number(
        "pounds_in_post",
        "pounds a year",
        "Staff in post, full year",
        |row| row.pounds_in_post,
    )
    .number("pounds_needed", "pounds a year", needed, |row| {
        row.pounds_needed
    })
    .table()
}
