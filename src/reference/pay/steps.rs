//! What does somebody earn after so many whole years in a band?
//!
//! Two shapes of pay, by the year that is paid:
//!
//! ```text
//! to 2017/18:   one spine point a year; pay = point of min(years, points - 1)
//!               where the points of a year were not found: equal increments,
//!               pay = entry + (top - entry) x min(years, points - 1) / (points - 1)
//! from 2018/19: entry, middle and top after the years of `data/afc_steps.csv`
//! ```
//!
//! Every point is known in 2010/11, 2014/15 and 2015/16 for bands 4 to 8c. The number of points of
//! a band is that of 2010/11; for 8d and 9, which lie above that table, it is taken as that of 8c.
//! In 2018/19 and 2019/20 the table has no middle points while the old increments were run down:
//! the middle step of bands 5 to 7 then pays the mean of entry and top.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{
    BANDS, Band, Basis, Fact, PayError, PayPoint, PayYear, Status, award_factor, lines, max_year,
    row, salary_fact, shipped,
};

/// First year of the pay structure with two or three step points (the framework agreement of 2018).
const FIRST_STEP_YEAR: PayYear = PayYear(2018);

#[derive(Deserialize)]
struct SpineLine {
    year: String,
    gbp: f64,
    bands: String,
    basis: Basis,
    source: String,
}

#[derive(Deserialize)]
struct StepLine {
    band: String,
    point: String,
    years_in_band: u32,
    from_year: String,
    basis: Basis,
}

/// The points of one band in one year, lowest first.
struct Spine {
    year: PayYear,
    band: Band,
    points: Vec<Fact>,
}

/// A step point and the years after which it is reached.
struct Step {
    band: Band,
    point: PayPoint,
    years_in_band: u32,
    from_year: PayYear,
    status: Status,
}

/// Complete spines only: those that run from the entry to the top of the pay table.
static SPINES: LazyLock<Vec<Spine>> = LazyLock::new(|| {
    let file = "afc_spine_points.csv";
    let mut spines: Vec<Spine> = Vec::new();
    for line in lines::<SpineLine>(file, include_str!("../data/afc_spine_points.csv")) {
        let year: PayYear = shipped(file, line.year.parse());
        let fact = Fact {
            value: line.gbp,
            status: line.basis.into(),
            source: line.source.leak(),
            note: "",
        };
        for name in line.bands.split('/') {
            let band: Band = shipped(file, name.parse());
            match spines
                .iter_mut()
                .find(|spine| spine.year == year && spine.band == band)
            {
                Some(spine) => spine.points.push(fact),
                None => spines.push(Spine {
                    year,
                    band,
                    points: vec![fact],
                }),
            }
        }
    }
    spines.retain(|spine| {
        let ends = (spine.points.first(), spine.points.last());
        row(spine.band, spine.year).is_ok_and(|row| {
            matches!(ends, (Some(first), Some(last))
                if same(first.value, row.entry.value) && same(last.value, row.top.value))
        })
    });
    spines
});

/// How many annual points each band had before 2018, in the order of [`Band::ALL`].
static POINTS: LazyLock<[usize; BANDS]> = LazyLock::new(|| {
    let of = |band| {
        SPINES
            .iter()
            .find(|spine| spine.band == band)
            .map(|spine| spine.points.len())
    };
    let of_8c = of(Band::B8c).unwrap_or(2);
    Band::ALL.map(|band| of(band).unwrap_or(of_8c))
});

static STEPS: LazyLock<Vec<Step>> = LazyLock::new(|| {
    let file = "afc_steps.csv";
    let mut steps = Vec::new();
    for line in lines::<StepLine>(file, include_str!("../data/afc_steps.csv")) {
        let bands: Vec<Band> = match line.band.as_str() {
            "8a-9" => Band::ALL
                .into_iter()
                .filter(|band| *band >= Band::B8a)
                .collect(),
            name => vec![shipped(file, name.parse())],
        };
        let point = shipped(
            file,
            match line.point.as_str() {
                "entry" => Ok(PayPoint::Entry),
                "mid" => Ok(PayPoint::Middle),
                "top" => Ok(PayPoint::Top),
                other => Err(format!("no point of pay: {other}")),
            },
        );
        let from_year = shipped(file, line.from_year.parse());
        steps.extend(bands.into_iter().map(|band| Step {
            band,
            point,
            years_in_band: line.years_in_band,
            from_year,
            status: line.basis.into(),
        }));
    }
    steps
});

