//! Which points of a cube lie evenly in all of its parts? The Sobol sequence, scrambled after Owen.
//!
//! ```text
//! point(i)      = xor of v(k) over the bits k that are set in i xor (i >> 1)
//! m(k)          = 2 a(1) m(k-1) xor ... xor 2^s m(k-s) xor m(k-s),  v(k) = m(k) / 2^k
//! scrambled     = bit b flipped, or not, by a hash of the seed and of the bits above b
//! ```
//!
//! Directions by Joe and Kuo (2008), `joe_kuo.txt`. The bits below the 32 of the sequence are hashes too.

use std::sync::LazyLock;

use crate::stream::mix;

/// Bits of the sequence.
const BITS: usize = 32;

/// Dimensions there are directions for.
pub const DIMENSIONS: usize = 256;

static DIRECTIONS: LazyLock<Vec<[u32; BITS]>> = LazyLock::new(|| {
    let rows = include_str!("joe_kuo.txt").lines();
    let rows = rows.filter(|line| !line.starts_with('#') && !line.is_empty());
    let first = std::array::from_fn(|bit| 1 << (BITS - 1 - bit));
    std::iter::once(first).chain(rows.map(directions)).collect()
});

/// Directions of a dimension from its line.
fn directions(line: &str) -> [u32; BITS] {
    let numbers: Vec<u32> = line
        .split(' ')
        .filter_map(|word| word.parse().ok())
        .collect();
    let (degree, coefficients, initial) = (numbers[1] as usize, numbers[2], &numbers[3..]);
    let mut all = [0; BITS];
    for bit in 0..BITS {
        all[bit] = if bit < degree {
            initial[bit] << (BITS - 1 - bit)
        } else {
            let mut here = all[bit - degree] ^ (all[bit - degree] >> degree);
            for place in 1..degree {
                if coefficients >> (degree - 1 - place) & 1 == 1 {
                    here ^= all[bit - place];
                }
            }
            here
        };
    }
    all
}

/// Point `index` of the sequence in one dimension, in 2^-32.
pub fn point(dimension: usize, index: u32) -> u32 {
    let directions = &DIRECTIONS[dimension % DIMENSIONS];
    let gray = index ^ (index >> 1);
    (0..BITS)
        .filter(|bit| gray >> bit & 1 == 1)
        .fold(0, |point, bit| point ^ directions[bit])
}

/// The same scrambled under a key: uniform between 0 and 1, both excluded.
#[allow(clippy::cast_possible_truncation)] // at most 32 bits
pub fn scrambled(dimension: usize, index: u32, key: u64) -> f64 {
    let point = point(dimension, index);
    let mut flips = 0;
    for bit in 0..BITS {
        // What the bits above say, with their number in front.
        let above = u64::from(point.checked_shr(32 - bit as u32).unwrap_or(0)) | 1 << bit;
        flips |= u32::from(mix(key ^ mix(above)) & 1 == 1) << (BITS - 1 - bit);
    }
    let below = mix(key ^ mix(u64::from(point) | 1 << BITS)) >> 44;
    let bits = u64::from(point ^ flips) << 20 | below;
    (bits as f64 + 0.5) / (1_u64 << 52) as f64
}

#[cfg(test)]
mod tests {
    use super::{DIMENSIONS, DIRECTIONS, point, scrambled};

    /// Points 1, 2, 3, 5 and 63 of `scipy.stats.qmc.Sobol(256, scramble=False, bits=32)`, in 2^-32.
    #[test]
    fn points_are_those_of_scipy() {
        assert_eq!(DIRECTIONS.len(), DIMENSIONS);
        for (dimension, points) in [
            (
                0,
                [
                    2_147_483_648,
                    3_221_225_472,
                    1_073_741_824,
                    3_758_096_384,
                    67_108_864,
                ],
            ),
            (
                1,
                [
                    2_147_483_648,
                    1_073_741_824,
                    3_221_225_472,
                    3_758_096_384,
                    3_422_552_064,
                ],
            ),
            (
                2,
                [
                    2_147_483_648,
                    1_073_741_824,
                    3_221_225_472,
                    536_870_912,
                    1_543_503_872,
                ],
            ),
            (
                5,
                [
                    2_147_483_648,
                    3_221_225_472,
                    1_073_741_824,
                    2_684_354_560,
                    603_979_776,
                ],
            ),
            (
                9,
                [
                    2_147_483_648,
                    3_221_225_472,
                    1_073_741_824,
                    536_870_912,
                    2_483_027_968,
                ],
            ),
            (
                99,
                [
                    2_147_483_648,
                    3_221_225_472,
                    1_073_741_824,
                    1_610_612_736,
                    335_544_320,
                ],
            ),
            (
                255,
                [
                    2_147_483_648,
                    3_221_225_472,
                    1_073_741_824,
                    3_758_096_384,
                    201_326_592,
                ],
            ),
        ] {
            let ours = [1, 2, 3, 5, 63].map(|index| point(dimension, index));
            assert_eq!(ours, points, "dimension {dimension}");
        }
    }

    /// Owen's scrambling keeps the sequence a net: of the first 64 points one lies in each 64th of each
    /// dimension, and in each of the 8 x 8 cells of the first two.
    #[test]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // cells from 0 to 63
    fn scrambled_points_are_still_a_net() {
        for key in [1, 99, u64::MAX] {
            for dimension in [0, 1, 17, 200] {
                let mut cells: Vec<u32> = (0..64)
                    .map(|index| (scrambled(dimension, index, key) * 64.0) as u32)
                    .collect();
                cells.sort_unstable();
                assert!(cells.iter().copied().eq(0..64), "dimension {dimension}");
            }
            let mut cells: Vec<u32> = (0..64)
                .map(|index| {
                    let [x, y] = [0, 1].map(|d| (scrambled(d, index, key ^ d as u64) * 8.0) as u32);
                    8 * x + y
                })
                .collect();
            cells.sort_unstable();
            assert!(cells.iter().copied().eq(0..64));
        }
    }

    /// One point under many keys is uniform: mean 1/2 and variance 1/12, as in `stream`.
    #[test]
    fn a_point_is_uniform_under_all_keys() {
        let number = 100_000;
        let places = (0..number).map(|key| scrambled(3, 5, crate::stream::mix(key)));
        let sum: f64 = places.clone().sum::<f64>() / number as f64;
        let variance = places.map(|u| (u - 0.5).powi(2)).sum::<f64>() / number as f64;
        assert!((sum - 0.5).abs() < 4.0 * 0.000_91, "{sum}");
        assert!((variance - 1.0 / 12.0).abs() < 4.0 * 0.000_24, "{variance}");
    }
}
