//! The independent cases, by area.

use std::fs;
use std::path::Path;

use skillmix::measures::{largest_remainder, share};
use skillmix::pathway::Course;
use skillmix::plan::plan;
use skillmix::queueing::{
    fluid_list, fluid_list_with_giving_up, fluid_wait, list_by_period, load, pressure,
    relief_capacity, target_list, target_mean_wait,
};
use skillmix::reference::finance::{
    YearWithAward, annuity_due, present_value, year_cost_with_award,
};
use skillmix::scenario::Scenario;
use skillmix::supervision::{
    hours_received_and_given, most_trainees, qualified_needed, supervisors_needed,
};
use skillmix::workforce::ramp::{months_at_zero, people_helped_by_month, practice};

use crate::case::{ORACLES, case};
use crate::common::{assert_close, figures, role, routes, run, scenario, treatment};

/// Every case is named in a test of this binary, of `invariants` or of `test_oracles.py`, or `not_aimed_at.toml`
/// says why not.
#[test]
fn every_case_is_tested_or_not_aimed_at() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut code = String::new();
    for folder in ["oracles", "invariants"] {
        for file in fs::read_dir(root.join(folder)).unwrap() {
            code += &fs::read_to_string(file.unwrap().path()).unwrap();
        }
    }
    code += include_str!("../python/test_oracles.py");
    let not_aimed_at: toml::Table = include_str!("../data/not_aimed_at.toml").parse().unwrap();
    let mut excused = Vec::new();
    for reason in not_aimed_at["reason"].as_array().unwrap() {
        assert!(reason["why"].as_str().unwrap().len() > 20);
        let cases = reason["cases"].as_array().unwrap();
        excused.extend(cases.iter().map(|id| id.as_str().unwrap()));
    }
    let known: Vec<&str> = ORACLES["cases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| case["id"].as_str().unwrap())
        .collect();
    assert!(excused.iter().all(|id| known.contains(id)), "{excused:?}");
    for id in known {
        let tested = code.contains(&format!("\"{id}\""));
        assert_ne!(tested, excused.contains(&id), "{id}");
    }
}

#[test]
fn q21_an_overloaded_list_grows_by_arrivals_less_starts() {
    let q21 = case("Q21");
    let (opening, arrivals, capacity) =
        (q21.given("q0"), q21.given("lambda"), q21.given("capacity"));
    let times = q21.given_list("t");
    let at = |of: fn(f64, f64, f64, f64) -> f64| -> Vec<f64> {
        times
            .iter()
            .map(|&t| of(opening, arrivals, capacity, t))
            .collect()
    };
    q21.check_list("queue", &at(fluid_list));
    q21.check_list("wait_of_arrival_at_t", &at(fluid_wait));
    let served: Vec<f64> = times
        .iter()
        .map(|&t| opening + arrivals * t - fluid_list(opening, arrivals, capacity, t))
        .collect();
    q21.check_list("served", &served);
}

/// The same list as a scenario: assessments are the one stage, and four plain weeks are a month of 300
/// referrals and 270 assessments. The weekly queue is that of the formula at the end of each month.
#[test]
fn q21_as_a_scenario() {
    let q21 = case("Q21");
    // Months of 4, 4 and 5 weeks are not equal, so a "month" here is four weeks: 75 and 67.5 a week.
    let service = scenario(
        "blank",
        "calendar.weeks = 52\ndemand.rate = { referrals = 3900, per = \"year\" }\n\
         pathway.assessment.slots_per_week = 67.5\n\
         waiting.assessment = { people = 120, longest_weeks = 0 }\n\
         staff = {}\n",
    );
    let waiting = figures(&run(&service), "weekly", "waiting_assessment");
    let times = q21.given_list("t");
    let at_month_end = |month: &f64| -> f64 {
        let week = (0..52).find(|&week| (week + 1) as f64 == month * 4.0);
        waiting[week.unwrap()]
    };
    let ours: Vec<f64> = times.iter().map(at_month_end).collect();
    q21.check_list("queue", &ours);
}

#[test]
fn q22_giving_up_bounds_the_list() {
    let q22 = case("Q22");
    let of = |t: f64| {
        fluid_list_with_giving_up(
            q22.given("q0"),
            q22.given("lambda"),
            q22.given("capacity"),
            q22.given("theta"),
            t,
        )
    };
    let ours: Vec<f64> = q22.given_list("t").into_iter().map(of).collect();
    q22.check_list("queue", &ours);
    q22.check("limit", of(1e6));
}

