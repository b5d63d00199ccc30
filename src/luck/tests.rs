//! Luck against exact values.

use super::inverse::normal_quantile;
use super::*;
use statrs::distribution::{Binomial, ContinuousCDF, DiscreteCDF, Hypergeometric, Normal, Poisson};

/// Uniform numbers of every size, in rising order.
fn luck(count: u64) -> Vec<f64> {
    let ends = [1e-300, 1e-17, 1e-12, 1e-6, 1.0 - 1e-9, 1.0 - 1e-16];
    let mut numbers: Vec<f64> = (0..count).map(|i| uniform(hash(5, i))).collect();
    numbers.extend(ends);
    numbers.sort_unstable_by(f64::total_cmp);
    numbers
}

/// The smallest k with cdf(k) >= u, where the cdf is known to 1e-11 only.
#[track_caller]
fn assert_quantile(k: u64, u: f64, at_most: impl Fn(u64) -> f64) {
    assert!(at_most(k) >= u - 1e-11, "{k} is too few at {u}");
    assert!(
        k == 0 || at_most(k - 1) <= u + 1e-11,
        "{k} is too many at {u}"
    );
}

#[test]
fn normal_quantiles_are_those_of_the_error_function() {
    // From the standard library of Python (NormalDist().inv_cdf), which agrees with its own error function.
    for (u, exact) in [
        (0.145_333_202_155_877_42, -1.056_660_837_409_235_4),
        (0.975, 1.959_963_984_540_054),
        (1e-10, -6.361_340_902_404_056),
        (1e-17, -8.493_793_224_109_598),
    ] {
        let ours = normal_quantile(u, 1.0 - u);
        assert!((ours / exact - 1.0).abs() < 1e-14, "{ours} at {u}");
    }
    let normal = Normal::standard();
    for u in luck(500).into_iter().filter(|&u| u > 1e-13) {
        let ours = normal_quantile(u, 1.0 - u);
        assert!((normal.cdf(ours) - u).abs() < 1e-10, "{u}");
    }
}

#[test]
fn binomial_counts_are_the_inverse_of_the_distribution_function() {
    for (n, p) in [
        (1, 0.3),
        (7, 0.5),
        (40, 0.15),
        (200, 0.88),
        (255, 0.5),
        (256, 0.02),
        (256, 0.3),
        (1_000, 0.77),
        (40_000, 1e-4),
        (40_000, 0.4),
    ] {
        let exact = Binomial::new(p, n).unwrap();
        let mut before = 0;
        for u in luck(60) {
            let k = binomial_quantile(n, p, u);
            assert!(k >= before && k <= n);
            assert_quantile(k, u, |k| exact.cdf(k));
            before = k;
        }
    }
}

/// P(X <= 3,499,440) of ten million people with 35 % each, summed with 40 digits: 0.355349938300824.
#[test]
fn ten_million_people_are_counted_exactly() {
    let quantile = |u| binomial_quantile(10_000_000, 0.35, u);
    assert_eq!(quantile(0.355_349_938_300_7), 3_499_440);
    assert_eq!(quantile(0.355_349_938_300_9), 3_499_441);
    let counts: Vec<u64> = luck(300).into_iter().map(quantile).collect();
    assert!(counts.is_sorted());
}

#[test]
fn poisson_counts_are_the_inverse_of_the_distribution_function() {
    for mean in [1e-9, 0.4, 9.9, 10.1, 300.0, 123_456.7] {
        let exact = Poisson::new(mean).unwrap();
        let mut before = 0;
        for u in luck(200) {
            let k = poisson_quantile(mean, u);
            assert!(k >= before);
            assert_quantile(k, u, |k| exact.cdf(k));
            before = k;
        }
    }
    assert_eq!(poisson_quantile(0.0, 0.9), 0);
    assert_eq!(poisson_quantile(f64::NAN, 0.9), 0);
}

