use super::best::{Objective, interval};
use super::measures::{WIDTH, place};
use super::{Options, leaves, mix_sweep, mix_sweep_until};
use crate::error::{Error, Problem};
use crate::mix::{Hold, skill_mix};
use crate::record::asked::Progress;
use crate::scenario::Scenario;
use crate::timetable::Horizon;

/// A service of a pack with turnover, referrals and sessions unsure.
fn service() -> Scenario {
    let text = r#"
        schema = 1
        pack = "talking-therapies-2025"
        [demand.rate]
        referrals = { unsure = { pert = [9500, 11736, 14500] } }
        per = "year"
        [staff.pwp]
        leavers_per_year = { unsure = { pert = [0.10, 0.22, 0.35] } }
        [staff.hit]
        leavers_per_year = { unsure = { pert = [0.05, 0.12, 0.20] } }
    "#;
    Scenario::from_toml(text).unwrap()
}

fn options(draws: usize) -> Options {
    Options {
        shares: vec![0.0, 0.3, 0.4, 0.5, 0.6, 1.0],
        draws,
        horizon: Horizon::Weeks(104),
        ..Options::default()
    }
}

fn problems(error: &Error) -> &[Problem] {
    let Error::Scenario(problems) = error else {
        panic!("{error}")
    };
    problems
}

/// Shares of the worlds: every world has one winner, or several that share it, so the parts add up to 1.
#[test]
fn probabilities_of_the_mixes_add_up_to_one() {
    let asked = Options {
        demand: vec![0.7, 1.0, 1.3],
        ..options(40)
    };
    let sweep = mix_sweep(&service(), &asked).unwrap();
    for best in sweep.best() {
        let sum: f64 = best.of_mixes().map(|mix| mix.probability).sum();
        assert!((sum - 1.0).abs() < 1e-12, "{sum}");
        assert!(
            best.of_mixes()
                .all(|mix| mix.among_best >= mix.probability - 1e-12)
        );
        let best_share = best.share.unwrap();
        assert!(best.of(best_share).unwrap().in_range);
    }
}

/// The bits of every figure are the same with 1, 2 and 7 threads.
#[test]
fn threads_change_no_bit() {
    let bits = |threads: usize| -> Vec<u64> {
        let asked = Options {
            demand: vec![0.9, 1.1],
            threads: Some(threads),
            ..options(20)
        };
        let sweep = mix_sweep(&service(), &asked).unwrap();
        let cells = (0..2).flat_map(|level| (0..6).map(move |share| (level, share)));
        cells
            .flat_map(|(level, share)| sweep.rows(level, share).to_vec().concat())
            .map(f64::to_bits)
            .collect()
    };
    let one = bits(1);
    assert_eq!(one.len(), 2 * 6 * 20 * WIDTH);
    assert!(one == bits(2) && one == bits(7));
}

/// Thirteen worlds are the first thirteen of thirty, whoever is run beside them.
#[test]
fn more_worlds_begin_with_the_same_ones() {
    let few = mix_sweep(&service(), &options(13)).unwrap();
    let many = mix_sweep(&service(), &options(30)).unwrap();
    let recovered = |sweep: &super::MixSweep| sweep.values(0, 2, "recovered").unwrap();
    for (few, many) in recovered(&few).into_iter().zip(recovered(&many)) {
        assert!((few - many).abs() < 1e-9 * many, "{few} for {many}");
    }
}

/// With nothing unsure the one world is that of `skill_mix`: the totals of its months, and its posts.
#[test]
fn figures_are_those_of_skill_mix_at_the_means() {
    let scenario = Scenario::preset("talking-therapies-2025").unwrap();
    let shares = [0.3, 0.4, 0.55];
    for hold in [Hold::Budget, Hold::Wte, Hold::Demand] {
        let asked = Options {
            shares: shares.to_vec(),
            hold,
            ..options(1)
        };
        let sweep = mix_sweep(&scenario, &asked).unwrap();
        let mixes = skill_mix(&scenario, &shares, hold, Horizon::Weeks(104)).unwrap();
        let posts = sweep.table("mixes").unwrap();
        let summary = mixes.summary().unwrap();
        for name in [
            "pwp_wte",
            "hit_wte",
            "supervisors_wte",
            "trainees_a_year",
            "recurrent_pounds",
        ] {
            assert_eq!(posts.numbers(name), summary.numbers(name), "{name}");
        }
        for (share, mix) in mixes.mixes.iter().enumerate() {
            let monthly = mix.run.table("monthly").unwrap();
            let weekly = mix.run.record();
            for name in ["course_starts", "finishers", "recovered"] {
                let ours = sweep.values(0, share, name).unwrap()[0];
                let theirs: f64 = monthly.numbers(name).iter().sum();
                assert!(
                    (ours - theirs).abs() < 1e-6 * theirs,
                    "{name}: {ours} for {theirs}"
                );
            }
            let last: f64 = weekly.measure("waited_assessment")[91..].iter().sum();
            let assessed: f64 = weekly.measure("assessed")[91..].iter().sum();
            let wait = sweep.values(0, share, "wait_assessment_weeks").unwrap()[0];
            assert!((wait - last / assessed).abs() < 1e-9);
            let cost: f64 = mix
                .run
                .table("cost")
                .unwrap()
                .numbers("pounds")
                .iter()
                .sum();
            let ours = sweep.values(0, share, "cost").unwrap()[0];
            assert!((ours - cost).abs() < 1.0, "{ours} for {cost}");
        }
    }
}

