//! Pay against the tables it was read from, and against sums by hand.

#![allow(clippy::float_cmp, reason = "figures of a table come back bit for bit")]

use proptest::prelude::*;

use super::*;

fn year(text: &str) -> PayYear {
    text.parse().expect("a year written in a test")
}

/// To the pound.
fn pounds(value: f64) -> String {
    format!("{value:.0}")
}

#[test]
fn every_shipped_row_is_there_in_order() {
    // 2008/09 to 2026/27 = 19 years of nine bands.
    assert_eq!((first_year(), max_year()), (PayYear(2008), PayYear(2026)));
    let expected: Vec<_> = years()
        .flat_map(|year| Band::ALL.map(|band| (year, band)))
        .collect();
    let rows: Vec<_> = pay_table().map(|row| (row.year, row.band)).collect();
    assert_eq!(rows.len(), 171);
    assert_eq!(rows, expected);
    for row in pay_table() {
        let middle = row.middle.map_or(row.entry.value, |fact| fact.value);
        assert!(row.entry.value > 10_000.0, "{row:?}");
        assert!(
            row.entry.value <= middle && middle < row.top.value,
            "{row:?}"
        );
        assert!(
            row.top.value < 200_000.0 && !row.entry.source.is_empty(),
            "{row:?}"
        );
    }
}

#[test]
fn published_cells_come_back() {
    // NHS Employers, annual pay scales 2021/22; handbook Annex 3 from 1 April 2010.
    assert_eq!(
        salary(Band::B5, PayPoint::Middle, year("2021/22")),
        Ok(27_780.0)
    );
    assert_eq!(
        salary(Band::B7, PayPoint::Top, year("2021/22")),
        Ok(45_839.0)
    );
    assert_eq!(
        salary(Band::B4, PayPoint::Entry, year("2010/11")),
        Ok(18_152.0)
    );
}

#[test]
fn the_middle_is_the_mean_where_the_table_has_none() {
    // (17,316 + 20,818) / 2 = 19,067; (22,549 + 24,882) / 2 = 23,715.50.
    let early = salary_fact(Band::B4, PayPoint::Middle, year("2008/09")).expect("in the table");
    assert_eq!(early.value, 19_067.0);
    assert_eq!(
        early.status,
        Status::CrossChecked,
        "its ends were recalled and checked"
    );
    let later = salary_fact(Band::B4, PayPoint::Middle, year("2021/22")).expect("in the table");
    assert_eq!((later.value, later.status), (23_715.5, Status::Derived));
    assert!(
        later.note.contains("mean of entry and top"),
        "{}",
        later.note
    );
    let own = salary_fact(Band::B5, PayPoint::Middle, year("2021/22")).expect("in the table");
    assert_eq!((own.status, own.note), (Status::Published, ""));
}

#[test]
fn recalled_cells_of_published_rows_say_so() {
    for (cell, status) in [
        ((Band::B8c, PayPoint::Top, "2010/11"), Status::Published),
        ((Band::B8d, PayPoint::Entry, "2010/11"), Status::Published),
        ((Band::B8d, PayPoint::Top, "2010/11"), Status::Unverified),
        ((Band::B9, PayPoint::Entry, "2014/15"), Status::Unverified),
        ((Band::B8c, PayPoint::Top, "2015/16"), Status::Unverified),
        ((Band::B8a, PayPoint::Entry, "2021/22"), Status::Published),
        ((Band::B8a, PayPoint::Top, "2021/22"), Status::CrossChecked),
        ((Band::B6, PayPoint::Entry, "2018/19"), Status::Unverified),
        ((Band::B6, PayPoint::Entry, "2026/27"), Status::Derived),
    ] {
        let (band, point, in_year) = cell;
        let fact = salary_fact(band, point, year(in_year)).expect("in the table");
        assert_eq!(fact.status, status, "{cell:?}");
    }
}

#[test]
fn the_award_of_2022_checks_the_cells_of_2021() {
    // 2022/23 gave a flat 1,400 pounds at entry of 4 to 6 and throughout 8a to 9, and 4 % in band 7
    // (40,057 x 1.04 = 41,659.28).
    let (old, new) = (year("2021/22"), year("2022/23"));
    let rise =
        |band, point| Ok::<_, PayError>(salary(band, point, new)? - salary(band, point, old)?);
    for band in Band::ALL.into_iter().filter(|band| *band != Band::B7) {
        assert_eq!(rise(band, PayPoint::Entry), Ok(1_400.0), "{band} entry");
        if band >= Band::B8a {
            assert_eq!(rise(band, PayPoint::Top), Ok(1_400.0), "{band} top");
        }
    }
    assert_eq!(rise(Band::B7, PayPoint::Entry), Ok(1_602.0));
}

