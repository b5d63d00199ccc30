//! Families against figures of scipy 1.x (`scipy.stats`; moments of cut families by `scipy.integrate.quad` at a
//! relative tolerance of 1e-13) and against closed forms.

use super::{Family, Spread, by_mean_and_sd, by_quantiles, lognormal};

#[track_caller]
fn close(ours: f64, theirs: f64, relative: f64) {
    let same = (ours - theirs).abs() <= relative * theirs.abs();
    assert!(same, "{ours} for {theirs}");
}

fn whole(family: &Family) -> Spread {
    Spread::whole(family.clone()).unwrap()
}

/// One of each family that can have any value.
fn smooth() -> Vec<Family> {
    vec![
        Family::Uniform([2.0, 10.0]),
        Family::Triangular([2.0, 4.0, 10.0]),
        Family::Triangular([0.0, 0.0, 3.0]),
        Family::Pert([2.0, 4.0, 10.0], 4.0),
        Family::Pert([2.0, 10.0, 10.0], 9.0),
        Family::Normal { mean: 0.2, sd: 0.1 },
        Family::Lognormal {
            mu: 1.0,
            sigma: 0.2,
        },
        Family::Lognormal {
            mu: 1.0,
            sigma: 1.5,
        },
        Family::Beta {
            alpha: 2.0,
            beta: 5.0,
        },
        Family::Beta {
            alpha: 0.5,
            beta: 20.0,
        },
        Family::Beta {
            alpha: 500.0,
            beta: 2000.0,
        },
        Family::Gamma {
            shape: 0.5,
            scale: 3.0,
        },
        Family::Gamma {
            shape: 9.0,
            scale: 0.5,
        },
        Family::Gamma {
            shape: 1e5,
            scale: 1.0,
        },
    ]
}

#[test]
fn quantiles_are_those_of_scipy() {
    let beta = |alpha, beta, u| Family::Beta { alpha, beta }.quantile(u);
    close(beta(2.0, 5.0, 0.01), 0.026_763_191_142_755_053, 1e-9);
    close(beta(0.5, 20.0, 0.9), 0.066_191_917_534_964_78, 1e-9);
    close(beta(500.0, 2000.0, 0.025), 0.184_553_287_429_752_33, 1e-9);
    let gamma = |shape, scale, u| Family::Gamma { shape, scale }.quantile(u);
    close(gamma(0.01, 1.0, 0.5), 4.465_535_018_910_562e-31, 1e-6);
    close(gamma(2.5, 4.0, 0.975), 25.665_003_988_060_054, 1e-9);
    close(gamma(1e5, 1.0, 0.05), 99_480.420_746_788_72, 1e-9);
    let pert = Family::Pert([2.0, 4.0, 10.0], 4.0);
    close(pert.quantile(0.05), 2.611_523_131_298_631, 1e-9);
    close(pert.quantile(0.95), 7.259_266_544_009_109, 1e-9);
    let triangle = Family::Triangular([2.0, 4.0, 10.0]);
    close(triangle.quantile(0.5), 5.101_020_514_433_644, 1e-12);
}

/// Oracles D02 and D03: 95 % of a negative binomial with mean 300 and size 12 lie at or below 458.
#[test]
fn counts_are_those_of_scipy() {
    let wide = whole(&Family::NegativeBinomial {
        mean: 300.0,
        size: 12.0,
    });
    assert_eq!(wide.quantile(0.95).to_bits(), 458.0_f64.to_bits());
    close(wide.variance(), 7800.0, 1e-12);
    close(
        1.0 - wide.share_outside(-1.0, 250.0),
        0.309_896_138_470_012_85,
        1e-9,
    );
    let narrow = whole(&Family::Poisson { mean: 300.0 });
    close(
        narrow.share_outside(-1.0, 330.0),
        0.040_776_327_479_980_716,
        1e-9,
    );
    let at = [0.05, 0.5, 0.95].map(|u| narrow.quantile(u));
    assert_eq!(at, [272.0, 300.0, 329.0]);
    let other = whole(&Family::NegativeBinomial {
        mean: 10.0,
        size: 2.5,
    });
    assert_eq!(
        [0.05, 0.5, 0.95].map(|u| other.quantile(u)),
        [1.0, 9.0, 24.0]
    );
    let cut = whole(&Family::Poisson { mean: 3.0 }).cut(1.0, 6.0).unwrap();
    close(cut.mean(), 2.997_963_340_122_2, 1e-12);
    close(cut.variance(), 2.014_252_471_161_145, 1e-12);
    assert_eq!((cut.quantile(0.0), cut.quantile(1.0)), (1.0, 6.0));
}

