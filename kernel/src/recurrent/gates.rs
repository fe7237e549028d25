//! The gates of all units and lanes at a step, and their derivatives, each in one pass: one loop
//! for every [`Cell`].

use super::{Cell, Number, Squash, cell::operators, short};
use crate::{
    Real,
    dispatch::{Elementary, Isa, Kernel, dispatch},
    math,
};
use core::marker::PhantomData;

/// Units that a loop takes at a time, in values of their own.
///
/// A step goes through half a dozen slices at once. Before the compiler makes vectors of such a
/// loop it asks which of them overlap, and where these are too many questions it makes none.
///
/// Without the feature `batches` nobody looks for vectors, and code is to be short.
const UNITS: usize = if cfg!(feature = "batches") { 16 } else { 1 };

/// The matrices of a step forward, a column for each lane.
pub struct Forward<'a, T> {
    /// Hidden units `H`.
    pub hidden: usize,
    /// `GATES H x lanes`, gate after gate: the sums, which become the gates.
    pub gates: &'a mut [T],
    /// `H x lanes`: the cells before, or the hidden values before where there are no cells.
    pub before: &'a [T],
    /// `H x lanes`: where the cells go; empty where there are none.
    pub cells: &'a mut [T],
    /// `H x lanes`: where the hidden values go.
    pub h: &'a mut [T],
}

/// The matrices of a step backward, a column for each lane.
pub struct Backward<'a, T> {
    /// Hidden units `H`.
    pub hidden: usize,
    /// `GATES H x lanes`, gate after gate: the gates, which become the gradient by their sums.
    pub gates: &'a mut [T],
    /// `H x lanes`: the cells before, or the hidden values before where there are no cells.
    pub before: &'a [T],
    /// `H x lanes`: the cells; empty where there are none.
    pub cells: &'a [T],
    /// `H x lanes`: the gradient by the hidden values, but for what later steps add.
    pub dh: &'a [T],
    /// `H x lanes`: what later steps add to it. It becomes what this step adds to that by the
    /// hidden values before, but for what goes through the gates.
    pub later: &'a mut [T],
    /// `H x lanes`: the gradient by the cells through later steps, which becomes that by the cells
    /// before; empty where there are none.
    pub dc: &'a mut [T],
}

impl<T: Real> Forward<'_, T> {
    /// Computes the gates, the cells and the hidden values.
    ///
    /// # Panics
    /// If the matrices differ in lanes.
    pub fn run<C: Cell<GATES>, const GATES: usize>(self) {
        let (len, cells) = (self.h.len(), if C::CELLS { self.h.len() } else { 0 });
        assert!(self.hidden > 0 && len.is_multiple_of(self.hidden), "hidden values of a step");
        assert_eq!(self.gates.len(), GATES * len, "gates of a step");
        assert_eq!((self.before.len(), self.cells.len()), (len, cells), "cells of a step");
        dispatch(Of::<_, C, GATES>(self, PhantomData));
    }
}

impl<T: Real> Backward<'_, T> {
    /// Computes the gradients by the sums of the gates and by the cells before.
    ///
    /// # Panics
    /// If the matrices differ in lanes.
    pub fn run<C: Cell<GATES>, const GATES: usize>(self) {
        let (len, cells) = (self.dh.len(), if C::CELLS { self.dh.len() } else { 0 });
        assert!(self.hidden > 0 && len.is_multiple_of(self.hidden), "hidden values of a step");
        assert_eq!(self.gates.len(), GATES * len, "gates of a step");
        assert_eq!((self.before.len(), self.cells.len()), (len, cells), "cells of a step");
        assert_eq!((self.later.len(), self.dc.len()), (len, cells), "gradients of a step");
        dispatch(Of::<_, C, GATES>(self, PhantomData));
    }
}

/// A step of the cell `C`.
struct Of<Step, C, const GATES: usize>(Step, PhantomData<C>);

impl<T: Real, C: Cell<GATES>, const GATES: usize> Kernel for Of<Forward<'_, T>, C, GATES> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Forward { hidden, gates, before, cells, h } = self.0;
        // With one gate there is no gap between the lanes.
        let n = if GATES == 1 { h.len().max(1) } else { hidden };
        if !cfg!(feature = "batches") {
            return short::forward::<T, C, I, GATES>(
                Forward { hidden, gates, before, cells, h },
                n,
            );
        }
        for (lane, gates) in gates.chunks_exact_mut(GATES * n).enumerate() {
            for first in (0..n).step_by(UNITS) {
                let end = n.min(first + UNITS);
                let at = lane * n + first..lane * n + end;
                let mut a = [[T::ZERO; UNITS]; GATES];
                for g in 0..GATES {
                    a[g] = units(&gates[g * n + first..g * n + end]);
                }
                let mut c = units(&before[at.clone()]);
                let mut h_u = [T::ZERO; UNITS];
                for u in 0..UNITS {
                    let mut x = [Scalar::<T, I>::new(T::ZERO); GATES];
                    for g in 0..GATES {
                        x[g] = Scalar::new(a[g][u]).squash(C::SQUASH[g]);
                    }
                    let (x, cell, hidden) = C::forward(x, Scalar::new(c[u]));
                    for g in 0..GATES {
                        a[g][u] = x[g].0;
                    }
                    (c[u], h_u[u]) = (cell.0, hidden.0);
                }
                for g in 0..GATES {
                    set_units(&mut gates[g * n + first..g * n + end], &a[g]);
                }
                if C::CELLS {
                    set_units(&mut cells[at.clone()], &c);
                }
                set_units(&mut h[at], &h_u);
            }
        }
    }
}

