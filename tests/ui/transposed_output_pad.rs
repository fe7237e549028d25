use formwork::prelude::*;

network! {
    struct Net: Image<8, 7, 7> => Image<1, 14, 14> {
        up: ConvTranspose2d<1, 2, stride = 2, output_pad = 2>,
    }
}

fn main() {
    let mut model = Model::<Net>::zeroed();
    let mut workspace = Workspace::new(1, 1);
    let batch = formwork::data::Batch::from_vec(Vec::new()).unwrap();
    workspace.forward(&mut model, &batch).backward();
}
