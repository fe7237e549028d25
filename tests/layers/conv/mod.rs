//! What convolutions share: both precisions, and any number of samples and threads.

mod causal;
mod causal_strided;
mod causal_transposed;
mod conv1d;
mod conv2d;
mod tape;
mod transposed;

use crate::images::run;
use formwork::kernel::Real;
use formwork::layer::Layer;
use formwork::prelude::*;
use formwork::shape::Shape;
use formwork::typenum::{U1, U2, U3, U5, U7, U8, U9, U10, U11, U14, U16, U18, U28, U30, U32, U34};

/// The largest difference between two runs of numbers, in units of the largest number.
fn difference<T: Real>(found: &[T], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len());
    let scale = expected.iter().fold(1e-30_f64, |max, v| max.max(v.abs()));
    let pairs = found.iter().zip(expected);
    pairs.map(|(f, e)| (f.to_f64() - e).abs() / scale).fold(0.0, f64::max)
}

/// In `f32`, with tiles of other sizes, the same as in `f64`.
fn single_precision_agrees<L: Layer<In>, In: Shape>(samples: usize) {
    let (single, double) = (run::<L, In, f32>(samples), run::<L, In, f64>(samples));
    for (found, expected) in
        [(&single.y, &double.y), (&single.dx, &double.dx), (&single.gradient, &double.gradient)]
    {
        let off = difference(found, expected);
        assert!(off < 1e-4, "{} is off by {off:e}", core::any::type_name::<L>());
    }
}

#[test]
fn precisions_agree() {
    single_precision_agrees::<Conv2d<U30, U5>, Image<U1, U28, U28>>(3);
    single_precision_agrees::<Conv2d<U16, U3, U1, U1>, Image<U16, U28, U28>>(9);
    single_precision_agrees::<Conv2d<U32, U3, U1, U2>, Image<U18, U14, U11>>(17);
    single_precision_agrees::<Conv2d<U34, U3>, Image<U32, U9, U10>>(1);
    single_precision_agrees::<ConvTranspose2d<U16, U2, U2>, Image<U32, U7, U8>>(5);
}

#[test]
fn threads_do_not_change_a_bit() {
    let bits = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        let outcome =
            pool.install(|| run::<Conv2d<U16, U3, U1, U1>, Image<U16, U14, U14>, f32>(37));
        [outcome.y, outcome.dx, outcome.gradient].concat().iter().map(|v| v.to_bits()).collect()
    };
    let alone: Vec<u32> = bits(1);
    assert_eq!(alone, bits(2));
    assert_eq!(alone, bits(5));
}
