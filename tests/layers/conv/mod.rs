//! Layers over images: values and gradients against PyTorch (`tests/reference/conv.py`, which says
//! what the inputs are), gradients against central differences, every instruction set, and any
//! number of samples and threads.

use formwork::gradcheck::GradCheck;
use formwork::kernel::Real;
use formwork::layer::{Backward, Context, Layer, Mode};
use formwork::memory::{Scratch, Tape, to_channels_first, to_channels_last};
use formwork::plain::{self, Plain, TensorVisitor};
use formwork::prelude::*;
use formwork::shape::{Columns, ColumnsMut};
use formwork::typenum::{
    U0, U1, U2, U3, U4, U5, U6, U7, U8, U9, U10, U11, U14, U16, U18, U28, U30, U32, U34,
};
use rand::SeedableRng;

/// `y`, `dx` and the gradient by the parameters, the first two in the order channels, height,
/// width.
struct Outcome<T> {
    y: Vec<T>,
    dx: Vec<T>,
    gradient: Vec<T>,
}

/// Takes a layer forward and backward on the inputs that the script uses.
fn run<L: Layer<In>, In: Shape, T: Real>(samples: usize) -> Outcome<T> {
    let fill = |len: usize, f: &dyn Fn(f64) -> f64| -> Vec<T> {
        (0..len).map(|i| T::of(f(i as f64))).collect()
    };
    let mut params: Box<L::Params<T>> = plain::zeroed();
    let values = plain::as_mut_slice(&mut *params);
    each_tensor::<L::Params<T>, T>(|name, range| {
        let bias = name.ends_with("bias");
        let f = |i: f64| if bias { (2.0 * i + 1.0).sin() } else { (i + 1.0).cos() };
        let len = range.len();
        values[range].copy_from_slice(&fill(len, &f));
    });
    let x = fill(samples * In::SIZE, &|i| (i + 1.0).sin());
    let dy = fill(samples * L::Out::SIZE, &|i| (0.7 * i + 1.0).cos());
    let last = |x: Vec<T>, turn: fn(&mut [T], &[T])| {
        let mut turned = x.clone();
        turn(&mut turned, &x);
        turned
    };
    let x = last(x, to_channels_last::<In, T>);
    let mut dy = last(dy, to_channels_last::<L::Out, T>);

    let mut rng = Generator::seed_from_u64(1);
    // What other layers left in the working memory must not show.
    let mut scratch = Scratch::of::<L::Tape<T>, T>(samples, true);
    let cx = Context::new(Mode::Training(&mut rng), samples);
    let mut cx = Context { scratch: &mut scratch, ..cx };
    let (stats, mut state) = (plain::zeroed(), formwork::layer::State::new(samples));
    let mut tape = Tape::new(samples, samples, true);
    let mut y = vec![T::ZERO; samples * L::Out::SIZE];
    let mut gradient: Box<L::Params<T>> = plain::zeroed();
    let mut dx = vec![T::ONE; x.len()];
    // Twice: what the first pass leaves must not show in the second.
    for _ in 0..2 {
        let columns = Columns::from_numbers(&x);
        let out = ColumnsMut::new(&mut y);
        cx.scratch.fill(T::of(f64::NAN));
        L::forward::<T>(&params, &stats, &mut state, columns, out, &mut tape, &mut cx);
        let pass = Backward {
            x: Columns::from_numbers(&x),
            y: Columns::from_numbers(&y),
            dy: ColumnsMut::new(&mut dy),
            dx: Some(ColumnsMut::new(&mut dx)),
        };
        cx.scratch.fill(T::of(f64::NAN));
        L::backward::<T>(&params, &mut gradient, pass, &mut tape, &mut cx);
    }
    Outcome {
        y: last(y, to_channels_first::<L::Out, T>),
        dx: last(dx, to_channels_first::<In, T>),
        gradient: plain::as_slice(&*gradient).to_vec(),
    }
}

fn each_tensor<P: Plain<T>, T>(mut f: impl FnMut(&str, core::ops::Range<usize>)) {
    P::tensors(&mut TensorVisitor::new(&mut |name, _, range| f(name, range)));
}

fn told(tensor: &[f64]) -> f64 {
    tensor.iter().enumerate().map(|(i, v)| v * (0.3 * i as f64 + 0.5).sin()).sum()
}

fn agrees_with_pytorch<L: Layer<In>, In: Shape>(expected: &[f64]) {
    let outcome = run::<L, In, f64>(2);
    let mut found = vec![told(&outcome.y), told(&outcome.dx)];
    each_tensor::<L::Params<f64>, f64>(|_, range| found.push(told(&outcome.gradient[range])));
    assert_eq!(found.len(), expected.len(), "{}", core::any::type_name::<L>());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-9, "{found} should be {expected}");
    }
}

