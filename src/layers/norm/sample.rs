//! Normalisation of each sample over all of its features: what is [`LayerNorm`](super::LayerNorm)
//! about the mean of the sample, `CENTRED`, and [`RmsNorm`](super::RmsNorm) about zero.

use super::inverse_deviation;
use crate::kernel::{Buffer, Real, elementwise, parallel, reduce};
use crate::layer::{Context, Memory, Row, Rows, Tape, zeroed};
use crate::shape::{ColumnsMut, Shape, columns, differs, features, to_channels_last};
use alloc::boxed::Box;
use typenum::U2;

/// About how many scalars a core gets through in a nanosecond.
const PER_NANOSECOND: usize = 2;

/// What such a layer keeps of a batch.
pub struct SampleTape<In: Shape, T: Real> {
    /// The input, normalised, in training.
    normalised: Buffer<T>,
    /// Mean and inverse deviation of each sample.
    moments: Buffer<T>,
    /// Two sums for each feature.
    sums: Box<Rows<T, In::Features, U2>>,
    /// Weight and bias with the channels innermost, where that is another order.
    turned: [Option<Turned<In, T>>; 2],
}

/// A weight or a bias in another order.
type Turned<In, T> = Box<Row<T, <In as Shape>::Features>>;

impl<In: Shape, T: Real> Tape for SampleTape<In, T> {
    const MEMORY: Memory = Memory::per_column(In::SIZE + 2)
        .and(Memory::fixed(if differs::<In>() { 4 * In::SIZE } else { 2 * In::SIZE }));
    const INFERENCE: Memory = {
        let turned = Memory::fixed(if differs::<In>() { In::SIZE } else { 0 });
        Memory::per_column(2).and(Memory::fixed(2 * In::SIZE)).and(turned).and(turned)
    };

    fn new(columns: usize, _: usize, training: bool) -> Self {
        Self {
            normalised: Buffer::zeroed(if training { In::SIZE * columns } else { 0 }),
            moments: Buffer::zeroed(2 * columns),
            sums: zeroed(),
            turned: [(); 2].map(|()| differs::<In>().then(zeroed)),
        }
    }
}

/// A weight or a bias.
type Each<'a, In, T> = &'a Row<T, <In as Shape>::Features>;

/// `y = weight n + bias` in the place of `x`, with what there is of weight and bias.
pub(super) fn forward<const CENTRED: bool, In: Shape, T: Real>(
    mut y: ColumnsMut<'_, T, In::Features>,
    affine: [Option<Each<'_, In, T>>; 2],
    eps: f64,
    tape: &mut SampleTape<In, T>,
    cx: &Context<'_, T>,
) {
    let SampleTape { normalised, moments, turned, .. } = tape;
    let [weight_memory, bias_memory] = turned;
    let weight = channels_last::<In, T>(affine[0], weight_memory);
    let bias = channels_last::<In, T>(affine[1], bias_memory);
    let (count, y) = (y.ncols(), y.as_mut_slice());
    let moments = &mut moments.as_chunks_mut().0[..count];
    take_moments::<CENTRED, T>(moments, y, In::SIZE, eps);
    if cx.is_training() {
        normalise(&mut normalised[..y.len()], y, moments, In::SIZE);
    }
    scale(y, moments, In::SIZE, [weight.map(Row::as_slice), bias.map(Row::as_slice)]);
}

/// `dx` in the place of `dy`, after what is added to the gradients by weight and bias, which have an
/// entry for each feature or none.
pub(super) fn backward<const CENTRED: bool, In: Shape, T: Real>(
    mut dy: ColumnsMut<'_, T, In::Features>,
    weight: Option<Each<'_, In, T>>,
    [dweight, dbias]: [&mut [T]; 2],
    tape: &mut SampleTape<In, T>,
) {
    let SampleTape { normalised, moments, sums, turned } = tape;
    let weight = weight.map(|weight| turned[0].as_deref().unwrap_or(weight));
    let normalised = columns::<In::Features, T>(&normalised[..dy.len()]);
    if let Some(weight) = weight {
        features::sums(sums, &normalised, &dy, weight, gradients);
        let [channels, height, width] = In::DIMS;
        for (f, sums) in sums.iter().enumerate() {
            let first = f % channels * height * width + f / channels;
            dweight[first] += sums[1];
            if let Some(dbias) = dbias.get_mut(first) {
                *dbias += sums[0];
            }
        }
    }
    let (dy, normalised, moments) =
        (dy.as_mut_slice(), normalised.as_slice(), moments.as_chunks().0);
    gradient_by_input::<CENTRED, T>(dy, normalised, moments, In::SIZE, weight.map(Row::as_slice));
}

/// A weight or a bias, if there is one, with the channels innermost: in `memory`, where that is
/// another order.
fn channels_last<'a, In: Shape, T: Real>(
    row: Option<Each<'a, In, T>>,
    memory: &'a mut Option<Turned<In, T>>,
) -> Option<Each<'a, In, T>> {
    match (row, memory) {
        (Some(row), Some(memory)) => {
            to_channels_last::<In, T>(memory, row);
            Some(memory)
        }
        (row, _) => row,
    }
}