/// Two out of five are taken, three of the five are marked: none with 1/10, one with 6/10, both with 3/10.
#[test]
fn marked_people_among_the_taken() {
    let found = |u| hypergeometric_quantile(5, 3, 2, u);
    assert_eq!([0.099, 0.101, 0.699, 0.701].map(found), [0, 1, 1, 2]);
    assert_eq!(hypergeometric_quantile(5, 4, 3, 1e-12), 2);
    assert_eq!(hypergeometric_quantile(5, 9, 3, 0.5), 3);
    assert_eq!(hypergeometric_quantile(0, 0, 0, 0.5), 0);
    for (all, marked, taken) in [
        (12, 5, 4),
        (50, 20, 5),
        (1_000, 300, 600),
        (4_000, 3_999, 17),
    ] {
        let exact = Hypergeometric::new(all, marked, taken).unwrap();
        let mut before = 0;
        for u in luck(60) {
            let k = hypergeometric_quantile(all, marked, taken, u);
            assert!(k >= before && k <= taken);
            assert_quantile(k, u, |k| exact.cdf(k));
            before = k;
        }
    }
}

#[test]
fn ends_and_mistakes_give_ends() {
    for u in [f64::NAN, -1.0, 0.0, 1e-17, 0.5, 1.0 - 1e-16, 1.0, 2.0] {
        assert_eq!(binomial_quantile(0, 0.5, u), 0);
        assert_eq!(binomial_quantile(10, 0.0, u), 0);
        assert_eq!(binomial_quantile(10, -0.1, u), 0);
        assert_eq!(binomial_quantile(10, f64::NAN, u), 0);
        assert_eq!(binomial_quantile(10, 1.0, u), 10);
        assert_eq!(binomial_quantile(10, 1.5, u), 10);
        assert!(poisson_quantile(3.0, u) < 60);
        assert!(binomial_quantile(10_000_000, 0.5, u) <= 10_000_000);
    }
    // (1 - 1e-17)^n is 1 in doubles: nobody goes, however lucky.
    assert_eq!(binomial_quantile(10, 1e-17, 1.0 - 1e-16), 0);
    assert_eq!(binomial_quantile(200, 0.01, 1e-17), 0);
    assert_eq!(binomial_quantile(200, 0.99, 1.0 - 1e-16), 200);
    // P(X > 20) = 1.1e-14 and P(X > 24) is below 1e-16 for 200 people with 1 % each.
    assert!((20..=26).contains(&binomial_quantile(200, 0.01, 1.0 - 1e-16)));
}

/// Random bits at the ends and in the middle of all, and others.
fn bits(count: u64) -> impl Iterator<Item = u64> {
    let ends = [0, 1 << 12, u64::MAX, !(1 << 12), 1 << 63, (1 << 63) - 1];
    ends.into_iter().chain((0..count).map(|i| hash(6, i)))
}

/// Tables only save time: the same random bits give the same count without them, in one lane or in several.
#[test]
fn tables_change_no_result() {
    let mut tables = Binomials::new();
    for n in (0..=300).step_by(7) {
        for p in [1e-9, 0.03, 0.12, 0.5, 0.500_001, 0.85, 1.0 - 1e-9] {
            for bits in bits(90) {
                let exact = binomial_quantile(n, p, uniform(bits));
                assert_eq!(tables.quantile(n, p, bits), exact, "{n} {p} {bits}");
                let people = [u32::try_from(n).unwrap(), 0, 3];
                let lanes = tables.quantiles(&people, p, &[bits, bits, !bits]);
                assert_eq!(lanes[0], exact as f64, "{n} {p} {bits}");
                let three = binomial_quantile(3, p, uniform(!bits));
                assert_eq!(lanes[1..], [0.0, three as f64]);
            }
        }
    }
    // Thousands of probabilities: tables are thrown away and built again.
    for turn in 0..4 {
        for i in 0..30_000 {
            let p = uniform(hash(9, i % 9_000));
            let bits = hash(turn, i);
            assert_eq!(
                tables.quantile(60, p, bits),
                binomial_quantile(60, p, uniform(bits))
            );
        }
    }
    // So many that are asked for often, of so many sizes, that rows and tables are too.
    for i in 0..400_000 {
        let (p, n) = (uniform(hash(9, i % 1_300)), 30 + i % 7);
        let exact = binomial_quantile(n, p, uniform(hash(2, i)));
        assert_eq!(tables.quantile(n, p, hash(2, i)), exact);
    }
    assert!(tables.bytes() < 6_000_000);
}

