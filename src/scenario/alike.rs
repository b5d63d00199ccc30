//! Which worlds run side by side? Those that are alike, so that they wait, start and fill up in the same weeks.
//!
//! The worlds are cut in halves at the median of the first unsure number, each half at that of the second, and so on
//! in turn, until as many are left as run together. What a world comes to does not depend on its neighbours; how
//! many weeks of waiting have to be gone through for all of them does.

use super::worlds::Worlds;

/// All worlds in an order in which each `together` neighbours are alike.
#[must_use]
pub fn alike(worlds: &Worlds, together: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..worlds.number()).collect();
    if !worlds.paths().is_empty() {
        halve(&mut order, worlds, together, 0);
    }
    order
}

fn halve(order: &mut [usize], worlds: &Worlds, together: usize, cut: usize) {
    if order.len() <= together {
        return;
    }
    let slot = cut % worlds.paths().len();
    let value = |world: usize| worlds.draw(world).get(slot).copied().unwrap_or(0.0);
    let half = (order.len() / 2)
        .next_multiple_of(together)
        .min(order.len() - 1);
    order.select_nth_unstable_by(half, |&a, &b| value(a).total_cmp(&value(b)).then(a.cmp(&b)));
    let (low, high) = order.split_at_mut(half);
    halve(low, worlds, together, cut + 1);
    halve(high, worlds, together, cut + 1);
}

#[cfg(test)]
mod tests {
    use super::alike;
    use crate::scenario::Scenario;
    use crate::scenario::worlds::Worlds;

    /// Two numbers, low or high each: of eight worlds in pairs the two of each pair are the same.
    #[test]
    fn neighbours_are_alike_and_nobody_is_lost() {
        let text = r#"
            schema = 1
            pack = "talking-therapies-2025"
            [demand.rate]
            referrals = { unsure = { uniform = [9000, 11000] } }
            per = "year"
            [staff.pwp]
            leavers_per_year = { unsure = { uniform = [0.1, 0.2] } }
        "#;
        let scenario = Scenario::from_toml(text).unwrap();
        let paths = ["demand.rate.referrals", "staff.pwp.leavers_per_year"].map(String::from);
        let rows: Vec<Vec<f64>> = [
            (0, 1),
            (1, 0),
            (0, 0),
            (1, 1),
            (1, 1),
            (0, 0),
            (1, 0),
            (0, 1),
        ]
        .map(|(a, b)| vec![9000.0 + 2000.0 * f64::from(a), 0.1 + 0.1 * f64::from(b)])
        .to_vec();
        let worlds = Worlds::given(&scenario, &paths, &rows).unwrap();
        let order = alike(&worlds, 2);
        for pair in order.chunks(2) {
            assert_eq!(rows[pair[0]], rows[pair[1]], "{order:?}");
        }
        let mut all = order;
        all.sort_unstable();
        assert_eq!(all, [0, 1, 2, 3, 4, 5, 6, 7]);
    }
}
