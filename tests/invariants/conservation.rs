//! Nobody is lost, no member of staff appears from nowhere, no pound and no hour is counted twice.

use proptest::prelude::*;
use skillmix::project::Projection;
use skillmix::scenario::Scenario;
use skillmix::scenario::money::PensionView;

use crate::case::case;
use crate::common::{Service, changed, close, preset, run, toml};
use crate::services::service;

pub const EXITS: [&str; 11] = [
    "rejected",
    "not_opted_in",
    "discharged_missed",
    "signposted",
    "declined",
    "not_suitable",
    "referred_on",
    "completed",
    "dropped_out",
    "reneged",
    "treated_elsewhere",
];

pub const STOCKS: [&str; 6] = [
    "opting_in",
    "waiting_assessment",
    "waiting_step2",
    "waiting_step3",
    "open_step2",
    "open_step3",
];

/// I01: everybody who was there or was referred waits, is in a course or has left by a named exit.
/// Those stepped up or down are among the completed and stay.
fn people_are_conserved(run: &Projection, opening: Option<f64>) -> Result<(), TestCaseError> {
    let record = run.record();
    let at = |name: &str, week: usize| record.measure(name)[week];
    let sum = |names: &[&str], week: usize| names.iter().map(|name| at(name, week)).sum::<f64>();
    let mut before = opening;
    let mut worst: f64 = 0.0;
    for week in 0..run.timetable().weeks() {
        let stocks = sum(&STOCKS, week);
        let stepped = at("stepped_up", week) + at("stepped_down", week);
        let gone = sum(&EXITS, week) - stepped;
        if let Some(before) = before {
            let come = before + at("referrals", week);
            let imbalance = (come - stocks - gone).abs() / come.max(1.0);
            worst = worst.max(imbalance);
            prop_assert!(
                imbalance <= 1e-9,
                "week {week}: {come} came or were there, {stocks} are there, {gone} left"
            );
        }
        before = Some(stocks);
    }
    case("I01").check_within("imbalance", worst, 1e-9);
    Ok(())
}

fn nothing_is_absurd(run: &Projection) -> Result<(), TestCaseError> {
    for (place, measure) in skillmix::record::measure::MEASURES.iter().enumerate() {
        for (week, &value) in run.record().counts[place].iter().enumerate() {
            let fine = value.is_finite() && value >= -1e-9;
            prop_assert!(fine, "{} of week {week} is {value}", measure.0);
        }
    }
    for name in [
        "wait_assessment_weeks",
        "wait_step2_weeks",
        "wait_step3_weeks",
    ] {
        for table in ["weekly", "monthly", "quarterly", "yearly"] {
            let waits = crate::common::figures(run, table, name);
            let bad = waits.iter().find(|wait| wait.is_nan() || **wait < -1e-9);
            prop_assert!(bad.is_none(), "{name} of {table}: {bad:?}");
        }
    }
    Ok(())
}

/// I02: in post = opening + joined + qualified - left - moved to training, role by role; those who qualify
/// leave the trainee roles. Nobody is fewer than none.
fn staff_are_conserved(run: &Projection) -> Result<(), TestCaseError> {
    let (record, timetable) = (run.record(), run.timetable());
    let mut worst: f64 = 0.0;
    for week in 0..timetable.weeks() {
        let (mut came, mut there) = (0.0, 0.0);
        for (role, place) in timetable.roles.iter().enumerate() {
            let staff = &record.staff[role][week];
            let (name, scale) = (&place.name, staff.opening.abs().max(1.0));
            let flow = staff.opening + staff.joined - staff.left - staff.moved_to_training;
            prop_assert!(
                staff.in_post >= -1e-9,
                "week {week}: {} {name}",
                staff.in_post
            );
            if place.course.is_none() {
                let balance = flow + staff.qualified - staff.in_post;
                prop_assert!(
                    balance.abs() <= 1e-9 * scale,
                    "week {week}: {name} off by {balance}"
                );
            }
            if let Some(next) = record.staff[role].get(week + 1) {
                let gap = (next.opening - staff.in_post).abs();
                prop_assert!(
                    gap <= 1e-9 * scale,
                    "week {week}: {name} opens off by {gap}"
                );
            }
            came += flow;
            there += staff.in_post;
        }
        let imbalance = (came - there).abs() / there.max(1.0);
        worst = worst.max(imbalance);
        prop_assert!(imbalance <= 1e-9, "week {week}: {came} {there}");
    }
    case("I02").check_within("imbalance", worst, 1e-9);
    Ok(())
}

