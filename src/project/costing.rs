//! What does each financial year of a run cost? Worked out after the run, from what was recorded.

use crate::cost::{Leaf, Usage, leaves, round_to_pence};
use crate::error::Result;
use crate::scenario::Spec;
use crate::timetable::Timetable;
use crate::timetable::cost::{annual_cost_of, training_money};

/// One leaf of the cost table.
#[derive(Debug, Clone, PartialEq)]
pub struct CostRow {
    /// Financial year, by index.
    pub year: usize,
    /// Role, by index.
    pub role: usize,
    /// Line, payer, whether recurrent, pounds rounded to pence.
    pub leaf: Leaf,
}

/// Leaves of a run by financial year and role; `usage` holds WTE days instead of WTE years.
///
/// # Errors
/// [`crate::error::Error::Scenario`] if there is no pay table for so early a year.
pub fn leaves_of_run(
    spec: &Spec,
    timetable: &Timetable,
    usage: &[Vec<Usage>],
) -> Result<Vec<CostRow>> {
    let mut cost = Vec::new();
    for (year, usage) in usage.iter().enumerate() {
        let from = cost.len();
        let financial_year = &timetable.calendar.financial_years[year];
        for (role, place) in timetable.roles.iter().enumerate() {
            if usage[role] == Usage::default() {
                continue;
            }
            let annual = annual_cost_of(spec, place, financial_year.first_calendar_year)?;
            let usage = Usage {
                wte_years: usage[role].wte_years / f64::from(financial_year.days_whole),
                ..usage[role]
            };
            let rows = leaves(&annual, usage, training_money(spec, place), &spec.money);
            cost.extend(rows.into_iter().map(|leaf| CostRow { year, role, leaf }));
        }
        round_to_pence(cost[from..].iter_mut().map(|row| &mut row.leaf.pounds));
    }
    Ok(cost)
}
