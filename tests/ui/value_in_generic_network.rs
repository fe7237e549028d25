use formwork::prelude::*;

network! {
    struct Net<Classes>: Vector<64> => Vector<Classes> {
        fc1: Dense<32>,
        Tanh(1),
        fc2: Dense<Classes>,
    }
}

fn main() {}
