//! The working memory of a convolution.

use formwork::layer::{Context, Forward, Layer, Mode, Tape, zeroed};
use formwork::prelude::*;
use formwork::shape::{columns, columns_mut};
use formwork::typenum::{U1, U5, U6, U10};

#[test]
#[should_panic(expected = "a layer needs 112 scalars of working memory, but its context has 111")]
fn too_little_working_memory_is_complained_of() {
    // Filters of one weight each, filled up to 16, and an image of 12 x 8 with its border: 16 + 96.
    type Layered = Conv2d<U5, U1, U1, U1>;
    type In = Image<U1, U10, U6>;
    let params = zeroed::<f64, <Layered as Layer<In>>::Params<f64>>();
    let (x, mut y) = ([0.0; 60], [0.0; 5 * 96]);
    let mut scratch = [0.0; 111];
    <Layered as Layer<In>>::forward(Forward {
        params: &params,
        stats: &(),
        state: &mut (),
        tape: &mut Tape::new(1, 1, false),
        x: columns(&x),
        ids: columns(&[]),
        y: columns_mut(&mut y),
        cx: Context { scratch: &mut scratch, ..Context::new(Mode::Inference, 1) },
    });
}
