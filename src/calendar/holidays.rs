//! On which days is England closed?
//!
//! The eight standing bank holidays follow from rules (Banking and Financial Dealings Act 1971;
//! dates as published on gov.uk/bank-holidays); the moves and extras of single years stand in
//! [`MOVED`] and [`EXTRA`]. Easter Sunday is computed by the anonymous Gregorian algorithm
//! (Meeus, *Astronomical Algorithms*, chapter 8):
//!
//! ```text
//! golden = year mod 19, century = year div 100, epact = age of the moon (0 to 29)
//! count = epact + days to Sunday - 7 (late moon) + 114
//! month = count div 31, day = count mod 31 + 1
//! ```

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use jiff::civil::{Date, Weekday, date};

use super::days::{add_days, day_number};

/// Years for which the bank holidays are checked against the published dates; a scenario should
/// lie inside. Later years follow the standing rules, without extras that nobody knows yet.
pub const HOLIDAY_YEARS: RangeInclusive<i16> = 2008..=2035;

/// Years over which the rules are tabulated once. Outside them every Monday to Friday counts as
/// worked: a scenario is refused long before it gets there.
const TABLED_YEARS: RangeInclusive<i16> = 2000..=2100;

const EARLY_MAY: &str = "Early May bank holiday";
const SPRING: &str = "Spring bank holiday";

/// Standing holidays that one year moved by proclamation: name, and the day kept instead.
const MOVED: [(&str, Date); 3] = [
    (SPRING, date(2012, 6, 4)),
    (EARLY_MAY, date(2020, 5, 8)),
    (SPRING, date(2022, 6, 2)),
];

/// Holidays of one year only, by proclamation.
const EXTRA: [(&str, Date); 5] = [
    ("Royal wedding", date(2011, 4, 29)),
    ("Diamond Jubilee", date(2012, 6, 5)),
    ("Platinum Jubilee", date(2022, 6, 3)),
    ("State funeral of Queen Elizabeth II", date(2022, 9, 19)),
    ("Coronation of King Charles III", date(2023, 5, 8)),
];

/// Every holiday of [`TABLED_YEARS`] as a day number, sorted, so that counting is a search.
static TABLED: LazyLock<Vec<i32>> = LazyLock::new(|| {
    TABLED_YEARS
        .flat_map(bank_holidays)
        .map(|(day, _)| day_number(day))
        .collect()
});

/// Bank holidays of England in a calendar year, in order of date, substitutes included (never the
/// Saturday or Sunday that they stand for). All fall on Monday to Friday.
///
/// ```
/// use skillmix::calendar::{Date, bank_holidays};
/// let good_friday = "2025-04-18".parse::<Date>()?;
/// assert!(bank_holidays(2025).contains(&(good_friday, "Good Friday")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn bank_holidays(year: i16) -> Vec<(Date, &'static str)> {
    let Some(easter) = easter_sunday(year) else {
        return Vec::new();
    };
    let day = |month, day| Date::new(year, month, day).unwrap_or(easter);
    let moved = |name: &str, by_rule: Date| {
        MOVED
            .iter()
            .find(|(moved, to)| *moved == name && to.year() == year)
            .map_or(by_rule, |(_, to)| *to)
    };
    let (christmas, boxing) = christmas_and_boxing(day(12, 25));
    let mut all = vec![
        (weekend_to_monday(day(1, 1)), "New Year's Day"),
        (add_days(easter, -2), "Good Friday"),
        (add_days(easter, 1), "Easter Monday"),
        (moved(EARLY_MAY, monday_on_or_after(day(5, 1))), EARLY_MAY),
        (moved(SPRING, monday_on_or_before(day(5, 31))), SPRING),
        (monday_on_or_before(day(8, 31)), "Summer bank holiday"),
        (christmas, "Christmas Day"),
        (boxing, "Boxing Day"),
    ];
    all.extend(
        EXTRA
            .iter()
            .filter(|(_, day)| day.year() == year)
            .map(|(name, day)| (*day, *name)),
    );
    all.sort_unstable();
    all
}

/// Bank holidays among the days with numbers from `from` up to, not including, `to`.
pub(super) fn holidays_between(from: i32, to: i32) -> i32 {
    let table = TABLED.as_slice();
    let before = |day: i32| table.partition_point(|&holiday| holiday < day);
    i32::try_from(before(to).saturating_sub(before(from))).unwrap_or(0)
}

/// Easter Sunday of a Gregorian year; `None` outside the years that a [`Date`] can hold.
fn easter_sunday(year: i16) -> Option<Date> {
    let year_number = i32::from(year);
    let golden = year_number.rem_euclid(19);
    let (century, of_century) = (year_number.div_euclid(100), year_number.rem_euclid(100));
    let moon_drift = (century - (century + 8).div_euclid(25) + 1).div_euclid(3);
    let epact = (19 * golden + century - century.div_euclid(4) - moon_drift + 15).rem_euclid(30);
    let leaps = 2 * century.rem_euclid(4) + 2 * (of_century / 4);
    let to_sunday = (32 + leaps - epact - of_century % 4).rem_euclid(7);
    let late_moon = (golden + 11 * epact + 22 * to_sunday) / 451;
    let count = epact + to_sunday - 7 * late_moon + 114;
    let month = i8::try_from(count / 31).ok()?;
    let day = i8::try_from(count % 31 + 1).ok()?;
    Date::new(year, month, day).ok()
}

