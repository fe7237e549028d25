//! Products of one matrix with few columns, many times over.
//!
//! The matrix lies in blocks of 16 rows, the 16 elements of a column of a block side by side, so
//! that it streams through the vector registers in memory order. A tile of the product, one or
//! more vectors of rows by some lanes, stays in registers over `TERMS` terms of the sums.

use crate::{
    Buffer, MatMut, MatRef, Real, copy,
    deal::deal,
    dispatch::{Isa, Kernel, dispatch},
    parallel,
    sizes::{constants, product, round_up},
    vector::Vector,
};

/// Rows of a block: the lanes of the widest vector, and a multiple of those of all others.
const BLOCK: usize = 16;

/// Terms of the sums that are taken at a time: few enough that the first cache holds the rows of a tile
/// and all lanes of the other operand.
const TERMS: usize = 192;

/// A matrix in the order in which products with it read it.
///
/// ```
/// use formwork_kernel::{MatMut, MatRef, recurrent::Packed};
///
/// let mut packed = Packed::zeroed(2, 3);
/// packed.pack(MatRef::row_major(&[1.0_f32, 2.0, 3.0, 4.0, 5.0, 6.0], 2, 3));
/// // y += A x for two lanes: columns (1, 0, 0) and (0, 1, 1); x has the lanes side by side.
/// let mut y = [10.0, 20.0, 30.0, 40.0];
/// let x = MatRef::row_major(&[1.0, 0.0, 0.0, 1.0, 0.0, 1.0], 3, 2);
/// packed.multiply_add(MatMut::col_major(&mut y, 2, 2), x);
/// assert_eq!(y, [11.0, 24.0, 35.0, 51.0]);
/// ```
pub struct Packed<T> {
    blocks: Buffer<T>,
    rows: usize,
    depth: usize,
}

impl<T: Real> Packed<T> {
    /// The scalars that a matrix of `rows x depth` takes.
    const fn scalars(rows: usize, depth: usize) -> usize {
        product(&[round_up(rows, BLOCK), depth])
    }

    /// A matrix of zeros.
    ///
    /// # Panics
    /// If it is more than memory can hold.
    pub fn zeroed(rows: usize, depth: usize) -> Self {
        Self { blocks: Buffer::zeroed(Self::scalars(rows, depth)), rows, depth }
    }

    /// The scalars that a matrix of `rows x depth` takes, or the transposed one: the larger number.
    ///
    /// # Panics
    /// If it is more than memory can hold.
    pub const fn scalars_either_way(rows: usize, depth: usize) -> usize {
        let (this, that) = (Self::scalars(rows, depth), Self::scalars(depth, rows));
        if this > that { this } else { that }
    }

    /// A matrix of zeros, with room for a transposed one in its place.
    ///
    /// # Panics
    /// If it is more than memory can hold.
    pub fn either_way(rows: usize, depth: usize) -> Self {
        Self { blocks: Buffer::zeroed(Self::scalars_either_way(rows, depth)), rows, depth }
    }

    /// Takes over the elements of `a`, which may have another shape than the matrix before if it
    /// fits.
    ///
    /// # Panics
    /// If there is no room for it; the matrix is then the one before.
    #[track_caller]
    pub fn pack(&mut self, a: MatRef<'_, T>) {
        let (rows, depth) = (a.rows(), a.cols());
        let (len, room) = (Self::scalars(rows, depth), self.blocks.len());
        assert!(len <= room, "a {rows} x {depth} matrix takes {len} scalars, and there are {room}");
        // Without columns there are no blocks, whatever their size.
        let block = BLOCK.saturating_mul(depth).max(1);
        parallel::for_each_chunk(&mut self.blocks[..len], block, len, |i, block| {
            let first = i * BLOCK;
            let size = (BLOCK.min(a.rows() - first), a.cols());
            if size.0 < BLOCK {
                block.fill(T::ZERO);
            }
            copy(MatMut::new(block, size.0, size.1, 1, BLOCK), a.block((first, 0), size));
        });
        (self.rows, self.depth) = (rows, depth);
    }