#[test]
fn annual_increments_follow_the_spine() {
    // Handbook Annex 3 from 1 April 2010: band 6 runs over points 21 to 29.
    let band_6 = [
        25_472.0, 26_483.0, 27_534.0, 28_470.0, 29_464.0, 30_460.0, 31_454.0, 32_573.0, 34_189.0,
        34_189.0,
    ];
    for (years, expected) in (0..).zip(band_6) {
        assert_eq!(
            step_salary(Band::B6, years, year("2010/11")),
            Ok(expected),
            "{years} years"
        );
    }
    assert_eq!(years_to_top(Band::B6, year("2010/11")), 8);
    // From 1 April 2014: band 5, point 20 after four years; and far past the top.
    assert_eq!(step_salary(Band::B5, 4, year("2014/15")), Ok(24_799.0));
    assert_eq!(
        step_salary(Band::B5, u32::MAX, year("2014/15")),
        Ok(27_901.0)
    );
    // 2015/16 band 8c: five points seen and its top recalled.
    assert_eq!(step_salary(Band::B8c, 4, year("2015/16")), Ok(65_922.0));
    let top = step_fact(Band::B8c, 5, year("2015/16")).expect("in the table");
    assert_eq!((top.value, top.status), (67_805.0, Status::Unverified));
}

#[test]
fn years_without_points_have_equal_increments() {
    // Band 5 has points 16 to 23: seven increments. 20,225 + 2/7 x (26,123 - 20,225) = 21,910.14.
    let fact = step_fact(Band::B5, 2, year("2008/09")).expect("in the table");
    assert_eq!(format!("{:.2}", fact.value), "21910.14");
    assert!(fact.note.contains("equal increments"), "{}", fact.note);
    assert_eq!(step_salary(Band::B5, 0, year("2008/09")), Ok(20_225.0));
    assert_eq!(step_salary(Band::B5, 7, year("2008/09")), Ok(26_123.0));
    assert_eq!(step_salary(Band::B5, 30, year("2017/18")), Ok(28_746.0));
    // 8d lies above the spine table: as many points as 8c, so five increments.
    // 65,270 + 1/5 x (80,810 - 65,270) = 68,378.
    assert_eq!(
        step_salary(Band::B8d, 1, year("2010/11")).map(pounds),
        Ok("68378".to_owned())
    );
}

#[test]
fn steps_since_2018_are_two_or_three() {
    // 2025/26, band 6: entry to 2 years, middle to 5, then top. Band 4: top after 3 years.
    let expected = [
        38_682.0, 38_682.0, 40_823.0, 40_823.0, 40_823.0, 46_580.0, 46_580.0,
    ];
    for (years, pay) in (0..).zip(expected) {
        assert_eq!(
            step_salary(Band::B6, years, year("2025/26")),
            Ok(pay),
            "{years} years"
        );
    }
    assert_eq!(step_salary(Band::B5, 4, year("2025/26")), Ok(37_796.0));
    assert_eq!(step_salary(Band::B4, 2, year("2025/26")), Ok(27_485.0));
    assert_eq!(step_salary(Band::B4, 3, year("2025/26")), Ok(30_162.0));
    // 8a has had a middle step since 2024/25 only.
    assert_eq!(step_salary(Band::B8a, 2, year("2023/24")), Ok(50_952.0));
    assert_eq!(step_salary(Band::B8a, 2, year("2024/25")), Ok(56_454.0));
    assert_eq!(step_salary(Band::B8a, 5, year("2023/24")), Ok(57_349.0));
    // 2018/19 has no middle points: (28,050 + 36,644) / 2 = 32,347.
    assert_eq!(step_salary(Band::B6, 3, year("2018/19")), Ok(32_347.0));
    assert_eq!(years_to_top(Band::B5, year("2025/26")), 4);
    assert_eq!(years_to_top(Band::B9, year("2025/26")), 5);
}

