//! The registers of AArch64.
//!
//! Nothing here asks for lines of memory beforehand: these processors notice what is gone through in
//! order, and write whole lines without reading them.

use super::{Select, Vector};
use core::arch::aarch64::*;

impl Vector for float32x4_t {
    type Elem = f32;
    const LANES: usize = 4;
    const REGISTERS: usize = 32;
    type Half = Self;

    intrinsics! {
        fn splat(x: f32) -> Self { vdupq_n_f32(x) }
        fn load(from: *const f32) -> Self { vld1q_f32(from) }
        fn load_first(from: *const f32, n: usize) -> Self {
            let zero = vdupq_n_f32(0.0);
            match n {
                0 => zero,
                1 => vld1q_lane_f32::<0>(from, zero),
                2 => vcombine_f32(vld1_f32(from), vget_low_f32(zero)),
                3 => {
                    let two = vcombine_f32(vld1_f32(from), vget_low_f32(zero));
                    vld1q_lane_f32::<2>(from.add(2), two)
                }
                _ => vld1q_f32(from),
            }
        }
        fn store(self, to: *mut f32) { vst1q_f32(to, self) }
        fn store_first(self, to: *mut f32, n: usize) {
            match n {
                0 => {}
                1 => vst1q_lane_f32::<0>(to, self),
                2 => vst1_f32(to, vget_low_f32(self)),
                3 => {
                    vst1_f32(to, vget_low_f32(self));
                    vst1q_lane_f32::<2>(to.add(2), self);
                }
                _ => vst1q_f32(to, self),
            }
        }
        fn add(self, other: Self) -> Self { vaddq_f32(self, other) }
        fn sub(self, other: Self) -> Self { vsubq_f32(self, other) }
        fn add_mul(self, a: Self, b: Self) -> Self { vfmaq_f32(self, a, b) }
        // The instruction that gives the larger one gives what is not a number, if either is not.
        fn at_least(self, floor: Self) -> Self { vbslq_f32(vcgtq_f32(floor, self), floor, self) }
        fn at_most(self, ceiling: Self) -> Self {
            vbslq_f32(vcltq_f32(ceiling, self), ceiling, self)
        }
        fn quotient(self, by: Self) -> Self { vdivq_f32(self, by) }
        fn sum4(v: [Self; 4]) -> Self {
            let [a, b, c, d] = v;
            vpaddq_f32(vpaddq_f32(a, b), vpaddq_f32(c, d))
        }
        // Pairs of rows are interleaved by scalars, pairs of those by pairs of scalars.
        fn transpose(from: *const f32, stride: usize, to: *mut f32, to_stride: usize) {
            let row = |i: usize| vld1q_f32(from.add(i * stride));
            let (a, b, c, d) = (row(0), row(1), row(2), row(3));
            let double = |v| vreinterpretq_f64_f32(v);
            let (even, odd) = (double(vtrn1q_f32(a, b)), double(vtrn2q_f32(a, b)));
            let (even_low, odd_low) = (double(vtrn1q_f32(c, d)), double(vtrn2q_f32(c, d)));
            let columns = [
                vtrn1q_f64(even, even_low),
                vtrn1q_f64(odd, odd_low),
                vtrn2q_f64(even, even_low),
                vtrn2q_f64(odd, odd_low),
            ];
            for i in 0..4 {
                vst1q_f32(to.add(i * to_stride), vreinterpretq_f32_f64(columns[i]));
            }
        }
    }
}

impl Select for float32x4_t {
    intrinsics! {
        fn if_larger(x: Self, y: Self, a: Self, b: Self) -> Self {
            let number = vceqq_f32(x, x);
            vbslq_f32(vornq_u32(vcgtq_f32(x, y), number), a, b)
        }
        fn if_equal(x: Self, y: Self, a: Self, b: Self) -> Self {
            vbslq_f32(vceqq_f32(x, y), a, b)
        }
        fn load_numbers(from: *const u8, n: usize) -> Self {
            let mut x = [0.0; 4];
            for i in 0..n {
                x[i] = f32::from(from.add(i).read());
            }
            vld1q_f32(x.as_ptr())
        }
        fn store_numbers(self, to: *mut u8, n: usize) {
            let mut x = [0.0; 4];
            vst1q_f32(x.as_mut_ptr(), self);
            for i in 0..n {
                to.add(i).write(x[i] as u8);
            }
        }
    }
}

