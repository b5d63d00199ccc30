//! What does one more of everything that costs money cost, week by week?
//!
//! The cost of a run adds up from what it used: whoever pays, and within posts or above them, a week of one WTE
//! costs the same. So a run whose lines need not be shown costs
//!
//! ```text
//! pounds = certain + sum over weeks and roles of (WTE - unpaid) x a + WTE x b + stand-ins x c + hired x d
//!                                                + started x e
//!          + sum over weeks and treatments of starts x f + attended x g
//!          + sum over weeks of assessed x h + bought x i - leavers in a clause x j
//! ```
//!
//! with prices that are worked out once for a scenario. The leaves of the cost table are rounded to pence, this is
//! not. A week of a role that is paid by steps has no price, since it depends on who joined when: such roles are
//! noted, and priced at the end as in the cost table.

use super::lines::window;
use super::{Piece, pieces, step_costs};
use crate::cost::{Price, Usage, leaves, own_pay};
use crate::error::Result;
use crate::record::trainees::{repaid_by_one, short_courses};
use crate::record::view::WeekView;
use crate::reference::on_costs::EmployerCost;
use crate::scenario::Spec;
use crate::scenario::money::CostDriver;
use crate::scenario::staff::PointName;
use crate::timetable::Timetable;
use crate::timetable::cost::{annual_cost_of, training_money};
use crate::unit::{Draw, Heads, Lanes, Quantity};

/// Prices of a role.
#[derive(Debug, Clone)]
struct RolePrices {
    /// Pounds of a paid WTE by week, and what lines of non-pay add to each that is there.
    pay: Vec<f64>,
    lines: Vec<f64>,
    /// Pounds of agency staff and overtime by WTE and week, what they cost on top not included.
    stand_in: Vec<f64>,
    /// Pounds by WTE hired.
    hired: f64,
    /// Pounds by trainee who starts.
    started: f64,
    by_steps: bool,
}

/// What everything costs in a scenario \[pounds\].
#[derive(Debug, Clone)]
pub struct Prices<'a> {
    spec: &'a Spec,
    timetable: &'a Timetable,
    pieces: Vec<Piece>,
    certain: f64,
    /// Fee and people.
    short_courses: Vec<(f64, Quantity<Heads>)>,
    roles: Vec<RolePrices>,
    /// By treatment that something is paid for: course starts and attended sessions by week.
    treatments: Vec<(usize, [Vec<f64>; 2])>,
    assessed: Vec<f64>,
    bought: Vec<f64>,
    /// By cohort.
    repaid: Vec<f64>,
}

impl<'a> Prices<'a> {
    /// The prices of a compiled scenario.
    ///
    /// # Errors
    /// [`crate::error::Error::Scenario`] if there is no pay table for so early a year.
    pub fn new(spec: &'a Spec, timetable: &'a Timetable) -> Result<Self> {
        let cohort = |place: &crate::timetable::cohorts::CohortPlace| {
            let course = &spec.training.intakes[place.intake].course;
            (spec.training.courses.get(course)).map_or(0.0, repaid_by_one)
        };
        let bought = spec.money.bought.values();
        let mut prices = Self {
            pieces: pieces(timetable),
            certain: 0.0,
            short_courses: Vec::new(),
            roles: Vec::new(),
            treatments: Vec::new(),
            assessed: Vec::new(),
            bought: bought.map(|said| said.price_per_start.value()).collect(),
            repaid: timetable.cohorts.iter().map(cohort).collect(),
            spec,
            timetable,
        };
        let roles = 0..timetable.roles.len();
        prices.roles = roles
            .map(|role| prices.of_role(role))
            .collect::<Result<_>>()?;
        prices.add_lines();
        prices.add_certain();
        Ok(prices)
    }

    fn of_role(&self, role: usize) -> Result<RolePrices> {
        let (spec, timetable) = (self.spec, self.timetable);
        let place = &timetable.roles[role];
        let by_steps = place.said.pay_point == PointName::Steps && own_pay(&place.said).is_none();
        let mut prices = RolePrices {
            pay: vec![0.0; timetable.weeks()],
            lines: vec![0.0; timetable.weeks()],
            stand_in: vec![0.0; timetable.weeks()],
            hired: spec.money.recruitment_per_hire.value() / place.said.wte_per_head.value(),
            started: training_money(spec, place).map_or(0.0, |money| money.fee),
            by_steps,
        };
        if by_steps {
            return Ok(prices);
        }
        let years = &timetable.calendar.financial_years;
        let one = years.iter().map(|year| {
            let annual = annual_cost_of(spec, place, year.first_calendar_year)?;
            let pay = Usage {
                wte_years: 1.0,
                ..Usage::default()
            };
            let stand_in = Usage {
                agency_priced: 1.0,
                ..Usage::default()
            };
            Ok([pay, stand_in].map(|usage| self.pounds_of(role, [annual; 2], usage)))
        });
        let one: Vec<[f64; 2]> = one.collect::<Result<_>>()?;
        for piece in &self.pieces {
            let share = f64::from(piece.days) / f64::from(years[piece.year].days_whole);
            prices.pay[piece.week] += one[piece.year][0] * share;
            prices.stand_in[piece.week] += one[piece.year][1] * share;
        }
        Ok(prices)
    }

