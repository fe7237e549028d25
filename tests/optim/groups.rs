//! Parameters that are not all treated alike, against PyTorch's groups (`tests/reference/optim.py`,
//! torch 2.15).

use crate::{bits, noise, panic_of};
use formwork::optim::{Adam, AdamW, Momentum, Optimizer, RowOptimizer, Rows, Sgd};
use formwork::prelude::*;

network! {
    /// A matrix of three numbers and one that is none.
    struct Line: Vector<3> => Vector<1> { fc: Dense<1> }
}

network! {
    struct Net: Vector<4> => Vector<2> {
        fc1: Dense<6>, BatchNorm, Relu, inner: Line2, head: Dense<2>,
    }
}

network! { struct Line2: Vector<6> => Vector<5> { fc: Dense<5> } }

fn vectors(_: &str, dims: &[usize]) -> bool {
    dims.len() == 1
}

#[test]
fn as_in_pytorch() {
    let groups = || Model::<Line, f64>::groups().without_decay(vectors).rate(0.5, vectors);
    let optimizers: [(Box<dyn Optimizer<f64>>, [f64; 4]); 4] = [
        (
            Box::new(Sgd::new(0.3).weight_decay(0.1).groups(groups())),
            [-0.05727903233243, 0.01636543780926572, 0.024548156713898577, 0.5689670285446884],
        ),
        (
            Box::new(Momentum::new(0.1).momentum(0.8).weight_decay(0.1).groups(groups())),
            [1.4028951280158124, -0.40082717943308926, -0.6012407691496341, -0.5916488585052493],
        ),
        (
            Box::new(Adam::new(0.3).weight_decay(0.1).groups(groups())),
            [-3.5043861769266127, -0.6713202601994184, -0.17681367824246935, 2.2433696011676934],
        ),
        (
            Box::new(AdamW::new(0.3).weight_decay(0.1).groups(groups())),
            [-1.9834059980045629, -0.6294387665197642, -0.4256869460914372, 2.2433696011676934],
        ),
    ];
    for (mut optimizer, expected) in optimizers {
        let mut params = [-7.0, 2.0, 3.0, 4.0];
        for _ in 0..12 {
            let gradient = params;
            optimizer.step(&mut params, &gradient);
        }
        let near = params.iter().zip(expected).all(|(p, e)| (p - e).abs() < 1e-12);
        assert!(near, "{}: {params:?}, expected {expected:?}", optimizer.kind());
    }
}

/// A group is an optimiser of its own on its part of the slices, bit for bit.
#[test]
fn a_group_is_a_part() {
    let names = |name: &str, _: &[usize]| name == "inner.fc.weight" || name == "inner.fc.bias";
    let groups = Model::<Net>::groups().rate(0.25, names).decay(0.5, names);
    assert_eq!(groups.parameters(), Net::PARAMETERS);
    let start = 4 * 6 + 6 + 6 + 6;
    let part = start..start + 6 * 5 + 5;
    let mut grouped = AdamW::new(0.1).weight_decay(0.2).groups(groups);
    let (mut inner, mut others) =
        (AdamW::new(0.025).weight_decay(0.1), AdamW::new(0.1).weight_decay(0.2));
    let mut params = noise(Net::PARAMETERS, 1);
    let mut expected = params.clone();
    for step in 0..4 {
        let gradient = noise(Net::PARAMETERS, 10 + step);
        grouped.step_scaled(&mut params, &gradient, 0.7);
        let mut of_part = expected[part.clone()].to_vec();
        inner.step_scaled(&mut of_part, &gradient[part.clone()], 0.7);
        others.step_scaled(&mut expected, &gradient, 0.7);
        expected[part.clone()].copy_from_slice(&of_part);
    }
    assert_eq!(bits(&params), bits(&expected));
    assert_eq!(grouped.state().steps(), 4);
}

/// One group of all parameters is none.
#[test]
fn alike_is_as_without_groups() {
    let alike = Model::<Net>::groups();
    assert_eq!(alike.to_string(), "none");
    let mut grouped = Adam::new(0.1).weight_decay(0.1).groups(alike);
    let mut plain = Adam::new(0.1).weight_decay(0.1);
    let mut params = [noise(Net::PARAMETERS, 1), noise(Net::PARAMETERS, 1)];
    for step in 0..3 {
        let gradient = noise(Net::PARAMETERS, 5 + step);
        grouped.step(&mut params[0], &gradient);
        plain.step(&mut params[1], &gradient);
    }
    assert_eq!(bits(&params[0]), bits(&params[1]));
}

#[test]
fn without_a_rate_nothing_moves() {
    let mut adamw = AdamW::new(0.1).groups(Model::<Net>::groups().rate(0.0, |_, _| true));
    let mut params = noise(Net::PARAMETERS, 1);
    adamw.step(&mut params, &noise(Net::PARAMETERS, 9));
    assert_eq!(bits(&params), bits(&noise(Net::PARAMETERS, 1)));
}

#[test]
fn they_say_who_is_treated_otherwise() {
    let groups = Model::<Line>::groups().without_decay(vectors).rate(2.0, |_, _| true);
    assert_eq!(groups.to_string(), "fc.weight: rate x 2; fc.bias: rate x 2, weight decay x 0");
}

#[test]
fn other_parameters_panic() {
    let mut adam = Adam::new(0.1).groups(Model::<Line>::groups());
    let message = panic_of(|| adam.step(&mut [0.0; 5], &[0.0; 5]));
    let expected = "groups of 4 parameters for a step of 5: they are of another network";
    assert_eq!(message, expected);
    assert!(panic_of(|| Model::<Line>::groups().rate(-1.0, vectors)).contains("found -1"));
    let rows = std::panic::catch_unwind(|| {
        let mut sgd = Sgd::new(0.1).groups(Model::<Line>::groups());
        sgd.step_rows(&mut [0.0; 4], &[0.0; 4], &Rows::new(2));
    });
    assert!(rows.is_err(), "rows are of one matrix");
}
