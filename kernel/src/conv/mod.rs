//! Convolutions of images whose channels lie innermost.
//!
//! There is one loop for all of them. A *correlation* walks filters over an image that has its
//! border of zeros: it is the forward pass, and, with the filters turned around and zeros spread
//! between the output's gradients, the gradient by the input. The gradient by the weights walks
//! the same way and sums up over positions. Strides, dilation and groups are steps of pointers.
//! The tiles that stay in registers have constant sizes and everything around them does not, so
//! the code is compiled once, in this crate, however many layers there are.
//!
//! Samples are dealt to threads in up to [`PIECES`] pieces, whose number does not depend on that of the
//! threads. Of the gradient by the weights each piece has its own sums, and these are added in order;
//! where there are many weights, two pieces share those of the same samples.

pub(crate) mod correlate;
mod geometry;
mod gradient;
mod image;
mod pack;
mod passes;
mod sample;
mod walk;
pub(crate) mod weights;
mod winograd;

pub use crate::axis::Axis;
pub use geometry::Convolution;
pub use gradient::{Gradient, Memory, backward, transposed_backward};
pub use passes::{PIECES, forward, transposed};