/// In training = in training before + started - left - failed - qualified, group by group and week by week; the
/// groups of an intake start with its heads, unless too few were there to move.
fn trainees_are_conserved(run: &Projection) -> Result<(), TestCaseError> {
    let timetable = run.timetable();
    let groups = || timetable.cohorts.iter().zip(&run.record().training);
    for (place, weeks) in groups() {
        for (week, said) in weeks.iter().enumerate() {
            let before = if week > 0 {
                weeks[week - 1].in_training + said.started
            } else {
                said.during
            };
            let after = before - said.left - said.failed - said.qualified;
            let (outcome, there) = (place.outcome, said.in_training);
            prop_assert!(
                (after - there).abs() <= 1e-12 * before.max(1.0),
                "week {week}, {outcome:?}: {after} for {there}"
            );
            prop_assert!(said.ramped >= 0.0 && said.ramped <= said.during + 1e-12);
        }
    }
    for (index, intake) in run.scenario().spec().training.intakes.iter().enumerate() {
        let of_intake = groups().filter(|(place, _)| place.intake == index);
        let (mut heads, mut any) = (0.0, false);
        for (place, weeks) in of_intake {
            any = true;
            heads += match place.starts {
                Some(week) => weeks[week].started,
                None => weeks[0].during,
            };
        }
        let internal = intake.internal.map_or(0.0, |heads| heads.mean());
        let stated = intake.trainees.mean();
        let least = if any { stated - internal } else { 0.0 };
        prop_assert!(
            heads <= stated * (1.0 + 1e-12) && heads >= least - 1e-9,
            "{heads} of {stated} trainees"
        );
        prop_assert!(internal > 0.0 || !any || (heads - stated).abs() < 1e-12 * stated.max(1.0));
    }
    Ok(())
}

/// Bookable minutes are used once: supervision, screening, assessments, sessions, idle.
fn minutes_are_conserved(run: &Projection) -> Result<(), TestCaseError> {
    let timetable = run.timetable();
    // Second roles lend hours that are counted with the first, so only services without them are summed.
    let lends = timetable
        .treatments
        .iter()
        .any(|treatment| treatment.pools.len() > 1);
    for (pool, weeks) in run.record().pools.iter().enumerate().filter(|_| !lends) {
        for (week, minutes) in weeks.iter().enumerate() {
            let sessions = minutes.first[0] + minutes.later[0];
            let used =
                minutes.supervision[0] + minutes.screening[0] + minutes.assessment[0] + sessions;
            let (all, idle) = (minutes.bookable[0], minutes.idle[0]);
            prop_assert!(
                close(used + idle, all, 1e-9) || (used + idle - all).abs() <= 1e-6,
                "week {week}, {}: {used} used and {idle} idle of {all}",
                timetable.roles[pool].name
            );
        }
    }
    Ok(())
}

