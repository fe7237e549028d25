//! Convolutions of 3 x 3 taps with fewer multiplications (Winograd, 1980; Lavin and Gray, 2016:
//! F(2 x 2, 3 x 3)).
//!
//! ```text
//! forward   Y = A^T [(G g G^T) . (B^T d B)] A            of each 2 x 2 outputs and their 4 x 4 inputs d
//! backward  dg = G^T [(B^T d B) . (A dY A^T)] G          summed over all of these
//! ```
//!
//! where `.` multiplies number by number, and is, over all channels and filters, a product of matrices
//! for each of the 16 numbers: 16 multiplications where there are 36 otherwise. They are convolutions of
//! one tap over the 4 x 4 inputs, and use the same loops. The gradient by the input is the forward pass
//! of the gradient by the output with filters turned around.
//!
//! ```text
//! B^T = 1  0 -1  0     G = 1    0    0       A^T = 1  1  1  0
//!       0  1  1  0         1/2  1/2  1/2           0  1 -1 -1
//!       0 -1  1  0         1/2 -1/2  1/2
//!       0  1  0 -1         0    0    1
//! ```

use super::{correlate::Correlation, walk::Direction, walk::Walk, weights::WeightGradient};
use crate::{
    dispatch::{Isa, Kernel, dispatch},
    real::Real,
    scalar::Scalar,
    vector::{Select as _, Vector},
};
use core::{ops::Range, ptr};

/// Numbers of a tile: 4 x 4 inputs, of 2 x 2 outputs.
pub const PLANES: usize = 16;
/// Those of its upper two rows, or of its lower ones, which are computed one after the other.
const HALF: usize = PLANES / 2;
/// Scalars from a plane of so many to the next: not a power of two, which would put all planes in the same
/// few lines of a cache.
pub const fn plane(scalars: usize) -> usize {
    scalars.saturating_add(16)
}

/// Rows of tiles, tiles of a row, and rows that are transformed at once: as many as stay in a near cache,
/// of so many channels altogether, but no fewer than fill the registers.
const fn tiles(positions: [usize; 2], channels: usize) -> [usize; 3] {
    let [down, across] = [positions[0] / 2, positions[1] / 2];
    if down * across * channels == 0 {
        return [down, across, down];
    }
    let near = if 2048 / channels > 14 { 2048 / channels } else { 14 };
    let at_once = (near + across / 2) / across;
    [
        down,
        across,
        if at_once == 0 {
            1
        } else if at_once < down {
            at_once
        } else {
            down
        },
    ]
}

/// Scalars of half of the transformed inputs and outputs of the tiles that are transformed at once, of so
/// many channels altogether.
pub const fn room(positions: [usize; 2], channels: usize) -> usize {
    let [_, across, at_once] = tiles(positions, channels);
    HALF * (at_once * across * channels + 2 * plane(0))
}

/// What becomes of the outputs.
pub struct Finish<'a, T> {
    /// Empty, or a bias for each filter.
    pub bias: &'a [T],
    /// What no output may be below.
    pub floor: T,
    /// Empty, or numbers beside the outputs: where they are not above 0, these become 0.
    pub mask: &'a [T],
}

