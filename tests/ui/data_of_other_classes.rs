use formwork::data::{Classes, Dataset, Grid};
use formwork::optim::Adam;
use formwork::prelude::*;
use formwork::train::Trainer;

network! {
    struct Net: Image<1, 28, 28> => Vector<10> { fc: Dense<10> }
}

fn train(model: &mut Model<Net>, data: &Dataset<Grid<1, 28, 28>, Classes<12>>, rng: &mut Generator) {
    Trainer::new(Adam::new(0.1)).fit(model, &SoftmaxCrossEntropy::default(), data, rng).unwrap();
}

fn main() {}
