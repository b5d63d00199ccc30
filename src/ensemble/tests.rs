//! Ensembles against hand sums, single runs and known chances.

use super::split::OneWay;
use super::*;
use crate::error::Problem;
use crate::luck::{hash, normal_quantile, uniform};
use crate::outcome::place;
use crate::project::{Replications, project, project_chance};
use crate::simulate::{self, simulate};
use crate::statistics::{Running, quantiles};
use crate::table::Values;

/// Eight PWPs more or less who never leave: what they cost is a straight line in their number.
fn straight(weeks: u32) -> Scenario {
    let text = format!(
        r#"
        schema = 1
        pack = "blank"
        calendar = {{ kind = "plain", start = 2025-04-01, weeks = {weeks} }}
        [staff.pwp]
        title = "PWP"
        family = "low_intensity"
        band = "5"
        pay_point = "middle"
        in_post = {{ unsure = {{ uniform = [4.0, 12.0] }} }}
        wte_per_head = 1.0
        job_plan = {{ patients = 22, supervision_received = 0, supervision_given = 0, cpd = 0, meetings = 0, other = 15.5, teaching = 0 }}
        availability = 1.0
        leavers_per_year = 0.0
        extra_supervision_hours = 0
        recruitment = {{ policy = "frozen", lead_weeks = 0, fill_share = 0.0 }}
        "#
    );
    Scenario::from_toml(&text).unwrap()
}

/// A real pack with what is not known about demand, turnover and recovery.
fn service(weeks: u32) -> Scenario {
    let text = format!(
        r#"
        schema = 1
        pack = "talking-therapies-2025"
        calendar = {{ start = 2025-04-01, weeks = {weeks} }}
        [demand.rate]
        referrals = {{ unsure = {{ uniform = [2000, 4000] }} }}
        per = "year"
        [staff.pwp]
        in_post = 8
        leavers_per_year = {{ unsure = {{ triangular = [0.1, 0.2, 0.6] }} }}
        [staff.hit]
        in_post = 8
        [pathway.step3.cbt]
        recovery = {{ unsure = {{ uniform = [0.3, 0.7] }} }}
        "#
    );
    Scenario::from_toml(&text).unwrap()
}

fn cost_of(scenario: &Scenario) -> f64 {
    let run = project(scenario, Horizon::Scenario).unwrap();
    run.table("cost").unwrap().numbers("pounds").iter().sum()
}

/// A run costs a + b x staff, so its quantiles and its mean are those of the draws on the same line.
#[test]
fn quantiles_of_a_straight_line_are_those_of_its_draws() {
    let scenario = straight(104);
    let at = |staff: f64| cost_of(&scenario.with("staff.pwp.in_post", staff).unwrap());
    let slope = (at(12.0) - at(4.0)) / 8.0;
    let line = |staff: f64| at(4.0) + slope * (staff - 4.0);
    let options = Options {
        draws: 500,
        ..Options::default()
    };
    let many = ensemble(&scenario, Horizon::Scenario, &options).unwrap();
    let outcomes = many.table("outcomes").unwrap();
    let mut staff = outcomes.numbers("staff.pwp.in_post").to_vec();
    for (&staff, &cost) in staff.iter().zip(outcomes.numbers("cost")) {
        assert!((cost - line(staff)).abs() < 0.03, "{staff}: {cost}");
    }
    let summary = many.table("summary").unwrap();
    let row = place("cost").unwrap();
    let running: Running = staff.iter().copied().collect();
    let mean = summary.numbers("mean")[row];
    assert!((mean - line(running.mean())).abs() < 0.03);
    assert!((summary.numbers("sd")[row] / (slope * running.sd()) - 1.0).abs() < 1e-6);
    for (name, share) in crate::record::spread::QUANTILES {
        let exact = line(quantiles(&mut staff, [share])[0]);
        let ours = summary.numbers(name)[row];
        assert!((ours - exact).abs() < 0.03, "{name}: {ours} {exact}");
    }
}

/// The interval of the mean of 24 worlds holds the mean of the family, 8, in 95 % of 1,000 studies; the standard
/// error of that share is sqrt(0.95 x 0.05 / 1000) = 0.7 %.
#[test]
fn intervals_of_the_mean_cover_it() {
    let scenario = straight(5);
    let at = |staff: f64| cost_of(&scenario.with("staff.pwp.in_post", staff).unwrap());
    let truth = at(8.0);
    let row = place("cost").unwrap();
    let studies = 1000;
    let covered = (0..studies).filter(|&seed| {
        let options = Options {
            draws: 24,
            seed,
            rules: false,
            ..Options::default()
        };
        let many = ensemble(&scenario, Horizon::Scenario, &options).unwrap();
        let summary = many.table("summary").unwrap();
        let (low, high) = (summary.numbers("low")[row], summary.numbers("high")[row]);
        low <= truth && truth <= high
    });
    let share = covered.count() as f64 / studies as f64;
    assert!((0.93..=0.97).contains(&share), "{share}");
}

