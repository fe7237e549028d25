//! Products a column at a time, by one small routine: all that is compiled of them without the
//! feature `batches`.
//!
//! Four rows share what they are multiplied by. Where both operands are contiguous along the sums,
//! each row has a vector of sums; what fills no vector, and all of operands that lie otherwise, is
//! added term by term. Nothing is copied.

use super::product::{Bias, Operand, Product};
use crate::{
    dispatch::{Isa, Kernel, dispatch},
    scalar::Scalar,
    vector::Vector,
};

/// Rows that share a column.
const ROWS: usize = 4;

/// Computes a product.
pub(crate) fn compute<T: Scalar>(p: &Product<T>) {
    dispatch(Columns(p));
}

struct Columns<'a, T>(&'a Product<T>);

impl<T: Scalar> Kernel for Columns<'_, T> {
    type Output = ();
    const AVX512: bool = T::AVX512;

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let p = self.0;
        // Of the two sides, the longer one makes the rows; strides of `C` are for either.
        let turned = p.rows < p.cols;
        let (rows, cols) = if turned { (p.cols, p.rows) } else { (p.rows, p.cols) };
        let (a, b) = if turned { (p.b, p.a) } else { (p.a, p.b) };
        let (down, across) = if turned { (p.c_stride, 1) } else { (1, p.c_stride) };
        let (bias, bias_down, bias_across) = match p.bias {
            Bias::None => (core::ptr::null(), 0, 0),
            Bias::OfRows(bias) if turned => (bias, 0, 1),
            Bias::OfRows(bias) => (bias, 1, 0),
            Bias::OfColumns(bias) if turned => (bias, 1, 0),
            Bias::OfColumns(bias) => (bias, 0, 1),
        };
        // Of one term, such as a recurrent layer's of one input; to begin tiles would take longer.
        if p.depth == 1 && p.beta == T::ZERO && !p.relu && !bias.is_null() {
            for col in 0..cols {
                let (mut a, stride, mut c) = (a.ptr, a.stride, p.c.wrapping_add(col * across));
                let mut bias = bias.wrapping_add(col * bias_across);
                // SAFETY: by the invariant of `Product` these rows of this column may be read and
                // written.
                unsafe {
                    let factor = *b.at(col, 0);
                    for _ in 0..rows {
                        *c = *bias + *a * factor;
                        (a, bias) = (a.wrapping_add(stride), bias.wrapping_add(bias_down));
                        c = c.wrapping_add(down);
                    }
                }
            }
            return;
        }
        for col in 0..cols {
            let mut row = 0;
            let (mut count, mut all) = (ROWS, 1);
            while row < rows {
                // What is left of less than a tile goes row by row, each in the place of four.
                if rows - row < count {
                    (count, all) = (1, 0);
                }
                let tile = Tile {
                    a: Operand { stride: all * a.stride, ..a.skip(row, 0) },
                    b: b.skip(col, 0),
                    depth: p.depth,
                    c: p.c.wrapping_add(row * down + col * across),
                    down: all * down,
                    bias: bias.wrapping_add(row * bias_down + col * bias_across),
                    bias_down: all * bias_down,
                    beta: p.beta,
                    relu: p.relu,
                };
                // SAFETY: the token of type `I` was given, and by the invariant of `Product` these
                // rows of this column may be read and written; no bias is null.
                unsafe { tile.compute::<T::Vector<I>>(!bias.is_null()) };
                row += count;
            }
        }
    }
}

/// Four rows of a column, which may be the same one.
struct Tile<T> {
    a: Operand<T>,
    b: Operand<T>,
    depth: usize,
    c: *mut T,
    down: usize,
    bias: *const T,
    bias_down: usize,
    beta: T,
    relu: bool,
}

