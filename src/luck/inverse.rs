//! How is a whole number drawn from one uniform number, exactly and without tables?
//!
//! The answer is the smallest k with `P(X <= k) >= u`. An expansion around the normal quantile, whose error is
//! bounded, decides nearly always ([`super::expansion`]). Where it does not, k is checked against the tail itself,
//! summed from its largest term: below the mean the lower tail is compared with `u`, from the mean on the upper
//! tail with `1 - u`. Each keeps its relative precision, and each k has one threshold, so that the answer never
//! falls as `u` rises.

use super::expansion::{Shape, expansion};

/// A distribution of whole numbers with one hump.
pub(super) trait Count {
    /// Smallest and largest number that can come out; the largest may be infinite.
    fn bounds(&self) -> (f64, f64);
    /// Mean and standard deviation.
    fn moments(&self) -> (f64, f64);
    /// What the expansion needs, where there is one.
    fn shape(&self) -> Option<Shape> {
        None
    }
    /// Probability of k.
    fn probability(&self, k: f64) -> f64;
    /// Probability of k - 1 over that of k.
    fn down(&self, k: f64) -> f64;
    /// Probability of k + 1 over that of k.
    fn up(&self, k: f64) -> f64;
}

/// A uniform number by its distance from both ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Uniform {
    /// Distance from 0.
    pub below: f64,
    /// Distance from 1.
    pub above: f64,
    /// True if `P(X <= k)` must be larger than `below`, not only as large: so that a count of those who stay
    /// mirrors a count of those who go.
    pub strict: bool,
}

impl Uniform {
    /// The number as given; what is not between 0 and 1 counts as the nearest number that is.
    pub fn new(u: f64) -> Self {
        let below = if u > f64::MIN_POSITIVE {
            u.min(1.0 - f64::EPSILON / 2.0)
        } else {
            f64::MIN_POSITIVE
        };
        Self {
            below,
            above: 1.0 - below,
            strict: false,
        }
    }

    /// The same luck seen from the other end.
    pub const fn mirrored(self) -> Self {
        Self {
            below: self.above,
            above: self.below,
            strict: !self.strict,
        }
    }

    /// True if a share `sum` of all counts is enough to hold this number.
    #[inline]
    pub fn within(self, sum: f64) -> bool {
        self.below < sum || (self.below == sum && !self.strict)
    }
}

/// Error of the expansion below which the answer is one of the two numbers beside it.
const ONE_OF_TWO: f64 = 0.25;

/// Smallest k whose share of all counts, up to and with k, holds the uniform number.
#[inline]
pub(super) fn quantile(count: &impl Count, u: Uniform) -> f64 {
    let w = normal_quantile(u.below, u.above);
    let Some(shape) = count.shape() else {
        let (mean, sd) = count.moments();
        return search(count, u, mean + sd * w);
    };
    let (value, error) = expansion(shape, w);
    if error >= ONE_OF_TWO {
        return search(count, u, value);
    }
    // Truncated by a cast, not by floor(): that is a call where the processor is an old one.
    #[allow(clippy::cast_possible_truncation)] // not below -1, and at most some 2^50
    let floor = ((value + 1.0) as i64 - 1) as f64;
    let part = value - floor;
    let (first, last) = count.bounds();
    let k = if part > error && part < 1.0 - error {
        floor
    } else {
        let above = if part < 0.5 { floor } else { floor + 1.0 };
        above - f64::from(u8::from(holds(count, u, above - 1.0)))
    };
    k.clamp(first, last)
}

/// True if the share of all counts up to and with k holds the uniform number.
fn holds(count: &impl Count, u: Uniform, k: f64) -> bool {
    let (_, last) = count.bounds();
    if k >= last {
        true
    } else if k < count.moments().0.floor() {
        u.within(lower_tail(count, k))
    } else {
        let above = upper_tail(count, k + 1.0, last);
        above < u.above || (above == u.above && !u.strict)
    }
}

/// The quantile from a guess on, step by step.
fn search(count: &impl Count, u: Uniform, guess: f64) -> f64 {
    let (first, last) = count.bounds();
    let mut k = guess.floor().clamp(first, last);
    if holds(count, u, k) {
        while k > first && holds(count, u, k - 1.0) {
            k -= 1.0;
        }
    } else {
        k += 1.0;
        while !holds(count, u, k) {
            k += 1.0;
        }
    }
    k
}

/// P(X <= k) for k below the mean, from its largest term on.
pub(super) fn lower_tail(count: &impl Count, k: f64) -> f64 {
    let (first, _) = count.bounds();
    let (mut at, mut term, mut sum) = (k, 1.0, 1.0);
    while at > first && term > sum * 1e-17 {
        term *= count.down(at);
        sum += term;
        at -= 1.0;
    }
    count.probability(k) * sum
}

/// P(X >= k) for k above the mean, from its largest term on.
pub(super) fn upper_tail(count: &impl Count, k: f64, last: f64) -> f64 {
    let (mut at, mut term, mut sum) = (k, 1.0, 1.0);
    while at < last && term > sum * 1e-17 {
        term *= count.up(at);
        sum += term;
        at += 1.0;
    }
    count.probability(k) * sum
}

/// `ln n! - ln(sqrt(2 pi n) (n / e)^n)`: what Stirling's formula misses, for n from 1 to 15.
#[allow(clippy::unreadable_literal, clippy::excessive_precision)]
const STIRLING_MISSES: [f64; 15] = [
    0.08106146679532725821,
    0.04134069595540929409,
    0.02767792568499833914,
    0.02079067210376509311,
    0.01664469118982119216,
    0.01387612882307074799,
    0.01189670994589177009,
    0.01041126526197209649,
    0.00925546218271273291,
    0.00833056343336287125,
    0.00757367548795184079,
    0.00694284010720952986,
    0.00640899418800420706,
    0.00595137011275884773,
    0.00555473355196280137,
];

