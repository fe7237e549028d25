//! Choices lane by lane, and small numbers in lanes: what pools are written in.

/// What a [`Vector`](super::Vector) can choose.
///
/// # Safety
/// As for the vector: every function may only be called where its instruction set is available.
pub trait Select: Copy {
    /// The lanes of `a` where `x` is larger than `y` or not a number, else those of `b`.
    ///
    /// # Safety
    /// See the trait.
    unsafe fn if_larger(x: Self, y: Self, a: Self, b: Self) -> Self;

    /// The lanes of `a` where `x` is `y`, else those of `b`.
    ///
    /// # Safety
    /// See the trait.
    unsafe fn if_equal(x: Self, y: Self, a: Self, b: Self) -> Self;

    /// Reads `n` numbers, of at most as many as there are lanes.
    ///
    /// # Safety
    /// See the trait; they must be readable.
    unsafe fn load_numbers(from: *const u8, n: usize) -> Self;

    /// Writes the first `n` lanes as numbers, which they are.
    ///
    /// # Safety
    /// See the trait; they must be writable.
    unsafe fn store_numbers(self, to: *mut u8, n: usize);
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::Select;
    use core::arch::x86_64::*;

    /// Comparisons give masks, and lanes are narrowed as they are stored.
    impl Select for __m512 {
        intrinsics! {
            fn if_larger(x: Self, y: Self, a: Self, b: Self) -> Self {
                let nan = _mm512_cmp_ps_mask::<_CMP_UNORD_Q>(x, x);
                _mm512_mask_blend_ps(_mm512_cmp_ps_mask::<_CMP_GT_OQ>(x, y) | nan, b, a)
            }
            fn if_equal(x: Self, y: Self, a: Self, b: Self) -> Self {
                _mm512_mask_blend_ps(_mm512_cmp_ps_mask::<_CMP_EQ_OQ>(x, y), b, a)
            }
            fn load_numbers(from: *const u8, n: usize) -> Self {
                let lanes = _bzhi_u32(0xffff, n as u32) as u16;
                let numbers = _mm_maskz_loadu_epi8(lanes, from.cast());
                _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(numbers))
            }
            fn store_numbers(self, to: *mut u8, n: usize) {
                let lanes = _bzhi_u32(0xffff, n as u32) as u16;
                _mm512_mask_cvtepi32_storeu_epi8(to.cast(), lanes, _mm512_cvtps_epi32(self));
            }
        }
    }

    macro_rules! avx2 {
        ($v:ty, $t:ty, $n:literal, $compare:ident, $blend:ident, $or:ident, $load:ident, $store:ident) => {
            impl Select for $v {
                intrinsics! {
                    fn if_larger(x: Self, y: Self, a: Self, b: Self) -> Self {
                        let nan = $compare::<_CMP_UNORD_Q>(x, x);
                        $blend(b, a, $or($compare::<_CMP_GT_OQ>(x, y), nan))
                    }
                    fn if_equal(x: Self, y: Self, a: Self, b: Self) -> Self {
                        $blend(b, a, $compare::<_CMP_EQ_OQ>(x, y))
                    }
                    fn load_numbers(from: *const u8, n: usize) -> Self {
                        let mut x = [0.0; $n];
                        for i in 0..n {
                            x[i] = <$t>::from(from.add(i).read());
                        }
                        $load(x.as_ptr())
                    }
                    fn store_numbers(self, to: *mut u8, n: usize) {
                        let mut x: [$t; $n] = [0.0; $n];
                        $store(x.as_mut_ptr(), self);
                        for i in 0..n {
                            to.add(i).write(x[i] as u8);
                        }
                    }
                }
            }
        };
    }

    avx2!(
        __m256,
        f32,
        8,
        _mm256_cmp_ps,
        _mm256_blendv_ps,
        _mm256_or_ps,
        _mm256_loadu_ps,
        _mm256_storeu_ps
    );
    avx2!(
        __m256d,
        f64,
        4,
        _mm256_cmp_pd,
        _mm256_blendv_pd,
        _mm256_or_pd,
        _mm256_loadu_pd,
        _mm256_storeu_pd
    );
}
