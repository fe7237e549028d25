//! The residual connection.

use crate::harness::{assert_near, cases, passes};
use formwork::data::Batch;
use formwork::gradcheck::GradCheck;
use formwork::prelude::*;
use proptest::prelude::*;

network! { struct OfDense: Vector<2> => Vector<2> { res: Residual { fc: Dense<2>, Relu } } }
network! { struct OfInPlace: Image<2, 2, 1> => Image<2, 2, 1> { Residual { Tanh } } }
network! { struct OfDropout: Vector<6> => Vector<6> { Residual { Dropout(0.5), Silu } } }
network! {
    struct Nested: Vector<3> => Vector<3> {
        outer: Residual { fc: Dense<3>, inner: Residual { Sigmoid, fc: Dense<3>, Elu }, Tanh },
        Gelu,
    }
}

#[test]
fn adds_the_branch_to_its_input() {
    let mut model = Model::<OfDense>::zeroed();
    // W = [1 2; 3 -4], b = [0.5, 0]
    model.parameters_mut().copy_from_slice(&[1.0, 2.0, 3.0, -4.0, 0.5, 0.0]);
    let batch = Batch::from_rows([[1.0, 2.0]]).unwrap();
    // 1 + max(1 + 4 + 0.5, 0), 2 + max(3 - 8, 0)
    let expected = [6.5, 2.0];
    let mut inference = Inference::<OfDense>::new(1);
    assert_near("y", inference.run(&model, &batch).as_slice(), &expected, 0.0);
    let mut workspace = Workspace::<OfDense>::new(1, 0);
    let step = workspace.forward(&mut model, &batch);
    assert_near("y in training", step.outputs().as_slice(), &expected, 0.0);
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn gradients(seed: u64, columns in 1..4_usize) {
        let check = GradCheck::new(seed).columns(columns);
        passes(check.network::<OfDense>())?;
        passes(check.network::<OfInPlace>())?;
        passes(check.network::<OfDropout>())?;
        passes(check.network::<Nested>())?;
    }
}
