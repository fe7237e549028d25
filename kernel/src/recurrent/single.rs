//! One step of one lane of a small recurrent layer, in a few dozen nanoseconds.
//!
//! The weights of input and hidden values lie side by side, a column for each term and a row for
//! each gate of each unit, so all sums stay in registers; the number of units is a constant. The
//! sums are then squashed row by row, whatever the gate: a logistic function is a hyperbolic tangent
//! of half the argument, scaled and shifted, and the half is in the weights.

use super::{Cell, Number, Squash, cell::operators};
use crate::{
    Buffer, Real,
    dispatch::{Isa, Kernel, dispatch},
    math::single::{TANH_END, TANH_P, TANH_Q},
    scalar::Scalar,
    sizes::{product, sum},
    vector::Vector,
};
use core::marker::PhantomData;
use typenum::Unsigned;

/// Rows are padded to a multiple of the lanes of the widest vector.
const PAD: usize = 16;
/// The most rows that there may be.
const MOST: usize = 1024;
/// So few units that half of the widest vector holds them.
const FEW: usize = PAD / 2;

/// The weights of a layer with `H` hidden units of the cell `C`, in the order of a single step.
pub struct Single<C, H, T, const GATES: usize> {
    /// Factors and terms of the squashed rows, biases, and a column for each input and hidden value.
    columns: Buffer<T>,
    layer: PhantomData<(C, H)>,
}

/// The parameters of a layer. Of their rows, `H` for each gate, the last `APART H` are those of what
/// comes of the input apart from what comes of the hidden values.
pub struct Weights<'a, T> {
    /// `rows x inputs`, row-major.
    pub input: &'a [T],
    /// `rows x H`, row-major.
    pub hidden: &'a [T],
    /// A scalar for each row, for what comes of the input.
    pub input_bias: &'a [T],
    /// A scalar for each row, for what comes of the hidden values.
    pub hidden_bias: &'a [T],
}

impl<C: Cell<GATES>, H: Unsigned, T: Real, const GATES: usize> Single<C, H, T, GATES> {
    /// Whether a layer is small enough, and has units and gates at all.
    pub const SUITS: bool = size_of::<T>() == 4 && GATES > 0 && H::USIZE > 0 && Self::ROWS <= MOST;

    /// The rows from a gate to the next: those of a few units fill a vector, so that what is read is
    /// what has just been written.
    const SPACING: usize = match H::USIZE {
        0..=FEW => FEW,
        n if n <= PAD => PAD,
        n => n,
    };
    const ROWS: usize = GATES * Self::SPACING;
    /// How many of the rows, the first ones, depend on the hidden values.
    const RECURRENT: usize = (GATES - C::APART) * Self::SPACING;
    /// How many of them are squashed.
    const SQUASHED: usize = {
        let mut gates = 0;
        while gates < GATES && !matches!(C::SQUASH[gates], Squash::Nothing) {
            gates += 1;
        }
        gates * Self::SPACING
    };
    /// From a column to the next.
    const STRIDE: usize = Self::ROWS.next_multiple_of(PAD);

    /// Scalars of the weights for so many inputs.
    pub const fn scalars(inputs: usize) -> usize {
        product(&[Self::STRIDE, sum(&[3, inputs, H::USIZE])])
    }

    /// Of zeros, for so many inputs.
    ///
    /// # Panics
    /// If they are more than memory can hold.
    pub fn zeroed(inputs: usize) -> Self {
        Self { columns: Buffer::zeroed(Self::scalars(inputs)), layer: PhantomData }
    }

    /// Takes over the parameters.
    ///
    /// # Panics
    /// If these are of another layer, or of one of no units or another number of inputs.
    pub fn pack(&mut self, weights: Weights<'_, T>) {
        let Weights { input, hidden, input_bias, hidden_bias } = weights;
        let (rows, apart) = (input_bias.len(), C::APART * H::USIZE);
        let inputs = input.len().checked_div(rows).unwrap_or(0);
        let sizes = [rows, input.len(), hidden.len(), hidden_bias.len()];
        let expected = (GATES - C::APART) * H::USIZE;
        assert!(rows > 0, "weights of no units");
        assert_eq!(
            sizes,
            [expected, rows * inputs, rows * H::USIZE, rows],
            "rows, weights of inputs and of hidden values, and biases"
        );
        assert_eq!(self.columns.len(), Self::scalars(inputs), "weights for so many inputs");
        for row in 0..rows {
            self.set(row, 3 + inputs, &hidden[row * H::USIZE..][..H::USIZE]);
            let mut row_of_input = row;
            if row < rows - apart {
                self.set(row, 2, &[input_bias[row] + hidden_bias[row]]);
            } else {
                row_of_input += apart;
                self.set(row, 2, &[hidden_bias[row]]);
                self.set(row_of_input, 2, &[input_bias[row]]);
            }
            self.set(row_of_input, 3, &input[row * inputs..][..inputs]);
        }
        for row in 0..GATES * H::USIZE {
            let logistic = C::SQUASH[row / H::USIZE] == Squash::Sigmoid;
            self.set(row, 0, &[T::ONE, if logistic { T::ONE } else { T::ZERO }]);
        }
    }

