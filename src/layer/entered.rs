//! Images as flat vectors, channel by channel: the order of the weights of a dense layer.

use super::{Memory, Tape};
use crate::kernel::{Buffer, Real};
use crate::shape::{
    Columns, ColumnsMut, Reborrow, Shape, columns, columns_mut, differs, slice, to_channels_first,
    to_channels_last,
};
use core::marker::PhantomData;

/// The tape of a layer that sees an image as a flat vector, channel by channel: a copy in that
/// order, where it is not the image's own.
pub struct Entered<In, T> {
    copy: Buffer<T>,
    shape: PhantomData<In>,
}

impl<In: Shape, T: Real> Tape for Entered<In, T> {
    const MEMORY: Memory =
        if differs::<In>() { Memory::per_column(In::SIZE) } else { Memory::NONE };

    fn new(columns: usize, _: usize, _: bool) -> Self {
        let len = if differs::<In>() { In::SIZE * columns } else { 0 };
        Self { copy: Buffer::zeroed(len), shape: PhantomData }
    }
}

impl<In: Shape, T: Real> Entered<In, T> {
    /// The input in the order of the weights, kept for backward: `In x n`.
    #[inline]
    pub fn enter<'a>(
        &'a mut self,
        x: Columns<'a, T, In::Features>,
    ) -> Columns<'a, T, In::Features> {
        if !differs::<In>() {
            return x;
        }
        let copy = &mut self.copy[..x.len()];
        to_channels_first::<In, T>(copy, slice(&x));
        columns(copy)
    }

    /// What [`enter`](Self::enter) gave for the same columns.
    #[inline]
    pub fn entered<'a>(&'a self, x: Columns<'a, T, In::Features>) -> Columns<'a, T, In::Features> {
        if differs::<In>() { columns(&self.copy[..x.len()]) } else { x }
    }

    /// Has the gradient by the input written in the order of the weights, and puts it in that of
    /// the image. What was entered is lost.
    #[inline]
    pub fn leave(
        &mut self,
        dx: &mut ColumnsMut<'_, T, In::Features>,
        write: impl FnOnce(&mut ColumnsMut<'_, T, In::Features>),
    ) {
        if !differs::<In>() {
            return write(&mut dx.reborrow());
        }
        let copy = &mut self.copy[..dx.len()];
        write(&mut columns_mut(copy));
        to_channels_last::<In, T>(dx.as_mut_slice(), copy);
    }
}