/// Leaves are whole pence, and those of a year add up to their exact sum to half a penny: pay and on-costs
/// by days, non-pay, overhead, fees, recruitment and what leavers repay, put together anew.
fn leaves_add_up(run: &Projection) -> Result<(), TestCaseError> {
    let (spec, timetable) = (run.scenario().spec(), run.timetable());
    let record = run.record();
    let costs = record.costs(spec, timetable);
    for leaf in &costs.rows {
        let pence = leaf.leaf.pounds * 100.0;
        prop_assert!((pence - pence.round()).abs() < 1e-4, "{leaf:?}");
    }
    let money = &spec.money;
    for (year, financial_year) in timetable.calendar.financial_years.iter().enumerate() {
        // Named lines, rooms and purchases are checked for themselves.
        let staff = |line: &str| {
            line != "rooms" && line != "bought_activity" && !money.lines.contains_key(line)
        };
        let rows = costs.rows.iter();
        let rows = rows.filter(|row| row.year == year && staff(&row.leaf.line));
        let (mut sum, mut full_year, mut exact, mut exact_full_year) = (0.0, 0.0, 0.0, 0.0);
        for row in rows {
            sum += row.leaf.pounds;
            full_year += row.leaf.pounds_full_year;
        }
        for (place, used) in timetable.roles.iter().zip(&costs.usage[year]) {
            let first = financial_year.first_calendar_year;
            let annual = skillmix::cost::annual_cost(&place.said, money, first).unwrap();
            let one = annual.full()
                + money.overhead_share.value() * annual.local()
                + money.non_pay_per_wte.value();
            exact += (used.wte_years - used.unpaid_wte_years) * one;
            let own = match money.pension {
                PensionView::Local => annual.local(),
                PensionView::Full => annual.full(),
            };
            exact += (used.agency_priced + used.overtime_priced) * own;
            exact += used.hires * money.recruitment_per_hire.value();
            exact += used.short_course_fees.iter().sum::<f64>() - used.clause_repayment;
            match &place.course {
                None => exact_full_year += (used.wte_at_end - used.unpaid_at_end) * one,
                Some(course) => {
                    let fee = spec.training.courses[course].fee.value();
                    exact += used.trainees_started * fee;
                }
            }
        }
        // Half a penny, and as much where leaves of other lines stand between.
        prop_assert!((sum - exact).abs() < 0.06, "{year}: {sum} for {exact}");
        prop_assert!(
            (full_year - exact_full_year).abs() < 0.06,
            "{year}: {full_year} for {exact_full_year}"
        );
    }
    let bought: f64 = record.measure("treated_elsewhere").iter().sum();
    let price = money
        .bought
        .values()
        .map(|said| said.price_per_start.value());
    let paid = costs
        .rows
        .iter()
        .filter(|row| row.leaf.line == "bought_activity");
    let paid: f64 = paid.map(|row| row.leaf.pounds).sum();
    prop_assert!(
        (paid - bought * price.sum::<f64>()).abs() < 0.06,
        "{paid} for {bought}"
    );
    unit_costs_are_the_whole_cost(run)
}

/// The activities of a year are its whole cost.
fn unit_costs_are_the_whole_cost(run: &Projection) -> Result<(), TestCaseError> {
    let (units, cost) = (run.table("unit_costs").unwrap(), run.table("cost").unwrap());
    for year in &run.timetable().calendar.financial_years {
        let mut seen = Vec::new();
        let (mut parts, mut whole) = (0.0, 0.0);
        for row in 0..units.len() {
            let activity = &units.texts("activity")[row];
            if units.texts("year")[row] != year.label || seen.contains(activity) {
                continue;
            }
            seen.push(activity.clone());
            match units.texts("level")[row].as_str() {
                "activity" => parts += units.numbers("pounds")[row],
                "service" => whole = units.numbers("pounds")[row],
                _ => {}
            }
        }
        let years = cost.texts("year");
        let rows = (0..cost.len()).filter(|&row| years[row] == year.label);
        let sum: f64 = rows.map(|row| cost.numbers("pounds")[row]).sum();
        prop_assert!(
            (parts - sum).abs() < 0.01,
            "{}: {parts} of {sum}",
            year.label
        );
        prop_assert!(
            (whole - sum).abs() < 0.01,
            "{}: {whole} for {sum}",
            year.label
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(20_261_122), ..ProptestConfig::with_cases(150) })]

    #[test]
    fn random_services_conserve_people_staff_minutes_and_pounds(Service(scenario) in service()) {
        let run = run(&scenario);
        people_are_conserved(&run, None)?;
        nothing_is_absurd(&run)?;
        staff_are_conserved(&run)?;
        trainees_are_conserved(&run)?;
        minutes_are_conserved(&run)?;
        leaves_add_up(&run)?;
    }
}

