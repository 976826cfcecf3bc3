//! Lanes on 64-bit ARM: four registers of 128 bits, which every such processor has.

use super::{LANES, Lanes, each_register, masked_by_array};
use std::arch::aarch64::*;

/// Sixteen lanes in four registers.
#[derive(Clone, Copy)]
pub(crate) struct Neon([float32x4_t; 4]);

#[inline(always)]
fn bits(x: float32x4_t) -> uint32x4_t {
    // SAFETY: every such processor has these instructions, here and below.
    unsafe { vreinterpretq_u32_f32(x) }
}

#[inline(always)]
fn int(x: float32x4_t) -> int32x4_t {
    // SAFETY: as above.
    unsafe { vreinterpretq_s32_f32(x) }
}

#[inline(always)]
fn float(x: uint32x4_t) -> float32x4_t {
    // SAFETY: as above.
    unsafe { vreinterpretq_f32_u32(x) }
}

impl Lanes for Neon {
    const WIDE: usize = 1;
    const SHORT: usize = 3;
    const DOT_ROWS: usize = 2;
    const DOT_COLUMNS: usize = 2;

    #[inline(always)]
    unsafe fn splat(x: f32) -> Neon {
        // SAFETY: as above.
        Neon([unsafe { vdupq_n_f32(x) }; 4])
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Neon {
        // SAFETY: the trait's contract.
        Neon(std::array::from_fn(|i| unsafe { vld1q_f32(from.add(4 * i)) }))
    }

    #[inline(always)]
    unsafe fn load_bytes(from: *const u8) -> Neon {
        // SAFETY: the trait's contract.
        let bytes = unsafe { from.cast::<[u8; LANES]>().read() };
        let lanes = bytes.map(|byte| f32::from_bits(byte.into()));
        // SAFETY: sixteen lanes.
        unsafe { Neon::load(lanes.as_ptr()) }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        for (i, four) in self.0.into_iter().enumerate() {
            // SAFETY: the trait's contract.
            unsafe { vst1q_f32(to.add(4 * i), four) };
        }
    }

    #[inline(always)]
    unsafe fn transpose(from: *const f32, stride: usize, to: *mut f32, wide: usize) {
        for row in 0..LANES {
            for column in 0..LANES {
                // SAFETY: the trait's contract.
                unsafe { *to.add(column * wide + row) = *from.add(row * stride + column) };
            }
        }
    }

    masked_by_array!();

    each_register! {
        add [a b] vaddq_f32(a, b);
        sub [a b] vsubq_f32(a, b);
        mul [a b] vmulq_f32(a, b);
        div [a b] vdivq_f32(a, b);
        sqrt [a] vsqrtq_f32(a);
        mul_add [a b c] vfmaq_f32(c, a, b);
        to_float [a] vcvtq_f32_s32(int(a));
        and [a b] float(vandq_u32(bits(a), bits(b)));
        or [a b] float(vorrq_u32(bits(a), bits(b)));
        xor [a b] float(veorq_u32(bits(a), bits(b)));
        add_int [a b] float(vaddq_u32(bits(a), bits(b)));
        sub_int [a b] float(vsubq_u32(bits(a), bits(b)));
        if_less [a b x y] vbslq_f32(vcltq_f32(a, b), x, y);
        if_less_equal [a b x y] vbslq_f32(vcleq_f32(a, b), x, y);
        if_equal [a b x y] vbslq_f32(vceqq_f32(a, b), x, y);
        if_less_int [a b x y] vbslq_f32(vcltq_s32(int(a), int(b)), x, y);
        if_equal_int [a b x y] vbslq_f32(vceqq_s32(int(a), int(b)), x, y);
    }

    #[inline(always)]
    fn shift_left<const BITS: i32>(self) -> Neon {
        // SAFETY: as above.
        Neon(self.0.map(|x| unsafe { float(vshlq_u32(bits(x), vdupq_n_s32(BITS))) }))
    }

    #[inline(always)]
    fn shift_right<const BITS: i32>(self) -> Neon {
        // SAFETY: as above.
        Neon(self.0.map(|x| unsafe { float(vshlq_u32(bits(x), vdupq_n_s32(-BITS))) }))
    }

    #[inline(always)]
    fn shift_right_sign<const BITS: i32>(self) -> Neon {
        // SAFETY: as above.
        Neon(
            self.0.map(|x| unsafe { vreinterpretq_f32_s32(vshlq_s32(int(x), vdupq_n_s32(-BITS))) }),
        )
    }

    #[inline(always)]
    fn mul_wide(self, b: Neon) -> (Neon, Neon) {
        let (mut high, mut low) = (self, self);
        for i in 0..4 {
            let (a, b) = (bits(self.0[i]), bits(b.0[i]));
            // SAFETY: as above.
            unsafe {
                let first = vreinterpretq_u32_u64(vmull_u32(vget_low_u32(a), vget_low_u32(b)));
                let last = vreinterpretq_u32_u64(vmull_high_u32(a, b));
                low.0[i] = float(vuzp1q_u32(first, last));
                high.0[i] = float(vuzp2q_u32(first, last));
            }
        }
        (high, low)
    }

    #[inline(always)]
    fn largest(self) -> f32 {
        let [a, b, c, d] = self.0;
        // SAFETY: as above.
        unsafe { vmaxvq_f32(vmaxq_f32(vmaxq_f32(a, b), vmaxq_f32(c, d))) }
    }

    #[inline(always)]
    fn sum(self) -> f32 {
        let [a, b, c, d] = self.0;
        // SAFETY: as above.
        unsafe {
            let four = vaddq_f32(vaddq_f32(a, c), vaddq_f32(b, d));
            let two = vadd_f32(vget_low_f32(four), vget_high_f32(four));
            vget_lane_f32::<0>(two) + vget_lane_f32::<1>(two)
        }
    }
}
