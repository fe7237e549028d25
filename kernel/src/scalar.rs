//! The scalar types that kernels compute in.

use super::{
    dispatch::{Elementary, Isa},
    matvec::MOST,
    vector::Vector,
};
use simba::scalar::RealField;

/// A floating-point type that kernels are written for: `f32` or `f64`.
///
/// Arithmetic and comparisons come from [`simba::scalar::RealField`]. Elementary functions that
/// compile to vector code are in [`math`](super::math): prefer `math::tanh(x)` to `x.tanh()`.
/// Layers are written for a [`Real`](super::Real), which is a scalar of which all kernels are
/// compiled.
///
/// The trait is sealed: kernels are written for exactly these two types.
pub trait Scalar:
    RealField + Copy + Default + Into<f64> + Send + Sync + Elementary + 'static
{
    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;
    /// The distance from 1 to the next larger number.
    const EPSILON: Self;

    /// As many zeros as a small matrix can have rows.
    #[doc(hidden)]
    const ZEROS: &'static [Self];

    /// Whether products are compiled for AVX-512, too.
    #[doc(hidden)]
    const AVX512: bool;

    /// The nearest number of this type.
    fn of(x: f64) -> Self;
    /// The same number in double precision.
    fn to_f64(self) -> f64;

    /// The vector of this scalar in the instruction set `I`.
    #[doc(hidden)]
    type Vector<I: Isa>: Vector<Elem = Self>;
    /// That of at most eight, which is narrower than the other where that has more.
    #[doc(hidden)]
    type Narrow<I: Isa>: Vector<Elem = Self>;
}

impl Scalar for f32 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;
    const EPSILON: Self = f32::EPSILON;
    const ZEROS: &'static [Self] = &[0.0; MOST];
    const AVX512: bool = true;

    #[inline(always)]
    fn of(x: f64) -> Self {
        x as f32
    }
    #[inline(always)]
    fn to_f64(self) -> f64 {
        f64::from(self)
    }

    type Vector<I: Isa> = I::F32;
    type Narrow<I: Isa> = I::Narrow;
}

impl Scalar for f64 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;
    const EPSILON: Self = f64::EPSILON;
    const ZEROS: &'static [Self] = &[0.0; MOST];
    // It serves the checks of gradients, and they can wait.
    const AVX512: bool = false;

    #[inline(always)]
    fn of(x: f64) -> Self {
        x
    }
    #[inline(always)]
    fn to_f64(self) -> f64 {
        self
    }

    type Vector<I: Isa> = I::F64;
    type Narrow<I: Isa> = I::F64;
}
