//! The money as finance sees it: full-year effect, payers, pressure, budgets, lines, rooms, purchases.

use skillmix::project::Projection;
use skillmix::scenario::Scenario;
use skillmix::table::Table;

use crate::common::{assert_close, changed, column, preset, role, run, scenario, toml};

/// Band 5 in 2025/26: entry, middle, top.
const BAND_5: [f64; 3] = [31_049.0, 33_487.0, 37_796.0];

/// One role of constant staff on the calendar of England; `more` is said besides.
fn one_role(start: &str, weeks: u32, wte: f64, more: &str) -> Scenario {
    let text = role("pwp", "low_intensity", wte, 22.0);
    scenario(
        "blank",
        &format!(
            "calendar.kind = \"england\"\ncalendar.start = {start}\ncalendar.weeks = {weeks}\n{more}\n{text}"
        ),
    )
}

/// Pounds of the rows of a table whose texts are as asked.
fn sum(table: &Table, pounds: &str, asked: &[(&str, &str)]) -> f64 {
    let rows = (0..table.len()).filter(|&row| {
        let is = |(name, value): &(&str, &str)| table.texts(name)[row] == **value;
        asked.iter().all(is)
    });
    rows.map(|row| table.numbers(pounds)[row]).sum()
}

fn cost(run: &Projection) -> Table {
    run.table("cost").unwrap()
}

/// A band 5 post from 1 October 2025: 182 of 365 days are paid in 2025/26, 33,487 x 182 / 365 = 16,697.63;
/// in a full year it costs 33,487.
#[test]
fn part_year_and_full_year_effect() {
    let cost = cost(&run(&one_role("2025-10-01", 26, 1.0, "")));
    let salary = [("year", "2025/26"), ("line", "salary")];
    assert_close(sum(&cost, "pounds", &salary), 16_697.63, 1e-9);
    assert_close(sum(&cost, "pounds_full_year", &salary), BAND_5[1], 1e-12);
    assert!(cost.texts("funding").iter().all(|word| word == "funded"));
}

/// The worked example of `docs/money.md`, summed by hand and by the run.
#[test]
fn the_worked_example_of_the_page() {
    let more = "money.overhead_share = 0.1\nmoney.non_pay_per_wte = 1000\n\
                [money.sites.here]\ntitle = \"Here\"\nrooms = 2\nhours_per_week = 40\n\
                pounds_per_year = 36500\nshare_of_sessions = 1.0\n";
    let service = one_role("2025-10-01", 26, 2.0, more);
    let cost = cost(&run(&changed(
        &service,
        &[("staff.pwp.posts", toml("1.0"))],
    )));
    let days = 182.0 / 365.0;
    // NI 15 % above 5,000; pension 14.38 % locally and 9.4 % centrally; levy 0.5 %.
    let salary = BAND_5[1];
    let (ni, pension, levy) = (0.15 * (salary - 5000.0), 0.1438 * salary, 0.005 * salary);
    let overhead = 0.1 * (salary + ni + pension + levy);
    let by_hand = [
        ("salary", salary, 33_395.25),
        ("employer_ni", ni, 4_261.34),
        ("pension", pension, 4_802.24),
        ("levy", levy, 166.98),
        ("overhead", overhead, 4_262.58),
        ("non_pay", 1000.0, 997.26),
        ("pension_central", 0.094 * salary, 3_139.15),
    ];
    for (line, one, on_the_page) in by_hand {
        let ours = sum(&cost, "pounds", &[("line", line)]);
        assert!((ours - 2.0 * one * days).abs() < 0.011, "{line}: {ours}");
        assert!((ours - on_the_page).abs() < 0.011, "{line}: {ours}");
    }
    assert_close(sum(&cost, "pounds", &[("line", "rooms")]), 18_200.0, 1e-6);
    assert_close(sum(&cost, "pounds", &[]), 69_224.81, 1e-9);
    assert_close(sum(&cost, "pounds_full_year", &[]), 138_829.97, 1e-9);
    let pressure = sum(&cost, "pounds", &[("funding", "pressure")]);
    assert!((pressure - 25_512.40).abs() < 0.02, "{pressure}");
    let national = sum(&cost, "pounds", &[("payer", "national")]);
    assert!((national - 3_139.15).abs() < 0.011, "{national}");
}

