//! A long signal as windows, for networks that look back.

use super::batch::Batch;
use super::dataset::Dataset;
use super::error::DataError;
use super::target::Target;
use crate::shape::{Number, Sample};
use alloc::vec::Vec;
use core::slice::ChunksExact;
use rand::Rng;
use rand::seq::SliceRandom;

/// Cuts a signal, of whose steps each has its target, into windows, and deals these out side by side,
/// each in a lane: batches for networks that look back so many steps and no further.
///
/// Each window is some steps that are learnt, and before them as many as the network looks back, with
/// which it warms up: so windows overlap by that, and a loss leaves it out
/// ([`ErrorToSignal::after`](crate::loss::ErrorToSignal::after)). The state is to be reset before each
/// batch. Every step is learnt once, but for those before the first window and those left over for none
/// or for no whole batch.
///
/// A batch is time-major: column `i` is step `i / lanes` of lane `i % lanes`.
///
/// ```
/// use formwork::data::{Dataset, Grid, Values, Windows};
/// use formwork::optim::{Adam, Optimizer};
/// use formwork::prelude::*;
/// use rand::SeedableRng;
///
/// network! {
///     struct Echo: Vector<1> => Vector<1> {
///         conv1: CausalConv1d<4, 3>,
///         Tanh,
///         conv2: CausalConv1d<1, 3, dilation = 2>,
///     }
/// }
///
/// let signal: Vec<f32> = (0..1000).map(|i| (i as f32 * 0.1).sin()).collect();
/// let late: Vec<f32> = [&[0.0; 2], &signal[..998]].concat();
/// let data = Dataset::<Grid<1>, Values<1>>::from_vecs(signal, late)?;
///
/// // 32 steps at a time, of which each is learnt, and 6 before them; four such windows side by side.
/// let mut windows = Windows::new(Echo::RECEPTIVE_FIELD, 32, 4);
/// let loss = ErrorToSignal::new(4).after(windows.warm_up());
/// let mut rng = Generator::seed_from_u64(1);
/// let mut model = Model::<Echo>::new(&mut rng);
/// let mut workspace = Workspace::with_lanes(windows.columns(), 4, 0);
/// let mut adam = Adam::new(0.01);
/// let mut epoch = windows.shuffled(&data, &mut rng)?;
/// while let Some((inputs, targets)) = epoch.next_batch() {
///     workspace.reset();
///     let mut step = workspace.forward(&mut model, inputs);
///     step.loss(&loss, targets);
///     let gradient = step.backward();
///     adam.step(model.parameters_mut(), gradient);
/// }
/// # Ok::<(), formwork::data::DataError>(())
/// ```
pub struct Windows<S: Sample, Y: Target, T: Number = f32> {
    warm_up: usize,
    steps: usize,
    lanes: usize,
    /// The first step of each window.
    starts: Vec<usize>,
    /// The steps of a batch, in the order of its columns.
    places: Vec<usize>,
    inputs: Batch<S, T>,
    targets: Batch<Y, T>,
}

impl<S: Sample, Y: Target, T: Number> Windows<S, Y, T> {
    /// Windows of `steps` steps that are learnt, for a network with this
    /// [receptive field](crate::Network::RECEPTIVE_FIELD), in batches of `lanes`. Where several steps go
    /// into a network at a time, all of a window are to be a multiple of that: a larger receptive field
    /// than the network's makes them so.
    ///
    /// # Panics
    /// If there are no steps or lanes, or the receptive field is without limit, as of recurrent layers:
    /// these learn from a signal piece by piece, with their state carried on.
    pub fn new(receptive_field: usize, steps: usize, lanes: usize) -> Self {
        assert!(steps > 0 && lanes > 0, "windows of {steps} steps in {lanes} lanes");
        let warm_up = receptive_field.saturating_sub(1);
        let columns = warm_up.checked_add(steps).and_then(|all| all.checked_mul(lanes));
        let columns = columns.expect("windows of a network that looks back without limit");
        Self {
            warm_up,
            steps,
            lanes,
            starts: Vec::new(),
            places: Vec::with_capacity(columns),
            inputs: Batch::with_capacity(columns),
            targets: Batch::with_capacity(columns),
        }
    }

    /// How many steps of each window come before those that are learnt.
    pub fn warm_up(&self) -> usize {
        self.warm_up
    }

    /// How many columns a batch has: all steps of all its windows.
    pub fn columns(&self) -> usize {
        (self.warm_up + self.steps) * self.lanes
    }

    /// One pass over the windows of a signal, in a new random order.
    ///
    /// # Errors
    /// [`DataError::Windows`] for a signal that is too short for one batch.
    pub fn shuffled<'a>(
        &'a mut self,
        signal: &'a Dataset<S, Y, T>,
        rng: &mut impl Rng,
    ) -> Result<WindowEpoch<'a, S, Y, T>, DataError> {
        // From their own order, so that an epoch's depends on the generator alone.
        self.cut(signal.len())?;
        self.starts.shuffle(rng);
        Ok(self.epoch(signal))
    }

    /// One pass over the windows of a signal in its own order.
    ///
    /// # Errors
    /// As of [`shuffled`](Self::shuffled).
    pub fn in_order<'a>(
        &'a mut self,
        signal: &'a Dataset<S, Y, T>,
    ) -> Result<WindowEpoch<'a, S, Y, T>, DataError> {
        self.cut(signal.len())?;
        Ok(self.epoch(signal))
    }

    fn cut(&mut self, found: usize) -> Result<(), DataError> {
        let needed = self.warm_up + self.steps * self.lanes;
        if found < needed {
            return Err(DataError::Windows { found, needed });
        }
        self.starts.clear();
        self.starts.extend((0..=found - self.warm_up - self.steps).step_by(self.steps));
        Ok(())
    }

    fn epoch<'a>(&'a mut self, signal: &'a Dataset<S, Y, T>) -> WindowEpoch<'a, S, Y, T> {
        WindowEpoch {
            signal,
            length: self.warm_up + self.steps,
            batches: self.starts.chunks_exact(self.lanes),
            places: &mut self.places,
            inputs: &mut self.inputs,
            targets: &mut self.targets,
        }
    }
}

/// One pass over a signal: see [`Windows`].
pub struct WindowEpoch<'a, S: Sample, Y: Target, T: Number = f32> {
    signal: &'a Dataset<S, Y, T>,
    /// Of a window.
    length: usize,
    batches: ChunksExact<'a, usize>,
    places: &'a mut Vec<usize>,
    inputs: &'a mut Batch<S, T>,
    targets: &'a mut Batch<Y, T>,
}

impl<S: Sample, Y: Target, T: Number> WindowEpoch<'_, S, Y, T> {
    /// The next inputs and their targets, or `None` at the end. They are lent until the next call
    /// (which an [`Iterator`] could not express): use `while let`.
    #[expect(clippy::type_complexity, reason = "two references in an option")]
    pub fn next_batch(&mut self) -> Option<(&Batch<S, T>, &Batch<Y, T>)> {
        let starts = self.batches.next()?;
        self.places.clear();
        let steps = (0..self.length).flat_map(|step| starts.iter().map(move |start| start + step));
        self.places.extend(steps);
        self.inputs.gather(self.signal.inputs(), self.places);
        self.targets.gather(self.signal.targets(), self.places);
        Some((self.inputs, self.targets))
    }

    /// How many batches are still to come.
    pub fn remaining(&self) -> usize {
        self.batches.len()
    }
}
