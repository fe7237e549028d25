use formwork::prelude::*;

network! {
    struct Net: Vector<64> => Vector<10> {
        match: Dense<64>,
        Relu,
        fc2: Dense<"10">,
    }
}

fn main() {}
