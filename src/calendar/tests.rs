//! The clock against calendars that anybody can look up.

use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Date {
    parse_iso_date(text).expect("a date written in a test")
}

#[test]
fn worked_weeks_have_their_published_working_days() {
    // Good Friday 18 April, Easter Monday 21 April, Early May 5 May, Spring 26 May 2025.
    let calendar = Calendar::new(CalendarKind::England, day("2025-04-14"), 8);
    let days: Vec<u8> = calendar.weeks.iter().map(|w| w.working_days).collect();
    assert_eq!(days, [4, 4, 5, 4, 5, 5, 4, 5]);
    assert_eq!(calendar.weeks[7].start, day("2025-06-02"));
    assert_eq!(calendar.end(), day("2025-06-09"));
}

#[test]
fn a_week_is_split_where_the_month_begins() {
    // Monday 28 April to Sunday 4 May 2025: April has Monday to Wednesday, May Thursday to Sunday.
    let calendar = Calendar::new(CalendarKind::England, day("2025-04-14"), 8);
    let parts: Vec<_> = calendar
        .segments_of(2)
        .iter()
        .map(|s| (s.month, s.days, s.working_days))
        .collect();
    assert_eq!(parts, [(0, 3, 3), (1, 4, 2)]);
    assert!(calendar.segments_of(8).is_empty());
}

#[test]
fn a_financial_year_counts_its_days() {
    // 1 April 2025 and 31 March 2026 are both Tuesdays: 365 days = 52 weeks and one Tuesday, so
    // 52 x 5 + 1 = 261 weekdays. Bank holidays: 18 and 21 April, 5 and 26 May, 25 August, 25 and
    // 26 December, 1 January = 8 (Good Friday 2026 is 3 April, in the next year). 261 - 8 = 253.
    let start = day("2025-04-01");
    let weeks = weeks_for_years(CalendarKind::England, start, 1);
    assert_eq!(weeks, 53, "52 weeks are 364 days, one too few");
    let calendar = Calendar::new(CalendarKind::England, start, weeks);
    let year = &calendar.financial_years[0];
    assert_eq!(
        (year.label.as_str(), year.first_calendar_year),
        ("2025/26", 2025)
    );
    assert_eq!((year.days_inside, year.days_whole), (365, 365));
    assert_eq!(year.working_days_whole, 253);
    assert_eq!(
        working_days_between(CalendarKind::England, start, day("2026-04-01")),
        253
    );
    // 53 weeks are 371 days: six in April 2026, 1 to 6, with Good Friday and Easter Monday, a
    // Saturday and a Sunday, so two are worked (Wednesday 1, Thursday 2).
    let april = calendar.months.last().expect("a month");
    assert_eq!(
        (april.label.as_str(), april.days_inside, april.days_whole),
        ("2026-04", 6, 30)
    );
    assert_eq!(april.working_days_inside, 2);
    // April 2026: 22 weekdays (Wednesday 1 to Thursday 30) less 2.
    assert_eq!(april.working_days_whole, 20);
    assert_eq!(calendar.financial_years[1].label, "2026/27");
}

#[test]
fn a_leap_year_in_february_is_whole() {
    // 2023/24 holds 29 February 2024.
    let calendar = Calendar::new(CalendarKind::England, day("2023-04-01"), 52);
    assert_eq!(calendar.financial_years[0].days_whole, 366);
    assert_eq!(calendar.financial_years[0].days_inside, 364);
}

#[test]
fn quarters_are_of_the_financial_year() {
    let calendar = Calendar::new(CalendarKind::England, day("2025-06-15"), 10);
    let labels: Vec<_> = calendar.quarters.iter().map(|q| q.label.as_str()).collect();
    assert_eq!(labels, ["2025/26 Q1", "2025/26 Q2"]);
    // 15 to 30 June = 16 days; April, May, June = 91 days; 70 - 16 = 54 days in the second.
    assert_eq!(
        (
            calendar.quarters[0].days_inside,
            calendar.quarters[0].days_whole
        ),
        (16, 91)
    );
    assert_eq!(
        (
            calendar.quarters[1].days_inside,
            calendar.quarters[1].days_whole
        ),
        (54, 92)
    );
    assert_eq!(calendar.months[0].first, day("2025-06-01"));
    assert_eq!(
        (calendar.months[0].quarter, calendar.months[1].quarter),
        (0, 1)
    );
}

