//! Products with one matrix, step after step.

use crate::kernel::Real;
#[cfg(feature = "batches")]
use crate::kernel::{self, Buffer, MatMut, MatRef, recurrent::Packed};
use crate::layer::Memory;
#[cfg(not(feature = "batches"))]
use crate::shape::product;
use crate::shape::{Dim, Dimension, Extent, Operand, Target};
use nalgebra::Dyn;

/// What is made of a matrix once, for products with it at all steps: a copy in the order in which
/// these read it. Without the feature `batches` there is none, and the matrix is read where it lies.
pub struct StepProduct<T: Real> {
    #[cfg(feature = "batches")]
    packed: Packed<T>,
    /// `lanes x depth`: the transpose of what the matrix is multiplied by.
    #[cfg(feature = "batches")]
    turned: Buffer<T>,
    #[cfg(not(feature = "batches"))]
    nothing: core::marker::PhantomData<T>,
}

#[cfg(feature = "batches")]
impl<T: Real> StepProduct<T> {
    /// The memory of [`new`](Self::new), with as many lanes as columns.
    pub const fn memory(rows: usize, depth: usize, widest: usize) -> Memory {
        Memory::fixed(Packed::<T>::scalars_either_way(rows, depth)).and(Memory::per_column(widest))
    }

    /// For a matrix of `rows x depth` and for its transpose, and columns of at most `widest` rows.
    pub fn new(rows: usize, depth: usize, widest: usize, lanes: usize) -> Self {
        Self { packed: Packed::either_way(rows, depth), turned: Buffer::zeroed(widest * lanes) }
    }

    /// Takes over the elements of the matrix.
    pub fn pack(&mut self, a: &impl Operand<T>) {
        self.packed.pack(a.bare());
    }

    /// `y = y + A x` with the matrix `A` that was taken over, whose sizes the compiler compares.
    pub fn add<R: Extent, K: Dimension>(
        &mut self,
        y: &mut impl Target<T, Size = (R, Dyn)>,
        _: &impl Operand<T, Rows = R, Cols = Dim<K>>,
        x: &impl Operand<T, Rows = Dim<K>, Cols = Dyn>,
    ) {
        let (x, lanes) = (x.bare(), x.bare().cols());
        let turned = &mut self.turned[..K::USIZE * lanes];
        kernel::copy(MatMut::row_major(turned, K::USIZE, lanes), x);
        self.packed.multiply_add(y.bare_mut(), MatRef::row_major(turned, K::USIZE, lanes));
    }
}

#[cfg(not(feature = "batches"))]
#[allow(clippy::unused_self, reason = "as with the feature")]
impl<T: Real> StepProduct<T> {
    /// None.
    pub const fn memory(_: usize, _: usize, _: usize) -> Memory {
        Memory::NONE
    }

    /// Nothing.
    pub fn new(_: usize, _: usize, _: usize, _: usize) -> Self {
        Self { nothing: core::marker::PhantomData }
    }

    /// Takes over nothing.
    pub fn pack(&mut self, _: &impl Operand<T>) {}

    /// `y = y + A x`
    pub fn add<R: Extent, K: Dimension>(
        &mut self,
        y: &mut impl Target<T, Size = (R, Dyn)>,
        a: &impl Operand<T, Rows = R, Cols = Dim<K>>,
        x: &impl Operand<T, Rows = Dim<K>, Cols = Dyn>,
    ) {
        product(a, x).accumulate(T::ONE, y);
    }
}
