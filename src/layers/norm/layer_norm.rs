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
//! image in the order channels, height, width, and as tensors its dimensions. eps is 1e-5. All as in PyTorch. Works in place.

use crate::kernel::{Buffer, Real, elementwise, parallel, reduce};
use crate::layer::{Backward, Forward, Layer, Map, Memory, Nonlinearity, Rows, Tape, zeroed};
use crate::shape::{Shape, columns, differs, features, to_channels_last};
use alloc::boxed::Box;
use rand::Rng;
use typenum::U2;

/// What keeps a variance of zero from being divided by.
const EPS: f64 = 1e-5;
/// About how many scalars a core gets through in a nanosecond.
const PER_NANOSECOND: usize = 2;

crate::layer! {
    /// Normalises each sample over all of its features.
    pub struct LayerNorm;
}

crate::params! {
    /// The parameters of [`LayerNorm`].
    pub struct LayerNormParams<Features, Channels, Height, Width> {
        /// `Features`, of an image `Channels x Height x Width`.
        pub weight: Map<T, Features, Channels, Height, Width>,
        /// As `weight`.
        pub bias: Map<T, Features, Channels, Height, Width>,
    }
}

/// The parameters after a shape.
type Params<In, T> = LayerNormParams<
    <In as Shape>::Features,
    <In as Shape>::Channels,
    <In as Shape>::Height,
    <In as Shape>::Width,
    T,
>;

/// What the layer keeps of a batch.
pub struct LayerNormTape<In: Shape, T: Real> {
    /// The input, normalised, in training.
    normalised: Buffer<T>,
    /// Mean and inverse deviation of each sample.
    moments: Buffer<T>,
    /// Two sums for each feature.
    sums: Box<Rows<T, In::Features, U2>>,
    /// Weight and bias with the channels innermost, where that is another order.
    turned: Option<Box<Params<In, T>>>,
}

impl<In: Shape, T: Real> Tape for LayerNormTape<In, T> {
    const MEMORY: Memory = Memory::per_column(In::SIZE + 2)
        .and(Memory::fixed(if differs::<In>() { 4 * In::SIZE } else { 2 * In::SIZE }));

    fn new(columns: usize, _: usize, training: bool) -> Self {
        Self {
            normalised: Buffer::zeroed(if training { In::SIZE * columns } else { 0 }),
            moments: Buffer::zeroed(2 * columns),
            sums: zeroed(),
            turned: differs::<In>().then(zeroed),
        }
    }
}

impl<In: Shape> Layer<In> for LayerNorm {
    type Out = In;
    crate::keeps! { params: Params<In, T>, tape: LayerNormTape<In, T> }

    const OPERATIONS: usize = 9 * In::SIZE;
    const IN_PLACE: bool = true;
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;

    fn init<T: Real>(params: &mut Self::Params<T>, _: &mut (), _: Nonlinearity, _: &mut dyn Rng) {
        params.weight.fill(T::ONE);
    }

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { params, tape, mut y, cx, .. } = pass;
        let LayerNormParams { weight, bias } = match &mut tape.turned {
            Some(turned) => {
                to_channels_last::<In, T>(&mut turned.weight, &params.weight);
                to_channels_last::<In, T>(&mut turned.bias, &params.bias);
                turned
            }
            None => params,
        };
        let (count, y) = (y.ncols(), y.as_mut_slice());
        let moments = &mut tape.moments.as_chunks_mut().0[..count];
        take_moments(moments, y, In::SIZE);
        if cx.is_training() {
            normalise(&mut tape.normalised[..y.len()], y, moments, In::SIZE);
        }
        scale(y, moments, weight, bias);
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { params, gradient, tape, mut dy, cx, .. } = pass;
        let LayerNormParams { weight, .. } = tape.turned.as_deref().unwrap_or(params);
        let normalised = columns(&tape.normalised[..dy.len()]);
        features::sums(&mut tape.sums, &normalised, &dy, weight, gradients);
        cx.start(gradient);
        let [channels, height, width] = In::DIMS;
        for (f, sums) in tape.sums.iter().enumerate() {
            let first = f % channels * height * width + f / channels;
            gradient.bias[first] += sums[0];
            gradient.weight[first] += sums[1];
        }

        let (moments, _) = tape.moments.as_chunks();
        gradient_by_input(dy.as_mut_slice(), normalised.as_slice(), moments, weight);
    }
}

// Not generic in the shape, so that their loops are compiled once and not for each.

/// Mean and inverse deviation of each sample of `size` values.
fn take_moments<T: Real>(moments: &mut [[T; 2]], x: &[T], size: usize) {
    let (cost, n) = (x.len() / PER_NANOSECOND, T::of(size as f64));
    parallel::for_each_chunk(moments, 1, cost, |sample, moments| {
        let x = &x[sample * size..][..size];
        let c = reduce::sum(x) / n;
        let sums = [reduce::sum_of(x, |x| x - c), reduce::sum_of(x, |x| (x - c) * (x - c))];
        let [mean, var] = super::moments(c, sums, size);
        moments[0] = [mean, T::ONE / (var + T::of(EPS)).sqrt()];
    });
}

fn normalise<T: Real>(normalised: &mut [T], x: &[T], moments: &[[T; 2]], size: usize) {
    let cost = x.len() / PER_NANOSECOND;
    parallel::for_each_chunk(normalised, size, cost, |sample, normalised| {
        let (x, [mean, inverse]) = (&x[sample * size..][..size], moments[sample]);
        elementwise::map_into(normalised, x, |x| (x - mean) * inverse);
    });
}

fn scale<T: Real>(y: &mut [T], moments: &[[T; 2]], weight: &[T], bias: &[T]) {
    let cost = y.len() / PER_NANOSECOND;
    parallel::for_each_chunk(y, weight.len(), cost, |sample, y| {
        let [mean, inverse] = moments[sample];
        elementwise::zip2(y, weight, bias, |y, w, b| w * ((y - mean) * inverse) + b);
    });
}

/// Makes `dx` of `dy`.
fn gradient_by_input<T: Real>(dy: &mut [T], normalised: &[T], moments: &[[T; 2]], weight: &[T]) {
    let size = weight.len();
    let (cost, n) = (dy.len() / PER_NANOSECOND, T::of(size as f64));
    parallel::for_each_chunk(dy, size, cost, |sample, dy| {
        let (normalised, [_, inverse]) = (&normalised[sample * size..][..size], moments[sample]);
        elementwise::zip(dy, weight, |dy, w| dy * w);
        let mean = reduce::sum(dy) / n;
        let weighted = reduce::dot(dy, normalised) / n;
        elementwise::zip(dy, normalised, |g, n| inverse * (g - mean - n * weighted));
    });
}

#[inline(always)]
fn gradients<T: Real>(normalised: T, dy: T, _: T) -> [T; 2] {
    [dy, dy * normalised]
}
