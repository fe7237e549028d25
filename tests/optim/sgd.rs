//! Gradient descent, against arithmetic by hand.

use crate::{assert_path, path};
use formwork::optim::{Optimizer, Sgd};

#[test]
fn by_hand() {
    // 1 - 0.1 * 2 = 0.8;  0.8 - 0.1 * (-1) = 0.9
    assert_path(&path(Sgd::new(0.1), &[2.0, -1.0]), &[0.8, 0.9]);
    // 1 - 0.1 * (2 + 0.5 * 1) = 0.75;  0.75 - 0.1 * (-1 + 0.5 * 0.75) = 0.8125
    assert_path(&path(Sgd::new(0.1).weight_decay(0.5), &[2.0, -1.0]), &[0.75, 0.8125]);
}

#[test]
fn an_infinite_parameter_stays_so_without_decay() {
    let mut params = [f32::INFINITY, 1.0];
    Sgd::new(0.1).step(&mut params, &[1.0, 1.0]);
    assert_eq!(params, [f32::INFINITY, 0.9]);
}