/// On the first point with the step on 1 October: 183 days at entry, 182 at the middle point,
/// (183 x 31,049 + 182 x 33,487) / 365 = 32,264.66. The last day is paid at the middle point.
#[test]
fn a_pay_step_is_paid_from_its_day() {
    let steps =
        "steps = [{ wte = 1.0, point = 1, next_step = \"2025-10-01\" }]\npay_point = \"steps\"";
    let text = role("pwp", "low_intensity", 1.0, 22.0).replace("pay_point = \"middle\"", steps);
    let service = scenario(
        "blank",
        &format!(
            "calendar.kind = \"england\"\ncalendar.start = 2025-04-01\ncalendar.weeks = 53\n{text}"
        ),
    );
    let cost = cost(&run(&service));
    let salary = [("year", "2025/26"), ("line", "salary")];
    assert_close(sum(&cost, "pounds", &salary), 32_264.66, 1e-7);
    assert_close(sum(&cost, "pounds_full_year", &salary), BAND_5[1], 1e-12);
}

/// A joint post: 60 % by the service, 40 % by employment services. The central pension stays national.
#[test]
fn a_joint_post_is_paid_by_two() {
    let mut text = role("adviser", "other", 2.0, 22.0);
    text.push_str("payers = { service = 0.6, other = 0.4 }\n");
    let service = scenario(
        "blank",
        &format!(
            "calendar.kind = \"england\"\ncalendar.start = 2025-04-01\ncalendar.weeks = 53\n{text}"
        ),
    );
    let cost = cost(&run(&service));
    let of = |payer, line| {
        sum(
            &cost,
            "pounds",
            &[("year", "2025/26"), ("payer", payer), ("line", line)],
        )
    };
    assert_close(of("service", "salary"), 0.6 * 2.0 * BAND_5[1], 1e-12);
    assert_close(of("other", "salary"), 0.4 * 2.0 * BAND_5[1], 1e-12);
    assert!(of("national", "pension_central") > 0.0);
    assert_eq!(
        of("service", "pension_central") + of("other", "pension_central"),
        0.0
    );
}

/// A charity's own pay: 30,000 and 18 % on top, three people; no NHS pension and nothing national. The pay
/// stands at the prices of the last pay table, 2026/27; a year later it is 3 % more.
#[test]
fn a_charity_pays_its_own() {
    let mut text = role("counsellor", "counselling", 3.0, 21.0);
    text.push_str("employer = \"other\"\nown_pay = { salary = 30000, on_cost_share = 0.18 }\n");
    let service = scenario(
        "blank",
        &format!(
            "calendar.kind = \"england\"\ncalendar.start = 2026-04-01\ncalendar.weeks = 105\n\
             money.awards = {{ \"2027/28\" = 0.03 }}\n{text}"
        ),
    );
    let cost = cost(&run(&service));
    let of = |year, line| sum(&cost, "pounds", &[("year", year), ("line", line)]);
    assert_close(of("2026/27", "salary"), 90_000.0, 1e-12);
    assert_close(of("2026/27", "own_on_costs"), 16_200.0, 1e-12);
    assert_close(
        sum(&cost, "pounds_full_year", &[("year", "2027/28")]),
        3.0 * 30_900.0 * 1.18,
        1e-12,
    );
    assert!(cost.texts("payer").iter().all(|payer| payer == "service"));
    assert!(
        (0..cost.len())
            .all(|row| ["salary", "own_on_costs"].contains(&cost.texts("line")[row].as_str()))
    );
}

/// Two posts, three in post: a third of every leaf is a pressure, in the year and in a full year.
#[test]
fn staff_above_posts_are_a_pressure() {
    let service = changed(
        &one_role("2025-04-01", 53, 3.0, ""),
        &[("staff.pwp.posts", toml("2.0"))],
    );
    let cost = cost(&run(&service));
    for pounds in ["pounds", "pounds_full_year"] {
        let of = |funding| {
            sum(
                &cost,
                pounds,
                &[
                    ("year", "2025/26"),
                    ("line", "salary"),
                    ("funding", funding),
                ],
            )
        };
        assert_close(of("funded"), 2.0 * BAND_5[1], 1e-12);
        assert_close(of("pressure"), BAND_5[1], 1e-12);
    }
}

