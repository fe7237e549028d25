//! One source, compiled once per instruction set, chosen at run time.
//!
//! A kernel is a value that implements [`Kernel`]: its operands are its fields, and its body is
//! the inlined function [`Kernel::run`]. [`dispatch`] calls the copy that was compiled for the
//! best instruction set of this CPU: AVX-512, AVX2 with FMA, NEON, or whatever the target has anyway
//! ([`Portable`]), whose arithmetic has the same bits everywhere.
//!
//! ```
//! use formwork_kernel::dispatch::{Isa, Kernel, dispatch};
//!
//! struct Double<'a>(&'a mut [f32]);
//!
//! impl Kernel for Double<'_> {
//!     type Output = ();
//!     #[inline(always)] // a call would leave the instruction set
//!     fn run<I: Isa>(self, _: I) {
//!         self.0.iter_mut().for_each(|x| *x += *x);
//!     }
//! }
//!
//! let mut x = [1.0, 2.0];
//! dispatch(Double(&mut x));
//! assert_eq!(x, [2.0, 4.0]);
//! ```

pub use super::level::Level;

use super::vector::{Lanes, Vector};
#[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
use core::arch::aarch64::float32x4_t;
#[cfg(target_arch = "x86_64")]
use core::arch::x86_64::{__m256, __m256d, __m512};

/// An instruction set. A value of such a type proves that this CPU has it.
///
/// The elementary functions here are those of [`math`](super::math), rounded a little differently
/// where arithmetic is fused.
pub trait Isa: Copy + sealed::Sealed {
    /// Whether a multiplication and an addition are one instruction with one rounding.
    const FUSED: bool;
    /// A register of `f32`.
    #[doc(hidden)]
    type F32: Vector<Elem = f32>;
    /// A register of at most eight `f32`: as fast in half the time where no more are needed.
    #[doc(hidden)]
    type Narrow: Vector<Elem = f32>;
    /// A register of `f64`, 256 bits wide at most: its speed is not worth the time to compile more.
    #[doc(hidden)]
    type F64: Vector<Elem = f64>;

    /// Runs a kernel in a function of its own for this instruction set.
    ///
    /// Cheaper to compile than a large body that holds all of them.
    #[doc(hidden)]
    fn call<K: Kernel>(self, kernel: K) -> K::Output;

    /// Asks for the cache lines of `x` to be at hand soon.
    ///
    /// What is only written comes from memory on nobody's account but a store's, and stores wait
    /// for one another; loops that go through much memory ask for it beforehand.
    #[inline(always)]
    fn prefetch<T>(self, x: &[T]) {
        for line in x.chunks(64 / size_of::<T>()) {
            Self::F32::prefetch(line.as_ptr().cast());
        }
    }

    /// `e^x`.
    #[inline(always)]
    fn exp<T: Elementary>(self, x: T) -> T {
        T::exp::<Self>(x)
    }

    /// The hyperbolic tangent.
    #[inline(always)]
    fn tanh<T: Elementary>(self, x: T) -> T {
        T::tanh::<Self>(x)
    }

    /// The logistic function `1 / (1 + e^-x)`.
    #[inline(always)]
    fn sigmoid<T: Elementary>(self, x: T) -> T {
        T::sigmoid::<Self>(x)
    }
}

