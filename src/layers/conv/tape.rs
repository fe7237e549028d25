//! The working memory of a convolution.

use super::{Filters, geometry};
use crate::kernel::Real;
use crate::kernel::conv::{Convolution, Gradient, Memory as Pieces};
use crate::layer::{Context, Memory, Plain, Row, Scalars, Scratch, Tape, as_mut_slice};
use crate::shape::{Dimension, Shape};
use core::marker::PhantomData;

/// A convolution from `Large` to `Small` keeps nothing. While it runs it needs packed weights, and
/// for each of a few pieces of the batch one image with its border of zeros and the sums of
/// gradients.
pub struct ConvTape<L, Large, Small>(PhantomData<fn(L, Large, Small)>);

impl<L: Filters, Large: Shape, Small: Shape> Tape for ConvTape<L, Large, Small> {
    const MEMORY: Memory = Memory::NONE;
    const SCRATCH: Scratch = {
        let conv = geometry::<L, Large, Small>();
        let one = Scalars { fixed: conv.packed(), per_piece: conv.padded() };
        let other = Scalars { fixed: conv.packed_adjoint(), per_piece: conv.spread() };
        let (forward, backward) = if L::TRANSPOSED { (other, one) } else { (one, other) };
        Scratch { forward, backward: Scalars { per_piece: conv.image() + conv.sums(), ..backward } }
    };

    fn new(_: usize, _: usize, _: bool) -> Self {
        Self(PhantomData)
    }
}

/// What a backward pass over so many samples needs: where the gradient goes, so many scalars for packed
/// weights, and memory.
pub(super) fn backward<'a, W: Plain<T>, B: Dimension, T: Real>(
    conv: &Convolution,
    samples: usize,
    packed: usize,
    (weight, bias): (&'a mut W, &'a mut Row<T, B>),
    cx: &'a mut Context<'_, T>,
) -> (Gradient<'a, T>, &'a mut [T], Pieces<'a, T>) {
    let gradient = Gradient { weight: as_mut_slice(weight), bias, accumulate: cx.accumulate };
    let n = cx.deal(samples).max(2);
    let [packed, sums, images] = cx.scratch([packed, n * conv.sums(), n * conv.image()]);
    (gradient, packed, Pieces { images, sums })
}
