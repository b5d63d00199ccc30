//! What does each financial year of a run cost? Worked out after the run, from what was recorded.
//!
//! Weeks are cut where a financial year or the time of a price ends; within a week everything accrues by
//! the day. The last day of a year that the horizon reaches stands for its full-year effect.

mod lines;
pub mod prices;

use crate::calendar::Date;
use crate::cost::steps::{AT_TOP, StepStock, mean_cost};
use crate::cost::{Leaf, Payer, Price, Usage, leaves, own_pay, raised_at_most, round_to_pence};
use crate::error::Result;
use crate::record::lists;
use crate::record::measure::TreatmentCounts;
use crate::reference::on_costs::EmployerCost;
use crate::scenario::Spec;
use crate::scenario::staff::PointName;
use crate::timetable::cost::{annual_cost_of, no_pay_table, training_money};
use crate::timetable::{RolePlace, Timetable};

/// What a role costs in a week is worked out from this.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct PaidWeek {
    /// WTE paid on average over the week.
    pub wte: f64,
    /// Of them absent without pay \[WTE\].
    pub unpaid: f64,
    /// Agency staff and cover of the absent \[WTE\].
    pub agency: f64,
    /// The same, with what they cost on top.
    pub agency_priced: f64,
    /// Overtime \[WTE\].
    pub overtime: f64,
    /// The same, with what it costs on top.
    pub overtime_priced: f64,
    /// Posts \[WTE\].
    pub posts: f64,
    /// WTE new to the band at the start of the week.
    pub new: f64,
    /// People hired from outside.
    pub hires: f64,
    /// Trainees who started.
    pub started: f64,
    /// WTE of trainees in supported months.
    pub supported: f64,
}

/// What the cost of a run is worked out from, week by week.
#[derive(Debug, Clone, Default)]
pub struct Paid {
    /// By role and week.
    pub roles: Vec<Vec<PaidWeek>>,
    /// Pounds that leavers repay under a contract clause, by role and week.
    pub repaid: Vec<Vec<f64>>,
    /// Fees of short courses: week, role, payer, pounds.
    pub short_courses: Vec<(usize, usize, Payer, f64)>,
    /// People treated elsewhere, by purchase and week.
    pub bought: Vec<Vec<f64>>,
}

impl Paid {
    /// An empty record.
    #[must_use]
    pub fn new(roles: usize, purchases: usize, weeks: usize) -> Self {
        Self {
            roles: lists(roles, weeks),
            repaid: vec![vec![0.0; weeks]; roles],
            short_courses: Vec::new(),
            bought: lists(purchases, weeks),
        }
    }
}

/// Whose a leaf is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Of a role, by index.
    Role(usize),
    /// Of the service: a line of non-pay that is not counted by staff, a site or a purchase.
    Service,
}

impl Whose {
    /// The role, if it is one.
    #[must_use]
    pub fn place(self, timetable: &Timetable) -> Option<&RolePlace> {
        match self {
            Self::Role(role) => timetable.roles.get(role),
            Self::Service => None,
        }
    }
}

/// One leaf of the cost table.
#[derive(Debug, Clone, PartialEq)]
pub struct CostRow {
    /// Financial year, by index.
    pub year: usize,
    /// Whose it is.
    pub whose: Whose,
    /// Line, payer, standing, pounds rounded to pence.
    pub leaf: Leaf,
}

/// The cost of a run.
#[derive(Debug, Clone, Default)]
pub struct Costs {
    /// Leaves by financial year.
    pub rows: Vec<CostRow>,
    /// By financial year and role.
    pub usage: Vec<Vec<Usage>>,
    /// One WTE on average over the year, by financial year and role \[pounds\].
    pub annual: Vec<Vec<EmployerCost>>,
}

/// A part of a week inside one financial year.
#[derive(Debug, Clone, Copy)]
struct Piece {
    week: usize,
    year: usize,
    from: Date,
    days: u16,
}

