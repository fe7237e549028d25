use formwork::data::{Classes, Dataset, Grid};
use formwork::prelude::*;
use formwork::train::Evaluator;

network! {
    struct Net: Image<1, 28, 28> => Vector<10> { fc: Dense<10> }
}

fn measure(model: &Model<Net>, data: &Dataset<Grid<1, 28, 28>, Classes<12>>) {
    Evaluator::new(100).run(model, &SoftmaxCrossEntropy::default(), data);
}

fn main() {}
