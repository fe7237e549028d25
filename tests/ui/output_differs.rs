use formwork::prelude::*;

network! {
    struct Net: Image<1, 28, 28> => Vector<10> {
        fc1: Dense<100>,
        Relu,
        fc2: Dense<12>,
    }
}

fn main() {}
