//! Filters of a run of columns.

use super::tile::{add_tap, sums_from, total, widest};
use super::{FEW, Filters, Sizes};
use crate::{
    dispatch::{Isa, Kernel, dispatch},
    scalar::Scalar,
    vector::Vector,
};
use core::marker::PhantomData;
use typenum::Unsigned;

/// A run of columns that are filtered.
pub struct Filter<'a, T> {
    /// The filters.
    pub filters: &'a Filters<T>,
    /// Columns of at least as many channels as the filters of all groups take, the first ones of
    /// which they take.
    pub x: &'a [T],
    /// From a column of `x` to the next.
    pub x_stride: usize,
    /// After so many columns the first one follows, where taps are counted on.
    pub columns: usize,
    /// The first column of the run of the first tap.
    pub first: usize,
    /// The columns from a tap's run to the next tap's.
    pub shift: usize,
    /// How many columns a run has: it must not go beyond the end of `x`.
    pub count: usize,
    /// Columns whose first elements are the outputs.
    pub y: &'a mut [T],
    /// From a column of `y` to the next.
    pub y_stride: usize,
    /// What is done with the outputs.
    pub finish: Finish,
}

/// What is done with outputs.
#[derive(Clone, Copy, Debug, Default)]
pub struct Finish {
    /// Whether they are added to what is there.
    pub add: bool,
    /// Whether 0 is stored in the place of what is negative.
    pub rectify: bool,
}

impl<T: Scalar> Filter<'_, T> {
    /// Computes the outputs, of `Channels`, `Filters` and `Taps` as the filters have.
    ///
    /// # Panics
    /// If the filters are others, a run goes beyond the end of the columns, or columns overlap.
    #[inline]
    pub fn run<Channels: Unsigned, Filters: Unsigned, Taps: Unsigned>(mut self) {
        let sizes @ Sizes { groups, .. } = self.filters.sizes;
        let (filters, channels, taps) = (Filters::USIZE, Channels::USIZE, Taps::USIZE);
        assert_eq!(sizes, Sizes { groups, filters, channels, taps }, "filters of other sizes");
        let (inputs, outputs) = (channels * groups, filters * groups);
        if self.count == 0 || outputs == 0 || taps == 0 {
            return;
        }
        assert!(inputs <= self.x_stride && outputs <= self.y_stride, "channels of a filter");
        let Self { columns, first, shift, .. } = self;
        assert!(first < columns && shift <= columns, "a tap beyond all columns");
        let fits = |from: usize, stride: usize, rows: usize, len: usize| {
            let last = from.checked_add(self.count - 1).and_then(|last| last.checked_mul(stride));
            last.is_some_and(|last| last.saturating_add(rows) <= len)
        };
        let mut at = first;
        for _ in 0..taps {
            assert!(
                fits(at, self.x_stride, inputs, self.x.len()),
                "a run of columns beyond the last"
            );
            at = next(at, shift, columns);
        }
        assert!(
            fits(0, self.y_stride, outputs, self.y.len()),
            "no room for the outputs of a filter"
        );
        dispatch(Sized::<Channels, Filters, Taps, T>(&mut self, PhantomData));
    }
}

/// The first column of the run after that which begins at `at`.
#[inline(always)]
pub(super) fn next(at: usize, shift: usize, columns: usize) -> usize {
    let next = at + shift;
    if next >= columns { next - columns } else { next }
}

/// With sizes that are constants. By reference: a copy of what has just been written would wait for it.
struct Sized<'f, 'a, C, F, K, T>(&'f mut Filter<'a, T>, PhantomData<(C, F, K)>);

impl<C: Unsigned, F: Unsigned, K: Unsigned, T: Scalar> Kernel for Sized<'_, '_, C, F, K, T> {
    type Output = ();
    const AVX512: bool = T::AVX512;

    #[inline(always)]
    fn run<I: Isa>(mut self, _: I) {
        // SAFETY: the token of type `I` was given; `Filter::run` has checked that all columns exist.
        unsafe {
            if const { F::USIZE <= FEW } {
                self.on::<T::Narrow<I>, I>();
            } else {
                self.on::<T::Vector<I>, I>();
            }
        }
    }
}

