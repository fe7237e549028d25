//! The sum of what several stacks of layers make of one input.
//!
//! ```text
//! forward   y = f(x) + g(x) + ..
//! backward  dx = df(dy) + dg(dy) + ..
//! ```
//!
//! Shapes: any, that of the first stack's output; those of the others are the same, or have a number
//! for each channel, which is added to all of the channel's pixels.

use super::branches::{Branches, Combine};
use super::elementwise::{apply, gather, places};
use super::stacks::{Branched, Stacks};
use crate::kernel::Real;
use crate::layer::Layer;
use crate::shape::Shape;

/// Adds the outputs of two or more stacks: `Sum { { conv: .. }, { GlobalAvgPool, fc: .. } }`.
///
/// The first stack's output has the shape of the sum. The others have the same, or are vectors of a
/// number for each channel. Parameters have the names that they have in
/// [`Concat`](crate::layers::Concat). `Residual { .. } around { .. }` is the sum of two stacks, too.
///
/// ```
/// use formwork::prelude::*;
///
/// network! {
///     struct Mixed: Vector<4> => Vector<3> { Sum { { a: Dense<3> }, { b: Dense<3>, Tanh } } }
/// }
/// assert_eq!(Mixed::PARAMETERS, 2 * (4 * 3 + 3));
/// ```
pub type Sum<Inner = ()> = Branches<Added, Inner>;

/// Outputs added to each other.
#[derive(Clone, Copy, Debug, Default)]
pub struct Added;

impl Combine for Added {
    const NAME: &'static str = "Sum";
    const IS_ELEMENTWISE: bool = true;
    const NEEDS_OUTPUTS: bool = false;
    type Out<In: Shape, First: Layer<In>, Rest: Stacks<In>> = First::Out;

    fn join<T: Real>(y: &mut [T], parts: &[T], size: usize, branches: Branched) {
        y.copy_from_slice(&parts[..y.len()]);
        for (place, part_size) in places(y.len() / size, branches).skip(1) {
            apply(y, &parts[place], [size, part_size], |y, part| y + part);
        }
    }

    fn split<T: Real>(gradients: &mut [T], dy: &[T], _: &[T], size: usize, branches: Branched) {
        for (place, part_size) in places(dy.len() / size, branches) {
            let gradient = &mut gradients[place];
            if part_size == size {
                gradient.copy_from_slice(dy);
            } else {
                gather(gradient, dy, [size, part_size]);
            }
        }
    }
}
