//! What gated activations share: one half of the channels says how much is let through of the other.
//!
//! ```text
//! forward   y = f(a, b)            where x is a, the first half of the channels, and b, the second
//! backward  da = dy df/da    db = dy df/db
//! ```
//!
//! Shapes: `x` is `Image<2 C, H, W>` and `y` is `Image<C, H, W>`, or vectors. `x` is kept.

use crate::kernel::dispatch::{Isa, Kernel, dispatch};
use crate::kernel::{Real, math, parallel};
use crate::layer::{Arguments, Backward, Forward, Layer};
use crate::shape::{Check, Dimension, Image, Shape};
use typenum::U2;

/// A function of two numbers, of which a gated activation is made.
pub trait Gate: Arguments + 'static {
    /// `f(a, b)`
    fn function<T: Real>(a: T, b: T) -> T;
    /// `df/da` and `df/db`
    fn derivatives<T: Real>(a: T, b: T) -> [T; 2];
}

/// The shape with half of the channels.
pub type Halved<In> = Image<
    <<In as Shape>::Channels as Dimension>::Over<U2>,
    <In as Shape>::Height,
    <In as Shape>::Width,
>;

/// That the channels have two halves.
pub const fn halves<In: Shape>(layer: &'static str) -> Check {
    let [channels, height, width] = In::DIMS;
    let what = if height * width > 1 { "channels" } else { "numbers" };
    Check::require(
        channels.is_multiple_of(2),
        "{} gates one half of its {} with the other, but is given {}, which have no halves",
    )
    .text(layer)
    .text(what)
    .number(channels)
}

/// Makes a layer of a type that implements [`Gate`].
macro_rules! gate {
    ($name:ident, $operations:expr) => {
        impl<In: Shape> Layer<In> for $name {
            type Out = Halved<In>;
            crate::keeps! {}

            const CHECK: Check = halves::<In>(stringify!($name));
            const OPERATIONS: usize = $operations * (In::SIZE / 2);
            const NONLINEARITY: Nonlinearity = Nonlinearity::Saturating;

            fn forward<T: Real>(pass: Forward<'_, Self, In, T>) {
                gate::forward(pass);
            }

            fn backward<T: Real>(pass: Backward<'_, Self, In, T>) {
                gate::backward(pass);
            }
        }
    };
}
pub(super) use gate;

/// About how many scalars of `y` a core gets through in a nanosecond.
const PER_NANOSECOND: usize = 1;
/// Scalars of `x` that a thread takes at a time.
const PIECE: usize = 1 << 13;

pub(super) fn forward<G: Gate + Layer<In, Out = Halved<In>>, In: Shape, T: Real>(
    pass: Forward<'_, G, In, T>,
) {
    let Forward { x, mut y, .. } = pass;
    through::<G, T>(y.as_mut_slice(), x.as_slice(), In::DIMS[0] / 2);
}

pub(super) fn backward<G: Gate + Layer<In, Out = Halved<In>>, In: Shape, T: Real>(
    pass: Backward<'_, G, In, T>,
) {
    let Backward { x, dy, dx: Some(mut dx), .. } = pass else { return };
    back::<G, T>(dx.as_mut_slice(), x.as_slice(), dy.as_slice(), In::DIMS[0] / 2);
}

// Not generic in the shape, so that their loops are compiled once and not for each.

fn through<G: Gate, T: Real>(y: &mut [T], x: &[T], half: usize) {
    let (piece, cost) = (PIECE.next_multiple_of(half), y.len() / PER_NANOSECOND);
    parallel::for_each_chunk(y, piece, cost, |i, y| {
        let x = &x[2 * i * piece..][..2 * y.len()];
        dispatch(Through { y, x, half, function: G::function });
    });
}

fn back<G: Gate, T: Real>(dx: &mut [T], x: &[T], dy: &[T], half: usize) {
    let (piece, cost) = (PIECE.next_multiple_of(2 * half), dy.len() / PER_NANOSECOND);
    parallel::for_each_chunk(dx, piece, cost, |i, dx| {
        let (x, dy) = (&x[i * piece..][..dx.len()], &dy[i * piece / 2..][..dx.len() / 2]);
        dispatch(Back { dx, x, dy, half, derivatives: G::derivatives });
    });
}

/// `y = f(a, b)`, pixel by pixel.
struct Through<'a, T, F> {
    y: &'a mut [T],
    x: &'a [T],
    half: usize,
    function: F,
}

impl<T: Real, F: Fn(T, T) -> T> Kernel for Through<'_, T, F> {
    type Output = ();
    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Self { y, x, half, function } = self;
        for (y, x) in y.chunks_exact_mut(half).zip(x.chunks_exact(2 * half)) {
            let (a, b) = x.split_at(half);
            for ((y, &a), &b) in y.iter_mut().zip(a).zip(b) {
                *y = function(a, b);
            }
        }
    }
}

/// `da` and `db`, pixel by pixel.
struct Back<'a, T, F> {
    dx: &'a mut [T],
    x: &'a [T],
    dy: &'a [T],
    half: usize,
    derivatives: F,
}

impl<T: Real, F: Fn(T, T) -> [T; 2]> Kernel for Back<'_, T, F> {
    type Output = ();
    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let Self { dx, x, dy, half, derivatives } = self;
        let pixels = dx.chunks_exact_mut(2 * half).zip(x.chunks_exact(2 * half));
        for ((dx, x), dy) in pixels.zip(dy.chunks_exact(half)) {
            let ((da, db), (a, b)) = (dx.split_at_mut(half), x.split_at(half));
            let halves = da.iter_mut().zip(db).zip(a.iter().zip(b));
            for (((da, db), (&a, &b)), &dy) in halves.zip(dy) {
                let [by_a, by_b] = derivatives(a, b);
                (*da, *db) = (dy * by_a, dy * by_b);
            }
        }
    }
}

/// The logistic function and its derivative, of which nothing cancels.
#[inline(always)]
pub fn sigmoid_and_derivative<T: Real>(x: T) -> [T; 2] {
    let e = math::exp(-x.abs());
    let share = T::ONE / (T::ONE + e);
    [if x < T::ZERO { e * share } else { share }, e * share * share]
}
