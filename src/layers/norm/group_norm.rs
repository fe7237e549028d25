//! Group normalisation (Wu and He, 2018): the channels of each sample come in groups, each of which
//! is brought to mean 0 and variance 1 over its channels and pixels; then each channel is scaled and
//! shifted by what is learned.
//!
//! ```text
//! forward   n = (x - mean) / sqrt(var + eps)    y = weight n + bias
//! backward  dbias = sum of dy    dweight = sum of dy n    g = weight dy
//!           dx = (g - mean of g - n mean of g n) / sqrt(var + eps)
//! ```
//!
//! Shapes: any with channels that are a multiple of `Groups`, kept. `mean`, `var` (biased) and the
//! means in `dx` go over a group of one sample, the sums over samples and pixels. `weight` and
//! `bias` are `Channels`, or not there. eps is 1e-5 unless given. All as in PyTorch.

use super::{EPS, adds, inverse_deviation};
use crate::kernel::Real;
use crate::kernel::parallel::{Chunks, for_each_share};
use crate::layer::{
    Backward, Forward, Layer, Memory, Nonlinearity, Row, Rows, Tape, Value, zeroed,
};
use crate::layers::activation::value;
use crate::layers::switch::{given, switch};
use crate::shape::{Check, Dimension, Reborrow, Shape, columns_mut, features, pixels};
use alloc::boxed::Box;
use rand::Rng;
use typenum::{U1, U2};

/// About how many scalars a core gets through in a nanosecond.
const PER_NANOSECOND: usize = 2;

crate::layer! {
    /// Normalises each sample over groups of its channels: `GroupNorm<8>` makes 8 groups.
    ///
    /// `GroupNorm<1>` takes mean and variance of all features, as [`LayerNorm`](super::LayerNorm)
    /// does; as many groups as channels treat each map by itself (instance normalisation).
    ///
    /// 1e-5 is added to each variance lest it be zero, or what is given: `GroupNorm<8>(1e-6)`.
    ///
    /// Keyed argument: `affine` (1; 0 for neither weight nor bias).
    pub struct GroupNorm<Groups; affine: Affine = U1>(f64);
}

crate::params! {
    /// The parameters of [`GroupNorm`].
    pub struct GroupNormParams<Affine> {
        /// The standard deviation of what comes out; `Channels`, or nothing.
        pub weight: Row<T, Affine>,
        /// The mean of what comes out; `Channels`, or nothing.
        pub bias: Row<T, Affine>,
    }
}

crate::params! {
    /// What belongs to one sample, for each channel.
    struct Sample<Channels> {
        /// The mean of the channel's group.
        mean: Row<T, Channels>,
        /// The inverse of the group's deviation.
        inverse: Row<T, Channels>,
        /// Two sums over the pixels.
        sums: Rows<T, Channels, U2>,
        /// The group's mean of `g`.
        level: Row<T, Channels>,
        /// The group's mean of `g n`, by the deviation.
        slope: Row<T, Channels>,
    }
}

/// What the layer keeps of each sample of a batch, and what stands for weight and bias where there are
/// none.
pub struct GroupNormTape<Channels: Dimension, T: Real> {
    samples: Box<[Box<Sample<Channels, T>>]>,
    one: Box<Row<T, Channels>>,
    zero: Box<Row<T, Channels>>,
}

impl<Channels: Dimension, T: Real> Tape for GroupNormTape<Channels, T> {
    const MEMORY: Memory = Memory::per_column(6 * Channels::USIZE)
        .and(Memory::bytes_per_column(size_of::<usize>()))
        .and(Memory::fixed(2 * Channels::USIZE));
    // Each sample is a piece of memory, which may take a cache line more than it has scalars.
    const INFERENCE: Memory = Memory::per_column(6 * Channels::USIZE + 16)
        .and(Memory::bytes_per_column(size_of::<usize>()))
        .and(Memory::fixed(Channels::USIZE))
        .and(Memory::fixed(Channels::USIZE));

    fn new(columns: usize, _: usize, _: bool) -> Self {
        let (mut one, zero) = (zeroed::<T, Row<T, Channels>>(), zeroed());
        one.fill(T::ONE);
        Self { samples: (0..columns).map(|_| zeroed()).collect(), one, zero }
    }
}

// Functions and not closures, which would be others, with loops of their own, for each shape.

#[inline(always)]
fn normalised<T: Real>(x: T, _: T, [mean, inverse, w, b]: [T; 4]) -> T {
    w * ((x - mean) * inverse) + b
}

/// `dx = (g - level - slope (x - mean)) / deviation`
#[inline(always)]
fn gradient_by_input<T: Real>(x: T, dy: T, [mean, inverse, w, level, slope]: [T; 5]) -> T {
    inverse * (w * dy - level - slope * (x - mean))
}

/// Sums over the channels and pixels of a group. Its channels may be many and of one pixel each: in
/// double precision their sum is good enough to be corrected.
fn total<T: Real>(sums: impl Iterator<Item = [T; 2]>) -> [T; 2] {
    let add = |[a, b]: [f64; 2], [c, d]: [T; 2]| [a + c.to_f64(), b + d.to_f64()];
    sums.fold([0.0; 2], add).map(T::of)
}

