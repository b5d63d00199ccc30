//! What replications say: accumulators, intervals, smoothing.

use skillmix::statistics::{
    Running, exponential_smoothing, half_width, lag1_autocorrelation, replications_for, wilson,
};

use crate::case::case;

/// The series: the first value, then low and high in turn.
fn swinging(id: &str) -> Vec<f64> {
    let given = case(id);
    let n = given.value("inputs", "n").as_u64().unwrap();
    (0..n)
        .map(|i| match i {
            0 => given.given("first"),
            i if i % 2 == 1 => given.given("low"),
            _ => given.given("high"),
        })
        .collect()
}

#[test]
fn n01_and_n02_a_small_spread_far_from_zero() {
    for id in ["N01", "N02"] {
        let wanted = case(id);
        let series = swinging(id);
        let all: Running = series.iter().copied().collect();
        wanted.check("mean", all.mean());
        wanted.check("sd", all.sd());
        wanted.check("lag1_autocorrelation", lag1_autocorrelation(&series));
        let mut merged = Running::new();
        for block in series.chunks(64) {
            merged.merge(&block.iter().copied().collect());
        }
        wanted.check("mean", merged.mean());
        wanted.check("sd", merged.sd());
    }
}

#[test]
fn r01_ten_replications() {
    let r01 = case("R01");
    let all: Running = r01.given_list("x").into_iter().collect();
    r01.check("mean", all.mean());
    r01.check("sd", all.sd());
    r01.check("half_width", half_width(all.sd(), all.count(), 0.95));
    let wanted = replications_for(all.sd(), all.count(), 0.01 * all.mean(), 0.95);
    r01.check("n_for_1pct", wanted as f64);
}

#[test]
fn r02_shares_of_small_numbers() {
    let r02 = case("R02");
    let cases = r02.value("inputs", "cases").as_array().unwrap();
    for (place, given) in cases.iter().enumerate() {
        let count = |at: usize| given[at].as_u64().unwrap();
        let (low, high) = wilson(count(0), count(1), 0.95);
        r02.check(&format!("ci.{place}.0"), low);
        r02.check(&format!("ci.{place}.1"), high);
    }
}

#[test]
fn r04_smoothing() {
    let r04 = case("R04");
    let smoothed = exponential_smoothing(&r04.given_list("y"), r04.given("alpha"));
    r04.check_list("fitted", &smoothed.fitted);
    r04.check("next", smoothed.next);
}