/// Full-time basic pay \[pounds a year\] after so many whole years in the band, in a year that the
/// pay table holds.
///
/// # Errors
/// [`PayError::YearOutside`] before the first and after the last table.
pub fn step_salary(band: Band, whole_years_in_band: u32, year: PayYear) -> Result<f64, PayError> {
    step_fact(band, whole_years_in_band, year).map(|fact| fact.value)
}

/// The same with its standing and source; an interpolated point is `derived` at best.
///
/// # Errors
/// [`PayError::YearOutside`] before the first and after the last table.
pub fn step_fact(band: Band, whole_years_in_band: u32, year: PayYear) -> Result<Fact, PayError> {
    if year >= FIRST_STEP_YEAR {
        return match step_reached(band, whole_years_in_band, year) {
            Some(step) => salary_fact(band, step.point, year).map(|fact| Fact {
                status: fact.status.max(step.status),
                ..fact
            }),
            None => salary_fact(band, PayPoint::Entry, year),
        };
    }
    let row = row(band, year)?;
    let last = u32::try_from(POINTS[band as usize])
        .unwrap_or(u32::MAX)
        .saturating_sub(1);
    let step = whole_years_in_band.min(last);
    if let Some(spine) = SPINES
        .iter()
        .find(|spine| spine.year == year && spine.band == band)
    {
        let index = usize::try_from(step).unwrap_or(usize::MAX);
        if let Some(fact) = spine.points.get(index).or(spine.points.last()) {
            return Ok(*fact);
        }
    }
    if step == 0 || step == last {
        return Ok(if step == 0 { row.entry } else { row.top });
    }
    let share = f64::from(step) / f64::from(last);
    Ok(Fact {
        value: row.entry.value + share * (row.top.value - row.entry.value),
        status: Status::Derived.max(row.entry.status).max(row.top.status),
        source: row.entry.source,
        note: "equal increments between entry and top: the points of the year were not found",
    })
}

/// [`step_salary`] in any year from the first table on: after the last table the steps of its year,
/// raised by the awards as [`super::salary_projected`] does.
///
/// # Errors
/// [`PayError::YearOutside`] before the first table; [`PayError::Outside`] for an award that is not
/// between -0.5 and 1.
pub fn step_salary_projected(
    band: Band,
    whole_years_in_band: u32,
    year: PayYear,
    awards: &[f64],
    default_award: f64,
) -> Result<f64, PayError> {
    let factor = award_factor(year, awards, default_award)?;
    Ok(step_salary(band, whole_years_in_band, year.min(max_year()))? * factor)
}

/// Whole years in the band after which its top is paid, by the pay structure of a year \[years\].
#[must_use]
pub fn years_to_top(band: Band, year: PayYear) -> u32 {
    if year >= FIRST_STEP_YEAR {
        step_reached(band, u32::MAX, year).map_or(0, |step| step.years_in_band)
    } else {
        u32::try_from(POINTS[band as usize])
            .unwrap_or(1)
            .saturating_sub(1)
    }
}

/// Whole years in the band after which each of its points is reached, entry first, by the pay structure
/// of a year \[years\].
#[must_use]
pub fn points_of(band: Band, year: PayYear) -> Vec<u32> {
    if year < FIRST_STEP_YEAR {
        return (0..=years_to_top(band, year)).collect();
    }
    let here = STEPS
        .iter()
        .filter(|step| step.band == band && step.from_year <= year);
    let mut years: Vec<u32> = here.map(|step| step.years_in_band).collect();
    years.sort_unstable();
    years
}

fn step_reached(band: Band, whole_years_in_band: u32, year: PayYear) -> Option<&'static Step> {
    STEPS
        .iter()
        .filter(|step| step.band == band && step.from_year <= year)
        .filter(|step| step.years_in_band <= whole_years_in_band)
        .max_by_key(|step| step.years_in_band)
}

/// Whether two whole-pound figures are the same.
fn same(a: f64, b: f64) -> bool {
    (a - b).abs() < 0.5
}
