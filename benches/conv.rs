//! The speed of convolutions:
//!
//! ```text
//! cargo bench --bench conv -- [--threads 1] [--peak 187]
//! ```
//!
//! prints, for every convolution of SimpleConvNet and DeepConvNet at batch 100, the GFLOP/s forward,
//! by the input and by the weights, each with borders and packing of weights, and their share of
//! the FMA peak of so many GFLOP/s a core. Those that save products by transforms, and are counted as
//! if they did not, are followed by the same without.

use formwork::kernel::conv::{
    Axis, Convolution, Gradient, Memory, PIECES, backward, forward, transposed,
};
use std::time::Instant;

/// Samples of a call.
const SAMPLES: usize = 100;

/// Channels, filters, size, kernel and border.
const CONVOLUTIONS: [(usize, usize, usize, usize, usize); 7] = [
    (1, 30, 28, 5, 0),
    (1, 16, 28, 3, 1),
    (16, 16, 28, 3, 1),
    (16, 32, 14, 3, 1),
    (32, 32, 14, 3, 2),
    (32, 64, 8, 3, 1),
    (64, 64, 8, 3, 1),
];

fn main() {
    let (mut threads, mut peak) = (1, 187.0);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut number = || -> f64 {
            args.next().and_then(|n| n.parse().ok()).expect("--threads N or --peak GFLOP/s")
        };
        match arg.as_str() {
            "--threads" => threads = number() as usize,
            "--peak" => peak = number(),
            _ => {}
        }
    }
    println!(
        "{:28} {:>17} {:>17} {:>17}",
        "GFLOP/s (share of peak)", "forward", "by input", "by weight"
    );
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
    for (channels, filters, size, kernel, pad) in CONVOLUTIONS {
        let axis = Axis::new(size, kernel, 1, [pad; 2], 1);
        let conv = Convolution::new(channels, filters, 1, axis, axis);
        let name = format!("{channels}x{size}x{size}, {filters} of {kernel}x{kernel}, pad {pad}");
        let direct = conv.saves_products().then(|| ("  direct", conv.direct()));
        for (name, conv) in [(&*name, conv)].into_iter().chain(direct) {
            let speeds = pool.install(|| measure(&conv));
            let cells =
                speeds.map(|s| format!("{s:6.1} ({:4.1} %)", 100.0 * s / peak / threads as f64));
            println!("{name:28} {:>17} {:>17} {:>17}", cells[0], cells[1], cells[2]);
        }
    }
}

/// GFLOP/s forward, by the input and by the weights.
fn measure(conv: &Convolution) -> [f64; 3] {
    let fill = |len: usize| -> Vec<f32> { (0..len).map(|i| (i as f32).sin()).collect() };
    let (x, dy) = (fill(SAMPLES * conv.input()), fill(SAMPLES * conv.output()));
    let (mut y, mut dx) = (dy.clone(), x.clone());
    let (weight, bias) = (fill(conv.weights()), fill(conv.output()));
    let bias = &bias[..conv.output() / positions(conv)];
    let (mut dw, mut db) = (weight.clone(), bias.to_vec());
    let mut packed = vec![0.0; conv.packed()];
    let mut packed_adjoint = vec![0.0; conv.packed_adjoint()];
    let mut padded = vec![0.0; PIECES * conv.padded()];
    let mut spread = vec![0.0; PIECES * conv.spread()];
    let mut images = vec![0.0; PIECES * conv.image()];
    let mut sums = vec![0.0; PIECES * conv.sums()];
    let flop = (SAMPLES * conv.operations()) as f64;
    let by_forward = fastest(|| {
        conv.pack(&mut packed, &weight);
        forward(conv, &mut y, &x, &packed, bias, false, &mut padded);
    });
    let by_input = fastest(|| {
        conv.pack_adjoint(&mut packed_adjoint, &weight);
        transposed(conv, &mut dx, &dy, &packed_adjoint, &[], &mut spread);
    });
    let by_weight = fastest(|| {
        let gradient = Gradient { weight: &mut dw, bias: &mut db, accumulate: false };
        let memory = Memory { images: &mut images, sums: &mut sums };
        backward(conv, gradient, None, (&x, &dy), &[], false, memory);
    });
    [by_forward, by_input, by_weight].map(|seconds| flop / seconds * 1e-9)
}

/// Positions of the filter: an output of one filter.
fn positions(conv: &Convolution) -> usize {
    conv.operations() / (2 * conv.weights())
}

/// The shortest of many calls: what the machine can do when nobody disturbs it.
fn fastest(mut call: impl FnMut()) -> f64 {
    let start = Instant::now();
    let mut best = f64::MAX;
    while start.elapsed().as_secs_f64() < 1.0 {
        let start = Instant::now();
        call();
        best = best.min(start.elapsed().as_secs_f64());
    }
    best
}
