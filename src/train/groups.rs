//! Batches in groups of samples, each of which stays with one core from forward to backward.
//!
//! ```text
//! loss      = sum of w_g / W loss_g        gradient likewise                of groups g
//! changes   = sum of n_g / n changes_g     of statistics, in a group
//! ```
//!
//! with the weights `w_g` of a group's targets, `W` of all, and `n_g` of `n` samples. The sums are taken
//! in a binary tree whose leaves are the groups, in their order, whoever takes them.

use super::evaluate::Score;
use crate::data::{Batch, Target};
use crate::kernel::parallel::{self, Chunks};
use crate::kernel::{Buffer, Real, elementwise};
use crate::layer::{Layer, Plain, as_mut_slice, as_slice, zeroed};
use crate::loss::Loss;
use crate::net::workspace;
use crate::{Generator, Model, Network, Workspace};
use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;
use rand::{Rng, SeedableRng};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

/// The memory of training steps whose batches are cut into groups of samples.
///
/// A group goes forward, through the loss and backward on one core, in memory for so many samples, which
/// may well stay in that core's cache; then the gradients of all groups are added. So a step is one fork
/// and join, where one with a [`Workspace`] shares each layer's work. The same bits come out on any
/// number of threads.
///
/// How many groups there are [depends](Self::automatic) on the network and the size of batches, or is
/// [given](Self::with_count). What a group means for the outcome is said at
/// [`Trainer::groups`](super::Trainer::groups), which trains with this.
///
/// ```
/// use formwork::data::{Batches, toy};
/// use formwork::optim::{Momentum, Optimizer};
/// use formwork::prelude::*;
/// use formwork::train::Groups;
/// use rand::SeedableRng;
///
/// network! {
///     struct Xor: Vector<2> => Vector<2> { fc1: Dense<8>, Relu, fc2: Dense<2> }
/// }
///
/// let mut rng = Generator::seed_from_u64(1);
/// let (xor, mut model) = (toy::xor(), Model::<Xor>::new(&mut rng));
/// let (mut batches, mut groups) = (Batches::new(4), Groups::with_count(2, 4, 1));
/// let mut momentum = Momentum::new(0.1);
/// let mut last = f32::NAN;
/// for _ in 0..300 {
///     let mut epoch = batches.shuffled(&xor, &mut rng);
///     while let Some((inputs, targets)) = epoch.next_batch() {
///         let (loss, gradient) =
///             groups.pass(&mut model, &SoftmaxCrossEntropy::default(), inputs, targets);
///         momentum.step(model.parameters_mut(), gradient);
///         last = loss;
///     }
/// }
/// assert!(last < 0.1);
/// ```
pub struct Groups<N: Network, Y: Target, T: Real = f32> {
    count: usize,
    /// One for each thread that takes part.
    workers: Vec<Mutex<Worker<N, T>>>,
    /// Those between two sums.
    groups: Vec<Group<N, Y, T>>,
    /// What comes of each of them: its gradient, and the changes of statistics.
    sums: Buffer<T>,
    /// The sums of 1, 2, 4, .. times as many groups, which wait for as many more.
    waiting: Vec<Buffer<T>>,
    /// Of all groups of this rank.
    figures: Vec<Figures>,
    rng: Generator,
}

struct Worker<N: Network, T: Real> {
    workspace: Workspace<N, T>,
    stats: Box<N::Stats<T>>,
}

/// Samples, and what is counted in them.
pub(super) struct Group<N: Network, Y: Target, T: Real> {
    pub inputs: Batch<N::Sample, T>,
    pub targets: Batch<Y, T>,
    figures: Figures,
}

/// Loss, samples and right answers, to be added up.
pub(super) type Figures = [f64; 3];

/// The batch that groups are of.
pub(super) struct Whole<'p, L> {
    pub loss: &'p L,
    /// Of its targets.
    pub weight: f64,
    pub samples: usize,
    /// Of the generators of its groups.
    pub seed: u64,
}

/// Changes the inputs of a group.
pub(super) type Change<'a, S, T> = dyn FnMut(&mut Batch<S, T>, &mut Generator) + Send + 'a;