/// Two of four posts are vacant and agency staff work both at a half more: they cost three posts, of which
/// vacancies leave two; the third is a pressure.
#[test]
fn agency_above_what_vacancies_leave_is_a_pressure() {
    let agency = "{ share_of_vacancies = 1.0, premium = 0.5 }";
    let service = changed(
        &one_role("2025-04-01", 53, 2.0, ""),
        &[
            ("staff.pwp.posts", toml("4.0")),
            ("staff.pwp.recruitment.agency", toml(agency)),
        ],
    );
    let cost = cost(&run(&service));
    let spec = service.spec();
    let one = skillmix::cost::annual_cost(&spec.staff["pwp"], &spec.money, 2025).unwrap();
    let of = |funding| {
        let asked = [
            ("year", "2025/26"),
            ("line", "agency"),
            ("funding", funding),
        ];
        sum(&cost, "pounds", &asked)
    };
    assert!((of("funded") - 2.0 * one.local()).abs() < 0.011);
    assert!((of("pressure") - one.local()).abs() < 0.011);
    assert_eq!(sum(&cost, "pounds_full_year", &[("line", "agency")]), 0.0);
}

/// Ten posts at the mid-point and 25 %, less 4 %: 10 x 33,487 x 1.25 x 0.96 = 401,844. Nine are in post.
#[test]
fn the_view_of_finance() {
    let view = "money.finance_view = { on_cost_share = 0.25, vacancy_factor = 0.04 }";
    let service = changed(
        &one_role("2025-04-01", 53, 9.0, view),
        &[("staff.pwp.posts", toml("10.0"))],
    );
    let run = run(&service);
    let finance = run.table("finance").unwrap();
    assert_close(finance.numbers("pounds_finance")[0], 401_844.0, 1e-9);
    let lines = ["salary", "high_cost_area", "employer_ni", "pension", "levy"];
    let cost = cost(&run);
    let exact: f64 = lines
        .iter()
        .map(|line| sum(&cost, "pounds", &[("year", "2025/26"), ("line", line)]))
        .sum();
    assert!((finance.numbers("pounds_exact")[0] - exact).abs() < 0.03);
    let difference = finance.numbers("difference")[0];
    assert!((difference - (401_844.0 - exact)).abs() < 0.03);
}

/// 1,000 pounds a WTE, 600 a head of two half-timers, ten a day from July to September, 90 a year for each of
/// four rooms from January, and the rooms themselves.
#[test]
fn named_lines() {
    let lines = r#"
[money.sites.north]
title = "North"
rooms = 4
hours_per_week = 40
pounds_per_year = 36500
share_of_sessions = 1.0
[money.lines.licences]
title = "Licences"
pounds = 1000
per = "wte"
[money.lines.telephones]
title = "Telephones"
pounds = 600
per = "head"
payer = "commissioner"
[money.lines.move]
title = "Move"
pounds = 3650
per = "year"
recurrent = false
from = "2025-07-01"
to = "2025-09-30"
[money.lines.cleaning]
title = "Cleaning"
pounds = 90
per = "room"
from = "2026-01-01"
"#;
    let service = changed(
        &one_role("2025-04-01", 53, 1.0, lines),
        &[("staff.pwp.wte_per_head", toml("0.5"))],
    );
    let cost = cost(&run(&service));
    let of = |line, pounds| sum(&cost, pounds, &[("year", "2025/26"), ("line", line)]);
    assert_close(of("licences", "pounds"), 1000.0, 1e-12);
    assert_close(of("telephones", "pounds"), 1200.0, 1e-12);
    assert_close(of("telephones", "pounds_full_year"), 1200.0, 1e-12);
    // 92 days at ten pounds a day, and over.
    assert_close(of("move", "pounds"), 920.0, 1e-12);
    assert_eq!(of("move", "pounds_full_year"), 0.0);
    // 90 days of 2026 at 4 x 90 / 365.
    assert_close(of("cleaning", "pounds"), 88.77, 1e-9);
    assert_close(of("cleaning", "pounds_full_year"), 360.0, 1e-12);
    assert_close(of("rooms", "pounds"), 36_500.0, 1e-12);
    let commissioner = sum(
        &cost,
        "pounds",
        &[("year", "2025/26"), ("payer", "commissioner")],
    );
    assert_close(commissioner, 1200.0, 1e-12);
}