/// What Stirling's formula for `ln n!` misses, n at least 1.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 1 to 15
fn stirling_misses(n: f64) -> f64 {
    if n <= 15.0 {
        return STIRLING_MISSES[n as usize - 1];
    }
    let square = n * n;
    (1.0 / 12.0
        - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / square) / square) / square)
            / square)
        / n
}

/// `x ln(x / mean) + mean - x` without loss where x is near the mean (Loader 2000).
fn deviance(x: f64, mean: f64) -> f64 {
    if (x - mean).abs() >= 0.1 * (x + mean) {
        return x * (x / mean).ln() + mean - x;
    }
    let v = (x - mean) / (x + mean);
    let mut sum = (x - mean) * v;
    let mut term = 2.0 * x * v;
    let square = v * v;
    for j in 1..1000 {
        term *= square;
        let next = sum + term / f64::from(2 * j + 1);
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

/// Probability of `k` among `n` when each has probability `p`, to nearly full precision (Loader 2000, "Fast and
/// accurate computation of binomial probabilities"); `q` is `1 - p`.
pub(super) fn binomial_probability(k: f64, n: f64, p: f64, q: f64) -> f64 {
    if k <= 0.0 {
        return if k < 0.0 {
            0.0
        } else {
            (n * log_of(q, p)).exp()
        };
    }
    if k >= n {
        return if k > n { 0.0 } else { (n * log_of(p, q)).exp() };
    }
    let missed = stirling_misses(n) - stirling_misses(k) - stirling_misses(n - k);
    let exponent = missed - deviance(k, n * p) - deviance(n - k, n * q);
    (n / (std::f64::consts::TAU * k * (n - k))).sqrt() * exponent.exp()
}

/// `ln share`, where `rest` is `1 - share`.
fn log_of(share: f64, rest: f64) -> f64 {
    if rest < 0.5 {
        (-rest).ln_1p()
    } else {
        share.ln()
    }
}

/// Probability of `k` when `mean` are expected (Loader 2000).
pub(super) fn poisson_probability(k: f64, mean: f64) -> f64 {
    if k <= 0.0 {
        return if k < 0.0 { 0.0 } else { (-mean).exp() };
    }
    let exponent = -stirling_misses(k) - deviance(k, mean);
    exponent.exp() / (std::f64::consts::TAU * k).sqrt()
}

/// The normal quantile of a uniform number given by its distances from 0 and 1, to about 1e-15 (Wichura 1988,
/// algorithm AS 241).
pub(crate) fn normal_quantile(below: f64, above: f64) -> f64 {
    let q = if below < 0.5 {
        below - 0.5
    } else {
        0.5 - above
    };
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * rational(&CENTRE, r);
    }
    let r = (-below.min(above).ln()).sqrt();
    let size = if r <= 5.0 {
        rational(&MIDDLE, r - 1.6)
    } else {
        rational(&FAR, r - 5.0)
    };
    if q < 0.0 { -size } else { size }
}

/// A ratio of polynomials, summed in pairs (Estrin): half the waiting of one term after the other.
#[inline]
fn rational([above, below]: &[[f64; 8]; 2], x: f64) -> f64 {
    let square = x * x;
    let polynomial = |c: &[f64; 8]| {
        let low = (c[0] + c[1] * x) + (c[2] + c[3] * x) * square;
        let high = (c[4] + c[5] * x) + (c[6] + c[7] * x) * square;
        low + high * (square * square)
    };
    polynomial(above) / polynomial(below)
}

#[allow(clippy::unreadable_literal, clippy::excessive_precision)]
const CENTRE: [[f64; 8]; 2] = [
    [
        3.3871328727963666080e0,
        1.3314166789178437745e2,
        1.9715909503065514427e3,
        1.3731693765509461125e4,
        4.5921953931549871457e4,
        6.7265770927008700853e4,
        3.3430575583588128105e4,
        2.5090809287301226727e3,
    ],
    [
        1.0,
        4.2313330701600911252e1,
        6.8718700749205790830e2,
        5.3941960214247511077e3,
        2.1213794301586595867e4,
        3.9307895800092710610e4,
        2.8729085735721942674e4,
        5.2264952788528545610e3,
    ],
];

#[allow(clippy::unreadable_literal, clippy::excessive_precision)]
const MIDDLE: [[f64; 8]; 2] = [
    [
        1.42343711074968357734e0,
        4.63033784615654529590e0,
        5.76949722146069140550e0,
        3.64784832476320460504e0,
        1.27045825245236838258e0,
        2.41780725177450611770e-1,
        2.27238449892691845833e-2,
        7.74545014278341407640e-4,
    ],
    [
        1.0,
        2.05319162663775882187e0,
        1.67638483018380384940e0,
        6.89767334985100004550e-1,
        1.48103976427480074590e-1,
        1.51986665636164571966e-2,
        5.47593808499534494600e-4,
        1.05075007164441684324e-9,
    ],
];

#[allow(clippy::unreadable_literal, clippy::excessive_precision)]
const FAR: [[f64; 8]; 2] = [
    [
        6.65790464350110377720e0,
        5.46378491116411436990e0,
        1.78482653991729133580e0,
        2.96560571828504891230e-1,
        2.65321895265761230930e-2,
        1.24266094738807843860e-3,
        2.71155556874348757815e-5,
        2.01033439929228813265e-7,
    ],
    [
        1.0,
        5.99832206555887937690e-1,
        1.36929880922735805310e-1,
        1.48753612908506148525e-2,
        7.86869131145613259100e-4,
        1.84631831751005468180e-5,
        1.42151175831644588870e-7,
        2.04426310338993978564e-15,
    ],
];
