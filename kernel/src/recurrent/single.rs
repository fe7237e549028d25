//! One step of one lane of a small recurrent layer, in a few dozen nanoseconds.
//!
//! The weights of input and hidden values lie side by side, a column for each term and a row for
//! each gate of each unit, so all sums stay in registers; the number of units is a constant. What
//! the gates are made of is then squashed row by row, whatever the gate: a logistic function is a
//! hyperbolic tangent of half the argument, scaled and shifted, and the half is in the weights.

use crate::{
    Buffer, Real,
    dispatch::{Isa, Kernel, dispatch},
    math::single::{TANH_END, TANH_P, TANH_Q},
    vector::Vector,
};
use core::marker::PhantomData;
use typenum::Unsigned;

/// Rows are padded to a multiple of the lanes of the widest vector.
const PAD: usize = 16;
/// The most rows that there may be.
const MOST: usize = 256;

/// Whether a layer of `rows` rows is small enough.
pub const fn suits<T>(rows: usize) -> bool {
    size_of::<T>() == 4 && rows <= MOST
}

/// So few units that half of the widest vector holds them.
const FEW: usize = PAD / 2;

/// The rows from a gate to the next: those of a few units fill a vector, so that what is read is
/// what has just been written.
pub const fn spacing(hidden: usize) -> usize {
    match hidden {
        0..=FEW => FEW,
        _ if hidden <= PAD => PAD,
        _ => hidden,
    }
}

/// One row of weights: those of the input, those of the hidden values, and the bias.
pub type Weights<'a, T> = (&'a [T], &'a [T], T);

/// The weights of a layer in the order of a single step.
pub struct Single<T> {
    /// Factors and terms of the squashed rows, biases, and a column for each input and hidden value.
    columns: Buffer<T>,
    stride: usize,
}

impl<T: Real> Single<T> {
    /// The scalars that a layer takes.
    pub const fn scalars(rows: usize, inputs: usize, hidden: usize) -> usize {
        if suits::<T>(rows) { rows.next_multiple_of(PAD) * (3 + inputs + hidden) } else { 0 }
    }

    /// Of zeros.
    pub fn zeroed(rows: usize, inputs: usize, hidden: usize) -> Self {
        let columns = Buffer::zeroed(Self::scalars(rows, inputs, hidden));
        Self { columns, stride: rows.next_multiple_of(PAD) }
    }

    /// Whether there is room.
    pub fn suits(&self) -> bool {
        !self.columns.is_empty()
    }

    /// Sets one row, which becomes that of a logistic function, or of a hyperbolic tangent.
    pub fn set(&mut self, row: usize, (input, hidden, bias): Weights<'_, T>, logistic: bool) {
        let half = T::of(0.5);
        let (factor, term) = if logistic { (half, half) } else { (T::ONE, T::ZERO) };
        let weights = [bias].into_iter().chain(input.iter().copied()).chain(hidden.iter().copied());
        let values = [factor, term].into_iter().chain(weights.map(|w| w * factor));
        for (column, value) in self.columns.chunks_exact_mut(self.stride).zip(values) {
            column[row] = value;
        }
    }
}

/// What a unit makes of its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Rows of `h`.
    Rnn,
    /// Rows of i, f, g and o.
    Lstm,
    /// Rows of r and z, of `s`, and of what of n comes from the input.
    Gru,
}

impl Cell {
    /// The rows of a layer.
    const fn rows<H: Unsigned>(self) -> usize {
        spacing(H::USIZE) * if matches!(self, Cell::Rnn) { 1 } else { 4 }
    }
}

/// One step of a layer with `H` hidden units.
pub struct Step<'a, H, T> {
    /// The weights.
    pub weights: &'a Single<T>,
    /// The input.
    pub x: &'a [T],
    /// The hidden values, before and after.
    pub h: &'a mut [T],
    /// The cells of an LSTM, before and after.
    pub c: &'a mut [T],
    /// Where the hidden values go as well.
    pub y: &'a mut [T],
    /// The kind.
    pub cell: Cell,
    /// The number of units.
    pub hidden: PhantomData<H>,
}

impl<H: Unsigned, T: Real> Step<'_, H, T> {
    /// Takes the step.
    ///
    /// # Panics
    /// If the parts do not fit one another.
    #[inline]
    pub fn run(self) {
        let (rows, columns) = (self.cell.rows::<H>(), 3 + self.x.len() + H::USIZE);
        assert!(self.weights.stride == rows.next_multiple_of(PAD) && rows <= MOST);
        assert_eq!(self.weights.columns.len(), self.weights.stride * columns, "weights of a step");
        assert!(self.h.len() == H::USIZE && self.y.len() == H::USIZE, "hidden values");
        assert!(self.cell != Cell::Lstm || self.c.len() == H::USIZE, "cells");
        dispatch(self);
    }
}

/// The rows of a step, with room to read a vector from any of them.
#[repr(align(64))]
struct Rows<T>([T; MOST + PAD]);

impl<H: Unsigned, T: Real> Kernel for Step<'_, H, T> {
    type Output = ();
    // Half a vector is done sooner.
    const AVX512: bool = H::USIZE > FEW;

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        // SAFETY: the token of type `I` was given; `run` has checked that the parts fit.
        unsafe { self.on::<T::Vector<I>>() }
    }
}

