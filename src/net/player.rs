//! A network on the audio thread.

use super::pass::Pass;
use super::{HasWeights, Model, Network};
use crate::kernel::{FlushToZero, Real, Workroom, parallel};
use crate::layer::{Context, Layer, Mode, State, Steps, UNLIMITED};
use crate::shape::{Elements, Shape};

/// Plays a signal through a network, block by block: what a plug-in has on its audio thread.
///
/// It owns its model, or shares it (`Arc<Model<..>>`), and may go to another thread. All memory is
/// taken and all weights are put in order when it is made; from the first block on nothing is
/// allocated, locked or left to other threads. The outputs do not depend on how the signal is split
/// into blocks, as far as networks of causal convolutions, small recurrent and small dense layers are
/// concerned, to the last bit; numbers that fade away are taken for zero.
///
/// ```
/// use formwork::net::Player;
/// use formwork::prelude::*;
/// use rand::SeedableRng;
///
/// network! {
///     struct Effect: Vector<1> => Vector<1> {
///         conv1: CausalConv1d<8, 3>,
///         Tanh,
///         conv2: CausalConv1d<1, 3, dilation = 2>,
///     }
/// }
///
/// let model = Model::<Effect>::new(&mut Generator::seed_from_u64(1));
/// // Blocks of up to 64 samples, of one channel.
/// let mut player = Player::new(model, 64, 1);
/// let audio_thread = std::thread::spawn(move || {
///     let mut block = [0.5; 64];
///     player.process_in_place(&mut block);
///     block
/// });
/// assert!(audio_thread.join().unwrap().iter().all(|sample| sample.is_finite()));
/// ```
///
/// With strides and pools over time a network takes several steps at a time, and gives more or fewer than
/// it takes:
///
/// ```
/// use formwork::net::Player;
/// use formwork::prelude::*;
///
/// network! { struct Half: Vector<1> => Vector<2> { conv: CausalConv1d<2, 4, stride = 2> } }
///
/// // Blocks of a multiple of 2 steps, of which each gives 2 numbers for 2 samples.
/// let mut player = Player::new(Model::<Half>::zeroed(), 64, 1);
/// player.process(&[0.5; 48], &mut [0.0; 48]);
/// ```
///
/// One that leaves a single step of a sequence is none to be played:
///
/// ```compile_fail,E0080
/// use formwork::prelude::*;
///
/// network! { struct Ends: Vector<1> => Vector<2> { gru: Gru<2>, LastStep } }
///
/// Player::new(Model::<Ends>::zeroed(), 64, 1);
/// ```
pub struct Player<N: Network, T: Real = f32, M = Model<N, T>> {
    model: M,
    pass: Pass<N, T>,
    /// The most columns that are processed at once.
    columns: usize,
    lanes: usize,
    /// What kernels copy operands to, whichever thread it is on.
    room: Workroom,
}

impl<N: Network, T: Real, M: HasWeights<Network = N, Scalar = T>> Player<N, T, M> {
    /// A player of blocks of up to `steps` steps in each of `lanes` channels of sound, each a sequence of
    /// its own; longer blocks are played in parts.
    ///
    /// # Panics
    /// If there are no steps or no lanes, or not a multiple of the steps that the network takes at a time.
    pub fn new(model: M, steps: usize, lanes: usize) -> Self {
        const {
            assert!(
                matches!(<N as Layer<N::Input>>::STEPS, Steps::Rate { .. }),
                "a player goes on from step to step, but this network leaves one of each sequence"
            );
        }
        assert!(steps > 0 && lanes > 0, "a player of {steps} steps in {lanes} lanes");
        Pass::<N, T>::assert_divides(steps);
        let columns = steps.checked_mul(lanes).expect("a block beyond all memory");
        let pass = Pass::new(columns, lanes, false);
        let mut player = Self { model, pass, columns, lanes, room: Workroom::new() };
        player.prepare();
        player
    }

    /// What the player has its model from.
    pub fn model(&self) -> &M {
        &self.model
    }

    /// Puts the weights in the order in which they are used, which takes longer than a sample lasts. A
    /// new player has done so; it is for a model that has been changed from within.
    pub fn prepare(&mut self) {
        let cx = Context::new(Mode::Inference, self.lanes);
        let none = N::Input::elements::<T>(&[]);
        parallel::alone(|| self.pass.forward(self.model.weights(), none, cx));
    }

