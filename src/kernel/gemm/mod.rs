//! Matrix products.
//!
//! `C = beta * C + A * B` for matrices of any strides, `C` contiguous along one axis. Vectors run
//! along that axis, so what a product costs depends on the strides of `A` and `B`:
//!
//! - `A` contiguous along the same axis as `C` (`outer`): products with a transposed weight
//!   matrix, and of weight gradients. Nothing is copied.
//! - `A` and `B` both contiguous along the axis that is summed over (`dot`): the forward pass
//!   of a dense layer. Nothing is copied, either.
//! - anything else: `A` is copied in panels, then as the first.
//!
//! The panels live on the stack, so no product allocates, with or without `std`. The order of the
//! sums of an element depends on the shapes, the strides and the instruction set: never on its
//! place or on the number of threads.

#![allow(clippy::needless_range_loop, reason = "indices as in the equations")]

mod dot;
mod outer;

use super::{MatMut, MatRef, Real, parallel};
use core::{mem::MaybeUninit, ptr};

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
/// ```
/// use formwork::kernel::{MatMut, MatRef, gemm};
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
/// use formwork::kernel::{Finish, MatMut, MatRef, gemm_with};
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
pub fn gemm_with<T: Real>(
    mut c: MatMut<'_, T>,
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
    let (row_stride, col_stride) = (shape.row_stride(), shape.col_stride());
    let transpose = row_stride != 1 || (col_stride == 1 && shape.rows() == 1);
    let bias = finish.bias.map_or(ptr::null(), <[T]>::as_ptr);
    let mut product = Product {
        rows: a.rows(),
        cols: b.cols(),
        depth: a.cols(),
        a: Operand { ptr: a.as_ptr(), stride: a.row_stride(), depth_stride: a.col_stride() },
        b: Operand { ptr: b.as_ptr(), stride: b.col_stride(), depth_stride: b.row_stride() },
        c: c.as_mut_ptr(),
        c_stride: col_stride,
        row_bias: bias,
        col_bias: ptr::null(),
        beta: finish.beta,
        relu: finish.relu,
    };
    // Vectors run along the rows of a product; C = A B is also C' = B' A'.
    if transpose {
        product = Product {
            rows: product.cols,
            cols: product.rows,
            a: product.b,
            b: product.a,
            c_stride: row_stride,
            row_bias: ptr::null(),
            col_bias: bias,
            ..product
        };
    }
    T::product(product);
}

/// One side of a product: `A` by rows or `B` by columns, and the axis summed over.
#[derive(Clone, Copy)]
struct Operand<T> {
    ptr: *const T,
    /// From a row of `A`, or a column of `B`, to the next.
    stride: usize,
    /// From a term of the sums to the next.
    depth_stride: usize,
}

impl<T> Operand<T> {
    /// Term `k` of row (or column) `i`.
    ///
    /// # Safety
    /// It lies inside the matrix.
    #[inline(always)]
    unsafe fn at(self, i: usize, k: usize) -> *const T {
        // SAFETY: so that place is inside the slice.
        unsafe { self.ptr.add(i * self.stride + k * self.depth_stride) }
    }

    /// The operand from row (or column) `i` on.
    ///
    /// # Safety
    /// It lies inside the matrix.
    #[inline(always)]
    unsafe fn skip(self, i: usize) -> Self {
        // SAFETY: the caller's promise.
        Self { ptr: unsafe { self.ptr.add(i * self.stride) }, ..self }
    }
}

/// Memory for copies of operands, aligned to cache lines.
#[repr(align(64))]
struct Panel<T, const N: usize>([MaybeUninit<T>; N]);

impl<T, const N: usize> Panel<T, N> {
    #[inline(always)]
    fn new() -> Self {
        Self([const { MaybeUninit::uninit() }; N])
    }

    #[inline(always)]
    fn as_mut_ptr(&mut self) -> *mut T {
        self.0.as_mut_ptr().cast()
    }
}

/// A product with raw operands; the rows of `C` are contiguous.
///
/// Invariant: all elements that shapes and strides describe are valid to read (and `C` to write),
/// and no other product that is running at the same time writes them.
#[derive(Clone, Copy)]
pub struct Product<T> {
    rows: usize,
    cols: usize,
    depth: usize,
    a: Operand<T>,
    b: Operand<T>,
    c: *mut T,
    /// From a column of `C` to the next.
    c_stride: usize,
    /// Null, or a bias for each row.
    row_bias: *const T,
    /// Null, or a bias for each column.
    col_bias: *const T,
    beta: T,
    relu: bool,
}

