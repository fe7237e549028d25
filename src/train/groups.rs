//! Batches in groups of samples, which go through the network one after the other, here or on other
//! ranks.
//!
//! ```text
//! loss      = sum of w_g / W loss_g        gradient likewise                of groups g
//! changes   = sum of n_g / n changes_g     of statistics, in a group
//! ```
//!
//! with the weights `w_g` of a group's targets, `W` of all, and `n_g` of `n` samples. The sums are taken
//! in a binary tree whose leaves are the groups, in their order. Each rank has consecutive ones: a subtree.

use super::communicator::{self, Communicator};
use super::diverged::{Cause, Origin, origin};
use super::evaluate::Score;
use super::reduce::AllReduce;
use super::run::Stop;
use super::trainer::Augment;
use crate::data::{Batch, Dataset, Target};
use crate::kernel::{Buffer, Real, elementwise};
use crate::loss::Loss;
use crate::{Generator, Model, Network, Workspace};
use alloc::vec;
use alloc::vec::Vec;
use rand::{Rng, SeedableRng};

/// What it takes to go through batches in groups.
pub(super) struct Groups<'a, N: Network, Y: Target, T: Real> {
    count: usize,
    ranks: &'a dyn Communicator,
    pub workspace: Workspace<N, T>,
    inputs: Batch<N::Sample, T>,
    targets: Batch<Y, T>,
    /// Of the whole batch.
    answers: Batch<Y, T>,
    /// Of the generators of the groups of a step.
    seed: u64,
    /// The statistics before the step.
    before: Vec<T>,
    /// Loss, samples and how many are right, of each group of this rank.
    figures: Vec<[f64; 3]>,
    /// Gradients and changes of statistics: the sums of 1, 2, 4, .. groups that wait for as many more.
    sums: Vec<Buffer<T>>,
    sum_of_figures: AllReduce<'a, f64>,
    sum: AllReduce<'a, T>,
}

/// The samples of a step.
pub(super) struct Dealt<'d, N: Network, Y: Target, T: Real> {
    pub data: &'d Dataset<N::Sample, Y, T>,
    pub places: &'d [usize],
    /// The number of the step in its epoch, counted from 1.
    pub step: usize,
}

/// What came of them.
pub(super) struct Passed<'g, T> {
    pub loss: f64,
    pub weight: f64,
    pub score: Score,
    pub gradient: &'g mut [T],
}

impl<'a, N: Network, Y: Target, T: Real> Groups<'a, N, Y, T> {
    /// For batches of up to `size` samples.
    pub fn new(count: usize, ranks: &'a dyn Communicator, size: usize) -> Self {
        let own = count / communicator::ranks(ranks);
        let statistics = Model::<N, T>::zeroed().statistics().len();
        // One group alone is not added to anything.
        let (levels, before) =
            if count == 1 { (0, 0) } else { (1 + own.ilog2() as usize, statistics) };
        Self {
            count,
            ranks,
            workspace: Workspace::new(size.div_ceil(count), 0),
            inputs: Batch::new(),
            targets: Batch::new(),
            answers: Batch::new(),
            seed: 0,
            before: vec![T::ZERO; before],
            figures: vec![[0.0; 3]; own],
            sums: (0..levels).map(|_| Buffer::zeroed(N::PARAMETERS + statistics)).collect(),
            sum_of_figures: AllReduce::new(ranks),
            sum: AllReduce::new(ranks),
        }
    }

