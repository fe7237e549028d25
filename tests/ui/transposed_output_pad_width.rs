use formwork::prelude::*;

network! {
    struct Net: Image<3, 8, 8> => Vector<10> {
        up: ConvTranspose2d<4, 3, stride = 2, output_pad = 1, stride_width = 1>,
        fc: Dense<10>,
    }
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