/// A plan counts a year of the same lines: 2 WTE of half-timers at 1,000 a WTE and 600 a head, 4 rooms at 90, the
/// site for 36,500; what is paid from July to September only belongs to a run.
#[test]
fn named_lines_of_a_planned_year() {
    let lines = r#"
[money.sites.north]
title = "North"
rooms = 4
hours_per_week = 40
pounds_per_year = 36500
share_of_sessions = 1.0
[money.lines.licences]
title = "Licences"
pounds = 1000
per = "wte"
[money.lines.telephones]
title = "Telephones"
pounds = 600
per = "head"
[money.lines.cleaning]
title = "Cleaning"
pounds = 90
per = "room"
[money.lines.move]
title = "Move"
pounds = 3650
per = "year"
from = "2025-07-01"
to = "2025-09-30"
"#;
    let service = changed(
        &one_role("2025-04-01", 53, 2.0, lines),
        &[("staff.pwp.wte_per_head", toml("0.5"))],
    );
    let plan = skillmix::plan::plan(&service).unwrap();
    let cost = plan.table("cost").unwrap();
    let of = |line| sum(&cost, "pounds_in_post", &[("line", line)]);
    assert_close(of("licences"), 2.0 * 1000.0, 1e-12);
    assert_close(of("telephones"), 4.0 * 600.0, 1e-12);
    assert_close(of("cleaning"), 4.0 * 90.0, 1e-12);
    assert_close(of("rooms"), 36_500.0, 1e-12);
    assert_eq!(of("move"), 0.0);
}

/// Interpreters at 55 pounds for 6 % of the sessions of a planned year; all activities are the whole cost.
#[test]
fn sessions_of_a_planned_year_are_paid_for() {
    let line = "{ interpreters = { title = \"Interpreters\", per = \"session\", share = 0.06, pounds = 55 } }";
    let service = preset("talking-therapies-2025", &[("money.lines", toml(line))]);
    let plan = skillmix::plan::plan(&service).unwrap();
    let (cost, units) = (
        plan.table("cost").unwrap(),
        plan.table("unit_costs").unwrap(),
    );
    for (staff, pounds, courses) in [
        ("in_post", "pounds_in_post", &plan.needs().courses_delivered),
        ("needed", "pounds_needed", &plan.needs().courses),
    ] {
        let sessions: f64 = courses.iter().map(|counts| counts[0]).sum();
        let paid = sum(&cost, pounds, &[("line", "interpreters")]);
        assert!(paid > 1000.0);
        assert_close(paid, sessions * 0.06 * 55.0, 1e-6);
        let whole = (0..units.len())
            .find(|&row| {
                units.texts("staff")[row] == *staff && units.texts("level")[row] == *"service"
            })
            .unwrap();
        assert_close(
            units.numbers("pounds")[whole],
            sum(&cost, pounds, &[]),
            1e-9,
        );
    }
}

