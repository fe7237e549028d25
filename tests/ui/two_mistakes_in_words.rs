use formwork::prelude::*;

network! {
    struct Net: Vector<0> => Vector<10> {
        fc: Dense<32>,
        Relu,
        fc: Dense<10>,
    }
}

fn main() {}
