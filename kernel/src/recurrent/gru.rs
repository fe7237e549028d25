//! The gates of a gated recurrent unit.
//!
//! ```text
//! r = sigmoid(a_r + b_r)   z = sigmoid(a_z + b_z)   n = tanh(a_n + r s)
//! h = (1 - z) n + z h'
//! ```
//!
//! where `a` comes of the input, `b_r`, `b_z` and `s` of the hidden values before.

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
    /// `3H x lanes`: `a` in the order r, z, n, which becomes the gates.
    pub gates: &'a mut [T],
    /// `3H x lanes`: `b_r`, `b_z` and `s`.
    pub recurrent: &'a [T],
    /// `H x lanes`: the hidden values before, `h'`.
    pub before: &'a [T],
    /// `H x lanes`: where `s` is kept.
    pub kept: &'a mut [T],
    /// `H x lanes`: where the hidden values go.
    pub h: &'a mut [T],
}

/// The gates and hidden values of a step.
///
/// # Panics
/// If the matrices differ in lanes.
pub fn forward<T: Real>(step: Forward<'_, T>) {
    let (n, len) = (step.hidden, step.h.len());
    let fits = step.gates.len() == 3 * len
        && step.recurrent.len() == 3 * len
        && step.before.len() == len
        && step.kept.len() == len;
    assert!(n > 0 && fits && len.is_multiple_of(n), "the matrices of a step differ in lanes");
    dispatch(step);
}

impl<T: Real> Kernel for Forward<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let n = self.hidden;
        let lanes = self.gates.chunks_exact_mut(3 * n).zip(self.recurrent.chunks_exact(3 * n));
        let lanes = lanes.zip(self.before.chunks_exact(n)).zip(self.kept.chunks_exact_mut(n));
        for ((((gates, recurrent), before), kept), h) in lanes.zip(self.h.chunks_exact_mut(n)) {
            let (r, rest) = gates.split_at_mut(n);
            let (z, candidate) = rest.split_at_mut(n);
            forward_lane::<T, I>(n, [r, z, candidate], recurrent, before, kept, h);
        }
    }
}

#[inline(always)]
fn forward_lane<T: Real, I: Isa>(
    n: usize,
    [r, z, candidate]: [&mut [T]; 3],
    recurrent: &[T],
    before: &[T],
    kept: &mut [T],
    h: &mut [T],
) {
    for first in (0..n).step_by(UNITS) {
        let at = first..n.min(first + UNITS);
        let [mut r_u, mut z_u, mut candidate_u] =
            [&*r, &*z, &*candidate].map(|gate| units(&gate[at.clone()]));
        let [by_r, by_z, s] =
            [0, n, 2 * n].map(|gate| units(&recurrent[gate + at.start..gate + at.end]));
        let mut h_u = units(&before[at.clone()]);
        for u in 0..UNITS {
            r_u[u] = sigmoid::<T, I>(r_u[u] + by_r[u]);
            z_u[u] = sigmoid::<T, I>(z_u[u] + by_z[u]);
            candidate_u[u] = tanh::<T, I>(candidate_u[u] + r_u[u] * s[u]);
            h_u[u] = candidate_u[u] + z_u[u] * (h_u[u] - candidate_u[u]);
        }
        set_units(&mut r[at.clone()], &r_u);
        set_units(&mut z[at.clone()], &z_u);
        set_units(&mut candidate[at.clone()], &candidate_u);
        set_units(&mut kept[at.clone()], &s);
        set_units(&mut h[at], &h_u);
    }
}

/// The matrices of a step backward.
pub struct Backward<'a, T> {
    /// Hidden units `H`.
    pub hidden: usize,
    /// `3H x lanes`: the gates, which become the gradient by `a`.
    pub gates: &'a mut [T],
    /// `H x lanes`: the hidden values before, `h'`.
    pub before: &'a [T],
    /// `H x lanes`: `s`, which becomes the gradient by it.
    pub kept: &'a mut [T],
    /// `H x lanes`: the gradient by the hidden values, but for what later steps add.
    pub dh: &'a [T],
    /// `H x lanes`: what later steps add to it, which becomes what this step adds to that by
    /// `h'`, but for what goes through the gates.
    pub later: &'a mut [T],
}

/// The gradients by what goes into the gates and, in part, by the hidden values before.
///
/// ```text
/// dh = dh + later
/// da_z = dh (h' - n) z (1 - z)    da_n = dh (1 - z) (1 - n^2)
/// da_r = da_n s r (1 - r)         ds = da_n r
/// dh' = dh z + W_h^T (da_r, da_z, ds)
/// ```
///
/// # Panics
/// If the matrices differ in lanes.
pub fn backward<T: Real>(step: Backward<'_, T>) {
    let (n, len) = (step.hidden, step.dh.len());
    let fits = step.gates.len() == 3 * len
        && [step.before, step.kept, step.later].iter().all(|m| m.len() == len);
    assert!(n > 0 && fits && len.is_multiple_of(n), "the matrices of a step differ in lanes");
    dispatch(step);
}

impl<T: Real> Kernel for Backward<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let n = self.hidden;
        let lanes = self.gates.chunks_exact_mut(3 * n).zip(self.before.chunks_exact(n));
        let lanes = lanes.zip(self.kept.chunks_exact_mut(n)).zip(self.dh.chunks_exact(n));
        for ((((gates, before), kept), dh), later) in lanes.zip(self.later.chunks_exact_mut(n)) {
            let (r, rest) = gates.split_at_mut(n);
            let (z, candidate) = rest.split_at_mut(n);
            backward_lane(n, [r, z, candidate], before, kept, dh, later);
        }
    }
}

#[inline(always)]
fn backward_lane<T: Real>(
    n: usize,
    [r, z, candidate]: [&mut [T]; 3],
    before: &[T],
    kept: &mut [T],
    dh: &[T],
    later: &mut [T],
) {
    for first in (0..n).step_by(UNITS) {
        let at = first..n.min(first + UNITS);
        let [mut r_u, mut z_u, mut candidate_u, mut kept_u, mut later_u] =
            [&*r, &*z, &*candidate, &*kept, &*later].map(|x| units(&x[at.clone()]));
        let [before, dh] = [before, dh].map(|x| units(&x[at.clone()]));
        for u in 0..UNITS {
            let dh = dh[u] + later_u[u];
            let by_candidate = dh * (T::ONE - z_u[u]) * (T::ONE - candidate_u[u] * candidate_u[u]);
            later_u[u] = dh * z_u[u];
            z_u[u] = dh * (before[u] - candidate_u[u]) * z_u[u] * (T::ONE - z_u[u]);
            candidate_u[u] = by_candidate;
            let by_s = by_candidate * r_u[u];
            r_u[u] = by_candidate * kept_u[u] * r_u[u] * (T::ONE - r_u[u]);
            kept_u[u] = by_s;
        }
        set_units(&mut r[at.clone()], &r_u);
        set_units(&mut z[at.clone()], &z_u);
        set_units(&mut candidate[at.clone()], &candidate_u);
        set_units(&mut kept[at.clone()], &kept_u);
        set_units(&mut later[at], &later_u);
    }
}