// Not generic in the shape, so that their loops are compiled once and not for each.

/// Mean and inverse deviation of each sample of `size` values.
fn take_moments<const CENTRED: bool, T: Real>(
    moments: &mut [[T; 2]],
    x: &[T],
    size: usize,
    eps: f64,
) {
    let (cost, n) = (x.len() / PER_NANOSECOND, T::of(size as f64));
    parallel::for_each_chunk(moments, 1, cost, |sample, moments| {
        let x = &x[sample * size..][..size];
        let [mean, var] = if CENTRED {
            let c = reduce::sum(x) / n;
            let sums = [reduce::sum_of(x, |x| x - c), reduce::sum_of(x, |x| (x - c) * (x - c))];
            super::moments(c, sums, size)
        } else {
            [T::ZERO, reduce::dot(x, x) / n]
        };
        moments[0] = [mean, inverse_deviation(var, eps)];
    });
}

fn normalise<T: Real>(normalised: &mut [T], x: &[T], moments: &[[T; 2]], size: usize) {
    let cost = x.len() / PER_NANOSECOND;
    parallel::for_each_chunk(normalised, size, cost, |sample, normalised| {
        let (x, [mean, inverse]) = (&x[sample * size..][..size], moments[sample]);
        elementwise::map_into(normalised, x, |x| (x - mean) * inverse);
    });
}

/// Makes `y` of `x`.
fn scale<T: Real>(y: &mut [T], moments: &[[T; 2]], size: usize, [weight, bias]: [Option<&[T]>; 2]) {
    let cost = y.len() / PER_NANOSECOND;
    match (weight, bias) {
        (Some(weight), Some(bias)) => parallel::for_each_chunk(y, size, cost, |sample, y| {
            let [mean, inverse] = moments[sample];
            elementwise::zip2(y, weight, bias, |y, w, b| w * ((y - mean) * inverse) + b);
        }),
        (Some(weight), None) => parallel::for_each_chunk(y, size, cost, |sample, y| {
            let [mean, inverse] = moments[sample];
            elementwise::zip(y, weight, |y, w| w * ((y - mean) * inverse));
        }),
        (None, _) => parallel::for_each_chunk(y, size, cost, |sample, y| {
            let [mean, inverse] = moments[sample];
            elementwise::map(y, |y| (y - mean) * inverse);
        }),
    }
}

/// Makes `dx` of `dy`.
fn gradient_by_input<const CENTRED: bool, T: Real>(
    dy: &mut [T],
    normalised: &[T],
    moments: &[[T; 2]],
    size: usize,
    weight: Option<&[T]>,
) {
    let (cost, n) = (dy.len() / PER_NANOSECOND, T::of(size as f64));
    parallel::for_each_chunk(dy, size, cost, |sample, dy| {
        let (normalised, [_, inverse]) = (&normalised[sample * size..][..size], moments[sample]);
        if let Some(weight) = weight {
            elementwise::zip(dy, weight, |dy, w| dy * w);
        }
        let mean = if CENTRED { reduce::sum(dy) / n } else { T::ZERO };
        let weighted = reduce::dot(dy, normalised) / n;
        elementwise::zip(dy, normalised, |g, n| inverse * (g - mean - n * weighted));
    });
}

#[inline(always)]
fn gradients<T: Real>(normalised: T, dy: T, _: T) -> [T; 2] {
    [dy, dy * normalised]
}
