//! Several stacks of layers over one input, their outputs side by side as channels (Szegedy et
//! al., 2015).
//!
//! ```text
//! forward   y = [f(x); g(x); ..]
//! backward  dx = df(dy_f) + dg(dy_g) + ..
//! ```
//!
//! Shapes: `C_f x H x W`, `C_g x H x W`, .. become `(C_f + C_g + ..) x H x W`; vectors, which are
//! images of one pixel, are appended to each other.

use super::branches::{Branches, Combine};
use super::stacks::{Branched, Stacks, outputs};
use crate::kernel::{Real, parallel};
use crate::layer::Layer;
use crate::shape::{Dimension, Image, Shape};
use core::ops::Range;

/// Puts the outputs of two or more stacks side by side: `Concat { { conv: .. }, { pool: .. } }`.
///
/// The parameters are a [`Pair`](crate::layer::Pair) of the first stack's and of those of the rest,
/// and so on: `concat1.first.conv`, `concat1.rest.first.conv`. As tensors, in a file for example,
/// stacks have numbers for names: `concat1.0.conv.weight`, `concat1.1.conv.weight`.
///
/// ```
/// use formwork::prelude::*;
///
/// network! {
///     struct WideAndDeep: Vector<4> => Vector<1> {
///         Concat { { wide: Dense<2> }, { hidden: Dense<8>, Relu, deep: Dense<3> } },
///         out: Dense<1>,
///     }
/// }
/// assert_eq!(WideAndDeep::PARAMETERS, (4 * 2 + 2) + (4 * 8 + 8 + 8 * 3 + 3) + (2 + 3 + 1));
/// ```
pub type Concat<Inner = ()> = Branches<SideBySide, Inner>;

/// The channels of all outputs beside each other, in every pixel.
#[derive(Clone, Copy, Debug, Default)]
pub struct SideBySide;

impl Combine for SideBySide {
    const NAME: &'static str = "Concat";
    const IS_ELEMENTWISE: bool = false;
    const NEEDS_OUTPUTS: bool = false;
    type Out<In: Shape, First: Layer<In>, Rest: Stacks<In>> = Image<
        <<First::Out as Shape>::Channels as Dimension>::Plus<Rest::Channels>,
        <First::Out as Shape>::Height,
        <First::Out as Shape>::Width,
    >;

    fn join<T: Real>(y: &mut [T], parts: &[T], _: usize, branches: Branched) {
        let all = channels(branches).last().map_or(0, |own| own.end);
        let (pixels, cost) = (y.len() / all, NANOSECONDS * (y.len() / all));
        for own in channels(branches) {
            let part = &parts[pixels * own.start..pixels * own.end];
            parallel::for_each_chunk(y, PIECE * all, cost, |i, y| {
                let part = part[i * PIECE * own.len()..].chunks_exact(own.len());
                for (pixel, part) in y.chunks_exact_mut(all).zip(part) {
                    pixel[own.clone()].copy_from_slice(part);
                }
            });
        }
    }

    fn split<T: Real>(gradients: &mut [T], dy: &[T], _: &[T], _: usize, branches: Branched) {
        let all = channels(branches).last().map_or(0, |own| own.end);
        let (pixels, cost) = (dy.len() / all, NANOSECONDS * (dy.len() / all));
        for own in channels(branches) {
            let part = &mut gradients[pixels * own.start..pixels * own.end];
            parallel::for_each_chunk(part, PIECE * own.len(), cost, |i, part| {
                let pixels = dy[i * PIECE * all..].chunks_exact(all);
                for (pixel, part) in pixels.zip(part.chunks_exact_mut(own.len())) {
                    part.copy_from_slice(&pixel[own.clone()]);
                }
            });
        }
    }
}

/// The channels of each branch among those of all.
fn channels(branches: Branched) -> impl Iterator<Item = Range<usize>> {
    outputs(branches).scan(0, |end, [channels, ..]| {
        let start = *end;
        *end += channels;
        Some(start..*end)
    })
}

/// Pixels that a thread copies at a time.
const PIECE: usize = 1024;
/// About how many nanoseconds it takes to copy one.
const NANOSECONDS: usize = 5;
