use formwork::prelude::*;

network! {
    struct Inner: Vector<8> => Vector<4> { x: Dense<4>, x: Relu }
}

network! {
    struct Net: Vector<8> => Vector<2> { inner: Inner, fc: Dense<2> }
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
