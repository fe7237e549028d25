use formwork::prelude::*;

network! {
    struct Net: Vector<64> => Vector<64> {
        encode: Dense<32>,
        Relu,
        again: Dense<48> tied to encode,
        decode: Dense<64>,
    }
}

fn main() {}
