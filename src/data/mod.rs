//! Data: what a sample is, batches of samples, data sets and their loaders.
//!
//! - [`Grid`], [`Tokens`], [`Bags`], [`Classes`] and [`Values`] say in a type what one sample and its target are. The
//!   dimensions are plain numbers, so two data sets of different shape are two types that the
//!   compiler tells apart in decimal.
//! - A [`Batch`] holds samples side by side; a [`Dataset`] pairs a batch of inputs with a batch of
//!   targets; [`Batches`] cuts a data set into shuffled mini-batches without allocating.
//! - [`RandomAffine`] turns, scales and shifts the images of a batch while training.
//! - [`Scaling`] measures a training set and rescales any other set in the same way.
//! - With the feature `std`: [`mnist`] and [`digits`] load handwritten digits, [`csv`] and [`idx`]
//!   read tables and arrays, [`spiral()`] and [`toy`] make small sets.
//!
//! - [`Sequences`] cuts a long text into lanes for a recurrent network; a [`SequenceSet`] holds
//!   sequences of different lengths, which [`SequenceBatches`] deals side by side; with the feature `std`,
//!   [`text`] turns words or characters into ids and [`ptb`] loads the Penn Treebank. [`Windows`] cuts a
//!   signal into overlapping ones, for networks that look back so many steps.
//!
//! All randomness comes from generators that the caller seeds and passes in.
//!
//! ```
//! use formwork::data::{Batches, Classes, Dataset, Grid};
//! use rand::SeedableRng;
//! use rand_xoshiro::Xoshiro256PlusPlus;
//!
//! // Four points of the plane, each in one of two classes.
//! let points = vec![0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0];
//! let xor = Dataset::<Grid<2>, Classes<2>>::from_vecs(points, vec![0, 1, 1, 0])?;
//!
//! let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
//! let mut batches = Batches::new(3);
//! let mut epoch = batches.shuffled(&xor, &mut rng);
//! let mut seen = 0;
//! while let Some((inputs, targets)) = epoch.next_batch() {
//!     assert_eq!(inputs.columns(), targets.columns());
//!     seen += inputs.columns();
//! }
//! assert_eq!(seen, 4); // a batch of three and one of the last sample
//! # Ok::<(), formwork::data::DataError>(())
//! ```

mod affine;
mod batch;
mod batches;
mod dataset;
mod error;
mod scaling;
mod sequence;
mod sequence_set;
mod sequences;
mod target;
mod windows;

#[cfg(feature = "std")]
mod content;
#[cfg(feature = "std")]
pub mod csv;
#[cfg(feature = "std")]
pub mod digits;
#[cfg(feature = "std")]
pub mod idx;
#[cfg(feature = "std")]
mod load;
#[cfg(feature = "std")]
pub mod mnist;
#[cfg(feature = "std")]
pub mod ptb;
#[cfg(feature = "std")]
mod spiral;
#[cfg(feature = "std")]
pub mod text;
#[cfg(feature = "std")]
pub mod toy;

pub use crate::shape::{Bags, Grid, Number, Sample, Tokens};
pub use affine::RandomAffine;
pub use batch::Batch;
pub use batches::{Batches, Epoch};
pub use dataset::Dataset;
pub use error::{DataError, Part};
pub use scaling::Scaling;
pub use sequence_set::{SequenceBatches, SequenceEpoch, SequenceSet};
pub use sequences::Sequences;
pub use target::{Classes, IGNORED, Target, Values};
pub use windows::{WindowEpoch, Windows};

#[cfg(feature = "std")]
pub use content::ContentError;
#[cfg(feature = "std")]
pub use load::{DATA_VARIABLE, LoadError};
#[cfg(feature = "std")]
pub use spiral::spiral;
