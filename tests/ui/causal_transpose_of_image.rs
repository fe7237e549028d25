use formwork::prelude::*;

network! {
    struct Net: Image<3, 1, 8> => Vector<2> {
        up: CausalConvTranspose1d<2, 4, stride = 2>,
    }
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
