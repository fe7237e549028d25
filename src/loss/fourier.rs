//! A discrete Fourier transform of a power of two of numbers (Cooley and Tukey, 1965).

use alloc::vec::Vec;

/// A complex number: its real and its imaginary part.
pub(super) type Complex = [f64; 2];

/// What transforms so many numbers.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fourier {
    /// `exp(-2 pi i k / size)` for the first half of `k`.
    turns: Vec<Complex>,
}

impl Fourier {
    /// # Panics
    /// If `size` is no power of two.
    pub fn new(size: usize) -> Self {
        assert!(size.is_power_of_two(), "a transform of {size} numbers, no power of two");
        let turn = |k: usize| {
            let (sin, cos) = (-core::f64::consts::TAU * k as f64 / size as f64).sin_cos();
            [cos, sin]
        };
        Self { turns: (0..size / 2).map(turn).collect() }
    }

    /// Replaces `x[j]` by the sum of `x[j] exp(-2 pi i j k / size)` over `j`, in the place of `k`.
    pub fn forward(&self, x: &mut [Complex]) {
        let bits = x.len().trailing_zeros();
        for i in 0..x.len() {
            let reversed = if bits == 0 { 0 } else { i.reverse_bits() >> (usize::BITS - bits) };
            if i < reversed {
                x.swap(i, reversed);
            }
        }
        let mut half = 1;
        while half < x.len() {
            let every = x.len() / (2 * half);
            for both in x.chunks_exact_mut(2 * half) {
                let (even, odd) = both.split_at_mut(half);
                for (k, (a, b)) in even.iter_mut().zip(odd).enumerate() {
                    let turned = times(*b, self.turns[k * every]);
                    *b = [a[0] - turned[0], a[1] - turned[1]];
                    *a = [a[0] + turned[0], a[1] + turned[1]];
                }
            }
            half *= 2;
        }
    }
}

fn times(a: Complex, b: Complex) -> Complex {
    [a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]]
}
