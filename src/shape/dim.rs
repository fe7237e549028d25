//! The bridge to nalgebra: a typenum integer as a dimension of nalgebra's matrices.

use super::Dimension;
use core::marker::PhantomData;
use nalgebra::DimName;

/// A typenum integer as a dimension of nalgebra's matrices, so that nalgebra checks every product.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dim<N>(PhantomData<N>);

// SAFETY: nalgebra asks that the type stand for one number, always the same: `N::USIZE`.
unsafe impl<N: Dimension> nalgebra::Dim for Dim<N> {
    fn try_to_usize() -> Option<usize> {
        Some(N::USIZE)
    }

    fn value(&self) -> usize {
        N::USIZE
    }

    fn from_usize(size: usize) -> Self {
        assert_eq!(size, N::USIZE, "a dimension of {} cannot be {size}", N::USIZE);
        Self(PhantomData)
    }
}

impl<N: Dimension> DimName for Dim<N> {
    const DIM: usize = N::USIZE;

    fn name() -> Self {
        Self(PhantomData)
    }

    fn dim() -> usize {
        N::USIZE
    }
}