/// `y = correlation of the image with filters`, of one sample.
pub fn correlate<T: Real>(
    direction: Direction,
    (y, image, packed): (&mut [T], &[T], &[T]),
    finish: &Finish<'_, T>,
    room: &mut [T],
) {
    let Direction { ins, outs, positions, .. } = direction;
    assert_eq!(packed.len(), PLANES * plane(ins * outs), "packed weights");
    for block in Blocks::new(direction, image) {
        let n = block.tiles();
        let row = positions[1] * outs;
        let (first, rows) = (2 * block.first * row, 2 * block.rows * row);
        let mask = if finish.mask.is_empty() { &[] } else { &finish.mask[first..][..rows] };
        let halves = packed.chunks_exact(HALF * plane(ins * outs));
        for (half, packed) in halves.enumerate() {
            let (from, to) = split(room, [n * ins, n * outs]);
            dispatch(Inputs { block: &block, half, to: &mut *from });
            let planes =
                from.chunks_exact(plane(n * ins)).zip(packed.chunks_exact(plane(ins * outs)));
            for ((from, packed), to) in planes.zip(to.chunks_exact_mut(plane(n * outs))) {
                T::correlate(Correlation {
                    walk: walk(from, n, ins),
                    packed: packed.as_ptr(),
                    bias: ptr::null(),
                    to: to.as_mut_ptr(),
                    to_step: [n * outs, outs],
                    filters: outs,
                    floor: T::of(f64::NEG_INFINITY),
                    mask: ptr::null(),
                });
            }
            dispatch(Outputs {
                from: to,
                half,
                to: &mut y[first..][..rows],
                tiles: [block.rows, block.across],
                outs,
                finish: &Finish { mask, ..*finish },
            });
        }
    }
}

/// Adds one or both halves of the transformed gradients by the weights of one sample.
pub fn add_gradients<T: Real>(
    direction: Direction,
    halves: Range<usize>,
    sums: &mut [T],
    (image, dy): (&[T], &[T]),
    room: &mut [T],
) {
    let Direction { ins, outs, positions, .. } = direction;
    let size = HALF * plane(ins * outs);
    assert_eq!(sums.len(), halves.len() * size, "sums of gradients");
    for block in Blocks::new(direction, image) {
        let n = block.tiles();
        let row = positions[1] * outs;
        let dy = &dy[2 * block.first * row..][..2 * block.rows * row];
        let tiles = [block.rows, block.across];
        for (half, sums) in halves.clone().zip(sums.chunks_exact_mut(size)) {
            let (from, to) = split(room, [n * ins, n * outs]);
            dispatch(Inputs { block: &block, half, to: &mut *from });
            dispatch(Gradients { from: dy, half, to: &mut *to, tiles, outs });
            let planes = from.chunks_exact(plane(n * ins)).zip(to.chunks_exact(plane(n * outs)));
            for ((from, dy), sums) in planes.zip(sums.chunks_exact_mut(plane(ins * outs))) {
                T::weight_gradient(WeightGradient {
                    walk: walk(from, n, ins),
                    dy: dy.as_ptr(),
                    dy_step: [n * outs, outs],
                    filters: outs,
                    sums: sums.as_mut_ptr(),
                    bias: ptr::null_mut(),
                });
            }
        }
    }
}

/// Half of the planes of inputs and of outputs.
fn split<T>(room: &mut [T], scalars: [usize; 2]) -> (&mut [T], &mut [T]) {
    let [from, to] = scalars.map(|scalars| HALF * plane(scalars));
    room[..from + to].split_at_mut(from)
}

/// A filter of one tap over so many tiles side by side.
fn walk<T>(plane: &[T], tiles: usize, ins: usize) -> Walk<T> {
    assert!(plane.len() >= tiles * ins, "a number of each tile and channel");
    let (image, positions, step) = (plane.as_ptr(), [1, tiles], [tiles * ins, ins]);
    Walk { image, positions, step, taps: [1, 1], tap_step: [0, 0], run: ins }
}

/// Rows of tiles of an image with its border.
struct Block<'a, T> {
    image: &'a [T],
    ins: usize,
    /// Pixels of a row.
    width: usize,
    /// The first row of tiles, and how many there are.
    first: usize,
    rows: usize,
    across: usize,
}

impl<T> Block<'_, T> {
    fn tiles(&self) -> usize {
        self.rows * self.across
    }
}

/// All blocks of an image.
struct Blocks<'a, T> {
    direction: Direction,
    image: &'a [T],
    next: usize,
}

impl<'a, T> Blocks<'a, T> {
    fn new(direction: Direction, image: &'a [T]) -> Self {
        let Direction { ins, size: [height, width], positions: [rows, columns], .. } = direction;
        assert_eq!(image.len(), ins * height * width, "an image with its border");
        assert!(rows % 2 == 0 && columns % 2 == 0, "whole tiles");
        assert!(height >= rows + 2 && width >= columns + 2, "an input for each tap");
        Self { direction, image, next: 0 }
    }
}

