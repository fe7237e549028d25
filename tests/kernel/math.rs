use crate::at_every_level;
use formwork::kernel::{
    dispatch::{Isa, Kernel, dispatch},
    math,
};

/// `f32` values from `from` to `to`, dense in the sense of floating point: about `n` of them.
fn grid(from: f32, to: f32, n: u32) -> impl Iterator<Item = f32> {
    let line = (0..=n).map(move |i| from + (to - from) * (i as f32 / n as f32));
    let step = f32::MAX.to_bits() / n;
    let exponents = (0..n).flat_map(move |i| {
        let x = f32::from_bits(i * step);
        [x, -x]
    });
    line.chain(exponents.filter(move |x| (from..=to).contains(x)))
}

/// A unit in the last place of the `f32` that is nearest to `y`.
fn ulp(y: f64) -> f64 {
    let y = (y as f32).abs().max(f32::MIN_POSITIVE);
    f64::from(y.next_up()) - f64::from(y)
}

/// Largest error of `f` in units in the last place of the exact result, and where.
fn worst_ulp(
    xs: impl Iterator<Item = f32>,
    f: fn(f32) -> f32,
    exact: fn(f64) -> f64,
) -> (f64, f32) {
    let mut worst = (0.0, 0.0);
    for x in xs {
        let y = exact(f64::from(x));
        let error = (f64::from(f(x)) - y).abs() / ulp(y);
        assert!(!error.is_nan() || y.is_infinite(), "{x}: {} for {y}", f(x));
        if error > worst.0 {
            worst = (error, x);
        }
    }
    worst
}

const N: u32 = 2_000_000;

#[track_caller]
fn assert_ulp(from: f32, to: f32, f: fn(f32) -> f32, exact: fn(f64) -> f64, most: f64) {
    let (error, x) = worst_ulp(grid(from, to, N), f, exact);
    assert!(error <= most, "{error} units in the last place at {x:e}, allowed {most}");
}

#[test]
fn exp() {
    assert_ulp(-87.0, 88.7, math::exp, f64::exp, 2.0);
    assert_eq!(math::exp(f32::NEG_INFINITY), 0.0);
    assert_eq!(math::exp(-104.0_f32), 0.0);
    assert!((math::exp(-100.0_f32) / (-100.0_f64).exp() as f32 - 1.0).abs() < 0.05);
    assert_eq!(math::exp(f32::INFINITY), f32::INFINITY);
    assert_eq!(math::exp(88.8_f32), f32::INFINITY);
    assert!(math::exp(f32::NAN).is_nan());
}

#[test]
fn ln() {
    assert_ulp(1e-45, f32::MAX, math::ln, f64::ln, 2.0);
    assert_ulp(0.5, 2.0, math::ln, f64::ln, 2.0);
    assert_eq!(math::ln(0.0_f32), f32::NEG_INFINITY);
    assert_eq!(math::ln(1.0_f32), 0.0);
    assert_eq!(math::ln(f32::INFINITY), f32::INFINITY);
    assert!(math::ln(-1e-30_f32).is_nan() && math::ln(f32::NAN).is_nan());
}

#[test]
fn tanh() {
    assert_ulp(-20.0, 20.0, math::tanh, f64::tanh, 6.0);
    assert_eq!(math::tanh(f32::INFINITY), 1.0);
    assert_eq!(math::tanh(f32::NEG_INFINITY), -1.0);
    assert!(math::tanh(f32::NAN).is_nan());
}

#[test]
fn sigmoid() {
    assert_ulp(-80.0, 80.0, math::sigmoid, |x| 1.0 / (1.0 + (-x).exp()), 4.0);
    assert_eq!(math::sigmoid(f32::INFINITY), 1.0);
    assert_eq!(math::sigmoid(f32::NEG_INFINITY), 0.0);
    assert!(math::sigmoid(f32::NAN).is_nan());
}

#[test]
fn softplus() {
    assert_ulp(-80.0, 80.0, math::softplus, |x| x.exp().ln_1p(), 4.0);
    assert_eq!(math::softplus(f32::INFINITY), f32::INFINITY);
    assert_eq!(math::softplus(f32::NEG_INFINITY), 0.0);
    assert!(math::softplus(f32::NAN).is_nan());
}

/// Values of the error function by mpmath: `[mp.nstr(mp.erf(x), 17) for x in ..]`.
#[test]
fn erf_of_f64() {
    for (x, y) in [
        (0.0_f64, 0.0_f64),
        (0.1, 0.112_462_916_018_284_89),
        (0.5, 0.520_499_877_813_046_5),
        (1.0, 0.842_700_792_949_714_9),
        (2.0, 0.995_322_265_018_952_7),
        (3.0, 0.999_977_909_503_001_4),
        (4.0, 0.999_999_984_582_742_1),
    ] {
        assert!((math::erf(x) - y).abs() < 4e-16, "erf({x}) = {}, not {y}", math::erf(x));
        assert_eq!(math::erf(-x), -math::erf(x));
    }
    // Both formulas where one hands over to the other.
    let (below, above) = (math::erf(2.5_f64.next_down()), math::erf(2.5));
    assert!((below - above).abs() < 4e-16, "{below} and {above}");
    assert!(math::erf(f64::NAN).is_nan() && math::erf(f64::INFINITY) == 1.0);
}

#[test]
fn erf() {
    assert_ulp(-5.0, 5.0, math::erf, math::erf, 8.0);
    assert_eq!(math::erf(f32::INFINITY), 1.0);
    assert_eq!(math::erf(f32::NEG_INFINITY), -1.0);
    assert!(math::erf(f32::NAN).is_nan());
}

/// The functions that a token gives, of a slice in place.
struct WithToken<'a>(&'a mut [f32; 3]);

impl Kernel for WithToken<'_> {
    type Output = ();
    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let [a, b, c] = self.0;
        (*a, *b, *c) = (isa.exp(*a), isa.tanh(*b), isa.sigmoid(*c));
    }
}

#[test]
fn fused_functions_are_as_good() {
    at_every_level(|level| {
        for x in grid(-20.0, 20.0, N / 100) {
            let mut y = [x; 3];
            dispatch(WithToken(&mut y));
            let z = f64::from(x);
            let exact = [z.exp(), z.tanh(), 1.0 / (1.0 + (-z).exp())];
            for ((y, exact), most) in y.into_iter().zip(exact).zip([2.0, 6.0, 4.0]) {
                let error = (f64::from(y) - exact).abs() / ulp(exact);
                assert!(error <= most, "{level:?}, {x:e}: {y:e} for {exact:e}");
            }
        }
    });
}
