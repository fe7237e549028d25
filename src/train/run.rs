//! One run of a trainer.

use super::checksum::Checksum;
use super::communicator;
use super::diverged::{
    Cause, Diverged, Origin, not_finite, not_finite_in, origin_in, tensor_not_finite,
};
use super::error::TrainError;
use super::evaluate::{Evaluation, Evaluator, Totals};
#[cfg(feature = "safetensors")]
use super::fingerprint::Fingerprint;
use super::groups::Groups;
use super::history::{History, Record};
use super::passes::{Dealt, Passed, Passes};
use super::reduce;
use super::report::Silent;
use super::trainer::Trainer;
use crate::data::{Batches, Dataset, Target};
use crate::kernel::Real;
#[cfg(feature = "parallel")]
use crate::kernel::parallel;
use crate::loss::Loss;
use crate::optim::schedule::Progress;
use crate::optim::{Optimizer, State, clip};
use crate::shape::{Elements, Sample};
use crate::{Generator, Model, Network};
use alloc::boxed::Box;
use nalgebra::DimName;
use rand::{Rng, SeedableRng};

impl<N: Network, Y: Target, O: Optimizer<T> + Send, T: Real> Trainer<'_, N, Y, O, T> {
    /// Trains `model` on `train`. The samples must be those that the network takes and the targets
    /// those that the loss takes for the network's outputs, or it does not compile.
    ///
    /// Called again, it trains for as many epochs more; the optimiser goes on with what it
    /// remembers.
    ///
    /// # Errors
    /// [`TrainError::Diverged`] as soon as the loss or the gradient is not finite, before a step is
    /// taken, or when parameters, statistics or what the optimiser remembers are not at the end of an
    /// epoch. The model then holds the best parameters where they are kept; otherwise those of the
    /// last step where they and what the optimiser remembers are finite, and else those of the epoch
    /// before. The optimiser, too, remembers what it did after the last step or the epoch before, so
    /// that another run may follow.
    ///
    /// Before the first step: [`TrainError::Start`] for a model or an optimiser that is not finite,
    /// [`TrainError::Empty`] and [`TrainError::Ignored`] for a data set that has no samples or no
    /// targets, [`TrainError::Weightless`] for one to whose targets the loss gives no weight,
    /// [`TrainError::AllDropped`] for one without a whole batch where others are dropped, and
    /// [`TrainError::NotValidated`] where the best model is asked for without a
    /// validation set; where there are several [ranks](Self::ranks), [`TrainError::Ranks`] and
    /// [`TrainError::RanksDiffer`]. [`TrainError::Lost`] when another rank is gone.
    pub fn fit<L: Loss<N::Outputs, Target = Y> + Sync>(
        &mut self,
        model: &mut Model<N, T>,
        loss: &L,
        train: &Dataset<N::Sample, L::Target, T>,
        rng: &mut impl Rng,
    ) -> Result<History, TrainError> {
        let base = self.optimizer.learning_rate();
        let seed = rng.next_u64();
        if communicator::rank(self.ranks) > 0 {
            self.report = Box::new(Silent);
        }
        let history = in_pool(self.settings.threads, || {
            #[cfg_attr(
                not(feature = "safetensors"),
                expect(unused_mut, reason = "nothing to read")
            )]
            let mut run = Run::new(self, model, loss, train, seed)?;
            #[cfg(feature = "safetensors")]
            run.resume(model, loss)?;
            run.train(model, loss)
        });
        self.optimizer.set_learning_rate(base);
        history.flatten()
    }
}

/// Runs `work` on a thread of a pool: from there, sharing the work of a single product with the
/// other threads costs least.
#[cfg(feature = "parallel")]
fn in_pool<A: Send>(
    threads: Option<usize>,
    work: impl FnOnce() -> A + Send,
) -> Result<A, TrainError> {
    let Some(count) = threads else { return Ok(parallel::in_pool(work)) };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let most = cores.saturating_mul(4).max(256);
    if count > most {
        return Err(TrainError::TooManyThreads { count, most });
    }
    let pool = rayon_core::ThreadPoolBuilder::new().num_threads(count).build();
    Ok(pool.map_err(|error| TrainError::Threads { count, error })?.install(work))
}