impl Piece {
    /// Share of the piece that lies between two days, both of them included.
    fn share_between(&self, from: Option<Date>, to: Option<Date>) -> f64 {
        let days = i32::from(self.days);
        let begins = from.map_or(0, |from| (from - self.from).get_days().clamp(0, days));
        let ends = to.map_or(days, |to| ((to - self.from).get_days() + 1).clamp(0, days));
        f64::from((ends - begins).max(0)) / f64::from(days)
    }
}

fn pieces(timetable: &Timetable) -> Vec<Piece> {
    let calendar = &timetable.calendar;
    let mut pieces: Vec<Piece> = Vec::with_capacity(calendar.weeks.len() + 16);
    for segment in &calendar.segments {
        let year = calendar.months[segment.month].financial_year;
        match pieces.last_mut() {
            Some(last) if last.week == segment.week && last.year == year => {
                last.days += u16::from(segment.days);
            }
            Some(last) if last.week == segment.week => {
                let from = last
                    .from
                    .saturating_add(jiff::Span::new().days(i64::from(last.days)));
                let (week, days) = (segment.week, segment.days.into());
                pieces.push(Piece {
                    week,
                    year,
                    from,
                    days,
                });
            }
            _ => pieces.push(Piece {
                week: segment.week,
                year,
                from: calendar.weeks[segment.week].start,
                days: segment.days.into(),
            }),
        }
    }
    pieces
}

/// Whether no price can be missing or beyond its range, whatever becomes of the run: the tables reach back to the
/// first year, and the awards after the last table raise no salary out of it.
#[must_use]
pub fn all_has_a_price(spec: &Spec, timetable: &Timetable) -> bool {
    let years = &timetable.calendar.financial_years;
    let ends = years.first().zip(years.last());
    ends.is_none_or(|(first, last)| {
        let first = first.first_calendar_year;
        raised_at_most(&spec.money, last.first_calendar_year) <= MOST_RAISED
            && (timetable.roles.iter()).all(|place| annual_cost_of(spec, place, first).is_ok())
    })
}

/// The highest salary of the pay tables, about 130,000 pounds, may become so many times that and stays within its range.
const MOST_RAISED: f64 = 7.0;

/// The cost of a run.
///
/// # Errors
/// [`crate::error::Error::Scenario`] if there is no pay table for so early a year.
pub fn costs_of_run(
    spec: &Spec,
    timetable: &Timetable,
    paid: &Paid,
    treatments: &[Vec<TreatmentCounts<1>>],
    assessed: &[f64],
) -> Result<Costs> {
    let pieces = pieces(timetable);
    let mut costs = Costs {
        rows: Vec::new(),
        usage: usage(timetable, paid, &pieces),
        annual: Vec::new(),
    };
    let activity = lines::Activity {
        spec,
        timetable,
        paid,
        pieces: &pieces,
        treatments,
        assessed,
    };
    let steps: Vec<Vec<[EmployerCost; 2]>> = (0..timetable.roles.len())
        .map(|role| {
            let of_week = |week: usize| {
                let week = &paid.roles[role][week];
                (week.wte, week.new)
            };
            step_costs(spec, timetable, &pieces, role, of_week)
        })
        .collect::<Result<_>>()?;
    for (year, financial_year) in timetable.calendar.financial_years.iter().enumerate() {
        let from = costs.rows.len();
        let mut annual_costs = vec![EmployerCost::default(); timetable.roles.len()];
        for (role, place) in timetable.roles.iter().enumerate() {
            let usage = costs.usage[year][role];
            if usage == Usage::default() {
                continue;
            }
            let [annual, at_end] = if let Some(&both) = steps[role].get(year) {
                both
            } else {
                [annual_cost_of(spec, place, financial_year.first_calendar_year)?; 2]
            };
            annual_costs[role] = annual;
            let price = Price {
                role: &place.said,
                money: &spec.money,
                annual,
                at_end,
                training: training_money(spec, place),
            };
            let rows = leaves(&price, usage).into_iter();
            let whose = Whose::Role(role);
            costs
                .rows
                .extend(rows.map(|leaf| CostRow { year, whose, leaf }));
        }
        activity.add_leaves(year, &costs.usage[year], &mut costs.rows);
        costs.annual.push(annual_costs);
        let rows = &mut costs.rows[from..];
        round_to_pence(rows.iter_mut().map(|row| &mut row.leaf.pounds));
        round_to_pence(rows.iter_mut().map(|row| &mut row.leaf.pounds_full_year));
    }
    Ok(costs)
}

