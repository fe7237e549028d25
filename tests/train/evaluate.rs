//! Loss and accuracy over a data set.

use crate::{moons, net};
use formwork::data::{Batch, Classes, Dataset, Grid, IGNORED, Values, toy};
use formwork::kernel::Real;
use formwork::loss::{Loss, OutputMatrix, OutputMatrixMut};
use formwork::prelude::*;
use formwork::train::Evaluator;
use nalgebra::Const;

network! {
    /// Passes its input on, once its parameters say so.
    struct Same: Vector<3> => Vector<3> { fc: Dense<3> }
}

fn same() -> Model<Same> {
    let mut model = Model::<Same>::zeroed();
    for i in 0..3 {
        model.fc.weight[i][i] = 1.0;
    }
    model
}

#[test]
fn a_partial_batch_counts_by_its_samples() {
    let (train, _) = moons();
    let model = net(1);
    let whole = Evaluator::new(150).run(&model, &SoftmaxCrossEntropy::default(), &train);
    let parts = Evaluator::new(64).run(&model, &SoftmaxCrossEntropy::default(), &train);
    assert!((whole.loss - parts.loss).abs() < 1e-6, "{whole:?} {parts:?}");
    assert_eq!(whole.accuracy, parts.accuracy);
}

/// A mean by weight over all samples, however they are dealt, and no part in the accuracy.
#[test]
fn weights_of_classes_are_those_of_samples() {
    let (train, _) = moons();
    let model = net(1);
    let of = |weights: [f64; 2], size: usize| {
        let loss = SoftmaxCrossEntropy::default().class_weights(weights);
        Evaluator::new(size).run(&model, &loss, &train)
    };
    let (whole, parts) = (of([1.0, 5.0], 150), of([1.0, 5.0], 7));
    assert!((whole.loss - parts.loss).abs() < 1e-6, "{whole:?} {parts:?}");
    let plain = Evaluator::new(7).run(&model, &SoftmaxCrossEntropy::default(), &train);
    assert_eq!([whole.accuracy, parts.accuracy], [plain.accuracy; 2]);
    // The mean over one class and five times that over the other.
    let [first, second] = [[1.0, 0.0], [0.0, 1.0]].map(|weights| of(weights, 20).loss);
    let [n, m] = train.class_counts().map(|count| count as f64);
    let expected = (n * first + 5.0 * m * second) / (n + 5.0 * m);
    assert!((whole.loss - expected).abs() < 1e-6, "{whole:?}, expected {expected}");
}

/// Classes 1, 2, 0 and 1; the outputs are the inputs, whose largest are 1, 0, 0 (first of equals)
/// and 0 (the first of equals, which is not 1). So two of four are right.
#[test]
fn accuracy_is_the_share_of_largest_outputs_at_the_target() {
    let inputs = vec![0., 2., 1., 3., 0., 1., 4., 4., 0., 5., 5., 0.];
    let data = Dataset::<Grid<3>, Classes<3>>::from_vecs(inputs, vec![1, 2, 0, 1]).unwrap();
    let evaluation = Evaluator::new(3).run(&same(), &SoftmaxCrossEntropy::default(), &data);
    assert_eq!(evaluation.accuracy, Some(0.5));
}

/// The mean of the first outputs, whatever the targets.
struct First;

impl Loss<Const<3>> for First {
    type Target = Values<1>;

    fn evaluate<T: Real>(
        &self,
        outputs: OutputMatrix<'_, T, Const<3>>,
        targets: &Batch<Values<1>, T>,
        _: Option<OutputMatrixMut<'_, T, Const<3>>>,
    ) -> T {
        outputs.row(0).sum() / T::of(targets.columns() as f64)
    }
}

#[test]
fn values_have_a_loss_but_no_accuracy() {
    let inputs = vec![1., 0., 0., 2., 0., 0., 6., 0., 0.];
    let data = Dataset::<Grid<3>, Values<1>>::from_vecs(inputs, vec![0.; 3]).unwrap();
    let evaluation = Evaluator::new(2).run(&same(), &First, &data);
    // ((1 + 2) / 2 * 2 + 6 / 1 * 1) / 3
    assert_eq!((evaluation.loss, evaluation.accuracy), (3.0, None));
}

#[test]
fn outputs_that_are_not_numbers_are_wrong() {
    let mut model = Model::<crate::Net>::zeroed();
    model.fc2.bias.fill(f32::NAN);
    let evaluation = Evaluator::new(4).run(&model, &SoftmaxCrossEntropy::default(), &toy::xor());
    assert_eq!(evaluation.accuracy, Some(0.0));
    assert!(evaluation.loss.is_nan());
}

/// Classes 0, ignored, 1 and ignored, in batches of two: the third output is right, the first not.
#[test]
fn targets_to_be_ignored_count_nowhere() {
    let inputs = vec![0., 2., 1., 3., 0., 1., 4., 5., 0., 5., 5., 0.];
    let classes = vec![0, IGNORED, 1, IGNORED];
    let all = Dataset::<Grid<3>, Classes<3>>::from_vecs(inputs, classes).unwrap();
    let loss = SoftmaxCrossEntropy::default();
    let answered = Evaluator::new(2).run(&same(), &loss, &all.subset(&[0, 2]));
    let evaluation = Evaluator::new(2).run(&same(), &loss, &all);
    assert_eq!(evaluation.accuracy, Some(0.5));
    assert!((evaluation.loss - answered.loss).abs() < 1e-6);
}
