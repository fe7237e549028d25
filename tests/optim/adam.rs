//! Adam, against arithmetic by hand and its other form.

use crate::{assert_path, path};
use formwork::optim::{Adam, Optimizer};

#[test]
fn by_hand() {
    // m = 0.5 * 4 = 2,           corrected by 1 - 0.5   = 0.5:    4
    // v = 0.25 * 16 = 4,         corrected by 1 - 0.75  = 0.25:   16
    //   p = 1 - 0.1 * 4 / (4 + 1) = 0.92
    // m = 0.5 * 2 + 0.5 * 1 = 1.5,    corrected by 1 - 0.25   = 0.75:   2
    // v = 0.75 * 4 + 0.25 * 1 = 3.25, corrected by 1 - 0.5625 = 0.4375: 52 / 7
    //   p = 0.92 - 0.1 * 2 / (sqrt(52 / 7) + 1)
    let expected = [0.92, 0.92 - 0.2 / ((52.0_f64 / 7.0).sqrt() + 1.0)];
    let adam = Adam::new(0.1).betas(0.5, 0.75).epsilon(1.0);
    assert_path(&path(adam, &[4.0, 1.0]), &expected);

    // With weight decay the gradient is 3 + 1 * 1 = 4 at first, as above, and then 0.08 + 0.92 = 1.
    let adam = Adam::new(0.1).betas(0.5, 0.75).epsilon(1.0).weight_decay(1.0);
    assert_path(&path(adam, &[3.0, 0.08]), &expected);
}

/// Both corrections in the rate, at an epsilon that is felt.
#[test]
fn the_other_form() {
    // At t = 1, with g = 0.3, m = 0.03 and v = 0.00009, it gives
    // 0.3 sqrt(0.001) / 0.1 * 0.03 / (sqrt(0.00009) + 0.01).
    let epsilon = 0.01;
    let folded = 0.3 * 0.001_f64.sqrt() / 0.1 * 0.03 / (0.00009_f64.sqrt() + epsilon);
    let adam = Adam::new(0.3).epsilon(epsilon / 0.001_f64.sqrt());
    assert_path(&path(adam, &[0.3]), &[1.0 - folded]);
}

/// The square of such a gradient is beyond all numbers of single precision.
#[test]
fn steps_go_on_after_a_gradient_whose_square_overflows() {
    let mut params = [1.0_f32];
    let mut adam = Adam::new(0.1);
    adam.step(&mut params, &[1e20]);
    let first = params[0];
    assert!(first < 1.0 && first > 0.0, "{first}");
    for _ in 0..10_000 {
        adam.step(&mut params, &[1.0]);
    }
    assert!(params[0].is_finite() && params[0] < first, "{}", params[0]);
}
