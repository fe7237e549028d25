//! The registers of x86-64.

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
    // SAFETY: with `n <= 4` the eight integers from `8 - 2 n` lie inside the table.
    unsafe { _mm256_loadu_si256(ONES_THEN_ZEROS.as_ptr().add(8 - 2 * n).cast()) }
}

/// Writes the implementation out of the names of the intrinsics.
macro_rules! x86 {
    ($v:ty, $t:ty, $lanes:literal, $registers:literal, $half:ty, $splat:ident, $load:ident,
     $store:ident, $add:ident, $sub:ident, $fmadd:ident, $max:ident, $min:ident,
     |$lf:ident, $ln:ident| $load_first:expr,
     |$ss:ident, $st:ident, $sn:ident| $store_first:expr,
     |$q:ident, $by:ident| $quotient:expr,
     |$s4:ident| $sum4:expr $(, transpose: $transpose:ident)?) => {
        impl Vector for $v {
            type Elem = $t;
            const LANES: usize = $lanes;
            const REGISTERS: usize = $registers;
            type Half = $half;

            intrinsics! {
                fn splat(x: $t) -> Self { $splat(x) }
                fn load(from: *const $t) -> Self { $load(from) }
                fn load_first($lf: *const $t, $ln: usize) -> Self { $load_first }
                fn store(self, to: *mut $t) { $store(to, self) }
                fn store_first(self, $st: *mut $t, $sn: usize) {
                    let $ss = self;
                    $store_first
                }
                fn add(self, other: Self) -> Self { $add(self, other) }
                fn sub(self, other: Self) -> Self { $sub(self, other) }
                fn add_mul(self, a: Self, b: Self) -> Self { $fmadd(a, b, self) }
                // These two return their second operand if either is not a number.
                fn at_least(self, floor: Self) -> Self { $max(floor, self) }
                fn at_most(self, ceiling: Self) -> Self { $min(ceiling, self) }
                fn quotient(self, $by: Self) -> Self {
                    let $q = self;
                    $quotient
                }
                fn sum4($s4: [Self; 4]) -> Self { $sum4 }
                $(fn transpose(from: *const $t, stride: usize, to: *mut $t, to_stride: usize) {
                    $transpose(from, stride, to, to_stride)
                })?
            }
            #[inline(always)]
            fn prefetch(line: *const $t) {
                // SAFETY: a hint that never faults; every x86-64 has it.
                unsafe { _mm_prefetch::<_MM_HINT_T0>(line.cast()) }
            }
        }
    };
}

x86!(
    __m512,
    f32,
    16,
    32,
    __m256,
    _mm512_set1_ps,
    _mm512_loadu_ps,
    _mm512_storeu_ps,
    _mm512_add_ps,
    _mm512_sub_ps,
    _mm512_fmadd_ps,
    _mm512_max_ps,
    _mm512_min_ps,
    |p, n| _mm512_maskz_loadu_ps(_bzhi_u32(0xffff, n as u32) as u16, p),
    |v, p, n| _mm512_mask_storeu_ps(p, _bzhi_u32(0xffff, n as u32) as u16, v),
    |x, by| {
        // 14 bits, which one step of Newton's doubles: sooner than a division of so many lanes.
        let y = _mm512_rcp14_ps(by);
        let error = _mm512_fnmadd_ps(by, y, _mm512_set1_ps(1.0));
        let nearly = _mm512_mul_ps(x, y);
        _mm512_fmadd_ps(nearly, error, nearly)
    },
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
    },
    transpose: transpose_16
);
x86!(
    __m256,
    f32,
    8,
    16,
    __m256,
    _mm256_set1_ps,
    _mm256_loadu_ps,
    _mm256_storeu_ps,
    _mm256_add_ps,
    _mm256_sub_ps,
    _mm256_fmadd_ps,
    _mm256_max_ps,
    _mm256_min_ps,
    |p, n| if n == 8 { _mm256_loadu_ps(p) } else { _mm256_maskload_ps(p, mask_ps(n)) },
    |v, p, n| if n == 8 { _mm256_storeu_ps(p, v) } else { store_some_ps(v, p, n) },
    |x, by| _mm256_div_ps(x, by),
    |v| {
        let [a, b, c, d] = v;
        let ab = _mm256_hadd_ps(a, b);
        let cd = _mm256_hadd_ps(c, d);
        let sums = _mm256_hadd_ps(ab, cd);
        let sums = _mm_add_ps(_mm256_castps256_ps128(sums), _mm256_extractf128_ps::<1>(sums));
        _mm256_castps128_ps256(sums)
    },
    transpose: transpose_8
);
x86!(
    __m256d,
    f64,
    4,
    16,
    __m256d,
    _mm256_set1_pd,
    _mm256_loadu_pd,
    _mm256_storeu_pd,
    _mm256_add_pd,
    _mm256_sub_pd,
    _mm256_fmadd_pd,
    _mm256_max_pd,
    _mm256_min_pd,
    |p, n| if n == 4 { _mm256_loadu_pd(p) } else { _mm256_maskload_pd(p, mask_pd(n)) },
    |v, p, n| if n == 4 { _mm256_storeu_pd(p, v) } else { _mm256_maskstore_pd(p, mask_pd(n), v) },
    |x, by| _mm256_div_pd(x, by),
    |v| {
        let [a, b, c, d] = v;
        let (ab, cd) = (_mm256_hadd_pd(a, b), _mm256_hadd_pd(c, d));
        let low = _mm256_permute2f128_pd::<0x20>(ab, cd);
        let high = _mm256_permute2f128_pd::<0x31>(ab, cd);
        _mm256_add_pd(low, high)
    }
);