/// The first week too, where the opening stocks are counted: 30 wait for an assessment, 6 and 15 for
/// treatments, 12 are in courses.
#[test]
fn the_first_week_opens_with_what_was_stated() {
    let scenario = preset(
        "talking-therapies-2025",
        &[
            ("calendar.weeks", toml("30")),
            ("open_courses.otherwise", toml("\"empty\"")),
            ("open_courses.step3.cbt", toml("[3, 4, 5]")),
            (
                "waiting.assessment",
                toml("{ people = 30, longest_weeks = 4 }"),
            ),
            (
                "waiting.step2.guided_self_help",
                toml("{ weeks = [1, 2, 3] }"),
            ),
            ("waiting.step3.cbt", toml("{ weeks = [1, 2, 3, 4, 5] }")),
        ],
    );
    let run = run(&scenario);
    people_are_conserved(&run, Some(30.0 + 6.0 + 15.0 + 12.0)).unwrap();
}

/// Appointments outside the hours of any role leave no minutes that a role could use for courses.
#[test]
fn slots_outside_hours_do_not_spill() {
    let scenario = preset(
        "talking-therapies-2025",
        &[
            ("calendar.weeks", toml("8")),
            ("pathway.assessment.slots_per_week", toml("1000")),
            ("pathway.assessment.spill_over", toml("true")),
            (
                "waiting.step2.guided_self_help",
                toml("{ people = 2000, longest_weeks = 20 }"),
            ),
        ],
    );
    minutes_are_conserved(&run(&scenario)).unwrap();
}

/// Two intakes of one day may not take more people out of a role than are in it.
#[test]
fn intakes_together_cannot_empty_a_role_twice() {
    let intake = "{ course = \"hit\", start = 2025-05-12, trainees = 5, internal = 5 }";
    let scenario = preset(
        "talking-therapies-2025",
        &[
            ("calendar.weeks", toml("30")),
            ("staff.pwp.in_post", toml("6.0")),
            ("staff.pwp.posts", toml("6.0")),
            ("training.intakes", toml(&format!("[{intake}, {intake}]"))),
        ],
    );
    let run = run(&scenario);
    staff_are_conserved(&run).unwrap();
    trainees_are_conserved(&run).unwrap();
    nothing_is_absurd(&run).unwrap();
}

/// A cost is the same whether it is summed by leaf or worked out whole: constant staff for a whole year,
/// against pay and on-costs of each role.
#[test]
fn leaves_of_constant_staff_add_up_to_the_exact_cost() {
    for pack in crate::services::PACKS {
        let frozen = Scenario::preset(pack).unwrap();
        let mut changes: Vec<(String, toml::Value)> = Vec::new();
        for name in frozen.spec().staff.keys() {
            changes.push((format!("staff.{name}.leavers_per_year"), toml("0.0")));
            changes.push((
                format!("staff.{name}.recruitment.policy"),
                toml("\"frozen\""),
            ));
        }
        let frozen = frozen.with_all(changes).unwrap();
        let frozen = changed(
            &frozen,
            &[
                ("calendar.start", toml("2025-04-01")),
                ("calendar.weeks", toml("53")),
            ],
        );
        let (run, spec) = (run(&frozen), frozen.spec());
        let exact: f64 = spec
            .staff
            .values()
            .map(|role| {
                let annual = skillmix::cost::annual_cost(role, &spec.money, 2025).unwrap();
                let wte = role.in_post.mean();
                let overhead = spec.money.overhead_share.value() * annual.local();
                wte * (annual.full() + overhead + spec.money.non_pay_per_wte.value())
            })
            .sum();
        let cost = run.table("cost").unwrap();
        let years = cost.texts("year");
        let pounds = cost.numbers("pounds");
        let sum: f64 = (0..cost.len())
            .filter(|&row| years[row] == "2025/26")
            .map(|row| pounds[row])
            .sum();
        assert!(
            (sum - exact).abs() <= 0.005 + 1e-6,
            "{pack}: {sum} for {exact}"
        );
    }
}
