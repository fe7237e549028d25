//! Filters walked over an image: the forward pass, and the adjoint.
//!
//! A tile is some positions of one row by one or two vectors of filters, all of whose sums stay in
//! registers. Each input of the filter adds, for each position, one scalar of the image times the
//! vectors of weights.

use super::{pack::BLOCK, walk::Walk};
use crate::{
    dispatch::{Isa, Kernel, dispatch},
    scalar::Scalar,
    sizes::constants,
    vector::{Vector, opaque},
};

/// A correlation with raw operands, of one sample and one group.
///
/// Invariant: what is read and written, a scalar for each position and filter, lies inside slices
/// that are borrowed for as long.
pub struct Correlation<T> {
    pub(super) walk: Walk<T>,
    /// See [`pack`](super::pack).
    pub(super) packed: *const T,
    /// Null, or a bias for each filter.
    pub(super) bias: *const T,
    pub(super) to: *mut T,
    /// From one position to the next, down and across.
    pub(super) to_step: [usize; 2],
    pub(super) filters: usize,
    /// What no result may be below.
    pub(super) floor: T,
    /// Null, or where results lie beside numbers that are to be above 0: others become 0.
    pub(super) mask: *const T,
}

impl<T: Scalar> Correlation<T> {
    /// Computes it; called by the scalar types, so that the code is compiled in this crate.
    pub(crate) fn compute(mut self) {
        // Rows without a gap between are one long row: a filter of 1 x 1 on the whole image.
        let [rows, cols] = self.walk.positions;
        if [self.walk.step, self.to_step].iter().all(|step| step[0] == cols * step[1]) {
            self.walk.positions = [1, rows * cols];
        }
        dispatch(self);
    }
}

impl<T: Scalar> Kernel for Correlation<T> {
    type Output = ();
    const AVX512: bool = T::AVX512;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        blocks(isa, &self);
    }
}

/// Positions of a tile, for each number of vectors. With 32 registers: 28 sums, 2 vectors of
/// weights, 1 scalar; with 16: 12, 2 and 1; with 8: 4, 2 and 1.
const fn widest(registers: usize, vectors: usize) -> usize {
    match (registers, vectors) {
        _ if !cfg!(feature = "batches") => 1,
        (32, _) => 14,
        (16, 1) => 10,
        (16, _) => 6,
        (_, 1) => 4,
        (_, _) => 2,
    }
}

#[inline(always)]
fn blocks<T: Scalar, I: Isa>(isa: I, c: &Correlation<T>) {
    let lanes = T::Vector::<I>::LANES;
    let inputs = c.walk.inputs();
    let vectors = c.filters.div_ceil(lanes);
    for first in (0..vectors).step_by(BLOCK) {
        let block = BLOCK.min(vectors - first);
        let filter = first * lanes;
        // The filters of the last vector.
        let last = (c.filters - filter).min(block * lanes) - (block - 1) * lanes;
        let [rows, cols] = c.walk.positions;
        let parts = cols.div_ceil(widest(T::Vector::<I>::REGISTERS, block));
        for row in 0..rows {
            for part in 0..parts {
                let (start, end) = (part * cols / parts, (part + 1) * cols / parts);
                let from = row * c.walk.step[0] + start * c.walk.step[1];
                let to = row * c.to_step[0] + start * c.to_step[1] + filter;
                // By the invariant, all of this lies inside.
                let at = Place {
                    from: c.walk.image.wrapping_add(from),
                    packed: c.packed.wrapping_add(filter * inputs),
                    bias: if c.bias.is_null() { c.bias } else { c.bias.wrapping_add(filter) },
                    to: c.to.wrapping_add(to),
                    last,
                };
                constants! {
                    N = block, in [1 2];
                    P = end - start, in [1 2 3 4 5 6 7 8 9 10 11 12 13 14];
                    if P <= widest(T::Vector::<I>::REGISTERS, N) => {
                        isa.call(Tile::<T, P, N> { c, at: &at });
                    }
                }
            }
            if !c.mask.is_null() {
                let first = row * c.to_step[0] + filter;
                let len = (c.filters - filter).min(block * lanes);
                let (to, mask) = (c.to.wrapping_add(first), c.mask.wrapping_add(first));
                // SAFETY: by the invariant, and the token of type `I` was given.
                unsafe { mask_row::<T, T::Vector<I>>(to, mask, c.to_step[1], cols, len) };
            }
        }
    }
}

/// Where a tile lies.
struct Place<T> {
    from: *const T,
    packed: *const T,
    bias: *const T,
    to: *mut T,
    last: usize,
}

