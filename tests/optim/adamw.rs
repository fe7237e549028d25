//! Adam with decoupled weight decay, against arithmetic by hand.

use crate::{assert_path, path};
use formwork::optim::AdamW;

#[test]
fn by_hand() {
    // As Adam, but each time p is first multiplied by 1 - 0.1 * 2 = 0.8:
    //   p = 0.8 - 0.08 = 0.72;  p = 0.8 * 0.72 - 0.2 / (sqrt(52 / 7) + 1)
    let expected = [0.72, 0.576 - 0.2 / ((52.0_f64 / 7.0).sqrt() + 1.0)];
    let adamw = AdamW::new(0.1).betas(0.5, 0.75).epsilon(1.0).weight_decay(2.0);
    assert_path(&path(adamw, &[4.0, 1.0]), &expected);
}