    /// `y = y + A x` for `y` of `rows x lanes`, contiguous along its columns, and `x` of
    /// `depth x lanes`, the lanes of a row side by side.
    ///
    /// # Panics
    /// If `y` is not such a matrix, or `x` is not one of as many lanes.
    #[track_caller]
    pub fn multiply_add(&self, mut y: MatMut<'_, T>, x: MatRef<'_, T>) {
        let (rows, lanes) = (y.as_ref().rows(), y.as_ref().cols());
        assert!(rows == self.rows && y.as_ref().row_stride() == 1, "rows to add to");
        assert_eq!((x.rows(), x.cols()), (self.depth, lanes), "what is multiplied with");
        assert_eq!((x.row_stride(), x.col_stride()), (lanes, 1), "lanes of a row side by side");
        T::recurrent(Job {
            a: self.blocks.as_ptr(),
            x: x.as_ptr(),
            stride: y.as_ref().col_stride(),
            y: y.as_mut_ptr(),
            rows,
            depth: self.depth,
            lanes,
        });
    }
}

/// The operands of [`Packed::multiply_add`], or some rows of them.
///
/// Invariant: they are as large as `rows`, `depth`, `lanes` and `stride` say.
#[derive(Clone, Copy)]
pub struct Job<T> {
    /// Blocks of 16 rows, whole ones.
    a: *const T,
    x: *const T,
    y: *mut T,
    rows: usize,
    depth: usize,
    lanes: usize,
    /// From a lane of `y` to the next.
    stride: usize,
}

// SAFETY: by the invariant, what the pointers name may be used from any one thread.
unsafe impl<T: Send + Sync> Send for Job<T> {}
// SAFETY: a shared job is only copied and split by rows.
unsafe impl<T: Send + Sync> Sync for Job<T> {}

impl<T: Real> Job<T> {
    /// Shares the rows among threads.
    pub(crate) fn compute(self) {
        let cost = self.rows.saturating_mul(self.depth).saturating_mul(self.lanes) / 40;
        let threads = parallel::threads_for(cost);
        if threads == 1 {
            return dispatch(self);
        }
        let piece = self.rows.div_ceil(threads).next_multiple_of(2 * BLOCK);
        parallel::for_each(self.rows.div_ceil(piece), cost, |i| {
            // SAFETY: the pieces are whole blocks, lie inside and do not overlap.
            dispatch(unsafe { self.part(i * piece, piece.min(self.rows - i * piece)) });
        });
    }

    /// The part of `rows` rows from `first` on.
    ///
    /// # Safety
    /// They lie inside, a block begins at `first`, and parts used at the same time do not overlap.
    unsafe fn part(self, first: usize, rows: usize) -> Self {
        // SAFETY: so these places are inside the operands.
        let (a, y) = unsafe { (self.a.add(first * self.depth), self.y.add(first)) };
        Self { a, y, rows, ..self }
    }
}

/// What will be read after a tile: `share` scalars for each term of the tile.
#[derive(Clone, Copy)]
struct Soon<T> {
    from: *const T,
    share: usize,
}

impl<T: Real> Kernel for Job<T> {
    type Output = ();
    const AVX512: bool = T::AVX512;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let job = self;
        let lanes = T::Vector::<I>::LANES;
        let vectors = job.rows.div_ceil(lanes);
        let (height, width) = largest(T::Vector::<I>::REGISTERS, job.lanes);
        let mut first = 0;
        while first < vectors {
            let height = height.min(vectors - first);
            // The rows after these come from far away: each tile asks for its share of them.
            let next = job.a.wrapping_add((first + height) * lanes / BLOCK * BLOCK * job.depth);
            for (term, terms) in deal(job.depth, TERMS) {
                let groups = deal(job.lanes, width);
                let share = height * lanes / groups.len().max(1);
                for (group, (lane, count)) in groups.enumerate() {
                    let at = (term * height * lanes) + group * share * terms;
                    let soon = Soon { from: next.wrapping_add(at), share };
                    let place = Place { vector: first, lane, term, terms, soon };
                    any_tile(isa, &job, &place, height, count);
                }
            }
            first += height;
        }
    }
}

