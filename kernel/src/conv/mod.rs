//! Convolutions of images whose channels lie innermost.
//!
//! There is one loop for all of them. A *correlation* walks filters over an image that has its
//! border of zeros: it is the forward pass, and, with the filters turned around and zeros spread
//! between the output's gradients, the gradient by the input. The gradient by the weights walks
//! the same way and sums up over positions. Strides, dilation and groups are steps of pointers.
//! The tiles that stay in registers have constant sizes and everything around them does not, so
//! the code is compiled once, in this crate, however many layers there are.
//!
//! Samples are dealt to threads in [`PIECES`] pieces whose number does not depend on that of the
//! threads; each piece has its own sum of weight gradients, and these are added in order.

mod adjoint;
mod correlate;
mod image;
mod pack;
mod weights;

pub use adjoint::{Gradient, Memory, backward, transposed, transposed_backward};
pub use correlate::Correlation;
pub use weights::WeightGradient;

use super::{Real, parallel, pieces::Pieces};

/// The most pieces that the samples of a call are cut into.
pub const PIECES: usize = 8;

/// Scalars of the widest vector; packed weights are padded to it.
const WIDEST: usize = 16;

/// One axis of a convolution.
#[derive(Clone, Copy, Debug)]
pub struct Axis {
    size: usize,
    kernel: usize,
    stride: usize,
    pad: usize,
    dilation: usize,
    positions: usize,
}

impl Axis {
    /// An axis of `size` pixels with `pad` zeros before and after, over which a filter of `kernel`
    /// taps, `dilation` pixels from one to the next, goes in steps of `stride` pixels.
    ///
    /// A filter that does not fit, or does not move, has no positions.
    pub const fn new(
        size: usize,
        kernel: usize,
        stride: usize,
        pad: usize,
        dilation: usize,
    ) -> Self {
        let axis = Self { size, kernel, stride, pad, dilation, positions: 0 };
        let span = axis.reach() + 1;
        if stride == 0 || kernel == 0 || axis.padded() < span {
            return axis;
        }
        Self { positions: (axis.padded() - span) / stride + 1, ..axis }
    }

    /// Input pixels from the first tap to the last.
    const fn reach(&self) -> usize {
        self.dilation * self.kernel.saturating_sub(1)
    }

    /// The input with its border.
    const fn padded(&self) -> usize {
        self.size + 2 * self.pad
    }

    /// The output with zeros between and around, as the adjoint walks over it.
    const fn spread(&self) -> usize {
        self.size + self.reach()
    }
}

/// The geometry of a convolution: `filters` filters over an image of `channels` channels.
#[derive(Clone, Copy, Debug)]
pub struct Convolution {
    channels: usize,
    filters: usize,
    groups: usize,
    vertical: Axis,
    horizontal: Axis,
}

impl Convolution {
    /// Convolutions of `groups` groups side by side, each with its share of the channels and of
    /// the filters. A number of groups that does not divide both counts as one group.
    pub const fn new(
        channels: usize,
        filters: usize,
        groups: usize,
        vertical: Axis,
        horizontal: Axis,
    ) -> Self {
        let divides =
            groups > 0 && channels.is_multiple_of(groups) && filters.is_multiple_of(groups);
        let groups = if divides { groups } else { 1 };
        Self { channels, filters, groups, vertical, horizontal }
    }

    /// Scalars of an input.
    pub const fn input(&self) -> usize {
        self.channels * self.vertical.size * self.horizontal.size
    }

    /// Scalars of an output.
    pub const fn output(&self) -> usize {
        self.filters * self.vertical.positions * self.horizontal.positions
    }

    /// Scalars of the weights, `filters x channels / groups x height x width`.
    pub const fn weights(&self) -> usize {
        self.filters * self.group_channels() * self.taps()
    }

    /// Scalars of an input with its border, or 0 where there is no border.
    pub const fn padded(&self) -> usize {
        if self.vertical.pad + self.horizontal.pad == 0 {
            return 0;
        }
        self.channels * self.vertical.padded() * self.horizontal.padded()
    }

    /// Scalars of an output as the adjoint walks over it, or 0 where it does over the output.
    pub const fn spread(&self) -> usize {
        const fn as_it_is(axis: &Axis) -> bool {
            axis.stride == 1 && axis.reach() == axis.pad
        }
        if as_it_is(&self.vertical) && as_it_is(&self.horizontal) {
            return 0;
        }
        self.filters * self.vertical.spread() * self.horizontal.spread()
    }

    /// Scalars of the packed weights for [`forward`].
    pub const fn packed(&self) -> usize {
        self.groups * self.group_filters().next_multiple_of(WIDEST) * self.group_inputs()
    }

    /// Scalars of the packed weights for the adjoint, which [`backward`] and [`transposed`] take.
    pub const fn packed_adjoint(&self) -> usize {
        let channels = self.group_channels().next_multiple_of(WIDEST);
        self.groups * channels * self.taps() * self.group_filters()
    }

    /// Scalars of the sums of weight gradients of one piece: packed weights, and a bias for each
    /// filter (or, transposed, for each channel).
    pub const fn sums(&self) -> usize {
        let biases = if self.filters > self.channels { self.filters } else { self.channels };
        self.packed() + biases.next_multiple_of(WIDEST)
    }

    /// Floating-point operations for one sample.
    pub const fn operations(&self) -> usize {
        2 * self.output() * self.group_inputs()
    }

    const fn taps(&self) -> usize {
        self.vertical.kernel * self.horizontal.kernel
    }

    const fn group_channels(&self) -> usize {
        self.channels / self.groups
    }

    const fn group_filters(&self) -> usize {
        self.filters / self.groups
    }

    /// Inputs of one output.
    const fn group_inputs(&self) -> usize {
        self.group_channels() * self.taps()
    }

    /// About how many nanoseconds `samples` samples take.
    fn cost(&self, samples: usize) -> usize {
        samples * self.operations() / 100
    }

    /// Packs the weights for [`forward`].
    pub fn pack<T: Real>(&self, packed: &mut [T], weight: &[T]) {
        pack::forward(self, packed, weight);
    }

    /// Packs the weights for [`backward`] and [`transposed`].
    pub fn pack_adjoint<T: Real>(&self, packed: &mut [T], weight: &[T]) {
        pack::adjoint(self, packed, weight);
    }
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
pub fn forward<T: Real>(
    conv: &Convolution,
    y: &mut [T],
    x: &[T],
    packed: &[T],
    bias: &[T],
    rectify: bool,
    padded: &mut [T],
) {
    let samples = x.len() / conv.input();
    let piece = piece(samples);
    let y = Pieces::new(y, piece * conv.output());
    let padded = Pieces::new(padded, conv.padded());
    parallel::for_each(samples.div_ceil(piece), conv.cost(samples), |i| {
        // SAFETY: piece `i` is taken once.
        let (y, padded) = unsafe { (y.take(i), padded.take(i)) };
        let x = x[i * piece * conv.input()..].chunks_exact(conv.input());
        image::surround(conv, padded);
        for (y, x) in y.chunks_exact_mut(conv.output()).zip(x) {
            image::pad(conv, padded, x);
            correlate::forward(conv, y, image(x, padded), packed, bias, rectify);
        }
    });
}
