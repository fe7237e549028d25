//! Training that leaves the finite numbers.

use crate::{bits, moons, net};
use formwork::data::{Batch, Classes, Dataset, Grid};
use formwork::kernel::Real;
use formwork::loss::{Loss, OutputMatrix, OutputMatrixMut};
use formwork::optim::schedule::Progress;
use formwork::optim::{AdaGrad, Adam, Optimizer, Sgd, State};
use formwork::prelude::*;
use formwork::train::{Diverged, Origin, TrainError, Trainer};
use nalgebra::Const;
use rand::SeedableRng;
use std::sync::atomic::{AtomicUsize, Ordering};

fn diverged(error: TrainError) -> Diverged {
    match error {
        TrainError::Diverged(diverged) => *diverged,
        other => panic!("{other}"),
    }
}

/// A rate so large that parameters overflow in the first step of the third epoch. They are seen in
/// the second step.
#[test]
fn parameters_that_overflow_are_seen_at_the_next_loss() {
    let (train, test) = moons();
    let mut model = net(1);
    let rate = |progress: Progress| if progress.epoch < 2 { 1.0 } else { 1e41 };
    let run = |model: &mut Model<crate::Net>, epochs| {
        Trainer::new(Sgd::new(0.1))
            .epochs(epochs)
            .batch_size(50)
            .schedule(rate)
            .validate(&test)
            .silent()
            .fit(model, &SoftmaxCrossEntropy::default(), &train, &mut Generator::seed_from_u64(1))
    };
    let error = run(&mut model, 5).unwrap_err();
    assert_eq!(
        error.to_string(),
        "training diverged in epoch 3, step 2: the loss is NaN, expected a finite number; the \
         parameter `fc1.weight` is the first not finite. A lower learning rate or clipping the \
         gradient may help"
    );
    let diverged = diverged(error);
    assert_eq!((diverged.epoch, diverged.step), (3, Some(2)));
    assert_eq!(diverged.origin, Origin::Parameter("fc1.weight".into()));
    assert_eq!(diverged.history.epochs.len(), 2, "nothing is lost");

    // The model is that after two epochs, the last one with finite parameters.
    let mut two = net(1);
    run(&mut two, 2).unwrap();
    assert_eq!(bits(model.parameters()), bits(two.parameters()));
}

/// `fc2` overflows although `fc1` and the parameters are finite: the parameters stay.
#[test]
fn the_first_layer_is_named_and_finite_parameters_stay() {
    let (train, _) = moons();
    let mut model = net(1);
    model.fc1.weight.iter_mut().for_each(|row| row.fill(1e30));
    model.fc2.weight.iter_mut().for_each(|row| row.fill(1e30));
    let before = bits(model.parameters());
    let error = Trainer::new(Sgd::new(0.1))
        .silent()
        .fit(&mut model, &SoftmaxCrossEntropy::default(), &train, &mut Generator::seed_from_u64(1))
        .unwrap_err();
    let diverged = diverged(error);
    assert_eq!((diverged.epoch, diverged.step, diverged.quantity), (1, Some(1), "loss"));
    assert_eq!(diverged.origin, Origin::Layer("fc2".into()));
    assert_eq!(bits(model.parameters()), before);
}

/// A loss with a gradient that is infinite from some step on, or is not finite itself.
struct Breaks {
    value: f64,
    gradient: f64,
    from_step: usize,
    steps: AtomicUsize,
}

impl Loss<Const<2>> for Breaks {
    type Target = Classes<2>;

    fn evaluate<T: Real>(
        &self,
        outputs: OutputMatrix<'_, T, Const<2>>,
        targets: &Batch<Classes<2>, T>,
        mut gradient: Option<OutputMatrixMut<'_, T, Const<2>>>,
    ) -> T {
        let view = gradient.as_mut().map(|gradient| gradient.as_view_mut());
        let loss = SoftmaxCrossEntropy::default().evaluate(outputs, targets, view);
        let Some(mut gradient) = gradient else { return loss };
        if self.steps.fetch_add(1, Ordering::Relaxed) < self.from_step {
            return loss;
        }
        gradient[1] = T::of(self.gradient);
        T::of(self.value)
    }
}

