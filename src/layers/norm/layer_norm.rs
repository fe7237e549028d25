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
//! image in the order channels, height, width. eps is 1e-5. All as in PyTorch. Works in place.

use crate::check::Check;
use crate::kernel::{Buffer, Real, elementwise, features, parallel, reduce};
use crate::layer::{Backward, Context, Layer, Nonlinearity};
use crate::memory::{Memory, Tape, differs, to_channels_last};
use crate::plain::Row;
use crate::shape::{Columns, ColumnsMut, Shape};
use core::marker::PhantomData;
use rand::Rng;

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
    pub struct LayerNormParams<Features> {
        /// `Features`.
        pub weight: Row<T, Features>,
        /// `Features`.
        pub bias: Row<T, Features>,
    }
}

/// What the layer keeps of a batch.
pub struct LayerNormTape<In, T> {
    /// The input, normalised, in training.
    normalised: Buffer<T>,
    /// Mean and inverse deviation of each sample.
    moments: Buffer<T>,
    /// Two sums for each feature, in training.
    sums: Buffer<T>,
    /// Weight and bias with the channels innermost, where that is another order.
    weight: Buffer<T>,
    bias: Buffer<T>,
    shape: PhantomData<In>,
}

impl<In: Shape, T: Real> Tape for LayerNormTape<In, T> {
    const MEMORY: Memory = Memory::per_column(In::SIZE + 2)
        .and(Memory::fixed(2 * In::SIZE + if differs::<In>() { 2 * In::SIZE } else { 0 }));

    fn new(columns: usize, _: usize, training: bool) -> Self {
        let row = |wanted, len| Buffer::zeroed(if wanted { len } else { 0 });
        Self {
            normalised: row(training, In::SIZE * columns),
            moments: Buffer::zeroed(2 * columns),
            sums: row(training, 2 * In::SIZE),
            weight: row(differs::<In>(), In::SIZE),
            bias: row(differs::<In>(), In::SIZE),
            shape: PhantomData,
        }
    }
}

impl<In: Shape> Layer<In> for LayerNorm {
    type Out = In;
    type Params<T: Real> = LayerNormParams<In::Features, T>;
    type Stats<T: Real> = ();
    type State<T: Real> = ();
    type Tape<T: Real> = LayerNormTape<In, T>;

    const CHECK: Check = Check::require(
        In::NUMERIC,
        "LayerNorm takes numbers, but is given token ids: embed them first",
    );
    const OPERATIONS: usize = 7 * In::SIZE;
    const IN_PLACE: bool = true;
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;

    fn init<T: Real>(params: &mut Self::Params<T>, _: &mut (), _: Nonlinearity, _: &mut dyn Rng) {
        params.weight.fill(T::ONE);
    }

    fn forward<T: Real>(
        params: &Self::Params<T>,
        _: &(),
        _: &mut (),
        _: Columns<'_, In, T>,
        mut y: ColumnsMut<'_, In, T>,
        tape: &mut Self::Tape<T>,
        cx: &mut Context<'_, T>,
    ) {
        if differs::<In>() {
            to_channels_last::<In, T>(&mut tape.weight, &params.weight);
            to_channels_last::<In, T>(&mut tape.bias, &params.bias);
        }
        let (weight, bias) = if differs::<In>() {
            (&*tape.weight, &*tape.bias)
        } else {
            (&*params.weight, &*params.bias)
        };
        let y = y.as_mut_slice();
        let (size, cost, n) = (In::SIZE, y.len() / PER_NANOSECOND, T::of(In::SIZE as f64));
        let moments = &mut tape.moments[..2 * (y.len() / size)];
        parallel::for_each_chunk(moments, 2, cost, |sample, moments| {
            let x = &y[sample * size..][..size];
            let mean = reduce::sum(x) / n;
            let var = reduce::sum_of(x, |x| (x - mean) * (x - mean)) / n;
            moments[0] = mean;
            moments[1] = T::ONE / (var + T::of(EPS)).sqrt();
        });
        let moments = &*moments;
        if cx.is_training() {
            let normalised = &mut tape.normalised[..y.len()];
            parallel::for_each_chunk(normalised, size, cost, |sample, normalised| {
                let (x, [mean, inverse]) = (&y[sample * size..][..size], of(moments, sample));
                elementwise::map_into(normalised, x, |x| (x - mean) * inverse);
            });
        }
        parallel::for_each_chunk(y, size, cost, |sample, y| {
            let [mean, inverse] = of(moments, sample);
            elementwise::zip2(y, weight, bias, |y, w, b| w * ((y - mean) * inverse) + b);
        });
    }

    fn backward<T: Real>(
        params: &Self::Params<T>,
        gradient: &mut Self::Params<T>,
        mut pass: Backward<'_, In, In, T>,
        tape: &mut Self::Tape<T>,
        cx: &mut Context<'_, T>,
    ) {
        let dy = pass.dy.as_mut_slice();
        let normalised = &tape.normalised[..dy.len()];
        if !cx.accumulate {
            gradient.weight.fill(T::ZERO);
            gradient.bias.fill(T::ZERO);
        }
        let (sums, _) = tape.sums.as_chunks_mut();
        let weight = if differs::<In>() { &*tape.weight } else { &*params.weight };
        features::sums(sums, normalised, dy, weight, |n, dy, _| [dy, dy * n]);
        let [channels, height, width] = In::DIMS;
        for (f, &mut [sum, weighted]) in sums.iter_mut().enumerate() {
            let first = f % channels * height * width + f / channels;
            gradient.bias[first] += sum;
            gradient.weight[first] += weighted;
        }

        let (size, cost, n) = (In::SIZE, dy.len() / PER_NANOSECOND, T::of(In::SIZE as f64));
        parallel::for_each_chunk(dy, size, cost, |sample, dy| {
            let (normalised, [_, inverse]) =
                (&normalised[sample * size..][..size], of(&tape.moments, sample));
            elementwise::zip(dy, weight, |dy, w| dy * w);
            let mean = reduce::sum(dy) / n;
            let weighted = reduce::dot(dy, normalised) / n;
            elementwise::zip(dy, normalised, |g, n| inverse * (g - mean - n * weighted));
        });
    }
}

/// The moments of a sample.
fn of<T: Real>(moments: &[T], sample: usize) -> [T; 2] {
    [moments[2 * sample], moments[2 * sample + 1]]
}
