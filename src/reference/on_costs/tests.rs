//! On-costs against worked costs and sums by hand.

#![allow(
    clippy::float_cmp,
    reason = "whole pounds and equal sums come out bit for bit"
)]

use proptest::prelude::*;

use super::*;
use crate::reference::pay::{Band, PayPoint, salary};

fn full_time(salary_full_time: f64, year: i16) -> EmployerInput {
    EmployerInput {
        salary_full_time,
        year: PayYear(year),
        zone: Zone::None,
        wte_per_head: 1.0,
        in_pension: true,
    }
}

fn cost(input: EmployerInput) -> EmployerCost {
    employer_cost(input).expect("allowed")
}

/// Worked employer cost of a full-time mid-band post outside London: year, band, salary, employer
/// NI, pension paid locally, pension paid centrally, levy, local and full cost \[pounds\], local and
/// full on-cost \[share\]. Source: the reference figures collected for this model
/// (`staff_cost_worked`), worked out by another hand.
#[rustfmt::skip]
const WORKED: [(i16, &str, [f64; 7], [f64; 2]); 14] = [
    (2008, "4", [19067., 1213., 2669., 0., 0., 22949., 22949.], [0.204, 0.204]),
    (2008, "5", [23174., 1586., 3244., 0., 0., 28005., 28005.], [0.208, 0.208]),
    (2008, "6", [28378., 2060., 3973., 0., 0., 34411., 34411.], [0.213, 0.213]),
    (2008, "7", [33722., 2546., 4721., 0., 0., 40989., 40989.], [0.216, 0.216]),
    (2008, "8a", [40816., 3221., 5714., 0., 0., 49751., 49751.], [0.219, 0.219]),
    (2008, "8b", [48326., 4182., 6766., 0., 0., 59274., 59274.], [0.227, 0.227]),
    (2008, "8c", [58062., 5428., 8129., 0., 0., 71619., 71619.], [0.233, 0.233]),
    (2021, "4", [23716., 2053., 3410., 1494., 119., 29297., 30791.], [0.235, 0.298]),
    (2021, "5", [27780., 2614., 3995., 1750., 139., 34527., 36278.], [0.243, 0.306]),
    (2021, "6", [34172., 3496., 4914., 2153., 171., 42753., 44905.], [0.251, 0.314]),
    (2021, "7", [42121., 4593., 6057., 2654., 211., 52981., 55635.], [0.258, 0.321]),
    (2021, "8a", [50172., 5704., 7215., 3161., 251., 63342., 66503.], [0.262, 0.325]),
    (2021, "8b", [59313., 6965., 8529., 3737., 297., 75104., 78841.], [0.266, 0.329]),
    (2021, "8c", [70769., 8546., 10177., 4458., 354., 89846., 94304.], [0.27, 0.333]),
];

#[test]
fn worked_costs_come_out_to_the_pound() {
    for (year, band, pounds, shares) in WORKED {
        let band: Band = band.parse().expect("a band");
        let pay = salary(band, PayPoint::Middle, PayYear(year)).expect("in the table");
        let ours = cost(full_time(pay, year));
        let lines = [
            ours.salary,
            ours.employer_ni,
            ours.pension_local,
            ours.pension_central,
            ours.levy,
            ours.local(),
            ours.full(),
        ];
        // The worked salaries round 40,816.50 to 40,816: half to even.
        let rounded = lines.map(f64::round_ties_even);
        assert_eq!(rounded, pounds, "{year} band {band}: {lines:?}");
        for (share, worked) in [ours.oncost_local(), ours.oncost_full()]
            .into_iter()
            .zip(shares)
        {
            assert!(
                (share - worked).abs() <= 0.0005,
                "{year} band {band}: {share}"
            );
        }
        assert_eq!(ours.hcas, 0.0);
    }
}

