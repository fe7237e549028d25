//! A layer of a WaveNet in one pass.
//!
//! ```text
//! a = f(conv(s) + V c)    k = k + a    s = s + W a + b
//! ```

use super::filter::next;
use super::tile::{WIDEST, add_tap, sums_from, total, widest};
use super::{FEW, Filters, Sizes};
use crate::{
    dispatch::{Isa, Kernel, dispatch},
    recurrent::tanh,
    scalar::Scalar,
    vector::{Vector, opaque},
};
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use typenum::Unsigned;

/// A function of each element that is computed on the way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Function {
    /// The hyperbolic tangent.
    Tanh,
    /// `x` above 0, and this part of it below, from 0 to 1.
    Rectifier(f64),
}

/// The most channels of a unit: what goes from one filter to the other lies on the stack.
const MOST: usize = 64;

/// A run of columns `(s, k, c)`: a signal, a sum of as many channels, and a condition.
pub struct Unit<'a, T> {
    /// The filters of the signal.
    pub conv: &'a Filters<T>,
    /// Those of the condition, of one tap; their biases are not looked at.
    pub mix: &'a Filters<T>,
    /// The function.
    pub function: Function,
    /// Those of what comes of the function, of one tap.
    pub out: &'a Filters<T>,
    /// What was before the signal, as columns of its channels. The signal is put in the run of the last
    /// tap.
    pub x: &'a mut [T],
    /// After so many columns the first one follows, where taps are counted on.
    pub columns: usize,
    /// So many columns, the first ones, lie once more behind these.
    pub repeated: usize,
    /// The first column of the run of the first tap.
    pub first: usize,
    /// The columns from a tap's run to the next tap's.
    pub shift: usize,
    /// How many columns a run has: it must not go beyond the end of `x`.
    pub count: usize,
    /// The columns.
    pub flow: &'a mut [T],
}

impl<T: Scalar> Unit<'_, T> {
    /// Whether a unit of so many channels and taps is computed in one pass.
    pub const fn suits(channels: usize, taps: usize) -> bool {
        size_of::<T>() == 4 && channels > 0 && channels <= MOST && taps > 0
    }

    /// Computes the columns, of `Channels`, a condition of `Condition` and filters of `Taps`.
    ///
    /// # Panics
    /// If the filters are others, a run goes beyond the end of the columns, or the unit does not
    /// [suit](Self::suits).
    pub fn run<Channels: Unsigned, Condition: Unsigned, Taps: Unsigned>(mut self) {
        let (channels, condition, taps) = (Channels::USIZE, Condition::USIZE, Taps::USIZE);
        assert!(Self::suits(channels, taps), "a unit of a size not meant for one pass");
        let has = |filters: &Filters<T>, channels, taps| {
            filters.sizes == Sizes { groups: 1, filters: Channels::USIZE, channels, taps }
        };
        assert!(
            has(self.conv, channels, taps) && has(self.mix, condition, 1),
            "filters of other sizes"
        );
        assert!(has(self.out, channels, 1), "filters of other sizes");
        if self.count == 0 {
            return;
        }
        let Self { columns, first, shift, repeated, .. } = self;
        assert!(first < columns && shift <= columns, "a tap beyond all columns");
        let all = self.x.len() / channels;
        let fits = repeated <= columns && columns <= all && repeated <= all - columns;
        assert!(fits && self.count <= repeated, "columns that lie once more");
        let len = self.count.checked_mul(2 * channels + condition);
        assert!(len.is_some_and(|len| len <= self.flow.len()), "columns of a signal");
        dispatch(Sized::<Channels, Condition, Taps, T>(&mut self, PhantomData));
    }
}

/// With sizes that are constants. By reference: a copy of what has just been written would wait for it.
struct Sized<'u, 'a, C, N, K, T>(&'u mut Unit<'a, T>, PhantomData<(C, N, K)>);

