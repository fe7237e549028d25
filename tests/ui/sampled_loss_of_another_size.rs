use formwork::data::{Batch, Classes};
use formwork::loss::NegativeSampling;
use formwork::prelude::*;

network! {
    struct Cbow: Bag<1000, 10> => Vector<100> { embed: Embedding<100> }
}

fn train(step: &mut Step<Cbow>, loss: &mut NegativeSampling<1000, 50>, t: &Batch<Classes<1000>>) {
    step.sampled_loss(loss, t);
}

fn main() {}
