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

pub use bidirectional::{Bidirectional, BidirectionalTape};
pub use gru::Gru;
pub use last_step::LastStep;
pub use lstm::Lstm;
pub use mean_steps::MeanSteps;
pub use recurrence::Recurrence;
pub use rnn::Rnn;

use crate::kernel::{Buffer, Real, elementwise, recurrent::Cell};
use crate::layer::{Init, Nonlinearity, Row, Rows, State, as_mut_slice};
use crate::shape::{Check, Dimension};
use core::marker::PhantomData;
use rand::Rng;

crate::params! {
    /// The parameters of a recurrent layer: `Gates` is `Hidden` for each gate that has weights, in
    /// PyTorch's order, and `Apart` is `Hidden` for each of the last of them that keeps what comes
    /// of the hidden values apart from what comes of the input.
    pub struct RecurrentParams<Hidden, Gates, Apart, In> {
        /// `Gates x In`, row-major.
        pub weight_ih: Rows<T, Gates, In>,
        /// `Gates x Hidden`, row-major.
        pub weight_hh: Rows<T, Gates, Hidden>,
        /// `Gates`: of PyTorch's weights, `bias_ih`, with `bias_hh` added where nothing is apart.
        pub bias: Row<T, Gates>,
        /// `Apart`: of PyTorch's weights, the rest of `bias_hh`.
        pub bias_hn: Row<T, Apart>,
    }
}

impl<H, Gates, Apart, In, T> RecurrentParams<H, Gates, Apart, In, T>
where
    H: Dimension,
    Gates: Dimension,
    Apart: Dimension,
    In: Dimension,
    T: Real,
{
    /// Takes over PyTorch's two biases.
    ///
    /// # Panics
    /// When one of them has not `Gates` values.
    pub fn set_biases(&mut self, bias_ih: &[T], bias_hh: &[T]) {
        assert_eq!(bias_hh.len(), Gates::USIZE, "biases of a recurrent layer");
        let (both, apart) = bias_hh.split_at(Gates::USIZE - Apart::USIZE);
        self.bias.copy_from_slice(bias_ih);
        elementwise::add(&mut self.bias[..both.len()], both);
        self.bias_hn.copy_from_slice(apart);
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
fn init<H: Dimension, Gates: Dimension, Apart: Dimension, In: Dimension, T: Real>(
    params: &mut RecurrentParams<H, Gates, Apart, In, T>,
    init: Option<Init>,
    follows: Nonlinearity,
    rng: &mut dyn Rng,
) {
    let init = init.unwrap_or(Init::LeCun);
    let weight = as_mut_slice(&mut params.weight_ih);
    init.fill(weight, Gates::USIZE, (In::USIZE, H::USIZE), follows, rng);
    let weight = as_mut_slice(&mut params.weight_hh);
    init.fill(weight, Gates::USIZE, (H::USIZE, H::USIZE), follows, rng);
}

/// Whether a layer called `name` is sound.
const fn check<H: Dimension>(name: &'static str) -> Check {
    Check::require(H::USIZE > 0, "it has no hidden units: `{}<0>`").text(name)
}