#[test]
fn later_years_compound_the_awards() {
    // Band 5 entry 2026/27 is 32,074. x 1.03 = 33,036.22; x 1.02 = 33,696.9444; x 1.01 = 34,033.913844.
    let ahead = |text: &str| {
        salary_projected(Band::B5, PayPoint::Entry, year(text), &[0.03, 0.02], 0.01)
            .map(|pay| format!("{pay:.4}"))
    };
    assert_eq!(ahead("2026/27"), Ok("32074.0000".to_owned()));
    assert_eq!(ahead("2027/28"), Ok("33036.2200".to_owned()));
    assert_eq!(ahead("2028/29"), Ok("33696.9444".to_owned()));
    assert_eq!(ahead("2029/30"), Ok("34033.9138".to_owned()));
    assert_eq!(
        ahead("2010/11"),
        Ok("21176.0000".to_owned()),
        "a published year takes no award"
    );
    // Band 6 after five years: top, 48,117 x 1.03 = 49,560.51.
    let step = step_salary_projected(Band::B6, 5, year("2027/28"), &[0.03], 0.0);
    assert_eq!(
        step.map(|pay| format!("{pay:.2}")),
        Ok("49560.51".to_owned())
    );
}

#[test]
fn years_without_a_table_are_named() {
    let error = salary(Band::B5, PayPoint::Entry, PayYear(2031)).expect_err("after the tables");
    assert_eq!(
        error.to_string(),
        "no pay table for 2031/32; tables run from 2008/09 to 2026/27; nearest: 2026/27"
    );
    assert!(salary(Band::B9, PayPoint::Top, PayYear(2007)).is_err());
    assert!(step_salary(Band::B9, 1, PayYear(i16::MIN)).is_err());
    assert!(step_salary(Band::B9, 1, PayYear(i16::MAX)).is_err());
    let early = salary_projected(Band::B5, PayPoint::Entry, PayYear(1999), &[], 0.0);
    assert!(early.is_err());
}

#[test]
fn absurd_awards_are_refused() {
    for award in [f64::NAN, f64::INFINITY, -0.51, 1.01] {
        assert!(
            award_factor(PayYear(2030), &[award], 0.0).is_err(),
            "{award}"
        );
        assert!(award_factor(PayYear(2030), &[], award).is_err(), "{award}");
    }
    let error = award_factor(PayYear(2030), &[3.0], 0.0).expect_err("300 % is no pay award");
    assert_eq!(error.to_string(), "pay award is 3; allowed: -0.5 to 1");
    assert!(
        award_factor(PayYear(i16::MAX), &[], 1.0).is_err(),
        "no infinite pay"
    );
}

#[test]
fn bands_are_read_and_guessed() {
    for band in Band::ALL {
        assert_eq!(band.to_string().parse(), Ok(band));
    }
    for (text, guess) in [
        ("12", "9"),
        ("3", "4"),
        ("5a", "5"),
        ("5.5", "5"),
        ("Band five", "5"),
        ("band 8a", "8a"),
        ("8A", "8a"),
        ("8e", "8a"),
        ("8", "8a"),
        ("1e999", "4"),
        ("", ""),
        ("consultant", ""),
    ] {
        let message = text.parse::<Band>().expect_err(text).to_string();
        let known = "known: 4, 5, 6, 7, 8a, 8b, 8c, 8d, 9";
        let end = if guess.is_empty() {
            String::new()
        } else {
            format!("; did you mean {guess}?")
        };
        assert_eq!(message, format!("unknown band '{text}'; {known}{end}"));
    }
}

#[test]
fn years_are_read_as_they_are_written() {
    assert_eq!(year("2025/26"), PayYear(2025));
    assert_eq!(year("1999/00").to_string(), "1999/00");
    assert_eq!(
        PayYear::of("2026-03-31".parse().expect("a date")),
        PayYear(2025)
    );
    assert_eq!(PayYear(2026).first_day().to_string(), "2026-04-01");
    for text in [
        "2025",
        "2025/27",
        "2025-26",
        "25/26",
        "+025/26",
        "",
        "\u{20ac}\u{20ac}",
    ] {
        let error = text.parse::<PayYear>().expect_err(text);
        assert!(error.to_string().contains("written like 2025/26"), "{text}");
    }
}

proptest! {
    #[test]
    fn steps_rise_from_entry_to_top(index in 0..9_usize, first in 2008..=2026_i16, years in 0..12_u32) {
        let (band, year) = (Band::ALL[index], PayYear(first));
        let (now, next) = (step_salary(band, years, year)?, step_salary(band, years + 1, year)?);
        prop_assert!(now <= next);
        prop_assert!(now >= salary(band, PayPoint::Entry, year)?);
        prop_assert!(next <= salary(band, PayPoint::Top, year)?);
        prop_assert_eq!(
            step_salary(band, years_to_top(band, year), year)?,
            salary(band, PayPoint::Top, year)?
        );
    }

    #[test]
    fn any_text_is_a_band_or_an_error(text in "\\PC{0,12}") {
        if let Ok(band) = text.parse::<Band>() {
            prop_assert_eq!(band.name(), text);
        }
    }
}
