//! State, lanes and ids.

use formwork::data::{Batch, DataError, IGNORED, Tokens};
use formwork::layer::State;
use formwork::prelude::*;
use rand::{RngExt, SeedableRng};

network! {
    struct Speaker: Token<9> => Vector<9> {
        embed: Embedding<6>(Init::Normal(1.0)),
        lstm: Lstm<18>,
        gru: Gru<5>,
        rnn: Rnn<4>,
        fc: Dense<9>,
    }
}

fn tokens(ids: &[u32]) -> Batch<Tokens<9>> {
    Batch::from_vec(ids.to_vec()).unwrap()
}

fn assert_close(a: &[f32], b: &[f32]) {
    assert_eq!(a.len(), b.len());
    assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 2e-6), "{a:?}\n{b:?}");
}

#[test]
fn an_id_beyond_the_vocabulary_is_named() {
    let mut batch = tokens(&[3, 4]);
    let error = batch.push(&[9]).unwrap_err();
    assert_eq!(error, DataError::Id { sample: 2, id: 9, limit: 9 });
    assert_eq!(error.to_string(), "sample 2 has the id 9, expected an id below 9");
}

/// The same steps at once, in two calls, and one by one.
#[test]
fn state_carries_over() {
    let mut model = Model::<Speaker>::new(&mut Generator::seed_from_u64(1));
    // Four steps of three lanes.
    let ids = [0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 2, 4];
    let mut inference = Inference::<Speaker>::with_lanes(12, 3);
    let whole = inference.run(&model, &tokens(&ids)).as_slice().to_vec();
    for steps in [1, 2] {
        let mut inference = Inference::<Speaker>::with_lanes(12, 3);
        let mut parts = Vec::new();
        for ids in ids.chunks(3 * steps) {
            parts.extend_from_slice(inference.run(&model, &tokens(ids)).as_slice());
        }
        assert_close(&whole, &parts);
    }
    // Training goes forward alike.
    let mut workspace = Workspace::<Speaker>::with_lanes(12, 3, 0);
    assert_close(&whole, workspace.forward(&mut model, &tokens(&ids)).outputs().as_slice());
}

/// A lane that is reset, and a state that is taken back to an earlier point.
#[test]
fn state_is_reset_cloned_and_saved() {
    let model = Model::<Speaker>::new(&mut Generator::seed_from_u64(2));
    let mut inference = Inference::<Speaker>::with_lanes(2, 2);
    let fresh = inference.run(&model, &tokens(&[1, 1])).as_slice().to_vec();
    assert_close(&fresh[..9], &fresh[9..]);
    let point = inference.state_mut().clone();
    let mut saved = Vec::new();
    inference.state_mut().visit(&mut |part| saved.push(part.to_vec()));
    // h and c of the LSTM, h of the others.
    assert_eq!(saved.iter().map(Vec::len).collect::<Vec<_>>(), [36, 36, 10, 8]);

    let second = inference.run(&model, &tokens(&[1, 1])).as_slice().to_vec();
    assert!(second.iter().zip(&fresh).any(|(a, b)| (a - b).abs() > 1e-3), "it remembers");
    inference.state_mut().reset(1);
    let third = inference.run(&model, &tokens(&[1, 1])).as_slice().to_vec();
    assert_close(&third[9..], &fresh[9..]);
    assert!(third[..9].iter().zip(&fresh[..9]).any(|(a, b)| (a - b).abs() > 1e-3));

    *inference.state_mut() = point;
    assert_eq!(inference.run(&model, &tokens(&[1, 1])).as_slice(), second);
    let mut parts = saved.iter();
    inference.state_mut().visit(&mut |part| part.copy_from_slice(parts.next().unwrap()));
    assert_eq!(inference.run(&model, &tokens(&[1, 1])).as_slice(), second);

    inference.reset();
    assert_eq!(inference.run(&model, &tokens(&[1, 1])).as_slice(), fresh);
}

#[test]
#[should_panic(expected = "7 columns are not the same number of steps for each of 3 lanes")]
fn lanes_are_of_one_length() {
    let model = Model::<Speaker>::zeroed();
    Inference::<Speaker>::with_lanes(12, 3).run(&model, &tokens(&[0; 7]));
}

#[test]
#[should_panic(expected = "a batch of 13 columns, but there is room for 12")]
fn a_batch_that_is_too_large_is_refused() {
    let model = Model::<Speaker>::zeroed();
    Inference::<Speaker>::with_lanes(12, 3).run(&model, &tokens(&[0; 13]));
}

network! {
    struct Large: Token<97> => Vector<97> {
        embed: Embedding<33>(Init::Normal(1.0)),
        rnn: Rnn<100>,
        lstm: Lstm<34>,
        gru: Gru<50>,
        head: Dense<97>,
    }
}

