use formwork::prelude::*;

network! {
    struct Net: Token<8> => Vector<2> {
        e: Embedding<4> { Relu, Dense(10), ReLU },
        Relu,
        fc: Dense<2>,
    }
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
