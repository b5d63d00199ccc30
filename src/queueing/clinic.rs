//! How long is the list of a clinic that is held once a week?
//!
//! `slots` people are seen at each clinic, and A come between two: after it `Q' = max(0, Q + A - slots)` wait (bulk
//! service, Bailey 1954). With `z(k)` the roots of `z^slots = E[z^A]` within the unit circle, other than 1, and
//! spare = slots - mean of A:
//!
//! ```text
//! mean of Q      variance / (2 spare) - (slots - 1 + mean) / 2 + sum of 1 / (1 - z(k))
//! variance of Q  variance^2 / (4 spare^2) + third / (3 spare) - variance / 2 + (1 - spare^2) / 12
//!                - sum of z(k) / (1 - z(k))^2
//! ```
//!
//! where variance and third are the second and third cumulant of A. A is Poisson, or a negative binomial with that
//! mean and a stated ratio of variance to mean. Both are infinitely divisible, so that the iteration for each root,
//! `z = w E[z^A]^(1/slots)` with w a root of one, contracts by the load.

use std::f64::consts::TAU;

use crate::error::{Problem, Result};
use crate::queueing::given::{Given, stable};

/// Most slots of a clinic; each is a root to find.
pub const MOST_SLOTS: usize = 10_000;

/// A weekly clinic in the long run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clinic {
    /// Share of the slots used.
    pub load: f64,
    /// People waiting just before a clinic, on average.
    pub before: f64,
    /// Standard deviation of the number before.
    pub before_sd: f64,
    /// People still waiting just after a clinic, on average.
    pub after: f64,
    /// Standard deviation of the number after.
    pub after_sd: f64,
    /// Mean wait until seen, when people come evenly over the week [weeks].
    pub wait: f64,
}

/// The clinic in the long run: `arrivals` a week, so many `slots` a week, and the `dispersion` of the arrivals of a
/// week (variance over mean; 1 is Poisson).
///
/// ```
/// // One slot: after the clinic load^2 / (2 (1 - load)) wait, as in a queue with fixed lengths.
/// let clinic = skillmix::queueing::clinic::weekly_clinic(0.8, 1, 1.0)?;
/// assert!((clinic.after - 1.6).abs() < 1e-12);
/// # Ok::<(), skillmix::error::Error>(())
/// ```
///
/// # Errors
/// [`crate::error::Error::Scenario`] if a number is out of its range, or the load is 1 or more.
pub fn weekly_clinic(arrivals: f64, slots: usize, dispersion: f64) -> Result<Clinic> {
    Given::new()
        .positive("arrivals", arrivals)
        .slots_up_to("slots", slots, MOST_SLOTS)
        .unless((1.0..=1000.0).contains(&dispersion), || {
            Problem::new("dispersion", dispersion, "1 (Poisson) to 1000")
        })
        .done()?;
    let places = slots as f64;
    let load = stable("arrivals", arrivals, arrivals / places)?;
    let of_slot = Arrivals {
        mean: load,
        dispersion,
    };
    let (mut inverse, mut inverse_squares) = (0.0, 0.0);
    for k in 1..slots {
        let root = of_slot.root(Complex::turn(k as f64 / places));
        let gap = Complex::new(1.0 - root.real, -root.imaginary);
        inverse += gap.inverse().real;
        inverse_squares += root.times(gap.inverse()).times(gap.inverse()).real;
    }
    let spare = places - arrivals;
    let variance = arrivals * dispersion;
    let third = variance * (2.0 * dispersion - 1.0);
    // Sums of small differences: what rounding leaves below nothing is nothing.
    let used = f64::midpoint(places - 1.0, arrivals);
    let after = (variance / (2.0 * spare) - used + inverse).max(0.0);
    let spread = (variance / (2.0 * spare)).powi(2) + third / (3.0 * spare) - variance / 2.0
        + (1.0 - spare * spare) / 12.0
        - inverse_squares;
    let spread = spread.max(0.0);
    Ok(Clinic {
        load,
        before: after + arrivals,
        before_sd: (spread + variance).sqrt(),
        after,
        after_sd: spread.sqrt(),
        wait: after / arrivals + 0.5,
    })
}

/// Arrivals for one slot: the generating function of a week to the power 1 / slots.
struct Arrivals {
    mean: f64,
    dispersion: f64,
}

impl Arrivals {
    /// The generating function at `z`, and its derivative.
    fn at(&self, z: Complex) -> (Complex, Complex) {
        let more = self.dispersion - 1.0;
        if more < 1e-12 {
            let power = Complex::new(self.mean * (z.real - 1.0), self.mean * z.imaginary);
            let value = power.exp();
            return (value, value.scaled(self.mean));
        }
        let base = Complex::new(1.0 + more * (1.0 - z.real), -more * z.imaginary);
        let value = base.ln().scaled(-self.mean / more).exp();
        let slope = value.times(base.inverse()).scaled(self.mean);
        (value, slope)
    }

    /// The root of `z = w g(z)` within the unit circle: Newton's step where it stays inside and comes nearer, a step
    /// of the contraction otherwise.
    fn root(&self, w: Complex) -> Complex {
        let off = |z: Complex| {
            let (value, slope) = self.at(z);
            (z.minus(w.times(value)), w.times(slope))
        };
        let mut z = Complex::new(0.0, 0.0);
        let (mut gap, mut slope) = off(z);
        for _ in 0..10_000 {
            if gap.size() < 1e-16 {
                break;
            }
            let newton = z.minus(gap.times(Complex::new(1.0, 0.0).minus(slope).inverse()));
            let (next_gap, next_slope) = off(newton);
            if newton.size() <= 1.0 && next_gap.size() < gap.size() {
                (z, gap, slope) = (newton, next_gap, next_slope);
            } else {
                let plain = z.minus(gap);
                let (next_gap, next_slope) = off(plain);
                if next_gap.size() >= gap.size() {
                    break; // as near as numbers are fine
                }
                (z, gap, slope) = (plain, next_gap, next_slope);
            }
        }
        z
    }
}

/// A complex number.
#[derive(Clone, Copy)]
struct Complex {
    real: f64,
    imaginary: f64,
}

impl Complex {
    const fn new(real: f64, imaginary: f64) -> Self {
        Self { real, imaginary }
    }

    /// The root of one at a share of the full circle.
    fn turn(share: f64) -> Self {
        let (sine, cosine) = (TAU * share).sin_cos();
        Self::new(cosine, sine)
    }

    fn minus(self, other: Self) -> Self {
        Self::new(self.real - other.real, self.imaginary - other.imaginary)
    }

    fn times(self, other: Self) -> Self {
        Self::new(
            self.real * other.real - self.imaginary * other.imaginary,
            self.real * other.imaginary + self.imaginary * other.real,
        )
    }

    fn scaled(self, by: f64) -> Self {
        Self::new(self.real * by, self.imaginary * by)
    }

    fn inverse(self) -> Self {
        let square = self.real * self.real + self.imaginary * self.imaginary;
        Self::new(self.real / square, -self.imaginary / square)
    }

    fn exp(self) -> Self {
        let (sine, cosine) = self.imaginary.sin_cos();
        Self::new(cosine, sine).scaled(self.real.exp())
    }

    fn ln(self) -> Self {
        Self::new(self.size().ln(), self.imaginary.atan2(self.real))
    }

    fn size(self) -> f64 {
        self.real.hypot(self.imaginary)
    }
}
