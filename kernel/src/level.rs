//! The instruction sets of this CPU, narrow and wide.

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
            ($($feature:tt),+) => {
                $(std::is_x86_feature_detected!($feature))&&+
            };
        }
        #[cfg(not(all(feature = "std", target_arch = "x86_64")))]
        macro_rules! has {
            ($($feature:tt),+) => {
                cfg!(all(target_arch = "x86_64", $(target_feature = $feature),+))
            };
        }
        if !has!("avx2", "fma", "bmi2") {
            Level::Portable
        } else if has!("avx512f", "avx512bw", "avx512dq", "avx512vl") {
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
