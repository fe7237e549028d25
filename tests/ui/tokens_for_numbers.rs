use formwork::prelude::*;

network! {
    struct Net: Vector<64> => Vector<32> {
        embed: Embedding<32>,
    }
}

fn main() {}