/// What each role used, by financial year.
fn usage(timetable: &Timetable, paid: &Paid, pieces: &[Piece]) -> Vec<Vec<Usage>> {
    let years = &timetable.calendar.financial_years;
    let roles = timetable.roles.len();
    let mut usage = vec![vec![Usage::default(); roles]; years.len()];
    for piece in pieces {
        let whole = f64::from(years[piece.year].days_whole);
        let share = f64::from(piece.days) / whole;
        for (role, place) in timetable.roles.iter().enumerate() {
            let used = &mut usage[piece.year][role];
            let week = &paid.roles[role][piece.week];
            let wte = week.wte;
            let posts = if place.course.is_some() {
                wte
            } else {
                week.posts
            };
            used.unpaid_wte_years += week.unpaid * share;
            used.unpaid_at_end = week.unpaid;
            used.agency_wte_years += week.agency * share;
            used.agency_priced += week.agency_priced * share;
            used.overtime_wte_years += week.overtime * share;
            used.overtime_priced += week.overtime_priced * share;
            let over = (wte - posts).max(0.0);
            used.wte_years += wte * share;
            used.over_wte_years += over * share;
            used.post_years += posts * share;
            used.vacant_years += (posts - wte).max(0.0) * share;
            used.supported_wte_years += week.supported * share;
            (used.wte_at_end, used.over_at_end) = (wte, over);
        }
    }
    for week in 0..timetable.weeks() {
        let year = timetable.year_of_week[week];
        for role in 0..roles {
            usage[year][role].hires += paid.roles[role][week].hires;
            usage[year][role].trainees_started += paid.roles[role][week].started;
            usage[year][role].clause_repayment += paid.repaid[role][week];
        }
    }
    for &(week, role, payer, pounds) in &paid.short_courses {
        let year = timetable.year_of_week[week];
        usage[year][role].short_course_fees[payer as usize] += pounds;
    }
    usage
}

/// For a role with pay by steps: one WTE on average over each financial year, and on its last day. `of_week` says how
/// many WTE there are in a week, and how many of them are new to the band.
fn step_costs(
    spec: &Spec,
    timetable: &Timetable,
    pieces: &[Piece],
    role: usize,
    of_week: impl Fn(usize) -> (f64, f64),
) -> Result<Vec<[EmployerCost; 2]>> {
    let said = &timetable.roles[role].said;
    let years = &timetable.calendar.financial_years;
    if said.pay_point != PointName::Steps || own_pay(said).is_some() {
        return Ok(Vec::new());
    }
    let mut stock = StepStock::opening(said, timetable.calendar.start);
    let mut days = vec![[0.0; AT_TOP + 1]; years.len()];
    let mut last = days.clone();
    let mut before = None;
    for piece in pieces {
        if before != Some(piece.week) {
            let (wte, new) = of_week(piece.week);
            stock.set(piece.from, new, wte);
            before = Some(piece.week);
        }
        stock.count(piece.from, piece.days, &mut days[piece.year]);
        let past = piece
            .from
            .saturating_add(jiff::Span::new().days(i64::from(piece.days) - 1));
        let mut end = [0.0; AT_TOP + 1];
        stock.count(past, 1, &mut end);
        last[piece.year] = end;
    }
    let cost = |index: usize| -> Result<[EmployerCost; 2]> {
        let year = years[index].first_calendar_year;
        let of = |days| mean_cost(said, &spec.money, year, days);
        let both = of(&days[index]).and_then(|mean| Ok([mean, of(&last[index])?]));
        both.map_err(|error| no_pay_table(spec, &error).into())
    };
    (0..years.len()).map(cost).collect()
}
