//! Lanes for any processor: arrays, and whatever the compiler makes of them.

use super::{LANES, Lanes, masked_by_array};

/// Sixteen lanes in an array. Products are rounded before they are added.
#[derive(Clone, Copy)]
pub(crate) struct Portable([f32; LANES]);

/// Methods that do the same to each lane: on floats, or on their bits.
macro_rules! each_lane {
    ($($name:ident [$a:ident $($x:ident)*] $body:expr;)*) => {$(
        #[inline(always)]
        fn $name(self $(, $x: Self)*) -> Self {
            let mut out = self;
            for i in 0..LANES {
                let $a = self.0[i];
                $(let $x = $x.0[i];)*
                out.0[i] = $body;
            }
            out
        }
    )*};
}

#[inline(always)]
fn bits(f: impl FnOnce(u32, u32) -> u32, a: f32, b: f32) -> f32 {
    f32::from_bits(f(a.to_bits(), b.to_bits()))
}

#[inline(always)]
fn int(x: f32) -> i32 {
    x.to_bits() as i32
}

impl Portable {
    #[inline(always)]
    fn map(self, f: impl Fn(u32) -> u32) -> Portable {
        Portable(self.0.map(|x| f32::from_bits(f(x.to_bits()))))
    }
}

impl Lanes for Portable {
    const WIDE: usize = 1;
    const SHORT: usize = 2;
    const DOT_ROWS: usize = 1;
    const DOT_COLUMNS: usize = 2;

    #[inline(always)]
    unsafe fn splat(x: f32) -> Portable {
        Portable([x; LANES])
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Portable {
        // SAFETY: the caller's promise.
        Portable(unsafe { from.cast::<[f32; LANES]>().read_unaligned() })
    }

    #[inline(always)]
    unsafe fn load_bytes(from: *const u8) -> Portable {
        // SAFETY: the caller's promise.
        let bytes = unsafe { from.cast::<[u8; LANES]>().read() };
        Portable(bytes.map(|byte| f32::from_bits(byte.into())))
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        // SAFETY: the caller's promise.
        unsafe { to.cast::<[f32; LANES]>().write_unaligned(self.0) }
    }

    #[inline(always)]
    unsafe fn transpose(from: *const f32, stride: usize, to: *mut f32, wide: usize) {
        for row in 0..LANES {
            for column in 0..LANES {
                // SAFETY: the caller's promise.
                unsafe { *to.add(column * wide + row) = *from.add(row * stride + column) };
            }
        }
    }

    masked_by_array!();

    each_lane! {
        add [a b] a + b;
        sub [a b] a - b;
        mul [a b] a * b;
        div [a b] a / b;
        sqrt [a] a.sqrt();
        mul_add [a b c] a * b + c;
        to_float [a] int(a) as f32;
        and [a b] bits(|a, b| a & b, a, b);
        or [a b] bits(|a, b| a | b, a, b);
        xor [a b] bits(|a, b| a ^ b, a, b);
        add_int [a b] bits(u32::wrapping_add, a, b);
        sub_int [a b] bits(u32::wrapping_sub, a, b);
        if_less [a b x y] if a < b { x } else { y };
        if_less_equal [a b x y] if a <= b { x } else { y };
        if_equal [a b x y] if a == b { x } else { y };
        if_less_int [a b x y] if int(a) < int(b) { x } else { y };
        if_equal_int [a b x y] if int(a) == int(b) { x } else { y };
    }

    #[inline(always)]
    fn shift_left<const BITS: i32>(self) -> Portable {
        self.map(|x| x << BITS)
    }

    #[inline(always)]
    fn shift_right<const BITS: i32>(self) -> Portable {
        self.map(|x| x >> BITS)
    }

    #[inline(always)]
    fn shift_right_sign<const BITS: i32>(self) -> Portable {
        self.map(|x| (x as i32 >> BITS) as u32)
    }

    #[inline(always)]
    fn mul_wide(self, b: Portable) -> (Portable, Portable) {
        let product = |i: usize| u64::from(self.0[i].to_bits()) * u64::from(b.0[i].to_bits());
        let part = |shift: u32| {
            Portable(std::array::from_fn(|i| f32::from_bits((product(i) >> shift) as u32)))
        };
        (part(32), part(0))
    }

    #[inline(always)]
    fn largest(self) -> f32 {
        self.0.into_iter().fold(f32::NEG_INFINITY, f32::max)
    }

    #[inline(always)]
    fn sum(self) -> f32 {
        let mut lanes = self.0;
        for half in [8, 4, 2, 1] {
            for i in 0..half {
                lanes[i] += lanes[i + half];
            }
        }
        lanes[0]
    }
}
