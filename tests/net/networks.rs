//! Whole networks: gradients, and that inference computes what training does.

use crate::harness::{cases, numbers, passes};
use formwork::data::{Batch, Classes, Grid};
use formwork::gradcheck::{GradCheck, Passed, WrongGradient};
use formwork::prelude::*;
use proptest::prelude::*;
use rand::SeedableRng;

network! { struct Plain: Vector<3> => Vector<2> { fc1: Dense<5>, Tanh, fc2: Dense<2> } }
network! { struct Single: Vector<1> => Vector<1> { Sigmoid } }
network! {
    struct InPlaceFirst: Image<2, 2, 3> => Vector<4> {
        LeakyRelu, Tanh, fc1: Dense<6>, Silu, Elu(0.7), Residual { fc: Dense<6>, Sigmoid },
        fc2: Dense<4>, Softmax,
    }
}
network! {
    struct Dropouts: Vector<5> => Vector<3> {
        Dropout(0.2), fc1: Dense<7>, Relu, Dropout(0.5), Softplus, Dropout(0.3), fc2: Dense<3>,
        Dropout(0.1),
    }
}
network! {
    struct NoParameters: Image<1, 3, 2> => Image<1, 3, 2> {
        Gelu, Residual { HardSigmoid, Residual { Silu, Tanh } }, Gelu, Sigmoid, Sigmoid,
    }
}
network! {
    struct Deep: Vector<4> => Vector<4> {
        Residual { a: Dense<4>, Tanh, b: Dense<4> },
        Residual { a: Dense<4>, Relu },
        Residual { Softmax },
        last: Dense<4>, Tanh,
    }
}
network! { struct Wider: Vector<2> => Vector<3> { a: Dense<17>, Gelu, b: Dense<9>, Elu, c: Dense<3> } }

type Check = fn(&GradCheck) -> Result<Passed, WrongGradient>;

const MENU: [Check; 7] = [
    GradCheck::network::<Plain>,
    GradCheck::network::<Single>,
    GradCheck::network::<InPlaceFirst>,
    GradCheck::network::<Dropouts>,
    GradCheck::network::<NoParameters>,
    GradCheck::network::<Deep>,
    GradCheck::network::<Wider>,
];

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn gradients(seed: u64, which in 0..MENU.len(), columns in 1..5_usize) {
        passes(MENU[which](&GradCheck::new(seed).columns(columns)))?;
    }

    #[test]
    fn gradients_with_a_loss(seed: u64, classes in prop::collection::vec(0..4_u32, 3)) {
        let model = Model::<InPlaceFirst, f64>::new(&mut Generator::seed_from_u64(seed));
        let batch = Batch::<Grid<2, 2, 3>, f64>::from_vec(numbers(36, seed)).unwrap();
        let targets = Batch::<Classes<4>, f64>::from_vec(classes).unwrap();
        passes(GradCheck::new(seed).loss(&SoftmaxCrossEntropy::new(), &model, &batch, &targets))?;
    }
}

/// In training values are kept, in inference they are not: the numbers are the same.
#[test]
fn inference_computes_what_training_does() {
    fn holds<N: Network>(batch: &Batch<N::Sample>) {
        let mut model = Model::<N>::new(&mut Generator::seed_from_u64(3));
        let (mut workspace, mut inference) = (Workspace::<N>::new(4, 0), Inference::<N>::new(5));
        let trained = workspace.forward(&mut model, batch).outputs().clone_owned();
        assert_eq!(trained, inference.run(&model, batch), "{}", N::NAME);
        assert!(trained.iter().any(|y| (y - trained[0]).abs() > 0.0), "{}", N::NAME);
    }
    fn batch<S: formwork::data::Sample<Element<f32> = f32>>() -> Batch<S> {
        Batch::from_vec(numbers(4 * S::SIZE, 9)).unwrap()
    }
    holds::<Plain>(&batch());
    holds::<Single>(&batch());
    holds::<InPlaceFirst>(&batch());
    holds::<NoParameters>(&batch());
    holds::<Deep>(&batch());
    holds::<Wider>(&batch());
}