    /// Sets columns of one row, from the column `first` on: all that is in the row of a logistic
    /// function is halved.
    fn set(&mut self, row: usize, first: usize, values: &[T]) {
        let (gate, unit) = (row / H::USIZE, row % H::USIZE);
        let factor = T::of(if C::SQUASH[gate] == Squash::Sigmoid { 0.5 } else { 1.0 });
        let columns = self.columns.chunks_exact_mut(Self::STRIDE).skip(first);
        for (column, &value) in columns.zip(values) {
            column[gate * Self::SPACING + unit] = value * factor;
        }
    }
}

/// One step of a layer.
pub struct Step<'a, C, H, T, const GATES: usize> {
    /// The weights.
    pub weights: &'a Single<C, H, T, GATES>,
    /// The input.
    pub x: &'a [T],
    /// The hidden values, before and after.
    pub h: &'a mut [T],
    /// The cells, before and after, where there are cells.
    pub c: &'a mut [T],
    /// Where the hidden values go as well.
    pub y: &'a mut [T],
}

impl<C: Cell<GATES>, H: Unsigned, T: Real, const GATES: usize> Step<'_, C, H, T, GATES> {
    /// Takes the step.
    ///
    /// # Panics
    /// If the parts do not fit one another.
    #[inline]
    pub fn run(self) {
        assert!(Single::<C, H, T, GATES>::SUITS, "a layer of a size not meant for single steps");
        let len = Single::<C, H, T, GATES>::scalars(self.x.len());
        assert_eq!(self.weights.columns.len(), len, "weights of a step");
        assert!(self.h.len() == H::USIZE && self.y.len() == H::USIZE, "hidden values");
        assert!(!C::CELLS || self.c.len() == H::USIZE, "cells");
        dispatch(self);
    }
}

/// The rows of a step, with room to read a vector from any of them.
#[repr(align(64))]
struct Rows<T>([T; MOST + PAD]);

impl<C: Cell<GATES>, H: Unsigned, T: Real, const GATES: usize> Kernel for Step<'_, C, H, T, GATES> {
    type Output = ();
    // Half a vector is done sooner.
    const AVX512: bool = H::USIZE > FEW;

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        // SAFETY: the token of type `I` was given; `run` has checked that the parts fit.
        unsafe { self.on::<T::Vector<I>>() }
    }
}

