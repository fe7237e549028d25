//! The working memory of a convolution.

use crate::buffer::Buffer;
use crate::kernel::Real;
use crate::kernel::conv::{self, Convolution, Gradient, PIECES};
use crate::layer::Context;
use crate::memory::{Memory, Tape};
use crate::plain::{self, Plain, Row};
use crate::shape::{Dimension, Shape};
use core::marker::PhantomData;

/// The geometry of a convolutional layer after a shape `In`.
pub trait Geometry<In>: Send + Sync + 'static {
    /// The convolution that it computes, or that it transposes.
    const CONVOLUTION: Convolution;
    /// Whether it goes forward as a convolution goes backward.
    const TRANSPOSED: bool = false;
}

/// The working memory of a convolution: packed weights, and for each of a few pieces of the batch
/// one image with its border of zeros and the sums of gradients. It does not grow with the batch.
pub struct ConvTape<L, In, T> {
    pub(super) packed: Buffer<T>,
    pub(super) padded: Buffer<T>,
    pub(super) spread: Buffer<T>,
    sums: Buffer<T>,
    geometry: PhantomData<(L, In)>,
}

impl<L: Geometry<In>, In: Shape, T: Real> Tape for ConvTape<L, In, T> {
    const MEMORY: Memory = {
        let conv = L::CONVOLUTION;
        Memory::fixed(packed(&conv, true) + PIECES * (conv.padded() + conv.spread() + conv.sums()))
    };

    fn new(columns: usize, _: usize, training: bool) -> Self {
        let conv = const { &L::CONVOLUTION };
        let pieces = columns.min(PIECES);
        let buffer = |needed: bool, size: usize| Buffer::zeroed(if needed { size } else { 0 });
        Self {
            packed: Buffer::zeroed(packed(conv, training || L::TRANSPOSED)),
            padded: buffer(training || !L::TRANSPOSED, pieces * conv.padded()),
            spread: buffer(training || L::TRANSPOSED, pieces * conv.spread()),
            sums: buffer(training, pieces.max(1) * conv.sums()),
            geometry: PhantomData,
        }
    }
}

impl<L, In, T: Real> ConvTape<L, In, T> {
    /// What a backward pass needs, with `packed` scalars of packed weights.
    pub(super) fn backward<'a, W: Plain<T>, B: Dimension>(
        &'a mut self,
        packed: usize,
        (weight, bias): (&'a mut W, &'a mut Row<T, B>),
        cx: &Context<'_, T>,
    ) -> (Gradient<'a, T>, &'a mut [T], conv::Memory<'a, T>) {
        let gradient = Gradient {
            weight: plain::as_mut_slice(weight),
            bias: plain::as_mut_slice(bias),
            accumulate: cx.accumulate,
        };
        let memory = conv::Memory {
            padded: &mut self.padded,
            spread: &mut self.spread,
            sums: &mut self.sums,
        };
        (gradient, &mut self.packed[..packed], memory)
    }
}

/// Scalars of packed weights, for either direction or for forward alone.
const fn packed(conv: &Convolution, adjoint: bool) -> usize {
    let (forward, backward) = (conv.packed(), conv.packed_adjoint());
    if adjoint && backward > forward { backward } else { forward }
}