type Plainly = Conv2d<U4, U3>;
type Padded = Conv2d<U18, U3, U1, U2>;
type Strided = Conv2d<U4, U3, U2, U1>;
type Dilated = Conv2d<U4, U3, U1, U1, U2>;
type Grouped = Conv2d<U6, U3, U1, U1, U1, U2>;
type Depthwise = Conv2d<U5, U3, U2, U1, U1, U5>;
type Rectangular = Conv2d<U3, U3, U1, U1, U1, U1, U0, U5, U2>;
type Pointwise = Conv2d<U5, U1>;
type Everything = Conv2d<U34, U3, U3, U4, U2, U2>;
type Sequence = Conv1d<U4, U3, U2, U2, U2>;
type Transposed = ConvTranspose2d<U4, U3>;
type Doubling = ConvTranspose2d<U2, U3, U2, U1, U1, U1, U1, U1>;
type TransposedEverything = ConvTranspose2d<U6, U3, U3, U4, U2, U2, U1, U2>;

#[test]
fn convolutions_agree_with_pytorch() {
    agrees_with_pytorch::<Plainly, Image<U3, U7, U6>>(&[
        -0.45026969883,
        -16.2617151891,
        -1.87915361211,
        -1.30526690738,
    ]);
    agrees_with_pytorch::<Padded, Image<U3, U5, U6>>(&[
        78.5404352878,
        -0.880818390603,
        -104.436456064,
        -0.544168132228,
    ]);
    agrees_with_pytorch::<Strided, Image<U3, U8, U7>>(&[
        -1.82988399211,
        -61.0742058125,
        -3.37673118036,
        2.0772497859,
    ]);
    agrees_with_pytorch::<Dilated, Image<U3, U7, U8>>(&[
        14.9708041393,
        -1.75933530295,
        5.73421387042,
        -1.36557689192,
    ]);
    agrees_with_pytorch::<Grouped, Image<U4, U5, U5>>(&[
        5.14843474715,
        7.45491461409,
        -2.68480580565,
        -0.989387236363,
    ]);
    agrees_with_pytorch::<Depthwise, Image<U5, U6, U6>>(&[
        -7.40732875402,
        5.35341793867,
        -0.693830243832,
        0.147116092594,
    ]);
    agrees_with_pytorch::<Rectangular, Image<U2, U6, U7>>(&[
        2.29812817622,
        6.26441300202,
        -20.8245530005,
    ]);
    agrees_with_pytorch::<Pointwise, Image<U6, U4, U5>>(&[
        -15.9145193714,
        0.446764475335,
        -0.920252201273,
        1.43554375817,
    ]);
    agrees_with_pytorch::<Everything, Image<U4, U9, U10>>(&[
        1.744771346,
        9.13539419178,
        1.04649612184,
        1.68802697838,
    ]);
    agrees_with_pytorch::<Sequence, Image<U3, U1, U11>>(&[
        19.5122377998,
        29.502044177,
        5.74208970194,
        -0.699286132044,
    ]);
}

#[test]
fn transposed_convolutions_agree_with_pytorch() {
    agrees_with_pytorch::<Transposed, Image<U3, U5, U4>>(&[
        2.11116248088,
        4.41591118577,
        -32.2712472904,
        -1.36868193315,
    ]);
    agrees_with_pytorch::<Doubling, Image<U4, U4, U5>>(&[
        -15.6505098933,
        3.5889917434,
        2.95456494262,
        -1.36271799012,
    ]);
    agrees_with_pytorch::<TransposedEverything, Image<U4, U5, U4>>(&[
        2.88949575016,
        -2.10255232693,
        13.7052326861,
        -1.26361325511,
    ]);
}

#[test]
fn pools_and_borders_agree_with_pytorch() {
    agrees_with_pytorch::<MaxPool<U2>, Image<U3, U6, U8>>(&[4.29490003781, 0.499887855783]);
    agrees_with_pytorch::<MaxPool<U3, U2, U1>, Image<U3, U7, U8>>(&[5.74080557426, -1.39987305541]);
    agrees_with_pytorch::<AvgPool<U2>, Image<U3, U6, U9>>(&[0.0211351851843, 0.284177915503]);
    agrees_with_pytorch::<AvgPool<U3, U2, U1>, Image<U3, U7, U8>>(&[
        -0.0293970083743,
        -0.790445354773,
    ]);
    agrees_with_pytorch::<GlobalAvgPool, Image<U3, U4, U5>>(&[-0.0158320068826, -0.0852631689318]);
    agrees_with_pytorch::<ZeroPad<U2>, Image<U3, U4, U5>>(&[-0.101155928413, -2.2050035145]);
    agrees_with_pytorch::<Upsample<U3>, Image<U3, U4, U2>>(&[-0.211757614893, 0.0520343024747]);
}