/// Oracle D08: a lognormal with mean 6.1 and coefficient of variation 0.7.
#[test]
fn a_lognormal_by_mean_and_sd() {
    let (mu, sigma) = lognormal(6.1, 6.1 * 0.7);
    close(mu, 1.608_900_711_200_581_5, 1e-12);
    close(sigma, 0.631_487_228_657_371_8, 1e-12);
    let said = by_mean_and_sd("lognormal", 6.1, 6.1 * 0.7).unwrap();
    close(said.quantile(0.5), 4.997_314_715_166_146, 1e-9);
    close(said.quantile(0.9), 11.225_457_137_101_012, 1e-9);
}

#[test]
#[allow(clippy::too_many_lines)] // a list of figures
fn moments_and_quantiles_of_cut_families_are_those_of_scipy() {
    let normal = |mean, sd| Family::Normal { mean, sd };
    let lognormal = |sigma| Family::Lognormal { mu: 1.0, sigma };
    let gamma = |shape, scale| Family::Gamma { shape, scale };
    let beta = |alpha, beta| Family::Beta { alpha, beta };
    let hump = [2.0, 4.0, 10.0];
    // Family, low, high; mean, variance, 30 % quantile.
    for (family, [low, high], [mean, variance, q30]) in [
        (
            normal(0.2, 0.1),
            [0.0, 1.0],
            [
                0.205_524_786_267_898_52,
                0.008_864_519_483_113_83,
                0.152_087_567_359_790_84,
            ],
        ),
        (
            normal(1000.0, 1.0),
            [998.0, 1001.0],
            [
                999.770_362_820_908_5,
                0.519_762_539_211_533_8,
                999.382_123_926_988_6,
            ],
        ),
        (
            lognormal(0.2),
            [2.0, 4.0],
            [
                2.791_692_583_108_57,
                0.209_409_545_056_731_2,
                2.497_193_879_705_673_4,
            ],
        ),
        (
            lognormal(1.5),
            [0.5, 1000.0],
            [
                9.506_783_028_969_716,
                540.780_826_699_588_6,
                1.792_318_381_743_284,
            ],
        ),
        (
            gamma(0.5, 3.0),
            [0.1, 20.0],
            [
                1.868_504_448_794_063_9,
                4.814_768_905_310_221,
                0.516_193_281_920_186_4,
            ],
        ),
        (
            gamma(9.0, 0.5),
            [2.0, 1000.0],
            [
                4.560_840_116_451_783,
                2.124_618_247_326_561,
                3.665_441_168_409_970_4,
            ],
        ),
        (
            beta(2.0, 5.0),
            [0.1, 0.9],
            [
                0.314_248_293_482_328_36,
                0.021_560_409_233_090_48,
                0.214_390_513_889_631,
            ],
        ),
        (
            beta(0.5, 0.5),
            [0.05, 1.0],
            [
                0.581_003_387_388_506_4,
                0.100_212_689_069_184_72,
                0.346_233_278_094_886_7,
            ],
        ),
        (
            Family::Triangular(hump),
            [3.0, 9.0],
            [
                5.424_242_424_242_423,
                2.289_715_335_169_881_3,
                4.360_851_128_051_326,
            ],
        ),
        (
            Family::Pert(hump, 4.0),
            [3.0, 9.0],
            [
                4.939_115_929_941_618,
                1.642_903_400_476_607_9,
                4.064_459_164_374_815,
            ],
        ),
    ] {
        let cut = whole(&family).cut(low, high).unwrap();
        close(cut.mean(), mean, 1e-9);
        close(cut.variance(), variance, 1e-9);
        close(cut.quantile(0.3), q30, 1e-9);
        assert!(cut.quantile(0.0) >= low && cut.quantile(1.0) <= high);
        assert_eq!(cut.within(), Some([low, high]));
    }
}

/// Nothing is cut where nothing lies outside, and the bits stay.
#[test]
fn a_cut_outside_the_ends_changes_nothing() {
    let share = whole(&Family::Pert([0.1, 0.2, 0.9], 4.0));
    assert_eq!(share.clone().cut(0.0, 1.0), Some(share));
    let far = whole(&Family::Normal { mean: 0.0, sd: 1.0 });
    assert_eq!(far.cut(5.0, 6.0), None);
}

/// F(Q(u)) = u, and Q rises.
#[test]
fn quantiles_invert_the_distribution_function() {
    for family in smooth() {
        let mut before = f64::NEG_INFINITY;
        for step in 1..400 {
            let u = f64::from(step) / 400.0;
            let x = family.quantile(u);
            assert!(x >= before, "{family:?} at {u}");
            assert!(
                (family.cdf(x) - u).abs() < 1e-9,
                "{family:?} at {u}: {}",
                family.cdf(x)
            );
            before = x;
        }
        assert!(family.quantile(0.0).is_finite() && family.quantile(1.0).is_finite());
    }
}

