//! Every vector of this CPU against what the trait says, lane by lane.

use super::Vector;
use crate::{
    dispatch::{Isa, Kernel, at_every_level},
    scalar::Scalar,
};
use core::fmt::Debug;

/// The bits of a number, the same ones for all that are not a number.
fn bits(x: impl Scalar) -> u64 {
    let x = x.to_f64();
    if x.is_nan() { f64::NAN.to_bits() } else { x.to_bits() }
}

#[track_caller]
fn assert_same<T: Scalar + Debug>(found: &[T], expected: impl Fn(usize) -> T) {
    for (lane, &x) in found.iter().enumerate() {
        let expected = expected(lane);
        assert_eq!(bits(x), bits(expected), "lane {lane}: expected {expected}, found {x}");
    }
}

/// The lanes of vectors of `V`.
struct Check<T, V>(core::marker::PhantomData<(T, V)>);

impl<T: Scalar, V: Vector<Elem = T>> Check<T, V> {
    /// # Safety
    /// The instruction set of `V` is available.
    #[inline(always)]
    unsafe fn lanes(v: V) -> [T; 16] {
        let mut lanes = [T::ZERO; 16];
        // SAFETY: the caller's promise; no vector has more lanes.
        unsafe { v.store(lanes.as_mut_ptr()) };
        lanes
    }

    /// # Safety
    /// The instruction set of `V` is available.
    #[inline(always)]
    unsafe fn all() {
        let n = V::LANES;
        let [zero, nan, infinity] = [T::ZERO, T::of(f64::NAN), T::of(f64::INFINITY)];
        let (tiny, third) = (T::EPSILON, T::ONE / T::of(3.0));
        let some = [zero, -zero, T::ONE, -third, nan, infinity, -infinity, third + tiny, -tiny];
        let number = |seed: usize, i: usize| some[(i * 5 + seed * 7 + seed / 9) % some.len()];
        // SAFETY: the caller's promise; slices are as long as what is read and written.
        unsafe {
            for seed in 0..81 {
                let a: [T; 16] = core::array::from_fn(|i| number(seed, i));
                let b: [T; 16] = core::array::from_fn(|i| number(seed / 9, 3 * i + 1));
                let c: [T; 16] = core::array::from_fn(|i| number(seed / 3, 2 * i + 4));
                let (x, y, z) = (V::load(a.as_ptr()), V::load(b.as_ptr()), V::load(c.as_ptr()));
                let same = |v: V, expected: &dyn Fn(usize) -> T| {
                    assert_same(&Self::lanes(v)[..n], expected);
                };
                same(V::splat(third), &|_| third);
                same(x, &|i| a[i]);
                same(x.add(y), &|i| a[i] + b[i]);
                same(x.sub(y), &|i| a[i] - b[i]);
                same(x.at_least(y), &|i| if b[i] > a[i] { b[i] } else { a[i] });
                same(x.at_most(y), &|i| if b[i] < a[i] { b[i] } else { a[i] });
                let larger = |i: usize| a[i] > b[i] || a[i].to_f64().is_nan();
                same(V::if_larger(x, y, z, y), &|i| if larger(i) { c[i] } else { b[i] });
                same(V::if_equal(x, y, z, y), &|i| if a[i] == b[i] { c[i] } else { b[i] });
            }

            // What is exact, however it is rounded and in whatever order.
            let whole =
                |seed: usize| core::array::from_fn::<T, 16, _>(|i| T::of((seed * i + 1) as f64));
            let (a, b) = (whole(3), whole(5));
            let (x, y) = (V::load(a.as_ptr()), V::load(b.as_ptr()));
            assert_same(&Self::lanes(x.add_mul(y, x))[..n], |i| a[i] + b[i] * a[i]);
            assert_same(&Self::lanes(V::sum4([x, y, y.add(y), x]))[..4], |i| {
                let sum = |x: &[T]| x[..n].iter().fold(zero, |sum, &x| sum + x);
                [sum(&a), sum(&b), sum(&b) + sum(&b), sum(&a)][i]
            });
            for (i, quotient) in Self::lanes(x.quotient(y))[..n].iter().enumerate() {
                let error = (*quotient * b[i] - a[i]).abs() / a[i];
                assert!(error <= T::of(3.0) * tiny, "a quotient is off by {error}");
            }

            // Of memory only what is asked for is touched: what lies around stays, and what lies behind
            // is not a number.
            for count in 0..=n {
                let mut from = [nan; 16];
                from[..count].copy_from_slice(&a[..count]);
                let some = V::load_first(from.as_ptr(), count);
                assert_same(&Self::lanes(some)[..n], |i| if i < count { a[i] } else { zero });
                let mut to = [third; 16];
                x.store_first(to.as_mut_ptr(), count);
                assert_same(&to, |i| if i < count { a[i] } else { third });

                let numbers: [u8; 16] = core::array::from_fn(|i| (i * 17) as u8);
                let v = V::load_numbers(numbers.as_ptr(), count);
                assert_same(&Self::lanes(v)[..count], |i| T::of(f64::from(numbers[i])));
                let mut stored = [7; 16];
                v.store_numbers(stored.as_mut_ptr(), count);
                assert_eq!(stored[..count], numbers[..count]);
                assert!(stored[count..].iter().all(|&x| x == 7));
            }

            let square: [T; 20 * 20] = core::array::from_fn(|i| T::of(i as f64));
            let mut turned = [third; 20 * 20];
            V::transpose(square.as_ptr(), 20, turned.as_mut_ptr(), 19);
            for i in 0..n {
                assert_same(&turned[i * 19..][..n], |j| square[j * 20 + i]);
            }
        }
    }
}

#[derive(Clone, Copy)]
struct AllOf;

impl Kernel for AllOf {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        // SAFETY: the token of type `I` was given.
        unsafe {
            Check::<f32, I::F32>::all();
            Check::<f64, I::F64>::all();
        }
    }
}

#[test]
fn every_vector_does_what_the_trait_says() {
    at_every_level(AllOf);
}

/// Where arithmetic is fused, a product is not rounded before it is added to.
#[derive(Clone, Copy)]
struct Rounding;

impl Kernel for Rounding {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        // `x^2 = 1 + 2^-11 + 2^-24`, of which the last term is half of a unit in the last place.
        let x = 1.0 + 1.0 / 4096.0;
        let square = 1.0 / 2048.0 + if I::FUSED { 1.0 / 16_777_216.0 } else { 0.0 };
        // SAFETY: the token of type `I` was given.
        let found = unsafe {
            let x = I::F32::splat(x);
            Check::lanes(I::F32::splat(-1.0).add_mul(x, x))
        };
        assert_same(&found[..I::F32::LANES], |_| square);
    }
}

#[test]
fn products_are_rounded_once_where_they_are_fused() {
    at_every_level(Rounding);
}
