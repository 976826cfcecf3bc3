//! Functions of one number in each lane, without branches.
//!
//! The formulas are Cephes' (Moshier, 1984–1992). Levels that multiply and add in one rounding give the same
//! bits.

use crate::lanes::Lanes;

/// `coefficients[0] · xⁿ + … + coefficients[n]`.
#[inline(always)]
fn polynomial<V: Lanes, const N: usize>(x: V, coefficients: [f32; N]) -> V {
    let mut sum = x.same(coefficients[0]);
    for &c in &coefficients[1..] {
        sum = sum.mul_add(x, x.same(c));
    }
    sum
}

/// ln 2 in two parts: the first has so few digits that small multiples of it are exact.
const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];

/// Adding and subtracting it rounds to a whole number, which is then in the lowest bits of the sum.
const ROUND: f32 = 12_582_912.0;

/// eˣ, within 2 units in the last place.
///
/// `x = n · ln 2 + r`, `eˣ = 2ⁿ · eʳ`; 2ⁿ in two factors, because `n` may be too large or too small for one.
#[inline(always)]
pub(crate) fn exp<V: Lanes>(x: V) -> V {
    let c = |value| x.same(value);
    // Comparisons are false for NaN, which passes through.
    let x = c(90.0).if_less(x, c(90.0), x);
    let x = x.if_less(c(-105.0), c(-105.0), x);
    let rounded = x.mul_add(c(std::f32::consts::LOG2_E), c(ROUND));
    let n = rounded.sub(c(ROUND));
    let r = n.mul_add(c(-LN_2[0]), x);
    let r = n.mul_add(c(-LN_2[1]), r);
    let p = polynomial(
        r,
        [1.987_569_1e-4, 1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_66, 0.5],
    );
    let exp = p.mul_add(r.mul(r), r).add(c(1.0));
    let n = rounded.sub_int(c(ROUND));
    let half = n.shift_right_sign::<1>();
    let power = |n: V| n.add_int(n.same_bits(127)).shift_left::<23>();
    exp.mul(power(half)).mul(power(n.sub_int(half)))
}

/// The natural logarithm, within 2 units in the last place; -∞ for 0, and NaN for less.
///
/// `x = 2ⁿ · m` with `m` near 1, `ln x = n · ln 2 + ln m`.
#[inline(always)]
pub(crate) fn ln<V: Lanes>(x: V) -> V {
    let c = |value| x.same(value);
    // Numbers below the normal range, scaled into it.
    let normal = c(f32::MIN_POSITIVE);
    let scaled = x.if_less(normal, x.mul(c(8_388_608.0)), x);
    let beyond = x.if_less(normal, c(23.0), c(0.0));
    // The exponent of m is chosen so that m lies in √½ … √2.
    let bits = scaled.sub_int(c(std::f32::consts::FRAC_1_SQRT_2));
    let n = bits.shift_right_sign::<23>().to_float().sub(beyond);
    let fraction = bits.and(x.same_bits(0x007F_FFFF));
    let m = fraction.add_int(c(std::f32::consts::FRAC_1_SQRT_2)).sub(c(1.0));
    let p = polynomial(
        m,
        [
            7.037_683_6e-2,
            -0.115_146_1,
            0.116_769_98,
            -0.124_201_41,
            0.142_493_23,
            -0.166_680_57,
            0.200_007_15,
            -0.249_999_94,
            0.333_333_3,
        ],
    );
    let square = m.mul(m);
    let rest = p.mul(m).mul_add(square, n.mul(c(LN_2[1])));
    let rest = square.mul_add(c(-0.5), rest);
    let ln = n.mul_add(c(LN_2[0]), m.add(rest));
    let ln = x.if_less(c(f32::INFINITY), ln, x);
    let ln = x.if_equal(c(0.0), c(f32::NEG_INFINITY), ln);
    x.if_less(c(0.0), c(f32::NAN), ln)
}

/// 1 / (1 + e⁻ˣ).
#[inline(always)]
pub(crate) fn sigmoid<V: Lanes>(x: V) -> V {
    let one = x.same(1.0);
    one.div(one.add(exp(neg(x))))
}

/// The hyperbolic tangent, within 2 units in the last place: a polynomial near 0, 1 - 2 / (e²ˣ + 1) elsewhere.
#[inline(always)]
pub(crate) fn tanh<V: Lanes>(x: V) -> V {
    let c = |value| x.same(value);
    let (size, square) = (abs(x), x.mul(x));
    let p = polynomial(
        square,
        [-5.704_988_7e-3, 2.063_909e-2, -5.373_971e-2, 0.133_314_42, -0.333_332_8],
    );
    let near = p.mul(square).mul_add(x, x);
    let far = c(1.0).sub(c(2.0).div(exp(size.add(size)).add(c(1.0))));
    size.if_less(c(0.625), near, far.or(x.and(c(-0.0))))
}

/// ln(1 + eˣ), without overflow and without loss where eˣ is small.
#[inline(always)]
pub(crate) fn softplus<V: Lanes>(x: V) -> V {
    let c = |value| x.same(value);
    let e = exp(abs(x).or(c(-0.0)));
    let sum = c(1.0).add(e);
    // The part that the addition rounded away, restored to first order.
    let lost = e.sub(sum.sub(c(1.0))).div(sum);
    ln(sum).add(lost).add(x.if_less(c(0.0), c(0.0), x))
}