/// A level of demand is the same as a scenario with so many times the referrals.
#[test]
fn a_level_of_demand_is_so_many_referrals() {
    let scenario = Scenario::preset("talking-therapies-2025").unwrap();
    for hold in [Hold::Wte, Hold::Demand] {
        let asked = Options {
            hold,
            demand: vec![1.25],
            shares: vec![0.5],
            ..options(1)
        };
        let more = scenario
            .with("demand.rate.referrals", 11736.0 * 1.25)
            .unwrap();
        let level = mix_sweep(&scenario, &asked).unwrap();
        let stated = Options {
            demand: vec![1.0],
            ..asked
        };
        let stated = mix_sweep(&more, &stated).unwrap();
        for (ours, theirs) in level.rows(0, 0)[0].iter().zip(&stated.rows(0, 0)[0]) {
            assert!(
                (ours - theirs).abs() <= 1e-9 * theirs.abs(),
                "{ours} for {theirs}"
            );
        }
    }
}

/// A service of two treatments, both of six sessions; 400 referrals a year, of which a share goes to each step.
/// Therapists all have the same band, so that a post costs the same on either side.
fn two_steps(step2: f64, step3: f64) -> Scenario {
    let text = format!(
        r#"
        schema = 1
        pack = "talking-therapies-2025"
        [demand.rate]
        referrals = 12000
        per = "year"
        [pathway.routes]
        step2 = {{ guided_self_help = {step2} }}
        step3 = {{ cbt = {step3} }}
        signposted = {}
        declined = 0.0
        not_suitable = 0.0
        referred_on = 0.0
        [pathway.step2.guided_self_help]
        step_up = 0.0
        [pathway.step3.cbt]
        step_down = 0.0
        [pathway.assessment]
        slots_per_week = 1000
        [pathway.screening]
        minutes = 0
        "#,
        1.0 - step2 - step3
    );
    Scenario::from_toml(&text).unwrap()
}

/// Nobody goes to Step 3, assessments take nobody's time, and there are more people than staff: so the more PWPs
/// the more recoveries, and of the mixes with a supervisor the one with most PWPs is best. The other way round
/// nobody goes to Step 2, and no PWPs are best.
#[test]
fn a_step_without_demand_gets_no_staff() {
    let asked = Options {
        shares: vec![0.0, 0.25, 0.5, 0.75, 0.9],
        hold: Hold::Wte,
        demand: vec![3.0],
        ..options(1)
    };
    let low = mix_sweep(&two_steps(0.6, 0.0), &asked).unwrap();
    assert_eq!(low.best()[0].share, Some(4));
    let high = mix_sweep(&two_steps(0.0, 0.6), &asked).unwrap();
    assert_eq!(high.best()[0].share, Some(0));
    assert_eq!(high.best()[0].of(0).unwrap().probability, 1.0);
}

/// The pack has 24 PWPs, 24 seniors ... as `skill_mix` says; without HITs nobody can treat at Step 3, and without
/// PWPs nobody assesses. Both are rows with a reason, and the others are compared.
#[test]
fn shares_without_a_family_are_rows_with_a_reason() {
    let sweep = mix_sweep(&service(), &options(8)).unwrap();
    let mixes = sweep.table("mixes").unwrap();
    let rules = mixes.texts("rule");
    assert_eq!(rules[0], "staff_of_each_step");
    assert!(mixes.texts("message")[0].contains("nobody assesses"));
    assert_eq!(rules[5], "staff_of_each_step");
    assert!(mixes.texts("message")[5].contains("nobody treats at Step 3"));
    assert!(rules[1..5].iter().all(String::is_empty), "{rules:?}");
    // Held at the demand no whole posts serve both steps at either end.
    let asked = Options {
        hold: Hold::Demand,
        ..options(8)
    };
    let sweep = mix_sweep(&service(), &asked).unwrap();
    let mixes = sweep.table("mixes").unwrap();
    assert_eq!(mixes.texts("rule")[0], "posts");
    assert!(mixes.numbers("pwp_wte")[0].is_nan());
    let curves = sweep.table("curves").unwrap();
    assert!(curves.numbers("mean")[0].is_nan());
}

