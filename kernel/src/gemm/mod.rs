//! Matrix products.
//!
//! `C = beta * C + A * B` for matrices of any strides, `C` contiguous along one axis. Vectors run
//! along that axis, unless both operands are contiguous along the sums and the shape is thin; then
//! they run along the sums:
//!
//! - `outer`: the gradients of a dense layer, with respect to its input and its weights, and
//!   large products of any kind. An operand that does not lie well is copied.
//! - `dot`: the forward pass of a dense layer on few samples. Nothing is copied.
//! - `sparse`: any of these where an operand is largely zeros, as ReLU and dropout leave it. Terms
//!   with a factor of 0 may be left out, so that 0 times what is not finite may count as 0.
//! - `column`: in place of all of these without the feature `batches`.
//!
//! Copies live in memory that each thread allocates once, when it first copies an operand, or
//! without `std` on the stack. The order of the sums of an element depends on the shapes, the
//! strides, the instruction set and whether there are many zeros: never on its place or on the
//! number of threads.

#[cfg(any(test, not(feature = "batches")))]
mod column;
#[cfg(feature = "batches")]
mod copy;
#[cfg(feature = "batches")]
mod dot;
#[cfg(feature = "batches")]
mod nonzero;
#[cfg(feature = "batches")]
mod outer;
#[cfg(feature = "batches")]
mod plan;
pub(crate) mod product;
#[cfg(feature = "batches")]
mod sparse;
#[cfg(feature = "batches")]
mod tile;

#[cfg(not(feature = "batches"))]
pub(crate) use column::compute;
#[cfg(feature = "batches")]
pub(crate) use plan::compute;

use super::{
    real::Real,
    view::{MatMut, MatRef},
};
use product::{Bias, Operand, Product};

/// Scalars that stay in the cache of the second level, beside what passes by.
pub const NEAR: usize = 1 << 18;

/// What happens to `A * B` before it is stored in `C`: the second half of a dense layer.
#[derive(Clone, Copy, Debug)]
pub struct Finish<'a, T> {
    /// The old `C` is multiplied by this and added; at 0 it is not even read.
    pub beta: T,
    /// Added to every column; its length is the number of rows.
    pub bias: Option<&'a [T]>,
    /// Whether negative elements become 0 in the end.
    pub relu: bool,
}

impl<T: Real> Default for Finish<'_, T> {
    /// Stores the bare product.
    fn default() -> Self {
        Self { beta: T::ZERO, bias: None, relu: false }
    }
}

/// `C = beta * C + A * B`.
///
/// Where `A` or `B` is largely zeros, terms with a factor of 0 are left out, whatever the other
/// factor.
///
/// ```
/// use formwork_kernel::{MatMut, MatRef, gemm};
///
/// // [1 2; 3 4] * [5; 6] = [1*5 + 2*6; 3*5 + 4*6]
/// let mut c = [0.0_f32; 2];
/// gemm(
///     MatMut::col_major(&mut c, 2, 1),
///     0.0,
///     MatRef::row_major(&[1.0, 2.0, 3.0, 4.0], 2, 2),
///     MatRef::col_major(&[5.0, 6.0], 2, 1),
/// );
/// assert_eq!(c, [17.0, 39.0]);
/// ```
///
/// # Panics
/// If `C` is not `A.rows x B.cols`, or `A.cols` is not `B.rows`.
#[track_caller]
pub fn gemm<T: Real>(c: MatMut<'_, T>, beta: T, a: MatRef<'_, T>, b: MatRef<'_, T>) {
    gemm_with(c, a, b, Finish { beta, ..Finish::default() });
}

/// `C = beta * C + A * B + bias`, then perhaps ReLU, in one pass over `C`.
///
/// ```
/// use formwork_kernel::{Finish, MatMut, MatRef, gemm_with};
///
/// // relu([1 -2; 3 4] * [5; 6] + [1; -30])
/// let mut c = [0.0_f32; 2];
/// gemm_with(
///     MatMut::col_major(&mut c, 2, 1),
///     MatRef::row_major(&[1.0, -2.0, 3.0, 4.0], 2, 2),
///     MatRef::col_major(&[5.0, 6.0], 2, 1),
///     Finish { bias: Some(&[1.0, -30.0]), relu: true, ..Finish::default() },
/// );
/// assert_eq!(c, [0.0, 9.0]);
/// ```
///
/// # Panics
/// If `C` is not `A.rows x B.cols`, `A.cols` is not `B.rows`, or the bias has not `A.rows`
/// elements.
#[track_caller]
#[inline(never)]
pub fn gemm_with<T: Real>(
    c: MatMut<'_, T>,
    a: MatRef<'_, T>,
    b: MatRef<'_, T>,
    finish: Finish<'_, T>,
) {
    let shape = c.as_ref();
    assert!(
        a.cols() == b.rows() && (shape.rows(), shape.cols()) == (a.rows(), b.cols()),
        "a {} x {} matrix cannot be the product of {} x {} and {} x {}",
        shape.rows(),
        shape.cols(),
        a.rows(),
        a.cols(),
        b.rows(),
        b.cols()
    );
    if let Some(bias) = finish.bias {
        assert_eq!(bias.len(), a.rows(), "length of the bias");
    }
    // Vectors run along the rows of a product; C = A B is also C' = B' A'.
    let by_rows = shape.row_stride() != 1 || (shape.col_stride() == 1 && shape.rows() == 1);
    let (mut c, a, b) = if by_rows { (c.t(), b.t(), a.t()) } else { (c, a, b) };
    T::product(&Product {
        rows: a.rows(),
        cols: b.cols(),
        depth: a.cols(),
        a: Operand { ptr: a.as_ptr(), stride: a.row_stride(), depth_stride: a.col_stride() },
        b: Operand { ptr: b.as_ptr(), stride: b.col_stride(), depth_stride: b.row_stride() },
        c_stride: c.as_ref().col_stride(),
        c: c.as_mut_ptr(),
        bias: match finish.bias {
            None => Bias::None,
            Some(bias) if by_rows => Bias::OfColumns(bias.as_ptr()),
            Some(bias) => Bias::OfRows(bias.as_ptr()),
        },
        beta: finish.beta,
        relu: finish.relu,
    });
}
