//! The two functions that gates are made of.
//!
//! In `f32` the hyperbolic tangent is a quotient of polynomials, which takes half the time of
//! [`math::tanh`] and is off by less than 5e-7 (a test walks a dense grid); the logistic function
//! follows from it. In `f64` both are exact.

use crate::kernel::{Real, dispatch::Isa, math, real::sealed::Elementary};

/// Beyond, the hyperbolic tangent is 1 to the last bit but one.
pub const LIMIT: f64 = 7.9;

/// The coefficients of the odd powers of `x` above the line, from the 13th down: those that Eigen,
/// a library of linear algebra, uses.
pub const P: [f64; 7] = [
    -2.760_768_477_423_55e-16,
    2.000_187_904_824_77e-13,
    -8.604_671_522_137_35e-11,
    5.122_297_090_371_14e-8,
    1.485_722_357_179_79e-5,
    6.372_619_288_754_36e-4,
    4.893_524_558_917_86e-3,
];

/// The coefficients of the even powers of `x` below the line, from the 6th down.
pub const Q: [f64; 4] = [
    1.198_258_394_667_02e-6,
    1.185_347_056_866_54e-4,
    2.268_434_632_439e-3,
    4.893_525_185_543_85e-3,
];

/// The hyperbolic tangent. Not-a-number stays what it is.
#[inline(always)]
pub fn tanh<T: Real, I: Isa>(x: T) -> T {
    if size_of::<T>() > 4 {
        return math::tanh(x);
    }
    let limit = T::of(LIMIT);
    let x = if x > limit { limit } else { x };
    let x = if x < -limit { -limit } else { x };
    let z = x * x;
    let p = P[1..].iter().fold(T::of(P[0]), |p, &c| mul_add::<T, I>(p, z, T::of(c)));
    let q = Q[1..].iter().fold(T::of(Q[0]), |q, &c| mul_add::<T, I>(q, z, T::of(c)));
    x * p / q
}

/// The logistic function `1 / (1 + e^-x) = (1 + tanh(x / 2)) / 2`.
#[inline(always)]
pub fn sigmoid<T: Real, I: Isa>(x: T) -> T {
    if size_of::<T>() > 4 {
        return math::sigmoid(x);
    }
    let half = T::of(0.5);
    mul_add::<T, I>(half, tanh::<T, I>(half * x), half)
}

/// `a b + c`, in one operation where the instruction set has it.
#[inline(always)]
fn mul_add<T: Real, I: Isa>(a: T, b: T, c: T) -> T {
    if I::FUSED { Elementary::fused(a, b, c) } else { a * b + c }
}
