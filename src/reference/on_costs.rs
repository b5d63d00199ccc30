//! What does a post cost its employer above the salary, and who pays which part?
//!
//! For one person working `wte` on full-time pay `salary`, each line per 1.0 WTE and year:
//!
//! ```text
//! HCAS      = salary x share, at least the minimum and at most the maximum of zone and year
//! pay       = (salary + HCAS) x wte                                        a head
//! NI        = rate x max(0, pay - threshold)
//!             - rebate x (min(pay, upper accrual point) - lower limit)     / wte
//! pension   = rate x (salary + HCAS), paid locally and topped up centrally
//! levy      = rate x (salary + HCAS) from April 2017
//! ```
//!
//! NI has its threshold once a head, so two half-time posts cost less than one full-time post. The
//! rebate is that of contracted-out salary-related schemes, for members of the NHS Pension Scheme,
//! to March 2016; between lower limit and threshold it makes NI slightly negative, as it was.
//! Tables that end before a year, or skip it, stand in with their latest earlier row, and the
//! standing of the figure is then `unverified` ([`on_cost_facts`]).

use super::pay::{Fact, PayError, PayYear, Status, check};
use crate::calendar::Date;

mod tables;
#[cfg(test)]
mod tests;

use tables::{HCAS, NI, PENSION, RULES};

/// The note of a figure that stands in for one that was not found.
const CARRIED: &str = "latest earlier year: no figure found for this one";

/// High Cost Area Supplement zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Zone {
    /// Outside the zones.
    #[default]
    None,
    /// Fringe of London: 5 % of basic pay.
    Fringe,
    /// Outer London: 15 % of basic pay.
    Outer,
    /// Inner London: 20 % of basic pay.
    Inner,
}

/// A person whose cost is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EmployerInput {
    /// Full-time basic pay \[pounds a year, 0 to 1,000,000\].
    pub salary_full_time: f64,
    /// Financial year whose rates apply.
    pub year: PayYear,
    /// Where the post is.
    pub zone: Zone,
    /// Hours as a share of full-time \[WTE, above 0 to 2\].
    pub wte_per_head: f64,
    /// Whether the person is in the NHS Pension Scheme.
    pub in_pension: bool,
}

/// Cost of a post \[pounds a year per 1.0 WTE\].
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct EmployerCost {
    /// Basic pay \[pounds a year\].
    pub salary: f64,
    /// High Cost Area Supplement \[pounds a year\].
    pub hcas: f64,
    /// Employer National Insurance \[pounds a year\].
    pub employer_ni: f64,
    /// Pension contribution that the employer pays itself \[pounds a year\].
    pub pension_local: f64,
    /// Pension contribution that is paid centrally for the employer \[pounds a year\].
    pub pension_central: f64,
    /// Apprenticeship levy \[pounds a year\].
    pub levy: f64,
    /// All on-costs of an employer that is not the NHS \[pounds a year\].
    pub own_on_costs: f64,
}

impl EmployerCost {
    /// Adds a share of another cost, as for the mean of several.
    pub fn add(&mut self, other: &Self, share: f64) {
        self.salary += other.salary * share;
        self.hcas += other.hcas * share;
        self.employer_ni += other.employer_ni * share;
        self.pension_local += other.pension_local * share;
        self.pension_central += other.pension_central * share;
        self.levy += other.levy * share;
        self.own_on_costs += other.own_on_costs * share;
    }

    /// What the employer pays: everything but the central pension contribution \[pounds a year\].
    #[must_use]
    pub fn local(&self) -> f64 {
        self.salary
            + self.hcas
            + self.employer_ni
            + self.pension_local
            + self.levy
            + self.own_on_costs
    }

    /// The whole cost, whoever pays it \[pounds a year\].
    #[must_use]
    pub fn full(&self) -> f64 {
        self.local() + self.pension_central
    }

    /// What the employer pays above pay, as a share of pay with supplement; 0 where pay is 0.
    #[must_use]
    pub fn oncost_local(&self) -> f64 {
        self.above_pay(self.local())
    }

    /// The whole cost above pay, as a share of pay with supplement; 0 where pay is 0.
    #[must_use]
    pub fn oncost_full(&self) -> f64 {
        self.above_pay(self.full())
    }

    fn above_pay(&self, cost: f64) -> f64 {
        let pay = self.salary + self.hcas;
        if pay > 0.0 { cost / pay - 1.0 } else { 0.0 }
    }
}

