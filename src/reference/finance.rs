//! What is a flow of money worth today, and what does a year cost when pay rises part-way?
//!
//! ```text
//! present value = sum over years t = 0, 1, ... of flow(t) / (1 + rate)^t
//! annuity due   = payment x (1 - (1 + rate)^-n) x (1 + rate) / rate
//! year's cost   = WTE x salary x (1 + on-cost) x sum over 12 months of (1 or 1 + award) / 12
//! ```
//!
//! The social rate of the Treasury's Green Book is 3.5 % a year; the first year is not discounted.

use thiserror::Error;

/// Months of a year.
const MONTHS: u8 = 12;

/// A sum that cannot be worked out.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum FinanceError {
    /// A number is not finite or lies outside what is allowed.
    #[error("{what} is {value}; allowed: {allowed}")]
    Outside {
        /// Which number.
        what: &'static str,
        /// Its value.
        value: f64,
        /// What is allowed.
        allowed: &'static str,
    },
}

/// Value today \[pounds\] of a flow \[pounds a year\], its first year undiscounted, at a discount
/// rate \[share a year\].
///
/// # Errors
/// A flow or a result that is not finite, or a rate outside -0.5 to 1.
///
/// ```
/// use skillmix::reference::finance::present_value;
/// // 100 + 100 / 1.1
/// assert!((present_value(&[100.0, 100.0], 0.1)? - 190.909_090_909).abs() < 1e-6);
/// # Ok::<(), skillmix::reference::finance::FinanceError>(())
/// ```
pub fn present_value(flow: &[f64], rate: f64) -> Result<f64, FinanceError> {
    discount_rate(rate)?;
    // Horner's scheme from the last year back: one division a year and no powers.
    let value = flow.iter().rev().try_fold(0.0, |later, &amount| {
        finite("flow", amount)?;
        Ok(amount + later / (1.0 + rate))
    })?;
    finite("present value", value)
}

/// Value today \[pounds\] of equal payments \[pounds\] at the start of each of `years` years, at a
/// discount rate \[share a year\].
///
/// # Errors
/// A payment or a result that is not finite, or a rate outside -0.5 to 1.
pub fn annuity_due(payment: f64, years: u32, rate: f64) -> Result<f64, FinanceError> {
    finite("payment", payment)?;
    discount_rate(rate)?;
    let years = f64::from(years);
    if rate == 0.0 {
        return finite("present value", payment * years);
    }
    // 1 - (1 + rate)^-n without cancellation at small rates.
    let lost = -(-years * rate.ln_1p()).exp_m1();
    finite("present value", payment * lost * (1.0 + rate) / rate)
}

/// A year's pay of a group of staff with one award part-way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct YearWithAward {
    /// Staff \[WTE, 0 to 1,000,000\].
    pub wte: f64,
    /// Full-time salary before the award \[pounds a year, 0 to 1,000,000\].
    pub salary: f64,
    /// Employer's on-costs \[share of salary, 0 to 2\].
    pub oncost: f64,
    /// Award \[share of salary, -0.5 to 1\].
    pub award: f64,
    /// First month that is paid with the award \[1 to 12; 13 = not this year\].
    pub from_month: u8,
}

/// Cost of the year \[pounds\]: the months before the award at the old salary, the others at the
/// new.
///
/// # Errors
/// A number outside what its field allows.
pub fn year_cost_with_award(year: YearWithAward) -> Result<f64, FinanceError> {
    within("wte", year.wte, 0.0..=1e6, "0 to 1,000,000")?;
    within("salary", year.salary, 0.0..=1e6, "0 to 1,000,000")?;
    within("oncost", year.oncost, 0.0..=2.0, "0 to 2")?;
    within("award", year.award, -0.5..=1.0, "-0.5 to 1")?;
    let month = f64::from(year.from_month);
    within(
        "from_month",
        month,
        1.0..=13.0,
        "1 to 12, or 13 for an award after the year",
    )?;
    let raised = f64::from(MONTHS + 1 - year.from_month) / f64::from(MONTHS);
    Ok(year.wte * year.salary * (1.0 + year.oncost) * (1.0 + year.award * raised))
}