#[cfg(not(feature = "parallel"))]
fn in_pool<A>(_: Option<usize>, work: impl FnOnce() -> A) -> Result<A, TrainError> {
    Ok(work())
}

/// A trainer at work, with all memory that it takes.
pub(super) struct Run<'r, 'a, N: Network, Y: Target, O, T: Real> {
    pub trainer: &'r mut Trainer<'a, N, Y, O, T>,
    pub train: &'r Dataset<N::Sample, Y, T>,
    pub batches: Batches<N::Sample, Y, T>,
    pub passes: Passes<'a, N, Y, T>,
    evaluator: Option<Evaluator<N, Y, T>>,
    /// The best model so far where that is to be kept, otherwise that after the last epoch.
    pub kept: Model<N, T>,
    /// What the optimiser remembered after the last epoch.
    pub remembered: State<T>,
    pub history: History,
    /// The learning rate on which the schedule is a factor.
    pub base: f64,
    /// Each epoch has a generator of its own, from this seed and its number, so that a run can
    /// begin with any epoch.
    pub seed: u64,
    /// Empty without checkpoints.
    #[cfg(feature = "safetensors")]
    pub fingerprint: Fingerprint,
}

/// Why a run does not go on.
pub(super) enum Stop {
    /// It has left the finite numbers.
    Diverged(Cause),
    Error(TrainError),
}

impl From<Cause> for Stop {
    fn from(cause: Cause) -> Self {
        Self::Diverged(cause)
    }
}

impl From<TrainError> for Stop {
    fn from(error: TrainError) -> Self {
        Self::Error(error)
    }
}

/// That a data set has something to learn from.
fn check_set<Outputs: DimName, L: Loss<Outputs>, S: Sample, T: Real>(
    set: &'static str,
    loss: &L,
    data: &Dataset<S, L::Target, T>,
) -> Result<(), TrainError> {
    if data.is_empty() {
        return Err(TrainError::Empty(set));
    }
    match data.targets().elements() {
        Elements::Ids(ids) if ids.iter().all(|&id| Some(id) == L::Target::EXEMPT) => {
            Err(TrainError::Ignored { set, count: ids.len() })
        }
        _ if loss.weight(data.targets()) == 0.0 => {
            Err(TrainError::Weightless { set, count: data.len() })
        }
        _ => Ok(()),
    }
}

impl<'r, 'a, N: Network, Y: Target, O: Optimizer<T> + Send, T: Real> Run<'r, 'a, N, Y, O, T> {
    pub fn new<L: Loss<N::Outputs, Target = Y>>(
        trainer: &'r mut Trainer<'a, N, Y, O, T>,
        model: &Model<N, T>,
        loss: &L,
        train: &'r Dataset<N::Sample, Y, T>,
        seed: u64,
    ) -> Result<Self, TrainError> {
        check_set("training", loss, train)?;
        match trainer.validation {
            Some(validation) => check_set("validation", loss, validation)?,
            None if trainer.settings.patience.is_some() => {
                return Err(TrainError::NotValidated("patience"));
            }
            None if trainer.settings.keep_best => {
                return Err(TrainError::NotValidated("keep_best"));
            }
            None => {}
        }
        let (samples, batch_size) = (train.len(), trainer.settings.batch_size);
        if trainer.settings.drop_last && samples < batch_size {
            return Err(TrainError::AllDropped { samples, batch_size });
        }
        let (ranks, groups) = (communicator::ranks(trainer.ranks), trainer.settings.groups);
        let size = trainer.settings.batch_size.min(train.len());
        let groups = groups.unwrap_or_else(|| Groups::<N, Y, T>::automatic(size));
        if !ranks.is_power_of_two() || ranks > groups {
            return Err(TrainError::Ranks { ranks, groups });
        }
        trainer.optimizer.prepare(model.parameters().len());
        let batches = Batches::new(size);
        Ok(Self {
            train,
            batches: if trainer.settings.drop_last { batches.drop_last() } else { batches },
            passes: Passes::new(groups, trainer.ranks, size),
            evaluator: trainer.validation.map(|data| Evaluator::new(size.min(data.len()))),
            kept: model.clone(),
            remembered: trainer.optimizer.state().clone(),
            history: History::default(),
            base: trainer.optimizer.learning_rate(),
            seed,
            #[cfg(feature = "safetensors")]
            fingerprint: Fingerprint::default(),
            trainer,
        })
    }