#[test]
fn leaving_the_rebate_out_would_overstate() {
    // 3.7 % of 19,067 - 4,680 is 532.32; of 40,040 - 4,680 it is 1,308.32, the most there is.
    for (pay, rebate) in [(19_067.0, 532.319), (48_326.5, 1_308.32)] {
        let member = full_time(pay, 2008);
        let other = EmployerInput {
            in_pension: false,
            ..member
        };
        let difference = cost(other).employer_ni - cost(member).employer_ni;
        assert!((difference - rebate).abs() < 1e-9, "{difference}");
        assert_eq!(cost(other).pension_local, 0.0);
    }
    // From April 2016 there is none.
    let member = full_time(30_000.0, 2016);
    let other = EmployerInput {
        in_pension: false,
        ..member
    };
    assert_eq!(cost(member).employer_ni, cost(other).employer_ni);
}

#[test]
fn ni_is_by_head() {
    // 2024/25: 13.8 % above 9,100. Full-time at 30,000: 0.138 x 20,900 = 2,884.20. Two half-time
    // posts: 2 x 0.138 x (15,000 - 9,100) = 1,628.40. A fifth: pay 6,000, below the threshold.
    for (wte, ni) in [(1.0, 2_884.2), (0.5, 1_628.4), (0.2, 0.0)] {
        let ours = cost(EmployerInput {
            wte_per_head: wte,
            ..full_time(30_000.0, 2024)
        });
        assert!(
            (ours.employer_ni - ni).abs() < 1e-9,
            "{wte} WTE: {}",
            ours.employer_ni
        );
        assert!(
            (ours.pension_local - 4_314.0).abs() < 1e-9,
            "14.38 % whatever the hours"
        );
    }
    // 2008/09, pay of 5,000 between the lower limit 4,680 and the threshold 5,435: the rebate alone.
    let small = EmployerInput {
        wte_per_head: 0.25,
        ..full_time(20_000.0, 2008)
    };
    // -0.037 x 320 = -11.84 a head, / 0.25.
    assert!((cost(small).employer_ni + 47.36).abs() < 1e-9);
}

#[test]
fn supplements_keep_between_least_and_most() {
    // 2017/18 (NHS Employers): inner 20 %, 4,200 to 6,469; outer 15 %, 3,553 to 4,528; fringe 5 %,
    // 971 to 1,682.
    for (zone, pay, expected) in [
        (Zone::None, 30_000.0, 0.0),
        (Zone::Inner, 20_000.0, 4_200.0),
        (Zone::Inner, 30_000.0, 6_000.0),
        (Zone::Inner, 40_000.0, 6_469.0),
        (Zone::Outer, 22_000.0, 3_553.0),
        (Zone::Outer, 28_000.0, 4_200.0),
        (Zone::Outer, 50_000.0, 4_528.0),
        (Zone::Fringe, 19_000.0, 971.0),
        (Zone::Fringe, 30_000.0, 1_500.0),
        (Zone::Fringe, 90_000.0, 1_682.0),
    ] {
        let ours = cost(EmployerInput {
            zone,
            ..full_time(pay, 2017)
        });
        assert!(
            (ours.hcas - expected).abs() < 1e-9,
            "{zone:?} at {pay}: {}",
            ours.hcas
        );
        // Supplements are pensionable and count for the levy: 14.38 % and 0.5 %.
        assert!((ours.pension_local - 0.1438 * (pay + expected)).abs() < 1e-9);
        assert!((ours.levy - 0.005 * (pay + expected)).abs() < 1e-9);
    }
}

#[test]
fn years_that_the_supplement_table_skips_say_so() {
    let skipped = supplement(Zone::Inner, PayYear(2021))
        .expect("carried")
        .expect("inner");
    // The row of 2020/21 (Annex 9, table 17).
    assert_eq!((skipped.least, skipped.most), (4_473.0, 6_890.0));
    assert_eq!(skipped.status, Status::Unverified);
    assert!(skipped.note.contains("latest earlier year"));
    let own = supplement(Zone::Outer, PayYear(2022))
        .expect("there")
        .expect("outer");
    assert_eq!((own.least, own.most, own.note), (4_108.0, 5_177.0, ""));
    assert_eq!(own.status, Status::Published);
    assert_eq!(supplement(Zone::None, PayYear(1900)), Ok(None));
    // After the last table, least and most rise with pay: 8,745 x 1.1.
    let late = EmployerInput {
        zone: Zone::Inner,
        ..full_time(60_000.0, 2030)
    };
    let uprated = employer_cost_uprated(late, 1.1).expect("allowed");
    assert!((uprated.hcas - 9_619.5).abs() < 1e-9);
    assert_eq!(cost(late).hcas, 8_745.0);
}

