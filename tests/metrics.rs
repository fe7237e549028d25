//! The metrics: against arithmetic by hand.

use formwork::data::{Batch, Classes, IGNORED};
use formwork::metrics::{ConfusionMatrix, Mean, accuracy, top_k_accuracy};
use nalgebra::{Const, Dyn, MatrixView};

/// Numbers as columns of `N`.
fn view<const N: usize>(x: &[f32]) -> MatrixView<'_, f32, Const<N>, Dyn> {
    MatrixView::from_slice_generic(x, Const, Dyn(x.len() / N))
}

fn ids<const N: usize>(ids: &[u32]) -> Batch<Classes<N>> {
    Batch::from_vec(ids.to_vec()).unwrap()
}

#[test]
fn accuracy_of_the_largest_outputs() {
    // Ranks of the targets: 0, 2, 1, none, 0.
    let outputs =
        [[0.1, 0.2, 0.7], [-3.0, -1.0, -2.0], [4.0, 5.0, 3.0], [9.0, 0.0, 0.0], [8.0, 2.0, 2.0]];
    let (outputs, targets) = (view(outputs.as_flattened()), ids::<3>(&[2, 0, 0, IGNORED, 0]));
    assert_eq!(accuracy(outputs, &targets), 2.0 / 4.0);
    assert_eq!(top_k_accuracy(1, outputs, &targets), 2.0 / 4.0);
    assert_eq!(top_k_accuracy(2, outputs, &targets), 3.0 / 4.0);
    assert_eq!(top_k_accuracy(3, outputs, &targets), 4.0 / 4.0);
}

#[test]
fn the_first_of_equal_outputs_is_taken() {
    let outputs = [1.0, 1.0, 0.0];
    assert_eq!(accuracy(view(&outputs), &ids::<3>(&[0])), 1.0);
    assert_eq!(accuracy(view(&outputs), &ids::<3>(&[1])), 0.0);
    assert_eq!(top_k_accuracy(2, view(&outputs), &ids::<3>(&[1])), 1.0);
}

#[test]
fn accuracy_agrees_with_the_matrix_on_what_is_no_number() {
    let nan = f32::NAN;
    for outputs in [[1.0, nan, 2.0], [nan, 1.0, nan], [nan; 3], [1.0, 2.0, nan]] {
        for target in 0..3 {
            let targets = ids::<3>(&[target]);
            let mut confusion = ConfusionMatrix::new();
            confusion.update(view(&outputs), &targets);
            assert_eq!(accuracy(view(&outputs), &targets), confusion.accuracy(), "{outputs:?}");
        }
    }
    assert_eq!(accuracy(view(&[1.0, nan, 2.0]), &ids::<3>(&[1])), 1.0);
}

#[test]
fn nothing_is_right_of_no_targets() {
    assert_eq!(accuracy(view(&[]), &ids::<3>(&[])), 0.0);
    assert_eq!(accuracy(view(&[1.0, 2.0, 3.0]), &ids::<3>(&[IGNORED])), 0.0);
    assert_eq!(ConfusionMatrix::<3>::new().accuracy(), 0.0);
}

#[test]
#[should_panic(expected = "outputs for 1 targets of 3 classes")]
fn another_number_of_columns_panics() {
    let _ = accuracy(view(&[0.0; 6]), &ids::<3>(&[1]));
}

/// Outputs that are largest at each of the classes.
fn predict(classes: &[usize]) -> Vec<f32> {
    let one_hot = |&class: &usize| (0..3).map(move |i| if i == class { 1.0 } else { 0.0 });
    classes.iter().flat_map(one_hot).collect()
}

/// In two batches: ten of class 0, of which eight are found, one is taken for a 1 and one for a
/// 2; four of class 1, of which one is found and three are taken for a 0; none of class 2.
fn example() -> ConfusionMatrix<3> {
    let mut confusion = ConfusionMatrix::new();
    confusion.update(view(&predict(&[0, 0, 0, 0, 0, 0, 0, 0, 1, 2])), &ids(&[0; 10]));
    confusion.update(view(&predict(&[0, 0, 0, 1, 2])), &ids(&[1, 1, 1, 1, IGNORED]));
    confusion
}

#[test]
fn the_measures_of_a_class() {
    let confusion = example();
    let counts: Vec<_> = (0..9).map(|i| confusion.count(i / 3, i % 3)).collect();
    assert_eq!(counts, [8, 1, 1, 3, 1, 0, 0, 0, 0]);
    assert_eq!(confusion.total(), 14);
    assert_eq!(confusion.accuracy(), 9.0 / 14.0);
    // Class 0 was predicted 8 + 3 times, class 1 twice, class 2 once.
    let precision = [0, 1, 2].map(|class| confusion.precision(class));
    assert_eq!(precision, [8.0 / 11.0, 1.0 / 2.0, 0.0 / 1.0]);
    let recall = [0, 1, 2].map(|class| confusion.recall(class));
    assert_eq!(recall, [8.0 / 10.0, 1.0 / 4.0, 0.0]);
    let f1 = [0, 1, 2].map(|class| confusion.f1(class));
    assert_eq!(f1, [16.0 / (11.0 + 10.0), 2.0 / (2.0 + 4.0), 0.0]);
}

#[test]
fn the_table() {
    let expected = "\
actual \\ predicted  0  1  2  precision  recall     F1
                 0  8  1  1      0.727   0.800  0.762
                 1  3  1  0      0.500   0.250  0.333
                 2  0  0  0      0.000   0.000  0.000
accuracy 0.643 of 14 samples";
    assert_eq!(example().to_string(), expected);

    let mut many = ConfusionMatrix::<2>::new();
    many.update(view(&[1.0, 0.0].repeat(1234)), &ids(&[0; 1234]));
    let expected = "\
actual \\ predicted     0     1  precision  recall     F1
                 0  1234     0      1.000   1.000  1.000
                 1     0     0      0.000   0.000  0.000
accuracy 1.000 of 1234 samples";
    assert_eq!(many.to_string(), expected);
}

#[test]
fn the_mean_over_batches() {
    let mut mean = Mean::new();
    assert_eq!((mean.get(), mean.count()), (0.0, 0));
    mean.add(0.5_f32, 100);
    mean.add(2.0, 50);
    mean.add(f64::NAN, 0);
    assert_eq!((mean.get(), mean.count()), (1.0, 150)); // (50 + 100) / 150
    assert_eq!(mean.perplexity(), std::f64::consts::E);
    mean.add(f64::NAN, 1);
    assert!(mean.get().is_nan());
}
