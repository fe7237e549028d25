use formwork::prelude::*;

network! {
    struct Net: Vector<64> => Vector<64> {
        fc1: Dense<64>,
        fc2: Dense<64> tied to embed,
    }
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
