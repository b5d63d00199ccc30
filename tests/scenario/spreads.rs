//! Numbers that are not known, and spreads between people.

use skillmix::error::Error;
use skillmix::scenario::Scenario;

use crate::common::{preset, toml};

const PACK: &str = "talking-therapies-2025";
const SHARE: &str = "pathway.opt_in.share";

/// Paths of the problems when `value` stands at `path`.
#[track_caller]
fn refused(path: &str, value: &str) -> Vec<String> {
    let error = Scenario::preset(PACK)
        .unwrap()
        .with(path, toml(value))
        .unwrap_err();
    let Error::Scenario(problems) = error else {
        panic!("{error}")
    };
    problems.into_iter().map(|problem| problem.path).collect()
}

#[test]
fn families_give_their_means() {
    for (value, mean) in [
        ("{ unsure = { uniform = [0.2, 0.6] } }", 0.4),
        ("{ unsure = { triangular = [0.1, 0.2, 0.6] } }", 0.3),
        ("{ unsure = { pert = [0.1, 0.2, 0.9] } }", 0.3),
        ("{ unsure = { pert = [0, 0.5, 1] } }", 0.5),
    ] {
        let scenario = preset(PACK, &[(SHARE, toml(value))]);
        assert!(
            (scenario.spec().pathway.opt_in.share.mean() - mean).abs() < 1e-15,
            "{value}"
        );
        assert_eq!(scenario.unsure().len(), 1);
        assert_eq!(scenario.unsure()[0].path, SHARE);
    }
}

#[test]
fn bounds_hold_for_the_ends_of_a_spread() {
    assert_eq!(
        refused(SHARE, "{ unsure = { uniform = [0.1, 1.2] } }"),
        [format!("{SHARE}.unsure.uniform[1]")]
    );
    assert_eq!(
        refused(SHARE, "{ unsure = { pert = [-0.1, 0.5, 0.9] } }"),
        [format!("{SHARE}.unsure.pert[0]")]
    );
    let both = refused(SHARE, "{ unsure = { triangular = [-1, 0.5, 2] } }");
    assert_eq!(
        both,
        [
            format!("{SHARE}.unsure.triangular[0]"),
            format!("{SHARE}.unsure.triangular[2]")
        ]
    );
}

#[test]
fn spreads_are_finite_and_rise() {
    for numbers in [
        "[0.9, 0.5, 0.1]",
        "[0.1, 0.9, 0.5]",
        "[nan, 0.5, 0.6]",
        "[0.1, nan, 0.6]",
        "[-inf, 0.5, inf]",
    ] {
        for family in ["triangular", "pert"] {
            let paths = refused(SHARE, &format!("{{ unsure = {{ {family} = {numbers} }} }}"));
            assert_eq!(paths, [format!("{SHARE}.unsure.{family}")], "{numbers}");
        }
    }
    assert_eq!(
        refused(SHARE, "{ unsure = { uniform = [0.6, 0.2] } }"),
        [format!("{SHARE}.unsure.uniform")]
    );
}

#[test]
fn the_shape_of_a_spread_is_strict() {
    for value in [
        "{ unsure = { uniform = [0.1, 0.2, 0.3] } }",
        "{ unsure = { pert = [0.1, 0.2] } }",
        "{ unsure = { uniform = 0.5 } }",
        "{ unsure = { uniform = [\"0.1\", \"0.2\"] } }",
        "{ unsure = { gaussian = [0.1, 0.2] } }",
        "{ unsure = { uniform = [0.1, 0.2], pert = [0.1, 0.2, 0.3] } }",
        "{ unsure = {} }",
        "{ unsure = 0.5 }",
        "{ unsure = { uniform = [0.1, 0.2] }, mean = 0.9 }",
        "{ mean = 0.5, slot = 0 }",
        "{ varies = { family = \"gamma\", mean = 5, sd = 2 } }",
    ] {
        let paths = refused(SHARE, value);
        assert!(
            paths.iter().all(|path| path.starts_with(SHARE)) && !paths.is_empty(),
            "{value}: {paths:?}"
        );
    }
}

