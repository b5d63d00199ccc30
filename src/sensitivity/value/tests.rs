use super::{evpi, evppi};
use crate::error::Error;
use crate::luck::normal_quantile;
use crate::statistics::Running;
use crate::stream::Stream;

fn normal(seed: u64, name: &str, worlds: u64) -> Vec<f64> {
    let stream = Stream::named(seed, name);
    (0..worlds)
        .map(|world| stream.uniform(world))
        .map(|u| normal_quantile(u, 1.0 - u))
        .collect()
}

fn column(values: &[f64]) -> Vec<Vec<f64>> {
    values.iter().map(|&value| vec![value]).collect()
}

fn message(error: &Error) -> String {
    error.to_string()
}

/// Three options in four worlds. Means 5, 5.5 and 4: the second is best. Knowing: 8, 6, 9 and 5, mean 7.
/// Gains 4, 0, 2 and 0: mean 1.5, variance (6.25 + 2.25 + 0.25 + 2.25) / 3, over 4 worlds.
#[test]
fn evpi_by_hand() {
    let worlds = [
        vec![8.0, 4.0, 1.0],
        vec![2.0, 6.0, 3.0],
        vec![6.0, 7.0, 9.0],
        vec![4.0, 5.0, 3.0],
    ];
    let found = evpi(&worlds).unwrap();
    assert_eq!(found.best, 1);
    assert!((found.estimate - 1.5).abs() < 1e-15);
    assert!((found.se - (11.0_f64 / 3.0 / 4.0).sqrt()).abs() < 1e-15);
}

/// An input with two values, exactly half of the worlds each. Option 1 less option 0 is +30 + noise at 1 and -10 +
/// noise at 0, where the noise sums to nothing: option 1 is best by 10 on average; knowing the input gains 10 in
/// half of the worlds: 5.
#[test]
fn evppi_of_two_values_by_hand() {
    let worlds = 400;
    let input: Vec<f64> = (0..worlds).map(|world| f64::from(world % 2)).collect();
    let benefit: Vec<Vec<f64>> = (0..worlds)
        .map(|world| {
            let noise = if world % 4 < 2 { 50.0 } else { -50.0 };
            let shared = f64::from(world % 7) * 1000.0;
            let more = if world % 2 == 1 { 30.0 } else { -10.0 };
            vec![shared, shared + more + noise]
        })
        .collect();
    let found = evppi(&benefit, &column(&input)).unwrap();
    assert!((found.estimate - 5.0).abs() < 1e-9, "{found:?}");
    assert_eq!((found.terms, found.changes), (2, 0.5));
}

/// What decides nothing is worth nothing: noise of another stream.
#[test]
fn an_input_without_effect_is_worth_next_to_nothing() {
    let (x, y) = (normal(11, "x", 4000), normal(11, "y", 4000));
    let benefit: Vec<Vec<f64>> = y.iter().map(|y| vec![0.0, 20.0 + 100.0 * y]).collect();
    let found = evppi(&benefit, &column(&x)).unwrap();
    assert!(found.estimate < 0.5, "{found:?}");
}

/// All inputs together are everything: the EVPPI of both is the EVPI, for a benefit that is smooth in them.
#[test]
fn all_inputs_together_are_worth_the_evpi() {
    let (x, y) = (normal(12, "x", 4000), normal(12, "y", 4000));
    let pairs = x.iter().zip(&y);
    let benefit: Vec<Vec<f64>> = pairs
        .clone()
        .map(|(x, y)| vec![0.0, 20.0 + 80.0 * x - 60.0 * y + 30.0 * x * y])
        .collect();
    let both: Vec<Vec<f64>> = pairs.map(|(&x, &y)| vec![x, y]).collect();
    let (all, perfect) = (evppi(&benefit, &both).unwrap(), evpi(&benefit).unwrap());
    assert!((all.estimate - perfect.estimate).abs() < 1e-6 * perfect.estimate);
    assert!((all.se - perfect.se).abs() < 1e-6 * perfect.se);
}