/// Christmas and Boxing Day as kept: each substitute is the next weekday that is not the other's.
fn christmas_and_boxing(day: Date) -> (Date, Date) {
    match day.weekday() {
        Weekday::Friday => (day, add_days(day, 3)),
        Weekday::Saturday => (add_days(day, 2), add_days(day, 3)),
        // Boxing Day keeps its Monday, so Christmas Day goes to the Tuesday.
        Weekday::Sunday => (add_days(day, 2), add_days(day, 1)),
        _ => (day, add_days(day, 1)),
    }
}

fn weekend_to_monday(day: Date) -> Date {
    match day.weekday() {
        Weekday::Saturday | Weekday::Sunday => monday_on_or_after(day),
        _ => day,
    }
}

fn monday_on_or_after(day: Date) -> Date {
    let past = i32::from(day.weekday().to_monday_zero_offset());
    add_days(day, (7 - past) % 7)
}

fn monday_on_or_before(day: Date) -> Date {
    add_days(day, -i32::from(day.weekday().to_monday_zero_offset()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Dates listed on gov.uk/bank-holidays (England and Wales) and, for past years, its archive;
    /// month and day.
    #[rustfmt::skip]
    const PUBLISHED: [(i16, &[(i8, i8)]); 15] = [
        (2008, &[(1, 1), (3, 21), (3, 24), (5, 5), (5, 26), (8, 25), (12, 25), (12, 26)]),
        (2010, &[(1, 1), (4, 2), (4, 5), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)]),
        (2011, &[(1, 3), (4, 22), (4, 25), (4, 29), (5, 2), (5, 30), (8, 29), (12, 26), (12, 27)]),
        (2012, &[(1, 2), (4, 6), (4, 9), (5, 7), (6, 4), (6, 5), (8, 27), (12, 25), (12, 26)]),
        (2015, &[(1, 1), (4, 3), (4, 6), (5, 4), (5, 25), (8, 31), (12, 25), (12, 28)]),
        (2016, &[(1, 1), (3, 25), (3, 28), (5, 2), (5, 30), (8, 29), (12, 26), (12, 27)]),
        (2020, &[(1, 1), (4, 10), (4, 13), (5, 8), (5, 25), (8, 31), (12, 25), (12, 28)]),
        (2021, &[(1, 1), (4, 2), (4, 5), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)]),
        (2022, &[(1, 3), (4, 15), (4, 18), (5, 2), (6, 2), (6, 3), (8, 29), (9, 19), (12, 26),
            (12, 27)]),
        (2023, &[(1, 2), (4, 7), (4, 10), (5, 1), (5, 8), (5, 29), (8, 28), (12, 25), (12, 26)]),
        (2024, &[(1, 1), (3, 29), (4, 1), (5, 6), (5, 27), (8, 26), (12, 25), (12, 26)]),
        (2025, &[(1, 1), (4, 18), (4, 21), (5, 5), (5, 26), (8, 25), (12, 25), (12, 26)]),
        (2026, &[(1, 1), (4, 3), (4, 6), (5, 4), (5, 25), (8, 31), (12, 25), (12, 28)]),
        (2027, &[(1, 1), (3, 26), (3, 29), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)]),
        (2028, &[(1, 3), (4, 14), (4, 17), (5, 1), (5, 29), (8, 28), (12, 25), (12, 26)]),
    ];

    #[test]
    fn published_dates_come_out() {
        for (year, days) in PUBLISHED {
            let ours: Vec<(i8, i8)> = bank_holidays(year)
                .iter()
                .map(|(day, _)| (day.month(), day.day()))
                .collect();
            assert_eq!(ours, days, "bank holidays of {year}");
        }
    }

    #[test]
    fn easter_of_every_year_matches_the_almanac() {
        // Western Easter Sundays 2008-2035 (month, day), from the printed tables.
        #[rustfmt::skip]
        let almanac = [
            (3, 23), (4, 12), (4, 4), (4, 24), (4, 8), (3, 31), (4, 20), (4, 5), (3, 27), (4, 16),
            (4, 1), (4, 21), (4, 12), (4, 4), (4, 17), (4, 9), (3, 31), (4, 20), (4, 5), (3, 28),
            (4, 16), (4, 1), (4, 21), (4, 13), (3, 28), (4, 17), (4, 9), (3, 25),
        ];
        assert_eq!(HOLIDAY_YEARS.count(), almanac.len());
        for (year, (month, day)) in HOLIDAY_YEARS.zip(almanac) {
            assert_eq!(
                easter_sunday(year),
                Date::new(year, month, day).ok(),
                "{year}"
            );
        }
    }

    #[test]
    fn each_year_has_its_eight_and_its_extras_on_weekdays_in_order() {
        for year in HOLIDAY_YEARS {
            let days = bank_holidays(year);
            let extras = match year {
                2011 | 2012 | 2023 => 1,
                2022 => 2,
                _ => 0,
            };
            assert_eq!(days.len(), 8 + extras, "{year}");
            assert!(days.windows(2).all(|pair| pair[0].0 < pair[1].0), "{year}");
            assert!(
                days.iter().all(|(day, _)| {
                    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
                }),
                "{year}"
            );
        }
    }

    #[test]
    fn a_year_that_no_date_holds_has_none() {
        assert!(bank_holidays(i16::MAX).is_empty());
    }
}
