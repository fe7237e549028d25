//! What to train with, and how long.

use super::clock::{self, Clock};
use super::communicator::{Alone, Communicator};
use super::groups::Change;
use super::report::{self, Report, Silent};
use crate::data::{Batch, Dataset, Target};
use crate::kernel::Real;
use crate::optim::Optimizer;
use crate::optim::schedule::{Constant, Schedule};
use crate::{Generator, Network};
use alloc::boxed::Box;
use core::time::Duration;
use std::path::PathBuf;

/// Trains models on data sets.
///
/// Everything has a default but the optimiser: 10 epochs of shuffled mini-batches of 100 samples,
/// the last one of an epoch holding what is left (unless [dropped](Self::drop_last)), at a constant learning rate; [`Lines`](super::Lines)
/// about epochs on the standard error stream and, where that is a terminal and with the feature
/// `progress`, a bar.
///
/// Samples have nothing to do with each other: the state of recurrent layers is that before the first
/// step for each batch. To carry it on, as through a long text, write
/// [a loop of one's own](crate::train#a-loop-of-ones-own).
///
/// Training runs in the current rayon pool (feature `parallel`). The same seed gives the same bits
/// on any number of threads. After the first epoch, a step allocates nothing.
///
/// See [`train`](crate::train) for an example.
pub struct Trainer<'a, N: Network, Y: Target, O, T: Real = f32> {
    pub(super) optimizer: O,
    pub(super) schedule: Box<dyn Schedule + Send + 'a>,
    pub(super) augment: Option<Augment<'a, N::Sample, T>>,
    pub(super) report: Box<dyn Report + Send + 'a>,
    pub(super) validation: Option<&'a Dataset<N::Sample, Y, T>>,
    pub(super) ranks: &'a dyn Communicator,
    pub(super) settings: Settings,
}

/// Changes the inputs of a batch in place.
pub(super) type Augment<'a, S, T> = Box<Change<'a, S, T>>;

/// The plain settings of a trainer.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub epochs: usize,
    pub batch_size: usize,
    pub groups: Option<usize>,
    pub drop_last: bool,
    pub clip_norm: Option<f64>,
    pub keep_best: bool,
    pub patience: Option<usize>,
    pub record_steps: bool,
    pub clock: Clock,
    pub threads: Option<usize>,
    #[cfg_attr(not(feature = "safetensors"), expect(dead_code, reason = "nothing to save with"))]
    pub checkpoint: Option<PathBuf>,
    #[cfg_attr(not(feature = "safetensors"), expect(dead_code, reason = "nothing to read with"))]
    pub resume: Option<Resume>,
}

/// What to go on from.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "safetensors"), expect(dead_code, reason = "nothing to read with"))]
pub(super) struct Resume {
    pub path: PathBuf,
    /// Whether settings may differ from those of the run that wrote it.
    pub changed: bool,
}

impl<'a, N: Network, Y: Target, O: Optimizer<T> + Send, T: Real> Trainer<'a, N, Y, O, T> {
    /// A trainer with this optimiser.
    pub fn new(optimizer: O) -> Self {
        let settings = Settings {
            epochs: 10,
            batch_size: 100,
            groups: None,
            drop_last: false,
            clip_norm: None,
            keep_best: false,
            patience: None,
            record_steps: false,
            clock: clock::machine,
            threads: None,
            checkpoint: None,
            resume: None,
        };
        Self {
            optimizer,
            schedule: Box::new(Constant),
            augment: None,
            report: report::automatic(),
            validation: None,
            ranks: &Alone,
            settings,
        }
    }

    /// Sets how many times to go through the training set.
    pub fn epochs(mut self, epochs: usize) -> Self {
        self.settings.epochs = epochs;
        self
    }

    /// Sets how many samples each step sees.
    ///
    /// # Panics
    /// If it is zero.
    #[track_caller]
    pub fn batch_size(mut self, samples: usize) -> Self {
        assert!(samples > 0, "a mini-batch must hold at least 1 sample, found 0");
        self.settings.batch_size = samples;
        self
    }

