//! What the tests of layers over time share: values and gradients against PyTorch
//! (`tests/reference/conv.py`), whose two samples are two lanes here.

use crate::harness::Passes;
use crate::images::{each_tensor, fill, set_parameters, told};
use formwork::layer::{Layer, as_slice};
use formwork::shape::Shape;

const LANES: usize = 2;

/// From the order lanes, channels, steps to one step after the other, or back.
fn turned(x: &[f64], channels: usize, back: bool) -> Vec<f64> {
    let steps = x.len() / channels / LANES;
    let mut turned = vec![0.0; x.len()];
    for (i, v) in x.iter().enumerate() {
        let (lane, channel, step) = (i / (channels * steps), i / steps % channels, i % steps);
        let at = (step * LANES + lane) * channels + channel;
        if back { turned[i] = x[at] } else { turned[at] = *v }
    }
    turned
}

/// A layer over so many steps: `y`, `dx` and the gradient by each tensor.
#[track_caller]
pub fn agrees_with_pytorch<L: Layer<In>, In: Shape>(steps: usize, expected: &[f64]) {
    let (columns, outputs) = (steps * LANES, L::STEPS.columns(steps * LANES, LANES));
    let mut passes = Passes::<L, In>::new(columns);
    passes.lanes = Some(LANES);
    set_parameters::<L::Params<f64>, f64>(&mut passes.params);
    let x = turned(&fill(columns * In::SIZE, &|i| (i + 1.0).sin()), In::SIZE, false);
    let dy = turned(&fill(outputs * L::Out::SIZE, &|i| (0.7 * i + 1.0).cos()), L::Out::SIZE, false);
    // Twice: what the first pass leaves must not show in the second.
    passes.train(&x, &dy, 1);
    let (y, dx) = passes.train(&x, &dy, 1);
    let mut found = vec![told(&turned(&y, L::Out::SIZE, true)), told(&turned(&dx, In::SIZE, true))];
    let gradient = as_slice(&*passes.gradient);
    each_tensor::<L::Params<f64>, f64>(|_, range| found.push(told(&gradient[range])));
    assert_eq!(found.len(), expected.len(), "{}", core::any::type_name::<L>());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-9, "{found} should be {expected}");
    }
}