/// Means in closed form: beta by its own, a gamma of shape 4 and scale 0.1, a pert with weight 8
/// (0.1 + 8 x 0.2 + 0.9) / 10, the middle of quantiles that lie alike on both sides.
#[test]
fn more_families_give_their_means() {
    for (value, mean) in [
        ("fixed = 0.3", 0.3),
        ("uniform = { low = 0.2, high = 0.6 }", 0.4),
        ("uniform = { mean = 0.4, sd = 0.1 }", 0.4),
        ("uniform = { q05 = 0.205, q95 = 0.295 }", 0.25),
        (
            "pert = { low = 0.1, mode = 0.2, high = 0.9, weight = 8 }",
            0.26,
        ),
        ("triangular = { low = 0.1, mode = 0.2, high = 0.6 }", 0.3),
        ("normal = { mean = 0.5, sd = 0.01 }", 0.5),
        ("normal = { q025 = 0.48, q975 = 0.52 }", 0.5),
        ("beta = { mean = 0.3, sd = 0.1 }", 0.3),
        ("beta = { alpha = 2, beta = 6 }", 0.25),
        ("gamma = { shape = 400, scale = 0.001 }", 0.4),
        ("lognormal = { mean = 0.3, sd = 0.01 }", 0.3),
        ("empirical = [0.1, 0.2, 0.6]", 0.3),
        ("empirical = { values = [0.2, 0.6], weights = [3, 1] }", 0.3),
    ] {
        let value = format!("{{ unsure = {{ {value} }} }}");
        let scenario = preset(PACK, &[(SHARE, toml(&value))]);
        let share = scenario.spec().pathway.opt_in.share.mean();
        assert!((share - mean).abs() < 1e-12, "{value}: {share}");
        let again = Scenario::from_toml(&scenario.to_toml()).unwrap();
        assert_eq!(again.unsure(), scenario.unsure());
    }
}

/// A normal that may leave its field is refused, or cut: 0.5 % of it lies above 1. The upper half of a
/// standard normal has the mean sqrt(2 / pi).
#[test]
fn a_spread_without_ends_is_cut_or_refused() {
    let wide = "normal = { mean = 0.742, sd = 0.1 }";
    let error = Scenario::preset(PACK)
        .unwrap()
        .with(SHARE, toml(&format!("{{ unsure = {{ {wide} }} }}")))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "{SHARE}.unsure.normal: 0.5 % of it lies outside 0 to 1, the range of the field; \
             cut it off with within = [0, 1] beside it"
        )
    );
    let cut = format!("{{ unsure = {{ {wide}, within = [0.742, 1.0] }} }}");
    let scenario = preset(PACK, &[(SHARE, toml(&cut))]);
    let spread = &scenario.unsure()[0].spread;
    assert_eq!(spread.bounds(), (0.742, 1.0));
    assert!(spread.mean() > 0.742 && spread.mean() < 0.742 + 0.1 * 0.798);
    // What lies outside by less than one in a million is left out without a word.
    let narrow = "{ unsure = { normal = { mean = 0.5, sd = 0.1 } } }";
    let scenario = preset(PACK, &[(SHARE, toml(narrow))]);
    assert_eq!(scenario.unsure()[0].spread.within(), Some([0.0, 1.0]));
}

