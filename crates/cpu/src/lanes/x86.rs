//! Lanes on x86-64: one register of 512 bits, or two of 256.

use super::{Lanes, each_register, masked_by_array};
use std::arch::x86_64::*;

/// Sixteen lanes in one register.
#[derive(Clone, Copy)]
pub(crate) struct Avx512([__m512; 1]);

#[inline(always)]
fn int(x: __m512) -> __m512i {
    // SAFETY: the same bits.
    unsafe { std::mem::transmute(x) }
}

#[inline(always)]
fn float(x: __m512i) -> __m512 {
    // SAFETY: the same bits.
    unsafe { std::mem::transmute(x) }
}

impl Lanes for Avx512 {
    const WIDE: usize = 6;
    const SHORT: usize = 12;
    const DOT_ROWS: usize = 4;
    const DOT_COLUMNS: usize = 5;

    #[inline(always)]
    unsafe fn splat(x: f32) -> Avx512 {
        // SAFETY: the trait's contract.
        Avx512([unsafe { _mm512_set1_ps(x) }])
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Avx512 {
        // SAFETY: as above.
        Avx512([unsafe { _mm512_loadu_ps(from) }])
    }

    #[inline(always)]
    unsafe fn load_bytes(from: *const u8) -> Avx512 {
        // SAFETY: as above.
        unsafe { Avx512([float(_mm512_cvtepu8_epi32(_mm_loadu_si128(from.cast())))]) }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        // SAFETY: as above.
        unsafe { _mm512_storeu_ps(to, self.0[0]) }
    }

    #[inline(always)]
    unsafe fn load_first(from: *const f32, count: usize, rest: f32) -> Avx512 {
        // SAFETY: as above; lanes that are masked out are not read.
        Avx512([unsafe { _mm512_mask_loadu_ps(_mm512_set1_ps(rest), mask(count), from) }])
    }

    #[inline(always)]
    unsafe fn store_first(self, to: *mut f32, count: usize) {
        // SAFETY: as above; lanes that are masked out are not written.
        unsafe { _mm512_mask_storeu_ps(to, mask(count), self.0[0]) }
    }

    #[inline(always)]
    unsafe fn store_where(self, mask: u32, to: *mut f32) -> usize {
        // SAFETY: as above. Packed in a register first: packing into memory takes ten times as long.
        unsafe { _mm512_storeu_ps(to, _mm512_maskz_compress_ps(mask as u16, self.0[0])) };
        mask.count_ones() as usize
    }

    #[inline(always)]
    unsafe fn transpose(from: *const f32, stride: usize, to: *mut f32, wide: usize) {
        // SAFETY: as above.
        unsafe { transpose_quarters(from, stride, to, wide) }
    }

    each_register! {
        add [a b] _mm512_add_ps(a, b);
        sub [a b] _mm512_sub_ps(a, b);
        mul [a b] _mm512_mul_ps(a, b);
        div [a b] _mm512_div_ps(a, b);
        sqrt [a] _mm512_sqrt_ps(a);
        mul_add [a b c] _mm512_fmadd_ps(a, b, c);
        to_float [a] _mm512_cvtepi32_ps(int(a));
        and [a b] _mm512_and_ps(a, b);
        or [a b] _mm512_or_ps(a, b);
        xor [a b] _mm512_xor_ps(a, b);
        add_int [a b] float(_mm512_add_epi32(int(a), int(b)));
        sub_int [a b] float(_mm512_sub_epi32(int(a), int(b)));
        if_less [a b x y] _mm512_mask_blend_ps(_mm512_cmp_ps_mask::<_CMP_LT_OQ>(a, b), y, x);
        if_less_equal [a b x y] _mm512_mask_blend_ps(_mm512_cmp_ps_mask::<_CMP_LE_OQ>(a, b), y, x);
        if_equal [a b x y] _mm512_mask_blend_ps(_mm512_cmp_ps_mask::<_CMP_EQ_OQ>(a, b), y, x);
        if_less_int [a b x y] {
            _mm512_mask_blend_ps(_mm512_cmp_epi32_mask::<_MM_CMPINT_LT>(int(a), int(b)), y, x)
        };
        if_equal_int [a b x y] {
            _mm512_mask_blend_ps(_mm512_cmp_epi32_mask::<_MM_CMPINT_EQ>(int(a), int(b)), y, x)
        };
    }

    #[inline(always)]
    fn shift_left<const BITS: i32>(self) -> Avx512 {
        // SAFETY: a value of this level. (The intrinsic takes its count as another type.)
        Avx512([unsafe { float(_mm512_sll_epi32(int(self.0[0]), _mm_cvtsi32_si128(BITS))) }])
    }

    #[inline(always)]
    fn shift_right<const BITS: i32>(self) -> Avx512 {
        // SAFETY: as above.
        Avx512([unsafe { float(_mm512_srl_epi32(int(self.0[0]), _mm_cvtsi32_si128(BITS))) }])
    }

    #[inline(always)]
    fn shift_right_sign<const BITS: i32>(self) -> Avx512 {
        // SAFETY: as above.
        Avx512([unsafe { float(_mm512_sra_epi32(int(self.0[0]), _mm_cvtsi32_si128(BITS))) }])
    }

    #[inline(always)]
    fn mul_wide(self, b: Avx512) -> (Avx512, Avx512) {
        let (a, b) = (int(self.0[0]), int(b.0[0]));
        // SAFETY: as above.
        unsafe {
            let even = _mm512_mul_epu32(a, b);
            let odd = _mm512_mul_epu32(_mm512_srli_epi64::<32>(a), _mm512_srli_epi64::<32>(b));
            let high = _mm512_mask_blend_epi32(0xAAAA, _mm512_srli_epi64::<32>(even), odd);
            let low = _mm512_mask_blend_epi32(0xAAAA, even, _mm512_slli_epi64::<32>(odd));
            (Avx512([float(high)]), Avx512([float(low)]))
        }
    }

    #[inline(always)]
    fn nonzero(self) -> u32 {
        // SAFETY: as above. All bits except the sign.
        unsafe { u32::from(_mm512_test_epi32_mask(int(self.0[0]), _mm512_set1_epi32(0x7FFF_FFFF))) }
    }

    #[inline(always)]
    fn largest(self) -> f32 {
        // SAFETY: as above.
        unsafe {
            let low = _mm512_castps512_ps256(self.0[0]);
            largest_of_eight(_mm256_max_ps(low, _mm512_extractf32x8_ps::<1>(self.0[0])))
        }
    }

    #[inline(always)]
    fn sum(self) -> f32 {
        // SAFETY: as above.
        unsafe {
            let low = _mm512_castps512_ps256(self.0[0]);
            sum_of_eight(_mm256_add_ps(low, _mm512_extractf32x8_ps::<1>(self.0[0])))
        }
    }
}

/// The first lanes.
#[inline(always)]
fn mask(count: usize) -> __mmask16 {
    ((1u32 << count) - 1) as u16
}

/// Sixteen lanes in two registers.
#[derive(Clone, Copy)]
pub(crate) struct Avx2([__m256; 2]);

#[inline(always)]
fn int_8(x: __m256) -> __m256i {
    // SAFETY: the same bits.
    unsafe { std::mem::transmute(x) }
}

#[inline(always)]
fn float_8(x: __m256i) -> __m256 {
    // SAFETY: the same bits.
    unsafe { std::mem::transmute(x) }
}

impl Lanes for Avx2 {
    const WIDE: usize = 1;
    const SHORT: usize = 3;
    const DOT_ROWS: usize = 2;
    const DOT_COLUMNS: usize = 2;