fn gradient_is_right<L: Layer<In>, In: Shape>() {
    let passed = GradCheck::new(3).columns(2).layer::<L, In>();
    passed.unwrap_or_else(|wrong| panic!("{}: {wrong}", core::any::type_name::<L>()));
}

#[test]
fn gradients_agree_with_differences() {
    gradient_is_right::<Plainly, Image<U3, U7, U6>>();
    gradient_is_right::<Padded, Image<U3, U5, U6>>();
    gradient_is_right::<Strided, Image<U3, U8, U7>>();
    gradient_is_right::<Dilated, Image<U3, U7, U8>>();
    gradient_is_right::<Grouped, Image<U4, U5, U5>>();
    gradient_is_right::<Depthwise, Image<U5, U6, U6>>();
    gradient_is_right::<Rectangular, Image<U2, U6, U7>>();
    gradient_is_right::<Pointwise, Image<U6, U4, U5>>();
    gradient_is_right::<Everything, Image<U4, U5, U4>>();
    gradient_is_right::<Sequence, Image<U3, U1, U11>>();
    gradient_is_right::<Transposed, Image<U3, U5, U4>>();
    gradient_is_right::<Doubling, Image<U4, U4, U5>>();
    gradient_is_right::<TransposedEverything, Image<U4, U5, U4>>();
    gradient_is_right::<MaxPool<U2>, Image<U3, U5, U6>>();
    gradient_is_right::<MaxPool<U3, U2, U1>, Image<U3, U7, U8>>();
    gradient_is_right::<AvgPool<U2>, Image<U3, U5, U6>>();
    gradient_is_right::<AvgPool<U3, U2, U1>, Image<U3, U7, U8>>();
    gradient_is_right::<GlobalAvgPool, Image<U3, U4, U5>>();
    gradient_is_right::<Flatten, Image<U3, U4, U5>>();
    gradient_is_right::<ZeroPad<U2>, Image<U3, U4, U5>>();
    gradient_is_right::<Upsample<U3>, Image<U3, U4, U2>>();
}

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

#[test]
#[should_panic(expected = "a layer needs 112 scalars of working memory, but its context has 111")]
fn too_little_working_memory_is_complained_of() {
    // Filters of one weight each, filled up to 16, and an image of 12 x 8 with its border: 16 + 96.
    type Layered = Conv2d<U5, U1, U1, U1>;
    type In = Image<U1, U10, U6>;
    let params = plain::zeroed::<f64, <Layered as Layer<In>>::Params<f64>>();
    let (x, mut y) = ([0.0; 60], [0.0; 5 * 96]);
    let mut scratch = [0.0; 111];
    let mut cx = Context { scratch: &mut scratch, ..Context::new(Mode::Inference, 1) };
    let (x, y) = (Columns::from_numbers(&x), ColumnsMut::new(&mut y));
    let mut tape = Tape::new(1, 1, false);
    <Layered as Layer<In>>::forward(&params, &(), &mut (), x, y, &mut tape, &mut cx);
}

#[test]
fn the_first_of_equal_pixels_is_the_largest_and_not_a_number_is_seen() {
    let mut rng = Generator::seed_from_u64(1);
    let mut cx = Context::new(Mode::Training(&mut rng), 1);
    let mut tape = Tape::new(1, 1, true);
    let mut run = |x: [f64; 4]| {
        let (mut y, mut dy, mut dx) = ([0.0], [1.0], [9.0; 4]);
        type Pool = MaxPool<U2>;
        type In = Image<U1, U2, U2>;
        let columns = Columns::from_numbers(&x);
        let out = ColumnsMut::new(&mut y);
        <Pool as Layer<In>>::forward(&(), &(), &mut (), columns, out, &mut tape, &mut cx);
        let pass = Backward {
            x: columns,
            y: Columns::from_numbers(&y),
            dy: ColumnsMut::new(&mut dy),
            dx: Some(ColumnsMut::new(&mut dx)),
        };
        <Pool as Layer<In>>::backward(&(), &mut (), pass, &mut tape, &mut cx);
        (y[0], dx)
    };
    assert_eq!(run([1.0, 3.0, 3.0, 2.0]), (3.0, [0.0, 1.0, 0.0, 0.0]));
    let (y, dx) = run([1.0, f64::NAN, 3.0, 2.0]);
    assert!(y.is_nan());
    assert_eq!(dx, [0.0, 1.0, 0.0, 0.0]);
}
