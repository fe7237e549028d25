//! One register of floats, whatever its width: what the matrix kernels are written in.

/// A vector register of `LANES` scalars.
///
/// # Safety
/// Every function may only be called where the instruction set of the implementing type is
/// available, that is, below a [`Kernel::run`](super::dispatch::Kernel::run) that got the token
/// for it. Pointers need not be aligned.
pub trait Vector: Copy {
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

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::Vector;
    use core::arch::x86_64::*;

    /// For the masks of AVX2: `n` ones from the back of the first half, then zeros.
    static ONES_THEN_ZEROS: [i32; 16] = [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0];

    #[inline(always)]
    unsafe fn mask_ps(n: usize) -> __m256i {
        debug_assert!(n <= 8);
        // SAFETY: with `n <= 8` the eight integers from `8 - n` lie inside the table.
        unsafe { _mm256_loadu_si256(ONES_THEN_ZEROS.as_ptr().add(8 - n).cast()) }
    }

    #[inline(always)]
    unsafe fn mask_pd(n: usize) -> __m256i {
        debug_assert!(n <= 4);
        // SAFETY: as above, with two integers a lane.
        unsafe { _mm256_loadu_si256(ONES_THEN_ZEROS.as_ptr().add(8 - 2 * n).cast()) }
    }

    /// Writes the implementation out of the names of the intrinsics.
    macro_rules! x86 {
        ($v:ty, $t:ty, $lanes:literal, $registers:literal, $splat:ident, $load:ident,
         $store:ident, $add:ident, $fmadd:ident, $max:ident,
         |$lf:ident, $ln:ident| $load_first:expr,
         |$ss:ident, $st:ident, $sn:ident| $store_first:expr,
         |$s4:ident| $sum4:expr) => {
            // SAFETY: of every block below: the caller has the instruction set, and for memory
            // what the trait asks for.
            impl Vector for $v {
                type Elem = $t;
                const LANES: usize = $lanes;
                const REGISTERS: usize = $registers;

                #[inline(always)]
                unsafe fn splat(x: $t) -> Self {
                    unsafe { $splat(x) }
                }
                #[inline(always)]
                unsafe fn load(from: *const $t) -> Self {
                    unsafe { $load(from) }
                }
                #[inline(always)]
                unsafe fn load_first($lf: *const $t, $ln: usize) -> Self {
                    unsafe { $load_first }
                }
                #[inline(always)]
                unsafe fn store(self, to: *mut $t) {
                    unsafe { $store(to, self) }
                }
                #[inline(always)]
                unsafe fn store_first(self, $st: *mut $t, $sn: usize) {
                    let $ss = self;
                    unsafe { $store_first }
                }
                #[inline(always)]
                unsafe fn add(self, other: Self) -> Self {
                    unsafe { $add(self, other) }
                }
                #[inline(always)]
                unsafe fn add_mul(self, a: Self, b: Self) -> Self {
                    unsafe { $fmadd(a, b, self) }
                }
                #[inline(always)]
                unsafe fn at_least(self, floor: Self) -> Self {
                    // The instruction returns its second operand if either is not a number.
                    unsafe { $max(floor, self) }
                }
                #[inline(always)]
                unsafe fn sum4($s4: [Self; 4]) -> Self {
                    unsafe { $sum4 }
                }
            }
        };
    }

