//! Neural networks whose every tensor dimension is checked by the compiler.
//!
//! [`network!`] declares a stack of layers. The compiler works out every shape, lays out every
//! parameter, and turns the declaration into straight-line forward and backward code. What
//! compiles cannot meet a wrong shape, and after the first a training step allocates nothing.
//!
//! ```
//! use formwork::data::{Batch, spiral};
//! use formwork::optim::{Optimizer, Sgd};
//! use formwork::prelude::*;
//! use rand::SeedableRng;
//!
//! network! {
//!     /// Three arms of a spiral.
//!     pub struct Spiral: Vector<2> => Vector<3> {
//!         fc1: Dense<10>,
//!         Relu,
//!         fc2: Dense<3>,
//!     }
//! }
//!
//! // Facts are constants.
//! const _: () = assert!(Spiral::PARAMETERS == 2 * 10 + 10 + 10 * 3 + 3);
//!
//! let mut rng = Generator::seed_from_u64(1);
//! let data = spiral::<3>(100, 0.2, &mut rng)?;
//! let mut model = Model::<Spiral>::new(&mut rng);
//! let mut workspace = Workspace::<Spiral>::new(data.len(), 1);
//! let mut optimizer = Sgd::new(0.5);
//! let mut loss = 0.0;
//! for _ in 0..100 {
//!     let mut step = workspace.forward(&mut model, data.inputs());
//!     loss = step.loss(&SoftmaxCrossEntropy::default(), data.targets());
//!     let gradient = step.backward();
//!     optimizer.step(model.parameters_mut(), gradient);
//! }
//! assert!(loss < 0.9);
//! # Ok::<(), formwork::data::DataError>(())
//! ```
//!
//! # The parts
//!
//! - [`network!`], [`Network`], [`layers`], and [`mod@layer`] for layers of one's own.
//! - [`Model`] holds parameters, [`Workspace`] the memory of training, [`Inference`] that of
//!   inference; [`Stream`] goes through a sequence step by step, [`Player`] block by block on an audio
//!   thread.
//! - [`loss`], [`optim`] with its [`schedule`](optim::schedule)s, [`data`]; `train`, `words`, `plot` and `io` behind features.
//! - [`shape`] and [`kernel`] are what it stands on.
//!
//! # Features
//!
//! On by default: `std`, files, data sets, the trainer; `parallel`, kernels on all cores;
//! `safetensors`, weights in that format, also without `std`; `batches`, code for many samples at once (`std` has it, too).
//! Without them the crate needs `core` and `alloc` only, and of flash a few kilobytes:
//! [`Weights`] stay there, and a [`Heap`] is all the memory.
//!
//! To be asked for: `plot`, pictures as SVG; `progress`, a progress bar in the trainer.
#![cfg_attr(not(feature = "std"), no_std)]
#![warn(missing_docs)]

extern crate alloc;
extern crate self as formwork;

pub mod data;
#[doc(hidden)]
pub mod declare;
#[cfg(any(feature = "std", feature = "safetensors"))]
mod files;
pub mod gradcheck;
#[cfg(target_has_atomic = "ptr")]
mod heap;
#[cfg(feature = "safetensors")]
pub mod io;
pub mod layer;
pub mod layers;
pub mod loss;
pub mod metrics;
pub mod net;
pub mod optim;
#[cfg(feature = "plot")]
pub mod plot;
pub mod prelude;
mod rng;
pub mod shape;
#[cfg(feature = "std")]
pub mod train;
#[cfg(feature = "std")]
pub mod words;

#[doc(inline)]
pub use formwork_kernel as kernel;
#[cfg(target_has_atomic = "ptr")]
pub use heap::Heap;
pub use net::{Inference, Model, Network, Player, Step, Stream, Weights, Workspace};
pub use rng::Generator;

/// Declares a network.
///
/// ```
/// use formwork::prelude::*;
///
/// const HIDDEN: usize = 64;
///
/// network! {
///     /// Dense layers with a way around two of them.
///     pub struct Classifier: Image<1, 8, 8> => Vector<10> {
///         fc1: Dense<HIDDEN>,
///         Relu,
///         Residual {
///             fc2: Dense<{ HIDDEN / 2 }>,
///             Relu,
///             fc3: Dense<HIDDEN>,
///         },
///         out: Dense<10>(Init::Normal(0.01)),
///     }
/// }
///
/// assert_eq!(Classifier::PARAMETERS, 64 * 64 + 64 + (64 * 32 + 32) + (32 * 64 + 64) + 64 * 10 + 10);
/// ```
///
/// - After the name stand the shape that goes in and the one that comes out:
///   `Image<channels, height, width>`, `Vector<size>`, or `Token<vocabulary>` for ids.
/// - A line is a layer: `name: Layer<shape arguments>(value)`. A layer without a name gets one
///   (`relu1`). The parameters of each are a public field of the struct.
/// - A shape argument is an integer, a constant in capitals, a `{ constant expression }`, or a
///   dimension that the network is generic in. Positional ones come first, then those with a key
///   (`stride = 2`); yes and no are 1 and 0 (`bias = 0`).
/// - Braces after a layer hold the stack it is wrapped around; several stacks stand in braces of
///   their own, with commas between them. `around` and braces after those of `Residual` hold the
///   stack that goes around.
/// - `tied to` shares the weight of an earlier layer of the same stack.
/// - A network is a layer as well. One that is generic (`pub struct Block<C>: ..`) is used like
///   one with shape arguments: `Block<16>`.
///
/// A mistake is one error, in decimal, under the words that are wrong:
///
/// ```compile_fail
/// use formwork::prelude::*;
///
/// network! {
///     pub struct Net: Vector<4> => Vector<3> {
///         fc1: Dense<8>,
///         fc2: Dense<2>, // network `Net`: the output is declared as 3x1x1, but ..
///     }
/// }
/// ```
#[macro_export]
macro_rules! network {
    ($($declaration:tt)*) => { $crate::__network! { $crate; $($declaration)* } };
}

#[doc(hidden)]
pub use formwork_macros::network as __network;

#[doc(hidden)]
pub use nalgebra;
#[doc(hidden)]
pub use rand;
#[doc(hidden)]
pub use typenum;
