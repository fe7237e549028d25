use formwork::prelude::*;

network! {
    struct Net: Vector<1> => Vector<1> {
        widen: CausalConv1d<16, 1>,
        layer: WaveNetLayer<8, 3> { Tanh },
        skips: WaveNetSkips<8>,
        head: CausalConv1d<1, 1>,
    }
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
