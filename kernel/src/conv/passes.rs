//! A convolution, its transposition, and the gradients of both, over all samples.

use super::{
    geometry::Convolution,
    image::{pad, spread, surround},
    pack, sample,
};
use crate::{
    columns, elementwise,
    parallel::{self, Chunks},
    real::Real,
    sizes::product,
};

/// The most pieces that the samples of a call are cut into.
pub const PIECES: usize = 8;

/// The number of samples of `size` scalars in `x`.
#[track_caller]
fn samples<T>(x: &[T], size: usize) -> usize {
    let len = x.len();
    assert!(size > 0 && len.is_multiple_of(size), "{len} scalars are no samples of {size} each");
    len / size
}

/// Asks for exactly so many scalars of each sample.
#[track_caller]
fn assert_each<T>(what: &str, x: &[T], samples: usize, size: usize) {
    assert_eq!(x.len(), product(&[samples, size]), "{what} of {samples} samples");
}

/// Asks for at least so many scalars of each piece.
#[track_caller]
fn assert_room<T>(memory: &[T], pieces: usize, size: usize) {
    let len = memory.len();
    assert!(len >= product(&[pieces, size]), "{len} scalars for {pieces} pieces of {size} each");
}

/// The samples of each piece.
fn piece(samples: usize) -> usize {
    samples.div_ceil(PIECES).max(1)
}

/// A sample's own image, or its copy where one was made.
fn image<'a, T>(own: &'a [T], copy: &'a [T]) -> &'a [T] {
    if copy.is_empty() { own } else { copy }
}

/// The forward pass: `y = correlation of x with the filters, + bias`, and 0 where that is negative if
/// it is to `rectify`.
///
/// `packed` is from [`Convolution::pack`]; `padded` has room for [`Convolution::padded`] scalars
/// for each of [`PIECES`] pieces (or as many as there are samples), with anything in them.
///
/// # Panics
/// When the lengths do not belong together.
#[track_caller]
pub fn forward<T: Real>(
    conv: &Convolution,
    y: &mut [T],
    x: &[T],
    packed: &[T],
    bias: &[T],
    rectify: bool,
    padded: &mut [T],
) {
    let samples = samples(x, conv.input());
    let piece = piece(samples);
    let (pieces, cost) = (samples.div_ceil(piece), conv.cost(samples));
    assert_each("outputs", y, samples, conv.output());
    assert_room(padded, pieces, conv.padded());
    let shares = (Chunks(y, piece * conv.output()), Chunks(padded, conv.padded()));
    parallel::for_each_share(pieces, cost, shares, |i, (y, padded)| {
        let x = x[i * piece * conv.input()..].chunks_exact(conv.input());
        let (padded, room) = padded.split_at_mut(conv.bordered());
        surround(conv, padded);
        for (y, x) in y.chunks_exact_mut(conv.output()).zip(x) {
            pad(conv, padded, x);
            sample::forward(conv, y, image(x, padded), packed, bias, rectify, room);
        }
    });
}

/// Working memory with anything in it, each slice with room for [`PIECES`] pieces (or
/// as many as there are samples).
pub struct Memory<'a, T> {
    /// [`Convolution::padded`] scalars a piece.
    pub padded: &'a mut [T],
    /// [`Convolution::surrounded`] scalars a piece.
    pub spread: &'a mut [T],
    /// [`Convolution::sums`] scalars a piece.
    pub sums: &'a mut [T],
}

/// Where the gradient by the parameters goes.
pub struct Gradient<'a, T> {
    /// In the order of the weights.
    pub weight: &'a mut [T],
    /// Empty where there is no bias.
    pub bias: &'a mut [T],
    /// Whether it is added to what is there.
    pub accumulate: bool,
}

/// The gradients of [`forward`] by the parameters and, if asked for, by `x`; the
/// latter with `mask` only where `x` is above 0, as of a rectifier that `x` came from.
///
/// `packed` is from [`Convolution::pack_adjoint`], needed for `dx` only.
///
/// # Panics
/// When the lengths do not belong together.
#[track_caller]
pub fn backward<T: Real>(
    conv: &Convolution,
    gradient: Gradient<'_, T>,
    dx: Option<&mut [T]>,
    (x, dy): (&[T], &[T]),
    packed: &[T],
    mask: bool,
    memory: Memory<'_, T>,
) {
    let with_bias = !gradient.bias.is_empty();
    assert!(!with_bias || gradient.bias.len() == conv.filters, "a bias for each filter");
    let work = Work { conv, gradient, memory, from: x, to: dy, result: (dx, conv.input()) };
    work.run(|x, dy, dx, padded, spread_dy, sums| {
        let (padded, room) = padded.split_at_mut(conv.bordered());
        pad(conv, padded, x);
        sample::add_gradients(conv, sums, image(x, padded), dy, with_bias, room);
        if let Some(dx) = dx {
            spread(conv, spread_dy, dy);
            let mask = if mask { x } else { &[] };
            sample::adjoint(conv, dx, image(dy, spread_dy), packed, &[], mask, room);
        }
    });
}