impl<N: Network, Y: Target, T: Real> Groups<N, Y, T> {
    /// For batches of up to `columns` samples, in as many groups as [`automatic`](Self::automatic) says.
    pub fn new(columns: usize, seed: u64) -> Self {
        Self::with_count(Self::automatic(columns), columns, seed)
    }

    /// For batches of up to `columns` samples in so many groups.
    ///
    /// # Panics
    /// If it is no power of two.
    #[track_caller]
    pub fn with_count(count: usize, columns: usize, seed: u64) -> Self {
        assert!(count.is_power_of_two(), "groups must be a power of two, found {count}");
        Self::of_rank(count, 1, columns, seed)
    }

    /// For one of several ranks, each of which has as many of the groups.
    pub(super) fn of_rank(count: usize, ranks: usize, columns: usize, seed: u64) -> Self {
        let own = count / ranks;
        let workers = parallel::threads().min(own);
        // Enough that no thread waits for long, and no more, since each has a gradient.
        let together =
            own.min(if workers == 1 { 2 } else { (2 * workers).next_power_of_two().max(16) });
        let sum = if count == 1 { 0 } else { Self::SUM };
        let workspace = || match count {
            1 => Workspace::new(columns, seed),
            _ => Workspace::of_group(columns.div_ceil(count)),
        };
        let worker = || Worker { workspace: workspace(), stats: zeroed() };
        let group = || Group { inputs: Batch::new(), targets: Batch::new(), figures: [0.0; 3] };
        Self {
            count,
            workers: (0..workers).map(|_| Mutex::new(worker())).collect(),
            groups: (0..together).map(|_| group()).collect(),
            sums: Buffer::zeroed(together * sum),
            waiting: (0..(own / together).ilog2()).map(|_| Buffer::zeroed(sum)).collect(),
            figures: vec![[0.0; 3]; own],
            rng: Generator::seed_from_u64(seed),
        }
    }

    /// Into how many groups batches of so many samples are best cut: 8 or 16, or 1 where a batch is small,
    /// where a gradient for each group costs more than that gives, and where the network
    /// [mixes](Layer::MIXES_LANES) the samples of a batch.
    ///
    /// To write, read and add up a gradient takes about a nanosecond for each parameter, and the weights
    /// of each layer are made ready for each group; this is to be less than a twentieth of what the
    /// group's samples take, which is at least 50 microseconds.
    pub const fn automatic(columns: usize) -> usize {
        const fn ratio(a: usize, b: usize) -> usize {
            a.saturating_mul(PER_MICROSECOND).div_ceil(if b == 0 { 1 } else { b })
        }
        /// Operations of one core.
        const PER_MICROSECOND: usize = 100_000;
        // Forward and backward.
        let operations = <N as Layer<N::Input>>::OPERATIONS.saturating_mul(3);
        let (by_gradient, by_time) =
            (ratio(N::PARAMETERS.div_ceil(50), operations), ratio(50, operations));
        let least = if by_gradient > by_time { by_gradient } else { by_time };
        let most = columns / if least > 4 { least } else { 4 };
        match most {
            _ if <N as Layer<N::Input>>::MIXES_LANES => 1,
            0..8 => 1,
            8..16 => 8,
            _ => 16,
        }
    }

    /// Numbers of a sum.
    const SUM: usize = N::PARAMETERS + <N::Stats<T> as Plain<T>>::LEN;

