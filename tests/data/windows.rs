//! Windows of a signal.

use super::rng;
use formwork::data::{DataError, Dataset, Grid, Values, Windows};

/// A signal whose steps have their numbers, and targets that are ten times as large.
fn signal(steps: u16) -> Dataset<Grid<1>, Values<1>> {
    let numbers: Vec<f32> = (0..steps).map(f32::from).collect();
    let targets = numbers.iter().map(|number| 10.0 * number).collect();
    Dataset::from_vecs(numbers, targets).unwrap()
}

#[test]
fn windows_overlap_by_what_is_looked_back_on() {
    let data = signal(12);
    let mut windows = Windows::new(3, 2, 2);
    assert_eq!((windows.warm_up(), windows.columns()), (2, 8));
    let mut epoch = windows.in_order(&data).unwrap();
    assert_eq!(epoch.remaining(), 2);
    let mut batches = Vec::new();
    while let Some((inputs, targets)) = epoch.next_batch() {
        let expected: Vec<f32> = inputs.data().iter().map(|number| 10.0 * number).collect();
        assert_eq!(targets.data(), expected);
        batches.push(inputs.data().to_vec());
    }
    // Windows from 0, 2, 4 and 6 on, two side by side; that from 8 on is left over.
    assert_eq!(batches[0], [0.0, 2.0, 1.0, 3.0, 2.0, 4.0, 3.0, 5.0]);
    assert_eq!(batches[1], [4.0, 6.0, 5.0, 7.0, 6.0, 8.0, 7.0, 9.0]);
    assert_eq!(batches.len(), 2);
}

#[test]
fn every_step_is_learnt_once_in_an_order_of_its_own() {
    let data = signal(4 + 3 * 20);
    let mut windows = Windows::new(5, 3, 4);
    let mut learnt = |rng: &mut _| {
        let mut epoch = windows.shuffled(&data, rng).unwrap();
        let mut learnt = Vec::new();
        while let Some((inputs, _)) = epoch.next_batch() {
            learnt.extend(&inputs.data()[4 * 4..]);
        }
        learnt
    };
    let mut generator = rng(1);
    let (first, second) = (learnt(&mut generator), learnt(&mut generator));
    assert_ne!(first, second);
    assert_eq!(first, learnt(&mut rng(1)), "the same seed, the same order");
    let mut sorted = first.clone();
    sorted.sort_by(f32::total_cmp);
    assert_eq!(sorted, (4..64).map(|i| i as f32).collect::<Vec<_>>());
}

#[test]
fn a_signal_that_is_too_short_is_refused() {
    let mut windows = Windows::new(5, 3, 4);
    assert!(windows.in_order(&signal(16)).is_ok());
    let error = windows.in_order(&signal(15)).err().unwrap();
    assert_eq!(error, DataError::Windows { found: 15, needed: 16 });
    assert_eq!(
        error.to_string(),
        "found a signal of 15 steps, expected at least 16 for a batch of windows"
    );
}

#[test]
#[should_panic(expected = "windows of a network that looks back without limit")]
fn recurrent_networks_have_no_windows() {
    let _ = Windows::<Grid<1>, Values<1>>::new(usize::MAX, 256, 32);
}
