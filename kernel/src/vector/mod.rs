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

    /// The smaller of `ceiling` and `self`; `self` if that is not a number.
    ///
    /// # Safety
    /// See the trait.
    unsafe fn at_most(self, ceiling: Self) -> Self;

    /// `self / by` to two units in the last place, for `by` and `1 / by` normal numbers.
    ///
    /// # Safety
    /// See the trait.
    unsafe fn quotient(self, by: Self) -> Self;

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

/// The same number, likewise: what is added to it term by term stays one addition a term where the
/// loop over them is unrolled, instead of as many registers as there are terms.
#[inline(always)]
pub fn opaque_index(index: usize) -> usize {
    opaque(core::ptr::without_provenance::<u8>(index)).addr()
}

/// The portable vector: an array that LLVM maps to whatever registers there are.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct Lanes<T, const N: usize>([T; N]);

// Lane after lane without a loop: tiles are full of these, and loops take long to compile. What
// serves the ends of rows alone stays a function of its own for the same reason.
macro_rules! portable {
    ($t:ty) => {
        impl Lanes<$t, 4> {
            #[inline(never)]
            unsafe fn load_some(from: *const $t, n: usize) -> Self {
                let mut x = [0.0; 4];
                for i in 0..n {
                    // SAFETY: only lanes below `n` are read, which the caller promises.
                    x[i] = unsafe { from.add(i).read() };
                }
                Self(x)
            }
            #[inline(never)]
            unsafe fn store_some(self, to: *mut $t, n: usize) {
                for i in 0..n {
                    // SAFETY: only lanes below `n` are written, which the caller promises.
                    unsafe { to.add(i).write(self.0[i]) }
                }
            }
        }

        impl Vector for Lanes<$t, 4> {
            type Elem = $t;
            const LANES: usize = 4;
            // Those of 128 bits, of which a vector of doubles takes two.
            const REGISTERS: usize = 64 / size_of::<$t>();

            #[inline(always)]
            unsafe fn splat(x: $t) -> Self {
                Self([x; 4])
            }
            #[inline(always)]
            unsafe fn load(from: *const $t) -> Self {
                // SAFETY: the caller's promise; an array of scalars has no other invariant.
                Self(unsafe { from.cast::<[$t; 4]>().read_unaligned() })
            }
            #[inline(always)]
            unsafe fn load_first(from: *const $t, n: usize) -> Self {
                // SAFETY: the caller's promise.
                unsafe { if n == 4 { Self::load(from) } else { Self::load_some(from, n) } }
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut $t) {
                // SAFETY: the caller's promise.
                unsafe { to.cast::<[$t; 4]>().write_unaligned(self.0) }
            }
            #[inline(always)]
            unsafe fn store_first(self, to: *mut $t, n: usize) {
                // SAFETY: the caller's promise.
                unsafe { if n == 4 { self.store(to) } else { self.store_some(to, n) } }
            }
            #[inline(always)]
            unsafe fn add(self, other: Self) -> Self {
                let ([a, b, c, d], [x, y, z, w]) = (self.0, other.0);
                Self([a + x, b + y, c + z, d + w])
            }
            #[inline(always)]
            unsafe fn add_mul(self, a: Self, b: Self) -> Self {
                let ([x, y, z, w], a, b) = (self.0, a.0, b.0);
                Self([x + a[0] * b[0], y + a[1] * b[1], z + a[2] * b[2], w + a[3] * b[3]])
            }
            #[inline(always)]
            unsafe fn at_least(self, floor: Self) -> Self {
                let larger = |x: $t, floor: $t| if floor > x { floor } else { x };
                let ([a, b, c, d], [x, y, z, w]) = (self.0, floor.0);
                Self([larger(a, x), larger(b, y), larger(c, z), larger(d, w)])
            }
            #[inline(always)]
            unsafe fn at_most(self, ceiling: Self) -> Self {
                let smaller = |x: $t, ceiling: $t| if ceiling < x { ceiling } else { x };
                let ([a, b, c, d], [x, y, z, w]) = (self.0, ceiling.0);
                Self([smaller(a, x), smaller(b, y), smaller(c, z), smaller(d, w)])
            }
            #[inline(always)]
            unsafe fn quotient(self, by: Self) -> Self {
                let ([a, b, c, d], [x, y, z, w]) = (self.0, by.0);
                Self([a / x, b / y, c / z, d / w])
            }
            #[inline(always)]
            unsafe fn sum4(v: [Self; 4]) -> Self {
                Self(v.map(|Self([a, b, c, d])| ((a + b) + c) + d))
            }
        }
    };
}
portable!(f32);
portable!(f64);
