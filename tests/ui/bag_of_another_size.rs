use formwork::data::{Bags, Batch};
use formwork::prelude::*;

network! {
    struct Cbow: Bag<1000, 10> => Vector<100> { embed: Embedding<100> }
}

fn train(model: &mut Model<Cbow>, x: &Batch<Bags<1000, 8>>) {
    Workspace::<Cbow>::new(20, 1).forward(model, x);
}

fn main() {
    let mut model = Model::<Cbow>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
