//! How many of a group go when people differ in how likely they are to go?

/// Shares of groups in which 0, 1, ... `n` go, each with mean probability `p`, when two of one group are correlated by
/// `rho` between 0 and 1: beta-binomial with `a = p (1/rho - 1)` and `b = (1 - p)(1/rho - 1)`, mean `n p` and variance
/// `n p (1 - p) (1 + (n - 1) rho)`. With `rho` 0 it is binomial. For [`Guide::new`](super::Guide::new).
///
/// ```text
/// P(k + 1) / P(k) = (n - k) / (k + 1) x (a + k) / (b + n - k - 1)
/// ```
///
/// ```
/// // a = b = 1: every count is equally likely.
/// let shares = skillmix::luck::beta_binomial_shares(4, 0.5, 1.0 / 3.0);
/// assert!(shares.iter().all(|share| (share - 0.2).abs() < 1e-15));
/// ```
#[must_use]
pub fn beta_binomial_shares(n: usize, p: f64, rho: f64) -> Vec<f64> {
    let (p, rho) = (p.clamp(0.0, 1.0), rho.clamp(0.0, 1.0));
    let mut shares = vec![0.0; n + 1];
    if p == 0.0 || p == 1.0 || n == 0 {
        shares[if p == 1.0 { n } else { 0 }] = 1.0;
        return shares;
    }
    if rho == 1.0 {
        (shares[0], shares[n]) = (1.0 - p, p);
        return shares;
    }
    // a, b and the counts times rho / (1 - rho), so that rho may be 0.
    let step = rho / (1.0 - rho);
    let up = |k: usize| {
        let (gone, left) = (k as f64, (n - k) as f64);
        left / (gone + 1.0) * (p + gone * step) / (1.0 - p + (left - 1.0) * step)
    };
    // From the count next to the mean outwards, so that nothing runs out of range.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to n
    let middle = (n as f64 * p) as usize;
    shares[middle] = 1.0;
    for k in middle..n {
        shares[k + 1] = shares[k] * up(k);
    }
    for k in (0..middle).rev() {
        shares[k] = shares[k + 1] / up(k);
    }
    let sum: f64 = shares.iter().sum();
    for share in &mut shares {
        *share /= sum;
    }
    shares
}
