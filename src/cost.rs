//! What does it cost, and who pays?
//!
//! ```text
//! pay of a year     = WTE days in post / days of the financial year x annual cost of one WTE
//! full-year effect  = WTE on the last day x annual cost of one WTE, of what comes again every year
//! pressure          = the part of both for WTE in post above posts
//! non-pay           = WTE days / days of the year x pounds a WTE;   overhead = share x pay and on-costs
//! fees              = trainees who start x fee;                     recruitment = people hired x pounds
//! repaid            = leavers whom a contract clause holds x pounds, taken off
//! ```
//!
//! Pounds are rounded to pence once, cumulatively over the leaves of a year, so that leaves add up to the
//! rounded total.

use std::borrow::Cow;

use crate::calendar::financial_year_label;
use crate::reference::on_costs::{EmployerCost, EmployerInput, Zone, employer_cost_uprated};
use crate::reference::pay::{
    Band, PayError, PayPoint, PayYear, award_factor, max_year, salary_projected,
    step_salary_projected,
};
use crate::scenario::money::{HighCostArea, Money, PensionView};
use crate::scenario::staff::{Employer, OwnPay, PointName, Role};
use crate::unit::Fixed;

pub mod steps;
pub mod units;

pub use crate::scenario::money::Payer;

/// Whether the money for it was planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Funding {
    /// Within the funded establishment.
    Funded,
    /// Above it: staff in post above posts, agency and overtime above what vacant posts leave.
    Pressure,
}

impl Funding {
    /// The word shown to a planner.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Funded => "funded",
            Self::Pressure => "pressure",
        }
    }
}

/// One leaf of a cost in a year.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaf {
    /// Line of the budget.
    pub line: Cow<'static, str>,
    /// Who pays.
    pub payer: Payer,
    /// Whether it comes again every year.
    pub recurrent: bool,
    /// Whether it is within the funded establishment.
    pub funding: Funding,
    /// Pounds in the year.
    pub pounds: f64,
    /// Pounds that the position on the last day of the year costs in a whole year at prices of that
    /// year; 0 for what does not come again.
    pub pounds_full_year: f64,
}

impl Leaf {
    /// Whether both are of the same line, payer and standing.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.line == other.line
            && self.payer == other.payer
            && self.recurrent == other.recurrent
            && self.funding == other.funding
    }
}

/// What a role used in one financial year.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Usage {
    /// WTE x share of the year.
    pub wte_years: f64,
    /// Of them above posts.
    pub over_wte_years: f64,
    /// WTE on the last day.
    pub wte_at_end: f64,
    /// Of them above posts.
    pub over_at_end: f64,
    /// Posts x share of the year; for trainees those in training.
    pub post_years: f64,
    /// Posts that nobody is in x share of the year.
    pub vacant_years: f64,
    /// Of `wte_years`, absent without pay.
    pub unpaid_wte_years: f64,
    /// Of `wte_at_end`, absent without pay.
    pub unpaid_at_end: f64,
    /// Agency staff and cover of the absent x share of the year, beside `wte_years`.
    pub agency_wte_years: f64,
    /// The same, with what they cost on top: WTE x (1 + premium) x share of the year.
    pub agency_priced: f64,
    /// Overtime x share of the year, beside `wte_years`.
    pub overtime_wte_years: f64,
    /// The same, with what it costs on top.
    pub overtime_priced: f64,
    /// People hired from outside.
    pub hires: f64,
    /// Trainees who started.
    pub trainees_started: f64,
    /// WTE x share of the year in the months for which training money pays part of a trainee's salary.
    pub supported_wte_years: f64,
    /// Pounds that newly qualified staff repay who leave while a contract clause holds them.
    pub clause_repayment: f64,
    /// Fees of short courses by payer, in the order of [`Payer::ALL`] \[pounds\].
    pub short_course_fees: [f64; 5],
}

