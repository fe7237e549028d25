use formwork::prelude::*;

network! {
    struct Net: Bag<1000, 4> => Vector<32> {
        embed: Embedding<32>,
    }
}

fn main() {}
