//! The gates of a gated recurrent unit.
//!
//! ```text
//! r = sigmoid(a_r + b_r)   z = sigmoid(a_z + b_z)   n = tanh(a_n + r s)
//! h = (1 - z) n + z h'
//! ```
//!
//! where `a` comes of the input, `b_r`, `b_z` and `s` of the hidden values before.

use super::activation::{sigmoid, tanh};
use crate::kernel::{
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
    let (r, z, candidate) = (&mut r[..n], &mut z[..n], &mut candidate[..n]);
    let (by_r, by_z, s) = (&recurrent[..n], &recurrent[n..2 * n], &recurrent[2 * n..3 * n]);
    let (before, kept, h) = (&before[..n], &mut kept[..n], &mut h[..n]);
    for u in 0..n {
        r[u] = sigmoid::<T, I>(r[u] + by_r[u]);
        z[u] = sigmoid::<T, I>(z[u] + by_z[u]);
        candidate[u] = tanh::<T, I>(candidate[u] + r[u] * s[u]);
        kept[u] = s[u];
        h[u] = candidate[u] + z[u] * (before[u] - candidate[u]);
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
    let (r, z, candidate) = (&mut r[..n], &mut z[..n], &mut candidate[..n]);
    let (before, kept, dh, later) = (&before[..n], &mut kept[..n], &dh[..n], &mut later[..n]);
    for u in 0..n {
        let dh = dh[u] + later[u];
        let by_candidate = dh * (T::ONE - z[u]) * (T::ONE - candidate[u] * candidate[u]);
        later[u] = dh * z[u];
        z[u] = dh * (before[u] - candidate[u]) * z[u] * (T::ONE - z[u]);
        candidate[u] = by_candidate;
        let by_s = by_candidate * r[u];
        r[u] = by_candidate * kept[u] * r[u] * (T::ONE - r[u]);
        kept[u] = by_s;
    }
}
