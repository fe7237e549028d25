use formwork::prelude::*;

network! {
    struct Block<C>: Vector<C> => Vector<C> {
        LayerNrom,
        Residual { fc: Dense<C>, Rleu },
    }
}

network! {
    struct Net: Vector<8> => Vector<2> { Block<8>, fc: Dense<2> }
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
