//! The region is the sum of its services; waits are those of its people; threads change nothing.

use skillmix::project::{Horizon, Projection};
use skillmix::region::{Region, RegionProjection};
use skillmix::scenario::Scenario;
use skillmix::table::{Column, Table, Values};

use crate::common::{assert_all_close, assert_close, preset, toml};
use crate::sharing::{region, service};

fn three_services() -> Region {
    let ours = |changes: &[(&str, &str)]| -> Scenario {
        let changes: Vec<_> = changes
            .iter()
            .map(|(path, value)| (*path, toml(value)))
            .collect();
        preset("talking-therapies-2025", &changes)
    };
    region(
        vec![
            ("mid", ours(&[("name", "\"mid\"")])),
            (
                "large",
                ours(&[
                    ("demand.rate", "{ referrals = 19000, per = \"year\" }"),
                    ("staff.pwp.in_post", "31.0"),
                    ("staff.hit.in_post", "22.5"),
                ]),
            ),
            (
                "small",
                ours(&[
                    ("demand.rate", "{ referrals = 3000, per = \"year\" }"),
                    ("staff.hit.in_post", "3.5"),
                    ("waiting.step3.cbt", "{ weeks = [9, 8, 8, 5, 5, 4] }"),
                ]),
            ),
        ],
        "[groups]\nfar = [\"large\"]\nnear = [\"mid\", \"small\"]\n\
         [[places]]\ncourse = \"pwp\"\nstart = 2025-10-01\nplaces = 11\nat = \"A\"\n\
         [[places]]\ncourse = \"hit\"\nstart = 2025-10-01\nplaces = 7\nat = \"B\"\n\
         [[budget]]\nyear = \"2025/26\"\npayer = \"national\"\npounds = 900000\n\
         [[budget]]\nyear = \"2026/27\"\npayer = \"all\"\npounds = 12000000\n\
         [[budget]]\nyear = \"2026/27\"\npayer = \"all\"\npounds = 1000000\n\
         roles = [\"hit\", \"hit_trainee\"]\n",
    )
}

fn run() -> RegionProjection {
    three_services().project(Horizon::Years(3)).unwrap()
}

fn sum_of(run: &RegionProjection, table: &str, column: &str) -> Vec<f64> {
    let parts: Vec<Vec<f64>> = run
        .runs()
        .map(|(_, run)| run.table(table).unwrap().numbers(column).to_vec())
        .collect();
    (0..parts[0].len())
        .map(|row| parts.iter().map(|part| part[row]).sum())
        .collect()
}

fn is_count(column: &Column) -> bool {
    column.unit == "people" && matches!(column.values, Values::Number(_))
}

#[test]
fn people_of_the_region_are_those_of_its_services() {
    let run = run();
    for table in ["monthly", "quarterly", "yearly"] {
        let together = run.table(table).unwrap();
        let mut counted = 0;
        for column in together.columns.iter().filter(|column| is_count(column)) {
            let expected = sum_of(&run, table, &column.name);
            assert_all_close(column.numbers().unwrap(), &expected, 1e-9);
            counted += 1;
        }
        assert!(counted > 30, "{table}: {counted} columns of people");
    }
    let together = run.table("waiting").unwrap();
    assert_all_close(
        together.numbers("people"),
        &sum_of(&run, "waiting", "people"),
        1e-9,
    );
}

/// Weeks waited of all who started, over all who started: each service's wait weighted by its starts.
#[test]
fn a_wait_of_the_region_is_one_of_its_people() {
    let run = run();
    let together = run.table("monthly").unwrap();
    for (wait, taken) in [
        ("wait_assessment_weeks", "assessed"),
        ("wait_step2_weeks", "course_starts_step2"),
        ("wait_step3_weeks", "course_starts_step3"),
        ("wait_cbt_weeks", "starts_cbt"),
    ] {
        let parts: Vec<Table> = run
            .runs()
            .map(|(_, run)| run.table("monthly").unwrap())
            .collect();
        for row in 0..together.len() {
            let starts: f64 = parts.iter().map(|part| part.numbers(taken)[row]).sum();
            let weeks: f64 = parts
                .iter()
                .map(|part| part.numbers(wait)[row] * part.numbers(taken)[row])
                .sum();
            assert_close(together.numbers(wait)[row], weeks / starts, 1e-9);
        }
        // A mean of the services' means would be another figure.
        let mean = parts.iter().map(|part| part.numbers(wait)[5]).sum::<f64>() / 3.0;
        assert!(
            (together.numbers(wait)[5] / mean - 1.0).abs() > 1e-3,
            "{wait}"
        );
    }
}

fn pounds_of(table: &Table) -> i64 {
    pence(table.numbers("pounds").iter().sum())
}

#[allow(clippy::cast_possible_truncation)] // pence of a region
fn pence(pounds: f64) -> i64 {
    (pounds * 100.0).round() as i64
}

#[test]
fn every_penny_and_post_is_a_services_own() {
    let run = run();
    let services: i64 = run
        .runs()
        .map(|(_, run)| pounds_of(&run.table("cost").unwrap()))
        .sum();
    assert!(services > 0);
    for table in ["cost", "summary", "services", "groups"] {
        assert_eq!(pounds_of(&run.table(table).unwrap()), services, "{table}");
    }
    let staff = run.table("staff").unwrap();
    for column in [
        "posts",
        "in_post",
        "joined",
        "left",
        "in_training",
        "ramped_wte",
    ] {
        let together: f64 = staff.numbers(column).iter().sum();
        let apart: f64 = sum_of(&run, "staff", column).iter().sum();
        assert_close(together, apart, 1e-9);
    }
}

