use formwork::prelude::*;

network! {
    struct Net: Vector<64> => Vector<64> {
        act: Relu,
        fc: Dense<64> tied to act,
    }
}

fn main() {}