impl<'a, T> Iterator for Blocks<'a, T> {
    type Item = Block<'a, T>;

    fn next(&mut self) -> Option<Self::Item> {
        let Direction { ins, outs, size: [_, width], positions, .. } = self.direction;
        let [down, across, at_once] = tiles(positions, ins + outs);
        let (image, first) = (self.image, self.next);
        let rows = at_once.min(down - first);
        self.next += rows;
        (rows > 0).then_some(Block { image, ins, width, first, rows, across })
    }
}

/// Half of `B^T d B` of each tile and channel, plane by plane.
struct Inputs<'a, 'b, T> {
    block: &'a Block<'b, T>,
    half: usize,
    to: &'a mut [T],
}

impl<T: Scalar> Kernel for Inputs<'_, '_, T> {
    type Output = ();
    const AVX512: bool = T::AVX512;

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Self { block: &Block { image, ins, width, first, rows, across }, half, to } = self;
        let (n, lanes) = (rows * across, T::Vector::<I>::LANES);
        let (plane, row) = (plane(n * ins), width * ins);
        assert!(half < 2 && to.len() == HALF * plane, "half of the planes");
        assert!(ins % lanes == 0, "whole vectors of channels");
        assert!(image.len() >= (2 * (first + rows) + 2) * row && width >= 2 * across + 2);
        for tile in 0..n {
            // Of four rows of inputs the first three, or the last.
            let (i, j) = (2 * (first + tile / across) + half, 2 * (tile % across));
            let from = image[i * row + j * ins..].as_ptr();
            for channel in (0..ins).step_by(lanes) {
                // SAFETY: the token of type `I` was given. The last tile ends with the block's rows and
                // the row's pixels, which were checked, and so was the room for all planes.
                unsafe {
                    let mut d = [[T::Vector::<I>::splat(T::ZERO); 4]; 2];
                    for l in 0..4 {
                        let at = from.add(l * ins + channel);
                        let a = T::Vector::<I>::load(at);
                        let b = T::Vector::<I>::load(at.add(row));
                        let c = T::Vector::<I>::load(at.add(2 * row));
                        let outer = a.sub(c);
                        (d[0][l], d[1][l]) =
                            if half == 0 { (outer, b.add(c)) } else { (b.sub(a), outer) };
                    }
                    let to = to.as_mut_ptr().add(tile * ins + channel);
                    for (k, d) in d.into_iter().enumerate() {
                        for (l, v) in transform_input(d).into_iter().enumerate() {
                            v.store(to.add((4 * k + l) * plane));
                        }
                    }
                }
            }
        }
    }
}

/// `B^T d`
///
/// # Safety
/// The instruction set of `V` is available.
#[inline(always)]
unsafe fn transform_input<V: Vector>(d: [V; 4]) -> [V; 4] {
    // SAFETY: the caller's promise.
    unsafe { [d[0].sub(d[2]), d[1].add(d[2]), d[2].sub(d[1]), d[1].sub(d[3])] }
}

/// `A^T m A` of each tile and filter, or what the upper half of the planes adds to that: this comes first.
struct Outputs<'a, T> {
    from: &'a [T],
    half: usize,
    to: &'a mut [T],
    /// Down and across.
    tiles: [usize; 2],
    outs: usize,
    finish: &'a Finish<'a, T>,
}

