//! Where does a binomial or Poisson quantile lie, by a formula?
//!
//! The quantile as a smooth function of the normal quantile w: Cornish and Fisher (1937) to the third order, for
//! the count spread evenly over the unit below it (mean + 1/2; Sheppard's corrections -1/12 and +1/120 of the
//! second and fourth cumulant). Its floor is the count, unless it lies next to a whole number (Giles 2016 for the
//! Poisson). With `s` the standard deviation, the error at the thresholds between two counts is at most
//!
//! ```text
//! (0.03 + 0.0015 w^6) / s^3        mean above 10, p at most 1/2
//! ```
//!
//! which is twice or more what is seen for n from 256 to ten million (a test looks at the thresholds again).

/// A binomial by its mean, its variance `n p q`, `q - p` and `p q`; a Poisson is the limit with p = 0.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub mean: f64,
    pub variance: f64,
    pub lean: f64,
    pub pq: f64,
}

/// The quantile as a real number, and how far it may be off.
#[inline]
pub(super) fn expansion(shape: Shape, w: f64) -> (f64, f64) {
    let Shape {
        mean,
        variance,
        lean,
        pq,
    } = shape;
    let smooth = variance - 1.0 / 12.0;
    let sd = smooth.sqrt();
    let per_variance = 1.0 / smooth;
    let third = variance * lean * per_variance;
    let fourth = (variance * (1.0 - 6.0 * pq) + 1.0 / 120.0) * per_variance;
    let fifth = variance * lean * (1.0 - 12.0 * pq) * per_variance;
    let square = w * w;
    // Constants are multiplied: a division takes as long as all of a line.
    let order1 = (1.0 / 6.0) * third * (square - 1.0);
    let order2 = (1.0 / 24.0) * fourth * (square - 3.0)
        - (1.0 / 36.0) * (third * third) * (2.0 * square - 5.0);
    let order3 = (1.0 / 120.0) * fifth * ((square - 6.0) * square + 3.0)
        - (1.0 / 24.0) * (third * fourth) * ((square - 5.0) * square + 2.0)
        + (1.0 / 324.0) * (third * third * third) * ((12.0 * square - 53.0) * square + 17.0);
    let per_sd = sd * per_variance;
    let value = mean + 0.5 + sd * w + order1 + per_sd * w * order2 + per_variance * order3;
    let error = (0.03 + 0.0015 * square * square * square) * per_sd * per_variance;
    (value, error + 1e-15 * (mean + sd * w.abs()))
}
