use formwork::prelude::*;

network! {
    struct Net: Vector<4> => Vector<2> {
        #[cfg(feature = "wide")]
        hidden: Dense<8>,
        Residual {
            fc: Dense<4>,
        },
        out: Dense<2>,
    }
}

fn main() {
    Model::<Net>::zeroed();
}