/// The transposed convolution: what the gradient by the input is to the gradient by the output,
/// `y` is to `x`; then a bias is added. So `x` has the shape of an output of `conv`, and `y` that
/// of an input.
///
/// `packed` is from [`Convolution::pack_adjoint`]; `memory` has room for [`Convolution::spread`]
/// scalars a piece, with anything in them.
///
/// # Panics
/// When the lengths do not belong together.
#[track_caller]
pub fn transposed<T: Real>(
    conv: &Convolution,
    y: &mut [T],
    x: &[T],
    packed: &[T],
    bias: &[T],
    memory: &mut [T],
) {
    let samples = samples(x, conv.output());
    let piece = piece(samples);
    let (pieces, cost) = (samples.div_ceil(piece), conv.cost(samples));
    assert_each("outputs", y, samples, conv.input());
    assert_room(memory, pieces, conv.spread());
    let shares = (Chunks(y, piece * conv.input()), Chunks(memory, conv.spread()));
    parallel::for_each_share(pieces, cost, shares, |i, (y, memory)| {
        let x = x[i * piece * conv.output()..].chunks_exact(conv.output());
        let (memory, room) = memory.split_at_mut(conv.surrounded());
        memory.fill(T::ZERO);
        for (y, x) in y.chunks_exact_mut(conv.input()).zip(x) {
            spread(conv, memory, x);
            sample::adjoint(conv, y, image(x, memory), packed, bias, &[], room);
        }
    });
}

/// The gradients of [`transposed`] by the parameters and, if asked for, by `x`.
///
/// `packed` is from [`Convolution::pack`], needed for `dx` only; `memory.spread` may be empty.
///
/// # Panics
/// When the lengths do not belong together.
#[track_caller]
pub fn transposed_backward<T: Real>(
    conv: &Convolution,
    gradient: Gradient<'_, T>,
    dx: Option<&mut [T]>,
    (x, dy): (&[T], &[T]),
    packed: &[T],
    memory: Memory<'_, T>,
) {
    let with_bias = !gradient.bias.is_empty();
    assert!(!with_bias || gradient.bias.len() == conv.channels, "a bias for each channel");
    let work = Work { conv, gradient, memory, from: dy, to: x, result: (dx, conv.output()) };
    work.run(|dy, x, dx, padded, _, sums| {
        let (padded, room) = padded.split_at_mut(conv.bordered());
        pad(conv, padded, dy);
        sample::add_gradients(conv, sums, image(dy, padded), x, false, room);
        if with_bias {
            columns::add_sum(&mut sums[conv.packed()..][..conv.channels], dy, conv.channels, 0);
        }
        if let Some(dx) = dx {
            sample::forward(conv, dx, image(dy, padded), packed, &[], false, room);
        }
    });
}

/// A backward pass over all samples.
struct Work<'a, T> {
    conv: &'a Convolution,
    gradient: Gradient<'a, T>,
    memory: Memory<'a, T>,
    /// What has the shape of the convolution's input, and of its output.
    from: &'a [T],
    to: &'a [T],
    /// The gradient that is asked for, and its scalars of a sample.
    result: (Option<&'a mut [T]>, usize),
}

impl<T: Real> Work<'_, T> {
    /// Calls `sample` for each sample with `from`, `to`, `result`, `padded`, `spread` and `sums`,
    /// and writes the gradient.
    #[track_caller]
    fn run(
        self,
        sample: impl Fn(&[T], &[T], Option<&mut [T]>, &mut [T], &mut [T], &mut [T]) + Sync,
    ) {
        let Self { conv, gradient, memory, from, to, result: (result, size) } = self;
        let samples = samples(from, conv.input());
        let piece = piece(samples);
        let pieces = samples.div_ceil(piece);
        assert_each("outputs", to, samples, conv.output());
        assert_eq!(gradient.weight.len(), conv.weights(), "the gradient by the weights");
        assert_room(memory.padded, pieces, conv.padded());
        assert_room(memory.sums, pieces.max(1), conv.sums());
        let asked = result.is_some();
        let result = result.unwrap_or_default();
        if asked {
            assert_each("the gradient", result, samples, size);
        }
        let results = (Chunks(result, piece * size), Chunks(memory.padded, conv.padded()));
        let more =
            (Chunks(memory.spread, conv.surrounded()), Chunks(&mut *memory.sums, conv.sums()));
        let cost = 2 * conv.cost(samples);
        parallel::for_each_share(pieces, cost, (results, more), |i, shares| {
            let ((result, padded), (spread, sums)) = shares;
            sums.fill(T::ZERO);
            surround(conv, &mut padded[..conv.bordered()]);
            if asked {
                spread.fill(T::ZERO);
            }
            for j in i * piece..samples.min((i + 1) * piece) {
                let from = &from[j * conv.input()..][..conv.input()];
                let to = &to[j * conv.output()..][..conv.output()];
                let result = asked.then(|| &mut result[(j - i * piece) * size..][..size]);
                sample(from, to, result, padded, spread, sums);
            }
        });
        let sums = &mut memory.sums[..pieces.max(1) * conv.sums()];
        if pieces == 0 {
            sums.fill(T::ZERO);
        }
        pack::add_up(sums, conv.sums());
        let (sums, bias) = sums.split_at_mut(conv.packed());
        pack::unpack(conv, gradient.weight, sums, gradient.accumulate);
        let bias = &bias[..gradient.bias.len()];
        if gradient.accumulate {
            elementwise::add(gradient.bias, bias);
        } else {
            gradient.bias.copy_from_slice(bias);
        }
    }
}
