//! Which member of a family has this mean and standard deviation, or these quantiles?
//!
//! ```text
//! normal      sd = (x2 - x1) / (z2 - z1), mean = x1 - z1 sd; lognormal: the same of the logarithms
//! gamma       Q(p2) / Q(p1) falls with the shape: the shape is where it is x2 / x1, the scale x1 / Q(p1)
//! beta        for each a + b one mean has F(x1) = p1; with it F(x2) rises with a + b: where it is p2
//! triangular  (Q(p2) - Q(p1)) / (Q(p3) - Q(p1)) rises with the place of the most likely value between the
//! and pert    ends: where it is that of the x; low and high follow from x1 and x3
//! ```

use statrs::distribution::{Beta, ContinuousCDF, Normal};

use super::family::Family;
use super::lognormal;
use super::root::root;

/// Smallest and largest shape of a gamma, size of a negative binomial.
pub const SHAPES: [f64; 2] = [1e-3, 1e6];

/// Smallest and largest parameter of a beta.
pub const BETAS: [f64; 2] = [1e-3, 1e4];

/// True if a number lies between two others.
fn lies([low, high]: [f64; 2], x: f64) -> bool {
    x >= low && x <= high
}

/// The member of the family `name` with this mean and standard deviation.
///
/// ```
/// use skillmix::distribution::by_mean_and_sd;
///
/// // a + b = 0.2 x 0.8 / 0.1^2 - 1 = 15
/// let share = by_mean_and_sd("beta", 0.2, 0.1)?;
/// assert!((share.mean() - 0.2).abs() < 1e-15 && (share.variance() - 0.01).abs() < 1e-15);
/// # Ok::<(), String>(())
/// ```
///
/// # Errors
/// What is allowed, if there is no such member.
pub fn by_mean_and_sd(name: &str, mean: f64, sd: f64) -> Result<Family, String> {
    if !(sd > 0.0 && sd.is_finite() && mean.is_finite()) {
        return Err("an sd above 0; write the number itself where it is known".into());
    }
    let positive = || match (mean > 0.0, sd / mean) {
        (true, ratio) if (1e-3..=1e3).contains(&ratio) => Ok(()),
        (true, _) => Err("an sd between 0.001 and 1000 times the mean".to_string()),
        _ => Err("a mean above 0".to_string()),
    };
    match name {
        "uniform" => {
            let half = 3.0_f64.sqrt() * sd;
            Ok(Family::Uniform([mean - half, mean + half]))
        }
        "normal" => Ok(Family::Normal { mean, sd }),
        "lognormal" => {
            positive()?;
            let (mu, sigma) = lognormal(mean, sd);
            Ok(Family::Lognormal { mu, sigma })
        }
        "gamma" => {
            positive()?;
            let shape = (mean / sd).powi(2);
            let scale = sd * sd / mean;
            Ok(Family::Gamma { shape, scale })
        }
        "beta" => {
            if !(mean > 0.0 && mean < 1.0) {
                return Err("a mean between 0 and 1".into());
            }
            let sum = mean * (1.0 - mean) / (sd * sd) - 1.0;
            let (alpha, beta) = (mean * sum, (1.0 - mean) * sum);
            if lies(BETAS, alpha) && lies(BETAS, beta) {
                Ok(Family::Beta { alpha, beta })
            } else {
                let most = (mean * (1.0 - mean)).sqrt();
                Err(format!(
                    "an sd well below {most:.4}, the largest with this mean, and not next to nothing"
                ))
            }
        }
        "negative_binomial" => {
            let size = mean * mean / (sd * sd - mean);
            if mean > 0.0 && sd * sd > mean && lies(SHAPES, size) {
                Ok(Family::NegativeBinomial { mean, size })
            } else {
                Err(
                    "a mean above 0 and an sd above its square root; if it is the square root, \
                     say poisson"
                        .into(),
                )
            }
        }
        _ => Err("the numbers of the family".into()),
    }
}