impl<C: Unsigned, N: Unsigned, K: Unsigned, T: Scalar> Kernel for Sized<'_, '_, C, N, K, T> {
    type Output = ();
    const AVX512: bool = T::AVX512;

    #[inline(always)]
    fn run<I: Isa>(mut self, _: I) {
        // SAFETY: the token of type `I` was given; `Unit::run` has checked that all columns exist.
        unsafe {
            self.enter();
            if const { C::USIZE <= FEW } {
                self.on::<T::Narrow<I>, I>();
            } else {
                self.on::<T::Vector<I>, I>();
            }
        }
    }
}

/// What goes from one filter to the other: columns of as many rows as vectors are read of.
#[repr(align(64))]
struct Between<T>([T; WIDEST * (MOST + 2 * FEW)]);

impl<C: Unsigned, N: Unsigned, K: Unsigned, T: Scalar> Sized<'_, '_, C, N, K, T> {
    /// Puts the signal in the run of the last tap, and wherever else it belongs.
    ///
    /// # Safety
    /// All columns exist.
    #[inline(always)]
    unsafe fn enter(&mut self) {
        let Unit { columns, repeated, first, shift, count, .. } = *self.0;
        let (channels, stride) = (C::USIZE, 2 * C::USIZE + N::USIZE);
        let (x, flow) = (self.0.x.as_mut_ptr(), self.0.flow.as_ptr());
        let mut last = first;
        for _ in 1..K::USIZE {
            last = next(last, shift, columns);
        }
        for column in 0..count {
            let at = last + column;
            // SAFETY: the caller's promise; the first columns lie once more behind the others.
            unsafe {
                let from = flow.add(column * stride);
                core::ptr::copy_nonoverlapping(from, x.add(at * channels), channels);
                if at < repeated {
                    core::ptr::copy_nonoverlapping(
                        from,
                        x.add((columns + at) * channels),
                        channels,
                    );
                }
                if at >= columns {
                    core::ptr::copy_nonoverlapping(
                        from,
                        x.add((at - columns) * channels),
                        channels,
                    );
                }
            }
        }
    }

    /// # Safety
    /// The instruction set `I` is available, of which `V` is, and all columns exist.
    #[inline(always)]
    unsafe fn on<V: Vector<Elem = T>, I: Isa>(&mut self) {
        // SAFETY: the caller's promise.
        unsafe {
            if const { C::USIZE > V::LANES } {
                self.vectors::<V, I, 2>();
            } else {
                self.vectors::<V, I, 1>();
            }
        }
    }

    /// All columns, `H` vectors of rows at a time.
    ///
    /// # Safety
    /// As for [`on`](Self::on).
    #[inline(always)]
    unsafe fn vectors<V: Vector<Elem = T>, I: Isa, const H: usize>(&mut self) {
        // SAFETY: the caller's promise.
        unsafe {
            match const { widest(T::Vector::<I>::REGISTERS, H, K::USIZE) } {
                6 => self.columns::<V, H, 6>(),
                3 => self.columns::<V, H, 3>(),
                2 => self.columns::<V, H, 2>(),
                _ => self.columns::<V, H, 1>(),
            }
        }
    }

    /// All columns, `W` at a time.
    ///
    /// # Safety
    /// The instruction set of `V` is available, and all columns exist.
    #[inline(always)]
    unsafe fn columns<V: Vector<Elem = T>, const H: usize, const W: usize>(&mut self) {
        let mut column = 0;
        // SAFETY: the caller's promise; these columns exist.
        unsafe {
            while W > 1 && column + W <= self.0.count {
                self.tile::<V, H, W>(column);
                column += W;
            }
            // A few that are left over do not wait for one another so long.
            while W > 3 && column + 2 <= self.0.count {
                self.tile::<V, H, 2>(column);
                column += 2;
            }
            while column < self.0.count {
                self.tile::<V, H, 1>(column);
                column += 1;
            }
        }
    }

