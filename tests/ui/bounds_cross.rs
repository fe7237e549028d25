use formwork::prelude::*;

network! {
    struct Net: Vector<64> => Vector<10> {
        fc1: Dense<10>,
        HardTanh(1.0, -1.0),
    }
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
