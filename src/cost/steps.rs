//! On which pay points are the staff of a role, and what does one WTE of them cost?
//!
//! Staff in post begin on the points stated; who joins begins at the entry of the band; each moves up on
//! the anniversary of the day on which they joined the band; leavers are of all points alike.
//!
//! ```text
//! cost of one WTE = sum over whole years in the band of WTE days x annual cost / WTE days
//! ```

use super::annual_cost_after;
use crate::calendar::{Date, add_months};
use crate::reference::on_costs::EmployerCost;
use crate::reference::pay::{Band, PayError, PayYear, points_of};
use crate::scenario::money::Money;
use crate::scenario::staff::Role;

/// Whole years in the band after which nobody moves up any more, by either pay structure.
pub const AT_TOP: usize = 12;

/// WTE days by whole years in the band.
pub type DaysByYears = [f64; AT_TOP + 1];

/// Staff who joined the band on the same day of a year.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Group {
    wte: f64,
    years: usize,
    /// Next anniversary.
    next: Date,
}

/// The staff of one role by their time in the band.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StepStock {
    groups: Vec<Group>,
    at_top: f64,
}

impl StepStock {
    /// Staff as stated, on the first day of the calendar.
    #[must_use]
    pub fn opening(role: &Role, start: Date) -> Self {
        let mut stock = Self::default();
        let points = points_of_role(role, start);
        for said in &role.steps {
            let reached = |point: u32| {
                let index = usize::try_from(point).unwrap_or(usize::MAX);
                points
                    .get(index.saturating_sub(1))
                    .map(|&years| years as usize)
            };
            let step = reached(said.point + 1).zip(said.next_step);
            let Some((years_then, mut next)) = step else {
                stock.at_top += said.wte.value();
                continue;
            };
            // Whole years on the first day: those at the next step less the anniversaries up to it.
            let mut years = years_then;
            loop {
                years = years.saturating_sub(1);
                let before = add_months(next, -12);
                if before <= start || years == 0 {
                    break;
                }
                next = before;
            }
            stock.groups.push(Group {
                wte: said.wte.value(),
                years,
                next,
            });
        }
        stock
    }

    /// WTE.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.groups.iter().map(|group| group.wte).sum::<f64>() + self.at_top
    }

    /// From `day` on `wte` are there, of them `joined` new to the band.
    pub fn set(&mut self, day: Date, joined: f64, wte: f64) {
        let joined = joined.clamp(0.0, wte);
        let before = self.total();
        let stay = if before > 0.0 {
            (wte - joined) / before
        } else {
            0.0
        };
        for group in &mut self.groups {
            group.wte *= stay;
        }
        self.at_top *= stay;
        self.groups.retain(|group| group.wte > 0.0);
        // With nobody there to stay, all are new.
        let new = if before > 0.0 { joined } else { wte };
        if new > 0.0 {
            self.groups.push(Group {
                wte: new,
                years: 0,
                next: add_months(day, 12),
            });
        }
    }

    /// Adds the WTE days of `days` days from `from` on, by whole years in the band.
    pub fn count(&mut self, from: Date, days: u16, into: &mut DaysByYears) {
        let end = from.saturating_add(jiff::Span::new().days(i64::from(days)));
        let days = f64::from(days);
        for group in &mut self.groups {
            while group.next <= from {
                group.years += 1;
                group.next = add_months(group.next, 12);
            }
            if group.next < end {
                let after = (end - group.next).get_days();
                into[(group.years + 1).min(AT_TOP)] += group.wte * f64::from(after);
                into[group.years.min(AT_TOP)] += group.wte * (days - f64::from(after));
            } else {
                into[group.years.min(AT_TOP)] += group.wte * days;
            }
        }
        into[AT_TOP] += self.at_top * days;
        let top = &mut self.at_top;
        self.groups.retain(|group| {
            if group.years >= AT_TOP {
                *top += group.wte;
            }
            group.years < AT_TOP
        });
    }
}

fn points_of_role(role: &Role, start: Date) -> Vec<u32> {
    let band = role.band.name().parse::<Band>();
    band.map_or_else(|_| Vec::new(), |band| points_of(band, PayYear::of(start)))
}

/// Annual cost of one WTE at this mix of whole years in the band \[pounds\]; at entry if nobody is there.
///
/// # Errors
/// [`PayError`] if there is no pay table for so early a year.
pub fn mean_cost(
    role: &Role,
    money: &Money,
    year: i16,
    days: &DaysByYears,
) -> Result<EmployerCost, PayError> {
    let all: f64 = days.iter().sum();
    if all <= 0.0 {
        return annual_cost_after(role, money, year, 0);
    }
    let mut mean = EmployerCost::default();
    for (years, &here) in (0..).zip(days) {
        if here > 0.0 {
            mean.add(&annual_cost_after(role, money, year, years)?, here / all);
        }
    }
    Ok(mean)
}

/// Annual cost of one WTE of the staff as they are stated \[pounds\].
///
/// # Errors
/// As [`mean_cost`].
pub fn cost_as_stated(role: &Role, money: &Money, year: i16) -> Result<EmployerCost, PayError> {
    let points = points_of_role(role, PayYear(year).first_day());
    let mut days = [0.0; AT_TOP + 1];
    for said in &role.steps {
        let index = usize::try_from(said.point).unwrap_or(usize::MAX);
        let years = points
            .get(index.saturating_sub(1))
            .map_or(AT_TOP, |&years| years as usize);
        days[years.min(AT_TOP)] += said.wte.value();
    }
    mean_cost(role, money, year, &days)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Date;

    const START: Date = Date::constant(2025, 4, 1);

    /// 100 WTE days at entry, then a join of one more, who is new: the days of both by years.
    #[test]
    fn joiners_begin_at_entry_and_move_up_on_their_day() {
        let mut stock = StepStock::default();
        stock.set(START, 1.0, 1.0);
        let mut days = [0.0; AT_TOP + 1];
        stock.count(START, 365, &mut days);
        assert_eq!((days[0], days[1]), (365.0, 0.0));
        // A year later the first has one year; the second begins.
        let later = Date::constant(2026, 4, 1);
        stock.set(later, 1.0, 2.0);
        let mut days = [0.0; AT_TOP + 1];
        stock.count(later, 365, &mut days);
        assert_eq!((days[0], days[1]), (365.0, 365.0));
        // In 400 days from then: the first has one year for 365 days, then two.
        let mut days = [0.0; AT_TOP + 1];
        let third = Date::constant(2027, 4, 1);
        stock.count(third, 400, &mut days);
        assert_eq!((days[1], days[2], days[3]), (366.0, 400.0, 34.0));
    }

    /// Leavers are of all points alike: of three at entry and one at the top, half leave.
    #[test]
    fn leavers_leave_every_point() {
        let mut stock = StepStock {
            at_top: 1.0,
            ..StepStock::default()
        };
        stock.set(START, 3.0, 4.0);
        stock.set(START, 0.0, 2.0);
        let mut days = [0.0; AT_TOP + 1];
        stock.count(START, 1, &mut days);
        assert_eq!((days[0], days[AT_TOP]), (1.5, 0.5));
    }
}