impl<C: Cell<GATES>, H: Unsigned, T: Real, const GATES: usize> Step<'_, C, H, T, GATES> {
    /// # Safety
    /// The instruction set of `V` is available, and the parts fit one another.
    #[inline(always)]
    unsafe fn on<V: Vector<Elem = T>>(self) {
        let (n, spacing) = (H::USIZE, Single::<C, H, T, GATES>::SPACING);
        let mut rows = core::mem::MaybeUninit::<Rows<T>>::uninit();
        let rows: *mut T = rows.as_mut_ptr().cast();
        let (h, c) = (self.h.as_mut_ptr(), self.c.as_mut_ptr());
        let before = if C::CELLS { c } else { h };
        // SAFETY: `V` is available by the caller's promise; rows are padded to whole
        // vectors, and from any row a vector may be read (of numbers that are then not used, but
        // written before: the new hidden values replace the rows of the first gate, and those of the
        // second only once these have been read); of hidden values and cells only those that exist are touched.
        unsafe {
            self.rows::<V>(rows);
            for u in (0..n).step_by(V::LANES) {
                let count = V::LANES.min(n - u);
                let mut gates = [Register(V::splat(T::ZERO)); GATES];
                for g in 0..GATES {
                    gates[g] = Register(V::load(rows.add(g * spacing + u)));
                }
                let before = Register(V::load_first(before.add(u), count));
                let (_, cell, hidden) = C::forward(gates, before);
                if C::CELLS {
                    cell.0.store_first(c.add(u), count);
                }
                hidden.0.store(rows.add(u));
            }
            // A store of a part of a vector would keep whoever reads it next waiting.
            core::ptr::copy_nonoverlapping(rows, h, n);
            core::ptr::copy_nonoverlapping(rows, self.y.as_mut_ptr(), n);
        }
    }

    /// Writes all rows, and numbers up to a vector beyond the last.
    ///
    /// # Safety
    /// The instruction set of `V` is available, and there is room in `to`.
    #[inline(always)]
    unsafe fn rows<V: Vector<Elem = T>>(&self, to: *mut T) {
        let vectors = Single::<C, H, T, GATES>::ROWS.div_ceil(V::LANES);
        let most = if V::REGISTERS == 32 { 8 } else { 4 };
        let mut first = 0;
        while first < vectors {
            // SAFETY: these vectors exist.
            unsafe {
                match most.min(vectors - first) {
                    1 => self.group::<V, 1>(first, to),
                    2 => self.group::<V, 2>(first, to),
                    3 => self.group::<V, 3>(first, to),
                    4 => self.group::<V, 4>(first, to),
                    5 => self.group::<V, 5>(first, to),
                    6 => self.group::<V, 6>(first, to),
                    7 => self.group::<V, 7>(first, to),
                    _ => self.group::<V, 8>(first, to),
                }
            }
            first += most;
        }
        // SAFETY: there is room for one more vector.
        unsafe { V::splat(T::ZERO).store(to.add(vectors * V::LANES)) };
    }

    /// `N` vectors of rows.
    ///
    /// # Safety
    /// As for [`rows`](Self::rows); the vectors exist.
    #[inline(always)]
    unsafe fn group<V: Vector<Elem = T>, const N: usize>(&self, first: usize, to: *mut T) {
        let stride = Single::<C, H, T, GATES>::STRIDE;
        let squashed = Single::<C, H, T, GATES>::SQUASHED.saturating_sub(first * V::LANES);
        let recurrent = Single::<C, H, T, GATES>::RECURRENT.div_ceil(V::LANES);
        let recurrent = N.min(recurrent.saturating_sub(first));
        // SAFETY: `V` is available by the caller's promise, and each column is of
        // `stride` rows, among them these vectors.
        unsafe {
            let from = self.weights.columns.as_ptr().add(first * V::LANES);
            let column =
                |from: *const T, k: usize, i: usize| V::load(from.add(k * stride + i * V::LANES));
            // Two sums of each row, so that one need not wait for the other.
            let mut even: [V; N] = core::array::from_fn(|i| column(from, 2, i));
            let mut odd = [V::splat(T::ZERO); N];
            for (k, &x) in self.x.iter().enumerate() {
                let x = V::splat(x);
                for i in 0..N {
                    even[i] = even[i].add_mul(column(from, 3 + k, i), x);
                }
            }
            let h = self.h.as_ptr();
            let weights = from.add((3 + self.x.len()) * stride);
            for k in (0..H::USIZE - 1).step_by(2) {
                let (a, b) = (V::splat(*h.add(k)), V::splat(*h.add(k + 1)));
                for i in 0..recurrent {
                    even[i] = even[i].add_mul(column(weights, k, i), a);
                    odd[i] = odd[i].add_mul(column(weights, k + 1, i), b);
                }
            }
            if H::USIZE % 2 == 1 {
                let last = V::splat(*h.add(H::USIZE - 1));
                for i in 0..recurrent {
                    even[i] = even[i].add_mul(column(weights, H::USIZE - 1, i), last);
                }
            }
            for i in 0..N {
                let (row, to) = (even[i].add(odd[i]), to.add((first + i) * V::LANES));
                let count = squashed.saturating_sub(i * V::LANES);
                if count < V::LANES {
                    row.store(to);
                }
                if count > 0 {
                    let row = column(from, 1, i).add_mul(column(from, 0, i), tanh(row));
                    if count < V::LANES { row.store_first(to, count) } else { row.store(to) }
                }
            }
        }
    }
}

/// A register, which only [`Step::on`] makes: where there is one, its instruction set is available.
#[derive(Clone, Copy)]
struct Register<V>(V);

operators! { [T: Real, V: Vector<Elem = T>] Register<V>:
    // SAFETY: a `Register` is named below `Step::on` alone, where `V` is available.
    Add add |a, b| Self(unsafe { a.0.add(b.0) });
    Sub sub |a, b| a.add_mul(b, Self::of(-1.0));
    Mul mul |a, b| Self::of(0.0).add_mul(a, b);
}

impl<T: Real, V: Vector<Elem = T>> Number for Register<V> {
    #[inline(always)]
    fn of(x: f64) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { V::splat(T::of(x)) })
    }

    #[inline(always)]
    fn add_mul(self, a: Self, b: Self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { self.0.add_mul(a.0, b.0) })
    }

    #[inline(always)]
    fn tanh(self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { tanh(self.0) })
    }
}

/// The hyperbolic tangent of a register, by the quotient of [`math`](crate::math).
///
/// # Safety
/// The instruction set of `V` is available.
#[inline(always)]
pub unsafe fn tanh<T: Scalar, V: Vector<Elem = T>>(x: V) -> V {
    // SAFETY: the caller's promise.
    unsafe {
        let constant = |c: f32| V::splat(T::of(f64::from(c)));
        let zero = V::splat(T::ZERO);
        // The square need not wait for the argument within its bounds. Terms are paired so that
        // what waits for what is short.
        let z = zero.add_mul(x, x).at_most(constant(TANH_END * TANH_END));
        let y = zero.add_mul(z, z);
        let x = x.at_most(constant(TANH_END)).at_least(constant(-TANH_END));
        let halves = |c: [f32; 5]| {
            let [c0, c1, c2, c3, c4] = c.map(constant);
            (c0.add_mul(c1, z), c2.add_mul(c3, z).add_mul(c4, y))
        };
        let ((p_low, p_high), (q_low, q_high)) = (halves(TANH_P), halves(TANH_Q));
        let p = zero.add_mul(x, p_low).add_mul(zero.add_mul(x, y), p_high);
        p.quotient(q_low.add_mul(q_high, y))
    }
}