/// A service without any high-intensity role: only all PWPs can be had.
#[test]
fn a_service_without_one_family_is_an_answer() {
    let text = r#"
        schema = 1
        pack = "talking-therapies-2025"
        [staff.hit]
        family = "other"
        [staff.hit_lead]
        family = "other"
    "#;
    let sweep = mix_sweep(&Scenario::from_toml(text).unwrap(), &options(1)).unwrap();
    let mixes = sweep.table("mixes").unwrap();
    assert!(
        mixes.texts("message")[2].contains("no high-intensity role"),
        "{:?}",
        mixes.texts("message")
    );
    assert_eq!(sweep.best()[0].share, Some(5));
}

/// Three posts: shares of 30, 40 and 45 % are all 1.2 or so and 1.8, one PWP and two HITs by largest remainder
/// (0.9, 1.2 and 1.35 round to 1).
#[test]
fn shares_with_the_same_posts_are_the_same_mix() {
    let text = r#"
        schema = 1
        pack = "talking-therapies-2025"
        [demand.rate]
        referrals = 500
        per = "year"
        [staff.pwp]
        in_post = 1
        posts = 1
        [staff.pwp_senior]
        in_post = 0
        posts = 0
        [staff.hit]
        in_post = 2
        posts = 2
        [staff.hit_lead]
        in_post = 0
        posts = 0
    "#;
    let asked = Options {
        shares: vec![0.3, 0.4, 0.45, 0.7],
        hold: Hold::Wte,
        ..options(1)
    };
    let sweep = mix_sweep(&Scenario::from_toml(text).unwrap(), &asked).unwrap();
    let mixes = sweep.table("mixes").unwrap();
    assert_eq!(mixes.texts("same_as")[..3], ["", "30:70", "30:70"]);
    assert_eq!(mixes.numbers("pwp_wte"), [1.0, 1.0, 1.0, 2.0]);
    assert_eq!(sweep.rows(0, 1), sweep.rows(0, 0));
}

#[test]
fn what_is_not_possible_is_refused_at_once() {
    let asked = Options {
        shares: vec![0.2, 40.0],
        demand: vec![],
        objective: "recoverd".into(),
        at_least: 5.0,
        threads: Some(0),
        ..options(10)
    };
    let error = mix_sweep(&service(), &asked).unwrap_err();
    let paths: Vec<&str> = problems(&error)
        .iter()
        .map(|problem| problem.path.as_str())
        .collect();
    assert_eq!(
        paths,
        ["shares[1]", "demand", "objective", "at_least", "threads"]
    );
    let said = problems(&error);
    assert_eq!(said[0].suggestion.as_deref(), Some("0.4"));
    assert_eq!(said[2].suggestion.as_deref(), Some("recovered"));
    let many = Options {
        draws: 1_000_000,
        ..options(1)
    };
    assert!(problems(&mix_sweep(&service(), &many).unwrap_err())[0].path == "draws");
    let none = options(0);
    assert!(problems(&mix_sweep(&service(), &none).unwrap_err())[0].path == "draws");
}

#[test]
fn a_stop_ends_it() {
    let progress = Progress::default();
    progress
        .stop
        .store(true, std::sync::atomic::Ordering::Relaxed);
    let stopped = mix_sweep_until(&service(), &options(8), &progress);
    assert_eq!(stopped.unwrap_err(), Error::Stopped);
}

/// Three quarters of the worlds have few referrals, one quarter many. The answer to `leaves` along referrals is
/// the level at which a sweep at that level says so.
#[test]
fn a_search_finds_the_level_that_sweeps_show() {
    let scenario = Scenario::preset("talking-therapies-2025").unwrap();
    let asked = Options {
        shares: vec![0.3, 0.4, 0.5, 0.6],
        ..options(1)
    };
    let found = leaves(&scenario, &asked, "demand", (0.2, 1.2), 16).unwrap();
    for tried in &found.tried {
        let one = Options {
            demand: vec![tried.value],
            ..asked.clone()
        };
        let sweep = mix_sweep(&scenario, &one).unwrap();
        let inside = sweep.best()[0]
            .of(1)
            .is_some_and(|standing| standing.in_range);
        assert_eq!(inside, tried.inside, "{}", tried.value);
    }
    let change = found.changes.first().unwrap();
    assert!((change.between.1 - change.between.0 - 1.0 / 16.0).abs() < 1e-12);
    assert!(found.words()[0].contains("40:60"));
}

