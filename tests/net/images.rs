//! Networks that give images: their outputs, targets and gradients are in the order channels,
//! height, width, whatever the order inside.

use formwork::data::{Batch, Dataset, Grid, Values};
use formwork::loss::MeanSquaredError;
use formwork::prelude::*;
use formwork::train::Evaluator;
use rand::{RngExt, SeedableRng};

network! {
    struct Mixed: Image<2, 1, 2> => Image<2, 2, 4> { conv: Conv2d<2, 1>, Upsample<2> }
}

#[test]
fn targets_of_an_image_are_channels_of_rows() {
    let mut model = Model::<Mixed, f64>::zeroed();
    model.parameters_mut().copy_from_slice(&[1.0, 2.0, 3.0, 4.0, 0.0, 0.0]);
    let x = Batch::<Grid<2, 1, 2>, f64>::from_vec(vec![1.0, 0.0, 2.0, -1.0]).unwrap();
    let t = Batch::<Values<16>, f64>::from_vec([[0.0; 8], [3.0; 8]].concat()).unwrap();
    let mut workspace = Workspace::<Mixed, f64>::new(1, 1);

    // The pixel (1, 2) becomes (1 + 2 * 2, 3 + 4 * 2) = (5, 11), and (0, -1) becomes (-2, -4); each
    // of them four times.
    let mut step = workspace.forward(&mut model, &x);
    let channels = [[5.0, 5.0, -2.0, -2.0], [11.0, 11.0, -4.0, -4.0]];
    let expected = [channels[0], channels[0], channels[1], channels[1]].concat();
    assert_eq!(step.outputs().as_slice(), expected);
    // 4 (5^2 + 2^2 + (11 - 3)^2 + (-4 - 3)^2) / 16
    assert!((step.loss(&MeanSquaredError, &t) - 142.0 / 4.0).abs() < 1e-12);
    // By the two pixels, (5, 8) / 2 and (-2, -7) / 2, four times 2 / 16 of their errors; by the
    // weight, (2.5, 4) (1, 2)^T + (-1, -3.5) (0, -1)^T; by the bias, their sum.
    let gradient = step.backward();
    assert_eq!(gradient, [2.5, 6.0, 4.0, 11.5, 1.5, 0.5]);
}

network! {
    struct AutoEncoder: Image<2, 4, 6> => Image<2, 4, 6> {
        conv: Conv2d<3, 3, pad = 1>,
        Tanh,
        MaxPool<2>,
        up: ConvTranspose2d<2, 2, stride = 2>,
    }
}

#[test]
fn an_auto_encoder_learns_its_images() {
    let mut rng = Generator::seed_from_u64(1);
    let mut model = Model::<AutoEncoder, f64>::new(&mut rng);
    let numbers: Vec<f64> = (0..3 * 48).map(|_| rng.random_range(-1.0..1.0)).collect();
    let x = Batch::<Grid<2, 4, 6>, f64>::from_vec(numbers.clone()).unwrap();
    let t = Batch::<Values<48>, f64>::from_vec(numbers.clone()).unwrap();
    let mut workspace = Workspace::<AutoEncoder, f64>::new(3, 1);

    let mut step = workspace.forward(&mut model, &x);
    let y = step.outputs();
    let expected = y.iter().zip(&numbers).map(|(y, t)| (y - t).powi(2)).sum::<f64>() / 144.0;
    let loss = step.loss(&MeanSquaredError, &t);
    let gradient = step.backward().to_vec();
    assert!((loss - expected).abs() < 1e-12, "expected {expected}, found {loss}");
    let data = Dataset::<Grid<2, 4, 6>, Values<48>, f64>::from_vecs(numbers.clone(), numbers);
    let evaluation = Evaluator::new(3).run(&model, &MeanSquaredError, &data.unwrap());
    assert!((evaluation.loss - expected).abs() < 1e-12);

    for (i, analytic) in gradient.into_iter().enumerate() {
        let mut at = |offset: f64| {
            model.parameters_mut()[i] += offset;
            let loss = workspace.forward(&mut model, &x).loss(&MeanSquaredError, &t);
            model.parameters_mut()[i] -= offset;
            loss
        };
        let numerical = (at(1e-5) - at(-1e-5)) / 2e-5;
        assert!((analytic - numerical).abs() < 1e-8, "{i}: {analytic} but {numerical}");
    }
}
