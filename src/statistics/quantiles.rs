//! What are the quantiles of numbers that are all kept? Exact ones, without sorting more than they need.

/// Quantiles of `numbers`, which are put into another order: straight between neighbours (type 7 of Hyndman and
/// Fan 1996). What is not a number is not counted; not a number comes out if nothing was counted.
///
/// ```
/// // Of 1 to 5 the first quarter ends at place 0.25 x 4 = 1, counted from 0; 0.1 x 4 = 0.4 lies after the first.
/// let mut numbers = [4.0, 2.0, 5.0, 1.0, 3.0];
/// assert_eq!(skillmix::statistics::quantiles(&mut numbers, [0.1, 0.25, 1.0]), [1.4, 2.0, 5.0]);
/// ```
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a place in the list
pub fn quantiles<const Q: usize>(numbers: &mut [f64], shares: [f64; Q]) -> [f64; Q] {
    let mut count = numbers.len();
    let mut place = 0;
    while place < count {
        if numbers[place].is_nan() {
            count -= 1;
            numbers.swap(place, count);
        } else {
            place += 1;
        }
    }
    let numbers = &mut numbers[..count];
    if numbers.is_empty() {
        return [f64::NAN; Q];
    }
    let places = shares.map(|share| share.clamp(0.0, 1.0) * (count - 1) as f64);
    let mut ranks: Vec<usize> = places.map(|place| place as usize).to_vec();
    ranks.extend(places.map(|place| (place as usize + 1).min(count - 1)));
    ranks.sort_unstable();
    ranks.dedup();
    put_in_place(numbers, 0, &ranks);
    places.map(|place| {
        let (below, part) = (place as usize, place.fract());
        let (below, above) = (numbers[below], numbers[(below + 1).min(count - 1)]);
        // Between equal numbers there is nothing, however large they are.
        if part == 0.0 || below.to_bits() == above.to_bits() {
            below
        } else {
            below + part * (above - below)
        }
    })
}

/// Puts the numbers of these ranks where sorting would put them; `numbers` begin at rank `first`.
fn put_in_place(numbers: &mut [f64], first: usize, ranks: &[usize]) {
    let Some(&rank) = ranks.get(ranks.len() / 2) else {
        return;
    };
    let (below, above) = ranks.split_at(ranks.len() / 2);
    let (left, _, right) = numbers.select_nth_unstable_by(rank - first, f64::total_cmp);
    put_in_place(left, first, below);
    put_in_place(right, rank + 1, &above[1..]);
}
