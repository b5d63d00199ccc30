//! Where does luck come from? From named streams: a number depends on the seed, on what it is for and on
//! its place, never on the order in which things are asked.
//!
//! Keys are mixed with `SplitMix64`'s finaliser, which is portable: the same seed gives the same bits on
//! every machine.

/// Mixes a 64-bit number so that neighbours become unrelated.
#[must_use]
#[inline]
pub const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Step between the states of `SplitMix64`.
pub const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// A stream of uniform numbers for one purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stream {
    key: u64,
}

impl Stream {
    /// The stream of `purpose` under `seed`.
    #[must_use]
    pub fn named(seed: u64, purpose: &str) -> Self {
        let key = purpose
            .bytes()
            .fold(mix(seed.wrapping_add(GOLDEN)), |key, byte| {
                mix(key.wrapping_add(GOLDEN) ^ u64::from(byte))
            });
        Self { key }
    }

    /// The key of the stream: 64 bits for whoever needs no more.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.key
    }

    /// The number at `place`, uniform between 0 and 1, both excluded.
    #[must_use]
    pub const fn uniform(self, place: u64) -> f64 {
        let bits = mix(self.key ^ mix(place.wrapping_mul(GOLDEN).wrapping_add(GOLDEN))) >> 11;
        (bits as f64 + 0.5) / 9_007_199_254_740_992.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Oracle N04: the first outputs of `SplitMix64` seeded with 1234567.
    #[test]
    fn finaliser_is_that_of_splitmix64() {
        let mut state: u64 = 1_234_567;
        let mut next = || {
            state = state.wrapping_add(GOLDEN);
            mix(state)
        };
        let first: [u64; 3] = std::array::from_fn(|_| next());
        assert_eq!(
            first,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    /// Mean 1/2 and variance 1/12 of a uniform; with 100,000 numbers the standard errors are
    /// sqrt(1/12/1e5) = 0.00091 and sqrt(1/180/1e5) = 0.00024.
    #[test]
    fn numbers_are_uniform_and_streams_differ() {
        let (a, b) = (Stream::named(1, "a"), Stream::named(1, "b"));
        let n = 100_000;
        let sum: f64 = (0..n).map(|i| a.uniform(i)).sum::<f64>() / n as f64;
        let variance = (0..n).map(|i| (a.uniform(i) - 0.5).powi(2)).sum::<f64>() / n as f64;
        assert!((sum - 0.5).abs() < 4.0 * 0.000_91);
        assert!((variance - 1.0 / 12.0).abs() < 4.0 * 0.000_24);
        let product = (0..n)
            .map(|i| (a.uniform(i) - 0.5) * (b.uniform(i) - 0.5))
            .sum::<f64>()
            / n as f64;
        assert!(product.abs() < 4.0 / 12.0 / (n as f64).sqrt());
    }
}
