//! One source, compiled once per instruction set, chosen at run time.
//!
//! A kernel is a value that implements [`Kernel`]: its operands are its fields, and its body is
//! the inlined function [`Kernel::run`]. [`dispatch`] calls the copy that was compiled for the
//! best instruction set of this CPU: AVX-512, AVX2 with FMA, or whatever the target has anyway
//! ([`Portable`]), which also serves `no_std`.
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

use super::{
    real::{PortableF32, PortableF64, Real, sealed::Elementary},
    vector::Vector,
};
use core::sync::atomic::{AtomicU8, Ordering};

/// The instruction sets that kernels are compiled for, from the narrowest to the widest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// What every CPU of the compilation target has.
    Portable = 1,
    /// x86-64 with 256-bit vectors and fused multiply-add (AVX2, FMA and BMI2).
    Avx2 = 2,
    /// The same with 512-bit vectors (AVX-512 F, BW, DQ and VL).
    Avx512 = 3,
}

impl Level {
    /// Every level, narrowest first.
    pub const ALL: [Level; 3] = [Level::Portable, Level::Avx2, Level::Avx512];

    /// The widest level that this CPU runs.
    ///
    /// Without the feature `std` nothing can be asked of the CPU, so this is what the crate was
    /// compiled for (`-C target-cpu`).
    #[must_use]
    pub fn detect() -> Level {
        #[cfg(all(feature = "std", target_arch = "x86_64"))]
        macro_rules! has {
            ($feature:tt) => {
                std::is_x86_feature_detected!($feature)
            };
        }
        #[cfg(not(all(feature = "std", target_arch = "x86_64")))]
        macro_rules! has {
            ($feature:tt) => {
                cfg!(all(target_arch = "x86_64", target_feature = $feature))
            };
        }
        if !(has!("avx2") && has!("fma") && has!("bmi2")) {
            Level::Portable
        } else if has!("avx512f") && has!("avx512bw") && has!("avx512dq") && has!("avx512vl") {
            Level::Avx512
        } else {
            Level::Avx2
        }
    }

    /// The level in use: the detected one, unless [`Level::force`] chose another.
    #[inline]
    #[must_use]
    pub fn current() -> Level {
        match CURRENT.load(Ordering::Relaxed) {
            1 => Level::Portable,
            2 => Level::Avx2,
            3 => Level::Avx512,
            _ => Level::detect_and_keep(),
        }
    }

    /// Makes the whole process use this level, for tests and measurements.
    ///
    /// Returns whether the CPU has it; if not, nothing changes.
    pub fn force(self) -> bool {
        let available = self <= Level::detect();
        if available {
            CURRENT.store(self as u8, Ordering::Relaxed);
        }
        available
    }

    #[cold]
    fn detect_and_keep() -> Level {
        let level = Level::detect();
        CURRENT.store(level as u8, Ordering::Relaxed);
        level
    }
}

/// The [`Level`] in use as a number, or 0 while nobody has asked.
///
/// It never holds a level above the detected one; `dispatch` relies on that.
static CURRENT: AtomicU8 = AtomicU8::new(0);

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
    fn prefetch<T: Real>(self, x: &[T]) {
        for line in x.chunks(64 / size_of::<T>()) {
            T::Vector::<Self>::prefetch(line.as_ptr());
        }
    }

    /// `e^x`.
    #[inline(always)]
    fn exp<T: Real>(self, x: T) -> T {
        <T as Elementary>::exp::<Self>(x)
    }

    /// The hyperbolic tangent.
    #[inline(always)]
    fn tanh<T: Real>(self, x: T) -> T {
        <T as Elementary>::tanh::<Self>(x)
    }

    /// The logistic function `1 / (1 + e^-x)`.
    #[inline(always)]
    fn sigmoid<T: Real>(self, x: T) -> T {
        <T as Elementary>::sigmoid::<Self>(x)
    }
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! isa {
    ($(#[$doc:meta])* $name:ident, fused: $fused:literal, $f32:ty, $f64:ty, $call:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name(());

        impl sealed::Sealed for $name {}
        impl Isa for $name {
            const FUSED: bool = $fused;
            type F32 = $f32;
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
    Portable, fused: false, PortableF32, PortableF64, portable
}
#[cfg(target_arch = "x86_64")]
isa! {
    /// The instruction set of [`Level::Avx2`].
    Avx2, fused: true, core::arch::x86_64::__m256, core::arch::x86_64::__m256d, avx2
}
#[cfg(target_arch = "x86_64")]
isa! {
    /// The instruction set of [`Level::Avx512`].
    Avx512, fused: true, core::arch::x86_64::__m512, core::arch::x86_64::__m256d, avx512
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
    match Level::current() {
        Level::Portable => portable(kernel),
        // SAFETY: `CURRENT` holds no level that `detect` did not find on this CPU.
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 if K::AVX512 => unsafe { avx512(kernel) },
        // SAFETY: as above; whatever has AVX-512 has this.
        #[cfg(target_arch = "x86_64")]
        _ => unsafe { avx2(kernel) },
        #[cfg(not(target_arch = "x86_64"))]
        _ => unreachable!("only x86-64 has these levels"),
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
