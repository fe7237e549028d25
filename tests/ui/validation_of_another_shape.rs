use formwork::data::{Classes, Dataset, Grid};
use formwork::optim::Adam;
use formwork::prelude::*;
use formwork::train::Trainer;

network! {
    struct Net: Image<1, 28, 28> => Vector<10> { fc: Dense<10> }
}

type Images<const H: usize> = Dataset<Grid<1, H, H>, Classes<10>>;

fn train(model: &mut Model<Net>, data: &Images<28>, held_out: &Images<32>, rng: &mut Generator) {
    let trainer = Trainer::new(Adam::new(0.1)).validate(held_out);
    trainer.fit(model, &SoftmaxCrossEntropy::new(), data, rng).unwrap();
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
