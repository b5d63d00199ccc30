//! What is said of leaving, absence, recruitment and employers is checked; roles and absences of the shelf
//! are taken by their names.

use skillmix::error::{Error, Problem};
use skillmix::scenario::Scenario;

use crate::common::{preset, toml};

const PACK: &str = "talking-therapies-2025";

#[track_caller]
fn refused(changes: &[(&str, &str)]) -> Vec<Problem> {
    let changes = changes
        .iter()
        .map(|&(path, value)| (path.to_string(), toml(value)));
    match Scenario::preset(PACK).unwrap().with_all(changes) {
        Err(Error::Scenario(problems)) => problems,
        other => panic!("no ScenarioError: {other:?}"),
    }
}

#[test]
#[allow(clippy::too_many_lines)] // a list of what may be wrong
fn what_cannot_be_is_refused_at_its_path() {
    let leaving = "staff.pwp.leaving";
    let hire = "staff.pwp.recruitment";
    for (path, value, at, says) in [
        // Dates that overlap, turn back or lie outside the plan, which starts on 1 April 2025.
        (
            "staff.pwp.posts_changes",
            "[{ from = 2025-04-01, posts = 9 }]",
            "staff.pwp.posts_changes[0].from",
            "after 2025-04-01",
        ),
        (
            "staff.pwp.posts_changes",
            "[{ from = 2026-01-01, posts = 9 }, { from = 2026-01-01, posts = 8 }]",
            "staff.pwp.posts_changes[1].from",
            "after 2026-01-01",
        ),
        (
            "staff.pwp.posts_changes",
            "[{ from = 2199-01-01, posts = 9 }]",
            "staff.pwp.posts_changes[0].from",
            "and to 20",
        ),
        (
            &*format!("{hire}.freezes"),
            "[{ from = 2025-09-01, to = 2025-08-01 }]",
            &*format!("{hire}.freezes[0].to"),
            "2025-09-01 or later",
        ),
        (
            &*format!("{hire}.freezes"),
            "[{ from = 2025-05-01, to = 2025-08-01 }, { from = 2025-08-01, to = 2025-09-01 }]",
            &*format!("{hire}.freezes[1].from"),
            "after 2025-08-01",
        ),
        (
            &*format!("{hire}.freezes"),
            "[{ from = 2024-05-01, to = 2024-08-01 }]",
            &*format!("{hire}.freezes[0].to"),
            "2025-04-01 or later",
        ),
        (
            &*format!("{hire}.overtime"),
            "{ hours_per_wte = 2, bookable_share = 1, premium = 0.5, from = 2026-02-01, to = 2026-01-01 }",
            &*format!("{hire}.overtime.to"),
            "2026-02-01 or later",
        ),
        (
            &*format!("{hire}.advert_months"),
            "[9, 1]",
            &*format!("{hire}.advert_months"),
            "rising order",
        ),
        (
            &*format!("{hire}.advert_months"),
            "[13]",
            &*format!("{hire}.advert_months[0]"),
            "1 to 12",
        ),
        // Steps, shares, seasons and rates.
        (
            &*format!("{leaving}.by_tenure"),
            "[{ from_months = 6, times = 1 }]",
            &*format!("{leaving}.by_tenure"),
            "0 first",
        ),
        (
            &*format!("{leaving}.by_tenure"),
            "[{ from_months = 0, times = 1 }, { from_months = 24, times = 2 }, { from_months = 12, times = 1 }]",
            &*format!("{leaving}.by_tenure"),
            "then rising",
        ),
        (
            &*format!("{leaving}.opening_tenure"),
            "[{ months = 6, share = 0.5 }, { months = 30, share = 0.4 }]",
            &*format!("{leaving}.opening_tenure"),
            "sum to 0.9000",
        ),
        (
            &*format!("{leaving}.season"),
            "[2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]",
            &*format!("{leaving}.season"),
            "mean 1",
        ),
        (
            &*format!("{leaving}.reasons"),
            "{ clinical_psychology = 0.1, retirement = 0.1 }",
            &*format!("{leaving}.reasons"),
            "sum to 0.2000",
        ),
        (
            &*format!("{leaving}.reasons"),
            "{ other = 0.1 }",
            &*format!("{leaving}.reasons.other"),
            "by itself",
        ),
        (
            &*format!("{leaving}.senior_posts"),
            "{ role = \"pwp_senor\", share = 0.2, times = 0.8 }",
            &*format!("{leaving}.senior_posts.role"),
            "no role \"pwp_senor\"",
        ),
        (
            &*format!("{leaving}.senior_posts"),
            "{ role = \"pwp\", share = 0.2, times = 0.8 }",
            &*format!("{leaving}.senior_posts.role"),
            "a senior role",
        ),
        (
            "staff.pwp.absences.sabbatical",
            "{ starts_per_year = 2, weeks = 52, paid_share = 0, cover_share = 0, cover_premium = 0, not_returning = 0, returns_at = 1 }",
            "staff.pwp.absences",
            "1.99 people would be absent",
        ),
        // Ratios, payers, employers.
        (
            "staff.administrator.ratio.of",
            "[\"hitt\"]",
            "staff.administrator.ratio.of[0]",
            "no role \"hitt\"",
        ),
        (
            "staff.counsellor.ratio",
            "{ per = 3, of = [\"hit\"] }",
            "staff.counsellor.in_post",
            "the ratio says",
        ),
        (
            "staff.hit.payers",
            "{ service = 0.6, other = 0.3 }",
            "staff.hit.payers",
            "the shares sum to",
        ),
        (
            "staff.hit.payers",
            "{ charity = 1 }",
            "staff.hit.payers.charity",
            "no such field",
        ),
        (
            "staff.hit.employer",
            "\"other\"",
            "staff.hit.own_pay",
            "what does an employer",
        ),
        (
            "staff.hit.own_pay",
            "{ salary = 45000, on_cost_share = 0.2 }",
            "staff.hit.own_pay",
            "Agenda for Change",
        ),
        (
            "staff.hit.own_pay",
            "{ salary = -1, on_cost_share = 0.2 }",
            "staff.hit.own_pay.salary",
            "1000 to 1000000",
        ),
        (
            "staff.hit.own_pay",
            "{ salary = 45000000, on_cost_share = 0.2 }",
            "staff.hit.own_pay.salary",
            "1000 to 1000000",
        ),
        // Trainees belong to courses.
        (
            "staff.pwp_trainee.leaving",
            "{ counts = \"gross\" }",
            "staff.pwp_trainee.leaving",
            "training.courses",
        ),
    ] {
        let found = refused(&[(path, value)]);
        let problem = found.iter().find(|problem| problem.path == at);
        let problem = problem.unwrap_or_else(|| panic!("{path} = {value}: {found:?}"));
        let text = problem.to_string();
        assert!(text.contains(says), "{path} = {value}: {text}");
    }
}

