//! A step of the simple recurrent cell, `h = tanh(a)`.

use super::activation::tanh;
use crate::{
    Real,
    dispatch::{Isa, Kernel, dispatch},
    elementwise,
};

/// `h = tanh(a)`.
///
/// # Panics
/// If the slices differ in length.
pub fn forward<T: Real>(h: &mut [T], a: &[T]) {
    struct Forward<'a, T>(&'a mut [T], &'a [T]);

    impl<T: Real> Kernel for Forward<'_, T> {
        type Output = ();
        #[inline(always)]
        fn run<I: Isa>(self, _: I) {
            let Self(h, a) = self;
            for (h, &a) in h.iter_mut().zip(a) {
                *h = tanh::<T, I>(a);
            }
        }
    }

    assert_eq!(h.len(), a.len(), "hidden values and what they are made of");
    dispatch(Forward(h, a));
}

/// `da = dh (1 - h^2)`, where `da` holds what later steps add to `dh`.
///
/// # Panics
/// If the slices differ in length.
pub fn backward<T: Real>(da: &mut [T], dh: &[T], h: &[T]) {
    elementwise::zip2(da, dh, h, |later, dh, h| (dh + later) * (T::ONE - h * h));
}