/// Rates of employer National Insurance in a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NiRates {
    /// First year for which they hold.
    pub year: PayYear,
    /// Rate above the threshold \[share of pay\].
    pub rate: f64,
    /// Secondary threshold \[pounds a year\].
    pub threshold: f64,
    /// Contracted-out rebate \[share of pay between the two limits\]; 0 since April 2016.
    pub rebate: f64,
    /// Lower earnings limit, where the rebate begins \[pounds a year\].
    pub lower_earnings_limit: f64,
    /// Upper accrual point, where the rebate ends \[pounds a year\].
    pub upper_accrual_point: f64,
    /// How far the rate, the threshold and the rebate can be trusted.
    pub status: [Status; 3],
    /// Where they were seen.
    pub source: &'static str,
    /// Anything odd about the year.
    pub note: &'static str,
}

impl NiRates {
    /// Employer NI of one person \[pounds a year\] on their whole pay \[pounds a year\].
    #[must_use]
    pub fn on(&self, pay: f64, contracted_out: bool) -> f64 {
        let above = self.rate * (pay - self.threshold).max(0.0);
        let banded = (pay.min(self.upper_accrual_point) - self.lower_earnings_limit).max(0.0);
        if contracted_out {
            above - self.rebate * banded
        } else {
            above
        }
    }
}

/// Employer contribution to the NHS Pension Scheme from a date on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PensionRates {
    /// First day.
    pub from: Date,
    /// Last day; open for the latest.
    pub to: Option<Date>,
    /// The whole contribution \[share of pensionable pay\].
    pub total: f64,
    /// The part that the employer pays itself \[share of pensionable pay\].
    pub local: f64,
    /// How far it can be trusted.
    pub status: Status,
    /// Where it was seen.
    pub source: &'static str,
}

/// High Cost Area Supplement of a zone in a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Supplement {
    /// Share of basic pay.
    pub share: f64,
    /// Least for a full-time post \[pounds a year\].
    pub least: f64,
    /// Most for a full-time post \[pounds a year\].
    pub most: f64,
    /// How far least and most can be trusted.
    pub status: Status,
    /// Where they were seen.
    pub source: &'static str,
    /// Says so where an earlier year stands in.
    pub note: &'static str,
}

/// One figure behind the cost of a post, for display.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OnCostFact {
    /// What it is.
    pub item: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// The figure, its standing and source.
    pub fact: Fact,
}

/// Cost of a post per 1.0 WTE and year, by the rates of its year.
///
/// # Errors
/// [`PayError::YearOutside`] before the tables begin (2008/09); [`PayError::Outside`] for a salary
/// outside 0 to 1,000,000 or a WTE outside 0 to 2.
pub fn employer_cost(input: EmployerInput) -> Result<EmployerCost, PayError> {
    employer_cost_uprated(input, 1.0)
}

/// The same in a year after the last tables: least and most of the supplement rise with pay, by
/// `award_factor` \[ratio since the last pay table, [`super::pay::award_factor`]\].
///
/// # Errors
/// As [`employer_cost`], and for a factor outside 0 to 1,000,000.
pub fn employer_cost_uprated(
    input: EmployerInput,
    award_factor: f64,
) -> Result<EmployerCost, PayError> {
    let EmployerInput {
        salary_full_time: salary,
        year,
        zone,
        wte_per_head,
        in_pension,
    } = input;
    check("salary", salary, 0.0..=1e6, "0 to 1,000,000")?;
    check(
        "WTE per head",
        wte_per_head,
        f64::MIN_POSITIVE..=2.0,
        "above 0, up to 2",
    )?;
    check("award factor", award_factor, 0.0..=1e6, "0 to 1,000,000")?;
    let hcas = supplement(zone, year)?.map_or(0.0, |rule| {
        (rule.share * salary).clamp(rule.least * award_factor, rule.most * award_factor)
    });
    let pay = salary + hcas;
    let (pension_local, pension_central) = match pension_on(year.first_day()) {
        Some(rates) if in_pension => (rates.local * pay, (rates.total - rates.local) * pay),
        _ => (0.0, 0.0),
    };
    Ok(EmployerCost {
        salary,
        hcas,
        employer_ni: ni_rates(year)?.on(pay * wte_per_head, in_pension) / wte_per_head,
        pension_local,
        pension_central,
        levy: levy_on(year.first_day()).map_or(0.0, |levy| levy.value * pay),
        own_on_costs: 0.0,
    })
}

/// Employer National Insurance of a year; after the last row, the last row.
///
/// # Errors
/// [`PayError::YearOutside`] before the first row.
pub fn ni_rates(year: PayYear) -> Result<&'static NiRates, PayError> {
    latest("National Insurance rate", &NI, year, |row| row.year)
}

