//! The registers of whatever the target has.

use super::{Select, Vector};

/// The portable vector: an array that LLVM maps to whatever registers there are.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct Lanes<T>([T; 4]);

// Lane after lane without a loop: tiles are full of these, and loops take long to compile. What
// serves the ends of rows alone stays a function of its own for the same reason.
macro_rules! portable {
    ($t:ty) => {
        impl Lanes<$t> {
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

        impl Vector for Lanes<$t> {
            type Elem = $t;
            const LANES: usize = 4;
            // Those of 128 bits, of which a vector of doubles takes two.
            const REGISTERS: usize = 64 / size_of::<$t>();
            type Half = Self;

            #[inline(always)]
            unsafe fn splat(x: $t) -> Self {
                Self([x; 4])
            }
            #[inline(always)]
            unsafe fn load(from: *const $t) -> Self {
                // SAFETY: the caller's promise; an array of scalars has no other invariant, nor more
                // alignment.
                Self(unsafe { from.cast::<[$t; 4]>().read() })
            }
            #[inline(always)]
            unsafe fn load_first(from: *const $t, n: usize) -> Self {
                // SAFETY: the caller's promise.
                unsafe {
                    match n {
                        4 => Self::load(from),
                        1 => Self([from.read(), 0.0, 0.0, 0.0]),
                        _ => Self::load_some(from, n),
                    }
                }
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut $t) {
                // SAFETY: the caller's promise.
                unsafe { to.cast::<[$t; 4]>().write(self.0) }
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
            unsafe fn sub(self, other: Self) -> Self {
                let ([a, b, c, d], [x, y, z, w]) = (self.0, other.0);
                Self([a - x, b - y, c - z, d - w])
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
                let sum = |Self([a, b, c, d]): Self| ((a + b) + c) + d;
                let [v, w, x, y] = v;
                Self([sum(v), sum(w), sum(x), sum(y)])
            }
        }

        impl Select for Lanes<$t> {
            #[inline(always)]
            unsafe fn if_larger(x: Self, y: Self, a: Self, mut b: Self) -> Self {
                for i in 0..4 {
                    let larger = x.0[i] > y.0[i] || x.0[i].is_nan();
                    b.0[i] = if larger { a.0[i] } else { b.0[i] };
                }
                b
            }
            #[inline(always)]
            unsafe fn if_equal(x: Self, y: Self, a: Self, mut b: Self) -> Self {
                for i in 0..4 {
                    b.0[i] = if x.0[i] == y.0[i] { a.0[i] } else { b.0[i] };
                }
                b
            }
            #[inline(always)]
            unsafe fn load_numbers(from: *const u8, n: usize) -> Self {
                let mut x = [0.0; 4];
                for i in 0..n {
                    // SAFETY: the caller's promise.
                    x[i] = <$t>::from(unsafe { from.add(i).read() });
                }
                Self(x)
            }
            #[inline(always)]
            unsafe fn store_numbers(self, to: *mut u8, n: usize) {
                for i in 0..n {
                    // SAFETY: the caller's promise.
                    unsafe { to.add(i).write(self.0[i] as u8) };
                }
            }
        }
    };
}
portable!(f32);
portable!(f64);
