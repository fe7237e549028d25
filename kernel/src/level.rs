//! The instruction sets of this CPU, narrow and wide.

use core::sync::atomic::{AtomicU8, Ordering};

/// The instruction sets that kernels are compiled for, from the narrowest to the widest. No CPU has all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// What every CPU of the compilation target has.
    Portable = 1,
    /// AArch64 with 128-bit vectors and fused multiply-add, as nearly all of these are.
    Neon = 2,
    /// x86-64 with 256-bit vectors and fused multiply-add (AVX2, FMA and BMI2).
    Avx2 = 3,
    /// The same with 512-bit vectors (AVX-512 F, BW, DQ and VL).
    Avx512 = 4,
}

impl Level {
    /// Every level, narrowest first.
    pub const ALL: [Level; 4] = [Level::Portable, Level::Neon, Level::Avx2, Level::Avx512];

    /// The widest level that this CPU runs.
    ///
    /// Without the feature `std` nothing can be asked of the CPU, so this is what the crate was
    /// compiled for (`-C target-cpu`).
    #[must_use]
    pub fn detect() -> Level {
        let widest = Level::ALL.into_iter().rev().find(|level| level.is_available());
        widest.unwrap_or(Level::Portable)
    }

    /// Whether this CPU runs it.
    pub(crate) fn is_available(self) -> bool {
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
        match self {
            Level::Portable => true,
            Level::Neon => cfg!(all(target_arch = "aarch64", target_feature = "neon")),
            Level::Avx2 => has!("avx2", "fma", "bmi2"),
            Level::Avx512 => {
                Level::Avx2.is_available() && has!("avx512f", "avx512bw", "avx512dq", "avx512vl")
            }
        }
    }

    /// The level in use: the detected one, unless [`Level::force`] chose another.
    #[inline]
    #[must_use]
    pub fn current() -> Level {
        match CURRENT.load(Ordering::Relaxed) {
            1 => Level::Portable,
            2 => Level::Neon,
            3 => Level::Avx2,
            4 => Level::Avx512,
            _ => Level::detect_and_keep(),
        }
    }

    /// Makes the whole process use this level, for tests and measurements.
    ///
    /// Returns whether the CPU has it; if not, nothing changes.
    pub fn force(self) -> bool {
        let available = self.is_available();
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
/// It never holds a level that this CPU does not run; `dispatch` relies on that.
static CURRENT: AtomicU8 = AtomicU8::new(0);
