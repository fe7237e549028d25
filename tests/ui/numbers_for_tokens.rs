use formwork::prelude::*;

network! {
    struct Net: Token<1000> => Vector<32> {
        fc: Dense<32>,
    }
}

fn main() {}
