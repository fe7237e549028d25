use formwork::data::{Bags, Batch};
use formwork::prelude::*;

network! {
    struct Cbow: Bag<1000, 10> => Vector<100> { embed: Embedding<100> }
}

fn train(model: &Model<Cbow>, x: &Batch<Bags<1000, 8>>) {
    Workspace::<Cbow>::new(20, 1).forward(model, x);
}

fn main() {}
