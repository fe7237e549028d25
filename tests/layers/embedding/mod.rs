//! Embeddings, of one token and of several.

mod bags;

use crate::harness::{assert_near, cases, passes};
use formwork::data::{Bags, Batch, Classes, Sample, Tokens};
use formwork::gradcheck::GradCheck;
use formwork::layer::{Layer, as_slice};
use formwork::optim::{AdamW, Optimizer};
use formwork::prelude::*;
use formwork::typenum::{U2, U5};
use proptest::prelude::*;
use rand::SeedableRng;

network! { struct Lookup: Token<5> => Vector<2> { embed: Embedding<2> } }
network! { struct Mean: Bag<5, 2> => Vector<2> { embed: Embedding<2> } }
network! { struct BagOfOne: Bag<5, 1> => Vector<2> { embed: Embedding<2> } }

/// `W[id] = [id, -10 id]`
fn model<N: Network>() -> Model<N, f64> {
    let mut model = Model::<N, f64>::zeroed();
    let weight = model.parameters_mut().as_chunks_mut().0;
    weight.iter_mut().enumerate().for_each(|(id, row)| *row = [id as f64, -10.0 * id as f64]);
    model
}

#[test]
fn looks_rows_up_and_takes_means() {
    let tokens = Batch::<Tokens<5>, f64>::from_vec(vec![3, 0, 4]).unwrap();
    let y = [3.0, -30.0, 0.0, 0.0, 4.0, -40.0];
    let mut inference = Inference::<Lookup, f64>::new(3);
    assert_eq!(inference.run(&model(), &tokens).as_slice(), y);
    let bags = Batch::<Bags<5, 1>, f64>::from_vec(vec![3, 0, 4]).unwrap();
    let mut inference = Inference::<BagOfOne, f64>::new(3);
    assert_eq!(inference.run(&model(), &bags).as_slice(), y);
    let bags = Batch::<Bags<5, 2>, f64>::from_rows([[1, 4], [3, 3]]).unwrap();
    let mut inference = Inference::<Mean, f64>::new(2);
    assert_eq!(inference.run(&model(), &bags).as_slice(), [2.5, -25.0, 3.0, -30.0]);
}

#[test]
fn gradients_are_sums_over_columns_and_hold_nothing_of_the_batch_before() {
    let mut model = model::<Lookup>();
    let mut workspace = Workspace::<Lookup, f64>::new(3, 0);
    for (ids, expected) in [
        ([3, 0, 3], [[3.0, 4.0], [0.0; 2], [0.0; 2], [6.0, 8.0], [0.0; 2]]),
        ([1, 1, 1], [[0.0; 2], [9.0, 12.0], [0.0; 2], [0.0; 2], [0.0; 2]]),
    ] {
        let tokens = Batch::<Tokens<5>, f64>::from_vec(ids.to_vec()).unwrap();
        let mut step = workspace.forward(&mut model, &tokens);
        let dy = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        step.output_gradient_mut().copy_from_slice(&dy);
        assert_eq!(step.backward(), expected.as_flattened());
    }
    let mut model = self::model::<Mean>();
    let mut workspace = Workspace::<Mean, f64>::new(2, 0);
    for (bags, expected) in [
        ([[0, 1], [1, 2]], [[0.5, 1.0], [2.0, 3.0], [1.5, 2.0], [0.0; 2], [0.0; 2]]),
        ([[4, 4], [4, 3]], [[0.0; 2], [0.0; 2], [0.0; 2], [1.5, 2.0], [2.5, 4.0]]),
    ] {
        let bags = Batch::<Bags<5, 2>, f64>::from_rows(bags).unwrap();
        let mut step = workspace.forward(&mut model, &bags);
        step.output_gradient_mut().copy_from_slice(&[1.0, 2.0, 3.0, 4.0]);
        assert_eq!(step.backward(), expected.as_flattened());
    }
}

network! { struct Padded: Token<5> => Vector<2> { embed: Embedding<2, padding = 2> } }
network! { struct PaddedBag: Bag<5, 3> => Vector<2> { embed: Embedding<2, padding = 2> } }

