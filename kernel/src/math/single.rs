//! The elementary functions of `f32`.
//!
//! The coefficients of [`tanh`](Elementary::tanh), [`erf`](Elementary::erf) and both series of the
//! logarithm are fits by `tests/kernel/fit.py`.

use crate::dispatch::{Elementary, Isa};

/// `ln 2` in two parts, the first with so few bits that its product with an exponent is exact.
const LN_2_HIGH: f32 = 355.0 / 512.0;
/// The rest of [`LN_2_HIGH`].
const LN_2_LOW: f32 = -2.121_944_4e-4;

/// From here on, the hyperbolic tangent is as good as 1.
pub const TANH_END: f32 = 9.0;
/// The coefficients of the odd powers of `x` above the line, from the first up.
pub const TANH_P: [f32; 5] = [1.0, 0.133_810_2, 3.495_583e-3, 2.0609e-5, 1.335_455_2e-8];
/// The coefficients of the even powers of `x` below the line, from the zeroth up.
pub const TANH_Q: [f32; 5] = [1.0, 0.467_143_36, 0.025_876_964, 3.285_626_6e-4, 7.776_513e-7];

impl Elementary for f32 {
    /// `2^n e^r` with `n` the integer nearest to `x / ln 2`, so `|r| <= ln 2 / 2`.
    #[inline(always)]
    fn exp<I: Isa>(x: f32) -> f32 {
        // Where the result is 0 or infinite, so that `n` stays in range. Not-a-number passes.
        let x = if x < -104.0 { -104.0 } else { x };
        let x = if x > 89.0 { 89.0 } else { x };
        // Adding 1.5 * 2^23 leaves the nearest integer in the low bits of the mantissa.
        const ROUND: f32 = 12_582_912.0;
        let shifted = mul_add::<I>(x, core::f32::consts::LOG2_E, ROUND);
        let n = (shifted.to_bits() as i32).wrapping_sub(ROUND.to_bits() as i32);
        let n_float = shifted - ROUND;
        let r = mul_add::<I>(n_float, -LN_2_HIGH, x);
        let r = mul_add::<I>(n_float, -LN_2_LOW, r);
        // Two short sums at once take less time than one after the other.
        let r2 = r * r;
        let low = mul_add::<I>(r, 1.0 / 6.0, 0.5);
        let high = polynomial::<I, 4>(r, [1.0 / 24.0, 1.0 / 120.0, 1.0 / 720.0, 1.0 / 5040.0]);
        let e_r = 1.0 + mul_add::<I>(r2, mul_add::<I>(r2, high, low), r);
        // In two steps, since 2^n itself may be out of range when the result is not.
        let half = n >> 1;
        e_r * power_of_two(half) * power_of_two(n.wrapping_sub(half))
    }

    /// `e ln 2 + ln m` with `m` in `[sqrt(1/2), sqrt(2))`, and `ln m = 2 artanh((m-1)/(m+1))`.
    #[inline(always)]
    fn ln<I: Isa>(x: f32) -> f32 {
        let tiny = x < f32::MIN_POSITIVE;
        let scaled = if tiny { x * 8_388_608.0 } else { x };
        let offset = core::f32::consts::FRAC_1_SQRT_2.to_bits();
        let bits = scaled.to_bits().wrapping_sub(offset);
        let e = (bits as i32 >> 23) as f32 - if tiny { 23.0 } else { 0.0 };
        let m = f32::from_bits((bits & 0x007f_ffff).wrapping_add(offset));
        let s = (m - 1.0) / (m + 1.0);
        let z = s * s;
        let series = polynomial::<I, 3>(z, [0.333_334_1, 0.199_873_98, 0.149_628_12]);
        let ln_m = mul_add::<I>(2.0 * s * z, series, 2.0 * s);
        let y = mul_add::<I>(e, LN_2_HIGH, mul_add::<I>(e, LN_2_LOW, ln_m));
        let y = if x == f32::INFINITY { x } else { y };
        let y = if x == 0.0 { f32::NEG_INFINITY } else { y };
        if x >= 0.0 { y } else { f32::NAN }
    }

    #[inline(always)]
    fn tanh<I: Isa>(x: f32) -> f32 {
        odd_rational::<I, 5>(x, TANH_END, TANH_P, TANH_Q)
    }

