//! Single steps of small layers, which have kernels of their own, with every instruction set.

use formwork::data::Batch;
use formwork::kernel::dispatch::Level;
use formwork::prelude::*;
use rand::{RngExt, SeedableRng};

/// The outputs of single steps, for each instruction set that there is.
fn streamed<N>(model: &Model<N>, x: &[f32], mut check: impl FnMut(Level, Vec<f32>))
where
    N: Network<Input = Vector<formwork::typenum::U1>>,
{
    let before = Level::current();
    for level in Level::ALL.into_iter().filter(|level| level.force()) {
        let mut stream = Stream::new(model, 1);
        check(level, x.iter().flat_map(|x| stream.step(&[*x]).as_slice().to_vec()).collect());
    }
    before.force();
}

network! { struct Few: Vector<1> => Vector<1> { Gru<3>, Lstm<5>, Rnn<1> } }
network! { struct Half: Vector<1> => Vector<8> { Gru<8>, Lstm<8>, Rnn<8> } }
network! { struct Full: Vector<1> => Vector<16> { Gru<16>, Lstm<16>, Rnn<16> } }
network! { struct More: Vector<1> => Vector<20> { Gru<20>, Lstm<21>, Rnn<20> } }

macro_rules! sizes {
    ($($test:ident $network:ident)*) => {$(
        /// Against all steps at once in double precision.
        #[test]
        fn $test() {
            let mut rng = Generator::seed_from_u64(3);
            let mut model = Model::<$network>::new(&mut rng);
            let mut double = Model::<$network, f64>::zeroed();
            for (p, q) in model.parameters_mut().iter_mut().zip(double.parameters_mut()) {
                *p += rng.random_range(-0.2..0.2);
                *q = f64::from(*p);
            }
            let x: Vec<f32> = (0..40).map(|_| rng.random_range(-2.0..2.0)).collect();
            let batch = Batch::from_vec(x.iter().map(|&x| f64::from(x)).collect()).unwrap();
            let expected = Inference::<$network, f64>::with_lanes(40, 1).run(&double, &batch).as_slice().to_vec();
            streamed(&model, &x, |level, found| {
                assert_eq!(found.len(), expected.len());
                let errors = found.iter().zip(&expected).map(|(&f, e)| (f64::from(f) - e).abs());
                let error = errors.fold(0.0, f64::max);
                assert!(error < 2e-6, "{level:?}: {error:e}");
            });
        }
    )*};
}

sizes! {
    few_units Few
    half_a_vector Half
    a_full_vector Full
    more_than_a_vector More
}

network! { struct Narrow: Vector<1> => Vector<1> { cell: Rnn<1> } }
network! { struct Wide: Vector<1> => Vector<9> { cell: Rnn<9> } }

/// `h = tanh(x)` of a unit without memory.
#[test]
fn the_hyperbolic_tangent_is_right_to_5e_7() {
    fn check<N: Network<Input = Vector<formwork::typenum::U1>>>(model: &Model<N>, units: usize) {
        // What is not a number comes last, since it stays in the state.
        let ends = [f32::NEG_INFINITY, -1e30, -8.999_999, 9.0, 1e30, f32::INFINITY, f32::NAN];
        let x: Vec<f32> = (-40_000..=40_000).map(|i| i as f32 / 4_000.0).chain(ends).collect();
        streamed(model, &x, |level, found| {
            for (h, &x) in found.chunks_exact(units).zip(&x) {
                for &h in h {
                    let error = (f64::from(h) - f64::from(x).tanh()).abs();
                    assert!(error < 5e-7 || x.is_nan() && h.is_nan(), "{level:?}: tanh({x}) = {h}");
                }
            }
        });
    }
    let mut narrow = Model::<Narrow>::zeroed();
    narrow.cell.weight_ih_l0[0][0] = 1.0;
    check(&narrow, 1);
    let mut wide = Model::<Wide>::zeroed();
    wide.cell.weight_ih_l0.iter_mut().for_each(|row| row[0] = 1.0);
    check(&wide, 9);
}

network! {
    struct Effect: Vector<3> => Vector<2> {
        lstm: Lstm<20>, gru: Gru<9>, rnn: Rnn<17>, wide: Lstm<65>, fc: Dense<2>,
    }
}

/// Also where there is no such kernel, because the layer is large: against all steps at once.
#[test]
fn a_stream_gives_what_inference_gives() {
    let mut rng = Generator::seed_from_u64(8);
    let mut model = Model::<Effect>::new(&mut rng);
    model.parameters_mut().iter_mut().for_each(|p| *p += rng.random_range(-0.1..0.1));
    let x: Vec<f32> = (0..30).map(|_| rng.random_range(-2.0..2.0)).collect();
    let batch = Batch::from_vec(x.clone()).unwrap();
    let expected = Inference::<Effect>::with_lanes(10, 1).run(&model, &batch).as_slice().to_vec();
    let before = Level::current();
    for level in Level::ALL.into_iter().filter(|level| level.force()) {
        let mut stream = Stream::new(&model, 1);
        let mut found = Vec::new();
        for x in x.chunks(3) {
            found.extend_from_slice(stream.step(x).as_slice());
        }
        for (found, expected) in found.iter().zip(&expected) {
            assert!((found - expected).abs() < 1e-5, "{level:?}: {expected} {found}");
        }
        assert_eq!(found.len(), expected.len());
    }
    before.force();
}
