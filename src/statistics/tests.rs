//! Statistics against what others have worked out.

use super::*;
use crate::luck::{hash, uniform};

/// 1, 2, 3, 4: mean 2.5, squares 2.25 + 0.25 + 0.25 + 2.25 = 5, variance 5 / 3.
#[test]
fn blocks_merge_to_the_whole() {
    let all: Running = (1..=4).map(f64::from).collect();
    let mut merged: Running = [1.0].into_iter().collect();
    merged.merge(&Running::new());
    merged.merge(&[2.0, 3.0, 4.0].into_iter().collect());
    for running in [all, merged] {
        assert_eq!((running.count(), running.mean()), (4, 2.5));
        assert!((running.variance() - 5.0 / 3.0).abs() < 1e-15);
        assert!((running.se() - (5.0f64 / 12.0).sqrt()).abs() < 1e-15);
        assert_eq!((running.min(), running.max()), (1.0, 4.0));
    }
}

#[test]
fn merging_loses_nothing_far_from_zero() {
    let series: Vec<f64> = (0..1_000).map(|i| 1e9 + f64::from(i % 2)).collect();
    let mut merged = Running::new();
    for block in series.chunks(7) {
        merged.merge(&block.iter().copied().collect());
    }
    // Variance of 500 zeros and 500 ones: 250 / 999.
    assert!((merged.variance() / (250.0 / 999.0) - 1.0).abs() < 1e-12);
    assert_eq!(merged.mean(), 1e9 + 0.5);
}

#[test]
fn nothing_and_infinity() {
    let mut running = Running::new();
    assert!(running.mean().is_nan() && running.sd().is_nan() && running.min().is_nan());
    running.push(f64::NAN);
    assert_eq!(running.count(), 0);
    running.push(3.0);
    assert!(running.mean() == 3.0 && running.sd().is_nan());
    running.push(f64::INFINITY);
    assert!(running.mean() == f64::INFINITY && running.sd().is_nan() && running.max() > 1e300);
    let mut other = Running::new();
    other.push(1.0);
    other.merge(&running);
    assert_eq!(
        (other.count(), other.mean(), other.min()),
        (3, f64::INFINITY, 1.0)
    );
}

/// With one degree of freedom `t = tan(pi level / 2)`, with two `level sqrt(2 / (1 - level^2))`; with many the
/// expansion meets the other way at their border.
#[test]
fn t_quantiles() {
    for level in [0.5, 0.9, 0.99] {
        let below = f64::midpoint(1.0, level);
        let one = (std::f64::consts::FRAC_PI_2 * level).tan();
        let two = level * (2.0 / (1.0 - level * level)).sqrt();
        assert!((t_quantile(below, 1.0) / one - 1.0).abs() < 1e-10);
        assert!((t_quantile(below, 2.0) / two - 1.0).abs() < 1e-10);
        let border = t_quantile(below, 1000.0) / t_quantile(below, 1001.0) - 1.0;
        // The slope of t is about -(z^2 + 1) / (4 n^2) relative to z.
        let z = t_quantile(below, 1e12);
        assert!(
            (border - (z * z + 1.0) / 4.0 / 1000.5f64.powi(2)).abs() < 1e-8,
            "{border}"
        );
    }
    assert!(t_quantile(1.0, 5.0).is_nan() && t_quantile(0.9, 0.0).is_nan());
}

#[test]
fn intervals_at_their_ends() {
    assert_eq!(half_width(2.0, 1, 0.95), f64::INFINITY);
    assert_eq!(t_interval(5.0, 0.0, 10, 0.95), (5.0, 5.0));
    assert_eq!(replications_for(1.0, 1, 0.1, 0.95), u64::MAX);
    assert_eq!(replications_for(1.0, 10, 0.0, 0.95), u64::MAX);
    assert_eq!(replications_for(0.0, 10, 0.1, 0.95), 10);
    assert_eq!(replications_for(1.0, 10, 100.0, 0.95), 10);
    assert_eq!(wilson(0, 0, 0.95), (0.0, 1.0));
    let (low, high) = wilson(12, 12, 0.95);
    let (mirrored, _) = (1.0 - wilson(0, 12, 0.95).1, 0);
    assert!((low - mirrored).abs() < 1e-15 && high == 1.0);
}

/// A queue that fills: values approach their level by half in each step, with luck of size 0.1 around it. What
/// is left out is the climb, and no more than a few batches.
#[test]
fn a_climb_is_warm_up() {
    let series: Vec<f64> = (0..400)
        .map(|i: u64| 10.0 - 10.0 * (-0.1 * i as f64).exp() + 0.1 * (uniform(hash(1, i)) - 0.5))
        .collect();
    let left_out = warm_up(&series).unwrap();
    assert!((30..=100).contains(&left_out), "{left_out}");
    // A series that only climbs has no end of its warm-up.
    let climb: Vec<f64> = (0..400).map(f64::from).collect();
    assert_eq!(warm_up(&climb), None);
    assert_eq!(warm_up(&[1.0; 19]), None);
    assert_eq!(warm_up(&[1.0; 20]), Some(0));
}