    /// How many groups a batch is cut into.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Goes forward and backward over a batch of which each column is a sample by itself, brings the
    /// model's statistics up to date, and returns the loss and its gradient by the parameters. Recurrent
    /// layers start from the state before the first step.
    ///
    /// # Panics
    /// When the batch has more columns than there is room for, or its columns are steps of sequences, or
    /// there is not one target for each.
    #[track_caller]
    pub fn pass<L: Loss<N::Outputs, Target = Y> + Sync>(
        &mut self,
        model: &mut Model<N, T>,
        loss: &L,
        inputs: &Batch<N::Sample, T>,
        targets: &Batch<Y, T>,
    ) -> (T, &mut [T]) {
        assert!(inputs.lengths().is_none(), "groups are of samples, found steps of sequences");
        if self.count == 1 {
            let (workspace, _) = self.whole();
            workspace.reset();
            let mut step = workspace.forward(model, inputs);
            let loss = step.loss(loss, targets);
            return (loss, step.backward());
        }
        let (samples, answers) = (inputs.columns(), targets.columns());
        assert!(samples == answers, "{samples} samples, but {answers} targets");
        let weight = loss.weight(targets);
        let whole = Whole { loss, weight, samples, seed: self.rng.next_u64() };
        let take = |columns: Range<usize>, group: &mut Group<N, Y, T>| {
            group.inputs.copy_columns(inputs, columns.clone());
            group.targets.copy_columns(targets, columns);
        };
        let [loss, ..] = self.run(model, &whole, 0, take, None);
        (T::of(loss), Self::observe(model, self.sum()))
    }

    /// How many groups this rank has.
    pub(super) fn own(&self) -> usize {
        self.figures.len()
    }

    /// The memory for a batch that is one group, and for its samples.
    pub(super) fn whole(&mut self) -> (&mut Workspace<N, T>, &mut Group<N, Y, T>) {
        let worker = self.workers[0].get_mut().unwrap_or_else(PoisonError::into_inner);
        (&mut worker.workspace, &mut self.groups[0])
    }

    /// The gradient of the last batch, or of the groups that this rank has of it, and the changes of
    /// statistics.
    pub(super) fn sum(&mut self) -> &mut [T] {
        &mut self.sums[..Self::SUM]
    }

    /// Changes the statistics as a sum says, and returns its gradient.
    pub(super) fn observe<'s>(model: &mut Model<N, T>, sum: &'s mut [T]) -> &'s mut [T] {
        let (gradient, changes) = sum.split_at_mut(N::PARAMETERS);
        elementwise::add(model.statistics_mut(), changes);
        gradient
    }

    /// Goes over the groups from `first` on, as many as there is memory for.
    pub(super) fn run<L: Loss<N::Outputs, Target = Y> + Sync>(
        &mut self,
        model: &Model<N, T>,
        whole: &Whole<'_, L>,
        first: usize,
        take: impl Fn(Range<usize>, &mut Group<N, Y, T>) + Sync,
        mut change: Option<&mut Change<'_, N::Sample, T>>,
    ) -> Figures {
        let Self { count, workers, groups, sums, waiting, figures, .. } = self;
        let (count, together) = (*count, groups.len());
        for round in 0..figures.len() / together {
            let first = first + round * together;
            if let Some(change) = &mut change {
                for (group, number) in groups.iter_mut().zip(first..) {
                    take(whole.samples_of(number, count), group);
                    whole.change(number, group, change);
                }
            }
            let taken = change.is_some();
            let cost = 3 * workspace::cost::<N>(whole.samples * together / count);
            parallel::keep_awake_for(cost, || {
                let shares = (Chunks(groups, 1), Chunks(sums, Self::SUM));
                parallel::for_each_share(together, cost, shares, |i, (group, sum)| {
                    let (number, group) = (first + i, &mut group[0]);
                    if !taken {
                        take(whole.samples_of(number, count), group);
                    }
                    free(workers).pass(model, whole, number, group, sum);
                });
                add_up(sums, Self::SUM);
            });
            for (all, group) in figures[round * together..].iter_mut().zip(&*groups) {
                *all = group.figures;
            }
            carry(round, &mut sums[..Self::SUM], waiting);
        }
        [0, 1, 2].map(|column| in_tree(figures, column))
    }
}