/// Against two loops, the definition itself: outer draws of X, and for each of them inner draws of the rest. Three
/// options whose benefits bend: 0, 100 sin(X) + 80 Y and 60 X^2 - 70 + 50 X Y.
#[test]
fn evppi_agrees_with_nested_draws() {
    let benefit = |x: f64, y: f64| {
        vec![
            0.0,
            100.0 * x.sin() + 80.0 * y,
            60.0 * x * x - 70.0 + 50.0 * x * y,
        ]
    };
    let worlds = 8000;
    let (x, y) = (normal(21, "x", worlds), normal(21, "y", worlds));
    let joint: Vec<Vec<f64>> = x.iter().zip(&y).map(|(&x, &y)| benefit(x, y)).collect();
    let found = evppi(&joint, &column(&x)).unwrap();

    let outer = normal(22, "outer", 3000);
    let inner = normal(22, "inner", 500);
    let mut best_given = Running::new();
    let mut overall = [Running::new(), Running::new(), Running::new()];
    for &x in &outer {
        let mut given = [Running::new(), Running::new(), Running::new()];
        for &y in &inner {
            let values = benefit(x, y);
            given
                .iter_mut()
                .zip(values)
                .for_each(|(sum, v)| sum.push(v));
        }
        let means = given.map(|sum| sum.mean());
        best_given.push(means.iter().copied().fold(f64::NEG_INFINITY, f64::max));
        overall
            .iter_mut()
            .zip(means)
            .for_each(|(sum, m)| sum.push(m));
    }
    let best = overall.map(|sum| sum.mean());
    let nested = best_given.mean() - best.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let se = found.se.hypot(best_given.se());
    assert!(
        (found.estimate - nested).abs() < 4.0 * se,
        "{} for {nested}, standard error {se}",
        found.estimate
    );
    assert!(found.se < 0.05 * found.estimate, "{found:?}");
    assert!((found.held_out - nested).abs() < 5.0 * se, "{found:?}");
}

/// Two hundred studies of 50 + 150 X + 120 Y, whose EVPPI of X is 38.135 in closed form (unit normal loss): the
/// interval of 1.96 standard errors holds it in about 95 % of them; 4 standard errors of a share of 200 are 6 %.
#[test]
fn intervals_cover_what_they_say() {
    let truth = 38.135_417_144_860_796;
    let mut held = 0;
    let (mut estimates, mut bounds) = (Running::new(), Running::new());
    for study in 0..200 {
        let (x, y) = (normal(study, "x", 600), normal(study, "y", 600));
        let benefit: Vec<Vec<f64>> = x
            .iter()
            .zip(&y)
            .map(|(x, y)| vec![0.0, 50.0 + 150.0 * x + 120.0 * y])
            .collect();
        let found = evppi(&benefit, &column(&x)).unwrap();
        held += u32::from((found.estimate - truth).abs() <= 1.96 * found.se);
        estimates.push(found.estimate);
        bounds.push(found.held_out);
    }
    assert!((178..=200).contains(&held), "{held} of 200");
    // The two biases: what is said of unseen worlds lies below, what is said of those seen not far above.
    assert!(bounds.mean() < estimates.mean());
    assert!((estimates.mean() - truth).abs() < 4.0 * estimates.se() + 0.01 * truth);
}

#[test]
fn bad_matrices_are_refused() {
    let one = evpi(&[vec![1.0], vec![2.0]]).unwrap_err();
    assert_eq!(
        message(&one),
        "net_benefit: got 1 option, allowed: at least 2 options: with one there is nothing to decide"
    );
    assert!(message(&evpi(&[]).unwrap_err()).contains("0 worlds"));
    assert!(message(&evpi(&[vec![1.0, 2.0], vec![1.0]]).unwrap_err()).contains("in world 1"));
    let endless = evpi(&[
        vec![1.0, 2.0],
        vec![f64::INFINITY, 1.0],
        vec![f64::NAN, 1.0],
    ]);
    assert_eq!(
        message(&endless.unwrap_err()),
        "net_benefit: got no finite number in 2 worlds, the first is 1, allowed: finite numbers"
    );
}

#[test]
fn bad_inputs_are_refused_all_at_once() {
    let benefit = vec![vec![1.0, 2.0]; 150];
    let wrong = evppi(&benefit, &vec![vec![]; 140]).unwrap_err();
    let said = message(&wrong);
    for part in ["draws: got 150", "140 rows", "0 inputs"] {
        assert!(said.contains(part), "{said}");
    }
    let benefit = vec![vec![1.0, 2.0]; 200];
    let ragged: Vec<Vec<f64>> = (0..200)
        .map(|world| vec![0.5; 1 + usize::from(world == 7)])
        .collect();
    assert!(message(&evppi(&benefit, &ragged).unwrap_err()).contains("2 inputs in world 7"));
}

/// Options that are alike in every world, and an input that never changes, are worth nothing, and nothing breaks.
#[test]
fn nothing_to_gain_is_nothing() {
    let benefit = vec![vec![3.0, 3.0]; 300];
    assert_eq!(
        evpi(&benefit).unwrap().estimate.to_bits(),
        0.0_f64.to_bits()
    );
    let found = evppi(&benefit, &vec![vec![0.5]; 300]).unwrap();
    assert!(found.estimate.abs() < 1e-12 && found.se.abs() < 1e-12);
}
