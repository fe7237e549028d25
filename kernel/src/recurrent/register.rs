//! A register as a [`Number`]: what equations of a unit are computed with in steps.

use super::{Number, Squash, cell::operators};
use crate::{
    Real,
    math::single::{TANH_END, TANH_P, TANH_Q},
    scalar::Scalar,
    vector::Vector,
};

/// The sum of a gate, squashed; that of a logistic function is halved.
///
/// # Safety
/// The instruction set of `V` is available.
#[inline(always)]
pub(super) unsafe fn squash<T: Real, V: Vector<Elem = T>>(sum: V, by: Squash) -> Register<V> {
    // SAFETY: the caller's promise.
    unsafe {
        Register(match by {
            Squash::Sigmoid => {
                let half = V::splat(T::of(0.5));
                half.add_mul(half, tanh(sum))
            }
            Squash::Tanh => tanh(sum),
            Squash::Nothing => sum,
        })
    }
}

/// A register, which only steps make: where there is one, its instruction set is available.
#[derive(Clone, Copy)]
pub(super) struct Register<V>(pub V);

operators! { [T: Real, V: Vector<Elem = T>] Register<V>:
    // SAFETY: a `Register` is named below the steps alone, where `V` is available.
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
