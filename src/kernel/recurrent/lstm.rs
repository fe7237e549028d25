//! The gates of a long short-term memory.
//!
//! ```text
//! i = sigmoid(a_i)   f = sigmoid(a_f)   g = tanh(a_g)   o = sigmoid(a_o)
//! c = f c' + i g     h = o tanh(c)
//! ```

use super::activation::{sigmoid, tanh};
use crate::kernel::{
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
    // Equal lengths in plain sight drop the bounds checks.
    let (i, f, g, o) = (&mut i[..n], &mut f[..n], &mut g[..n], &mut o[..n]);
    let (before, cells, h) = (&before[..n], &mut cells[..n], &mut h[..n]);
    for u in 0..n {
        i[u] = sigmoid::<T, I>(i[u]);
        f[u] = sigmoid::<T, I>(f[u]);
        g[u] = tanh::<T, I>(g[u]);
        o[u] = sigmoid::<T, I>(o[u]);
        let c = f[u] * before[u] + i[u] * g[u];
        cells[u] = c;
        h[u] = o[u] * tanh::<T, I>(c);
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
    [before, cells, dh, later]: [&[T]; 4],
) {
    let (i, f, g, o, dc) = (&mut i[..n], &mut f[..n], &mut g[..n], &mut o[..n], &mut dc[..n]);
    let (before, cells, dh, later) = (&before[..n], &cells[..n], &dh[..n], &later[..n]);
    for u in 0..n {
        let squashed = tanh::<T, I>(cells[u]);
        let dh = dh[u] + later[u];
        let by_cell = dc[u] + dh * o[u] * (T::ONE - squashed * squashed);
        let (by_i, by_g) = (by_cell * g[u], by_cell * i[u]);
        o[u] = dh * squashed * o[u] * (T::ONE - o[u]);
        dc[u] = by_cell * f[u];
        f[u] = by_cell * before[u] * f[u] * (T::ONE - f[u]);
        i[u] = by_i * i[u] * (T::ONE - i[u]);
        g[u] = by_g * (T::ONE - g[u] * g[u]);
    }
}
