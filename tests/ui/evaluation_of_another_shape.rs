use formwork::data::{Classes, Dataset, Grid};
use formwork::prelude::*;
use formwork::train::Evaluator;

network! {
    struct Net: Image<1, 28, 28> => Vector<10> { fc: Dense<10> }
}

fn measure(model: &Model<Net>, data: &Dataset<Grid<1, 32, 32>, Classes<10>>) {
    Evaluator::new(100).run(model, &SoftmaxCrossEntropy::default(), data);
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
