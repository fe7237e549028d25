use formwork::prelude::*;

network! {
    struct Net: Vector<4> => Vector<2> {
        Dropout(0.5, 0.2),
        out: Dense<2>,
    }
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