impl<L> Whole<'_, L> {
    /// The samples that belong to a group, of so many.
    pub fn samples_of(&self, group: usize, count: usize) -> Range<usize> {
        self.samples * group / count..self.samples * (group + 1) / count
    }

    /// Changes the inputs of a group.
    pub fn change<N: Network, Y: Target, T: Real>(
        &self,
        number: usize,
        group: &mut Group<N, Y, T>,
        change: &mut Change<'_, N::Sample, T>,
    ) {
        if !group.inputs.is_empty() {
            change(&mut group.inputs, &mut self.generator(number).1);
        }
    }

    /// The seed of what layers draw, and the generator of a group's changes.
    fn generator(&self, group: usize) -> (u64, Generator) {
        let mut rng = Generator::seed_from_u64(self.seed.wrapping_add(group as u64));
        (rng.next_u64(), rng)
    }
}

impl<N: Network, T: Real> Worker<N, T> {
    /// Takes a group forward and backward; where the loss is not finite, forward only.
    fn pass<Y: Target, L: Loss<N::Outputs, Target = Y>>(
        &mut self,
        model: &Model<N, T>,
        whole: &Whole<'_, L>,
        number: usize,
        group: &mut Group<N, Y, T>,
        sum: &mut [T],
    ) {
        let Group { inputs, targets, figures } = group;
        // No sum is -0, which adding 0 would change.
        *figures = [0.0; 3];
        elementwise::fill(sum, T::ZERO);
        if inputs.is_empty() {
            return;
        }
        let Self { workspace, stats } = self;
        as_mut_slice::<T, _>(&mut **stats).copy_from_slice(model.statistics());
        workspace.reseed(whole.generator(number).0);
        workspace.reset();
        let mut step = workspace.forward_with(&model.params, stats, inputs);
        let [samples, right] = Score::of::<N, Y, T>(&step.outputs(), targets).to_numbers();
        let own = whole.loss.weight(targets);
        let share = if own > 0.0 { own / whole.weight } else { 0.0 };
        let loss = step.loss(whole.loss, targets).to_f64();
        *figures = [share * loss, samples, right];
        if !loss.is_finite() {
            figures[0] = loss;
            return;
        }
        let mut by_outputs = step.output_gradient_mut();
        by_outputs *= T::of(share);
        let (gradient, changes) = sum.split_at_mut(N::PARAMETERS);
        elementwise::add(gradient, step.backward());
        let part = T::of(inputs.columns() as f64 / whole.samples as f64);
        let statistics = as_slice::<T, _>(&**stats).iter().zip(model.statistics());
        for (change, (&after, &before)) in changes.iter_mut().zip(statistics) {
            *change += part * (after - before);
        }
    }
}

/// A worker that is free: this thread's own, if no other thread has it.
fn free<W>(workers: &[Mutex<W>]) -> MutexGuard<'_, W> {
    let mut turns = (parallel::thread()..).map(|thread| thread % workers.len());
    loop {
        let worker = &workers[turns.next().unwrap_or(0)];
        match worker.try_lock() {
            Ok(worker) => return worker,
            // What a panic left does not matter: a pass begins anew.
            Err(TryLockError::Poisoned(error)) => return error.into_inner(),
            Err(TryLockError::WouldBlock) => std::thread::yield_now(),
        }
    }
}

/// Adds up all sums of so many numbers in the first.
fn add_up<T: Real>(sums: &mut [T], len: usize) {
    let mut distance = len;
    while distance < sums.len() {
        let cost = sums.len() * len / distance / 4;
        parallel::for_each_chunk(sums, 2 * distance, cost, |_, two| {
            let (sum, other) = two.split_at_mut(distance);
            elementwise::add(&mut sum[..len], &other[..len]);
        });
        distance *= 2;
    }
}

/// Adds those sums that wait for the one of this round, or has it wait, unless it is the last.
fn carry<T: Real>(round: usize, sum: &mut [T], waiting: &mut [Buffer<T>]) {
    let complete = round.trailing_ones() as usize;
    for earlier in &waiting[..complete] {
        elementwise::add(sum, earlier);
    }
    if let Some(place) = waiting.get_mut(complete) {
        place.copy_from_slice(sum);
    }
}

/// The sum of a column in the same tree.
fn in_tree(rows: &[Figures], column: usize) -> f64 {
    if let [row] = rows {
        return row[column];
    }
    let (low, high) = rows.split_at(rows.len() / 2);
    in_tree(low, column) + in_tree(high, column)
}
