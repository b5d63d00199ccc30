//! The worked example of `docs/targets.md`, all numbers by hand.

use skillmix::Scenario;
use skillmix::targets::extra_wte;

use crate::common::{assert_close, column, figures, role, routes, scenario, treatment};
use crate::{places, to};

/// Ten people a week need one session of six hours; three therapists give 3 x 20 / 6 = 10 a week, so that
/// the list of 300 stays as it is. Nobody leaves.
fn textbook(policy: &str) -> Scenario {
    let hit = role("hit", "high_intensity", 3.0, 20.0).replace(
        r#"policy = "frozen", lead_weeks = 0, fill_share = 0.0"#,
        policy,
    );
    let trainee = role("hit_trainee", "high_intensity", 0.0, 0.0);
    let text = format!(
        r#"
[calendar]
start = 2025-10-01
weeks = 208
[demand]
rate = {{ referrals = 520, per = "year" }}
[pathway.screening]
role = "hit"
[pathway.assessment]
role = "hit"
slots_per_week = 20
[waiting.step3.cbt]
people = 300
longest_weeks = 30
[training.courses.hit]
title = "Training"
trainee_role = "hit_trainee"
becomes = "hit"
months = 12
ramp = [{{ from_month = 1, share = 0.0 }}]
teaching_days_per_week = 2
leavers_per_year = 0.0
fee = 0
salary_support = 0.0
months_qualified_before = 0
{}{}{hit}{trainee}"#,
        routes("", "cbt = 1.0", 0.0),
        treatment(3, "cbt", "hit", 1.0, 360.0),
    );
    scenario("blank", &text)
}

const FROZEN: &str = r#"policy = "frozen", lead_weeks = 0, fill_share = 0.0"#;

#[test]
fn the_list_stays_as_it_is_without_a_plan() {
    let run = crate::common::run(&textbook(FROZEN));
    let waiting = figures(&run, "weekly", "waiting_step3");
    // The ten who are assessed in the first week join at its end, when ten have started.
    assert_close(waiting[0], 300.0, 1e-9);
    assert_close(waiting[200], 300.0, 1e-9);
}

/// 200 people fewer in 104 weeks are 1.923 starts a week, at 6 hours each 0.577 WTE of 20 hours. Trainees
/// qualify on the second day of week 52 and do nothing before. One of them gives 20 / 6 = 3.33 starts a week:
/// to the end of the month that begins in week 104 (108 weeks) 55.8 x 3.33 = 186, which leaves 114 of 300.
/// Two give 372: the list is empty. So it takes two places in the first autumn and none later.
#[test]
fn two_places_bring_a_list_of_300_to_100_in_two_years() {
    // Day 728 of the plan.
    let plan = to(
        &textbook(FROZEN),
        "waiting_step3 = 100\nby = \"2027-09-29\"",
    )
    .unwrap();
    assert_eq!(places(&plan, "hit"), [2, 0, 0]);
    assert!(plan.recruits().is_empty());
    let path = plan.table("path").unwrap();
    assert_close(column(&path, "standing")[0], 3.0, 1e-9);
    let by_hand = 200.0 / 104.0 * 6.0 / 20.0;
    assert_close(column(&path, "extra")[0], by_hand, 1e-9);
    assert_close(extra_wte(300.0, 100.0, 104.0, 6.0, 20.0), by_hand, 1e-12);
    // Three and the extra are needed, three work.
    assert_close(column(&path, "shortfall")[0], by_hand, 1e-9);
    let one = plan
        .scenario()
        .with("training.intakes[0].trainees", 1)
        .unwrap();
    let waiting = figures(&crate::common::run(&one), "weekly", "waiting_step3");
    assert_close(waiting[107], 300.0 - 55.8 * 20.0 / 6.0, 1e-9);
    // Both posts are new: nobody has left.
    let table = plan.table("places").unwrap();
    assert_close(column(&table, "growth")[0], 2.0, 1e-9);
    let posts = figures(plan.run(), "staff", "posts");
    assert_close(posts.iter().copied().fold(0.0, f64::max), 5.0, 1e-9);
}

/// In 47 weeks no trainee qualifies. 200 / 47 = 4.26 starts a week take 1.277 WTE; one recruit who joins in
/// the second week gives 50 or 51 x 3.33 = 170 at most by the end of that month, two are enough.
#[test]
fn before_trainees_qualify_two_posts_are_advertised() {
    let service = textbook(r#"policy = "to_posts", lead_weeks = 0, fill_share = 1.0"#);
    let plan = to(&service, "waiting_step3 = 100\nby = \"2026-08-26\"").unwrap();
    assert_eq!(plan.recruits(), [("hit".to_string(), 2.0)]);
    assert_eq!(places(&plan, "hit"), [0, 0, 0]);
    let path = plan.table("path").unwrap();
    assert_close(column(&path, "extra")[0], 200.0 / 47.0 * 6.0 / 20.0, 1e-9);
    // With training alone nobody is there in time.
    let missed = to(
        &service,
        "waiting_step3 = 100\nby = \"2026-08-26\"\nlevers = \"training\"",
    );
    let message = missed.unwrap_err().to_string();
    assert!(
        message.contains("time: trainees who start on 2025-10-01"),
        "{message}"
    );
    assert!(message.contains("the best that can be had is"), "{message}");
}