    /// The outputs of a block: step after step, a column for each lane. The input lies likewise.
    ///
    /// # Panics
    /// If the input is not the same number of steps for each lane, or not a multiple of those that the
    /// network takes at a time, or the output is not as long as the network makes it of that.
    pub fn process(&mut self, input: &[<N::Input as Shape>::Element<T>], output: &mut [T]) {
        let (size, room) = (N::Input::SIZE * self.lanes, N::Output::SIZE * self.lanes);
        let (steps, made) = (input.len() / size, |steps| Pass::<N, T>::STEPS.of(steps));
        assert_eq!(input.len(), size * steps, "a block of whole steps");
        Pass::<N, T>::assert_divides(steps);
        assert_eq!(output.len(), room * made(steps), "room for the output of a block");
        let most = self.columns / self.lanes;
        let blocks = input.chunks(size * most).zip(output.chunks_mut(room * made(most)));
        let _guard = FlushToZero::new();
        for (input, output) in blocks {
            output.copy_from_slice(self.play(N::Input::elements(input)));
        }
    }

    /// As [`process`](Self::process), of a network that gives as many numbers as it takes.
    ///
    /// # Panics
    /// If the samples are not the same number of steps for each lane, or not a multiple of those that the
    /// network takes at a time.
    pub fn process_in_place(&mut self, samples: &mut [T]) {
        const {
            assert!(
                N::Input::SIZE == N::Output::SIZE && N::Input::NUMERIC,
                "other inputs than outputs"
            );
            assert!(<N as Layer<N::Input>>::STEPS.are_kept(), "other steps than go in");
        };
        let size = N::Input::SIZE * self.lanes;
        assert!(samples.len().is_multiple_of(size), "a block of whole steps");
        Pass::<N, T>::assert_divides(samples.len() / size);
        let most = self.columns / self.lanes;
        let _guard = FlushToZero::new();
        for block in samples.chunks_mut(size * most) {
            let output = self.play(Elements::Numbers(&*block));
            block.copy_from_slice(output);
        }
    }

    #[inline]
    fn play(&mut self, elements: Elements<'_, T>) -> &[T] {
        let columns = match elements {
            Elements::Numbers(numbers) => numbers.len() / N::Input::SIZE,
            Elements::Ids(ids) => ids.len() / N::Input::SIZE,
        };
        let cx = Context::new(Mode::Inference, self.lanes);
        let cx = Context { unchanged: true, played: true, ..cx };
        let (pass, model) = (&mut self.pass, self.model.weights());
        self.room.lend(|| parallel::alone(|| pass.forward(model, elements, cx)));
        self.pass.output(Pass::<N, T>::STEPS.of(columns))
    }

    /// Plays silence for the receptive field, or a second of 48,000 steps where that is unlimited, so that
    /// the network is as it is after a pause. That takes time: do it before the first block.
    pub fn warm_up(&mut self)
    where
        <N::Input as Shape>::Element<T>: Default,
    {
        let reach = N::RECEPTIVE_FIELD;
        let steps = if reach == UNLIMITED { 48_000 } else { reach };
        let steps = steps.next_multiple_of(Pass::<N, T>::STEPS.takes());
        let most = self.columns / self.lanes;
        let silence = alloc::vec![Default::default(); most * self.lanes * N::Input::SIZE];
        let _guard = FlushToZero::new();
        for first in (0..steps).step_by(most) {
            let columns = most.min(steps - first) * self.lanes;
            self.play(N::Input::elements(&silence[..columns * N::Input::SIZE]));
        }
    }

    /// Exchanges models with another player of the same network, and keeps the state of each: the sound
    /// goes on without a break. Nothing is put in order, as `next` has been prepared, and nothing freed:
    /// `next` has what was played before.
    ///
    /// # Panics
    /// If the players differ in their lanes or the length of their blocks.
    pub fn swap(&mut self, next: &mut Self) {
        let sizes = |player: &Self| (player.columns, player.lanes);
        assert_eq!(sizes(self), sizes(next), "columns and lanes of two players");
        core::mem::swap(&mut self.model, &mut next.model);
        core::mem::swap(&mut self.pass.tape, &mut next.pass.tape);
    }

    /// Puts all lanes back to the state before the first step.
    pub fn reset(&mut self) {
        self.pass.reset();
    }

    /// The state of the layers.
    pub fn state_mut(&mut self) -> &mut N::State<T> {
        &mut self.pass.state
    }

    /// How many numbers a state is.
    pub fn state_len(&mut self) -> usize {
        let mut len = 0;
        self.pass.state.visit(&mut |part| len += part.len());
        len
    }

    /// Writes the state down.
    ///
    /// # Panics
    /// If there is not room for [`state_len`](Self::state_len) numbers.
    pub fn save_state(&mut self, mut to: &mut [T]) {
        self.pass.state.visit(&mut |part| {
            let room = to.split_off_mut(..part.len()).expect("room for a state");
            room.copy_from_slice(part);
        });
    }

    /// Takes a state back that [`save_state`](Self::save_state) has written.
    ///
    /// # Panics
    /// If these are not as many numbers.
    pub fn restore_state(&mut self, mut from: &[T]) {
        self.pass.state.visit(&mut |part| {
            part.copy_from_slice(from.split_off(..part.len()).expect("all of a state"));
        });
    }
}