/// Every number by month, every standard and every rule is that of the world run by itself.
#[test]
fn bands_and_chances_are_those_of_single_runs() {
    let scenario = service(80);
    let options = Options {
        draws: 11,
        seed: 4,
        ..Options::default()
    };
    let many = ensemble(&scenario, Horizon::Scenario, &options).unwrap();
    let worlds = Worlds::drawn(&scenario, options.design, 11, 4).unwrap();
    let single = |world: usize| {
        let values = worlds.paths().into_iter().zip(worlds.draw(world));
        let changes = values.map(|(path, &value)| (path.to_string(), toml::Value::Float(value)));
        project(&scenario.with_all(changes).unwrap(), Horizon::Scenario).unwrap()
    };
    let runs: Vec<_> = (0..11).map(single).collect();
    let bands = many.table("bands").unwrap();
    let tables = ["weekly", "monthly", "yearly"].map(|name| {
        let of = |run: &crate::project::Projection| run.table(name).unwrap();
        runs.iter().map(of).collect::<Vec<_>>()
    });
    let mut row = 0;
    for (kind, tables) in Kind::ALL.into_iter().zip(&tables) {
        for measure in MEASURES {
            if tables[0].column(measure).is_none() {
                row += tables[0].len();
                continue;
            }
            for period in 0..tables[0].len() {
                let mut values: Vec<f64> = (tables.iter())
                    .map(|table| table.numbers(measure)[period])
                    .collect();
                let mean = values.iter().sum::<f64>() / 11.0;
                let [median] = quantiles(&mut values, [0.5]);
                for (ours, theirs) in [("mean", mean), ("p50", median)] {
                    let ours = bands.numbers(ours)[row];
                    let close = (ours - theirs).abs() <= 1e-9 * theirs.abs() + 1e-9;
                    let odd = !theirs.is_finite();
                    assert!(
                        close || odd,
                        "{} {measure} {period}: {ours} {theirs}",
                        kind.name()
                    );
                }
                row += 1;
            }
        }
    }
    assert_eq!(row, bands.len());
    let chances = many.table("chances").unwrap();
    let months = many.periods.of(Kind::Month);
    for row in 0..chances.len() {
        let (kind, period) = (&chances.texts("kind")[row], &chances.texts("period")[row]);
        let (about, name) = (&chances.texts("about")[row], &chances.texts("name")[row]);
        if kind == "year" && about == "standard" {
            continue;
        }
        let broken = |run: &crate::project::Projection| {
            let all =
                crate::record::rules::broken(run.scenario().spec(), run.timetable(), run.record());
            let Some(rule) = all.into_iter().find(|rule| &rule.rule == name) else {
                return false;
            };
            rule.broken_in.iter().any(|&month| match kind.as_str() {
                "month" => &months[month].label == period,
                "year" => {
                    let year = run.timetable().calendar.months[month].financial_year;
                    &run.timetable().calendar.financial_years[year].label == period
                }
                _ => about != "standard" || months[month].complete,
            })
        };
        let kept = runs.iter().filter(|run| !broken(run)).count() as f64 / 11.0;
        // Months without finishers count for nobody.
        let counted = chances.numbers("runs")[row];
        if counted > 10.5 {
            let ours = chances.numbers("chance")[row];
            assert!(
                (ours - kept).abs() < 1e-12,
                "{name} {kind} {period}: {ours} {kept}"
            );
        }
    }
    assert!(
        chances
            .texts("about")
            .iter()
            .any(|about| about == "warning")
    );
    let some = |&chance: &f64| chance > 0.0 && chance < 1.0;
    assert!(chances.numbers("chance").iter().any(some));
}

/// Threads change no bit, whatever is run and however quantiles are worked out.
#[test]
fn threads_change_nothing() {
    let scenario = service(30);
    for (run, replications) in [(Run::Project, 1), (Run::Chance, 3), (Run::Simulate, 2)] {
        for quantiles in Quantiles::ALL {
            let of = |threads: usize| {
                let options = Options {
                    draws: 40 / replications,
                    run,
                    replications,
                    quantiles: Some(quantiles),
                    rules: run == Run::Project,
                    threads: Some(threads),
                    ..Options::default()
                };
                let many = ensemble(&scenario, Horizon::Scenario, &options).unwrap();
                let tables = many
                    .tables()
                    .into_iter()
                    .map(|name| many.table(name).unwrap());
                format!("{:?}", tables.collect::<Vec<_>>())
            };
            let one = of(1);
            assert!(one == of(2) && one == of(7), "{run:?} {quantiles:?}");
        }
    }
}