/// The sorted numbers themselves are the judge, over sixteen orders of magnitude and of both signs.
#[test]
fn quantiles_of_a_stream_are_within_half_a_per_cent() {
    let mut numbers: Vec<f64> = (0..5_000)
        .map(|i| {
            let u = uniform(hash(3, i));
            let size = 10f64.powf(16.0 * u - 8.0);
            if i % 5 == 0 {
                -size
            } else if i % 7 == 0 {
                0.0
            } else {
                size
            }
        })
        .collect();
    let sketch = sketch_of(&numbers);
    numbers.sort_unstable_by(f64::total_cmp);
    for q in [0.0, 0.001, 0.05, 0.1, 0.25, 0.5, 0.9, 0.95, 0.999, 1.0] {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 1 to 5,000
        let rank = (q * 5_000.0f64).ceil().max(1.0) as usize;
        let (exact, ours) = (numbers[rank - 1], sketch.quantile(q));
        assert!(
            (ours - exact).abs() <= 0.005_000_1 * exact.abs(),
            "{q}: {ours} {exact}"
        );
    }
    assert_eq!(sketch.quantile(0.0), numbers[0]);
    assert_eq!(sketch.quantile(1.0), numbers[4_999]);
    assert_eq!(sketch.quantile(0.25), 0.0);
}

fn sketch_of(numbers: &[f64]) -> Sketch {
    let mut sketch = Sketch::new();
    for &x in numbers {
        sketch.push(x);
    }
    sketch
}

#[test]
fn sketches_merge_in_any_order() {
    let numbers: Vec<f64> = (0..3_000)
        .map(|i| 50.0 * uniform(hash(4, i)) - 5.0)
        .collect();
    let whole = sketch_of(&numbers);
    let (mut forwards, mut backwards) = (Sketch::new(), Sketch::new());
    for block in numbers.chunks(17) {
        forwards.merge(&sketch_of(block));
    }
    for block in numbers.chunks(101).rev() {
        backwards.merge(&sketch_of(block));
    }
    assert_eq!(whole, forwards);
    assert_eq!(whole, backwards);
}

#[test]
fn what_is_no_ordinary_number() {
    let sketch = sketch_of(&[
        f64::NAN,
        f64::INFINITY,
        3.0,
        3.0,
        3.0,
        f64::NEG_INFINITY,
        1e-300,
        1e300,
    ]);
    assert_eq!(sketch.count(), 7);
    assert_eq!(sketch.quantile(0.01), f64::NEG_INFINITY);
    assert_eq!(sketch.quantile(0.2), 1e-300);
    assert!((sketch.quantile(0.5) / 3.0 - 1.0).abs() <= 0.005);
    assert_eq!(sketch.quantile(1.0), f64::INFINITY);
    assert!(Sketch::new().quantile(0.5).is_nan());
    // One number only comes out exactly.
    assert_eq!(sketch_of(&[7.3; 9]).quantile(0.05), 7.3);
}

/// Sorting is the judge: the same numbers at the same places, whatever else stands among them.
#[test]
fn exact_quantiles_are_those_of_the_sorted_numbers() {
    for count in [1, 2, 3, 10, 999, 1000] {
        let mut numbers: Vec<f64> = (0..count)
            .map(|i| (100.0 * uniform(hash(9, i))).round())
            .collect();
        let mut sorted = numbers.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        numbers.insert(0, f64::NAN);
        numbers.push(f64::NAN);
        let shares = [0.0, 0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975, 1.0];
        for (share, ours) in shares.iter().zip(quantiles(&mut numbers, shares)) {
            let place = share * (sorted.len() - 1) as f64;
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // below count
            let (below, above) = (place.floor() as usize, place.ceil() as usize);
            let theirs = sorted[below] + place.fract() * (sorted[above] - sorted[below]);
            assert!(
                (ours - theirs).abs() < 1e-12,
                "{count} {share}: {ours} {theirs}"
            );
        }
    }
}

#[test]
fn exact_quantiles_at_their_ends() {
    assert!(quantiles(&mut [], [0.5])[0].is_nan());
    assert!(quantiles(&mut [f64::NAN], [0.5])[0].is_nan());
    let mut numbers = [f64::INFINITY, 1.0, f64::INFINITY];
    assert_eq!(
        quantiles(&mut numbers, [0.0, 0.25, 0.75]),
        [1.0, f64::INFINITY, f64::INFINITY]
    );
}
