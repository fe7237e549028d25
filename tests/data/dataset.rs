use std::collections::BTreeMap;

use formwork::data::{Batch, Batches, Classes, DataError, Dataset, Grid, IGNORED, Part, Values};

use super::rng;

/// Sample `i` has the inputs `(i, -i)` and the target `10 i`.
fn numbered(len: usize) -> Dataset<Grid<2>, Values<1>> {
    let inputs = (0..len).flat_map(|i| [i as f32, -(i as f32)]).collect();
    let targets = (0..len).map(|i| 10.0 * i as f32).collect();
    Dataset::from_vecs(inputs, targets).unwrap()
}

/// The numbers of the samples in their order, each checked to be whole.
fn numbers(inputs: &Batch<Grid<2>>, targets: &Batch<Values<1>>) -> Vec<usize> {
    let pairs = inputs.iter().zip(targets);
    let whole = |(input, target): (&[f32], &[f32])| {
        assert_eq!((input[1], target[0]), (-input[0], 10.0 * input[0]));
        input[0] as usize
    };
    pairs.map(whole).collect()
}

fn order(data: &Dataset<Grid<2>, Values<1>>) -> Vec<usize> {
    numbers(data.inputs(), data.targets())
}

fn sorted(mut numbers: Vec<usize>) -> Vec<usize> {
    numbers.sort_unstable();
    numbers
}

#[test]
fn counts_agree() {
    let error = Dataset::<Grid<2>, Classes<2>>::from_vecs(vec![0.0; 6], vec![0, 1]).unwrap_err();
    assert_eq!(error.to_string(), "found 3 inputs and 2 targets, expected as many of each");
}

#[test]
fn numbers_are_finite() {
    // Number 22 of the second sample of 2x3x4: 22 = 1 * 12 + 2 * 4 + 2.
    let mut inputs = vec![0.0; 48];
    inputs[24 + 22] = f32::NAN;
    let error = Dataset::<Grid<2, 3, 4>, Classes<2>>::from_vecs(inputs, vec![0, 1]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "input 1 is NaN at channel 1, row 2, column 2, expected a finite number"
    );

    let targets = vec![0.0, 1.0, 2.0, f32::NEG_INFINITY];
    let error = Dataset::<Grid<1>, Values<2>>::from_vecs(vec![0.0; 2], targets).unwrap_err();
    let (at, value) = ([1, 0, 0], f64::NEG_INFINITY);
    assert_eq!(error, DataError::NotFinite { part: Part::Target, sample: 1, at, value });
    assert_eq!(
        error.to_string(),
        "target 1 is -inf at channel 1, row 0, column 0, expected a finite number"
    );
}

#[test]
fn samples_by_index() {
    let data = numbered(4);
    assert_eq!(data.get(3), Some((&[3.0, -3.0][..], &[30.0][..])));
    assert_eq!(data.get(4), None);
    assert_eq!(order(&data.subset(&[3, 1, 1])), [3, 1, 1]);
    assert_eq!(order(&data.clone().take(2)), [0, 1]);
    assert_eq!(order(&data.clone().take(9)), [0, 1, 2, 3]);
    let (first, rest) = data.split_at(3);
    assert_eq!((order(&first), order(&rest)), (vec![0, 1, 2], vec![3]));
}

#[test]
fn class_counts() {
    let ids = vec![3, 0, 3, IGNORED, 3, 1];
    let data = Dataset::<Grid<1>, Classes<4>>::from_vecs(vec![0.0; 6], ids);
    assert_eq!(data.unwrap().class_counts(), [1, 1, 0, 3]);
}

#[test]
fn a_shuffle_is_a_reproducible_permutation() {
    let (mut first, mut second, mut other) = (numbered(100), numbered(100), numbered(100));
    first.shuffle(&mut rng(1));
    second.shuffle(&mut rng(1));
    other.shuffle(&mut rng(2));
    assert_eq!(first, second);
    assert_ne!(first, other);
    assert_eq!(sorted(order(&first)), (0..100).collect::<Vec<_>>());
}