impl<C: Unsigned, F: Unsigned, K: Unsigned, T: Scalar> Sized<'_, '_, C, F, K, T> {
    /// # Safety
    /// The instruction set `I` is available, of which `V` is, and all columns exist.
    #[inline(always)]
    unsafe fn on<V: Vector<Elem = T>, I: Isa>(&mut self) {
        for group in 0..self.0.filters.sizes.groups {
            for row in (0..F::USIZE).step_by(2 * V::LANES) {
                // SAFETY: the caller's promise, and there are such rows.
                unsafe {
                    if const { F::USIZE > V::LANES } && F::USIZE - row > V::LANES {
                        self.vectors::<V, I, 2>(group, row);
                    } else {
                        self.vectors::<V, I, 1>(group, row);
                    }
                }
            }
        }
    }

    /// `H` vectors of rows in all columns.
    ///
    /// # Safety
    /// As for [`on`](Self::on), and the last of the vectors has a row.
    #[inline(always)]
    unsafe fn vectors<V, I, const H: usize>(&mut self, group: usize, row: usize)
    where
        V: Vector<Elem = T>,
        I: Isa,
    {
        // SAFETY: the caller's promise.
        unsafe {
            match const { widest(T::Vector::<I>::REGISTERS, H, K::USIZE) } {
                6 => self.columns::<V, H, 6>(group, row),
                3 => self.columns::<V, H, 3>(group, row),
                2 => self.columns::<V, H, 2>(group, row),
                _ => self.columns::<V, H, 1>(group, row),
            }
        }
    }

    /// `H` vectors of rows in all columns, of which `W` at a time.
    ///
    /// # Safety
    /// As for [`vectors`](Self::vectors).
    #[inline(always)]
    unsafe fn columns<V, const H: usize, const W: usize>(&mut self, group: usize, row: usize)
    where
        V: Vector<Elem = T>,
    {
        let mut column = 0;
        // SAFETY: the caller's promise; these columns exist.
        unsafe {
            while W > 1 && column + W <= self.0.count {
                self.tile::<V, H, W>(group, row, column);
                column += W;
            }
            // A few that are left over do not wait for one another so long.
            while W > 3 && column + 2 <= self.0.count {
                self.tile::<V, H, 2>(group, row, column);
                column += 2;
            }
            while column < self.0.count {
                self.tile::<V, H, 1>(group, row, column);
                column += 1;
            }
        }
    }

    /// `H` vectors of rows in `W` columns.
    ///
    /// # Safety
    /// As for [`columns`](Self::columns), and these columns exist.
    #[inline(always)]
    unsafe fn tile<V: Vector<Elem = T>, const H: usize, const W: usize>(
        &mut self,
        group: usize,
        row: usize,
        column: usize,
    ) {
        let (stride, x_stride) = (Sizes::stride(F::USIZE), self.0.x_stride);
        let columns = self.0.columns;
        // SAFETY: `V` is available by the caller's promise; in each group there is a column of `stride`
        // rows for the biases, each tap and each channel, and the columns of each run exist.
        unsafe {
            let start = group * stride * (1 + C::USIZE * K::USIZE);
            let biases = self.0.filters.columns.as_ptr().add(start + row);
            let mut sums = sums_from::<T, V, H, W>(biases);
            let mut weights = biases.wrapping_add(stride);
            let mut at = self.0.first;
            for _ in 0..K::USIZE {
                let x = self.0.x.as_ptr().add((at + column) * x_stride + group * C::USIZE);
                weights = add_tap::<C, T, V, H, W>(&mut sums, (weights, stride), (x, x_stride));
                at = next(at, self.0.shift, columns);
            }
            let sums = total(sums);
            let floor = V::splat(if self.0.finish.rectify { T::ZERO } else { -T::ONE / T::ZERO });
            let to = self.0.y.as_mut_ptr().add(column * self.0.y_stride + group * F::USIZE + row);
            for j in 0..W {
                for i in 0..H {
                    let mut y = sums[j][i];
                    let to = to.add(j * self.0.y_stride + i * V::LANES);
                    let rows = (F::USIZE - row - i * V::LANES).min(V::LANES);
                    if self.0.finish.add {
                        y = y.add(V::load_first(to, rows));
                    }
                    let y = y.at_least(floor);
                    if rows == V::LANES { y.store(to) } else { y.store_first(to, rows) }
                }
            }
        }
    }
}
