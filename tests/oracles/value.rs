//! What it is worth to find something out, against the unit normal loss.

use skillmix::sensitivity::{evpi, evppi};
use skillmix::stream::Stream;
use statrs::distribution::{ContinuousCDF, Normal};

use crate::case::case;

/// Worlds of each study: the standard errors come to 0.6 % (E06) and 1.2 % (E07) of the values.
const WORLDS: u64 = 100_000;

/// Standard normal numbers of the seed 1.
fn normal(name: &str) -> Vec<f64> {
    let unit = Normal::standard();
    let stream = Stream::named(1, name);
    (0..WORLDS)
        .map(|world| unit.inverse_cdf(stream.uniform(world)))
        .collect()
}

#[test]
fn e06_perfect_information_of_two_options() {
    let e06 = case("E06");
    let (mean, sd) = (e06.given("mean"), e06.given("sd"));
    let benefit: Vec<Vec<f64>> = normal("benefit")
        .iter()
        .map(|z| vec![0.0, mean + sd * z])
        .collect();
    let found = evpi(&benefit).unwrap();
    e06.check_chance("evpi", found.estimate, found.se);
}

#[test]
fn e07_information_about_one_of_two_inputs() {
    let e07 = case("E07");
    let (mean, b) = (e07.given("mean"), e07.given_list("b"));
    let (x, y) = (normal("x"), normal("y"));
    let benefit: Vec<Vec<f64>> = x
        .iter()
        .zip(&y)
        .map(|(x, y)| vec![0.0, mean + b[0] * x + b[1] * y])
        .collect();
    for (name, input) in [("evppi_x", x), ("evppi_y", y)] {
        let rows: Vec<Vec<f64>> = input.into_iter().map(|value| vec![value]).collect();
        let found = evppi(&benefit, &rows).unwrap();
        e07.check_chance_of(name, found.estimate, found.se, 0.02 * e07.wanted(name));
    }
    let found = evpi(&benefit).unwrap();
    e07.check_chance_of("evpi", found.estimate, found.se, 0.02 * e07.wanted("evpi"));
}
