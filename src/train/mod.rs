//! Training: the [`Trainer`], what it reports, and what it measures.
//!
//! ```
//! use formwork::data::toy;
//! use formwork::optim::Adam;
//! use formwork::prelude::*;
//! use formwork::train::Trainer;
//! use rand::SeedableRng;
//!
//! network! {
//!     struct Moons: Vector<2> => Vector<2> { fc1: Dense<16>, Relu, fc2: Dense<2> }
//! }
//!
//! let mut rng = Generator::seed_from_u64(1);
//! let (train, test) = toy::two_moons(200, 0.1, &mut rng)?.split(0.75, &mut rng);
//! let mut model = Model::<Moons>::new(&mut rng);
//! let history = Trainer::new(Adam::new(0.03))
//!     .epochs(60)
//!     .batch_size(20)
//!     .validate(&test)
//!     .silent()
//!     .fit(&mut model, &SoftmaxCrossEntropy::default(), &train, &mut rng)?;
//! assert!(history.epochs[59].validation_accuracy > Some(0.95));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A loop of one's own
//! The trainer is a loop over four calls. Where it does not do what you need, write them down:
//! ```
//! use formwork::data::{Batches, toy};
//! use formwork::optim::{Momentum, Optimizer};
//! use formwork::prelude::*;
//! use rand::SeedableRng;
//!
//! network! {
//!     struct Xor: Vector<2> => Vector<2> { fc1: Dense<8>, Relu, fc2: Dense<2> }
//! }
//!
//! let mut rng = Generator::seed_from_u64(1);
//! let (xor, mut model) = (toy::xor(), Model::<Xor>::new(&mut rng));
//! let (mut batches, mut workspace) = (Batches::new(4), Workspace::new(4, 1));
//! let mut momentum = Momentum::new(0.1);
//! let mut last = f32::NAN;
//! for _ in 0..300 {
//!     let mut epoch = batches.shuffled(&xor, &mut rng);
//!     while let Some((inputs, targets)) = epoch.next_batch() {
//!         let mut step = workspace.forward(&mut model, inputs);
//!         last = step.loss(&SoftmaxCrossEntropy::default(), targets);
//!         let gradient = step.backward();
//!         momentum.step(model.parameters_mut(), gradient);
//!     }
//! }
//! assert!(last < 0.1);
//! ```
//!
//! # Several processes
//! [`Trainer::ranks`] has several of them share the work of each batch, with the bits of one; a loop of
//! one's own adds up gradients with [`AllReduce`]. How processes reach each other is a [`Communicator`];
//! the crate `formwork-mpi` has one for MPI.

#[cfg(feature = "safetensors")]
mod checkpoint;
mod checksum;
mod clock;
mod communicator;
mod diverged;
mod error;
mod evaluate;
#[cfg(feature = "safetensors")]
mod fingerprint;
mod groups;
mod history;
mod passes;
mod reduce;
mod report;
mod run;
mod trainer;

pub use communicator::{Alone, Communicator};
pub use diverged::{Diverged, Origin};
pub use error::TrainError;
pub use evaluate::{Evaluation, Evaluator};
#[cfg(feature = "safetensors")]
pub use fingerprint::ChangedSetting;
pub use groups::Groups;
pub use history::{History, Record};
pub use reduce::AllReduce;
pub use report::{Lines, Report, Silent};
pub use trainer::Trainer;