fn breaks(value: f64, gradient: f64) -> Breaks {
    Breaks { value, gradient, from_step: 4, steps: AtomicUsize::new(0) }
}

/// Three steps an epoch: the fifth is the second of the second epoch.
fn run(loss: Breaks) -> (Model<crate::Net>, TrainError) {
    let (train, _) = moons();
    let mut model = net(1);
    let error = Trainer::new(Sgd::new(0.1))
        .epochs(3)
        .batch_size(50)
        .silent()
        .fit(&mut model, &loss, &train, &mut Generator::seed_from_u64(1))
        .unwrap_err();
    (model, error)
}

#[test]
fn a_gradient_alone_stops_before_the_step() {
    let (model, error) = run(breaks(0.5, f64::INFINITY));
    assert_eq!(
        error.to_string(),
        "training diverged in epoch 2, step 2: the norm of the gradient is NaN, expected a finite \
         number; the gradient by `fc1.weight` is the first not finite. A lower learning rate or \
         clipping the gradient may help"
    );
    assert!(model.parameters().iter().all(|parameter| parameter.is_finite()));
    // The four steps before are not lost: another loss that breaks in the same step leaves the same.
    let (same, _) = run(breaks(f64::NAN, 0.0));
    assert_eq!(bits(model.parameters()), bits(same.parameters()));
    assert_ne!(bits(model.parameters()), bits(net(1).parameters()));
}

#[test]
fn a_loss_alone_is_named_as_such() {
    let (_, error) = run(breaks(f64::NAN, 0.0));
    assert_eq!(diverged(error).origin, Origin::Loss);
}

/// The best of two epochs is put back, although the parameters are finite when the third breaks.
#[test]
fn the_best_so_far_is_put_back() {
    let (train, test) = moons();
    let fit = |epochs, loss: &Breaks| {
        let mut model = net(1);
        let result = Trainer::new(Sgd::new(0.1))
            .epochs(epochs)
            .batch_size(50)
            .validate(&test)
            .keep_best()
            .silent()
            .fit(&mut model, loss, &train, &mut Generator::seed_from_u64(1));
        (bits(model.parameters()), result.is_err())
    };
    let (broken, is_error) = fit(3, &breaks(f64::NAN, 0.0));
    assert!(is_error);
    let (best, is_error) = fit(1, &breaks(f64::NAN, 0.0));
    assert!(!is_error && broken == best);
}

/// Takes an infinite step: that of an optimiser that is broken itself.
struct Broken(State<f32>);

impl Optimizer<f32> for Broken {
    fn state(&self) -> &State<f32> {
        &self.0
    }

    fn state_mut(&mut self) -> &mut State<f32> {
        &mut self.0
    }

    fn step_scaled(&mut self, params: &mut [f32], gradient: &[f32], _: f64) {
        let [] = self.0.begin(params, gradient);
        params[params.len() - 1] = f32::INFINITY;
    }
}

/// One step an epoch: nothing but the end of the epoch sees the parameters after it.
#[test]
fn parameters_are_looked_at_after_the_last_step() {
    let (train, test) = moons();
    let mut model = net(1);
    let error = Trainer::new(Broken(State::new(0.1, &[])))
        .batch_size(1000)
        .validate(&test)
        .silent()
        .fit(&mut model, &SoftmaxCrossEntropy::default(), &train, &mut Generator::seed_from_u64(1))
        .unwrap_err();
    let diverged = diverged(error);
    assert_eq!((diverged.epoch, diverged.step), (1, Some(1)));
    assert_eq!((diverged.quantity, diverged.value), ("norm of the parameters", f64::INFINITY));
    assert_eq!(diverged.origin, Origin::Parameter("fc2.bias".into()));
    assert_eq!(bits(model.parameters()), bits(net(1).parameters()));
}

