//! The product, number by number, of what several stacks of layers make of one input.
//!
//! ```text
//! forward   y = f(x) g(x) ..
//! backward  dx = df(dy g(x) ..) + dg(dy f(x) ..) + ..
//! ```
//!
//! Shapes: any, that of the first stack's output; those of the others are the same, or have a number
//! for each channel, by which all of the channel's pixels are multiplied.

use super::branches::{Branches, Combine};
use super::elementwise::{apply, gather, places};
use super::stacks::{Branched, Stacks};
use crate::kernel::Real;
use crate::layer::Layer;
use crate::shape::Shape;

/// Multiplies the outputs of two or more stacks, number by number: `Product { { .. }, { .. } }`.
///
/// The first stack's output has the shape of the product. The others have the same, or are vectors of
/// a number for each channel. Parameters have the names that they have in
/// [`Concat`](crate::layers::Concat). Channels that are weighted by what the whole image shows (Hu et
/// al., 2018, "Squeeze-and-excitation networks"):
///
/// ```
/// use formwork::prelude::*;
///
/// network! {
///     struct Excited: Image<16, 8, 8> => Image<16, 8, 8> {
///         Product {
///             { Identity },
///             { GlobalAvgPool, squeeze: Dense<4>, Relu, excite: Dense<16>, Sigmoid },
///         },
///     }
/// }
/// assert_eq!(Excited::PARAMETERS, (16 * 4 + 4) + (4 * 16 + 16));
/// ```
pub type Product<Inner = ()> = Branches<Multiplied, Inner>;

/// Outputs multiplied by each other.
#[derive(Clone, Copy, Debug, Default)]
pub struct Multiplied;

impl Combine for Multiplied {
    const NAME: &'static str = "Product";
    const IS_ELEMENTWISE: bool = true;
    const NEEDS_OUTPUTS: bool = true;
    type Out<In: Shape, First: Layer<In>, Rest: Stacks<In>> = First::Out;

    fn join<T: Real>(y: &mut [T], parts: &[T], size: usize, branches: Branched) {
        y.copy_from_slice(&parts[..y.len()]);
        for (place, part_size) in places(y.len() / size, branches).skip(1) {
            apply(y, &parts[place], [size, part_size], |y, part| y * part);
        }
    }

    fn split<T: Real>(gradients: &mut [T], dy: &[T], parts: &[T], size: usize, branches: Branched) {
        let places = || places(dy.len() / size, branches);
        // `dy` times all outputs but one.
        let others = |product: &mut [T], one: usize| {
            product.copy_from_slice(dy);
            for (_, (place, part_size)) in places().enumerate().filter(|(i, _)| *i != one) {
                apply(product, &parts[place], [size, part_size], |y, part| y * part);
            }
        };
        // What is the first one's comes last: until then the products of others are made there.
        let (first, rest) = gradients.split_at_mut(dy.len());
        for (i, (place, part_size)) in places().enumerate().skip(1) {
            let gradient = &mut rest[place.start - dy.len()..place.end - dy.len()];
            if part_size == size {
                others(gradient, i);
            } else {
                others(first, i);
                gather(gradient, first, [size, part_size]);
            }
        }
        others(first, 0);
    }
}
