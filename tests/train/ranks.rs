//! Batches in groups, and several ranks that share them: here threads, which exchange bytes over
//! channels.

use crate::{bits, moons};
use formwork::data::toy::Plane;
use formwork::data::{Batch, Classes, Dataset, Grid, IGNORED};
use formwork::loss::Loss;
use formwork::optim::{Adam, Sgd};
use formwork::prelude::*;
use formwork::train::{AllReduce, Alone, Communicator, History, Origin, TrainError, Trainer};
use nalgebra::Const;
use rand::{RngExt, SeedableRng};
use std::io;
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

/// One of several threads.
struct Thread {
    rank: usize,
    to: Vec<Sender<Vec<u8>>>,
    from: Vec<Mutex<Receiver<Vec<u8>>>>,
}

impl Communicator for Thread {
    fn rank(&self) -> usize {
        self.rank
    }

    fn ranks(&self) -> usize {
        self.to.len()
    }

    fn exchange(&self, other: usize, sent: &[u8], received: &mut [u8]) -> io::Result<()> {
        let gone = || io::Error::other("its thread has ended");
        self.to[other].send(sent.to_vec()).map_err(|_| gone())?;
        let bytes = self.from[other].lock().unwrap().recv().map_err(|_| gone())?;
        received.copy_from_slice(&bytes);
        Ok(())
    }
}