/// The bounds of a table, where the answer turns: of two people with one half each a quarter, a half and a quarter of
/// all random numbers, and with probability 0.3 those of 0.49 and 0.91.
#[test]
fn tables_turn_where_the_sums_do() {
    let mut tables = Binomials::new();
    let mut turns = |p: f64| -> Vec<u64> {
        let mut count = |bits| tables.quantile(2, p, bits);
        (0..100).for_each(|i| _ = count(hash(1, i)));
        // Where the answer turns from k - 1 to k, by halving.
        let turn = |k: u64, count: &mut dyn FnMut(u64) -> u64| {
            let (mut below, mut from) = (0_u64, 1_u64 << 52);
            while from - below > 1 {
                let middle = below.midpoint(from);
                if count(middle << 12) < k {
                    below = middle;
                } else {
                    from = middle;
                }
            }
            from
        };
        (1..=2).map(|k| turn(k, &mut count)).collect()
    };
    assert_eq!(turns(0.5), [1 << 50, 3 << 50]);
    let all = 2f64.powi(52);
    for (turn, exact) in turns(0.3).into_iter().zip([0.49, 0.91]) {
        assert!((turn as f64 / all - exact).abs() < 1e-15);
    }
}

/// People stay whole: units of 0.8 WTE and one part-timer of 0.3.
#[test]
fn whole_people_and_a_part_timer() {
    let mut chance = Chance::<1>::new(3, [0]);
    let n = 40_000;
    let (mut sum, mut part) = (0.0, 0.0);
    for week in 0..n {
        let gone = chance.take(0, 4.3, 0.8, 0.25, Place::new(1, 2, week, 0));
        let units = (gone / 0.8 + 1e-9).floor();
        let rest = gone - units * 0.8;
        assert!(units <= 5.0 && (rest.abs() < 1e-9 || (rest - 0.3).abs() < 1e-9));
        sum += units;
        part += rest / 0.3;
    }
    // Means 5 x 0.25 and 0.25; standard errors sqrt(5 x 0.1875 / n) and sqrt(0.1875 / n).
    let error = (0.1875 / n as f64).sqrt();
    assert!((sum / n as f64 - 1.25).abs() < 4.0 * error * 5f64.sqrt());
    assert!((part / n as f64 - 0.25).abs() < 4.0 * error);
    assert_eq!(chance.take(0, 4.3, 0.8, 1.0, Place::new(1, 2, 0, 0)), 4.3);
    assert_eq!(chance.take(0, 4.3, 0.8, 0.0, Place::new(1, 2, 0, 0)), 0.0);
    assert_eq!(chance.take(0, 0.0, 0.8, 0.5, Place::new(1, 2, 0, 0)), 0.0);
    assert_eq!(chance.take(0, 0.3, 0.8, 1.0, Place::new(1, 2, 0, 0)), 0.3);
}

#[test]
fn rounding_keeps_the_mean() {
    let mut chance = Chance::<1>::new(3, [7]);
    let n = 40_000;
    let places = (0..n).map(|week| Place::new(4, 9, week, 1));
    let sum: f64 = places.map(|place| chance.whole(0, 2.3, place)).sum();
    let error = (0.3 * 0.7 / n as f64).sqrt();
    assert!((sum / n as f64 - 2.3).abs() < 4.0 * error);
    assert_eq!(chance.whole(0, 5.0, Place::new(4, 9, 0, 1)), 5.0);
}