fn discount_rate(rate: f64) -> Result<(), FinanceError> {
    within("discount rate", rate, -0.5..=1.0, "-0.5 to 1")
}

fn finite(what: &'static str, value: f64) -> Result<f64, FinanceError> {
    within(what, value, f64::MIN..=f64::MAX, "a finite number").map(|()| value)
}

fn within(
    what: &'static str,
    value: f64,
    range: std::ops::RangeInclusive<f64>,
    allowed: &'static str,
) -> Result<(), FinanceError> {
    if range.contains(&value) {
        Ok(())
    } else {
        Err(FinanceError::Outside {
            what,
            value,
            allowed,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn close(ours: f64, theirs: f64) -> bool {
        (ours - theirs).abs() <= 1e-9 * theirs.abs()
    }

    const F01: YearWithAward = YearWithAward {
        wte: 8.5,
        salary: 31_000.0,
        oncost: 0.24,
        award: 0.03,
        from_month: 7,
    };

    #[test]
    fn f01_a_pay_step_from_month_seven() {
        // 8.5 x 31,000 x 1.24 = 326,740; half of it, 163,370, and half with 3 %, 168,271.10.
        let cost = year_cost_with_award(F01).expect("allowed");
        assert!(close(cost, 331_641.10), "{cost}");
        let none = YearWithAward {
            from_month: 13,
            ..F01
        };
        assert_eq!(year_cost_with_award(none), Ok(326_740.0));
        let whole = year_cost_with_award(YearWithAward {
            from_month: 1,
            ..F01
        });
        assert!(close(whole.expect("allowed"), 336_542.2), "326,740 x 1.03");
    }

    #[test]
    fn f02_five_years_discounted_at_the_green_book_rate() {
        // 100 + 96.618357 + 93.351070 + 90.194271 + 87.144223, to the last digit by closed form.
        let value = present_value(&[100.0; 5], 0.035).expect("allowed");
        assert!(close(value, 467.307_920_861_222_44), "{value}");
        let closed = annuity_due(100.0, 5, 0.035).expect("allowed");
        assert!(close(closed, 467.307_920_861_222_44), "{closed}");
    }

    #[test]
    fn nothing_is_worth_nothing() {
        assert_eq!(present_value(&[], 0.035), Ok(0.0));
        assert_eq!(annuity_due(100.0, 3, 0.0), Ok(300.0));
        assert!(
            annuity_due(100.0, u32::MAX, -0.5).is_err(),
            "no infinite value"
        );
    }

    #[test]
    fn absurd_numbers_are_named() {
        let error = present_value(&[1.0, f64::NAN], 0.035).expect_err("not a number");
        assert_eq!(error.to_string(), "flow is NaN; allowed: a finite number");
        let error = present_value(&[1.0], -1.0).expect_err("no division by zero");
        assert_eq!(error.to_string(), "discount rate is -1; allowed: -0.5 to 1");
        for bad in [
            YearWithAward { wte: -1.0, ..F01 },
            YearWithAward {
                salary: f64::INFINITY,
                ..F01
            },
            YearWithAward {
                oncost: f64::NAN,
                ..F01
            },
            YearWithAward { award: 3.0, ..F01 },
            YearWithAward {
                from_month: 0,
                ..F01
            },
            YearWithAward {
                from_month: 14,
                ..F01
            },
        ] {
            assert!(year_cost_with_award(bad).is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn a_level_flow_is_an_annuity(payment in 0.01..1e6_f64, years in 1..60_u32, rate in -0.2..0.5_f64) {
            let flow = vec![payment; usize::try_from(years).unwrap_or(0)];
            let (sum, closed) = (present_value(&flow, rate)?, annuity_due(payment, years, rate)?);
            prop_assert!(close(sum, closed), "{} {}", sum, closed);
        }
    }
}