/// The pension contribution that applies on a day; `None` before April 2004.
#[must_use]
pub fn pension_on(day: Date) -> Option<&'static PensionRates> {
    PENSION
        .iter()
        .rfind(|rates| rates.from <= day && rates.to.is_none_or(|last| day <= last))
}

/// The apprenticeship levy that applies on a day \[share of pay\]; `None` before April 2017.
#[must_use]
pub fn levy_on(day: Date) -> Option<Fact> {
    rule("apprenticeship_levy", day)
}

/// The supplement of a zone in a year; `None` outside the zones. Years that the table skips, and
/// those after its end, take the latest earlier row.
///
/// # Errors
/// [`PayError::YearOutside`] before the first row, outside [`Zone::None`].
pub fn supplement(zone: Zone, year: PayYear) -> Result<Option<Supplement>, PayError> {
    let item = match zone {
        Zone::None => return Ok(None),
        Zone::Fringe => "hcas_fringe",
        Zone::Outer => "hcas_outer",
        Zone::Inner => "hcas_inner",
    };
    let row = latest("High Cost Area Supplement", &HCAS, year, |row| row.year)?;
    let (least, most) = match zone {
        Zone::Inner => row.inner,
        Zone::Outer => row.outer,
        Zone::Fringe | Zone::None => row.fringe,
    };
    let carried = row.year != year;
    Ok(rule(item, year.first_day()).map(|rate| Supplement {
        share: rate.value,
        least,
        most,
        status: if carried {
            Status::Unverified
        } else {
            row.status.max(rate.status)
        },
        source: row.source,
        note: if carried { CARRIED } else { "" },
    }))
}

/// Every rate and limit behind the cost of a post in a year, with standing and source.
///
/// # Errors
/// [`PayError::YearOutside`] before the tables begin (2008/09).
pub fn on_cost_facts(year: PayYear, zone: Zone) -> Result<Vec<OnCostFact>, PayError> {
    const SHARE: &str = "share of pay";
    const POUNDS: &str = "pounds a year";
    let mut facts = Vec::new();
    let mut add = |item, unit, fact| facts.push(OnCostFact { item, unit, fact });
    let ni = ni_rates(year)?;
    let carried = ni.year != year;
    let of_ni = |value, status| Fact {
        value,
        status: if carried { Status::Unverified } else { status },
        source: ni.source,
        note: if carried { CARRIED } else { ni.note },
    };
    add("employer NI rate", SHARE, of_ni(ni.rate, ni.status[0]));
    add(
        "employer NI threshold",
        POUNDS,
        of_ni(ni.threshold, ni.status[1]),
    );
    if ni.rebate > 0.0 {
        add(
            "NI rebate, contracted out",
            SHARE,
            of_ni(ni.rebate, ni.status[2]),
        );
        add(
            "NI rebate from",
            POUNDS,
            of_ni(ni.lower_earnings_limit, ni.status[2]),
        );
        add(
            "NI rebate up to",
            POUNDS,
            of_ni(ni.upper_accrual_point, ni.status[2]),
        );
    }
    if let Some(rates) = pension_on(year.first_day()) {
        let fact = |value| Fact {
            value,
            status: rates.status,
            source: rates.source,
            note: "",
        };
        add("employer pension, in full", SHARE, fact(rates.total));
        add("employer pension, paid locally", SHARE, fact(rates.local));
    }
    if let Some(levy) = levy_on(year.first_day()) {
        add("apprenticeship levy", SHARE, levy);
    }
    if let Some(rule) = supplement(zone, year)? {
        let fact = |value| Fact {
            value,
            status: rule.status,
            source: rule.source,
            note: rule.note,
        };
        add("High Cost Area Supplement", SHARE, fact(rule.share));
        add("supplement, least", POUNDS, fact(rule.least));
        add("supplement, most", POUNDS, fact(rule.most));
    }
    Ok(facts)
}

fn rule(item: &str, day: Date) -> Option<Fact> {
    RULES
        .iter()
        .rfind(|rule| rule.item == item && rule.from <= day)
        .map(|rule| rule.rate)
}

/// The row of a year, or the latest one before it.
fn latest<'a, T>(
    what: &'static str,
    rows: &'a [T],
    year: PayYear,
    of: impl Fn(&T) -> PayYear,
) -> Result<&'a T, PayError> {
    rows.iter()
        .rfind(|row| of(row) <= year)
        .ok_or_else(|| PayError::YearOutside {
            what,
            year,
            first: rows.first().map_or(year, &of),
            last: rows.last().map_or(year, &of),
        })
}
