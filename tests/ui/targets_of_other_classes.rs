use formwork::data::{Batch, Classes};
use formwork::prelude::*;

network! {
    struct Net: Image<1, 28, 28> => Vector<10> { fc: Dense<10> }
}

fn compare(step: &mut Step<Net>, targets: &Batch<Classes<12>>) {
    step.loss(&SoftmaxCrossEntropy::default(), targets);
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
