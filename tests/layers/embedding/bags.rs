//! Sums and largest of the vectors of several tokens.

use crate::harness::{assert_near, cases, passes};
use formwork::data::{Bags, Batch, Classes};
use formwork::gradcheck::GradCheck;
use formwork::layer::Layer;
use formwork::prelude::*;
use formwork::typenum::{U2, U5, U7};
use proptest::prelude::*;
use rand::SeedableRng;

type Three = Bags<5, 3>;

network! { struct Sum: Bag<5, 3> => Vector<2> { embed: EmbeddingSum<2> } }
network! { struct PaddedSum: Bag<5, 3> => Vector<2> { embed: EmbeddingSum<2, padding = 1> } }
network! { struct Max: Bag<5, 3> => Vector<2> { embed: EmbeddingMax<2> } }
network! { struct PaddedMax: Bag<5, 3> => Vector<2> { embed: EmbeddingMax<2, padding = 1> } }

/// With what `tests/reference/layers.py` prints for these bags, weights and gradients.
macro_rules! agrees_with_pytorch {
    ($net:ident, $y:expr, $dw:expr) => {
        let bags =
            Batch::<Three, f64>::from_rows([[0, 3, 3], [4, 1, 2], [2, 1, 1], [1, 1, 1]]).unwrap();
        let mut model = Model::<$net, f64>::zeroed();
        for (weight, i) in model.parameters_mut().iter_mut().zip(0..) {
            *weight = (3.0 * f64::from(i) + 1.0).sin();
        }
        let mut workspace = Workspace::<$net, f64>::new(4, 0);
        // Twice: nothing is left of the batch before.
        for _ in 0..2 {
            let mut step = workspace.forward(&mut model, &bags);
            assert_near("y", step.outputs().as_slice(), &$y, 1e-11);
            step.output_gradient_mut().copy_from_slice(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]);
            assert_near("dw", step.backward(), &$dw, 0.0);
        }
    };
}

#[test]
#[rustfmt::skip]
fn agree_with_pytorch() {
    agrees_with_pytorch!(
        Sum,
        [1.14122540413, -0.774505113889, 0.944801885448, -0.561018639247, 1.73414023426, -1.37594553844, 1.97095979616, -1.63206333267],
        [1.0, 2.0, 34.0, 40.0, 8.0, 10.0, 2.0, 4.0, 3.0, 4.0]
    );
    agrees_with_pytorch!(
        PaddedSum,
        [1.14122540413, -0.774505113889, 0.287815286729, -0.0169975283572, 0.420167036827, -0.287903316665, 0.0, 0.0],
        [1.0, 2.0, 0.0, 0.0, 8.0, 10.0, 2.0, 4.0, 3.0, 4.0]
    );
    agrees_with_pytorch!(
        Max,
        [0.841470984808, -0.0088513092904, 0.656986598719, 0.270905788308, 0.656986598719, -0.287903316665, 0.656986598719, -0.544021110889],
        [1.0, 0.0, 15.0, 8.0, 0.0, 6.0, 0.0, 2.0, 0.0, 4.0]
    );
    agrees_with_pytorch!(
        PaddedMax,
        [0.841470984808, -0.0088513092904, 0.420167036827, 0.270905788308, 0.420167036827, -0.287903316665, 0.0, 0.0],
        [1.0, 0.0, 0.0, 0.0, 8.0, 6.0, 0.0, 2.0, 0.0, 4.0]
    );
}

#[test]
fn the_first_of_equals_has_the_gradient_and_what_is_not_a_number_stays_so() {
    let mut model = Model::<Max>::zeroed();
    let mut workspace = Workspace::<Max>::new(1, 0);
    let bag = Batch::<Three>::from_rows([[2, 4, 3]]).unwrap();
    let mut step = workspace.forward(&mut model, &bag);
    step.output_gradient_mut().copy_from_slice(&[1.0, 2.0]);
    assert_eq!(step.backward()[4..6], [1.0, 2.0]);
    for id in 2..5 {
        let mut model = Model::<Max>::zeroed();
        model.embed.weight[id][0] = f32::NAN;
        let mut step = workspace.forward(&mut model, &bag);
        assert!(step.outputs()[0].is_nan() && step.outputs()[1] == 0.0);
        step.output_gradient_mut().copy_from_slice(&[1.0, 0.0]);
        assert_eq!(step.backward()[2 * id], 1.0);
    }
}

#[test]
fn the_padding_id_starts_as_zeros() {
    let model = Model::<PaddedSum>::new(&mut Generator::seed_from_u64(1));
    assert_eq!(model.embed.weight[1].as_slice(), [0.0; 2]);
    assert!(model.embed.weight[0].iter().all(|&w| w != 0.0));
}

#[test]
#[should_panic = "layer `x`: its padding id is 7, which a vocabulary of 5 tokens does not have"]
fn a_padding_id_outside_of_the_vocabulary_is_refused() {
    <EmbeddingMax<U2, U7> as Layer<Bag<U5, U2>>>::CHECK.report("x");
}

network! {
    struct Sums: Bag<7, 3> => Vector<7> {
        embed: EmbeddingSum<3, padding = 2>(Init::Normal(1.0)), Tanh, head: Dense<7> tied to embed,
    }
}
network! {
    struct Largest: Bag<7, 3> => Vector<7> {
        embed: EmbeddingMax<3>(Init::Normal(1.0)), Tanh, head: Dense<7>,
    }
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn gradients(
        seed: u64,
        bags in prop::collection::vec(prop::sample::select(vec![0, 1, 3, 4, 5, 6_u32]), 15),
        classes in prop::collection::vec(0..7_u32, 5),
    ) {
        let mut rng = Generator::seed_from_u64(seed);
        let (check, loss) = (GradCheck::new(seed), SoftmaxCrossEntropy::new());
        let targets = Batch::<Classes<7>, f64>::from_vec(classes).unwrap();
        let bags = Batch::<Bags<7, 3>, f64>::from_vec(bags).unwrap();
        passes(check.loss(&loss, &Model::<Sums, f64>::new(&mut rng), &bags, &targets))?;
        passes(check.loss(&loss, &Model::<Largest, f64>::new(&mut rng), &bags, &targets))?;
    }
}