#[test]
#[allow(clippy::too_many_lines)] // a list of faults
fn faults_of_a_spread_name_their_place() {
    for (value, at) in [
        ("{ unsure = { normal = [0.1, 0.2] } }", "normal"),
        ("{ unsure = { normal = { mean = 0.1 } } }", "normal"),
        ("{ unsure = { normal = { mean = 0.1, sd = 0 } } }", "normal"),
        (
            "{ unsure = { normal = { mean = 0.5, sd = -0.1 } } }",
            "normal",
        ),
        (
            "{ unsure = { normal = { mean = nan, sd = 0.1 } } }",
            "normal.mean",
        ),
        (
            "{ unsure = { normal = { mean = 0.5, sd = inf } } }",
            "normal.sd",
        ),
        (
            "{ unsure = { normal = { mean = \"0.5\", sd = 0.1 } } }",
            "normal.mean",
        ),
        (
            "{ unsure = { normal = { mean = 0.5, stdev = 0.1 } } }",
            "normal.stdev",
        ),
        (
            "{ unsure = { normal = { q5 = 0.5, q95 = 0.7 } } }",
            "normal.q5",
        ),
        (
            "{ unsure = { normal = { q05 = 0.5, mean = 0.7 } } }",
            "normal",
        ),
        (
            "{ unsure = { normal = { q05 = 0.7, q95 = 0.5 } } }",
            "normal",
        ),
        (
            "{ unsure = { normal = { q05 = 0.7, q050 = 0.8 } } }",
            "normal",
        ),
        ("{ unsure = { beta = { mean = 0.5, sd = 0.5 } } }", "beta"),
        ("{ unsure = { beta = { alpha = 0, beta = 1 } } }", "beta"),
        (
            "{ unsure = { gamma = { shape = 1, scale = 1e300 } } }",
            "gamma.scale",
        ),
        (
            "{ unsure = { lognormal = { mu = 0, sigma = 11 } } }",
            "lognormal",
        ),
        ("{ unsure = { poisson = { mean = -1 } } }", "poisson"),
        ("{ unsure = { poisson = 3 } }", "poisson"),
        (
            "{ unsure = { negative_binomial = { mean = 9, sd = 3 } } }",
            "negative_binomial",
        ),
        (
            "{ unsure = { negative_binomial = { mean = 1e9, size = 1 } } }",
            "negative_binomial",
        ),
        ("{ unsure = { empirical = [] } }", "empirical"),
        ("{ unsure = { empirical = [0.1, 1.2] } }", "empirical"),
        (
            "{ unsure = { empirical = { values = [0.1], weights = [0] } } }",
            "empirical.weights",
        ),
        (
            "{ unsure = { empirical = { values = [0.1], weights = [1, 1] } } }",
            "empirical.weights",
        ),
        ("{ unsure = { fixed = [0.1] } }", "fixed"),
        ("{ unsure = { fixed = 1.1 } }", "fixed"),
        (
            "{ unsure = { pert = { low = 0.1, mode = 0.2, high = 0.3, weight = 0 } } }",
            "pert.weight",
        ),
        (
            "{ unsure = { pert = { low = 0.3, mode = 0.2, high = 0.1 } } }",
            "pert",
        ),
        ("{ unsure = { pert = { q05 = 0.1, q95 = 0.2 } } }", "pert"),
        (
            "{ unsure = { uniform = [0.1, 0.2], within = [0.3, 0.1] } }",
            "within",
        ),
        (
            "{ unsure = { uniform = [0.1, 0.2], within = [0.1, 1.1] } }",
            "within[1]",
        ),
        (
            "{ unsure = { uniform = [0.1, 0.2], within = [0.3, 0.4] } }",
            "within",
        ),
        (
            "{ unsure = { uniform = [0.1, 0.2], within = 0.15 } }",
            "within",
        ),
        ("{ unsure = { within = [0.1, 0.2] } }", ""),
    ] {
        let expected = format!("{SHARE}.unsure.{at}");
        assert_eq!(
            refused(SHARE, value),
            [expected.trim_end_matches('.')],
            "{value}"
        );
    }
}

#[test]
fn the_nearest_family_is_offered() {
    let scenario = Scenario::preset(PACK).unwrap();
    let error = scenario
        .with(SHARE, toml("{ unsure = { triangle = [0.1, 0.2, 0.3] } }"))
        .unwrap_err();
    assert!(
        error.to_string().contains("did you mean triangular?"),
        "{error}"
    );
}

/// Faults of correlations name their place, and say what to do.
#[test]
fn correlations_that_cannot_be() {
    let share = |low: f64| toml(&format!("{{ unsure = {{ uniform = [{low}, 0.3] }} }}"));
    let base = preset(
        PACK,
        &[
            (SHARE, share(0.2)),
            ("pathway.screening.rejected", share(0.1)),
            ("staff.pwp.leavers_per_year", share(0.0)),
        ],
    );
    let wrong = |said: &str| -> Vec<String> {
        let error = base.with("correlated", toml(said)).unwrap_err();
        let Error::Scenario(problems) = error else {
            panic!("{error}")
        };
        problems
            .into_iter()
            .map(|problem| problem.message)
            .collect()
    };
    let (a, b, c) = (
        SHARE,
        "pathway.screening.rejected",
        "staff.pwp.leavers_per_year",
    );
    let pair = format!("of = [\"{a}\", \"{b}\"]");
    for (rank, at) in [
        ("1", ".rank:"),
        ("nan", ".rank:"),
        ("\"high\"", ".rank:"),
        (
            "[[1, 0.5], [0.4, 1]]",
            ".rank[0][1]: not symmetric: 0.5 here, but 0.4 in row 1",
        ),
        ("[[0.5, 0.5], [0.5, 1]]", ".rank[0][0]:"),
        ("[[1, 0.5]]", ".rank:"),
        ("[[1, 0.5], [0.5]]", ".rank:"),
    ] {
        let said = wrong(&format!("[{{ {pair}, rank = {rank} }}]"));
        assert_eq!(said.len(), 1);
        assert!(
            said[0].starts_with(&format!("correlated[0]{at}")),
            "{rank}: {said:?}"
        );
    }
    let three = format!("of = [\"{a}\", \"{b}\", \"{c}\"]");
    let said = wrong(&format!(
        "[{{ {three}, rank = [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]] }}]"
    ));
    assert!(
        said[0].contains("not positive definite: its smallest eigenvalue is -0.8"),
        "{said:?}"
    );
    assert!(
        said[0].contains("all of them to about 0.55 times"),
        "{said:?}"
    );
    let said = wrong(&format!(
        "[{{ {pair}, rank = 0.5 }}, {{ of = [\"{b}\", \"{c}\"], rank = 0.1 }}]"
    ));
    assert_eq!(said, ["correlated[1].of[0]: named twice"]);
    let said = wrong(&format!(
        "[{{ of = [\"{a}\", \"pathway.screening.reject\"], rank = 0.5 }}]"
    ));
    assert_eq!(
        said,
        ["correlated[0].of[1]: not unsure; did you mean pathway.screening.rejected?"]
    );
    assert!(wrong(&format!("[{{ of = [\"{a}\"], rank = 0.5 }}]"))[0].contains("correlated[0].of"));
}