/// The same without validation, which would have seen it: as many epochs as steps.
#[test]
fn no_rate_leaves_parameters_that_are_not_finite() {
    let (train, _) = moons();
    for (batch_size, epochs) in [(1000, 1), (1000, 2), (75, 1), (50, 3)] {
        for rate in [1e30, 1e38, 1e39, 1e300] {
            let mut model = net(1);
            let result =
                Trainer::new(Sgd::new(rate)).epochs(epochs).batch_size(batch_size).silent().fit(
                    &mut model,
                    &SoftmaxCrossEntropy::default(),
                    &train,
                    &mut Generator::seed_from_u64(1),
                );
            assert!(result.is_err() || rate < 1e39, "{rate}");
            assert!(model.parameters().iter().all(|value| value.is_finite()), "{rate}: {result:?}");
        }
    }
}

/// Only where no gradient is asked for, as in validation.
struct BreaksInValidation;

impl Loss<Const<2>> for BreaksInValidation {
    type Target = Classes<2>;

    fn evaluate<T: Real>(
        &self,
        outputs: OutputMatrix<'_, T, Const<2>>,
        targets: &Batch<Classes<2>, T>,
        gradient: Option<OutputMatrixMut<'_, T, Const<2>>>,
    ) -> T {
        if gradient.is_none() {
            return T::of(f64::NAN);
        }
        SoftmaxCrossEntropy::default().evaluate(outputs, targets, gradient)
    }
}

#[test]
fn validation_sees_it_too() {
    let (train, test) = moons();
    let mut model = net(1);
    let error = Trainer::new(Sgd::new(0.1))
        .batch_size(30)
        .validate(&test)
        .silent()
        .fit(&mut model, &BreaksInValidation, &train, &mut Generator::seed_from_u64(1))
        .unwrap_err();
    let diverged = diverged(error);
    assert_eq!((diverged.epoch, diverged.step), (1, None));
    assert!(diverged.to_string().contains("epoch 1, validation: the validation loss is NaN"));
    assert_eq!(diverged.origin, Origin::Loss);
    assert!(model.parameters().iter().all(|value| value.is_finite()));
    assert_ne!(bits(model.parameters()), bits(net(1).parameters()), "the steps are not lost");
}

/// The gradient's square is too large for an `f32`: the parameters would never move again.
#[test]
fn an_optimiser_whose_memory_overflows_is_named() {
    let (train, _) = moons();
    let mut model = net(1);
    let error = Trainer::new(AdaGrad::new(0.1))
        .epochs(1)
        .batch_size(1000)
        .silent()
        .fit(&mut model, &breaks(0.5, 1e25), &train, &mut Generator::seed_from_u64(1))
        .map(|_| ());
    assert!(error.is_ok(), "below step 4 the loss is sound");
    let loss = Breaks { from_step: 0, ..breaks(0.5, 1e25) };
    let error = Trainer::new(AdaGrad::new(0.1))
        .epochs(1)
        .batch_size(1000)
        .silent()
        .fit(&mut model, &loss, &train, &mut Generator::seed_from_u64(1))
        .unwrap_err();
    let diverged = diverged(error);
    assert_eq!(diverged.origin, Origin::Optimizer("sum_of_squares"));
    assert!(diverged.to_string().contains(
        "step 1: the norm of what the optimiser remembers is inf, expected a finite number; the \
         optimiser's `sum_of_squares` is the first not finite"
    ));
}