#[test]
fn q23_trainees_clear_a_backlog() {
    let q23 = case("Q23");
    // People a year: 12 times what one helps in a month at full share.
    let annual = 12.0 * q23.given("per_trainee");
    let helped = people_helped_by_month(
        &[(0, q23.given("trainees"))],
        annual,
        &q23.given_list("ramp"),
        12,
    );
    let qualified = q23.given("qualified") * q23.given("per_qualified");
    let capacity: Vec<f64> = helped.iter().map(|helped| qualified + helped).collect();
    q23.check_list("capacity", &capacity);
    let list = list_by_period(0.0, q23.given("arrivals"), &capacity);
    q23.check_list("queue_end_of_month", &list);
    let peak = list.iter().copied().fold(0.0, f64::max);
    q23.check("peak", peak);
    let month = list.iter().position(|&people| people == peak).unwrap() + 1;
    q23.check("peak_month", month as f64);
}

#[test]
fn q28_waiting_list_arithmetic_of_the_nhs() {
    let q28 = case("Q28");
    let (demand, list) = (q28.given("demand"), q28.given("queue"));
    let (target, factor) = (q28.given("target_weeks"), q28.given("factor"));
    q28.check("load", load(demand, q28.given("capacity")));
    q28.check("target_mean_wait", target_mean_wait(target, factor));
    let wanted = target_list(demand, target, factor);
    q28.check("target_queue", wanted);
    q28.check("queue_ratio", list / wanted);
    let relief = relief_capacity(demand, list, wanted, q28.given("weeks_to_target"));
    q28.check("relief_capacity", relief);
    q28.check("pressure", pressure(q28.given("avg_wait_weeks"), target));
    let grows = fluid_list(list, demand, q28.given("capacity"), 1.0) - list;
    q28.check("weekly_growth_now", grows);
}

#[test]
fn t01_and_t02_a_trainee_year() {
    for id in ["T01", "T02"] {
        let year = case(id);
        let ramp = year.given_list("ramp");
        let helped = people_helped_by_month(&[(0, 1.0)], year.given("annual"), &ramp, 12);
        year.check("patients", helped.iter().sum());
    }
}

#[test]
fn t03_the_zero_phase_that_gives_170() {
    let t03 = case("T03");
    let (annual, target) = (t03.given("annual"), t03.given("target"));
    let months = months_at_zero(annual, target, t03.given("p"), t03.given("full_from_month"));
    t03.check("zero_months", months);
}

#[test]
fn t04_two_intakes() {
    let t04 = case("T04");
    let intakes = t04.value("inputs", "intakes").as_array().unwrap();
    let intakes: Vec<(usize, f64)> = intakes
        .iter()
        .map(|pair| {
            let first = usize::try_from(pair[0].as_u64().unwrap()).unwrap();
            (first, pair[1].as_f64().unwrap())
        })
        .collect();
    let helped = people_helped_by_month(&intakes, t04.given("annual"), &t04.given_list("ramp"), 24);
    t04.check_list("monthly_capacity", &helped);
    t04.check("total", helped.iter().sum());
}

#[test]
fn t06_days_in_practice() {
    let t06 = case("T06");
    // A day a week at the university for PWP trainees, two for HI trainees.
    let (wte, days) = practice(&[(t06.given("pwp"), 1.0), (t06.given("hi"), 2.0)]);
    t06.check("practice_wte", wte);
    t06.check("training_days_per_week", days);
}

#[test]
fn s01_supervisors_at_five_each() {
    let s01 = case("S01");
    let ratio = s01.given("ratio");
    let needed = |n: &f64| supervisors_needed(*n, ratio);
    let ours: Vec<f64> = s01.given_list("n").iter().map(needed).collect();
    s01.check_list("supervisors", &ours);
}

#[test]
fn s02_one_qualified_to_two_trainees() {
    let s02 = case("S02");
    let ratio = s02.given_list("ratio");
    let ratio = ratio[0] / ratio[1];
    let qualified: Vec<f64> = (0..12)
        .map(|n| qualified_needed(f64::from(n), ratio))
        .collect();
    s02.check_list("qualified", &qualified);
    let trainees: Vec<f64> = (0..7).map(|q| most_trainees(f64::from(q), ratio)).collect();
    s02.check_list("max_trainees", &trainees);
}

#[test]
fn s03_hours_of_case_management_and_skills() {
    let s03 = case("S03");
    let (people, weeks) = (s03.given("n"), s03.given("weeks"));
    let (received, given) = hours_received_and_given(people, weeks, 1.0, 0.5, 4.0);
    s03.check("hours_received", received);
    s03.check("hours_given_if_skills_group_of_4", given);
}

