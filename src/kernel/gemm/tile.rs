//! A tile of `C`, some vectors high and some columns wide, that stays in registers.
//!
//! Each term of the sums multiplies a piece of a column of `A`, read as vectors, by one broadcast
//! element of `B` for each column of the tile.

use super::{
    copy::load,
    product::{Bias, Product},
};
use crate::kernel::{
    Real,
    dispatch::{Isa, Kernel},
    vector::{Vector, opaque},
};

/// Vectors of the highest tile.
pub(super) const HEIGHT: usize = 3;
/// Columns of the widest tile, if there are 32 registers: 24 accumulators, 3 + 1 operands.
const WIDTH: usize = 8;
/// Columns of the widest tile, if there are 16 registers: 12 accumulators, 3 + 1 operands.
const NARROW: usize = 4;

/// Columns of the widest tile of vectors `V`; with 8 registers, half as wide as with 16.
pub(super) const fn width<V: Vector>() -> usize {
    match V::REGISTERS {
        32 => WIDTH,
        16 => NARROW,
        _ => NARROW / 2,
    }
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
                $($(($h, $w) if const { $w <= width::<T::Vector<I>>() } => {
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