/// Model and optimiser after so many epochs of three steps: from the third one on at another rate, or
/// with a gradient whose square is too large for an `f32`. Whether all went well, and goes on well.
fn trained(
    epochs: usize,
    rate: f64,
    from_step: usize,
) -> (Vec<u32>, u64, Vec<Vec<u32>>, [bool; 2]) {
    let (train, _) = moons();
    let mut model = net(1);
    let schedule = move |progress: Progress| if progress.epoch < 2 { 1.0 } else { rate };
    let mut trainer =
        Trainer::new(AdaGrad::new(0.1)).epochs(epochs).batch_size(50).schedule(schedule).silent();
    let mut fit = |model: &mut Model<crate::Net>, loss: &Breaks| {
        let result = trainer.fit(model, loss, &train, &mut Generator::seed_from_u64(1));
        let state = trainer.optimizer().state();
        let memory = state.slices().map(|(_, values)| bits(values)).collect();
        (result.is_ok(), state.steps(), memory)
    };
    let (went, steps, memory) = fit(&mut model, &Breaks { from_step, ..breaks(0.5, 1e25) });
    let parameters = bits(model.parameters());
    let (goes_on, ..) = fit(&mut model, &Breaks { from_step: usize::MAX, ..breaks(0.5, 1e25) });
    (parameters, steps, memory, [went, goes_on])
}

/// The optimiser goes back with the model, so that another run may go on.
#[test]
fn an_optimiser_remembers_what_it_did_an_epoch_before() {
    let two = trained(2, 1.0, usize::MAX);
    assert_eq!((two.1, two.3), (6, [true, true]));
    // The parameters overflow in the third epoch's first step, the memory in its second.
    for (rate, from_step, outcome) in [(1e41, usize::MAX, [false, false]), (1.0, 7, [false, true])]
    {
        let broken = trained(3, rate, from_step);
        assert_eq!(broken, (two.0.clone(), two.1, two.2.clone(), outcome), "{rate}");
    }
    // In the first epoch, nothing has been remembered.
    let (parameters, steps, memory, outcome) = trained(3, 1.0, 1);
    assert_eq!((parameters, steps, outcome), (bits(net(1).parameters()), 0, [false, true]));
    assert!(memory.concat().iter().all(|&value| value == 0));
}

#[test]
fn an_optimiser_that_is_not_finite_does_not_start() {
    let (train, _) = moons();
    let mut adam = Adam::new(0.1);
    let infinite = [f32::INFINITY; crate::Net::PARAMETERS];
    let slices = ["first_moment", "second_moment"].map(|name| (name, &infinite[..]));
    adam.state_mut().restore(1, &slices).unwrap();
    let error = Trainer::new(adam)
        .silent()
        .fit(&mut net(1), &SoftmaxCrossEntropy::default(), &train, &mut Generator::seed_from_u64(1))
        .unwrap_err();
    let message = "training cannot start: the optimiser's `first_moment` is the first not finite";
    assert_eq!(error.to_string(), message);
}

/// Sample 77 is 5, 5, which no other is.
#[test]
fn an_input_is_named_by_its_sample() {
    let (train, _) = moons();
    let mut inputs = train.inputs().data().to_vec();
    inputs[2 * 77..][..2].fill(5.0);
    let train =
        Dataset::<Grid<2>, Classes<2>>::from_vecs(inputs, train.targets().data().to_vec()).unwrap();
    let mut model = net(1);
    let breaks = |inputs: &mut Batch<Grid<2>>, _: &mut Generator| {
        inputs.data_mut().iter_mut().filter(|x| **x == 5.0).for_each(|x| *x = f32::NAN);
    };
    let error = Trainer::new(Sgd::new(0.1))
        .batch_size(20)
        .augment(breaks)
        .silent()
        .fit(&mut model, &SoftmaxCrossEntropy::default(), &train, &mut Generator::seed_from_u64(3))
        .unwrap_err();
    assert!(error.to_string().ends_with("; the input of sample 77 is not finite"), "{error}");
    assert_eq!(diverged(error).origin, Origin::Input(77));
}

#[test]
fn a_model_that_is_not_finite_does_not_start() {
    let (train, _) = moons();
    let mut model = net(1);
    model.fc2.weight[1][3] = f32::NAN;
    let error = Trainer::new(Sgd::new(0.1))
        .epochs(0)
        .silent()
        .fit(&mut model, &SoftmaxCrossEntropy::default(), &train, &mut Generator::seed_from_u64(1))
        .unwrap_err();
    let message = "training cannot start: the parameter `fc2.weight` is the first not finite";
    assert_eq!(error.to_string(), message);
}
