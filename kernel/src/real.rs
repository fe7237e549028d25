//! The scalar types of the library.

use super::{
    conv::{Correlation, WeightGradient},
    dispatch::Isa,
    gemm::Product,
    recurrent,
    vector::{Lanes, Vector},
};
use simba::scalar::RealField;

/// A floating-point type that networks compute in: `f32`, or `f64` for gradient checks.
///
/// Arithmetic, comparisons and constants come from [`simba::scalar::RealField`]. Elementary functions
/// that compile to vector code are in [`math`](super::math): prefer `math::tanh(x)` to `x.tanh()`.
///
/// The trait is sealed: kernels are written for exactly these two types.
///
/// ```
/// use formwork_kernel::Real;
///
/// fn mean<T: Real>(x: &[T]) -> T {
///     let sum = x.iter().fold(T::ZERO, |sum, &v| sum + v);
///     sum / T::of(x.len() as f64)
/// }
/// assert_eq!(mean(&[1.0_f32, 2.0, 6.0]), 3.0);
/// ```
pub trait Real:
    RealField + Copy + Default + Into<f64> + Send + Sync + sealed::Elementary + 'static
{
    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;
    /// The distance from 1 to the next larger number.
    const EPSILON: Self;

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

    /// Computes a product: the code of all products is compiled here, not where they are used.
    #[doc(hidden)]
    fn product(product: Product<Self>);
    /// Computes a correlation, likewise.
    #[doc(hidden)]
    fn correlate(correlation: Correlation<Self>);
    /// Computes a weight gradient, likewise.
    #[doc(hidden)]
    fn weight_gradient(gradient: WeightGradient<Self>);
    /// Computes a product with a packed matrix, likewise.
    #[doc(hidden)]
    fn recurrent(job: recurrent::Job<Self>);
}

impl Real for f32 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;
    const EPSILON: Self = f32::EPSILON;
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

    fn product(product: Product<Self>) {
        product.compute();
    }
    fn correlate(correlation: Correlation<Self>) {
        correlation.compute();
    }
    fn weight_gradient(gradient: WeightGradient<Self>) {
        gradient.compute();
    }
    fn recurrent(job: recurrent::Job<Self>) {
        job.compute();
    }
}

impl Real for f64 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;
    const EPSILON: Self = f64::EPSILON;
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

    fn product(product: Product<Self>) {
        product.compute();
    }
    fn correlate(correlation: Correlation<Self>) {
        correlation.compute();
    }
    fn weight_gradient(gradient: WeightGradient<Self>) {
        gradient.compute();
    }
    fn recurrent(job: recurrent::Job<Self>) {
        job.compute();
    }
}

/// Portable vectors of either scalar.
pub(crate) type PortableF32 = Lanes<f32, 4>;
/// See [`PortableF32`].
pub(crate) type PortableF64 = Lanes<f64, 4>;

pub(crate) mod sealed {
    /// The elementary functions, implemented per scalar in `kernel::math`.
    pub trait Elementary {
        fn exp<I: super::Isa>(x: Self) -> Self;
        fn ln<I: super::Isa>(x: Self) -> Self;
        fn tanh<I: super::Isa>(x: Self) -> Self;
        fn sigmoid<I: super::Isa>(x: Self) -> Self;
        fn erf<I: super::Isa>(x: Self) -> Self;
        fn softplus<I: super::Isa>(x: Self) -> Self;
    }
}
