use formwork::prelude::*;

network! {
    struct Net: Image<1, 4, 4> => Image<1, 6, 6> { Relu, ZeroPad }
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