impl<Groups, Affine, V: Value<f64>> GroupNorm<Groups, Affine, V> {
    const EPS: f64 = value::<V>(EPS);
}

impl<In, Groups, Affine, V> Layer<In> for GroupNorm<Groups, Affine, V>
where
    In: Shape,
    Groups: Dimension,
    Affine: Dimension,
    V: Value<f64> + 'static,
{
    type Out = In;
    crate::keeps! {
        params: GroupNormParams<<In::Channels as Dimension>::Times<Affine>, T>,
        tape: GroupNormTape<In::Channels, T>,
    }

    const CHECK: Check = Check::require(
        In::DIMS[0].is_multiple_of(Groups::USIZE),
        "{} channels do not come in {} equal groups",
    )
    .number(In::DIMS[0])
    .number(Groups::USIZE)
    .and(adds("GroupNorm", Self::EPS, V::TEXT))
    .and(switch("affine", Affine::USIZE, ["weight and bias", "none"]));
    const OPERATIONS: usize = 12 * In::SIZE;
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;

    fn init<T: Real>(params: &mut Self::Params<T>, _: &mut (), _: Nonlinearity, _: &mut dyn Rng) {
        params.weight.fill(T::ONE);
    }

    fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
        let Forward { params, tape, x, mut y, .. } = pass;
        let GroupNormTape { samples, one, zero } = tape;
        let weight = given(&params.weight).unwrap_or(one);
        let bias = given(&params.bias).unwrap_or(zero);
        let (group, count) = (In::DIMS[0] / Groups::USIZE, In::SIZE / Groups::USIZE);
        let (n, cost, area) = (x.ncols(), x.len() / PER_NANOSECOND, In::DIMS[1] * In::DIMS[2]);
        let x = pixels::<In, T>(&x);
        let shares = (Chunks(y.as_mut_slice(), In::SIZE), Chunks(&mut samples[..n], 1));
        for_each_share(n, cost, shares, |i, (y, sample)| {
            let x = x.columns(i * area, area);
            let Sample { mean, inverse, sums, .. } = &mut *sample[0];
            mean.fill(T::ZERO);
            // First about zero, then about the mean that this gives, to correct it.
            for _ in 0..2 {
                features::sums(sums, &x, &x, mean, super::deviations);
                let channels = mean.chunks_exact_mut(group).zip(inverse.chunks_exact_mut(group));
                for ((mean, inverse), sums) in channels.zip(sums.chunks_exact(group)) {
                    let sums = total(sums.iter().map(|sums| [sums[0], sums[1]]));
                    let [about, var] = super::moments(mean[0], sums, count);
                    mean.fill(about);
                    inverse.fill(inverse_deviation(var, Self::EPS));
                }
            }
            features::apply(&mut columns_mut(y), &x, &x, [mean, inverse, weight, bias], normalised);
        });
    }

    fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
        let Backward { params, gradient, tape, x, dy, dx, cx, .. } = pass;
        let (group, count) = (In::DIMS[0] / Groups::USIZE, In::SIZE / Groups::USIZE);
        let (n, cost, area) = (x.ncols(), x.len() / PER_NANOSECOND, In::DIMS[1] * In::DIMS[2]);
        let (x, dy) = (pixels::<In, T>(&x), pixels::<In, T>(&dy.read()));
        let GroupNormTape { samples, one, .. } = tape;
        let (weight, samples) = (given(&params.weight).unwrap_or(one), &mut samples[..n]);
        for_each_share(n, cost, Chunks(&mut *samples, 1), |i, sample| {
            let (x, dy) = (x.columns(i * area, area), dy.columns(i * area, area));
            let Sample { mean, inverse, sums, level, slope } = &mut *sample[0];
            features::sums(sums, &x, &dy, mean, super::gradients);
            let n = T::of(count as f64);
            for first in (0..In::DIMS[0]).step_by(group) {
                let channels = first..first + group;
                let [sum, weighted] = total(channels.clone().map(|c| {
                    let w = weight[c];
                    [w * sums[c][0], w * sums[c][1]]
                }));
                level[channels.clone()].fill(sum / n);
                slope[channels].fill(weighted / n * inverse[first] * inverse[first]);
            }
        });

        cx.start(gradient);
        let samples = &*samples;
        for sample in samples {
            for (f, sums) in sample.sums.iter().enumerate() {
                if Affine::USIZE > 0 {
                    gradient.bias[f] += sums[0];
                    gradient.weight[f] += sums[1] * sample.inverse[f];
                }
            }
        }

        let Some(mut dx) = dx else { return };
        for_each_share(n, cost, Chunks(dx.as_mut_slice(), In::SIZE), |i, dx| {
            let Sample { mean, inverse, level, slope, .. } = &*samples[i];
            features::apply(
                &mut columns_mut(dx),
                &x.columns(i * area, area),
                &dy.columns(i * area, area),
                [mean, inverse, weight, level, slope],
                gradient_by_input,
            );
        });
    }
}
