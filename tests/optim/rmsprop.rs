//! RMSProp, against arithmetic by hand.

use crate::{assert_path, path};
use formwork::optim::RmsProp;

#[test]
fn by_hand() {
    // v = 0.25 * 16 = 4,                    p = 1 - 0.1 * 4 / (2 + 1)
    // v = 0.75 * 4 + 0.25 * 24 = 9 (g^2 = 24), p = that - 0.1 * sqrt(24) / (3 + 1)
    let first = 1.0 - 0.4 / 3.0;
    let expected = [first, first - 0.1 * 24_f64.sqrt() / 4.0];
    let rmsprop = RmsProp::new(0.1).alpha(0.75).epsilon(1.0);
    assert_path(&path(rmsprop, &[4.0, 24_f64.sqrt()]), &expected);
}