/// The member of the family `name` with these quantiles: shares of the draws, and the values below which they
/// lie, both in rising order. Triangular and pert (with its weight) need three of them, the others two.
///
/// ```
/// use skillmix::distribution::by_quantiles;
///
/// let turnover = by_quantiles("lognormal", &[(0.05, 0.1), (0.95, 0.4)], 4.0)?;
/// assert!((turnover.quantile(0.5) - 0.2).abs() < 1e-12); // sqrt(0.1 x 0.4)
/// # Ok::<(), String>(())
/// ```
///
/// # Errors
/// What is allowed, if there is no such member.
pub fn by_quantiles(name: &str, said: &[(f64, f64)], weight: f64) -> Result<Family, String> {
    let fitted = match (name, said) {
        ("uniform", &[(p1, x1), (p2, x2)]) => {
            let slope = (x2 - x1) / (p2 - p1);
            Family::Uniform([x1 - p1 * slope, x2 + (1.0 - p2) * slope])
        }
        ("normal", &[one, two]) => {
            let (mean, sd) = normal(one, two);
            Family::Normal { mean, sd }
        }
        ("lognormal", &[(p1, x1), (p2, x2)]) => {
            if x1 <= 0.0 {
                return Err("quantiles above 0".into());
            }
            let (mu, sigma) = normal((p1, x1.ln()), (p2, x2.ln()));
            Family::Lognormal { mu, sigma }
        }
        ("gamma", &[(p1, x1), (p2, x2)]) => {
            if x1 <= 0.0 {
                return Err("quantiles above 0".into());
            }
            let of = |shape: f64| Family::Gamma { shape, scale: 1.0 };
            let target = (x2 / x1).ln();
            let [low, high] = SHAPES.map(f64::ln);
            let shape = root(low, high, |log| {
                let one = of(log.exp());
                let lowest = one.quantile(p1);
                // Of a tiny shape nearly all lies next to 0.
                if lowest < 1e-290 {
                    return f64::NEG_INFINITY;
                }
                target - (one.quantile(p2) / lowest).ln()
            })
            .exp();
            let scale = x1 / of(shape).quantile(p1);
            Family::Gamma { shape, scale }
        }
        ("beta", &[one, two]) => beta(one, two)?,
        ("triangular" | "pert", &[one, middle, two]) => three(name, [one, middle, two], weight)?,
        ("triangular" | "pert", _) => return Err("three quantiles".into()),
        _ => return Err("two quantiles".into()),
    };
    // A root at an end of what is searched has not these quantiles.
    let met = |&(p, x): &(f64, f64)| (fitted.cdf(x) - p).abs() < 1e-7;
    if said.iter().all(met) {
        Ok(fitted)
    } else {
        Err(format!(
            "quantiles that a {name} can have: these are too near or too far apart"
        ))
    }
}

fn normal((p1, x1): (f64, f64), (p2, x2): (f64, f64)) -> (f64, f64) {
    let [z1, z2] = [p1, p2].map(|p| Normal::standard().inverse_cdf(p));
    let sd = (x2 - x1) / (z2 - z1);
    (x1 - z1 * sd, sd)
}

fn beta((p1, x1): (f64, f64), (p2, x2): (f64, f64)) -> Result<Family, String> {
    if x1 <= 0.0 || x2 >= 1.0 {
        return Err("quantiles between 0 and 1".into());
    }
    let share = |mean: f64, sum: f64, x: f64| {
        Beta::new(mean * sum, (1.0 - mean) * sum).map_or(f64::NAN, |b| b.cdf(x))
    };
    let mean_of = |sum: f64| root(1e-9, 1.0 - 1e-9, |mean| p1 - share(mean, sum, x1));
    let log = root((2.0 * BETAS[0]).ln(), BETAS[1].ln(), |log| {
        let sum = log.exp();
        share(mean_of(sum), sum, x2) - p2
    });
    let sum = log.exp();
    let mean = mean_of(sum);
    let (alpha, beta) = (mean * sum, (1.0 - mean) * sum);
    if lies(BETAS, alpha) && lies(BETAS, beta) {
        Ok(Family::Beta { alpha, beta })
    } else {
        Err("quantiles that a beta can have: these are too near or too far apart".into())
    }
}

fn three(name: &str, said: [(f64, f64); 3], weight: f64) -> Result<Family, String> {
    let [(p1, x1), (p2, x2), (p3, x3)] = said;
    let of = |[low, mode, high]: [f64; 3]| match name {
        "pert" => Family::Pert([low, mode, high], weight),
        _ => Family::Triangular([low, mode, high]),
    };
    let part = |mode: f64| {
        let unit = of([0.0, mode, 1.0]);
        let [q1, q2, q3] = [p1, p2, p3].map(|p| unit.quantile(p));
        (q2 - q1) / (q3 - q1)
    };
    let target = (x2 - x1) / (x3 - x1);
    let (least, most) = (part(0.0), part(1.0));
    if target < least || target > most {
        let [low, high] = [least, most].map(|part| x1 + part * (x3 - x1));
        return Err(format!(
            "a middle quantile from {low:.4} to {high:.4}: a {name} cannot lean further"
        ));
    }
    let mode = root(0.0, 1.0, |mode| part(mode) - target);
    let unit = of([0.0, mode, 1.0]);
    let (q1, q3) = (unit.quantile(p1), unit.quantile(p3));
    let width = (x3 - x1) / (q3 - q1);
    let low = x1 - q1 * width;
    Ok(of([low, low + mode * width, low + width]))
}
