use formwork::prelude::*;

network! {
    struct Net: Image<3, 8, 8> => Vector<10> {
        pool: MaxPool<2, ceil = 2>,
        fc: Dense<10>,
    }
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
