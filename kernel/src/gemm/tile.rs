//! A tile of `C`, some vectors high and some columns wide, that stays in registers.
//!
//! Each term of the sums multiplies a piece of a column of `A`, read as vectors, by one broadcast
//! element of `B` for each column of the tile.

use super::{
    copy::load,
    product::{Bias, Product},
};
use crate::{
    Real,
    dispatch::{Isa, Kernel},
    vector::{Vector, opaque},
};

/// Vectors of the highest tile of any kind.
pub(super) const HIGHEST: usize = 3;

/// Vectors of the highest tile and columns of the widest one, of vectors `V`.
///
/// A tile keeps its accumulators, a column of `A` and an element of `B` in registers: 24 + 3 + 1 of
/// 32, 12 + 2 + 1 of 16 or 4 + 2 + 1 of 8. One of 12 + 3 + 1 would be read less often, but no
/// compiler finds it 16 registers: an accumulator that goes through memory takes longer than all
/// the arithmetic.
pub(super) const fn largest<V: Vector>() -> (usize, usize) {
    match V::REGISTERS {
        32 => (HIGHEST, 8),
        16 => (2, 6),
        _ => (2, 2),
    }
}

/// Whether there are tiles of this size.
const fn fits<V: Vector>(height: usize, width: usize) -> bool {
    let (highest, widest) = largest::<V>();
    height <= highest && width <= widest
}

/// Calls the tile of the right constants.
///
/// # Safety
/// See [`tile`].
#[inline(always)]
pub(super) unsafe fn any_tile<T: Real, I: Isa>(isa: I, p: &Product<T>, height: usize) {
    macro_rules! choose {
        ($($h:literal: $($w:literal)*;)*) => {
            match (height, p.cols) {
                $($(($h, $w) if const { fits::<T::Vector<I>>($h, $w) } => {
                    isa.call(Tile::<T, $h, $w>(p));
                })*)*
                _ => unreachable!("tiles are at most 3 vectors by 8 columns"),
            }
        };
    }
    choose! {
        1: 1 2 3 4 5 6 7 8;
        2: 1 2 3 4 5 6 7 8;
        3: 1 2 3 4 5 6 7 8;
    }
}

/// A tile of `W` columns of `H` vectors; what [`tile`] asks for holds of the product.
struct Tile<'a, T, const H: usize, const W: usize>(&'a Product<T>);

impl<T: Real, const H: usize, const W: usize> Kernel for Tile<'_, T, H, W> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        // SAFETY: by the invariant, and the token of type `I` was given.
        unsafe { tile::<T, T::Vector<I>, H, W>(self.0) }
    }
}

/// A tile of `W` columns of `H` vectors, the last perhaps not full.
///
/// # Safety
/// The instruction set of `V` is available; `p` has `W` columns, more rows than fill `H - 1`
/// vectors and at most as many as fill `H`, and those of `A` are contiguous.
#[inline(always)]
unsafe fn tile<T: Real, V: Vector<Elem = T>, const H: usize, const W: usize>(p: &Product<T>) {
    // SAFETY: of all blocks below: `V` is available by the caller's promise, and every access is
    // to an element of a column of `H` vectors, of which the last has `last` lanes.
    let zero = unsafe { V::splat(T::ZERO) };
    let last = p.rows - (H - 1) * V::LANES;

    let mut sums = [[zero; H]; W];
    match p.bias {
        Bias::None => {}
        Bias::OfRows(bias) => {
            for i in 0..H {
                let x = unsafe { load::<T, V>(bias.wrapping_add(i * V::LANES), i + 1 < H, last) };
                for j in 0..W {
                    sums[j][i] = x;
                }
            }
        }
        Bias::OfColumns(bias) => {
            for j in 0..W {
                sums[j] = [unsafe { V::splat(*bias.add(j)) }; H];
            }
        }
    }
    // `C` has the time of the loop to arrive.
    for j in 0..W {
        for i in 0..H {
            V::prefetch(p.c.wrapping_add(i * V::LANES + j * p.c_stride));
        }
    }

    let mut a = p.a.ptr;
    let mut b = [p.b.ptr; W];
    for j in 1..W {
        b[j] = opaque(p.b.at(j, 0));
    }
    let mut k = 0;
    for _ in 0..p.depth {
        let mut column = [zero; H];
        for i in 0..H {
            let from = a.wrapping_add(i * V::LANES);
            column[i] = unsafe { load::<T, V>(from, i + 1 < H, last) };
        }
        for j in 0..W {
            let x = unsafe { V::splat(*b[j].add(k)) };
            for i in 0..H {
                sums[j][i] = unsafe { sums[j][i].add_mul(column[i], x) };
            }
        }
        // Wrapping, since after the last term it may point anywhere.
        a = a.wrapping_add(p.a.depth_stride);
        k += p.b.depth_stride;
    }

    if p.beta != T::ZERO {
        let beta = unsafe { V::splat(p.beta) };
        for j in 0..W {
            for i in 0..H {
                unsafe {
                    let c = load::<T, V>(p.c.add(i * V::LANES + j * p.c_stride), i + 1 < H, last);
                    sums[j][i] = sums[j][i].add_mul(c, beta);
                }
            }
        }
    }

    let floor = unsafe { V::splat(p.floor()) };
    for j in 0..W {
        for i in 0..H {
            unsafe {
                let x = sums[j][i].at_least(floor);
                let c = p.c.add(i * V::LANES + j * p.c_stride);
                if i + 1 < H {
                    x.store(c);
                } else {
                    x.store_first(c, last);
                }
            }
        }
    }
}
