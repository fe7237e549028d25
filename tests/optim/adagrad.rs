//! AdaGrad, against arithmetic by hand.

use crate::{assert_path, path};
use formwork::optim::AdaGrad;

#[test]
fn by_hand() {
    // h = 9,             p = 1 - 0.1 * 3 / (3 + 1)     = 0.925
    // h = 9 + 16 = 25,   p = 0.925 - 0.1 * 4 / (5 + 1) = 0.925 - 0.4 / 6
    // h = 25 + 144 = 169, p = that + 0.1 * 12 / (13 + 1)
    let second = 0.925 - 0.4 / 6.0;
    let expected = [0.925, second, second + 1.2 / 14.0];
    assert_path(&path(AdaGrad::new(0.1).epsilon(1.0), &[3.0, 4.0, -12.0]), &expected);
}