    /// Trains from the epoch after those in the history to the last one.
    pub fn train<L>(mut self, model: &mut Model<N, T>, loss: &L) -> Result<History, TrainError>
    where
        L: Loss<N::Outputs, Target = Y> + Sync,
    {
        // So what is kept is always finite.
        let broken = not_finite(model).or_else(|| not_finite_in(self.trainer.optimizer.state()));
        if let Some(Cause { origin, .. }) = broken {
            return Err(TrainError::Start(origin));
        }
        if communicator::ranks(self.trainer.ranks) > 1 {
            reduce::agree(self.trainer.ranks, Checksum::of_run(&self, model).0)?;
        }
        let settings = &self.trainer.settings;
        let keep_best = settings.keep_best;
        let (epochs, patience) = (settings.epochs, settings.patience.unwrap_or(usize::MAX));
        let mut outcome = Ok(());
        while self.history.epochs.len() < epochs && self.history.epochs_since_best() < patience {
            outcome = self.epoch(model, loss);
            if outcome.is_err() {
                break;
            }
        }
        self.trainer.report.finish();
        let state = self.trainer.optimizer.state_mut();
        let broken =
            outcome.is_err() && (not_finite(model).is_some() || not_finite_in(state).is_some());
        if broken {
            state.copy_from(&self.remembered);
        }
        if broken || (keep_best && self.history.best().is_some()) {
            model.copy_from(&self.kept);
        }
        outcome.map(|()| self.history)
    }

    fn epoch<L>(&mut self, model: &mut Model<N, T>, loss: &L) -> Result<(), TrainError>
    where
        L: Loss<N::Outputs, Target = Y> + Sync,
    {
        let epoch = self.history.epochs.len();
        let outcome = self.measured_steps(model, loss, epoch);
        let record = outcome.map_err(|stop| {
            let Cause { step, quantity, value, origin } = match stop {
                Stop::Diverged(cause) => cause,
                Stop::Error(error) => return error,
            };
            let origin = match (step, origin) {
                (Some(step), Origin::Input(sample)) => Origin::Input(self.place(step, sample)),
                (_, origin) => origin,
            };
            let history = self.history.clone();
            let epoch = epoch + 1;
            let diverged = Diverged { epoch, step, quantity, value, origin, history };
            TrainError::Diverged(Box::new(diverged))
        })?;

        self.history.epochs.push(record);
        let is_best = self.history.best() == Some(&record);
        if is_best || !self.trainer.settings.keep_best {
            self.kept.copy_from(model);
        }
        self.remembered.copy_from(self.trainer.optimizer.state());
        self.trainer.schedule.observe(record.validation_loss.unwrap_or(record.train_loss));
        #[cfg(feature = "safetensors")]
        self.checkpoint(model)?;
        self.trainer.report.end(&record);
        Ok(())
    }

