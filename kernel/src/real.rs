//! The scalar types of the library, and what is compiled of the kernels for each.

use super::{
    conv::{correlate::Correlation, weights::WeightGradient},
    gemm::{self, product::Product},
    recurrent,
    scalar::Scalar,
};

/// A [`Scalar`] that networks compute in: `f32`, or `f64` for gradient checks.
///
/// The code of products, convolutions and recurrent steps is compiled here, not where it is used.
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
pub trait Real: Scalar {
    /// Computes a product.
    #[doc(hidden)]
    fn product(product: &Product<Self>);
    /// Computes a correlation.
    #[doc(hidden)]
    fn correlate(correlation: Correlation<Self>);
    /// Computes a weight gradient.
    #[doc(hidden)]
    fn weight_gradient(gradient: WeightGradient<Self>);
    /// Computes a product with a packed matrix.
    #[doc(hidden)]
    fn recurrent(job: recurrent::Job<Self>);
}

macro_rules! real {
    ($t:ty) => {
        impl Real for $t {
            fn product(product: &Product<Self>) {
                gemm::compute(product);
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
    };
}
real!(f32);
real!(f64);