    /// Goes forward and backward, and brings statistics up to date.
    pub fn pass<L: Loss<N::Outputs, Target = Y>>(
        &mut self,
        model: &mut Model<N, T>,
        loss: &L,
        dealt: &Dealt<'_, N, Y, T>,
        augment: &mut Option<Augment<'a, N::Sample, T>>,
        rng: &mut Generator,
    ) -> Result<Passed<'_, T>, Stop> {
        if self.count == 1 {
            return self.pass_whole(model, loss, dealt, augment, rng);
        }
        self.seed = rng.next_u64();
        self.answers.gather(dealt.data.targets(), dealt.places);
        self.before.copy_from_slice(model.statistics());
        let weight = loss.weight(&self.answers);
        let own = self.figures.len();
        for turn in 0..own {
            let group = own * communicator::rank(self.ranks) + turn;
            if !self.pass_group((turn, group), model, loss, weight, dealt, augment) {
                break;
            }
            model.statistics_mut().copy_from_slice(&self.before);
        }
        let [loss, samples, right] = self.figures()?;
        if !loss.is_finite() {
            let origin = self.origin(model, dealt, augment);
            return Err(Cause::of_loss(dealt.step, loss, origin).into());
        }
        let sum = self.sums.last_mut().expect("a sum of all groups");
        self.sum.sum(sum)?;
        let (gradient, changes) = sum.split_at_mut(N::PARAMETERS);
        for (statistic, &change) in model.statistics_mut().iter_mut().zip(&*changes) {
            *statistic += change;
        }
        Ok(Passed { loss, weight, score: Score::from_numbers([samples, right]), gradient })
    }

    /// The same with one group alone, which draws from the generators of the epoch.
    fn pass_whole<L: Loss<N::Outputs, Target = Y>>(
        &mut self,
        model: &mut Model<N, T>,
        loss: &L,
        dealt: &Dealt<'_, N, Y, T>,
        augment: &mut Option<Augment<'a, N::Sample, T>>,
        rng: &mut Generator,
    ) -> Result<Passed<'_, T>, Stop> {
        self.gather(0, dealt, augment, rng);
        let Self { workspace, inputs, targets, .. } = self;
        workspace.reset();
        let mut step = workspace.forward(model, inputs);
        let score = Score::of::<N, Y, T>(&step.outputs(), targets);
        let weight = loss.weight(targets);
        let loss = step.loss(loss, targets).to_f64();
        if !loss.is_finite() {
            return Err(Cause::of_loss(dealt.step, loss, origin(model, inputs)).into());
        }
        Ok(Passed { loss, weight, score, gradient: step.backward() })
    }

    /// Goes through a group, the `turn`th of this rank, and adds what comes of it to the sums, unless
    /// the loss is not finite.
    fn pass_group<L: Loss<N::Outputs, Target = Y>>(
        &mut self,
        (turn, group): (usize, usize),
        model: &mut Model<N, T>,
        loss: &L,
        weight: f64,
        dealt: &Dealt<'_, N, Y, T>,
        augment: &mut Option<Augment<'a, N::Sample, T>>,
    ) -> bool {
        let mut rng = self.generator(group);
        self.gather(group, dealt, augment, &mut rng);
        self.workspace.reseed(rng.next_u64());
        let Self { workspace, inputs, targets, before, figures, sums, .. } = self;
        if inputs.is_empty() {
            figures[turn] = [0.0; 3];
            add(sums, turn, &[], &[], (before, T::ZERO));
            return true;
        }
        workspace.reset();
        let mut step = workspace.forward(model, inputs);
        let [samples, right] = Score::of::<N, Y, T>(&step.outputs(), targets).to_numbers();
        let own = loss.weight(targets);
        let share = if own > 0.0 { own / weight } else { 0.0 };
        let loss = step.loss(loss, targets).to_f64();
        if !loss.is_finite() {
            figures[turn] = [loss, samples, right];
            return false;
        }
        figures[turn] = [share * loss, samples, right];
        let mut by_outputs = step.output_gradient_mut();
        by_outputs *= T::of(share);
        let gradient = step.backward();
        let part = T::of(inputs.columns() as f64 / dealt.places.len() as f64);
        add(sums, turn, gradient, model.statistics(), (before, part));
        true
    }

    /// The generator of a group.
    fn generator(&self, group: usize) -> Generator {
        Generator::seed_from_u64(self.seed.wrapping_add(group as u64))
    }

    /// Takes the samples of a group, and changes them as is asked for.
    fn gather(
        &mut self,
        group: usize,
        Dealt { data, places, .. }: &Dealt<'_, N, Y, T>,
        augment: &mut Option<Augment<'a, N::Sample, T>>,
        rng: &mut Generator,
    ) {
        let places = &places[self.start(group, places.len())..self.start(group + 1, places.len())];
        self.inputs.gather(data.inputs(), places);
        self.targets.gather(data.targets(), places);
        if let Some(augment) = augment
            && !places.is_empty()
        {
            augment(&mut self.inputs, rng);
        }
    }

    /// The first of so many samples that belongs to a group.
    fn start(&self, group: usize, samples: usize) -> usize {
        samples * group / self.count
    }

    /// Loss, samples and right answers of all groups of all ranks.
    fn figures(&mut self) -> Result<[f64; 3], Stop> {
        let mut totals = [0, 1, 2].map(|column| in_tree(&self.figures, column));
        self.sum_of_figures.sum(&mut totals)?;
        Ok(totals)
    }

    /// Where a loss that is not finite comes from: all ranks look through all groups, and find the same.
    fn origin(
        &mut self,
        model: &Model<N, T>,
        dealt: &Dealt<'_, N, Y, T>,
        augment: &mut Option<Augment<'a, N::Sample, T>>,
    ) -> Origin {
        for group in 0..self.count {
            let mut rng = self.generator(group);
            self.gather(group, dealt, augment, &mut rng);
            match origin(model, &self.inputs) {
                Origin::Loss => {}
                Origin::Input(sample) => {
                    return Origin::Input(self.start(group, dealt.places.len()) + sample);
                }
                origin => return origin,
            }
        }
        Origin::Loss
    }
}

/// Adds gradient and changes of statistics of the `turn`th group to the sums: where its neighbours are
/// complete, to theirs. A group without samples has none, and changes nothing: no sum is -0, which 0
/// would change.
fn add<T: Real>(
    sums: &mut [Buffer<T>],
    turn: usize,
    gradient: &[T],
    after: &[T],
    (before, part): (&[T], T),
) {
    let complete = turn.trailing_ones() as usize;
    let sum = &mut sums[0];
    if complete == 0 {
        elementwise::fill(sum, T::ZERO);
    }
    let (head, tail) = sum.split_at_mut(gradient.len());
    elementwise::add(head, gradient);
    for ((sum, &after), &before) in tail.iter_mut().zip(after).zip(before) {
        *sum += part * (after - before);
    }
    for level in 1..complete {
        let (lower, upper) = sums.split_at_mut(level);
        elementwise::add(&mut upper[0], &lower[level - 1]);
    }
    if complete > 0 {
        sums.swap(complete - 1, complete);
    }
}

/// The sum of a column in the same tree.
fn in_tree(rows: &[[f64; 3]], column: usize) -> f64 {
    if let [row] = rows {
        return row[column];
    }
    let (low, high) = rows.split_at(rows.len() / 2);
    in_tree(low, column) + in_tree(high, column)
}
