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

fn main() {
    let mut model = Model::<Large>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