/// Ten people a month for three months are taken off the list for CBT, the longest waits first, at 700 each.
#[test]
fn bought_treatment_takes_the_longest_waits() {
    let waiting = toml("{ weeks = [0, 0, 0, 0, 50, 0, 0, 0, 0, 0, 0, 0, 60] }");
    let base = preset(
        "talking-therapies-2025",
        &[
            ("calendar.start", toml("2025-04-01")),
            ("calendar.weeks", toml("53")),
            ("waiting.step3.cbt", waiting),
        ],
    );
    let purchase = "{ title = \"Elsewhere\", treatment = \"step3.cbt\", starts_per_month = 10, \
                    from = \"2025-05-01\", to = \"2025-07-31\", price_per_start = 700, payer = \"commissioner\" }";
    let buys = changed(&base, &[("money.bought.elsewhere", toml(purchase))]);
    let (without, with) = (run(&base), run(&buys));
    let elsewhere: f64 = with.record().measure("treated_elsewhere").iter().sum();
    assert_close(elsewhere, 30.0, 1e-9);
    let cost = cost(&with);
    let paid = sum(
        &cost,
        "pounds",
        &[("line", "bought_activity"), ("payer", "commissioner")],
    );
    assert_close(paid, 21_000.0, 1e-9);
    assert_eq!(
        sum(&cost, "pounds_full_year", &[("line", "bought_activity")]),
        0.0
    );
    let waits = |run: &Projection| column(&run.table("monthly").unwrap(), "wait_step3_weeks");
    let last = waits(&with).len() - 2;
    assert!(waits(&with)[last] < waits(&without)[last]);
}

/// Three posts, two filled for the whole year: slippage is what one costs. The budget covers 2.5.
#[test]
fn a_budget_and_its_slippage() {
    let service = changed(
        &one_role("2025-04-01", 53, 2.0, ""),
        &[
            ("staff.pwp.posts", toml("3.0")),
            ("money.overhead_share", toml("0.1")),
        ],
    );
    let annual = |service: &Scenario| {
        let spec = service.spec();
        skillmix::cost::annual_cost(&spec.staff["pwp"], &spec.money, 2025).unwrap()
    };
    let one = annual(&service).full() + 0.1 * annual(&service).local();
    let stated = toml(&format!("{{ \"2025/26\" = {} }}", (1.5 * one).round()));
    let run = run(&changed(&service, &[("money.budget", stated)]));
    let budget = run.table("budget").unwrap();
    assert_eq!(budget.len(), 1);
    let row = |name: &str| budget.numbers(name)[0];
    let paid = sum(&cost(&run), "pounds", &[("year", "2025/26")]);
    assert_eq!(row("cost"), paid);
    assert!((row("cost") - 2.0 * one).abs() < 0.006);
    assert!((row("slippage") - one).abs() < 1e-6);
    assert_eq!(row("pressure").to_bits(), 0.0_f64.to_bits(), "0, not -0");
    assert_close(row("variance"), (1.5 * one).round() - paid, 1e-9);
    let rules = run.table("rules").unwrap();
    assert_eq!(rules.texts("rule"), ["budget.all.2025/26"]);
    assert_eq!(rules.texts("severity"), ["warning"]);
}

/// A budget for each payer holds the leaves of that payer.
#[test]
fn budgets_by_payer_tie_to_the_cost() {
    let stated = "{ \"2025/26\" = { service = 100, national = 100000000 } }";
    let run = run(&preset(
        "talking-therapies-2025",
        &[
            ("calendar.start", toml("2025-04-01")),
            ("calendar.weeks", toml("53")),
            ("money.budget_by_payer", toml(stated)),
            ("money.budget_severity", toml("\"condition\"")),
        ],
    ));
    let (budget, cost) = (run.table("budget").unwrap(), cost(&run));
    assert_eq!(budget.texts("payer"), ["service", "national"]);
    for (row, payer) in ["service", "national"].into_iter().enumerate() {
        let paid = sum(&cost, "pounds", &[("year", "2025/26"), ("payer", payer)]);
        assert!((budget.numbers("cost")[row] - paid).abs() < 1e-6);
    }
    let rules = run.table("rules").unwrap();
    let broken = |name: &str| rules.texts("rule").iter().any(|rule| rule == name);
    assert!(broken("budget.service.2025/26") && !broken("budget.national.2025/26"));
}

