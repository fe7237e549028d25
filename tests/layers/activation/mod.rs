//! Functions of each element.

mod softmax;

use crate::harness::{Passes, assert_near, cases, passes};
use formwork::gradcheck::GradCheck;
use formwork::layer::{Layer, Value};
use formwork::prelude::*;
use formwork::typenum::{U1, U2, U3, U10};
use proptest::prelude::*;

const X: [f64; 10] = [-30.0, -3.5, -2.0, -0.5, -1e-3, 2e-3, 0.7, 2.9, 4.0, 25.0];
const DY: [f64; 10] = [1.0, -2.0, 3.0, -4.0, 5.0, -6.0, 7.0, -8.0, 9.0, -10.0];

/// What `tests/reference/layers.py` prints for the input `X` and the gradient `DY`.
struct Reference {
    y: [f64; 10],
    dx: [f64; 10],
}

network! { struct LeakyReluSteep: Vector<10> => Vector<10> { LeakyRelu(0.3) } }
network! { struct EluHalf: Vector<10> => Vector<10> { Elu(0.5) } }

type Ten = Vector<U10>;

#[test]
fn values_and_gradients_are_those_of_pytorch() {
    fn holds<L: Layer<Ten>>(name: &str, reference: &Reference) {
        let (y, dx) = Passes::<L, Ten, f64>::new(1).train(&X, &DY, 0);
        assert_near(&format!("{name} y"), &y, &reference.y, 1e-11);
        assert_near(&format!("{name} dx"), &dx, &reference.dx, 1e-11);
        let [x, dy] = [X, DY].map(|values| values.map(|v| v as f32));
        let (y, dx) = Passes::<L, Ten, f32>::new(1).train(&x, &dy, 0);
        assert_near(&format!("{name} y in f32"), &y, &reference.y, 2e-6);
        assert_near(&format!("{name} dx in f32"), &dx, &reference.dx, 1e-5);
    }
    holds::<Relu>("Relu", &RELU);
    holds::<LeakyRelu>("LeakyRelu", &LEAKY_RELU);
    holds::<LeakyReluSteep>("LeakyRelu(0.3)", &LEAKY_RELU_STEEP);
    holds::<Elu>("Elu", &ELU);
    holds::<EluHalf>("Elu(0.5)", &ELU_HALF);
    holds::<Gelu>("Gelu", &GELU);
    holds::<Silu>("Silu", &SILU);
    holds::<Sigmoid>("Sigmoid", &SIGMOID);
    holds::<Tanh>("Tanh", &TANH);
    holds::<Softplus>("Softplus", &SOFTPLUS);
    holds::<HardSigmoid>("HardSigmoid", &HARD_SIGMOID);
    holds::<Softmax>("Softmax", &SOFTMAX);
}

/// Small values keep their relative precision: near zero `Elu` and the slope of `Softplus` are
/// differences of numbers near 1.
#[test]
fn nothing_cancels_near_zero() {
    let (y, _) = Passes::<Elu, Vector<U1>, f32>::new(1).train(&[-1e-6], &[1.0], 0);
    assert!((y[0] / -1e-6 - 1.0).abs() < 1e-5, "{}", y[0]);
    // e^-12 / (1 + e^-12)
    let (_, dx) = Passes::<Softplus, Vector<U1>, f32>::new(1).train(&[-12.0], &[1.0], 0);
    assert!((dx[0] / 6.144_137e-6 - 1.0).abs() < 1e-5, "{}", dx[0]);
}

#[test]
fn what_is_not_a_number_stays_so() {
    fn holds<L: Layer<Vector<U1>>>(name: &str) {
        let (y, _) = Passes::<L, Vector<U1>, f32>::new(1).train(&[f32::NAN], &[1.0], 0);
        assert!(y[0].is_nan(), "{name}");
    }
    holds::<Relu>("Relu");
    holds::<LeakyRelu>("LeakyRelu");
    holds::<Elu>("Elu");
    holds::<Gelu>("Gelu");
    holds::<Silu>("Silu");
    holds::<Sigmoid>("Sigmoid");
    holds::<Tanh>("Tanh");
    holds::<HardSigmoid>("HardSigmoid");
    holds::<Softmax>("Softmax");
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn gradients(seed: u64, columns in 1..5_usize) {
        type Small = Image<U2, U3, U1>;
        let check = GradCheck::new(seed).columns(columns);
        passes(check.layer::<Relu, Small>())?;
        passes(check.layer::<LeakyRelu, Small>())?;
        passes(check.network::<LeakyReluSteep>())?;
        passes(check.layer::<Elu, Small>())?;
        passes(check.network::<EluHalf>())?;
        passes(check.layer::<Gelu, Small>())?;
        passes(check.layer::<Silu, Small>())?;
        passes(check.layer::<Sigmoid, Small>())?;
        passes(check.layer::<Tanh, Small>())?;
        passes(check.layer::<Softplus, Small>())?;
        passes(check.layer::<HardSigmoid, Small>())?;
    }
}

#[derive(Clone, Copy)]
struct Negative;

impl Value<f64> for Negative {
    const VALUE: Option<f64> = Some(-0.5);
    const TEXT: &'static str = "-0.5";
}

#[test]
#[should_panic = "layer `x`: the slope of LeakyRelu must be finite and at least 0, but is -0.5"]
fn a_negative_slope_is_refused() {
    <LeakyRelu<Negative> as Layer<Ten>>::CHECK.report("x");
}

#[test]
#[should_panic = "layer `x`: the alpha of Elu must be finite and at least 0, but is -0.5"]
fn a_negative_alpha_is_refused() {
    <Elu<Negative> as Layer<Ten>>::CHECK.report("x");
}