/// `-x`.
#[inline(always)]
pub(crate) fn neg<V: Lanes>(x: V) -> V {
    x.xor(x.same(-0.0))
}

/// `|x|`.
#[inline(always)]
pub(crate) fn abs<V: Lanes>(x: V) -> V {
    x.and(x.same_bits(0x7FFF_FFFF))
}

/// -1, 0 or 1; zeros and NaN are themselves.
#[inline(always)]
pub(crate) fn sign<V: Lanes>(x: V) -> V {
    let one = x.and(x.same(-0.0)).or(x.same(1.0));
    x.if_equal(x, x.if_equal(x.same(0.0), x, one), x)
}

/// The larger; NaN if either is.
#[inline(always)]
pub(crate) fn max<V: Lanes>(a: V, b: V) -> V {
    a.if_equal(a, b.if_less(a, a, b), a)
}

/// The smaller; NaN if either is.
#[inline(always)]
pub(crate) fn min<V: Lanes>(a: V, b: V) -> V {
    a.if_equal(a, a.if_less(b, a, b), a)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::LANES;

    /// A function of sixteen numbers.
    type Function = fn([f32; LANES]) -> [f32; LANES];

    macro_rules! functions {
        ($($name:ident),*) => {
            /// The functions of a level, by name.
            fn functions<V: Lanes>() -> Vec<(&'static str, Function)> {
                vec![$((stringify!($name), |x| {
                    let mut out = [0.0; LANES];
                    // SAFETY: `each_level` asks only for levels that the processor has.
                    unsafe { $name(V::load(x.as_ptr())).store(out.as_mut_ptr()) };
                    out
                })),*]
            }
        };
    }
    functions!(exp, ln, tanh, sigmoid, softplus);

    fn each_level(check: fn(&str, &str, Function)) {
        for level in crate::Level::available() {
            let functions = match level {
                #[cfg(target_arch = "x86_64")]
                crate::Level::Avx512 => functions::<crate::lanes::Avx512>(),
                #[cfg(target_arch = "x86_64")]
                crate::Level::Avx2 => functions::<crate::lanes::Avx2>(),
                #[cfg(target_arch = "aarch64")]
                crate::Level::Neon => functions::<crate::lanes::Neon>(),
                crate::Level::Portable => functions::<crate::lanes::Portable>(),
            };
            functions.into_iter().for_each(|(name, f)| check(level.name(), name, f));
        }
    }

    fn right(name: &str, x: f64) -> f64 {
        match name {
            "exp" => x.exp(),
            "ln" => x.ln(),
            "tanh" => x.tanh(),
            "sigmoid" => 1.0 / (1.0 + (-x).exp()),
            _ => x.max(0.0) + (-x.abs()).exp().ln_1p(),
        }
    }

    #[test]
    fn functions_are_within_units_in_the_last_place() {
        each_level(|level, name, f| {
            let (ranges, limit): (&[(f64, f64)], f64) = match name {
                "exp" => (&[(-103.9, 88.7), (-1.0, 1.0)], 2.0),
                "ln" => (&[(1e-40, 1e-37), (1e-3, 3.0), (1.0, 3.4e38)], 2.0),
                "tanh" => (&[(-10.0, 10.0)], 2.0),
                _ => (&[(-80.0, 80.0)], 3.0),
            };
            for &(from, to) in ranges {
                let count = 400_000;
                let x = |i: usize| (from + (to - from) * i as f64 / f64::from(count)) as f32;
                let mut worst = 0.0f64;
                for first in (0..count as usize).step_by(LANES) {
                    let x: [f32; LANES] = std::array::from_fn(|i| x(first + i));
                    for (x, found) in x.into_iter().zip(f(x)) {
                        let right = right(name, x.into());
                        let size = (right as f32).abs();
                        let unit = f64::from(size.next_up()) - f64::from(size);
                        worst = worst.max((f64::from(found) - right).abs() / unit);
                    }
                }
                assert!(worst <= limit, "{name} on {level}, {from} to {to}: {worst} units");
            }
        });
    }

    #[test]
    fn edges_are_exact() {
        each_level(|level, name, f| {
            let infinity = f32::INFINITY;
            let edges: &[(f32, f32)] = match name {
                "exp" => &[(infinity, infinity), (-infinity, 0.0), (0.0, 1.0), (-0.0, 1.0)],
                "ln" => &[(infinity, infinity), (0.0, -infinity), (1.0, 0.0)],
                "tanh" => &[(infinity, 1.0), (-infinity, -1.0), (0.0, 0.0)],
                "sigmoid" => &[(infinity, 1.0), (-infinity, 0.0), (0.0, 0.5)],
                _ => &[(infinity, infinity), (-infinity, 0.0)],
            };
            for &(x, right) in edges {
                assert_eq!(f([x; LANES]), [right; LANES], "{name} of {x} on {level}");
            }
            assert!(f([f32::NAN; LANES]).iter().all(|y| y.is_nan()), "{name} on {level}");
            if name == "ln" {
                assert!(f([-1.0; LANES]).iter().all(|y| y.is_nan()), "on {level}");
            }
        });
    }
}
