use formwork::prelude::*;

network! {
    struct Net: Vector<64> => Vector<10> {
        both: Concat { { a: Dense<3> } { b: Dense<4> } },
        fc2: Dense<10>,
    }
}

fn main() {}