    /// Cuts each batch into this number of groups of samples, of one size or one sample more. Each goes
    /// forward and backward on one core, and their gradients are added, weighted so that the sum is that
    /// of the mean loss over the batch. Unless set, there are as many groups as pay on several cores, by
    /// the network and the size of batches alone ([`Groups::automatic`](super::Groups::automatic)): as a
    /// rule, one.
    ///
    /// It takes the memory of a group for activations, for each thread that takes part, and gradients: on
    /// one thread about `log2` of the groups, on several of 16 groups, or twice as many as there are
    /// threads. It also is what several processes share (`ranks`).
    ///
    /// The outcome is that of whole batches but for rounding, where neither chance nor the batch plays
    /// a part:
    /// - each group draws from a generator of its own, for dropout and [`augment`](Self::augment);
    /// - batch normalisation takes mean and variance of each group, and the running ones follow the mean
    ///   over the groups, by their samples;
    /// - a loss that is no mean by [weights](crate::loss::Loss::weight), such as
    ///   [`ErrorToSignal`](crate::loss::ErrorToSignal), is that of each group.
    ///
    /// # Panics
    /// If it is no power of two.
    #[track_caller]
    pub fn groups(mut self, count: usize) -> Self {
        assert!(count.is_power_of_two(), "groups must be a power of two, found {count}");
        self.settings.groups = Some(count);
        self
    }

    /// Shares the groups of each batch, and the batches of the validation set, with other processes,
    /// each of which calls [`fit`](Self::fit) on the same model with the same settings, seed and data.
    /// Of both ranks and [groups](Self::groups) the number is a power of two, and there are no fewer
    /// groups than ranks.
    ///
    /// All end with the same model and history. These are, bit for bit, those of any other number of ranks
    /// with as many groups, one among them: gradients are added in a tree that depends on groups alone.
    /// A checkpoint, which each rank reads, may be that of another number of ranks.
    ///
    /// Only rank 0 reports and writes checkpoints. Each rank has the whole data set, and what a closure
    /// remembers in [`augment`](Self::augment) must not matter, for it sees the groups of its rank only.
    ///
    /// Where [`fit`](Self::fit) ends with an error on one rank, others may wait for it: its process
    /// should end them. A web page (`wasm`) is the only rank: there is no such function there.
    #[cfg(not(target_family = "wasm"))]
    pub fn ranks(mut self, communicator: &'a dyn Communicator) -> Self {
        self.ranks = communicator;
        self
    }

    /// Takes no step on what is left at the end of an epoch when it is less than a batch: a few
    /// samples make a noisy gradient, and a single one has no variance for batch normalisation. As the
    /// order is another in each epoch, so are the samples left out.
    pub fn drop_last(mut self) -> Self {
        self.settings.drop_last = true;
        self
    }

    /// Sets how the learning rate changes in the course of training, as a factor on the
    /// optimiser's.
    pub fn schedule(mut self, schedule: impl Schedule + Send + 'a) -> Self {
        self.schedule = Box::new(schedule);
        self
    }

    /// Sets what is done to the inputs of each batch before the step, such as adding noise or
    /// shifting images. It works on a copy, and may change the numbers, but not how many samples
    /// there are.
    ///
    /// ```
    /// use formwork::data::{Batch, Grid, Classes};
    /// use formwork::optim::Sgd;
    /// use formwork::prelude::*;
    /// use formwork::train::Trainer;
    /// use rand::RngExt;
    ///
    /// network! { struct Gate: Vector<2> => Vector<2> { fc: Dense<2> } }
    ///
    /// let noisy = |inputs: &mut Batch<Grid<2>>, rng: &mut Generator| {
    ///     inputs.data_mut().iter_mut().for_each(|x| *x += rng.random_range(-0.1..0.1));
    /// };
    /// let trainer = Trainer::<Gate, Classes<2>, _>::new(Sgd::new(0.1)).augment(noisy);
    /// ```
    pub fn augment(
        mut self,
        change: impl FnMut(&mut Batch<N::Sample, T>, &mut Generator) + Send + 'a,
    ) -> Self {
        self.augment = Some(Box::new(change));
        self
    }

    /// Scales each gradient down to this Euclidean norm where it is larger.
    ///
    /// # Panics
    /// If it is not positive and finite.
    #[track_caller]
    pub fn clip_norm(mut self, norm: f64) -> Self {
        assert!(
            norm.is_finite() && norm > 0.0,
            "the largest norm of the gradient must be positive and finite, found {norm}"
        );
        self.settings.clip_norm = Some(norm);
        self
    }

    /// Measures the model on a validation set after each epoch. This alone only watches: it
    /// changes nothing about the model, so it may well be the test set.
    pub fn validate(mut self, data: &'a Dataset<N::Sample, Y, T>) -> Self {
        self.validation = Some(data);
        self
    }

