//! A tile of `C`, some vectors high and some columns wide, that stays in registers.
//!
//! Each term of the sums multiplies a piece of a column of `A`, read as vectors, by one broadcast
//! element of `B` for each column of the tile.

use super::{
    copy::load,
    product::{Bias, Product},
};
use crate::{
    dispatch::{Isa, Kernel},
    scalar::Scalar,
    sizes::constants,
    vector::{Vector, opaque, opaque_index},
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
pub(super) unsafe fn any_tile<T: Scalar, I: Isa>(isa: I, p: &Product<T>, height: usize) {
    constants! {
        H = height, in [1 2 3];
        W = p.cols, in [1 2 3 4 5 6 7 8];
        if fits::<T::Vector<I>>(H, W) => isa.call(Tile::<T, H, W>(p))
    }
}

/// A tile of `W` columns of `H` vectors; what [`tile`] asks for holds of the product.
struct Tile<'a, T, const H: usize, const W: usize>(&'a Product<T>);

impl<T: Scalar, const H: usize, const W: usize> Kernel for Tile<'_, T, H, W> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        // SAFETY: by the invariant, and the token of type `I` was given.
        unsafe { tile::<T, T::Vector<I>, H, W>(self.0) }
    }
}

/// Rows after whole vectors that fill half of one at most, where that takes half the time, after more
/// vectors than are in a tile.
pub(super) const fn tail<V: Vector>(rows: usize) -> usize {
    let tail = rows % V::LANES;
    let few = tail <= <V::Half as Vector>::LANES && rows > largest::<V>().0 * V::LANES;
    if halves::<V>() && few { tail } else { 0 }
}

/// Calls the tile of half a vector.
///
/// # Safety
/// As [`tile`], of half a vector.
#[inline(always)]
pub(super) unsafe fn half_tile<T: Scalar, I: Isa>(isa: I, p: &Product<T>) {
    constants! {
        H = 1, in [1];
        W = p.cols, in [1 2 3 4 5 6 7 8];
        if halves::<T::Vector<I>>() && fits::<T::Vector<I>>(H, W) => isa.call(Half::<T, H, W>(p))
    }
}

/// Whether half a vector is less than one.
const fn halves<V: Vector>() -> bool {
    <V::Half as Vector>::LANES < V::LANES
}

/// A tile of `W` columns of `H` halves of vectors; what [`tile`] asks for holds of the product.
struct Half<'a, T, const H: usize, const W: usize>(&'a Product<T>);

impl<T: Scalar, const H: usize, const W: usize> Kernel for Half<'_, T, H, W> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        // SAFETY: by the invariant, and the token of type `I` was given, which has the halves, too.
        unsafe { tile::<T, <T::Vector<I> as Vector>::Half, H, W>(self.0) }
    }
}

