//! The two orders of an image: inside a network the channels of a pixel lie side by side; outside,
//! and in the weights of a dense layer, a channel's pixels do.

use super::{Memory, Tape};
use crate::kernel::{Buffer, Real, columns};
use crate::shape::{Columns, ColumnsMut, Shape};
use core::marker::PhantomData;

/// Whether the two orders of a shape differ.
pub const fn differs<S: Shape>() -> bool {
    S::NUMERIC && S::DIMS[0] > 1 && S::DIMS[1] * S::DIMS[2] > 1
}

/// Writes columns in the order channels, height, width as columns with the channels innermost.
pub fn to_channels_last<S: Shape, T: Real>(y: &mut [T], x: &[T]) {
    reorder::<S, T>(y, x, S::DIMS[1] * S::DIMS[2], S::DIMS[0]);
}

/// Writes columns with the channels innermost in the order channels, height, width.
pub fn to_channels_first<S: Shape, T: Real>(y: &mut [T], x: &[T]) {
    reorder::<S, T>(y, x, S::DIMS[0], S::DIMS[1] * S::DIMS[2]);
}

fn reorder<S: Shape, T: Real>(y: &mut [T], x: &[T], rows: usize, cols: usize) {
    for (y, x) in y.chunks_exact_mut(S::SIZE.max(1)).zip(x.chunks_exact(S::SIZE.max(1))) {
        columns::transpose(y, x, rows, cols);
    }
}

/// The tape of a layer that sees an image as a flat vector, channel by channel: a copy in that
/// order, where it is not the image's own.
pub struct ChannelsFirst<S, T> {
    copy: Buffer<T>,
    shape: PhantomData<S>,
}

impl<S: Shape, T: Real> Tape for ChannelsFirst<S, T> {
    const MEMORY: Memory = if differs::<S>() { Memory::per_column(S::SIZE) } else { Memory::NONE };

    fn new(columns: usize, _: usize, _: bool) -> Self {
        let len = if differs::<S>() { S::SIZE * columns } else { 0 };
        Self { copy: Buffer::zeroed(len), shape: PhantomData }
    }
}

impl<S: Shape, T: Real> ChannelsFirst<S, T> {
    /// The input in the order of the weights, kept for backward.
    pub fn enter<'a>(&'a mut self, x: Columns<'a, S, T>) -> &'a [T] {
        if !differs::<S>() {
            return x.numbers();
        }
        let copy = &mut self.copy[..x.numbers().len()];
        to_channels_first::<S, T>(copy, x.numbers());
        copy
    }

    /// What [`enter`](Self::enter) gave for the same columns.
    pub fn entered<'a>(&'a self, x: Columns<'a, S, T>) -> &'a [T] {
        if differs::<S>() { &self.copy[..x.numbers().len()] } else { x.numbers() }
    }

    /// Has the gradient by the input written in the order of the weights, and puts it in that of
    /// the image. What was entered is lost.
    pub fn leave(&mut self, mut dx: ColumnsMut<'_, S, T>, write: impl FnOnce(&mut [T])) {
        if !differs::<S>() {
            return write(dx.as_mut_slice());
        }
        let copy = &mut self.copy[..dx.as_slice().len()];
        write(copy);
        to_channels_last::<S, T>(dx.as_mut_slice(), copy);
    }
}
