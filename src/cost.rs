//! What does it cost, and who pays?
//!
//! ```text
//! pay of a year = days in post / days of the financial year x annual cost of one WTE
//! non-pay       = days in post / days of the year x pounds a WTE;   overhead = share x pay and on-costs
//! fees          = trainees who start x fee;                          recruitment = people hired x pounds
//! ```
//!
//! Pounds are rounded to pence once, cumulatively over the leaves of a year, so that leaves add up to the
//! rounded total.

use crate::calendar::financial_year_label;
use crate::reference::on_costs::{EmployerCost, EmployerInput, Zone, employer_cost_uprated};
use crate::reference::pay::{
    Band, PayError, PayPoint, PayYear, award_factor, max_year, salary_projected,
};
use crate::scenario::money::{HighCostArea, Money, PensionView};
use crate::scenario::staff::{PointName, Role};
use crate::unit::Fixed;

pub use crate::scenario::money::Payer;

/// One leaf of the cost of a role in a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leaf {
    /// Line of the budget.
    pub line: &'static str,
    /// Who pays.
    pub payer: Payer,
    /// Whether it comes again every year.
    pub recurrent: bool,
    /// Pounds.
    pub pounds: f64,
}

/// What a role used in one financial year.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Usage {
    /// WTE x share of the year.
    pub wte_years: f64,
    /// People hired from outside.
    pub hires: f64,
    /// Trainees who started.
    pub trainees_started: f64,
}

/// What training money pays for a trainee role.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct TrainingMoney {
    /// Fee for each trainee who starts \[pounds\].
    pub fee: f64,
    /// Share of pay that is paid nationally.
    pub salary_support: f64,
}

/// Annual cost of one WTE of a role in the financial year that begins in `year` \[pounds\].
///
/// # Errors
/// [`PayError`] if there is no pay table for so early a year.
pub fn annual_cost(role: &Role, money: &Money, year: i16) -> Result<EmployerCost, PayError> {
    let band: Band = role.band.name().parse()?;
    let point = match role.pay_point {
        PointName::Entry => PayPoint::Entry,
        PointName::Middle => PayPoint::Middle,
        PointName::Top => PayPoint::Top,
    };
    let zone = match money.high_cost_area {
        HighCostArea::None => Zone::None,
        HighCostArea::Fringe => Zone::Fringe,
        HighCostArea::Outer => Zone::Outer,
        HighCostArea::Inner => Zone::Inner,
    };
    let default = money.award_default.value();
    let awards: Vec<f64> = (max_year().0 + 1..=year)
        .map(|year| {
            money
                .awards
                .get(&financial_year_label(year))
                .map_or(default, Fixed::value)
        })
        .collect();
    let input = EmployerInput {
        salary_full_time: salary_projected(band, point, PayYear(year), &awards, default)?,
        year: PayYear(year),
        zone,
        wte_per_head: role.wte_per_head.value(),
        in_pension: true,
    };
    employer_cost_uprated(input, award_factor(PayYear(year), &awards, default)?)
}

/// The leaves of a role's cost in a year. Trainees are not recurrent: their posts end with the course.
#[must_use]
pub fn leaves(
    annual: &EmployerCost,
    usage: Usage,
    training: Option<TrainingMoney>,
    money: &Money,
) -> Vec<Leaf> {
    let years = usage.wte_years;
    let support = training.map_or(0.0, |training| training.salary_support);
    let recurrent = training.is_none();
    let mut list = Vec::new();
    let (pension, central) = match money.pension {
        PensionView::Local => (annual.pension_local, annual.pension_central),
        PensionView::Full => (annual.pension_local + annual.pension_central, 0.0),
    };
    let mut add = |line, payer, pounds: f64| {
        if pounds != 0.0 {
            list.push(Leaf {
                line,
                payer,
                recurrent,
                pounds,
            });
        }
    };
    for (line, pounds) in [
        ("salary", annual.salary),
        ("high_cost_area", annual.hcas),
        ("employer_ni", annual.employer_ni),
        ("pension", pension),
        ("levy", annual.levy),
    ] {
        add(line, Payer::Service, pounds * years * (1.0 - support));
        add(line, Payer::National, pounds * years * support);
    }
    add("pension_central", Payer::National, central * years);
    add(
        "non_pay",
        Payer::Service,
        money.non_pay_per_wte.value() * years,
    );
    let pay = annual.salary + annual.hcas + annual.employer_ni + pension + annual.levy;
    add(
        "overhead",
        Payer::Service,
        money.overhead_share.value() * pay * years,
    );
    let fee = training.map_or(0.0, |training| training.fee);
    let hired = money.recruitment_per_hire.value() * usage.hires;
    for (line, payer, pounds) in [
        ("course_fee", Payer::National, fee * usage.trainees_started),
        ("recruitment", Payer::Service, hired),
    ] {
        if pounds != 0.0 {
            list.push(Leaf {
                line,
                payer,
                recurrent: false,
                pounds,
            });
        }
    }
    list
}

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
