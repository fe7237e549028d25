//! Dense layers that share a weight.

use crate::harness::{cases, passes};
use formwork::gradcheck::GradCheck;
use formwork::layer::{Init, Layer, Value};
use formwork::layers::TiedDense;
use formwork::prelude::*;
use formwork::typenum::{U4, U8};
use proptest::prelude::*;
use rand::SeedableRng;

network! {
    struct Tied: Vector<8> => Vector<8> {
        fc1: Dense<8>, LayerNorm, fc2: Dense<8> tied to fc1, Relu, fc3: Dense<8> tied to fc1
    }
}

network! {
    /// The same with weights of its own.
    struct Free: Vector<8> => Vector<8> { fc1: Dense<8>, LayerNorm, fc2: Dense<8>, Relu, fc3: Dense<8> }
}

network! {
    /// A weight that sees an image in both places.
    struct Pictures: Image<2, 2, 2> => Vector<8> {
        fc1: Dense<8>, Relu, fc2: Dense<8> tied to fc1
    }
}

network! {
    /// Neither has a bias, and one of them nothing of its own.
    struct Bare: Vector<8> => Vector<8> {
        fc1: Dense<8, bias = 0>, Tanh, fc2: Dense<8, bias = 0> tied to fc1
    }
}

const _: () = assert!(Bare::PARAMETERS == 8 * 8);
const _: () = assert!(Tied::PARAMETERS == (8 * 8 + 8) + (8 + 8) + 8 + 8);

proptest! {
    #![proptest_config(cases(8))]

    #[test]
    fn gradients(seed: u64, columns in 1..4_usize) {
        passes(GradCheck::new(seed).columns(columns).network::<Tied>())?;
        passes(GradCheck::new(seed).columns(columns).network::<Pictures>())?;
        passes(GradCheck::new(seed).columns(columns).network::<Bare>())?;
    }
}

#[test]
fn the_gradient_of_a_shared_weight_is_the_sum_over_its_places() {
    use formwork::data::{Batch, Grid};
    let mut rng = Generator::seed_from_u64(7);
    let (mut tied, mut free) = (Model::<Tied, f64>::new(&mut rng), Model::<Free, f64>::zeroed());
    free.layer_norm1 = tied.layer_norm1.clone();
    for weight in [&mut free.params.fc1, &mut free.params.fc2, &mut free.params.fc3] {
        weight.weight = tied.fc1.weight;
    }
    let x = (0..24).map(|i| (f64::from(i) * 0.7).sin()).collect();
    let x = Batch::<Grid<8>, f64>::from_vec(x).unwrap();

    let mut one = Workspace::<Tied, f64>::new(3, 1);
    let mut other = Workspace::<Free, f64>::new(3, 1);
    let (mut of_one, mut of_other) = (one.forward(&mut tied, &x), other.forward(&mut free, &x));
    assert_eq!(of_one.outputs(), of_other.outputs());
    of_one.output_gradient_mut().fill(1.0);
    of_other.output_gradient_mut().fill(1.0);
    of_one.backward();
    of_other.backward();
    let (one, other) = (one.gradient(), other.gradient());
    for i in 0..8 {
        for j in 0..8 {
            let [a, b, c] = [&other.fc1, &other.fc2, &other.fc3].map(|layer| layer.weight[i][j]);
            assert!((one.fc1.weight[i][j] - (a + b + c)).abs() < 1e-12);
            assert!(a != 0.0 || b != 0.0 || c != 0.0);
        }
    }
    assert_eq!(one.fc3.bias, other.fc3.bias);
}

#[test]
#[should_panic(
    expected = "layer `fc2`: it needs a weight of 8x4, but that of `fc1`, to which it is tied, is 8x8"
)]
fn a_weight_of_another_shape_is_refused() {
    formwork::declare::tie::<Vector<U4>, Vector<U8>>(Some([8, 4]), ("fc1", Some([8, 8])))
        .report("fc2");
}

#[test]
#[should_panic(expected = "so it takes no `(Init::Zeros)`")]
fn initial_weights_are_refused() {
    #[derive(Clone, Copy)]
    struct Zeros;
    impl Value<Init> for Zeros {
        const VALUE: Option<Init> = Some(Init::Zeros);
        const TEXT: &'static str = "Init::Zeros";
    }
    <TiedDense<U8, Zeros> as Layer<Vector<U8>>>::CHECK.report("fc2");
}
