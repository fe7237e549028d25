//! A convolution, and its transposition, over all samples.

use super::{
    geometry::Convolution,
    image::{pad, spread, surround},
    sample,
};
use crate::{
    parallel::{self, Chunks, Share},
    real::Real,
    sizes::product,
};

/// The most pieces that the samples of a call are cut into.
pub const PIECES: usize = 16;

/// The number of samples of `size` scalars in `x`.
#[track_caller]
pub(super) fn samples<T>(x: &[T], size: usize) -> usize {
    let len = x.len();
    assert!(size > 0 && len.is_multiple_of(size), "{len} scalars are no samples of {size} each");
    len / size
}

/// Asks for exactly so many scalars of each sample.
#[track_caller]
pub(super) fn assert_each<T>(what: &str, x: &[T], samples: usize, size: usize) {
    assert_eq!(x.len(), product(&[samples, size]), "{what} of {samples} samples");
}

/// Asks for at least so many scalars of each piece.
#[track_caller]
pub(super) fn assert_room<T>(memory: &[T], pieces: usize, size: usize) {
    let len = memory.len();
    assert!(len >= product(&[pieces, size]), "{len} scalars for {pieces} pieces of {size} each");
}

/// A sample's own image, or its copy where one was made.
pub(super) fn image<'a, T>(own: &'a [T], copy: &'a [T]) -> &'a [T] {
    if copy.is_empty() { own } else { copy }
}

/// The forward pass: `y = correlation of x with the filters, + bias`, and 0 where that is negative if
/// it is to `rectify`.
///
/// `packed` is from [`Convolution::pack`]; `memory` has room for [`Convolution::padded`] scalars
/// for some pieces, of which [`PIECES`] or as many as there are samples are enough, with anything in
/// them.
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
    memory: &mut [T],
) {
    let sizes = [conv.output(), conv.input(), conv.padded()];
    let start = |memory: &mut [T]| surround(conv, &mut memory[..conv.bordered()]);
    each(conv, (y, x, memory), sizes, start, |y, x, memory| {
        let (padded, room) = memory.split_at_mut(conv.bordered());
        pad(conv, padded, x);
        sample::forward(conv, y, image(x, padded), packed, bias, rectify, room);
    });
}

/// The transposed convolution: what the gradient by the input is to the gradient by the output,
/// `y` is to `x`; then a bias is added. So `x` has the shape of an output of `conv`, and `y` that
/// of an input.
///
/// `packed` is from [`Convolution::pack_adjoint`]; `memory` has room for [`Convolution::spread`]
/// scalars for some pieces, as there, with anything in them.
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
    let sizes = [conv.input(), conv.output(), conv.spread()];
    let start = |memory: &mut [T]| memory[..conv.surrounded()].fill(T::ZERO);
    each(conv, (y, x, memory), sizes, start, |y, x, memory| {
        let (around, room) = memory.split_at_mut(conv.surrounded());
        spread(conv, around, x);
        sample::adjoint(conv, y, image(x, around), packed, bias, &[], room);
    });
}

/// Calls `f` for each sample with its `y` and its `x`, of these sizes, and the memory of its piece,
/// which `start` was called with.
#[track_caller]
fn each<T: Real>(
    conv: &Convolution,
    (y, x, memory): (&mut [T], &[T], &mut [T]),
    [size, from, room]: [usize; 3],
    start: impl Fn(&mut [T]) + Sync,
    f: impl Fn(&mut [T], &[T], &mut [T]) + Sync,
) {
    let samples = samples(x, from);
    let most = memory.len().checked_div(room).unwrap_or(PIECES).clamp(1, PIECES);
    let dealt = Dealt { samples, pieces: samples.min(most) };
    assert_each("outputs", y, samples, size);
    assert_room(memory, dealt.pieces, room);
    let shares = (Samples { x: y, size, dealt, piece: 0 }, Chunks(memory, room));
    parallel::for_each_share(dealt.pieces, conv.cost(samples), shares, |piece, (y, memory)| {
        start(memory);
        let x = x[dealt.start(piece) * from..].chunks_exact(from);
        for (y, x) in y.chunks_exact_mut(size).zip(x) {
            f(y, x, memory);
        }
    });
}

/// Samples dealt to pieces, in their order and as evenly as can be.
#[derive(Clone, Copy)]
pub(super) struct Dealt {
    pub samples: usize,
    pub pieces: usize,
}

impl Dealt {
    /// The first sample of a piece.
    pub fn start(self, piece: usize) -> usize {
        self.samples * piece / self.pieces
    }
}

/// Samples of so many scalars each, from those of a piece on.
pub(super) struct Samples<'a, T> {
    pub x: &'a mut [T],
    pub size: usize,
    pub dealt: Dealt,
    pub piece: usize,
}

impl<'a, T: Send> Share for Samples<'a, T> {
    type Piece = &'a mut [T];

    fn cut(self, pieces: usize) -> (Self, Self) {
        let Self { x, size, dealt, piece } = self;
        let middle = piece + pieces;
        let (left, right) = x.split_at_mut((dealt.start(middle) - dealt.start(piece)) * size);
        (Self { x: left, ..self }, Self { x: right, piece: middle, ..self })
    }

    fn piece(self) -> &'a mut [T] {
        self.x
    }
}
