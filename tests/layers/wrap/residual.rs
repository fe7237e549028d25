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

network! {
    /// Both ways change the shape; the second ends in a layer that works in place.
    struct Around: Image<2, 4, 4> => Image<3, 2, 2> {
        before: Conv2d<2, 1>,
        block: Residual {
            conv1: Conv2d<3, 3, stride = 2, pad = 1>,
            Tanh,
            conv2: Conv2d<3, 3, pad = 1>,
        } around {
            conv: Conv2d<3, 1, stride = 2>,
            BatchNorm,
        },
        Sigmoid,
    }
}
network! {
    struct GenericAround<C, D>: Image<C, 4, 4> => Image<D, 2, 2> {
        block: Residual { conv: Conv2d<D, 2, stride = 2> } around { pool: MaxPool<2>, conv: Conv2d<D, 1> },
    }
}
network! {
    struct OfGenericAround: Image<2, 4, 4> => Image<5, 2, 2> { block: GenericAround<2, 5> }
}

#[test]
fn another_stack_may_go_around() {
    network! {
        struct Ways: Vector<2> => Vector<1> { block: Residual { a: Dense<1> } around { b: Dense<1> } }
    }
    let mut model = Model::<Ways>::zeroed();
    model.block.first.a.weight[0].copy_from_slice(&[1.0, 2.0]);
    model.block.rest.first.b.weight[0].copy_from_slice(&[10.0, 20.0]);
    let batch = Batch::from_rows([[1.0, 3.0]]).unwrap();
    let mut inference = Inference::<Ways>::new(1);
    assert_eq!(inference.run(&model, &batch).as_slice(), [1.0 + 6.0 + 10.0 + 60.0]);
    let summary = Ways::summary();
    assert!(summary.contains("block       Residual { .. } around { .. }"), "{summary}");
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
        passes(check.network::<Around>())?;
        passes(check.network::<OfGenericAround>())?;
    }
}
