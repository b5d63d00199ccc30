//! What do the staff in post, and those needed, cost in a full year, and who pays?
//!
//! `pounds = WTE x annual cost of one WTE`, line by line; training places are those that replace leavers.

use crate::cost::{Leaf, Usage, leaves, round_to_pence};
use crate::error::Result;
use crate::plan::needs::{Needs, places_a_year};
use crate::scenario::Spec;
use crate::table::Table;
use crate::timetable::cost::{annual_cost_of, leaf_columns, training_money};
use crate::timetable::{RolePlace, Timetable};

/// A leaf of the full-year cost.
#[derive(Debug, Clone)]
pub struct CostLeaf {
    /// Role, by index.
    pub role: usize,
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
    let one = Usage {
        wte_years: 1.0,
        hires: 0.0,
        trainees_started: 1.0,
    };
    let mut list = Vec::new();
    for (role, place) in timetable.roles.iter().enumerate() {
        let annual = annual_cost_of(spec, place, year)?;
        let (in_post, needed) = usage(spec, timetable, needs, role);
        for leaf in leaves(&annual, one, training_money(spec, place), &spec.money) {
            let pounds = |usage: Usage| match leaf.line {
                "course_fee" => leaf.pounds * usage.trainees_started,
                _ => leaf.pounds * usage.wte_years,
            };
            let (pounds_in_post, pounds_needed) = (pounds(in_post), pounds(needed));
            if pounds_needed.is_finite() && (pounds_in_post != 0.0 || pounds_needed != 0.0) {
                list.push(CostLeaf {
                    role,
                    leaf,
                    pounds_in_post,
                    pounds_needed,
                });
            }
        }
    }
    round_to_pence(list.iter_mut().map(|row| &mut row.pounds_in_post));
    round_to_pence(list.iter_mut().map(|row| &mut row.pounds_needed));
    Ok(list)
}

/// What a role in post, and as needed, uses in a full year.
fn usage(spec: &Spec, timetable: &Timetable, needs: &Needs, role: usize) -> (Usage, Usage) {
    let place = &timetable.roles[role];
    let course = place
        .course
        .as_ref()
        .and_then(|name| spec.training.courses.get(name));
    let Some(course) = course else {
        let of_wte = |wte_years| Usage {
            wte_years,
            ..Usage::default()
        };
        let need = &needs.roles[role];
        return (of_wte(need.in_post), of_wte(need.needed));
    };
    let places = places_a_year(timetable, needs, &course.becomes);
    let needed = Usage {
        wte_years: places * place.said.wte_per_head.value() * f64::from(course.months) / 12.0,
        hires: 0.0,
        trainees_started: places,
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
        (&timetable.roles[row.role], &row.leaf)
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
