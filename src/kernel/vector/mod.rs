//! One register of floats, whatever its width: what the matrix kernels are written in.

mod select;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use select::Select;

/// A vector register of `LANES` scalars.
///
/// # Safety
/// Every function may only be called where the instruction set of the implementing type is
/// available, that is, below a [`Kernel::run`](super::dispatch::Kernel::run) that got the token
/// for it. Pointers need not be aligned.
pub trait Vector: Select {
    /// The scalar.
    type Elem: Copy;
    /// Number of scalars, at least 4.
    const LANES: usize;
    /// How many such registers there are.
    const REGISTERS: usize;

    /// All lanes `x`.
    ///
    /// # Safety
    /// See the trait.
    unsafe fn splat(x: Self::Elem) -> Self;

    /// Reads `LANES` scalars.
    ///
    /// # Safety
    /// See the trait; they must be readable.
    unsafe fn load(from: *const Self::Elem) -> Self;

    /// Reads the first `n <= LANES` scalars; the other lanes are 0 and their memory is not
    /// touched.
    ///
    /// # Safety
    /// See the trait; `n` scalars must be readable.
    unsafe fn load_first(from: *const Self::Elem, n: usize) -> Self;

    /// Writes `LANES` scalars.
    ///
    /// # Safety
    /// See the trait; they must be writable.
    unsafe fn store(self, to: *mut Self::Elem);

    /// Writes the first `n <= LANES` scalars.
    ///
    /// # Safety
    /// See the trait; `n` scalars must be writable.
    unsafe fn store_first(self, to: *mut Self::Elem, n: usize);

    /// `self + other`.
    ///
    /// # Safety
    /// See the trait.
    unsafe fn add(self, other: Self) -> Self;

    /// `self + a * b`, rounded once where the instruction set has that.
    ///
    /// # Safety
    /// See the trait.
    unsafe fn add_mul(self, a: Self, b: Self) -> Self;

    /// The larger of `floor` and `self`; `self` if that is not a number.
    ///
    /// # Safety
    /// See the trait.
    unsafe fn at_least(self, floor: Self) -> Self;

    /// The sums of the lanes of four vectors, in the first four lanes.
    ///
    /// # Safety
    /// See the trait.
    unsafe fn sum4(v: [Self; 4]) -> Self;

    /// Asks for a cache line, which need not exist, to be at hand soon.
    #[inline(always)]
    fn prefetch(_: *const Self::Elem) {}

    /// Transposes a square of `LANES` rows: the scalar `j` of row `i`, at `from + i * stride + j`,
    /// goes to `to + j * to_stride + i`.
    ///
    /// # Safety
    /// See the trait; those places must be readable and writable.
    #[inline(always)]
    unsafe fn transpose(
        from: *const Self::Elem,
        stride: usize,
        to: *mut Self::Elem,
        to_stride: usize,
    ) {
        for i in 0..Self::LANES {
            for j in 0..Self::LANES {
                // SAFETY: the caller's promise.
                unsafe { *to.add(j * to_stride + i) = *from.add(i * stride + j) };
            }
        }
    }
}

/// The same pointer, of unknown origin to the compiler.
///
/// Left to itself, it walks pointers to several columns by repeated additions of the distance
/// between them, inside the innermost loop, where they cost a tenth of the time.
#[inline(always)]
pub fn opaque<T>(mut pointer: *const T) -> *const T {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    #[expect(clippy::pointers_in_nomem_asm_block, reason = "the pointer is not followed")]
    // SAFETY: no instruction at all.
    unsafe {
        core::arch::asm!("/* {0} */", inout(reg) pointer, options(pure, nomem, nostack, preserves_flags));
    }
    pointer
}

/// The portable vector: an array that LLVM maps to whatever registers there are.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct Lanes<T, const N: usize>([T; N]);

macro_rules! portable {
    ($t:ty) => {
        impl<const N: usize> Vector for Lanes<$t, N> {
            type Elem = $t;
            const LANES: usize = N;
            const REGISTERS: usize = 16;

            #[inline(always)]
            unsafe fn splat(x: $t) -> Self {
                Self([x; N])
            }
            #[inline(always)]
            unsafe fn load(from: *const $t) -> Self {
                // SAFETY: the caller's promise; an array of scalars has no other invariant.
                Self(unsafe { from.cast::<[$t; N]>().read_unaligned() })
            }
            #[inline(always)]
            unsafe fn load_first(from: *const $t, n: usize) -> Self {
                if n == N {
                    // SAFETY: the caller's promise.
                    return unsafe { Self::load(from) };
                }
                let mut x = [0.0; N];
                for i in 0..n {
                    // SAFETY: only lanes below `n` are read, which the caller promises.
                    x[i] = unsafe { from.add(i).read() };
                }
                Self(x)
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut $t) {
                // SAFETY: the caller's promise.
                unsafe { to.cast::<[$t; N]>().write_unaligned(self.0) }
            }
            #[inline(always)]
            unsafe fn store_first(self, to: *mut $t, n: usize) {
                for (i, x) in self.0.into_iter().enumerate().take(n) {
                    // SAFETY: only lanes below `n` are written, which the caller promises.
                    unsafe { to.add(i).write(x) }
                }
            }
            #[inline(always)]
            unsafe fn add(mut self, other: Self) -> Self {
                for i in 0..N {
                    self.0[i] += other.0[i];
                }
                self
            }
            #[inline(always)]
            unsafe fn add_mul(mut self, a: Self, b: Self) -> Self {
                for i in 0..N {
                    self.0[i] += a.0[i] * b.0[i];
                }
                self
            }
            #[inline(always)]
            unsafe fn at_least(mut self, floor: Self) -> Self {
                for i in 0..N {
                    self.0[i] = if floor.0[i] > self.0[i] { floor.0[i] } else { self.0[i] };
                }
                self
            }
            #[inline(always)]
            unsafe fn sum4(v: [Self; 4]) -> Self {
                let mut sums = [0.0; N];
                for i in 0..4 {
                    for lane in 0..N {
                        sums[i] += v[i].0[lane];
                    }
                }
                Self(sums)
            }
        }
    };
}
portable!(f32);
portable!(f64);
