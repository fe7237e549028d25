use formwork::data::{Batch, Grid};
use formwork::prelude::*;

network! {
    struct Net: Image<1, 28, 28> => Vector<10> { fc: Dense<10> }
}

fn run(inference: &mut Inference<Net>, model: &Model<Net>, batch: &Batch<Grid<1, 32, 32>>) {
    inference.run(model, batch);
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