impl Usage {
    /// So many WTE within their posts for the whole of a year.
    #[must_use]
    pub fn whole_year(wte: f64) -> Self {
        Self {
            wte_years: wte,
            wte_at_end: wte,
            post_years: wte,
            supported_wte_years: wte,
            ..Self::default()
        }
    }
}

/// What training money pays for a trainee role.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrainingMoney {
    /// Fee for each trainee who starts \[pounds\].
    pub fee: f64,
    /// Share of pay that training money pays in the supported months.
    pub salary_support: f64,
    /// Who pays the fee.
    pub fee_payer: Payer,
    /// Who pays the salary support.
    pub support_payer: Payer,
}

/// What one WTE of a role costs in a year, and who pays.
#[derive(Debug, Clone, Copy)]
pub struct Price<'a> {
    /// The role.
    pub role: &'a Role,
    /// Prices and payers.
    pub money: &'a Money,
    /// One WTE on average over the year \[pounds\].
    pub annual: EmployerCost,
    /// One WTE on the last day of the year \[pounds a year\].
    pub at_end: EmployerCost,
    /// Training money, if people have the role while they train.
    pub training: Option<TrainingMoney>,
}

/// What an employer outside the NHS pays, if the role has one: no Agenda for Change, no NHS pension.
#[must_use]
pub fn own_pay(role: &Role) -> Option<OwnPay> {
    role.own_pay.filter(|_| role.employer == Employer::Other)
}

/// Annual cost of one WTE of a role in the financial year that begins in `year` \[pounds\]. With pay by
/// steps it is that of the staff as they are stated.
///
/// # Errors
/// [`PayError`] if there is no pay table for so early a year.
pub fn annual_cost(role: &Role, money: &Money, year: i16) -> Result<EmployerCost, PayError> {
    if let Some(own) = own_pay(role) {
        // Stated at the prices of the last pay table, raised by the awards after it.
        let (awards, default) = awards_until(money, year);
        let salary = own.salary.value() * award_factor(PayYear(year), &awards, default)?;
        return Ok(EmployerCost {
            salary,
            own_on_costs: salary * own.on_cost_share.value(),
            ..EmployerCost::default()
        });
    }
    let point = match role.pay_point {
        PointName::Entry => PayPoint::Entry,
        PointName::Middle => PayPoint::Middle,
        PointName::Top => PayPoint::Top,
        PointName::Steps => return steps::cost_as_stated(role, money, year),
    };
    let (awards, default) = awards_until(money, year);
    let band: Band = role.band.name().parse()?;
    let salary = salary_projected(band, point, PayYear(year), &awards, default)?;
    cost_of_salary(role, money, year, salary)
}

/// The same after so many whole years in the band.
///
/// # Errors
/// As [`annual_cost`].
pub fn annual_cost_after(
    role: &Role,
    money: &Money,
    year: i16,
    whole_years: u32,
) -> Result<EmployerCost, PayError> {
    let (awards, default) = awards_until(money, year);
    let band: Band = role.band.name().parse()?;
    let salary = step_salary_projected(band, whole_years, PayYear(year), &awards, default)?;
    cost_of_salary(role, money, year, salary)
}

/// Annual cost of one WTE whose full-time salary is known \[pounds\].
fn cost_of_salary(
    role: &Role,
    money: &Money,
    year: i16,
    salary: f64,
) -> Result<EmployerCost, PayError> {
    let zone = match money.high_cost_area {
        HighCostArea::None => Zone::None,
        HighCostArea::Fringe => Zone::Fringe,
        HighCostArea::Outer => Zone::Outer,
        HighCostArea::Inner => Zone::Inner,
    };
    let (awards, default) = awards_until(money, year);
    let input = EmployerInput {
        salary_full_time: salary,
        year: PayYear(year),
        zone,
        wte_per_head: role.wte_per_head.value(),
        in_pension: true,
    };
    employer_cost_uprated(input, award_factor(PayYear(year), &awards, default)?)
}