/// A padding id has no gradient and is no part of a bag: the values of `tests/reference/embedding.py`.
#[test]
fn padding_as_in_pytorch() {
    fn check<N: Network>(ids: Vec<u32>, y: &[f64], dw: [[f64; 2]; 5])
    where
        N::Sample: Sample<Element<f64> = u32>,
    {
        let batch = Batch::<N::Sample, f64>::from_vec(ids).unwrap();
        let (mut model, mut workspace) = (model::<N>(), Workspace::<N, f64>::new(4, 0));
        let mut step = workspace.forward(&mut model, &batch);
        assert_near("y", step.outputs().as_slice(), y, 1e-15);
        for (i, dy) in step.output_gradient_mut().iter_mut().enumerate() {
            *dy = 1.0 + i as f64;
        }
        assert_near("dw", step.backward(), dw.as_flattened(), 1e-15);
    }
    let y = [3.0, -30.0, 2.0, -20.0, 3.0, -30.0, 1.0, -10.0];
    check::<Padded>(vec![3, 2, 3, 1], &y, [[0.0; 2], [7.0, 8.0], [0.0; 2], [6.0, 8.0], [0.0; 2]]);
    let y = [2.5, -25.0, 3.0, -30.0, 0.0, 0.0, 1.6666666666666667, -16.666666666666668];
    let (one, three) =
        ([5.166666666666666, 6.333333333333333], [5.333333333333333, 6.666666666666666]);
    let ids = vec![1, 4, 2, 3, 2, 2, 2, 2, 2, 1, 1, 3];
    check::<PaddedBag>(ids, &y, [[0.0; 2], one, [0.0; 2], three, [0.5, 1.0]]);
}

/// The other vectors begin as without padding, and weight decay and momentum leave zeros at zero.
#[test]
fn the_vector_of_padding_stays_zero() {
    let mut model = Model::<Padded>::new(&mut Generator::seed_from_u64(1));
    let without = Model::<Lookup>::new(&mut Generator::seed_from_u64(1));
    for (id, row) in model.embed.weight.iter().enumerate() {
        assert_eq!(*row, if id == 2 { [0.0; 2].into() } else { without.embed.weight[id] });
    }
    let mut workspace = Workspace::<Padded>::new(3, 0);
    let (mut adamw, before) = (AdamW::new(0.1), model.embed.weight);
    let tokens = Batch::<Tokens<5>>::from_vec(vec![2, 1, 2]).unwrap();
    for _ in 0..3 {
        let mut step = workspace.forward(&mut model, &tokens);
        step.output_gradient_mut().fill(1.0);
        let gradient = step.backward();
        adamw.step(model.parameters_mut(), gradient);
    }
    assert_eq!(model.embed.weight[2], [0.0; 2].into());
    assert_ne!(model.embed.weight[1], before[1]);
}

network! {
    struct PaddedAround: Bag<7, 3> => Vector<7> {
        embed: Embedding<3, padding = 6>(Init::Normal(1.0)), Tanh, head: Dense<7>,
    }
}
network! { struct Words: Token<7> => Vector<7> { embed: Embedding<3>(Init::Normal(1.0)), fc: Dense<7> } }
network! {
    struct Tied: Token<7> => Vector<7> {
        embed: Embedding<3>(Init::Normal(1.0)), Tanh, head: Dense<7> tied to embed,
    }
}
network! {
    struct Around: Bag<7, 3> => Vector<7> {
        embed: Embedding<3>(Init::Normal(1.0)), Tanh, head: Dense<7> tied to embed,
    }
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn gradients(
        seed: u64,
        ids in prop::collection::vec(0..7_u32, 5),
        bags in prop::collection::vec(0..7_u32, 15),
        classes in prop::collection::vec(0..7_u32, 5),
    ) {
        let mut rng = Generator::seed_from_u64(seed);
        let (check, loss) = (GradCheck::new(seed), SoftmaxCrossEntropy::new());
        let targets = Batch::<Classes<7>, f64>::from_vec(classes).unwrap();
        let tokens = Batch::<Tokens<7>, f64>::from_vec(ids).unwrap();
        passes(check.loss(&loss, &Model::<Words, f64>::new(&mut rng), &tokens, &targets))?;
        passes(check.loss(&loss, &Model::<Tied, f64>::new(&mut rng), &tokens, &targets))?;
        let bags = Batch::<Bags<7, 3>, f64>::from_vec(bags).unwrap();
        passes(check.loss(&loss, &Model::<Around, f64>::new(&mut rng), &bags, &targets))?;
        let few = bags.data().iter().map(|&id| id % 6).collect(); // differences know no padding
        let few = Batch::<Bags<7, 3>, f64>::from_vec(few).unwrap();
        passes(check.loss(&loss, &Model::<PaddedAround, f64>::new(&mut rng), &few, &targets))?;
    }
}

network! { struct Large: Token<1000> => Vector<50> { embed: Embedding<50> } }

#[test]
fn starts_with_small_vectors() {
    let model = Model::<Large, f64>::new(&mut Generator::seed_from_u64(2));
    let weight = as_slice::<f64, _>(&model.embed.weight);
    let variance = weight.iter().map(|w| w * w).sum::<f64>() / 50_000.0;
    // A variance of n values is off by sqrt(2 / n) of itself: four times that.
    assert!((variance / 1e-4 - 1.0).abs() < 4.0 * (2.0_f64 / 50_000.0).sqrt(), "{variance}");
}

#[test]
fn only_bags_take_operations() {
    assert_eq!(<Embedding<U5> as Layer<Token<U2>>>::OPERATIONS, 0);
    assert_eq!(<Embedding<U5> as Layer<Bag<U2, U2>>>::OPERATIONS, 2 * 5);
}
