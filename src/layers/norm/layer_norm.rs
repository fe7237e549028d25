//! Layer normalisation (Ba, Kiros and Hinton, 2016): each sample is brought to mean 0 and variance
//! 1 over its features, then each feature scaled and shifted by what is learned.
//!
//! ```text
//! forward   n = (x - mean) / sqrt(var + eps)    y = weight n + bias
//! backward  dbias = sum of dy    dweight = sum of dy n    g = weight dy
//!           dx = (g - mean of g - n mean of g n) / sqrt(var + eps)
//! ```
//!
//! Shapes: any, kept. `mean`, `var` (biased) and the means in `dx` go over all features of a
//! sample, the sums over the samples. `weight` and `bias` have an entry for each feature, of an
//! image in the order channels, height, width, and as tensors its dimensions; or they are not there.
//! eps is 1e-5 unless given. All as in PyTorch. Works in place.

use super::{EPS, SampleTape, adds, sample};
use crate::kernel::Real;
use crate::layer::{Backward, Forward, Layer, Map, Nonlinearity, Value};
use crate::layers::activation::value;
use crate::layers::switch::{given, switch};
use crate::shape::{Check, Dimension, Shape};
use rand::Rng;
use typenum::U1;

crate::layer! {
    /// Normalises each sample over all of its features.
    ///
    /// `LayerNorm`, which adds 1e-5 to each variance lest it be zero, or `LayerNorm(1e-6)`.
    ///
    /// Keyed arguments: `affine` (1; 0 for neither weight nor bias) and `bias` (1; 0 for a weight
    /// alone).
    ///
    /// ```
    /// use formwork::prelude::*;
    ///
    /// network! {
    ///     struct Scaled: Vector<8> => Vector<8> { LayerNorm<bias = 0>, fc: Dense<8>, LayerNorm<affine = 0> }
    /// }
    /// assert_eq!(Scaled::PARAMETERS, 8 + 8 * 8 + 8);
    /// ```
    pub struct LayerNorm<; affine: Affine = U1, bias: Bias = U1>(f64);
}

crate::params! {
    /// The parameters of [`LayerNorm`].
    pub struct LayerNormParams<Weights, Biases, Channels, Height, Width> {
        /// `Features`, of an image `Channels x Height x Width`; or nothing.
        pub weight: Map<T, Weights, Channels, Height, Width>,
        /// As `weight`, or nothing.
        pub bias: Map<T, Biases, Channels, Height, Width>,
    }
}

impl<Affine, Bias, V: Value<f64>> LayerNorm<Affine, Bias, V> {
    const EPS: f64 = value::<V>(EPS);
}

/// The number of weights.
type Weights<In, Affine> = <<In as Shape>::Features as Dimension>::Times<Affine>;
/// The number of biases.
type Biases<In, Affine, Bias> = <Weights<In, Affine> as Dimension>::Times<Bias>;

impl<In, Affine, Bias, V> Layer<In> for LayerNorm<Affine, Bias, V>
where
    In: Shape,
    Affine: Dimension,
    Bias: Dimension,
    V: Value<f64> + 'static,
{
    type Out = In;
    crate::keeps! {
        params: LayerNormParams<
            Weights<In, Affine>, Biases<In, Affine, Bias>, In::Channels, In::Height, In::Width, T
        >,
        tape: SampleTape<In, T>,
    }

    const CHECK: Check = adds("LayerNorm", Self::EPS, V::TEXT)
        .and(switch("affine", Affine::USIZE, ["weight and bias", "none"]))
        .and(switch("bias", Bias::USIZE, ["a bias", "none"]));
    const OPERATIONS: usize = 9 * In::SIZE;
    const IN_PLACE: bool = true;
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;

    fn init<T: Real>(params: &mut Self::Params<T>, _: &mut (), _: Nonlinearity, _: &mut dyn Rng) {
        params.weight.fill(T::ONE);
    }

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { params, tape, y, cx, .. } = pass;
        let affine = [given(&params.weight), given(&params.bias)];
        sample::forward::<true, In, T>(y, affine, Self::EPS, tape, &cx);
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { params, gradient, tape, dy, cx, .. } = pass;
        cx.start(gradient);
        let affine = [gradient.weight.as_mut_slice(), gradient.bias.as_mut_slice()];
        sample::backward::<true, In, T>(dy, given(&params.weight), affine, tape);
    }
}
