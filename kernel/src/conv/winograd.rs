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
use core::ptr;

/// Numbers of a tile: 4 x 4 inputs, of 2 x 2 outputs.
pub const PLANES: usize = 16;
/// Rows of tiles, tiles of a row, and rows that are transformed at once: as many as stay in a near cache,
/// of so many channels altogether, but no fewer than fill the registers.
const fn tiles(positions: [usize; 2], channels: usize) -> [usize; 3] {
    let [down, across] = [positions[0] / 2, positions[1] / 2];
    if down * across * channels == 0 {
        return [down, across, down];
    }
    let near = if 1024 / channels > 14 { 1024 / channels } else { 14 };
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

/// Scalars of the transformed inputs and outputs of the tiles that are transformed at once, of so many
/// channels altogether.
pub const fn room(positions: [usize; 2], channels: usize) -> usize {
    let [_, across, at_once] = tiles(positions, channels);
    PLANES * at_once * across * channels
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
    assert_eq!(packed.len(), PLANES * ins * outs, "packed weights");
    for block in Blocks::new(direction, image) {
        let n = block.tiles();
        let (from, to) = room[..PLANES * n * (ins + outs)].split_at_mut(PLANES * n * ins);
        dispatch(Inputs { block: &block, to: &mut *from });
        let planes = from.chunks_exact(n * ins).zip(to.chunks_exact_mut(n * outs));
        for ((from, to), packed) in planes.zip(packed.chunks_exact(ins * outs)) {
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
        let row = positions[1] * outs;
        let (first, rows) = (2 * block.first * row, 2 * block.rows * row);
        let mask = if finish.mask.is_empty() { &[] } else { &finish.mask[first..][..rows] };
        dispatch(Outputs {
            from: to,
            to: &mut y[first..][..rows],
            tiles: [block.rows, block.across],
            outs,
            finish: &Finish { mask, ..*finish },
        });
    }
}

/// Adds the transformed gradients by the weights of one sample.
pub fn add_gradients<T: Real>(
    direction: Direction,
    sums: &mut [T],
    (image, dy): (&[T], &[T]),
    room: &mut [T],
) {
    let Direction { ins, outs, positions, .. } = direction;
    assert_eq!(sums.len(), PLANES * ins * outs, "sums of gradients");
    for block in Blocks::new(direction, image) {
        let n = block.tiles();
        let (from, to) = room[..PLANES * n * (ins + outs)].split_at_mut(PLANES * n * ins);
        dispatch(Inputs { block: &block, to: &mut *from });
        let row = positions[1] * outs;
        let dy = &dy[2 * block.first * row..][..2 * block.rows * row];
        dispatch(Gradients { from: dy, to: &mut *to, tiles: [block.rows, block.across], outs });
        let planes = from.chunks_exact(n * ins).zip(to.chunks_exact(n * outs));
        for ((from, dy), sums) in planes.zip(sums.chunks_exact_mut(ins * outs)) {
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

/// A filter of one tap over so many tiles side by side.
fn walk<T>(plane: &[T], tiles: usize, ins: usize) -> Walk<T> {
    assert_eq!(plane.len(), tiles * ins, "a number of each tile and channel");
    let (image, positions, step) = (plane.as_ptr(), [1, tiles], [plane.len(), ins]);
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

/// `B^T d B` of each tile and channel, plane by plane.
struct Inputs<'a, 'b, T> {
    block: &'a Block<'b, T>,
    to: &'a mut [T],
}

impl<T: Scalar> Kernel for Inputs<'_, '_, T> {
    type Output = ();
    const AVX512: bool = T::AVX512;

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Self { block: &Block { image, ins, width, first, rows, across }, to } = self;
        let (n, lanes) = (rows * across, T::Vector::<I>::LANES);
        assert!(to.len() == PLANES * n * ins && ins % lanes == 0, "whole vectors of channels");
        assert!(image.len() >= (2 * (first + rows) + 2) * width * ins && width >= 2 * across + 2);
        for tile in 0..n {
            let (i, j) = (2 * (first + tile / across), 2 * (tile % across));
            let from = image[(i * width + j) * ins..].as_ptr();
            for channel in (0..ins).step_by(lanes) {
                // SAFETY: the token of type `I` was given. The last tile ends with the block's rows and
                // the row's pixels, which were checked, and so was the room for all planes.
                unsafe {
                    let mut d = [[T::Vector::<I>::splat(T::ZERO); 4]; 4];
                    for (k, d) in d.iter_mut().enumerate() {
                        for (l, d) in d.iter_mut().enumerate() {
                            *d = Vector::load(from.add((k * width + l) * ins + channel));
                        }
                    }
                    for l in 0..4 {
                        let v = transform_input([d[0][l], d[1][l], d[2][l], d[3][l]]);
                        (0..4).for_each(|k| d[k][l] = v[k]);
                    }
                    let to = to.as_mut_ptr().add(tile * ins + channel);
                    for (k, d) in d.into_iter().enumerate() {
                        for (l, v) in transform_input(d).into_iter().enumerate() {
                            v.store(to.add((4 * k + l) * n * ins));
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

/// `A^T m A` of each tile and filter.
struct Outputs<'a, T> {
    from: &'a [T],
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
        let Self { from, to, tiles: [rows, across], outs, finish } = self;
        let (n, lanes) = (rows * across, T::Vector::<I>::LANES);
        let (row, bias, mask) = (2 * across * outs, finish.bias, finish.mask);
        assert!(from.len() == PLANES * n * outs && outs % lanes == 0, "whole vectors of filters");
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
                    let mut m = [[zero; 2]; 4];
                    for (k, m) in m.iter_mut().enumerate() {
                        let mut row = [zero; 4];
                        for (l, m) in row.iter_mut().enumerate() {
                            *m = Vector::load(from.add((4 * k + l) * n * outs));
                        }
                        *m = transform_output(row);
                    }
                    let bias = if bias.is_empty() {
                        zero
                    } else {
                        Vector::load(bias.as_ptr().add(filter))
                    };
                    for l in 0..2 {
                        let y = transform_output([m[0][l], m[1][l], m[2][l], m[3][l]]);
                        for (k, y) in y.into_iter().enumerate() {
                            let at = place + k * row + l * outs + filter;
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

/// `A dY A^T` of each tile and filter, plane by plane.
struct Gradients<'a, T> {
    from: &'a [T],
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
        let Self { from, to, tiles: [rows, across], outs } = self;
        let (n, lanes, row) = (rows * across, T::Vector::<I>::LANES, 2 * across * outs);
        assert!(to.len() == PLANES * n * outs && outs % lanes == 0, "whole vectors of filters");
        assert!(from.len() == 2 * rows * row, "2 x 2 gradients of each tile");
        for tile in 0..n {
            let place = 2 * (tile / across) * row + 2 * (tile % across) * outs;
            for filter in (0..outs).step_by(lanes) {
                // SAFETY: the token of type `I` was given. Each tile has 2 x 2 gradients of each filter,
                // and numbers in all planes, which was checked.
                unsafe {
                    let from = from.as_ptr().add(place + filter);
                    let dy = |k: usize, l: usize| {
                        T::Vector::<I>::load(from.wrapping_add(k * row + l * outs))
                    };
                    let left = transform_gradient([dy(0, 0), dy(1, 0)]);
                    let right = transform_gradient([dy(0, 1), dy(1, 1)]);
                    let to = to.as_mut_ptr().add(tile * outs + filter);
                    for (k, pair) in left.into_iter().zip(right).enumerate() {
                        let all = transform_gradient([pair.0, pair.1]);
                        for (l, v) in all.into_iter().enumerate() {
                            v.store(to.add((4 * k + l) * n * outs));
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
    each(planes, 7, |g| {
        let rows = [0, 1, 2].map(|l| by_g([g[l], g[3 + l], g[6 + l]]));
        let mut u = [T::ZERO; PLANES];
        for k in 0..4 {
            let row = by_g([rows[0][k], rows[1][k], rows[2][k]]);
            u[4 * k..][..4].copy_from_slice(&row);
        }
        u
    });
}

/// Turns the transformed gradients into those by the 3 x 3 taps, the first nine planes: `G^T dU G`.
pub fn transform_back<T: Scalar>(planes: &mut [T]) {
    each(planes, 0, |u| {
        let columns = [0, 1, 2, 3].map(|l| by_g_back([u[l], u[4 + l], u[8 + l], u[12 + l]]));
        let mut g = [T::ZERO; PLANES];
        for k in 0..3 {
            let row = by_g_back([columns[0][k], columns[1][k], columns[2][k], columns[3][k]]);
            g[3 * k..][..3].copy_from_slice(&row);
        }
        g
    });
}

/// `G g`
#[inline(always)]
fn by_g<T: Scalar>([a, b, c]: [T; 3]) -> [T; 4] {
    let half = T::of(0.5);
    [a, half * (a + c + b), half * (a + c - b), c]
}

/// `G^T u`
#[inline(always)]
fn by_g_back<T: Scalar>([a, b, c, d]: [T; 4]) -> [T; 3] {
    let half = T::of(0.5);
    [a + half * (b + c), half * (b - c), half * (b + c) + d]
}

/// Replaces the numbers at each place of the planes, of which `f` is given those from plane `first` on.
fn each<T: Scalar>(planes: &mut [T], first: usize, f: impl Fn(&[T; PLANES]) -> [T; PLANES]) {
    /// Places at a time, so that the compiler makes vectors of them.
    const ABREAST: usize = 16;
    let size = planes.len() / PLANES;
    assert!(planes.len() == PLANES * size && size % ABREAST == 0, "whole planes");
    for start in (0..size).step_by(ABREAST) {
        let mut all = [[T::ZERO; PLANES]; ABREAST];
        for plane in first..PLANES {
            let from = &planes[plane * size + start..][..ABREAST];
            all.iter_mut().zip(from).for_each(|(all, &x)| all[plane - first] = x);
        }
        all.iter_mut().for_each(|all| *all = f(all));
        for plane in 0..PLANES {
            let to = &mut planes[plane * size + start..][..ABREAST];
            to.iter_mut().zip(&all).for_each(|(to, all)| *to = all[plane]);
        }
    }
}
