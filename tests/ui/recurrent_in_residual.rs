use formwork::prelude::*;

network! {
    struct Net: Vector<16> => Vector<16> {
        Residual { lstm: Lstm<32> },
    }
}

fn main() {}
