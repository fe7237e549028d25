//! A pool that keeps the largest pixel of a window.
//!
//! ```text
//! forward   y[c, i, j] = max over k, l of x[c, S i + k - P, S j + l - P]
//! backward  dx[c, m, n] = sum of dy[c, i, j] over the places where x[c, m, n] was the largest
//! ```
//!
//! with stride `S` and padding `P`; padding is never the largest. Of equal pixels the first counts.
//!
//! Shapes: `x` is `Image<C, H, W>`; `y` is `Image<C, H', W'>` with `H' = (H + 2 P - K) / S + 1`,
//! rounded down, and `W'` alike.

use super::{Places, Windows, each_run};
use crate::arguments::NotGiven;
use crate::check::Check;
use crate::kernel::dispatch::{Isa, Kernel, dispatch};
use crate::kernel::{Real, parallel, pieces::Pieces};
use crate::layer::{Backward, Context, Layer, Nonlinearity};
use crate::memory::{Memory, Tape};
use crate::shape::{Columns, ColumnsMut, Dimension, Image, Or, Shape};
use alloc::boxed::Box;
use core::marker::PhantomData;
use typenum::{U0, Unsigned};

crate::layer! {
    /// The largest pixel of each window of `Kernel x Kernel`: `MaxPool<2>`.
    ///
    /// Keyed arguments: `stride` (as large as the window) and `pad` (0).
    ///
    /// ```
    /// use formwork::prelude::*;
    ///
    /// network! {
    ///     struct Halve: Image<3, 28, 28> => Image<3, 14, 14> { MaxPool<3, stride = 2, pad = 1> }
    /// }
    /// assert_eq!(Halve::PARAMETERS, 0);
    /// ```
    pub struct MaxPool<Kernel; stride: Stride = NotGiven, pad: Pad = U0>;
}

/// Which pixel of its window was the largest, for each output.
pub struct MaxPoolTape<Out> {
    largest: Box<[u16]>,
    shape: PhantomData<Out>,
}

impl<Out: Shape> Tape for MaxPoolTape<Out> {
    const MEMORY: Memory = Memory::bytes_per_column(size_of::<u16>() * Out::SIZE);

    fn new(columns: usize, _: usize, training: bool) -> Self {
        let len = if training { Out::SIZE * columns } else { 0 };
        Self { largest: alloc::vec![0; len].into(), shape: PhantomData }
    }
}

impl<In: Shape, K: Dimension, S: Or<K> + 'static, P: Dimension> Layer<In> for MaxPool<K, S, P> {
    type Out = Image<In::Channels, Places<In::Height, K, S, P>, Places<In::Width, K, S, P>>;
    type Params<T: Real> = ();
    type Stats<T: Real> = ();
    type State<T: Real> = ();
    type Tape<T: Real> = MaxPoolTape<Self::Out>;

    const CHECK: Check = super::check::<In>("MaxPool", K::USIZE, S::Is::USIZE, P::USIZE).and(
        Check::require(K::USIZE <= 256, "a window of {}x{} is too large: at most 256x256")
            .number(K::USIZE)
            .number(K::USIZE),
    );
    const OPERATIONS: usize = <Self::Out as Shape>::SIZE * K::USIZE * K::USIZE;
    const NONLINEARITY: Nonlinearity = Nonlinearity::Transparent;

    fn forward<T: Real>(
        _: &(),
        _: &(),
        _: &mut (),
        x: Columns<'_, In, T>,
        mut y: ColumnsMut<'_, Self::Out, T>,
        tape: &mut Self::Tape<T>,
        cx: &mut Context<'_, T>,
    ) {
        let (size, n, x) = (<Self::Out as Shape>::SIZE, x.count(), x.numbers());
        let training = cx.is_training();
        let y = Pieces::new(y.as_mut_slice(), size);
        let largest = Pieces::new(&mut tape.largest, size);
        parallel::for_each(n, n * In::SIZE / 8, |i| {
            // SAFETY: piece `i` is taken once.
            let (y, largest) = unsafe { (y.take(i), largest.take(i)) };
            let x = &x[i * In::SIZE..][..In::SIZE];
            if training {
                dispatch(Forward::<Self, In, T, true> { y, largest, x, layer: PhantomData });
            } else {
                dispatch(Forward::<Self, In, T, false> { y, largest, x, layer: PhantomData });
            }
        });
    }

    fn backward<T: Real>(
        _: &(),
        _: &mut (),
        pass: Backward<'_, In, Self::Out, T>,
        tape: &mut Self::Tape<T>,
        _: &mut Context<'_, T>,
    ) {
        let Some(dx) = pass.dx else { return };
        let (size, n) = (<Self::Out as Shape>::SIZE, pass.x.count());
        let dy = pass.dy.as_slice();
        parallel::for_each_chunk(dx.into_slice(), In::SIZE, n * In::SIZE / 8, |i, dx| {
            let (dy, largest) = (&dy[i * size..][..size], &tape.largest[i * size..][..size]);
            dispatch(Scatter::<Self, In, T> { dx, dy, largest, layer: PhantomData });
        });
    }
}

