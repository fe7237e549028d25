use formwork::prelude::*;

network! {
    struct Net: Vector<8> => Vector<2> {
        both: Concat { { a: Lstm<4> }, { b: Lstm<4>, MeanSteps } },
        fc: Dense<2>,
    }
}

fn main() {
    Model::<Net>::zeroed();
}