/// Sizes at which single precision takes other ways through the kernels than the small ones of the
/// gradient checks: the gradients of both precisions, with carried state.
#[test]
fn single_precision_agrees_with_double() {
    for lanes in [1, 3, 10, 20] {
        let mut rng = Generator::seed_from_u64(9);
        let mut single = Model::<Large>::new(&mut rng);
        let mut double = Model::<Large, f64>::zeroed();
        for (d, &s) in double.parameters_mut().iter_mut().zip(single.parameters()) {
            *d = f64::from(s);
        }
        let columns = 5 * lanes;
        let mut workspace = Workspace::<Large>::with_lanes(columns, lanes, 0);
        let mut exact = Workspace::<Large, f64>::with_lanes(columns, lanes, 0);
        for call in 0..2 {
            let mut ids = || (0..columns).map(|_| rng.random_range(0..97)).collect::<Vec<u32>>();
            let (x, t) = (ids(), ids());
            let loss = SoftmaxCrossEntropy::new();
            let (x32, t32) =
                (Batch::from_vec(x.clone()).unwrap(), Batch::from_vec(t.clone()).unwrap());
            let (x64, t64) = (Batch::from_vec(x).unwrap(), Batch::from_vec(t).unwrap());
            let mut step = workspace.forward(&mut single, &x32);
            step.loss(&loss, &t32);
            let found = step.backward();
            let mut step = exact.forward(&mut double, &x64);
            step.loss(&loss, &t64);
            let expected = step.backward();
            for (i, (found, &mut expected)) in found.iter().zip(expected).enumerate() {
                assert!(
                    (f64::from(*found) - expected).abs() < 1e-6,
                    "{lanes} lanes, call {call}, parameter {i}: expected {expected}, found {found}"
                );
            }
        }
    }
}

network! {
    struct Exact: Token<9> => Vector<9> {
        embed: Embedding<6>(Init::Normal(1.0)), lstm: Lstm<7>, gru: Gru<5>, rnn: Rnn<4>, fc: Dense<9>,
    }
}

/// The gradient of so many lanes, from the state zero on.
fn gradient(model: &mut Model<Exact, f64>, lanes: usize, ids: &[u32], t: &[u32]) -> Vec<f64> {
    let mut workspace = Workspace::<Exact, f64>::with_lanes(ids.len(), lanes, 0);
    let x = Batch::from_vec(ids.to_vec()).unwrap();
    let mut step = workspace.forward(model, &x);
    step.loss(&SoftmaxCrossEntropy::new(), &Batch::from_vec(t.to_vec()).unwrap());
    step.backward().to_vec()
}

/// Two lanes, of five steps and of three: what comes after the end of the second counts for nothing.
#[test]
fn a_lane_may_end_early() {
    let model = &mut Model::<Exact, f64>::new(&mut Generator::seed_from_u64(5));
    let (long, short) = ([3, 1, 4, 1, 5], [2, 7, 1]);
    let (of_long, of_short) = ([1, 4, 1, 5, 0], [7, 1, 8]);
    let one_by_one = [gradient(model, 1, &long, &of_long), gradient(model, 1, &short, &of_short)];
    let targets = [1, 7, 4, 1, 1, 8, 5, IGNORED, 0, IGNORED];
    for rest in [[0, 0], [8, 6]] {
        let ids = [3, 2, 1, 7, 4, 1, 1, rest[0], 5, rest[1]];
        let found = gradient(model, 2, &ids, &targets);
        // Means over 8, 5 and 3 steps.
        for (i, found) in found.iter().enumerate() {
            let expected = (5.0 * one_by_one[0][i] + 3.0 * one_by_one[1][i]) / 8.0;
            assert!((found - expected).abs() < 1e-14, "parameter {i}: {expected} {found}");
        }
    }
}

/// The next sequence in a lane begins from zero, while the other lane goes on.
#[test]
fn a_lane_is_reset_alone() {
    let mut model = Model::<Speaker>::new(&mut Generator::seed_from_u64(6));
    let mut workspace = Workspace::<Speaker>::with_lanes(6, 3, 0);
    let _ = workspace.forward(&mut model, &tokens(&[1, 2, 3, 4, 5, 6]));
    let parts = |workspace: &mut Workspace<Speaker>| {
        let mut parts = Vec::new();
        workspace.state_mut().visit(&mut |part| parts.push(part.to_vec()));
        parts
    };
    let before = parts(&mut workspace);
    workspace.state_mut().reset(1);
    for (before, after) in before.iter().zip(parts(&mut workspace)) {
        let size = before.len() / 3;
        let lane = |part: &[f32], lane: usize| part[lane * size..][..size].to_vec();
        assert!(lane(before, 1).iter().all(|&value| value != 0.0));
        assert_eq!(lane(&after, 0), lane(before, 0));
        assert_eq!(lane(&after, 1), vec![0.0; size]);
        assert_eq!(lane(&after, 2), lane(before, 2));
    }
}