    /// The steps of an epoch, and what they led to on the validation set.
    fn measured_steps<L>(
        &mut self,
        model: &mut Model<N, T>,
        loss: &L,
        epoch: usize,
    ) -> Result<Record, Stop>
    where
        L: Loss<N::Outputs, Target = Y> + Sync,
    {
        let record = self.steps(model, loss, epoch)?;
        let broken = not_finite(model);
        if let Some(cause) = broken.or_else(|| not_finite_in(self.trainer.optimizer.state())) {
            let step = Some(self.batches.steps(self.train.len()));
            return Err(Cause { step, ..cause }.into());
        }
        let Some(validation) = self.evaluate(model, loss)? else { return Ok(record) };
        if !validation.loss.is_finite() {
            let (quantity, value) = ("validation loss", validation.loss);
            let origin = self.origin_in_validation(model);
            return Err(Cause { step: None, quantity, value, origin }.into());
        }
        Ok(Record {
            validation_loss: Some(validation.loss),
            validation_accuracy: validation.accuracy,
            ..record
        })
    }

    /// The steps of an epoch.
    fn steps<L>(&mut self, model: &mut Model<N, T>, loss: &L, epoch: usize) -> Result<Record, Stop>
    where
        L: Loss<N::Outputs, Target = Y> + Sync,
    {
        let Self { trainer, train, batches, passes, history, base, .. } = self;
        let Trainer { optimizer, schedule, augment, report, settings, .. } = &mut **trainer;
        let (steps, samples) = (batches.steps(train.len()), batches.dealt(train.len()));
        if settings.record_steps {
            history.step_losses.reserve_exact(steps);
        }
        let mut rng = Generator::seed_from_u64(self.seed.wrapping_add(epoch as u64));
        passes.workspace().reseed(rng.next_u64());
        report.begin(epoch, settings.epochs, steps);

        let mut totals = Totals::default();
        let start = (settings.clock)();
        let places = batches.shuffled_places(train.len(), &mut rng);
        for (step, places) in (1..).zip(places) {
            optimizer.set_learning_rate(
                *base
                    * schedule.factor(Progress {
                        epoch: epoch as u64,
                        step: step as u64 - 1,
                        steps_per_epoch: steps as u64,
                    }),
            );
            let dealt = Dealt { data: train, places, step };
            let passed = passes.pass(model, loss, &dealt, augment, &mut rng)?;
            let Passed { loss, weight, score, gradient } = passed;
            let norm = clip::norm(gradient).map_err(|error| Cause {
                step: Some(step),
                quantity: "norm of the gradient",
                value: error.norm,
                origin: tensor_not_finite::<T, N::Params<T>>(gradient)
                    .map_or(Origin::Sum, Origin::Gradient),
            })?;
            let scale = settings.clip_norm.map_or(1.0, |largest| clip::factor(norm, largest));
            optimizer.step_scaled(model.parameters_mut(), gradient, scale);

            totals.add(loss, weight, score);
            if settings.record_steps {
                history.step_losses.push(loss);
            }
            report.step(loss);
        }

        // A clock that is given may be set back.
        let seconds = (settings.clock)().saturating_sub(start).as_secs_f64();
        let Evaluation { loss, accuracy } = totals.mean();
        Ok(Record {
            epoch,
            train_loss: loss,
            train_accuracy: accuracy,
            validation_loss: None,
            validation_accuracy: None,
            learning_rate: optimizer.learning_rate(),
            seconds,
            // Clocks may tick less often than an epoch takes.
            samples_per_second: if seconds > 0.0 { samples as f64 / seconds } else { 0.0 },
        })
    }

    fn evaluate<L>(
        &mut self,
        model: &Model<N, T>,
        loss: &L,
    ) -> Result<Option<Evaluation>, TrainError>
    where
        L: Loss<N::Outputs, Target = Y>,
    {
        let (Some(data), Some(evaluator)) = (self.trainer.validation, &mut self.evaluator) else {
            return Ok(None);
        };
        evaluator.run_on(self.trainer.ranks, model, loss, data).map(Some)
    }

    fn origin_in_validation(&self, model: &Model<N, T>) -> Origin {
        let size = self.batches.size();
        self.trainer.validation.map_or(Origin::Loss, |data| origin_in(model, data, size))
    }

    /// The place in the data set of a sample of a step's batch.
    fn place(&self, step: usize, sample: usize) -> usize {
        let before = (step - 1) * self.batches.size();
        self.batches.place(before + sample).unwrap_or(sample)
    }
}
