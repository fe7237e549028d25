//! Functions of matrices in which every row, a feature, has coefficients of its own; the compiler
//! compares the numbers of rows.

use super::{AsColumns, ColumnsMut, Dimension};
use crate::kernel::{Real, features};
use generic_array::GenericArray;
use typenum::U2;

/// `y[f, s] = map(a[f, s], b[f, s], [c0[f], c1[f], ..])`
///
/// # Panics
/// When the matrices have different numbers of columns, or no rows.
///
/// ```
/// use formwork::shape::{columns, columns_mut, features};
/// use formwork::typenum::U2;
///
/// let x = columns::<U2, f32>(&[1.0, 2.0, 3.0, 4.0]);
/// let mut y = [0.0; 4];
/// features::apply(&mut columns_mut(&mut y), &x, &x, [&[10.0, 100.0].into()], |x, _, [c]| c * x);
/// assert_eq!(y, [10.0, 200.0, 30.0, 400.0]);
/// ```
#[track_caller]
pub fn apply<T: Real, Rows: Dimension, const K: usize>(
    y: &mut ColumnsMut<'_, T, Rows>,
    a: &impl AsColumns<T, Rows>,
    b: &impl AsColumns<T, Rows>,
    coefficients: [&GenericArray<T, Rows>; K],
    map: impl Fn(T, T, [T; K]) -> T + Sync,
) {
    let coefficients = coefficients.map(GenericArray::as_slice);
    features::apply(y.as_mut_slice(), a.elements(), b.elements(), coefficients, map);
}

/// For each feature, the sums over the columns of two terms:
/// `total[f] = sum over s of term(a[f, s], b[f, s], c[f])`.
///
/// # Panics
/// When the matrices have different numbers of columns, or no rows.
///
/// ```
/// use formwork::shape::{columns, features};
/// use formwork::typenum::U2;
///
/// let x = columns::<U2, f32>(&[1.0, 2.0, 3.0, 4.0]);
/// let mut total = Default::default();
/// features::sums(&mut total, &x, &x, &[2.0, 2.0].into(), |x, _, c| [x, (x - c) * (x - c)]);
/// assert_eq!(total, [[4.0, 2.0].into(), [6.0, 4.0].into()].into());
/// ```
#[track_caller]
pub fn sums<T: Real, Rows: Dimension>(
    total: &mut GenericArray<GenericArray<T, U2>, Rows>,
    a: &impl AsColumns<T, Rows>,
    b: &impl AsColumns<T, Rows>,
    coefficients: &GenericArray<T, Rows>,
    term: impl Fn(T, T, T) -> [T; 2] + Sync,
) {
    let total = GenericArray::into_chunks_mut(total);
    features::sums(total, a.elements(), b.elements(), coefficients, term);
}
