use formwork::prelude::*;

network! {
    struct Small: Vector<4> => Vector<8> { lstm: Lstm<8> }
}
network! {
    struct Large: Vector<4> => Vector<16> { lstm: Lstm<16> }
}

fn carry(from: &mut Inference<Small>, to: &mut Inference<Large>) {
    *to.state_mut() = from.state_mut().clone();
}

fn main() {}