impl<T: Scalar> Kernel for Outputs<'_, T> {
    type Output = ();
    const AVX512: bool = T::AVX512;

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Self { from, half, to, tiles: [rows, across], outs, finish } = self;
        let (n, lanes) = (rows * across, T::Vector::<I>::LANES);
        let (row, bias, mask) = (2 * across * outs, finish.bias, finish.mask);
        let plane = plane(n * outs);
        assert!(from.len() == HALF * plane && outs % lanes == 0, "whole vectors of filters");
        assert!(to.len() == 2 * rows * row, "2 x 2 outputs of each tile");
        assert!(bias.is_empty() || bias.len() == outs, "a bias for each filter");
        assert!(mask.is_empty() || mask.len() == to.len(), "a mask for each output");
        for tile in 0..n {
            let place = 2 * (tile / across) * row + 2 * (tile % across) * outs;
            for filter in (0..outs).step_by(lanes) {
                // SAFETY: the token of type `I` was given. There are numbers of each tile and filter in
                // all planes, and outputs, biases and masks beside them, which was checked.
                unsafe {
                    let zero = T::Vector::<I>::splat(T::ZERO);
                    let floor = T::Vector::<I>::splat(finish.floor);
                    let from = from.as_ptr().add(tile * outs + filter);
                    let mut m = [[zero; 4]; 2];
                    for (k, m) in m.iter_mut().enumerate() {
                        for (l, m) in m.iter_mut().enumerate() {
                            *m = Vector::load(from.add((4 * k + l) * plane));
                        }
                    }
                    let (a, b) = (transform_output(m[0]), transform_output(m[1]));
                    let bias = if bias.is_empty() {
                        zero
                    } else {
                        Vector::load(bias.as_ptr().add(filter))
                    };
                    for l in 0..2 {
                        let at = [place + l * outs + filter, place + row + l * outs + filter];
                        let above = to.as_mut_ptr().add(at[0]);
                        let below = to.as_mut_ptr().add(at[1]);
                        if half == 0 {
                            a[l].add(b[l]).store(above);
                            b[l].store(below);
                            continue;
                        }
                        let y = [
                            T::Vector::<I>::load(above).add(a[l]),
                            T::Vector::<I>::load(below).sub(a[l]).sub(b[l]),
                        ];
                        for (at, y) in at.into_iter().zip(y) {
                            let mut y = y.add(bias).at_least(floor);
                            if !mask.is_empty() {
                                let mask = Vector::load(mask.as_ptr().add(at));
                                y = T::Vector::<I>::if_larger(mask, zero, y, zero);
                            }
                            y.store(to.as_mut_ptr().add(at));
                        }
                    }
                }
            }
        }
    }
}

/// `A^T m`
///
/// # Safety
/// The instruction set of `V` is available.
#[inline(always)]
unsafe fn transform_output<V: Vector>(m: [V; 4]) -> [V; 2] {
    // SAFETY: the caller's promise.
    unsafe { [m[0].add(m[1]).add(m[2]), m[1].sub(m[2]).sub(m[3])] }
}

/// Half of `A dY A^T` of each tile and filter, plane by plane.
struct Gradients<'a, T> {
    from: &'a [T],
    half: usize,
    to: &'a mut [T],
    /// Down and across.
    tiles: [usize; 2],
    outs: usize,
}

impl<T: Scalar> Kernel for Gradients<'_, T> {
    type Output = ();
    const AVX512: bool = T::AVX512;

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Self { from, half, to, tiles: [rows, across], outs } = self;
        let (n, lanes, row) = (rows * across, T::Vector::<I>::LANES, 2 * across * outs);
        let plane = plane(n * outs);
        assert!(to.len() == HALF * plane && outs % lanes == 0, "whole vectors of filters");
        assert!(from.len() == 2 * rows * row, "2 x 2 gradients of each tile");
        for tile in 0..n {
            let place = 2 * (tile / across) * row + 2 * (tile % across) * outs;
            for filter in (0..outs).step_by(lanes) {
                // SAFETY: the token of type `I` was given. Each tile has 2 x 2 gradients of each filter,
                // and numbers in half of the planes, which was checked.
                unsafe {
                    let from = from.as_ptr().add(place + filter);
                    let zero = T::Vector::<I>::splat(T::ZERO);
                    let mut sides = [[zero; 2]; 2];
                    for l in 0..2 {
                        let (above, below) = (from.add(l * outs), from.add(row + l * outs));
                        let all = transform_gradient([Vector::load(above), Vector::load(below)]);
                        (sides[0][l], sides[1][l]) =
                            if half == 0 { (all[0], all[1]) } else { (all[2], all[3]) };
                    }
                    let to = to.as_mut_ptr().add(tile * outs + filter);
                    for (k, side) in sides.into_iter().enumerate() {
                        for (l, v) in transform_gradient(side).into_iter().enumerate() {
                            v.store(to.add((4 * k + l) * plane));
                        }
                    }
                }
            }
        }
    }
}

