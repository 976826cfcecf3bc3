//! Sixteen lanes of 32 bits at a time, in the registers of each instruction set.
//!
//! Kernels are written once over [`Lanes`] and inlined into one copy for each level
//! ([`dispatch!`]). Every level has sixteen lanes, however many its registers hold, and adds them
//! in the same order: levels that round `a · b + c` once (all but [`Portable`]) give the same bits.

#[cfg(target_arch = "aarch64")]
mod neon;
mod portable;
#[cfg(target_arch = "x86_64")]
mod x86;

#[cfg(target_arch = "aarch64")]
pub(crate) use neon::Neon;
pub(crate) use portable::Portable;
#[cfg(target_arch = "x86_64")]
pub(crate) use x86::{Avx2, Avx512};

/// How many lanes.
pub(crate) const LANES: usize = 16;

/// Sixteen lanes: the bits of floats or of integers.
///
/// Whoever makes the first value promises that the processor has the level's instructions, as
/// [`dispatch!`] does; whoever holds a value may rely on it.
#[rustfmt::skip]
pub(crate) trait Lanes: Copy {
    /// The width, in vectors, of a product's tile of four rows.
    const WIDE: usize;
    /// The largest number of rows in a tile that is two vectors wide.
    const SHORT: usize;
    /// How many rows and columns of a product of rows by rows fit in the registers.
    const DOT_ROWS: usize;
    const DOT_COLUMNS: usize;

    /// # Safety
    /// The processor has the level's instructions.
    unsafe fn splat(x: f32) -> Self;
    /// # Safety
    /// As in [`splat`](Lanes::splat), and sixteen times 32 bits are there; they need not be
    /// aligned.
    unsafe fn load(from: *const f32) -> Self;
    /// Sixteen bytes, as integers.
    /// # Safety
    /// As in [`load`](Lanes::load).
    unsafe fn load_bytes(from: *const u8) -> Self;
    /// # Safety
    /// There is room for sixteen times 32 bits.
    unsafe fn store(self, to: *mut f32);
    /// The first `count` lanes from memory, `rest` in the others.
    /// # Safety
    /// As in [`splat`](Lanes::splat), and `count <= 16` times 32 bits are there.
    unsafe fn load_first(from: *const f32, count: usize, rest: f32) -> Self;
    /// Writes the first `count` lanes.
    /// # Safety
    /// There is room for `count <= 16` times 32 bits.
    unsafe fn store_first(self, to: *mut f32, count: usize);
    /// Writes the lanes whose bit in `mask` is set, one after the other, and anything up to the
    /// sixteenth place; returns how many they are.
    /// # Safety
    /// There is room for sixteen times 32 bits.
    unsafe fn store_where(self, mask: u32, to: *mut f32) -> usize;
    /// Sixteen rows of sixteen, `from` apart by `stride`, written as columns, `to` apart by `wide`.
    /// # Safety
    /// As in [`load`](Lanes::load) and [`store`](Lanes::store).
    unsafe fn transpose(from: *const f32, stride: usize, to: *mut f32, wide: usize);

    fn add(self, b: Self) -> Self;
    fn sub(self, b: Self) -> Self;
    fn mul(self, b: Self) -> Self;
    fn div(self, b: Self) -> Self;
    fn sqrt(self) -> Self;
    /// `self · b + c`, rounded once where the processor can.
    fn mul_add(self, b: Self, c: Self) -> Self;
    /// The sum of all lanes: of halves, of their halves, and so on.
    fn sum(self) -> f32;
    /// A bit for each float that is not zero.
    fn nonzero(self) -> u32;
    /// The largest lane; anything if one is NaN.
    fn largest(self) -> f32;
    /// The nearest float to each integer.
    fn to_float(self) -> Self;

    fn and(self, b: Self) -> Self;
    fn or(self, b: Self) -> Self;
    fn xor(self, b: Self) -> Self;
    /// Sums of integers, which wrap around.
    fn add_int(self, b: Self) -> Self;
    fn sub_int(self, b: Self) -> Self;
    fn shift_left<const BITS: i32>(self) -> Self;
    /// Shifts in zeros.
    fn shift_right<const BITS: i32>(self) -> Self;
    /// Shifts in the sign.
    fn shift_right_sign<const BITS: i32>(self) -> Self;
    /// The high and low halves of products of unsigned integers.
    fn mul_wide(self, b: Self) -> (Self, Self);

    /// `x` where `self < b`, otherwise `y`; comparisons with NaN are false.
    fn if_less(self, b: Self, x: Self, y: Self) -> Self;
    fn if_less_equal(self, b: Self, x: Self, y: Self) -> Self;
    fn if_equal(self, b: Self, x: Self, y: Self) -> Self;
    /// The same for signed integers.
    fn if_less_int(self, b: Self, x: Self, y: Self) -> Self;
    fn if_equal_int(self, b: Self, x: Self, y: Self) -> Self;

