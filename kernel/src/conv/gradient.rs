//! The gradients of a convolution, and of its transposition, over all samples.

use super::{
    geometry::Convolution,
    image::{pad, spread, surround},
    pack,
    passes::{Dealt, PIECES, Samples, assert_each, assert_room, image, samples},
    sample,
};
use crate::{
    columns, elementwise,
    parallel::{self, Chunks},
    real::Real,
};

/// Working memory with anything in it, each slice with room for as many pieces: at least 2, of which
/// [`PIECES`] or as many as there are samples are enough.
pub struct Memory<'a, T> {
    /// [`Convolution::image`] scalars a piece.
    pub images: &'a mut [T],
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

/// The gradients of [`forward`](super::forward) by the parameters and, if asked for, by `x`; the
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
    let biases = gradient.bias.len();
    assert!(biases == 0 || biases == conv.filters, "a bias for each filter");
    let work = Work { conv, gradient, memory, from: x, to: dy, result: (dx, conv.input()) };
    let by_parameters = |sample: &Sample<'_, T>, memory: &mut [T], sums: Sums<'_, T>| {
        let (padded, room) = memory.split_at_mut(conv.bordered());
        pad(conv, padded, sample.from);
        let x = image(sample.from, padded);
        sample::add_gradients(conv, sample.share, sums, x, sample.to, room);
    };
    let around = |memory: &mut [T]| memory[..conv.surrounded()].fill(T::ZERO);
    work.run(by_parameters, around, |sample, dx, memory| {
        let (around, room) = memory.split_at_mut(conv.surrounded());
        spread(conv, around, sample.to);
        let mask = if mask { sample.from } else { &[] };
        sample::adjoint(conv, dx, image(sample.to, around), packed, &[], mask, room);
    });
}

/// The gradients of [`transposed`](super::transposed) by the parameters and, if asked for, by `x`.
///
/// `packed` is from [`Convolution::pack`], needed for `dx` only.
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
    let biases = gradient.bias.len();
    assert!(biases == 0 || biases == conv.channels, "a bias for each channel");
    let work = Work { conv, gradient, memory, from: dy, to: x, result: (dx, conv.output()) };
    let by_parameters = |sample: &Sample<'_, T>, memory: &mut [T], (sums, bias): Sums<'_, T>| {
        let (padded, room) = memory.split_at_mut(conv.bordered());
        pad(conv, padded, sample.from);
        let dy = image(sample.from, padded);
        sample::add_gradients(conv, sample.share, (sums, &mut []), dy, sample.to, room);
        // Those who share the weights take turns.
        if biases > 0 && sample.number % conv.shares() == sample.share {
            columns::add_sum(bias, sample.from, conv.channels, 0);
        }
    };
    let around = |memory: &mut [T]| surround(conv, &mut memory[..conv.bordered()]);
    work.run(by_parameters, around, |sample, dx, memory| {
        let (padded, room) = memory.split_at_mut(conv.bordered());
        pad(conv, padded, sample.from);
        sample::forward(conv, dx, image(sample.from, padded), packed, &[], false, room);
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

/// A sample, for one of those who share the weights.
struct Sample<'a, T> {
    number: usize,
    share: usize,
    from: &'a [T],
    to: &'a [T],
}

/// Sums of gradients by a share of the packed weights, and by biases.
type Sums<'a, T> = (&'a mut [T], &'a mut [T]);

impl<T: Real> Work<'_, T> {
    /// Adds up the gradient of all samples `by_parameters`, in memory with zeros where an input's
    /// border is, and computes the one `by_input`, in memory that was prepared to be `around`.
    #[track_caller]
    fn run(
        self,
        by_parameters: impl Fn(&Sample<'_, T>, &mut [T], Sums<'_, T>) + Sync,
        around: impl Fn(&mut [T]) + Sync,
        by_input: impl Fn(&Sample<'_, T>, &mut [T], &mut [T]) + Sync,
    ) {
        let Self { conv, gradient, memory, from, to, result: (result, size) } = self;
        let (samples, shares) = (samples(from, conv.input()), conv.shares());
        let most = samples.min(PIECES).min(memory.sums.len() / conv.sums().max(1));
        let pieces = (most / shares).max(1) * shares;
        assert_each("outputs", to, samples, conv.output());
        assert_eq!(gradient.weight.len(), conv.weights(), "the gradient by the weights");
        assert_room(memory.images, pieces, conv.image());
        assert_room(memory.sums, pieces, conv.sums());
        let asked = result.is_some();
        let result = result.unwrap_or_default();
        if asked {
            assert_each("the gradient", result, samples, size);
        }
        let dealt = Dealt { samples, pieces };
        let result = Samples { x: result, size: if asked { size } else { 0 }, dealt, piece: 0 };
        let (weights, biases) = (conv.packed() / shares, gradient.bias.len());
        let sums = &mut memory.sums[..pieces * conv.sums()];
        let (sums, bias_sums) = sums.split_at_mut(pieces * weights);
        let own = (Chunks(&mut *sums, weights), Chunks(&mut *bias_sums, conv.biases()));
        let own = (own, (Chunks(memory.images, conv.image()), result));
        let cost = conv.cost(samples) * if asked { 2 } else { 1 };
        parallel::for_each_share(pieces, cost, own, |i, ((sums, bias), (memory, result))| {
            let share = i % shares;
            let sample = |number: usize| Sample {
                number,
                share,
                from: &from[number * conv.input()..][..conv.input()],
                to: &to[number * conv.output()..][..conv.output()],
            };
            sums.fill(T::ZERO);
            bias.fill(T::ZERO);
            surround(conv, &mut memory[..conv.bordered()]);
            for number in dealt.start(i - share)..dealt.start(i - share + shares) {
                by_parameters(&sample(number), memory, (&mut *sums, &mut bias[..biases]));
            }
            if asked {
                around(memory);
                for (number, result) in (dealt.start(i)..).zip(result.chunks_exact_mut(size)) {
                    by_input(&sample(number), result, memory);
                }
            }
        });
        pack::add_up(sums, conv.packed());
        pack::unpack(conv, gradient.weight, &mut sums[..conv.packed()], gradient.accumulate);
        pack::add_up(bias_sums, conv.biases());
        let bias = &bias_sums[..biases];
        if gradient.accumulate {
            elementwise::add(gradient.bias, bias);
        } else {
            gradient.bias.copy_from_slice(bias);
        }
    }
}