/// The moments of each family again, as those of a cut that takes next to nothing: by integration.
#[test]
fn closed_forms_and_integrals_agree() {
    for family in smooth() {
        let all = whole(&family);
        let (low, high) = (family.quantile(1e-14), family.quantile(1.0 - 1e-14));
        let cut = all.clone().cut(low, high).unwrap();
        close(cut.mean(), all.mean(), 1e-9);
        // The heaviest tail loses most: exp(1 + 1.5 z) squared beyond z = 7.65.
        let heavy = matches!(family, Family::Lognormal { sigma, .. } if sigma > 1.0);
        close(
            cut.variance(),
            all.variance(),
            if heavy { 1e-4 } else { 1e-9 },
        );
    }
}

#[test]
fn mean_and_sd_come_back() {
    for (name, mean, sd) in [
        ("uniform", 3.0, 0.5),
        ("normal", -3.0, 0.5),
        ("lognormal", 0.02, 0.01),
        ("gamma", 40.0, 12.0),
        ("beta", 0.07, 0.02),
        ("negative_binomial", 30.0, 8.0),
    ] {
        let family = by_mean_and_sd(name, mean, sd).unwrap();
        assert_eq!(family.name(), name);
        close(family.mean(), mean, 1e-12);
        close(family.variance(), sd * sd, 1e-10);
    }
    for (name, mean, sd) in [
        ("beta", 0.5, 0.6),
        ("beta", 1.5, 0.1),
        ("gamma", -1.0, 0.1),
        ("lognormal", 0.0, 1.0),
        ("lognormal", 1e-9, 1e9),
        ("negative_binomial", 9.0, 3.0),
        ("normal", 1.0, 0.0),
        ("poisson", 1.0, 1.0),
    ] {
        assert!(
            by_mean_and_sd(name, mean, sd).is_err(),
            "{name} {mean} {sd}"
        );
    }
}

#[test]
fn quantiles_come_back() {
    let said = |pairs: &[(f64, f64)], name: &str| {
        let family = by_quantiles(name, pairs, 4.0).unwrap();
        assert_eq!(family.name(), name);
        for (share, x) in pairs {
            close(family.quantile(*share), *x, 1e-8);
        }
        family
    };
    let two = [(0.05, 0.12), (0.95, 0.34)];
    for name in ["uniform", "normal", "lognormal", "gamma", "beta"] {
        said(&two, name);
        said(&[(0.25, 0.001), (0.5, 0.8)], name);
    }
    let three = [(0.05, 1.0), (0.5, 2.3), (0.95, 4.0)];
    for name in ["triangular", "pert"] {
        said(&three, name);
    }
    // By hand: z at 5 % is -1.644854; the logarithms of 0.1 and 0.4 are 2 x 1.644854 sigma apart.
    if let Family::Lognormal { mu, sigma } = said(&[(0.05, 0.1), (0.95, 0.4)], "lognormal") {
        close(mu, 0.2_f64.ln(), 1e-12);
        close(sigma, 4.0_f64.ln() / 2.0 / 1.644_853_626_951_472_7, 1e-12);
    }
    // A pert of scipy: beta(2, 4) from 2 to 10.
    let pairs = [
        (0.05, 2.611_523_131_298_631),
        (0.5, 4.510_481_363_645_58),
        (0.95, 7.259_266_544_009_109),
    ];
    if let Family::Pert([low, mode, high], _) = said(&pairs, "pert") {
        close(low, 2.0, 1e-7);
        close(mode, 4.0, 1e-7);
        close(high, 10.0, 1e-7);
    }
}

#[test]
fn quantiles_that_no_member_has_are_refused() {
    for (name, pairs) in [
        ("gamma", vec![(0.05, 1.0), (0.95, 1.000_001)]),
        ("lognormal", vec![(0.05, -1.0), (0.95, 1.0)]),
        ("beta", vec![(0.05, 0.1), (0.95, 1.1)]),
        ("beta", vec![(0.05, 0.5), (0.95, 0.500_000_1)]),
        ("pert", vec![(0.05, 0.1), (0.95, 1.1)]),
        ("pert", vec![(0.05, 0.0), (0.5, 0.01), (0.95, 1.0)]),
        ("normal", vec![(0.05, 0.0), (0.5, 0.1), (0.95, 1.0)]),
        ("normal", vec![(0.5, 0.1)]),
        ("poisson", vec![(0.05, 1.0), (0.95, 9.0)]),
    ] {
        assert!(by_quantiles(name, &pairs, 4.0).is_err(), "{name} {pairs:?}");
    }
}
