use formwork::prelude::*;

network! {
    struct Net: Image<3, 8, 8> => Vector<10> {
        both: Concat { { Relu }, { fc: Dense<32>, Relu } },
        fc: Dense<10>,
    }
}

fn main() {}