/// Where the windows of a pool lie.
trait Pool<In: Shape> {
    const WINDOWS: Windows;
}

impl<In: Shape, K: Dimension, S: Or<K> + 'static, P: Dimension> Pool<In> for MaxPool<K, S, P> {
    const WINDOWS: Windows =
        Windows::new::<In, <Self as Layer<In>>::Out>(K::USIZE, S::Is::USIZE, P::USIZE);
}

/// Channels of a run: a vector of the widest, or of a narrower, or what is left.
macro_rules! by_width {
    ($channels:expr, $run:ident) => {
        match $channels {
            16.. => $run!(16),
            8.. => $run!(8),
            4.. => $run!(4),
            _ => $run!(1),
        }
    };
}

/// One sample forward; which pixel was the largest is written when `KEEP`.
struct Forward<'a, L, In, T, const KEEP: bool> {
    y: &'a mut [T],
    largest: &'a mut [u16],
    x: &'a [T],
    layer: PhantomData<(L, In)>,
}

impl<L: Pool<In>, In: Shape, T: Real, const KEEP: bool> Kernel for Forward<'_, L, In, T, KEEP> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let windows = L::WINDOWS;
        let c = windows.channels;
        macro_rules! run {
            ($n:literal) => {
                windows.each(|place, pixels| {
                    each_run::<$n>(c, |start| {
                        let mut y = [T::of(f64::NEG_INFINITY); $n];
                        let mut largest = [0_u16; $n];
                        pixels.each(|pixel, number| {
                            let x = run::<$n, T>(self.x, pixel * c + start);
                            for i in 0..$n {
                                // What is not a number counts as the largest, to be found out.
                                let larger = x[i] > y[i] || x[i] != x[i];
                                y[i] = if larger { x[i] } else { y[i] };
                                largest[i] = if larger { number as u16 } else { largest[i] };
                            }
                        });
                        let at = place * c + start;
                        self.y[at..at + $n].copy_from_slice(&y);
                        if KEEP {
                            self.largest[at..at + $n].copy_from_slice(&largest);
                        }
                    });
                })
            };
        }
        by_width!(c, run);
    }
}

#[inline(always)]
fn run<const N: usize, T>(from: &[T], start: usize) -> &[T; N] {
    from[start..].first_chunk().expect("a run of channels")
}

/// One sample backward.
struct Scatter<'a, L, In, T> {
    dx: &'a mut [T],
    dy: &'a [T],
    largest: &'a [u16],
    layer: PhantomData<(L, In)>,
}

impl<L: Pool<In>, In: Shape, T: Real> Kernel for Scatter<'_, L, In, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _: I) {
        let windows = L::WINDOWS;
        let c = windows.channels;
        if !windows.tile() {
            self.dx.fill(T::ZERO);
            return windows.each(|place, pixels| {
                let (dy, largest) = (&self.dy[place * c..][..c], &self.largest[place * c..][..c]);
                pixels.each(|pixel, number| {
                    let dx = &mut self.dx[pixel * c..][..c];
                    for i in 0..c {
                        dx[i] += if largest[i] == number as u16 { dy[i] } else { T::ZERO };
                    }
                });
            });
        }
        macro_rules! run {
            ($n:literal) => {
                windows.each(|place, pixels| {
                    each_run::<$n>(c, |start| {
                        let dy = run::<$n, T>(self.dy, place * c + start);
                        let largest = run::<$n, u16>(self.largest, place * c + start);
                        pixels.each(|pixel, number| {
                            let mut dx = [T::ZERO; $n];
                            for i in 0..$n {
                                dx[i] = if largest[i] == number as u16 { dy[i] } else { T::ZERO };
                            }
                            let at = pixel * c + start;
                            self.dx[at..at + $n].copy_from_slice(&dx);
                        });
                    });
                })
            };
        }
        by_width!(c, run);
    }
}