/// Two registers of doubles, since a vector has four lanes at least.
#[derive(Clone, Copy, Debug)]
pub struct Pair(float64x2_t, float64x2_t);

impl Vector for Pair {
    type Elem = f64;
    const LANES: usize = 4;
    const REGISTERS: usize = 16;
    type Half = Self;

    intrinsics! {
        fn splat(x: f64) -> Self { Self(vdupq_n_f64(x), vdupq_n_f64(x)) }
        fn load(from: *const f64) -> Self { Self(vld1q_f64(from), vld1q_f64(from.add(2))) }
        fn load_first(from: *const f64, n: usize) -> Self {
            let zero = vdupq_n_f64(0.0);
            match n {
                0 => Self(zero, zero),
                1 => Self(vld1q_lane_f64::<0>(from, zero), zero),
                2 => Self(vld1q_f64(from), zero),
                3 => Self(vld1q_f64(from), vld1q_lane_f64::<0>(from.add(2), zero)),
                _ => Self::load(from),
            }
        }
        fn store(self, to: *mut f64) {
            vst1q_f64(to, self.0);
            vst1q_f64(to.add(2), self.1);
        }
        fn store_first(self, to: *mut f64, n: usize) {
            match n {
                0 => {}
                1 => vst1q_lane_f64::<0>(to, self.0),
                2 => vst1q_f64(to, self.0),
                3 => {
                    vst1q_f64(to, self.0);
                    vst1q_lane_f64::<0>(to.add(2), self.1);
                }
                _ => self.store(to),
            }
        }
        fn add(self, other: Self) -> Self {
            Self(vaddq_f64(self.0, other.0), vaddq_f64(self.1, other.1))
        }
        fn sub(self, other: Self) -> Self {
            Self(vsubq_f64(self.0, other.0), vsubq_f64(self.1, other.1))
        }
        fn add_mul(self, a: Self, b: Self) -> Self {
            Self(vfmaq_f64(self.0, a.0, b.0), vfmaq_f64(self.1, a.1, b.1))
        }
        fn at_least(self, floor: Self) -> Self {
            let larger = |x, floor| vbslq_f64(vcgtq_f64(floor, x), floor, x);
            Self(larger(self.0, floor.0), larger(self.1, floor.1))
        }
        fn at_most(self, ceiling: Self) -> Self {
            let smaller = |x, ceiling| vbslq_f64(vcltq_f64(ceiling, x), ceiling, x);
            Self(smaller(self.0, ceiling.0), smaller(self.1, ceiling.1))
        }
        fn quotient(self, by: Self) -> Self {
            Self(vdivq_f64(self.0, by.0), vdivq_f64(self.1, by.1))
        }
        fn sum4(v: [Self; 4]) -> Self {
            let [a, b, c, d] = v.map(|Self(low, high)| vaddq_f64(low, high));
            Self(vpaddq_f64(a, b), vpaddq_f64(c, d))
        }
    }
}

impl Select for Pair {
    intrinsics! {
        fn if_larger(x: Self, y: Self, a: Self, b: Self) -> Self {
            let larger = |x, y| vornq_u64(vcgtq_f64(x, y), vceqq_f64(x, x));
            Self(vbslq_f64(larger(x.0, y.0), a.0, b.0), vbslq_f64(larger(x.1, y.1), a.1, b.1))
        }
        fn if_equal(x: Self, y: Self, a: Self, b: Self) -> Self {
            let equal = |x, y| vceqq_f64(x, y);
            Self(vbslq_f64(equal(x.0, y.0), a.0, b.0), vbslq_f64(equal(x.1, y.1), a.1, b.1))
        }
        fn load_numbers(from: *const u8, n: usize) -> Self {
            let mut x = [0.0; 4];
            for i in 0..n {
                x[i] = f64::from(from.add(i).read());
            }
            Self::load(x.as_ptr())
        }
        fn store_numbers(self, to: *mut u8, n: usize) {
            let mut x = [0.0; 4];
            self.store(x.as_mut_ptr());
            for i in 0..n {
                to.add(i).write(x[i] as u8);
            }
        }
    }
}
