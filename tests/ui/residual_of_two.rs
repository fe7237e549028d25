use formwork::prelude::*;

network! {
    struct Net: Vector<8> => Vector<10> {
        block: Residual { { fc: Dense<8> }, { Relu } },
        fc: Dense<10>,
    }
}

fn main() {}