    #[inline(always)]
    unsafe fn splat(x: f32) -> Avx2 {
        // SAFETY: the trait's contract.
        Avx2([unsafe { _mm256_set1_ps(x) }; 2])
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Avx2 {
        // SAFETY: as above.
        unsafe { Avx2([_mm256_loadu_ps(from), _mm256_loadu_ps(from.add(8))]) }
    }

    #[inline(always)]
    unsafe fn load_bytes(from: *const u8) -> Avx2 {
        // SAFETY: as above.
        unsafe {
            let bytes = _mm_loadu_si128(from.cast());
            let high = _mm_srli_si128::<8>(bytes);
            Avx2([float_8(_mm256_cvtepu8_epi32(bytes)), float_8(_mm256_cvtepu8_epi32(high))])
        }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        // SAFETY: as above.
        unsafe {
            _mm256_storeu_ps(to, self.0[0]);
            _mm256_storeu_ps(to.add(8), self.0[1]);
        }
    }

    #[inline(always)]
    unsafe fn transpose(from: *const f32, stride: usize, to: *mut f32, wide: usize) {
        // SAFETY: as above.
        unsafe { transpose_quarters(from, stride, to, wide) }
    }

    masked_by_array!();

    each_register! {
        add [a b] _mm256_add_ps(a, b);
        sub [a b] _mm256_sub_ps(a, b);
        mul [a b] _mm256_mul_ps(a, b);
        div [a b] _mm256_div_ps(a, b);
        sqrt [a] _mm256_sqrt_ps(a);
        mul_add [a b c] _mm256_fmadd_ps(a, b, c);
        to_float [a] _mm256_cvtepi32_ps(int_8(a));
        and [a b] _mm256_and_ps(a, b);
        or [a b] _mm256_or_ps(a, b);
        xor [a b] _mm256_xor_ps(a, b);
        add_int [a b] float_8(_mm256_add_epi32(int_8(a), int_8(b)));
        sub_int [a b] float_8(_mm256_sub_epi32(int_8(a), int_8(b)));
        if_less [a b x y] _mm256_blendv_ps(y, x, _mm256_cmp_ps::<_CMP_LT_OQ>(a, b));
        if_less_equal [a b x y] _mm256_blendv_ps(y, x, _mm256_cmp_ps::<_CMP_LE_OQ>(a, b));
        if_equal [a b x y] _mm256_blendv_ps(y, x, _mm256_cmp_ps::<_CMP_EQ_OQ>(a, b));
        if_less_int [a b x y] {
            _mm256_blendv_ps(y, x, float_8(_mm256_cmpgt_epi32(int_8(b), int_8(a))))
        };
        if_equal_int [a b x y] {
            _mm256_blendv_ps(y, x, float_8(_mm256_cmpeq_epi32(int_8(a), int_8(b))))
        };
    }

    #[inline(always)]
    fn shift_left<const BITS: i32>(self) -> Avx2 {
        // SAFETY: a value of this level.
        Avx2(self.0.map(|x| unsafe { float_8(_mm256_slli_epi32::<BITS>(int_8(x))) }))
    }

    #[inline(always)]
    fn shift_right<const BITS: i32>(self) -> Avx2 {
        // SAFETY: as above.
        Avx2(self.0.map(|x| unsafe { float_8(_mm256_srli_epi32::<BITS>(int_8(x))) }))
    }

    #[inline(always)]
    fn shift_right_sign<const BITS: i32>(self) -> Avx2 {
        // SAFETY: as above.
        Avx2(self.0.map(|x| unsafe { float_8(_mm256_srai_epi32::<BITS>(int_8(x))) }))
    }

    #[inline(always)]
    fn mul_wide(self, b: Avx2) -> (Avx2, Avx2) {
        let (mut high, mut low) = (self, self);
        for i in 0..2 {
            let (a, b) = (int_8(self.0[i]), int_8(b.0[i]));
            // SAFETY: as above.
            unsafe {
                let even = _mm256_mul_epu32(a, b);
                let odd = _mm256_mul_epu32(_mm256_srli_epi64::<32>(a), _mm256_srli_epi64::<32>(b));
                let upper = _mm256_srli_epi64::<32>(even);
                high.0[i] = float_8(_mm256_blend_epi32::<0xAA>(upper, odd));
                let lower = _mm256_slli_epi64::<32>(odd);
                low.0[i] = float_8(_mm256_blend_epi32::<0xAA>(even, lower));
            }
        }
        (high, low)
    }

    #[inline(always)]
    fn largest(self) -> f32 {
        // SAFETY: as above.
        unsafe { largest_of_eight(_mm256_max_ps(self.0[0], self.0[1])) }
    }

    #[inline(always)]
    fn sum(self) -> f32 {
        // SAFETY: as above.
        unsafe { sum_of_eight(_mm256_add_ps(self.0[0], self.0[1])) }
    }
}

/// # Safety
/// The processor has AVX.
#[inline(always)]
unsafe fn sum_of_eight(x: __m256) -> f32 {
    // SAFETY: the caller's promise.
    unsafe {
        let four = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps::<1>(x));
        let two = _mm_add_ps(four, _mm_movehl_ps(four, four));
        _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps::<1>(two, two)))
    }
}