#[test]
fn expectations_are_shares() {
    let mut luck = Expected;
    let place = Place::new(0, 0, 0, 0);
    assert_eq!(Luck::<1>::take(&mut luck, 0, 4.0, 1.0, 0.25, place), 1.0);
    assert_eq!(Luck::<1>::among(&mut luck, 0, 3.0, 12.0, 4.0, place), 1.0);
    assert_eq!(Luck::<1>::among(&mut luck, 0, 0.0, 0.0, 0.0, place), 0.0);
    assert_eq!(Luck::<1>::whole(&mut luck, 0, 2.3, place), 2.3);
}

/// A decision depends on its place and replicate alone, not on what was asked before.
#[test]
fn luck_belongs_to_the_place() {
    let place = |week| Place::new(1, name_key("pwp"), week, 0);
    let mut both = Chance::<2>::new(11, [4, 5]);
    let mut one = Chance::<1>::new(11, [5]);
    let ours: Vec<u64> = (0..50)
        .map(|w| both.binomial(1, 30, 0.4, place(w)))
        .collect();
    let mut theirs: Vec<u64> = (0..50)
        .rev()
        .map(|w| one.binomial(0, 30, 0.4, place(w)))
        .collect();
    theirs.reverse();
    assert_eq!(ours, theirs);
    let other: Vec<u64> = (0..50)
        .map(|w| both.binomial(0, 30, 0.4, place(w)))
        .collect();
    assert_ne!(ours, other);
}

/// Neighbouring places, names, replicates and seeds are unrelated: the correlation of 20,000 pairs of uniform
/// numbers has standard error 1 / sqrt(20,000) = 0.0071.
#[test]
fn neighbours_are_unrelated() {
    let n = 20_000;
    let of = |number: &dyn Fn(usize) -> f64, other: &dyn Fn(usize) -> f64| {
        let sum: f64 = (0..n).map(|i| (number(i) - 0.5) * (other(i) - 0.5)).sum();
        12.0 * sum / n as f64
    };
    let chance = Chance::<2>::new(1, [0, 1]);
    let other = Chance::<1>::new(2, [0]);
    let base = |i: usize| chance.uniform(0, Place::new(1, 1, i, 0));
    for correlation in [
        of(&base, &|i| chance.uniform(0, Place::new(1, 1, i + 1, 0))),
        of(&base, &|i| chance.uniform(0, Place::new(1, 1, i, 1))),
        of(&base, &|i| chance.uniform(0, Place::new(1, 2, i, 0))),
        of(&base, &|i| chance.uniform(0, Place::new(2, 1, i, 0))),
        of(&base, &|i| chance.uniform(0, Place::new(1, 1, 0, i))),
        of(&base, &|i| chance.uniform(0, Place::new(1, 1, i, 0).next())),
        of(&base, &|i| chance.uniform(1, Place::new(1, 1, i, 0))),
        of(&base, &|i| other.uniform(0, Place::new(1, 1, i, 0))),
        of(&|i| uniform(hash(1, i as u64)), &|i| {
            uniform(hash(2, i as u64))
        }),
        of(&|i| uniform(hash(1, i as u64)), &|i| {
            uniform(hash(1, i as u64 + 1))
        }),
    ] {
        assert!(correlation.abs() < 4.0 * 0.0071, "{correlation}");
    }
}

/// A month of 10 people over steps with 1, 0, 2 and 2 of 5 parts: all are placed, none in the empty step.
#[test]
fn a_month_is_split_between_its_steps() {
    let mut binomials = Binomials::new();
    let month = Month::new(&[(3, 20.0), (4, 0.0), (5, 40.0), (6, 40.0)], 5.0);
    let n = 4_000;
    let (mut sums, mut squares) = ([0.0; 4], 0.0);
    for key in 0..n {
        let mut total = 0;
        month.draw(hash(1, key), &mut binomials, |step, people| {
            sums[step - 3] += people as f64;
            total += people;
        });
        squares += (total as f64 - 100.0).powi(2);
    }
    // A part with share s has variance m s + (phi - 1) m s^2: 20 + 4 x 4 = 36, and 40 + 4 x 16 = 104.
    let runs = n as f64;
    assert!((sums[0] / runs - 20.0).abs() < 4.0 * (36.0 / runs).sqrt());
    assert_eq!(sums[1], 0.0);
    assert!((sums[2] / runs - 40.0).abs() < 4.0 * (104.0 / runs).sqrt());
    assert!((sums[3] / runs - 40.0).abs() < 4.0 * (104.0 / runs).sqrt());
    // Variance 500 of the month; its standard error is about 500 sqrt(2 / n) = 11.2, some more for the tail.
    assert!((squares / runs - 500.0).abs() < 4.0 * 13.0);
    let mut parts = [0; 3];
    split(90, &[1.0, 0.0, 2.0], 5, &mut binomials, |part, people| {
        parts[part] = people;
    });
    assert_eq!((parts[1], parts.iter().sum::<u64>()), (0, 90));
    split(90, &[0.0], 5, &mut binomials, |_, people| {
        assert_eq!(people, 0);
    });
}

