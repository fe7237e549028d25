//! Compute kernels on plain slices, fast in `f32` and correct in `f64`: the module `kernel` of
//! [formwork](https://docs.rs/formwork), a crate of its own so that it compiles while others do.
//!
//! Layers, losses and optimisers are written on top of these; a new layer may be, too. Everything
//! works on slices (or [views](MatRef) of them), allocates nothing (but for the 272 KiB that a thread
//! keeps from its first product whose operands are copied on), is compiled for several
//! [instruction sets](dispatch) and picks one at run time, shares large work among
//! [threads](parallel), and gives the same bits on any number of them.
//!
//! Without the feature `batches`, products, convolutions and recurrent steps are computed by short
//! code for a column at a time, which suits a microcontroller.
//!
//! - [`gemm()`]: matrix products; [`matvec()`]: small ones with one vector.
//! - [`conv`]: convolutions of images.
//! - [`pool`]: the largest or the mean of windows of pixels.
//! - [`recurrent`]: steps of recurrent layers: products with one matrix many times over, and gates.
//! - [`time`]: convolutions over time, the same bits however many columns there are at once.
//! - [`elementwise`]: any function of one or several slices, element by element.
//! - [`reduce`]: sums and dot products.
//! - [`bytes`]: scalars as bytes.
//! - [`columns`]: matrices of samples, a column each: sums over samples, transposition.
//! - [`features`]: functions and sums over samples with coefficients for each feature.
//! - [`FlushToZero`]: numbers that are nearly zero are taken for zero.
//! - [`math`]: `exp`, `tanh` and the like, made to be vectorised.
#![cfg_attr(not(feature = "std"), no_std)]
#![warn(missing_docs)]
#![allow(clippy::needless_range_loop, reason = "indices as in the equations")]

extern crate alloc;

mod axis;
mod buffer;
pub mod bytes;
pub mod columns;
pub mod conv;
mod copy;
mod deal;
mod denormals;
pub mod dispatch;
pub mod elementwise;
pub mod features;
mod gemm;
mod level;
pub mod math;
pub mod matvec;
pub mod parallel;
pub mod pool;
mod real;
pub mod recurrent;
pub mod reduce;
#[cfg_attr(not(feature = "batches"), allow(dead_code, reason = "nothing is copied"))]
mod room;
mod scalar;
mod sizes;
pub mod time;
mod vector;
mod view;

pub use buffer::Buffer;
pub use copy::copy;
pub use denormals::FlushToZero;
pub use gemm::{Finish, NEAR, gemm, gemm_with};
pub use matvec::{is_small, matvec};
pub use real::Real;
pub use room::Workroom;
pub use scalar::Scalar;
pub use view::{MatMut, MatRef};
