//! Random numbers by position: sixteen blocks of Philox at a time.

use crate::lanes::{LANES, Lanes};
use neurona_core::tensor::random::Source;

/// Numbers `first..` of a source, uniform in [0, 1), as many as fit in `out`. `first` is a multiple
/// of four.
///
/// # Safety
/// The processor has the level.
#[inline(always)]
pub(crate) unsafe fn uniform<V: Lanes>(source: Source, first: usize, out: &mut [u32]) {
    for (i, out) in out.chunks_mut(4 * LANES).enumerate() {
        // SAFETY: the caller's promise; arrays of whole vectors.
        unsafe {
            let words = blocks::<V>(source, (first / 4 + i * LANES) as u32);
            let mut numbers = [[0.0f32; LANES]; 4];
            for (word, numbers) in words.into_iter().zip(&mut numbers) {
                // As in `unit`: 24 bits.
                let unit = word.shift_right::<8>().to_float().mul(word.same(1.0 / 16_777_216.0));
                unit.store(numbers.as_mut_ptr());
            }
            // The words of a block are neighbours.
            let mut neighbours = [0; 4 * LANES];
            for lane in 0..LANES {
                for word in 0..4 {
                    neighbours[4 * lane + word] = numbers[word][lane].to_bits();
                }
            }
            out.copy_from_slice(&neighbours[..out.len()]);
        }
    }
}

/// The words of sixteen blocks from `first` on: `Source::block` for each lane.
///
/// # Safety
/// The processor has the level.
#[inline(always)]
unsafe fn blocks<V: Lanes>(source: Source, first: u32) -> [V; 4] {
    // SAFETY: the caller's promise; an array of sixteen.
    let zero = unsafe { V::splat(0.0) };
    let same = |bits: u32| zero.same_bits(bits);
    let numbers: [u32; LANES] = std::array::from_fn(|lane| lane as u32);
    // SAFETY: as above.
    let lanes = unsafe { V::load(numbers.as_ptr().cast()) };
    let mut c = [
        lanes.add_int(same(first)),
        same(source.stream),
        same(source.step as u32),
        same((source.step >> 32) as u32),
    ];
    let mut k = [source.seed as u32, (source.seed >> 32) as u32];
    for _ in 0..10 {
        let (a_high, a_low) = c[0].mul_wide(same(0xD251_1F53));
        let (b_high, b_low) = c[2].mul_wide(same(0xCD9E_8D57));
        let x = b_high.xor(c[1]).xor(same(k[0]));
        let z = a_high.xor(c[3]).xor(same(k[1]));
        c = [x, b_low, z, a_low];
        k = [k[0].wrapping_add(0x9E37_79B9), k[1].wrapping_add(0xBB67_AE85)];
    }
    c
}