/// A tile of `P` positions by `N` vectors, the last with `at.last` filters; it lies inside the
/// correlation.
struct Tile<'a, T, const P: usize, const N: usize> {
    c: &'a Correlation<T>,
    at: &'a Place<T>,
}

impl<T: Scalar, const P: usize, const N: usize> Kernel for Tile<'_, T, P, N> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        // SAFETY: the token of type `I` was given, and the tile lies inside.
        unsafe { tile::<T, T::Vector<I>, P, N>(self.c, self.at) }
    }
}

/// Computes a [`Tile`].
///
/// # Safety
/// The instruction set of `V` is available, and the tile lies inside the correlation.
#[inline(always)]
unsafe fn tile<T: Scalar, V: Vector<Elem = T>, const P: usize, const N: usize>(
    c: &Correlation<T>,
    at: &Place<T>,
) {
    let lanes = |n: usize| if n + 1 < N { V::LANES } else { at.last };
    // SAFETY: `V` is available; by the invariant of `c` the tile's inputs, weights, biases and
    // results lie inside, and of the last vector of filters only the first `at.last` are touched.
    unsafe {
        let mut sums = [[V::splat(T::ZERO); N]; P];
        if !at.bias.is_null() {
            for n in 0..N {
                let bias = V::load_first(at.bias.add(n * V::LANES), lanes(n));
                for p in 0..P {
                    sums[p][n] = bias;
                }
            }
        }

        let step = c.walk.step[1];
        let mut packed = at.packed;
        for i in 0..c.walk.taps[0] {
            for j in 0..c.walk.taps[1] {
                let near = at.from.wrapping_add(i * c.walk.tap_step[0] + j * c.walk.tap_step[1]);
                let mut k = 0;
                macro_rules! add {
                    ($terms:literal) => {
                        while c.walk.run - k >= $terms {
                            let x = near.wrapping_add(k);
                            add_terms::<T, V, P, N, $terms>(&mut sums, x, step, packed);
                            packed = packed.wrapping_add($terms * N * V::LANES);
                            k += $terms;
                        }
                    };
                }
                // As many at once as there are registers for their weights.
                if V::REGISTERS == 32 && N == 1 {
                    add!(4);
                } else if V::REGISTERS == 32 && P <= 10 {
                    add!(2);
                }
                add!(1);
            }
        }

        let floor = V::splat(c.floor);
        for p in 0..P {
            for n in 0..N {
                let place = p * c.to_step[1] + n * V::LANES;
                sums[p][n].at_least(floor).store_first(at.to.wrapping_add(place), lanes(n));
            }
        }
    }
}

/// Adds `K` inputs of the filter, side by side, to the sums of a tile. To find the next position costs
/// an instruction, which counts beside one or two multiplications and not beside four.
///
/// # Safety
/// See [`tile`]; `x` is the first of these inputs at the first position, and `packed` its weights.
#[inline(always)]
unsafe fn add_terms<
    T: Scalar,
    V: Vector<Elem = T>,
    const P: usize,
    const N: usize,
    const K: usize,
>(
    sums: &mut [[V; N]; P],
    mut x: *const T,
    step: usize,
    packed: *const T,
) {
    // SAFETY: the caller promises that `V` is available, and that each position has `K` inputs with
    // `N` vectors of weights each.
    unsafe {
        let mut weights = [sums[0]; K];
        for k in 0..K {
            for n in 0..N {
                weights[k][n] = V::load(packed.add((k * N + n) * V::LANES));
            }
        }
        for p in 0..P {
            for k in 0..K {
                let x = V::splat(*x.wrapping_add(k));
                for n in 0..N {
                    sums[p][n] = sums[p][n].add_mul(weights[k][n], x);
                }
            }
            // Hidden from the compiler, which would make sums of registers of all addresses.
            x = opaque(x.wrapping_add(step));
        }
    }
}

/// Sets to 0 what lies beside a number that is not above 0, in `positions` runs of `len`.
///
/// # Safety
/// The instruction set of `V` is available, and that memory may be read and written.
#[inline(always)]
unsafe fn mask_row<T: Scalar, V: Vector<Elem = T>>(
    to: *mut T,
    mask: *const T,
    step: usize,
    positions: usize,
    len: usize,
) {
    for p in 0..positions {
        let mut start = 0;
        while start < len {
            let n = V::LANES.min(len - start);
            let place = p * step + start;
            // SAFETY: the caller's promise.
            unsafe {
                let zero = V::splat(T::ZERO);
                let (mask, to) = (V::load_first(mask.add(place), n), to.add(place));
                V::if_larger(mask, zero, V::load_first(to, n), zero).store_first(to, n);
            }
            start += n;
        }
    }
}