/// Awards of the years after the last pay table up to `year`, and the one for years not named.
fn awards_until(money: &Money, year: i16) -> (Vec<f64>, f64) {
    let default = money.award_default.value();
    let of = |year| {
        let named = money.awards.get(&financial_year_label(year));
        named.map_or(default, Fixed::value)
    };
    ((max_year().0 + 1..=year).map(of).collect(), default)
}

/// What the awards since the last table multiply pay by at most in any year up to `year` \[ratio\].
#[must_use]
pub fn raised_at_most(money: &Money, year: i16) -> f64 {
    let (awards, _) = awards_until(money, year);
    awards.iter().map(|award| 1.0 + award.max(0.0)).product()
}

/// Leaves on their way: those of the same line, payer and standing are one.
struct Leaves(Vec<Leaf>);

impl Leaves {
    fn add(&mut self, leaf: Leaf) {
        if leaf.pounds == 0.0 && leaf.pounds_full_year == 0.0 {
            return;
        }
        if let Some(other) = self.0.iter_mut().find(|other| other.is_same(&leaf)) {
            other.pounds += leaf.pounds;
            other.pounds_full_year += leaf.pounds_full_year;
        } else {
            self.0.push(leaf);
        }
    }
}

/// WTE years and WTE at the end that are paid for alike.
struct Part {
    funding: Funding,
    years: f64,
    at_end: f64,
}

/// The leaves of a role's cost in a year. Trainees are not recurrent: their posts end with the course.
#[must_use]
pub fn leaves(price: &Price, usage: Usage) -> Vec<Leaf> {
    let mut list = Leaves(Vec::new());
    for part in [
        Part {
            funding: Funding::Funded,
            years: usage.wte_years - usage.unpaid_wte_years - usage.over_wte_years,
            at_end: usage.wte_at_end - usage.unpaid_at_end - usage.over_at_end,
        },
        Part {
            funding: Funding::Pressure,
            years: usage.over_wte_years,
            at_end: usage.over_at_end,
        },
    ] {
        pay_leaves(price, &usage, &part, &mut list);
    }
    stand_in_leaves(price, &usage, &mut list);
    let payers = &price.money.payers;
    let hired = price.money.recruitment_per_hire.value() * usage.hires;
    let (fee, fee_payer) = price
        .training
        .map_or((0.0, payers.course_fee), |t| (t.fee, t.fee_payer));
    let mut once = vec![
        ("course_fee", fee_payer, fee * usage.trainees_started),
        ("recruitment", payers.recruitment, hired),
        ("clause_repayment", Payer::Service, -usage.clause_repayment),
    ];
    let fees = Payer::ALL.into_iter().zip(usage.short_course_fees);
    once.extend(fees.map(|(payer, pounds)| ("short_course_fee", payer, pounds)));
    for (line, payer, pounds) in once {
        list.add(Leaf {
            line: line.into(),
            payer,
            recurrent: false,
            funding: Funding::Funded,
            pounds,
            pounds_full_year: 0.0,
        });
    }
    list.0
}

/// Agency staff, cover and overtime: pay and on-costs of a WTE of the role and what they cost on top. They come
/// again only as long as posts are vacant and people absent, so they have no full-year effect. Vacant posts
/// leave money for them; what is above that is a pressure.
fn stand_in_leaves(price: &Price, usage: &Usage, list: &mut Leaves) {
    let one: f64 = PAY_LINES
        .iter()
        .map(|(_, of)| of(&price.annual, price.money))
        .sum();
    // Vacant posts leave money for so many WTE years of them.
    let mut left = usage.vacant_years;
    let mut parts = Vec::new();
    for (line, years) in [
        ("agency", usage.agency_priced),
        ("overtime", usage.overtime_priced),
    ] {
        let funded = years.min(left);
        left -= funded;
        parts.push((line, Funding::Funded, funded));
        parts.push((line, Funding::Pressure, years - funded));
    }
    for (line, funding, years) in parts {
        let shares = price.role.payers.map_or_else(
            || vec![(price.money.payers.pay, 1.0)],
            |shares| shares.shares().collect(),
        );
        for (payer, share) in shares {
            list.add(Leaf {
                line: line.into(),
                payer,
                recurrent: false,
                funding,
                pounds: one * years * share,
                pounds_full_year: 0.0,
            });
        }
    }
}