/// Routes add up to 1 at every value that is tried: the others keep their proportions.
#[test]
fn a_search_along_a_route_keeps_the_sum() {
    let scenario = Scenario::preset("talking-therapies-2025").unwrap();
    let asked = Options {
        shares: vec![0.3, 0.4, 0.5],
        horizon: Horizon::Weeks(26),
        ..options(1)
    };
    let path = "pathway.routes.step3.cbt";
    let found = leaves(&scenario, &asked, path, (0.05, 0.6), 4).unwrap();
    assert_eq!(found.tried.len(), 5);
    let error = leaves(&scenario, &asked, "pathway.routes.step3.cbd", (0.1, 0.2), 4).unwrap_err();
    assert!(problems(&error)[0].message.contains("cbt"), "{error}");
    let error = leaves(&scenario, &asked, path, (0.6, 0.1), 0).unwrap_err();
    assert_eq!(problems(&error).len(), 2);
}

/// What a mix gives in a world, with two measures of it.
fn gives(of: [(&str, f64); 2]) -> [f64; WIDTH] {
    let mut row = [0.0; WIDTH];
    for (name, value) in of {
        row[place(name).unwrap()] = value;
    }
    row
}

/// 100, 100 and 99.5 recoveries, and one mix of which nothing is known: the first two are equal, and within 1 % of
/// 100 the third is as good.
#[test]
fn equals_are_best_together() {
    let recovered =
        [100.0, 100.0, 99.5, f64::NAN].map(|n| gives([("recovered", n), ("cost", 1.0)]));
    let rows: Vec<&[f64; WIDTH]> = recovered.iter().collect();
    let most = Objective::parse("recovered", &service()).unwrap();
    assert_eq!(most.best_of(&rows, 0.0), [0, 1]);
    assert_eq!(most.best_of(&rows, 0.01), [0, 1, 2]);
    // Waits without end are alike, and worse than any other.
    let endless = [f64::INFINITY, 3.0, f64::INFINITY]
        .map(|n| gives([("wait_step3_weeks", n), ("cost", 1.0)]));
    let rows: Vec<&[f64; WIDTH]> = endless.iter().collect();
    let least = Objective::parse("wait_step3_weeks", &service()).unwrap();
    assert_eq!(least.best_of(&rows, 0.0), [1]);
    assert_eq!(least.best_of(&[rows[0], rows[2]], 0.0), [0, 1]);
    assert!(least.best_of(&[], 0.0).is_empty());
}

/// Costs of 10, 8 and 9 with waits of 5, 20 and 12 weeks: within 12.86 weeks, the target of the pack, the third is
/// the cheapest; where all wait longer, the shortest wait is best.
#[test]
fn the_cheapest_in_time_is_best_and_else_the_shortest_wait() {
    let cheapest = Objective::parse("cost_to_meet_wait", &service()).unwrap();
    let mixes = [(10.0, 5.0), (8.0, 20.0), (9.0, 12.0)]
        .map(|(cost, wait)| gives([("cost", cost), ("wait_step3_weeks", wait)]));
    let rows: Vec<&[f64; WIDTH]> = mixes.iter().collect();
    assert_eq!(cheapest.best_of(&rows, 0.0), [2]);
    assert_eq!(cheapest.best_of(&rows[1..2], 0.0), [0]);
    let slow = [(10.0, 50.0), (8.0, 60.0)]
        .map(|(cost, wait)| gives([("cost", cost), ("wait_step3_weeks", wait)]));
    assert_eq!(cheapest.best_of(&[&slow[0], &slow[1]], 0.0), [0]);
}

/// Wilson 1927 for 2 of 40: centre (2 + 1.9207) / 43.8415 = 0.08943, half 1.96 sqrt(2 x 38 / 40 + 0.9604) / 43.8415 =
/// 0.07560.
#[test]
fn an_interval_by_hand() {
    let (low, high) = interval(0.05, 40);
    assert!(
        (low - 0.01383).abs() < 2e-5 && (high - 0.16503).abs() < 2e-5,
        "{low} {high}"
    );
}

/// So many posts as are in post, rounded: at 0 and 100 % all on one side, at 40 % as near to it as whole posts come.
#[test]
fn posts_are_whole_by_largest_remainder() {
    let scenario = Scenario::preset("talking-therapies-2025").unwrap();
    let staff = &scenario.spec().staff;
    let families = ["pwp", "pwp_senior", "hit", "hit_lead"];
    let posts: f64 = families
        .iter()
        .map(|role| staff[*role].in_post.mean())
        .sum();
    let posts = posts.round();
    let asked = Options {
        shares: vec![0.0, 0.4, 1.0],
        hold: Hold::Wte,
        ..options(1)
    };
    let mixes = mix_sweep(&scenario, &asked)
        .unwrap()
        .table("mixes")
        .unwrap();
    let low = mixes.numbers("pwp_wte");
    assert_eq!([low[0], low[2]], [0.0, posts]);
    assert!((low[1] - 0.4 * posts).abs() <= 0.5);
    assert_eq!(low[1] + mixes.numbers("hit_wte")[1], posts);
}