impl<H: Unsigned, T: Real> Step<'_, H, T> {
    /// # Safety
    /// The instruction set of `V` is available, and the parts fit one another.
    #[inline(always)]
    unsafe fn on<V: Vector<Elem = T>>(self) {
        let (n, gate) = (H::USIZE, spacing(H::USIZE));
        let mut rows = core::mem::MaybeUninit::<Rows<T>>::uninit();
        let rows: *mut T = rows.as_mut_ptr().cast();
        let (h, c) = (self.h.as_mut_ptr(), self.c.as_mut_ptr());
        // SAFETY: of all blocks: `V` is available by the caller's promise; rows are padded to whole
        // vectors, and from any row a vector may be read (of numbers that are then not used, but
        // written before: the new hidden values replace the rows of the first gate, and those of the
        // second only once these have been read); of hidden values and cells only those that exist are touched.
        unsafe {
            let (zero, one, minus) = (V::splat(T::ZERO), V::splat(T::ONE), V::splat(-T::ONE));
            match self.cell {
                Cell::Rnn => {
                    self.rows::<V>(Cell::Rnn, [n; 2], rows);
                }
                Cell::Lstm => {
                    self.rows::<V>(Cell::Lstm, [4 * gate; 2], rows);
                    for u in (0..n).step_by(V::LANES) {
                        let count = V::LANES.min(n - u);
                        let [i, f, g, o] = [0, 1, 2, 3].map(|i| V::load(rows.add(i * gate + u)));
                        let kept = zero.add_mul(f, V::load_first(c.add(u), count));
                        let cell = kept.add_mul(i, g);
                        cell.store_first(c.add(u), count);
                        zero.add_mul(o, tanh(cell)).store(rows.add(u));
                    }
                }
                Cell::Gru => {
                    self.rows::<V>(Cell::Gru, [2 * gate, 3 * gate], rows);
                    for u in (0..n).step_by(V::LANES) {
                        let count = V::LANES.min(n - u);
                        let [r, z, s, a] = [0, 1, 2, 3].map(|i| V::load(rows.add(i * gate + u)));
                        let candidate = tanh(a.add_mul(r, s));
                        // All but the last term before the candidate is there.
                        let kept = zero.add_mul(z, V::load_first(h.add(u), count));
                        let share = one.add_mul(z, minus);
                        kept.add_mul(share, candidate).store(rows.add(u));
                    }
                }
            }
            // A store of a part of a vector would keep whoever reads it next waiting.
            core::ptr::copy_nonoverlapping(rows, h, n);
            core::ptr::copy_nonoverlapping(rows, self.y.as_mut_ptr(), n);
        }
    }

    /// Writes all rows of a cell, and numbers up to a vector beyond the last. The first `squashed`
    /// are squashed, and the first `recurrent` depend on the hidden values.
    ///
    /// # Safety
    /// The instruction set of `V` is available, the cell is the step's, and there is room in `to`.
    #[inline(always)]
    unsafe fn rows<V: Vector<Elem = T>>(
        &self,
        cell: Cell,
        [squashed, recurrent]: [usize; 2],
        to: *mut T,
    ) {
        let rows = cell.rows::<H>();
        let (stride, vectors) = (rows.next_multiple_of(PAD), rows.div_ceil(V::LANES));
        let most = if V::REGISTERS == 32 { 8 } else { 4 };
        let mut first = 0;
        while first < vectors {
            let after = |rows: usize| rows.saturating_sub(first * V::LANES);
            let recurrent = after(recurrent).div_ceil(V::LANES);
            let group = Group { first, stride, squashed: after(squashed), recurrent };
            // SAFETY: these vectors exist.
            unsafe {
                match most.min(vectors - first) {
                    1 => self.group::<V, 1>(group, to),
                    2 => self.group::<V, 2>(group, to),
                    3 => self.group::<V, 3>(group, to),
                    4 => self.group::<V, 4>(group, to),
                    5 => self.group::<V, 5>(group, to),
                    6 => self.group::<V, 6>(group, to),
                    7 => self.group::<V, 7>(group, to),
                    _ => self.group::<V, 8>(group, to),
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
    unsafe fn group<V: Vector<Elem = T>, const N: usize>(&self, group: Group, to: *mut T) {
        let Group { first, stride, squashed, recurrent } = group;
        // SAFETY: of all blocks: `V` is available by the caller's promise, and each column is of
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
            let recurrent = N.min(recurrent);
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

/// Some vectors of rows.
#[derive(Clone, Copy)]
struct Group {
    /// The first of them.
    first: usize,
    /// From a column of weights to the next.
    stride: usize,
    /// How many rows of them are squashed.
    squashed: usize,
    /// How many vectors of them depend on the hidden values.
    recurrent: usize,
}

/// The hyperbolic tangent of a register, by the quotient of [`math`](crate::math).
///
/// # Safety
/// The instruction set of `V` is available.
#[inline(always)]
unsafe fn tanh<T: Real, V: Vector<Elem = T>>(x: V) -> V {
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