/// Writes less than a vector, by halves: a store under a mask takes AMD's processors some twenty
/// cycles.
#[inline(always)]
unsafe fn store_some_ps(v: __m256, mut to: *mut f32, n: usize) {
    debug_assert!(n < 8);
    // SAFETY: only lanes below `n` are written, which the caller promises.
    unsafe {
        let mut rest = _mm256_castps256_ps128(v);
        if n & 4 != 0 {
            _mm_storeu_ps(to, rest);
            rest = _mm256_extractf128_ps::<1>(v);
            to = to.add(4);
        }
        if n & 2 != 0 {
            _mm_storel_pd(to.cast(), _mm_castps_pd(rest));
            rest = _mm_movehl_ps(rest, rest);
            to = to.add(2);
        }
        if n & 1 != 0 {
            _mm_store_ss(to, rest);
        }
    }
}

/// Transposes 16 x 16: pairs of rows are interleaved by scalars, pairs of those by pairs of
/// scalars, and the quarters of the registers that result change places.
#[inline(always)]
unsafe fn transpose_16(from: *const f32, stride: usize, to: *mut f32, to_stride: usize) {
    // SAFETY: the caller's promise, see `Vector::transpose`.
    unsafe {
        let mut r = [_mm512_setzero_ps(); 16];
        for i in 0..16 {
            r[i] = _mm512_loadu_ps(from.add(i * stride));
        }
        let mut t = r;
        for i in (0..16).step_by(2) {
            t[i] = _mm512_unpacklo_ps(r[i], r[i + 1]);
            t[i + 1] = _mm512_unpackhi_ps(r[i], r[i + 1]);
        }
        // Now each quarter of r[4 g + c] holds column c of that quarter, of rows 4 g .. 4 g + 4.
        for g in (0..16).step_by(4) {
            let [a, b, c, d] = [t[g], t[g + 1], t[g + 2], t[g + 3]];
            let (a, b) = (_mm512_castps_pd(a), _mm512_castps_pd(b));
            let (c, d) = (_mm512_castps_pd(c), _mm512_castps_pd(d));
            r[g] = _mm512_castpd_ps(_mm512_unpacklo_pd(a, c));
            r[g + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(a, c));
            r[g + 2] = _mm512_castpd_ps(_mm512_unpacklo_pd(b, d));
            r[g + 3] = _mm512_castpd_ps(_mm512_unpackhi_pd(b, d));
        }
        for c in 0..4 {
            let low = _mm512_shuffle_f32x4::<0x88>(r[c], r[c + 4]);
            let high = _mm512_shuffle_f32x4::<0x88>(r[c + 8], r[c + 12]);
            let low_odd = _mm512_shuffle_f32x4::<0xdd>(r[c], r[c + 4]);
            let high_odd = _mm512_shuffle_f32x4::<0xdd>(r[c + 8], r[c + 12]);
            let quarters = [
                _mm512_shuffle_f32x4::<0x88>(low, high),
                _mm512_shuffle_f32x4::<0x88>(low_odd, high_odd),
                _mm512_shuffle_f32x4::<0xdd>(low, high),
                _mm512_shuffle_f32x4::<0xdd>(low_odd, high_odd),
            ];
            for q in 0..4 {
                _mm512_storeu_ps(to.add((4 * q + c) * to_stride), quarters[q]);
            }
        }
    }
}

/// Transposes 8 x 8, see [`transpose_16`].
#[inline(always)]
unsafe fn transpose_8(from: *const f32, stride: usize, to: *mut f32, to_stride: usize) {
    // SAFETY: the caller's promise, see `Vector::transpose`.
    unsafe {
        let mut r = [_mm256_setzero_ps(); 8];
        for i in 0..8 {
            r[i] = _mm256_loadu_ps(from.add(i * stride));
        }
        let mut t = r;
        for i in (0..8).step_by(2) {
            t[i] = _mm256_unpacklo_ps(r[i], r[i + 1]);
            t[i + 1] = _mm256_unpackhi_ps(r[i], r[i + 1]);
        }
        for g in (0..8).step_by(4) {
            let [a, b, c, d] = [t[g], t[g + 1], t[g + 2], t[g + 3]];
            let (a, b) = (_mm256_castps_pd(a), _mm256_castps_pd(b));
            let (c, d) = (_mm256_castps_pd(c), _mm256_castps_pd(d));
            r[g] = _mm256_castpd_ps(_mm256_unpacklo_pd(a, c));
            r[g + 1] = _mm256_castpd_ps(_mm256_unpackhi_pd(a, c));
            r[g + 2] = _mm256_castpd_ps(_mm256_unpacklo_pd(b, d));
            r[g + 3] = _mm256_castpd_ps(_mm256_unpackhi_pd(b, d));
        }
        for c in 0..4 {
            let low = _mm256_permute2f128_ps::<0x20>(r[c], r[c + 4]);
            let high = _mm256_permute2f128_ps::<0x31>(r[c], r[c + 4]);
            _mm256_storeu_ps(to.add(c * to_stride), low);
            _mm256_storeu_ps(to.add((c + 4) * to_stride), high);
        }
    }
}
