//! Batches in groups of samples, which several threads go through at once.

use crate::{bits, moons};
use formwork::data::toy::Plane;
use formwork::data::{Batch, Classes, Grid};
use formwork::optim::{Adam, Optimizer};
use formwork::prelude::*;
use formwork::train::{Groups, Trainer};
use rand::{RngExt, SeedableRng};

network! {
    /// With layers whose outcome depends on how a batch is cut.
    struct Chancy: Vector<2> => Vector<2> {
        fc1: Dense<16>, BatchNorm, Relu, Dropout(0.2), fc2: Dense<2>
    }
}

network! {
    /// Whose samples have nothing to do with each other.
    struct Conv: Image<1, 12, 12> => Vector<3> {
        conv1: Conv2d<16, 3, pad = 1>, Relu, conv2: Conv2d<16, 3>, Relu, MaxPool<2>, fc: Dense<3>
    }
}

network! {
    struct Small: Vector<2> => Vector<2> { fc1: Dense<16>, Relu, fc2: Dense<2> }
}

const COLUMNS: usize = 60;

fn images(seed: u64) -> (Batch<Grid<1, 12, 12>>, Batch<Classes<3>>) {
    let mut rng = Generator::seed_from_u64(seed);
    let pixels = (0..144 * COLUMNS).map(|_| rng.random_range(-1.0..1.0)).collect();
    let classes = (0..COLUMNS).map(|_| rng.random_range(0..3)).collect();
    (Batch::from_vec(pixels).unwrap(), Batch::from_vec(classes).unwrap())
}

fn on<R: Send>(threads: usize, work: impl FnOnce() -> R + Send) -> R {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

/// Bits of parameters, statistics and losses.
type Outcome = (Vec<u32>, Vec<u32>, Vec<f64>);

fn trained(groups: usize, threads: usize, train: &Plane, augmented: bool) -> Outcome {
    let noise = |inputs: &mut Batch<Grid<2>>, rng: &mut Generator| {
        inputs.data_mut().iter_mut().for_each(|x| *x += rng.random_range(-0.05..0.05));
    };
    let mut rng = Generator::seed_from_u64(3);
    let mut model = Model::<Chancy>::new(&mut rng);
    let trainer = Trainer::new(Adam::new(0.02)).epochs(2).batch_size(36).groups(groups);
    let trainer = trainer.threads(threads).record_steps().silent();
    let mut trainer = if augmented { trainer.augment(noise) } else { trainer };
    let history = trainer.fit(&mut model, &SoftmaxCrossEntropy::new(), train, &mut rng).unwrap();
    (bits(model.parameters()), bits(model.statistics()), history.step_losses)
}

#[test]
fn any_number_of_threads_has_the_same_bits() {
    let (train, _) = moons();
    for augmented in [false, true] {
        for groups in [2, 8, 32] {
            let one = trained(groups, 1, &train, augmented);
            for threads in [2, 3, 5, 8, 16] {
                let several = trained(groups, threads, &train, augmented);
                assert!(several == one, "{groups} groups on {threads} threads");
            }
        }
    }
}

/// Steps of training in so many groups: the losses, the last gradient, and the model.
fn steps(count: usize, threads: usize) -> (Vec<f32>, Vec<f32>, Vec<f32>) {
    on(threads, || {
        let mut model = Model::<Conv>::new(&mut Generator::seed_from_u64(1));
        let mut groups = Groups::<Conv, Classes<3>>::with_count(count, COLUMNS, 0);
        let (mut adam, mut losses, mut last) = (Adam::new(0.01), vec![], vec![]);
        for seed in 0..4 {
            let (inputs, targets) = images(seed);
            let loss = SoftmaxCrossEntropy::default();
            let (loss, gradient) = groups.pass(&mut model, &loss, &inputs, &targets);
            adam.step(model.parameters_mut(), gradient);
            losses.push(loss);
            last = gradient.to_vec();
        }
        (losses, last, model.parameters().to_vec())
    })
}

#[test]
fn groups_are_the_whole_batch_but_for_rounding() {
    let whole = steps(1, 1);
    for count in [2, 8, 64] {
        let groups = steps(count, 1);
        let close = |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 2e-4);
        assert!(close(&whole.0, &groups.0), "{:?} {:?}", whole.0, groups.0);
        assert!(close(&whole.1, &groups.1) && close(&whole.2, &groups.2), "{count} groups");
        for threads in [2, 3, 7] {
            assert!(steps(count, threads) == groups, "{count} groups on {threads} threads");
        }
    }
}

#[test]
fn groups_are_made_where_they_pay() {
    // Of few samples, and of samples that are soon done with.
    assert_eq!(
        [Groups::<Conv, Classes<3>>::automatic(7), Groups::<Small, Classes<2>>::automatic(100)],
        [1, 1]
    );
    assert_eq!(Groups::<Conv, Classes<3>>::automatic(10_000), 16);
    // Batch normalisation is of the whole batch.
    assert_eq!(Groups::<Chancy, Classes<2>>::automatic(1_000_000), 1);
    assert_eq!(Groups::<Small, Classes<2>>::automatic(1_000_000), 16);
    assert_eq!(Groups::<Conv, Classes<3>>::new(10_000, 0).count(), 16);
}

#[test]
#[should_panic(expected = "60 samples, but 59 targets")]
fn samples_without_targets_are_refused() {
    let mut model = Model::<Conv>::zeroed();
    let (inputs, targets) = images(0);
    let fewer = Batch::from_vec(targets.data()[1..].to_vec()).unwrap();
    let mut groups = Groups::<Conv, Classes<3>>::with_count(4, COLUMNS, 0);
    groups.pass(&mut model, &SoftmaxCrossEntropy::default(), &inputs, &fewer);
}

#[test]
#[should_panic(expected = "a batch of 15 columns, but there is room for 10")]
fn more_samples_than_there_is_room_for_are_refused() {
    let (inputs, targets) = images(0);
    let mut groups = Groups::<Conv, Classes<3>>::with_count(4, 40, 0);
    groups.pass(&mut Model::zeroed(), &SoftmaxCrossEntropy::default(), &inputs, &targets);
}
