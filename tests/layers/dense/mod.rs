//! The dense layer.

mod tied;

use crate::harness::{assert_near, cases, passes};
use formwork::data::{Batch, Grid};
use formwork::gradcheck::GradCheck;
use formwork::prelude::*;
use formwork::typenum::{U0, U1, U2, U3, U4, U5, U17};
use proptest::prelude::*;

network! { struct Affine: Vector<3> => Vector<2> { fc: Dense<2> } }
network! { struct Linear: Vector<3> => Vector<2> { fc: Dense<2, bias = 0> } }
network! { struct OfImage: Image<2, 1, 3> => Vector<1> { fc: Dense<1> } }

#[test]
fn forward_and_backward_by_hand() {
    let mut model = Model::<Affine, f64>::zeroed();
    // W = [1 2 3; 4 5 6], b = [10, 20]
    model.parameters_mut().copy_from_slice(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 10.0, 20.0]);
    let batch = Batch::from_rows([[1.0, 0.0, -1.0], [2.0, 1.0, 0.5]]).unwrap();
    let mut workspace = Workspace::<Affine, f64>::new(2, 0);
    let mut step = workspace.forward(&mut model, &batch);
    // 1 - 3 + 10, 4 - 6 + 20; 2 + 2 + 1.5 + 10, 8 + 5 + 3 + 20
    assert_near("y", step.outputs().as_slice(), &[8.0, 18.0, 15.5, 36.0], 0.0);

    // The loss is y1 - y2 of the first sample plus 2 y2 of the second.
    step.output_gradient_mut().copy_from_slice(&[1.0, -1.0, 0.0, 2.0]);
    let expected = [
        // dW = dy x^T: the first row 1 x1, the second -1 x1 + 2 x2
        [1.0, 0.0, -1.0],
        [-1.0 + 4.0, 2.0, 1.0 + 1.0],
    ];
    let gradient = step.backward();
    assert_near("dW", &gradient[..6], expected.as_flattened(), 0.0);
    // db = sum of dy: 1 + 0, -1 + 2
    assert_near("db", &gradient[6..], &[1.0, 1.0], 0.0);
}

#[test]
fn weights_of_an_image_are_in_the_order_channels_height_width() {
    let mut model = Model::<OfImage>::zeroed();
    model.fc.weight[0].copy_from_slice(&[1.0, 10.0, 100.0, 1e3, 1e4, 1e5]);
    let batch = Batch::<Grid<2, 1, 3>>::from_rows([[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]]).unwrap();
    let mut inference = Inference::<OfImage>::new(1);
    assert_eq!(inference.run(&model, &batch).as_slice(), [654_321.0]);
}

#[test]
fn without_a_bias_there_is_the_product_alone() {
    let mut model = Model::<Linear, f64>::zeroed();
    assert_eq!(Linear::PARAMETERS, 6);
    model.parameters_mut().copy_from_slice(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let batch = Batch::from_rows([[1.0, 0.0, -1.0], [2.0, 1.0, 0.5]]).unwrap();
    let mut workspace = Workspace::<Linear, f64>::new(2, 0);
    let mut step = workspace.forward(&mut model, &batch);
    // 1 - 3, 4 - 6; 2 + 2 + 1.5, 8 + 5 + 3
    assert_near("y", step.outputs().as_slice(), &[-2.0, -2.0, 5.5, 16.0], 0.0);
    step.output_gradient_mut().copy_from_slice(&[1.0, -1.0, 0.0, 2.0]);
    assert_near("dW", step.backward(), &[1.0, 0.0, -1.0, 3.0, 2.0, 2.0], 0.0);
    // A small product with one column is another kernel's.
    let one = Batch::from_rows([[1.0, 0.0, -1.0]]).unwrap();
    let mut inference = Inference::<Linear, f64>::new(1);
    assert_eq!(inference.run(&model, &one).as_slice(), [-2.0, -2.0]);
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn gradients(seed: u64, columns in 1..6_usize) {
        let check = GradCheck::new(seed).columns(columns);
        passes(check.layer::<Dense<U1>, Vector<U1>>())?;
        passes(check.layer::<Dense<U17>, Vector<U3>>())?;
        passes(check.layer::<Dense<U2>, Vector<U17>>())?;
        passes(check.layer::<Dense<U4>, Image<U3, U2, U2>>())?;
        passes(check.layer::<Dense<U5>, Image<U1, U2, U3>>())?;
        passes(check.layer::<Dense<U17, U0>, Vector<U3>>())?;
        passes(check.layer::<Dense<U4, U0>, Image<U3, U2, U2>>())?;
    }
}
