//! Elementary functions that vectorise.
//!
//! In `f32` each is straight-line code without branches, tables or calls, so a loop over a slice
//! (see [`elementwise`](super::elementwise)) becomes vector code. They use no fused operations and
//! give the same bits on every CPU. In `f64` they are the functions of the C library, for
//! gradient checks. The stated errors hold for `f32`; a test walks a dense grid.
//!
//! | function | largest error |
//! |---|---|
//! | [`exp`] | 2 units in the last place |
//! | [`ln`] | 2 units in the last place |
//! | [`tanh`] | 4 units in the last place |
//! | [`sigmoid`] | 4 units in the last place |
//! | [`erf`] | 1e-6 |
//! | [`softplus`] | 4 units in the last place |

use super::real::{Real, sealed::Elementary};
use nalgebra::ComplexField;

macro_rules! functions {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[inline(always)]
        #[must_use]
        pub fn $name<T: Real>(x: T) -> T {
            <T as Elementary>::$name(x)
        }
    )*};
}

functions! {
    /// `e^x`.
    exp
    /// The natural logarithm; `-inf` at 0 and not a number below.
    ln
    /// The hyperbolic tangent.
    tanh
    /// The logistic function `1 / (1 + e^-x)`.
    sigmoid
    /// The error function `2/sqrt(pi)` times the integral of `e^(-t^2)` from 0 to `x`.
    erf
    /// `ln(1 + e^x)`, the smooth form of ReLU.
    softplus
}

/// `ln 2` in two parts, the first with so few bits that its product with an exponent is exact.
const LN_2_HIGH: f32 = 355.0 / 512.0;
/// The rest of [`LN_2_HIGH`].
const LN_2_LOW: f32 = -2.121_944_4e-4;

impl Elementary for f32 {
    /// `2^n e^r` with `n` the integer nearest to `x / ln 2`, so `|r| <= ln 2 / 2`.
    #[inline(always)]
    fn exp(x: f32) -> f32 {
        // Where the result is 0 or infinite, so that `n` stays in range. Not-a-number passes.
        let x = if x < -104.0 { -104.0 } else { x };
        let x = if x > 89.0 { 89.0 } else { x };
        // Adding 1.5 * 2^23 leaves the nearest integer in the low bits of the mantissa.
        const ROUND: f32 = 12_582_912.0;
        let shifted = x * core::f32::consts::LOG2_E + ROUND;
        let n = (shifted.to_bits() as i32).wrapping_sub(ROUND.to_bits() as i32);
        let nf = shifted - ROUND;
        let r = (x - nf * LN_2_HIGH) - nf * LN_2_LOW;
        let taylor = 1.0 / 720.0 + r * (1.0 / 5040.0);
        let taylor = 1.0 / 120.0 + r * taylor;
        let taylor = 1.0 / 24.0 + r * taylor;
        let taylor = 1.0 / 6.0 + r * taylor;
        let taylor = 0.5 + r * taylor;
        let taylor = 1.0 + (r + r * r * taylor);
        // In two steps, since 2^n itself may be out of range when the result is not.
        let half = n >> 1;
        taylor * power_of_two(half) * power_of_two(n.wrapping_sub(half))
    }

    /// `e ln 2 + ln m` with `m` in `[sqrt(1/2), sqrt(2))`, and `ln m = 2 artanh((m-1)/(m+1))`.
    #[inline(always)]
    fn ln(x: f32) -> f32 {
        let tiny = x < f32::MIN_POSITIVE;
        let scaled = if tiny { x * 8_388_608.0 } else { x };
        let offset = core::f32::consts::FRAC_1_SQRT_2.to_bits();
        let bits = scaled.to_bits().wrapping_sub(offset);
        let e = (bits as i32 >> 23) as f32 - if tiny { 23.0 } else { 0.0 };
        let m = f32::from_bits((bits & 0x007f_ffff).wrapping_add(offset));
        let s = (m - 1.0) / (m + 1.0);
        let z = s * s;
        let series = 1.0 / 7.0 + z * (1.0 / 9.0);
        let series = 1.0 / 3.0 + z * (1.0 / 5.0 + z * series);
        let ln_m = 2.0 * s + 2.0 * s * z * series;
        let y = e * LN_2_HIGH + (ln_m + e * LN_2_LOW);
        let y = if x == f32::INFINITY { x } else { y };
        let y = if x == 0.0 { f32::NEG_INFINITY } else { y };
        if x >= 0.0 { y } else { f32::NAN }
    }