/// `A dy`
///
/// # Safety
/// The instruction set of `V` is available.
#[inline(always)]
unsafe fn transform_gradient<V: Vector>([a, b]: [V; 2]) -> [V; 4] {
    // SAFETY: the caller's promise.
    unsafe { [a, a.add(b), a.sub(b), b.sub(b).sub(b)] }
}

/// Turns the nine planes of 3 x 3 taps, the last of `PLANES`, into the transformed ones: `G g G^T`.
pub fn transform_weights<T: Scalar>(planes: &mut [T]) {
    dispatch(Weights { planes, back: false });
}

/// Turns the transformed gradients into those by the 3 x 3 taps, the first nine planes: `G^T dU G`.
pub fn transform_back<T: Scalar>(planes: &mut [T]) {
    dispatch(Weights { planes, back: true });
}

struct Weights<'a, T> {
    planes: &'a mut [T],
    back: bool,
}

impl<T: Scalar> Kernel for Weights<'_, T> {
    type Output = ();
    const AVX512: bool = T::AVX512;

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Self { planes, back } = self;
        let (size, lanes) = (planes.len() / PLANES, T::Vector::<I>::LANES);
        assert!(planes.len() == PLANES * size && size % lanes == 0, "whole planes");
        for start in (0..size).step_by(lanes) {
            // SAFETY: the token of type `I` was given, and each plane has so many numbers from `start` on.
            unsafe {
                // Loops and no closures, which would not have the instruction set.
                let half = T::Vector::<I>::splat(T::of(0.5));
                let at = planes.as_mut_ptr().add(start);
                let mut x = [half; PLANES];
                for (i, x) in x.iter_mut().enumerate() {
                    *x = Vector::load(at.add(i * size));
                }
                if back {
                    let mut rows = [[half; 3]; 4];
                    for l in 0..4 {
                        rows[l] = by_g_back([x[l], x[4 + l], x[8 + l], x[12 + l]], half);
                    }
                    for k in 0..3 {
                        let row = [rows[0][k], rows[1][k], rows[2][k], rows[3][k]];
                        let g = by_g_back(row, half);
                        for l in 0..3 {
                            g[l].store(at.add((3 * k + l) * size));
                        }
                    }
                } else {
                    let mut rows = [[half; 4]; 3];
                    for l in 0..3 {
                        rows[l] = by_g([x[7 + l], x[10 + l], x[13 + l]], half);
                    }
                    for k in 0..4 {
                        let u = by_g([rows[0][k], rows[1][k], rows[2][k]], half);
                        for l in 0..4 {
                            u[l].store(at.add((4 * k + l) * size));
                        }
                    }
                }
            }
        }
    }
}

/// `G g`
///
/// # Safety
/// The instruction set of `V` is available.
#[inline(always)]
unsafe fn by_g<V: Vector>([a, b, c]: [V; 3], half: V) -> [V; 4] {
    // SAFETY: the caller's promise.
    unsafe {
        let zero = a.sub(a);
        let (both, b) = (zero.add_mul(half, a.add(c)), zero.add_mul(half, b));
        [a, both.add(b), both.sub(b), c]
    }
}

/// `G^T u`
///
/// # Safety
/// The instruction set of `V` is available.
#[inline(always)]
unsafe fn by_g_back<V: Vector>([a, b, c, d]: [V; 4], half: V) -> [V; 3] {
    // SAFETY: the caller's promise.
    unsafe {
        let zero = a.sub(a);
        let (sum, difference) = (b.add(c), b.sub(c));
        [a.add_mul(half, sum), zero.add_mul(half, difference), d.add_mul(half, sum)]
    }
}
