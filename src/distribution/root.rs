//! Where does a rising function reach a value?
//!
//! Quantiles of numbers above 0 are looked for by their logarithms, with Newton's steps where they help:
//!
//! ```text
//! lower half   ln F(e^t) = ln u              slope e^t f(e^t) / F(e^t)
//! upper half   ln (1 - F(e^t)) = ln (1 - u)  slope likewise
//! ```

/// The place between `low` and `high` at which the rising function `f` passes 0, to the last bits: the secant
/// of Illinois, halved where it does not get on. An end is the answer if the function does not change its
/// sign before it.
pub fn root(mut low: f64, mut high: f64, mut f: impl FnMut(f64) -> f64) -> f64 {
    let (mut below, mut above) = (f(low), f(high));
    if below >= 0.0 {
        return low;
    }
    if above <= 0.0 {
        return high;
    }
    let mut side = 0;
    for step in 0..400 {
        let middle = low.midpoint(high);
        let secant = (low * above - high * below) / (above - below);
        let inside = secant > low && secant < high;
        // Every third step halves, so that a flat function cannot hold the search up.
        let x = if inside && step % 3 < 2 {
            secant
        } else {
            middle
        };
        if x <= low || x >= high || high - low <= 4.0 * f64::EPSILON * low.abs().max(high.abs()) {
            break;
        }
        let here = f(x);
        if here < 0.0 {
            (low, below) = (x, here);
            if side < 0 {
                above /= 2.0;
            }
            side = -1;
        } else if here > 0.0 {
            (high, above) = (x, here);
            if side > 0 {
                below /= 2.0;
            }
            side = 1;
        } else {
            return x;
        }
    }
    low.midpoint(high)
}

/// The number above 0 with a share `u` below it, to a few of the last bits; `start` is a guess. Given are the
/// share below a number, the share above it and the density.
pub fn quantile(
    u: f64,
    start: f64,
    below: impl Fn(f64) -> f64,
    above: impl Fn(f64) -> f64,
    density: impl Fn(f64) -> f64,
) -> f64 {
    let lower = u <= 0.5;
    let target = if lower { u.ln() } else { (-u).ln_1p() };
    let (mut low, mut high) = (LEAST_LOG, MOST_LOG);
    let mut t = if start > 0.0 { start.ln() } else { 0.0 }.clamp(low, high);
    for _ in 0..200 {
        let x = t.exp();
        let share = if lower { below(x) } else { above(x) };
        let gap = if lower {
            share.ln() - target
        } else {
            target - share.ln()
        };
        let step = gap * share / (x * density(x));
        if gap < 0.0 {
            low = t;
        } else {
            high = t;
        }
        // What Newton's next step would change is the square of this one.
        if gap == 0.0 || step.abs() <= NEAR * t.abs().max(1.0) {
            return (t - step).exp();
        }
        t -= step;
        if !(t > low && t < high) {
            t = low.midpoint(high);
        }
        if high - low <= 4.0 * f64::EPSILON * t.abs().max(1.0) {
            break;
        }
    }
    t.exp()
}

/// Logarithms of the smallest and of the largest number that is looked for.
const LEAST_LOG: f64 = -700.0;
const MOST_LOG: f64 = 100.0;

/// A step of a logarithm after which nothing is left to do.
const NEAR: f64 = 1e-9;

#[cfg(test)]
mod tests {
    use super::root;

    /// The square root of 2, the cube root of 5 and the ends.
    #[test]
    fn roots_are_found() {
        assert!((root(0.0, 2.0, |x| x * x - 2.0) - 2.0_f64.sqrt()).abs() < 1e-15);
        assert!((root(-1e6, 1e6, |x| x.powi(3) - 5.0) - 5.0_f64.cbrt()).abs() < 1e-14);
        assert_eq!(root(3.0, 4.0, |x| x).to_bits(), 3.0_f64.to_bits());
        assert_eq!(root(3.0, 4.0, |x| x - 9.0).to_bits(), 4.0_f64.to_bits());
    }

    /// exp(x) - 1e-200 passes 0 at -200 ln 10; x^(1/31) is nearly a step.
    #[test]
    fn steep_and_flat_functions_are_solved() {
        let flat = root(-1000.0, 10.0, |x| x.exp() - 1e-200);
        assert!((flat + 200.0 * std::f64::consts::LN_10).abs() < 1e-9);
        assert!((root(-5.0, 7.0, |x| (x - 1.0).cbrt()) - 1.0).abs() < 1e-12);
    }
}
