use formwork::data::{Batch, Grid};
use formwork::prelude::*;

network! {
    struct Net: Image<1, 28, 28> => Vector<10> { fc: Dense<10> }
}

fn step(workspace: &mut Workspace<Net>, model: &mut Model<Net>, batch: &Batch<Grid<3, 28, 28>>) {
    workspace.forward(model, batch);
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
