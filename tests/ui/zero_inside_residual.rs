use formwork::prelude::*;

network! {
    struct Net: Vector<64> => Vector<10> {
        block: Residual { inner: Dense<0>, Relu },
        fc: Dense<10>,
    }
}

fn main() {}