/// Shares that are drawn are divided by their sum; by the means they must be near 1.
#[test]
fn unsure_routes_add_up_in_every_world() {
    let path = "pathway.routes.step3.cbt";
    let share = "{ unsure = { uniform = [0.1, 0.3] } }";
    let scenario = preset(PACK, &[(path, toml(share))]);
    let routes = &scenario.spec().pathway.routes;
    let before = Scenario::preset(PACK).unwrap().spec().pathway.routes.step3["cbt"].mean();
    for drawn in [0.1, 0.3] {
        let all: f64 = routes
            .to_treatments(&[drawn])
            .iter()
            .chain(&routes.exits(&[drawn]))
            .sum();
        assert!((all - 1.0).abs() < 1e-12);
        let own = routes.to(3, "cbt", &[drawn]);
        assert!((own - drawn / (1.0 - before + drawn)).abs() < 1e-12);
    }
    let wide = "{ unsure = { uniform = [0.5, 0.9] } }";
    assert_eq!(refused(path, wide), ["pathway.routes"]);
}

/// Prices, ramps and rules are the same in all worlds: no spread there.
#[test]
fn fixed_numbers_take_no_spread() {
    for path in [
        "staff.pwp.wte_per_head",
        "staff.pwp.job_plan.cpd",
        "money.overhead_share",
        "supervision.most_hours_per_wte",
        "targets.recovery",
        "calendar.weeks",
    ] {
        assert_eq!(
            refused(path, "{ unsure = { uniform = [0.1, 0.2] } }"),
            [path]
        );
    }
}

#[test]
fn sessions_vary_between_people() {
    let path = "pathway.step3.cbt.sessions";
    for value in [
        "{ varies = { family = \"lognormal\", mean = 9.5, sd = 4 } }",
        "{ varies = { family = \"gamma\", mean = 9.5, sd = 0 } }",
        "{ varies = { family = \"poisson\", mean = 9.5 } }",
    ] {
        let scenario = preset(PACK, &[(path, toml(value))]);
        let shares = scenario.spec().pathway.step3["cbt"].sessions.shares(&[]);
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{value}");
        assert!(
            scenario.unsure().is_empty(),
            "chance between people is no ignorance"
        );
    }
    for value in [
        "{ varies = { family = \"poisson\", mean = 9.5, sd = 2 } }",
        "{ varies = { family = \"gamma\", mean = 9.5 } }",
        "{ varies = { family = \"normal\", mean = 9.5, sd = 2 } }",
        "{ varies = { family = \"gamma\", mean = 0.5, sd = 2 } }",
        "{ varies = { family = \"gamma\", mean = 9.5, sd = -1 } }",
        "{ varies = { family = \"gamma\", mean = nan, sd = 1 } }",
        "{ varies = { family = \"gamma\", mean = 9.5, sd = 1, max = 20 } }",
        "{ varies = {} }",
        "{ varies = 3 }",
    ] {
        let paths = refused(path, value);
        assert!(
            paths.iter().all(|found| found.starts_with(path)) && !paths.is_empty(),
            "{value}: {paths:?}"
        );
    }
}

