//! Steps of lanes of a small recurrent layer, each in a few dozen nanoseconds.
//!
//! All gates of a unit are summed up in the same lane of registers, and from these the unit's hidden
//! value follows; the number of units is a constant.

use super::{
    Cell, Single,
    register::{Register, squash},
    single::{BLOCK, FEW, MOST, Term},
};
use crate::{
    Real,
    dispatch::{Isa, Kernel, dispatch},
    vector::Vector,
};
use typenum::Unsigned;

/// Bytes of the weights that are at hand for the next step: of all, or of those that come last in this.
const NEAR_ALL: usize = 28 << 10;
const NEAR: usize = 20 << 10;

/// Steps of a layer, in some lanes: column `i` is of lane `i % lanes`.
pub struct Steps<'a, C, H, T, const GATES: usize> {
    /// The weights.
    pub weights: &'a mut Single<C, H, T, GATES>,
    /// `inputs x columns`
    pub x: &'a [T],
    /// `H x lanes`: the hidden values before the first step, and after the last.
    pub h: &'a mut [T],
    /// `H x lanes`: the cells likewise, where there are cells.
    pub c: &'a mut [T],
    /// `H x columns`: where the hidden values after each step go.
    pub y: &'a mut [T],
}

impl<C: Cell<GATES>, H: Unsigned, T: Real, const GATES: usize> Steps<'_, C, H, T, GATES> {
    /// Takes the steps.
    ///
    /// # Panics
    /// If the parts do not fit one another.
    #[inline]
    pub fn run(mut self) {
        assert!(Single::<C, H, T, GATES>::SUITS, "a layer of a size not meant for single steps");
        let (columns, hidden) = (self.y.len() / H::USIZE, self.h.len());
        assert!(self.y.len() == columns * H::USIZE, "hidden values of steps");
        assert!(hidden > 0 && hidden.is_multiple_of(H::USIZE), "hidden values");
        assert!(self.x.len() == columns * self.weights.inputs, "inputs of steps");
        assert!(!C::CELLS || self.c.len() == hidden, "cells");
        // By reference: a copy of what has just been written would wait for it.
        dispatch(&mut self);
    }
}

/// The hidden values after a step, with room for whole vectors.
#[repr(align(64))]
struct Hidden<T>([T; MOST]);

impl<C: Cell<GATES>, H: Unsigned, T: Real, const GATES: usize> Kernel
    for &mut Steps<'_, C, H, T, GATES>
{
    type Output = ();
    // Half a vector is done sooner.
    const AVX512: bool = H::USIZE > FEW;

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let (n, inputs) = (H::USIZE, self.weights.inputs);
        let mut hidden = core::mem::MaybeUninit::<Hidden<T>>::uninit();
        let hidden: *mut T = hidden.as_mut_ptr().cast();
        let mut lane = 0;
        for column in 0..self.y.len() / n {
            self.weights.backwards ^= true;
            // SAFETY: the token of type `I` was given; `run` has checked that the parts fit, so there
            // are such a column and lane.
            unsafe {
                let x = self.x.as_ptr().add(column * inputs);
                let h = self.h.as_mut_ptr().add(lane);
                let c = if C::CELLS { self.c.as_mut_ptr().add(lane) } else { h };
                let step = Step::<C, H, T, GATES> { weights: &*self.weights, x, h, c, hidden };
                step.run::<I>();
                // A store of a part of a vector would keep whoever reads it next waiting.
                core::ptr::copy_nonoverlapping(hidden, h, n);
                core::ptr::copy_nonoverlapping(hidden, self.y.as_mut_ptr().add(column * n), n);
            }
            lane = if lane + n < self.h.len() { lane + n } else { 0 };
        }
    }
}

/// One step of one lane.
struct Step<'a, C, H, T, const GATES: usize> {
    weights: &'a Single<C, H, T, GATES>,
    x: *const T,
    /// The hidden values before.
    h: *const T,
    /// The cells, before and after, or the hidden values before where there are none.
    c: *mut T,
    /// Where the hidden values after it go.
    hidden: *mut T,
}

