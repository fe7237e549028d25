//! A product as its kernels see it, and parts of it.

use crate::scalar::Scalar;

/// One side of a product: `A` by rows or `B` by columns, and the axis summed over.
#[derive(Clone, Copy)]
pub(super) struct Operand<T> {
    pub ptr: *const T,
    /// From a row of `A`, or a column of `B`, to the next.
    pub stride: usize,
    /// From a term of the sums to the next.
    pub depth_stride: usize,
}

impl<T: Copy> Operand<T> {
    /// Term `k` of row (or column) `i`.
    #[inline(always)]
    pub fn at(self, i: usize, k: usize) -> *const T {
        self.ptr.wrapping_add(i * self.stride + k * self.depth_stride)
    }

    /// The operand from row (or column) `i` and term `k` on.
    #[inline(always)]
    pub fn skip(self, i: usize, k: usize) -> Self {
        Self { ptr: self.at(i, k), ..self }
    }
}

/// What is added to a product.
#[derive(Clone, Copy)]
pub(super) enum Bias<T> {
    None,
    /// A number for each row.
    OfRows(*const T),
    /// A number for each column.
    OfColumns(*const T),
}

/// A product with raw operands; the rows of `C` are contiguous.
///
/// Invariant, which the parts keep that this file makes: all elements that shapes and strides
/// describe are valid to read (and `C` to write), and nothing else that runs at the same time
/// writes them.
#[derive(Clone, Copy)]
pub struct Product<T> {
    pub(super) rows: usize,
    pub(super) cols: usize,
    pub(super) depth: usize,
    pub(super) a: Operand<T>,
    pub(super) b: Operand<T>,
    pub(super) c: *mut T,
    /// From a column of `C` to the next.
    pub(super) c_stride: usize,
    pub(super) bias: Bias<T>,
    pub(super) beta: T,
    pub(super) relu: bool,
}

// SAFETY: by the invariant, what the pointers name may be used from any one thread.
unsafe impl<T: Send + Sync> Send for Product<T> {}
// SAFETY: a shared product is only copied and split.
unsafe impl<T: Send + Sync> Sync for Product<T> {}

impl<T: Scalar> Product<T> {
    /// What no element of `C` may be below.
    #[cfg(feature = "batches")]
    #[inline(always)]
    pub(super) fn floor(&self) -> T {
        if self.relu { T::ZERO } else { -T::ONE / T::ZERO }
    }
}

/// Parts.
#[cfg(feature = "batches")]
impl<T: Scalar> Product<T> {
    /// The part of `rows` rows from `row` on, and `cols` columns from `col` on, which must lie
    /// inside the product. Parts that are computed at the same time must not overlap.
    #[inline(always)]
    pub(super) fn part(self, row: usize, rows: usize, col: usize, cols: usize) -> Self {
        debug_assert!(row + rows <= self.rows && col + cols <= self.cols);
        Self {
            rows,
            cols,
            a: self.a.skip(row, 0),
            b: self.b.skip(col, 0),
            c: self.c.wrapping_add(row + col * self.c_stride),
            bias: match self.bias {
                Bias::None => Bias::None,
                Bias::OfRows(bias) => Bias::OfRows(bias.wrapping_add(row)),
                Bias::OfColumns(bias) => Bias::OfColumns(bias.wrapping_add(col)),
            },
            ..self
        }
    }

    /// The product in blocks of at most `most` terms, of nearly the same size and, but for the last,
    /// multiples of `unit`, as `most` is. Computed in order they make the product: the first has
    /// the bias and the old `C`, the last the rectifier. Without terms there is one block as well.
    #[inline(always)]
    pub(super) fn by_depth(self, most: usize, unit: usize) -> impl Iterator<Item = Self> {
        let mut rest = Some(self);
        core::iter::from_fn(move || {
            let whole = rest?;
            let parts = whole.depth.div_ceil(most).max(1);
            let depth = whole.depth.div_ceil(parts).next_multiple_of(unit);
            if depth >= whole.depth {
                rest = None;
                return Some(whole);
            }
            rest = Some(Self {
                depth: whole.depth - depth,
                a: whole.a.skip(0, depth),
                b: whole.b.skip(0, depth),
                beta: T::ONE,
                bias: Bias::None,
                ..whole
            });
            Some(Self { depth, relu: false, ..whole })
        })
    }
}
