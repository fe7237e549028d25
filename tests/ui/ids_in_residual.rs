use formwork::prelude::*;

network! {
    struct Net: Vector<4> => Vector<4> { Residual { Embedding<4>, fc: Dense<4> } }
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