/// A tile of `W` columns of `H` vectors, the last perhaps not full.
///
/// # Safety
/// The instruction set of `V` is available; `p` has `W` columns, more rows than fill `H - 1`
/// vectors and at most as many as fill `H`, and those of `A` are contiguous.
#[inline(always)]
unsafe fn tile<T: Scalar, V: Vector<Elem = T>, const H: usize, const W: usize>(p: &Product<T>) {
    let last = p.rows - (H - 1) * V::LANES;
    // SAFETY: `V` is available by the caller's promise, and every access is to an element of a column
    // of `H` vectors, of which the last has `last` lanes, or to the bias of one of the `W` columns.
    unsafe {
        let zero = V::splat(T::ZERO);
        let mut sums = [[zero; H]; W];
        match p.bias {
            Bias::None => {}
            Bias::OfRows(bias) => {
                for i in 0..H {
                    let x = load::<T, V>(bias.wrapping_add(i * V::LANES), i + 1 < H, last);
                    for j in 0..W {
                        sums[j][i] = x;
                    }
                }
            }
            Bias::OfColumns(bias) => {
                for j in 0..W {
                    sums[j] = [V::splat(*bias.add(j)); H];
                }
            }
        }
        // `C` has the time of the loop to arrive.
        for j in 0..W {
            for i in 0..H {
                V::prefetch(p.c.wrapping_add(i * V::LANES + j * p.c_stride));
            }
        }

        // Two loops, neither of which asks in each term whether the last vector is full.
        if last == V::LANES {
            add_terms::<T, V, H, W, true>(p, last, &mut sums);
        } else {
            add_terms::<T, V, H, W, false>(p, last, &mut sums);
        }

        if p.beta != T::ZERO {
            let beta = V::splat(p.beta);
            for j in 0..W {
                for i in 0..H {
                    let c = load::<T, V>(p.c.add(i * V::LANES + j * p.c_stride), i + 1 < H, last);
                    sums[j][i] = sums[j][i].add_mul(c, beta);
                }
            }
        }

        let floor = V::splat(p.floor());
        for j in 0..W {
            for i in 0..H {
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

/// Terms that are added before the loop asks whether there are more, in a tile of full vectors or not.
///
/// More than one where large products spend their time; elsewhere it would only take longer to
/// compile.
const fn unrolled<V: Vector>(height: usize, width: usize, full: bool) -> usize {
    if full && height > 1 && width + 1 >= largest::<V>().1 { 4 } else { 1 }
}

/// Adds all terms to the sums of a tile.
///
/// # Safety
/// See [`tile`]; the last vector is full if `FULL`, else has `last` lanes.
#[inline(always)]
unsafe fn add_terms<T, V, const H: usize, const W: usize, const FULL: bool>(
    p: &Product<T>,
    last: usize,
    sums: &mut [[V; H]; W],
) where
    T: Scalar,
    V: Vector<Elem = T>,
{
    let mut at = Place { a: p.a.ptr, b: [p.b.ptr; W], offset: 0 };
    for j in 1..W {
        at.b[j] = opaque(p.b.at(j, 0));
    }
    let unrolled = const { unrolled::<V>(H, W, FULL) };
    // SAFETY: the caller's promise.
    unsafe {
        for _ in 0..p.depth / unrolled {
            for _ in 0..unrolled {
                add_term::<T, V, H, W, FULL>(p, last, &mut at, sums);
            }
        }
        for _ in 0..p.depth % unrolled {
            add_term::<T, V, H, W, FULL>(p, last, &mut at, sums);
        }
    }
}

/// Where a term lies: a column of `A`, and elements of the columns of `B`.
struct Place<T, const W: usize> {
    a: *const T,
    /// The columns, from their first terms on.
    b: [*const T; W],
    /// Of the term from the first.
    offset: usize,
}

/// Adds a term to the sums of a tile, and goes on to the next.
///
/// # Safety
/// See [`add_terms`].
#[inline(always)]
unsafe fn add_term<T, V, const H: usize, const W: usize, const FULL: bool>(
    p: &Product<T>,
    last: usize,
    at: &mut Place<T, W>,
    sums: &mut [[V; H]; W],
) where
    T: Scalar,
    V: Vector<Elem = T>,
{
    // SAFETY: the caller promises that `V` is available and the term exists: a column of `A` of `H`
    // vectors, the last with `last` lanes, and an element of each of the `W` columns of `B`.
    unsafe {
        let mut column = [V::splat(T::ZERO); H];
        for i in 0..H {
            let from = at.a.wrapping_add(i * V::LANES);
            column[i] = load::<T, V>(from, FULL || i + 1 < H, last);
        }
        for j in 0..W {
            let x = V::splat(*at.b[j].add(at.offset));
            for i in 0..H {
                sums[j][i] = sums[j][i].add_mul(column[i], x);
            }
        }
    }
    // Wrapping, since after the last term it may point anywhere.
    at.a = opaque(at.a.wrapping_add(p.a.depth_stride));
    at.offset = opaque_index(at.offset + p.b.depth_stride);
}