    /// Keeps the parameters and statistics of the epoch with the lowest validation loss, and puts
    /// them back at the end. The validation set, which there must then [be](Self::validate), takes
    /// part in the choice of the model, so that it is no fair test of it.
    pub fn keep_best(mut self) -> Self {
        self.settings.keep_best = true;
        self
    }

    /// Stops early, after so many epochs in a row without a new lowest validation loss, and
    /// [keeps the best](Self::keep_best). It takes a [validation set](Self::validate).
    ///
    /// # Panics
    /// If it is zero.
    #[track_caller]
    pub fn patience(mut self, epochs: usize) -> Self {
        assert!(epochs > 0, "the patience must be at least 1 epoch, found 0");
        self.settings.patience = Some(epochs);
        self.keep_best()
    }

    /// Records the loss of every step in [`History::step_losses`](super::History::step_losses).
    pub fn record_steps(mut self) -> Self {
        self.settings.record_steps = true;
        self
    }

    /// Sets what tells the time since some fixed moment. It is asked before and after the steps of an
    /// epoch. Unless set, that is the clock of the machine; in a web page (`wasm32-unknown-unknown`),
    /// where the standard library knows of none, no time passes.
    ///
    /// ```
    /// use core::time::Duration;
    /// use formwork::data::Classes;
    /// use formwork::optim::Sgd;
    /// use formwork::prelude::*;
    /// use formwork::train::Trainer;
    ///
    /// network! { struct Gate: Vector<2> => Vector<2> { fc: Dense<2> } }
    ///
    /// /// In a page: what `performance.now()` says.
    /// fn milliseconds() -> f64 {
    ///     # 0.0
    /// }
    ///
    /// let clock = || Duration::from_secs_f64(milliseconds() / 1e3);
    /// let trainer = Trainer::<Gate, Classes<2>, _>::new(Sgd::new(0.1)).clock(clock);
    /// ```
    pub fn clock(mut self, clock: fn() -> Duration) -> Self {
        self.settings.clock = clock;
        self
    }

    /// Sets who is told how training goes.
    pub fn report(mut self, report: impl Report + Send + 'a) -> Self {
        self.report = Box::new(report);
        self
    }

    /// Has nobody told how training goes.
    pub fn silent(self) -> Self {
        self.report(Silent)
    }

    /// Trains on this number of threads, rather than in the current rayon pool: at most 256, or four
    /// for each core, above which [`fit`](Self::fit) refuses it.
    ///
    /// # Panics
    /// If it is zero.
    #[cfg(feature = "parallel")]
    #[track_caller]
    pub fn threads(mut self, count: usize) -> Self {
        assert!(count > 0, "training needs at least 1 thread, found 0");
        self.settings.threads = Some(count);
        self
    }

    /// Writes all that it takes to go on to a file after each epoch: see [`resume`](Self::resume).
    #[cfg(feature = "safetensors")]
    pub fn checkpoint(mut self, path: impl Into<PathBuf>) -> Self {
        self.settings.checkpoint = Some(path.into());
        self
    }

    /// Goes on from a [`checkpoint`](Self::checkpoint). The outcome is that of a run without
    /// interruption, bit for bit; the model and the generator given to [`fit`](Self::fit) do not
    /// matter.
    ///
    /// The settings must be those of the run that wrote it: the layers, the kind of loss, the
    /// optimiser with its groups of parameters, the schedule, the size of batches, the data sets and what else takes part in a step.
    /// Epochs and patience, which only say when training ends, may differ, and what a closure does is
    /// not known. [`fit`](Self::fit) refuses others with [`TrainError::Changed`](super::TrainError::Changed).
    #[cfg(feature = "safetensors")]
    pub fn resume(mut self, path: impl Into<PathBuf>) -> Self {
        self.settings.resume = Some(Resume { path: path.into(), changed: false });
        self
    }

    /// As [`resume`](Self::resume), where settings or data are meant to be others than those of the
    /// run that wrote the checkpoint. What is remembered must still fit: the layers' parameters, and
    /// the values of the optimiser.
    #[cfg(feature = "safetensors")]
    pub fn resume_changed(mut self, path: impl Into<PathBuf>) -> Self {
        self.settings.resume = Some(Resume { path: path.into(), changed: true });
        self
    }

    /// The optimiser, with what it remembers.
    pub fn optimizer(&self) -> &O {
        &self.optimizer
    }
}
