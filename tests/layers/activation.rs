//! Functions of each element.

use crate::{assert_near, cases, pass, passes};
use formwork::gradcheck::GradCheck;
use formwork::layer::Layer;
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
        let (y, dx) = pass::<L, Ten, f64>(&X, &DY, 0);
        assert_near(&format!("{name} y"), &y, &reference.y, 1e-11);
        assert_near(&format!("{name} dx"), &dx, &reference.dx, 1e-11);
        let [x, dy] = [X, DY].map(|values| values.map(|v| v as f32));
        let (y, dx) = pass::<L, Ten, f32>(&x, &dy, 0);
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
    let (y, _) = pass::<Elu, Vector<U1>, f32>(&[-1e-6], &[1.0], 0);
    assert!((y[0] / -1e-6 - 1.0).abs() < 1e-5, "{}", y[0]);
    // e^-12 / (1 + e^-12)
    let (_, dx) = pass::<Softplus, Vector<U1>, f32>(&[-12.0], &[1.0], 0);
    assert!((dx[0] / 6.144_137e-6 - 1.0).abs() < 1e-5, "{}", dx[0]);
}

#[test]
fn what_is_not_a_number_stays_so() {
    fn holds<L: Layer<Vector<U1>>>(name: &str) {
        let (y, _) = pass::<L, Vector<U1>, f32>(&[f32::NAN], &[1.0], 0);
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

impl formwork::arguments::Value<f64> for Negative {
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

const RELU: Reference = Reference {
    y: [
        0.000000000000e+00,
        0.000000000000e+00,
        0.000000000000e+00,
        0.000000000000e+00,
        0.000000000000e+00,
        2.000000000000e-03,
        7.000000000000e-01,
        2.900000000000e+00,
        4.000000000000e+00,
        2.500000000000e+01,
    ],
    dx: [
        0.000000000000e+00,
        0.000000000000e+00,
        0.000000000000e+00,
        0.000000000000e+00,
        0.000000000000e+00,
        -6.000000000000e+00,
        7.000000000000e+00,
        -8.000000000000e+00,
        9.000000000000e+00,
        -1.000000000000e+01,
    ],
};
const LEAKY_RELU: Reference = Reference {
    y: [
        -3.000000000000e-01,
        -3.500000000000e-02,
        -2.000000000000e-02,
        -5.000000000000e-03,
        -1.000000000000e-05,
        2.000000000000e-03,
        7.000000000000e-01,
        2.900000000000e+00,
        4.000000000000e+00,
        2.500000000000e+01,
    ],
    dx: [
        1.000000000000e-02,
        -2.000000000000e-02,
        3.000000000000e-02,
        -4.000000000000e-02,
        5.000000000000e-02,
        -6.000000000000e+00,
        7.000000000000e+00,
        -8.000000000000e+00,
        9.000000000000e+00,
        -1.000000000000e+01,
    ],
};
const LEAKY_RELU_STEEP: Reference = Reference {
    y: [
        -9.000000000000e+00,
        -1.050000000000e+00,
        -6.000000000000e-01,
        -1.500000000000e-01,
        -3.000000000000e-04,
        2.000000000000e-03,
        7.000000000000e-01,
        2.900000000000e+00,
        4.000000000000e+00,
        2.500000000000e+01,
    ],
    dx: [
        3.000000000000e-01,
        -6.000000000000e-01,
        9.000000000000e-01,
        -1.200000000000e+00,
        1.500000000000e+00,
        -6.000000000000e+00,
        7.000000000000e+00,
        -8.000000000000e+00,
        9.000000000000e+00,
        -1.000000000000e+01,
    ],
};
const ELU: Reference = Reference {
    y: [
        -9.999999999999e-01,
        -9.698026165777e-01,
        -8.646647167634e-01,
        -3.934693402874e-01,
        -9.995001666250e-04,
        2.000000000000e-03,
        7.000000000000e-01,
        2.900000000000e+00,
        4.000000000000e+00,
        2.500000000000e+01,
    ],
    dx: [
        9.357622968840e-14,
        -6.039476684464e-02,
        4.060058497098e-01,
        -2.426122638851e+00,
        4.995002499167e+00,
        -6.000000000000e+00,
        7.000000000000e+00,
        -8.000000000000e+00,
        9.000000000000e+00,
        -1.000000000000e+01,
    ],
};
const ELU_HALF: Reference = Reference {
    y: [
        -5.000000000000e-01,
        -4.849013082888e-01,
        -4.323323583817e-01,
        -1.967346701437e-01,
        -4.997500833125e-04,
        2.000000000000e-03,
        7.000000000000e-01,
        2.900000000000e+00,
        4.000000000000e+00,
        2.500000000000e+01,
    ],
    dx: [
        4.678811484420e-14,
        -3.019738342232e-02,
        2.030029248549e-01,
        -1.213061319425e+00,
        2.497501249583e+00,
        -6.000000000000e+00,
        7.000000000000e+00,
        -8.000000000000e+00,
        9.000000000000e+00,
        -1.000000000000e+01,
    ],
};
const GELU: Reference = Reference {
    y: [
        -0.000000000000e+00,
        -8.142017766244e-04,
        -4.550026389636e-02,
        -1.542687693630e-01,
        -4.996010577861e-04,
        1.001595768058e-03,
        5.306254434438e-01,
        2.894589141429e+00,
        3.999873315033e+00,
        2.500000000000e+01,
    ],
    dx: [
        -4.420938404636e-195,
        5.643520707249e-03,
        -2.556954032346e-01,
        -5.300195013753e-01,
        2.496010578526e+00,
        -3.009574601963e+00,
        6.836298707936e+00,
        -8.123172245736e+00,
        9.004532846951e+00,
        -1.000000000000e+01,
    ],
};
const SILU: Reference = Reference {
    y: [
        -2.807286890652e-12,
        -1.025928076297e-01,
        -2.384058440442e-01,
        -1.887703343991e-01,
        -4.997500000208e-04,
        1.000999999667e-03,
        4.677314405177e-01,
        2.748754667073e+00,
        3.928055160152e+00,
        2.499999999965e+01,
    ],
    dx: [
        -2.713710660963e-12,
        1.405467056554e-01,
        -2.723527463547e-01,
        -1.040155250789e+00,
        2.497500000417e+00,
        -3.005999996000e+00,
        5.763707484313e+00,
        -8.729630294703e+00,
        9.473981534020e+00,
        -1.000000000333e+01,
    ],
};
const SIGMOID: Reference = Reference {
    y: [
        9.357622968839e-14,
        2.931223075136e-02,
        1.192029220221e-01,
        3.775406687981e-01,
        4.997500000208e-01,
        5.004999998333e-01,
        6.681877721682e-01,
        9.478464369216e-01,
        9.820137900379e-01,
        9.999999999861e-01,
    ],
    dx: [
        9.357622968838e-14,
        -5.690604775947e-02,
        3.149807562105e-01,
        -9.400148488064e-01,
        1.249999687500e+00,
        -1.499998500001e+00,
        1.551990113052e+00,
        -3.954685514931e-01,
        1.589643559196e-01,
        -1.388800185945e-10,
    ],
};
const TANH: Reference = Reference {
    y: [
        -1.000000000000e+00,
        -9.981778976112e-01,
        -9.640275800758e-01,
        -4.621171572600e-01,
        -9.999996666668e-04,
        1.999997333338e-03,
        6.043677771172e-01,
        9.939631673506e-01,
        9.993292997391e-01,
        1.000000000000e+00,
    ],
    dx: [
        0.000000000000e+00,
        -7.281769440975e-03,
        2.119524745595e-01,
        -3.145790931864e+00,
        4.999995000003e+00,
        -5.999976000064e+00,
        4.443177129877e+00,
        -9.629777560317e-02,
        1.206855614723e-02,
        -0.000000000000e+00,
    ],
};
const SOFTPLUS: Reference = Reference {
    y: [
        9.357622968840e-14,
        2.975041827262e-02,
        1.269280110430e-01,
        4.740769841801e-01,
        6.926473055599e-01,
        6.941476805599e-01,
        1.103186048885e+00,
        2.953562776218e+00,
        4.018149927918e+00,
        2.500000000001e+01,
    ],
    dx: [
        9.357622968839e-14,
        -5.862446150271e-02,
        3.576087660664e-01,
        -1.510162675193e+00,
        2.498750000104e+00,
        -3.002999999000e+00,
        4.677314405177e+00,
        -7.582771495373e+00,
        8.838124110341e+00,
        -9.999999999861e+00,
    ],
};
const HARD_SIGMOID: Reference = Reference {
    y: [
        0.000000000000e+00,
        0.000000000000e+00,
        1.666666666667e-01,
        4.166666666667e-01,
        4.998333333333e-01,
        5.003333333333e-01,
        6.166666666667e-01,
        9.833333333333e-01,
        1.000000000000e+00,
        1.000000000000e+00,
    ],
    dx: [
        0.000000000000e+00,
        0.000000000000e+00,
        5.000000149012e-01,
        -6.666666865349e-01,
        8.333333581686e-01,
        -1.000000029802e+00,
        1.166666701436e+00,
        -1.333333373070e+00,
        0.000000000000e+00,
        0.000000000000e+00,
    ],
};
const SOFTMAX: Reference = Reference {
    y: [
        1.299581423608e-24,
        4.193795653862e-13,
        1.879528814515e-12,
        8.423463745395e-12,
        1.387406284781e-11,
        1.391574753212e-11,
        2.796688452915e-11,
        2.524015104126e-10,
        7.582560419744e-10,
        9.999999989229e-01,
    ],
    dx: [
        1.429539563924e-23,
        3.355036516493e-12,
        2.443387455913e-11,
        5.054078233988e-11,
        2.081109424990e-10,
        5.566298990959e-11,
        4.754370365556e-10,
        5.048030168552e-10,
        1.440686478559e-08,
        -1.572921169395e-08,
    ],
};
