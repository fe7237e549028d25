use formwork::prelude::*;

network! {
    struct Net: Image<8, 7, 7> => Image<1, 14, 14> {
        up: ConvTranspose2d<1, 2, stride = 2, output_pad = 2>,
    }
}

fn main() {}