    /// Pounds of a role in a year, whoever pays them.
    fn pounds_of(&self, role: usize, [annual, at_end]: [EmployerCost; 2], usage: Usage) -> f64 {
        let place = &self.timetable.roles[role];
        let price = Price {
            role: &place.said,
            money: &self.spec.money,
            annual,
            at_end,
            training: training_money(self.spec, place),
        };
        leaves(&price, usage).iter().map(|leaf| leaf.pounds).sum()
    }

    /// Named lines of non-pay.
    fn add_lines(&mut self) {
        let weeks = self.timetable.weeks();
        let years = &self.timetable.calendar.financial_years;
        let mut of_treatments =
            vec![[vec![0.0; weeks], vec![0.0; weeks]]; self.timetable.treatments.len()];
        let mut assessed = vec![0.0; weeks];
        for line in self.spec.money.lines.values() {
            let window = window(line);
            let price = line.pounds.value() * line.share.map_or(1.0, |share| share.value());
            for piece in &self.pieces {
                let days = piece.share_between(window.from, window.to) * f64::from(piece.days);
                let (of_week, week) = (price * days / 7.0, piece.week);
                let of_year = price * days / f64::from(years[piece.year].days_whole);
                let counted = match line.per {
                    CostDriver::CourseStart => 0,
                    CostDriver::Session => 1,
                    CostDriver::Assessment => {
                        assessed[week] += of_week;
                        continue;
                    }
                    CostDriver::Room => {
                        let sites = self.spec.money.sites.values();
                        let rooms: f64 = sites.map(|site| site.rooms.value()).sum();
                        self.certain += of_year * rooms;
                        continue;
                    }
                    CostDriver::Year => {
                        self.certain += of_year;
                        continue;
                    }
                    CostDriver::Wte | CostDriver::Head => {
                        for (prices, place) in self.roles.iter_mut().zip(&self.timetable.roles) {
                            if line.roles.is_empty() || line.roles.contains(&place.name) {
                                let heads = match line.per {
                                    CostDriver::Head => 1.0 / place.said.wte_per_head.value(),
                                    _ => 1.0,
                                };
                                prices.lines[week] += of_year * heads;
                            }
                        }
                        continue;
                    }
                };
                for (prices, place) in of_treatments.iter_mut().zip(&self.timetable.treatments) {
                    let path = format!("step{}.{}", place.step, place.name);
                    if line.treatments.is_empty() || line.treatments.contains(&path) {
                        prices[counted][week] += of_week;
                    }
                }
            }
        }
        let some = |prices: &[f64]| prices.iter().any(|&price| price != 0.0);
        self.treatments = (of_treatments.into_iter().enumerate())
            .filter(|(_, prices)| prices.iter().any(|prices| some(prices)))
            .collect();
        self.assessed = if some(&assessed) {
            assessed
        } else {
            Vec::new()
        };
    }

    /// What is paid whatever happens: rooms, and short courses by people who attend.
    fn add_certain(&mut self) {
        let years = &self.timetable.calendar.financial_years;
        let sites = self.spec.money.sites.values();
        let of_sites: f64 = sites.map(|site| site.pounds_per_year.value()).sum();
        let share = |piece: &Piece| f64::from(piece.days) / f64::from(years[piece.year].days_whole);
        self.certain += self.pieces.iter().map(share).sum::<f64>() * of_sites;
        let attended = short_courses(self.spec, self.timetable);
        self.short_courses = attended
            .map(|(_, _, _, fee, people)| (fee, people))
            .collect();
    }
}

/// What is noted of a role that is paid by steps, by week.
#[derive(Debug, Clone, Default)]
struct BySteps<const L: usize> {
    wte: Vec<Lanes<L>>,
    new: Vec<Lanes<L>>,
    unpaid: Vec<Lanes<L>>,
    stand_in: Vec<Lanes<L>>,
    /// Qualified into the role in the week before.
    qualified: Option<Lanes<L>>,
}

/// Pounds that `L` worlds have cost so far.
#[derive(Debug, Clone)]
pub struct Bill<'a, const L: usize> {
    prices: &'a Prices<'a>,
    pounds: Lanes<L>,
    by_steps: Vec<(usize, BySteps<L>)>,
}

