use formwork::prelude::*;

network! {
    struct Net: Image<1, 28, 28> => Vector<10> {
        conv: Conv1d<16, 3>,
        fc: Dense<10>,
    }
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
