//! How do the shipped files of on-costs read? Each row of a file becomes one typed row, percentages
//! become shares and weekly limits annual ones.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{NiRates, PensionRates};
use crate::calendar::{Date, parse_iso_date};
use crate::reference::pay::{Basis, Fact, PayYear, Status, lines, shipped};

/// Weeks that make the year's figure of a weekly limit; the published annual limits are 52 times
/// the weekly ones (4,680 and 40,040 in 2008/09).
const WEEKS_OF_A_LIMIT: f64 = 52.0;

#[derive(Deserialize)]
struct NiLine {
    year: String,
    rate_pct: f64,
    threshold_gbp_year: f64,
    rebate_pct: f64,
    lower_earnings_limit_gbp_week: Option<f64>,
    upper_accrual_point_gbp_week: Option<f64>,
    rate_basis: Basis,
    threshold_basis: Basis,
    rebate_basis: Option<Basis>,
    source: String,
    note: String,
}

#[derive(Deserialize)]
struct PensionLine {
    from: String,
    to: String,
    total_pct: f64,
    paid_locally_pct: f64,
    basis: Basis,
    source: String,
}

#[derive(Deserialize)]
struct HcasLine {
    year: String,
    inner_min: f64,
    inner_max: f64,
    outer_min: f64,
    outer_max: f64,
    fringe_min: f64,
    fringe_max: f64,
    basis: Basis,
    source: String,
}

#[derive(Deserialize)]
struct RuleLine {
    item: String,
    from: String,
    pct: f64,
    basis: Basis,
    source: String,
}

/// Least and most of the three zones in one year.
pub(super) struct HcasYear {
    pub(super) year: PayYear,
    pub(super) inner: (f64, f64),
    pub(super) outer: (f64, f64),
    pub(super) fringe: (f64, f64),
    pub(super) status: Status,
    pub(super) source: &'static str,
}

/// A rate from a date on.
pub(super) struct Rule {
    pub(super) item: String,
    pub(super) from: Date,
    pub(super) rate: Fact,
}

pub(super) static NI: LazyLock<Vec<NiRates>> = LazyLock::new(|| {
    let file = "employer_ni.csv";
    lines(file, include_str!("../data/employer_ni.csv"))
        .into_iter()
        .map(|line: NiLine| NiRates {
            year: shipped(file, line.year.parse()),
            rate: line.rate_pct / 100.0,
            threshold: line.threshold_gbp_year,
            rebate: line.rebate_pct / 100.0,
            lower_earnings_limit: WEEKS_OF_A_LIMIT
                * line.lower_earnings_limit_gbp_week.unwrap_or(0.0),
            upper_accrual_point: WEEKS_OF_A_LIMIT
                * line.upper_accrual_point_gbp_week.unwrap_or(0.0),
            status: [
                line.rate_basis.into(),
                line.threshold_basis.into(),
                line.rebate_basis.map_or(Status::Published, Status::from),
            ],
            source: line.source.leak(),
            note: line.note.leak(),
        })
        .collect()
});

pub(super) static PENSION: LazyLock<Vec<PensionRates>> = LazyLock::new(|| {
    let file = "employer_pension.csv";
    lines(file, include_str!("../data/employer_pension.csv"))
        .into_iter()
        .map(|line: PensionLine| PensionRates {
            from: shipped(file, parse_iso_date(&line.from)),
            to: (!line.to.is_empty()).then(|| shipped(file, parse_iso_date(&line.to))),
            total: line.total_pct / 100.0,
            local: line.paid_locally_pct / 100.0,
            status: line.basis.into(),
            source: line.source.leak(),
        })
        .collect()
});

pub(super) static HCAS: LazyLock<Vec<HcasYear>> = LazyLock::new(|| {
    let file = "hcas.csv";
    lines(file, include_str!("../data/hcas.csv"))
        .into_iter()
        .map(|line: HcasLine| HcasYear {
            year: shipped(file, line.year.parse()),
            inner: (line.inner_min, line.inner_max),
            outer: (line.outer_min, line.outer_max),
            fringe: (line.fringe_min, line.fringe_max),
            status: line.basis.into(),
            source: line.source.leak(),
        })
        .collect()
});

pub(super) static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let file = "on_cost_rules.csv";
    lines(file, include_str!("../data/on_cost_rules.csv"))
        .into_iter()
        .map(|line: RuleLine| Rule {
            item: line.item,
            from: shipped(file, parse_iso_date(&line.from)),
            rate: Fact {
                value: line.pct / 100.0,
                status: line.basis.into(),
                source: line.source.leak(),
                note: "",
            },
        })
        .collect()
});