#[test]
fn m01_and_m02_whole_posts_by_largest_remainder() {
    let m01 = case("M01");
    let mix = m01.given_list("mix");
    let totals = m01.value("inputs", "totals").as_array().unwrap();
    for (place, total) in totals.iter().enumerate() {
        let total = u32::try_from(total.as_u64().unwrap()).unwrap();
        let ours: Vec<f64> = largest_remainder(&mix, total)
            .into_iter()
            .map(f64::from)
            .collect();
        m01.check_list(&format!("split.{place}"), &ours);
    }
    let m02 = case("M02");
    for (label, mix) in [("40:60", [40.0, 60.0]), ("60:40", [60.0, 40.0])] {
        let ours = largest_remainder(&mix, 3600);
        let ours: Vec<f64> = ours.into_iter().map(f64::from).collect();
        m02.check_list(label, &ours);
    }
}

/// Ratios of published counts; `published::v6` has the same funnel from the founding pack.
#[test]
fn m03_the_first_year_cascade() {
    let m03 = case("M03");
    let (referrals, assessed) = (m03.given("referrals"), m03.given("assessed"));
    let completed = m03.given("completed");
    m03.check("p_assessed", share(assessed, referrals));
    m03.check("p_completed_given_assessed", share(completed, assessed));
    m03.check("p_completed", share(completed, referrals));
    let seen = assessed * m03.given("pwp_share");
    m03.check("seen_by_pwp_if_of_assessed", seen);
    // 250 people a PWP and year: the WTE that one month each of everybody's year would take.
    let by_one = people_helped_by_month(&[(0, 1.0)], 250.0, &[], 12)
        .iter()
        .sum::<f64>();
    m03.check("pwp_needed_at_250", seen / by_one);
}

fn m04_service() -> Scenario {
    let m04 = case("M04");
    let text = format!(
        "calendar.weeks = 52\ndemand.rate = {{ referrals = {}, per = \"year\" }}\n\
         pathway.opt_in.share = {}\npathway.assessment.slots_per_week = 1000\n\
         {routes}{gsh}dna = {dna}\nstep_up = {}\nstep_up_to = \"step3.therapy\"\n{therapy}dna = {dna}\n",
        m04.given("referrals"),
        m04.given("assessed"),
        m04.given("step_up"),
        routes = routes(
            &format!("self_help = {}", m04.given("to2")),
            &format!("therapy = {}", m04.given("to3")),
            0.1
        ),
        gsh = without(
            &treatment(2, "self_help", "pwp", m04.given("sess2"), 45.0),
            "step_up"
        ),
        therapy = without(
            &treatment(3, "therapy", "hit", m04.given("sess3"), 75.0),
            ""
        ),
        dna = m04.given("dna"),
    );
    let staff =
        role("pwp", "low_intensity", 1000.0, 37.5) + &role("hit", "high_intensity", 1000.0, 37.5);
    scenario("blank", &(text + &staff))
}

/// A treatment without its `dna` and `field` lines, to be stated anew.
fn without(text: &str, field: &str) -> String {
    let stated = |line: &&str| {
        let name = line.split(" = ").next().unwrap();
        name != "dna" && name != field
    };
    text.lines()
        .filter(stated)
        .flat_map(|line| [line, "\n"])
        .collect()
}

/// M04 read from the plan. 4.98 sessions are a mixture of 4 and 5; nobody drops out, so every completer's
/// plan is attended in full and 9 % of all starters step up: 106.5 + 0.09 x 532.5 = 154.425.
#[test]
fn m04_stepped_care_as_a_plan() {
    let m04 = case("M04");
    let plan = plan(&m04_service()).unwrap();
    let needs = plan.needs();
    assert_close(needs.demand.assessed, 710.0, 1e-12);
    let [step2, step3] = needs.starts[..] else {
        panic!("two treatments")
    };
    m04.check("step2", step2);
    m04.check("step3", step3);
    let course = |index: usize| Course::new(&plan.timetable().treatments[index].said, &[]);
    m04.check("attended_step2", step2 * course(0).sessions_attended());
    m04.check("attended_step3", step3 * course(1).sessions_attended());
    m04.check("booked_step2", step2 * course(0).sessions_booked());
    m04.check("booked_step3", step3 * course(1).sessions_booked());
    let attended = m04.wanted("attended_step2") + m04.wanted("attended_step3");
    assert_close(needs.demand.attended, 710.0 + attended, 1e-9);
}