/// 40 h a week of sessions in one room of 30 h: broken. In two rooms: not. Half by telephone: not.
#[test]
fn rooms_have_so_many_hours() {
    let site = |rooms: u32, share: f64| {
        let pathway = crate::common::routes("", "cbt = 1.0", 0.0)
            + &crate::common::treatment(3, "cbt", "hit", 10.0, 60.0)
            + &format!("face_to_face = {share:?}\n");
        let staff = role("hit", "high_intensity", 2.0, 20.0);
        scenario(
            "blank",
            &format!(
                "calendar.weeks = 40\ndemand.rate = {{ referrals = 1000, per = \"year\" }}\n\
                 pathway.assessment.slots_per_week = 100\n{pathway}{staff}\n\
                 [money.sites.here]\ntitle = \"Here\"\nrooms = {rooms}\nhours_per_week = 30\n\
                 pounds_per_year = 0\nshare_of_sessions = 1.0\n"
            ),
        )
    };
    let broken = |service: &Scenario| {
        let rules = run(service).table("rules").unwrap();
        let found = rules
            .texts("rule")
            .iter()
            .position(|rule| rule == "rooms.here");
        found.map(|row| (rules.numbers("worst")[row], rules.numbers("limit")[row]))
    };
    let (worst, limit) = broken(&site(1, 1.0)).unwrap();
    // Months of the plain calendar have four or five weeks.
    assert_close(worst / limit, 40.0 / 30.0, 1e-6);
    assert_eq!(broken(&site(2, 1.0)), None);
    assert_eq!(broken(&site(1, 0.5)), None);
}

/// Those who come off benefits, at 1,000 pounds a year for five years and 3.5 %: 4.673079208612224 of the
/// first year's pounds, as F02 has it for 100 a year.
#[test]
fn the_value_of_coming_off_benefits() {
    let base = preset(
        "iapt-2008",
        &[
            ("calendar.start", toml("2009-04-01")),
            ("calendar.weeks", toml("52")),
        ],
    );
    let said = "{ pounds_per_person = 1000, years = 5, discount = 0.035 }";
    let run = run(&changed(&base, &[("money.value", toml(said))]));
    let value = run.table("value").unwrap();
    assert_eq!(value.texts("year")[0], "2009/10");
    assert_eq!(value.len(), 5);
    let people = value.numbers("off_benefits")[0];
    let treated: f64 = column(&run.table("yearly").unwrap(), "first_treatments")
        .iter()
        .sum();
    assert_close(people, 0.0278 * treated, 1e-9);
    let present: f64 = value.numbers("present_value").iter().sum();
    assert_close(present, people * 1000.0 * 4.673_079_208_612_224, 1e-12);
    // Off by default, and the count is no column where it is not said.
    assert_eq!(crate::common::run(&base).table("value").unwrap().len(), 0);
    let today = crate::common::run(&preset("talking-therapies-2025", &[]));
    assert!(
        today
            .table("monthly")
            .unwrap()
            .column("off_benefits")
            .is_none()
    );
}

/// Six supported months of twelve: from 6 October to 6 April half the year's pay is national.
#[test]
fn salary_support_stops_with_its_months() {
    let base = preset(
        "talking-therapies-2025",
        &[
            ("calendar.start", toml("2025-04-01")),
            ("calendar.weeks", toml("105")),
            ("training.courses.pwp.salary_support", toml("1.0")),
            ("training.courses.pwp.leavers_per_year", toml("0.0")),
            (
                "training.intakes",
                toml("[{ course = \"pwp\", start = \"2025-04-07\", trainees = 4 }]"),
            ),
        ],
    );
    let half = changed(
        &base,
        &[
            ("training.courses.pwp.salary_support_months", toml("6")),
            ("training.courses.pwp.support_payer", toml("\"regional\"")),
        ],
    );
    let salary = |service: &Scenario, payer| {
        let cost = cost(&run(service));
        sum(
            &cost,
            "pounds",
            &[
                ("role", "pwp_trainee"),
                ("line", "salary"),
                ("payer", payer),
            ],
        )
    };
    assert_eq!(salary(&base, "service"), 0.0);
    let (all, supported) = (salary(&base, "national"), salary(&half, "regional"));
    // Band 4, mean of entry and top in 2025/26; 7 April to 7 October are 183 days of 365.
    let annual =
        skillmix::cost::annual_cost(&half.spec().staff["pwp_trainee"], &half.spec().money, 2025);
    assert_close(
        supported,
        4.0 * annual.unwrap().salary * 183.0 / 365.0,
        1e-7,
    );
    assert!((supported + salary(&half, "service") - all).abs() < 0.02);
}
