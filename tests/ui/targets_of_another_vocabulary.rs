use formwork::data::{Batch, Classes, Tokens};
use formwork::prelude::*;

network! {
    struct Net: Token<1000> => Vector<1000> {
        embed: Embedding<32>,
        head: Dense<1000>,
    }
}

fn train(model: &mut Model<Net>, x: &Batch<Tokens<1000>>, t: &Batch<Classes<900>>) {
    let mut workspace = Workspace::<Net>::with_lanes(20, 4, 1);
    workspace.forward(model, x).loss(&SoftmaxCrossEntropy::new(), t);
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