#[test]
fn the_plain_calendar_is_four_four_five() {
    let start = day("2025-04-02");
    assert_eq!(weeks_for_years(CalendarKind::Plain, start, 2), 104);
    let calendar = Calendar::new(CalendarKind::Plain, start, 60);
    assert!(calendar.weeks.iter().all(|w| w.working_days == 5));
    assert_eq!(calendar.segments.len(), 60, "no week is split");
    let weeks: Vec<_> = calendar.months.iter().map(|m| m.days_whole / 7).collect();
    assert_eq!(weeks, [4, 4, 5, 4, 4, 5, 4, 4, 5, 4, 4, 5, 4, 4]);
    assert_eq!(calendar.months[0].label, "year 1 month 1");
    assert_eq!(calendar.months[12].label, "year 2 month 1");
    let years: Vec<_> = calendar
        .financial_years
        .iter()
        .map(|y| {
            (
                y.label.as_str(),
                y.first_calendar_year,
                y.days_inside,
                y.days_whole,
            )
        })
        .collect();
    assert_eq!(
        years,
        [("year 1", 2025, 364, 364), ("year 2", 2026, 56, 364)]
    );
    assert_eq!(calendar.financial_years[0].working_days_whole, 260);
    assert_eq!(calendar.quarters[1].label, "year 1 Q2");
    assert_eq!(calendar.quarters[4].label, "year 2 Q1");
    assert_eq!(calendar.quarters[0].days_whole, 91);
    // Bank holidays are worked: Good Friday 18 April 2025.
    assert!(is_working_day(CalendarKind::Plain, day("2025-04-18")));
    assert!(!is_working_day(CalendarKind::England, day("2025-04-18")));
    assert!(
        !is_working_day(CalendarKind::Plain, day("2025-04-19")),
        "a Saturday"
    );
}

#[test]
fn trainee_months_are_calendar_months_that_clip() {
    // Eight worked weeks: a trainee of 23 January is in month 4 from 23 April.
    let start = day("2025-01-23");
    assert_eq!(months_since(start, day("2025-01-22")), None);
    assert_eq!(months_since(start, start), Some(1));
    assert_eq!(months_since(start, day("2025-04-22")), Some(3));
    assert_eq!(months_since(start, day("2025-04-23")), Some(4));
    assert_eq!(months_since(start, day("2026-01-23")), Some(13));
    // The 31st clips to 28 February, and comes back in March.
    let late = day("2025-01-31");
    assert_eq!(months_since(late, day("2025-02-27")), Some(1));
    assert_eq!(months_since(late, day("2025-02-28")), Some(2));
    assert_eq!(months_since(late, day("2025-03-30")), Some(2));
    assert_eq!(months_since(late, day("2025-03-31")), Some(3));
}

#[test]
fn months_are_added_with_clipping_and_without_overflow() {
    assert_eq!(add_months(day("2024-01-31"), 1), day("2024-02-29"));
    assert_eq!(add_months(day("2025-03-31"), -1), day("2025-02-28"));
    assert_eq!(add_months(day("2025-11-30"), 3), day("2026-02-28"));
    assert_eq!(add_months(day("2025-01-01"), i32::MAX), Date::MAX);
    assert_eq!(add_months(day("2025-01-01"), i32::MIN), Date::MIN);
}

#[test]
fn financial_years_begin_on_the_first_of_april() {
    assert_eq!(financial_year_of(day("2025-03-31")), 2024);
    assert_eq!(financial_year_of(day("2025-04-01")), 2025);
    assert_eq!(financial_year_label(1999), "1999/00");
}

#[test]
fn working_days_of_a_reversed_range_are_none() {
    let (early, late) = (day("2025-04-01"), day("2025-05-01"));
    assert_eq!(working_days_between(CalendarKind::England, late, early), 0);
    // April 2025: 22 weekdays less Good Friday and Easter Monday.
    assert_eq!(working_days_between(CalendarKind::England, early, late), 20);
}

