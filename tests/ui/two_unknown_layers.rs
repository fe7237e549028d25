use formwork::prelude::*;

network! {
    struct Net: Vector<64> => Vector<10> {
        fc1: Dence<32>,
        Relu,
        fc2: Danse<10>,
    }
}

fn main() {}