// SAFETY: by the invariant, what the pointers name may be used from any one thread.
unsafe impl<T: Send + Sync> Send for Product<T> {}
// SAFETY: a shared product is only copied and split.
unsafe impl<T: Send + Sync> Sync for Product<T> {}

impl<T: Real> Product<T> {
    /// Cuts the product between threads and computes it.
    pub(super) fn compute(self) {
        if self.rows == 0 || self.cols == 0 {
            return;
        }
        // For the whole, so that all parts round alike.
        let by_dots = dot::suits(&self);
        // Two operations a term, and about 160 of them in a nanosecond.
        let cost = self.rows * self.cols * self.depth / 80;
        let threads = if cost < parallel::WORTHWHILE { 1 } else { parallel::threads() };
        if threads == 1 {
            return self.compute_part(by_dots);
        }
        // Cut the longer side, in multiples of a cache line along rows; for a product that takes
        // long in more pieces than threads, in case that one of them is slower.
        let by_rows = self.rows >= 2 * self.cols;
        let (len, unit) = if by_rows { (self.rows, 16) } else { (self.cols, 1) };
        let pieces = threads * (cost / threads / 1_000_000).clamp(1, 4);
        let piece = len.div_ceil(pieces).next_multiple_of(unit);
        parallel::for_each(len.div_ceil(piece), cost, |i| {
            let start = i * piece;
            let n = piece.min(len - start);
            // SAFETY: the pieces lie inside the matrix and do not overlap.
            let part = unsafe {
                if by_rows {
                    self.part(start, n, 0, self.cols)
                } else {
                    self.part(0, self.rows, start, n)
                }
            };
            part.compute_part(by_dots);
        });
    }

    /// Computes the product on this thread.
    fn compute_part(self, by_dots: bool) {
        if by_dots {
            dot::compute(self);
        } else {
            outer::compute(self);
        }
    }

    /// The part of `rows` rows from `row` on, and `cols` columns from `col` on.
    ///
    /// # Safety
    /// They lie inside the matrix, and parts that run at the same time do not overlap.
    #[inline(always)]
    unsafe fn part(self, row: usize, rows: usize, col: usize, cols: usize) -> Self {
        // SAFETY: the caller's promise; a null pointer stays null.
        unsafe {
            Self {
                rows,
                cols,
                a: self.a.skip(row),
                b: self.b.skip(col),
                c: self.c.add(row + col * self.c_stride),
                row_bias: if self.row_bias.is_null() {
                    self.row_bias
                } else {
                    self.row_bias.add(row)
                },
                col_bias: if self.col_bias.is_null() {
                    self.col_bias
                } else {
                    self.col_bias.add(col)
                },
                ..self
            }
        }
    }

    /// What no element of `C` may be below.
    #[inline(always)]
    fn floor(&self) -> T {
        if self.relu { T::ZERO } else { -T::ONE / T::ZERO }
    }

    /// The product of the first `depth` terms, and one that adds the others if there are any.
    ///
    /// # Safety
    /// There are that many.
    #[inline(always)]
    unsafe fn split_depth(self, depth: usize) -> (Self, Option<Self>) {
        if depth == self.depth {
            return (self, None);
        }
        let first = Self { depth, relu: false, ..self };
        // SAFETY: the caller's promise.
        let rest = unsafe {
            Self {
                depth: self.depth - depth,
                a: Operand { ptr: self.a.at(0, depth), ..self.a },
                b: Operand { ptr: self.b.at(0, depth), ..self.b },
                beta: T::ONE,
                row_bias: ptr::null(),
                col_bias: ptr::null(),
                ..self
            }
        };
        (first, Some(rest))
    }
}

/// Deals `len` out to as few parts of at most `most` as possible, all of nearly the same size:
/// their starts and sizes.
#[inline(always)]
fn deal(len: usize, most: usize) -> Deal {
    let parts = len.div_ceil(most);
    Deal { start: 0, size: len / parts, larger: len % parts, parts }
}

struct Deal {
    start: usize,
    size: usize,
    /// Parts that are one larger than `size`.
    larger: usize,
    parts: usize,
}

impl Iterator for Deal {
    type Item = (usize, usize);

    #[inline(always)]
    fn next(&mut self) -> Option<(usize, usize)> {
        if self.parts == 0 {
            return None;
        }
        let size = self.size + usize::from(self.larger > 0);
        let start = self.start;
        self.parts -= 1;
        self.larger = self.larger.saturating_sub(1);
        self.start += size;
        Some((start, size))
    }
}
