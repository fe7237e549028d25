//! Both directions.

use super::gradients::are_right;
use super::reference::{Cell, LANES, STEPS, assert_close, numbers};
use crate::harness::cases;
use formwork::data::{Batch, Grid};
use formwork::gradcheck::GradCheck;
use formwork::layer::{Backward, Context, Forward, Layer, Mode, Tape, as_slice, zeroed};
use formwork::prelude::*;
use formwork::shape::{columns, columns_mut};
use formwork::typenum::{U2, U3, U4};
use proptest::prelude::*;
use rand::SeedableRng;

proptest! {
    #![proptest_config(cases(6))]

    #[test]
    fn gradients(seed in 0..1000_u64, steps in 1..5_usize, lanes in 1..4_usize) {
        are_right::<Bidirectional<Gru<U2>>, Vector<U3>>(seed, steps, lanes);
    }
}

type Both = Bidirectional<Lstm<U4>>;

#[test]
fn values_and_gradients_agree_with_pytorch() {
    let (mut params, mut gradient) =
        (zeroed::<f64, <Both as Layer<Vector<U3>>>::Params<f64>>(), zeroed());
    params.forward.fill(1);
    params.reverse.fill(5);
    let n = STEPS * LANES;
    let mut tape = <Both as Layer<Vector<U3>>>::Tape::<f64>::new(n, LANES, true);
    let (x, stats) = (numbers(n * 3, 99), zeroed::<f64, _>());
    let (mut y, mut dx, mut dy) = (vec![0.0; n * 8], vec![0.0; n * 3], numbers(n * 8, 7));
    let mut rng = Generator::seed_from_u64(0);
    let mut cx = Context::new(Mode::Training(&mut rng), LANES);
    Both::forward(Forward::<Both, Vector<U3>, f64> {
        params: &params,
        stats: &stats,
        state: &mut (),
        tape: &mut tape,
        x: columns(&x),
        ids: columns(&[]),
        y: columns_mut(&mut y),
        cx: cx.same(),
    });
    assert_close("bidirectional.y", &y);
    Both::backward(Backward::<Both, Vector<U3>, f64> {
        params: &params,
        gradient: &mut gradient,
        tape: &mut tape,
        x: columns(&x),
        ids: columns(&[]),
        y: columns(&y),
        dy: columns_mut(&mut dy),
        dx: Some(columns_mut(&mut dx)),
        cx: cx.same(),
    });
    assert_close("bidirectional.dx", &dx);
    assert_close("bidirectional.dweight_hh_reverse", as_slice(&gradient.reverse.weight_hh_l0));
    assert_close("bidirectional.dbias_hh_reverse", &gradient.reverse.bias_hh_l0);
}

network! {
    struct Maps: Image<2, 1, 3> => Vector<12> { Bidirectional { Relu } }
}

/// What comes out is a vector: of an image in the order channels, height, width, as flattened.
#[test]
fn images_are_flattened_with_their_channels_first() {
    let steps = [[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [7.0, 8.0, 9.0, 10.0, 11.0, 12.0]];
    let batch = Batch::<Grid<2, 1, 3>>::from_rows(steps).unwrap();
    let mut inference = Inference::<Maps>::with_lanes(2, 1);
    let y = inference.run(&Model::zeroed(), &batch);
    for (y, x) in y.column_iter().zip(steps) {
        assert_eq!(y.as_slice(), [x, x].concat());
    }
    GradCheck::new(1).columns(3).network::<Maps>().unwrap();
}