/// Quantiles of a stream are within half a per cent of a number beside the exact one.
#[test]
fn streaming_quantiles_are_near_the_exact_ones() {
    let scenario = service(40);
    let of = |quantiles: Quantiles| {
        let options = Options {
            draws: 301,
            quantiles: Some(quantiles),
            rules: false,
            ..Options::default()
        };
        let many = ensemble(&scenario, Horizon::Scenario, &options).unwrap();
        assert_eq!(many.quantiles(), quantiles);
        many.table("bands").unwrap()
    };
    let (exact, streamed) = (of(Quantiles::Exact), of(Quantiles::Streaming));
    // 0.5 x 300 is a whole place, so that the exact median is one of the numbers.
    for (theirs, ours) in exact.numbers("p50").iter().zip(streamed.numbers("p50")) {
        let same = theirs.is_nan() && ours.is_nan() || theirs == ours;
        assert!(
            same || (ours / theirs - 1.0).abs() < 0.005_01,
            "{ours} {theirs}"
        );
    }
    for (theirs, ours) in exact.numbers("mean").iter().zip(streamed.numbers("mean")) {
        assert!(theirs.is_nan() || (ours - theirs).abs() <= 1e-9 * theirs.abs() + 1e-9);
    }
}

/// One world run several times is what the run itself gives with so many replications of the seed.
#[test]
fn luck_is_that_of_the_run_itself() {
    let scenario = service(40)
        .with_all([
            (
                "demand.rate.referrals".to_string(),
                toml::Value::Float(3000.0),
            ),
            (
                "staff.pwp.leavers_per_year".to_string(),
                toml::Value::Float(0.2),
            ),
            (
                "pathway.step3.cbt.recovery".to_string(),
                toml::Value::Float(0.5),
            ),
        ])
        .unwrap();
    let many = |run: Run| {
        let options = Options {
            draws: 1,
            seed: 3,
            replications: 10,
            run,
            rules: false,
            ..Options::default()
        };
        ensemble(&scenario, Horizon::Scenario, &options).unwrap()
    };
    let chance = Replications {
        replications: 10,
        seed: 3,
        threads: None,
    };
    let theirs =
        project_chance(&scenario, Horizon::Scenario, &chance, &Progress::default()).unwrap();
    let simulated = simulate::Options {
        replications: 10,
        seed: 3,
        ..simulate::Options::default()
    };
    let theirs_simulated = simulate(&scenario, Horizon::Scenario, &simulated).unwrap();
    for (run, spread) in [
        (Run::Chance, theirs.table("spread").unwrap()),
        (Run::Simulate, theirs_simulated.table("spread").unwrap()),
    ] {
        let many = many(run);
        let bands = many.table("bands").unwrap();
        for row in 0..bands.len() {
            let (measure, month) = (&bands.texts("measure")[row], &bands.texts("period")[row]);
            let there = (0..spread.len()).find(|&there| {
                &spread.texts("measure")[there] == measure && &spread.texts("month")[there] == month
            });
            let Some(there) = there else { continue };
            for column in ["mean", "sd"] {
                let (ours, theirs) = (bands.numbers(column)[row], spread.numbers(column)[there]);
                let close = (ours - theirs).abs() < 1e-9 * theirs.abs() + 1e-9;
                assert!(
                    close || ours.is_nan() && theirs.is_nan(),
                    "{run:?} {measure} {month} {column}: {ours} {theirs}"
                );
            }
        }
    }
}

/// Two worlds, run twice each: 1 and 3, 5 and 9. Means 2 and 7, variances 2 and 8: luck has the mean of them, 5.
/// The means have variance 12.5, of which 5 / 2 is luck: 10 is left. 10 of 15 is not known.
#[test]
fn the_variance_of_two_worlds_by_hand() {
    let mut one_way = OneWay::default();
    one_way.push(&[1.0, 3.0].into_iter().collect());
    one_way.push(&[5.0, 9.0].into_iter().collect());
    let parts = one_way.parts(2);
    assert!((parts.within - 5f64.sqrt()).abs() < 1e-12);
    assert!((parts.between - 10f64.sqrt()).abs() < 1e-12);
    assert!((parts.share[0] - 2.0 / 3.0).abs() < 1e-12);
    // Quantiles of F with 1 and 2 degrees of freedom, tables: 38.506 for 97.5 %; 2.5 % is 1 / 799.5^... = 0.001252.
    assert_eq!(parts.share[1], 0.0);
    let ratio = 5.0 / 0.001_252;
    assert!(
        (parts.share[2] - (ratio - 1.0) / (ratio + 1.0)).abs() < 1e-5,
        "{:?}",
        parts.share
    );
    // sqrt(2 x 12.5^2 / 1 + 2 x 2.5^2 / 2)
    assert!((parts.between_se - (312.5f64 + 6.25).sqrt()).abs() < 1e-12);
}

