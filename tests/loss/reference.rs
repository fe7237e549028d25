//! Against PyTorch: the values that `tests/reference/loss.py` prints.

use crate::{view, view_mut};
use formwork::data::{Batch, Classes, IGNORED, Values};
use formwork::loss::{
    Huber, Loss, MeanAbsoluteError, MeanSquaredError, MultiResolutionStft, SigmoidCrossEntropy,
    SoftTargetCrossEntropy, SoftmaxCrossEntropy,
};
use nalgebra::Const;

const LOGITS: [[f64; 3]; 4] =
    [[0.5, -1.0, 2.0], [3.0, 3.5, -0.25], [-2.0, 0.0, 1.0], [1.5, 1.5, 1.5]];
const CLASSES: [u32; 4] = [2, 0, 1, 1];
const IGNORING: [u32; 4] = [2, IGNORED, 1, IGNORED];
const SOFT: [[f64; 3]; 4] = [[0.2, 0.3, 0.5], [1.0, 0.0, 0.0], [0.25, 0.25, 0.5], [0.1, 0.8, 0.1]];
const VALUES: [[f64; 3]; 4] =
    [[0.75, -3.0, 2.0], [3.0, 1.0, 0.0], [-2.5, 4.0, 1.125], [1.0, 2.0, 9.0]];
const YES: [[f64; 3]; 4] = [[1.0, 0.0, 1.0], [0.0, 1.0, 0.0], [0.25, 1.0, 0.5], [1.0, 0.0, 0.0]];

fn ids(targets: [u32; 4]) -> Batch<Classes<3>, f64> {
    Batch::from_vec(targets.to_vec()).unwrap()
}

fn values(targets: [[f64; 3]; 4]) -> Batch<Values<3>, f64> {
    Batch::from_rows(targets).unwrap()
}

#[track_caller]
fn assert_is<L: Loss<Const<3>>>(
    loss: L,
    targets: Batch<L::Target, f64>,
    expected: f64,
    expected_gradient: [[f64; 3]; 4],
) {
    let mut gradient = [[f64::NAN; 3]; 4];
    let logits = view(LOGITS.as_flattened());
    let dlogits = view_mut(gradient.as_flattened_mut());
    let value = loss.evaluate(logits, &targets, Some(dlogits));
    assert!((value - expected).abs() < 1e-14, "{value}, expected {expected}");
    assert_eq!(value, loss.evaluate(logits, &targets, None), "with a gradient and without");
    let pairs = gradient.as_flattened().iter().zip(expected_gradient.as_flattened());
    assert!(
        pairs.map(|(g, e)| (g - e).abs()).all(|off| off < 1e-15),
        "{gradient:?}, expected {expected_gradient:?}"
    );
}

#[test]
fn softmax() {
    assert_is(
        SoftmaxCrossEntropy::new(),
        ids(CLASSES),
        0.919386378284766,
        [
            [0.0438225980350092, 0.00977814331767186, -0.053600741352681],
            [-0.156976587682829, 0.153369678560427, 0.00360690912240194],
            [0.00877975673983493, -0.185125884914395, 0.17634612817456],
            [0.0833333333333333, -0.166666666666667, 0.0833333333333333],
        ],
    );
}

#[test]
fn softmax_with_label_smoothing() {
    assert_is(
        SoftmaxCrossEntropy::new().label_smoothing(0.1),
        ids(CLASSES),
        0.988136378284766,
        [
            [0.0354892647016758, 0.00144480998433853, -0.0369340746860144],
            [-0.140309921016163, 0.145036345227094, -0.00472642421093139],
            [0.000446423406501596, -0.168459218247729, 0.168012794841227],
            [0.075, -0.15, 0.075],
        ],
    );
}

#[test]
fn softmax_with_ignored_targets() {
    assert_is(
        SoftmaxCrossEntropy::new(),
        ids(IGNORING),
        0.795161756712672,
        [
            [0.0876451960700183, 0.0195562866353437, -0.107201482705362],
            [0.0, 0.0, 0.0],
            [0.0175595134796699, -0.37025176982879, 0.352692256349121],
            [0.0, 0.0, 0.0],
        ],
    );
}

#[test]
fn softmax_with_both() {
    assert_is(
        SoftmaxCrossEntropy::new().label_smoothing(0.1),
        ids(IGNORING),
        0.886828423379339,
        [
            [0.0709785294033517, 0.00288961996867706, -0.0738681493720287],
            [0.0, 0.0, 0.0],
            [0.000892846813003192, -0.336918436495457, 0.336025589682454],
            [0.0, 0.0, 0.0],
        ],
    );
}

