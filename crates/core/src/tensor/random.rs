//! Random numbers as a function of (seed, stream, step, index), so that no order of work can change them.
//!
//! Philox4x32-10 of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (2011), with its
//! published test vectors. A draw encrypts a counter: nothing is kept between draws.

/// One block of Philox4x32 with ten rounds: four random words for a counter and a key.
pub fn philox(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let (mut c, mut k) = (counter, key);
    for round in 0..10 {
        if round > 0 {
            k = [k[0].wrapping_add(0x9E37_79B9), k[1].wrapping_add(0xBB67_AE85)];
        }
        let a = u64::from(c[0]) * 0xD251_1F53;
        let b = u64::from(c[2]) * 0xCD9E_8D57;
        c = [(b >> 32) as u32 ^ c[1] ^ k[0], b as u32, (a >> 32) as u32 ^ c[3] ^ k[1], a as u32];
    }
    c
}

/// A source of random numbers that are distinguished by their index alone.
///
/// ```
/// use neurona_core::tensor::random::Source;
/// let source = Source { seed: 42, stream: 0, step: 7 };
/// let x = source.uniform(1_000);          // no earlier draw was needed
/// assert!((0.0..1.0).contains(&x));
/// assert_eq!(x, source.uniform(1_000));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// What the user chooses.
    pub seed: u64,
    /// Its use: one weight, one dropout layer, the order of the samples.
    pub stream: u32,
    /// When: the training step or the epoch.
    pub step: u64,
}

impl Source {
    /// The source of a stream whose seed and step are in a key: the low and high halves of each.
    pub fn with_key(key: [i32; 4], stream: u32) -> Source {
        let [a, b, c, d] = key.map(|half| u64::from(half as u32));
        Source { seed: a | b << 32, stream, step: c | d << 32 }
    }

    /// Words `4 * block .. 4 * block + 4`.
    pub fn block(self, block: u32) -> [u32; 4] {
        let counter = [block, self.stream, self.step as u32, (self.step >> 32) as u32];
        philox(counter, [self.seed as u32, (self.seed >> 32) as u32])
    }

    /// Word number `index`, uniform over 32 bits. A stream has 2^34 of them per step.
    pub fn word(self, index: u64) -> u32 {
        self.block((index / 4) as u32)[(index % 4) as usize]
    }

    /// Number `index`, uniform in [0, 1), a multiple of 2^-24.
    pub fn uniform(self, index: u64) -> f32 {
        unit(self.word(index))
    }

    /// Number `index` of a normal distribution with mean 0 and deviation 1 (Box and Muller, in f64).
    pub fn normal(self, index: u64) -> f64 {
        let block = self.block((index / 4) as u32);
        let pair = (index % 4) as usize & !1;
        // The first uniform is in (0, 1], so its logarithm is finite.
        let u = (f64::from(block[pair]) + 1.0) / 4_294_967_296.0;
        let angle = std::f64::consts::TAU * f64::from(block[pair + 1]) / 4_294_967_296.0;
        let radius = (-2.0 * libm::log(u)).sqrt();
        radius * if index.is_multiple_of(2) { libm::cos(angle) } else { libm::sin(angle) }
    }

    /// Number `index` of that normal distribution given that it lies within two deviations:
    /// drawn again, from the next step of the stream, until it does.
    pub fn truncated_normal(self, index: u64) -> f64 {
        // A draw falls outside once in 22 times: a thousand in a row is beyond chance.
        (0..1000)
            .map(|attempt| Source { step: self.step + attempt, ..self }.normal(index))
            .find(|x| x.abs() <= 2.0)
            .unwrap_or(0.0)
    }
}

/// A word as a number in [0, 1).
pub fn unit(word: u32) -> f32 {
    (word >> 8) as f32 * (1.0 / 16_777_216.0)
}

/// A permutation of `0..n`, each equally likely (Fisher and Yates).
///
/// ```
/// use neurona_core::tensor::random::permutation;
/// let mut order = permutation(5, 42, 0, 0);
/// assert_eq!(order, permutation(5, 42, 0, 0));
/// order.sort();
/// assert_eq!(order, [0, 1, 2, 3, 4]);
/// ```
pub fn permutation(n: usize, seed: u64, stream: u32, step: u64) -> Vec<usize> {
    let source = Source { seed, stream, step };
    let mut order: Vec<usize> = (0..n).collect();
    for i in (1..n).rev() {
        // Two words make a 64-bit draw: its bias over `i + 1` values is below 2^-31 for any array.
        let [a, b, ..] = source.block(i as u32);
        let draw = (u64::from(a) << 32) | u64::from(b);
        let j = ((u128::from(draw) * (i as u128 + 1)) >> 64) as usize;
        order.swap(i, j);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn philox_gives_the_published_vectors() {
        // Random123, kat_vectors, philox4x32 with 10 rounds.
        let cases = [
            ([0; 4], [0; 2], [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8]),
            ([u32::MAX; 4], [u32::MAX; 2], [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD]),
            (
                [0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344],
                [0xA409_3822, 0x299F_31D0],
                [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1],
            ),
        ];
        for (counter, key, want) in cases {
            assert_eq!(philox(counter, key), want);
        }
    }

    #[test]
    fn uniform_and_normal_have_their_moments() {
        let source = Source { seed: 1, stream: 2, step: 3 };
        let n = 100_000;
        let moments = |f: &dyn Fn(u64) -> f64| {
            let mean = (0..n).map(f).sum::<f64>() / n as f64;
            let variance = (0..n).map(|i| (f(i) - mean).powi(2)).sum::<f64>() / n as f64;
            (mean, variance)
        };
        let (mean, variance) = moments(&|i| source.uniform(i).into());
        assert!((mean - 0.5).abs() < 0.005 && (variance - 1.0 / 12.0).abs() < 0.002);
        let (mean, variance) = moments(&|i| source.normal(i));
        assert!(mean.abs() < 0.01 && (variance - 1.0).abs() < 0.02);
        // A normal distribution cut at two deviations has variance 0.7737.
        let (mean, variance) = moments(&|i| source.truncated_normal(i));
        assert!(mean.abs() < 0.01 && (variance - 0.7737).abs() < 0.01);
        assert!((0..n).all(|i| source.truncated_normal(i).abs() <= 2.0));
    }

    #[test]
    fn every_permutation_of_three_is_as_likely() {
        let mut counts = std::collections::BTreeMap::new();
        for step in 0..6_000 {
            *counts.entry(permutation(3, 9, 0, step)).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 6);
        assert!(counts.values().all(|&c| (850..1150).contains(&c)), "{counts:?}");
    }
}
