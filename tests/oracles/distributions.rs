//! Counts and spreads by chance: the functions that draw them, and what many draws say.
//!
//! A distribution function is found from the quantile function that a run draws with, by bisection. A mean of
//! draws lies within four standard errors of the exact value, with a standard error of at most 1 % of it.

use skillmix::distribution::{Family, lognormal};
use skillmix::luck::{
    Binomials, CountTable, Guide, beta_binomial_shares, binomial_quantile, hash, poisson_quantile,
    split, uniform,
};
use skillmix::statistics::Running;
use skillmix::stream::{GOLDEN, Stream, mix};
use statrs::distribution::{ContinuousCDF, LogNormal};

use crate::case::{Case, case};
use crate::common::assert_close;

/// P(X <= k): the largest uniform number that gives at most k.
fn at_most(k: u64, quantile: impl Fn(f64) -> u64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if quantile(middle) <= k {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// P(X > k): seen from the other end, so that small shares keep their digits.
fn more_than(k: u64, quantile: impl Fn(f64) -> u64) -> f64 {
    1.0 - at_most(k, quantile)
}

/// Uniform numbers of a stated seed.
fn luck(seed: u64, count: u64) -> impl Iterator<Item = f64> {
    (0..count).map(move |i| uniform(hash(seed, i)))
}

/// Mean of draws against the exact one.
#[track_caller]
fn check_mean(case: &Case, name: &str, draws: impl Iterator<Item = f64>) {
    let draws: Running = draws.collect();
    case.check_chance(name, draws.mean(), draws.se());
}

/// Mean squared distance of draws from their known mean against the exact variance.
#[track_caller]
fn check_variance(case: &Case, name: &str, mean: f64, draws: impl Iterator<Item = f64>) {
    check_mean(case, name, draws.map(|x| (x - mean).powi(2)));
}

/// 1 for yes.
fn share_of(yes: bool) -> f64 {
    f64::from(u8::from(yes))
}

/// Mean and variance of a distribution function over 0..n.
fn moments(at_most: impl Fn(u64) -> f64, n: u64) -> (f64, f64) {
    let share = |k: u64| at_most(k) - k.checked_sub(1).map_or(0.0, &at_most);
    let mean: f64 = (0..=n).map(|k| k as f64 * share(k)).sum();
    let variance: f64 = (0..=n).map(|k| (k as f64 - mean).powi(2) * share(k)).sum();
    (mean, variance)
}

fn whole(case: &Case, name: &str) -> u64 {
    case.value("inputs", name).as_u64().unwrap()
}

#[test]
fn d01_leavers_of_a_group() {
    let d01 = case("D01");
    let (n, p) = (whole(&d01, "n"), d01.given("p"));
    let quantile = |u| binomial_quantile(n, p, u);
    let (mean, variance) = moments(|k| at_most(k, quantile), n);
    d01.check("mean", mean);
    d01.check("var", variance);
    d01.check("p0", at_most(0, quantile));
    d01.check("p_ge_10", more_than(9, quantile));

    let mut tables = Binomials::new();
    let draws: Vec<f64> = (0..7_000_000)
        .map(|i| tables.quantile(n, p, hash(1, i)) as f64)
        .collect();
    let some = || draws.iter().copied().take(200_000);
    check_mean(&d01, "mean", some());
    check_variance(&d01, "var", d01.wanted("mean"), some());
    let none = draws.iter().map(|&k| share_of(k == 0.0));
    check_mean(&d01, "p0", none);
    check_mean(&d01, "p_ge_10", some().map(|k| share_of(k >= 10.0)));
}

/// Variance over mean is 1 + mean / k.
#[test]
fn d02_referrals_of_a_month() {
    let d02 = case("D02");
    let mean = d02.given("mean");
    let table = CountTable::new(mean, 1.0 + mean / d02.given("k"));
    let quantile = |u| table.quantile(u);
    let (ours, variance) = moments(|k| table.at_most(k), 4_000);
    assert_close(ours, mean, d02.tolerance());
    d02.check("var", variance);
    d02.check("p_le_250", at_most(250, quantile));
    d02.check("q95", table.quantile(0.95) as f64);

    let draws: Vec<f64> = luck(2, 100_000).map(|u| table.quantile(u) as f64).collect();
    check_variance(&d02, "var", mean, draws.iter().copied());
    let few = draws.iter().map(|&n| share_of(n <= 250.0));
    check_mean(&d02, "p_le_250", few);
}

#[test]
fn d03_poisson_referrals() {
    let d03 = case("D03");
    let mean = d03.given("mean");
    let table = CountTable::new(mean, 1.0);
    d03.check("var", moments(|k| table.at_most(k), 1_000).1);
    d03.check("p_gt_330", more_than(330, |u| table.quantile(u)));
    d03.check("p_gt_330", more_than(330, |u| poisson_quantile(mean, u)));

    let draws: Vec<f64> = luck(3, 250_000)
        .map(|u| poisson_quantile(mean, u) as f64)
        .collect();
    check_variance(&d03, "var", mean, draws.iter().copied());
    let many = draws.iter().map(|&n| share_of(n > 330.0));
    check_mean(&d03, "p_gt_330", many);
}

/// A Poisson number of people, each with a number of sessions: by the law of total variance from the two
/// tables, `E N Var S + Var N (E S)^2`, and drawn.
#[test]
fn d04_sessions_that_referrals_will_need() {
    let d04 = case("D04");
    let people = CountTable::new(d04.given("N"), 1.0);
    let shares = d04.given_list("pmf");
    let mut weights = vec![0.0];
    weights.extend(&shares);
    let sessions = Guide::new(&weights);
    let (people_mean, people_variance) = moments(|k| people.at_most(k), 1_000);
    let (mean, variance) = moments(|k| sessions.at_most(usize::try_from(k).unwrap()), 8);
    d04.check("mean", people_mean * mean);
    d04.check(
        "var",
        people_mean * variance + people_variance * mean * mean,
    );

    let total = |replicate: u64| -> f64 {
        let key = hash(4, replicate);
        let n = people.quantile(uniform(hash(key, 0)));
        (1..=n)
            .map(|i| sessions.quantile(uniform(hash(key, i))) as f64)
            .sum()
    };
    let draws: Vec<f64> = (0..25_000).map(total).collect();
    check_mean(&d04, "mean", draws.iter().copied());
    check_variance(&d04, "var", d04.wanted("mean"), draws.iter().copied());
}

/// A Poisson count split by successive binomials: each part has its mean, and two parts know nothing of each
/// other. The covariance is 0, so its standard error is held against the smaller variance.
#[test]
fn d06_thinning_by_route() {
    let d06 = case("D06");
    let (rate, shares) = (d06.given("rate"), d06.given_list("split"));
    let count = CountTable::new(rate, 1.0);
    let means = d06.wanted_list("means");
    let mut binomials = Binomials::new();
    let mut parts = [Running::new(), Running::new(), Running::new()];
    let mut together = Running::new();
    for replicate in 0..40_000 {
        let key = hash(6, replicate);
        let mut people = [0.0; 3];
        let n = count.quantile(uniform(hash(key, 99)));
        split(n, &shares, key, &mut binomials, |part, k| {
            people[part] = k as f64;
        });
        assert_eq!(people.iter().sum::<f64>(), n as f64);
        for (part, people) in parts.iter_mut().zip(people) {
            part.push(people);
        }
        together.push((people[0] - means[0]) * (people[1] - means[1]));
    }
    for (place, (part, &mean)) in parts.iter().zip(&means).enumerate() {
        d06.check_chance(&format!("means.{place}"), part.mean(), part.se());
        // A Poisson part has its mean as variance; sd of a sample variance: about mean sqrt(2 / n).
        assert!((part.variance() / mean - 1.0).abs() < 4.0 * (2.05f64 / 40_000.0).sqrt());
    }
    let largest_se = 0.01 * means[1];
    d06.check_chance_of("cov_pwp_hi", together.mean(), together.se(), largest_se);
}

#[test]
fn d08_lognormal_by_mean_and_spread() {
    let d08 = case("D08");
    let mean = d08.given("mean");
    let (mu, sigma) = lognormal(mean, mean * d08.given("cv"));
    d08.check("mu", mu);
    d08.check("sigma", sigma);
    let spread = LogNormal::new(mu, sigma).unwrap();
    d08.check("median", spread.inverse_cdf(0.5));
    d08.check("q90", spread.inverse_cdf(0.9));
    let draws: Running = luck(8, 20_000).map(|u| spread.inverse_cdf(u)).collect();
    assert!((draws.mean() - mean).abs() < 4.0 * draws.se());
    assert!(draws.se() < 0.01 * mean);
}

#[test]
fn d09_pert_and_triangle() {
    let d09 = case("D09");
    let numbers = [d09.given("a"), d09.given("m"), d09.given("b")];
    for (family, mean, variance) in [
        (Family::Pert(numbers, 4.0), "pert_mean", "pert_var"),
        (Family::Triangular(numbers), "tri_mean", "tri_var"),
    ] {
        d09.check(mean, family.mean());
        d09.check(variance, family.variance());
        let draws: Vec<f64> = luck(9, 20_000).map(|u| family.quantile(u)).collect();
        check_mean(&d09, mean, draws.iter().copied());
        check_variance(&d09, variance, d09.wanted(mean), draws.iter().copied());
    }
}

#[test]
fn d11_attendance_when_people_differ() {
    let d11 = case("D11");
    let n = whole(&d11, "n");
    let shares = beta_binomial_shares(
        usize::try_from(n).unwrap(),
        d11.given("p"),
        d11.given("rho"),
    );
    let table = Guide::new(&shares);
    let (mean, variance) = moments(|k| table.at_most(usize::try_from(k).unwrap()), n);
    d11.check("mean", mean);
    d11.check("var", variance);
    let draws: Vec<f64> = luck(11, 100_000)
        .map(|u| table.quantile(u) as f64)
        .collect();
    check_mean(&d11, "mean", draws.iter().copied());
    check_variance(&d11, "var", d11.wanted("mean"), draws.iter().copied());
}

/// Two answers to the same luck differ far less than two answers to luck of their own.
#[test]
fn v01_the_same_luck_for_both() {
    let v01 = case("V01");
    let (first, second) = (Stream::named(1, "first"), Stream::named(1, "second"));
    let spread = |draw: &dyn Fn(u64) -> f64| -> Running {
        let exact = 1.0 / 2.0 - 1.0 / 3.0;
        (0..200_000).map(|i| (draw(i) - exact).powi(2)).collect()
    };
    let alone = spread(&|i| first.uniform(i) - second.uniform(i).powi(2));
    let same = spread(&|i| first.uniform(i) - first.uniform(i).powi(2));
    v01.check_chance("independent", alone.mean(), alone.se());
    v01.check_chance("crn", same.mean(), same.se());
    // The ratio of two means with relative errors below 1 %: their errors add as squares.
    let error = (alone.se() / alone.mean()).hypot(same.se() / same.mean());
    let ratio = alone.mean() / same.mean();
    v01.check_chance("ratio", ratio, ratio * error);
}

/// The mean of exp(U): crude, from pairs of u and 1 - u, and with the known mean of U.
#[test]
fn v02_opposite_luck_in_pairs() {
    let v02 = case("V02");
    let stream = Stream::named(2, "pairs");
    let mean = v02.wanted("mean");
    // Cov(exp(U), U) = 1 - (e - 1) / 2 and Var U = 1/12.
    let slope = 12.0 * (1.0 - mean / 2.0);
    let of = |estimate: &dyn Fn(f64) -> f64, variance: &str| {
        let draws: Vec<f64> = (0..100_000).map(|i| estimate(stream.uniform(i))).collect();
        check_mean(&v02, "mean", draws.iter().copied());
        check_variance(&v02, variance, mean, draws.iter().copied());
    };
    of(&f64::exp, "crude");
    of(
        &|u| f64::midpoint(u.exp(), (1.0 - u).exp()),
        "antithetic_pair_mean",
    );
    of(&|u| u.exp() - slope * (u - 0.5), "control_variate");
}

/// The seeder of all streams.
#[test]
fn n04_splitmix64() {
    let n04 = case("N04");
    let mut state = n04.value("inputs", "seed").as_u64().unwrap();
    let outputs: [String; 5] = std::array::from_fn(|_| {
        state = state.wrapping_add(GOLDEN);
        mix(state).to_string()
    });
    n04.check_exactly("u64", &serde_json::json!(outputs));
}