#[test]
fn only_iso_dates_are_read() {
    for text in ["2025-04-01", "2024-02-29", "2035-12-31"] {
        assert_eq!(
            parse_iso_date(text).map(|d| d.to_string()),
            Ok(text.to_owned())
        );
    }
    for (text, hint) in [
        ("01/04/2025", "; did you mean 2025-04-01?"),
        ("2025-4-1", "; did you mean 2025-04-01?"),
        ("2025-04-01T00:00", "; did you mean 2025-04-01?"),
        (" 2025-04-01", "; did you mean 2025-04-01?"),
        ("2025-02-30", "; the days of 2025-02 are 01 to 28"),
        (
            "2025-13-01",
            "; months run from 01 to 12 and years from 1000",
        ),
        ("20250401", ""),
        ("next April", ""),
        ("", ""),
        ("\u{1f600}\u{1f600}\u{1f600}", ""),
    ] {
        let error = parse_iso_date(text).expect_err(text);
        assert_eq!(error.fix, hint, "{text}");
        assert!(error.to_string().contains("not an ISO 8601 date"), "{text}");
    }
    let long = parse_iso_date(&"x".repeat(5_000)).expect_err("not a date");
    assert!(long.to_string().len() < 200);
}

#[test]
fn the_last_days_of_time_do_not_panic() {
    let calendar = Calendar::new(CalendarKind::England, Date::MAX, 3);
    assert_eq!(calendar.weeks.len(), 3);
    let calendar = Calendar::new(CalendarKind::Plain, Date::MAX, 3);
    assert_eq!(calendar.months.len(), 1);
    assert!(
        Calendar::new(CalendarKind::England, Date::MIN, 0)
            .months
            .is_empty()
    );
}

fn any_kind() -> impl Strategy<Value = CalendarKind> {
    prop_oneof![Just(CalendarKind::England), Just(CalendarKind::Plain)]
}

proptest! {
    #[test]
    fn segments_add_up(kind in any_kind(), offset in 0..9_000_i32, weeks in 0..560_usize) {
        let start = add_days(day("2008-01-01"), offset);
        let calendar = Calendar::new(kind, start, weeks);
        prop_assert_eq!(calendar.weeks.len(), weeks);
        for (index, week) in calendar.weeks.iter().enumerate() {
            let parts = calendar.segments_of(index);
            prop_assert_eq!(parts.iter().map(|s| s.days).sum::<u8>(), 7);
            prop_assert_eq!(parts.iter().map(|s| s.working_days).sum::<u8>(), week.working_days);
            prop_assert_eq!(calendar.week_of(week.start), Some(index));
            let next = add_days(week.start, 7);
            let each_day = (0..7).filter(|n| is_working_day(kind, add_days(week.start, *n)));
            prop_assert_eq!(each_day.count(), usize::from(week.working_days));
            prop_assert_eq!(working_days_between(kind, week.start, next), u32::from(week.working_days));
        }
        for (index, month) in calendar.months.iter().enumerate() {
            let parts = || calendar.segments.iter().filter(|s| s.month == index);
            prop_assert_eq!(parts().map(|s| u16::from(s.days)).sum::<u16>(), month.days_inside);
            let worked: u16 = parts().map(|s| u16::from(s.working_days)).sum();
            prop_assert_eq!(worked, month.working_days_inside);
            prop_assert!(month.days_inside > 0 && month.days_inside <= month.days_whole);
        }
        let inside: usize = calendar.financial_years.iter().map(|y| usize::from(y.days_inside)).sum();
        prop_assert_eq!(inside, 7 * weeks);
        let inside: usize = calendar.quarters.iter().map(|q| usize::from(q.days_inside)).sum();
        prop_assert_eq!(inside, 7 * weeks);
    }

    #[test]
    fn trainee_months_never_run_back(offset in 0..9_000_i32, days in 0..1_500_i32) {
        let start = add_days(day("2008-01-01"), offset);
        let today = add_days(start, days);
        let month = months_since(start, today).expect("after the start");
        let before = months_since(start, add_days(today, -1)).unwrap_or(0);
        prop_assert!(month == before || month == before + 1);
        let first = add_months(start, i32::try_from(month).expect("small") - 1);
        prop_assert!(first <= today && today < add_months(start, i32::try_from(month).expect("small")));
    }

    #[test]
    fn any_text_is_a_date_or_an_error(text in "\\PC{0,20}") {
        if let Ok(date) = parse_iso_date(&text) {
            prop_assert_eq!(date.to_string(), text);
        }
    }
}