/// Draws 6000 orders of three samples.
fn assert_every_order_is_as_likely(mut draw: impl FnMut() -> Vec<usize>) {
    let mut counts = BTreeMap::new();
    for _ in 0..6000 {
        *counts.entry(draw()).or_insert(0) += 1;
    }
    assert_eq!(counts.len(), 6);
    // Binomial: mean 6000 / 6 = 1000, deviation sqrt(1000 * 5 / 6) = 29; five of them are 145.
    assert!(counts.values().all(|count| (855..=1145).contains(count)), "{counts:?}");
}

#[test]
fn a_shuffle_is_uniform() {
    let mut rng = rng(3);
    assert_every_order_is_as_likely(|| {
        let mut data = numbered(3);
        data.shuffle(&mut rng);
        order(&data)
    });
}

#[test]
fn the_order_of_an_epoch_is_uniform() {
    let (data, mut batches, mut rng) = (numbered(3), Batches::new(3), rng(3));
    assert_every_order_is_as_likely(|| {
        let mut epoch = batches.shuffled(&data, &mut rng);
        let (inputs, targets) = epoch.next_batch().unwrap();
        numbers(inputs, targets)
    });
}

#[test]
fn a_split_shares_all_samples_out() {
    let (train, test) = numbered(1797).split(0.8, &mut rng(4));
    // 0.8 * 1797 = 1437.6
    assert_eq!((train.len(), test.len()), (1438, 359));
    let all = [order(&train), order(&test)].concat();
    assert_ne!(all, sorted(all.clone()));
    assert_eq!(sorted(all), (0..1797).collect::<Vec<_>>());

    let again = numbered(1797).split(0.8, &mut rng(4));
    assert_eq!((train, test), again);

    let (all, none) = numbered(5).split(1.0, &mut rng(5));
    assert_eq!((all.len(), none.is_empty()), (5, true));
}

#[test]
#[should_panic(expected = "split at the fraction 80, not within 0 to 1")]
fn a_split_takes_a_fraction() {
    numbered(2).split(80.0, &mut rng(6));
}

#[test]
fn an_epoch_visits_each_sample_once() {
    for (len, size) in [(10, 3), (9, 3), (2, 5), (0, 4)] {
        let data = numbered(len);
        let mut batches = Batches::new(size);
        let mut epoch = batches.shuffled(&data, &mut rng(7));
        assert_eq!(epoch.remaining(), len.div_ceil(size));

        let mut seen = vec![];
        while let Some((inputs, targets)) = epoch.next_batch() {
            assert_eq!(inputs.columns(), size.min(len - seen.len()));
            seen.extend(numbers(inputs, targets));
        }
        assert_eq!(sorted(seen), (0..len).collect::<Vec<_>>());
    }
}

#[test]
fn epochs_differ_and_are_reproducible() {
    let data = numbered(50);
    let run = |seed| {
        let (mut batches, mut rng) = (Batches::new(8), rng(seed));
        let mut epoch = || {
            let mut epoch = batches.shuffled(&data, &mut rng);
            let mut seen = vec![];
            while let Some((inputs, targets)) = epoch.next_batch() {
                seen.extend(numbers(inputs, targets));
            }
            seen
        };
        (epoch(), epoch())
    };
    let (first, second) = run(8);
    assert_ne!(first, second);
    assert_eq!(run(8), (first, second));
}

#[test]
fn batches_are_gathered_in_the_same_memory() {
    let data = numbered(50);
    let mut batches = Batches::new(8);
    let mut memory = None;
    for seed in 0..3 {
        let mut epoch = batches.shuffled(&data, &mut rng(seed));
        while let Some((inputs, targets)) = epoch.next_batch() {
            let place = (inputs.data().as_ptr(), targets.data().as_ptr());
            assert_eq!(*memory.get_or_insert(place), place);
        }
    }
}

#[test]
fn batches_in_order_leave_a_partial_one() {
    let data = numbered(5);
    let mut batches = Batches::new(3);
    let mut epoch = batches.in_order(&data);
    let (inputs, targets) = epoch.next_batch().unwrap();
    assert_eq!(numbers(inputs, targets), [0, 1, 2]);
    let (inputs, targets) = epoch.next_batch().unwrap();
    assert_eq!(numbers(inputs, targets), [3, 4]);
    assert!(epoch.next_batch().is_none());
}
