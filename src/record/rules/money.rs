//! Is more spent than the budget has, and are there rooms enough?

use super::{Broken, Spell, month_of};
use crate::measures::whole;
use crate::record::Record;
use crate::record::tables::budgets;
use crate::scenario::Spec;
use crate::scenario::money::Payer;
use crate::scenario::supervision::Severity;
use crate::timetable::Timetable;

/// Financial years that cost more than their budget.
pub fn over_budget(spec: &Spec, timetable: &Timetable, record: &Record, found: &mut Vec<Broken>) {
    let severity = spec.money.budget_severity.unwrap_or(Severity::Warning);
    if severity == Severity::Off {
        return;
    }
    for row in budgets(spec, timetable, record) {
        let over = row.cost - row.budget;
        // Less than a penny is rounding.
        if over < 0.01 {
            continue;
        }
        let label = &timetable.calendar.financial_years[row.year].label;
        let months = timetable.calendar.months.iter().enumerate();
        let months: Vec<usize> = months
            .filter(|(_, month)| month.financial_year == row.year)
            .map(|(index, _)| index)
            .collect();
        let (Some(&first), Some(&last)) = (months.first(), months.last()) else {
            continue;
        };
        let payer = row.payer.map_or("all", Payer::name);
        let (whose, budget) = match row.payer {
            None => (String::new(), "the budget".to_string()),
            Some(payer) => (
                format!(" to {}", payer_in_words(payer)),
                format!("the budget of {}", payer_in_words(payer)),
            ),
        };
        found.push(Broken {
            rule: format!("budget.{payer}.{label}"),
            title: format!("{label} stays within {budget}"),
            severity: severity.name(),
            months: (first, last, months.len()),
            broken_in: months,
            worst: row.cost,
            limit: row.budget,
            unit: "pounds",
            sentence: format!(
                "{label} costs {} pounds{whose}, {} more than {budget}; {} of it for staff above posts",
                whole(row.cost),
                whole(over),
                whole(row.pressure)
            ),
        });
    }
}

const fn payer_in_words(payer: Payer) -> &'static str {
    match payer {
        Payer::Service => "the service",
        Payer::Commissioner => "the commissioner",
        Payer::Regional => "regional bodies",
        Payer::National => "national bodies",
        Payer::Other => "others",
    }
}

/// Months in which more face-to-face hours are held than the rooms of a site have.
pub fn rooms(spec: &Spec, timetable: &Timetable, record: &Record, found: &mut Vec<Broken>) {
    let months = timetable.calendar.months.len();
    for (name, site) in &spec.money.sites {
        let mut hours = vec![(0.0, 0.0); months];
        for (week, days) in timetable.calendar.weeks.iter().enumerate() {
            let month = &mut hours[month_of(timetable, week)];
            let places = timetable.treatments.iter().zip(&record.treatments);
            let held: f64 = places
                .map(|(place, weeks)| {
                    let said = &place.said;
                    let share = said.in_rooms();
                    // Two members of staff with one group are in one room.
                    let staff = said.group.map_or(1.0, |group| group.facilitators.value());
                    weeks[week].minutes[0] / 60.0 * share / f64::max(staff, 1.0)
                })
                .sum();
            let there = site.rooms.value() * site.hours_per_week.value();
            month.0 += held * site.share_of_sessions.value();
            month.1 += there * f64::from(days.working_days) / 5.0;
        }
        let gaps = hours.iter().map(|(held, there)| held - there).enumerate();
        let Some(spell) = Spell::of(gaps, 1e-6) else {
            continue;
        };
        let (worst, limit) = hours[spell.worst];
        found.push(Broken {
            rule: format!("rooms.{name}"),
            title: format!("{}: rooms have the hours that sessions need", site.title),
            severity: "warning",
            months: spell.months,
            broken_in: spell.all,
            worst,
            limit,
            unit: "hours a month",
            sentence: format!(
                "{}: up to {worst:.0} h of sessions a month are held in rooms, the rooms have {limit:.0} h",
                site.title
            ),
        });
    }
}