    #[inline(always)]
    fn sigmoid<I: Isa>(x: f32) -> f32 {
        1.0 / (1.0 + <f32 as Elementary>::exp::<I>(-x))
    }

    #[inline(always)]
    fn erf<I: Isa>(x: f32) -> f32 {
        let p = [
            core::f32::consts::FRAC_2_SQRT_PI,
            0.190_406_46,
            0.052_748_72,
            3.765_616_3e-3,
            2.848_827e-4,
            2.050_086_8e-6,
        ];
        let q = [1.0, 0.502_076_1, 0.114_109_11, 0.014_969_215, 1.162_535_3e-3, 3.809_170_8e-5];
        odd_rational::<I, 6>(x, 3.92, p, q)
    }

    /// `max(x, 0) + ln(1 + t)` with `t = e^-|x|`, and `ln(1 + t) = 2 artanh(t / (2 + t))`.
    #[inline(always)]
    fn softplus<I: Isa>(x: f32) -> f32 {
        let t = <f32 as Elementary>::exp::<I>(-x.abs());
        let s = t / (2.0 + t);
        let z = s * s;
        let series = [0.333_333_4, 0.199_993_46, 0.143_103_6, 0.106_966_35, 0.122_065_03];
        let series = mul_add::<I>(2.0 * s * z, polynomial::<I, 5>(z, series), 2.0 * s);
        series + if x < 0.0 { 0.0 } else { x }
    }

    #[inline(always)]
    fn sqrt<I: Isa>(x: f32) -> f32 {
        #[cfg(all(target_arch = "arm", target_abi = "eabihf", not(feature = "std")))]
        return square_root(x);
        #[cfg(not(all(target_arch = "arm", target_abi = "eabihf", not(feature = "std"))))]
        simba::scalar::ComplexField::sqrt(x)
    }
}

/// The square root by an instruction that all ARM processors of this calling convention have; what
/// stands for it without std is some eighty others.
#[cfg(all(target_arch = "arm", target_abi = "eabihf", not(feature = "std")))]
#[unsafe(naked)]
extern "C" fn square_root(x: f32) -> f32 {
    // The argument comes, and the result goes, in the first register. `vsqrt.f32 s0, s0` as a number,
    // since assemblers know it by its name only where there are registers of doubles.
    core::arch::naked_asm!(".inst 0xeeb10ac0", "bx lr")
}

/// `a * b + c`, fused where the instruction set does that.
#[cfg_attr(
    not(feature = "std"),
    expect(clippy::extra_unused_type_parameters, reason = "nothing is fused")
)]
#[inline(always)]
fn mul_add<I: Isa>(a: f32, b: f32, c: f32) -> f32 {
    // Without std the method does not exist, and what stands for it would be a slow call.
    #[cfg(feature = "std")]
    if I::FUSED {
        return a.mul_add(b, c);
    }
    a * b + c
}

/// `c[0] + c[1] x + c[2] x^2 + ..`
#[inline(always)]
fn polynomial<I: Isa, const N: usize>(x: f32, c: [f32; N]) -> f32 {
    const { assert!(N <= 6, "terms that are written out below") };
    let mut sum = c[N - 1];
    // No loop is unrolled where code is to be small.
    macro_rules! terms {
        ($($i:literal)*) => {$(
            if $i + 1 < N {
                sum = mul_add::<I>(sum, x, c[$i]);
            }
        )*};
    }
    terms!(4 3 2 1 0);
    sum
}

/// `x p(x^2) / q(x^2)`, for a function that is as good as 1 from `end` on.
#[inline(always)]
fn odd_rational<I: Isa, const N: usize>(x: f32, end: f32, p: [f32; N], q: [f32; N]) -> f32 {
    let a = x.abs();
    let s = a * a;
    let y = a * polynomial::<I, N>(s, p) / polynomial::<I, N>(s, q);
    let y = if y > 1.0 || a > end { 1.0 } else { y };
    y.copysign(x)
}

/// `2^n` for `-126 <= n <= 127`.
#[inline(always)]
fn power_of_two(n: i32) -> f32 {
    f32::from_bits((n.wrapping_add(127) as u32) << 23)
}