/// Normal numbers with variance 4 between 12 worlds and 9 within them, 5 runs each: the estimate is unbiased, and
/// the interval of the share 4 / 13 holds it in 95 % of 2,000 studies (standard error 0.5 %).
#[test]
fn the_split_of_the_variance_is_unbiased_and_its_interval_covers() {
    let normal = |key: u64, place: u64| {
        let u = uniform(hash(key, place));
        normal_quantile(u, 1.0 - u)
    };
    let (mut covered, mut between) = (0, Running::new());
    for study in 0..2000_u64 {
        let mut one_way = OneWay::default();
        for world in 0..12 {
            let key = hash(study + 77, world);
            let middle = 2.0 * normal(key, 99);
            one_way.push(&(0..5).map(|run| middle + 3.0 * normal(key, run)).collect());
        }
        let parts = one_way.parts(5);
        between.push(parts.between_variance);
        covered += u32::from((parts.share[1]..=parts.share[2]).contains(&(4.0 / 13.0)));
    }
    assert!(
        (between.mean() - 4.0).abs() < 4.0 * between.se(),
        "{}",
        between.mean()
    );
    let share = f64::from(covered) / 2000.0;
    assert!((0.93..=0.97).contains(&share), "{share}");
}

fn problems(scenario: &Scenario, options: &Options) -> Vec<Problem> {
    match ensemble(scenario, Horizon::Weeks(20), options) {
        Err(Error::Scenario(problems)) => problems,
        other => panic!("no problems: {:?}", other.map(|many| many.runs())),
    }
}

#[test]
fn what_cannot_be_is_refused_before_anything_is_run() {
    let unsure = service(20);
    let sure = Scenario::preset("talking-therapies-2025").unwrap();
    let none = Options {
        draws: 0,
        replications: 0,
        threads: Some(0),
        ..Options::default()
    };
    let paths = |found: &[Problem]| found.iter().map(|p| p.path.clone()).collect::<Vec<_>>();
    assert_eq!(
        paths(&problems(&unsure, &none)),
        ["draws", "replications", "threads"]
    );
    let alike = problems(&sure, &Options::default());
    assert!(
        alike[0]
            .message
            .contains("no number of this scenario is unsure"),
        "{}",
        alike[0].message
    );
    let luckless = Options {
        replications: 5,
        ..Options::default()
    };
    assert_eq!(paths(&problems(&unsure, &luckless)), ["replications"]);
    let many = Options {
        draws: 10_000,
        replications: 1000,
        run: Run::Chance,
        ..Options::default()
    };
    assert!(
        problems(&unsure, &many)[0]
            .message
            .contains("10000000 runs")
    );
    let much = Options {
        draws: 200_000,
        quantiles: Some(Quantiles::Exact),
        ..Options::default()
    };
    let found = problems(&unsure, &much);
    assert!(
        found[0].message.contains("would need 5") && found[0].message.contains("MB"),
        "{}",
        found[0].message
    );
    assert!(Run::parse("project_chance").is_err() && Quantiles::parse("streeming").is_err());
    let progress = Progress::default();
    progress.stop.store(true, Ordering::Relaxed);
    let stopped = ensemble_until(&unsure, Horizon::Weeks(20), &Options::default(), &progress);
    assert!(matches!(stopped, Err(Error::Stopped)));
}

#[test]
fn the_answer_in_words_says_what_the_bands_leave_out() {
    let options = Options {
        draws: 40,
        replications: 2,
        run: Run::Chance,
        ..Options::default()
    };
    let many = ensemble(&service(60), Horizon::Scenario, &options).unwrap();
    let words = many.words();
    assert!(words[0].starts_with("In 8 of 10 "), "{words:#?}");
    assert!(
        words.iter().any(|line| line.contains("the rest is luck")),
        "{words:#?}"
    );
    assert!(
        words
            .last()
            .unwrap()
            .contains("whether the model itself is right")
    );
    let Values::Whole(worlds) = &many.table("outcomes").unwrap().columns[0].values.clone() else {
        panic!("worlds are counted")
    };
    assert_eq!(worlds.len(), 40);
}