/// # Safety
/// The processor has AVX.
#[inline(always)]
unsafe fn largest_of_eight(x: __m256) -> f32 {
    // SAFETY: the caller's promise.
    unsafe {
        let four = _mm_max_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps::<1>(x));
        let two = _mm_max_ps(four, _mm_movehl_ps(four, four));
        _mm_cvtss_f32(_mm_max_ss(two, _mm_shuffle_ps::<1>(two, two)))
    }
}

/// Sixteen rows of sixteen, in quarters of eight by eight.
///
/// # Safety
/// As in `Lanes::transpose`, on a processor with AVX.
#[inline(always)]
unsafe fn transpose_quarters(from: *const f32, stride: usize, to: *mut f32, wide: usize) {
    for row in [0, 8] {
        for column in [0, 8] {
            // SAFETY: the caller's promise.
            unsafe {
                let from = from.add(row * stride + column);
                transpose_eight(from, stride, to.add(column * wide + row), wide);
            }
        }
    }
}

/// Eight rows of eight, written as columns: neighbours are paired, pairs are paired, halves exchanged.
///
/// # Safety
/// As in [`transpose_quarters`].
#[inline(always)]
unsafe fn transpose_eight(from: *const f32, stride: usize, to: *mut f32, wide: usize) {
    // SAFETY: the caller's promise.
    unsafe {
        let row: [__m256; 8] = std::array::from_fn(|i| _mm256_loadu_ps(from.add(i * stride)));
        let pair = |i: usize| {
            (_mm256_unpacklo_ps(row[i], row[i + 1]), _mm256_unpackhi_ps(row[i], row[i + 1]))
        };
        let ((a, b), (c, d), (e, f), (g, h)) = (pair(0), pair(2), pair(4), pair(6));
        let four = [
            [_mm256_shuffle_ps::<0x44>(a, c), _mm256_shuffle_ps::<0x44>(e, g)],
            [_mm256_shuffle_ps::<0xEE>(a, c), _mm256_shuffle_ps::<0xEE>(e, g)],
            [_mm256_shuffle_ps::<0x44>(b, d), _mm256_shuffle_ps::<0x44>(f, h)],
            [_mm256_shuffle_ps::<0xEE>(b, d), _mm256_shuffle_ps::<0xEE>(f, h)],
        ];
        for (i, [left, right]) in four.into_iter().enumerate() {
            _mm256_storeu_ps(to.add(i * wide), _mm256_permute2f128_ps::<0x20>(left, right));
            _mm256_storeu_ps(to.add((i + 4) * wide), _mm256_permute2f128_ps::<0x31>(left, right));
        }
    }
}
