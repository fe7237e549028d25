//! The gates of a long short-term memory.
//!
//! ```text
//! i = sigmoid(a_i)   f = sigmoid(a_f)   g = tanh(a_g)   o = sigmoid(a_o)
//! c = f c' + i g     h = o tanh(c)
//! ```

use super::activation::{sigmoid, tanh};
use super::units::{UNITS, set_units, units};
use crate::{
    Real,
    dispatch::{Isa, Kernel, dispatch},
};

/// The matrices of a step forward.
pub struct Forward<'a, T> {
    /// Hidden units `H`.
    pub hidden: usize,
    /// `4H x lanes`: `a` in the order i, f, g, o, which becomes the gates.
    pub gates: &'a mut [T],
    /// `H x lanes`: the cells before, `c'`.
    pub before: &'a [T],
    /// `H x lanes`: where the cells go.
    pub cells: &'a mut [T],
    /// `H x lanes`: where the hidden values go.
    pub h: &'a mut [T],
}

/// The gates, cells and hidden values of a step.
///
/// # Panics
/// If the matrices differ in lanes.
pub fn forward<T: Real>(step: Forward<'_, T>) {
    let (n, len) = (step.hidden, step.h.len());
    let fits = step.gates.len() == 4 * len && step.before.len() == len && step.cells.len() == len;
    assert!(n > 0 && fits && len.is_multiple_of(n), "the matrices of a step differ in lanes");
    dispatch(step);
}

impl<T: Real> Kernel for Forward<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let n = self.hidden;
        let lanes = self.gates.chunks_exact_mut(4 * n).zip(self.before.chunks_exact(n));
        let lanes = lanes.zip(self.cells.chunks_exact_mut(n)).zip(self.h.chunks_exact_mut(n));
        for (((gates, before), cells), h) in lanes {
            let (i, rest) = gates.split_at_mut(n);
            let (f, rest) = rest.split_at_mut(n);
            let (g, o) = rest.split_at_mut(n);
            forward_lane::<T, I>(n, [i, f, g, o], before, cells, h);
        }
    }
}

#[inline(always)]
fn forward_lane<T: Real, I: Isa>(
    n: usize,
    [i, f, g, o]: [&mut [T]; 4],
    before: &[T],
    cells: &mut [T],
    h: &mut [T],
) {
    for first in (0..n).step_by(UNITS) {
        let at = first..n.min(first + UNITS);
        let [mut i_u, mut f_u, mut g_u, mut o_u] =
            [&*i, &*f, &*g, &*o].map(|gate| units(&gate[at.clone()]));
        let mut c = units(&before[at.clone()]);
        let mut h_u = c;
        for u in 0..UNITS {
            i_u[u] = sigmoid::<T, I>(i_u[u]);
            f_u[u] = sigmoid::<T, I>(f_u[u]);
            g_u[u] = tanh::<T, I>(g_u[u]);
            o_u[u] = sigmoid::<T, I>(o_u[u]);
            c[u] = f_u[u] * c[u] + i_u[u] * g_u[u];
            h_u[u] = o_u[u] * tanh::<T, I>(c[u]);
        }
        set_units(&mut i[at.clone()], &i_u);
        set_units(&mut f[at.clone()], &f_u);
        set_units(&mut g[at.clone()], &g_u);
        set_units(&mut o[at.clone()], &o_u);
        set_units(&mut cells[at.clone()], &c);
        set_units(&mut h[at], &h_u);
    }
}

/// The matrices of a step backward.
pub struct Backward<'a, T> {
    /// Hidden units `H`.
    pub hidden: usize,
    /// `4H x lanes`: the gates, which become the gradient by `a`.
    pub gates: &'a mut [T],
    /// `H x lanes`: the cells before, `c'`.
    pub before: &'a [T],
    /// `H x lanes`: the cells.
    pub cells: &'a [T],
    /// `H x lanes`: the gradient by the hidden values, but for what later steps add.
    pub dh: &'a [T],
    /// `H x lanes`: what later steps add to it.
    pub later: &'a [T],
    /// `H x lanes`: the gradient by the cells through later steps, which becomes that by `c'`.
    pub dc: &'a mut [T],
}

/// The gradients by what goes into the gates and by the cells before.
///
/// ```text
/// dh = dh + later                 dc = dc + dh o (1 - tanh(c)^2)
/// da_o = dh tanh(c) o (1 - o)     da_f = dc c' f (1 - f)
/// da_i = dc g i (1 - i)           da_g = dc i (1 - g^2)
/// dc' = dc f
/// ```
///
/// # Panics
/// If the matrices differ in lanes.
pub fn backward<T: Real>(step: Backward<'_, T>) {
    let (n, len) = (step.hidden, step.dh.len());
    let fits = step.gates.len() == 4 * len
        && [step.before, step.cells, step.later, step.dc].iter().all(|m| m.len() == len);
    assert!(n > 0 && fits && len.is_multiple_of(n), "the matrices of a step differ in lanes");
    dispatch(step);
}

impl<T: Real> Kernel for Backward<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let n = self.hidden;
        let lanes = self.gates.chunks_exact_mut(4 * n).zip(self.dc.chunks_exact_mut(n));
        let lanes = lanes.zip(self.before.chunks_exact(n)).zip(self.cells.chunks_exact(n));
        let lanes = lanes.zip(self.dh.chunks_exact(n)).zip(self.later.chunks_exact(n));
        for (((((gates, dc), before), cells), dh), later) in lanes {
            let (i, rest) = gates.split_at_mut(n);
            let (f, rest) = rest.split_at_mut(n);
            let (g, o) = rest.split_at_mut(n);
            backward_lane::<T, I>(n, [i, f, g, o], dc, [before, cells, dh, later]);
        }
    }
}

#[inline(always)]
fn backward_lane<T: Real, I: Isa>(
    n: usize,
    [i, f, g, o]: [&mut [T]; 4],
    dc: &mut [T],
    given: [&[T]; 4],
) {
    for first in (0..n).step_by(UNITS) {
        let at = first..n.min(first + UNITS);
        let [mut i_u, mut f_u, mut g_u, mut o_u, mut dc_u] =
            [&*i, &*f, &*g, &*o, &*dc].map(|x| units(&x[at.clone()]));
        let [before, cells, dh, later] = given.map(|x| units(&x[at.clone()]));
        for u in 0..UNITS {
            let squashed = tanh::<T, I>(cells[u]);
            let dh = dh[u] + later[u];
            let by_cell = dc_u[u] + dh * o_u[u] * (T::ONE - squashed * squashed);
            let (by_i, by_g) = (by_cell * g_u[u], by_cell * i_u[u]);
            o_u[u] = dh * squashed * o_u[u] * (T::ONE - o_u[u]);
            dc_u[u] = by_cell * f_u[u];
            f_u[u] = by_cell * before[u] * f_u[u] * (T::ONE - f_u[u]);
            i_u[u] = by_i * i_u[u] * (T::ONE - i_u[u]);
            g_u[u] = by_g * (T::ONE - g_u[u] * g_u[u]);
        }
        set_units(&mut i[at.clone()], &i_u);
        set_units(&mut f[at.clone()], &f_u);
        set_units(&mut g[at.clone()], &g_u);
        set_units(&mut o[at.clone()], &o_u);
        set_units(&mut dc[at], &dc_u);
    }
}