/// Every family, told in every way, with hostile numbers, in fields of several ranges: a problem that names its
/// place, or a spread whose moments are numbers and whose draws stay in the field and never fall.
#[test]
fn hostile_numbers_are_refused_or_drawn_inside_the_field() {
    const NUMBERS: [&str; 13] = [
        "0", "1", "-1", "0.5", "0.05", "1e-300", "1e300", "1e12", "-1e12", "nan", "inf", "3",
        "1e-5",
    ];
    let ways = [
        ("fixed = A", 1),
        ("uniform = [A, B]", 2),
        ("uniform = { mean = A, sd = B }", 2),
        ("uniform = { q05 = A, q95 = B }", 2),
        ("triangular = [A, B, C]", 3),
        ("triangular = { q05 = A, q50 = B, q95 = C }", 3),
        ("pert = { low = A, mode = B, high = C, weight = 30 }", 3),
        ("pert = { q05 = A, q50 = B, q95 = C }", 3),
        ("normal = { mean = A, sd = B }", 2),
        ("normal = { mean = A, sd = B }, within = [0.1, 0.6]", 2),
        ("normal = { q0001 = A, q9999 = B }", 2),
        ("lognormal = { mean = A, sd = B }", 2),
        ("lognormal = { mu = A, sigma = B }, within = [A, B]", 2),
        ("lognormal = { q25 = A, q75 = B }", 2),
        ("beta = { mean = A, sd = B }", 2),
        ("beta = { alpha = A, beta = B }, within = [A, C]", 3),
        ("beta = { q05 = A, q95 = B }", 2),
        ("gamma = { mean = A, sd = B }, within = [0.001, 1]", 2),
        ("gamma = { shape = A, scale = B }", 2),
        ("gamma = { q05 = A, q95 = B }", 2),
        ("poisson = { mean = A }", 1),
        ("negative_binomial = { mean = A, sd = B }", 2),
        (
            "negative_binomial = { mean = A, size = B }, within = [0, 1]",
            2,
        ),
        ("empirical = [A, B, C]", 3),
        ("empirical = { values = [A, B], weights = [C, 1] }", 3),
    ];
    let (mut read, mut refused) = (0, 0);
    let mut faults: Vec<String> = Vec::new();
    for (low, high) in [
        (0.0, 1.0),
        (-0.5, 1.0),
        (0.05, 1.0),
        (1.0, 60.0),
        (0.0, 1e8),
    ] {
        let outside = |x: f64, path: &str| {
            let fine = x >= low && x <= high;
            (!fine).then(|| skillmix::error::Problem::new(path, x, "inside"))
        };
        for (way, numbers) in ways {
            for case in 0..13_usize.pow(numbers) {
                let mut said = way.to_string();
                for (place, name) in ["A", "B", "C"].into_iter().enumerate() {
                    let number = NUMBERS[case / 13_usize.pow(u32::try_from(place).unwrap()) % 13];
                    said = said.replace(name, number);
                }
                let table = toml(&format!("{{ {said} }}"));
                match skillmix::scenario::spread::read(&table, "x", (low, high), &outside) {
                    Err(problems) => {
                        assert!(!problems.is_empty(), "{said}");
                        assert!(problems.iter().all(|p| p.path.starts_with('x')), "{said}");
                        refused += 1;
                    }
                    Ok(spread) => {
                        let (mean, sd) = (spread.mean(), spread.sd());
                        let slack = 1e-9 * (high - low);
                        let fine = mean >= low - slack && mean <= high + slack;
                        if !(fine && sd.is_finite() && sd <= high - low + slack) {
                            faults.push(format!("{said} in {low} to {high}: {mean} {sd}"));
                        }
                        let mut before = low;
                        for u in [0.0, 1e-300, 1e-9, 0.05, 0.5, 0.95, 1.0 - 1e-9, 1.0] {
                            let x = spread.quantile(u);
                            let rises = x >= before - 1e-12 * x.abs();
                            if !(x >= low && x <= high && rises) {
                                faults.push(format!("{said} in {low} to {high} at {u}: {x}"));
                            }
                            before = x;
                        }
                        read += 1;
                    }
                }
            }
        }
    }
    assert!(faults.is_empty(), "{:#?}", &faults[..faults.len().min(20)]);
    assert!(
        read > 1000 && refused > 1000,
        "{read} read, {refused} refused"
    );
}
