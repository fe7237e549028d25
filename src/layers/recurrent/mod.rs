//! Layers that see sequences, step by step.
//!
//! [`Rnn`], [`Lstm`] and [`Gru`] differ in the equations of a unit, which each states as a
//! [`Cell`]. All else they have in common: the parameters and the state here, what they keep in
//! `recurrence`, and the way through the steps and back in `time`. Columns are time-major: column `i`
//! is step `i / lanes` of lane `i % lanes`.

mod bidirectional;
mod gru;
mod last_step;
mod lstm;
mod mean_steps;
mod recurrence;
mod rnn;
mod step_product;
mod time;

pub use bidirectional::{Bidirectional, BidirectionalTape, Directions};
pub use gru::Gru;
pub use last_step::LastStep;
pub use lstm::Lstm;
pub use mean_steps::MeanSteps;
pub use recurrence::Recurrence;
pub use rnn::Rnn;

use crate::kernel::{Buffer, Real, recurrent::Cell};
use crate::layer::{Init, Memory, Nonlinearity, Row, Rows, State, as_mut_slice};
use crate::shape::{Check, Dimension};
use core::marker::PhantomData;
use rand::Rng;

crate::params! {
    /// The parameters of a recurrent layer, with PyTorch's names: `Gates` is `Hidden` for each gate
    /// that has weights, in PyTorch's order. What is added are two biases, which a simple layer and
    /// an LSTM only see the sum of: each of them learns, as in PyTorch.
    pub struct RecurrentParams<Hidden, Gates, In> {
        /// `Gates x In`, row-major.
        pub weight_ih_l0: Rows<T, Gates, In>,
        /// `Gates x Hidden`, row-major.
        pub weight_hh_l0: Rows<T, Gates, Hidden>,
        /// `Gates`: what is added to what comes of the input.
        pub bias_ih_l0: Row<T, Gates>,
        /// `Gates`: what is added to what comes of the hidden values.
        pub bias_hh_l0: Row<T, Gates>,
    }
}

/// The state of each lane of a recurrent layer.
pub struct RecurrentState<C, const GATES: usize, Hidden, T: Real> {
    /// `Hidden x lanes`, a column a lane: the hidden values.
    pub h: Buffer<T>,
    /// `Hidden x lanes`, a column a lane: the cells; empty for a layer without.
    pub c: Buffer<T>,
    layer: PhantomData<(C, Hidden)>,
}

impl<C, const GATES: usize, H, T: Real> Clone for RecurrentState<C, GATES, H, T> {
    fn clone(&self) -> Self {
        Self { h: self.h.clone(), c: self.c.clone(), layer: PhantomData }
    }
}

impl<C: Cell<GATES>, const GATES: usize, H: Dimension, T: Real> State<T>
    for RecurrentState<C, GATES, H, T>
{
    const MEMORY: Memory =
        Memory::per_column(H::USIZE).and(Memory::per_column(if C::CELLS { H::USIZE } else { 0 }));

    fn new(lanes: usize) -> Self {
        let cells = if C::CELLS { H::USIZE * lanes } else { 0 };
        Self { h: Buffer::zeroed(H::USIZE * lanes), c: Buffer::zeroed(cells), layer: PhantomData }
    }

    fn reset(&mut self, lane: usize) {
        self.visit(&mut |part| part[lane * H::USIZE..][..H::USIZE].fill(T::ZERO));
    }

    fn visit(&mut self, each: &mut dyn FnMut(&mut [T])) {
        each(&mut self.h);
        if C::CELLS {
            each(&mut self.c);
        }
    }
}

/// Sets the initial weights; they are those of a map of `In` and of `Hidden` inputs, normal with a
/// variance of one over their number unless `init` says otherwise. Biases stay zero.
fn init<H: Dimension, Gates: Dimension, In: Dimension, T: Real>(
    params: &mut RecurrentParams<H, Gates, In, T>,
    init: Option<Init>,
    follows: Nonlinearity,
    rng: &mut dyn Rng,
) {
    let init = init.unwrap_or(Init::LeCun);
    let weight = as_mut_slice(&mut params.weight_ih_l0);
    init.fill(weight, Gates::USIZE, (In::USIZE, H::USIZE), follows, rng);
    let weight = as_mut_slice(&mut params.weight_hh_l0);
    init.fill(weight, Gates::USIZE, (H::USIZE, H::USIZE), follows, rng);
}

/// Whether a layer called `name` is sound.
const fn check<H: Dimension>(name: &'static str) -> Check {
    Check::require(H::USIZE > 0, "it has no hidden units: `{}<0>`").text(name)
}