impl<C: Cell<GATES>, H: Unsigned, T: Real, const GATES: usize> Step<'_, C, H, T, GATES> {
    /// Takes the step.
    ///
    /// # Safety
    /// The instruction set `I` is available, and the parts fit one another.
    #[inline(always)]
    unsafe fn run<I: Isa>(self) {
        let (lanes, n) = (T::Vector::<I>::LANES, H::USIZE);
        let most = const { Self::at_a_time::<I>() };
        let (whole, groups) = (n / lanes, (n / lanes).div_ceil(most));
        // SAFETY: the caller's promise; these units exist.
        unsafe {
            for i in 0..groups {
                let group = if self.weights.backwards { groups - 1 - i } else { i };
                let (mut first, end) = (group * most, whole.min((group + 1) * most));
                while first < end {
                    let unit = first * lanes;
                    first += match end - first {
                        8.. if const { Self::at_a_time::<I>() >= 8 } => {
                            self.units::<T::Vector<I>, 8>(unit, lanes)
                        }
                        4.. if const { Self::at_a_time::<I>() >= 4 } => {
                            self.units::<T::Vector<I>, 4>(unit, lanes)
                        }
                        2.. if const { Self::at_a_time::<I>() >= 2 } => {
                            self.units::<T::Vector<I>, 2>(unit, lanes)
                        }
                        _ => self.units::<T::Vector<I>, 1>(unit, lanes),
                    };
                }
            }
            match n % lanes {
                0 => {}
                rest if rest <= FEW => {
                    self.units::<T::Narrow<I>, 1>(n - rest, rest);
                }
                rest => {
                    self.units::<T::Vector<I>, 1>(n - rest, rest);
                }
            }
        }
    }

    /// How many vectors of units are computed at a time: as many as leave registers for two sums of each
    /// gate, and where the first cache does not hold all weights, not more than it holds those of.
    const fn at_a_time<I: Isa>() -> usize {
        let (lanes, registers) = (T::Vector::<I>::LANES, T::Vector::<I>::REGISTERS);
        let of_a_unit = size_of::<T>() * Single::<C, H, T, GATES>::WEIGHTED * H::USIZE;
        let mut most = match registers.checked_div(4 * GATES) {
            Some(most) => most,
            None => 0,
        };
        if H::USIZE * of_a_unit > NEAR_ALL && NEAR / of_a_unit < most * lanes {
            most = NEAR / of_a_unit / lanes;
        }
        if most > 1 { most } else { 1 }
    }

    /// `N` vectors of units, in the last of which there are `count`. Returns `N`.
    ///
    /// # Safety
    /// The instruction set of `V` is available, the parts fit one another, and the units exist.
    #[inline(always)]
    unsafe fn units<V: Vector<Elem = T>, const N: usize>(
        &self,
        first: usize,
        count: usize,
    ) -> usize {
        let weighted = Single::<C, H, T, GATES>::WEIGHTED;
        let mut widths = [BLOCK; N];
        let mut at = [self.weights.blocks.as_ptr(); N];
        // SAFETY: `V` is available by the caller's promise; rows are padded to whole vectors, and each
        // term has a weight for every gate that it goes into. Of cells only those that exist are
        // touched, and there is room for whole vectors of hidden values.
        unsafe {
            for i in 0..N {
                let unit = first + i * V::LANES;
                if V::LANES < BLOCK {
                    widths[i] = Single::<C, H, T, GATES>::width(unit);
                }
                at[i] = at[i].add(self.weights.place(unit, Term::Bias));
            }
            // Two sums of each gate, so that one need not wait for the other.
            let mut even = [[V::splat(T::ZERO); GATES]; N];
            let mut odd = even;
            for i in 0..N {
                for g in 0..GATES {
                    even[i][g] = V::load(at[i].add(g * widths[i]));
                }
                at[i] = at[i].add(GATES * widths[i]);
            }
            for k in 0..self.weights.inputs {
                let x = V::splat(*self.x.add(k));
                for i in 0..N {
                    for g in 0..GATES {
                        even[i][g] = even[i][g].add_mul(V::load(at[i].add(g * widths[i])), x);
                    }
                    at[i] = at[i].add(GATES * widths[i]);
                }
            }
            for k in (0..H::USIZE - 1).step_by(2) {
                let (a, b) = (V::splat(*self.h.add(k)), V::splat(*self.h.add(k + 1)));
                for i in 0..N {
                    let column = at[i].add(k * weighted * widths[i]);
                    for g in 0..weighted {
                        let (this, next) = (g * widths[i], (weighted + g) * widths[i]);
                        even[i][g] = even[i][g].add_mul(V::load(column.add(this)), a);
                        odd[i][g] = odd[i][g].add_mul(V::load(column.add(next)), b);
                    }
                }
            }
            if H::USIZE % 2 == 1 {
                let last = V::splat(*self.h.add(H::USIZE - 1));
                for i in 0..N {
                    let column = at[i].add((H::USIZE - 1) * weighted * widths[i]);
                    for g in 0..weighted {
                        even[i][g] = even[i][g].add_mul(V::load(column.add(g * widths[i])), last);
                    }
                }
            }
            for i in 0..N {
                let mut gates = [Register(V::splat(T::ZERO)); GATES];
                for g in 0..GATES {
                    gates[g] = squash(even[i][g].add(odd[i][g]), C::SQUASH[g]);
                }
                let unit = first + i * V::LANES;
                let before = Register(V::load_first(self.c.add(unit).cast_const(), count));
                let (_, cell, hidden) = C::forward(gates, before);
                if C::CELLS {
                    cell.0.store_first(self.c.add(unit), count);
                }
                hidden.0.store(self.hidden.add(unit));
            }
        }
        N
    }
}