/// Weights 1, 0, 3: a quarter and three quarters.
#[test]
fn a_guide_finds_the_smallest_count() {
    let guide = Guide::new(&[1.0, 0.0, 3.0, 0.0]);
    let found = [0.0, 0.249, 0.25, 0.251, 1.0].map(|u| guide.quantile(u));
    assert_eq!(found, [0, 0, 0, 2, 2]);
    assert_eq!(Guide::new(&[]).quantile(0.7), 0);
    assert_eq!(Guide::new(&[0.0, f64::NAN]).quantile(0.7), 0);
}

/// Large counts: mean 1e6 with phi 5 has sd 2236, and the median of a nearly normal count is at the mean.
#[test]
fn large_counts_stay_exact() {
    let table = CountTable::new(1e6, 5.0);
    let normal = Normal::new(1e6, 5e6f64.sqrt()).unwrap();
    for u in [0.01, 0.5, 0.99] {
        let off = table.quantile(u) as f64 - normal.inverse_cdf(u);
        assert!(off.abs() < 12.0, "{off}"); // skewness 2 phi / sd: sd x 0.004 / 6 x (2.33^2 - 1) = 7
    }
    let (mut low, mut high) = (table.quantile(0.0), table.quantile(1.0));
    assert!(low > 970_000 && high < 1_030_000);
    for mean in [1e-12, 0.3, 40.0] {
        let exact = Poisson::new(mean).unwrap();
        let table = CountTable::new(mean, 1.0);
        for u in luck(100) {
            assert_quantile(table.quantile(u), u, |k| exact.cdf(k));
        }
    }
    (low, high) = (
        CountTable::new(0.0, 2.0).quantile(0.9),
        CountTable::new(f64::NAN, 2.0).quantile(0.9),
    );
    assert_eq!((low, high), (0, 0));
}

/// The expansion at the thresholds themselves, where its value must be the whole number: half the stated error is
/// never reached.
#[test]
fn the_expansion_is_as_near_as_it_says() {
    use super::binomial::Binomial;
    use super::expansion::expansion;
    use super::inverse::{Count, lower_tail, upper_tail};
    for (n, p) in [
        (256.0, 0.04),
        (256.0, 0.5),
        (300.0, 0.1),
        (1_000.0, 0.03),
        (1_000.0, 0.3),
        (20_000.0, 0.0007),
        (20_000.0, 0.45),
        (1e6, 2e-5),
    ] {
        let group = Binomial::new(n, p);
        let (mean, sd) = group.moments();
        let shape = group.shape().unwrap();
        let mut k = (mean - 6.0 * sd).max(1.0).floor();
        let step = (sd / 50.0).ceil();
        while k < mean + 6.0 * sd {
            let (below, above) = if k <= mean.floor() {
                let tail = lower_tail(&group, k - 1.0);
                (tail, 1.0 - tail)
            } else {
                let tail = upper_tail(&group, k, n);
                (1.0 - tail, tail)
            };
            let w = normal_quantile(below, above);
            let (value, error) = expansion(shape, w);
            assert!((value - k).abs() <= error / 2.0, "{n} {p} {k}: {value}");
            k += step;
        }
    }
}
