use formwork::prelude::*;

struct Mine;

network! {
    struct Net: Vector<8> => Vector<2> {
        a: Mine<k = 3>,
        out: Dense<2>,
    }
}

fn main() {
    Model::<Net>::zeroed();
}