impl<T: Scalar> Tile<T> {
    /// # Safety
    /// The instruction set of `V` is available; of both operands all terms may be read, of the bias,
    /// if there is one, a number for each row, and each row of `c` may be read and written.
    #[inline(always)]
    unsafe fn compute<V: Vector<Elem = T>>(self, has_bias: bool) {
        let Self { a, b, depth, c, down, bias, bias_down, beta, relu } = self;
        // All is said four times, since no loop is unrolled where code is to be small, and what is in a
        // loop over rows is not in registers.
        let after = |from: *const T, step: usize| {
            let second = from.wrapping_add(step);
            let third = second.wrapping_add(step);
            [second, third, third.wrapping_add(step)]
        };
        let [mut a0, mut x] = [a.ptr, b.ptr];
        let [mut a1, mut a2, mut a3] = after(a0, a.stride);
        let [c1, c2, c3] = after(c, down);
        let (c1, c2, c3) = (c1.cast_mut(), c2.cast_mut(), c3.cast_mut());
        // SAFETY: the caller's promise.
        unsafe {
            let (mut s0, mut s1, mut s2, mut s3) = (T::ZERO, T::ZERO, T::ZERO, T::ZERO);
            if has_bias {
                let [b1, b2, b3] = after(bias, bias_down);
                (s0, s1, s2, s3) = (*bias, *b1, *b2, *b3);
            }
            if beta != T::ZERO {
                s0 += beta * *c;
                s1 += beta * *c1;
                s2 += beta * *c2;
                s3 += beta * *c3;
            }
            let mut rest = depth;
            if a.depth_stride == 1 && b.depth_stride == 1 {
                // What there is already is a term like others, in the first lane.
                let mut v0 = V::load_first(&raw const s0, 1);
                let mut v1 = V::load_first(&raw const s1, 1);
                let mut v2 = V::load_first(&raw const s2, 1);
                let mut v3 = V::load_first(&raw const s3, 1);
                macro_rules! add {
                    ($at:expr) => {
                        let column = V::load(x.add($at));
                        v0 = v0.add_mul(V::load(a0.add($at)), column);
                        v1 = v1.add_mul(V::load(a1.add($at)), column);
                        v2 = v2.add_mul(V::load(a2.add($at)), column);
                        v3 = v3.add_mul(V::load(a3.add($at)), column);
                    };
                }
                macro_rules! skip {
                    ($terms:expr) => {
                        (a0, a1) = (a0.wrapping_add($terms), a1.wrapping_add($terms));
                        (a2, a3) = (a2.wrapping_add($terms), a3.wrapping_add($terms));
                        x = x.wrapping_add($terms);
                        rest -= $terms;
                    };
                }
                while rest >= 2 * V::LANES {
                    add!(0);
                    add!(V::LANES);
                    skip!(2 * V::LANES);
                }
                if rest >= V::LANES {
                    add!(0);
                    skip!(V::LANES);
                }
                let mut sums = [T::ZERO; ROWS];
                V::sum4([v0, v1, v2, v3]).store_first(sums.as_mut_ptr(), ROWS);
                [s0, s1, s2, s3] = sums;
            }
            while rest > 0 {
                let factor = *x;
                s0 += *a0 * factor;
                s1 += *a1 * factor;
                s2 += *a2 * factor;
                s3 += *a3 * factor;
                let step = a.depth_stride;
                (a0, a1) = (a0.wrapping_add(step), a1.wrapping_add(step));
                (a2, a3) = (a2.wrapping_add(step), a3.wrapping_add(step));
                x = x.wrapping_add(b.depth_stride);
                rest -= 1;
            }
            if relu {
                // Written so that NaN stays NaN.
                let floored = |sum: T| if sum < T::ZERO { T::ZERO } else { sum };
                (s0, s1, s2, s3) = (floored(s0), floored(s1), floored(s2), floored(s3));
            }
            *c = s0;
            *c1 = s1;
            *c2 = s2;
            *c3 = s3;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    /// Numbers from -1 to 1 in no order.
    fn numbers(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|i| ((i * 37 + seed * 11) % 101) as f32 / 50.0 - 1.0).collect()
    }

    /// Whether rows of `A`, and columns of `B`, are contiguous.
    fn product(
        [rows, cols, depth]: [usize; 3],
        contiguous: [bool; 2],
        (a, b, c): (&[f32], &[f32], &mut [f32]),
    ) -> Product<f32> {
        let operand = |ptr, count, contiguous| {
            let (stride, depth_stride) = if contiguous { (depth, 1) } else { (1, count) };
            Operand { ptr, stride, depth_stride }
        };
        Product {
            rows,
            cols,
            depth,
            a: operand(a.as_ptr(), rows, contiguous[0]),
            b: operand(b.as_ptr(), cols, contiguous[1]),
            c: c.as_mut_ptr(),
            c_stride: rows,
            bias: Bias::None,
            beta: 0.0,
            relu: false,
        }
    }

    #[test]
    fn is_the_sum_of_products_however_operands_lie() {
        for size in [
            [1, 1, 1],
            [4, 1, 8],
            [7, 1, 13],
            [3, 5, 4],
            [9, 3, 0],
            [9, 3, 1],
            [2, 5, 1],
            [1, 6, 21],
            [0, 2, 2],
        ] {
            let [rows, cols, depth] = size;
            let (a, b) = (numbers(rows * depth, 1), numbers(depth * cols, 2));
            for case in 0..32 {
                let contiguous = [case & 1 > 0, case & 2 > 0];
                let (relu, beta) = (case & 4 > 0, if case & 8 > 0 { 0.5 } else { 0.0 });
                let bias = numbers(rows.max(cols), 3);
                let before = numbers(rows * cols, 4);
                let mut c = before.clone();
                let p = product(size, contiguous, (&a, &b, &mut c));
                let of_rows = case & 16 > 0;
                let bias_of = if of_rows { Bias::OfRows } else { Bias::OfColumns };
                compute(&Product { relu, beta, bias: bias_of(bias.as_ptr()), ..p });
                for (at, c) in c.iter().enumerate() {
                    let (i, j) = (at % rows, at / rows);
                    let mut sum = bias[if of_rows { i } else { j }] + beta * before[at];
                    for k in 0..depth {
                        let a = a[if contiguous[0] { i * depth + k } else { k * rows + i }];
                        let b = b[if contiguous[1] { j * depth + k } else { k * cols + j }];
                        sum += a * b;
                    }
                    let expected = if relu { sum.max(0.0) } else { sum };
                    assert!((c - expected).abs() < 1e-5, "{size:?} {case} {at}: {c} {expected}");
                }
            }
        }
    }

    /// So a microcontroller gives the bits of a desktop.
    #[cfg(feature = "batches")]
    #[test]
    fn has_the_bits_of_a_dot_product() {
        let [rows, cols, depth] = [10, 1, 64];
        let (a, b) = (numbers(rows * depth, 1), numbers(depth * cols, 2));
        let (mut one, mut other) = ([0.0; 10], [0.0; 10]);
        let bias = numbers(rows, 3);
        let p = product([rows, cols, depth], [true; 2], (&a, &b, &mut one));
        let p = Product { bias: Bias::OfRows(bias.as_ptr()), relu: true, ..p };
        compute(&p);
        crate::gemm::plan::compute(&Product { c: other.as_mut_ptr(), ..p });
        assert_eq!(one, other);
    }
}
