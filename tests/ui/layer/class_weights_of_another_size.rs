use formwork::data::{Batch, Classes, Grid};
use formwork::prelude::*;

network! {
    struct Net: Vector<4> => Vector<3> { fc: Dense<3> }
}

fn run(step: &mut Step<Net>, targets: &Batch<Classes<3>>) {
    step.loss(&SoftmaxCrossEntropy::new().class_weights([1.0, 2.0]), targets);
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = Batch::<Grid<4>>::from_vec(vec![0.0; 4]).unwrap();
    let targets = Batch::from_vec(vec![0]).unwrap();
    run(&mut workspace.forward(&mut model, &batch), &targets);
}