/// Vectors by lanes of the tiles for so many lanes, with registers left for the operands.
const fn largest(registers: usize, lanes: usize) -> (usize, usize) {
    match (registers, lanes) {
        _ if !cfg!(feature = "batches") => (1, 1),
        (32, 1) => (8, 1),
        (32, 2..=4) => (4, 4),
        (32, 5..=8) => (3, 8),
        (32, _) => (2, 10),
        (16, _) => (2, 6),
        (_, _) => (2, 2),
    }
}

/// Calls the tile of the right constants.
#[inline(always)]
fn any_tile<T: Real, I: Isa>(isa: I, job: &Job<T>, place: &Place<T>, height: usize, lanes: usize) {
    constants! {
        H = height, in [1 2 3 4 5 6 7 8];
        L = lanes, in [1 2 3 4 5 6 7 8 9 10];
        if fits(T::Vector::<I>::REGISTERS, H, L) => isa.call(Tile::<T, H, L> { job, place })
    }
}

/// Whether there are tiles of this size.
const fn fits(registers: usize, height: usize, lanes: usize) -> bool {
    if !cfg!(feature = "batches") {
        return height == 1 && lanes == 1;
    }
    let most = registers - registers / 4; // The others hold the operands.
    // As `largest` has it: high ones are for few lanes.
    let widest = if height > 4 {
        1
    } else if height > 3 {
        4
    } else {
        10
    };
    height * lanes <= most && lanes <= widest && (registers == 32 || height <= 2)
}

/// Where a tile lies: its first vector of rows, its first lane, and its terms.
#[derive(Clone, Copy)]
struct Place<T> {
    vector: usize,
    lane: usize,
    term: usize,
    terms: usize,
    soon: Soon<T>,
}

/// A tile of `H` vectors of rows by `L` lanes, inside the job but for lanes of the last vector.
struct Tile<'a, T, const H: usize, const L: usize> {
    job: &'a Job<T>,
    place: &'a Place<T>,
}

impl<T: Real, const H: usize, const L: usize> Kernel for Tile<'_, T, H, L> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        // SAFETY: the token of type `I` was given, and the tile lies inside.
        unsafe { self.add::<T::Vector<I>>() }
    }
}

impl<T: Real, const H: usize, const L: usize> Tile<'_, T, H, L> {
    /// Adds the terms of the sums.
    ///
    /// # Safety
    /// The instruction set of `V` is available.
    #[inline(always)]
    unsafe fn add<V: Vector<Elem = T>>(self) {
        let Job { a, x, y, rows, depth, lanes, stride } = *self.job;
        let Place { vector, lane, term, terms, soon } = *self.place;
        // SAFETY: `V` is available; a block of `a` is whole, so its vectors are; `x` has `lanes`
        // scalars for each of `depth` terms; of a column of `y` only rows that exist are touched.
        unsafe {
            let zero = V::splat(T::ZERO);
            let mut sums = [[zero; H]; L];
            let mut from = [a; H];
            for i in 0..H {
                let row = (vector + i) * V::LANES;
                from[i] = a.add(row / BLOCK * BLOCK * depth + row % BLOCK + term * BLOCK);
            }
            let x = x.add(lane + term * lanes);
            for k in 0..terms {
                V::prefetch(soon.from.wrapping_add(k * soon.share));
                let mut column = [zero; H];
                for i in 0..H {
                    column[i] = V::load(from[i].add(k * BLOCK));
                }
                for j in 0..L {
                    let x = V::splat(*x.add(k * lanes + j));
                    for i in 0..H {
                        sums[j][i] = sums[j][i].add_mul(column[i], x);
                    }
                }
            }
            for j in 0..L {
                for i in 0..H {
                    let row = (vector + i) * V::LANES;
                    let n = V::LANES.min(rows - row);
                    let y = y.add(row + (lane + j) * stride);
                    V::load_first(y, n).add(sums[j][i]).store_first(y, n);
                }
            }
        }
    }
}
