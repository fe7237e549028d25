use formwork::prelude::*;

network! {
    struct Deep<C>: Vector<C> => Vector<C> {
        Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu,
        Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu,
        Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu,
        Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu,
        Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu,
        Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu,
        Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu,
        Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu,
        Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu, Dense<C>, Relu,
    }
}

fn main() {}
