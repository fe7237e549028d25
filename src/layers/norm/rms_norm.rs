//! Normalisation by the root mean square (Zhang and Sennrich, 2019): each sample is brought to a mean
//! square of 1 over its features, then each feature scaled by what is learned.
//!
//! ```text
//! forward   n = x / sqrt(mean of x^2 + eps)    y = weight n
//! backward  dweight = sum of dy n    g = weight dy
//!           dx = (g - n mean of g n) / sqrt(mean of x^2 + eps)
//! ```
//!
//! Shapes: any, kept. The means go over all features of a sample, the sum over the samples. `weight`
//! has an entry for each feature, of an image in the order channels, height, width, and as a tensor its
//! dimensions; or it is not there. eps is the scalar's epsilon (1.2e-7 in `f32`) unless given. All as in PyTorch. Works in place.

use super::{SampleTape, adds, sample};
use crate::kernel::Real;
use crate::layer::{Backward, Forward, Layer, Map, Nonlinearity, Value};
use crate::layers::switch::{given, switch};
use crate::shape::{Check, Dimension, Shape};
use rand::Rng;
use typenum::U1;

crate::layer! {
    /// Divides each sample by the root of the mean square of its features: a
    /// [`LayerNorm`](super::LayerNorm) that leaves the mean as it is.
    ///
    /// `RmsNorm`, which adds the scalar's epsilon (1.2e-7 in `f32`) to each mean square lest it be
    /// zero, or `RmsNorm(1e-6)`.
    ///
    /// Keyed argument: `affine` (1; 0 for no weight).
    pub struct RmsNorm<; affine: Affine = U1>(f64);
}

crate::params! {
    /// The parameters of [`RmsNorm`].
    pub struct RmsNormParams<Weights, Channels, Height, Width> {
        /// `Features`, of an image `Channels x Height x Width`; or nothing.
        pub weight: Map<T, Weights, Channels, Height, Width>,
    }
}

impl<Affine, V: Value<f64>> RmsNorm<Affine, V> {
    const fn eps<T: Real>() -> f64 {
        match V::VALUE {
            Some(eps) => eps,
            None if size_of::<T>() == size_of::<f32>() => f32::EPSILON as f64,
            None => f64::EPSILON,
        }
    }
}

impl<In: Shape, Affine: Dimension, V: Value<f64> + 'static> Layer<In> for RmsNorm<Affine, V> {
    type Out = In;
    crate::keeps! {
        params: RmsNormParams<
            <In::Features as Dimension>::Times<Affine>, In::Channels, In::Height, In::Width, T
        >,
        tape: SampleTape<In, T>,
    }

    const CHECK: Check = adds("RmsNorm", Self::eps::<f32>(), V::TEXT).and(switch(
        "affine",
        Affine::USIZE,
        ["a weight", "none"],
    ));
    const OPERATIONS: usize = 6 * In::SIZE;
    const IN_PLACE: bool = true;
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;

    fn init<T: Real>(params: &mut Self::Params<T>, _: &mut (), _: Nonlinearity, _: &mut dyn Rng) {
        params.weight.fill(T::ONE);
    }

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { params, tape, y, cx, .. } = pass;
        let affine = [given(&params.weight), None];
        sample::forward::<false, In, T>(y, affine, Self::eps::<T>(), tape, &cx);
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { params, gradient, tape, dy, cx, .. } = pass;
        cx.start(gradient);
        let affine = [gradient.weight.as_mut_slice(), &mut []];
        sample::backward::<false, In, T>(dy, given(&params.weight), affine, tape);
    }
}
