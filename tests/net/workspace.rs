//! What a step knows of the steps before it: nothing.

use formwork::data::{Batch, Grid, Values};
use formwork::loss::MeanSquaredError;
use formwork::prelude::*;

network! {
    /// A line.
    struct Line: Vector<1> => Vector<1> { fc: Dense<1> }
}

/// The gradient by the outputs has a column for each that came out, and nothing of another batch.
#[test]
fn the_gradient_by_the_outputs_begins_at_zero() {
    let mut model = Model::<Line>::zeroed();
    let mut workspace = Workspace::<Line>::new(3, 0);
    let large = Batch::<Grid<1>>::from_vec(vec![1.0, 2.0, 3.0]).unwrap();
    let targets = Batch::<Values<1>>::from_vec(vec![1.0, 1.0, 1.0]).unwrap();
    let mut step = workspace.forward(&mut model, &large);
    step.loss(&MeanSquaredError, &targets);
    assert_eq!(step.output_gradient_mut().ncols(), 3);
    assert!(step.output_gradient_mut().iter().all(|&d| d < 0.0), "as the loss has set it");
    assert!(step.backward().iter().all(|&d| d < 0.0));

    let small = Batch::<Grid<1>>::from_vec(vec![4.0, 5.0]).unwrap();
    let mut step = workspace.forward(&mut model, &small);
    assert_eq!(step.output_gradient_mut().as_slice(), [0.0, 0.0]);
    step.output_gradient_mut()[(0, 1)] = 2.0;
    assert_eq!(step.backward(), [2.0 * 5.0, 2.0]);
    // Without a loss there is nothing to learn.
    assert_eq!(workspace.forward(&mut model, &large).backward(), [0.0, 0.0]);
}