impl<T: Real, C: Cell<GATES>, const GATES: usize> Kernel for Of<Backward<'_, T>, C, GATES> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Backward { hidden, gates, before, cells, dh, later, dc } = self.0;
        let n = if GATES == 1 { dh.len().max(1) } else { hidden };
        for (lane, gates) in gates.chunks_exact_mut(GATES * n).enumerate() {
            for first in (0..n).step_by(UNITS) {
                let end = n.min(first + UNITS);
                let at = lane * n + first..lane * n + end;
                let mut a = [[T::ZERO; UNITS]; GATES];
                for g in 0..GATES {
                    a[g] = units(&gates[g * n + first..g * n + end]);
                }
                let before = units(&before[at.clone()]);
                let (dh, later_u) = (units(&dh[at.clone()]), units(&later[at.clone()]));
                // What goes on unweighted: by the cells, or else by the hidden values.
                let (mut c, mut kept) = ([T::ZERO; UNITS], [T::ZERO; UNITS]);
                if C::CELLS {
                    (c, kept) = (units(&cells[at.clone()]), units(&dc[at.clone()]));
                }
                for u in 0..UNITS {
                    let mut x = [Scalar::<T, I>::new(T::ZERO); GATES];
                    for g in 0..GATES {
                        x[g] = Scalar::new(a[g][u]);
                    }
                    let (before, c) = (Scalar::new(before[u]), Scalar::new(c[u]));
                    let (dh, dc) = (Scalar::new(dh[u] + later_u[u]), Scalar::new(kept[u]));
                    let (dx, d_before) = C::backward(x, before, c, dh, dc);
                    for g in 0..GATES {
                        a[g][u] = x[g].unsquash(C::SQUASH[g], dx[g]).0;
                    }
                    kept[u] = d_before.0;
                }
                for g in 0..GATES {
                    set_units(&mut gates[g * n + first..g * n + end], &a[g]);
                }
                let mut onward = kept;
                if C::CELLS {
                    set_units(&mut dc[at.clone()], &kept);
                    onward = [T::ZERO; UNITS];
                }
                set_units(&mut later[at], &onward);
            }
        }
    }
}

/// A scalar, in loops of which the compiler makes vectors.
#[derive(Clone, Copy)]
pub(super) struct Scalar<T, I>(pub(super) T, PhantomData<I>);

impl<T: Real, I: Isa> Scalar<T, I> {
    #[inline(always)]
    pub(super) fn new(x: T) -> Self {
        Self(x, PhantomData)
    }

    /// In `f32` the logistic function is made of the hyperbolic tangent, a quotient of two short
    /// polynomials that takes less time than an exponential: `(1 + tanh(x / 2)) / 2`.
    #[inline(always)]
    pub(super) fn squash(self, by: Squash) -> Self {
        let half = Self::of(0.5);
        match by {
            Squash::Sigmoid if size_of::<T>() > 4 => Self::new(math::sigmoid(self.0)),
            Squash::Sigmoid => half * (half * self).tanh() + half,
            Squash::Tanh => self.tanh(),
            Squash::Nothing => self,
        }
    }

    /// The gradient by what was squashed to `self`, from that by `self`.
    #[inline(always)]
    fn unsquash(self, by: Squash, gradient: Self) -> Self {
        match by {
            Squash::Sigmoid => gradient * self * (Self::of(1.0) - self),
            Squash::Tanh => gradient * (Self::of(1.0) - self * self),
            Squash::Nothing => gradient,
        }
    }
}

operators! { [T: Real, I: Isa] Scalar<T, I>:
    Add add |a, b| Self::new(a.0 + b.0);
    Sub sub |a, b| Self::new(a.0 - b.0);
    Mul mul |a, b| Self::new(a.0 * b.0);
}

impl<T: Real, I: Isa> Number for Scalar<T, I> {
    #[inline(always)]
    fn of(x: f64) -> Self {
        Self::new(T::of(x))
    }
    #[inline(always)]
    fn add_mul(self, a: Self, b: Self) -> Self {
        self + a * b
    }
    #[inline(always)]
    fn tanh(self) -> Self {
        Self::new(<T as Elementary>::tanh::<I>(self.0))
    }
}

/// At most [`UNITS`] units of a lane, zeros after them.
#[inline(always)]
fn units<T: Real>(x: &[T]) -> [T; UNITS] {
    match x.first_chunk() {
        Some(all) => *all,
        None => {
            let mut units = [T::ZERO; UNITS];
            units[..x.len()].copy_from_slice(x);
            units
        }
    }
}

/// Writes as many of the units as there is room for.
#[inline(always)]
fn set_units<T: Real>(x: &mut [T], units: &[T; UNITS]) {
    match x.first_chunk_mut() {
        Some(all) => *all = *units,
        None => x.copy_from_slice(&units[..x.len()]),
    }
}