/// Pay, on-costs, non-pay and overhead of a part of the staff.
fn pay_leaves(price: &Price, usage: &Usage, part: &Part, list: &mut Leaves) {
    let Price {
        role,
        money,
        annual,
        at_end,
        training,
    } = price;
    let recurrent = training.is_none();
    // Of the part, what training money pays; supported months are months in training.
    let support = training.map_or(0.0, |training| {
        let supported = usage.supported_wte_years / usage.wte_years.max(f64::MIN_POSITIVE);
        training.salary_support * supported
    });
    let support_payer = training.map_or(money.payers.salary_support, |t| t.support_payer);
    let mut add = |line: &'static str, otherwise: Payer, shared: bool, pounds: f64, full: f64| {
        let full = if recurrent { full } else { 0.0 };
        let shares = role.payers.filter(|_| shared);
        let shares: Vec<(Payer, f64)> = shares.map_or_else(
            || vec![(otherwise, 1.0)],
            |shares| shares.shares().collect(),
        );
        for (payer, share) in shares {
            list.add(Leaf {
                line: line.into(),
                payer,
                recurrent,
                funding: part.funding,
                pounds: pounds * share,
                pounds_full_year: full * share,
            });
        }
    };
    let payers = &money.payers;
    for (line, of) in PAY_LINES {
        let pounds = of(annual, money) * part.years;
        let full = of(at_end, money) * part.at_end;
        add(line, payers.pay, true, pounds * (1.0 - support), full);
        add(line, support_payer, false, pounds * support, 0.0);
    }
    if money.pension == PensionView::Local {
        let (pounds, full) = (annual.pension_central, at_end.pension_central);
        let payer = payers.pension_central;
        add(
            "pension_central",
            payer,
            false,
            pounds * part.years,
            full * part.at_end,
        );
    }
    let non_pay = money.non_pay_per_wte.value();
    add(
        "non_pay",
        payers.non_pay,
        true,
        non_pay * part.years,
        non_pay * part.at_end,
    );
    let overhead = |cost: &EmployerCost| -> f64 {
        let pay: f64 = PAY_LINES.iter().map(|(_, of)| of(cost, money)).sum();
        money.overhead_share.value() * pay
    };
    let (pounds, full) = (
        overhead(annual) * part.years,
        overhead(at_end) * part.at_end,
    );
    add("overhead", payers.overhead, true, pounds, full);
}

type PayLine = (&'static str, fn(&EmployerCost, &Money) -> f64);

/// Pay and the on-costs that the employer pays itself.
const PAY_LINES: [PayLine; 6] = [
    ("salary", |cost, _| cost.salary),
    ("high_cost_area", |cost, _| cost.hcas),
    ("employer_ni", |cost, _| cost.employer_ni),
    ("pension", |cost, money| match money.pension {
        PensionView::Local => cost.pension_local,
        PensionView::Full => cost.pension_local + cost.pension_central,
    }),
    ("levy", |cost, _| cost.levy),
    ("own_on_costs", |cost, _| cost.own_on_costs),
];

/// Rounds to pence so that the rounded numbers add up to their rounded total: each is the rise of the
/// rounded running sum.
pub fn round_to_pence<'a>(pounds: impl Iterator<Item = &'a mut f64>) {
    let (mut exact, mut rounded) = (0.0, 0.0);
    for leaf in pounds {
        exact += *leaf;
        let next = (exact * 100.0).round();
        *leaf = (next - rounded) / 100.0;
        rounded = next;
    }
}