    /// `(e^2x - 1) / (e^2x + 1)`, and a power series where that would cancel.
    #[inline(always)]
    fn tanh(x: f32) -> f32 {
        let a = x.abs();
        let large = 1.0 - 2.0 / (Elementary::exp(2.0 * a) + 1.0);
        let z = x * x;
        let p =
            -1382.0 / 155_925.0 + z * (21_844.0 / 6_081_075.0 - z * (929_569.0 / 638_512_875.0));
        let p = -17.0 / 315.0 + z * (62.0 / 2835.0 + z * p);
        let small = a + a * z * (-1.0 / 3.0 + z * (2.0 / 15.0 + z * p));
        let y = if a < 0.5 { small } else { large };
        y.copysign(x)
    }

    #[inline(always)]
    fn sigmoid(x: f32) -> f32 {
        1.0 / (1.0 + Elementary::exp(-x))
    }

    /// Abramowitz and Stegun, formula 7.1.26.
    #[expect(clippy::excessive_precision, reason = "the digits of the source")]
    #[inline(always)]
    fn erf(x: f32) -> f32 {
        let a = x.abs();
        let t = 1.0 / (1.0 + 0.327_591_1 * a);
        let p = 1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429);
        let p = t * (0.254_829_592 + t * (-0.284_496_736 + t * p));
        (1.0 - p * Elementary::exp(-a * a)).copysign(x)
    }

    /// `max(x, 0) + ln(1 + t)` with `t = e^-|x|`, and `ln(1 + t) = 2 artanh(t / (2 + t))`.
    #[inline(always)]
    fn softplus(x: f32) -> f32 {
        let t = Elementary::exp(-x.abs());
        let s = t / (2.0 + t);
        let z = s * s;
        let series = 1.0 / 11.0 + z * (1.0 / 13.0 + z * (1.0 / 15.0));
        let series = 1.0 / 5.0 + z * (1.0 / 7.0 + z * (1.0 / 9.0 + z * series));
        let series = 2.0 * s + 2.0 * s * z * (1.0 / 3.0 + z * series);
        series + if x < 0.0 { 0.0 } else { x }
    }
    #[inline(always)]
    fn fused(a: f32, b: f32, c: f32) -> f32 {
        #[cfg(feature = "std")]
        return a.mul_add(b, c);
        #[cfg(not(feature = "std"))]
        return a * b + c;
    }
}

/// `2^n` for `-126 <= n <= 127`.
#[inline(always)]
fn power_of_two(n: i32) -> f32 {
    f32::from_bits((n.wrapping_add(127) as u32) << 23)
}

impl Elementary for f64 {
    #[inline(always)]
    fn exp(x: f64) -> f64 {
        ComplexField::exp(x)
    }
    #[inline(always)]
    fn ln(x: f64) -> f64 {
        ComplexField::ln(x)
    }
    #[inline(always)]
    fn tanh(x: f64) -> f64 {
        ComplexField::tanh(x)
    }
    #[inline(always)]
    fn sigmoid(x: f64) -> f64 {
        1.0 / (1.0 + ComplexField::exp(-x))
    }
    /// Below 2.5 the series `2/sqrt(pi) e^(-x^2) (x + 2/3 x^3 + 4/15 x^5 + ..)`, whose terms are
    /// all of one sign; above, the continued fraction of the complement (Abramowitz and Stegun,
    /// formulas 7.1.6 and 7.1.14).
    fn erf(x: f64) -> f64 {
        let a = x.abs();
        let bell = ComplexField::exp(-x * x) * core::f64::consts::FRAC_2_SQRT_PI;
        let y = if a < 2.5 {
            let (mut term, mut sum) = (a, a);
            for n in 1..80 {
                term *= 2.0 * x * x / f64::from(2 * n + 1);
                sum += term;
            }
            bell * sum
        } else if a < 6.0 {
            let fraction = (1..=80).rev().fold(0.0, |tail, n| f64::from(n) / 2.0 / (a + tail));
            1.0 - bell / 2.0 / (a + fraction)
        } else if a >= 6.0 {
            1.0
        } else {
            a // not a number
        };
        y.copysign(x)
    }
    #[inline(always)]
    fn softplus(x: f64) -> f64 {
        ComplexField::ln_1p(ComplexField::exp(-x.abs())) + if x < 0.0 { 0.0 } else { x }
    }
    #[inline(always)]
    fn fused(a: f64, b: f64, c: f64) -> f64 {
        #[cfg(feature = "std")]
        return a.mul_add(b, c);
        #[cfg(not(feature = "std"))]
        return a * b + c;
    }
}
