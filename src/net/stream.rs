//! Inference step by step, with as little as possible around the layers.

use super::pass::Pass;
use super::{Model, Network, OutputMatrix};
use crate::kernel::Real;
use crate::layer::{Context, Layer, Mode};
use crate::shape::Shape;

/// Inference one step at a time: an audio sample, or a token of a text that is being written.
///
/// The model is borrowed, so it stays as it is, and layers put their weights in the order that suits
/// them once, at the first step. Recurrent layers go on from their state.
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
/// let mut effect = Stream::new(&model, 1);
/// let input = [0.5, -0.5, 0.25];
/// let output = input.map(|sample| effect.step(&[sample])[0]);
/// assert!(output.iter().all(|sample| sample.is_finite()));
/// ```
pub struct Stream<'m, N: Network, T: Real = f32> {
    model: &'m Model<N, T>,
    pass: Pass<N, T>,
    lanes: usize,
    started: bool,
}

impl<'m, N: Network, T: Real> Stream<'m, N, T> {
    /// A stream of `lanes` sequences side by side.
    ///
    /// # Panics
    /// If there are no lanes.
    pub fn new(model: &'m Model<N, T>, lanes: usize) -> Self {
        assert!(lanes > 0, "a stream of no lanes");
        Self { model, pass: Pass::new(lanes, lanes, false), lanes, started: false }
    }

    /// The outputs for the next step, a column a lane, as the inputs. An input of ids is one id a
    /// lane.
    ///
    /// # Panics
    /// If there is not one input for each lane, or an id is beyond the vocabulary.
    #[inline]
    pub fn step(&mut self, input: &[<N::Input as Shape>::Element<T>]) -> OutputMatrix<'_, N, T> {
        assert_eq!(input.len(), self.lanes * N::Input::SIZE, "an input for each lane");
        let cx = Context { unchanged: self.started, ..Context::new(Mode::Inference, self.lanes) };
        self.started = true;
        self.pass.forward(self.model, N::Input::elements(input), cx);
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
