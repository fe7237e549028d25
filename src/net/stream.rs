//! Inference step by step, with as little as possible around the layers.

use super::pass::Pass;
use super::{HasWeights, Model, Network, OutputMatrix};
use crate::kernel::Real;
use crate::layer::{Context, Layer, Mode};
use crate::shape::{Check, Shape};

/// Inference one step at a time: an audio sample, or a token of a text that is being written.
///
/// The model stays as it is, and layers put their weights in the order that suits them once, at the
/// first step. Recurrent layers go on from their state.
///
/// A stream has its model from whatever `M` gives one: a `&Model`, an `Arc<Model>` that others share,
/// the model itself, as here, or [`Weights`](super::Weights) in constants of the program.
///
/// ```
/// use formwork::prelude::*;
/// use rand::SeedableRng;
///
/// network! {
///     struct Effect: Vector<1> => Vector<1> { lstm: Lstm<20>, fc: Dense<1> }
/// }
///
/// let model = Model::<Effect>::new(&mut Generator::seed_from_u64(1));
/// /// What a host keeps, and calls from a thread of its own.
/// struct PlugIn {
///     effect: Stream<Effect>,
/// }
///
/// let mut plug_in = PlugIn { effect: Stream::new(model, 1) };
/// let input = [0.5, -0.5, 0.25];
/// let output = input.map(|sample| plug_in.effect.step(&[sample])[0]);
/// assert!(output.iter().all(|sample| sample.is_finite()));
/// ```
///
/// Into a network with strides or pools over time several steps go at a time, and none can be played by
/// itself: a [`Player`](crate::net::Player) takes blocks of them.
///
/// ```compile_fail,E0080
/// use formwork::prelude::*;
///
/// network! { struct Half: Vector<1> => Vector<2> { conv: CausalConv1d<2, 4, stride = 2> } }
///
/// Stream::new(Model::<Half>::zeroed(), 1);
/// ```
pub struct Stream<N: Network, T: Real = f32, M = Model<N, T>> {
    model: M,
    pass: Pass<N, T>,
    lanes: usize,
    started: bool,
}

impl<N: Network, T: Real, M: HasWeights<Network = N, Scalar = T>> Stream<N, T, M> {
    /// A stream of `lanes` sequences side by side.
    ///
    /// # Panics
    /// If there are no lanes.
    pub fn new(model: M, lanes: usize) -> Self {
        const {
            let takes = <N as Layer<N::Input>>::STEPS.takes();
            let template = "a stream goes step by step, but {} steps at a time go into this network: a \
                            player takes blocks of them";
            Check::require(takes == 1, template).number(takes).report_bare();
        }
        assert!(lanes > 0, "a stream of no lanes");
        Self { model, pass: Pass::new(lanes, lanes, false), lanes, started: false }
    }

    /// What the stream has its model from.
    pub fn model(&self) -> &M {
        &self.model
    }

    /// The outputs for the next step, a column a lane, as the inputs; where the network makes several
    /// steps of one, step after step. An input of ids is one id a lane.
    ///
    /// # Panics
    /// If there is not one input for each lane, or an id is beyond the vocabulary.
    #[inline]
    pub fn step(&mut self, input: &[<N::Input as Shape>::Element<T>]) -> OutputMatrix<'_, N, T> {
        assert_eq!(input.len(), self.lanes * N::Input::SIZE, "an input for each lane");
        let cx = Context::new(Mode::Inference, self.lanes);
        let cx = Context { unchanged: self.started, played: true, ..cx };
        self.started = true;
        self.pass.forward(self.model.weights(), N::Input::elements(input), cx);
        self.pass.outputs(<N as Layer<N::Input>>::STEPS.columns(self.lanes, self.lanes))
    }

    /// Puts recurrent layers back to their state before the first step, in all lanes.
    pub fn reset(&mut self) {
        self.pass.reset();
    }

    /// The state of recurrent layers.
    pub fn state_mut(&mut self) -> &mut N::State<T> {
        &mut self.pass.state
    }
}