#[test]
fn a_hazard_beyond_all_experience_is_refused() {
    let found = refused(&[
        ("staff.pwp.leavers_per_year", "5"),
        (
            "staff.pwp.leaving.by_tenure",
            "[{ from_months = 0, times = 3 }]",
        ),
    ]);
    assert!(
        found[0]
            .to_string()
            .contains("5 a year x 3 by tenure x 1 by season"),
        "{found:?}"
    );
}

#[test]
fn all_problems_of_people_come_at_once() {
    let found = refused(&[
        (
            "staff.pwp.recruitment.freezes",
            "[{ from = 2025-09-01, to = 2025-08-01 }]",
        ),
        (
            "staff.hit.leaving.opening_tenure",
            "[{ months = 6, share = 0.5 }]",
        ),
        ("staff.counsellor.payers", "{ service = 0.5 }"),
    ]);
    assert_eq!(found.len(), 3, "{found:?}");
}

#[test]
fn a_role_of_the_shelf_is_taken_by_its_name() {
    let base = Scenario::preset(PACK).unwrap();
    assert!(!base.spec().staff.contains_key("employment_adviser"));
    let three = preset(PACK, &[("staff.employment_adviser.in_post", toml("3.0"))]);
    let role = &three.spec().staff["employment_adviser"];
    // A stated number stands against the ratio of the shelf; the rest comes with its source.
    assert!(role.ratio.is_none() && role.in_post.mean() == 3.0);
    let assumptions = three.assumptions();
    let band = assumptions
        .iter()
        .find(|row| row.path == "staff.employment_adviser.band")
        .unwrap();
    assert_eq!(
        (band.value.as_str(), band.status.as_str()),
        ("\"5\"", "judgement")
    );
    let by_ratio = preset(PACK, &[("staff.administrator.ratio.per", toml("10.0"))]);
    let ratio = by_ratio.spec().staff["administrator"]
        .ratio
        .clone()
        .unwrap();
    assert_eq!((ratio.per.value(), ratio.of.len()), (10.0, 5));
}

#[test]
fn an_absence_of_the_shelf_is_taken_by_its_name() {
    let scenario = preset(
        PACK,
        &[("staff.pwp.absences.maternity.cover_share", toml("1.0"))],
    );
    let absence = &scenario.spec().staff["pwp"].absences["maternity"];
    assert_eq!((absence.weeks, absence.cover_share.mean()), (45, 1.0));
    let rows = scenario.assumptions();
    let weeks = rows
        .iter()
        .find(|row| row.path == "staff.pwp.absences.maternity.weeks")
        .unwrap();
    assert!(weeks.source.contains("terms and conditions"), "{weeks:?}");
}

#[test]
fn the_nearest_role_is_offered() {
    for (name, guess) in [
        ("employment_advisor", "employment_adviser"),
        ("pwp_senoir", "pwp_senior"),
    ] {
        let found = refused(&[(&format!("staff.{name}.in_post"), "3.0")]);
        assert_eq!(found[0].suggestion.as_deref(), Some(guess), "{found:?}");
    }
}

#[test]
fn every_row_of_the_shelf_makes_a_role_that_runs() {
    for name in skillmix::reference::packs::roles_on_shelf() {
        let scenario = preset(PACK, &[(&format!("staff.{name}.in_post"), toml("2.0"))]);
        assert!(skillmix::plan::plan(&scenario).is_ok(), "{name}");
    }
}
