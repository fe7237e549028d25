use formwork::prelude::*;

network! {
    struct Block<C>: Vector<C> => Vector<C> { around: Residual { fc: Dense<C>, Dropout(1.5) } }
}

network! {
    struct Blocks<C>: Vector<C> => Vector<C> { one: Block<C>, two: Block<C> }
}

network! {
    struct Net: Vector<4> => Vector<2> { all: Blocks<4>, out: Dense<2> }
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
