//! Products with one matrix, step after step.

use crate::kernel::recurrent::Packed;
use crate::kernel::{self, Real};
use crate::shape::{AsColumns, Dim, Dimension, Operand, Target};
use nalgebra::{Const, DimName, Dyn, MatrixView};

/// `lanes x Rows`: the transpose of a step.
pub type Lanes<'a, T, Rows> = MatrixView<'a, T, Dyn, Dim<Rows>, Const<1>, Dyn>;

/// The transpose of a step, written to the first elements of `to`.
pub fn transposed<'a, T: Real, Rows: Dimension>(
    to: &'a mut [T],
    step: &impl AsColumns<T, Rows>,
) -> Lanes<'a, T, Rows> {
    let step = step.elements();
    let (to, lanes) = (&mut to[..step.len()], step.len() / Rows::USIZE.max(1));
    kernel::columns::transpose(to, step, Rows::USIZE, lanes);
    MatrixView::from_slice_generic(to, Dyn(lanes), Dim::name())
}

/// `y = y + A x`, where `packed` holds `A`, whose sizes the compiler compares.
pub fn add_product<T: Real, R: nalgebra::Dim, K: nalgebra::Dim, C: nalgebra::Dim>(
    y: &mut impl Target<T, Size = (R, C)>,
    (packed, _): (&Packed<T>, &impl Operand<T, Rows = R, Cols = K>),
    x: &impl Operand<T, Rows = K, Cols = C>,
) {
    packed.multiply_add(y.bare_mut(), x.bare());
}
