use formwork::prelude::*;

network! {
    struct Net: Image<2, 1, 100> => Vector<4> {
        conv: CausalConv1d<4, 3>,
    }
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
