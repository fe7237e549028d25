use formwork::prelude::*;

network! {
    struct Inner<C>: Vector<8> => Vector<C> { a: Dense<C>, b: Dense<String>, c: Dense<C> }
}

network! {
    struct Net: Vector<8> => Vector<2> { inner: Inner<6>, fc: Dense<2> }
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
