//! The passes of a trainer over its batches: whole, or in groups, of which each rank has some.

use super::communicator::{self, Communicator};
use super::diverged::{Cause, Origin, origin};
use super::evaluate::Score;
use super::groups::{Group, Groups, Whole};
use super::reduce::AllReduce;
use super::run::Stop;
use super::trainer::Augment;
use crate::data::{Batch, Dataset, Target};
use crate::kernel::Real;
use crate::loss::Loss;
use crate::{Generator, Model, Network, Workspace};
use core::ops::Range;
use rand::Rng;

/// What it takes to go through batches.
pub(super) struct Passes<'a, N: Network, Y: Target, T: Real> {
    groups: Groups<N, Y, T>,
    ranks: &'a dyn Communicator,
    /// The targets of the whole batch.
    answers: Batch<Y, T>,
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

impl<N: Network, Y: Target, T: Real> Dealt<'_, N, Y, T> {
    fn take(&self, samples: Range<usize>, group: &mut Group<N, Y, T>) {
        let places = &self.places[samples];
        group.inputs.gather(self.data.inputs(), places);
        group.targets.gather(self.data.targets(), places);
    }
}

impl<'a, N: Network, Y: Target, T: Real> Passes<'a, N, Y, T> {
    /// For batches of up to `size` samples in so many groups.
    pub fn new(count: usize, ranks: &'a dyn Communicator, size: usize) -> Self {
        Self {
            groups: Groups::of_rank(count, communicator::ranks(ranks), size, 0),
            ranks,
            answers: Batch::new(),
            sum_of_figures: AllReduce::new(ranks),
            sum: AllReduce::new(ranks),
        }
    }

    /// Into how many groups each batch is cut.
    pub fn groups(&self) -> usize {
        self.groups.count()
    }

    /// The memory for batches that are one group.
    pub fn workspace(&mut self) -> &mut Workspace<N, T> {
        self.groups.whole().0
    }

    /// Goes forward and backward, and brings statistics up to date.
    pub fn pass<L: Loss<N::Outputs, Target = Y> + Sync>(
        &mut self,
        model: &mut Model<N, T>,
        loss: &L,
        dealt: &Dealt<'_, N, Y, T>,
        augment: &mut Option<Augment<'a, N::Sample, T>>,
        rng: &mut Generator,
    ) -> Result<Passed<'_, T>, Stop> {
        if self.groups.count() == 1 {
            return self.pass_whole(model, loss, dealt, augment, rng);
        }
        self.answers.gather(dealt.data.targets(), dealt.places);
        let (weight, samples) = (loss.weight(&self.answers), dealt.places.len());
        let whole = Whole { loss, weight, samples, seed: rng.next_u64() };
        let first = self.groups.own() * communicator::rank(self.ranks);
        let take = |samples, group: &mut _| dealt.take(samples, group);
        let mut figures = self.groups.run(model, &whole, first, take, augment.as_deref_mut());
        self.sum_of_figures.sum(&mut figures)?;
        let [loss, samples, right] = figures;
        if !loss.is_finite() {
            let origin = self.origin(model, &whole, dealt, augment);
            return Err(Cause::of_loss(dealt.step, loss, origin).into());
        }
        let sum = self.groups.sum();
        self.sum.sum(sum)?;
        let gradient = Groups::<N, Y, T>::observe(model, sum);
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
        let (workspace, group) = self.groups.whole();
        dealt.take(0..dealt.places.len(), group);
        let Group { inputs, targets, .. } = group;
        if let Some(augment) = augment {
            augment(inputs, rng);
        }
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

    /// Where a loss that is not finite comes from: all ranks look through all groups, and find the same.
    fn origin<L>(
        &mut self,
        model: &Model<N, T>,
        whole: &Whole<'_, L>,
        dealt: &Dealt<'_, N, Y, T>,
        augment: &mut Option<Augment<'a, N::Sample, T>>,
    ) -> Origin {
        let (count, group) = (self.groups.count(), self.groups.whole().1);
        for number in 0..count {
            let samples = whole.samples_of(number, count);
            dealt.take(samples.clone(), group);
            if let Some(change) = augment.as_deref_mut() {
                whole.change(number, group, change);
            }
            match origin(model, &group.inputs) {
                Origin::Loss => {}
                Origin::Input(sample) => return Origin::Input(samples.start + sample),
                origin => return origin,
            }
        }
        Origin::Loss
    }
}