    x86!(
        __m512,
        f32,
        16,
        32,
        _mm512_set1_ps,
        _mm512_loadu_ps,
        _mm512_storeu_ps,
        _mm512_add_ps,
        _mm512_fmadd_ps,
        _mm512_max_ps,
        |p, n| _mm512_maskz_loadu_ps(_bzhi_u32(0xffff, n as u32) as u16, p),
        |v, p, n| _mm512_mask_storeu_ps(p, _bzhi_u32(0xffff, n as u32) as u16, v),
        |v| {
            // First the pairs of vectors, so that every instruction works on full registers.
            let [a, b, c, d] = v;
            let ab = _mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
            let cd = _mm512_add_ps(_mm512_unpacklo_ps(c, d), _mm512_unpackhi_ps(c, d));
            let (ab, cd) = (_mm512_castps_pd(ab), _mm512_castps_pd(cd));
            let low = _mm512_castpd_ps(_mm512_unpacklo_pd(ab, cd));
            let high = _mm512_castpd_ps(_mm512_unpackhi_pd(ab, cd));
            let sums = _mm512_add_ps(low, high);
            let sums =
                _mm256_add_ps(_mm512_castps512_ps256(sums), _mm512_extractf32x8_ps::<1>(sums));
            let sums = _mm_add_ps(_mm256_castps256_ps128(sums), _mm256_extractf128_ps::<1>(sums));
            _mm512_castps128_ps512(sums)
        }
    );
    x86!(
        __m256,
        f32,
        8,
        16,
        _mm256_set1_ps,
        _mm256_loadu_ps,
        _mm256_storeu_ps,
        _mm256_add_ps,
        _mm256_fmadd_ps,
        _mm256_max_ps,
        |p, n| if n == 8 { _mm256_loadu_ps(p) } else { _mm256_maskload_ps(p, mask_ps(n)) },
        |v, p, n| _mm256_maskstore_ps(p, mask_ps(n), v),
        |v| {
            let [a, b, c, d] = v;
            let ab = _mm256_hadd_ps(a, b);
            let cd = _mm256_hadd_ps(c, d);
            let sums = _mm256_hadd_ps(ab, cd);
            let sums = _mm_add_ps(_mm256_castps256_ps128(sums), _mm256_extractf128_ps::<1>(sums));
            _mm256_castps128_ps256(sums)
        }
    );
    x86!(
        __m512d,
        f64,
        8,
        32,
        _mm512_set1_pd,
        _mm512_loadu_pd,
        _mm512_storeu_pd,
        _mm512_add_pd,
        _mm512_fmadd_pd,
        _mm512_max_pd,
        |p, n| _mm512_maskz_loadu_pd(_bzhi_u32(0xff, n as u32) as u8, p),
        |v, p, n| _mm512_mask_storeu_pd(p, _bzhi_u32(0xff, n as u32) as u8, v),
        |v| {
            let [a, b, c, d] = v;
            let ab = _mm512_add_pd(_mm512_unpacklo_pd(a, b), _mm512_unpackhi_pd(a, b));
            let cd = _mm512_add_pd(_mm512_unpacklo_pd(c, d), _mm512_unpackhi_pd(c, d));
            let ab = _mm256_add_pd(_mm512_castpd512_pd256(ab), _mm512_extractf64x4_pd::<1>(ab));
            let cd = _mm256_add_pd(_mm512_castpd512_pd256(cd), _mm512_extractf64x4_pd::<1>(cd));
            let low = _mm256_permute2f128_pd::<0x20>(ab, cd);
            let high = _mm256_permute2f128_pd::<0x31>(ab, cd);
            _mm512_castpd256_pd512(_mm256_add_pd(low, high))
        }
    );
    x86!(
        __m256d,
        f64,
        4,
        16,
        _mm256_set1_pd,
        _mm256_loadu_pd,
        _mm256_storeu_pd,
        _mm256_add_pd,
        _mm256_fmadd_pd,
        _mm256_max_pd,
        |p, n| _mm256_maskload_pd(p, mask_pd(n)),
        |v, p, n| _mm256_maskstore_pd(p, mask_pd(n), v),
        |v| {
            let [a, b, c, d] = v;
            let (ab, cd) = (_mm256_hadd_pd(a, b), _mm256_hadd_pd(c, d));
            let low = _mm256_permute2f128_pd::<0x20>(ab, cd);
            let high = _mm256_permute2f128_pd::<0x31>(ab, cd);
            _mm256_add_pd(low, high)
        }
    );
}