/// M04 week by week: the 1,000 come in the first of three years, and all have left at the end.
#[test]
fn m04_stepped_care_as_a_run() {
    let m04 = case("M04");
    let month = |month: i32| {
        let (year, of_year) = (2025 + (month + 2) / 12, (month + 2) % 12 + 1);
        let people = if month == 1 { 1000 } else { 0 };
        (format!("{year}-{of_year:02}"), toml::Value::Integer(people))
    };
    let months = (1..=36).map(month).collect();
    let text = m04_service().to_toml();
    let service = Scenario::from_toml(&text).unwrap();
    let series = toml::Table::from_iter([("months".to_string(), toml::Value::Table(months))]);
    let service = service
        .with_all([
            ("demand.series".to_string(), toml::Value::Table(series)),
            ("calendar.weeks".to_string(), toml::Value::Integer(156)),
        ])
        .unwrap();
    let run = run(&service);
    let sum = |name: &str| figures(&run, "weekly", name).iter().sum::<f64>();
    assert_close(sum("referrals"), 1000.0, 1e-12);
    m04.check("step2", sum("course_starts_step2"));
    m04.check("step3", sum("course_starts_step3"));
    m04.check("attended_step2", sum("attended_self_help"));
    m04.check("attended_step3", sum("attended_therapy"));
    let booked = m04.wanted("booked_step2") + m04.wanted("booked_step3");
    assert_close(sum("booked"), 710.0 + booked, 1e-9);
}

/// Ratios of published costs. The division 493 / 99 proves nothing by itself, so the courses of the
/// founding pack are put beside it: their sessions times the published cost of a session must come to the
/// published cost of a course.
#[test]
fn p01_unit_costs_of_the_east_of_england() {
    let p01 = case("P01");
    let cost = |kind: &str, of: &str| p01.value("inputs", kind)[of].as_f64().unwrap();
    for of in ["LI", "HI"] {
        let sessions = cost("cost_treatment", of) / cost("cost_session", of);
        p01.check(&format!("sessions.{of}"), sessions);
    }
    for of in ["LI", "HI", "stepped_down", "stepped_up", "all"] {
        let recovery = share(cost("cost_treatment", of), cost("cost_recovered", of));
        p01.check(&format!("implied_recovery.{of}"), recovery);
    }
    let pack = Scenario::preset("iapt-2008").unwrap();
    let pathway = &pack.spec().pathway;
    let low = Course::new(&pathway.step2["guided_self_help"], &[]).sessions_attended();
    let high = Course::new(&pathway.step3["cbt"], &[]).sessions_attended();
    // The drop-out of the pack is rounded to four digits.
    assert_close(
        low * cost("cost_session", "LI"),
        cost("cost_treatment", "LI"),
        1e-3,
    );
    assert_close(
        high * cost("cost_session", "HI"),
        cost("cost_treatment", "HI"),
        1e-3,
    );
}

/// Sites from 22 low-intensity treatments a high-intensity one down to one half: each is a pathway that the
/// model takes, and its plan has the published share.
#[test]
fn p02_shares_of_low_intensity_treatments() {
    let p02 = case("P02");
    let staff = role("pwp", "low_intensity", 1.0, 22.0) + &role("hit", "high_intensity", 1.0, 22.0);
    let courses = treatment(2, "low", "pwp", 6.0, 45.0) + &treatment(3, "high", "hit", 12.0, 75.0);
    let share_of = |ratio: f64| -> f64 {
        let high = 1.0 / (1.0 + ratio);
        let (low, high) = (format!("low = {}", 1.0 - high), format!("high = {high}"));
        let text = "demand.rate = { referrals = 7698, per = \"year\" }\n".to_string()
            + &routes(&low, &high, 0.0)
            + &courses
            + &staff;
        let flow = plan(&scenario("blank", &text)).unwrap().needs().demand;
        share(
            flow.course_starts_step2,
            flow.course_starts_step2 + flow.course_starts_step3,
        )
    };
    let ours: Vec<f64> = p02.given_list("ratios").into_iter().map(share_of).collect();
    p02.check_list("low_share", &ours);
}

#[test]
fn p04_national_funding() {
    let p04 = case("P04");
    let funding = p04.given_list("funding");
    let total: f64 = funding.iter().sum();
    p04.check("total", total);
    p04.check("pv", present_value(&funding, p04.given("rate")).unwrap());
    p04.check("per_therapist_gbp", total * 1e6 / 3600.0);
    p04.check("per_person_gbp", total * 1e6 / 900_000.0);
}

#[test]
fn f01_a_pay_award_part_way() {
    let f01 = case("F01");
    let year = YearWithAward {
        wte: f01.given("wte"),
        salary: f01.given("salary"),
        oncost: f01.given("oncost"),
        award: f01.given("uplift"),
        from_month: 7,
    };
    assert_eq!(f01.given("from_month"), 7.0);
    f01.check("year", year_cost_with_award(year).unwrap());
}

#[test]
fn f02_five_years_discounted() {
    let f02 = case("F02");
    let flow = f02.given_list("flow");
    f02.check("npv", present_value(&flow, f02.given("rate")).unwrap());
    f02.check("npv", annuity_due(flow[0], 5, f02.given("rate")).unwrap());
}
