use formwork::prelude::*;

network! {
    struct Down<C, H, Half>: Image<C, H, H> => Image<C, Half, Half> { conv: Conv2d<C, 3, stride = 2> }
}

network! {
    struct Net: Image<4, 8, 8> => Vector<10> { down: Down<4, 8, 4>, fc: Dense<10> }
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
