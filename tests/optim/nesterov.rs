//! Nesterov's rule, against arithmetic by hand and its other form.

use crate::{assert_near, assert_path, descend, path};
use formwork::optim::Nesterov;

#[test]
fn by_hand() {
    // v = 2,               p = 1 - 0.1 * (2 + 0.5 * 2)    = 0.7
    // v = 0.5 * 2 - 1 = 0, p = 0.7 - 0.1 * (-1 + 0.5 * 0) = 0.8
    // v = 0.5 * 0 + 3 = 3, p = 0.8 - 0.1 * (3 + 0.5 * 3)  = 0.35
    let nesterov = Nesterov::new(0.1).momentum(0.5);
    assert_path(&path(nesterov, &[2.0, -1.0, 3.0]), &[0.7, 0.8, 0.35]);
}

/// The rate inside of the velocity, as the documentation says.
#[test]
fn the_other_form() {
    let (lr, mu, steps) = (0.1, 0.9, 30);
    let expected = [(-7.0, 0.1), (2.0, 2.0)].map(|(mut p, slope): (f64, f64)| {
        let mut u = 0.0;
        for _ in 0..steps {
            let g = slope * p;
            p += mu * mu * u - (1.0 + mu) * lr * g;
            u = mu * u - lr * g;
        }
        p
    });
    assert_near(descend::<f64>(&mut Nesterov::new(lr), steps), expected, 1e-12);
}