#[test]
fn pension_goes_by_date() {
    let on = |text: &str| pension_on(text.parse().expect("a date")).copied();
    let rates = |text| on(text).map(|found| (found.local, found.total));
    assert_eq!(rates("2015-03-31"), Some((0.14, 0.14)));
    assert_eq!(
        on("2015-04-01").map(|found| found.status),
        Some(Status::Unverified)
    );
    assert!(on("2019-03-31").is_some_and(|found| (found.total - 0.1438).abs() < 1e-12));
    assert!(on("2019-04-01").is_some_and(|found| (found.total - 0.2068).abs() < 1e-12));
    assert!(on("2034-01-01").is_some_and(|found| (found.total - 0.2378).abs() < 1e-12));
    assert_eq!(on("2004-03-31"), None);
}

#[test]
fn the_levy_begins_in_2017() {
    assert_eq!(cost(full_time(30_000.0, 2016)).levy, 0.0);
    assert_eq!(cost(full_time(30_000.0, 2017)).levy, 150.0);
}

#[test]
fn every_figure_behind_a_cost_has_a_source() {
    for year in 2008..=2040 {
        for zone in [Zone::None, Zone::Fringe, Zone::Outer, Zone::Inner] {
            let facts = on_cost_facts(PayYear(year), zone).expect("from 2008 on");
            assert!(facts.len() >= 4, "{year}");
            assert!(
                facts.iter().all(|line| !line.fact.source.is_empty()),
                "{year}"
            );
            assert!(facts.iter().all(|line| line.fact.value > 0.0), "{year}");
        }
    }
    let late = on_cost_facts(PayYear(2030), Zone::None).expect("carried");
    assert!(late[0].fact.note.contains("latest earlier year"));
    assert_eq!(late[0].fact.status, Status::Unverified);
}

#[test]
fn absurd_people_are_refused() {
    let fine = full_time(30_000.0, 2025);
    for bad in [
        EmployerInput {
            salary_full_time: f64::NAN,
            ..fine
        },
        EmployerInput {
            salary_full_time: -1.0,
            ..fine
        },
        EmployerInput {
            salary_full_time: 1e7,
            ..fine
        },
        EmployerInput {
            wte_per_head: 0.0,
            ..fine
        },
        EmployerInput {
            wte_per_head: f64::INFINITY,
            ..fine
        },
        EmployerInput {
            wte_per_head: 2.5,
            ..fine
        },
    ] {
        assert!(
            matches!(employer_cost(bad), Err(PayError::Outside { .. })),
            "{bad:?}"
        );
    }
    let early = employer_cost(full_time(30_000.0, 2007)).expect_err("before the tables");
    assert_eq!(
        early.to_string(),
        "no National Insurance rate for 2007/08; tables run from 2008/09 to 2026/27; nearest: 2008/09"
    );
    assert!(employer_cost_uprated(fine, f64::NAN).is_err());
}

proptest! {
    #[test]
    fn costs_rise_with_pay_and_fall_with_part_time(
        pay in 10_000.0..150_000.0_f64,
        more in 1.0..20_000.0_f64,
        year in 2008..2040_i16,
        wte in 0.3..1.0_f64,
        zone in prop_oneof![Just(Zone::None), Just(Zone::Fringe), Just(Zone::Outer), Just(Zone::Inner)],
    ) {
        let one = EmployerInput { zone, ..full_time(pay, year) };
        let base = cost(one);
        let dearer = cost(EmployerInput { salary_full_time: pay + more, ..one });
        prop_assert!(dearer.local() > base.local() && dearer.full() > base.full());
        let part = cost(EmployerInput { wte_per_head: wte, ..one });
        prop_assert_eq!(part.pension_local, base.pension_local);
        // Without the rebate NI has one threshold, so part-time is never dearer per WTE.
        let outside = EmployerInput { in_pension: false, ..one };
        let part = cost(EmployerInput { wte_per_head: wte, ..outside });
        prop_assert!(part.employer_ni <= cost(outside).employer_ni + 1e-9);
        prop_assert!(base.pension_central >= -1e-9);
    }
}
