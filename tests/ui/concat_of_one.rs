use formwork::prelude::*;

network! {
    struct Net: Vector<8> => Vector<10> {
        both: Concat { fc: Dense<32>, Relu },
        fc: Dense<10>,
    }
}

fn main() {}