/// Runs `work` on so many ranks at once, and gives what each returns.
fn on<R: Send>(ranks: usize, work: impl Fn(&Thread) -> R + Sync) -> Vec<R> {
    let mut threads: Vec<Thread> =
        (0..ranks).map(|rank| Thread { rank, to: vec![], from: vec![] }).collect();
    for from in 0..ranks {
        for to in 0..ranks {
            let (sender, receiver) = mpsc::channel();
            threads[from].to.push(sender);
            // Each rank gets its receivers in the order of those who send.
            threads[to].from.push(Mutex::new(receiver));
        }
    }
    let work = &work;
    thread::scope(|scope| {
        let spawn = |thread: Thread| scope.spawn(move || work(&thread));
        let running: Vec<_> = threads.into_iter().map(spawn).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

network! {
    /// With layers whose outcome depends on how a batch is cut.
    struct Chancy: Vector<2> => Vector<2> {
        fc1: Dense<16>, BatchNorm, Relu, Dropout(0.2), fc2: Dense<2>
    }
}

type With<'a, N> = Trainer<'a, N, Classes<2>, Adam<f32>>;

fn chancy() -> Model<Chancy> {
    Model::new(&mut Generator::seed_from_u64(3))
}

/// Settings that all carry something from step to step; in the last batch of an epoch there are fewer
/// samples than groups.
fn trainer<'a>(ranks: &'a dyn Communicator, test: &'a Plane) -> With<'a, Chancy> {
    let noise = |inputs: &mut Batch<Grid<2>>, rng: &mut Generator| {
        inputs.data_mut().iter_mut().for_each(|x| *x += rng.random_range(-0.05..0.05));
    };
    Trainer::new(Adam::new(0.02))
        .epochs(4)
        .batch_size(36)
        .groups(8)
        .ranks(ranks)
        .threads(1)
        .augment(noise)
        .clip_norm(0.5)
        .validate(test)
        .keep_best()
        .record_steps()
        .silent()
}

/// All but the times.
type Outcome = (Vec<u32>, Vec<u32>, Vec<f64>, Vec<[Option<f64>; 4]>);

fn outcome(model: &Model<Chancy>, history: &History) -> Outcome {
    let row = |record: &formwork::train::Record| {
        let loss = Some(record.train_loss);
        [loss, record.train_accuracy, record.validation_loss, record.validation_accuracy]
    };
    let rows = history.epochs.iter().map(row).collect();
    let (parameters, statistics) = (bits(model.parameters()), bits(model.statistics()));
    (parameters, statistics, history.step_losses.clone(), rows)
}

fn fit(mut trainer: With<'_, Chancy>, train: &Plane, seed: u64) -> Result<Outcome, TrainError> {
    let (mut model, mut rng) = (chancy(), Generator::seed_from_u64(seed));
    let history = trainer.fit(&mut model, &SoftmaxCrossEntropy::new(), train, &mut rng)?;
    Ok(outcome(&model, &history))
}

#[test]
fn any_number_of_ranks_has_the_same_bits() {
    let (train, test) = moons();
    assert_eq!(train.len() % 36, 6, "fewer than groups");
    let one = fit(trainer(&Alone, &test), &train, 1).unwrap();
    assert!(one.3[3][2] < one.3[0][2], "it learns");
    for ranks in [1, 2, 4, 8] {
        for outcome in on(ranks, |thread| fit(trainer(thread, &test), &train, 1).unwrap()) {
            assert!(outcome == one, "{ranks} ranks");
        }
    }
}

#[cfg(feature = "safetensors")]
#[test]
fn a_checkpoint_goes_on_with_another_number_of_ranks() {
    let file = crate::checkpoint::Scratch::new("ranks");
    let (train, test) = moons();
    let whole = fit(trainer(&Alone, &test), &train, 1).unwrap();
    on(4, |thread| fit(trainer(thread, &test).epochs(2).checkpoint(&file.0), &train, 1).unwrap());
    let resumed = |ranks: &dyn Communicator| {
        fit(trainer(ranks, &test).resume(&file.0).checkpoint(&file.0), &train, 2).unwrap()
    };
    for outcome in on(2, |thread| fit(trainer(thread, &test).epochs(3).resume(&file.0), &train, 2))
    {
        outcome.unwrap();
    }
    for outcome in on(2, |thread| resumed(thread)) {
        assert!(outcome == whole);
    }
    assert!(resumed(&Alone) == whole);
}

network! { struct Sure: Vector<2> => Vector<3> { fc1: Dense<16>, Tanh, fc2: Dense<3> } }

/// Points of three classes, a fifth of which are not answered.
fn points() -> Dataset<Grid<2>, Classes<3>> {
    let mut rng = Generator::seed_from_u64(8);
    let inputs = (0..2 * 130).map(|_| rng.random_range(-1.0..1.0)).collect();
    let class = |i: u32| if i.is_multiple_of(5) { IGNORED } else { i % 3 };
    Dataset::from_vecs(inputs, (0..130).map(class).collect()).unwrap()
}

fn sure<L>(loss: &L, groups: usize) -> (Vec<f32>, History)
where
    L: Loss<Const<3>, Target = Classes<3>> + Sync,
{
    let mut model = Model::<Sure>::new(&mut Generator::seed_from_u64(4));
    let data = points();
    let history = Trainer::new(Sgd::new(0.3))
        .epochs(3)
        .batch_size(40)
        .groups(groups)
        .record_steps()
        .silent()
        .fit(&mut model, loss, &data, &mut Generator::seed_from_u64(4))
        .unwrap();
    (model.parameters().to_vec(), history)
}

/// Where neither chance nor the batch plays a part.
#[test]
fn groups_are_a_whole_batch_but_for_rounding() {
    fn check<L: Loss<Const<3>, Target = Classes<3>> + Sync>(loss: &L) {
        let (whole, history) = sure(loss, 1);
        // Sixteen groups of three, and in the last batch of one sample or none.
        for groups in [2, 4, 16] {
            let (parts, other) = sure(loss, groups);
            let first = |history: &History| history.step_losses[0];
            assert!((first(&history) - first(&other)).abs() < 1e-6, "{groups} groups");
            for (a, b) in whole.iter().zip(&parts) {
                assert!((a - b).abs() < 1e-5, "{groups} groups: {a} and {b}");
            }
        }
    }
    check(&SoftmaxCrossEntropy::new());
    check(&SoftmaxCrossEntropy::new().class_weights([1.0, 0.0, 5.0]));
}

/// `mean += 0.1 (batch mean - mean)`, and the mean of a batch is that of its groups.
#[test]
fn running_statistics_follow_the_mean_over_the_groups() {
    network! { struct Norm: Vector<1> => Vector<2> { norm: BatchNorm, fc: Dense<2> } }
    let data = Dataset::<Grid<1>, Classes<2>>::from_vecs(vec![1.0, 2.0, 3.0, 6.0, 8.0], vec![0; 5]);
    let data = data.unwrap();
    let mut model = Model::<Norm>::new(&mut Generator::seed_from_u64(1));
    Trainer::new(Sgd::new(0.1))
        .epochs(1)
        .batch_size(5)
        .groups(2)
        .silent()
        .fit(&mut model, &SoftmaxCrossEntropy::new(), &data, &mut Generator::seed_from_u64(1))
        .unwrap();
    let mean = model.stats.norm.running_mean[0];
    assert!((mean - 0.1 * 4.0).abs() < 1e-6, "{mean}");
}

#[test]
fn only_the_first_rank_reports() {
    let (train, test) = moons();
    let told = on(4, |thread| {
        let told = Mutex::new(0);
        let report = |_: &formwork::train::Record| *told.lock().unwrap() += 1;
        fit(trainer(thread, &test).report(report), &train, 1).unwrap();
        told.into_inner().unwrap()
    });
    assert_eq!(told, [4, 0, 0, 0]);
}

#[test]
fn groups_that_cannot_be_shared_are_refused() {
    let (train, test) = moons();
    for (ranks, groups) in [(3, 8), (4, 2)] {
        for outcome in on(ranks, |thread| fit(trainer(thread, &test).groups(groups), &train, 1)) {
            let message = outcome.unwrap_err().to_string();
            let expected = format!("{ranks} ranks cannot share batches in {groups} groups");
            assert!(message.starts_with(&expected), "{message}");
        }
    }
}

#[test]
fn ranks_that_differ_are_refused() {
    let (train, test) = moons();
    let outcomes = on(2, |thread| fit(trainer(thread, &test), &train, thread.rank as u64));
    let messages = outcomes.into_iter().map(|outcome| outcome.unwrap_err().to_string());
    for (message, expected) in messages.zip(["ranks 0 and 1 do not", "ranks 1 and 0 do not"]) {
        assert!(message.starts_with(expected), "{message}");
    }
}

#[test]
fn a_rank_that_ends_ends_the_others() {
    let (train, test) = moons();
    let outcomes = on(4, |thread| {
        if thread.rank == 2 {
            return None;
        }
        Some(fit(trainer(thread, &test), &train, 1).unwrap_err().to_string())
    });
    assert_eq!(outcomes[3].as_deref(), Some("rank 3 has lost rank 2: its thread has ended"));
    assert_eq!(outcomes[0].as_deref(), Some("rank 0 has lost rank 2: its thread has ended"));
    assert!(outcomes[1].as_deref().unwrap().starts_with("rank 1 has lost rank "));
}

/// The input of one sample is not a number: all ranks name it, whosever it is.
#[test]
fn all_ranks_know_where_training_diverged() {
    let (train, test) = moons();
    let broken = |inputs: &mut Batch<Grid<2>>, _: &mut Generator| {
        inputs.data_mut().iter_mut().filter(|x| **x > 2.0).for_each(|x| *x = f32::NAN);
    };
    let diverged =
        |ranks: &dyn Communicator| match fit(trainer(ranks, &test).augment(broken), &train, 1) {
            Err(TrainError::Diverged(diverged)) => (diverged.step, diverged.origin),
            other => panic!("{other:?}"),
        };
    let one = diverged(&Alone);
    let Origin::Input(sample) = one.1 else { panic!("{one:?}") };
    assert!(train.inputs().column(sample).iter().any(|&x| x > 2.0));
    for other in on(4, |thread| diverged(thread)) {
        assert_eq!(other, one);
    }
}

/// Also of fewer numbers than ranks, and of more than are exchanged at once.
#[test]
fn sums_over_ranks_are_taken_in_a_tree() {
    let values = |rank: usize, len: usize| -> Vec<f32> {
        let mut rng = Generator::seed_from_u64(rank as u64);
        (0..len).map(|_| rng.random_range(-1.0..1.0)).collect()
    };
    for len in [0, 1, 2, 3, 5, 97, (1 << 20) + 7] {
        let [a, b, c, d] = [0, 1, 2, 3].map(|rank| values(rank, len));
        let tree: Vec<f32> = (0..len).map(|i| (a[i] + b[i]) + (c[i] + d[i])).collect();
        let sums = on(4, |thread| {
            let mut sum = values(thread.rank, len);
            AllReduce::new(thread).sum(&mut sum).unwrap();
            sum
        });
        for sum in sums {
            assert!(bits(&sum) == bits(&tree), "{len} numbers");
        }
    }
}