/// The elementary functions of a scalar in the arithmetic of an instruction set: see
/// [`math`](super::math).
#[expect(missing_docs, reason = "as in that module")]
pub trait Elementary: Copy + sealed::Sealed {
    fn exp<I: Isa>(x: Self) -> Self;
    fn ln<I: Isa>(x: Self) -> Self;
    fn tanh<I: Isa>(x: Self) -> Self;
    fn sigmoid<I: Isa>(x: Self) -> Self;
    fn erf<I: Isa>(x: Self) -> Self;
    fn softplus<I: Isa>(x: Self) -> Self;
    fn sqrt<I: Isa>(x: Self) -> Self;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

macro_rules! isa {
    ($(#[$doc:meta])* $name:ident, fused: $fused:literal, $f32:ty, $narrow:ty, $f64:ty, $call:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name(());

        impl sealed::Sealed for $name {}
        impl Isa for $name {
            const FUSED: bool = $fused;
            type F32 = $f32;
            type Narrow = $narrow;
            type F64 = $f64;

            #[inline(always)]
            fn call<K: Kernel>(self, kernel: K) -> K::Output {
                // SAFETY: the token proves that the CPU has what the function was compiled for.
                unsafe { unknown($call::<K>)(kernel) }
            }
        }
    };
}

isa! {
    /// The instruction set of [`Level::Portable`].
    Portable, fused: false, Lanes<f32>, Lanes<f32>, Lanes<f64>, portable
}
#[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
isa! {
    /// The instruction set of [`Level::Neon`].
    Neon, fused: true, float32x4_t, float32x4_t, super::vector::Pair, neon
}
#[cfg(target_arch = "x86_64")]
isa! {
    /// The instruction set of [`Level::Avx2`].
    Avx2, fused: true, __m256, __m256, __m256d, avx2
}
#[cfg(target_arch = "x86_64")]
isa! {
    /// The instruction set of [`Level::Avx512`].
    Avx512, fused: true, __m512, __m256, __m256d, avx512
}

/// A computation that is compiled for every instruction set.
pub trait Kernel {
    /// What it returns.
    type Output;
    /// Whether a copy for AVX-512 is worth compiling; the one for AVX2 serves otherwise.
    const AVX512: bool = true;

    /// The computation.
    ///
    /// Mark it, and what it calls in its loops, `#[inline(always)]`: only what is inlined is
    /// compiled for `I`.
    fn run<I: Isa>(self, isa: I) -> Self::Output;
}

/// Runs the copy of a kernel that was compiled for the [current level](Level::current).
#[inline]
pub fn dispatch<K: Kernel>(kernel: K) -> K::Output {
    // SAFETY: `current` gives no level that this CPU does not run.
    #[cfg(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon")))]
    unsafe {
        at(Level::current(), kernel)
    }
    // There are no other levels: nothing is to be asked.
    #[cfg(not(any(
        target_arch = "x86_64",
        all(target_arch = "aarch64", target_feature = "neon")
    )))]
    portable(kernel)
}

/// Runs the copy of a kernel that was compiled for a level.
///
/// # Safety
/// The CPU runs that level.
#[inline(always)]
#[cfg_attr(
    not(any(target_arch = "x86_64", target_arch = "aarch64")),
    allow(dead_code, reason = "there is one level")
)]
unsafe fn at<K: Kernel>(level: Level, kernel: K) -> K::Output {
    match level {
        #[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
        Level::Neon => neon(kernel),
        // SAFETY: the caller's promise; whatever has AVX-512 has AVX2.
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 if K::AVX512 => unsafe { avx512(kernel) },
        // SAFETY: likewise.
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 | Level::Avx512 => unsafe { avx2(kernel) },
        _ => portable(kernel),
    }
}

/// Runs all copies of a kernel that this CPU runs.
#[cfg(test)]
pub(crate) fn at_every_level<K: Kernel<Output = ()> + Copy>(kernel: K) {
    for level in Level::ALL.into_iter().filter(|level| level.is_available()) {
        // SAFETY: the CPU runs it.
        unsafe { at(level, kernel) };
    }
}

/// The same function, but the compiler cannot tell.
///
/// It heeds no `inline(never)` of functions with instructions of their own (Rust 1.95), and copies
/// of a tile in each of its callers take as long to compile as the tile.
#[inline(always)]
fn unknown<K: Kernel>(run: unsafe fn(K) -> K::Output) -> unsafe fn(K) -> K::Output {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    {
        let mut run = run;
        #[expect(clippy::pointers_in_nomem_asm_block, reason = "the pointer is not followed")]
        // SAFETY: no instruction at all.
        unsafe {
            core::arch::asm!("/* {0} */", inout(reg) run, options(pure, nomem, nostack, preserves_flags));
        }
        run
    }
    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    run
}

#[inline(never)]
fn portable<K: Kernel>(kernel: K) -> K::Output {
    kernel.run(Portable(()))
}

#[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
#[inline(never)]
fn neon<K: Kernel>(kernel: K) -> K::Output {
    kernel.run(Neon(()))
}

#[cfg(target_arch = "x86_64")]
#[inline(never)]
#[target_feature(enable = "avx2,fma,bmi2")]
fn avx2<K: Kernel>(kernel: K) -> K::Output {
    kernel.run(Avx2(()))
}

#[cfg(target_arch = "x86_64")]
#[inline(never)]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,bmi2")]
fn avx512<K: Kernel>(kernel: K) -> K::Output {
    kernel.run(Avx512(()))
}