#[test]
fn soft_targets() {
    assert_is(
        SoftTargetCrossEntropy,
        values(SOFT),
        1.21938637828477,
        [
            [-0.00617740196499083, -0.0652218566823281, 0.071399258647319],
            [-0.156976587682829, 0.153369678560427, 0.00360690912240194],
            [-0.0537202432601651, 0.00237411508560477, 0.0513461281745603],
            [0.0583333333333333, -0.116666666666667, 0.0583333333333333],
        ],
    );
}

const WEIGHTS: [f64; 3] = [0.5, 2.0, 1.25];

#[test]
fn softmax_with_class_weights() {
    assert_is(
        SoftmaxCrossEntropy::new().class_weights(WEIGHTS),
        ids(CLASSES),
        0.9897726934290165,
        [
            [0.0381066069869645, 0.008502733319714663, -0.04660934030667915],
            [-0.05460055223750589, 0.05334597515145303, 0.0012545770860528489],
            [0.012215313724987726, -0.25756644857654987, 0.24535113485156212],
            [0.11594202898550723, -0.2318840579710145, 0.11594202898550723],
        ],
    );
}

#[test]
fn softmax_with_all_settings() {
    assert_is(
        SoftmaxCrossEntropy::new().label_smoothing(0.1).class_weights(WEIGHTS),
        ids(IGNORING),
        0.9585090168513453,
        [
            [0.06229117646411668, -0.005469523101017647, -0.05682165336309901],
            [0.0; 3],
            [0.01567306468617301, -0.4206572247715416, 0.40498416008536847],
            [0.0; 3],
        ],
    );
}

#[test]
fn sigmoid_with_positive_weights() {
    assert_is(
        SigmoidCrossEntropy.positive_weights(WEIGHTS),
        values(YES),
        0.8746913971339326,
        [
            [-0.015730861199922726, 0.02241178511416626, -0.012416971043970585],
            [0.07938117723520279, -0.004885371791892727, 0.03648529159285016],
            [-0.0017247869358872625, -0.08333333333333333, 0.01645340841322963],
            [-0.0076010634919315145, 0.0681312063494703, 0.0681312063494703],
        ],
    );
}

#[test]
fn mean_squared_error() {
    assert_is(
        MeanSquaredError,
        values(VALUES),
        6.94921875,
        [
            [-0.0416666666666667, 0.333333333333333, 0.0],
            [0.0, 0.416666666666667, -0.0416666666666667],
            [0.0833333333333333, -0.666666666666667, -0.0208333333333333],
            [0.0833333333333333, -0.0833333333333333, -1.25],
        ],
    );
}

#[test]
fn mean_absolute_error() {
    assert_is(
        MeanAbsoluteError,
        values(VALUES),
        1.51041666666667,
        [
            [-0.0833333333333333, 0.0833333333333333, 0.0],
            [0.0, 0.0833333333333333, -0.0833333333333333],
            [0.0833333333333333, -0.0833333333333333, -0.0833333333333333],
            [0.0833333333333333, -0.0833333333333333, -0.0833333333333333],
        ],
    );
}

#[test]
fn huber() {
    assert_is(
        Huber::new(1.5),
        values(VALUES),
        1.662109375,
        [
            [-0.0208333333333333, 0.125, 0.0],
            [0.0, 0.125, -0.0208333333333333],
            [0.0416666666666667, -0.125, -0.0104166666666667],
            [0.0416666666666667, -0.0416666666666667, -0.125],
        ],
    );
}

#[test]
fn sigmoid() {
    assert_is(
        SigmoidCrossEntropy,
        values(YES),
        0.858843382127992,
        [
            [-0.0314617223998455, 0.0224117851141663, -0.00993357683517647],
            [0.0793811772352028, -0.00244268589594636, 0.0364852915928502],
            [-0.0108997564981569, -0.0416666666666667, 0.0192548815525004],
            [-0.015202126983863, 0.0681312063494703, 0.0681312063494703],
        ],
    );
}

/// Of two lanes, with a warm-up.
#[test]
fn spectra() {
    let wave = |f: &dyn Fn(f64) -> f64| (0..240).map(|i| f(f64::from(i))).collect::<Vec<f64>>();
    let x = wave(&|i| (0.9 * i + 0.01 * i * i).sin());
    let targets = Batch::from_vec(wave(&|i| (1.7 * i + 0.02 * i * i).cos())).unwrap();
    let resolutions = [(32, 3, 20), (16, 5, 16), (8, 2, 7)];
    let loss = MultiResolutionStft::new(2).after(4).resolutions(&resolutions);
    let mut gradient = vec![f64::NAN; 240];
    let value = loss.evaluate(view::<3, _>(&x), &targets, Some(view_mut(&mut gradient)));
    assert!((value - 1.5884525408724646).abs() < 1e-12, "{value}");
    let told = gradient.iter().zip(0..).map(|(v, i)| v * (0.3 * f64::from(i) + 0.5).sin());
    let told: f64 = told.sum();
    assert!((told + 0.09415802483289454).abs() < 1e-12, "{told}");
}
