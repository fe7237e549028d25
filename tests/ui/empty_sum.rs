use formwork::prelude::*;

network! {
    struct Net: Bag<7, 3> => Vector<10> {
        embed: EmbeddingSum<0>,
        fc: Dense<10>,
    }
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