    /// `W` columns, `H` vectors of rows at a time.
    ///
    /// # Safety
    /// As for [`columns`](Self::columns), and these columns exist.
    #[inline(always)]
    unsafe fn tile<V: Vector<Elem = T>, const H: usize, const W: usize>(&mut self, column: usize) {
        let channels = C::USIZE;
        // The filters pad their rows likewise.
        let (rows, stride) = (Sizes::stride(channels), 2 * channels + N::USIZE);
        let columns = self.0.columns;
        let mut between = MaybeUninit::<Between<T>>::uninit();
        let between: *mut T = between.as_mut_ptr().cast();
        // SAFETY: `V` is available by the caller's promise, the columns exist, and the rows of all
        // filters are padded to whole tiles, as are those of `between`, which has room for
        // `WIDEST` columns of them; of the signal and the sum only rows that exist are touched.
        unsafe {
            let flow = self.0.flow.as_mut_ptr().add(column * stride);
            for row in (0..channels).step_by(H * V::LANES) {
                let biases = self.0.conv.columns.as_ptr().add(row);
                let mut sums = sums_from::<T, V, H, W>(biases);
                let mut weights = biases.wrapping_add(rows);
                let mut at = self.0.first;
                for _ in 0..K::USIZE {
                    let x = self.0.x.as_ptr().add((at + column) * channels);
                    weights = add_tap::<C, T, V, H, W>(&mut sums, (weights, rows), (x, channels));
                    at = next(at, self.0.shift, columns);
                }
                let weights = self.0.mix.columns.as_ptr().add(row).wrapping_add(rows);
                let condition = flow.wrapping_add(2 * channels).cast_const();
                add_tap::<N, T, V, H, W>(&mut sums, (weights, rows), (condition, stride));
                let sums = total(sums);
                for j in 0..W {
                    for i in 0..H {
                        let a = apply(self.0.function, sums[j][i]);
                        let first = row + i * V::LANES;
                        if first < channels {
                            a.store(between.add(j * rows + first));
                            add_to(flow.add(j * stride + channels + first), a, channels - first);
                        }
                    }
                }
            }
            for row in (0..channels).step_by(H * V::LANES) {
                let biases = self.0.out.columns.as_ptr().add(row);
                let mut sums = sums_from::<T, V, H, W>(biases);
                let weights = biases.wrapping_add(rows);
                // Of several columns, elements are sooner loaded than taken out of registers.
                let a = opaque(between);
                add_tap::<C, T, V, H, W>(&mut sums, (weights, rows), (a, rows));
                let sums = total(sums);
                for j in 0..W {
                    for i in 0..H {
                        let first = row + i * V::LANES;
                        if first < channels {
                            add_to(flow.add(j * stride + first), sums[j][i], channels - first);
                        }
                    }
                }
            }
        }
    }
}

/// Adds a vector to the elements at `to`, of which there are `count`.
///
/// # Safety
/// The instruction set of `V` is available, and the elements may be written.
#[inline(always)]
unsafe fn add_to<T: Scalar, V: Vector<Elem = T>>(to: *mut T, x: V, count: usize) {
    // SAFETY: the caller's promise.
    unsafe {
        if count >= V::LANES {
            V::load(to).add(x).store(to);
        } else {
            V::load_first(to, count).add(x).store_first(to, count);
        }
    }
}

/// The function of a register.
///
/// # Safety
/// The instruction set of `V` is available.
#[inline(always)]
unsafe fn apply<T: Scalar, V: Vector<Elem = T>>(function: Function, x: V) -> V {
    // SAFETY: the caller's promise.
    unsafe {
        match function {
            Function::Tanh => tanh(x),
            Function::Rectifier(slope) => {
                let below = V::splat(T::ZERO).add_mul(x, V::splat(T::of(slope)));
                x.at_least(below)
            }
        }
    }
}
