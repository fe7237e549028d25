//! One register of floats, whatever its width: what the matrix kernels are written in.

/// Writes functions of a vector whose bodies are intrinsics.
#[cfg(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon")))]
macro_rules! intrinsics {
    ($(fn $name:ident($($arg:ident $(: $type:ty)?),*) $(-> $out:ty)? { $($body:tt)* })*) => {$(
        #[inline(always)]
        unsafe fn $name($($arg $(: $type)?),*) $(-> $out)? {
            #[allow(unused_unsafe, reason = "some intrinsics ask for no promise")]
            // SAFETY: by the promise that the trait asks of the caller, the intrinsics are available,
            // and memory may be read or written as far as they do.
            unsafe { $($body)* }
        }
    )*};
}

#[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
mod neon;
mod portable;
mod select;
#[cfg(test)]
mod tests;
#[cfg(target_arch = "x86_64")]
mod x86;

#[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
pub use neon::Pair;
pub use portable::Lanes;
pub use select::Select;

/// A vector register of `LANES` scalars.
///
/// # Safety
/// Every function may only be called where the instruction set of the implementing type is
/// available, that is, below a [`Kernel::run`](super::dispatch::Kernel::run) that got the token
/// for it. Pointers are those of scalars, and need not be aligned to more.
pub trait Vector: Select {
    /// The scalar.
    type Elem: Copy;
    /// Number of scalars, at least 4.
    const LANES: usize;
    /// How many such registers there are.
    const REGISTERS: usize;
    /// Half of such a register, where instructions are as quick again; else the whole.
    type Half: Vector<Elem = Self::Elem>;

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

    /// `self - other`.
    ///
    /// # Safety
    /// See the trait.
    unsafe fn sub(self, other: Self) -> Self;

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
pub fn opaque<T>(pointer: *const T) -> *const T {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    {
        let mut pointer = pointer;
        #[expect(clippy::pointers_in_nomem_asm_block, reason = "the pointer is not followed")]
        // SAFETY: no instruction at all.
        unsafe {
            core::arch::asm!("/* {0} */", inout(reg) pointer, options(pure, nomem, nostack, preserves_flags));
        }
        pointer
    }
    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    pointer
}

/// The same number, likewise: what is added to it term by term stays one addition a term where the
/// loop over them is unrolled, instead of as many registers as there are terms.
#[cfg(feature = "batches")]
#[inline(always)]
pub fn opaque_index(index: usize) -> usize {
    opaque(core::ptr::without_provenance::<u8>(index)).addr()
}
