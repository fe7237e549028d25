//! Which rows of an embedding's gradient are not zero.

use crate::kernel::{Real, elementwise};
use crate::layer::{Memory, Rows, Tape, as_mut_slice};
use crate::shape::{Dimension, Shape};
use alloc::vec::Vec;
use core::marker::PhantomData;

/// The ids whose rows of the gradient are not zero, so that clearing it takes as long as there are
/// tokens in a batch, not as there are words in the vocabulary.
#[derive(Debug)]
pub struct Touched<In> {
    ids: Vec<u32>,
    /// Whether all other rows are known to be zero.
    others_zero: bool,
    input: PhantomData<In>,
}

impl<In: Shape> Tape for Touched<In> {
    const MEMORY: Memory = Memory::bytes_per_column(size_of::<u32>() * In::SIZE);
    const INFERENCE: Memory = Memory::NONE;

    fn new(columns: usize, _: usize, training: bool) -> Self {
        let capacity = if training { columns * In::SIZE } else { 0 };
        Self { ids: Vec::with_capacity(capacity), others_zero: false, input: PhantomData }
    }
}

impl<In: Shape> Touched<In> {
    /// Prepares `gradient` for sums over the rows of `ids`. It must be the one of the call before,
    /// and elsewhere as that call left it, but for factors.
    pub(super) fn start<T: Real, V: Dimension, Size: Dimension>(
        &mut self,
        gradient: &mut Rows<T, V, Size>,
        ids: &[u32],
        accumulate: bool,
    ) {
        if accumulate {
            // Another layer writes to all rows.
            self.others_zero = false;
            return;
        }
        if self.others_zero {
            for &id in &self.ids {
                gradient[id as usize].fill(T::ZERO);
            }
        } else {
            elementwise::fill(as_mut_slice::<T, _>(gradient), T::ZERO);
        }
        self.ids.clear();
        self.ids.extend_from_slice(ids);
        self.others_zero = true;
    }
}