/// Money less the cost that this payer bears, from the leaves of the services.
#[test]
fn the_budget_is_set_against_its_payers_cost() {
    let run = run();
    let budget = run.table("budget").unwrap();
    let cost_of = |year: &str, payer: Option<&str>, roles: &[&str]| -> f64 {
        let leaves = run.runs().flat_map(|(_, run)| {
            let cost = run.table("cost").unwrap();
            let here = |&row: &usize| {
                cost.texts("year")[row] == year
                    && payer.is_none_or(|payer| cost.texts("payer")[row] == payer)
                    && (roles.is_empty() || roles.contains(&cost.texts("role")[row].as_str()))
            };
            let pounds = cost.numbers("pounds");
            (0..cost.len())
                .filter(here)
                .map(|row| pounds[row])
                .collect::<Vec<_>>()
        });
        leaves.sum()
    };
    let expected = [
        cost_of("2025/26", Some("national"), &[]),
        cost_of("2026/27", None, &[]),
        cost_of("2026/27", None, &["hit", "hit_trainee"]),
    ];
    assert_all_close(budget.numbers("cost"), &expected, 1e-9);
    assert!(expected[2] > 0.0 && expected[2] < expected[1]);
    let stated = [900_000.0, 12_000_000.0, 1_000_000.0];
    let left = [0, 1, 2].map(|row| stated[row] - expected[row]);
    for (variance, left) in budget.numbers("variance").iter().zip(left) {
        assert!((variance - left).abs() < 0.01, "{variance} for {left}");
    }
}

/// Every place goes to a service or stays over, and becomes a trainee of that service.
#[test]
fn places_become_trainees() {
    let run = run();
    let places = run.table("places").unwrap();
    for row in 0..places.len() {
        let [there, given, left] =
            ["places", "allocated", "left_over"].map(|name| places.numbers(name)[row]);
        assert_eq!(given + left, there);
        assert_eq!(left, 0.0);
    }
    let trainees: f64 = run
        .runs()
        .flat_map(|(_, run)| &run.scenario().spec().training.intakes)
        .map(|intake| intake.trainees.mean())
        .sum();
    assert_eq!(trainees, 18.0);
}

#[test]
fn threads_and_the_order_of_services_change_no_figure() {
    let with_threads = |threads: usize| -> Vec<Table> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let run = pool.install(run);
        run.tables()
            .into_iter()
            .map(|name| run.table(name).unwrap())
            .collect()
    };
    let same = |ours: &[Table], theirs: &[Table]| {
        for (ours, theirs) in ours.iter().zip(theirs) {
            assert_eq!(format!("{ours:?}"), format!("{theirs:?}"));
        }
    };
    let one = with_threads(1);
    same(&one, &with_threads(2));
    same(&one, &with_threads(7));
    let read = Region::from_toml(&three_services().to_toml()).unwrap();
    let again = read.project(Horizon::Years(3)).unwrap();
    let tables: Vec<_> = again
        .tables()
        .into_iter()
        .map(|name| again.table(name).unwrap())
        .collect();
    same(&one, &tables);
}

/// A region of one service is that service.
#[test]
fn one_service_is_itself() {
    let alone = service("north", 4160, 4.0, "");
    let ours = region(vec![("north", alone.clone())], "")
        .project(Horizon::Scenario)
        .unwrap();
    let theirs: Projection = skillmix::project(&alone, Horizon::Scenario).unwrap();
    for table in ["monthly", "quarterly", "yearly", "waiting"] {
        let (ours, theirs) = (ours.table(table).unwrap(), theirs.table(table).unwrap());
        assert_eq!(format!("{ours:?}"), format!("{theirs:?}"));
    }
}

/// A treatment that only one service has is in the region's tables beside the others'.
#[test]
fn treatments_of_one_service_are_kept() {
    let plain = service("north", 4160, 4.0, "");
    let other = crate::common::changed(
        &service("south", 2080, 4.0, ""),
        &[
            (
                "pathway.step2.class",
                toml(
                    "{ title = \"Class\", roles = [\"pwp\"], first_minutes = 30, followup_minutes = 30, \
                 interval_weeks = 1, sessions = 1, drop_out = 0, dna = 0, patient_cancel = 0, \
                 provider_cancel = 0, reuse = 0, renege_per_week = 0, step_up = 0, step_down = 0, \
                 recovery = 1, reliable_recovery = 1, reliable_improvement = 1, at_caseness = 1 }",
                ),
            ),
            (
                "pathway.routes",
                toml(
                    "{ step2 = { class = 0.5, help = 0.5 }, step3 = {}, signposted = 0, declined = 0, \
                 not_suitable = 0, referred_on = 0 }",
                ),
            ),
        ],
    );
    let run = region(vec![("a", plain), ("b", other)], "")
        .project(Horizon::Scenario)
        .unwrap();
    let monthly = run.table("monthly").unwrap();
    let (_, b) = run.runs().nth(1).unwrap();
    let own = b.table("monthly").unwrap();
    assert_eq!(monthly.numbers("starts_class"), own.numbers("starts_class"));
    assert!(monthly.numbers("starts_class").iter().sum::<f64>() > 1000.0);
    assert_all_close(
        monthly.numbers("starts_help"),
        &sum_of(&run, "monthly", "starts_help"),
        1e-9,
    );
}