impl<'a, const L: usize> Bill<'a, L> {
    /// Nothing is paid yet but what is certain in the worlds of `draws`.
    #[must_use]
    pub fn new(prices: &'a Prices<'a>, draws: &[Draw; L]) -> Self {
        let by_steps = prices
            .roles
            .iter()
            .enumerate()
            .filter(|(_, role)| role.by_steps);
        Self {
            pounds: draws.map(|draw| {
                let courses = prices.short_courses.iter();
                prices.certain
                    + courses
                        .map(|(fee, people)| fee * people.at(draw))
                        .sum::<f64>()
            }),
            by_steps: by_steps
                .map(|(role, _)| (role, BySteps::default()))
                .collect(),
            prices,
        }
    }

    /// Adds a week.
    pub fn week(&mut self, view: &WeekView<L>) {
        let (prices, week) = (self.prices, view.week);
        let pounds = &mut self.pounds;
        let extra = &view.present.extra;
        for (role, price) in prices.roles.iter().enumerate() {
            let (pay, line) = (price.pay[week], price.lines[week]);
            let there = (pay + line) / 7.0;
            let (paid_days, unpaid) = (&view.present.paid_days[role], &extra.unpaid[role]);
            let stand_in = [&extra.agency_priced[role], &extra.overtime_priced[role]];
            let joined = &view.moves.joined[role];
            for lane in 0..L {
                pounds[lane] += paid_days[lane] * there - unpaid[lane] * pay
                    + (stand_in[0][lane] + stand_in[1][lane]) * price.stand_in[week]
                    + joined[lane] * price.hired;
            }
        }
        for (cohort, plan) in view.cohorts.iter().enumerate() {
            let (started, fee) = (
                &view.moves.started[cohort],
                prices.roles[plan.trainee_role].started,
            );
            let (left, repaid) = (&view.moves.left_in_clause[cohort], prices.repaid[cohort]);
            for lane in 0..L {
                pounds[lane] += started[lane] * fee - left[lane] * repaid;
            }
        }
        for (treatment, [starts, attended]) in &prices.treatments {
            let counts = &view.treatments[*treatment];
            for lane in 0..L {
                pounds[lane] +=
                    counts.starts[lane] * starts[week] + counts.attended[lane] * attended[week];
            }
        }
        if let Some(price) = prices.assessed.get(week) {
            for lane in 0..L {
                pounds[lane] += view.counts.assessed[lane] * price;
            }
        }
        for (people, price) in view.bought.iter().zip(&prices.bought) {
            for lane in 0..L {
                pounds[lane] += people[lane] * price;
            }
        }
        for (role, noted) in &mut self.by_steps {
            noted.note(view, *role);
        }
    }

    /// Pounds of all weeks, those of roles paid by steps included.
    ///
    /// # Errors
    /// [`crate::error::Error::Scenario`] if there is no pay table for so early a year.
    pub fn pounds(self) -> Result<Lanes<L>> {
        let mut pounds = self.pounds;
        for (role, noted) in &self.by_steps {
            for (lane, pounds) in pounds.iter_mut().enumerate() {
                *pounds += noted.pounds(self.prices, *role, lane)?;
            }
        }
        Ok(pounds)
    }
}

impl<const L: usize> BySteps<L> {
    fn note(&mut self, view: &WeekView<L>, role: usize) {
        let (moves, extra) = (view.moves, &view.present.extra);
        let qualified = self
            .qualified
            .replace(moves.qualified[role])
            .unwrap_or([0.0; L]);
        let (joined, promoted) = (&moves.joined[role], &moves.promoted[role]);
        let (agency, overtime) = (&extra.agency_priced[role], &extra.overtime_priced[role]);
        self.wte
            .push(view.present.paid_days[role].map(|days| days / 7.0));
        self.new.push(std::array::from_fn(|l| {
            joined[l] + promoted[l] + qualified[l]
        }));
        self.unpaid.push(extra.unpaid[role]);
        self.stand_in
            .push(std::array::from_fn(|l| agency[l] + overtime[l]));
    }

    /// Pounds of one world.
    fn pounds(&self, prices: &Prices, role: usize, lane: usize) -> Result<f64> {
        let Prices {
            spec,
            timetable,
            pieces,
            ..
        } = prices;
        let of_week = |week: usize| (self.wte[week][lane], self.new[week][lane]);
        let annual = step_costs(spec, timetable, pieces, role, of_week)?;
        let years = &timetable.calendar.financial_years;
        let mut used = vec![Usage::default(); years.len()];
        for piece in pieces {
            let share = f64::from(piece.days) / f64::from(years[piece.year].days_whole);
            let used = &mut used[piece.year];
            used.wte_years += self.wte[piece.week][lane] * share;
            used.unpaid_wte_years += self.unpaid[piece.week][lane] * share;
            used.agency_priced += self.stand_in[piece.week][lane] * share;
        }
        let years = used.into_iter().zip(annual);
        Ok(years
            .map(|(usage, annual)| prices.pounds_of(role, annual, usage))
            .sum())
    }
}
