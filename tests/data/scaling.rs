use formwork::data::{Batch, Dataset, Grid, Scaling, Values};

#[test]
fn each_number_by_its_own_mean_and_deviation() {
    // First number: mean 4, variance (9 + 1 + 1 + 9) / 4 = 5. Second: always 0.1.
    let rows = [[1.0, 0.1], [3.0, 0.1], [5.0, 0.1], [7.0, 0.1]];
    let mut batch = Batch::<Grid<2>, f64>::from_rows(rows).unwrap();
    let scaling = Scaling::standard(&batch);
    scaling.apply(&mut batch);
    for (column, difference) in batch.iter().zip([-3.0, -1.0, 1.0, 3.0]) {
        assert!((column[0] - difference / f64::sqrt(5.0)).abs() < 1e-15);
        assert_eq!(column[1], 0.0);
    }

    // What never varied is only shifted.
    let mut other = Batch::from_rows([[4.0, 0.6]]).unwrap();
    scaling.apply(&mut other);
    assert_eq!(other.data(), [0.0, 0.5]);
    scaling.undo(&mut other);
    assert_eq!(other.data(), [4.0, 0.6]);
}

#[test]
fn a_constant_does_not_vary_by_rounding() {
    // Ten times 0.1 add up to less than 1, and so a plain mean would differ from each of them.
    assert_ne!([0.1; 10].iter().sum::<f64>() / 10.0, 0.1);
    let batch = Batch::<Grid<1>, f64>::from_vec(vec![0.1; 10]).unwrap();
    let mut other = Batch::from_rows([[0.6]]).unwrap();
    Scaling::standard(&batch).apply(&mut other);
    assert_eq!(other.data(), [0.5]);
}

#[test]
fn each_channel_by_its_mean_and_deviation() {
    // Channel 0: 0, 2, 4, 6: mean 3, variance 5. Channel 1: 10, 10, 30, 30: mean 20, deviation 10.
    let rows = [[0.0, 2.0, 10.0, 10.0], [4.0, 6.0, 30.0, 30.0]];
    let mut batch = Batch::<Grid<2, 1, 2>, f64>::from_rows(rows).unwrap();
    Scaling::standard_by_channel(&batch).apply(&mut batch);
    let root = f64::sqrt(5.0);
    let expected = [-3.0 / root, -1.0 / root, -1.0, -1.0, 1.0 / root, 3.0 / root, 1.0, 1.0];
    for (scaled, expected) in batch.data().iter().zip(expected) {
        assert!((scaled - expected).abs() < 1e-15, "{scaled} {expected}");
    }
}

#[test]
fn the_range_from_zero_to_one() {
    let mut batch = Batch::<Grid<2>>::from_rows([[-1.0, 7.0], [3.0, 7.0]]).unwrap();
    let scaling = Scaling::unit_range(&batch);
    scaling.apply(&mut batch);
    assert_eq!(batch.data(), [0.0, 0.0, 1.0, 0.0]);

    let mut other = Batch::from_rows([[5.0, 8.0]]).unwrap();
    scaling.apply(&mut other);
    assert_eq!(other.data(), [1.5, 1.0]);
}

#[test]
fn what_was_measured_on_nothing_changes_nothing() {
    let empty = Batch::<Grid<2>>::new();
    for scaling in [
        Scaling::standard(&empty),
        Scaling::standard_by_channel(&empty),
        Scaling::unit_range(&empty),
    ] {
        let mut batch = Batch::from_rows([[5.0, 8.0]]).unwrap();
        scaling.apply(&mut batch);
        assert_eq!(batch.data(), [5.0, 8.0]);
    }
}

#[test]
fn both_sides_of_a_data_set() {
    let mut data =
        Dataset::<Grid<1>, Values<1>>::from_vecs(vec![0.0, 4.0], vec![10.0, 30.0]).unwrap();
    let (inputs, targets) = (Scaling::unit_range(data.inputs()), Scaling::standard(data.targets()));
    data.scale_inputs(&inputs);
    data.scale_targets(&targets);
    assert_eq!((data.inputs().data(), data.targets().data()), (&[0.0, 1.0][..], &[-1.0, 1.0][..]));
}