#[rustfmt::skip]
const RELU: Reference = Reference {
    y: [0.0, 0.0, 0.0, 0.0, 0.0, 0.002, 0.7, 2.9, 4.0, 25.0],
    dx: [0.0, 0.0, 0.0, 0.0, 0.0, -6.0, 7.0, -8.0, 9.0, -10.0],
};
#[rustfmt::skip]
const LEAKY_RELU: Reference = Reference {
    y: [-0.3, -0.035, -0.02, -0.005, -1e-05, 0.002, 0.7, 2.9, 4.0, 25.0],
    dx: [0.01, -0.02, 0.03, -0.04, 0.05, -6.0, 7.0, -8.0, 9.0, -10.0],
};
#[rustfmt::skip]
const LEAKY_RELU_STEEP: Reference = Reference {
    y: [-9.0, -1.05, -0.6, -0.15, -0.0003, 0.002, 0.7, 2.9, 4.0, 25.0],
    dx: [0.3, -0.6, 0.9, -1.2, 1.5, -6.0, 7.0, -8.0, 9.0, -10.0],
};
#[rustfmt::skip]
const ELU: Reference = Reference {
    y: [-1.0, -0.969802616578, -0.864664716763, -0.393469340287, -0.000999500166625, 0.002, 0.7, 2.9, 4.0, 25.0],
    dx: [9.35762296884e-14, -0.0603947668446, 0.40600584971, -2.42612263885, 4.99500249917, -6.0, 7.0, -8.0, 9.0, -10.0],
};
#[rustfmt::skip]
const ELU_HALF: Reference = Reference {
    y: [-0.5, -0.484901308289, -0.432332358382, -0.196734670144, -0.000499750083313, 0.002, 0.7, 2.9, 4.0, 25.0],
    dx: [4.67881148442e-14, -0.0301973834223, 0.203002924855, -1.21306131943, 2.49750124958, -6.0, 7.0, -8.0, 9.0, -10.0],
};
#[rustfmt::skip]
const GELU: Reference = Reference {
    y: [-0.0, -0.000814201776624, -0.0455002638964, -0.154268769363, -0.000499601057786, 0.00100159576806, 0.530625443444, 2.89458914143, 3.99987331503, 25.0],
    dx: [-4.42093840464e-195, 0.00564352070725, -0.255695403235, -0.530019501375, 2.49601057853, -3.00957460196, 6.83629870794, -8.12317224574, 9.00453284695, -10.0],
};
#[rustfmt::skip]
const SILU: Reference = Reference {
    y: [-2.80728689065e-12, -0.10259280763, -0.238405844044, -0.188770334399, -0.000499750000021, 0.00100099999967, 0.467731440518, 2.74875466707, 3.92805516015, 24.9999999997],
    dx: [-2.71371066096e-12, 0.140546705655, -0.272352746355, -1.04015525079, 2.49750000042, -3.005999996, 5.76370748431, -8.7296302947, 9.47398153402, -10.0000000033],
};
#[rustfmt::skip]
const SIGMOID: Reference = Reference {
    y: [9.35762296884e-14, 0.0293122307514, 0.119202922022, 0.377540668798, 0.499750000021, 0.500499999833, 0.668187772168, 0.947846436922, 0.982013790038, 0.999999999986],
    dx: [9.35762296884e-14, -0.0569060477595, 0.314980756211, -0.940014848806, 1.2499996875, -1.4999985, 1.55199011305, -0.395468551493, 0.15896435592, -1.38880018594e-10],
};
#[rustfmt::skip]
const TANH: Reference = Reference {
    y: [-1.0, -0.998177897611, -0.964027580076, -0.46211715726, -0.000999999666667, 0.00199999733334, 0.604367777117, 0.993963167351, 0.999329299739, 1.0],
    dx: [0.0, -0.00728176944097, 0.211952474559, -3.14579093186, 4.999995, -5.99997600006, 4.44317712988, -0.0962977756032, 0.0120685561472, -0.0],
};
#[rustfmt::skip]
const SOFTPLUS: Reference = Reference {
    y: [9.35762296884e-14, 0.0297504182726, 0.126928011043, 0.47407698418, 0.69264730556, 0.69414768056, 1.10318604889, 2.95356277622, 4.01814992792, 25.0],
    dx: [9.35762296884e-14, -0.0586244615027, 0.357608766066, -1.51016267519, 2.4987500001, -3.002999999, 4.67731440518, -7.58277149537, 8.83812411034, -9.99999999986],
};
#[rustfmt::skip]
const HARD_SIGMOID: Reference = Reference {
    y: [0.0, 0.0, 0.166666666667, 0.416666666667, 0.499833333333, 0.500333333333, 0.616666666667, 0.983333333333, 1.0, 1.0],
    dx: [0.0, 0.0, 0.5, -0.666666666667, 0.833333333333, -1.0, 1.16666666667, -1.33333333333, 0.0, 0.0],
};
#[rustfmt::skip]
const SOFTMAX: Reference = Reference {
    y: [1.29958142361e-24, 4.19379565386e-13, 1.87952881451e-12, 8.4234637454e-12, 1.38740628478e-11, 1.39157475321e-11, 2.79668845291e-11, 2.52401510413e-10, 7.58256041974e-10, 0.999999998923],
    dx: [1.42953956392e-23, 3.35503651649e-12, 2.44338745591e-11, 5.05407823399e-11, 2.08110942499e-10, 5.56629899096e-11, 4.75437036556e-10, 5.04803016855e-10, 1.44068647856e-08, -1.57292116939e-08],
};
