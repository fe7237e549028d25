//! Sequences of different lengths.

use crate::rng;
use formwork::data::{
    Batch, Classes, DataError, Dataset, Grid, IGNORED, SequenceBatches, SequenceSet, Tokens, Values,
};

#[test]
fn sequences_lie_side_by_side() {
    let batch = Batch::<Grid<2>>::from_sequences([&[1.0, 2.0, 3.0, 4.0][..], &[5.0, 6.0]]).unwrap();
    assert_eq!(batch.data(), [1.0, 2.0, 5.0, 6.0, 3.0, 4.0, 0.0, 0.0]);
    assert_eq!(batch.lengths(), Some(&[2, 1][..]));
    let targets = Batch::<Classes<3>>::from_sequences([vec![2], vec![0, 1, 2]]).unwrap();
    assert_eq!(targets.data(), [2, 0, IGNORED, 1, IGNORED, 2]);
    let none: [&[f32]; 0] = [];
    assert!(Batch::<Grid<2>>::from_sequences(none).unwrap().is_empty());
}

#[test]
fn what_is_no_sequence_is_refused() {
    let error = |sequences: &[&[u32]]| Batch::<Tokens<5>>::from_sequences(sequences).unwrap_err();
    assert_eq!(
        error(&[&[1], &[]]).to_string(),
        "sequence 1: found no steps, expected at least one"
    );
    assert_eq!(
        error(&[&[1], &[4, 0, 5]]).to_string(),
        "sequence 1: sample 2 has the id 5, expected an id below 5"
    );
    let error = Batch::<Grid<2>>::from_sequences([[1.0, 2.0, 3.0]]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "sequence 0: found 3 numbers, expected a multiple of 2 for samples of 2x1x1"
    );
}

/// What changes which samples there are makes others of them.
#[test]
fn lengths_are_those_of_the_samples() {
    let batch = || Batch::<Tokens<5>>::from_sequences([&[1, 2][..], &[3]]).unwrap();
    let (mut pushed, mut cleared, mut gathered) = (batch(), batch(), batch());
    assert_eq!(batch(), batch());
    assert_ne!(batch(), Batch::from_vec(batch().into_vec()).unwrap());
    assert_eq!(batch().clone().lengths(), Some(&[2, 1][..]));
    pushed.push(&[4]).unwrap();
    cleared.clear();
    gathered.gather(&batch(), &[0, 1]);
    assert_eq!([pushed, cleared, gathered].map(|batch| batch.lengths().is_none()), [true; 3]);
    let targets = Batch::<Classes<2>>::from_vec(vec![0; 4]).unwrap();
    let error = Dataset::new(batch(), targets).unwrap_err();
    assert_eq!(error, DataError::Lanes { found: 2 });
    assert_eq!(
        error.to_string(),
        "found 2 sequences side by side, expected samples that have nothing to do with each other"
    );
}

#[test]
fn a_set_deals_every_sequence_once() {
    let mut set = SequenceSet::<Grid<1>, Values<2>>::new();
    assert!(set.is_empty());
    for length in 1..=5_u8 {
        let number = f32::from(length);
        set.push(&vec![number; length.into()], &[number, -number]).unwrap();
    }
    assert_eq!((set.len(), set.longest()), (5, 5));
    let mut batches = SequenceBatches::new(2);
    let mut orders = Vec::new();
    for _ in 0..2 {
        let mut epoch = batches.shuffled(&set, &mut rng(orders.len() as u64));
        let (mut seen, mut sizes) = (Vec::new(), Vec::new());
        assert_eq!(epoch.remaining(), 3);
        while let Some((inputs, targets)) = epoch.next_batch() {
            let lengths = inputs.lengths().unwrap();
            sizes.push(lengths.len());
            assert_eq!(targets.columns(), lengths.len());
            for (lane, &length) in lengths.iter().enumerate() {
                let number = length as f32;
                assert_eq!(targets.column(lane), [number, -number]);
                for step in 0..inputs.columns() / lengths.len() {
                    let expected = if step < length { number } else { 0.0 };
                    assert_eq!(inputs.column(step * lengths.len() + lane), [expected]);
                }
                seen.push(length);
            }
        }
        assert_eq!(sizes, [2, 2, 1]);
        orders.push(seen.clone());
        seen.sort_unstable();
        assert_eq!(seen, [1, 2, 3, 4, 5]);
    }
    assert_ne!(orders[0], orders[1]);
}

#[test]
fn a_set_may_have_a_target_for_each_step() {
    let mut set = SequenceSet::<Tokens<9>, Classes<9>>::default();
    set.push(&[5], &[6]).unwrap(); // may be either
    set.push(&[1, 2, 3], &[2, 3, 4]).unwrap();
    let error = set.push(&[1, 2], &[2]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "sequence 2: found 1 targets for 2 steps, expected one for each step or one for all, as for \
         the sequences before"
    );
    assert!(set.push(&[1, 2, 3], &[2, 3]).is_err() && set.push(&[1], &[]).is_err());
    assert!(set.push(&[9], &[1]).is_err() && set.push(&[1], &[9]).is_err());
    set.push(&[7], &[8]).unwrap();
    let mut batches = SequenceBatches::new(3);
    let mut epoch = batches.in_order(&set);
    let (inputs, targets) = epoch.next_batch().unwrap();
    assert_eq!(inputs.data(), [5, 1, 7, 0, 2, 0, 0, 3, 0]);
    let none = IGNORED;
    assert_eq!(targets.data(), [6, 2, 8, none, 3, none, none, 4, none]);
    assert!(epoch.next_batch().is_none());
}
