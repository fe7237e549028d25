use formwork::prelude::*;

network! {
    struct Net: Token<100> => Vector<2> {
        embed: Embedding<16, padding = 100>,
        fc: Dense<2>,
    }
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