    /// Another value of this level.
    #[inline(always)]
    fn same(self, x: f32) -> Self {
        // SAFETY: there is a value of this level.
        unsafe { Self::splat(x) }
    }
    #[inline(always)]
    fn same_bits(self, bits: u32) -> Self {
        self.same(f32::from_bits(bits))
    }
}

/// The methods that need masks, implemented with an array, for levels without masks.
macro_rules! masked_by_array {
    () => {
        #[inline(always)]
        unsafe fn load_first(from: *const f32, count: usize, rest: f32) -> Self {
            let mut lanes = [rest; super::LANES];
            for (i, lane) in lanes.iter_mut().take(count).enumerate() {
                // SAFETY: the trait's contract.
                *lane = unsafe { *from.add(i) };
            }
            // SAFETY: sixteen lanes.
            unsafe { Self::load(lanes.as_ptr()) }
        }

        #[inline(always)]
        unsafe fn store_first(self, to: *mut f32, count: usize) {
            let mut lanes = [0.0; super::LANES];
            // SAFETY: sixteen lanes; the rest is the trait's contract.
            unsafe {
                self.store(lanes.as_mut_ptr());
                for (i, lane) in lanes.iter().take(count).enumerate() {
                    *to.add(i) = *lane;
                }
            }
        }

        #[inline(always)]
        unsafe fn store_where(self, mask: u32, to: *mut f32) -> usize {
            let mut lanes = [0.0; super::LANES];
            let mut count = 0;
            // SAFETY: as above.
            unsafe {
                self.store(lanes.as_mut_ptr());
                for (i, lane) in lanes.into_iter().enumerate() {
                    *to.add(count) = lane;
                    count += (mask >> i & 1) as usize;
                }
            }
            count
        }

        #[inline(always)]
        fn nonzero(self) -> u32 {
            let mut lanes = [0.0; super::LANES];
            // SAFETY: sixteen lanes.
            unsafe { self.store(lanes.as_mut_ptr()) };
            (0..super::LANES).fold(0, |bits, i| bits | u32::from(lanes[i] != 0.0) << i)
        }
    };
}
use masked_by_array;

/// Writes methods that do the same to each register of a value: `name [a b …] expression;`.
macro_rules! each_register {
    ($($name:ident [$a:ident $($x:ident)*] $body:expr;)*) => {$(
        #[inline(always)]
        fn $name(self $(, $x: Self)*) -> Self {
            let mut out = self;
            for i in 0..out.0.len() {
                let $a = self.0[i];
                $(let $x = $x.0[i];)*
                // SAFETY: a value of this level says that the processor has its instructions.
                out.0[i] = unsafe { $body };
            }
            out
        }
    )*};
}
#[cfg_attr(not(any(target_arch = "x86_64", target_arch = "aarch64")), expect(unused_imports))]
use each_register;

/// Asks for the line at an address to be brought into the nearest cache.
#[inline(always)]
pub(crate) fn prefetch(address: *const f32) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a hint, on every x86-64; whatever the address, nothing is read.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(address.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}

/// The same for the second-level cache: for data further away, which would be lost again from the
/// nearest.
#[inline(always)]
pub(crate) fn prefetch_far(address: *const u8) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: as above.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T1>(address.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}

/// Runs a kernel that is generic over [`Lanes`] in the copy for a level:
/// `dispatch!(level, kernel(argument: Type, …))`.
///
/// The kernel and everything it calls are `#[inline(always)]`, so that they use the instructions of
/// the copy. Closures do not: whatever a kernel needs from one (a thread's memory) is passed to it.
macro_rules! dispatch {
    ($level:expr, $kernel:ident($($argument:ident: $type:ty),* $(,)?) $(-> $result:ty)?) => {{
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,avx2,fma")]
        fn avx512($($argument: $type),*) $(-> $result)? {
            $kernel::<crate::lanes::Avx512>($($argument),*)
        }
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2,fma")]
        fn avx2($($argument: $type),*) $(-> $result)? {
            $kernel::<crate::lanes::Avx2>($($argument),*)
        }
        match $level {
            // SAFETY: a level is only made where the processor has its instructions (`Level::available`).
            #[cfg(target_arch = "x86_64")]
            crate::level::Level::Avx512 => unsafe { avx512($($argument),*) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            crate::level::Level::Avx2 => unsafe { avx2($($argument),*) },
            #[cfg(target_arch = "aarch64")]
            crate::level::Level::Neon => $kernel::<crate::lanes::Neon>($($argument),*),
            crate::level::Level::Portable => $kernel::<crate::lanes::Portable>($($argument),*),
        }
    }};
}
pub(crate) use dispatch;
