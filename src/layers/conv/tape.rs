//! The working memory of a convolution.

use super::{Filters, geometry};
use crate::kernel::Real;
use crate::kernel::conv::{Convolution, Gradient, Memory as Pieces, PIECES};
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
        const fn scalars(fixed: usize, per_piece: usize) -> Scalars {
            Scalars { fixed, per_piece }
        }
        let conv = geometry::<L, Large, Small>();
        let (packed, adjoint) = (conv.packed(), conv.packed_adjoint());
        let (padded, spread, sums) = (conv.padded(), conv.surrounded(), conv.sums());
        if L::TRANSPOSED {
            Scratch {
                forward: scalars(adjoint, conv.spread()),
                backward: scalars(packed, sums + padded),
            }
        } else {
            Scratch {
                forward: scalars(packed, padded),
                backward: scalars(adjoint, sums + padded + spread),
            }
        }
    };

    fn new(_: usize, _: usize, _: bool) -> Self {
        Self(PhantomData)
    }
}

/// The pieces that so many samples are dealt to.
pub(super) fn pieces(samples: usize) -> usize {
    samples.clamp(1, PIECES)
}

/// What a backward pass over `samples` samples needs: where the gradient goes, `packed` scalars for
/// weights, and memory with `spread` scalars a piece for gradients with zeros between them.
pub(super) fn backward<'a, W: Plain<T>, B: Dimension, T: Real>(
    conv: &Convolution,
    samples: usize,
    [packed, spread]: [usize; 2],
    (weight, bias): (&'a mut W, &'a mut Row<T, B>),
    cx: &'a mut Context<'_, T>,
) -> (Gradient<'a, T>, &'a mut [T], Pieces<'a, T>) {
    let gradient = Gradient { weight: as_mut_slice(weight), bias, accumulate: cx.accumulate };
    let n = pieces(samples);
    let lengths = [packed, n * conv.sums(), n * conv.padded(), n * spread];
    let [packed, sums, padded, spread] = cx.scratch(lengths);
    (gradient, packed, Pieces { padded, spread, sums })
}
